"""Which rows are due? A survey fills a session's work tables, and decides which rows go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from ombud.connectors.sql.apart import is_deep
from ombud.connectors.sql.blank import is_blank
from ombud.connectors.sql.keepers import Keepers
from ombud.connectors.sql.keytables import KeyTables
from ombud.connectors.sql.once import Once, bit, fenced
from ombud.connectors.sql.rides import Ride
from ombud.connectors.sql.rows import Row, some
from ombud.connectors.sql.together import below, told
from ombud.connectors.sql.works import Work, Works
from ombud.plan.ground import FieldClass, TableGrounds
from ombud.systems.model import System, Table
from ombud.systems.order import children_first
from ombud.systems.predicate import (
    FALSE,
    TRUE,
    And,
    Exists,
    Predicate,
    all_of,
    any_of,
    disjuncts,
    none_of,
)

Clause = ColumnElement[bool]

_WAYS_MAX = 4


@dataclass(frozen=True)
class Survey:
    """Looks at the rows of one system.

    Args:
        rides: By table id, what goes along with its owner now.
    """

    works: Works
    rides: Mapping[str, Ride]

    @cached_property
    def found(self) -> KeyTables:
        """Keys of candidates, where these are looked for before they are asked more."""
        return KeyTables(self.works.connection, self.works.compiler, "ombud_candidates")

    def take(self, candidates: Mapping[str, FromClause | None] | None = None) -> None:
        """Fill the work table of every table, and decide which rows go.

        Args:
            candidates: Table id to a table of keys `k0..`, only these rows are looked at; a table
                id without one: every row. None: every row of every table.
        """
        works = self.works
        works.clear()
        works.rides = dict(self.rides)
        for tg in works.grounds.tables.values():
            if tg.classes and tg.table.id not in works.rides:
                only = candidates.get(tg.table.id) if candidates else None
                works.tables[tg.table.id] = self._build(tg, only)
        for group in children_first(works.grounds.system):
            Keepers(works).keep_parents(group)
        for ride in works.rides.values():
            works.tables[ride.table] = self._build_riding(ride)

    def _build(self, tg: TableGrounds, only: FromClause | None) -> Work:
        """Make a work table: keys, flags per class, membership, and whether the row is erased.

        Each ground is asked of a row once, in a query of its own around which nothing is moved:
        what several classes live by would else be looked up again for each.
        """
        row = self.works.compiler.row(tg.table.id)
        referred = _referred(self.works.grounds.system, tg.table)
        minimal = [tg.classes[i] for i in _minimal(tg.classes)]
        # Where one class alone makes a row a candidate, that class is dead in each of them.
        surely = minimal[0] if len(minimal) == 1 and _plain(minimal[0]) else None
        once = _asked(tg.classes, surely)
        asked = self._below(tg, once)
        if asked and only is None:
            only = self.found.create(tg.table.id, self._branches(tg.table.id, minimal))
        where: list[Clause] = []
        if only is None:
            source: FromClause = row.source
            where.append(self._candidates(row, minimal))
        else:
            row, source = told(self.works.compiler, row, only, asked)
            if surely is not None:
                where.append(self.works.compiler.where(none_of(surely.whole), row))
        chosen = sa.select(*self._columns(tg, row, once)).select_from(source).where(*where)
        inner = fenced(chosen, self.works.compiler.live.dialect).subquery()
        marks = []
        for i, each in enumerate(tg.classes):
            dead = sa.true() if each is surely else once.over(inner, each.living)
            marks.append((dead, _review(inner, i, each, dead, once)))
        flags = [bit(dead, f"d{i}") for i, (dead, _) in enumerate(marks)]
        flags += [bit(review, f"v{i}") for i, (_, review) in enumerate(marks)]
        gone = [sa.and_(dead, sa.not_(review)) for dead, review in marks]
        erases = tg.table.when_due == "erase"
        kept = [c for c in inner.c if c.name[0] in "kxwrc"]
        outer = sa.select(*kept, *flags, bit(sa.and_(*gone) if erases else sa.false(), "e"))
        if only is not None and surely is None:  # they are few, and each is asked everything
            outer = outer.where(sa.or_(*(once.over(inner, each.whole) for each in minimal)))
        return Work(tg, self.works.create(outer, row, len(referred)), tg.table.key, referred)

    def _below(self, tg: TableGrounds, once: Once) -> tuple[Exists, ...]:
        """Return what is better asked of the rows below for all candidates together.

        Only PostgreSQL weighs that against asking for each by an index.
        """
        if self.works.compiler.live.dialect != "postgresql":
            return ()
        undecided = [each.undecided for each in tg.classes if each.reviewed]
        predicates = [*once.parts, *undecided, *tg.rules.values(), *tg.caps.values()]
        return below(predicates, tg.table.id, self.works.grounds.system)

    def _columns(self, tg: TableGrounds, row: Row, once: Once) -> Iterator[ColumnElement[Any]]:
        """Yield what is asked of a row: key, which grounds are over, what is blank, membership."""
        compiler = self.works.compiler
        yield from compiler.named_keys(row)
        for i, name in enumerate(_referred(self.works.grounds.system, tg.table)):
            yield row.column(name).label(f"x{i}")
        yield from once.columns(compiler, row)
        for i, each in enumerate(tg.classes):
            blanks = [is_blank(compiler, row, tg.table.columns[c]) for c in each.columns]
            yield bit(sa.and_(sa.true(), *blanks), f"w{i}")
            if each.reviewed:
                yield bit(compiler.where(each.undecided, row), f"u{i}")
        for kind, asked in (("r", tg.rules), ("c", tg.caps)):
            for i, member in enumerate(asked.values()):
                yield bit(compiler.where(member, row), f"{kind}{i}")

    def _build_riding(self, ride: Ride) -> Work:
        """Make the work table of rows that go though the owner's row stays."""
        tg = self.works.grounds.tables[ride.table]
        row, anchor = self.works.compiler.row(ride.table), self.works.tables[ride.anchor]
        columns: list[ColumnElement[Any]] = [*self.works.compiler.named_keys(row)]
        for name, value in (("d0", "1"), ("w0", "0"), ("v0", "0")):
            columns.append(sa.literal_column(value).label(name))
        for i, rule in enumerate(tg.rules):
            flag = self.works.member_of(anchor, rule)
            columns.append((sa.literal_column("0") if flag is None else flag).label(f"r{i}"))
        columns.append(sa.literal_column("1").label("e"))
        chosen = sa.select(*columns).select_from(self.works.to_anchor(row, ride, anchor))
        stays = sa.and_(anchor.flag("d", ride.number) == 1, anchor.table.c.e == 0)
        return Work(tg, self.works.create(chosen.where(stays), row, 0), tg.table.key, ())

    def _candidates(self, row: Row, minimal: Sequence[FieldClass]) -> Clause:
        """Return that one of several fields is dead."""
        ways = _ends(minimal)
        if len(ways) < 2:  # none where each field is kept for good
            return self.works.compiler.where(ways[0] if ways else FALSE, row)
        found = sa.union(*self._branches(row.table, minimal))
        # SQLite reads less deep brackets there.
        union = found.cte() if self.works.compiler.live.dialect == "sqlite" else found.subquery()
        ours = self.works.compiler.keys(row)
        if len(ours) == 1:
            return ours[0].in_(sa.select(union.c.k0))
        same = self.works.compiler.same_key(row, union)
        return some([union], same)

    def _branches(self, table_id: str, minimal: Sequence[FieldClass]) -> list[sa.Select[Any]]:
        """Return the keys of candidates; one branch for each way, never an OR of subqueries."""
        branches: list[sa.Select[Any]] = []
        for predicate in _ends(minimal):
            row = self.works.compiler.fresh(table_id)
            keys = sa.select(*self.works.compiler.named_keys(row)).select_from(row.source)
            branches.append(keys.where(self.works.compiler.where(predicate, row)))
        return branches


def _referred(system: System, table: Table) -> tuple[str, ...]:
    """Return columns beside the key that children refer to."""
    names = [p for k in system.links.values() if k.parent == table.id for _, p in k.columns]
    return tuple(dict.fromkeys(n for n in names if n not in table.key))


def _plain(each: FieldClass) -> bool:
    """Return whether a class is dead once nothing keeps the whole of it."""
    return each.whole == each.living


def _ends(minimal: Sequence[FieldClass]) -> list[Predicate]:
    """Return the ways in which nothing keeps one of several fields any more."""
    return [way for each in minimal for way in _ways(each.whole)]


def _ways(whole: Predicate) -> list[Predicate]:
    """Return the ways in which nothing keeps a field any more: each a conjunction.

    A ground ends by its clock, or by a decision on a list: searched for in one condition, each row
    would be asked both.
    """
    ways: list[Predicate] = [TRUE]
    for part in disjuncts(whole):
        ends = [none_of(piece) for piece in (part.parts if isinstance(part, And) else (part,))]
        here = any_of(end for end in ends if not is_deep(end))
        apart = [end for end in (here, *filter(is_deep, ends)) if end != FALSE]
        if len(ways) * len(apart) > _WAYS_MAX:
            apart = [none_of(part)]
        ways = [all_of([way, end]) for way in ways for end in apart]
    return [way for way in ways if way != FALSE]


def _asked(classes: Sequence[FieldClass], surely: FieldClass | None) -> Once:
    """Return what has to be asked of a row to know which of its classes are dead."""
    return Once.of(
        predicate
        for each in classes
        if each is not surely
        for predicate in (each.living, *(() if _plain(each) else (each.whole,)))
    )


def _review(inner: FromClause, i: int, each: FieldClass, dead: Clause, once: Once) -> Clause:
    """Return that a class is for a person to look at."""
    looked_at: list[Clause] = []
    if not _plain(each):
        looked_at.append(sa.and_(sa.not_(dead), once.over(inner, each.whole)))
    if each.reviewed:
        looked_at.append(sa.and_(dead, inner.c[f"u{i}"] == 1))
    return sa.and_(sa.or_(*looked_at), inner.c[f"w{i}"] == 0) if looked_at else sa.false()


def _minimal(classes: Sequence[FieldClass]) -> list[int]:
    """Return the classes that die no later than any other; others need not be looked at."""
    kept_by = [frozenset(disjuncts(c.whole)) for c in classes]
    return [
        i
        for i, mine in enumerate(kept_by)
        if classes[i].whole != classes[i].living
        or not any(
            (other < mine or (other == mine and j < i))
            for j, other in enumerate(kept_by)
            if classes[j].whole == classes[j].living
        )
    ]
