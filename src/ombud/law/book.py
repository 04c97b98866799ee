"""Which facts of law are written down in `facts/*.yaml`? Read lazily, once, and checked whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from itertools import pairwise
from types import MappingProxyType
from typing import Final, TypeVar

import yaml

from ombud.errors import UnknownFact
from ombud.law.citation import Citation
from ombud.law.model import (
    COUNTRIES,
    COUNTS,
    KINDS,
    MARKS,
    Country,
    Fact,
    RetentionFact,
    Row,
    Value,
)
from ombud.law.period import Period

UNION: Final = "gdpr"
NAMES: Final = (UNION, *(country.lower() for country in COUNTRIES))
"""The files of facts, without their ending."""

_SHARED: Final = ("valid_from", "valid_to", "citations", "read_in", "verified_on", "mark")
_FACT: Final = ("value", *_SHARED)
_RETENTION: Final = ("title", "kind", "period", "counted_from", "clock", "data", *_SHARED)
_NOT_READ: Final = "none"

# The C loader reads all six files in a few milliseconds; PyYAML may be built without it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_Version = TypeVar("_Version", Fact, RetentionFact)
_Word = TypeVar("_Word", bound=str)


@dataclass(frozen=True)
class Book:
    """All that one file says: name to versions, the earliest first, and source code to words."""

    facts: Mapping[str, tuple[Fact, ...]]
    retention: Mapping[str, tuple[RetentionFact, ...]]
    sources: Row


class Misprint(ValueError):
    """A file of facts is not as its head says; nothing was read from it."""


@cache
def book(name: str) -> Book:
    """Return one file of facts, one of `NAMES`.

    Raises:
        Misprint: The file is not as its head says; a test reads all of them.
    """
    path = resources.files("ombud.law").joinpath("facts", f"{name}.yaml")
    country = next((code for code in COUNTRIES if code.lower() == name), None)
    return read(path.read_text(encoding="utf-8"), country)


def read(text: str, country: Country | None) -> Book:
    """Return what the text of a file says.

    Args:
        text: YAML; the head of `gdpr.yaml` tells its keys.
        country: Whose facts these are; None for the Union's, which hold no retention rows.

    Raises:
        Misprint: The text is not as that head says.
    """
    root = _Item("the file", yaml.load(text, Loader=_LOADER))  # noqa: S506 - one of the safe loaders
    root.check(("sources", "facts"), ("retention",))
    sources = MappingProxyType({code: str(words) for code, words in root.part("sources").items()})
    facts = {
        name: _in_order(name, [_fact(item, country) for item in _items(name, versions, sources)])
        for name, versions in root.part("facts").items()
    }
    retention = {}
    if country is not None:
        retention = {
            id: _in_order(id, [_retention(item, country) for item in _items(id, versions, sources)])
            for id, versions in root.part("retention").items()
        }
    return Book(MappingProxyType(facts), MappingProxyType(retention), sources)


def version_on(versions: Sequence[_Version], name: str, on: date) -> _Version:
    """Return the version in force on a day.

    Raises:
        UnknownFact: None was, as far as is known.
    """
    for version in versions:
        begun = version.valid_from is None or version.valid_from <= on
        if begun and (version.valid_to is None or on <= version.valid_to):
            return version
    spans = " and ".join(f"{v.valid_from or '…'} to {v.valid_to or '…'}" for v in versions)
    raise UnknownFact(
        f"`{name}` is not known on {on.isoformat()}",
        help=f"ask for a day within {spans}, or add what was law before, with its source",
    )


class _Item:
    """One mapping of a file, read key by key; what is wrong names the fact it is wrong in."""

    def __init__(self, name: str, values: object) -> None:
        if not isinstance(values, dict) or not all(isinstance(key, str) for key in values):
            raise Misprint(f"`{name}` is not keys and values, with texts as keys")
        self.name = name
        self.values: dict[str, object] = values

    def wrong(self, key: str, says: str) -> Misprint:
        return Misprint(f"`{self.name}`: `{key}` {says}")

    def check(self, needed: Iterable[str], allowed: Iterable[str]) -> None:
        for key in needed:
            if key not in self.values:
                raise self.wrong(key, "is missing")
        for key in self.values:
            if key not in (*needed, *allowed):
                raise self.wrong(key, "is not a key")

    def part(self, key: str) -> dict[str, object]:
        return _Item(key, self.values.get(key, {})).values

    def text(self, key: str, otherwise: str | None = None) -> str:
        value = self.values.get(key, otherwise)
        if not isinstance(value, str):
            raise self.wrong(key, "is not a text")
        return value.strip()

    def day(self, key: str) -> date | None:
        value = self.values[key]
        if value is not None and type(value) is not date:
            raise self.wrong(key, "is neither a date nor null")
        return value

    def one_of(self, key: str, words: tuple[_Word, ...]) -> _Word:
        value = self.values[key]
        for word in words:
            if word == value:
                return word
        raise self.wrong(key, f"is none of {', '.join(words)}")

    def period(self, key: str) -> Period | None:
        value = self.values.get(key)
        return None if value is None else Period.parse(self.text(key))

    def flag(self, key: str) -> bool:
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, "is neither true nor false")
        return value

    def citations(self) -> tuple[Citation, ...]:
        found = self.values["citations"]
        if not isinstance(found, list) or not found:
            raise self.wrong("citations", "names no law")
        return tuple(Citation.parse(str(one)) for one in found)


def _items(name: str, versions: object, sources: Row) -> list[_Item]:
    if not isinstance(versions, list) or not versions:
        raise Misprint(f"`{name}` is not a list of versions")
    items = [_Item(name, version) for version in versions]
    for item in items:
        if item.values.get("read_in") not in sources:
            raise item.wrong("read_in", "is not one of the sources")
    return items


def _fact(item: _Item, country: Country | None) -> Fact:
    item.check(_FACT, ("note",))
    return Fact(
        name=item.name,
        country=country,
        value=_frozen(item, item.values["value"]),
        valid_from=item.day("valid_from"),
        valid_to=item.day("valid_to"),
        citations=item.citations(),
        read_in=item.text("read_in"),
        verified_on=item.day("verified_on"),
        mark=item.one_of("mark", MARKS),
        note=item.text("note", ""),
    )


def _retention(item: _Item, country: Country) -> RetentionFact:
    item.check(_RETENTION, ("at_most", "caps", "note"))
    kind = item.one_of("kind", KINDS)
    return RetentionFact(
        id=item.name,
        country=country,
        title=item.text("title"),
        kind=kind,
        period=item.period("period"),
        counted_from=item.one_of("counted_from", COUNTS),
        clock=item.text("clock"),
        data=item.text("data"),
        citations=item.citations(),
        mark=item.one_of("mark", MARKS),
        at_most=item.period("at_most"),
        caps=kind in ("max", "both") or item.flag("caps"),
        note=item.text("note", ""),
        valid_from=item.day("valid_from"),
        valid_to=item.day("valid_to"),
        read_in=item.text("read_in"),
        verified_on=item.day("verified_on"),
    )


def _in_order(name: str, versions: list[_Version]) -> tuple[_Version, ...]:
    """Return the versions, the earliest first; two may not be in force on one day."""
    found = sorted(versions, key=lambda version: version.valid_from or date.min)
    for version in found:
        if (version.valid_to or date.max) < (version.valid_from or date.min):
            raise Misprint(f"`{name}` ends before it begins")
        if (version.mark == "K") != (version.verified_on is None):
            raise Misprint(f"`{name}`: only what was not read, mark K, has no `verified_on`")
        if version.read_in == _NOT_READ and version.mark != "K":
            raise Misprint(f"`{name}`: read nowhere, and yet not marked K")
    for earlier, later in pairwise(found):
        if later.valid_from is None or (earlier.valid_to or date.max) >= later.valid_from:
            raise Misprint(f"`{name}` has two versions in force on one day")
    return tuple(found)


def _frozen(item: _Item, value: object) -> Value:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        if all(isinstance(one, dict) for one in value) and value:
            return tuple(_row(item, one) for one in value)
        return tuple(_text(item, one) for one in value)
    rows = _Item(item.name, value).values
    if rows and all(isinstance(one, dict) for one in rows.values()):
        return MappingProxyType({name: _row(item, one) for name, one in rows.items()})
    return _row(item, rows)


def _row(item: _Item, value: object) -> Row:
    cells = _Item(item.name, value).values
    return MappingProxyType(
        {key: "" if cell is None else _text(item, cell) for key, cell in cells.items()}
    )


def _text(item: _Item, value: object) -> str:
    if not isinstance(value, str):
        raise item.wrong("value", f"holds `{value}`, which is not a text")
    return value
