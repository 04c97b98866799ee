"""How do several connections change one batch? A part of it each, in transactions of their own.

What a batch does keeps one processor of the database busy, or waits for a disk, and a server has
several of the one and an orderly queue for the other. So further connections take parts of its
rows, and the first one waits for them: the batch ends when all parts have, under the system's lock
and with the grounds that were read under it. Each part tests its own rows again. Where parts are in
each other's way, as by a row that refers to one of each, the first connection does them, and works
alone for a while.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ombud.connectors.sql.errors import reach
from ombud.connectors.sql.half import Copied, Half
from ombud.connectors.sql.works import Work, Works
from ombud.errors import ConnectorFailed
from ombud.systems.connector import Piece, Selection

if TYPE_CHECKING:
    from ombud.connectors.sql.session import SqlSession

ROWS_MIN = 256
"""Of a batch that is shared: a smaller one is done before another connection was told of it."""

Ended = int | ConnectorFailed

AT_ONCE: Final = {"postgresql": 2, "mariadb": 3}
"""Connections that change rows side by side; SQLite has one writer at a time."""


@dataclass
class Beside:
    """The further connections of a session, opened when they are first of use.

    Args:
        first: The session.
        another: Opens one more to the same system, for rows that are copied to it.
    """

    first: SqlSession
    another: Callable[[], AbstractContextManager[SqlSession]]
    _others: list[_Other] = field(default_factory=list)
    _shared: tuple[Selection, list[Piece]] | None = None
    _opened: ExitStack = field(default_factory=ExitStack)
    _pool: ThreadPoolExecutor = field(default_factory=ThreadPoolExecutor)
    _closed: bool = False
    _alone: int = 0
    _alone_next: int = 1

    def change(self, selection: Selection, piece: Piece) -> int:
        """Change the rows of a piece that are still due; return how many changed.

        Raises:
            ConnectorFailed: A part was rolled back; its `changed` says what others changed.
        """
        self._shared = None
        if not self._shares(selection, piece) or not self._ready(selection):
            return self.first.change_alone(selection, piece)
        mine, *theirs = _parts(piece, len(self._others) + 1)
        begun = []
        for other, part in zip(self._others, theirs, strict=True):
            rows = self.first.copied(selection, part)
            begun.append(self._pool.submit(other.change, selection, part, rows))
        try:
            here = _ended(lambda: self.first.change_alone(selection, mine))
        finally:
            wait(begun)  # the system's lock is held for all
        there = [each.result() for each in begun]
        if any(isinstance(each, ConnectorFailed) for each in there):
            self._give_way()
        else:
            self._shared = selection, [mine, *theirs]
        if isinstance(here, int):
            there = [self._met(selection, p, e) for p, e in zip(theirs, there, strict=True)]
        return _all([here, *there])

    def _met(self, selection: Selection, part: Piece, ended: Ended) -> Ended:
        """Change a part of another connection's, where something was in its way."""
        if isinstance(ended, int) or not ended.answered:
            return ended
        return _ended(lambda: self.first.change_alone(selection, part))

    def any_of(self, selection: Selection, piece: Piece) -> bool:
        """Return whether a row of a piece is still there; each looks at what it changed."""
        if self._shared is None or self._shared[0] != selection:
            return self.first.any_of(selection, piece)
        mine, *theirs = self._shared[1]
        if (mine.after, theirs[-1].upto) != (piece.after, piece.upto):
            return self.first.any_of(selection, piece)
        pairs = zip(self._others, theirs, strict=True)
        asked = [self._pool.submit(o.session.any_of, selection, part) for o, part in pairs]
        try:
            here = self.first.any_of(selection, mine)
        finally:
            wait(asked)
        return here or any(each.result() for each in asked)

    def close(self) -> None:
        """Give the further connections back; the first works alone from now on."""
        self._closed, self._shared = True, None
        self._pool.shutdown()
        self._opened.close()

    def _shares(self, selection: Selection, piece: Piece) -> bool:
        """Return whether a piece is worth several connections, and its rows can be parted."""
        session = self.first
        if (
            self._closed
            or piece.rows < ROWS_MIN
            or session.live.dialect not in AT_ONCE
            or session.connector.system.rows_per_second_max  # it is to be spared
            or selection.table in session.changer.circles
        ):
            return False
        self._alone = max(0, self._alone - 1)
        return not self._alone

    def _ready(self, selection: Selection) -> bool:
        """Bring the further connections to where the first one is; False where there are none."""
        works = self.first.works
        try:
            while len(self._others) < AT_ONCE[self.first.live.dialect] - 1:
                self._others.append(_Other(self._opened.enter_context(self.another())))
            for other in self._others:
                other.follow(works, selection)
        except ConnectorFailed:
            self.close()
        return not self._closed

    def _give_way(self) -> None:
        """Work alone for a while, each time for twice as many batches."""
        self._alone_next *= 2
        self._alone = self._alone_next
        if any(other.session.connection.invalidated for other in self._others):
            self.close()


@dataclass
class _Other:
    """A further connection."""

    session: SqlSession
    _begun: tuple[Selection, Work] | None = None

    @property
    def half(self) -> Half:
        """Its work table."""
        if not isinstance(self.session.works, Half):
            raise TypeError("rows are copied to a session that was opened for it")
        return self.session.works

    def follow(self, works: Works, selection: Selection) -> None:
        """Take the grounds of the first connection, and begin to copy a selection of its own."""
        if self.session.grounds is not works.grounds:
            self.session.put(works.grounds)
        begins = selection, works.tables[selection.table]
        if self._begun != begins:
            reach(self.session.system_id, lambda: self.half.begin(begins[1]))
            self._begun = begins

    def change(self, selection: Selection, part: Piece, rows: Copied) -> Ended:
        """Change a part, once: what is in its way is for the first connection to meet."""
        try:
            reach(self.session.system_id, lambda: self.half.give(selection, part, rows))
        except ConnectorFailed as failed:
            failed.answered = True  # nothing was changed, and that is known
            return failed
        return _ended(lambda: self.session.change_once(selection, part))


def _parts(piece: Piece, count: int) -> list[Piece]:
    """Return a piece in so many parts of as many numbers each."""
    size = piece.upto - piece.after
    marks = [piece.after + size * i // count for i in range(count + 1)]
    return [Piece(a, b, b - a) for a, b in pairwise(marks)]


def _ended(change: Callable[[], int]) -> Ended:
    """Return how many rows changed, or why none did."""
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
