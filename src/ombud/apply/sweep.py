"""What may be done at night without asking? Plan, take what people pre-approved, apply, log."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal

from ombud.apply.place import WAIT_S
from ombud.apply.run import Apply, Outcome
from ombud.errors import ConnectorFailed
from ombud.evidence.plans import Approval, KeptPlan, Plans, Preapproval, Watermark
from ombud.evidence.said import DONE, PARTLY, StepDone
from ombud.plan.ground import SystemGrounds
from ombud.plan.grounds import system_grounds
from ombud.plan.model import Ceilings, Plan, Step
from ombud.plan.reach import Connector, Session
from ombud.plan.retention import basis, map_digest, plan_of, rule_digest
from ombud.plan.time import Timing
from ombud.plan.words import number_of
from ombud.systems.model import System, Systems

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
        found = _Found()
        for connector in self.apply.connectors.values():
            before = None if full else self._since(connector, timing)
            found.looked[connector.system.id] = "full" if before is None else "delta"
            try:
                self._system(connector, timing, before, found)
            except ConnectorFailed as failed:
                found.failed[connector.system.id] = failed
        plan = None
        if found.waiting:
            digest = basis(self.apply.policy, self.systems, timing)
            steps = tuple(step for step, _ in found.waiting)
            plan = Plan(timing.as_of, digest, self.apply.proved(), steps)
            self.plans.keep(kept(plan, timing))
        because = {step.id: why for step, why in found.waiting}
        return Swept(tuple(found.outcomes), because, plan, found.failed, found.looked)

    def _system(
        self, connector: Connector, timing: Timing, since: SystemGrounds | None, found: _Found
    ) -> None:
        """Plan and apply in one system, in one session: its work is surveyed once."""
        apply, system = self.apply, connector.system.id
        mark = apply.inputs.decisions.mark()
        with connector.session() as session:
            # a hold that is being released is either seen here or released after this sweep began
            with apply.inputs.system_lock(system, WAIT_S) as held:
                held.ensure()
                watch = apply.watch(connector, session, timing)
            fresh = session.survey(since)
            plan = plan_of(
                apply.policy,
                [(system, counted) for counted in fresh],
                timing,
                basis(apply.policy, self.systems, timing),
                apply.proved(),
            )
            waiting = self._waiting(plan, connector.system, session)
            found.waiting += [(s, waiting[s.id]) for s in plan.steps if s.id in waiting]
            allowed = replace(plan, steps=tuple(s for s in plan.steps if s.id not in waiting))
            outcomes: list[Outcome] = []
            if allowed.steps:
                self.plans.keep(kept(allowed, timing))
                approval = Approval(allowed.digest, RULE, apply.now(), preapproved=True)
                self.plans.approve(approval)
                steps = list(allowed.steps)
                outcomes = apply.carry_out(allowed, steps, watch, fresh, Ceilings.of(allowed))
            else:
                apply.tell(plan, watch)  # of a run that was killed when nothing was left to do
        found.outcomes += outcomes
        left = [s for s in plan.steps if s.id in waiting and s.selection.action != "task"]
        if not left and all(o.failed is None and not o.remaining for o in outcomes):
            self._mark(system, timing, mark, delta=since is not None)

    def _waiting(self, plan: Plan, system: System, session: Session) -> dict[str, str]:
        """Return the steps, by id, that wait for a person, each with why."""
        waiting = {s.id: why for s in plan.steps if (why := self._waits(s, session))}
        before = -1
        while len(waiting) != before:
            before = len(waiting)
            late = [s for s in plan.steps if s.id in waiting]
            for step in plan.steps:
                blocker = _blocker(step, late, system)
                if step.id not in waiting and blocker is not None:
                    waiting[step.id] = f"it cannot go before rows of {blocker.selection.table}"
        return waiting

    def _waits(self, step: Step, session: Session) -> str:
        """Return why a step waits for a person; empty where it need not."""
        if step.selection.action == "task":
            return "a person has to look at these fields"
        if step.unverified:
            return "it rests on a fact of law that was not verified at its source"
        if step.without_rule:
            some = "" if step.without_rule == step.count else f"{step.without_rule:,} of "
            return f"no rule names {some}these rows"
        given = self.plans.preapprovals()
        for rule in (*step.rules, *step.caps):
            if not self._preapproved(step, rule, given):
                return f"`{rule}` is not pre-approved for this table"
        return self._over_limit(step, session)

    def _preapproved(self, step: Step, rule: str, given: list[Preapproval]) -> bool:
        digest = rule_digest(self.apply.policy, self.systems, rule)
        for each in given:
            if (each.rule, each.system, each.table) == (rule, step.system, step.selection.table):
                if each.rule_digest == digest:
                    return True
                self.plans.void(each, at=self.apply.now(), because="rule_changed")
        return False

    def _over_limit(self, step: Step, session: Session) -> str:
        limits = self.systems.systems[step.system].sweep
        today = step.count + self._done_today(step)
        if today <= limits.floor:
            return ""
        rows = session.rows(step.selection.table)
        said = f"{number_of(today, 'row')} in 24 hours"
        if today > limits.count_max:
            return f"{said}: at most {limits.count_max:,} go unasked"
        if today > rows * limits.share_max:
            return f"{said}: at most {limits.share_max:.0%} of {rows:,} go unasked"
        return ""

    def _done_today(self, step: Step) -> int:
        """Return the rows that steps of the same rules and table changed in the last 24 hours."""
        since = self.apply.now() - DAY
        about = f"{step.system}.{step.selection.table}"
        total = 0
        for entry in self.apply.log.entries((DONE, PARTLY), about=about):
            if entry.at > since:
                done = StepDone.read(entry)
                if {*done.rules, *done.caps} & {*step.rules, *step.caps}:
                    # Of what is in doubt nobody knows better: it counts as changed.
                    total += done.new.erased + done.new.blanked + done.new.in_doubt
        return total

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

    def _mark(self, system: str, timing: Timing, mark: int, *, delta: bool) -> None:
        """Keep that everything due in a system was done."""
        scope: Literal["full", "delta"] = "delta" if delta else "full"
        done = Watermark(system, "", scope, timing.as_of, timing.at, self._basis(), mark)
        self.plans.set_watermark(done)

    def _basis(self) -> str:
        return map_digest(self.apply.policy, self.systems)


@dataclass
class _Found:
    """What a sweep has found so far."""

    outcomes: list[Outcome] = field(default_factory=list)
    waiting: list[tuple[Step, str]] = field(default_factory=list)
    failed: dict[str, ConnectorFailed] = field(default_factory=dict)
    looked: dict[str, str] = field(default_factory=dict)


def _blocker(step: Step, waiting: Iterable[Step], system: System) -> Step | None:
    """Return a waiting step without which this one cannot be done: erasing what refers to it."""
    mine = step.selection
    if mine.action != "erase":
        return None
    for other in waiting:
        theirs = other.selection
        if theirs.action != "erase" or other is step:
            continue
        along = theirs.with_owner == mine.table or mine.with_owner == theirs.table
        refers = any(
            k.child == theirs.table and k.parent == mine.table and k.keeps_parent
            for k in system.links.values()
        )
        if along or refers:
            return other
    return None


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
