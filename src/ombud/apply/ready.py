"""May Ombud work on this map at all? Refuses where map and live schema disagree."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from ombud.errors import BindingRefused, ConnectorFailed, Finding
from ombud.plan.reach import Connector
from ombud.policy.model import Policy
from ombud.systems import bind
from ombud.systems.live import LiveSchema
from ombud.systems.model import Systems

_MEND = "mend what is said above; `ombud bind` says all of it"


class Workspace(Protocol):
    """What is needed of an opened workspace."""

    @property
    def policy(self) -> Policy:
        """What was promised."""

    @property
    def systems(self) -> Systems:
        """Where the data lies."""

    @property
    def connectors(self) -> Mapping[str, Connector]:
        """The ways in."""


def read_live(
    connectors: Mapping[str, Connector],
) -> tuple[dict[str, LiveSchema], dict[str, ConnectorFailed]]:
    """Return the live schemas of the systems that answer, and why the others do not."""
    live: dict[str, LiveSchema] = {}
    failed: dict[str, ConnectorFailed] = {}
    for system_id, connector in connectors.items():
        try:
            live[system_id] = connector.live()
        except ConnectorFailed as error:
            failed[system_id] = error
    return live, failed


def binding_errors(
    ombud: Workspace, live: Mapping[str, LiveSchema], *, allow_superuser: bool
) -> tuple[Finding, ...]:
    """Return the findings that keep Ombud from working on the systems that answered."""
    found = bind(ombud.policy, ombud.systems, live, allow_superuser=allow_superuser)
    return tuple(f for f in found if f.severity == "error")


def unfit(
    ombud: Workspace, asked: Collection[str], *, allow_superuser: bool = False
) -> dict[str, BindingRefused]:
    """Return the systems that Ombud may not work on, each with why; the others go on without them.

    Args:
        asked: Ids of the systems that are worked on; no other is asked.

    Raises:
        BindingRefused: What is wrong is of no system by itself, or none that answers is left;
            nothing was changed.
    """
    live, _ = read_live({s: c for s, c in ombud.connectors.items() if s in asked})
    errors = binding_errors(ombud, live, allow_superuser=allow_superuser)
    own = {s: _of(ombud, s, live, allow_superuser) for s in ombud.connectors} if errors else {}
    found = {s: tuple(e for e in errors if e in own[s]) for s in own}
    refused = {
        s: BindingRefused(
            f"system `{s}` was left out: the map and the live schema disagree",
            findings=findings,
            help=_MEND,
        )
        for s, findings in found.items()
        if findings and s in asked
    }
    of_none = {*errors} - {e for findings in found.values() for e in findings}
    if of_none or (refused and refused.keys() >= live.keys()):
        raise _disagree(errors)
    return refused


def _of(
    ombud: Workspace, system: str, live: Mapping[str, LiveSchema], allow_superuser: bool
) -> set[Finding]:
    """Return what is wrong of one system, whatever the others are."""
    known = ombud.systems
    alone = Systems(known.file, {system: known.systems[system]}, known.source_digest)
    schema = {s: each for s, each in live.items() if s == system}
    return {*bind(ombud.policy, alone, schema, allow_superuser=allow_superuser)}


def _disagree(errors: tuple[Finding, ...]) -> BindingRefused:
    says = "the map and the live schema disagree"
    return BindingRefused(says, findings=errors, help=_MEND)


def refuse_unbound(ombud: Workspace, *, allow_superuser: bool = False) -> None:
    """Refuse to go on where the map of a system that answers has binding errors.

    Raises:
        BindingRefused: It has; nothing was changed.
    """
    live, _ = read_live(ombud.connectors)
    errors = binding_errors(ombud, live, allow_superuser=allow_superuser)
    if errors:
        raise _disagree(errors)
