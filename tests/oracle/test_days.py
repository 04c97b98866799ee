"""The calendar of the model: hand-computed days, and what each kind of column says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from oracle.days import (
    Moment,
    Period,
    Unreadable,
    Zones,
    count_from,
    financial_year_end,
    is_after,
    is_strictly_before,
    last_day,
    period,
    read,
)

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
DANISH = Zones(COPENHAGEN, COPENHAGEN)
PLUS_ONE = timezone(timedelta(hours=1))
at = datetime.fromisoformat


@pytest.mark.parametrize(
    ("text", "months", "days"),
    [
        ("3 years", 36, 0),
        ("1 year", 12, 0),
        ("3 years 6 months", 42, 0),
        ("14 days", 0, 14),
        ("0 days", 0, 0),
        ("P3Y6M", 42, 0),
        ("P30D", 0, 30),
        ("P2W", 0, 14),
        ("1 month 2 days", 1, 2),
    ],
)
def test_a_period_is_months_and_days(text: str, months: int, days: int) -> None:
    assert period(text) == Period(months, days)


@pytest.mark.parametrize(
    ("day", "length", "last"),
    [
        pytest.param(date(2021, 3, 15), "3 years", date(2024, 3, 15), id="same-number"),
        pytest.param(date(2024, 1, 31), "1 month", date(2024, 2, 29), id="no-31-february"),
        pytest.param(date(2023, 1, 31), "1 month", date(2023, 2, 28), id="no-29-february"),
        pytest.param(date(2024, 2, 29), "1 year", date(2025, 2, 28), id="leap-day"),
        pytest.param(date(2020, 2, 29), "4 years", date(2024, 2, 29), id="leap-day-to-leap-day"),
        pytest.param(date(2023, 2, 28), "1 year", date(2024, 2, 28), id="not-the-month-end"),
        pytest.param(date(2024, 12, 15), "1 month", date(2025, 1, 15), id="over-new-year"),
        pytest.param(date(2024, 11, 30), "1 month", date(2024, 12, 30), id="to-december"),
        pytest.param(date(2024, 2, 15), "30 days", date(2024, 3, 16), id="days-over-a-leap-day"),
        pytest.param(date(2024, 1, 31), "1 month 1 day", date(2024, 3, 1), id="months-then-days"),
        pytest.param(date(2024, 5, 5), "0 days", date(2024, 5, 5), id="its-own-day"),
    ],
)
def test_the_last_day_has_the_number_of_the_first(day: date, length: str, last: date) -> None:
    assert last_day(day, period(length)) == last


@pytest.mark.parametrize(
    ("day", "year_end", "ends"),
    [
        (date(2023, 12, 31), "12-31", date(2023, 12, 31)),
        (date(2024, 1, 1), "12-31", date(2024, 12, 31)),
        (date(2023, 6, 30), "06-30", date(2023, 6, 30)),
        (date(2023, 7, 1), "06-30", date(2024, 6, 30)),
        (date(2024, 2, 29), "02-28", date(2025, 2, 28)),
        (date(2024, 2, 28), "02-28", date(2024, 2, 28)),
    ],
)
def test_a_day_lies_in_a_financial_year(day: date, year_end: str, ends: date) -> None:
    assert financial_year_end(day, year_end) == ends


def test_a_period_can_run_from_the_end_of_a_year() -> None:
    day = date(2023, 7, 1)
    assert count_from(day, "event", "06-30") == day
    assert count_from(day, "financial_year_end", "06-30") == date(2024, 6, 30)
    assert count_from(day, "calendar_year_of_financial_year_end", "06-30") == date(2024, 12, 31)


@pytest.mark.parametrize(
    ("value", "reads_as", "day"),
    [
        pytest.param(date(2024, 5, 1), "auto", date(2024, 5, 1), id="date"),
        pytest.param(at("2024-05-01 23:59"), "auto", date(2024, 5, 1), id="local"),
        pytest.param(at("2024-05-01 22:00"), "utc", date(2024, 5, 2), id="utc-summer"),
        pytest.param(at("2024-05-01 21:59"), "utc", date(2024, 5, 1), id="utc-before"),
        pytest.param(at("2024-01-01 22:59"), "utc", date(2024, 1, 1), id="utc-winter"),
        pytest.param(at("2024-01-01 23:00"), "utc", date(2024, 1, 2), id="utc-winter-next"),
        pytest.param(
            datetime(2024, 5, 1, 22, 30, tzinfo=UTC), "auto", date(2024, 5, 2), id="instant"
        ),
        pytest.param(
            datetime(2024, 5, 1, 23, 30, tzinfo=PLUS_ONE), "auto", date(2024, 5, 2), id="offset"
        ),
        pytest.param(1714600800, "unix_seconds", date(2024, 5, 2), id="unix"),  # 2024-05-01T22:00Z
        pytest.param(1714600799, "unix_seconds", date(2024, 5, 1), id="unix-before"),
        pytest.param("2024-05-01", "iso_text", date(2024, 5, 1), id="text-day"),
        pytest.param("2024-05-01T23:59:59", "iso_text", date(2024, 5, 1), id="text-local"),
        pytest.param("2024-05-01T22:00:00Z", "iso_text", date(2024, 5, 2), id="text-utc"),
        pytest.param(at("2024-05-01 23:30"), "date", date(2024, 5, 1), id="read-as-date"),
    ],
)
def test_a_clock_strikes_on_the_organisations_day(value: object, reads_as: str, day: date) -> None:
    moment = read(value, reads_as, DANISH)
    assert isinstance(moment, Moment)
    assert moment.day == day


def test_a_naive_timestamp_is_local_to_its_system() -> None:
    """23:30 in Reykjavik is 01:30 the next day in Copenhagen in summer."""
    zones = Zones(COPENHAGEN, ZoneInfo("Atlantic/Reykjavik"))
    moment = read(at("2024-05-01 23:30"), "auto", zones)
    assert isinstance(moment, Moment)
    assert moment.day == date(2024, 5, 2)
    assert moment.at == datetime(2024, 5, 1, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize("value", [None, "0000-00-00", "0000-00-00 00:00:00"])
def test_null_and_the_zero_date_say_nothing(value: str | None) -> None:
    assert read(value, "auto", DANISH) is None


@pytest.mark.parametrize("value", ["", "soon", "2024-13-01", "01.05.2024"])
def test_text_that_is_no_date_is_unreadable(value: str) -> None:
    assert isinstance(read(value, "iso_text", DANISH), Unreadable)


def test_the_same_day_is_not_surely_after_nor_before() -> None:
    noon = datetime(2024, 5, 1, 12, tzinfo=UTC)
    day, at_noon = Moment(date(2024, 5, 1)), Moment(date(2024, 5, 1), noon)
    assert not is_after(day, noon, DANISH)
    assert is_after(Moment(date(2024, 5, 2)), noon, DANISH)
    assert not is_after(at_noon, noon, DANISH)
    assert is_after(at_noon, noon - timedelta(seconds=1), DANISH)
    assert not is_strictly_before(day, at_noon)
    assert not is_strictly_before(at_noon, day)
    assert is_strictly_before(Moment(date(2024, 4, 30)), at_noon)
    assert is_strictly_before(Moment(noon.date(), noon - timedelta(seconds=1)), at_noon)
