"""How are rows erased and fields blanked? In short transactions, each row tested again in it.

A batch locks its rows, asks again which of them are still due in a second statement, and changes
those: in one statement, READ COMMITTED could let a row that came in between go too.
PostgreSQL erases without locking first, in REPEATABLE READ: it gives up where somebody changed a
row, or added one that refers to it, after the batch looked. Then the batch begins again, with the
lock. This is the only module that issues DELETE.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import and_
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.visitors import iterate

from ombud.connectors.sql.apart import changed_by, has_expression
from ombud.connectors.sql.blank import blanked, is_blank
from ombud.connectors.sql.circle import Circle, Going
from ombud.connectors.sql.compile import Compiler
from ombud.connectors.sql.keys import among
from ombud.connectors.sql.links import can_be_cut, has_to_be_cut, holds_parent
from ombud.connectors.sql.rides import Ride, goes_along
from ombud.connectors.sql.rows import Row, some
from ombud.connectors.sql.works import Works
from ombud.plan.ground import FieldClass, SystemGrounds
from ombud.systems.connector import Key, Piece, Selection
from ombud.systems.model import Link
from ombud.systems.predicate import Hop, any_of, none_of

Clause = ColumnElement[bool]

_BY_KEYS = ("SET LOCAL enable_seqscan = off", "SET LOCAL random_page_cost = 0.1")
"""Else PostgreSQL looks through a whole table for some thousand rows, in each batch again.

A row that is named by its key costs it about ten times one that it meets on its way through.
"""


@dataclass(frozen=True)
class Changer:
    """Changes rows of one system, with the grounds as they are now.

    Statements are made before their transaction begins: on MariaDB, making one can copy the lists
    of people, and a copy made in a transaction goes when that is rolled back.

    Args:
        works: They say what was surveyed.
        circles: Table id to the tables whose rows refer to each other in a circle with its own.
        rides: By table id, what lives by its owner alone and goes with it.
    """

    works: Works
    circles: dict[str, tuple[str, ...]]
    rides: Mapping[str, Ride]

    @property
    def connection(self) -> sa.Connection:
        """The session's."""
        return self.works.connection

    @property
    def compiler(self) -> Compiler:
        """The session's."""
        return self.works.compiler

    @property
    def grounds(self) -> SystemGrounds:
        """The grounds as they are now."""
        return self.works.grounds

    def change(self, selection: Selection, piece: Piece, *, again: bool) -> int:
        """Change the rows that are still due, in one transaction; return how many changed.

        Args:
            piece: Of the selection; where rows refer to each other in a circle, no larger than
                `keys.batch_max` allows.
            again: It was tried before, and gave up because of somebody else.
        """
        if selection.action == "erase" and selection.table in self.circles:
            return self._erase_circle(selection, self.works.keys(selection, piece))
        row, works = self.compiler.row(selection.table), self.works
        tested = self._tested(self.still(selection, row))
        links = self._to_cut(row.table) if selection.action == "erase" else []
        dialect = self.compiler.live.dialect
        apart = dialect == "postgresql" and selection.action == "erase" and not again
        # MariaDB locks each row before it tests it: only what asks others needs a lock beforehand.
        # And a DELETE there cannot ask the table it is about.
        marks = bool(links) or (dialect == "mariadb" and not self._alone(row.table, tested))
        span = works.span(row, selection, piece)
        with self._batch(apart=apart):
            if marks if dialect == "mariadb" else not apart:
                self._lock(row, selection, piece)
            if marks:
                works.mark(row, selection, piece, tested)
            within = works.within(row, selection, piece, still=marks)
            where = [*span, within, *(() if marks else tested)]
            for link in links:
                parent = self.compiler.fresh(row.table)
                self._cut(link, parent, works.within(parent, selection, piece, still=True))
            return changed_by(self.connection, self._changing(selection, row, where))

    def _changing(
        self, selection: Selection, row: Row, where: Sequence[Clause]
    ) -> sa.Delete | sa.Update:
        """Return the statement that erases or blanks rows."""
        if selection.action == "erase":
            return sa.delete(row.source).where(*where)  # type: ignore[arg-type]
        table = self.grounds.tables[selection.table].table
        values = {
            c: blanked(self.compiler, row, table.columns[c])
            for c in selection.columns
            if not self.compiler.live_column(row, c).generated
        }
        return sa.update(row.source).where(*where).values(values)  # type: ignore[arg-type]

    @contextmanager
    def _batch(self, *, apart: bool) -> Iterator[None]:
        """Begin a transaction about rows that are named by their keys, and commit it.

        Args:
            apart: It sees what was there when it began, and gives up where that has changed since.
        """
        with self.connection.begin():
            if self.compiler.live.dialect == "postgresql":
                isolation = ["SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"] if apart else []
                self.connection.exec_driver_sql("; ".join((*isolation, *_BY_KEYS)))
            yield

    def _tested(self, where: Iterable[Clause]) -> list[Clause]:
        """Return what rows that are named by their keys are tested by, and never searched by.

        By a clock's index PostgreSQL and MariaDB would go through all that is due once more for
        each batch.
        """
        if self.compiler.live.dialect == "sqlite":
            return list(where)
        parts = [p for clause in where for p in _conjuncts(clause)]
        return [p if _looks_elsewhere(p) else p.is_(sa.true()) for p in parts]

    def _alone(self, table_id: str, tested: Iterable[Clause]) -> bool:
        """Return whether conditions ask no other row, and can stand where other tables are joined.

        In an SQL expression of the map names are bare, and the work table may have the same.
        """
        classes = self.grounds.tables[table_id].classes
        bare = (has_expression(p) for each in classes for p in (each.living, each.undecided))
        return not any(bare) and not any(map(_looks_elsewhere, tested))

    def _lock(self, row: Row, selection: Selection, piece: Piece) -> None:
        dialect = self.compiler.live.dialect
        if dialect == "sqlite":
            return  # BEGIN IMMEDIATE keeps every other writer out
        within = self.works.within(row, selection, piece)
        if dialect == "mariadb":  # each row that it looks at is locked, so it begins with the piece
            work = self.works.tables[selection.table].table
            locked = sa.select(sa.func.count()).prefix_with("STRAIGHT_JOIN")
            locked = locked.select_from(work, row.source).where(within).with_for_update()
        else:
            one: sa.Select[Any] = sa.select(sa.literal_column("1").label("one"))
            rows = one.select_from(row.source).where(within).with_for_update()
            locked = sa.select(sa.func.count()).select_from(rows.subquery())
        self.connection.execute(locked).all()

    def still(self, selection: Selection, row: Row) -> list[Clause]:
        """Return what a row of a selection must fulfil to be changed now."""
        where = [self.due(selection, row)]
        if selection.action == "erase":
            circle = self.circles.get(row.table, ())
            where += [
                self._unreferred(row, k)
                for k in self.keepers(row.table)
                if k.child not in circle  # asked one by one
            ]
        return where

    def due(self, selection: Selection, row: Row) -> Clause:
        """Return that a row is still one of the selection, references aside.

        Its classes are those of the survey. A hold or decision that came since can have parted
        one, so what has to be dead is asked of the fields as they belong together now.
        """
        erase = selection.action == "erase"
        touched = [
            each
            for each in self.grounds.tables[selection.table].classes
            if erase or not selection.columns or set(each.columns) & set(selection.columns)
        ]
        # what several classes live by is asked once
        parts = [self.compiler.where(none_of(any_of(each.living for each in touched)), row)]
        for each in touched:
            if each.reviewed:
                seen = self.compiler.where(none_of(each.undecided), row)
                parts.append(sa.or_(seen, self._blanked(row, each)) if erase else seen)
        if not erase:
            surveyed = self.works.tables[selection.table].grounds.classes
            filled = [surveyed[i] for i in selection.classes if surveyed[i].columns]
            parts += [sa.not_(self._blanked(row, each)) for each in filled]
        return sa.and_(*parts)

    def _blanked(self, row: Row, each: FieldClass) -> Clause:
        columns = self.grounds.tables[row.table].table.columns
        blanks = (is_blank(self.compiler, row, columns[c]) for c in each.columns)
        return sa.and_(sa.true(), *blanks)

    def keepers(self, table_id: str) -> list[Link]:
        """Return the links through which a row that stays holds a row of the table."""
        system, live = self.grounds.system, self.compiler.live
        mine = [k for k in system.links.values() if k.parent == table_id]
        return [k for k in mine if not goes_along(k, self.rides) and holds_parent(k, system, live)]

    def _unreferred(self, row: Row, link: Link) -> Clause:
        """Return that no row refers to this one: children were erased before, so it would stay."""
        child = self.compiler.fresh(link.child)
        where = self.compiler.joined(Hop(link.id, "children"), row, child)
        return sa.not_(some([child.source], where))

    def _to_cut(self, table_id: str) -> list[Link]:
        """Return the links whose children are cut loose from an erased row of the table."""
        system, live = self.grounds.system, self.compiler.live
        mine = [k for k in system.links.values() if k.parent == table_id]
        return [
            k for k in mine if not holds_parent(k, system, live) and has_to_be_cut(k, system, live)
        ]

    def _cut(self, link: Link, parent: Row, gone: Clause) -> None:
        """Empty the references to rows that go.

        Args:
            gone: That a row of the parent's table goes.
        """
        child = self.compiler.row(link.child)
        where: Clause = sa.and_(self.compiler.joined(Hop(link.id, "parent"), child, parent), gone)
        if self.compiler.live.dialect != "mariadb":  # which would ask it of every child
            where = some([parent.source], where)
        values: dict[str, Any] = {column: sa.null() for column, _ in link.columns}
        self.connection.execute(sa.update(child.source).where(where).values(values))  # type: ignore[arg-type]

    def among(self, row: Row, keys: Sequence[Key]) -> Clause:
        """Return that a row's key is one of these."""
        return among(self.compiler.keys(row), keys, self.compiler.live.dialect)

    # --- circles --------------------------------------------------------------------------------

    def _circle(self, selection: Selection, *, locking: bool) -> Circle:
        """Return what is asked of the rows in a selection's circle."""
        group = self.circles[selection.table]
        rows = {t: self.compiler.row(t) for t in group}
        due = {
            t: sa.and_(*self.still(Selection(t, "erase", self._all_classes(t)), rows[t]))
            for t in group
            if self.grounds.tables[t].table.when_due == "erase"
        }
        links = [k for t in group for k in self.keepers(t) if k.child in group]
        return Circle(self.connection, self.compiler, self.works.tables, links, rows, due, locking)

    def _all_classes(self, table_id: str) -> tuple[int, ...]:
        return tuple(range(len(self.grounds.tables[table_id].classes)))

    def erasable(self, selection: Selection, keys: Sequence[Key]) -> int:
        """Return how many of these rows of a circle could go now."""
        circle = self._circle(selection, locking=False)
        with self.connection.begin():
            return len(circle.going(selection.table, keys).rows[selection.table] & set(keys))

    def _erase_circle(self, selection: Selection, keys: Sequence[Key]) -> int:
        """Erase rows that refer to each other: references are emptied, or their rows go along."""
        circle = self._circle(selection, locking=True)
        late = {
            "sqlite": "PRAGMA defer_foreign_keys = ON",
            "postgresql": "SET CONSTRAINTS ALL DEFERRED",
        }.get(self.compiler.live.dialect)
        with self.connection.begin():
            if late:
                self.connection.exec_driver_sql(late)
            going = circle.going(selection.table, keys)
            if going.rows[selection.table]:
                self._erase_together(selection.table, circle, going)
            return len(going.rows[selection.table])

    def _erase_together(self, table: str, circle: Circle, going: Going) -> None:
        tables = self._along(table, circle, going)
        firm = [k for k in circle.links if k.child in tables and not self._can_be_cut(k)]
        for parent in tables:
            for link in [*circle.links, *self._to_cut(parent)]:
                if link.parent == parent and self._can_be_cut(link):
                    for part in circle.chunks(parent, sorted(going.rows[parent], key=repr)):
                        row = self.compiler.fresh(parent)
                        self._cut(link, row, self.among(row, part))
        for layer in going.layers(tables, firm):
            for name, keys in layer.items():
                for part in circle.chunks(name, keys):
                    row = circle.rows[name]
                    self.connection.execute(sa.delete(row.source).where(self.among(row, part)))  # type: ignore[arg-type]

    def _along(self, table: str, circle: Circle, going: Going) -> list[str]:
        """Return the table, and those whose rows' references to it cannot be emptied."""
        found = [table]
        for parent in found:
            for link in circle.links:
                if link.parent == parent and going.rows[link.child] and link.child not in found:
                    if not self._can_be_cut(link):
                        found.append(link.child)
        return found

    def _can_be_cut(self, link: Link) -> bool:
        return can_be_cut(link, self.grounds.system, self.compiler.live)


def _looks_elsewhere(clause: Clause) -> bool:
    """Return whether a condition asks other rows."""
    return any(isinstance(each, sa.SelectBase) for each in iterate(clause))


def _conjuncts(clause: Clause) -> Iterator[Clause]:
    """Yield the conditions that all have to hold."""
    if isinstance(clause, sa.BooleanClauseList) and clause.operator is and_:
        for part in clause.clauses:
            yield from _conjuncts(part)
    else:
        yield clause
