"""What may be done at night without asking? Plan, take what people pre-approved, apply, log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal

from ombud.apply.run import Apply, Outcome
from ombud.errors import ConnectorFailed
from ombud.evidence.plans import Approval, KeptPlan, Plans, Preapproval, Watermark
from ombud.evidence.said import DONE, StepDone
from ombud.plan.due import Due, plan_retention
from ombud.plan.ground import SystemGrounds
from ombud.plan.grounds import system_grounds
from ombud.plan.model import Plan, Step
from ombud.plan.reach import Connector
from ombud.plan.retention import map_digest, rule_digest
from ombud.plan.time import Timing
from ombud.systems.model import Systems

FULL_EVERY = timedelta(days=7)
DAY = timedelta(hours=24)
RULE = "rule"
"""Who approved a step that people pre-approved."""


@dataclass(frozen=True)
class Swept:
    """What a sweep did.

    Args:
        outcomes: Of the steps that were pre-approved.
        waiting: Step to why it waits for a person.
        plan: What waits, as a plan that a person can approve; None where nothing does.
        failed: System id to why it could not be asked.
        looked: System id to `full` or `delta`.
    """

    outcomes: tuple[Outcome, ...]
    waiting: Mapping[str, str]
    plan: Plan | None
    failed: Mapping[str, ConnectorFailed]
    looked: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sweep:
    """Plans and applies what is pre-approved, in every system that answers."""

    apply: Apply
    systems: Systems
    plans: Plans

    def sweep(self, timing: Timing, *, full: bool = False) -> Swept:
        """Do what is due and pre-approved; return what was done and what waits.

        Only rows that can have become due since the last completed sweep are looked at; every row
        once a week, after a change of policy or map, and on request.

        Raises:
            Stopped: A person asked to stop; what was done is logged.
        """
        since: dict[str, SystemGrounds] = {}
        for system_id, connector in self.apply.connectors.items():
            before = None if full else self._since(connector, timing)
            if before is not None:
                since[system_id] = before
        mark = self.apply.inputs.decisions.mark()
        due = self._due(timing, since)
        allowed, waiting = self._sorted(due.plan)
        outcomes: list[Outcome] = []
        if allowed.steps:
            self._approve(allowed, timing)
            outcomes = self.apply.apply(allowed, timing, since=since)
        for system_id in self.apply.connectors:
            self._mark(system_id, timing, due, waiting, outcomes, mark, delta=system_id in since)
        looked = {s: "delta" if s in since else "full" for s in self.apply.connectors}
        kept = self._keep_waiting(due.plan, waiting, timing)
        return Swept(tuple(outcomes), waiting, kept, due.failed, looked)

    def _due(self, timing: Timing, since: Mapping[str, SystemGrounds]) -> Due:
        holds, decisions = self.apply.inputs.read()
        return plan_retention(
            self.apply.policy,
            self.systems,
            self.apply.connectors,
            timing,
            holds=holds,
            decisions=decisions,
            since=since,
            after=self.apply.proved(),
        )

    def _sorted(self, plan: Plan) -> tuple[Plan, dict[str, str]]:
        """Return the plan of what is pre-approved, and why each other step waits."""
        waiting: dict[str, str] = {}
        for step in plan.steps:
            why = self._waits(step)
            if why:
                waiting[step.id] = why
        steps = tuple(s for s in plan.steps if s.id not in waiting)
        return replace(plan, steps=steps), waiting

    def _waits(self, step: Step) -> str:
        """Return why a step waits for a person; empty where it need not."""
        if step.selection.action == "task":
            return "a person has to look at these fields"
        if step.unverified:
            return "it rests on a fact of law that was not verified at its source"
        given = self.plans.preapprovals()
        for rule in (*step.rules, *step.caps):
            if not self._preapproved(step, rule, given):
                return f"`{rule}` is not pre-approved for this table"
        return self._over_limit(step)

    def _preapproved(self, step: Step, rule: str, given: list[Preapproval]) -> bool:
        digest = rule_digest(self.apply.policy, self.systems, rule)
        for each in given:
            if (each.rule, each.system, each.table) == (rule, step.system, step.selection.table):
                if each.rule_digest == digest:
                    return True
                self.plans.void(each, at=self.apply.now(), because="rule_changed")
        return False

    def _over_limit(self, step: Step) -> str:
        limits = self.systems.systems[step.system].sweep
        today = step.count + self._done_today(step)
        if today <= limits.floor:
            return ""
        rows = self._rows(step)
        if today > limits.count_max:
            return f"{today} rows in 24 hours are more than {limits.count_max}"
        if today > rows * limits.share_max:
            return f"{today} rows in 24 hours are more than {limits.share_max:.0%} of {rows}"
        return ""

    def _done_today(self, step: Step) -> int:
        """Return the rows that steps of the same rules and table changed in the last 24 hours."""
        since = self.apply.now() - DAY
        about = f"{step.system}.{step.selection.table}"
        total = 0
        for entry in self.apply.log.entries(DONE, about=about):
            if entry.at > since:
                done = StepDone.read(entry)
                if {*done.rules, *done.caps} & {*step.rules, *step.caps}:
                    total += done.count
        return total

    def _rows(self, step: Step) -> int:
        connector = self.apply.connectors[step.system]
        with connector.session() as session:
            session.put(system_grounds(self.apply.policy, connector.system, self._any_time()))
            return session.rows(step.selection.table)

    def _any_time(self) -> Timing:
        now = self.apply.now()
        organisation = self.apply.policy.organisation
        return Timing.of(now, organisation.zone, organisation.financial_year)

    def _approve(self, plan: Plan, timing: Timing) -> None:
        self.plans.keep(kept(plan, timing))
        self.plans.approve(Approval(plan.digest, RULE, self.apply.now(), preapproved=True))

    def _keep_waiting(self, plan: Plan, waiting: Mapping[str, str], timing: Timing) -> Plan | None:
        steps = tuple(s for s in plan.steps if s.id in waiting)
        if not steps:
            return None
        left = replace(plan, steps=steps, after=self.apply.proved())
        self.plans.keep(kept(left, timing))
        return left

    # --- how far sweeps have come ---------------------------------------------------------------

    def _since(self, connector: Connector, timing: Timing) -> SystemGrounds | None:
        """Return the grounds of the last completed sweep, where a delta from it is enough."""
        marks = {m.scope: m for m in self.plans.watermarks(connector.system.id)}
        full = marks.get("full")
        if full is None or timing.at - full.at > FULL_EVERY:
            return None
        last = max(marks.values(), key=lambda m: m.at)
        if last.basis_digest != self._basis() or last.as_of > timing.as_of:
            return None
        inputs = self.apply.inputs
        holds = [
            h
            for h in inputs.holds.all()
            if h.placed_at <= last.at and (h.released_at is None or h.released_at > last.at)
        ]
        newer = {d.id for d in inputs.decisions.all(after=last.decisions_seen)}
        decisions = [d for d in inputs.decisions.all() if d.id not in newer]
        return system_grounds(
            self.apply.policy,
            connector.system,
            replace(timing, at=last.at),
            holds=tuple(holds),
            decisions=tuple(decisions),
        )

    def _mark(
        self,
        system: str,
        timing: Timing,
        due: Due,
        waiting: Mapping[str, str],
        outcomes: list[Outcome],
        mark: int,
        *,
        delta: bool,
    ) -> None:
        """Keep that everything due in a system was done, where it was."""
        steps = [s for s in due.plan.of(system) if s.selection.action != "task"]
        undone = [s for s in steps if s.id in waiting]
        undone += [
            o.step for o in outcomes if o.step.system == system and (o.failed or o.remaining)
        ]
        if system in due.failed or undone:
            return
        scope: Literal["full", "delta"] = "delta" if delta else "full"
        done = Watermark(system, "", scope, timing.as_of, timing.at, self._basis(), mark)
        self.plans.set_watermark(done)

    def _basis(self) -> str:
        return map_digest(self.apply.policy, self.systems)


def kept(plan: Plan, timing: Timing) -> KeptPlan:
    """Return a plan as it is kept."""
    return KeptPlan(
        plan.digest, plan.basis, plan.as_of, json.dumps(plan.as_json(), sort_keys=True), timing.at
    )


def preapprovals(
    plan: Plan, policy_digest: Mapping[str, str], by: str, timing: Timing
) -> list[Preapproval]:
    """Return what approving a plan for every later sweep means: each rule, for each table."""
    found = {}
    for step in plan.steps:
        for rule in (*step.rules, *step.caps):
            place = (rule, step.system, step.selection.table)
            found[place] = Preapproval(*place, policy_digest[rule], by, timing.at)
    return list(found.values())
