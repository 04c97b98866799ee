"""Does a row stay since one that stays refers to it, or one that refers to that one, to the end?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.selectable import FromClause

from ombud.connectors.sql.compile import Clause, Compiler
from ombud.connectors.sql.keytables import KeyTables
from ombud.connectors.sql.rows import Row, some
from ombud.systems.model import Link
from ombud.systems.predicate import Hop, Predicate

Keepers = Callable[[str], Sequence[Link]]
"""Called with a table id: the links through which a row that stays keeps a row of the table."""


@dataclass(frozen=True)
class Referred:
    """Follows what refers to a row, round by round, until one stays by itself or none is left.

    Args:
        stays: By table id, that a row of it stays by itself.
    """

    connection: sa.Connection
    compiler: Compiler
    keepers: Keepers
    stays: Mapping[str, Predicate]

    def by(self, table: str, key: tuple[str, ...]) -> tuple[str, ...]:
        """Return the tables of the rows that refer to a row, stay, and so keep it.

        Args:
            key: In the order of the table's key, as text.
        """
        found = (link.child for link in self.keepers(table) if self._keeps(link, table, key))
        return tuple(dict.fromkeys(found))

    def _keeps(self, link: Link, table: str, key: tuple[str, ...]) -> bool:
        """Return whether a row that refers to the row over one link stays."""
        row, child = self.compiler.fresh(table), self.compiler.fresh(link.child)
        refers = self.compiler.joined(Hop(link.id, "children"), row, child)
        itself = self.compiler.named(row, [key])
        which = some([row.source], refers, itself)
        if link.child == table:  # a row does not keep itself
            which = sa.and_(which, sa.not_(self.compiler.named(child, [key])))
        if self._any_stays(child, which):
            return True
        if not self.keepers(link.child):
            return False
        keys = KeyTables(self.connection, self.compiler, "ombud_referred")
        select = sa.select(*self.compiler.named_keys(child)).select_from(child.source)
        return self._in_turn({link.child: keys.create(link.child, [select.where(which)])}, keys)

    def _in_turn(self, found: dict[str, FromClause], keys: KeyTables) -> bool:
        """Return whether a row stays that refers to one of these, or in turn to one that does."""
        sizes: dict[str, int] = {}
        while True:
            before, sizes = sizes, {name: keys.size(source) for name, source in found.items()}
            if sizes == before:
                return False
            found = dict(self._further(found, keys))
            for name, source in found.items():
                row = self.compiler.fresh(name)
                if self._any_stays(row, some([source], self.compiler.same_key(row, source))):
                    return True

    def _further(
        self, found: Mapping[str, FromClause], keys: KeyTables
    ) -> Iterator[tuple[str, FromClause]]:
        """Yield the key tables with the rows that refer to theirs as well."""
        links = [(name, link) for name in found for link in self.keepers(name)]
        for child in dict.fromkeys([*found, *(link.child for _, link in links)]):
            read = {child} & found.keys()  # MariaDB reads a temporary table once in a statement
            branches: list[sa.Select[Any]] = [sa.select(*found[name].c) for name in read]
            for name, link in links:
                if link.child == child:
                    source = found[name]
                    if name in read:
                        source = keys.create(name, [sa.select(*source.c)])
                    read |= {name}
                    branches.append(keys.reached(child, Hop(link.id, "parent"), name, source))
            yield child, keys.create(child, branches)

    def _any_stays(self, row: Row, which: Clause) -> bool:
        """Return whether any of these rows stays by itself.

        No other table stands beside theirs: the names in an expression of the map are bare.
        """
        stays = self.compiler.where(self.stays[row.table], row)
        one: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(row.source)
        with self.connection.begin():
            return self.connection.execute(one.where(which, stays).limit(1)).first() is not None
