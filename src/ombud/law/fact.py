"""What does the law say on a day? Dated facts with their source, never a constant in code."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache

from ombud.errors import UnknownFact
from ombud.law.book import NAMES, UNION, book, version_on
from ombud.law.model import COUNTRIES, Country, Fact, Mark, RetentionFact

# Letters that Nordic ids hold, and what is typed where a keyboard lacks them.
_ASCII = str.maketrans({"ø": "o", "å": "a", "æ": "ae", "ö": "o", "ä": "a", "/": "_"})


@dataclass(frozen=True)
class Authority:
    """A supervisory authority, as a notice tells people how to reach it.

    Args:
        address: Postal address in one line.
        visit: Where to call in person; empty where it is the postal address or unknown.
        outdated: Addresses and names it no longer has.
        unverified: Fields above that are from knowledge, not read.
        checked_on: Day the rest was read; a year later it must be read again.
    """

    country: Country
    name: str
    address: str
    visit: str
    phone: str
    email: str
    url: str
    outdated: tuple[str, ...]
    unverified: tuple[str, ...]
    checked_on: date | None
    mark: Mark


def fact(name: str, country: Country | None = None, *, on: date) -> Fact:
    """Return the fact of law of that name that is in force on a day.

    Args:
        name: Its name in `facts/*.yaml`.
        country: Whose law; the Union's counts where the country has no fact of that name. None
            asks for the Union's alone.
        on: Local day on which it must be in force.

    Raises:
        UnknownFact: No fact has that name there, or it was not in force on that day.

    Examples:
        >>> fact("child_consent_age", "DK", on=date(2026, 11, 23)).number()
        15
    """
    for file in (country.lower() if country in COUNTRIES else UNION, UNION):
        if name in book(file).facts:
            return version_on(book(file).facts[name], name, on)
    whose = country or "the Union"
    having = [code for code in COUNTRIES if name in book(code.lower()).facts]
    if having:
        raise UnknownFact(
            f"no fact of law `{name}` of {whose}",
            help=f"it is known of {', '.join(having)}",
        )
    raise UnknownFact(f"no fact of law `{name}`", help=_nearest(name, _fact_names()))


def authority(country: Country, *, on: date | None = None) -> Authority:
    """Return the supervisory authority of a country.

    Args:
        country: Where the controller is established.
        on: Day on which the address holds; None: the newest known.

    Raises:
        UnknownFact: No authority is known of that country on that day.

    Law:
        GDPR Art. 13(2)(d)
        GDPR Art. 77(1)
    """
    newest = on or _newest("authority", country)
    found = fact("authority", country, on=newest)
    row = found.entries()
    former = (row.get("outdated", ""), row.get("old_names", ""))
    return Authority(
        country=country,
        name=row["name"],
        address=row["address"],
        visit=row.get("visit", ""),
        phone=row["phone"],
        email=row["email"],
        url=row["url"],
        outdated=tuple(part for text in former for part in text.split("; ") if part),
        unverified=tuple(part for part in row.get("unverified", "").split(", ") if part),
        checked_on=found.verified_on,
        mark=found.mark,
    )


def child_consent_age(country: Country, *, on: date) -> int:
    """Return the age in years from which a child itself consents to an online service.

    Raises:
        UnknownFact: The age of that country on that day is not known.

    Law:
        GDPR Art. 8(1)
        DK databeskyttelsesloven § 6(2)-(3)
        NO personopplysningsloven § 5
    """
    return fact("child_consent_age", country, on=on).number()


def retention(id: str, *, on: date) -> RetentionFact:
    """Return what is in force on a day on how long some data must or may be kept.

    Args:
        id: One of `retention_ids()`; `dk_ansoger` is read as `dk_ansøger`.
        on: Local day on which it must be in force.

    Raises:
        UnknownFact: No such id, or nothing known under it on that day.

    Examples:
        >>> found = retention("dk_bogf", on=date(2026, 11, 23))
        >>> str(found.period), found.counted_from, str(found.citations[0])
        ('5 years', 'financial_year_end', 'DK bogføringsloven § 12(1)')
    """
    known = _retention()
    exact = _aliases().get(unicodedata.normalize("NFC", id))
    if exact is None:
        raise UnknownFact(f"no retention fact `{id}`", help=_nearest(id, tuple(known)))
    return version_on(known[exact], exact, on)


def retention_ids() -> tuple[str, ...]:
    """Return the ids of all retention facts, by country and then as written."""
    return tuple(_retention())


@cache
def _retention() -> dict[str, tuple[RetentionFact, ...]]:
    files = [book(country.lower()) for country in COUNTRIES]
    return {id: versions for file in files for id, versions in file.retention.items()}


@cache
def _aliases() -> dict[str, str]:
    ids = retention_ids()
    return {id.translate(_ASCII).lower(): id for id in ids} | {id: id for id in ids}


@cache
def _fact_names() -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for file in NAMES for name in book(file).facts))


def _newest(name: str, country: Country) -> date:
    """Return a day on which the newest version holds."""
    file = country.lower() if country in COUNTRIES else UNION
    versions = book(file).facts.get(name, ())
    return (versions[-1].valid_to if versions else None) or date.max


def _nearest(name: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"did you mean `{near[0]}`?" if near else f"known are {', '.join(known)}"
