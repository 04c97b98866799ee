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
from hashlib import sha256
from typing import Any, Final, cast

from ombud.errors import WrongUse

Json = str | int | bool | None | Sequence["Json"] | Mapping[str, "Json"]
"""What an entry or a payload may hold; numbers are whole."""

ENTRY_BYTES_MAX: Final = 65_535  # tlog-tiles says an entry's length in two bytes
SALT_BYTES: Final = 32

ERASED: Final = "payload_erased"
"""Kind of the entry that says which payloads were erased: `entry` and `names`."""

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


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
    """An entry of the log.

    Args:
        index: Its place, from 0.
        at: When it happened, in UTC.
        commitments: Name of a payload to H(salt ‖ payload), hex.
        text: The canonical JSON that is hashed.
    """

    index: int
    at: datetime
    kind: str
    about: str
    body: Mapping[str, Any]
    once: str | None
    commitments: Mapping[str, str]
    text: str


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
    """Return the one spelling of a value as JSON.

    Raises:
        WrongUse: It holds a fraction, or something JSON has no word for; nothing was changed.
    """
    _refuse_fractions(value)
    try:
        return _encode(value)
    except TypeError as failed:
        raise WrongUse(f"the log cannot hold this: {failed}") from None


def _refuse_fractions(value: Json | float) -> None:
    if isinstance(value, float):
        raise WrongUse("the log holds whole numbers only: fractions have more than one spelling")
    if isinstance(value, Mapping):
        for part in value.values():
            _refuse_fractions(part)
    elif isinstance(value, list | tuple):
        for part in value:
            _refuse_fractions(part)


def commitment(salt: bytes, text: str) -> str:
    """Return H(salt ‖ payload), hex."""
    return sha256(salt + text.encode()).hexdigest()


def instant_text(at: datetime) -> str:
    """Return an instant as the log writes it: UTC, microseconds, always the same length."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def instant(text: str) -> datetime:
    """Return the instant that `instant_text` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z").astimezone(UTC)


def entry_text(draft: Draft, at: datetime, commitments: Mapping[str, str]) -> str:
    """Return the canonical JSON of an entry.

    Raises:
        WrongUse: It is longer than an entry may be, or not JSON; nothing was changed.
    """
    whole: dict[str, Json] = {"at": instant_text(at), "body": draft.body, "kind": draft.kind}
    if draft.about:
        whole["about"] = draft.about
    if draft.once is not None:
        whole["once"] = draft.once
    if commitments:
        whole["payloads"] = commitments
    text = canonical(whole)
    if len(text.encode()) > ENTRY_BYTES_MAX:
        raise WrongUse(f"an entry of kind `{draft.kind}` is longer than {ENTRY_BYTES_MAX} bytes")
    return text


def entry_from(index: int, text: str) -> Entry:
    """Return the entry that a text of the log is."""
    whole = json.loads(text)
    return Entry(
        index=index,
        at=instant(whole["at"]),
        kind=whole["kind"],
        about=whole.get("about", ""),
        body=whole["body"],
        once=whole.get("once"),
        commitments=whole.get("payloads", {}),
        text=text,
    )
