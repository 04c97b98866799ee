"""How does Ombud itself speak in each language? Its own words, read once from `words/*.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Formatter
from typing import Final

import yaml

from ombud.pages.clean import clean
from ombud.pages.model import Line, Said
from ombud.policy.model import Text

LANGUAGES: Final = ("da", "nb", "nn", "sv", "en")
"""Languages that have a file of words."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Value = str | list[str] | dict[str, "Value"]


@dataclass(frozen=True)
class Words:
    """Ombud's own words in one language.

    Args:
        language: Its tag.
        all: Key with dots to text or list of texts.
    """

    language: str
    all: Mapping[str, str | tuple[str, ...]]

    def __call__(self, key: str, **values: str) -> str:
        """Return a text with its names filled in; names that it does not use are left."""
        return str(self.all[key]).format(**values)

    def list(self, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        found = self.all[key]
        return (found,) if isinstance(found, str) else found

    def has(self, key: str) -> bool:
        """Return whether there is such a text."""
        return key in self.all

    def line(self, key: str, **values: Said | str) -> Line:
        """Return a text in pieces, so that what is filled in keeps its link and language."""
        pieces: list[Said] = []
        for before, name, _, _ in Formatter().parse(str(self.all[key])):
            if before:
                pieces.append(Said(before))
            if name is not None:
                value = values[name]
                pieces.append(value if isinstance(value, Said) else Said(value))
        return tuple(pieces)

    def plural(self, key: str, count: int) -> str:
        """Return the form of a text for a number."""
        return self(f"{key}.{'one' if count == 1 else 'other'}", count=str(count))

    def said(self, text: Text, languages: tuple[str, ...]) -> Said:
        """Return the organisation's text in this language, else in the first it has.

        Args:
            languages: The organisation's, the main one first.
        """
        for tag in (self.language, *languages, *text):
            if text.get(tag):
                return Said(clean(text[tag]), "" if tag == self.language else tag)
        return Said("")


@cache
def words(language: str) -> Words:
    """Return Ombud's own words in one of `LANGUAGES`."""
    return Words(language, dict(_flat(_read(language), "")))


@cache
def eea() -> frozenset[str]:
    """Return the countries of the EEA by their two letters.

    Law:
        GDPR Art. 44
    """
    return frozenset(_read("places")["eea"])


def _read(name: str) -> dict[str, Value]:
    path = resources.files("ombud.pages").joinpath("words", f"{name}.yaml")
    read: dict[str, Value] = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader
    return read


def _flat(values: dict[str, Value], before: str) -> list[tuple[str, str | tuple[str, ...]]]:
    found: list[tuple[str, str | tuple[str, ...]]] = []
    for key, value in values.items():
        if isinstance(value, dict):
            found += _flat(value, f"{before}{key}.")
        elif isinstance(value, list):
            found.append((before + key, tuple(str(each) for each in value)))
        else:
            found.append((before + key, value))
    return found
