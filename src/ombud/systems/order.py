"""In which order do tables lose their rows? Children before the parents they refer to."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from types import MappingProxyType

from ombud.systems.model import System

_EACH_BY_ITSELF: Mapping[str, str] = MappingProxyType({})


def children_first(
    system: System, together: Mapping[str, str] = _EACH_BY_ITSELF
) -> list[tuple[str, ...]]:
    """Return the tables in groups, children before parents; a circle is one group.

    The order is the same each time: a plan's digest depends on it, so nothing here may depend on
    the order of a set.

    Args:
        together: Table id to the id of the table with whose rows its own go; left out, it stands
            for itself. Only the tables that stand for something are returned.
    """
    # What need not wait for each other keeps the order that it has where each goes by itself.
    each = [t for group in children_first(system) for t in group] if together else system.tables
    graph: dict[str, dict[str, None]] = {t: {} for t in each if together.get(t, t) == t}
    for link in system.links.values():
        child, parent = (together.get(t, t) for t in (link.child, link.parent))
        if child != parent:
            graph[parent][child] = None
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
