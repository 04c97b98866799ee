"""Which day did a clock strike, and which is the last day of a period?"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

ZONES = {
    "DK": "Europe/Copenhagen",
    "NO": "Europe/Oslo",
    "SE": "Europe/Stockholm",
    "FI": "Europe/Helsinki",
    "IS": "Atlantic/Reykjavik",
}

ISO_PERIOD = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")
WORD_PERIOD = re.compile(r"(\d+) (year|month|week|day)s?")


@dataclass(frozen=True)
class Period:
    """Calendar months, then days."""

    months: int
    days: int


def period(text: str) -> Period:
    """Read `3 years 6 months`, `14 days` or `P3Y6M`."""
    if text.startswith("P"):
        years, months, weeks, days = (int(n or 0) for n in ISO_PERIOD.fullmatch(text).groups())
        return Period(12 * years + months, 7 * weeks + days)
    found = {unit: int(number) for number, unit in WORD_PERIOD.findall(text)}
    return Period(
        12 * found.get("year", 0) + found.get("month", 0),
        7 * found.get("week", 0) + found.get("day", 0),
    )


def add_months(day: date, months: int) -> date:
    """Return the day with the same number so many months later, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_day(day: date, length: Period) -> date:
    """Return the last day of a period; the first day on which something is due comes after it."""
    return add_months(day, length.months) + timedelta(days=length.days)


def financial_year_end(day: date, year_end: str) -> date:
    """Return the last day of the financial year that contains the day; `year_end` is MM-DD."""
    month, number = (int(part) for part in year_end.split("-"))
    for year in (day.year, day.year + 1):
        end = date(year, month, min(number, calendar.monthrange(year, month)[1]))
        if day <= end:
            return end
    raise AssertionError(day)


def count_from(day: date, counted_from: str, year_end: str) -> date:
    """Return the day from which the period of a rule runs."""
    if counted_from == "event":
        return day
    end = financial_year_end(day, year_end)
    if counted_from == "financial_year_end":
        return end
    assert counted_from == "calendar_year_of_financial_year_end"
    return date(end.year, 12, 31)


@dataclass(frozen=True)
class Zones:
    """Dates are counted in the organisation's zone; naive timestamps are local to the system's."""

    organisation: ZoneInfo
    system: ZoneInfo


@dataclass(frozen=True)
class Moment:
    """When something happened.

    Args:
        day: In the organisation's zone.
        at: The instant; None where only the day is known.
    """

    day: date
    at: datetime | None = None


class Unreadable:
    """A value that is there but is no date."""


def read(value: Any, reads_as: str, zones: Zones) -> Moment | Unreadable | None:  # noqa: ANN401 - any column value
    """Return when a column's value says something happened; None for NULL."""
    if value is None or (isinstance(value, str) and value.startswith("0000-00-00")):
        return None
    if reads_as == "unix_seconds":
        return _moment(datetime.fromtimestamp(value, UTC), zones)
    if isinstance(value, str):
        value = _from_text(value)
        if value is None:
            return Unreadable()
    if not isinstance(value, datetime):
        assert isinstance(value, date), value
        return Moment(value)
    if reads_as == "date":
        return Moment(value.date())
    if value.tzinfo is None:
        value = value.replace(tzinfo=UTC if reads_as == "utc" else zones.system)
    return _moment(value, zones)


def _from_text(text: str) -> date | datetime | None:
    text = text.strip()
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return None


def _moment(at: datetime, zones: Zones) -> Moment:
    return Moment(at.astimezone(zones.organisation).date(), at.astimezone(UTC))


def is_after(moment: Moment, instant: datetime, zones: Zones) -> bool:
    """Return whether it surely happened after the instant; on the same day, unless known, not."""
    if moment.at is not None:
        return moment.at > instant
    return moment.day > instant.astimezone(zones.organisation).date()


def is_strictly_before(one: Moment, other: Moment) -> bool:
    """Return whether one surely happened before the other; on the same day, unless known, not."""
    if one.at is not None and other.at is not None:
        return one.at < other.at
    return one.day < other.day


def start_of(day: date, zones: Zones) -> datetime:
    """Return the first instant of a day of the organisation."""
    return datetime.combine(day, time(), zones.organisation).astimezone(UTC)
