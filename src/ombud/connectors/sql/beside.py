"""How do several connections change one batch? A part of it each, in transactions of their own.

What a batch does keeps one processor of the database busy, or waits for its disk, and a server can
do more at a time. So further connections take parts of a batch's rows. The first one waits for
them: a batch ends when its parts have, under the system's lock and with the grounds that were read
under it. Each part tests its own rows again. Where something is in the way of one, as a row that
refers to rows of two parts, the first connection does that part too, and then works alone for a
while.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate, pairwise
from typing import Any, Final, Protocol

import sqlalchemy as sa

from ombud.connectors.sql.change import Changer
from ombud.connectors.sql.copies import Copied, Copies
from ombud.connectors.sql.errors import reach
from ombud.connectors.sql.works import Work, Works
from ombud.errors import ConnectorFailed
from ombud.plan.ground import SystemGrounds
from ombud.systems.connector import Piece, Selection
from ombud.systems.live import LiveSchema
from ombud.systems.model import System

AT_ONCE: Final = {"postgresql": 2, "mariadb": 3}
"""Connections that change rows side by side; SQLite has one writer at a time."""

ROWS_MIN = 256
"""Of a batch that is shared: a smaller one is done before other connections were told of it."""

SHARE_MIN: Final = 0.5
"""Of the first connection's part, that each other one has at least."""

Ended = int | ConnectorFailed
"""Rows that a part changed, or why it was rolled back."""


class Side(Protocol):
    """A session, as far as others change rows beside it, or it beside others."""

    connection: sa.Connection
    live: LiveSchema

    @property
    def system(self) -> System:
        """The system on the map."""

    @property
    def works(self) -> Works:
        """The work tables."""

    @property
    def changer(self) -> Changer:
        """The way to change rows."""

    def put(self, grounds: SystemGrounds) -> None:
        """Take these grounds from now on."""

    def copied(self, selection: Selection, part: Piece) -> Copied:
        """Return a part of a selection's work table, for another session."""

    def change_alone(self, selection: Selection, piece: Piece) -> int:
        """Change rows in one transaction; again where a lock was in the way."""

    def change_once(self, selection: Selection, piece: Piece) -> int:
        """Change rows in one transaction, without another try."""

    def any_of(self, selection: Selection, piece: Piece) -> bool:
        """Return whether a row of a piece is still there, due or not."""


@dataclass
class Beside:
    """The further connections of a session, opened when they are first of use.

    Args:
        first: The session.
        another: Opens one more to the same system, for rows that are copied to it.
    """

    first: Side
    another: Callable[[], AbstractContextManager[Side]]
    _others: list[_Other] = field(default_factory=list)
    _last: tuple[Selection, list[Piece]] | None = None
    _opened: ExitStack = field(default_factory=ExitStack)
    _pool: ThreadPoolExecutor = field(default_factory=ThreadPoolExecutor)
    _closed: bool = False
    _share: float = 1.0
    _alone: int = 0
    _alone_next: int = 1

    def change(self, selection: Selection, piece: Piece) -> int:
        """Change the rows of a piece that are still due; return how many changed.

        Raises:
            ConnectorFailed: A part was rolled back; its `changed` says what others changed.
        """
        self._last = None
        if not self._shares(selection, piece) or not self._ready(selection):
            return self.first.change_alone(selection, piece)
        parts = _parts(piece, [1.0, *(self._share for _ in self._others)])
        here, *there = self._side_by_side(selection, parts)
        if any(isinstance(each, ConnectorFailed) for each in there):
            self._give_way()
        else:
            self._last = selection, parts
        if isinstance(here, int):
            pairs = zip(parts[1:], there, strict=True)
            there = [self._instead(selection, part, ended) for part, ended in pairs]
        return _all([here, *there])

    def any_of(self, selection: Selection, piece: Piece) -> bool:
        """Return whether a row of a piece is still there; each looks at what it just changed."""
        if self._last is None or self._last[0] != selection or not _are(self._last[1], piece):
            return self.first.any_of(selection, piece)
        mine, *theirs = self._last[1]
        pairs = zip(self._others, theirs, strict=True)
        asked = [self._pool.submit(other.any_of, selection, part) for other, part in pairs]
        try:
            here = self.first.any_of(selection, mine)
        finally:
            _wait(asked)
        return here or any(each.result() for each in asked)

    def close(self) -> None:
        """Give the further connections back; the first works alone from now on."""
        self._closed, self._last = True, None
        self._pool.shutdown()
        self._opened.close()

    def _side_by_side(self, selection: Selection, parts: list[Piece]) -> list[Ended]:
        """Change each part on a connection of its own, the first part here."""
        copies = [self.first.copied(selection, part) for part in parts[1:]]  # or nothing is changed
        work = zip(self._others, parts[1:], copies, strict=True)
        begun = [
            self._pool.submit(_timed, partial(o.change, selection, part, rows))
            for o, part, rows in work
        ]
        try:
            here, took = _timed(
                lambda: _ended(lambda: self.first.change_alone(selection, parts[0]))
            )
        finally:
            _wait(begun)  # the system's lock is held for all
        there = [each.result() for each in begun]
        self._level(took, max(seconds for _, seconds in there))
        return [here, *(ended for ended, _ in there)]

    def _level(self, first_s: float, others_s: float) -> None:
        """Have parts end at the same moment next time: what is copied to others takes them time."""
        longer = (1 + first_s / max(others_s, 1e-6)) / 2
        self._share = min(1.0, max(SHARE_MIN, self._share * longer))

    def _instead(self, selection: Selection, part: Piece, ended: Ended) -> Ended:
        """Change a part of another connection, where that was surely rolled back."""
        if isinstance(ended, int) or not ended.answered:
            return ended
        return _ended(lambda: self.first.change_alone(selection, part))

    def _shares(self, selection: Selection, piece: Piece) -> bool:
        """Return whether a piece is worth several connections, and its rows can be parted."""
        session = self.first
        if (
            self._closed
            or piece.rows < ROWS_MIN
            or session.live.dialect not in AT_ONCE
            or session.system.rows_per_second_max  # it is to be spared
            or selection.table in session.changer.circles
        ):
            return False
        if self._alone:
            self._alone -= 1
            return False
        return True

    def _ready(self, selection: Selection) -> bool:
        """Bring the further connections to where the first one is; False where there are none."""
        works = self.first.works
        try:
            while len(self._others) < AT_ONCE[self.first.live.dialect] - 1:
                self._others.append(_Other(self._opened.enter_context(self.another())))
            for other in self._others:
                other.follow(works, selection)
        except ConnectorFailed:  # it has no connection to spare, or lost one
            self.close()
        return not self._closed

    def _give_way(self) -> None:
        """Work alone for a while, each time for twice as many batches."""
        self._alone, self._alone_next = self._alone_next, 2 * self._alone_next
        if any(other.session.connection.invalidated for other in self._others):
            self.close()


@dataclass
class _Other:
    """A further connection, and whose rows it has a copy of."""

    session: Side
    _grounds: SystemGrounds | None = None
    _begun: tuple[Selection, Work] | None = None

    @property
    def copies(self) -> Copies:
        """Its work table."""
        if not isinstance(self.session.works, Copies):
            raise TypeError("rows are copied to a session that was opened for it")
        return self.session.works

    def follow(self, works: Works, selection: Selection) -> None:
        """Take the grounds of the first connection, and begin with a selection of its own.

        Raises:
            ConnectorFailed: It does not answer; nothing was changed.
        """
        if self._grounds is not works.grounds:
            self.session.put(works.grounds)
            self._grounds = works.grounds
        begins = selection, works.tables[selection.table]
        if self._begun != begins:
            reach(self.session.system.id, lambda: self.copies.begin(begins[1]))
            self._begun = begins

    def change(self, selection: Selection, part: Piece, rows: Copied) -> Ended:
        """Change a part, once: what is in its way is for the first connection to meet."""
        try:
            reach(self.session.system.id, lambda: self.copies.give(selection, part, rows))
        except ConnectorFailed as failed:
            failed.answered = True  # nothing was changed, and that is known
            return failed
        return _ended(lambda: self.session.change_once(selection, part))

    def any_of(self, selection: Selection, part: Piece) -> bool:
        """Return whether a row of a part is still there, or nobody knows."""
        try:
            return self.session.any_of(selection, part)
        except ConnectorFailed:
            return True  # the first connection asks again at the end


def _parts(piece: Piece, shares: list[float]) -> list[Piece]:
    """Return a piece in parts of as many numbers as their shares are."""
    size = (piece.upto - piece.after) / sum(shares)
    marks = [piece.after + round(size * so_far) for so_far in accumulate(shares, initial=0)]
    return [Piece(after, upto, upto - after) for after, upto in pairwise(marks)]


def _timed(change: Callable[[], Ended]) -> tuple[Ended, float]:
    """Return what a part came to, and how many seconds it took."""
    began = time.monotonic()
    return change(), time.monotonic() - began


def _are(parts: list[Piece], piece: Piece) -> bool:
    """Return whether parts make up a piece."""
    return (parts[0].after, parts[-1].upto) == (piece.after, piece.upto)


def _wait(begun: Sequence[Future[Any]]) -> None:
    """Wait until all have ended, though a person does not want to wait any longer."""
    interrupted = None
    while not all(each.done() for each in begun):
        try:
            wait(begun)
        except KeyboardInterrupt as error:
            interrupted = error
    if interrupted is not None:
        raise interrupted


def _ended(change: Callable[[], int]) -> Ended:
    try:
        return change()
    except ConnectorFailed as failed:
        return failed


def _all(parts: list[Ended]) -> int:
    """Return how many rows all parts changed.

    Raises:
        ConnectorFailed: Of one of them; rather one that leaves in doubt what it did.
    """
    changed = sum(part for part in parts if isinstance(part, int))
    failed = [part for part in parts if isinstance(part, ConnectorFailed)]
    for worst in sorted(failed, key=lambda each: each.answered):
        worst.changed = changed
        raise worst
    return changed
