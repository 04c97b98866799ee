"""How does a predicate about a row read in SQL? One compiler for counting, erasing, explaining."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from ombud.connectors.sql.keys import named, untyped
from ombud.connectors.sql.times import Asked, Times
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
    Unreadable,
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
        times: How its clocks are read.
        people: Returns a fresh name for the table of people on lists; MariaDB cannot read a
            temporary table twice in one statement, so each use may need a copy.
        kinds: Identifier kinds that occur on each list.
    """

    system: System
    live: LiveSchema
    times: Times
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
                return self.times.empty(self.asked(row, column))
            case Unreadable(column, reads_as):
                return self.times.unreadable(self.asked(row, column, reads_as))
            case OneOf(column, values):
                return self._one_of(row, column, values)
            case Later(column, day, reads_as):
                return self.times.later(self.asked(row, column, reads_as), day)
            case NotLater(column, day, reads_as):
                return self.times.over(self.asked(row, column, reads_as), day)
            case NotBefore(column, other, reads_as):
                one, two = (self.asked(row, c, reads_as) for c in (column, other))
                return self.times.not_before(one, two)
            case ExpressionLater(text, _, day, reads_as):
                said = self._said(text, reads_as)
                return sa.and_(said.x.is_not(None), self.times.not_over(said, day))
            case ExpressionEmpty(text, _):
                return self._said(text).x.is_(None)
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
                return self.times.not_over(self.asked(rows[-1], column, reads_as), day)
            case Later(column, day, reads_as):
                return self.times.not_later(self.asked(rows[-1], column, reads_as), day)
            case OneOf(column, values):
                known = self._one_of(rows[-1], column, values)
                return sa.or_(rows[-1].column(column).is_(None), sa.not_(known))
            case ExpressionLater(text, _, day, reads_as):
                said = self._said(text, reads_as)
                return sa.or_(said.x.is_(None), self.times.over(said, day))
            case _:
                return sa.not_(self._where(part, rows))

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
        text = sa.cast(value, sa.Text())
        # A collation that takes letters for the same would not let parts of a text be replaced.
        return text.collate("default") if self.live.dialect == "postgresql" else text

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

    def asked(self, row: Row, column: str, reads_as: ReadsAs = "auto") -> Asked:
        """Return a column that is read as a time."""
        return Asked(row.column(column), self.live_column(row, column), reads_as)

    def _said(self, text: str, reads_as: ReadsAs = "auto") -> Asked:
        """Return an SQL expression of the map as a time."""
        return Asked(sa.literal_column(f"({text})"), None, reads_as)

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
            began = self.asked(current, p.begins, p.reads_as)
            conditions.append(self.times.begun(began, people))
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
