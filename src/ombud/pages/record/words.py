"""How does a record speak? Of the data subject and the organisation, where a notice says you."""

from __future__ import annotations

from functools import cache

from ombud.pages.words import Words, words

_INSTEAD = "record.instead."


@cache
def record_words(language: str) -> Words:
    """Return Ombud's words in a language, as a record says them."""
    found = words(language).all
    instead = {key.removeprefix(_INSTEAD): found[key] for key in found if key.startswith(_INSTEAD)}
    return Words(language, {**found, **instead})
