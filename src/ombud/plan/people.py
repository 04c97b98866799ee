"""Who is a row about? Its own subjects, or those of the rows that it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ombud.systems.model import Link, System, Table
from ombud.systems.predicate import (
    TRUE,
    Exists,
    Hop,
    Identifier,
    Listed,
    Path,
    Predicate,
    ReadsAs,
    any_of,
)


@dataclass(frozen=True)
class Person:
    """One of the people a row is about.

    Args:
        identifiers: How she is told; empty where nothing tells.
        there: The row that tells who she is exists.
        out: How many rows outwards from the row that is asked lies the one that `identifiers`
            start from: as many as there are `Exists` between the two.
    """

    identifiers: tuple[Identifier, ...]
    there: Predicate = TRUE
    out: int = 0


def further(people: Iterable[Person]) -> tuple[Person, ...]:
    """Return the same people, as a row asks that lies one `Exists` further in."""
    return tuple(replace(p, out=p.out + 1) for p in people)


def listed(
    list_id: str,
    people: Iterable[Person],
    begins: str | None = None,
    reads_as: ReadsAs = "auto",
    up: int = 0,
) -> Predicate:
    """Return that one of the people is on a list; the rest as for `predicate.Listed`."""
    return any_of(
        Listed(list_id, p.identifiers, begins, reads_as, up + p.out)
        for p in people
        if p.identifiers
    )


@dataclass(frozen=True)
class People:
    """Who the rows of one system are about."""

    system: System

    def owners(self, table: Table) -> Iterator[Link]:
        """Yield the links through which rows of a table belong to others."""
        return (k for k in self.system.links.values() if k.child == table.id and k.follows)

    def of(self, table: Table, subject: str = "") -> tuple[Person, ...]:
        """Return the people of a row: one subject, or all; an owned row's are its owners'.

        Args:
            subject: Name of one of the table's subjects; empty: all of them.
        """
        if table.subjects:
            chosen = [s for name, s in table.subjects.items() if subject in ("", name)]
            return tuple(Person(s.identifiers) for s in chosen)
        return tuple(self._of_owners(table, ()))

    def identifiers(self, table: Table, subject: str = "") -> tuple[Identifier, ...]:
        """Return how rows of a table tell who any of these people is."""
        found = [each for person in self.of(table, subject) for each in person.identifiers]
        return tuple(dict.fromkeys(found))

    def subjects(self, table: Table) -> tuple[str, ...]:
        """Return the names of a table's subjects; one empty name where it names none."""
        return tuple(table.subjects) or ("",)

    def _of_owners(self, table: Table, seen: tuple[str, ...]) -> Iterator[Person]:
        for link in self.owners(table):
            owner = self.system.tables[link.parent]
            if owner.id in (*seen, table.id):
                continue
            up = Hop(link.id, "parent")
            theirs = self.of(owner) if owner.subjects else self._of_owners(owner, (*seen, table.id))
            for each in theirs:
                there = Exists((up,), each.there)
                yield Person(tuple(_beyond(up, i) for i in each.identifiers), there)


def _beyond(up: Hop, identifier: Identifier) -> Identifier:
    path = Path(identifier.path.column, (up, *identifier.path.hops))
    return Identifier(identifier.kind, path, identifier.shared)
