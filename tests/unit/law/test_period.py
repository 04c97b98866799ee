"""Periods by table, and `cutoff` held against `last_day` over many dates, rules and extremes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ombud.errors import WrongUse
from ombud.law import CountedFrom, FinancialYear, Misspelt, Period, cutoff, last_day

CALENDAR_YEAR = FinancialYear(12, 31)
FY_END: CountedFrom = "financial_year_end"
YEAR_OF_FY_END: CountedFrom = "calendar_year_of_financial_year_end"


@pytest.mark.parametrize(
    ("text", "months", "days", "words", "iso"),
    [
        ("3 years 6 months", 42, 0, "3 years 6 months", "P3Y6M"),
        ("1 year", 12, 0, "1 year", "P1Y"),
        ("14 months", 14, 0, "14 months", "P1Y2M"),
        ("30 days", 0, 30, "30 days", "P30D"),
        ("1 day", 0, 1, "1 day", "P1D"),
        ("2 weeks", 0, 14, "14 days", "P14D"),
        ("1 year 2 months 3 weeks 4 days", 14, 25, "14 months 25 days", "P1Y2M25D"),
        ("P3Y6M", 42, 0, "3 years 6 months", "P3Y6M"),
        ("P30D", 0, 30, "30 days", "P30D"),
        ("P2W", 0, 14, "14 days", "P14D"),
        ("0 days", 0, 0, "0 days", "P0D"),
        ("P0D", 0, 0, "0 days", "P0D"),
        ("200 years", 2400, 0, "200 years", "P200Y"),
    ],
)
def test_a_period_is_read_in_words_and_as_iso_and_written_back(
    text: str, months: int, days: int, words: str, iso: str
) -> None:
    found = Period.parse(text)

    assert (found.months, found.days, str(found), found.iso) == (months, days, words, iso)


@pytest.mark.parametrize(
    "text",
    [
        "five years",
        "1 yr",
        "1 years",
        "2 year",
        "3 years, 6 months",
        "3 years and 6 months",
        "6 months 3 years",
        "1 year 1 year",
        "05 years",
        "1.5 years",
        "-1 days",
        "1  year",
        " 1 year",
        "1 year ",
        "0 years",
        "3 years 0 days",
        "201 years",
        "200 years 1 day",
        "999999 days",
        "１ year",
        "year",
        "1",
        "",
        "P",
        "P1M2W3",
        "P1W2D",
        "P-1D",
        "P0Y",
        "P1Y0M",
        "PT72H",
        "p1y",
        "P201Y",
    ],
)
def test_what_is_not_clearly_a_period_is_refused(text: str) -> None:
    """A guess could erase too early; the writer is told what works instead."""
    with pytest.raises(Misspelt) as refused:
        Period.parse(text)

    assert refused.value.says == f"not a period: `{text}`"
    assert "`3 years 6 months`" in refused.value.help


def test_weeks_and_years_become_days_and_months() -> None:
    assert Period(years=3, months=6, weeks=2, days=1) == Period(months=42, days=15)


@pytest.mark.parametrize("lengths", [{}, {"days": -1}, {"years": 201}])
def test_code_cannot_make_an_impossible_period_either(lengths: dict[str, int]) -> None:
    with pytest.raises(Misspelt):
        Period(**lengths)


@pytest.mark.parametrize(
    ("clock", "period", "last"),
    [
        pytest.param("2026-01-31", "1 month", "2026-02-28", id="no-31-february"),
        pytest.param("2028-01-31", "1 month", "2028-02-29", id="leap-year"),
        pytest.param("2028-02-29", "1 year", "2029-02-28", id="from-a-leap-day"),
        pytest.param("2026-08-31", "1 month", "2026-09-30", id="30-days-hath-september"),
        pytest.param("2026-04-30", "1 month", "2026-05-30", id="same-date-not-last-of-month"),
        pytest.param("2026-12-31", "2 months", "2027-02-28", id="over-new-year"),
        pytest.param("2026-01-31", "1 month 1 day", "2026-03-01", id="months-before-days"),
        pytest.param("2026-03-01", "30 days", "2026-03-31", id="days"),
        pytest.param("2026-03-10", "0 days", "2026-03-10", id="none-at-all"),
        pytest.param("9999-06-01", "1 year", "9999-12-31", id="calendar-ends-first"),
        pytest.param("9999-06-01", "365 days", "9999-12-31", id="calendar-ends-first-days"),
    ],
)
def test_a_period_ends_with_the_day_of_the_same_date(clock: str, period: str, last: str) -> None:
    """Reg. 1182/71 Art. 3(2)(c)."""
    assert last_day(date.fromisoformat(clock), Period.parse(period)).isoformat() == last


@pytest.mark.parametrize(
    ("clock", "period", "counted_from", "year", "last"),
    [
        pytest.param("2026-03-10", "5 years", FY_END, "12-31", "2031-12-31", id="voucher-dk-no"),
        pytest.param(
            "2026-03-10", "3 years 6 months", FY_END, "12-31", "2030-06-30", id="order-no"
        ),
        pytest.param("2026-03-10", "7 years", YEAR_OF_FY_END, "12-31", "2033-12-31", id="se"),
        pytest.param("2026-03-10", "6 years", YEAR_OF_FY_END, "12-31", "2032-12-31", id="fi"),
        pytest.param("2026-03-10", "7 years", FY_END, "12-31", "2033-12-31", id="is"),
        pytest.param("2026-12-31", "5 years", FY_END, "12-31", "2031-12-31", id="last-day-of-year"),
        pytest.param(
            "2027-01-01", "5 years", FY_END, "12-31", "2032-12-31", id="first-day-of-year"
        ),
        pytest.param("2026-07-01", "5 years", FY_END, "06-30", "2032-06-30", id="year-to-june"),
        pytest.param("2026-07-01", "7 years", YEAR_OF_FY_END, "06-30", "2034-12-31", id="se-june"),
        pytest.param(
            "2026-06-30", "7 years", YEAR_OF_FY_END, "06-30", "2033-12-31", id="se-june-30"
        ),
        pytest.param("2027-01-05", "5 years", FY_END, "02-29", "2032-02-28", id="february"),
        pytest.param("2028-02-29", "4 years", FY_END, "02-29", "2032-02-29", id="leap-february"),
        pytest.param("9999-12-31", "5 years", FY_END, "06-30", "9999-12-31", id="end-of-calendar"),
    ],
)
def test_a_period_counts_from_the_end_of_the_year_that_contains_the_event(
    clock: str, period: str, counted_from: CountedFrom, year: str, last: str
) -> None:
    """Bookkeeping acts: an invoice of 10 March 2026; financial years that end in June."""
    found = last_day(
        date.fromisoformat(clock),
        Period.parse(period),
        counted_from=counted_from,
        financial_year=FinancialYear.parse(year),
    )

    assert found.isoformat() == last


def test_an_invoice_of_2026_is_due_on_new_years_day_2032_and_not_before() -> None:
    """DK bogføringsloven § 12(1), NO bokføringsloven § 13(2)."""
    invoice, five = date(2026, 3, 10), Period(years=5)
    year = CALENDAR_YEAR

    on_the_last_day = cutoff(date(2031, 12, 31), five, counted_from=FY_END, financial_year=year)
    the_day_after = cutoff(date(2032, 1, 1), five, counted_from=FY_END, financial_year=year)

    assert on_the_last_day < invoice <= the_day_after
    assert the_day_after == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("today", "period", "edge"),
    [
        pytest.param("2026-03-01", "1 month", "2026-01-31", id="days-that-february-lacks"),
        pytest.param("2026-02-28", "1 month", "2026-01-27", id="last-day-is-not-past"),
        pytest.param("2026-03-31", "1 month", "2026-02-28", id="after-30-march"),
        pytest.param("2026-05-01", "1 month", "2026-03-31", id="days-that-april-lacks"),
        pytest.param("2029-03-01", "1 year", "2028-02-29", id="leap-day"),
        pytest.param("2026-03-31", "30 days", "2026-02-28", id="days"),
        pytest.param("2026-03-10", "0 days", "2026-03-09", id="none-at-all"),
        pytest.param("0001-02-15", "1 month", "0001-01-14", id="first-month-there-is"),
    ],
)
def test_the_cutoff_is_the_latest_day_whose_period_has_passed(
    today: str, period: str, edge: str
) -> None:
    assert cutoff(date.fromisoformat(today), Period.parse(period)).isoformat() == edge


@pytest.mark.parametrize(
    ("today", "counted_from", "year", "edge"),
    [
        pytest.param("2034-01-01", YEAR_OF_FY_END, "12-31", "2026-12-31", id="se"),
        pytest.param("2033-12-31", YEAR_OF_FY_END, "12-31", "2025-12-31", id="se-last-day"),
        pytest.param("2034-01-01", YEAR_OF_FY_END, "06-30", "2026-06-30", id="se-june"),
        pytest.param("2033-12-31", YEAR_OF_FY_END, "06-30", "2025-06-30", id="se-june-last-day"),
        pytest.param("2033-07-01", FY_END, "06-30", "2026-06-30", id="is-june"),
        pytest.param("2033-06-30", FY_END, "06-30", "2025-06-30", id="is-june-last-day"),
        pytest.param("2035-02-28", FY_END, "02-29", "2027-02-28", id="february"),
        pytest.param("2035-03-01", FY_END, "02-29", "2028-02-29", id="leap-february"),
    ],
)
def test_from_the_end_of_a_year_the_cutoff_is_the_last_day_of_a_financial_year(
    today: str, counted_from: CountedFrom, year: str, edge: str
) -> None:
    """Seven years, as in SE bokföringslagen 7:2 and IS lög 145/1994 Art. 20."""
    found = cutoff(
        date.fromisoformat(today),
        Period(years=7),
        counted_from=counted_from,
        financial_year=FinancialYear.parse(year),
    )

    assert found.isoformat() == edge


@pytest.mark.parametrize("months", [0, 1, 6, 11, 12, 42, 60])
@pytest.mark.parametrize("days", [0, 1, 30])
def test_on_every_day_of_four_years_the_cutoff_is_exact(months: int, days: int) -> None:
    """The edges of all months, leap year and all: no random day hits them all."""
    period = Period(months=months, days=days)
    todays = [date(2026, 1, 1) + timedelta(days=n) for n in range(366 + 3 * 365)]
    edges = {today: cutoff(today, period) for today in todays}

    assert all(last_day(edge, period) < today for today, edge in edges.items())
    next_day = timedelta(days=1)
    assert all(last_day(edge + next_day, period) >= today for today, edge in edges.items())


@pytest.mark.parametrize("function", [last_day, cutoff])
def test_a_financial_year_is_asked_for_where_it_counts(
    function: Callable[..., date],
) -> None:
    with pytest.raises(WrongUse, match="needs the financial year"):
        function(date(2026, 3, 10), Period(years=5), counted_from=FY_END)


@pytest.mark.parametrize(
    ("year", "day", "end"),
    [
        ("12-31", "2026-01-01", "2026-12-31"),
        ("12-31", "2026-12-31", "2026-12-31"),
        ("06-30", "2026-06-30", "2026-06-30"),
        ("06-30", "2026-07-01", "2027-06-30"),
        ("02-29", "2027-02-28", "2027-02-28"),
        ("02-29", "2027-03-01", "2028-02-29"),
        ("02-29", "2028-02-29", "2028-02-29"),
        ("02-28", "2028-02-29", "2029-02-28"),
        ("04-30", "2026-05-01", "2027-04-30"),
    ],
)
def test_a_day_lies_in_the_financial_year_that_ends_on_or_after_it(
    year: str, day: str, end: str
) -> None:
    assert FinancialYear.parse(year).end_of(date.fromisoformat(day)).isoformat() == end
    assert str(FinancialYear.parse(year)) == year


@pytest.mark.parametrize("text", ["02-30", "13-01", "00-10", "04-31", "6-30", "31 December", ""])
def test_a_day_that_no_year_has_is_no_end_of_a_year(text: str) -> None:
    with pytest.raises(Misspelt) as refused:
        FinancialYear.parse(text)

    assert refused.value.says == f"not a day of the year: `{text}`"


periods = st.builds(Period, months=st.integers(0, 240), days=st.integers(0, 400))
round_periods = st.builds(
    Period,
    years=st.sampled_from([0, 1, 3, 5, 7, 10]),
    months=st.sampled_from([0, 1, 6, 11]),
    days=st.sampled_from([0, 1, 30]),
)
lifetimes = st.dates(date(1950, 1, 1), date(2080, 12, 31))
extremes = st.one_of(
    st.dates(date.min, date(60, 1, 1)), st.dates(date(9940, 1, 1), date.max), st.dates()
)
years = st.one_of(
    st.sampled_from([CALENDAR_YEAR, FinancialYear(6, 30), FinancialYear(2, 29)]),
    st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda d: FinancialYear(d.month, d.day)),
)
counts = st.sampled_from([FY_END, YEAR_OF_FY_END])


@given(periods)
def test_words_and_iso_are_read_back_as_the_same_period(period: Period) -> None:
    assert Period.parse(str(period)) == period
    assert Period.parse(period.iso) == period


@given(st.one_of(lifetimes, extremes), st.one_of(lifetimes, extremes), periods)
def test_cutoff_is_the_exact_inverse_of_last_day(today: date, day: date, period: Period) -> None:
    assume(day > date.min)

    assert (day <= cutoff(today, period)) == (last_day(day, period) < today)


@given(st.one_of(lifetimes, extremes), st.one_of(periods, round_periods), st.integers(-1, 1))
def test_cutoff_is_exact_at_its_own_edge(today: date, period: Period, beside: int) -> None:
    """A random day is rarely near the edge; these are the days on both sides of it."""
    edge = cutoff(today, period)
    assume(date.min < edge and timedelta(0) <= edge - date.min + timedelta(beside))
    day = edge + timedelta(days=beside)
    assume(day > date.min)

    assert (day <= edge) == (last_day(day, period) < today)


@given(st.one_of(lifetimes, extremes), lifetimes, round_periods, counts, years)
def test_cutoff_is_the_exact_inverse_from_the_end_of_a_year_too(
    today: date, day: date, period: Period, counted_from: CountedFrom, year: FinancialYear
) -> None:
    edge = cutoff(today, period, counted_from=counted_from, financial_year=year)
    last = last_day(day, period, counted_from=counted_from, financial_year=year)

    assert (day <= edge) == (last < today)


@given(
    st.one_of(lifetimes, extremes),
    st.one_of(periods, round_periods),
    counts,
    years,
    st.integers(-1, 1),
)
def test_cutoff_from_the_end_of_a_year_is_exact_at_its_own_edge(
    today: date, period: Period, counted_from: CountedFrom, year: FinancialYear, beside: int
) -> None:
    edge = cutoff(today, period, counted_from=counted_from, financial_year=year)
    assume(date.min + timedelta(days=1) < edge)
    day = edge + timedelta(days=beside)
    last = last_day(day, period, counted_from=counted_from, financial_year=year)

    assert (day <= edge) == (last < today)


@given(lifetimes, lifetimes, periods)
def test_a_later_event_never_ends_earlier(one: date, other: date, period: Period) -> None:
    first, second = sorted((one, other))

    assert last_day(first, period) <= last_day(second, period)


@pytest.mark.parametrize("today", [date.min, date.min + timedelta(days=1), date(5, 1, 1)])
def test_before_anything_can_be_due_the_cutoff_is_the_first_day_there_is(today: date) -> None:
    five = Period(years=5)

    assert cutoff(today, five) == date.min
    for counted_from in (FY_END, YEAR_OF_FY_END):
        found = cutoff(today, five, counted_from=counted_from, financial_year=CALENDAR_YEAR)
        assert found == date.min
