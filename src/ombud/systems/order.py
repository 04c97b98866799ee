"""In which order do tables lose their rows? Children before the parents they refer to."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

from ombud.systems.model import System


def children_first(system: System) -> list[tuple[str, ...]]:
    """Return the tables in groups, children before parents; a circle is one group.

    The order is the same each time: a plan's digest depends on it, so nothing here may depend on
    the order of a set.
    """
    graph: dict[str, dict[str, None]] = {t: {} for t in system.tables}
    for link in system.links.values():
        if link.child != link.parent:
            graph[link.parent][link.child] = None
    groups = {t: frozenset([t]) for t in graph}
    while True:
        merged: dict[frozenset[str], dict[frozenset[str], None]] = {g: {} for g in groups.values()}
        for t, children in graph.items():
            merged[groups[t]] |= {groups[c]: None for c in children if groups[c] != groups[t]}
        try:
            order = list(TopologicalSorter(merged).static_order())
            return [tuple(t for t in system.tables if t in g) for g in order]
        except CycleError as cycle:
            union = frozenset[str]().union(*cycle.args[1])
            groups = {t: union if t in union else g for t, g in groups.items()}
