"""Who signed this text? C2SP signed notes with Ed25519 keys, and the checkpoints made of them.

Formats: https://c2sp.org/signed-note, https://c2sp.org/tlog-checkpoint. Every text here has one
spelling: another one that would mean the same is refused.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ombud.errors import LogBroken, WrongUse
from ombud.evidence.merkle import HASH_BYTES

_ED25519: Final = b"\x01"
_ID_BYTES: Final = 4
_NOTE_CHARACTERS_MAX: Final = 100_000
_SIGNATURE = re.compile("— ([^ +]+) ([A-Za-z0-9+/]+={0,2})")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True)
class PublicKey:
    """A key that signatures are checked with; `str()` gives its vkey."""

    name: str
    raw: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that say which key signed: SHA-256(name, newline, 0x01, key)[:4]."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.raw).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_encode(_ED25519 + self.raw)}"

    @classmethod
    def parse(cls, vkey: str) -> PublicKey:
        """Return the key of `name+id+key`.

        Raises:
            WrongUse: The text is not a vkey, or its id is another key's.
        """
        name, _, rest = vkey.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        raw = _decode(encoded) or b""
        key = cls(name, raw[1:])
        if raw[:1] != _ED25519 or len(raw) != 1 + HASH_BYTES or key.id.hex() != key_id:
            raise WrongUse(
                f"not a vkey: `{vkey.strip()}`",
                help="give the line that `ombud verify` printed, `name+id+key`",
            )
        return key

    def has_signed(self, text: str, signature: bytes) -> bool:
        """Tell whether the signature over the text is this key's."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Checkpoint:
    """A log's head, as it is signed; `str()` gives the text."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{_encode(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Return the checkpoint a note's text is.

        Raises:
            LogBroken: It is none.
        """
        lines = text.split("\n")
        root = _decode(lines[2]) if len(lines) > 3 else None
        sized = len(lines) > 3 and re.fullmatch("0|[1-9][0-9]{0,18}", lines[1])
        if not sized or not lines[0] or root is None or len(root) != HASH_BYTES:
            raise LogBroken("a checkpoint is not origin, size and root, each on its line")
        return cls(lines[0], int(lines[1]), root)


def sign(text: str, name: str, private: Ed25519PrivateKey) -> str:
    """Return the note: the text with one signature under a key's name."""
    key = PublicKey(name, private.public_key().public_bytes_raw())
    return f"{text}\n— {name} {_encode(key.id + private.sign(text.encode()))}\n"


def opened(note: str, keys: Iterable[PublicKey]) -> str:
    """Return the text of a note that one of the keys has signed.

    Signatures of other keys, witnesses' for example, are passed over.

    Raises:
        LogBroken: It is no note, none of the keys has signed it, or a signature is wrong.
    """
    known = {(key.name, key.id): key for key in keys}
    head, _, tail = note.rpartition("\n\n")
    text, lines = head + "\n", tail.split("\n")
    if not head or lines.pop() or not lines or len(note) > _NOTE_CHARACTERS_MAX:
        raise LogBroken("a checkpoint is not a signed note")
    if _CONTROL.search(note):
        raise LogBroken("a checkpoint holds control characters")
    signed = False
    for line in lines:
        match = _SIGNATURE.fullmatch(line)
        raw = _decode(match[2]) if match else None
        if match is None or raw is None:
            raise LogBroken("a checkpoint has a line that is not a signature")
        key = known.get((match[1], raw[:_ID_BYTES]))
        if key is not None:
            if not key.has_signed(text, raw[_ID_BYTES:]):
                raise LogBroken("a checkpoint's signature is wrong")
            signed = True
    if not signed:
        raise LogBroken(
            "a checkpoint is not signed by the key that was given",
            help="give the log's own key; after a change of key give both, one `--key` each",
        )
    return text


def checkpoint_of(note: str, keys: Iterable[PublicKey]) -> Checkpoint:
    """Return the checkpoint that one of the keys has signed.

    Raises:
        LogBroken: It is not one, or not signed by any of the keys.
    """
    return Checkpoint.parse(opened(note, keys))


def _encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decode(text: str) -> bytes | None:
    """Return the bytes of the one spelling in base64, or None."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if _encode(raw) == text else None
