"""What do law and practice say, on a day and in a country, that a text is checked against?

Facts of law come from `ombud.law`; `practice.yaml` beside this module has what only the checks
need, in the same form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib import resources

from ombud.errors import UnknownFact
from ombud.law import (
    Authority,
    Citation,
    Country,
    Fact,
    Misspelt,
    Period,
    RetentionFact,
    authority,
    fact,
    retention,
)
from ombud.law.book import Book, read, version_on
from ombud.law.model import Row
from ombud.policy.builtin import CATEGORIES
from ombud.policy.checks.words import BASES
from ombud.policy.checks.written import Activity
from ombud.policy.model import BasisKind, CategoryKind


@cache
def _book() -> Book:
    path = resources.files("ombud.policy.checks").joinpath("practice.yaml")
    return read(path.read_text(encoding="utf-8"), None)


@cache
def _table(name: str) -> Mapping[str, Row]:
    return _book().facts[name][-1].table()


def kinds() -> tuple[str, ...]:
    """Return the words for kinds of activities."""
    return tuple(_table("kinds"))


def services() -> tuple[str, ...]:
    """Return the words for services."""
    return tuple(_table("services"))


def relations() -> tuple[str, ...]:
    """Return the words for what people are to the organisation."""
    return tuple(_table("relations"))


def kinds_with_fact(id: str) -> tuple[str, ...]:
    """Return the kinds of activities that a retention fact is about, the plainest first."""
    columns = ("keep", "limit", "guide")
    found = (
        kind
        for kind, row in _table("kinds").items()
        if any(id in row.get(column, "").split() for column in columns)
    )
    return tuple(sorted(found, key=lambda kind: kind != "bookkeeping"))


@dataclass(frozen=True)
class Practice:
    """What is so in a country on a day.

    Args:
        on: Local day; facts of law are those in force on it.
    """

    country: Country
    on: date

    # ------------------------------------------------------------ kinds of activities

    def traits(self, activity: Activity) -> frozenset[str]:
        """Return what its kinds bring along."""
        return frozenset(self._of_kinds(activity, "traits"))

    def bases(self, activity: Activity) -> tuple[BasisKind, ...]:
        """Return on what an activity of its kinds can rest, the likeliest first."""
        words = tuple(dict.fromkeys(self._of_kinds(activity, "bases")))
        return tuple(basis for word in words for basis in BASES if basis == word)

    def duties(self, activity: Activity) -> tuple[RetentionFact, ...]:
        """Return the duties to keep what such an activity makes, with a number."""
        return self._retention(activity, "keep")

    def limits(self, activity: Activity) -> tuple[RetentionFact, ...]:
        """Return the longest that the law allows."""
        return self._retention(activity, "limit")

    def guides(self, activity: Activity) -> tuple[RetentionFact, ...]:
        """Return the longest that practice accepts."""
        return self._retention(activity, "guide")

    def clock(self, activity: Activity) -> str:
        """Return what usually starts the period of such an activity."""
        return next(self._of_kinds(activity, "clock"), "last_contact")

    def _of_kinds(self, activity: Activity, column: str) -> Iterator[str]:
        table = _table("kinds")
        for kind in activity.kinds:
            yield from table[kind].get(column, "").split()

    def _retention(self, activity: Activity, column: str) -> tuple[RetentionFact, ...]:
        found = []
        for id in dict.fromkeys(self._of_kinds(activity, column)):
            try:
                found.append(retention(id, on=self.on))
            except UnknownFact:
                continue  # nothing is known of that day
        return tuple(f for f in found if f.country == self.country and f.period)

    # ------------------------------------------------------------ lists

    def words(self, name: str) -> tuple[str, ...]:
        """Return a list of words of `practice.yaml`; empty on a day of which nothing is known."""
        found = self._own(name)
        return found.words() if found else ()

    def period(self, name: str) -> Period:
        """Return a period of `practice.yaml`."""
        return _book().facts[name][-1].period()

    def row(self, name: str, text: str) -> Row | None:
        """Return the row of `practice.yaml` for a text, in this country."""
        found = self._own(name)
        return self._match(found.rows(), text) if found else None

    def rows(self, name: str) -> tuple[Row, ...]:
        """Return the rows of `practice.yaml` for this country."""
        found = self._own(name)
        rows = found.rows() if found else ()
        return tuple(row for row in rows if row.get("country", self.country) == self.country)

    def service(self, word: str, column: str) -> bool:
        """Return whether a service has a quality."""
        return _table("services")[word][column] == "yes"

    def free(self, relation: str) -> bool:
        """Return whether people in that relation can usually refuse a consent."""
        return _table("relations").get(relation, {}).get("free") != "no"

    def party(self, relation: str) -> bool:
        """Return whether people in that relation are a party to the contract."""
        return _table("relations").get(relation, {}).get("party") != "no"

    def _own(self, name: str) -> Fact | None:
        try:
            return version_on(_book().facts[name], name, self.on)
        except UnknownFact:
            return None

    # ------------------------------------------------------------ law

    def law(self, name: str) -> Fact | None:
        """Return a fact of this country's law; None where it has no such rule."""
        try:
            return fact(name, self.country, on=self.on)
        except UnknownFact:
            return None

    def authority(self) -> Authority:
        """Return the supervisory authority."""
        return authority(self.country, on=self.on)

    def stale_law(self, text: str) -> Row | None:
        """Return what became of an act that a text names; None where it is in force."""
        found = self.law("laws_stale")
        return self._match(found.rows(), text) if found else None

    def stale_body(self, name: str) -> Row | None:
        """Return what became of a body that a text names; None where it is still there."""
        found = self.law("entities_stale")
        rows = found.rows() if found else ()
        return next((row for row in rows if row["name"].casefold() in name.casefold()), None)

    def _match(self, rows: tuple[Row, ...], text: str) -> Row | None:
        said = _spellings(text)
        mine = (row for row in rows if row.get("country", self.country) in ("", self.country))
        named = (row for row in mine if said & {row["text"].casefold(), row.get("act", "")})
        return next(named, None)

    def names_gdpr(self, text: str) -> bool:
        """Return whether a text names the GDPR by one of its names."""
        return any(name in text.casefold() for name in self.words("names_of_the_gdpr"))

    def names_bookkeeping(self, text: str) -> bool:
        """Return whether a text names an act on bookkeeping."""
        return any(name in text.casefold() for name in self.words("bookkeeping_acts"))

    def outside_eea(self, country: str) -> bool:
        """Return whether a country, where it is known, lies outside the EEA.

        Law:
            GDPR Art. 44
        """
        return bool(country) and country not in self.words("eea")


@lru_cache(maxsize=1024)
def _spellings(text: str) -> frozenset[str]:
    """Return an act as it was named and, where that is a citation, without country and place."""
    plain = " ".join(text.split())
    said = {plain, plain.casefold()}
    with suppress(Misspelt):
        cited = Citation.parse(plain)
        said |= {cited.act.casefold(), f"{cited.country} {cited.act}"}
    return frozenset(said - {""})


def kind_of(category: str) -> CategoryKind:
    """Return how protected a category is; one that is not built in is ordinary.

    Law:
        GDPR Art. 9(1)
        GDPR Art. 10
        GDPR Art. 87
    """
    known = CATEGORIES.get(category)
    return known.kind if known else "ordinary"
