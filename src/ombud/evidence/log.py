"""What happened? An append-only log that is a Merkle tree; payloads can be erased, entries cannot.

Appending reads one row (the tree's frontier) and writes the entries, that row, and one hash for
every 256 entries; nothing here reads the log as a whole. Appends follow each other: on SQLite by
BEGIN IMMEDIATE, on PostgreSQL by an advisory lock that lasts until the transaction ends.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, select, update

from ombud.errors import LogBroken, Unknown, WrongUse
from ombud.evidence import _rows
from ombud.evidence._rows import EntryRow
from ombud.evidence._tables import log_entries, log_nodes, log_payloads, log_state
from ombud.evidence.entry import (
    ERASED,
    SALT_BYTES,
    Draft,
    Entry,
    Json,
    Payload,
    canonical,
    commitment,
    entry_text,
    instant_text,
)
from ombud.evidence.merkle import EMPTY_ROOT, TILE_HEIGHT, Frontier, leaf_hash
from ombud.store import Store, Transaction

_NAMES: Final = 500  # `once` keys to a query, below the parameter limits of every database


@dataclass(frozen=True)
class Head:
    """What the log is now.

    Args:
        origin: Its name, the same for ever; empty before the first entry.
        size: Number of entries.
        root: Root of the tree over them, 32 bytes.
    """

    origin: str
    size: int
    root: bytes


@dataclass
class _State:
    origin: str
    frontier: Frontier


class Log:
    """The evidence. Safe for threads and processes, as its store is.

    Args:
        random: Gives so many random bytes: salts, and the name of a new log.
    """

    def __init__(
        self, store: Store, *, random: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        self.store = store
        self._random = random

    def append(
        self, drafts: Iterable[Draft], *, at: datetime, tx: Transaction | None = None
    ) -> list[Entry]:
        """Append entries, in one transaction; they are on disk when it is.

        An entry whose `once` the log holds already is not appended again.

        Args:
            at: When it happened, aware.
            tx: A transaction that is open: the entries become a part of it. In it, append before
                other changes: on PostgreSQL the first append makes other writers wait.

        Returns:
            Each draft's entry, in order: the new one, or the one that was there under its `once`.

        Raises:
            WrongUse: A draft is not JSON, too long, or holds half of a character; nothing was
                changed.
            ValueError: The instant has no zone; nothing was changed.
            Stopped: The database did not take the change; nothing of it is left.
        """
        wanted = list(drafts)
        with self.store.transaction(tx) as inner:
            self.lock(inner)
            names = [draft.once for draft in wanted if draft.once is not None]
            known = {
                entry.once: entry
                for entry in (Entry(*row) for row in _rows.known(inner, names))
                if entry.once is not None
            }
            state = self._state(inner)
            growth = _Growth(state.frontier, at, self._random)
            found: list[Entry] = []
            for draft in wanted:
                entry = known.get(draft.once) if draft.once is not None else None
                if entry is None:
                    entry = growth.add(draft)
                    if draft.once is not None:
                        known[draft.once] = entry
                found.append(entry)
            if growth.entries:
                growth.write(inner)
                _keep(inner, state.frontier)
            return found

    def lock(self, tx: Transaction) -> None:
        """Let nobody else append until the transaction ends; what follows sees every entry."""
        self.store.serialise(tx)

    def entries(
        self,
        kind: str | Sequence[str] = (),
        *,
        about: str | None = None,
        after: int = -1,
        until: datetime | None = None,
        tx: Transaction | None = None,
    ) -> Iterator[Entry]:
        """Yield entries in order, read a thousand at a time.

        Args:
            kind: One kind or several; none given: every kind.
            after: Index of the last entry not wanted; -1: from the first.
            until: Only entries that happened at this instant or before.

        Raises:
            Stopped: The database did not answer.
        """
        wanted = _rows.wanted(kind, about, until)
        while True:
            with self.store.reading(tx) as inner:
                found = _rows.read_page(inner, {**wanted, "after": after})
            for row in found:
                yield Entry(*row)
            if len(found) < _rows.PAGE:
                return
            after = found[-1][0]

    def latest(
        self,
        kind: str | Sequence[str],
        *,
        about: str | None = None,
        until: datetime | None = None,
        tx: Transaction | None = None,
    ) -> Entry | None:
        """Return the last such entry, or None.

        Args:
            until: Only entries that happened at this instant or before.

        Raises:
            Stopped: The database did not answer.
        """
        with self.store.reading(tx) as inner:
            row = _rows.read_last(inner, _rows.wanted(kind, about, until))
        return Entry(*row) if row else None

    def entry(self, index: int, *, tx: Transaction | None = None) -> Entry:
        """Return one entry.

        Raises:
            Unknown: The log has no such entry.
            Stopped: The database did not answer.
        """
        entry = log_entries.c
        query = select(entry.idx, entry.entry).where(entry.idx == index)
        with self.store.reading(tx) as inner:
            row = inner.execute(query).first()
        if row is None:
            raise Unknown(f"the log has no entry {index}")
        return Entry(row.idx, row.entry)

    def once(self, name: str, *, tx: Transaction | None = None) -> Entry:
        """Return the entry that was appended under this `once`.

        Raises:
            Unknown: The log has no such entry.
            Stopped: The database did not answer.
        """
        with self.store.reading(tx) as inner:
            found = _rows.known(inner, [name])
        if not found:
            raise Unknown(f"the log has no entry `{name}`")
        return Entry(*found[0])

    def payloads(self, indexes: Iterable[int], *, tx: Transaction | None = None) -> list[Payload]:
        """Return the payloads of entries that were not erased, by entry and name.

        Raises:
            Stopped: The database did not answer.
        """
        wanted = sorted(set(indexes))
        found: list[Payload] = []
        with self.store.reading(tx) as inner:
            for start in range(0, len(wanted), _NAMES):
                column = log_payloads.c.idx
                query = select(log_payloads).where(column.in_(wanted[start : start + _NAMES]))
                rows = inner.execute(query.order_by(column, log_payloads.c.name))
                found += [Payload(row.idx, row.name, row.salt, row.payload) for row in rows]
        return found

    def count_payloads(self, indexes: Iterable[int]) -> int:
        """Return how many payloads of entries were not erased.

        Raises:
            Stopped: The database did not answer.
        """
        wanted = sorted(set(indexes))
        found = 0
        with self.store.reading() as inner:
            for start in range(0, len(wanted), _NAMES):
                these = log_payloads.c.idx.in_(wanted[start : start + _NAMES])
                query = select(func.count()).select_from(log_payloads).where(these)
                found += inner.execute(query).scalar_one()
        return found

    def erase_payload(
        self, index: int, *, at: datetime, name: str | None = None, tx: Transaction | None = None
    ) -> int:
        """Erase what an entry says about a person, and log that it was erased.

        The entry and the tree stay; nobody can find the payload from its commitment, since the
        salt goes with it.

        Args:
            name: Which payload; None: all of the entry's.

        Returns:
            The number of payloads erased; 0 where they were gone already, and nothing is logged.

        Raises:
            Stopped: The database did not take the change; nothing of it is left.

        Law:
            GDPR Art. 17(1)
        """
        payload = log_payloads.c
        which = payload.idx == index
        if name is not None:
            which &= payload.name == name
        with self.store.transaction(tx) as inner:
            self.lock(inner)
            names = list(inner.execute(select(payload.name).where(which)).scalars())
            if names:
                inner.execute(delete(log_payloads).where(which))
                body: dict[str, Json] = {"entry": index, "names": sorted(names)}
                self.append([Draft(ERASED, body, about=str(index))], at=at, tx=inner)
        return len(names)

    def head(self, *, tx: Transaction | None = None) -> Head:
        """Return origin, size and root of the log as it is now.

        Raises:
            Stopped: The database did not answer.
        """
        with self.store.reading(tx) as inner:
            state = _read_state(inner)
        if state is None:
            return Head("", 0, EMPTY_ROOT)
        return Head(state.origin, state.frontier.size, state.frontier.root())

    def begin(self, tx: Transaction) -> Head:
        """Return the head inside a writing transaction; a new log gets its name."""
        self.lock(tx)
        state = self._state(tx)
        return Head(state.origin, state.frontier.size, state.frontier.root())

    def _state(self, tx: Transaction) -> _State:
        state = _read_state(tx)
        if state is None:
            state = _State(f"ombud/log/{self._random(8).hex()}", Frontier())
            values = {"id": 1, "origin": state.origin, "size": 0, "frontier": b""}
            tx.execute(log_state.insert().values(values))
        return state


class _Growth:
    """The rows that an append adds, worked out before the first is written."""

    def __init__(self, frontier: Frontier, at: datetime, random: Callable[[int], bytes]) -> None:
        self._frontier = frontier
        self._at = at
        self._random = random
        self._at_text = instant_text(at)
        self.entries: list[EntryRow] = []
        self._payloads: list[dict[str, Any]] = []
        self._nodes: list[dict[str, Any]] = []

    def add(self, draft: Draft) -> Entry:
        try:
            return self._added(draft)
        except UnicodeEncodeError:  # what came from a command line may be bytes that are no text
            raise WrongUse(f"an entry of kind `{draft.kind}` holds text that is none") from None

    def _added(self, draft: Draft) -> Entry:
        index = self._frontier.size
        commitments = {}
        for name, value in draft.payloads.items():
            salt, payload = self._random(SALT_BYTES), canonical(value)
            commitments[name] = commitment(salt, payload)
            row = {"idx": index, "name": name, "salt": salt, "payload": payload}
            self._payloads.append(row)
        text = entry_text(draft, self._at_text, commitments)
        completed = self._frontier.append(leaf_hash(text.encode()))
        for height in range(TILE_HEIGHT, len(completed), TILE_HEIGHT):
            node = {"level": height // TILE_HEIGHT, "idx": index >> height}
            self._nodes.append(node | {"hash": completed[height]})
        self.entries.append(EntryRow(index, draft.kind, draft.about, draft.once, text))
        return Entry(index, text)

    def write(self, tx: Transaction) -> None:
        _rows.insert(tx, self.entries, self._at)
        if self._payloads:
            tx.execute(log_payloads.insert(), self._payloads)
        if self._nodes:
            tx.execute(log_nodes.insert(), self._nodes)


# Made once: every append runs them.
_READ_STATE: Final = select(log_state)
_KEEP_STATE: Final = update(log_state).values(
    size=bindparam("size"), frontier=bindparam("frontier")
)


def _read_state(tx: Transaction) -> _State | None:
    row = tx.execute(_READ_STATE).first()
    if row is None:
        return None
    try:
        return _State(row.origin, Frontier.from_bytes(row.size, row.frontier))
    except ValueError:
        raise LogBroken(
            "the log's size and its frontier do not belong together",
            help="run `ombud verify`; restore Ombud's database from its backup",
        ) from None


def _keep(tx: Transaction, frontier: Frontier) -> None:
    tx.execute(_KEEP_STATE, {"size": frontier.size, "frontier": bytes(frontier)})
