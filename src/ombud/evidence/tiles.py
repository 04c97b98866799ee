"""In which file does what lie? The layout of https://c2sp.org/tlog-tiles, and what lies beside it.

checkpoint                  the signed head
vkey                        the public key, for convenience: trust only one got another way
tile/<L>/<N>[.p/<W>]        hashes, 256 to a tile; level 0 are the leaves
tile/entries/<N>[.p/<W>]    entries, each after its length in two bytes
payloads                    what was not erased: canonical JSON, one to a line
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ombud.evidence.entry import Json, Payload, canonical
from ombud.evidence.merkle import TILE, TILE_HEIGHT, subtree_root

CHECKPOINT: Final = "checkpoint"
VKEY: Final = "vkey"
PAYLOADS: Final = "payloads"
ENTRIES: Final = "entries"

_LENGTH = struct.Struct(">H")


@dataclass(frozen=True)
class Tile:
    """A file of hashes or entries.

    Args:
        level: 0 for leaf hashes and above, or `entries`.
        number: From 0, at its level.
        width: How many it holds, 1 to 256.
    """

    level: int | str
    number: int
    width: int = TILE

    @property
    def path(self) -> str:
        """Where it lies, with `/` between folders."""
        digits = f"{self.number:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        name = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        part = "" if self.width == TILE else f".p/{self.width}"
        return f"tile/{self.level}/{name}{part}"


def tiles_of(size: int, level: int | str) -> Iterator[Tile]:
    """Yield the tiles of a level in a tree of so many leaves."""
    height = TILE_HEIGHT * level if isinstance(level, int) else 0
    full, rest = divmod(size >> height, TILE)
    for number in range(full):
        yield Tile(level, number)
    if rest:
        yield Tile(level, full, rest)


def levels_of(size: int) -> int:
    """Return how many levels of hashes a tree of so many leaves has."""
    levels = 0
    while size >> (TILE_HEIGHT * levels):
        levels += 1
    return levels


def bundle(entries: Sequence[bytes]) -> bytes:
    """Return entries as a bundle holds them."""
    return b"".join(_LENGTH.pack(len(entry)) + entry for entry in entries)


def payload_line(payload: Payload) -> str:
    """Return a payload as its line in an export."""
    salt = payload.salt.hex()
    line: dict[str, Json] = {
        "entry": payload.index,
        "name": payload.name,
        "payload": payload.text,
        "salt": salt,
    }
    return canonical(line) + "\n"


class TileWriter:
    """Writes tiles of hashes as they fill up, level over level."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: list[list[bytes]] = []
        self._numbers: list[int] = []

    def add(self, hashes: Sequence[bytes], level: int = 0) -> None:
        """Take hashes of a level; a full tile's root goes to the level above."""
        if level == len(self._rows):
            self._rows.append([])
            self._numbers.append(0)
        row = self._rows[level]
        row += hashes
        while len(row) >= TILE:
            content = b"".join(row[:TILE])
            self.write(Tile(level, self._numbers[level]), content)
            self._numbers[level] += 1
            del row[:TILE]
            self.add([subtree_root(content)], level + 1)

    def close(self) -> None:
        """Write what is left: tiles that are not full."""
        for level, row in enumerate(self._rows):
            if row:
                self.write(Tile(level, self._numbers[level], len(row)), b"".join(row))

    def write(self, tile: Tile, content: bytes) -> None:
        """Write a tile's file, with the folders it needs."""
        path = self._folder / tile.path
        if tile.number % 1000 == 0 or tile.width != TILE:
            path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
