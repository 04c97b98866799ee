"""How are sets of rows followed over links? As temporary tables of their keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.selectable import FromClause

from ombud.connectors.sql.compile import Compiler
from ombud.connectors.sql.temporary import drop
from ombud.systems.predicate import Hop


@dataclass
class KeyTables:
    """Tables of keys `k0..` in one session; those of an earlier use are made anew.

    Args:
        name: What their names begin with.
    """

    connection: sa.Connection
    compiler: Compiler
    name: str
    _made: int = 0

    def create(self, table_id: str, branches: list[sa.Select[Any]]) -> FromClause:
        """Return a table of the keys that any of some selects gives, each once."""
        self._made += 1
        name = f"{self.name}_{self._made}"
        width = len(self.compiler.system.tables[table_id].key)
        if branches:
            chosen: sa.Select[Any] = sa.select(sa.union(*branches).subquery())
        else:
            row = self.compiler.fresh(table_id)
            keys = self.compiler.named_keys(row)
            chosen = sa.select(*keys).select_from(row.source).where(sa.false())
        with self.connection.begin():
            drop(self.connection, name)
            self.connection.execute(sa.CreateTableAs(chosen, name, temporary=True))
            if self.compiler.live.dialect == "postgresql":  # else it takes them to be 200
                self.connection.exec_driver_sql(f"ANALYZE {name}")
        return sa.table(name, *(sa.column(f"k{i}") for i in range(width)))

    def size(self, source: FromClause) -> int:
        """Return how many keys a table holds."""
        with self.connection.begin():
            select = sa.select(sa.func.count()).select_from(source)
            return int(self.connection.execute(select).scalar_one())

    def reached(self, table_id: str, hop: Hop, near: str, source: FromClause) -> sa.Select[Any]:
        """Return the keys of the rows of a table from which a hop leads to rows of a key table.

        Args:
            hop: From the table to `near`.
            source: Keys of `near`. MariaDB reads it once in a statement.
        """
        row, other = self.compiler.fresh(table_id), self.compiler.fresh(near)
        select: sa.Select[Any] = sa.select(*self.compiler.named_keys(row)).select_from(row.source)
        select = select.join(other.source, self.compiler.joined(hop, row, other))
        return select.join(source, self.compiler.same_key(other, source))
