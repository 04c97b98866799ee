"""What is one thing that happened, as the log keeps it?

An entry is canonical JSON: keys sorted, no spaces, no fractions, UTF-8. It holds ids of rules,
counts, digests and instants, never a value from an organisation's data. What concerns a person,
staff included, is a *payload*: the entry holds H(salt ‖ payload) only, salt and payload lie
beside it and can be erased, and the entry, and with it the tree, stays as it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, Final, cast

from ombud.errors import WrongUse

Json = str | int | bool | None | Sequence["Json"] | Mapping[str, "Json"]
"""What an entry or a payload may hold; numbers are whole."""

ENTRY_BYTES_MAX: Final = 65_535  # tlog-tiles says an entry's length in two bytes
SALT_BYTES: Final = 32

ERASED: Final = "payload_erased"
"""Kind of the entry that says which payloads were erased: `entry` and `names`."""

_WORDS: Final[Mapping[bool | None, str]] = {None: "null", False: "false", True: "true"}
_quoted = json.encoder.encode_basestring


@dataclass(frozen=True)
class Draft:
    """An entry to be.

    Args:
        kind: What happened, one word.
        body: Facts without personal data.
        about: Id of what it happened to (a system, `system.table`, a hold, ...); entries are
            looked up by kind and this.
        once: Where given, the log holds one entry with it at most, however often it is appended.
        payloads: Name (`by`, `subject`) to what concerns a person.
    """

    kind: str
    body: Mapping[str, Json]
    about: str = ""
    once: str | None = None
    payloads: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """An entry of the log; what its text says is read when somebody asks for it.

    Args:
        index: Its place, from 0.
        text: The canonical JSON that is hashed.
    """

    index: int
    text: str

    @cached_property
    def _said(self) -> Mapping[str, Any]:
        return cast(Mapping[str, Any], json.loads(self.text))

    @property
    def at(self) -> datetime:
        """When it happened, in UTC."""
        return instant(self._said["at"])

    @property
    def kind(self) -> str:
        """What happened, one word."""
        return cast(str, self._said["kind"])

    @property
    def about(self) -> str:
        """Id of what it happened to; empty where it is about nothing in particular."""
        return cast(str, self._said.get("about", ""))

    @property
    def body(self) -> Mapping[str, Any]:
        """Facts without personal data."""
        return cast(Mapping[str, Any], self._said["body"])

    @property
    def once(self) -> str | None:
        """Where given, no other entry has it."""
        return cast(str | None, self._said.get("once"))

    @property
    def commitments(self) -> Mapping[str, str]:
        """Name of a payload to H(salt ‖ payload), hex."""
        return cast(Mapping[str, str], self._said.get("payloads", {}))


@dataclass(frozen=True)
class Payload:
    """What an entry commits itself to; its text is canonical JSON."""

    index: int
    name: str
    salt: bytes
    text: str

    @property
    def commitment(self) -> str:
        """H(salt ‖ payload), hex."""
        return commitment(self.salt, self.text)

    @property
    def value(self) -> Json:
        """What was handed in."""
        return cast(Json, json.loads(self.text))


def canonical(value: Json) -> str:
    """Return the one spelling of a value as JSON: keys in order, no spaces.

    Raises:
        WrongUse: It holds a fraction, a key that is no text, or something JSON has no word for;
            nothing was changed.
    """
    kind, given = type(value), cast(Any, value)
    if kind is str:
        return _quoted(given)
    if kind is int:
        return str(given)
    if kind is dict:
        try:
            spelt = [f"{_quoted(key)}:{canonical(given[key])}" for key in sorted(given)]
        except TypeError:
            raise WrongUse("the log cannot hold this: a key that is not text") from None
        return f"{{{','.join(spelt)}}}"
    if kind is list or kind is tuple:
        return f"[{','.join([canonical(part) for part in given])}]"
    if value is None or kind is bool:
        return _WORDS[given]
    if isinstance(value, Mapping):
        return canonical(dict(value))
    raise WrongUse(
        f"the log cannot hold this: `{kind.__name__}`; it holds text, whole numbers, lists and "
        "dicts, since anything else has more than one spelling"
    )


def commitment(salt: bytes, text: str) -> str:
    """Return H(salt ‖ payload), hex."""
    return sha256(salt + text.encode()).hexdigest()


def instant_text(at: datetime) -> str:
    """Return an instant as the log writes it: UTC, microseconds, always the same length.

    Raises:
        ValueError: It has no zone; which instant it is would be a guess.
    """
    if at.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def instant(text: str) -> datetime:
    """Return the instant that `instant_text` wrote."""
    return datetime.fromisoformat(text).astimezone(UTC)


def entry_text(draft: Draft, at: str, commitments: Mapping[str, str]) -> str:
    """Return the canonical JSON of an entry; `at` as `instant_text` spells it.

    Raises:
        WrongUse: It is longer than an entry may be, or not JSON; nothing was changed.
    """
    # Written out, keys in order: the whole is then as canonical as its parts, in half the time.
    about = f'"about":{_quoted(draft.about)},' if draft.about else ""
    once = f',"once":{_quoted(draft.once)}' if draft.once is not None else ""
    apart = f',"payloads":{canonical(commitments)}' if commitments else ""
    body = canonical(draft.body)
    text = f'{{{about}"at":"{at}","body":{body},"kind":{_quoted(draft.kind)}{once}{apart}}}'
    if len(text) * 3 > ENTRY_BYTES_MAX and len(text.encode()) > ENTRY_BYTES_MAX:
        raise WrongUse(f"an entry of kind `{draft.kind}` is longer than {ENTRY_BYTES_MAX} bytes")
    return text
