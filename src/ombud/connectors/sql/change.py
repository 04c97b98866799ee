"""How are rows erased and fields blanked? In short transactions, each row tested again in it.

A batch locks its rows, asks again which of them are still due in a second statement, and changes
those by their keys: in one statement, READ COMMITTED could let a row that came in between go too.
This is the only module that issues DELETE.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from ombud.connectors.sql.blank import is_blank, placeholder
from ombud.connectors.sql.compile import Compiler, Row
from ombud.connectors.sql.keys import among
from ombud.plan.ground import SystemGrounds
from ombud.systems.connector import Key, Selection
from ombud.systems.live import LiveForeignKey
from ombud.systems.model import Link
from ombud.systems.predicate import Hop, all_of, any_of, none_of

Clause = ColumnElement[bool]


@dataclass(frozen=True)
class Changer:
    """Changes rows of one system, with the grounds as they are now.

    Args:
        cyclic: Table ids whose rows refer to each other in a circle.
        riding: Table ids whose rows live by their owner alone and go with it.
    """

    connection: sa.Connection
    compiler: Compiler
    grounds: SystemGrounds
    cyclic: frozenset[str]
    riding: frozenset[str]

    def change(self, selection: Selection, keys: Sequence[Key], *, last: bool = False) -> int:
        """Change the rows that are still due, in one transaction; return how many changed.

        Args:
            keys: Of the selection, as many as `keys.batch_max` allows.
            last: Rows that refer to each other in a circle go too, their references emptied first.
        """
        row = self.compiler.row(selection.table)
        with self.connection.begin():
            self._lock(row, keys)
            if selection.action == "erase":
                return self._erase(selection, row, keys, last=last)
            due = self._still_due(selection, row, keys, last=last)
            return self._blank(selection, row, due) if due else 0

    def _lock(self, row: Row, keys: Sequence[Key]) -> None:
        if self.compiler.live.dialect == "sqlite":
            return  # BEGIN IMMEDIATE keeps every other writer out
        select: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(row.source)
        self.connection.execute(select.where(self.among(row, keys)).with_for_update()).all()

    def _still_due(
        self, selection: Selection, row: Row, keys: Sequence[Key], *, last: bool
    ) -> list[Key]:
        where = [self.among(row, keys), *self.still(selection, row, last=last)]
        select = sa.select(*self.compiler.keys(row)).select_from(row.source).where(*where)
        return [tuple(found) for found in self.connection.execute(select)]

    def still(self, selection: Selection, row: Row, *, last: bool = True) -> list[Clause]:
        """Return what a row of a selection must fulfil to be changed now."""
        where = [self.due(selection, row)]
        if selection.action == "erase":
            where += [self._unreferred(row, k, last=last) for k in self._keepers(row.table)]
        return where

    def due(self, selection: Selection, row: Row) -> Clause:
        """Return that a row is still one of the selection, references aside."""
        tg = self.grounds.tables[selection.table]
        dead = [none_of(tg.classes[i].living) for i in selection.classes]
        parts = [self.compiler.where(all_of(dead), row)]
        for i in range(len(tg.classes)):
            each = tg.classes[i]
            blank = sa.and_(
                sa.true(),
                *(is_blank(self.compiler, row, tg.table.columns[c]) for c in each.columns),
            )
            if i in selection.classes and selection.action != "erase" and each.columns:
                parts.append(sa.not_(blank))
            if i in selection.classes and each.reviewed:
                seen = self.compiler.where(none_of(each.undecided), row)
                parts.append(sa.or_(seen, blank) if selection.action == "erase" else seen)
        return sa.and_(*parts)

    def _keepers(self, table_id: str) -> list[Link]:
        links = self.grounds.system.links.values()
        mine = [k for k in links if k.parent == table_id and k.keeps_parent]
        return [k for k in mine if k.child not in self.riding]

    def _unreferred(self, row: Row, link: Link, *, last: bool) -> Clause:
        """Return that no row that stays refers to this one.

        Children were erased before, so any that is there stays; in a circle only those that live.
        """
        child = self.compiler.fresh(link.child)
        where = [self.compiler.joined(Hop(link.id, "children"), row, child)]
        if link.child == link.parent:
            pairs = zip(self.compiler.keys(child), self.compiler.keys(row), strict=True)
            where.append(sa.not_(sa.and_(*(a == b for a, b in pairs))))
        if last and link.child in self.cyclic:
            living = any_of(c.living for c in self.grounds.tables[link.child].classes)
            where.append(self.compiler.where(living, child))
        one: sa.Select[Any] = sa.select(sa.literal_column("1"))
        inner = one.select_from(child.source).where(*where)
        return sa.not_(inner.correlate_except(child.source).exists())

    def _erase(self, selection: Selection, row: Row, keys: Sequence[Key], *, last: bool) -> int:
        links = [
            k
            for k in self.grounds.system.links.values()
            if k.parent == row.table and (not k.keeps_parent or (last and self._circle(k)))
        ]
        where = [self.among(row, keys), *self.still(selection, row, last=last)]
        # MariaDB cannot read, in a DELETE, the table that it deletes from.
        if links or self.compiler.live.dialect == "mariadb":
            due = self._still_due(selection, row, keys, last=last)
            if not due:
                return 0
            for link in links:
                self._detach(link, row, due)
            where = [self.among(row, due)]
        statement = sa.delete(row.source).where(*where)  # type: ignore[arg-type]
        return self.connection.execute(statement).rowcount

    def _circle(self, link: Link) -> bool:
        return link.child in self.cyclic and link.parent in self.cyclic

    def _detach(self, link: Link, row: Row, due: Sequence[Key]) -> None:
        """Empty the references of rows that stay behind, where the database would not do it."""
        child = self.compiler.row(link.child)
        columns = [c for c, _ in link.columns]
        if set(columns) & set(self.grounds.system.tables[link.child].key):
            return  # SQLite calls a key nullable, and a row has to keep its own
        if not all(self.compiler.live_column(child, c).nullable for c in columns):
            return
        declared = self._declared(link)
        if declared is not None and declared.on_parent_gone in (
            "cascade",
            "set_null",
            "set_default",
        ):
            return
        parent = self.compiler.fresh(row.table)
        joined = self.compiler.joined(Hop(link.id, "parent"), child, parent)
        one: sa.Select[Any] = sa.select(sa.literal_column("1"))
        gone = one.where(joined, self.among(parent, due))
        values: dict[str, Any] = dict.fromkeys(columns)
        exists = gone.correlate_except(parent.source).exists()
        self.connection.execute(sa.update(child.source).where(exists).values(values))  # type: ignore[arg-type]

    def _declared(self, link: Link) -> LiveForeignKey | None:
        table = self.grounds.system.tables[link.child]
        live = self.compiler.live.table(table.schema or self.grounds.system.schema, table.name)
        ours = tuple(c for c, _ in link.columns)
        return next((f for f in (live.foreign_keys if live else ()) if f.columns == ours), None)

    def _blank(self, selection: Selection, row: Row, due: Sequence[Key]) -> int:
        table = self.grounds.tables[selection.table].table
        values = {
            c: placeholder(self.compiler, row, table.columns[c])
            for c in selection.columns
            if not self.compiler.live_column(row, c).generated
        }
        statement = sa.update(row.source).where(self.among(row, due)).values(values)  # type: ignore[arg-type]
        return self.connection.execute(statement).rowcount

    def among(self, row: Row, keys: Sequence[Key]) -> Clause:
        """Return that a row's key is one of these."""
        return among(self.compiler.keys(row), keys, self.compiler.live.dialect)
