"""How is a secret kept in the database, so that the database alone does not give it away?"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from ombud.errors import NotSet, Refused

KEY_CHARACTERS_MIN: Final = 32
_FORM: Final = b"\x01"
_NONCE_BYTES: Final = 12
# 16 MiB and about 40 ms, once per process: enough against guessing a text that should be random.
_COST: Final = 2**14


class Seal:
    """Seals small secrets (keys) with what OMBUD_KEY holds: scrypt, then AES-256-GCM.

    Args:
        key: The text of OMBUD_KEY; None or empty when it is not set.
        salt: `Store.seal_salt()`.
        random: Gives so many random bytes.

    Raises:
        NotSet: The key is missing or shorter than 32 characters; nothing was changed.
    """

    def __init__(
        self, key: str | None, salt: bytes, *, random: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        if not key:
            raise NotSet("`OMBUD_KEY` is not set", help=_HELP)
        if len(key) < KEY_CHARACTERS_MIN:
            raise NotSet(f"`OMBUD_KEY` is shorter than {KEY_CHARACTERS_MIN} characters", help=_HELP)
        self._random = random
        self._cipher = AESGCM(Scrypt(salt, length=32, n=_COST, r=8, p=1).derive(key.encode()))

    def close(self, secret: bytes, about: str) -> bytes:
        """Return the secret sealed: form, nonce, ciphertext; opens only with the same `about`."""
        nonce = self._random(_NONCE_BYTES)
        return _FORM + nonce + self._cipher.encrypt(nonce, secret, about.encode())

    def open(self, sealed: bytes, about: str) -> bytes:
        """Return the secret.

        Raises:
            Refused: It was sealed with another OMBUD_KEY, or for something else, or is damaged.
        """
        nonce, rest = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            if sealed[:1] != _FORM:
                raise InvalidTag
            return self._cipher.decrypt(nonce, rest, about.encode())
        except InvalidTag:
            raise Refused(
                "`OMBUD_KEY` is not the key this database was sealed with",
                help="set OMBUD_KEY to the text it had before; it is kept where your secrets are",
            ) from None


_HELP: Final = (
    "set OMBUD_KEY to a random text of 32 characters or more and keep it apart from the database, "
    "for example `export OMBUD_KEY=$(openssl rand -base64 32)`"
)


def development_key(folder: Path) -> str:
    """Return the key of a folder with made-up data, made on first use in `ombud.key` (mode 0600).

    For trying Ombud only: a key that lies beside its database protects nothing.
    """
    path = folder / "ombud.key"
    if not path.exists():
        made = folder / f"ombud.key.{secrets.token_hex(4)}"
        with os.fdopen(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(32) + "\n")
        with contextlib.suppress(FileExistsError):  # another process was first: its key counts
            os.link(made, path)
        made.unlink()
    return path.read_text().strip()
