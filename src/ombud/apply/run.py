"""How is an approved plan carried out? Begin, change, read back, done; after a crash, again.

The commit-point argument: a step is *done* only by its entry in the log, which is written after
the system was read back and nothing of the selection remained. A crash before that entry leaves a
step that began; calling again surveys the system afresh, changes what is left and reads back. A
crash after it leaves nothing to do. Each batch is one transaction of the system that tests every
row again under the system's lock, after the holds were read under it: no crash point can erase a
row that a ground keeps, and the entry's `once` lets two runs that meet write one proof. What each
batch changed is counted under the same lock, so the proof says what all runs of the step changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from ombud.apply.approved import approving, order, together, waits
from ombud.apply.inputs import Inputs
from ombud.apply.watch import Watch
from ombud.errors import ConnectorFailed, OmbudError, Stopped, TooLarge
from ombud.evidence import Draft, Log
from ombud.evidence.entry import Json
from ombud.evidence.said import BEGAN, DONE, Counts, StepDone, once_of
from ombud.evidence.tally import Tally
from ombud.plan.model import Ceilings, Plan, Step
from ombud.plan.reach import Connector, Session
from ombud.plan.time import Timing
from ombud.plan.words import number_of
from ombud.policy.model import Policy
from ombud.systems.connector import Counted, Piece, Selection

BATCH_S = 0.15  # an application that meets a batch waits no longer than for a slow page of its own
BATCH_FIRST = 500
BATCH_MIN = 50
BATCH_MAX = 50_000  # a connector takes fewer where it has to name each key


@dataclass(frozen=True)
class Outcome:
    """What became of one step.

    Args:
        changed: Rows this run changed.
        in_all: What every run of the step changed, where it is done; else nothing.
        remaining: Rows still due when the system was read back; 0 for a proof.
        failed: Why it is not done; None when it is.
        earlier: It was done by an earlier run.
    """

    step: Step
    changed: int = 0
    remaining: int = 0
    failed: OmbudError | None = None
    earlier: bool = False
    in_all: Counts = field(default_factory=Counts)


Progress = Callable[[str, Selection, int, int], None]
"""Called with system, selection, rows gone through and rows in all."""


def _silent(system: str, selection: Selection, done: int, count: int) -> None:
    """Report to nobody."""


@dataclass
class Apply:
    """Carries out plans. One at a time per object; several processes may run at once.

    Args:
        connectors: System id to the way in.
        now: The clock; aware.
        stop: Asked between batches; True ends the run cleanly after the current one.
        remembering: Systems, found while it runs, whose statistics may hold values that were
            erased: Ombud's account may not have them made anew.
    """

    policy: Policy
    connectors: Mapping[str, Connector]
    inputs: Inputs
    log: Log
    now: Callable[[], datetime]
    progress: Progress = _silent
    stop: Callable[[], bool] = lambda: False
    remembering: set[str] = field(default_factory=set)
    tally: Tally = field(init=False)

    def __post_init__(self) -> None:
        self.tally = Tally(self.log)

    def apply(
        self, plan: Plan, timing: Timing, *, unfit: Mapping[str, OmbudError] | None = None
    ) -> list[Outcome]:
        """Carry out a plan; return what became of each step, in its order.

        A system that fails, or a step that grew beyond its approved count, stops its own steps
        and nobody else's. What is done stays done and logged.

        Args:
            plan: Approved, and made from the policy and map at hand.
            unfit: Systems that are not worked on, each with why.

        Raises:
            Stopped: A person asked to stop; the batch that ran was completed.
        """
        outcomes: list[Outcome] = []
        ceilings = Ceilings.of(plan)
        for system in plan.systems():
            steps = [s for s in plan.of(system) if s.selection.action != "task"]
            open_steps = [s for s in steps if not self._done(plan, s)]
            outcomes += [Outcome(s, earlier=True) for s in steps if s not in open_steps]
            if unfit and system in unfit:
                outcomes += [Outcome(s, failed=unfit[system]) for s in open_steps]
            elif open_steps:
                outcomes += self._system(plan, system, open_steps, ceilings, timing)
        return outcomes

    def _system(
        self, plan: Plan, system: str, steps: list[Step], ceilings: Ceilings, timing: Timing
    ) -> list[Outcome]:
        try:
            with self.connectors[system].session() as session:
                watch = self.watch(self.connectors[system], session, timing)
                return self.carry_out(plan, steps, watch, session.survey(), ceilings)
        except ConnectorFailed as failed:
            return [Outcome(s, failed=failed) for s in steps]

    def watch(self, connector: Connector, session: Session, timing: Timing) -> Watch:
        """Return a session's watch, with the grounds as they are now put to the session."""
        watch = Watch(self.policy, connector, self.inputs, timing, session)
        watch.refresh()
        return watch

    def carry_out(
        self,
        plan: Plan,
        steps: list[Step],
        watch: Watch,
        fresh: Sequence[Counted],
        ceilings: Ceilings,
    ) -> list[Outcome]:
        """Carry out one system's steps in a session that was just surveyed.

        Args:
            fresh: What the survey found.
        """
        outcomes: list[Outcome] = []
        stuck: set[str] = set()
        self.tell(plan, watch)
        try:
            places = together([s.selection for s in steps] + [c.selection for c in fresh])
            for place in order(watch.connector.system, steps, places):
                mine = [s for s in steps if places[s.selection.table] == place]
                surveyed = [c for c in fresh if places[c.selection.table] == place]
                outcomes += self._table(plan, watch, mine, surveyed, ceilings, stuck)
            changed = {o.step.selection.table for o in outcomes if o.changed}
            if not watch.session.freshen(sorted(changed)):
                self.remembering.add(watch.connector.system.id)
        except ConnectorFailed as failed:
            told = [o.step for o in outcomes]
            outcomes += [Outcome(s, failed=failed) for s in steps if s not in told]
        finally:
            self.tell(plan, watch)
        return outcomes

    def tell(self, plan: Plan, watch: Watch) -> None:
        """Log what runs that ended, or were killed, have changed of steps that are not done."""
        with watch.locked():
            self.tally.tell(watch.connector.system.id, at=self.now(), running=plan.digest)

    def _table(
        self,
        plan: Plan,
        watch: Watch,
        steps: list[Step],
        surveyed: Sequence[Counted],
        ceilings: Ceilings,
        stuck: set[str],
    ) -> list[Outcome]:
        """Do what is due in one table, and with its rows, as far as its steps were approved.

        Args:
            stuck: Tables of which rows that have to go are still there; added to.
        """
        self.log.append([_began(plan, step) for step in steps], at=self.now())
        outcomes: dict[str, Outcome] = {s.id: Outcome(s) for s in steps}
        grown = self._grown(watch, steps, surveyed, ceilings)
        along = _Along(self.tally, plan, watch)
        for counted in surveyed:
            asked = approving(steps, counted.selection)
            if asked and counted.selection.with_owner and counted not in grown:
                along.announce(asked[0], counted)
        for counted in surveyed:
            asked = approving(steps, counted.selection)
            if not asked:
                stuck.add(counted.selection.table)
                continue
            failed: OmbudError | None = None
            changed = remaining = 0
            if counted in grown:
                failed, remaining = _too_large(asked[0], counted.count), counted.count
            else:
                ceilings.spend(watch.connector.system.id, counted.selection, counted.count)
                try:
                    changed, remaining = self._change(plan, asked[0], watch, counted, along)
                except ConnectorFailed as error:
                    failed = error
            if waits(watch.connector.system, counted.selection, stuck):
                remaining = max(remaining, counted.count - changed)
            if failed is not None or remaining:
                stuck.add(counted.selection.table)
            for step in asked:
                known = outcomes[step.id]
                outcomes[step.id] = Outcome(
                    step,
                    known.changed + (changed if step is asked[0] else 0),  # each row counts once
                    known.remaining + remaining,
                    failed or known.failed,
                )
        return [self._prove(plan, watch, outcome) for outcome in outcomes.values()]

    def _grown(
        self, watch: Watch, steps: list[Step], surveyed: Sequence[Counted], ceilings: Ceilings
    ) -> list[Counted]:
        """Return the selections that exceed what was approved, and owners whose rows would."""
        system = watch.connector.system.id
        grown = [c for c in surveyed if not ceilings.allows(system, c.selection, c.count)]
        unasked = [c for c in surveyed if not approving(steps, c.selection)]
        if any(c.selection.with_owner for c in (*grown, *unasked)):
            # Erasing an owner erases what goes with it, so both wait.
            grown = [c for c in surveyed if c.selection.action == "erase"]
        return grown

    def _change(
        self, plan: Plan, step: Step, watch: Watch, counted: Counted, along: _Along
    ) -> tuple[int, int]:
        """Return (rows changed, rows that remain); what goes with its owner is gone by now."""
        if not counted.selection.with_owner:
            try:
                changed = self._batches(plan, step, watch, counted)
            except ConnectorFailed:
                raise
            except Stopped:  # the run ends here
                along.count()
                raise
            return changed, watch.session.remaining(counted.selection)
        remaining = watch.session.remaining(counted.selection)
        return max(0, counted.count - along.count_one(step, counted)), remaining

    def _prove(self, plan: Plan, watch: Watch, outcome: Outcome) -> Outcome:
        """Log that a step is done, where the read-back says so; return what all runs changed."""
        if outcome.failed is not None or outcome.remaining:
            return outcome
        with watch.locked():  # no run that meets this one has changed what it has not counted
            entry = self.tally.prove(plan.digest, outcome.step.id, at=self.now())
        return replace(outcome, in_all=StepDone.read(entry).changed)

    def _batches(self, plan: Plan, step: Step, watch: Watch, counted: Counted) -> int:
        """Go through a selection once; through rows that refer to each other until all are gone."""
        total = 0
        while True:
            changed = self._pass(plan, step, watch, counted, total)
            total += changed
            if not changed or total >= counted.count or counted.selection.action != "erase":
                return total

    def _pass(self, plan: Plan, step: Step, watch: Watch, counted: Counted, before: int) -> int:
        after = changed = seen = 0
        size = BATCH_FIRST
        system = watch.connector.system
        while True:
            piece = watch.session.piece(counted.selection, after, size)
            if piece is None:
                return changed
            if self.stop():
                raise Stopped("stopped on request", help="call the same command again to go on")
            started = time.monotonic()
            with watch.locked():
                changed += self._batch(plan, step, watch, counted.selection, piece)
            elapsed = time.monotonic() - started
            size = _next_size(size, elapsed)
            after, seen = piece.upto, seen + piece.rows
            self.progress(
                system.id, counted.selection, min(before + seen, counted.count), counted.count
            )
            if system.rows_per_second_max:
                time.sleep(max(0.0, piece.rows / system.rows_per_second_max - elapsed))

    def _batch(
        self, plan: Plan, step: Step, watch: Watch, selection: Selection, piece: Piece
    ) -> int:
        """Change rows and count them, under the system's lock; return how many changed."""
        self.tally.announce(plan.digest, step.id, step.system, piece.rows)
        kind = "erased" if selection.action == "erase" else "blanked"
        try:
            changed = watch.session.change(selection, piece)
        except ConnectorFailed as failed:
            if failed.answered:
                self.tally.count(plan.digest, step.id, **{kind: failed.changed})
            raise
        self.tally.count(plan.digest, step.id, **{kind: changed})
        return changed

    def proved(self) -> int:
        """Return a number that grows with every step that is proved."""
        last = self.log.latest(DONE)
        return last.index + 1 if last else 0

    def _done(self, plan: Plan, step: Step) -> bool:
        entry = self.log.latest(DONE, about=_about(step))
        once = once_of(DONE, plan.digest, step.id)
        return entry is not None and (entry.once == once or self._logged(once, step))

    def _logged(self, once: str, step: Step) -> bool:
        return any(e.once == once for e in self.log.entries(DONE, about=_about(step)))


@dataclass
class _Along:
    """Counts rows that go with their owners, by how many are there before and after.

    The database's own cascade takes them, and tells nobody how many they were.
    """

    tally: Tally
    plan: Plan
    watch: Watch
    announced: list[tuple[Step, Counted]] = field(default_factory=list)

    def announce(self, step: Step, counted: Counted) -> None:
        """Keep how many there are, before the first of their owners goes."""
        with self.watch.locked():
            self.tally.announce_along(self.plan.digest, step.id, step.system, counted.count)
        self.announced.append((step, counted))

    def count(self) -> None:
        """Count what is gone of all of them: the run ends before its time."""
        with suppress(ConnectorFailed):  # then they stay in doubt
            for step, counted in self.announced:
                self.count_one(step, counted)

    def count_one(self, step: Step, counted: Counted) -> int:
        """Count what is gone of one selection; return how many are there yet."""
        present = self.watch.session.present(counted.selection)
        with self.watch.locked():
            self.tally.count_along(self.plan.digest, step.id, present=present)
        return present


def _too_large(step: Step, count: int) -> TooLarge:
    return TooLarge(
        f"`{step.system}.{step.selection.table}`: {number_of(count, 'row', 'is due', 'are due')}, "
        f"{step.count:,} {'was' if step.count == 1 else 'were'} approved",
        help="run `ombud plan` again and approve the new plan",
    )


def _next_size(size: int, elapsed: float) -> int:
    """Return the rows of which a batch takes about as long as it should, in steps."""
    fits = round(size * BATCH_S / max(elapsed, BATCH_S / 2))
    return min(BATCH_MAX, max(BATCH_MIN, fits, size // 2))


def _began(plan: Plan, step: Step) -> Draft:
    body: dict[str, Json] = {
        "action": step.selection.action,
        "approved": step.count,
        "as_of": plan.as_of.isoformat(),
        "caps": list(step.caps),
        "columns": list(step.selection.columns),
        "plan": plan.digest,
        "rules": list(step.rules),
        "system": step.system,
        "table": step.selection.table,
    }
    return Draft(BEGAN, body, about=_about(step), once=once_of(BEGAN, plan.digest, step.id))


def _about(step: Step) -> str:
    return f"{step.system}.{step.selection.table}"
