"""What does a single value mean when it is written without quotes? YAML 1.2, and less of it."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

Scalar = str | int | float | bool | date | None
"""What a single value can be; dates only where they are written YYYY-MM-DD."""

LANGUAGES: Final = ("da", "nb", "nn", "sv", "fi", "is", "en")
"""Languages in which an organisation can publish."""

_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_POINT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,18}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS: Final[dict[str, Scalar]] = {
    "": None,
    "~": None,
    "null": None,
    "true": True,
    "false": False,
}


class Nothing:
    """Stands for a value that is missing or was found wrong already."""


NOTHING: Final = Nothing()


def meant(written: str) -> Scalar:
    """Return what a value without quotes means."""
    if written in _WORDS:
        return _WORDS[written]
    if not (written[0].isdigit() or written[0] in "+-"):
        return written
    if _WHOLE.fullmatch(written):
        return int(written)
    if _POINT.fullmatch(written):
        return float(written)
    return written_day(written) or written


def written_day(text: str) -> date | None:
    """Return the date that a text is; None where it is none, or no calendar has it."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
