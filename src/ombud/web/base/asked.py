"""What does a client ask for? Headers that may hold anything are read without a fault."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

_READ_MAX: Final = 2000  # characters of a header that are looked at; browsers send some hundred
_QUALITY: Final = re.compile(r"q=([01](?:\.[0-9]{0,3})?)")
_TAG: Final = re.compile(r'"([\x21\x23-\x7e]*)"')


def preferred(header: str, there: Sequence[str]) -> str:
    """Return the language of those there are that a client likes best; else the first.

    Args:
        header: `Accept-Language`.
        there: The main one first.

    Examples:
        >>> preferred("de, en-GB;q=0.8, da;q=0.5", ("da", "en"))
        'en'
        >>> preferred("no", ("da", "nn"))
        'nn'
        >>> preferred("en;q=0", ("da", "en"))
        'da'
    """
    for wanted in _by_liking(header):
        if wanted == "*":
            break
        language = wanted.partition("-")[0]
        for tag in ("nb", "nn") if language == "no" else (language,):
            if tag in there:
                return tag
    return there[0]


def takes_gzip(header: str) -> bool:
    """Return whether a client reads gzip.

    Args:
        header: `Accept-Encoding`.

    Examples:
        >>> takes_gzip("br, gzip"), takes_gzip("gzip;q=0, *"), takes_gzip("*;q=0.1")
        (True, False, True)
    """
    said = dict(reversed(list(_qualities(header))))
    return said.get("gzip", said.get("x-gzip", said.get("*", 0.0))) > 0


def has(header: str, tags: Sequence[str]) -> bool:
    """Return whether a client has one of these bodies already.

    Args:
        header: `If-None-Match`.
        tags: Of the body in each encoding, without quotes.

    Examples:
        >>> has('W/"a", "b"', ["b"]), has("*", ["b"]), has("b", ["b"]), has('"', ["b"])
        (True, True, False, False)
    """
    if header.strip() == "*":
        return True
    return not set(_TAG.findall(header[:_READ_MAX])).isdisjoint(tags)


def _by_liking(header: str) -> list[str]:
    liked = [(name, quality) for name, quality in _qualities(header) if quality > 0]
    return [name for name, _ in sorted(liked, key=lambda each: -each[1])]


def _qualities(header: str) -> Iterator[tuple[str, float]]:
    """Yield each name of a list with how much it is liked, 0 to 1; what is none is passed over."""
    for part in header[:_READ_MAX].split(","):
        name, _, rest = part.partition(";")
        quality = (
            _QUALITY.fullmatch(rest.strip().lower().replace(" ", "")) if rest.strip() else None
        )
        if name.strip() and (quality or not rest.strip()):
            yield name.strip().lower(), float(quality[1]) if quality else 1.0
