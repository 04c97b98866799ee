"""Which rows does a hold cover? Those it names, those of its people, and what these rows refer to.

A row that is held keeps the rows that it refers to with all their data, for without them it cannot
be read: the address of an order, the course of a sign-up. So on along further references, over
each link once; links that do not keep their parent are left out. What belongs to such a row is not
held with it.

Law:
    GDPR Art. 17(3)(e)
    GDPR Art. 18(2)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ombud.plan.caps import Caps
from ombud.plan.hold import Hold
from ombud.plan.people import People, listed
from ombud.plan.time import Timing
from ombud.systems.model import Link, Table
from ombud.systems.predicate import (
    FALSE,
    And,
    Hop,
    KeyIn,
    Later,
    Listed,
    NotLater,
    Path,
    Predicate,
    ReadsAs,
    all_of,
    any_of,
    disjuncts,
    of_parent,
    reached,
)


@dataclass
class Holds:
    """The holds on the rows of one system, those of a kind taken together.

    Args:
        each: Take every hold by itself, under its id; else those of a kind, under the kind.
    """

    holds: tuple[Hold, ...]
    people: People
    caps: Caps
    timing: Timing
    each: bool = False
    _rows: dict[tuple[str, tuple[str, ...]], dict[str, Predicate]] = field(default_factory=dict)

    def named(self, hold: Hold) -> str:
        """Return the name a hold goes under."""
        return hold.id if self.each else hold.kind

    def kind(self, name: str) -> str:
        """Return the kind of the holds that go under a name."""
        return next((h.kind for h in self.holds if self.named(h) == name), name)

    def on(self, table: Table, subject: str) -> dict[str, Predicate]:
        """Return, per name, which rows a hold covers for one subject, or for all (empty)."""
        found: dict[str, list[Predicate]] = {}
        for hold in self.holds:
            name = self.named(hold)
            list_id = f"hold#{name}" if self.each else f"hold:{name}"
            found.setdefault(name, []).append(self.covered(hold, table, subject, list_id))
        return _some({name: any_of(where) for name, where in found.items()})

    def referred(self, table: Table, over: tuple[str, ...] = ()) -> dict[str, Predicate]:
        """Return, per name, to which rows a row refers that is held, or is referred to like them.

        Args:
            over: Ids of the links that were gone over already.
        """
        found: dict[str, list[Predicate]] = {}
        for link in self.people.system.links.values():
            if link.parent != table.id or link.follows or not link.keeps_parent or link.id in over:
                continue
            child = self.people.system.tables[link.child]
            parts = [self._on_row(child, ()), self.referred(child, (*over, link.id))]
            for name in dict.fromkeys(n for part in parts for n in part):
                where = any_of(part[name] for part in parts if name in part)
                limits = self.caps.uncapped(self.caps.of_rows(child), self.kind(name))
                found.setdefault(name, []).extend(
                    _down(link, all_of([part, *limits])) for part in disjuncts(where)
                )
        return _some({name: any_of(where) for name, where in found.items()})

    def _on_row(self, table: Table, seen: tuple[str, ...]) -> dict[str, Predicate]:
        """Return, per name, which rows a hold covers, or covers with what they belong to."""
        key = (table.id, seen)
        if key not in self._rows:
            found = {name: [where] for name, where in self.on(table, "").items()}
            for link in self.people.owners(table):
                owner = self.people.system.tables[link.parent]
                if owner.id in (*seen, table.id):
                    continue
                for name, where in self._on_row(owner, (*seen, table.id)).items():
                    limits = self.caps.uncapped(self.caps.of_rows(owner), self.kind(name))
                    up = (Hop(link.id, "parent"),)
                    found.setdefault(name, []).append(reached(up, all_of([where, *limits])))
            self._rows[key] = _some({name: any_of(where) for name, where in found.items()})
        return self._rows[key]

    def covered(self, hold: Hold, table: Table, subject: str, list_id: str) -> Predicate:
        """Return which rows of a table one hold names itself, or by a person of theirs."""
        return any_of(self._covered(hold, table, subject, list_id))

    def _covered(self, hold: Hold, table: Table, subject: str, list_id: str) -> Iterator[Predicate]:
        scope = hold.scope
        if scope.persons:
            yield listed(list_id, self.people.of(table, subject))
        if (scope.system, scope.table) != (self.people.system.id, table.id):
            return
        if scope.keys:
            yield KeyIn(scope.keys)
        if scope.clock and scope.from_on and scope.to_on:
            start = self.timing.day_before(scope.from_on)
            reads_as = _read(table, scope.clock)
            until = NotLater(scope.clock, scope.to_on, reads_as)
            yield all_of([until, Later(scope.clock, start, reads_as)])

    def by_id(self, table: Table) -> dict[str, Predicate]:
        """Return, per hold, which rows of the table it keeps: no cap has ended them for it."""
        found = {}
        for hold in self.holds:
            covered = self.covered(hold, table, "", f"hold#{hold.id}")
            limits = self.caps.uncapped(self.caps.of_rows(table), hold.kind)
            found[hold.id] = all_of([covered, *limits])
        return _some(found)


def _down(link: Link, where: Predicate) -> Predicate:
    """Return that a row of a link fulfils a condition; what it asks of its parent, of the row.

    A child mostly tells who it is about by its parent. Asked of the row itself, that is what the
    row tells of itself already, and no child has to be looked up.
    """
    up = Hop(link.id, "parent")
    ours: list[Predicate] = []
    theirs: list[Predicate] = []
    for part in where.parts if isinstance(where, And) else (where,):
        mine = of_parent(part, up) if isinstance(part, Listed) else None
        if mine is not None:
            ours.append(mine)
        else:
            theirs.append(part)
    return all_of([*ours, reached((Hop(link.id, "children"),), all_of(theirs))])


def _some(found: Mapping[str, Predicate]) -> dict[str, Predicate]:
    return {name: where for name, where in found.items() if where != FALSE}


def _read(table: Table, column: str) -> ReadsAs:
    """Return how a clock in a column of the table's own rows is read."""
    clocks = [c for serve in table.serves.values() for c in serve.clocks.values()]
    clocks += [c for cap in table.caps.values() for c in cap.clocks.values()]
    return next((c.reads_as for c in clocks if c.path == Path(column)), "auto")
