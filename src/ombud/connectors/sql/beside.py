"""How do two connections change one batch? Half of it each, in transactions of their own.

What a batch does keeps one processor of the database busy, and a server has several. So a second
connection takes half of its rows, and the first one waits for it: the batch ends when both halves
have, under the system's lock and with the grounds that were read under it. Each half tests its own
rows again. Where they are in each other's way, as by a row that refers to one of each, the first
does both, and works alone for a while.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ombud.connectors.sql.errors import reach
from ombud.connectors.sql.half import Half, Taken, taken
from ombud.connectors.sql.works import Work
from ombud.errors import ConnectorFailed
from ombud.systems.connector import Piece, Selection

if TYPE_CHECKING:
    from ombud.connectors.sql.session import SqlSession

ROWS_MIN = 256
"""Of a batch that is shared: a smaller one is done before another connection was told of it."""

Copy = tuple[Piece, Taken]


@dataclass
class Beside:
    """The second connection of a session, opened when it is first of use.

    Args:
        first: The session.
        another: Opens one more to the same system, for rows that are copied to it.
    """

    first: SqlSession
    another: Callable[[], AbstractContextManager[SqlSession]]
    _second: SqlSession | None = None
    _begun: tuple[Selection, Work] | None = None
    _shared: tuple[Selection, Piece, Piece] | None = None
    _opened: ExitStack = field(default_factory=ExitStack)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    _closed: bool = False
    _alone: int = 0
    _alone_next: int = 1

    def change(self, selection: Selection, piece: Piece) -> int:
        """Change the rows of a piece that are still due; return how many changed.

        Raises:
            ConnectorFailed: A half was rolled back; its `changed` says what the other one changed.
        """
        self._shared = None
        second = self._ready(selection) if self._shares(selection, piece) else None
        if second is None:
            return self.first.change_alone(selection, piece)
        middle = (piece.after + piece.upto) // 2
        mine, theirs = replace(piece, upto=middle), replace(piece, after=middle)
        copy = self._copy(second, selection, piece)
        begun = self._pool.submit(_ended, lambda: _change(second, selection, theirs, copy))
        try:
            here = _ended(lambda: self.first.change_alone(selection, mine))
        finally:
            wait([begun])  # the system's lock is held for both
        there = begun.result()
        self._shared = selection, mine, theirs
        if isinstance(there, ConnectorFailed):
            self._shared = None
            self._give_way(second)
            if there.answered and isinstance(here, int):
                there = _ended(lambda: self.first.change_alone(selection, theirs))
        return _both(here, there)

    def any_of(self, selection: Selection, piece: Piece) -> bool:
        """Return whether a row of a piece is still there; either looks at what it changed."""
        first, second, shared = self.first, self._second, self._shared
        if second is None or shared is None or shared[0] != selection:
            return first.any_of(selection, piece)
        _, mine, theirs = shared
        if (mine.after, theirs.upto) != (piece.after, piece.upto):
            return first.any_of(selection, piece)
        asked = self._pool.submit(second.any_of, selection, theirs)
        try:
            here = first.any_of(selection, mine)
        finally:
            wait([asked])
        return here or asked.result()

    def close(self) -> None:
        """Give the second connection back; the first works alone from now on."""
        self._closed, self._shared = True, None
        self._pool.shutdown()
        self._opened.close()

    def _shares(self, selection: Selection, piece: Piece) -> bool:
        """Return whether a piece is worth two connections, and its rows can be parted."""
        session = self.first
        if (
            self._closed
            or piece.rows < ROWS_MIN
            or session.live.dialect == "sqlite"  # one writes at a time
            or session.connector.system.rows_per_second_max  # it is to be spared
            or selection.table in session.changer.circles
        ):
            return False
        self._alone = max(0, self._alone - 1)
        return not self._alone

    def _ready(self, selection: Selection) -> SqlSession | None:
        """Bring the second connection to where the first one is; None where there is none."""
        works = self.first.works
        begins = selection, works.tables[selection.table]
        try:
            if self._second is None:
                self._second = self._opened.enter_context(self.another())
            if self._second.grounds is not works.grounds:
                self._second.put(works.grounds)
            if self._begun != begins:
                _begin(self._second, begins[1])
                self._begun = begins
        except ConnectorFailed:
            self.close()
            return None
        return self._second

    def _copy(self, second: SqlSession, selection: Selection, piece: Piece) -> Copy | None:
        """Return what the second connection has to have of a piece, and has not; None: nothing."""
        part = _half(second).lacks(piece)
        if part is None:
            return None
        works = self.first.works
        return part, reach(self.first.system_id, lambda: taken(works, selection, part))

    def _give_way(self, second: SqlSession) -> None:
        """Work alone for a while, each time for twice as many batches."""
        self._alone_next *= 2
        self._alone = self._alone_next
        if second.connection.invalidated:
            self.close()


def _half(session: SqlSession) -> Half:
    if not isinstance(session.works, Half):
        raise TypeError("rows are copied to a session that was opened for it")
    return session.works


def _begin(session: SqlSession, work: Work) -> None:
    reach(session.system_id, lambda: _half(session).begin(work))


def _change(session: SqlSession, selection: Selection, piece: Piece, copy: Copy | None) -> int:
    """Change a half on the second connection, once: what is in its way is for the first to meet."""
    try:
        if copy is not None:
            reach(session.system_id, lambda: _half(session).give(selection, *copy))
    except ConnectorFailed as failed:
        failed.answered = True  # nothing was changed, and that is known
        raise
    return session.change_once(selection, piece)


def _ended(change: Callable[[], int]) -> int | ConnectorFailed:
    """Return how many rows changed, or why none did."""
    try:
        return change()
    except ConnectorFailed as failed:
        return failed


def _both(*halves: int | ConnectorFailed) -> int:
    """Return how many rows both halves changed.

    Raises:
        ConnectorFailed: Of one of them; rather the one that leaves in doubt what it did.
    """
    changed = sum(half for half in halves if isinstance(half, int))
    failed = [half for half in halves if isinstance(half, ConnectorFailed)]
    for worst in sorted(failed, key=lambda each: each.answered):
        worst.changed = changed
        raise worst
    return changed
