"""How do rows of a work table come to another connection? As their keys and numbers, no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ombud.connectors.sql.keys import untyped
from ombud.connectors.sql.works import Work, Works
from ombud.systems.connector import Piece, Selection

Clause = sa.ColumnElement[bool]
Copied = Sequence[Sequence[Any]]
"""Keys and numbers: by row; on PostgreSQL one row of whole columns, each as its text."""

_TYPES = (  # of the keys and then the number, as a statement of the driver names them
    "SELECT replace(format_type(atttypid, atttypmod), '%', '%%') FROM pg_catalog.pg_attribute"
    " WHERE attrelid = CAST(:name AS regclass) AND (attname LIKE 'k%' OR attname = 'n')"
    " ORDER BY attnum"
)


@dataclass
class Copies(Works):
    """The work table of one selection, with what was copied of it and nothing else.

    Args:
        upto: Number of the last row that was copied.
    """

    upto: int = 0
    _types: tuple[str, ...] = ()

    def chosen(self, selection: Selection) -> Clause:
        """Return which rows of the work table a selection is: every one."""
        return sa.true()

    def begin(self, work: Work) -> None:
        """Make an empty work table like another connection's, instead of the one before."""
        self.clear()
        row = self.compiler.row(work.id)
        keys = sa.select(*self.compiler.named_keys(row)).select_from(row.source)
        table = self.create(keys.where(sa.false()), row, 0)
        self.tables[work.id], self.upto = Work(work.grounds, table, work.keys, ()), 0
        if self.compiler.live.dialect == "postgresql":
            with self.connection.begin():
                found = self.connection.execute(sa.text(_TYPES), {"name": table.description})
                self._types = tuple(str(kind) for (kind,) in found)

    def give(self, selection: Selection, part: Piece, rows: Copied) -> None:
        """Take in what was copied of a part; parts follow each other, or begin again."""
        work = self.tables[selection.table]
        columns = [*(key.name for key in work.key_columns), "n", "s"]
        into = f"INSERT INTO {work.table.description} ({', '.join(columns)})"
        values: Any
        if self.compiler.live.dialect == "postgresql":
            lists = ", ".join(f"CAST(%s AS {kind}[])" for kind in self._types)
            into = f"{into} SELECT *, 0 FROM unnest({lists})"  # noqa: S608 own names
            [values] = map(tuple, rows)
        else:
            into = f"{into} VALUES ({', '.join('%s' for _ in columns)})"
            values = [(*row, 0) for row in rows]
        with self.connection.begin():
            if part.after < self.upto:
                self.connection.execute(sa.delete(work.table))  # type: ignore[arg-type]
            if values:
                self.connection.exec_driver_sql(into, values)
        self.upto = part.upto


def copied(works: Works, selection: Selection, part: Piece) -> Copied:
    """Return the keys and numbers of a part of a selection."""
    work = works.tables[selection.table]
    columns = [*map(untyped, work.key_columns), work.table.c.n]
    if works.compiler.live.dialect == "postgresql":
        columns = [sa.cast(sa.func.array_agg(column), sa.Text()) for column in columns]
    return works.rows(sa.select(*columns).where(works.part(selection, part)))
