"""A workspace after a full round, in which something goes wrong: what organisation, people and
time do to it, and how its promises stand then.

Method: each example is laid out and run once; a scene is a copy of the folder, so that what one
test breaks no other test sees. A clock that tests move stands in for the time of day.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from examples.workspace import SEED, TODAY
from ombud.app import Ombud, new_id, open_workspace
from ombud.apply import Apply, Outcome
from ombud.apply.observe import Observer, observe_all
from ombud.apply.place import place_hold, record_decision
from ombud.apply.ready import refuse_unbound
from ombud.apply.sweep import Sweep, Swept, kept
from ombud.demo import Laid, Round, full_round, lay_out, look_at_site, publish_site
from ombud.evidence import (
    Approval,
    Attested,
    SettingRead,
    Standing,
    TaskConfirmed,
    shown,
    standings,
)
from ombud.evidence.part import Word
from ombud.law import Period
from ombud.plan.due import plan_retention
from ombud.plan.hold import Decision, Hold, HoldScope
from ombud.plan.model import Plan
from ombud.plan.retention import map_digest
from ombud.policy.model import NeededFrom, parts_of

NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)  # noon of TODAY in Denmark and Norway
ROWS = 300  # the marked rows of an example, and about as many others
REVIEW = timedelta(days=60)
BERIT = "Berit"

Told = Mapping[str, Standing]
"""Promise to how it stands."""


class Clock:
    """A clock that tests move; it ticks when it is read, so that what follows comes later."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@dataclass(frozen=True)
class Done:
    """An example after a full round.

    Args:
        before: Its folder as it was laid out.
        folder: Its folder after the round.
        at: When the round was over.
    """

    slug: str
    before: Path
    folder: Path
    at: datetime
    steps: tuple[tuple[str, int], ...]
    told: Told


def laid_out(slug: str, home: Path, *, systems_on: str = "", rows: int = ROWS) -> Laid:
    """Return an example laid out in a folder."""
    (laid,) = lay_out(home, rows=rows, seed=SEED, today=TODAY, systems_on=systems_on, only=slug)
    return laid


def ran(laid: Laid) -> tuple[Round, datetime]:
    """Return what a full round at noon came to, and when it was over; its workspace is closed."""
    clock = Clock(NOON)
    done = full_round(laid, clock=clock)
    done.ombud.close()
    return done, clock.at


def done(slug: str, home: Path) -> Done:
    """Lay out an example and run it."""
    laid = laid_out(slug, home)
    before = home / "before"
    shutil.copytree(laid.folder, before)
    found, at = ran(laid)
    assert not [o.failed for o in found.outcomes if o.failed is not None]
    return Done(slug, before, laid.folder, at, counted(found.due.plan), by_promise(found.standings))


def counted(plan: Plan) -> tuple[tuple[str, int], ...]:
    """Return the steps of a plan with their counts."""
    return tuple((step.id, step.count) for step in plan.steps)


def by_promise(found: Iterable[Standing]) -> Told:
    """Return standings by the id of their promise."""
    return {each.promise: each for each in found}


def words(told: Told) -> dict[str, Word]:
    """Return each promise's one word."""
    return {promise: each.standing for promise, each in told.items()}


def changed(before: Told, after: Told) -> dict[str, Word]:
    """Return the promises that stand otherwise than before, with how they stand now."""
    old, new = words(before), words(after)
    return {promise: word for promise, word in new.items() if old[promise] != word}


class Scene:
    """A workspace of its own, in which a test does what it likes.

    Args:
        home: A folder that does not exist yet.
    """

    def __init__(self, done: Done, home: Path) -> None:
        shutil.copytree(done.folder, home)
        moved = (home / ".env").read_text().replace(f"{done.folder}/", f"{home}/")
        (home / ".env").write_text(moved)
        self.folder = home
        self.clock = Clock(done.at)
        self.told: list[tuple[datetime, Told]] = [(done.at, done.told)]
        self.failed: dict[str, str] = {}
        self._before = done.before
        self._ombud: Ombud | None = None

    @contextmanager
    def opened(self, *, create: bool = False) -> Iterator[Ombud]:
        """Give the workspace. It stays open, as in a server, until its files change under it."""
        if self._ombud is None:
            self._ombud = open_workspace(self.folder, create=create, clock=self.clock)
        yield self._ombud

    def close(self) -> None:
        """Close the workspace; whoever needs it next opens it anew."""
        if self._ombud is not None:
            self._ombud.close()
            self._ombud = None

    # ---------------------------------------------------------------- the organisation

    def sql(self, system: str, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Ask or change a system's database, as the organisation's own programs do."""
        self.close()  # a statement may change the schema, which is read once
        with closing(sqlite3.connect(self.folder / f"{system}.db")) as database, database:
            database.execute("PRAGMA foreign_keys=ON")
            return database.execute(statement, values).fetchall()

    def restore(self, place: str, *key: object) -> None:
        """Put a row back as it was before the round, as a restored backup does."""
        self._from_before(place, key, "INSERT INTO main.{table} SELECT * FROM before.{table}")

    def refill(self, place: str, *key: object, columns: tuple[str, ...]) -> None:
        """Put back what fields of a row held before the round."""
        named = ", ".join(columns)
        old = f"SELECT {named} FROM before.{{table}} WHERE {{where}}"
        self._from_before(place, key, f"UPDATE main.{{table}} SET ({named}) = ({old})", 2)

    def take(self, place: str, *key: object) -> None:
        """Delete a row behind Ombud's back, and what the database deletes with it."""
        self._from_before(place, key, "DELETE FROM main.{table}")

    def _from_before(
        self, place: str, key: tuple[object, ...], statement: str, uses: int = 1
    ) -> None:
        system, _, table_id = place.partition(".")
        with self.opened() as ombud:
            table = ombud.systems.systems[system].tables[table_id]
        where = " AND ".join(f"{column} = ?" for column in table.key)
        written = f"{statement} WHERE {where}".format(table=table.name, where=where)
        with closing(sqlite3.connect(self.folder / f"{system}.db")) as database:
            database.execute("PRAGMA foreign_keys=ON")
            database.execute("ATTACH ? AS before", (str(self._before / f"{system}.db"),))
            with database:
                touched = database.execute(written, key * uses).rowcount
        assert touched == 1, f"{place} {key}: {touched} rows"

    def rewrite(self, file: str, old: str, new: str) -> None:
        """Change what the organisation wrote."""
        self.close()
        text = (self.folder / file).read_text()
        assert old in text
        (self.folder / file).write_text(text.replace(old, new, 1))

    def move(self, file: str, to: str) -> None:
        """Give a file another name."""
        (self.folder / file).rename(self.folder / to)

    # ---------------------------------------------------------------- time

    def later(self, **passed: float) -> None:
        """Let time pass in which nobody does anything."""
        self.clock.at += timedelta(**passed)

    def lived(self, *, days: int, without: str = "") -> None:
        """Let days pass in which everybody does their duty, but for one that is named.

        Args:
            without: `system.setting`, `system.task`, a promise or an activity; `holds`: nobody
                looks at holds again.
        """
        self.later(days=days)
        with self.opened() as ombud:
            for system in ombud.systems.systems.values():
                for setting in system.settings.values():
                    if without != f"{system.id}.{setting.id}":
                        read = SettingRead(system.id, setting.id, setting.at_most, self.clock())
                        ombud.log.append([read.draft(by=BERIT)], at=read.at)
                for task in system.tasks.values():
                    if without != f"{system.id}.{task.id}":
                        ombud.outside().confirm(
                            f"{system.id}.{task.id}", by=BERIT, timing=ombud.timing()
                        )
            attested = [
                promise.id
                for promise in ombud.policy.promises.values()
                if any(proof.kind == "attest" for proof in promise.proofs)
            ]
            criteria = [
                activity.id
                for activity in ombud.policy.activities.values()
                if any(isinstance(part, NeededFrom) for part in parts_of(activity.keep))
            ]
        for promise in attested:
            if without != promise:
                self.attest(promise)
        for activity in criteria:
            if without != activity:
                self.decide(activity)
        if without != "holds":
            self.review()
        self.apply()

    # ---------------------------------------------------------------- people

    def read(self, name: str, value: str | None) -> None:
        """Read a setting; None: it keeps data for ever."""
        system, _, setting = name.partition(".")
        with self.opened() as ombud:
            period = Period.parse(value) if value else None
            read = SettingRead(system, setting, period, self.clock())
            ombud.log.append([read.draft(by=BERIT)], at=read.at)

    def confirm(self, name: str, export: Path | None = None) -> None:
        """Confirm a task, on one's word or with an export."""
        with self.opened() as ombud:
            ombud.outside().confirm(name, by=BERIT, timing=ombud.timing(), export=export)

    def export(self, table: str, *lines: str) -> Path:
        """Return a folder with what a person downloads from a system out of reach."""
        folder = self.folder / "download"
        folder.mkdir(exist_ok=True)
        (folder / f"{table}.csv").write_text("\n".join([*lines, ""]))
        return folder

    def admit(self, name: str, remaining: int) -> None:
        """Say of a task without an export how many are left."""
        system, _, task = name.partition(".")
        with self.opened() as ombud:
            confirmed = TaskConfirmed(system, task, remaining, self.clock())
            ombud.log.append([confirmed.draft(by=BERIT)], at=confirmed.at)

    def attest(self, promise: str, *, so: bool = True, explains: bool = False) -> None:
        """State of a promise that it is so, or not; or why rows are gone."""
        with self.opened() as ombud:
            said = Attested(promise, self.clock(), so=so, explains=explains)
            ombud.log.append([said.draft(by=BERIT, words="Vi har set efter.")], at=said.at)

    def decide(self, activity: str, *, days_ago: int = 14) -> None:
        """Decide that an activity no longer needs what is older."""
        with self.opened() as ombud:
            at = self.clock()
            on = at - timedelta(days=days_ago)
            decision = Decision(new_id(), "no_longer_needed", (), (activity,), (), on, BERIT)
            record_decision(decision, ombud.connectors, ombud.inputs, at)

    def hold(self, kind: str, place: str, *keys: object, review: timedelta = REVIEW) -> str:
        """Hold rows of a table; return the hold's id."""
        system, _, table = place.partition(".")
        scope = HoldScope(system=system, table=table, keys=tuple((str(k),) for k in keys))
        with self.opened() as ombud:
            hold = Hold(
                id=new_id(),
                kind=kind,
                scope=scope,
                reason="En sag, som ikke er slut",
                law="GDPR Art. 17(3)(e)",
                by=BERIT,
                placed_at=self.clock(),
                review_on=(self.clock() + review).date(),
            )
            place_hold(ombud.policy, hold, ombud.connectors, ombud.inputs, ombud.timing())
        return hold.id

    def holds(self) -> list[Hold]:
        """Return the active holds."""
        with self.opened() as ombud:
            return ombud.inputs.holds.active()

    def release(self, kind: str) -> None:
        """Release every hold of a kind."""
        with self.opened() as ombud:
            held = [h for h in ombud.inputs.holds.active() if h.kind == kind]
            assert held
            for hold in held:
                ombud.inputs.holds.release(hold.id, by=BERIT, at=self.clock())

    def review(self) -> None:
        """Look at every hold again, and place it anew where its review date has passed."""
        with self.opened() as ombud:
            today = ombud.timing().as_of
            for hold in ombud.inputs.holds.active():
                if hold.review_on < today:
                    ombud.inputs.holds.release(hold.id, by=BERIT, at=self.clock())
                    anew = replace(
                        hold,
                        id=new_id(),
                        placed_at=self.clock(),
                        review_on=today + REVIEW,
                    )
                    place_hold(ombud.policy, anew, ombud.connectors, ombud.inputs, ombud.timing())

    # ---------------------------------------------------------------- Ombud

    def sweep(self) -> Swept:
        """Do what is due and pre-approved."""
        with self.opened() as ombud:
            refuse_unbound(ombud)
            swept = Sweep(_apply(ombud), ombud.systems, ombud.plans).sweep(ombud.timing())
        assert not swept.failed
        assert not [o.failed for o in swept.outcomes if o.failed is not None]
        return swept

    def apply(self) -> list[Outcome]:
        """Plan what is due, approve the plan, and do it."""
        with self.opened() as ombud:
            refuse_unbound(ombud)
            timing = ombud.timing()
            holds, decisions = ombud.inputs.read()
            plan = plan_retention(
                ombud.policy,
                ombud.systems,
                ombud.connectors,
                timing,
                holds=holds,
                decisions=decisions,
                after=_apply(ombud).proved(),
            ).plan
            ombud.plans.keep(kept(plan, timing))
            ombud.plans.approve(Approval(plan.digest, BERIT, timing.at))
            outcomes = _apply(ombud).apply(plan, timing)
        assert not [o.failed for o in outcomes if o.failed is not None]
        return outcomes

    def measure(self) -> Told:
        """Look at every system that answers, and return how each promise stands."""
        with self.opened(create=True) as ombud:
            basis = map_digest(ombud.policy, ombud.systems)
            observer = Observer(ombud.policy, ombud.inputs, ombud.log, basis)
            failed = observe_all(observer, ombud.systems, ombud.connectors, ombud.timing)
            self.failed = {system: str(error) for system, error in failed.items()}
            look_at_site(ombud)
            at = self.clock()
            told = _told(ombud, at)
        self.told.append((at, told))
        return told

    def publish(self) -> None:
        """Publish the policy as it is now, and put it on the website."""
        with self.opened() as ombud:
            publish_site(ombud)

    def look_up(self) -> Told:
        """Return how each promise stands, by what was measured before."""
        with self.opened() as ombud:
            return _told(ombud, self.clock())

    def forget(self) -> None:
        """Lose Ombud's own database, and with it all that was ever said."""
        self.close()
        (self.folder / "ombud.db").unlink()
        self.told = []

    def begin_again(self) -> None:
        """Put everything back as it was laid out; Ombud has never looked at it."""
        self.forget()
        for file in self._before.glob("*.db"):
            shutil.copyfile(file, self.folder / file.name)

    def told_again(self) -> list[tuple[datetime, Told]]:
        """Return what is said today of each instant at which somebody asked."""
        with self.opened() as ombud:
            return [(at, _told(ombud, at)) for at, _ in self.told]


def _told(ombud: Ombud, at: datetime) -> Told:
    seen = shown(ombud.log, ombud.policy, ombud.systems, at)
    return by_promise(standings(ombud.policy, ombud.systems, seen, at))


def _apply(ombud: Ombud) -> Apply:
    return Apply(ombud.policy, ombud.connectors, ombud.inputs, ombud.log, ombud.clock)
