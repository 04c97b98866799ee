"""Which rows go with the row they belong to?

Where an indexed foreign key cascades, nobody has to look for them: the database erases them with
their owner, and they are counted from it.

A table *rides* when all its fields live by grounds of its owner and by nothing else, when the
owner's erasure cascades to it by an indexed foreign key, and when no row that may stay refers to
it. It then needs no survey of its own: its due rows are those whose owner is in the owner's work
table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ombud.connectors.sql.links import has_to_be_cut, holds_parent
from ombud.plan.ground import SystemGrounds, TableGrounds
from ombud.systems.live import LiveSchema
from ombud.systems.model import Link, System
from ombud.systems.predicate import (
    FALSE,
    TRUE,
    Exists,
    Hop,
    Listed,
    Not,
    Predicate,
    disjuncts,
    of_parent,
)


@dataclass(frozen=True)
class Ride:
    """That a table rides.

    Args:
        table: Table id of the rows that go along.
        anchor: Table id of the owner that is surveyed; owners of owners ride too.
        hops: From the row to its anchor, parents only.
        number: Field class of the anchor whose death is the row's.
    """

    table: str
    anchor: str
    hops: tuple[Hop, ...]
    number: int


def rides_of(
    grounds: SystemGrounds, live: LiveSchema, order: Iterable[tuple[str, ...]]
) -> dict[str, Ride]:
    """Return the tables that ride, by id.

    Args:
        order: Groups of tables, children before parents.
    """
    groups = list(order)
    alone = {group[0] for group in groups if len(group) == 1}
    rides: dict[str, Ride] = {}
    for group in reversed(groups):
        for table_id in group:
            if table_id in alone:
                ride = _ride(grounds, live, table_id, rides)
                if ride is not None:
                    rides[table_id] = ride
    return _unblocked(grounds.system, live, rides)


def goes_along(link: Link, rides: Mapping[str, Ride]) -> bool:
    """Return whether a child goes with this very parent: whatever else it refers to, it holds."""
    ride = rides.get(link.child)
    return ride is not None and ride.hops[0].link == link.id


def _ride(
    grounds: SystemGrounds, live: LiveSchema, table_id: str, rides: Mapping[str, Ride]
) -> Ride | None:
    system, tg = grounds.system, grounds.tables[table_id]
    if len(tg.classes) != 1 or tg.table.when_due != "erase" or tg.table.caps:
        return None
    [only] = tg.classes
    if only.reviewed or only.whole != only.living or only.living == FALSE:
        return None
    for link in system.links.values():
        if link.child != table_id or not _cascades(link, system, live):
            continue
        theirs = _through(only.living, link)
        owner = rides.get(link.parent)
        up = Hop(link.id, "parent")
        if theirs is None:
            continue
        if owner is not None and theirs == _grounds(grounds.tables[link.parent], 0):
            return Ride(table_id, owner.anchor, (up, *owner.hops), owner.number)
        parent = grounds.tables[link.parent]
        for number in range(len(parent.classes) if owner is None else 0):
            if theirs == _grounds(parent, number):
                return Ride(table_id, link.parent, (up,), number)
    return None


def _unblocked(system: System, live: LiveSchema, rides: dict[str, Ride]) -> dict[str, Ride]:
    """Return the rides without those to which a row refers that need not go at the same time.

    Only a row that rides on the very link does; one of another owner could stay, or be taken along.
    """
    while True:
        blocked = {
            link.parent
            for link in system.links.values()
            if link.parent in rides and not goes_along(link, rides) and _ties(link, system, live)
        }
        blocked |= {link.child for link in _ways_back(system, rides) if _ties(link, system, live)}
        blocked |= {
            r.table
            for r in rides.values()
            if _owner(system, r) in blocked | _not_riding(system, r, rides)
        }
        if not blocked:
            return rides
        rides = {t: r for t, r in rides.items() if t not in blocked}


def _ways_back(system: System, rides: Mapping[str, Ride]) -> Iterator[Link]:
    """Yield the other links from a riding table to its owners' tables.

    A row that holds a row there, and that row's owner, would wait for each other.
    """
    for link in system.links.values():
        ride = rides.get(link.child)
        if ride is not None and not goes_along(link, rides):
            if link.parent in {system.links[hop.link].parent for hop in ride.hops}:
                yield link


def _ties(link: Link, system: System, live: LiveSchema) -> bool:
    """Return whether a child's row stands in the way of its parent's, or has to be cut loose."""
    return holds_parent(link, system, live) or has_to_be_cut(link, system, live)


def _owner(system: System, ride: Ride) -> str:
    return system.links[ride.hops[0].link].parent


def _not_riding(system: System, ride: Ride, rides: Mapping[str, Ride]) -> set[str]:
    """Return the direct owner where it should ride and does not any more."""
    owner = _owner(system, ride)
    return {owner} if owner != ride.anchor and owner not in rides else set()


def _through(living: Predicate, link: Link) -> frozenset[Predicate] | None:
    """Return what of the owner keeps the row, where nothing else does."""
    up = Hop(link.id, "parent")
    found: set[Predicate] = set()
    for part in disjuncts(living):
        if without_owner(part, (up,)):
            continue  # no row that cascades is
        if isinstance(part, Exists) and part.hops == (up,):
            found |= set(disjuncts(part.where))
        elif isinstance(part, Listed) and (theirs := of_parent(part, up)) is not None:
            found.add(theirs)  # a row is on a list because its owner is, and for no other reason
        else:
            return None
    return frozenset(found)


def without_owner(part: Predicate, up: tuple[Hop, ...]) -> bool:
    """Return whether a predicate holds only of rows that belong to no row over a link."""
    return isinstance(part, Not) and Exists(up, TRUE) in disjuncts(part.part)


def _grounds(tg: TableGrounds, number: int) -> frozenset[Predicate]:
    return frozenset(disjuncts(tg.classes[number].living))


def _cascades(link: Link, system: System, live: LiveSchema) -> bool:
    """Return whether the database itself erases a child with its parent, quickly and surely."""
    if link.when or not link.follows:
        return False
    child, parent = (live.of(system.tables[t], system) for t in (link.child, link.parent))
    if child is None or parent is None or child.engine == "myisam" or parent.engine == "myisam":
        return False
    columns = tuple(c for c, _ in link.columns)
    if any(child.columns[c].nullable for c in columns if c in child.columns):
        return False
    declared = any(
        key.columns == columns
        and key.on_parent_gone == "cascade"
        and key.parent == parent.name
        and key.enforced
        for key in child.foreign_keys
    )
    return child.finds(columns) and declared and live.enforces_foreign_keys
