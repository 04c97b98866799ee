"""How does a predicate about a row read in SQL? One compiler for counting, erasing, explaining."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from ombud.connectors.sql.keys import named, untyped
from ombud.errors import Unknown
from ombud.systems.identity import shape_of
from ombud.systems.live import LiveColumn, LiveSchema
from ombud.systems.model import System
from ombud.systems.predicate import (
    And,
    Const,
    Empty,
    Exists,
    ExpressionEmpty,
    ExpressionLater,
    Hop,
    Identifier,
    KeyIn,
    Later,
    Listed,
    Not,
    NotBefore,
    NotLater,
    OneOf,
    Or,
    Predicate,
    ReadsAs,
    Scalar,
)

Clause = ColumnElement[bool]

_TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "date": sa.Date(),
    "local_timestamp": sa.DateTime(),
    "instant": sa.DateTime(timezone=True),
    "integer": sa.BigInteger(),
    "number": sa.Numeric(),
    "boolean": sa.Boolean(),
    "text": sa.String(),
    "uuid": sa.Uuid(as_uuid=False),
}


@dataclass(frozen=True)
class Row:
    """A row that a predicate is about: which table of the map, under which name."""

    table: str
    source: FromClause

    def column(self, name: str) -> ColumnElement[Any]:
        """Return a column of the row."""
        return self.source.c[name]


@dataclass
class Compiler:
    """Compiles predicates for one system in one session.

    Args:
        zone: The organisation's, in which days are counted.
        system_zone: The one that naive timestamps of the system are local to.
        people: Returns a fresh name for the table of people on lists; MariaDB cannot read a
            temporary table twice in one statement, so each use may need a copy.
        kinds: Identifier kinds that occur on each list.
    """

    system: System
    live: LiveSchema
    zone: ZoneInfo
    system_zone: ZoneInfo
    people: Callable[[], FromClause]
    kinds: dict[str, frozenset[str]] = field(default_factory=dict)

    def source(self, table_id: str) -> FromClause:
        """Return the table itself, with every live column and its type."""
        table = self.system.tables[table_id]
        live = self.live.table(table.schema or self.system.schema, table.name)
        if live is None:
            raise Unknown(
                f"system `{self.system.id}` has no table `{table.name}`",
                help="run `ombud bind` to compare the map with the live schema",
            )
        columns = [sa.column(c.name, self._type(c)) for c in live.columns.values()]
        schema = table.schema or self.system.schema or None
        return sa.table(table.name, *columns, schema=schema)

    def row(self, table_id: str) -> Row:
        """Return the table under its own name, as the row that predicates are about."""
        return Row(table_id, self.source(table_id))

    def fresh(self, table_id: str) -> Row:
        """Return the table under a fresh name."""
        return Row(table_id, self.source(table_id).alias())

    def keys(self, row: Row) -> list[ColumnElement[Any]]:
        """Return the key columns of a row, in the order of the map and as the driver has them."""
        return [untyped(row.column(name)) for name in self.system.tables[row.table].key]

    def where(self, predicate: Predicate, row: Row) -> Clause:
        """Return a predicate about `row` as SQL; never NULL."""
        return self._where(predicate, (row,))

    # --- the algebra ------------------------------------------------------------------------

    def _where(self, p: Predicate, rows: tuple[Row, ...]) -> Clause:
        row = rows[-1]
        match p:
            case Const(value):
                return sa.true() if value else sa.false()
            case And(parts):
                return sa.and_(sa.true(), *(self._where(part, rows) for part in parts))
            case Or(parts):
                return sa.or_(sa.false(), *(self._where(part, rows) for part in parts))
            case Not(part):
                return self._not(part, rows)
            case Empty(column):
                return self._empty(row, column)
            case OneOf(column, values):
                return self._one_of(row, column, values)
            case Later(column, day, reads_as):
                return self._later(row, column, day, reads_as)
            case NotLater(column, day, reads_as):
                return self._not_later(row, column, day, reads_as)
            case NotBefore(column, other):
                left, right = row.column(column), row.column(other)
                return sa.and_(
                    sa.not_(self._empty(row, column)),
                    sa.not_(self._empty(row, other)),
                    left >= right,
                )
            case ExpressionLater(text, _, day, reads_as):
                later = self._said(text) >= self._bound(day, None, reads_as)
                return sa.and_(self._said(text).is_not(None), later)
            case ExpressionEmpty(text, _):
                return self._said(text).is_(None)
            case KeyIn(keys):
                return self.named(row, keys)
            case Listed():
                return self._listed(p, rows)
            case Exists(hops, where):
                return self._exists(hops, where, rows)

    def _not(self, part: Predicate, rows: tuple[Row, ...]) -> Clause:
        """Return the negation, pushed down to comparisons so that they can use an index."""
        match part:
            case And(parts):
                return sa.or_(sa.false(), *(self._not(p, rows) for p in parts))
            case Or(parts):
                return sa.and_(sa.true(), *(self._not(p, rows) for p in parts))
            case Not(inner):
                return self._where(inner, rows)
            case Const(value):
                return sa.false() if value else sa.true()
            case NotLater(column, day, reads_as):
                later = self._later(rows[-1], column, day, reads_as)
                return sa.or_(self._unreadable(rows[-1], column, reads_as), later)
            case Later(column, day, reads_as):
                over = self._not_later(rows[-1], column, day, reads_as)
                return sa.or_(self._empty(rows[-1], column), over)
            case OneOf(column, values):
                known = self._one_of(rows[-1], column, values)
                return sa.or_(rows[-1].column(column).is_(None), sa.not_(known))
            case ExpressionLater(text, _, day, reads_as):
                over = self._said(text) < self._bound(day, None, reads_as)
                return sa.or_(self._said(text).is_(None), over)
            case _:
                return sa.not_(self._where(part, rows))

    def _said(self, text: str) -> ColumnElement[Any]:
        return sa.literal_column(f"({text})")

    def _exists(self, hops: tuple[Hop, ...], where: Predicate, rows: tuple[Row, ...]) -> Clause:
        """Return that a row along the hops fulfils `where`; inner rows have fresh names."""
        inner: list[Row] = []
        conditions: list[Clause] = []
        at = rows[-1]
        for hop in hops:
            nxt = self.fresh(self.target(hop, at.table))
            conditions.append(self.joined(hop, at, nxt))
            inner.append(nxt)
            at = nxt
        conditions.append(self._where(where, (*rows, at)))
        sources = [r.source for r in inner]
        return (
            sa.select(sa.literal_column("1"))
            .select_from(*sources)
            .where(sa.and_(*conditions))
            .correlate_except(*sources)
            .exists()
        )

    def target(self, hop: Hop, table_id: str) -> str:
        """Return the table that a hop leads to."""
        if hop.to == "siblings":
            return table_id
        link = self.system.links[hop.link]
        return link.parent if hop.to == "parent" else link.child

    def joined(self, hop: Hop, at: Row, nxt: Row) -> Clause:
        """Return that `nxt` is reached from `at` by the hop."""
        if hop.to == "siblings":
            return sa.and_(*(at.column(c) == nxt.column(c) for c in hop.columns))
        link = self.system.links[hop.link]
        child, parent = (at, nxt) if hop.to == "parent" else (nxt, at)
        pairs = [child.column(c) == parent.column(p) for c, p in link.columns]
        fixed = [child.column(c) == self.scalar(child, c, v) for c, v in link.when]
        return sa.and_(*pairs, *fixed)

    # --- values -----------------------------------------------------------------------------

    def live_column(self, row: Row, column: str) -> LiveColumn:
        """Return what the database says about a column."""
        table = self.system.tables[row.table]
        live = self.live.table(table.schema or self.system.schema, table.name)
        if live is None or column not in live.columns:
            raise Unknown(
                f"table `{table.name}` of system `{self.system.id}` has no column `{column}`",
                help="run `ombud bind` to compare the map with the live schema",
            )
        return live.columns[column]

    def _type(self, column: LiveColumn) -> sa.types.TypeEngine[Any]:
        if self.live.dialect == "sqlite" and column.type in ("date", "local_timestamp", "instant"):
            return sa.String()  # SQLite stores them as text and compares them as text
        if column.type == "uuid" and self.live.dialect != "postgresql":
            return sa.String()
        return _TYPES.get(column.type, sa.types.NullType())

    def scalar(self, row: Row, column: str, value: Scalar) -> ColumnElement[Any]:
        """Return a value of the map as this column's type would write it."""
        kind = self.live_column(row, column).type
        if kind == "boolean" and not isinstance(value, bool):
            value = str(value).lower() in ("true", "1", "t", "yes")
        elif kind in ("integer", "number") and isinstance(value, str):
            value = int(value) if value.lstrip("-").isdigit() else value
        elif kind in ("text", "enum", "uuid") and not isinstance(value, str):
            value = str(value)
        return sa.literal(value)

    def _one_of(self, row: Row, column: str, values: tuple[Scalar, ...]) -> Clause:
        target = row.column(column)
        if self.live_column(row, column).type in ("enum", "uuid"):
            target = self.as_text(target)
        return sa.and_(
            target.is_not(None), target.in_([self.scalar(row, column, v) for v in values])
        )

    def as_text(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return a value as text that compares byte by byte."""
        if self.live.dialect == "mariadb":
            return sa.cast(value, mysql.CHAR(charset="utf8mb4")).collate("utf8mb4_bin")
        return sa.cast(value, sa.Text())

    def named(self, row: Row, keys: Sequence[tuple[str, ...]]) -> Clause:
        """Return that a row's key is one of these, each as people write it."""
        names, columns = self.system.tables[row.table].key, self.keys(row)

        def part(i: int, texts: Sequence[str]) -> Clause:
            live = self.live_column(row, names[i])
            return named(columns[i], self.as_text(columns[i]), live, self.live.dialect, texts)

        if len(names) == 1:
            return part(0, [key[0] for key in keys])
        return sa.or_(
            sa.false(), *(sa.and_(*(part(i, [t]) for i, t in enumerate(key))) for key in keys)
        )

    # --- clocks -----------------------------------------------------------------------------

    def _empty(self, row: Row, column: str) -> Clause:
        target = row.column(column)
        zero = self._zero(row, column)
        return target.is_(None) if zero is None else sa.or_(target.is_(None), target < zero)

    def _unreadable(self, row: Row, column: str, reads_as: ReadsAs) -> Clause:
        """Return that there is no time to compare: a row is never erased on such a value."""
        empty = self._empty(row, column)
        if not self._by_function(row, column, reads_as):
            return empty
        return sa.or_(empty, sa.func.datetime(row.column(column)).is_(None))

    def _zero(self, row: Row, column: str) -> ColumnElement[Any] | None:
        """Return the first real date, where the column can hold a zero date or '' before it."""
        kind = self.live_column(row, column).type
        timed = kind in ("date", "local_timestamp", "instant")
        by_dialect = {"mariadb": timed or kind == "text", "sqlite": timed or kind == "text"}
        if not by_dialect.get(self.live.dialect, kind == "text"):
            return None
        return sa.literal_column("'0001-01-01'")

    def _later(self, row: Row, column: str, day: date, reads_as: ReadsAs) -> Clause:
        target, bound = self._sides(row, column, day, reads_as)
        if self._by_function(row, column, reads_as):
            coarse = row.column(column) >= day.isoformat()
            return sa.and_(coarse, target >= bound)
        return target >= bound

    def _not_later(self, row: Row, column: str, day: date, reads_as: ReadsAs) -> Clause:
        target, bound = self._sides(row, column, day, reads_as)
        zero = self._zero(row, column)
        over = target < bound if zero is None else sa.and_(target < bound, target >= zero)
        if self._by_function(row, column, reads_as):
            # The text comparison can use an index; the function decides the last two days.
            coarse = row.column(column) < (_after(_after(day))).isoformat()
            return sa.and_(coarse, over)
        return over

    def _by_function(self, row: Row, column: str, reads_as: ReadsAs) -> bool:
        """Return whether SQLite has to read the text as a time, since the day begins within one."""
        kind = self.live_column(row, column).type
        timed = kind in ("local_timestamp", "instant") and reads_as in ("auto", "local", "utc")
        as_written = self.zone if self._reads_utc(kind, reads_as) else self.system_zone
        elsewhere = self._reads_utc(kind, reads_as) or as_written != self.zone
        return self.live.dialect == "sqlite" and timed and elsewhere

    def _sides(
        self, row: Row, column: str, day: date, reads_as: ReadsAs
    ) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        """Return the column and the first moment after local day `day`, ready to compare."""
        live = self.live_column(row, column)
        target: ColumnElement[Any] = row.column(column)
        if self._by_function(row, column, reads_as):
            target = sa.func.datetime(target)
        if live.type == "text" and self.live.dialect == "postgresql":
            target = target.collate("C")
        return target, self._bound(day, live, reads_as)

    def _bound(self, day: date, live: LiveColumn | None, reads_as: ReadsAs) -> ColumnElement[Any]:
        """Return the first moment after local day `day` as the column would write it."""
        kind = live.type if live else "local_timestamp"
        start = datetime.combine(_after(day), time.min)
        if kind == "date" or reads_as == "date":
            plain = self.live.dialect != "sqlite" and kind == "date"
            return sa.literal(start.date()) if plain else sa.literal(start.date().isoformat())
        if kind == "text":
            return sa.literal(start.date().isoformat())
        utc, local = self._moments(start)
        if reads_as == "unix_seconds":
            return sa.literal(int(utc.replace(tzinfo=UTC).timestamp()))
        moment = utc if self._reads_utc(kind, reads_as) else local
        if self.live.dialect == "sqlite":
            # A bare date sorts before any time of that day, with or without a fraction.
            midnight = moment.time() == time.min
            return sa.literal(str(moment.date()) if midnight else moment.isoformat(sep=" "))
        if kind == "instant" and self.live.dialect == "postgresql":
            return sa.literal(moment.replace(tzinfo=UTC), sa.DateTime(timezone=True))
        return sa.literal(moment, sa.DateTime())

    def _moments(self, start: datetime) -> tuple[datetime, datetime]:
        """Return a moment of the organisation's clock as (UTC, the system's clock), both naive."""
        if not _safe(start):
            return start, start
        aware = start.replace(tzinfo=self.zone)
        utc, local = aware.astimezone(UTC), aware.astimezone(self.system_zone)
        return utc.replace(tzinfo=None), local.replace(tzinfo=None)

    def _reads_utc(self, kind: str, reads_as: ReadsAs) -> bool:
        return reads_as == "utc" or (reads_as == "auto" and kind == "instant")

    # --- people -----------------------------------------------------------------------------

    def _listed(self, p: Listed, rows: tuple[Row, ...]) -> Clause:
        present = self.kinds.get(p.list_id, frozenset())
        owner, current = rows[-1 - p.up], rows[-1]
        found = [
            self._on_list(p, identifier, owner, current)
            for identifier in p.identifiers
            if identifier.kind in present
        ]
        return sa.or_(sa.false(), *found)

    def _on_list(self, p: Listed, identifier: Identifier, owner: Row, current: Row) -> Clause:
        """Return that one identifier of the owner row is on the list, in time."""
        inner: list[Row] = []
        conditions: list[Clause] = []
        at = owner
        for hop in identifier.path.hops:
            nxt = self.fresh(self.target(hop, at.table))
            conditions.append(self.joined(hop, at, nxt))
            inner.append(nxt)
            at = nxt
        people = self.people()
        stored = self.shaped(identifier.kind, at.column(identifier.path.column))
        conditions += [
            people.c.list_id == p.list_id,
            people.c.kind == identifier.kind,
            people.c.value == stored,
        ]
        for part in identifier.shared:
            conditions.append(
                sa.not_(people.c.value.startswith(f"{part.lower()}@", autoescape=True))
            )
        if p.begins is not None:
            conditions.append(self._begun(p, people, current))
        sources = [r.source for r in inner] + [people]
        return (
            sa.select(sa.literal_column("1"))
            .select_from(*sources)
            .where(sa.and_(*conditions))
            .correlate_except(*sources)
            .exists()
        )

    def shaped(self, kind: str, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return a stored identifier in the shape that lists hold."""
        shape = shape_of(kind)
        value: ColumnElement[Any] = self.as_text(column)
        for character in shape.gone:
            value = sa.func.replace(value, character, "")
        return sa.func.lower(value) if shape.lower else value

    def _begun(self, p: Listed, people: FromClause, current: Row) -> Clause:
        """Return that the current row began no later than the entry's instant, or nobody knows."""
        begins = p.begins or ""
        live = self.live_column(current, begins)
        column: ColumnElement[Any] = current.column(begins)
        if p.reads_as == "unix_seconds":
            reached = column <= people.c.at_unix
        elif live.type == "date" or p.reads_as == "date":
            reached = column <= people.c.at_day
        elif self._reads_utc(live.type, p.reads_as):
            if self.live.dialect == "sqlite":
                column = sa.func.datetime(column)
            aware = live.type == "instant" and self.live.dialect == "postgresql"
            reached = column <= (people.c.at_instant if aware else people.c.at_utc)
        else:
            if self.live.dialect == "sqlite":
                column = sa.func.datetime(column)
            reached = column <= people.c.at_local
        return sa.or_(self._empty(current, begins), reached)


def _after(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day


def _safe(moment: datetime) -> bool:
    """Return whether a local time can be turned into UTC without leaving the calendar."""
    return 2 <= moment.year <= 9998
