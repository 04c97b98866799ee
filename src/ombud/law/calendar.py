"""Which days are public holidays and working days in a country?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import MAXYEAR, date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Final

from ombud.errors import UnknownCalendar, UnknownFact
from ombud.law.fact import fact
from ombud.law.model import COUNTRIES, Country

_WEEKDAYS: Final = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
_WEEKEND: Final = ("saturday", "sunday")


def public_holidays(country: Country, year: int) -> Mapping[date, str]:
    """Return the public holidays of a year: date to English name, in order.

    Those of the `holidays` package, less the days that `facts/*.yaml` says are none by law.
    Sundays are not among them unless they are holidays themselves.

    Raises:
        UnknownCalendar: No holidays are known for the country in that year.

    Law:
        Reg. 1182/71 Art. 2(1)
        DK BEK 270/2023
        NO helligdagsfredloven § 2
    """
    return _public_holidays(country, year)


def is_working_day(day: date, country: Country) -> bool:
    """Return whether the day is neither Saturday nor Sunday nor a public holiday.

    Raises:
        UnknownCalendar: No holidays are known for the country in that year.

    Law:
        Reg. 1182/71 Art. 2(2)
    """
    return _WEEKDAYS[day.weekday()] not in _WEEKEND and day not in _public_holidays(
        country, day.year
    )


def working_day_from(day: date, country: Country) -> date:
    """Return the day if it is a working day, else the next one that is.

    Raises:
        UnknownCalendar: No holidays are known for the country in that year.

    Law:
        Reg. 1182/71 Art. 3(4)
    """
    while not is_working_day(day, country):
        if day == date.max:
            raise UnknownCalendar(f"no working day is known after the year {MAXYEAR}")
        day += timedelta(days=1)
    return day


@cache
def _public_holidays(country: Country, year: int) -> Mapping[date, str]:
    import holidays  # noqa: PLC0415 - a tenth of a second, and only deadlines need it

    if country not in COUNTRIES:
        raise UnknownCalendar(
            f"no public holidays are known for `{country}`",
            help=f"known are {', '.join(COUNTRIES)}",
        )
    found = holidays.country_holidays(
        country, years=year, expand=False, observed=False, language="en_US"
    )
    in_order = {day: name for day, name in sorted(found.items()) if day.year == year}
    try:
        corrections = fact("not_public_holidays", country, on=date(year, 12, 31)).rows()
    except UnknownFact:
        in_order = {}
    if not in_order:
        raise UnknownCalendar(
            f"no public holidays are known for {country} in {year}",
            help=f"known are {found.start_year} to {found.end_year}, as far as the facts of law go",
        )
    return MappingProxyType(
        {
            day: name
            for day, name in in_order.items()
            if not any(_falls_in(day, row) for row in corrections)
        }
    )


def _falls_in(day: date, row: Mapping[str, str]) -> bool:
    """Return whether a day is in the span of a row, and on its weekday where it names one."""
    in_span = row["from"] <= f"{day:%m-%d}" <= row["to"]
    return in_span and row["weekday"] in ("any", _WEEKDAYS[day.weekday()])
