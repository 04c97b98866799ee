"""Which day stands at the edge of a period, and which moments does made-up data have?

Written without Ombud's own calendar, so that the data can tell whether Ombud counts right.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


def last_day(event: date, *, years: int = 0, months: int = 0, days: int = 0) -> date:
    """Return the last day of a period that counts from the event's day.

    The same day of the month, or the month's last day where it has no such day; then the days.
    """
    index = event.year * 12 + event.month - 1 + years * 12 + months
    year, month = divmod(index, 12)
    day = min(event.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, day) + timedelta(days=days)


def _latest_over(today: date, ends: Callable[[date], date], near: date) -> date:
    """Return the latest event whose period is over before today; `near` is close to it."""
    event = near + timedelta(days=5)  # clamping moves an event by at most three days
    while ends(event) >= today:
        event -= ONE_DAY
    return event


def just_due(today: date, *, years: int = 0, months: int = 0, days: int = 0) -> date:
    """Return the latest event whose period was over yesterday: today is its first day due."""
    near = last_day(today - timedelta(days=days), years=-years, months=-months)
    return _latest_over(today, lambda e: last_day(e, years=years, months=months, days=days), near)


def on_last_day(today: date, *, years: int = 0, months: int = 0, days: int = 0) -> date:
    """Return the earliest event that is not due: today is the last day of its period.

    (Where no event's period ends today, as none of 3 years does on 29 February, that of the
    next day.)
    """
    return just_due(today, years=years, months=months, days=days) + ONE_DAY


def year_end(event: date, end: tuple[int, int] = (12, 31)) -> date:
    """Return the end of the financial year that contains the event.

    Args:
        event: The event's day.
        end: Month and day on which the organisation's financial year ends.
    """
    month, day = end
    this = date(event.year, month, min(day, monthrange(event.year, month)[1]))
    if event <= this:
        return this
    return date(event.year + 1, month, min(day, monthrange(event.year + 1, month)[1]))


def just_due_by_year_end(
    today: date, *, years: int = 0, months: int = 0, end: tuple[int, int] = (12, 31)
) -> date:
    """Return the latest event that is due under a period counted from its financial year's end."""
    near = last_day(today, years=-years, months=-months)
    event = year_end(near, end)
    while last_day(year_end(event, end), years=years, months=months) >= today:
        event = year_end(event, end) - timedelta(days=366)
        event = year_end(event, end)
    return event


def at(day: date, hour: int = 12, minute: int = 0, second: int = 0) -> datetime:
    """Return a moment of a day, local and naive as most databases have it."""
    return datetime.combine(day, time(hour, minute, second))  # naive on purpose: so it is stored


def in_utc(local: datetime, zone: str = "Europe/Copenhagen") -> datetime:
    """Return the same moment in UTC, naive: how a column of UTC timestamps holds it."""
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)


def moment(rng: Random, day: date) -> datetime:
    """Return some moment of a working day, local and naive."""
    seconds = int(rng.random() * 36_000)  # ten hours
    return datetime(day.year, day.month, day.day, 8) + timedelta(seconds=seconds)  # noqa: DTZ001 - so it is stored


def days_ago(rng: Random, today: date, youngest: int, oldest: int) -> date:
    """Return a day so many days ago, each as likely; a negative number lies in the future."""
    return today - timedelta(days=youngest + int(rng.random() * (oldest - youngest + 1)))
