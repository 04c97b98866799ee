"""What does a plan need of a system in reach? The protocol that every connector fulfils."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from ombud.plan.ground import SystemGrounds
from ombud.systems.connector import (
    ClockDoubts,
    Counted,
    Explained,
    Key,
    Piece,
    Reading,
    Selection,
    TableCensus,
)
from ombud.systems.live import LiveSchema
from ombud.systems.model import Clock, System
from ombud.systems.predicate import Hop, Predicate


class Session(Protocol):
    """One conversation with a system. What it remembers between calls goes with it."""

    def put(self, grounds: SystemGrounds) -> None:
        """Take these grounds for every question from now on; cheap where they are the same."""

    def survey(self, since: SystemGrounds | None = None) -> list[Counted]:
        """Return what is due, children before parents, with exact counts; changes nothing.

        Args:
            since: Grounds of an earlier survey after which everything due was done: only rows
                that can have become due since are looked at. None: every row.
        """

    def keys(self, selection: Selection, after: Key | None, count: int) -> list[Key]:
        """Return the next keys of a surveyed selection, in key order, after a key."""

    def piece(self, selection: Selection, after: int, rows: int) -> Piece | None:
        """Return the next rows of a surveyed selection, at most so many; None: there are no more.

        Args:
            after: The last number of the piece before; 0 to begin.
        """

    def change(self, selection: Selection, piece: Piece) -> int:
        """Erase or blank those rows that are still due, in short transactions; all have ended.

        Each row is locked and tested again in one. Calling it again with the same piece changes
        nothing more. Rows that refer to each other in a circle go together, beyond the piece if
        need be.

        Raises:
            ConnectorFailed: A transaction was rolled back; `changed` says how many rows of the
                piece others have changed. Earlier pieces stay done.
        """

    def remaining(self, selection: Selection) -> int:
        """Return how many rows of a surveyed selection are still there and still due."""

    def present(self, selection: Selection) -> int:
        """Return how many rows that were to go with their owner are still there, due or not."""

    def rows(self, table: str) -> int:
        """Return how many rows a table has."""

    def sample(self, selection: Selection, rows: int) -> list[Mapping[str, Any]]:
        """Return whole due rows for a person's screen; never logged or stored."""

    def census(self, kept: Mapping[str, Mapping[str, Clock]]) -> dict[str, TableCensus]:
        """Return how each table stands under its rules, counted exactly."""

    def held(self, hold: str) -> int:
        """Return how many rows of all tables a hold covers."""

    def keepers(self, table: str) -> tuple[str, ...]:
        """Return the links through which a row that stays keeps the row of a table it refers to."""

    def referred_by(
        self, table: str, key: tuple[str, ...], stays: Mapping[str, Predicate]
    ) -> tuple[str, ...]:
        """Return the tables of the rows that refer to a row, stay, and so keep it.

        A row that stays only since others refer to it counts too, however far that goes.

        Args:
            key: In the order of the table's key, as text.
            stays: By table id, that a row of it stays by itself.
        """

    def clocks(self) -> dict[str, dict[str, ClockDoubts]]:
        """Return, by table and activity, the rows whose clocks are in doubt; none: left out."""

    def explain(
        self,
        table: str,
        key: tuple[str, ...],
        predicates: Sequence[Predicate],
        readings: Sequence[tuple[tuple[Hop, ...], Reading]],
    ) -> Explained:
        """Return what `why` needs of one row.

        Args:
            readings: Each with the hops to parents that lead from the row to where it is read.
        """

    def freshen(self, tables: Sequence[str]) -> bool:
        """Have the database forget erased values in its statistics; False where it may not."""


class Connector(Protocol):
    """The way into one system. Safe to keep; each session is for one thread."""

    @property
    def system(self) -> System:
        """The system on the map."""

    def live(self) -> LiveSchema:
        """Return the live schema, read once.

        Raises:
            ConnectorFailed: The system does not answer or refuses.
        """

    def session(self) -> AbstractContextManager[Session]:
        """Open a session.

        Raises:
            ConnectorFailed: The system does not answer or refuses.
        """

    def close(self) -> None:
        """Give every connection back."""
