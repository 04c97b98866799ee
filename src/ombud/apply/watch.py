"""How do the grounds of a session stay as fresh as what people decide? Read again under a lock."""

from __future__ import annotations

from dataclasses import dataclass

from ombud.apply.inputs import Inputs
from ombud.plan.grounds import system_grounds
from ombud.plan.reach import Connector, Session
from ombud.plan.time import Timing
from ombud.policy.model import Policy

LOCK_WAIT_S = 60  # a hold that is being placed takes a moment


@dataclass
class Watch:
    """Keeps the grounds of a session as fresh as holds and decisions are."""

    policy: Policy
    connector: Connector
    inputs: Inputs
    timing: Timing
    session: Session
    _seen: object = None

    def refresh(self) -> None:
        """Put the grounds to the session again where a hold or decision came or went."""
        state = self.inputs.state()
        if state != self._seen:
            holds, decisions = self.inputs.read()
            grounds = system_grounds(
                self.policy, self.connector.system, self.timing, holds=holds, decisions=decisions
            )
            self.session.put(grounds)
            self._seen = state

    def locked(self) -> _Locked:
        """Hold the system, with the grounds read again under its lock."""
        return _Locked(self)


class _Locked:
    """A batch: nobody can place a hold on the system while it runs."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._lock = watch.inputs.system_lock(watch.connector.system.id, LOCK_WAIT_S)

    def __enter__(self) -> None:
        self._lock.__enter__().ensure()
        self._watch.refresh()

    def __exit__(self, *error: object) -> None:
        self._lock.__exit__(*error)  # type: ignore[arg-type]
