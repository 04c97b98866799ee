"""How many rows is what is due? The work tables counted: exactly, and per rule and cap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from ombud.connectors.sql.once import bit, one
from ombud.connectors.sql.rides import Ride
from ombud.connectors.sql.works import Work, Works
from ombud.plan.ground import TableGrounds
from ombud.systems.connector import Action, Counted, Selection
from ombud.systems.order import children_first

Clause = ColumnElement[bool]


@dataclass(frozen=True)
class Counting:
    """Counts what a survey found."""

    works: Works

    def steps(self) -> Iterator[Counted]:
        """Yield what is to be done, with exact counts: children before parents."""
        for group in children_first(self.works.grounds.system):
            for table_id in group:
                if table_id in self.works.tables:
                    yield from self._steps(self.works.tables[table_id])
            for ride in self.works.rides.values():
                if ride.anchor in group:
                    yield from self._with_owner(ride)

    def _with_owner(self, ride: Ride) -> Iterator[Counted]:
        """Yield the rows that go with their owner, counted from its work table.

        Each owner is asked for its own rows by the index that its erasing needs as well, so the
        cost follows what goes; as a join, PostgreSQL would read the whole table.
        """
        works, tg = self.works, self.works.grounds.tables[ride.table]
        anchor = works.tables[ride.anchor]
        row = works.compiler.row(ride.table)
        source, same = works.below(row, ride, anchor)
        own: sa.Select[Any] = sa.select(sa.func.count()).select_from(source).where(same)
        flags = {r: f for r in tg.rules if (f := works.member_of(anchor, r)) is not None}
        each = own.correlate(anchor.table).scalar_subquery()
        asked = sa.select(sa.func.sum(each), *flags.values()).where(anchor.table.c.e == 1)
        groups = works.rows(asked.group_by(*flags.values()))
        found: list[tuple[int, Sequence[int]]] = [(int(g[0] or 0), g[1:]) for g in groups]
        if count := sum(n for n, _ in found):
            rules = {r: sum(n for n, bits in found if bits[i]) for i, r in enumerate(flags)}
            without_rule = sum(n for n, bits in found if not any(bits))
            selection = Selection(ride.table, "erase", (0,), (), ride.anchor)
            named = {r: n for r, n in rules.items() if n}
            yield Counted(selection, count, named, without_rule=without_rule)

    def _steps(self, work: Work) -> Iterator[Counted]:
        tg, n = work.grounds, len(work.grounds.classes)
        blanks = [self.works.blanked(work, i) for i in range(n)]
        if any(c.columns for c in tg.classes):
            masked = sa.select(*(bit(b, f"m{i}") for i, b in enumerate(blanks)))
            masked = masked.select_from(work.table).where(sa.or_(*blanks)).distinct()
            masks = self.works.rows(masked)
            # Databases give them in any order, and a plan's digest depends on it.
            for mask in sorted((tuple(each) for each in masks), reverse=True):
                classes = tuple(i for i in range(n) if mask[i])
                yield self._counted(work, self._blank_selection(tg, classes))
        for i, each in enumerate(tg.classes):
            if each.reviewed or each.whole != each.living:
                step = self._counted(work, Selection(work.id, "task", (i,), each.columns))
                if step.count:
                    yield step
        step = self._counted(work, Selection(work.id, "erase", tuple(range(n))))
        if step.count:
            yield step

    def _blank_selection(self, tg: TableGrounds, classes: tuple[int, ...]) -> Selection:
        columns = tuple(c for i in classes for c in tg.classes[i].columns)
        kinds = {tg.table.columns[c].blank.kind for c in columns}
        action: Action = "blank" if kinds <= {"null"} else "replace"
        if tg.table.when_due == "statistics" and len(classes) == len(tg.classes):
            action = "anonymise"
        return Selection(tg.table.id, action, classes, columns)

    def _counted(self, work: Work, selection: Selection) -> Counted:
        """Return a selection with its exact counts, in all and per rule and cap."""
        touched = [work.grounds.classes[i] for i in selection.classes]
        rules, caps = list(work.grounds.rules), list(work.grounds.caps)
        ours = [r for r in rules if any(r in c.rules for c in touched)]
        capped = [c for c in caps if any(c in k.caps for k in touched)]
        flags = [work.flag("r", rules.index(r)) for r in ours]
        flags += [work.flag("c", caps.index(c)) for c in capped]
        select = sa.select(*_sums(flags)).where(self.works.chosen(selection))
        count, without_rule, *numbers = (int(v or 0) for v in self.works.rows(select)[0])
        self.works.note_count(selection, count)
        return Counted(
            selection,
            count,
            {r: n for r, n in zip(ours, numbers, strict=False) if n},
            {c: n for c, n in zip(capped, numbers[len(ours) :], strict=True) if n},
            without_rule,
        )


def _sums(flags: Sequence[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    """Return how many rows there are, how many without any of these flags, and with each."""
    none = sa.and_(sa.true(), *(flag == 0 for flag in flags))
    return [sa.func.count(), _sum(none), *(_sum(flag == 1) for flag in flags)]


def _sum(clause: Clause) -> ColumnElement[Any]:
    return sa.func.sum(one(clause))
