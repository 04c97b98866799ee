"""What is due in every system now? Asks each connector and makes one plan of the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ombud.errors import ConnectorFailed
from ombud.plan.grounds import system_grounds
from ombud.plan.hold import Decision, Hold
from ombud.plan.model import Plan
from ombud.plan.reach import Connector
from ombud.plan.retention import basis, plan_of
from ombud.plan.time import Timing
from ombud.policy.model import Policy
from ombud.systems.connector import Counted
from ombud.systems.model import Systems


@dataclass(frozen=True)
class Due:
    """A plan, and the systems that could not be asked.

    Args:
        failed: System id to why; their rows are not in the plan.
    """

    plan: Plan
    failed: Mapping[str, ConnectorFailed] = field(default_factory=dict)


def plan_retention(
    policy: Policy,
    systems: Systems,
    connectors: Mapping[str, Connector],
    timing: Timing,
    *,
    holds: tuple[Hold, ...] = (),
    decisions: tuple[Decision, ...] = (),
    after: int = 0,
    asked: Callable[[str], None] = lambda system: None,
) -> Due:
    """Return the plan of everything that is due, counted exactly; nothing is changed.

    Args:
        connectors: By system id; only these systems are asked.
        after: Number of steps that the log proves; a plan made after others is another plan.
        asked: Called before each system is asked.

    Law:
        GDPR Art. 5(1)(e)
    """
    found: list[tuple[str, Counted]] = []
    failed: dict[str, ConnectorFailed] = {}
    for system_id, connector in connectors.items():
        asked(system_id)
        grounds = system_grounds(policy, connector.system, timing, holds=holds, decisions=decisions)
        try:
            with connector.session() as session:
                session.put(grounds)
                found += [(system_id, c) for c in session.survey()]
        except ConnectorFailed as error:
            failed[system_id] = error
    return Due(plan_of(policy, found, timing, basis(policy, systems, timing), after), failed)
