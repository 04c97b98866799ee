"""Which rows does a path reach, and does a condition hold? The map walked row by row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

HOP = re.compile(r"(\w+)(?:\[(\w+)\])?")


@dataclass(eq=False, frozen=True)
class Row:
    """One row; equal only to itself."""

    table: str
    key: tuple[Any, ...]
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Link:
    """That rows of a child table refer to rows of a parent table."""

    child: str
    name: str
    parent: str
    columns: tuple[tuple[str, str], ...]
    when: tuple[tuple[str, Any], ...]
    follows: bool
    keeps_parent: bool

    def joins(self, child: Row, parent: Row) -> bool:
        """Return whether this row refers to that one; NULL refers to nothing."""
        if any(child.values[column] != value for column, value in self.when):
            return False
        return all(
            child.values[mine] is not None and child.values[mine] == parent.values[theirs]
            for mine, theirs in self.columns
        )


@dataclass(frozen=True)
class Hop:
    """One step of a path; `over` for siblings only."""

    to: str
    link: Link | None = None
    over: tuple[str, ...] = ()


Trail = tuple[Row | None, ...]
"""The rows of a walk, the start first; None from the first missing parent on."""


@dataclass
class Map:
    """A system of the map with its rows in memory."""

    tables: Mapping[str, Mapping[str, Any]]
    rows: Mapping[str, Sequence[Row]]
    links: Sequence[Link] = field(default_factory=list)

    def hops(self, table: str, words: Sequence[str]) -> tuple[Hop, ...]:
        """Return the steps that the words of a path stand for, from a table on."""
        hops = []
        for word in words:
            hop = self._hop(table, word)
            hops.append(hop)
            table = hop.link.parent if hop.to == "parent" else hop.link.child
        return tuple(hops)

    def _hop(self, table: str, word: str) -> Hop:
        name, link_name = HOP.fullmatch(word).groups()
        if link_name is None:
            for link in self.links:  # a link by its name, on the child's side
                if link.child == table and link.name == name:
                    return Hop("parent", link)
        found = [
            Hop(to, link)
            for link in self.links
            for to, here, there in (
                ("parent", link.child, link.parent),
                ("children", link.parent, link.child),
            )
            if (here, there) == (table, name) and link_name in (None, link.name)
        ]
        if link_name and len(found) == 2 and found[0].link is found[1].link:
            return found[1]  # `table[link]` of a self-reference: down; its link's name alone: up
        assert len(found) == 1, f"{word} from {table} is not one link"
        return found[0]

    def trails(self, row: Row, hops: Sequence[Hop]) -> list[Trail]:
        """Return every walk from a row along the hops.

        A child that is not there ends a walk without a trace; a parent that is not there leaves
        one that ends in None, unless the way goes on to children.
        """
        trails: list[Trail] = [(row,)]
        for hop in hops:
            trails = [
                (*trail, reached) for trail in trails for reached in self._step(trail[-1], hop)
            ]
        return trails

    def _step(self, row: Row | None, hop: Hop) -> list[Row | None]:
        if row is None:
            return [None] if hop.to == "parent" else []
        if hop.to == "siblings":
            return [
                other
                for other in self.rows[row.table]
                if other is row or _same(row, other, hop.over)
            ]
        if hop.to == "parent":
            return [self.parent(row, hop.link)]
        return [child for child in self.rows[hop.link.child] if hop.link.joins(child, row)]

    def parent(self, row: Row, link: Link) -> Row | None:
        """Return the row that a row refers to, or None."""
        for other in self.rows[link.parent]:
            if link.joins(row, other):
                return other
        return None

    def value(self, row: Row, path: str) -> Any:  # noqa: ANN401 - any column value
        """Return the value at the end of a path through parents; None where one is missing."""
        *words, column = path.split(".")
        (trail,) = self.trails(row, self.hops(row.table, words))
        return None if trail[-1] is None else trail[-1].values[column]

    def holds(self, condition: Mapping[str, Any] | None, row: Row) -> bool:
        """Return whether a condition of the map holds for a row; without one it does."""
        if condition is None:
            return True
        if "all" in condition:
            return all(self.holds(part, row) for part in condition["all"])
        if "any" in condition:
            return any(self.holds(part, row) for part in condition["any"])
        if "not" in condition:
            return not self.holds(condition["not"], row)
        if "empty" in condition:
            return self.value(row, condition["empty"]) is None
        if "filled" in condition:
            return self.value(row, condition["filled"]) is not None
        if "exists" in condition:
            trails = self.trails(row, self.hops(row.table, condition["exists"].split(".")))
            ends = [trail[-1] for trail in trails if trail[-1] is not None]
            return any(self.holds(condition.get("where"), end) for end in ends)
        value = self.value(row, condition["column"])
        if "is" in condition:
            return value is not None and value in _list(condition["is"])
        return value is None or value not in _list(condition["is_not"])


def _same(one: Row, other: Row, columns: Sequence[str]) -> bool:
    return all(
        one.values[column] is not None and one.values[column] == other.values[column]
        for column in columns
    )


def _list(value: Any) -> list[Any]:  # noqa: ANN401 - a YAML value
    return value if isinstance(value, list) else [value]


def read_map(system: Mapping[str, Any], rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> Map:
    """Return a system of systems.yaml with its rows."""
    tables = system["tables"]
    made = {
        name: [
            Row(name, tuple(values[column] for column in key_of(table)), values)
            for values in rows.get(name, ())
        ]
        for name, table in tables.items()
    }
    return Map(tables, made, links_of(tables))


def key_of(table: Mapping[str, Any]) -> list[str]:
    """Return the key columns of a table."""
    return _list(table.get("key", "id"))


def links_of(tables: Mapping[str, Any]) -> list[Link]:
    """Return every link of a system."""
    links = []
    for child, table in tables.items():
        for kind in ("belongs_to", "refers_to"):
            for name, written in table.get(kind, {}).items():
                links.append(_link(tables, child, name, written, follows=kind == "belongs_to"))
    return links


def _link(
    tables: Mapping[str, Any],
    child: str,
    name: str,
    written: Any,  # noqa: ANN401 - a YAML value
    *,
    follows: bool,
) -> Link:
    if not isinstance(written, Mapping):
        written = {"columns": written}
    parent = written.get("table", name)
    columns = written["columns"]
    if not isinstance(columns, Mapping):
        columns = dict(zip(_list(columns), key_of(tables[parent]), strict=True))
    return Link(
        child,
        name,
        parent,
        tuple(columns.items()),
        tuple(written.get("when", {}).items()),
        follows,
        written.get("keeps_parent", True),
    )


def categories_of(written: Any) -> list[str]:  # noqa: ANN401 - a YAML value
    """Return the categories of a column of the map."""
    held = written["holds"] if isinstance(written, Mapping) else written
    return held if isinstance(held, list) else [held]
