"""What is due in every system now? Asks each connector and makes one plan of the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ombud.errors import ConnectorFailed
from ombud.plan.grounds import system_grounds
from ombud.plan.hold import Decision, Hold
from ombud.plan.model import Plan, Step
from ombud.plan.reach import Connector
from ombud.plan.retention import basis, plan_of
from ombud.plan.stays import rows_stay
from ombud.plan.time import Timing
from ombud.policy.model import Policy
from ombud.systems.connector import ClockDoubts, Counted
from ombud.systems.model import Systems


@dataclass(frozen=True)
class Due:
    """A plan, and the systems that could not be asked.

    Args:
        failed: System id to why; their rows are not in the plan.
        stays: Id of a step that blanks fields to why the rows stay.
        clocks: `system.table` and activity id to the rows whose clocks are in doubt: they are kept.
    """

    plan: Plan
    failed: Mapping[str, ConnectorFailed] = field(default_factory=dict)
    stays: Mapping[str, str] = field(default_factory=dict)
    clocks: Mapping[str, Mapping[str, ClockDoubts]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return it in the form of `plan --json`: the plan, and what it does not rest on."""
        body = self.plan.as_json()
        steps = zip(body["steps"], self.plan.steps, strict=True)
        return {
            **body,
            "steps": [{**said, "stays": self.stays.get(step.id)} for said, step in steps],
            "clocks": {
                place: {rule: vars(each) for rule, each in rules.items()}
                for place, rules in self.clocks.items()
            },
        }


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
    stays: dict[str, str] = {}
    clocks: dict[str, Mapping[str, ClockDoubts]] = {}
    for system_id, connector in connectors.items():
        asked(system_id)
        grounds = system_grounds(policy, connector.system, timing, holds=holds, decisions=decisions)
        try:
            with connector.session() as session:
                session.put(grounds)
                for counted in session.survey():
                    found.append((system_id, counted))
                    chosen = counted.selection
                    keepers = session.keepers(chosen.table)
                    tg = grounds.tables[chosen.table]
                    why = rows_stay(tg, chosen, connector.system, keepers)
                    stays |= {Step(system_id, chosen, counted.count).id: why} if why else {}
                clocks |= {f"{system_id}.{t}": each for t, each in session.clocks().items() if each}
        except ConnectorFailed as error:
            failed[system_id] = error
    plan = plan_of(policy, found, timing, basis(policy, systems, timing), after)
    return Due(plan, failed, stays, clocks)
