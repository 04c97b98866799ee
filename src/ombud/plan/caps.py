"""Which limits end data whatever keeps it? Caps, and whom they let pass."""

from __future__ import annotations

from dataclasses import dataclass

from ombud.plan.rules import after
from ombud.plan.term import Limit
from ombud.plan.time import Timing
from ombud.policy.model import Policy
from ombud.systems.model import Table, TableCap
from ombud.systems.predicate import Predicate, all_of, none_of


@dataclass(frozen=True)
class Caps:
    """The caps of a policy on the tables of a system."""

    policy: Policy
    timing: Timing

    def of(self, table: Table, category: str) -> tuple[TableCap, ...]:
        """Return the caps on a category of a table's fields."""
        return tuple(
            c
            for c in table.caps.values()
            if not (data := self.policy.caps[c.cap].data) or category in data
        )

    def of_rows(self, table: Table) -> tuple[TableCap, ...]:
        """Return the caps that end whole rows: on every category that the table holds."""
        return limits(self.policy, table)

    def limit(self, on: TableCap) -> Limit:
        """Return how long a cap lets a row's data live, and of which rows it says anything."""
        return Limit(on.when, after(self.timing, self.policy.caps[on.cap].keep, on.clocks))

    def passed(self, on: TableCap) -> Predicate:
        """Return that a cap has passed for a row."""
        limit = self.limit(on)
        return all_of([limit.when, none_of(limit.term.living)])

    def uncapped(self, caps: tuple[TableCap, ...], name: str) -> list[Predicate]:
        """Return that none of these caps has passed, those apart that let a ground pass.

        Args:
            name: Id of an activity, or a kind of hold.
        """
        return [none_of(self.passed(c)) for c in self.ending(caps, name)]

    def ending(self, caps: tuple[TableCap, ...], name: str) -> tuple[TableCap, ...]:
        """Return those of the caps that do not let an activity, or a kind of hold, pass."""
        return tuple(c for c in caps if name not in self.policy.caps[c.cap].unless)


def limits(policy: Policy, table: Table, kind: str = "") -> tuple[TableCap, ...]:
    """Return the caps of a table that end whole rows, whatever hold of a kind covers them.

    A cap on some categories alone ends no row: a hold keeps its other fields.
    """
    held = {category for column in table.columns.values() for category in column.categories}
    caps = ((cap, policy.caps[cap.cap]) for cap in table.caps.values())
    return tuple(
        at for at, cap in caps if kind not in cap.unless and (not cap.data or held <= {*cap.data})
    )
