"""The last day to answer, from a table of receipts worked out by hand; and 72 hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.errors import UnknownCalendar, WrongUse
from ombud.law import Country, breach_due_at, due_on, extended_due_on
from ombud.law.calendar import is_working_day

VECTORS = [
    pytest.param("DK", "2026-03-05", "2026-04-07", "2026-06-05", id="dk-easter"),
    pytest.param("NO", "2026-03-05", "2026-04-07", "2026-06-05", id="no-easter"),
    pytest.param("DK", "2026-01-31", "2026-03-02", "2026-04-30", id="dk-no-31-february"),
    pytest.param("NO", "2026-01-31", "2026-03-02", "2026-04-30", id="no-no-31-february"),
    pytest.param("DK", "2025-01-31", "2025-02-28", "2025-04-30", id="dk-clamped-only"),
    pytest.param("DK", "2028-01-31", "2028-02-29", "2028-05-01", id="dk-leap-year"),
    pytest.param("DK", "2026-08-31", "2026-09-30", "2026-11-30", id="dk-september"),
    pytest.param("DK", "2026-11-21", "2026-12-21", "2027-02-22", id="dk-received-on-saturday"),
    pytest.param("DK", "2026-04-01", "2026-05-01", "2026-07-01", id="dk-1-may-is-a-working-day"),
    pytest.param("NO", "2026-04-01", "2026-05-04", "2026-07-01", id="no-1-may"),
    pytest.param("SE", "2026-04-01", "2026-05-04", "2026-07-01", id="se-1-may"),
    pytest.param("FI", "2026-04-01", "2026-05-04", "2026-07-01", id="fi-1-may"),
    pytest.param("IS", "2026-04-01", "2026-05-04", "2026-07-01", id="is-1-may"),
    pytest.param("NO", "2026-04-17", "2026-05-18", "2026-07-17", id="no-17-may"),
    pytest.param("DK", "2026-04-14", "2026-05-15", "2026-07-14", id="dk-ascension"),
    pytest.param("NO", "2026-04-14", "2026-05-15", "2026-07-14", id="no-ascension"),
    pytest.param("DK", "2026-11-25", "2026-12-28", "2027-02-25", id="dk-christmas"),
    pytest.param("NO", "2026-11-25", "2026-12-28", "2027-02-25", id="no-christmas"),
    pytest.param("SE", "2026-05-06", "2026-06-08", "2026-08-06", id="se-national-day"),
    pytest.param("IS", "2026-03-17", "2026-04-17", "2026-06-18", id="is-national-day"),
    pytest.param("DK", "2026-12-31", "2027-02-01", "2027-03-31", id="dk-over-new-year"),
]

countries = st.sampled_from(["DK", "NO", "SE", "FI", "IS"])
receipts = st.dates(date(2018, 5, 25), date(2060, 12, 31))


@pytest.mark.parametrize(("country", "received", "due", "extended"), VECTORS)
def test_a_case_is_due_a_calendar_month_after_receipt_on_a_working_day(
    country: Country, received: str, due: str, extended: str
) -> None:
    """Art. 12(3) with Reg. 1182/71 Art. 3; the extension counts from receipt too."""
    received_on = date.fromisoformat(received)

    assert due_on(received_on, country).isoformat() == due
    assert extended_due_on(received_on, country).isoformat() == extended


@given(receipts, countries)
def test_a_due_day_is_a_working_day_28_to_38_days_away(received_on: date, country: Country) -> None:
    due, extended = due_on(received_on, country), extended_due_on(received_on, country)

    assert is_working_day(due, country)
    assert is_working_day(extended, country)
    assert 28 <= (due - received_on).days <= 38
    assert due < extended <= received_on + timedelta(days=99)


@given(receipts, countries)
def test_a_later_receipt_is_never_due_earlier(received_on: date, country: Country) -> None:
    day_after = received_on + timedelta(days=1)

    assert due_on(received_on, country) <= due_on(day_after, country)


@pytest.mark.parametrize("received_on", [date(2150, 1, 1), date.max])
def test_a_day_beyond_the_calendar_is_refused(received_on: date) -> None:
    with pytest.raises(UnknownCalendar):
        due_on(received_on, "DK")


def test_the_authority_is_told_72_hours_after_becoming_aware_through_the_weekend() -> None:
    """Art. 33(1): hours, so Art. 3(4) of the regulation does not prolong them."""
    aware = datetime(2026, 11, 20, 16, 20, tzinfo=ZoneInfo("Europe/Copenhagen"))

    assert breach_due_at(aware).astimezone(aware.tzinfo).isoformat() == "2026-11-23T16:20:00+01:00"


def test_72_hours_are_hours_also_when_the_clocks_change() -> None:
    aware = datetime(2026, 10, 23, 12, 0, tzinfo=ZoneInfo("Europe/Oslo"))

    assert breach_due_at(aware).astimezone(aware.tzinfo).isoformat() == "2026-10-26T11:00:00+01:00"


@given(st.datetimes(datetime(2018, 5, 25), datetime(2060, 1, 1)), st.integers(-12, 14))  # noqa: DTZ001 - hypothesis asks for naive bounds
def test_the_zone_of_becoming_aware_does_not_matter(at: datetime, offset: int) -> None:
    aware = at.replace(tzinfo=timezone(timedelta(hours=offset)))

    assert breach_due_at(aware) == aware + timedelta(hours=72)
    assert breach_due_at(aware).tzinfo is UTC


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(WrongUse, match="no time zone"):
        breach_due_at(datetime(2026, 11, 20, 16, 20))  # noqa: DTZ001 - that is the mistake
