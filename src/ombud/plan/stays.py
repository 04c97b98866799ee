"""Why does a row stay of which fields are blanked? Other fields, rows that refer to it, the map."""

from __future__ import annotations

from collections.abc import Iterable

from ombud.plan.ground import TableGrounds, staying
from ombud.systems.connector import Selection
from ombud.systems.model import System
from ombud.systems.predicate import TRUE, Predicate, any_of


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


def by_itself(tg: TableGrounds) -> Predicate:
    """Return that a row of a table stays whatever refers to it."""
    if not tg.classes or tg.table.when_due == "statistics":
        return TRUE
    return any_of(map(staying, tg.classes))
