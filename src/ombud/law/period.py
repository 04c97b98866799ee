"""How long is a period of the law, and on which day does it end?

Periods are calendar months and days, never a number of hours or of 30-day months. Every
function here has an exact inverse: a database need only compare a date with one cutoff.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import Final, Literal

from ombud.errors import WrongUse
from ombud.law.misspelt import Misspelt

CountedFrom = Literal["event", "financial_year_end", "calendar_year_of_financial_year_end"]
"""The day a period counts from: that of the event, the last day of the financial year that
contains the event, or 31 December of the calendar year in which that financial year ended."""

_MONTHS_A_YEAR: Final = 12
_DAYS_A_WEEK: Final = 7
_YEARS_MAX: Final = 200  # no law counts so far; more is a slip of the pen
# The Gregorian calendar repeats itself after 400 years: so many months are so many days.
_CYCLE_MONTHS: Final = 4_800
_CYCLE_DAYS: Final = 146_097
_LEAP_YEAR: Final = 2_024  # has every day that a year can end on

_NUMBER = r"0|[1-9][0-9]{0,5}"
_UNITS: Final = ("year", "month", "week", "day")
_ISO = re.compile(
    rf"P(?=[0-9])(?:(?P<week>{_NUMBER})W"
    rf"|(?:(?P<year>{_NUMBER})Y)?(?:(?P<month>{_NUMBER})M)?(?:(?P<day>{_NUMBER})D)?)"
)
_YEAR_HELP: Final = (
    "write month and day of its last day, for example `12-31`, `06-30`, or `02-29` for the "
    "last day of February"
)
_HELP: Final = (
    "write numbers and units, the largest first, for example `3 years 6 months`, `1 year`, "
    "`30 days` or `P3Y6M`"
)


@dataclass(frozen=True, init=False)
class Period:
    """A length of time in calendar months and days.

    Args:
        years: Each is twelve months.
        months: Calendar months, 0 or more.
        weeks: Each is seven days.
        days: Calendar days, 0 or more; they are added after the months.

    Raises:
        Misspelt: No length is given, one is negative, or the whole is longer than 200 years.
    """

    months: int
    days: int

    def __init__(
        self,
        *,
        years: int | None = None,
        months: int | None = None,
        weeks: int | None = None,
        days: int | None = None,
    ) -> None:
        given = {"years": years, "months": months, "weeks": weeks, "days": days}
        lengths = {unit: count for unit, count in given.items() if count is not None}
        said = " ".join(f"{count} {unit}" for unit, count in lengths.items())
        if not lengths or min(lengths.values()) < 0:
            raise Misspelt(f"not a period: `{said}`", _HELP)
        all_months = lengths.get("years", 0) * _MONTHS_A_YEAR + lengths.get("months", 0)
        all_days = lengths.get("weeks", 0) * _DAYS_A_WEEK + lengths.get("days", 0)
        length = all_months * _CYCLE_DAYS + all_days * _CYCLE_MONTHS
        if length > _YEARS_MAX * _MONTHS_A_YEAR * _CYCLE_DAYS:
            raise Misspelt(
                f"not a period: `{said}`", f"a period is at most {_YEARS_MAX} years; {_HELP}"
            )
        object.__setattr__(self, "months", all_months)
        object.__setattr__(self, "days", all_days)

    @classmethod
    def parse(cls, text: str) -> Period:
        """Return the period that a text is, in words or as an ISO 8601 duration.

        `0 days` and `P0D` are the only ways to write none.

        Raises:
            Misspelt: It is neither; nothing is guessed.

        Examples:
            >>> Period.parse("3 years 6 months")
            Period(months=42, days=0)
            >>> str(Period.parse("P2W"))
            '14 days'
        """
        match = _ISO.fullmatch(text)
        found = match.groupdict() if match else _words(text)
        lengths = {unit: int(count) for unit, count in found.items() if count is not None}
        none_at_all = text in ("0 days", "P0D")
        if not lengths or (0 in lengths.values() and not none_at_all):
            raise Misspelt(f"not a period: `{text}`", _HELP)
        try:
            return cls(**{f"{unit}s": count for unit, count in lengths.items()})
        except Misspelt as wrong:
            raise Misspelt(f"not a period: `{text}`", wrong.help) from None

    def __str__(self) -> str:
        words = [f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in self.as_said]
        return " ".join(words) or "0 days"

    @property
    def as_said(self) -> list[tuple[int, str]]:
        """How many of each unit (`year`, `month`, `day`) people count it in; empty for none."""
        years, months = divmod(self.months, _MONTHS_A_YEAR)
        if years == 1 and months:
            years, months = 0, self.months  # people say 14 months, but 3 years and 6 months
        counted = ((years, "year"), (months, "month"), (self.days, "day"))
        return [(count, unit) for count, unit in counted if count]

    @property
    def iso(self) -> str:
        """The ISO 8601 duration: `P3Y6M`, `P30D`; `P0D` for none."""
        years, months = divmod(self.months, _MONTHS_A_YEAR)
        parts = [(years, "Y"), (months, "M"), (self.days, "D")]
        return "P" + ("".join(f"{count}{unit}" for count, unit in parts if count) or "0D")


def _words(text: str) -> dict[str, str | None]:
    """Return unit to number for "3 years 6 months"; empty when the text is anything else."""
    words = text.split(" ")
    pairs = list(zip(words[::2], words[1::2], strict=False))
    if len(words) != len(pairs) * 2:
        return {}
    found: dict[str, str | None] = {}
    for number, word in pairs:
        unit = word if number == "1" else word.removesuffix("s")
        plural = word != unit
        rank = _UNITS.index(unit) if unit in _UNITS else -1
        falling = all(_UNITS.index(earlier) < rank for earlier in found)
        spelt = re.fullmatch(_NUMBER, number) and plural == (number != "1")
        if rank < 0 or not falling or not spelt:
            return {}
        found[unit] = number
    return found


@dataclass(frozen=True)
class FinancialYear:
    """When the organisation's financial year ends; it lasts twelve months.

    A year that was changed, and so was shorter or longer, is not known here.

    Args:
        end_month: 1 to 12.
        end_day: Day of that month, 1 to 31; 29 February is the last day of every February.

    Raises:
        Misspelt: There is no such day.
    """

    end_month: int
    end_day: int

    def __post_init__(self) -> None:
        try:
            date(_LEAP_YEAR, self.end_month, self.end_day)
        except ValueError:
            raise Misspelt(f"not a day of the year: `{self}`", _YEAR_HELP) from None

    @classmethod
    def parse(cls, text: str) -> FinancialYear:
        """Return the financial year that ends on the day written as month and day.

        Raises:
            Misspelt: The text is not two digits, a hyphen and two digits, or no such day.

        Examples:
            >>> FinancialYear.parse("12-31").end_of(date(2026, 3, 10))
            datetime.date(2026, 12, 31)
        """
        match = re.fullmatch(r"([0-9]{2})-([0-9]{2})", text)
        if match is None:
            raise Misspelt(f"not a day of the year: `{text}`", _YEAR_HELP)
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.end_month:02d}-{self.end_day:02d}"

    def end_in(self, year: int) -> date:
        """Return the last day of the financial year that ends in the calendar year."""
        month_days = monthrange(year, self.end_month)[1]
        return date(year, self.end_month, min(self.end_day, month_days))

    def end_of(self, day: date) -> date:
        """Return the last day of the financial year that contains the day; 9999-12-31 at most."""
        end = self.end_in(day.year)
        if day <= end:
            return end
        return self.end_in(day.year + 1) if day.year < MAXYEAR else date.max

    def last_end_until(self, day: date) -> date:
        """Return the latest last day of a year until the day; 0001-01-01 without one."""
        end = self.end_in(day.year)
        if end <= day:
            return end
        return self.end_in(day.year - 1) if day.year > MINYEAR else date.min


def last_day(
    clock: date,
    period: Period,
    *,
    counted_from: CountedFrom = "event",
    financial_year: FinancialYear | None = None,
) -> date:
    """Return the last day of a period; what was kept for it is due the day after.

    The day of the event is not counted. The period ends with the day in its last month that has
    the same date as the day it counts from; where the month has no such day, with its last day.
    Days are added after the months. Weekends and holidays count, and do not prolong it.

    Args:
        clock: Local date of the event that starts the period.
        period: How long.
        counted_from: Whether the event itself counts, or the end of a year that contains it.
        financial_year: The organisation's; needed unless `counted_from` is `event`.

    Returns:
        The last day, inclusive; 9999-12-31 where the calendar ends first.

    Raises:
        WrongUse: The financial year is missing; nothing was computed.

    Law:
        Reg. 1182/71 Art. 3(1)
        Reg. 1182/71 Art. 3(2)(c)
        Reg. 1182/71 Art. 3(3)

    Examples:
        >>> last_day(date(2026, 1, 31), Period(months=1))
        datetime.date(2026, 2, 28)
        >>> last_day(date(2026, 3, 10), Period(years=5), counted_from="financial_year_end",
        ...          financial_year=FinancialYear(12, 31))
        datetime.date(2031, 12, 31)
    """
    if counted_from == "event":
        return _add(clock, period)
    year = _needed(financial_year)
    end = year.end_of(clock)
    whole = counted_from == "calendar_year_of_financial_year_end"
    return _add(_last_of_calendar_year(end.year) if whole else end, period)


def cutoff(
    today: date,
    period: Period,
    *,
    counted_from: CountedFrom = "event",
    financial_year: FinancialYear | None = None,
) -> date:
    """Return the latest date whose period has passed today: that date and all before it are due.

    The exact inverse of `last_day`: for every date `d` after 0001-01-01, `d <= cutoff(today, ...)`
    if and only if `last_day(d, ...) < today`.

    Args:
        today: The local date of reckoning; a period whose last day is today has not passed.
        period: How long.
        counted_from: As for `last_day`.
        financial_year: As for `last_day`.

    Returns:
        The date, inclusive; 0001-01-01, on which nothing happened, where none is due.

    Raises:
        WrongUse: The financial year is missing; nothing was computed.

    Law:
        Reg. 1182/71 Art. 3(2)(c)

    Examples:
        >>> cutoff(date(2032, 1, 1), Period(years=5), counted_from="financial_year_end",
        ...        financial_year=FinancialYear(12, 31))
        datetime.date(2026, 12, 31)
    """
    counted = _cutoff(today, period)
    if counted_from == "event":
        return counted
    year = _needed(financial_year)
    if counted_from == "calendar_year_of_financial_year_end":
        # Of the calendar years that have passed, the last financial year to end in them.
        passed = counted == _last_of_calendar_year(counted.year)
        whole_year = counted.year if passed else counted.year - 1
        return year.end_in(whole_year) if whole_year >= MINYEAR else date.min
    return year.last_end_until(counted)


def _needed(financial_year: FinancialYear | None) -> FinancialYear:
    if financial_year is None:
        raise WrongUse(
            "a period counted from the end of the financial year needs the financial year",
            help="write the last day of the organisation's, for example `financial_year: 12-31`",
        )
    return financial_year


def _last_of_calendar_year(year: int) -> date:
    return FinancialYear(_MONTHS_A_YEAR, 31).end_in(year)


def _month_days(months: int) -> int:
    """Return the number of days of the month so many months after January of the year 0."""
    return monthrange(months // _MONTHS_A_YEAR, months % _MONTHS_A_YEAR + 1)[1]


def _date(months: int, day: int) -> date:
    return date(months // _MONTHS_A_YEAR, months % _MONTHS_A_YEAR + 1, day)


def _months(day: date) -> int:
    return day.year * _MONTHS_A_YEAR + day.month - 1


def _add(clock: date, period: Period) -> date:
    months = _months(clock) + period.months
    if months >= (MAXYEAR + 1) * _MONTHS_A_YEAR:
        return date.max
    return _add_days(_date(months, min(clock.day, _month_days(months))), period.days)


def _add_days(day: date, days: int) -> date:
    return date.max if days > (date.max - day).days else day + timedelta(days=days)


def _cutoff(today: date, period: Period) -> date:
    before = (today - date.min).days - 1 - period.days
    if before < 0:
        return date.min
    # The latest day on which the months alone may end.
    end = date.min + timedelta(days=before)
    months = _months(end) - period.months
    if months < MINYEAR * _MONTHS_A_YEAR:
        return date.min
    days = _month_days(months)
    # From a month's last day, every later day that its shorter month lacks ended there too.
    last_of_month = end.day == _month_days(_months(end))
    return _date(months, days if last_of_month else min(end.day, days))
