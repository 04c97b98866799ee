"""Is the log in Ombud's own database what it was? Every entry is read and hashed again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from ombud.errors import LogBroken
from ombud.evidence._tables import log_entries, log_nodes, log_payloads
from ombud.evidence.checkpoint import Checkpoints
from ombud.evidence.entry import ERASED, Entry, commitment
from ombud.evidence.log import Log
from ombud.evidence.merkle import TILE_HEIGHT, Frontier, leaf_hash
from ombud.evidence.note import Checkpoint, PublicKey, checkpoint_of
from ombud.store import Transaction

_PAGE: Final = 4096


@dataclass(frozen=True)
class VerifiedStore:
    """What the log in the database was found to be.

    Args:
        checkpoints: How many signed heads it agrees with.
    """

    size: int
    root: bytes
    checkpoints: int


def verify_store(
    log: Log, *, held: Iterable[str] = (), progress: Callable[[int], None] = lambda _: None
) -> VerifiedStore:
    """Verify the log where it lies: entries, tree, columns, payloads, and every signed head.

    Args:
        held: Checkpoints kept elsewhere, whole notes.
        progress: Told the number of entries that were verified, now and then.

    Raises:
        LogBroken: It does not verify; the message says where.
    """
    checkpoints = Checkpoints(log, None)
    with log.store.reading() as tx:
        keys = [PublicKey.parse(vkey) for vkey in checkpoints.vkeys(tx=tx)]
        # one that was kept elsewhere is most often one that lies here too
        notes = {*checkpoints.notes(tx=tx), *held}
        signed = sorted((checkpoint_of(note, keys) for note in notes), key=lambda each: each.size)
        head = log.head(tx=tx)
        if any(each.origin != head.origin for each in signed):
            raise LogBroken("a checkpoint is of another log than this one")
        frontier = Frontier()
        waiting = deque(signed)
        check = _Payloads(tx)
        nodes = _nodes(tx)
        for entry in _entries(tx):
            _compare_due(waiting, frontier)
            completed = frontier.append(leaf_hash(entry.text.encode()))
            for height in range(TILE_HEIGHT, len(completed), TILE_HEIGHT):
                place = (height // TILE_HEIGHT, entry.index >> height)
                if nodes.pop(place, None) != completed[height]:
                    raise LogBroken(f"the log's hash {place} is not what the entries say")
            check.entry(entry)
            if frontier.size % _PAGE == 0:
                progress(frontier.size)
        _compare_due(waiting, frontier)
        check.close()
        _once(tx)
    if waiting:
        there = f"{frontier.size} {'is' if frontier.size == 1 else 'are'} there"
        raise LogBroken(f"{waiting[0].size} entries were signed, and {there}")
    if nodes:
        raise LogBroken(f"the log has hashes of entries it has not: {min(nodes)}")
    _compare(frontier, head.size, head.root)
    progress(head.size)
    return VerifiedStore(head.size, head.root, len(signed))


def _compare_due(waiting: deque[Checkpoint], frontier: Frontier) -> None:
    """Compare the signed heads of the size that is reached, and let them go."""
    while waiting and waiting[0].size == frontier.size:
        head = waiting.popleft()
        _compare(frontier, head.size, head.root)


def _compare(frontier: Frontier, size: int, root: bytes) -> None:
    if frontier.size != size or frontier.root() != root:
        raise LogBroken(f"the first {size} entries are not those that were signed")


def _entries(tx: Transaction) -> Iterator[Entry]:
    """Yield every entry, compared with the columns it is looked up by."""
    column = log_entries.c
    after = -1
    while True:
        query = select(log_entries).where(column.idx > after).order_by(column.idx).limit(_PAGE)
        rows = tx.execute(query).all()
        for row in rows:
            try:
                entry = Entry(row.idx, row.entry)
                says = (entry.kind, entry.about, entry.once, entry.at)
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                raise LogBroken(f"entry {row.idx} cannot be read") from None
            looked_up = (row.kind, row.about, row.once, row.at)
            if row.idx != after + 1:
                raise LogBroken(f"entry {after + 1} is missing")
            if looked_up != says:
                raise LogBroken(f"entry {row.idx} is filed under what it does not say")
            after = row.idx
            yield entry
        if len(rows) < _PAGE:
            return


def _once(tx: Transaction) -> None:
    """Refuse two entries that each say to be the only one: the database's index was taken away."""
    column = log_entries.c
    query = select(func.max(column.idx)).where(column.once.is_not(None)).group_by(column.once)
    second = tx.execute(query.having(func.count() > 1).limit(1)).scalar()
    if second is not None:
        raise LogBroken(f"entry {second} has the `once` of another one")


def _nodes(tx: Transaction) -> dict[tuple[int, int], bytes]:
    """Return the kept hashes: one for every 256 entries."""
    return {(row.level, row.idx): row.hash for row in tx.execute(select(log_nodes))}


class _Payloads:
    """Compares what lies beside the entries with what they commit themselves to."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._pending: list[Entry] = []
        self._missing: set[tuple[int, str]] = set()
        self._erased: set[tuple[int, str]] = set()
        self._count = 0

    def entry(self, entry: Entry) -> None:
        if entry.kind == ERASED:
            self._erased |= {(entry.body["entry"], name) for name in entry.body["names"]}
        if entry.commitments:
            self._pending.append(entry)
        if len(self._pending) == 256:
            self._flush()

    def _flush(self) -> None:
        column = log_payloads.c
        indexes = [entry.index for entry in self._pending]
        rows = self._tx.execute(select(log_payloads).where(column.idx.in_(indexes)))
        from_rows = {(row.idx, row.name): commitment(row.salt, row.payload) for row in rows}
        self._count += len(from_rows)
        for entry in self._pending:
            for name, wanted in entry.commitments.items():
                found = from_rows.pop((entry.index, name), None)
                if found is None:
                    self._missing.add((entry.index, name))
                elif found != wanted:
                    raise LogBroken(f"a payload of entry {entry.index} is not what was logged")
        if from_rows:
            raise LogBroken(f"entry {min(from_rows)[0]} has no such payload")
        self._pending.clear()

    def close(self) -> None:
        self._flush()
        for index, _ in sorted(self._missing ^ self._erased)[:1]:
            says = "was erased, and is there"
            if (index, _) in self._missing:
                says = "is gone, and no entry says it was erased"
            raise LogBroken(f"a payload of entry {index} {says}")
        total = self._tx.execute(select(func.count()).select_from(log_payloads)).scalar_one()
        if total != self._count:
            raise LogBroken("the log has payloads of entries it has not")
