"""How does a table stand under its rules? Exact counts for the evidence, one pass per question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from ombud.connectors.sql.blank import is_blank
from ombud.connectors.sql.compile import Compiler, Row
from ombud.connectors.sql.latest import latest_value
from ombud.connectors.sql.once import Once, fenced, one
from ombud.plan.ground import SystemGrounds, TableGrounds
from ombud.systems.connector import HOLD, VALUES, ClockDoubts, TableCensus
from ombud.systems.model import Clock
from ombud.systems.predicate import FALSE, Predicate, any_of

_SECONDS_MAX = 253_402_300_799  # the end of the year 9999


@dataclass(frozen=True)
class Census:
    """Counts rows of one system by the grounds put to the session."""

    connection: sa.Connection
    compiler: Compiler
    grounds: SystemGrounds

    def take(self, kept: Mapping[str, Mapping[str, Clock]]) -> dict[str, TableCensus]:
        """Return the census of every table.

        Args:
            kept: Table id to activity id, or `HOLD` and a hold's id, to the clock that starts a
                duty to keep.
        """
        return {
            table_id: self._table(tg, kept.get(table_id, {}))
            for table_id, tg in self.grounds.tables.items()
        }

    def _table(self, tg: TableGrounds, kept: Mapping[str, Clock]) -> TableCensus:
        row = self.compiler.row(tg.table.id)
        alive = living_by_rule(tg)
        doubts = _doubts(tg)
        asked: list[Predicate] = [*alive.values(), *tg.undecided.values()]
        asked += [tg.held, *tg.held_by.values()]
        asked += [where for _, _, where in doubts]
        rows, *numbers = self._holding(row, asked)
        take = iter(numbers)
        census = TableCensus(
            rows=rows,
            alive={k: next(take) for k in alive},
            undecided={k: next(take) for k in tg.undecided},
            held=next(take),
            held_by={k: next(take) for k in tg.held_by},
            clocks=_by_rule(doubts, take),
            kept_until=self._kept(tg, row, alive, kept),
            columns=tuple(self.compiler.source(tg.table.id).c.keys()),
        )
        return census

    def _holding(self, row: Row, asked: Sequence[Predicate]) -> list[int]:
        """Return how many rows there are, and of how many each predicate holds."""
        once, dialect = Once.of(asked), self.compiler.live.dialect
        told = sa.select(sa.literal_column("1").label("there"), *once.columns(self.compiler, row))
        told = told.select_from(row.source)
        # MariaDB would write all of it down first.
        inner = (told if dialect == "mariadb" else fenced(told, dialect)).subquery()
        sums = (sa.func.sum(one(sa.not_(once.over(inner, each)))) for each in asked)
        with self.connection.begin():
            found = self.connection.execute(sa.select(sa.func.count(inner.c.there), *sums)).one()
        return [int(n or 0) for n in found]

    def held(self, hold: str) -> int:
        """Return how many rows of all tables a hold covers; nothing else is asked of them."""
        asked = [
            self._counted(table_id, tg.held_by[hold])
            for table_id, tg in self.grounds.tables.items()
            if hold in tg.held_by
        ]
        with self.connection.begin():
            return sum(int(self.connection.execute(sa.select(each)).scalar_one()) for each in asked)

    def clocks(self) -> dict[str, dict[str, ClockDoubts]]:
        """Return, by table and activity, the rows whose clocks are in doubt; most have none.

        One statement a table, with a count of its own for each question: an index on the clock
        answers what is missing or far.
        """
        found = {}
        for table_id, tg in self.grounds.tables.items():
            doubts = _doubts(tg)
            counts = [self._counted(tg.table.id, where) for _, _, where in doubts]
            if counts:
                with self.connection.begin():
                    numbers = self.connection.execute(sa.select(*counts)).one()
                known = _by_rule(doubts, (int(n or 0) for n in numbers))
                found[table_id] = {rule: each for rule, each in known.items() if each}
        return found

    def _counted(self, table_id: str, where: Predicate) -> ColumnElement[Any]:
        row = self.compiler.row(table_id)
        count = sa.select(sa.func.count()).select_from(row.source)
        return count.where(self.compiler.where(where, row)).scalar_subquery()

    def _kept(
        self,
        tg: TableGrounds,
        row: Row,
        alive: Mapping[str, Predicate],
        kept: Mapping[str, Clock],
    ) -> dict[str, dict[date, int]]:
        """Return what must stay by name and month: rows, and the filled fields of activities."""
        living = {**alive, **{f"{HOLD}{hold}": where for hold, where in tg.held_by.items()}}
        found: dict[str, dict[date, int]] = {}
        for name, clock in kept.items():
            if name in living:
                filled = self._filled(tg, row, name, living[name])
                months = self._months(row, living[name], clock, filled)
                found[name] = {month: rows for month, rows, _ in months}
                if filled:
                    found[f"{VALUES}{name}"] = {month: values for month, _, values in months}
        return found

    def _filled(
        self, tg: TableGrounds, row: Row, rule: str, living: Predicate
    ) -> list[ColumnElement[Any]]:
        """Return, for each field that a rule keeps, 1 where it holds something.

        Args:
            living: That the rule keeps any field; only such rows are asked.
        """
        found = []
        for each in tg.fields:
            kept = any_of(ground.living for ground in each.all_grounds() if ground.id == rule)
            if kept != FALSE:
                filled = sa.not_(is_blank(self.compiler, row, each.column))
                if kept != living:
                    filled = sa.and_(self.compiler.where(kept, row), filled)
                found.append(one(filled))
        return found

    def _months(
        self,
        row: Row,
        living: Predicate,
        clock: Clock,
        filled: Sequence[ColumnElement[Any]],
    ) -> list[tuple[date, int, int]]:
        """Return (first day of the clock's month, rows whose ground lives, their filled fields)."""
        month = self._month(row, clock).label("month")
        values = sa.func.sum(sum(filled, sa.literal_column("0")))
        select = sa.select(month, sa.func.count(), values).select_from(row.source)
        select = select.where(self.compiler.where(living, row)).group_by(month)
        with self.connection.begin():
            found = self.connection.execute(select).all()
        known = [(_day(m), int(n), int(v or 0)) for m, n, v in found if m is not None]
        return [(month, rows, values) for month, rows, values in known if month is not None]

    def _month(self, row: Row, clock: Clock) -> ColumnElement[Any]:
        asked = latest_value(self.compiler, row, clock)
        value, dialect = asked.x, self.compiler.live.dialect
        if clock.reads_as == "unix_seconds":
            value = sa.case((value.between(0, _SECONDS_MAX), value))
            value = {
                "sqlite": sa.func.datetime(value, "unixepoch"),
                "mariadb": sa.func.from_unixtime(value),
            }.get(dialect, sa.func.to_timestamp(value))
        if dialect == "sqlite" or self.compiler.times.text(asked) is not None:
            return sa.func.substr(value, 1, 7)
        if dialect == "mariadb":
            return sa.func.date_format(value, "%Y-%m")
        return sa.func.to_char(sa.cast(value, sa.DateTime()), "YYYY-MM")


def _doubts(tg: TableGrounds) -> list[tuple[str, str, Predicate]]:
    """Return what is in doubt of a table's clocks: (activity, which doubt, condition)."""
    kinds = {"missing": tg.missing, "unreadable": tg.unreadable, "far": tg.far}
    return [(rule, kind, where) for kind, by in kinds.items() for rule, where in by.items()]


def _by_rule(
    doubts: Sequence[tuple[str, str, Predicate]], numbers: Iterator[int]
) -> dict[str, ClockDoubts]:
    """Return the doubts counted, by activity."""
    found: dict[str, dict[str, int]] = {}
    for (rule, kind, _), number in zip(doubts, numbers, strict=True):
        found.setdefault(rule, {})[kind] = number
    return {rule: ClockDoubts(**counts) for rule, counts in found.items()}


def living_by_rule(tg: TableGrounds) -> dict[str, Predicate]:
    """Return, per activity of a table, that its ground lives for some field of the row."""
    found: dict[str, list[Predicate]] = {}
    for each in tg.fields:
        for ground in each.all_grounds():
            if ground.keep is not None:
                found.setdefault(ground.id, []).append(ground.living)
    return {rule: any_of(where) for rule, where in found.items()}


def _day(month: str) -> date | None:
    """Return the first day of a month; None where it is none of the calendar."""
    year, _, number = str(month).partition("-")
    try:
        return date(int(year), int(number[:2]), 1)
    except ValueError:
        return None
