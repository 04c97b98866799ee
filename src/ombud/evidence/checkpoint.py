"""What does the log commit itself to? Its signed head, the proofs under it, and an export to keep.

A truncated log still verifies by itself: only somebody who holds an older checkpoint sees that
entries are gone. So checkpoints are mailed, printed or kept in git, and the more hands hold one
the better.
"""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, tuple_, update

from ombud.errors import LogBroken, NotSet, Unknown, WrongUse
from ombud.evidence._tables import log_checkpoints, log_entries, log_keys, log_nodes, log_payloads
from ombud.evidence.entry import Draft, Payload
from ombud.evidence.log import Head, Log
from ombud.evidence.merkle import (
    TILE,
    TILE_HEIGHT,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    leaf_hash,
    subtree_root,
)
from ombud.evidence.note import Checkpoint, PublicKey, checkpoint_of, sign
from ombud.evidence.tiles import (
    CHECKPOINT,
    ENTRIES,
    PAYLOADS,
    VKEY,
    Tile,
    TileWriter,
    bundle,
    payload_line,
)
from ombud.store import Seal, Transaction

KEY_CHANGED: Final = "key_changed"
_PAGE: Final = 16 * TILE  # entries to a read


class Checkpoints:
    """Signs the log's head and gives what an auditor needs.

    Args:
        seal: Opens the signing key. None where OMBUD_KEY is not set: everything but signing and
            exporting works, and what was signed before still verifies.
    """

    def __init__(self, log: Log, seal: Seal | None) -> None:
        self._log = log
        self._seal = seal

    def vkey(self) -> str:
        """Return the public key as one line; give it to auditors apart from the export.

        Raises:
            Unknown: Nothing was ever signed.
        """
        keys = self.vkeys()
        if not keys:
            raise Unknown(
                "the log has no key yet",
                help="sign its head once, with OMBUD_KEY set: `ombud status`",
            )
        return keys[-1]

    def vkeys(self, *, tx: Transaction | None = None) -> list[str]:
        """Return every public key the log ever signed with, the current one last."""
        column = log_keys.c
        query = select(column.vkey).order_by(column.retired_at.is_(None), column.made_at)
        with self._log.store.reading(tx) as inner:
            return list(inner.execute(query).scalars())

    def sign_head(self, *, at: datetime) -> str:
        """Sign the log's head as it is, and keep the checkpoint; the same head is signed once.

        Returns:
            The checkpoint, a signed note.

        Raises:
            NotSet: OMBUD_KEY is not set; nothing was changed.
            Refused: OMBUD_KEY is not the one the key was sealed with; nothing was changed.
            LogBroken: The log is no longer a continuation of what was signed; nothing was signed.
        """
        with self._log.store.transaction() as tx:
            head = self._log.begin(tx)
            note, public = self._signed(tx, head, at)
            self._keep(tx, head.size, public, note, at)
            return note

    def _signed(self, tx: Transaction, head: Head, at: datetime) -> tuple[str, PublicKey]:
        """Return the signed head and its key; Ed25519 signs the same text the same."""
        public, private = self._key(tx, head.origin, at)
        self._refuse_fork(tx, head)
        text = str(Checkpoint(head.origin, head.size, head.root))
        return sign(text, public.name, private), public

    def _keep(self, tx: Transaction, size: int, public: PublicKey, note: str, at: datetime) -> None:
        column, key_id = log_checkpoints.c, public.id.hex()
        where = (column.size == size) & (column.key_id == key_id)
        if tx.execute(select(column.size).where(where)).first() is None:
            values = {"size": size, "key_id": key_id, "note": note, "at": at}
            tx.execute(log_checkpoints.insert().values(values))

    def _refuse_fork(self, tx: Transaction, head: Head) -> None:
        last = self.last(tx=tx)
        if last is None:
            return
        path = []
        if last.size <= head.size:
            path = consistency_proof(last.size, head.size, Nodes(tx))
        same = is_consistent(last.size, last.root, head.size, head.root, path)
        if last.origin != head.origin or not same:
            raise LogBroken(
                f"the log is not a continuation of its checkpoint at {last.size} entries",
                help="run `ombud verify`; keep the database as it is and restore its last backup",
            )

    def last(self, *, tx: Transaction | None = None) -> Checkpoint | None:
        """Return the largest checkpoint that was signed, or None."""
        column = log_checkpoints.c
        query = select(column.note).order_by(column.size.desc(), column.at.desc()).limit(1)
        with self._log.store.reading(tx) as inner:
            note = inner.execute(query).scalar()
            keys = [PublicKey.parse(vkey) for vkey in self.vkeys(tx=inner)]
            return checkpoint_of(note, keys) if note is not None else None

    def notes(self, *, tx: Transaction | None = None) -> list[str]:
        """Return every checkpoint that was signed, the smallest first."""
        column = log_checkpoints.c
        query = select(column.note).order_by(column.size, column.at)
        with self._log.store.reading(tx) as inner:
            return list(inner.execute(query).scalars())

    def new_key(self, *, at: datetime) -> str:
        """Sign with a new key from now on, and log that the key changed.

        After a lost OMBUD_KEY this is the only way to sign again. The old vkey still verifies
        what was signed with it; auditors need the new one as well.

        Returns:
            The new vkey.

        Raises:
            NotSet: OMBUD_KEY is not set; nothing was changed.
        """
        with self._log.store.transaction() as tx:
            head = self._log.begin(tx)
            values = {"retired_at": at}
            current = log_keys.c.retired_at.is_(None)
            tx.execute(update(log_keys).where(current).values(values))
            public, _ = self._key(tx, head.origin, at)
            body = {"vkey": str(public)}
            self._log.append([Draft(KEY_CHANGED, body, public.id.hex())], at=at, tx=tx)
            return str(public)

    def _key(
        self, tx: Transaction, origin: str, at: datetime
    ) -> tuple[PublicKey, Ed25519PrivateKey]:
        """Return the current key; a log that has none gets one."""
        if self._seal is None:
            raise NotSet(
                "`OMBUD_KEY` is not set: the log's head cannot be signed",
                help="set OMBUD_KEY to the text that this database was set up with",
            )
        row = tx.execute(select(log_keys).where(log_keys.c.retired_at.is_(None))).first()
        if row is not None:
            raw = self._seal.open(row.sealed, f"log key {row.id}")
            return PublicKey.parse(row.vkey), Ed25519PrivateKey.from_private_bytes(raw)
        private = Ed25519PrivateKey.generate()
        public = PublicKey(origin, private.public_key().public_bytes_raw())
        key_id = public.id.hex()
        values = {
            "id": key_id,
            "vkey": str(public),
            "sealed": self._seal.close(private.private_bytes_raw(), f"log key {key_id}"),
            "made_at": at,
        }
        tx.execute(log_keys.insert().values(values))
        return public, private

    # ---------------------------------------------------------------- proofs

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Return the path that shows an entry in the tree of `size` entries.

        Raises:
            WrongUse: There is no such entry, or no such tree yet.
        """
        with self._log.store.reading() as tx:
            if not 0 <= index < size <= self._log.head(tx=tx).size:
                raise WrongUse(f"there is no entry {index} in a log of {size}")
            return inclusion_proof(index, size, Nodes(tx))

    def consistency(self, old: int, size: int) -> list[bytes]:
        """Return the path that shows one tree as the beginning of another.

        Raises:
            WrongUse: There are no such trees yet.
        """
        with self._log.store.reading() as tx:
            if not 0 <= old <= size <= self._log.head(tx=tx).size:
                raise WrongUse(f"there are no logs of {old} and {size} entries")
            return consistency_proof(old, size, Nodes(tx))

    def proof_of(self, index: int, *, at: datetime) -> str:
        """Return a proof that an entry is in the log, for somebody without the log.

        Format: https://c2sp.org/tlog-proof; it holds the entry's place and a signed checkpoint.

        Raises:
            NotSet: OMBUD_KEY is not set; nothing was changed.
            WrongUse: There is no such entry.
        """
        note = self.sign_head(at=at)
        size = Checkpoint.parse(note).size
        path = [base64.b64encode(each).decode() for each in self.inclusion(index, size)]
        return "\n".join(["c2sp.org/tlog-proof@v1", f"index {index}", *path, "", note])

    # ---------------------------------------------------------------- export

    def export(self, folder: Path, *, at: datetime) -> Checkpoint:
        """Write everything an auditor needs to verify the log without Ombud.

        Args:
            folder: New or empty. The checkpoint is written last: an export that was killed while
                it was written has none.

        Returns:
            The checkpoint at its end.

        Raises:
            NotSet: OMBUD_KEY is not set; nothing was written.
            WrongUse: The folder holds something, or cannot be written to; nothing of the export is
                left.
        """
        self.sign_head(at=at)  # makes the key, in a log that has none
        try:
            with _whole(folder), self._log.store.reading() as tx:
                # One moment of the database, so that every payload that is not there was erased
                # by an entry that is.
                head = self._log.head(tx=tx)
                note, public = self._signed(tx, head, at)
                _write_tiles(tx, folder, head.size)
                _write_payloads(tx, folder, head.size)
                (folder / VKEY).write_text(f"{public}\n", "utf-8", newline="\n")
                (folder / CHECKPOINT).write_text(note, "utf-8", newline="\n")
        except OSError as failed:
            raise WrongUse(
                f"the folder `{folder}` cannot be written: {failed.strerror}",
                help="name a new folder where you may write and there is room; nothing of the"
                " export is left in this one",
            ) from None
        with self._log.store.transaction() as tx:
            self._keep(tx, head.size, public, note, at)
        return Checkpoint.parse(note)


@contextmanager
def _whole(folder: Path) -> Iterator[None]:
    """Give an empty folder to write to; where that fails, leave nothing that was written."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise WrongUse(f"the folder `{folder}` is not empty", help="name a new folder")
    try:
        yield
    except BaseException:
        for written in folder.iterdir():
            if written.is_dir():
                shutil.rmtree(written, ignore_errors=True)
            else:
                written.unlink(missing_ok=True)
        raise


class Nodes:
    """Gives the hash of a full subtree by height and number; reads 256 rows at most for each."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def __call__(self, height: int, number: int) -> bytes:
        """Return the root over leaves number·2^height and on."""
        level, rest = divmod(height, TILE_HEIGHT)
        start, count = number << rest, 1 << rest
        if level:
            column = log_nodes.c
            between = column.idx.between(start, start + count - 1)
            query = select(column.hash).where(column.level == level, between).order_by(column.idx)
            row = list(self._tx.execute(query).scalars())
        else:
            entry = log_entries.c
            between = entry.idx.between(start, start + count - 1)
            texts = self._tx.execute(select(entry.entry).where(between).order_by(entry.idx))
            row = [leaf_hash(text.encode()) for text in texts.scalars()]
        if len(row) != count:
            raise LogBroken("entries of the log are missing", help="run `ombud verify`")
        return subtree_root(b"".join(row))


def _write_tiles(tx: Transaction, folder: Path, size: int) -> None:
    writer = TileWriter(folder)
    for start, texts in _pages(tx, size):
        entries = [text.encode() for text in texts]
        writer.add([leaf_hash(entry) for entry in entries])
        for at in range(0, len(entries), TILE):
            some = entries[at : at + TILE]
            writer.write(Tile(ENTRIES, (start + at) // TILE, len(some)), bundle(some))
    writer.close()


def _pages(tx: Transaction, size: int) -> Iterator[tuple[int, list[str]]]:
    column = log_entries.c
    for start in range(0, size, _PAGE):
        end = min(size, start + _PAGE)
        query = select(column.entry).where(column.idx.between(start, end - 1)).order_by(column.idx)
        texts = list(tx.execute(query).scalars())
        if len(texts) != end - start:
            raise LogBroken("entries of the log are missing", help="run `ombud verify`")
        yield start, texts


def _write_payloads(tx: Transaction, folder: Path, size: int) -> None:
    column = log_payloads.c
    place = (-1, "")
    with (folder / PAYLOADS).open("w", encoding="utf-8", newline="\n") as out:
        while True:
            after = tuple_(column.idx, column.name) > tuple_(*place)
            query = select(log_payloads).where(after, column.idx < size)
            rows = tx.execute(query.order_by(column.idx, column.name).limit(_PAGE)).all()
            for row in rows:
                out.write(payload_line(Payload(row.idx, row.name, row.salt, row.payload)))
            if len(rows) < _PAGE:
                return
            place = (rows[-1].idx, rows[-1].name)
