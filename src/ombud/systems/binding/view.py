"""What is a map compared with? Each of its tables beside the live one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ombud.document import did_you_mean, quoted
from ombud.errors import Finding, Place, Severity
from ombud.systems.live import LiveColumn, LiveSchema, LiveTable
from ombud.systems.model import Link, System, Table

Physical = tuple[str, str]
"""Schema, empty for the default one, and name of a table in the database."""


@dataclass(frozen=True)
class Pair:
    """A table on the map that is in the database too."""

    table: Table
    live: LiveTable

    @property
    def own_link_columns(self) -> frozenset[str]:
        """Columns of declared foreign keys."""
        return frozenset(c for key in self.live.foreign_keys for c in key.columns)


@dataclass(frozen=True)
class Bound:
    """One system of the map beside the live schema of its database."""

    system: System
    schema: LiveSchema

    @cached_property
    def pairs(self) -> dict[str, Pair]:
        """Table id of the map to the pair; tables that the database lacks are left out."""
        found: dict[str, Pair] = {}
        for table in self.system.tables.values():
            live = self.schema.of(table, self.system)
            if live is not None:
                found[table.id] = Pair(table, live)
        return found

    @cached_property
    def mapped(self) -> Mapping[Physical, str]:
        """Table in the database to its id on the map; the first, where there are two."""
        return {self.physical(pair.live): id for id, pair in reversed(self.pairs.items())}

    @cached_property
    def live(self) -> Mapping[Physical, LiveTable]:
        """Every table and view of the database, each once."""
        return {self.physical(table): table for table in self.schema.tables.values()}

    def physical(self, live: LiveTable) -> Physical:
        """Return the one name of a live table."""
        return ("" if live.schema == self.schema.default_schema else live.schema, live.name)

    def column(self, table: str, name: str) -> LiveColumn | None:
        """Return a live column of a table on the map; None where the database has none."""
        pair = self.pairs.get(table)
        return pair.live.columns.get(name) if pair else None

    def links(self) -> Iterator[tuple[Link, Pair, Pair]]:
        """Yield (link, child, parent) for every link of which both tables are in the database."""
        for link in self.system.links.values():
            if link.child in self.pairs and link.parent in self.pairs:
                yield link, self.pairs[link.child], self.pairs[link.parent]

    def quote(self, name: str) -> str:
        """Return a name as the database's SQL writes it."""
        mark = "`" if self.schema.dialect == "mariadb" else '"'
        return mark + name.replace(mark, mark * 2) + mark

    def sql_name(self, live: LiveTable) -> str:
        """Return a table's name as SQL writes it, with its schema where it is not the default."""
        schema, name = self.physical(live)
        return f"{self.quote(schema)}.{self.quote(name)}" if schema else self.quote(name)

    def create_index(self, live: LiveTable, columns: tuple[str, ...]) -> str:
        """Return the statement that makes an index without stopping those who write."""
        online = " CONCURRENTLY" if self.schema.dialect == "postgresql" else ""
        name = re.sub(r"\W+", "_", "_".join(("ix", live.name, *columns)))[:60]
        named = ", ".join(self.quote(column) for column in columns)
        return f"CREATE INDEX{online} {self.quote(name)} ON {self.sql_name(live)} ({named});"


def found(
    where: Place,
    code: str,
    says: str,
    help: str = "",
    *,
    severity: Severity = "error",
    law: tuple[str, ...] = (),
) -> Finding:
    """Return a finding."""
    return Finding(where, code, says, severity, help, law)


def nearest_live(word: str, known: tuple[str, ...]) -> str:
    """Return the help line for a name that the database lacks; empty where none is like it."""
    same = [name for name in known if name.lower() == word.lower()]
    if same:
        return f"write {quoted(same[0])}: the database tells upper and lower case apart"
    near = did_you_mean(word, known)
    return near if near.startswith("did") else ""
