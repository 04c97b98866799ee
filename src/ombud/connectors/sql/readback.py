"""What is left of a selection after it was carried out? Read again from the tables themselves.

Rows that went with their owner are looked for only where the owner is still there: their foreign
key is enforced (see `rides`), so the database vouches that no row stays without its owner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from ombud.connectors.sql.change import Changer
from ombud.connectors.sql.compile import Row
from ombud.connectors.sql.once import bit, one
from ombud.connectors.sql.rides import Ride
from ombud.connectors.sql.works import Work
from ombud.systems.connector import Piece, Selection

_ASKED_AT_ONCE = 5_000
_AT_HAND = 50_000  # numbers, the largest batch; what lies further back is asked at the end

Clause = sa.ColumnElement[bool]


@dataclass
class ReadBack:
    """Reads back one survey; a new survey needs a new one.

    Args:
        just_changed: Asks `any_of` of rows that were just gone through.
    """

    changer: Changer
    just_changed: Callable[[Selection, Piece], bool]
    _owners: dict[str, Work] = field(default_factory=dict)
    _due: dict[str, int] = field(default_factory=dict)
    _left: dict[str, bool] = field(default_factory=dict)
    _gone: dict[str, int] = field(default_factory=dict)

    def remaining(self, selection: Selection) -> int:
        """Return how many rows of a surveyed selection are still there and still due."""
        works = self.changer.works
        if selection.with_owner:
            return self._remaining_along(works.rides[selection.table])
        self._left.pop(selection.table, None)
        if selection.action == "erase" and not self._any_left(selection):
            count = 0
        elif selection.action == "erase" and selection.table in self.changer.circles:
            count = self._remaining_in_circle(selection)
        elif selection.action == "erase" and self._is_anchor(selection.table):
            count = self._count(self._look_for_owners(selection).table.c.still == 1)
        else:
            row = works.compiler.row(selection.table)
            still = works.there(selection, row, self._still(selection, row))
            work = works.tables[selection.table]
            count = self._count(sa.and_(works.chosen(selection), still), work.table)
        count += works.nameless(selection)
        self._due[selection.table] = count
        return count

    def present(self, selection: Selection) -> int:
        """Return how many rows that were to go with their owner are still there, due or not."""
        ride = self.changer.works.rides[selection.table]
        if not self._any_left(self._owner(ride)):
            return 0
        return self._of_owners(ride, self._owners_of(ride))

    def look(self, selection: Selection, upto: int) -> None:
        """Look whether the rows that batches went through so far are gone, while it is cheap.

        Right after its batch a row's page is at hand still. What was found gone is not asked again
        at the end; where a row has stayed, it and all that come after it are.

        Args:
            upto: Number of the last row of the selection that was gone through.
        """
        table = selection.table
        after = self._gone.get(table, 0)
        if selection.action != "erase" or not 0 < upto - after <= _AT_HAND:
            return
        if not self._left.get(table) and self._finds(table):
            self._left[table] = self.just_changed(selection, Piece(after, upto, upto - after))
            if not self._left[table]:
                self._gone[table] = upto

    def _any_left(self, selection: Selection) -> bool:
        """Return whether a row that was to be erased is still there, due or not."""
        if not self._finds(selection.table):
            return True  # looking up each would read the table once a row
        if selection.table not in self._left:
            pieces = self._pieces(selection, self._gone.get(selection.table, 0))
            self._left[selection.table] = any(self.any_of(selection, each) for each in pieces)
        return self._left[selection.table]

    def any_of(self, selection: Selection, piece: Piece) -> bool:
        """Return whether a row of a piece is still there.

        Each is looked up by its key, so the cost follows what was erased; as a join, PostgreSQL
        would read the whole table, unless it knows between which keys they lie.
        """
        works = self.changer.works
        row = works.compiler.row(selection.table)
        if span := works.span(row, selection, piece):
            return self._count(sa.and_(*span, works.within(row, selection, piece)), row.source) > 0
        left = one(works.there(selection, row)) == 1
        where = sa.and_(left, works.part(selection, piece))
        return self._count(where, works.tables[selection.table].table) > 0

    def _finds(self, table_id: str) -> bool:
        """Return whether rows of a table are found by their keys."""
        grounds, live = self.changer.grounds, self.changer.compiler.live
        table = grounds.system.tables[table_id]
        there = live.of(table, grounds.system)
        return there is not None and there.finds(table.key)

    def _pieces(self, selection: Selection, after: int = 0) -> Iterator[Piece]:
        """Yield a selection in pieces of some thousand rows, for short transactions."""
        while piece := self.changer.works.piece(selection, after, _ASKED_AT_ONCE):
            after = piece.upto
            yield piece

    def _still(self, selection: Selection, row: Row) -> sa.ColumnElement[bool]:
        """Return that a row is still due: not kept by a ground, nor by a row that refers to it."""
        if set(self.changer.works.rides) - set(self.changer.rides):
            # Rows were to go along and now, as after a hold on one of them, have to be looked at
            # by themselves. Until the next survey did so, they keep their owners, and no proof.
            return self.changer.due(selection, row)
        return sa.and_(*self.changer.still(selection, row))

    def _is_anchor(self, table: str) -> bool:
        return any(ride.anchor == table for ride in self.changer.works.rides.values())

    def _remaining_along(self, ride: Ride) -> int:
        if ride.anchor not in self._due:
            self.remaining(self._owner(ride))
        if not self._due[ride.anchor]:
            return 0
        return self._of_owners(ride, self._owners_of(ride), due=True)

    def _of_owners(self, ride: Ride, owners: Work, *, due: bool = False) -> int:
        works = self.changer.works
        row = works.compiler.row(ride.table)
        where = owners.table.c.still == 1 if due else sa.true()
        return self._count(where, works.to_anchor(row, ride, owners))

    def _owners_of(self, ride: Ride) -> Work:
        """Return the owners of a ride that are still there."""
        if ride.anchor not in self._owners:
            self._look_for_owners(self._owner(ride))
        return self._owners[ride.anchor]

    def _owner(self, ride: Ride) -> Selection:
        classes = self.changer.grounds.tables[ride.anchor].classes
        return Selection(ride.anchor, "erase", tuple(range(len(classes))))

    def _look_for_owners(self, selection: Selection) -> Work:
        """Make a table of the selected owners that are still there, and whether they are due."""
        works = self.changer.works
        work = works.tables[selection.table]
        row, again = works.compiler.row(selection.table), works.compiler.fresh(selection.table)
        still = works.there(selection, row, self._still(selection, row))
        columns = [c for c in work.table.c if c.name[0] in "kx"]
        asked = sa.select(*columns, bit(still, "still")).select_from(work.table)
        asked = asked.where(works.chosen(selection), works.there(selection, again))
        table = works.create(asked, row, len(work.extra))
        self._owners[selection.table] = found = replace(work, table=table)
        return found

    def _remaining_in_circle(self, selection: Selection) -> int:
        """Return it where rows refer to each other, batch by batch."""
        keys = self.changer.works.keys
        return sum(
            self.changer.erasable(selection, keys(selection, piece))
            for piece in self._pieces(selection)
        )

    def _count(self, where: sa.ColumnElement[bool], source: Any = None) -> int:  # noqa: ANN401
        select = sa.select(sa.func.count()).where(where)
        if source is not None:
            select = select.select_from(source)
        with self.changer.connection.begin():
            return int(self.changer.connection.execute(select).scalar_one())
