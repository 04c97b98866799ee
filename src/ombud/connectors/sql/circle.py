"""Which rows can go together where rows refer to each other in a circle, or to their own table?

A row can go when every row that refers to it goes too. From the rows of a batch the rows that
refer to them are followed down; what stays holds everything above it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from ombud.connectors.sql.compile import Compiler, Row
from ombud.connectors.sql.keys import among, batch_max
from ombud.connectors.sql.works import Work
from ombud.systems.connector import Key
from ombud.systems.model import Link
from ombud.systems.predicate import Hop

Node = tuple[str, Key]

_ROWS_MAX = 20_000  # followed for one batch; what lies beyond waits for a later one


@dataclass
class Going:
    """Rows that go together.

    Args:
        rows: By table.
        edges: Link id to pairs of (child's key, parent's key) among rows that were followed.
    """

    rows: dict[str, set[Key]]
    edges: dict[str, set[tuple[Key, Key]]]

    def layers(
        self, tables: Sequence[str], links: Iterable[Link]
    ) -> Iterator[dict[str, list[Key]]]:
        """Yield the rows of tables so that over these links children come before parents.

        Rows that truly go round come last, together.
        """
        above: dict[Node, list[Node]] = defaultdict(list)
        below: dict[Node, int] = {(t, key): 0 for t in tables for key in self.rows[t]}
        for link in links:
            for child, parent in self.edges.get(link.id, ()):
                one, other = (link.child, child), (link.parent, parent)
                if one in below and other in below:
                    above[one].append(other)
                    below[other] += 1
        layer = [node for node, count in below.items() if not count]
        while layer:
            yield _by_table(layer)
            following = []
            for node in layer:
                del below[node]
                for parent in above[node]:
                    below[parent] -= 1
                    if not below[parent]:
                        following.append(parent)
            layer = following
        if below:
            yield _by_table(below)


def _by_table(nodes: Iterable[Node]) -> dict[str, list[Key]]:
    found: dict[str, list[Key]] = defaultdict(list)
    for table, key in nodes:
        found[table].append(key)
    return found


@dataclass(frozen=True)
class Circle:
    """The tables of a circle, and what is asked of their rows.

    Args:
        works: Work tables of those that have one.
        links: Links inside the circle through which a child holds its parent.
        rows: Each table under its own name.
        due: What a row must fulfil to be erased, references inside the circle aside; made before
            the transaction, for lists of people cannot be copied in one.
        locking: Rows are locked before they are asked.
    """

    connection: sa.Connection
    compiler: Compiler
    works: Mapping[str, Work]
    links: Sequence[Link]
    rows: Mapping[str, Row]
    due: Mapping[str, ColumnElement[bool]]
    locking: bool

    def going(self, table: str, keys: Iterable[Key]) -> Going:
        """Return the rows that can go: of a batch, and those that refer to them."""
        edges: dict[Node, set[Node]] = defaultdict(set)
        by_link: dict[str, set[tuple[Key, Key]]] = defaultdict(set)
        going: dict[str, set[Key]] = defaultdict(set)
        staying: list[Node] = []
        fresh = {table: self._due(table, list(keys))}
        going[table] |= fresh[table]
        seen: set[Node] = {(table, key) for key in keys}
        while any(fresh.values()):
            below: dict[str, set[Key]] = defaultdict(set)
            for link in self.links:
                for child, parent in self._pairs(link, fresh.get(link.parent, set())):
                    edges[link.child, child].add((link.parent, parent))
                    by_link[link.id].add((child, parent))
                    if (link.child, child) not in seen:
                        below[link.child].add(child)
            fresh = {}
            for child_table, found in below.items():
                room = max(0, _ROWS_MAX - len(seen))
                asked = sorted(found, key=repr)[:room]
                due = self._due(child_table, asked) if asked else set()
                staying += [(child_table, key) for key in found - due]
                seen |= {(child_table, key) for key in found}
                fresh[child_table] = due
                going[child_table] |= due
        staying += [(table, key) for key in keys if key not in going[table]]
        self._hold(staying, edges, going)
        return Going(going, by_link)

    def _hold(
        self, staying: list[Node], edges: Mapping[Node, set[Node]], going: dict[str, set[Key]]
    ) -> None:
        """Take out of the rows that go what a staying row refers to, and so on upwards."""
        while staying:
            for name, key in edges.get(staying.pop(), ()):
                if key in going[name]:
                    going[name].discard(key)
                    staying.append((name, key))

    def _due(self, table: str, keys: Sequence[Key]) -> set[Key]:
        """Return which of these rows were surveyed to go and still may."""
        work, row = self.works.get(table), self.rows[table]
        if work is None or table not in self.due:
            return set()
        columns = self.compiler.keys(row)
        same = self.compiler.same_key(row, work.table)
        source: Any = row.source
        source = source.join(work.table, sa.and_(same, work.table.c.e == 1))
        found: set[Key] = set()
        for some in self.chunks(table, keys):
            chosen = among(columns, some, self.compiler.live.dialect)
            if self.locking and self.compiler.live.dialect != "sqlite":
                lock: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(row.source)
                self.connection.execute(lock.where(chosen).with_for_update()).all()
            select = sa.select(*columns).select_from(source).where(chosen, self.due[table])
            found |= {tuple(r) for r in self.connection.execute(select)}
        return found

    def _pairs(self, link: Link, parents: Iterable[Key]) -> Iterator[tuple[Key, Key]]:
        """Yield (child's key, parent's key) of rows that refer to these, none to itself."""
        child, parent = self.compiler.fresh(link.child), self.compiler.fresh(link.parent)
        columns = self.compiler.keys(parent)
        mine = self.compiler.keys(child)
        source: Any = child.source
        source = source.join(
            parent.source, self.compiler.joined(Hop(link.id, "parent"), child, parent)
        )
        asked = [c.label(f"a{i}") for i, c in enumerate(mine)]
        asked += [c.label(f"b{i}") for i, c in enumerate(columns)]
        for some in self.chunks(link.parent, sorted(parents, key=repr)):
            chosen = among(columns, some, self.compiler.live.dialect)
            select = sa.select(*asked).select_from(source).where(chosen)
            for found in self.connection.execute(select).all():
                pair = tuple(found[: len(mine)]), tuple(found[len(mine) :])
                if link.child != link.parent or pair[0] != pair[1]:
                    yield pair

    def chunks(self, table: str, keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
        """Yield keys in parts that fit into a statement."""
        width = len(self.compiler.system.tables[table].key)
        size = batch_max(self.compiler.live.dialect, width)
        for start in range(0, len(keys), size):
            yield keys[start : start + size]
