"""Why does a row stay of which fields are blanked? Other fields, rows that refer to it, the map."""

from __future__ import annotations

from collections.abc import Iterable

from ombud.plan.ground import SystemGrounds, TableGrounds, staying
from ombud.systems.connector import Selection
from ombud.systems.model import System
from ombud.systems.predicate import FALSE, TRUE, Hop, Predicate, any_of, reached


def rows_stay(tg: TableGrounds, selection: Selection, system: System, links: Iterable[str]) -> str:
    """Return why rows stay of which a selection blanks fields, in a sentence; else empty.

    Args:
        links: Those through which rows that stay keep rows of the table.
    """
    if selection.action in ("erase", "task"):
        return ""
    if selection.action == "anonymise":
        return "the rows stay: the map keeps them as statistics (`when_due: statistics`)"
    reasons = []
    others = [c for i, c in enumerate(tg.classes) if c.columns and i not in selection.classes]
    if others:
        reasons.append("other fields of theirs are kept")
    children = dict.fromkeys(system.links[link].child for link in links)
    if children:
        named = " or ".join(f"`{child}`" for child in children)
        reasons.append(f"rows of {named} that stay refer to them")
    if tg.table.when_due == "statistics":
        reasons.append("the map keeps them as statistics")
    return f"the rows stay: {', or '.join(reasons)}" if reasons else ""


def referring(grounds: SystemGrounds, links: Iterable[str]) -> dict[str, Predicate]:
    """Return, per table, that a row of it which stays refers to the row that is asked.

    A row that stays only since others refer to it, in turn, is not followed any further round.

    Args:
        links: Those through which rows that stay keep the row.
    """
    found: dict[str, Predicate] = {}
    for name in links:
        link = grounds.system.links[name]
        where = reached((Hop(name, "children"),), _stays(grounds, link.child, (link.parent,)))
        found[link.child] = any_of([found.get(link.child, FALSE), where])
    return found


def _stays(grounds: SystemGrounds, table: str, seen: tuple[str, ...]) -> Predicate:
    """Return that a row of a table stays: by itself, or since one that stays refers to it."""
    tg = grounds.tables[table]
    if not tg.classes or tg.table.when_due == "statistics":
        return TRUE
    parts: list[Predicate] = [staying(each) for each in tg.classes]
    for link in grounds.system.links.values():
        if link.parent == table and link.keeps_parent and link.child not in (*seen, table):
            up = (Hop(link.id, "children"),)
            parts.append(reached(up, _stays(grounds, link.child, (*seen, table))))
    return any_of(parts)
