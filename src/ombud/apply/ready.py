"""May Ombud work on this map at all? Refuses where map and live schema disagree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from ombud.errors import BindingRefused, ConnectorFailed, Finding
from ombud.plan.reach import Connector
from ombud.policy.model import Policy
from ombud.systems import bind
from ombud.systems.live import LiveSchema
from ombud.systems.model import Systems


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
    connectors: Mapping[str, Connector], only: str | None = None
) -> tuple[dict[str, LiveSchema], dict[str, ConnectorFailed]]:
    """Return the live schemas of the systems that answer, and why the others do not."""
    live: dict[str, LiveSchema] = {}
    failed: dict[str, ConnectorFailed] = {}
    for system_id, connector in connectors.items():
        if only in (None, system_id):
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


def refuse_unbound(
    ombud: Workspace, *, only: str | None = None, allow_superuser: bool = False
) -> None:
    """Refuse to go on where the map of a system that answers has binding errors.

    Raises:
        BindingRefused: It has; nothing was changed.
    """
    live, _ = read_live(ombud.connectors, only)
    errors = binding_errors(ombud, live, allow_superuser=allow_superuser)
    if errors:
        raise BindingRefused(
            "the map and the live schema disagree",
            findings=errors,
            help="mend what is said above; `ombud bind` says all of it",
        )
