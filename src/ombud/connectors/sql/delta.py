"""Which rows can have become due since a sweep that left nothing due? Candidates, by index.

A row becomes due when a clock passes its cutoff, when a person of it is decided about, or when a
hold on it goes; and with it rows that live by it or are kept for it. Nothing else is seen here: a
backdated import, a linked row that went, a restore or a changed policy need a full survey.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.selectable import FromClause

from ombud.connectors.sql.apart import has_expression
from ombud.connectors.sql.compile import Compiler
from ombud.connectors.sql.keytables import KeyTables
from ombud.connectors.sql.links import holds_parent
from ombud.connectors.sql.rides import Ride, goes_along
from ombud.connectors.sql.rows import Row, some
from ombud.plan.ground import Entry, SystemGrounds, TableGrounds
from ombud.systems.model import Link
from ombud.systems.order import children_first
from ombud.systems.predicate import (
    And,
    Exists,
    ExpressionLater,
    Hop,
    Identifier,
    KeyIn,
    Later,
    Listed,
    Not,
    NotBefore,
    NotLater,
    Or,
    Predicate,
    ReadsAs,
    all_of,
    none_of,
)

CHANGED = "changed"
"""List of the people about whom something was decided since."""

_Where = tuple[tuple[Hop, ...], str, ReadsAs]


@dataclass
class _Leaves:
    """What in the predicates of a table depends on time, by where it is read."""

    days: dict[_Where, set[date]] = field(default_factory=dict)
    expressions: dict[tuple[tuple[Hop, ...], str, tuple[str, ...], ReadsAs], set[date]] = field(
        default_factory=dict
    )
    withdrawn: set[_Where] = field(default_factory=set)
    keys: dict[tuple[Hop, ...], set[tuple[str, ...]]] = field(default_factory=dict)
    people: set[tuple[tuple[Hop, ...], tuple[Identifier, ...]]] = field(default_factory=set)

    def read(self, predicate: Predicate, hops: tuple[Hop, ...] = ()) -> None:
        match predicate:
            case And(parts) | Or(parts):
                for part in parts:
                    self.read(part, hops)
            case Not(part):
                self.read(part, hops)
            case Exists(more, where):
                self.read(where, (*hops, *more))
            case Later(column, day, reads_as) | NotLater(column, day, reads_as):
                self.days.setdefault((hops, column, reads_as), set()).add(day)
            case ExpressionLater(text, reads, day, reads_as):
                self.expressions.setdefault((hops, text, reads, reads_as), set()).add(day)
            case NotBefore(column, _, reads_as):
                self.withdrawn.add((hops, column, reads_as))
            case KeyIn(keys) if _below(hops):
                self.keys.setdefault(hops, set()).update(keys)
            case Listed(_, identifiers, up=0) if hops and _below(hops):
                self.people.add((hops, identifiers))
            case _:
                pass


@dataclass
class Candidates:
    """Finds candidates in one session and keeps their keys in temporary tables.

    Args:
        since: The grounds of the last sweep.
        rides: By table id, what goes along with its owner now.
    """

    connection: sa.Connection
    compiler: Compiler
    grounds: SystemGrounds
    since: SystemGrounds
    rides: Mapping[str, Ride]
    tables: KeyTables = field(init=False)

    def __post_init__(self) -> None:
        self.tables = KeyTables(self.connection, self.compiler, "ombud_since")

    def find(self) -> dict[str, FromClause | None]:
        """Return, per table with fields, a table of candidate keys; None: every row.

        A table that is not surveyed, and whose rows make no others candidates, can be missing.
        """
        found: dict[str, FromClause | None] = {}
        groups = children_first(self.grounds.system)
        along = self._along()
        for table_id, tg in self.grounds.tables.items():
            before = self.since.tables[table_id]
            if table_id in along:
                if concerned := self._concerned(tg, _leaves(tg), _leaves(before)):
                    found[table_id] = self._keys(table_id, concerned)
            elif tg.classes:
                where = self._changed(tg, before)
                found[table_id] = None if where is None else self._keys(table_id, where)
        order = [t for group in groups for t in group]
        links = self.grounds.system.links.values()
        for parent in reversed(order):
            for link in (k for k in links if k.parent == parent and k.follows):
                if link.child not in along:
                    self._spread(found, link, "parent")
        for group in groups:
            holding = [k for k in links if k.child in group and self._holds(k)]
            self._settle(found, [k for k in holding if k.parent in group])
            for link in (k for k in holding if k.parent not in group):
                self._spread(found, link, "children")
        return found

    def _settle(self, found: dict[str, FromClause | None], circle: list[Link]) -> None:
        """Make rows candidates that rows refer to, and those that these refer to, to the end."""
        while circle:
            before = [self._size(found.get(link.parent)) for link in circle]
            for link in circle:
                self._spread(found, link, "children")
            if before == [self._size(found.get(link.parent)) for link in circle]:
                return

    def _size(self, source: FromClause | None) -> int:
        return 0 if source is None else self.tables.size(source)

    def _changed(self, tg: TableGrounds, before: TableGrounds) -> list[Predicate] | None:
        """Return what makes a row a candidate, one predicate per index; None: every row is one."""
        now, then = _leaves(tg), _leaves(before)
        if tg.volatile or now.days.keys() != then.days.keys():
            return None
        where: list[Predicate] = []
        for place, days in now.days.items():
            hops, column, reads_as = place
            pairs = _pairs(then.days[place], days)
            if pairs is None:
                return None
            for old, new in pairs:
                over, later = NotLater(column, new, reads_as), Later(column, old, reads_as)
                where.append(_at(hops, all_of([over, later])))
        if now.expressions.keys() != then.expressions.keys():
            return None
        for said, days in now.expressions.items():
            hops, text, reads, reads_as = said
            pairs = _pairs(then.expressions[said], days)
            if pairs is None:
                return None
            for old, new in pairs:
                living = ExpressionLater(text, reads, old, reads_as)
                ended = none_of(ExpressionLater(text, reads, new, reads_as))
                where.append(_at(hops, all_of([living, ended])))
        for hops, column, reads_as in now.withdrawn:
            day = self.since.as_of - timedelta(days=1)
            where.append(_at(hops, Later(column, day, reads_as)))
        return where + self._concerned(tg, now, then)

    def _concerned(self, tg: TableGrounds, now: _Leaves, then: _Leaves) -> list[Predicate]:
        """Return what makes a row a candidate though no clock of it struck."""
        where: list[Predicate] = []
        for place_of, keys in then.keys.items():
            gone = keys - now.keys.get(place_of, set())
            if gone:
                where.append(_at(place_of, KeyIn(tuple(sorted(gone)))))
        if CHANGED in self.compiler.kinds:
            where += [Listed(CHANGED, each) for each in tg.identifiers if each]
            below = sorted(now.people | then.people, key=repr)
            where += [_at(hops, Listed(CHANGED, each)) for hops, each in below]
        return where

    def _along(self) -> set[str]:
        """Return the tables that need not be looked at when their owners are candidates.

        Their rows go along, and hold nothing but their owner; so do those that belong to them.
        """
        links = self.grounds.system.links.values()
        alone = {
            table
            for table in self.rides
            if all(goes_along(k, self.rides) for k in links if k.child == table and self._holds(k))
        }
        while True:
            blocked = {k.parent for k in links if k.follows and k.child not in alone} & alone
            if not blocked:
                return alone
            alone -= blocked

    def _keys(self, table_id: str, where: Iterable[Predicate]) -> FromClause:
        branches = []
        for predicate in where:
            row = self.compiler.fresh(table_id)
            keys = self.compiler.named_keys(row)
            branches.append(self._branch(row, keys, predicate))
        return self.tables.create(table_id, branches)

    def _branch(self, row: Row, keys: list[sa.Label[Any]], predicate: Predicate) -> sa.Select[Any]:
        """Return the keys that fulfil a predicate, driven from the far end of its hops."""
        select: sa.Select[Any] = sa.select(*keys).select_from(row.source)
        if not isinstance(predicate, Exists):
            return select.where(self.compiler.where(predicate, row))
        at = row
        for hop in predicate.hops:
            nxt = self.compiler.fresh(self.compiler.target(hop, at.table))
            select = select.join(nxt.source, self.compiler.joined(hop, at, nxt))
            at = nxt
        if not has_expression(predicate.where):
            return select.where(self.compiler.where(predicate.where, at))
        alone = self.compiler.fresh(at.table)  # the names in an expression of the map are bare
        where = self.compiler.where(predicate.where, alone)
        return select.where(some([alone.source], self.compiler.same_row(alone, at), where))

    def _holds(self, link: Link) -> bool:
        return holds_parent(link, self.grounds.system, self.compiler.live)

    def _spread(self, found: dict[str, FromClause | None], link: Link, start: str) -> None:
        """Make the rows at one end of a link candidates where those at the other end are."""
        near, far = (link.parent, link.child) if start == "parent" else (link.child, link.parent)
        if far not in found or found[far] is None or (near == far and start == "parent"):
            return
        if near not in found:
            return
        source = found[near]
        if source is None:
            found[far] = None
            return
        if near == far:  # MariaDB reads a temporary table once in a statement
            source = self.tables.create(near, [sa.select(*source.c)])
        hop = Hop(link.id, "parent" if start == "parent" else "children")
        known = found[far]
        if known is not None:
            spread = self.tables.reached(far, hop, near, source)
            found[far] = self.tables.create(far, [sa.select(*known.c), spread])


def changed_people(now: SystemGrounds, since: SystemGrounds) -> tuple[Entry, ...]:
    """Return the people on one side's lists and not on the other's."""
    moved = {
        e
        for name in {*now.lists, *since.lists}
        for e in set(now.lists.get(name, ())) ^ set(since.lists.get(name, ()))
    }
    return tuple(sorted(moved, key=lambda e: (e.kind, e.value, e.at)))


def _leaves(tg: TableGrounds) -> _Leaves:
    leaves = _Leaves()
    for each in tg.classes:
        leaves.read(each.living)
        leaves.read(each.whole)
    return leaves


def _pairs(old: set[date], new: set[date]) -> list[tuple[date, date]] | None:
    """Return (old, new) cutoffs in order; None where they do not correspond or went back."""
    if len(old) != len(new):
        return None
    pairs = list(zip(sorted(old), sorted(new), strict=True))
    return [p for p in pairs if p[0] != p[1]] if all(a <= b for a, b in pairs) else None


def _below(hops: tuple[Hop, ...]) -> bool:
    """Return whether a place lies in the row or below it; rows above pass on what changed."""
    return not hops or any(hop.to != "parent" for hop in hops)


def _at(hops: tuple[Hop, ...], where: Predicate) -> Predicate:
    return Exists(hops, where) if hops else where


def lists_with(
    lists: Mapping[str, tuple[Entry, ...]], people: tuple[Entry, ...]
) -> dict[str, tuple[Entry, ...]]:
    """Return the lists with the changed people as one more."""
    return {**lists, CHANGED: people} if people else dict(lists)
