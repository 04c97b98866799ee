"""How does a clock of the map stand for a row, and which of its values outlive a decision?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from oracle.days import ZONES, Moment, Unreadable, Zones, is_after, read
from oracle.maps import Hop, Map, Row, Trail
from oracle.people import person
from oracle.values import Decision, Hold

COALESCE = re.compile(r"COALESCE\((\w+), (\w+)\)")


@dataclass(frozen=True)
class Clock:
    """Where an event's date is found, from a row on."""

    name: str
    hops: tuple[Hop, ...]
    column: str
    otherwise: str | None
    null: str
    reads_as: str


@dataclass(frozen=True)
class Witness:
    """One value of a clock and the walk to it; `is_else` for the `else` column of the row."""

    value: Moment | Unreadable | None
    trail: Trail
    is_else: bool = False


@dataclass(frozen=True)
class State:
    """How a clock stands: open for reasons, struck on a day, or (neither) ended."""

    day: date | None
    opens: frozenset[str]


def state_of(clock: Clock, witnesses: Iterable[Witness]) -> State:
    """Return how a clock stands by its witnesses; the latest value counts, NULL by `null:`."""
    days, opens = [], set()
    for witness in witnesses:
        if isinstance(witness.value, Moment):
            days.append(witness.value.day)
        elif isinstance(witness.value, Unreadable):
            opens.add("clock_unreadable")
        elif witness.is_else or clock.null == "finding":
            opens.add("clock_missing")
        elif clock.null == "not_yet":
            opens.add("not_yet")
    return State(max(days, default=None), frozenset(opens))


@dataclass(frozen=True)
class Case:
    """A ground that is asked about: an activity or cap on a row, and when decisions struck.

    Args:
        name: Id of the activity or cap.
        serve: What the map says of it for the row's table.
        instant: Of the latest decision that ends it; None without one.
        withdrawn: Consents that were withdrawn by decision, and when.
    """

    row: Row
    name: str
    serve: Mapping[str, Any]
    begins: str | None = None
    consent: str | None = None
    instant: datetime | None = None
    withdrawn: tuple[tuple[str, datetime], ...] = ()


@dataclass
class Clocks:
    """The clocks of one system with its rows, on a day."""

    policy: Mapping[str, Any]
    system: Mapping[str, Any]
    map: Map
    as_of: date
    holds: Iterable[Hold]
    decisions: Iterable[Decision]
    criteria: Mapping[str, date]
    findings: set[tuple[str, tuple[Any, ...], str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.decisions = [(person(d.person, self.country), d) for d in self.decisions]
        self.holds = [([person(p, self.country) for p in h.people], h) for h in self.holds]

    @property
    def country(self) -> str:
        """The organisation's country."""
        country = self.policy["organisation"]["country"]
        return "NO" if country is False else country  # an unquoted NO in YAML 1.1

    @cached_property
    def zones(self) -> Zones:
        """The organisation's zone and the system's."""
        organisation = self.policy["organisation"].get("zone", ZONES[self.country])
        return Zones(ZoneInfo(organisation), ZoneInfo(self.system.get("zone", organisation)))

    # ---------------------------------------------------------------------- one clock of a row

    def clock(self, case: Case, name: str) -> Clock:
        """Return what the map says of a clock for a case: its serve first, then its table."""
        table = self.map.tables[case.row.table]
        if name == "consent_given":
            columns = case.serve["consents"][case.consent]
            written = {"column": columns["given"], "reads_as": columns.get("reads_as", "auto")}
        else:
            clocks = {**table.get("clocks", {}), **case.serve.get("clocks", {})}
            written = clocks[name]
        return self.read_clock(case.row.table, name, written)

    def read_clock(self, table: str, name: str, written: Any) -> Clock:  # noqa: ANN401 - YAML
        """Return a clock of the map."""
        if isinstance(written, str):
            written = {"column": written}
        path = written.get("column") or written.get("latest") or written["expression"]
        words, column = [], path
        if "expression" not in written:
            *words, column = path.split(".")
        hops = self.map.hops(table, words)
        if "over" in written:
            hops = (Hop("siblings", over=tuple(written["over"])),)
        return Clock(
            name,
            hops,
            column,
            written.get("else"),
            written.get("null", written.get(None, "not_yet")),  # a bare null: is None in YAML
            written.get("reads_as", "auto"),
        )

    def cell(self, row: Row | None, column: str, reads_as: str) -> Moment | Unreadable | None:
        """Return what a column of a row says; NULL where there is no row."""
        if row is None:
            return None
        if "(" in column:
            one, other = COALESCE.fullmatch(column).groups()
            column = other if row.values[one] is None else one
        return read(row.values[column], reads_as, self.zones)

    def witnesses(self, row: Row, clock: Clock) -> list[Witness]:
        """Return every value of a clock for a row."""
        found = [
            Witness(self.cell(trail[-1], clock.column, clock.reads_as), trail)
            for trail in self.map.trails(row, clock.hops)
        ]
        if clock.otherwise is not None:
            value = self.cell(row, clock.otherwise, clock.reads_as)
            found.append(Witness(value, (row,), is_else=True))
        return found

    def clock_state(self, case: Case, name: str) -> State | None:
        """Return how a clock of a case stands; None where a decision ended every witness."""
        clock = self.clock(case, name)
        witnesses = self.witnesses(case.row, clock)
        if case.instant is not None:
            witnesses = self.undecided(case, clock, witnesses)
            if not witnesses and not self.began_after(case, case.instant):
                return None
        state = state_of(clock, witnesses)
        if state.opens & {"clock_missing", "clock_unreadable"}:
            self.findings.add((case.row.table, case.row.key, case.name, name))
        return state

    # ------------------------------------------------------------- what began after a decision

    def undecided(self, case: Case, clock: Clock, witnesses: list[Witness]) -> list[Witness]:
        """Return the witnesses that count although a decision was taken."""
        if case.begins is None:
            return []
        begins = self.clock(case, case.begins)
        if begins.hops and clock.hops[: len(begins.hops)] == begins.hops:
            return [w for w in witnesses if self.witness_began_after(w, begins, case.instant)]
        return witnesses if self.began_after(case, case.instant) else []

    def witness_began_after(self, witness: Witness, begins: Clock, instant: datetime) -> bool:
        """Return whether a witness row itself began after a decision."""
        if witness.is_else:
            row, column = witness.trail[0], begins.otherwise
        else:
            row, column = witness.trail[len(begins.hops)], begins.column
        if column is None:
            return False
        value = self.cell(row, column, begins.reads_as)
        return isinstance(value, Moment) and is_after(value, instant, self.zones)

    def began_after(self, case: Case, instant: datetime) -> bool:
        """Return whether an activity began after a decision for a row; NULL began before."""
        if case.begins is None:
            return False
        values = [w.value for w in self.witnesses(case.row, self.clock(case, case.begins))]
        return any(isinstance(v, Moment) and is_after(v, instant, self.zones) for v in values)
