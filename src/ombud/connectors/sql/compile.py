"""How does a predicate about a row read in SQL? One compiler for counting, erasing, explaining."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from ombud.connectors.sql.apart import INLINE_MAX, Apart, split
from ombud.connectors.sql.blank import is_blank
from ombud.connectors.sql.keys import named
from ombud.connectors.sql.rows import Row, Rows, some
from ombud.connectors.sql.times import Asked, Times
from ombud.systems.identity import shape_of
from ombud.systems.predicate import (
    TRUE,
    And,
    Blank,
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

__all__ = ["Clause", "Compiler", "Row"]

Clause = ColumnElement[bool]

_TOLD = "ombud_told"


@dataclass
class Compiler(Rows):
    """Compiles predicates for one system in one session.

    Args:
        times: How its clocks are read.
        people: Returns a fresh name for the table of people on lists; MariaDB cannot read a
            temporary table twice in one statement, so each use may need a copy.
        looked_up: Returns that a value is on a list, of one kind; on PostgreSQL alone.
        kinds: Identifier kinds that occur on each list.
    """

    times: Times
    people: Callable[[], FromClause]
    looked_up: Callable[[str, str, ColumnElement[Any]], Clause]
    kinds: dict[str, frozenset[str]] = field(default_factory=dict)
    apart: Apart = field(default_factory=Apart)

    def told(self, kinds: dict[str, frozenset[str]]) -> None:
        """Take it that other people are on lists, with identifiers of these kinds."""
        self.kinds = kinds
        self.apart.start_anew()

    def where(self, predicate: Predicate, row: Row) -> Clause:
        """Return a predicate about `row` as SQL; never NULL."""
        return self._where(predicate, (row,))

    def within(self, predicate: Predicate, rows: tuple[Row, ...]) -> Clause:
        """Return a predicate about the last of these rows; each lies one `Exists` further in."""
        return self._where(predicate, rows)

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
            case Blank(column):
                return is_blank(self, row, self.system.tables[row.table].columns[column])
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
                said = self.said(row.table, text, reads_as)
                return sa.and_(said.x.is_not(None), self.times.not_over(said, day))
            case ExpressionEmpty(text, _):
                return self.said(row.table, text).x.is_(None)
            case KeyIn(keys):
                return self.named(row, keys)
            case Listed():
                return self._listed(p, rows)
            case Exists(hops, where):
                known = row.known.get(p)
                return self._exists(hops, where, rows) if known is None else known

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
                said = self.said(rows[-1].table, text, reads_as)
                return sa.or_(said.x.is_(None), self.times.over(said, day))
            case _:
                return sa.not_(self._where(part, rows))

    def _exists(self, hops: tuple[Hop, ...], where: Predicate, rows: tuple[Row, ...]) -> Clause:
        """Return that a row along the hops fulfils `where`; inner rows have fresh names."""
        inner: list[Row] = []
        conditions = list(self._along(hops, where, rows, inner))
        return some([row.source for row in inner], *conditions)

    def _along(
        self, hops: tuple[Hop, ...], where: Predicate, rows: tuple[Row, ...], inner: list[Row]
    ) -> Iterator[Clause]:
        """Yield what rows along the hops must fulfil, and add them to `inner`."""
        sqlite = self.live.dialect == "sqlite"
        apart, further, rest = split(where) if sqlite else (TRUE, (), where)
        at = rows[-1]
        for number, hop in enumerate(hops, start=1):
            named = apart if number == len(hops) else TRUE
            nxt = self._linked(self.target(hop, at.table), named)
            yield self.joined(hop, at, nxt)
            inner.append(nxt)
            at = nxt
        yield self._where(rest, (*rows, at))
        for each in further:
            yield from self._along(each.hops, each.where, (*rows, at), inner)

    def _linked(self, table_id: str, where: Predicate) -> Row:
        """Return a linked row under a fresh name; what is asked of it may stand apart."""
        if where == TRUE:
            return self.fresh(table_id)
        key = (table_id, where)
        named = self.apart.found(key)
        if named is None:
            row = self.fresh(table_id)
            named = self.apart.make(key, row, where=self._where(where, (row,)))
        return Row(table_id, named.alias())

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

    def _one_of(self, row: Row, column: str, values: tuple[Scalar, ...]) -> Clause:
        target = row.column(column)
        if self.live_column(row, column).type in ("enum", "uuid"):
            target = self.as_text(target)
        return sa.and_(
            target.is_not(None), target.in_([self.scalar(row, column, v) for v in values])
        )

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

    def said(self, table_id: str, text: str, reads_as: ReadsAs = "auto") -> Asked:
        """Return an SQL expression of the map as a time; its names are of a row of the table."""
        live = self.live.expressions.get((table_id, text))
        return Asked(sa.literal_column(f"({text})"), live, reads_as)

    # --- people -----------------------------------------------------------------------------

    def _listed(self, p: Listed, rows: tuple[Row, ...]) -> Clause:
        present = self.kinds.get(p.list_id, frozenset())
        found = [
            self._on_list(p, identifier, rows)
            for identifier in p.identifiers
            if identifier.kind in present
        ]
        return sa.or_(sa.false(), *found)

    def _on_list(self, p: Listed, identifier: Identifier, rows: tuple[Row, ...]) -> Clause:
        """Return that one identifier of the owner row is on the list, in time."""
        owner, current = rows[-1 - p.up], rows[-1]
        inner: list[Row] = []
        conditions: list[Clause] = []
        at = owner
        for hop in identifier.path.hops:
            nxt = self.fresh(self.target(hop, at.table))
            conditions.append(self.joined(hop, at, nxt))
            inner.append(nxt)
            at = nxt
        stored = self.shaped(identifier.kind, at.column(identifier.path.column))
        if self.live.dialect == "postgresql" and p.begins is None:
            conditions.append(self.looked_up(p.list_id, identifier.kind, stored))
            conditions += _not_shared(identifier, stored)
            return (
                some([row.source for row in inner], *conditions) if inner else sa.and_(*conditions)
            )
        if self.live.dialect == "sqlite" and len(rows) > INLINE_MAX:
            told = self._told(at.table, identifier)
            same = zip(self.keys(told), self.keys(at), strict=True)
            conditions += [mine.is_not_distinct_from(theirs) for mine, theirs in same]
            inner.append(told)
            stored = told.source.c[_TOLD]
        people = self.people()
        conditions += [
            people.c.list_id == p.list_id,
            people.c.kind == identifier.kind,
            people.c.value == stored,
            *_not_shared(identifier, people.c.value),
        ]
        if p.begins is not None:
            began = self.asked(current, p.begins, p.reads_as)
            conditions.append(self.times.begun(began, people))
        return some([*(row.source for row in inner), people], *conditions)

    def _told(self, table_id: str, identifier: Identifier) -> Row:
        """Return rows of a table with an identifier in the shape of lists, which takes brackets."""
        column = identifier.path.column
        key = (table_id, column, identifier.kind)
        named = self.apart.found(key)
        if named is None:
            row = self.fresh(table_id)
            stored = self.shaped(identifier.kind, row.column(column)).label(_TOLD)
            named = self.apart.make(key, row, stored)
        return Row(table_id, named.alias())

    def shaped(self, kind: str, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return a stored identifier in the shape that lists hold."""
        shape = shape_of(kind)
        value: ColumnElement[Any] = self.as_text(column)
        for character in shape.gone:
            value = sa.func.replace(value, character, "")
        return sa.func.lower(value) if shape.lower else value


def _not_shared(identifier: Identifier, value: ColumnElement[Any]) -> Iterator[Clause]:
    """Yield that an address is none that several people share."""
    for part in identifier.shared:
        yield sa.not_(value.startswith(f"{part.lower()}@", autoescape=True))
