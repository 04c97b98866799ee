"""Where do hops end, who owns a row, and which activities cover a field? Look-ups on the map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ombud.policy.model import Policy
from ombud.systems.model import Column, Link, System, Table
from ombud.systems.predicate import Exists, Hop, Predicate, own_parts


def end_of(system: System, table: str, hops: Iterable[Hop]) -> str:
    """Return the table that hops from a table end in."""
    for hop in hops:
        if hop.to != "siblings":
            link = system.links[hop.link]
            table = link.parent if hop.to == "parent" else link.child
    return table


def owners(system: System, table: str) -> Iterator[Link]:
    """Yield the links to parents whose grounds cover the table's fields too."""
    return (k for k in system.links.values() if k.child == table and k.follows)


def covering(
    policy: Policy, system: System, table: Table, column: Column, category: str
) -> set[str]:
    """Return the activities that cover a category of a column: the table's own and its owners'.

    What an owner's activity covers by `columns:` are the owner's columns alone.
    """
    own = {
        serve.activity
        for serve in table.serves.values()
        if category in policy.activities[serve.activity].data
        and (not serve.columns or column.name in serve.columns)
    }
    return own | _inherited(policy, system, table.id, category, ())


def _inherited(
    policy: Policy, system: System, table: str, category: str, seen: tuple[str, ...]
) -> set[str]:
    found: set[str] = set()
    for link in owners(system, table):
        if link.parent == table or link.parent in seen:
            continue
        found |= {
            serve.activity
            for serve in system.tables[link.parent].serves.values()
            if category in policy.activities[serve.activity].data and not serve.columns
        }
        found |= _inherited(policy, system, link.parent, category, (*seen, table))
    return found


def leaves(system: System, table: str, predicate: Predicate) -> Iterator[tuple[str, Predicate]]:
    """Yield (table, part) for every part of a predicate that is made of no others."""
    for part in own_parts(predicate):
        if isinstance(part, Exists):
            yield from leaves(system, end_of(system, table, part.hops), part.where)
        else:
            yield table, part
