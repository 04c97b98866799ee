"""The public holidays of each country in two years in full, and where the calendar ends."""

from __future__ import annotations

from datetime import date

import pytest

from ombud.errors import UnknownCalendar
from ombud.law import Country
from ombud.law.calendar import is_working_day, public_holidays, working_day_from

# Maundy Thursday, Good Friday, Easter, Ascension and Whitsun of 2026.
DK_2026 = "01-01 04-02 04-03 04-05 04-06 05-14 05-24 05-25 12-25 12-26"
FULL = [
    ("DK", 2026, DK_2026),
    ("NO", 2026, f"{DK_2026} 05-01 05-17"),
    ("IS", 2026, f"{DK_2026} 04-23 05-01 06-17 08-03"),
    (
        "SE",
        2026,
        "01-01 01-06 04-03 04-05 04-06 05-01 05-14 05-24 06-06 06-20 10-31 12-25 12-26",
    ),
    (
        "FI",
        2026,
        "01-01 01-06 04-03 04-05 04-06 05-01 05-14 05-24 06-20 10-31 12-06 12-25 12-26",
    ),
    ("DK", 2023, "01-01 04-06 04-07 04-09 04-10 05-05 05-18 05-28 05-29 12-25 12-26"),
    ("DK", 2024, "01-01 03-28 03-29 03-31 04-01 05-09 05-19 05-20 12-25 12-26"),
    ("FI", 2027, "01-01 01-06 03-26 03-28 03-29 05-01 05-06 05-16 06-26 11-06 12-06 12-25 12-26"),
]


@pytest.mark.parametrize(("country", "year", "days"), FULL)
def test_the_public_holidays_of_a_year_are_these_and_no_others(
    country: Country, year: int, days: str
) -> None:
    found = public_holidays(country, year)

    assert {f"{day:%m-%d}" for day in found} == set(days.split())
    assert list(found) == sorted(found)


@pytest.mark.parametrize(
    ("country", "day"),
    [
        pytest.param("DK", "2024-04-26", id="store-bededag-is-gone"),
        pytest.param("DK", "2026-05-01", id="1-may-in-dk"),
        pytest.param("DK", "2026-06-05", id="danish-constitution-day"),
        pytest.param("DK", "2026-12-24", id="dk-24-december"),
        pytest.param("DK", "2026-12-31", id="dk-31-december"),
        pytest.param("NO", "2026-12-24", id="no-24-december"),
        pytest.param("SE", "2026-06-19", id="swedish-midsummer-eve"),
        pytest.param("SE", "2026-12-24", id="se-24-december"),
        pytest.param("FI", "2026-06-19", id="finnish-midsummer-eve"),
        pytest.param("FI", "2026-12-24", id="fi-24-december"),
        pytest.param("IS", "2026-12-24", id="is-24-december"),
    ],
)
def test_a_day_most_people_have_off_is_a_working_day_all_the_same(
    country: Country, day: str
) -> None:
    """A case answered on the next day would be late: the conservative reading."""
    assert is_working_day(date.fromisoformat(day), country)


@pytest.mark.parametrize(
    ("country", "day", "working"),
    [
        ("DK", "2026-04-04", "2026-04-07"),
        ("NO", "2026-05-17", "2026-05-18"),
        ("DK", "2026-12-25", "2026-12-28"),
        ("IS", "2026-06-17", "2026-06-18"),
        ("DK", "2026-03-05", "2026-03-05"),
    ],
)
def test_the_next_working_day_is_the_day_itself_if_it_is_one(
    country: Country, day: str, working: str
) -> None:
    assert working_day_from(date.fromisoformat(day), country).isoformat() == working


@pytest.mark.parametrize(
    ("country", "year"), [("DE", 2026), ("dk", 2026), ("SE", 1952), ("FI", 1954), ("DK", 2101)]
)
def test_a_country_or_year_without_a_calendar_is_refused(country: Country, year: int) -> None:
    with pytest.raises(UnknownCalendar, match="no public holidays are known"):
        public_holidays(country, year)


@pytest.mark.parametrize("country", ["DK", "NO", "SE", "FI", "IS"])
def test_no_holiday_is_named_only_because_it_is_a_sunday(country: Country) -> None:
    """The package can list every Sunday of Sweden; nobody would read such a list."""
    for year in range(2018, 2041):
        assert len(public_holidays(country, year)) < 20
