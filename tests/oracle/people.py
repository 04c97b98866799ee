"""Who is a row about? Identifiers in one spelling, so that two of them can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

Person = frozenset[tuple[str, str]]
"""Pairs of (kind of identifier, value in the one spelling)."""

PREFIXES = {"DK": "+45", "NO": "+47", "SE": "+46", "FI": "+358", "IS": "+354"}
TRUNK_ZERO = {"SE", "FI"}
"""Countries where a national number is written with a 0 that is not part of it."""


def one_spelling(kind: str, value: Any, country: str) -> str | None:  # noqa: ANN401 - any column value
    """Return the identifier as it is compared; None where there is none."""
    if value is None:
        return None
    text = str(value)
    if kind == "email":
        text = text.strip().lower()
    elif kind == "phone":
        text = _phone(text, country)
    elif kind == "national_id":
        text = "".join(sign for sign in text if sign.isdigit())
    return text or None


def _phone(text: str, country: str) -> str:
    text = re.sub(r"[\s().\-/]", "", text)
    if text.startswith("00"):
        text = "+" + text[2:]
    if text and not text.startswith("+"):
        if country in TRUNK_ZERO and text.startswith("0"):
            text = text[1:]
        text = PREFIXES[country] + text
    return text if re.fullmatch(r"\+\d{5,15}", text) else ""


def is_shared(email: str, shared: Iterable[str]) -> bool:
    """Return whether several people share the address, so that it identifies nobody."""
    return email.split("@")[0] in {part.strip().lower() for part in shared}


def person(identifiers: Mapping[str, Iterable[Any]], country: str) -> Person:
    """Return the person that a hold or a decision names, with every alias."""
    return frozenset(
        (kind, spelt)
        for kind, values in identifiers.items()
        for value in values
        if (spelt := one_spelling(kind, value, country)) is not None
    )
