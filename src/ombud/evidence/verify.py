"""Is this export what the log signed? Read offline, from its files and a public key alone.

Every entry is hashed again, every tile compared, the root compared with the signed checkpoint, and
each older checkpoint that somebody held with the tree at its size. A payload must be what its
entry commits itself to; one that is not there must have been erased by an entry of the log.
Nothing else may lie in the folder.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from ombud.errors import LogBroken, Stopped, WrongUse
from ombud.evidence.entry import ERASED, Entry, Payload
from ombud.evidence.merkle import (
    HASH_BYTES,
    TILE,
    Frontier,
    root_of,
    subtree_root,
)
from ombud.evidence.note import Checkpoint, PublicKey, checkpoint_of
from ombud.evidence.tiles import (
    CHECKPOINT,
    ENTRIES,
    PAYLOADS,
    VKEY,
    Tile,
    levels_of,
    payload_line,
    tiles_of,
)

_SHARE: Final = 64  # bundles to a piece of work: 16,384 entries
_ALONE: Final = 4 * _SHARE  # fewer bundles than this are not worth other processes
_NAMES_PAYLOADS: Final = b'"payloads":'  # in an entry, unescaped: it is a key
_NAMES_ERASED: Final = ERASED.encode()
_HELP_FOLDER: Final = "name the folder of an export, as `ombud verify --export DIR` wrote it"


@dataclass(frozen=True)
class Verified:
    """What an export was found to be.

    Args:
        payloads: How many are there; `erased`: how many entries' payloads were erased.
        held: How many older checkpoints its beginning agrees with.
    """

    checkpoint: Checkpoint
    payloads: int
    erased: int
    held: int


@dataclass
class _Share:
    """What reading some bundles gave: their roots, and what the payloads have to be."""

    end: int
    roots: list[bytes] = field(default_factory=list)
    commitments: dict[tuple[int, str], str] = field(default_factory=dict)
    erased: set[tuple[int, str]] = field(default_factory=set)


def verify_export(
    folder: Path,
    vkeys: Iterable[str],
    *,
    held: Iterable[str] = (),
    progress: Callable[[int], None] = lambda _: None,
    workers: int | None = None,
) -> Verified:
    """Verify an export; every change to it that is not the log's own is found.

    Args:
        folder: As `Checkpoints.export` wrote it.
        vkeys: The log's public keys, got from elsewhere than the export.
        held: Checkpoints kept earlier, whole notes; entries behind them cannot have been cut off.
        progress: Told the number of entries that were verified, now and then.
        workers: Processes; None: one for each processor. Small exports are read in this one.

    Raises:
        LogBroken: It does not verify; the message says where.
        WrongUse: A key is not one, or the folder is not an export.
        Stopped: A process that read a part of it was ended.
    """
    keys = [PublicKey.parse(vkey) for vkey in vkeys]
    if not keys:
        raise WrongUse("no public key was given", help="give the log's public key: `--key`")
    there = _ordinary_files(folder)
    for name in sorted({CHECKPOINT, VKEY, PAYLOADS} - there):
        raise LogBroken(f"`{name}` is missing", help=_HELP_FOLDER)
    head = checkpoint_of(_text(folder / CHECKPOINT), keys)
    _same_key(folder, keys)
    olds = sorted((checkpoint_of(note, keys) for note in held), key=lambda old: old.size)
    for old in olds:
        if old.size > head.size or old.origin != head.origin:
            raise LogBroken(
                f"a checkpoint of {old.size} entries is held, and the export ends at {head.size}"
                if old.origin == head.origin
                else "a checkpoint of another log is held"
            )
    _only(there, head.size)
    payloads = _Payloads(folder / PAYLOADS)
    roots: list[bytes] = []
    for share in _shares(folder, head.size, workers):
        payloads.compare(share)
        roots += share.roots
        progress(share.end)
    erased = payloads.close()
    _compare_upper_tiles(folder, head.size, roots)
    for each in [*olds, head]:
        if _root(folder, roots, each.size, head.size) != each.root:
            raise LogBroken(f"the first {each.size} entries are not those that were signed")
    return Verified(head, payloads.count, erased, len(olds))


def _shares(folder: Path, size: int, workers: int | None) -> Iterator[_Share]:
    bundles = -(-size // TILE)
    starts = range(0, bundles, _SHARE)
    work = [(str(folder), start, min(bundles, start + _SHARE), size) for start in starts]
    workers = workers if workers is not None else os.cpu_count() or 1
    pool = _pool(workers) if bundles > _ALONE and workers > 1 else None
    if pool is None:
        yield from map(_read_share, work)
        return
    try:
        with pool:
            yield from pool.map(_read_share, work)
    except BrokenExecutor:
        raise Stopped(
            "a process that verified a part of the export was ended, so nothing is verified",
            help="see that there is memory enough, then call again",
        ) from None


def _pool(workers: int) -> ProcessPoolExecutor | None:
    """Return processes, or None where the system does not let them talk (no shared memory)."""
    try:
        return ProcessPoolExecutor(workers)
    except (ImportError, NotImplementedError, OSError):
        return None


def _read_share(work: tuple[str, int, int, int]) -> _Share:
    """Verify bundles against their tiles; return the roots of those that are full."""
    name, start, end, size = work
    share = _Share(min(size, end * TILE))
    for number in range(start, end):
        width = min(TILE, size - number * TILE)
        tile = Tile(0, number, width)
        bundle = Tile(ENTRIES, number, width)
        leaves = _leaves(_bytes(Path(name, bundle.path)), width, number * TILE, share)
        if leaves is None or leaves != _bytes(Path(name, tile.path)):
            raise LogBroken(f"`{bundle.path}` is not what `{tile.path}` says")
        if width == TILE:
            share.roots.append(subtree_root(leaves))
    return share


def _leaves(content: bytes, width: int, first: int, share: _Share) -> bytes | None:
    """Return the leaf hashes of a bundle; None where it does not hold `width` entries."""
    entries: list[bytes] = []
    at, end = 0, len(content)
    while at < end:
        start = at + 2
        at = start + (content[at] << 8 | content[start - 1]) if start <= end else end + 1
        entries.append(content[start:at])
    if at != end or len(entries) != width:
        return None
    if _NAMES_PAYLOADS in content or _NAMES_ERASED in content:
        for number, entry in enumerate(entries):
            if _NAMES_PAYLOADS in entry or _NAMES_ERASED in entry:
                _note(first + number, entry, share)
    return b"".join([sha256(b"\x00" + entry).digest() for entry in entries])


def _note(index: int, entry: bytes, share: _Share) -> None:
    try:
        said = Entry(index, entry.decode())
        for name, commitment in said.commitments.items():
            share.commitments[index, name] = commitment
        if said.kind == ERASED:
            share.erased |= {(said.body["entry"], name) for name in said.body["names"]}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise LogBroken(f"entry {index} cannot be read") from None


def _compare_upper_tiles(folder: Path, size: int, roots: Sequence[bytes]) -> None:
    row = list(roots)
    for level in range(1, levels_of(size)):
        above = []
        for tile in tiles_of(size, level):
            start = tile.number * TILE
            content = b"".join(row[start : start + tile.width])
            if content != _bytes(folder / tile.path):
                raise LogBroken(f"`{tile.path}` is not what the entries below it say")
            if tile.width == TILE:
                above.append(subtree_root(content))
        row = above


def _root(folder: Path, roots: Sequence[bytes], size: int, whole: int) -> bytes:
    """Return the root over the first `size` entries of the whole, whose tiles were compared."""
    full, rest = divmod(size, TILE)
    upper, lower = Frontier(), Frontier()
    for root in roots[:full]:
        upper.append(root)
    if rest:
        width = min(TILE, whole - full * TILE)
        content = _bytes(folder / Tile(0, full, width).path)
        for at in range(rest):
            lower.append(content[at * HASH_BYTES : (at + 1) * HASH_BYTES])
    packed = bytes(upper) + bytes(lower)
    return Frontier.from_bytes(size, packed).root() if size else root_of(())


class _Payloads:
    """Goes through the payloads of an export side by side with the entries they belong to."""

    def __init__(self, path: Path) -> None:
        self._lines = self._read(path)
        self._next = next(self._lines, None)
        self._missing: set[tuple[int, str]] = set()
        self._erased: set[tuple[int, str]] = set()
        self.count = 0

    def compare(self, share: _Share) -> None:
        """Compare the payloads of these entries with what the entries commit themselves to."""
        for place, commitment in sorted(share.commitments.items()):
            payload = self._next
            if payload is None or (payload.index, payload.name) != place:
                self._missing.add(place)
                continue
            if payload.commitment != commitment:
                raise LogBroken(f"a payload of entry {place[0]} is not what was logged")
            self.count += 1
            self._next = next(self._lines, None)
        self._erased |= share.erased

    def close(self) -> int:
        """Return how many were erased, once every entry was compared."""
        if self._next is not None:
            raise LogBroken(f"entry {self._next.index} has no such payload")
        if self._missing - self._erased:
            index, _ = min(self._missing - self._erased)
            raise LogBroken(f"a payload of entry {index} is gone, and no entry says it was erased")
        if self._erased - self._missing:
            index, _ = min(self._erased - self._missing)
            raise LogBroken(f"a payload of entry {index} was erased, and is there")
        return len(self._missing)

    def _read(self, path: Path) -> Iterator[Payload]:
        try:
            with path.open(encoding="utf-8", newline="\n") as lines:
                for line in lines:
                    said = json.loads(line)
                    salt = bytes.fromhex(said["salt"])
                    payload = Payload(said["entry"], said["name"], salt, said["payload"])
                    # in Python `true` is 1, and would stand for it
                    if payload_line(payload) != line or type(payload.index) is not int:
                        raise LogBroken("a payload is spelt in another way than the log's")
                    yield payload
        except OSError:
            raise LogBroken(f"`{PAYLOADS}` is missing") from None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, WrongUse):
            raise LogBroken(f"`{PAYLOADS}` has a line that cannot be read") from None


def _same_key(folder: Path, keys: Sequence[PublicKey]) -> None:
    if _text(folder / VKEY) not in {f"{key}\n" for key in keys}:
        raise LogBroken("the export names another key than the one that was given")


def _ordinary_files(folder: Path, below: str = "") -> set[str]:
    """Return what lies in a folder and the folders in it, with `/` between.

    A link would lead out of the export, and a pipe would never end: neither is a part of one.
    """
    found: set[str] = set()
    try:
        each_of = list(os.scandir(folder))
    except OSError:
        raise LogBroken(f"`{folder.name}` cannot be read", help=_HELP_FOLDER) from None
    for each in each_of:
        if each.is_dir(follow_symlinks=False):
            found |= _ordinary_files(Path(each.path), f"{below}{each.name}/")
        elif each.is_file(follow_symlinks=False):
            found.add(below + each.name)
        else:
            raise LogBroken(f"`{_shown(below + each.name)}` is a link, or no file")
    return found


def _only(there: set[str], size: int) -> None:
    """Refuse an export with files too many or too few."""
    wanted = {CHECKPOINT, VKEY, PAYLOADS}
    wanted |= {tile.path for tile in tiles_of(size, ENTRIES)}
    for level in range(levels_of(size)):
        wanted |= {tile.path for tile in tiles_of(size, level)}
    for name in sorted(wanted ^ there)[:1]:
        says = "is missing" if name in wanted else "is no part of an export"
        raise LogBroken(f"`{_shown(name)}` {says}")


def _shown(name: str) -> str:
    """Return a file's name as it can be printed, whatever it holds."""
    return name if name.isprintable() else ascii(name)[1:-1]


def _text(path: Path) -> str:
    try:
        return _bytes(path).decode()
    except UnicodeDecodeError:
        raise LogBroken(f"`{path.name}` is not text") from None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise LogBroken(f"`{path.name}` is missing or cannot be read", help=_HELP_FOLDER) from None
