"""Which rows are due? A survey fills a session's work tables, and decides which rows go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from ombud.connectors.sql.blank import is_blank
from ombud.connectors.sql.compile import Row
from ombud.connectors.sql.keepers import Keepers
from ombud.connectors.sql.rides import Ride, rides_of
from ombud.connectors.sql.works import Work, Works, bit
from ombud.plan.ground import FieldClass, TableGrounds
from ombud.systems.model import System, Table
from ombud.systems.order import children_first
from ombud.systems.predicate import Predicate, disjuncts, none_of

Clause = ColumnElement[bool]


@dataclass(frozen=True)
class Survey:
    """Looks at the rows of one system."""

    works: Works

    def take(self, candidates: Mapping[str, FromClause | None] | None = None) -> None:
        """Fill the work table of every table, and decide which rows go.

        Args:
            candidates: Table id to a table of keys `k0..`, only these rows are looked at; a table
                id without one: every row. None: every row of every table.
        """
        works = self.works
        works.clear()
        order = children_first(works.grounds.system)
        works.rides = rides_of(works.grounds, works.compiler.live, order)
        for tg in works.grounds.tables.values():
            if tg.classes and tg.table.id not in works.rides:
                only = candidates.get(tg.table.id) if candidates else None
                works.tables[tg.table.id] = self._build(tg, only)
        for group in order:
            Keepers(works).keep_parents(group)
        for ride in works.rides.values():
            works.tables[ride.table] = self._build_riding(ride)

    def _build(self, tg: TableGrounds, only: FromClause | None) -> Work:
        """Make a work table: keys, flags per class, membership, and whether the row is erased."""
        row = self.works.compiler.row(tg.table.id)
        referred = _referred(self.works.grounds.system, tg.table)
        minimal = _minimal(tg.classes)
        columns: list[ColumnElement[Any]] = [
            k.label(f"k{i}") for i, k in enumerate(self.works.compiler.keys(row))
        ]
        columns += [row.column(c).label(f"x{i}") for i, c in enumerate(referred)]
        for i, each in enumerate(tg.classes):
            columns += self._class_flags(tg, row, i, each, surely=minimal == [i])
        for kind, asked in (("r", tg.rules), ("c", tg.caps)):
            columns += [
                bit(self.works.compiler.where(p, row), f"{kind}{i}")
                for i, p in enumerate(asked.values())
            ]
        chosen = sa.select(*columns).select_from(row.source)
        if only is not None:
            chosen = chosen.join(only, self.works.same_key(row, only))
        wanted = [none_of(tg.classes[i].whole) for i in minimal]
        inner = chosen.where(self._candidates(row, wanted)).subquery()
        n = range(len(tg.classes) if tg.table.when_due == "erase" else 0)
        gone = [inner.c[f"d{i}"] == 1 for i in n] + [inner.c[f"v{i}"] == 0 for i in n]
        erased = bit(sa.and_(*gone) if gone else sa.false(), "e")
        name = self.works.create(sa.select(*inner.c, erased), row, len(referred))
        table = sa.table(name, *(sa.column(c) for c in [*inner.c.keys(), "e"]))
        return Work(tg, table, tg.table.key, referred)

    def _build_riding(self, ride: Ride) -> Work:
        """Make the work table of rows that go though the owner's row stays."""
        tg = self.works.grounds.tables[ride.table]
        row, anchor = self.works.compiler.row(ride.table), self.works.tables[ride.anchor]
        columns: list[ColumnElement[Any]] = [
            k.label(f"k{i}") for i, k in enumerate(self.works.compiler.keys(row))
        ]
        for name, value in (("d0", "1"), ("w0", "0"), ("v0", "0")):
            columns.append(sa.literal_column(value).label(name))
        for i, rule in enumerate(tg.rules):
            flag = self.works.member_of(anchor, rule)
            columns.append((sa.literal_column("0") if flag is None else flag).label(f"r{i}"))
        columns.append(sa.literal_column("1").label("e"))
        chosen = sa.select(*columns).select_from(self.works.to_anchor(row, ride, anchor))
        stays = sa.and_(anchor.flag("d", ride.number) == 1, anchor.table.c.e == 0)
        name = self.works.create(chosen.where(stays), row, 0)
        table = sa.table(name, *(sa.column(c.name) for c in columns))
        return Work(tg, table, tg.table.key, ())

    def _class_flags(
        self, tg: TableGrounds, row: Row, i: int, each: FieldClass, *, surely: bool
    ) -> list[ColumnElement[Any]]:
        """Return the flags of a class: dead, already blank, for a person to look at.

        Args:
            surely: Every row of the work table is there because this class is dead.
        """
        where = self.works.compiler.where
        surely = surely and each.whole == each.living
        dead = sa.true() if surely else where(none_of(each.living), row)
        blanks = [is_blank(self.works.compiler, row, tg.table.columns[c]) for c in each.columns]
        blank = sa.and_(sa.true(), *blanks)
        looked_at: list[Clause] = []
        if each.whole != each.living:
            looked_at.append(sa.and_(where(each.living, row), where(none_of(each.whole), row)))
        if each.reviewed:
            looked_at.append(sa.and_(dead, where(each.undecided, row)))
        review = (
            sa.and_(sa.or_(sa.false(), *looked_at), sa.not_(blank)) if looked_at else sa.false()
        )
        return [bit(dead, f"d{i}"), bit(blank, f"w{i}"), bit(review, f"v{i}")]

    def _candidates(self, row: Row, wanted: Sequence[Predicate]) -> Clause:
        """Return that one of several fields is dead; one branch each, never an OR of subqueries."""
        if len(wanted) == 1:
            return self.works.compiler.where(wanted[0], row)
        branches = []
        for predicate in wanted:
            inner = self.works.compiler.fresh(row.table)
            keys = [k.label(f"k{i}") for i, k in enumerate(self.works.compiler.keys(inner))]
            where = self.works.compiler.where(predicate, inner)
            branches.append(sa.select(*keys).select_from(inner.source).where(where))
        found = sa.union(*branches)
        # SQLite reads less deep brackets there.
        union = found.cte() if self.works.compiler.live.dialect == "sqlite" else found.subquery()
        ours = self.works.compiler.keys(row)
        if len(ours) == 1:
            return ours[0].in_(sa.select(union.c.k0))
        same = [k == union.c[f"k{i}"] for i, k in enumerate(ours)]
        return sa.select(sa.literal_column("1")).select_from(union).where(*same).exists()


def _referred(system: System, table: Table) -> tuple[str, ...]:
    """Return columns beside the key that children refer to."""
    names = [p for k in system.links.values() if k.parent == table.id for _, p in k.columns]
    return tuple(dict.fromkeys(n for n in names if n not in table.key))


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
