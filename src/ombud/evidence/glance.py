"""Do the log's ends fit together? A look that costs the same however long the log is.

It hashes the last entries and, with the kept hashes of all before them, the whole tree: an entry
that was changed, added or taken out there is found. `verify_store` reads every entry.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import func, select

from ombud.errors import LogBroken
from ombud.evidence._tables import log_entries
from ombud.evidence.checkpoint import Checkpoints, Nodes
from ombud.evidence.log import Log
from ombud.evidence.merkle import TILE, TILE_HEIGHT, node_hash, tree_root
from ombud.store import Transaction

_HELP: Final = "run `ombud verify`; keep the database as it is and restore its last backup"


def glance(log: Log) -> None:
    """Look whether the log's last entries, its head and the last signed head belong together.

    Raises:
        LogBroken: They do not; nothing was changed.
        Stopped: The database did not answer.
    """
    with log.store.reading() as tx:
        head = log.head(tx=tx)
        newest = tx.execute(select(func.max(log_entries.c.idx))).scalar()
        nodes = Nodes(tx)
        right = (-1 if newest is None else newest) + 1 == head.size
        right = right and tree_root(head.size, nodes) == head.root
        right = right and _bundle_is_right(tx, head.size // TILE - 1, nodes)
        last = Checkpoints(log, None).last(tx=tx)
        if right and last is not None:
            right = last.origin == head.origin and last.size <= head.size
            right = right and tree_root(last.size, nodes) == last.root
    if not right:
        raise LogBroken("the log does not verify", help=_HELP)


def _bundle_is_right(tx: Transaction, number: int, nodes: Nodes) -> bool:
    """Return whether the last full bundle of entries is what its kept hash says; none: it is."""
    if number < 0:
        return True
    half = TILE_HEIGHT - 1
    left, right = nodes(half, 2 * number), nodes(half, 2 * number + 1)
    return node_hash(left, right) == nodes(TILE_HEIGHT, number)
