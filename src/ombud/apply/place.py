"""How is a hold placed so that it wins every race? Under the lock of each system it touches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime

from ombud.apply.inputs import Inputs
from ombud.errors import OmbudError
from ombud.evidence.entry import Entry
from ombud.plan.grounds import system_grounds
from ombud.plan.hold import Decision, Hold
from ombud.plan.reach import Connector
from ombud.plan.time import Timing
from ombud.policy.model import Policy

WAIT_S = 60  # longer than any batch


def place_hold(
    policy: Policy,
    hold: Hold,
    connectors: Mapping[str, Connector],
    inputs: Inputs,
    timing: Timing,
) -> Entry:
    """Place a hold; once this returns, no batch commits that erases a row it covers.

    It waits for the batch that runs in each system it touches, so for a moment only. A system that
    does not answer does not stop the hold: how many rows it covers there stays unknown.

    Raises:
        Stopped: A system could not be locked; the hold is not placed.

    Law:
        GDPR Art. 17(3)(e)
        GDPR Art. 18(1)
    """
    touched = [s for s in connectors if not hold.scope.system or hold.scope.system == s]
    rows = {}
    for system in touched:
        count = _covered(policy, hold, connectors[system], timing)
        if count is not None:
            rows[system] = count
    with ExitStack() as locks:
        for system in sorted(touched):
            locks.enter_context(inputs.system_lock(system, WAIT_S)).ensure()
        return inputs.holds.place(hold, rows=rows, at=timing.at)


def release_hold(
    hold_id: str,
    connectors: Mapping[str, Connector],
    inputs: Inputs,
    clock: Callable[[], datetime],
    *,
    by: str,
) -> Entry:
    """Release a hold, under the lock of each system it touches.

    A sweep reads holds under the same lock, so it either knows of the release or began before the
    instant that is logged for it; the next one then looks at what the hold covered.

    Raises:
        Unknown: There is no such hold; nothing was changed.
        Stopped: A system could not be locked; the hold holds.
    """
    system = inputs.holds.get(hold_id).scope.system
    with ExitStack() as locks:
        for touched in sorted(s for s in connectors if not system or system == s):
            locks.enter_context(inputs.system_lock(touched, WAIT_S)).ensure()
        return inputs.holds.release(hold_id, by=by, at=clock())


def record_decision(
    decision: Decision, connectors: Mapping[str, Connector], inputs: Inputs, at: datetime
) -> Entry:
    """Keep what was decided, under the lock of every system: the next batch knows of it."""
    with ExitStack() as locks:
        for system in sorted(connectors):
            locks.enter_context(inputs.system_lock(system, WAIT_S)).ensure()
        return inputs.decisions.record(decision, at=at)


def _covered(policy: Policy, hold: Hold, connector: Connector, timing: Timing) -> int | None:
    """Return how many rows a hold covers in a system; None where it does not answer."""
    grounds = system_grounds(policy, connector.system, timing, holds=(hold,))
    try:
        with connector.session() as session:
            session.put(grounds)
            return session.held(hold.id)
    except OmbudError:  # out of reach, or not as the map says: the hold counts all the same
        return None
