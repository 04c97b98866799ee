"""What do observations show of the systems in reach?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime

from ombud.evidence.observation import Observation, RuleSeen, Run, TableCarried, TableSeen
from ombud.evidence.observe import Shown
from ombud.evidence.part import Evidence, Part, Word
from ombud.evidence.said import Counts, HoldPlaced
from ombud.plan.words import number_of
from ombud.systems.connector import HOLD, VALUES
from ombud.systems.model import System, Systems


class Seen:
    """Judges what was observed.

    Args:
        today: Local date of the controller at `now`.
    """

    def __init__(self, systems: Systems, shown: Shown, now: datetime, today: date) -> None:
        self._systems = systems
        self._shown = shown
        self._now = now
        self._today = today

    # ---------------------------------------------------------------- rules and caps

    def rule(self, system: System, activity: str) -> Iterator[Part]:
        """Yield how an activity's rule stands in each table that serves it."""
        observation = self._fresh(system.id)
        if isinstance(observation, Part):
            yield observation
            return
        mapped = {t.id for t in system.tables.values() if activity in t.serves}
        there = {
            name: each.rules[activity]
            for name, each in observation.tables.items()
            if activity in each.rules
        }
        yield from _not_measured(observation, mapped - set(there), activity)
        for table, seen in there.items():
            carried = observation.carried.get(table, TableCarried())
            say = _Say(observation, table, activity)
            changed = carried.changed.get(activity, Counts())
            run = carried.runs.get(f"rule:{activity}")
            if seen.overdue or seen.undecided:
                yield say.part("not_kept", _since(run, observation), *_overdue(seen))
            elif seen.clock_missing:
                run = carried.runs.get(f"clock:{activity}")
                why = _without_clock(seen)
                yield say.part("not_provable", _since(run, observation), *why)
            else:
                yield say.when_due(_since(run, observation), seen.due, changed)

    def cap(self, system: System, cap: str) -> Iterator[Part]:
        """Yield how a cap stands in each table that it limits."""
        observation = self._fresh(system.id)
        if isinstance(observation, Part):
            yield observation
            return
        mapped = {t.id for t in system.tables.values() if cap in t.caps}
        there = {
            name: each.caps[cap] for name, each in observation.tables.items() if cap in each.caps
        }
        yield from _not_measured(observation, mapped - set(there), cap)
        for table, seen in there.items():
            carried = observation.carried.get(table, TableCarried())
            say = _Say(observation, table, cap)
            since = _since(carried.runs.get(f"cap:{cap}"), observation)
            if seen.overdue:
                says = number_of(
                    seen.overdue, "row", "is past it and still there", "are past it and still there"
                )
                yield say.part("not_kept", since, ("overdue", says, seen.overdue))
            else:
                yield say.when_due(since, seen.due, carried.changed.get(cap, Counts()))

    # ---------------------------------------------------------------- what must stay

    def keeps(self, system: System, activity: str, explained_at: datetime | None) -> Iterator[Part]:
        """Yield whether what an activity must keep is there, for each table that serves it.

        Args:
            explained_at: When a person last explained that rows are gone.
        """
        observation = self._fresh(system.id)
        if isinstance(observation, Part):
            yield observation
            return
        mapped = {t.id for t in system.tables.values() if activity in t.serves}
        yield from _not_measured(observation, mapped - set(observation.tables), activity)
        names = {activity, f"{VALUES}{activity}"}
        tables = {name for name, each in observation.carried.items() if names & {*each.expected}}
        tables |= {name for name, each in observation.tables.items() if activity in each.kept_until}
        for table in sorted(tables | (mapped & set(observation.tables))):
            yield self._kept(observation, table, activity, explained_at)

    def _kept(
        self, observation: Observation, table: str, activity: str, explained_at: datetime | None
    ) -> Part:
        """Return whether what an activity must keep in one table is there: rows, then fields."""
        runs = observation.carried.get(table, TableCarried()).runs
        say = _Say(observation, table, activity)
        rows, values = runs.get(f"keeps:{activity}"), runs.get(f"keeps:{VALUES}{activity}")
        for run, code, what in ((rows, "gone", "rows"), (values, "emptied", "fields")):
            if run is None or not run.broken:
                continue
            if explained_at is not None and explained_at >= run.since:
                says = f"{run.count} {what} are gone; a person has explained it"
                return say.part("kept", explained_at, ("explained", says, run.count))
            says = f"{run.count} {what} that had to be kept are gone"
            return say.part("not_kept", run.since, (code, says, run.count))
        since = _since(rows, observation)
        seen = observation.tables.get(table, TableSeen(0))
        there = sum(seen.kept_until.get(activity, {}).values())
        there = max(there, seen.rules.get(activity, RuleSeen()).alive)
        if there:
            says = number_of(there, "row", "is there, none is gone", "are there, none is gone")
            return say.part("kept", since, ("there", says, there))
        return say.part("nothing_due", since, ("none", "there is nothing to keep", 0))

    def holds(self, kinds: Sequence[str]) -> Iterator[Part]:
        """Yield how each active hold of these kinds stands."""
        active = [
            hold
            for hold in self._shown.holds
            if hold.kind in kinds and (hold.released_at is None or hold.released_at > self._now)
        ]
        if not active:
            yield Part("nothing_due", None, (Evidence("no_hold", "no hold is placed"),))
        for hold in active:
            yield from self._hold(hold)

    def _hold(self, hold: HoldPlaced) -> Iterator[Part]:
        def part(word: Word, since: datetime | None, code: str, says: str) -> Part:
            of_hold = f"hold `{hold.hold}`: {says}"
            evidence = Evidence(code, of_hold, "", "", hold.hold, 0, hold.at, hold.entry)
            return Part(word, since, (evidence,))

        if not hold.reasoned:
            yield part("not_kept", hold.at, "hold_without_reason", "it has no reason")
        if hold.review_on < self._today:
            says = f"it had to be reviewed by {hold.review_on.isoformat()}"
            yield part("not_kept", None, "hold_review_passed", says)
        if not hold.rows:
            yield part("kept", hold.at, "hold", "it covers no system in reach")
        for system, rows in hold.rows.items():
            observation = self._fresh(system)
            if isinstance(observation, Part) or observation.at < hold.at:
                known = self._systems.systems.get(system)
                if known is not None and self._now - hold.at <= known.check_every:
                    yield part(
                        "kept", hold.at, "hold", f"it covers {number_of(rows, 'row')} in `{system}`"
                    )
                elif isinstance(observation, Part):
                    yield observation
                else:
                    says = f"`{system}` was not looked at since it was placed"
                    yield part("not_provable", None, "hold_not_seen", says)
                continue
            yield self._held(hold, observation)

    def _held(self, hold: HoldPlaced, observation: Observation) -> Part:
        carried = observation.held.get(hold.hold)
        if carried is None:
            says = f"the last look at `{observation.system}` left hold `{hold.hold}` out"
            return _said_of(observation, "not_provable", None, "hold_not_seen", says, hold.hold)
        name = f"{HOLD}{hold.hold}"
        # Rows that a cap ends in time are counted by table: no hold lasts longer for them.
        ending = [
            each.runs[f"keeps:{name}"]
            for each in observation.carried.values()
            if f"keeps:{name}" in each.runs
        ]
        rows = observation.holds[hold.hold]
        gone = carried.expected - rows + sum(run.count for run in ending)
        rows += sum(
            sum(each.kept_until.get(name, {}).values()) for each in observation.tables.values()
        )
        runs = [run for run in (carried.run, *ending) if run.broken == (gone > 0)]
        if gone:
            covered = number_of(rows + gone, "row")
            says = f"hold `{hold.hold}` covered {covered}, and {rows:,} {_be(rows)} there"
            since = min(run.since for run in runs)
            return _said_of(observation, "not_kept", since, "hold_ignored", says, hold.hold, gone)
        says = f"hold `{hold.hold}` covers {number_of(rows, 'row')}, none is gone"
        since = max(run.since for run in runs)
        return _said_of(observation, "kept", since, "hold", says, hold.hold)

    # ---------------------------------------------------------------- what must not be there

    def only(self, name: str, categories: Sequence[str]) -> Iterator[Part]:
        """Yield whether a table, named `system.table`, holds these categories and no others."""
        system_id, _, table_id = name.partition(".")
        system = self._systems.systems.get(system_id)
        table = system.tables.get(table_id) if system else None
        if system is None or table is None:
            says = f"the map has no `{name}`"
            yield Part("not_provable", None, (Evidence("not_on_map", says, name=name),))
            return
        others = {
            column.name: sorted(set(column.categories) - set(categories))
            for column in table.columns.values()
        }
        for column, extra in others.items():
            if extra:
                says = f"column `{name}.{column}` holds {', '.join(f'`{each}`' for each in extra)}"
                where = Evidence("other_category", says, system_id, table_id, column)
                yield Part("not_kept", None, (where,))
        if system.reach == "outside":
            says = f"`{system_id}` is out of reach: nobody can see what `{name}` holds"
            yield Part("not_provable", None, (Evidence("out_of_reach", says, system_id),))
            return
        observation = self._fresh(system_id)
        if isinstance(observation, Part):
            yield observation
        elif table_id not in observation.tables:
            yield from _not_measured(observation, {table_id}, name)
        else:
            yield self._columns(observation, table_id)

    def _columns(self, observation: Observation, table: str) -> Part:
        run = observation.carried.get(table, TableCarried()).runs.get("only")
        since = _since(run, observation)
        unmapped = observation.tables[table].unmapped
        say = _Say(observation, table, "")
        if unmapped:
            names = ", ".join(f"`{column}`" for column in unmapped)
            says = f"nobody has said what {names} holds"
            return say.part("not_kept", since, ("unmapped", says, 0))
        return say.part("kept", since, ("only", "every column is on the map", 0))

    def absent(self, names: Sequence[str]) -> Iterator[Part]:
        """Yield whether no system has a table of one of these names."""
        wanted = {name.casefold(): name for name in names}
        looked = False
        for system in self._systems.systems.values():
            for table in system.tables.values():
                if {table.id.casefold(), table.name.casefold()} & set(wanted):
                    says = f"`{system.id}` has a table `{table.name}`"
                    evidence = Evidence("table_there", says, system.id, table.id)
                    yield Part("not_kept", None, (evidence,))
            if system.reach == "outside":
                continue
            looked = True
            yield self._no_other_table(system.id, set(wanted))
        if not looked:
            says = "no system is in reach that could be looked at"
            yield Part("not_provable", None, (Evidence("no_system", says),))

    def _no_other_table(self, system: str, wanted: set[str]) -> Part:
        observation = self._fresh(system)
        if isinstance(observation, Part):
            return observation
        found = [name for name in observation.other_tables if name.casefold() in wanted]
        if found:
            says = f"`{system}` has a table `{found[0]}`"
            return _said_of(observation, "not_kept", None, "table_there", says, found[0])
        says = f"`{system}` has no such table"
        return _said_of(observation, "kept", observation.at, "absent", says, "")

    def _fresh(self, system: str) -> Observation | Part:
        """Return the system's observation where it is new enough to prove anything."""
        known = self._systems.systems.get(system)
        observation = self._shown.observations.get(system)
        if known is None:
            says = f"the map has no system `{system}`"
            return Part("not_provable", None, (Evidence("not_on_map", says, system),))
        if observation is None:
            says = f"nobody has looked at `{system}` yet"
            return Part("not_provable", None, (Evidence("never_observed", says, system),))
        stale_at = observation.at + known.check_every
        if self._now > stale_at:
            says = f"the last look at `{system}` is too old to prove anything"
            return _said_of(observation, "not_provable", stale_at, "stale", says, "")
        return observation


class _Say:
    """Puts evidence of one table into parts."""

    def __init__(self, observation: Observation, table: str, name: str) -> None:
        self._seen = observation
        self._table = table
        self._name = name

    def part(
        self,
        word: Word,
        since: datetime | None,
        *said: tuple[str, str, int],
        changed: Counts | None = None,
    ) -> Part:
        """Return a part; each piece of evidence is (code, what it says, rows)."""
        where = f"{self._seen.system}.{self._table}"
        evidence = tuple(
            Evidence(
                code,
                f"`{where}`: {says}",
                self._seen.system,
                self._table,
                self._name,
                count,
                self._seen.at,
                self._seen.entry,
                changed,
            )
            for code, says, count in said
        )
        return Part(word, since, evidence)

    def when_due(self, since: datetime, due: int, changed: Counts) -> Part:
        """Return how a rule stands under which nothing is overdue."""
        if due:
            now = number_of(due, "row", "is due", "are due")
            says = f"{now}, none longer than it may be; {_so_far(changed)}"
            return self.part("kept", since, ("due", says, due), changed=changed)
        if changed:
            code = "erased" if changed.erased or not changed.blanked else "blanked"
            count = changed.erased or changed.blanked
            says = f"0 rows are due; {_so_far(changed)}"
            return self.part("kept", since, (code, says, count), changed=changed)
        return self.part("nothing_due", since, ("none", "nothing has been due yet", 0))


def _so_far(changed: Counts) -> str:
    """Return what became of rows so far: gone, or there with fields emptied."""
    said = [f"{changed.erased:,} erased"] if changed.erased or not changed.blanked else []
    said += [f"{changed.blanked:,} blanked"] if changed.blanked else []
    doubt = f", and at most {changed.in_doubt:,} more by a run that was cut off"
    return f"{' and '.join(said)} so far{doubt if changed.in_doubt else ''}"


def _without_clock(seen: RuleSeen) -> Iterator[tuple[str, str, int]]:
    """Yield how many rows lack the date that starts their period, and how many hold none."""
    lacks = ("lacks the date that starts its period", "lack the date that starts their period")
    if absent := seen.clock_missing - seen.clock_unreadable:
        yield "clock_missing", number_of(absent, "row", *lacks), absent
    if unread := seen.clock_unreadable:
        holds = ("holds", "hold")
        says = f"{number_of(unread, 'row', *holds)} no date that can be read where one has to be"
        yield "clock_unreadable", says, unread


def _be(count: int) -> str:
    return "is" if count == 1 else "are"


def _overdue(seen: RuleSeen) -> Iterator[tuple[str, str, int]]:
    if seen.overdue:
        yield "overdue", number_of(seen.overdue, "row", "is overdue", "are overdue"), seen.overdue
    if seen.undecided:
        too_long = "too long for a decision whether"
        says = number_of(
            seen.undecided,
            "row",
            f"waits {too_long} it is needed",
            f"wait {too_long} they are needed",
        )
        yield "undecided", says, seen.undecided


def _since(run: Run | None, observation: Observation) -> datetime:
    return run.since if run is not None else observation.at


def _not_measured(observation: Observation, tables: AbstractSet[str], name: str) -> Iterator[Part]:
    for table in sorted(tables):
        says = f"the last look at `{observation.system}` left `{table}` out"
        yield _said_of(observation, "not_provable", None, "not_measured", says, name)


def _said_of(
    observation: Observation,
    word: Word,
    since: datetime | None,
    code: str,
    says: str,
    name: str,
    count: int = 0,
) -> Part:
    at, entry = observation.at, observation.entry
    evidence = Evidence(code, says, observation.system, "", name, count, at, entry)
    return Part(word, since, (evidence,))
