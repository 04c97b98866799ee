"""Which steps approve what a fresh survey found, and in which order is it done?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ombud.plan.model import Step
from ombud.systems.connector import Selection
from ombud.systems.model import System
from ombud.systems.order import children_first


def approving(steps: Iterable[Step], fresh: Selection) -> list[Step]:
    """Return the steps that approve what a fresh selection would do: the very one, or all others.

    The blanking of rows that were to be erased has a step of its own only where other rows of the
    table were to be blanked in the same way.
    """
    covering = [s for s in steps if _covers(s.selection, fresh)]
    same = [
        s
        for s in covering
        if s.selection.action == fresh.action
        and (s.selection.columns, s.selection.with_owner) == (fresh.columns, fresh.with_owner)
    ]
    return same or sorted(covering, key=lambda s: s.selection.action == "erase")


def _covers(step: Selection, fresh: Selection) -> bool:
    """Return whether a step approves what a fresh selection would do, counts apart.

    A row that was to be erased may merely be blanked: a hold or a new reference came in between.
    """
    if step.table != fresh.table:
        return False
    if step.action == "erase":
        return fresh.action == "erase" or fresh.action in ("blank", "replace")
    return fresh.action == step.action and bool(set(step.columns) & set(fresh.columns))


def waits(system: System, selection: Selection, stuck: set[str]) -> bool:
    """Return whether rows of a selection can still be there only because others did not go.

    The read-back counts no row that another refers to. It is right where that other is kept, and
    wrong where it has to go as well and merely could not.
    """
    table, owner = selection.table, selection.with_owner
    before = {k.child for k in system.links.values() if k.parent == table} - {table}
    return selection.action == "erase" and not stuck.isdisjoint({owner} if owner else before)


def together(selections: Iterable[Selection]) -> dict[str, str]:
    """Return, per table, the table whose work it is part of: its owner's where rows go along.

    Whether they do can change between plan and apply: a hold on one of them makes the table's rows
    go by themselves.
    """
    found: dict[str, str] = {}
    for selection in selections:
        if selection.with_owner or selection.table not in found:
            found[selection.table] = selection.with_owner or selection.table
    return found


def order(system: System, steps: Iterable[Step], together: Mapping[str, str]) -> list[str]:
    """Return the tables whose work is done together, children before parents.

    Rows that go along with their owner go later than their own place among the tables, so theirs
    is not their owner's: other rows that refer to the owner have to go before it, too.
    """
    wanted = {together[s.selection.table] for s in steps}
    return [t for group in children_first(system, together) for t in group if t in wanted]
