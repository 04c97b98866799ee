"""Clocks as databases keep them: dates, local and UTC times, instants, seconds and text.

Method: `membership` ends one year after its clock, so on 15 June 2024 what struck on 14 June 2023
or before is over, and 15 June 2023 is the last day that is kept. Rows lie a second to each side of
midnight in Copenhagen, and each is due or not; `why` has to give the same day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from contract.club import Club, Maker, dialect_of, noon
from ombud.systems.connector import ClockDoubts

ONE = """
members:
  serves: {{membership: {{clocks: {{left: {clock}}}}}}}
  subjects: {{person: {{email: email}}}}
  columns: {{name: name, email: email}}
  not_personal: [id, gone]
"""


def club_of(
    make: Maker,
    url: str,
    type_: str,
    values: Sequence[str],
    clock: str = "gone",
    head: str = "",
    today: date = date(2024, 6, 15),
    tables: str = "",
) -> Club:
    """Make a club with a row for each value of the clock, all of them about one person each."""
    rows = ", ".join(f"({i}, 'x', '{i}@holme.example', {v})" for i, v in enumerate(values, 1))
    return make(
        url,
        tables or ONE.format(clock=clock),
        f"CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(9), email VARCHAR(40),"
        f" gone {type_});\nINSERT INTO members VALUES {rows}",
        head=head,
        today=today,
    )


def erased(club: Club) -> list[int]:
    """Return which rows go, counted, done and read back."""
    due = [k[0] for k in club.keys().get("members erase", [])]
    expected = {"members erase": len(due)} if due else {}
    assert club.due() == expected
    before = club.ids("members")
    assert club.apply() == expected
    assert set(club.ids("members")) == set(before) - set(due)
    return sorted(due)


def until(club: Club, row: int) -> date | None:
    """Return the last day that `why` gives."""
    return club.why("members", id=str(row)).fields["name"].until


# ------------------------------------------------------------------ dates and local times

LOCAL = ["'2023-06-14 23:59:59'", "'2023-06-15 00:00:00'", "'2023-06-15 23:59:59'",
         "'2023-06-14 00:00:00'", "NULL"]  # fmt: skip


def test_a_date_is_kept_through_its_last_day(make: Maker, url: str) -> None:
    club = club_of(make, url, "DATE", ["'2023-06-14'", "'2023-06-15'", "'2023-06-16'", "NULL"])
    assert [until(club, i) for i in (1, 2, 3, 4)] == [
        None, date(2024, 6, 15), date(2024, 6, 16), None,
    ]  # fmt: skip
    assert erased(club) == [1]


def test_a_local_time_counts_by_its_day(make: Maker, url: str) -> None:
    club = club_of(make, url, "<local>", LOCAL)
    assert [until(club, i) for i in (2, 3)] == [date(2024, 6, 15)] * 2
    assert erased(club) == [1, 4]


@pytest.mark.parametrize("kind", ["postgres", "mariadb"], indirect=True)
def test_a_fraction_of_a_second_is_of_its_day(make: Maker, url: str) -> None:
    type_ = "DATETIME(6)" if dialect_of(url) == "mariadb" else "TIMESTAMP"
    values = ["'2023-06-14 23:59:59.999999'", "'2023-06-15 00:00:00.000001'"]
    assert erased(club_of(make, url, type_, values)) == [1]


def test_a_system_in_another_zone(make: Maker, url: str) -> None:
    """Helsinki is an hour ahead: its midnight is 23:00 in Copenhagen, still the day before."""
    values = ["'2023-06-15 00:59:59'", "'2023-06-15 01:00:00'", "'2023-06-15 00:00:00'"]
    club = club_of(make, url, "<local>", values, head="zone: Europe/Helsinki\n")
    assert until(club, 2) == date(2024, 6, 15)
    assert erased(club) == [1, 3]


def test_a_system_behind_the_organisation(make: Maker, url: str) -> None:
    """New York is six hours behind: its 18:00 is midnight in Copenhagen."""
    values = ["'2023-06-14 17:59:59'", "'2023-06-14 18:00:00'", "'2023-06-14'"]
    if dialect_of(url) != "sqlite":
        values[2] = "'2023-06-14 00:00:00'"
    club = club_of(make, url, "<local>", values, head="zone: America/New_York\n")
    assert until(club, 2) == date(2024, 6, 15)
    assert erased(club) == [1, 3]


# ------------------------------------------------------------------ UTC and instants

UTC_TIMES = ["'2023-06-14 21:59:59'", "'2023-06-14 22:00:00'", "'2023-06-15 21:59:59'", "NULL"]
"""In June Copenhagen is two hours ahead."""


def test_a_time_in_utc_counts_by_the_local_day(make: Maker, url: str) -> None:
    club = club_of(make, url, "<local>", UTC_TIMES, clock="{column: gone, reads_as: utc}")
    assert [until(club, i) for i in (2, 3)] == [date(2024, 6, 15)] * 2
    assert erased(club) == [1]


@pytest.mark.parametrize("kind", ["postgres", "postgres15", "mariadb"], indirect=True)
def test_an_instant_counts_by_the_local_day(make: Maker, url: str) -> None:
    club = club_of(make, url, "<instant>", UTC_TIMES)
    assert [until(club, i) for i in (2, 3)] == [date(2024, 6, 15)] * 2
    assert erased(club) == [1]


@pytest.mark.parametrize(
    ("today", "values", "gone"),
    [
        pytest.param(  # Copenhagen's clocks go forward on 26 March 2023 at 01:00 UTC
            date(2024, 3, 26), ["'2023-03-25 22:59:59'", "'2023-03-25 23:00:00'"], [1],
            id="the-day-clocks-go-forward",
        ),
        pytest.param(
            date(2024, 3, 27), ["'2023-03-26 21:59:59'", "'2023-03-26 22:00:00'"], [1],
            id="the-day-after",
        ),
        pytest.param(  # and back on 29 October 2023 at 01:00 UTC
            date(2024, 10, 29), ["'2023-10-28 21:59:59'", "'2023-10-28 22:00:00'"], [1],
            id="the-day-clocks-go-back",
        ),
        pytest.param(
            date(2024, 10, 30), ["'2023-10-29 22:59:59'", "'2023-10-29 23:00:00'"], [1],
            id="the-day-after-that",
        ),
    ],
)  # fmt: skip
def test_days_of_23_and_25_hours(
    make: Maker, url: str, today: date, values: list[str], gone: list[int]
) -> None:
    clock = "{column: gone, reads_as: utc}"
    assert erased(club_of(make, url, "<local>", values, clock, today=today)) == gone


def test_seconds_since_1970(make: Maker, url: str) -> None:
    values = ["1686779999", "1686780000", "1686866399", "NULL", "1"]
    club = club_of(make, url, "BIGINT", values, "{column: gone, reads_as: unix_seconds}")
    assert until(club, 2) == date(2024, 6, 15)
    assert erased(club) == [1, 5]


def test_seconds_that_are_no_date_of_the_calendar(make: Maker, url: str) -> None:
    """Milliseconds by mistake lie in the year 55,000: not over, and no reason to fail."""
    values = ["1686779999000", "99999999999999", "-62135596801"]
    club = club_of(make, url, "BIGINT", values, "{column: gone, reads_as: unix_seconds}")
    club.census()
    assert [until(club, i) for i in (1, 2)] == [None, None]
    assert 1 not in erased(club)


def test_seconds_with_a_fraction(make: Maker, url: str) -> None:
    values = ["1686779999.9", "1686780000.5"]
    club = club_of(make, url, "NUMERIC(12, 1)", values, "{column: gone, reads_as: unix_seconds}")
    assert until(club, 2) == date(2024, 6, 15)
    club.census()
    assert erased(club) == [1]


# ------------------------------------------------------------------ text

GARBAGE = ["''", "' '", "'-'", "'12/05/2019'", "'05-12-2019'", "'2. maj 2019'", "'1 maj'",
           "'n/a'", "'0000-00-00'", "'20190101'", "'2019'", "'2019-1-1'", "'0'", "'1686779999'",
           "'19-01-01'", "'2019-13-45'", "'2019-00-00'", "'2019_01_01'",
           "'2019-02-30'"]  # fmt: skip


def test_a_text_of_a_date(make: Maker, url: str) -> None:
    values = ["'2023-06-14'", "'2023-06-15'", "'2023-06-14T23:59'", "'2023-06-15 00:00'",
              "'2023-06-14 23:59:59.9'", "NULL"]  # fmt: skip
    club = club_of(make, url, "VARCHAR(40)", values, "{column: gone, reads_as: iso_text}")
    assert [until(club, i) for i in (2, 4)] == [date(2024, 6, 15)] * 2
    assert erased(club) == [1, 3, 5]


def test_a_text_that_is_no_date_ends_nothing(make: Maker, url: str) -> None:
    club = club_of(make, url, "VARCHAR(40)", GARBAGE, "{column: gone, reads_as: iso_text}")
    assert [until(club, i + 1) for i in range(len(GARBAGE))] == [None] * len(GARBAGE)
    club.census()
    assert erased(club) == []


@pytest.mark.parametrize("null", ["not_yet", "finding"])
def test_a_text_that_is_no_date_is_reported(make: Maker, url: str, null: str) -> None:
    clock = f"{{column: gone, reads_as: iso_text, null: {null}}}"
    club = club_of(make, url, "VARCHAR(40)", ["''", "'12/05/2019'", "NULL", "'2023-01-01'"], clock)
    census = club.census()["members"]
    doubts = census.clocks["membership"]
    assert (doubts.missing, doubts.unreadable) == (3 if null == "finding" else 2, 2)
    assert club.clocks()["members"]["membership"] == doubts
    assert erased(club) == [4]


def test_a_day_in_a_hundred_years_is_remarked_and_kept(make: Maker, url: str) -> None:
    values = ["'2999-01-01'", "'2124-06-15'", "'2023-01-01'", "NULL"]
    club = club_of(make, url, "DATE", values, "{column: gone}")
    assert club.clocks()["members"]["membership"] == ClockDoubts(far=1)
    assert club.census()["members"].clocks["membership"] == ClockDoubts(far=1)
    assert erased(club) == [3]


def test_a_text_that_is_no_date_has_not_ended_what_null_ends(make: Maker, url: str) -> None:
    """`null: ended` is about NULL; what nobody can read is not guessed."""
    clock = "{column: gone, reads_as: iso_text, null: ended}"
    club = club_of(make, url, "VARCHAR(40)", ["NULL", "'12/05/2019'", "'x'", "'2024-01-01'"], clock)
    assert erased(club) == [1]


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("type_", ["DATE", "DATETIME", "TIMESTAMP"])
def test_what_is_no_date_ends_nothing_in_columns_that_hold_anything(
    make: Maker, url: str, type_: str
) -> None:
    """SQLite takes any text and any number into a date column."""
    values = [*GARBAGE, "5", "1686779999", "2459000.5", "x'32303139'"]
    club = club_of(make, url, type_, values)
    club.census()
    assert erased(club) == []


SPELLINGS = ["'2023-06-14 23:59:59'", "'2023-06-14T23:59:59'", "'2023-06-14 23:59:59.999999'",
             "'2023-06-14T23:59:59.9'", "'2023-06-14'", "'2023-06-14 23:59'"]  # fmt: skip
KEPT_SPELLINGS = [s.replace("06-14", "06-15").replace("23:59:59", "00:00:00") for s in SPELLINGS]


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("type_", ["DATE", "DATETIME"])
def test_every_spelling_of_a_time_in_sqlite(make: Maker, url: str, type_: str) -> None:
    club = club_of(make, url, type_, SPELLINGS + KEPT_SPELLINGS)
    assert [until(club, i) for i in range(7, 13)] == [date(2024, 6, 15)] * 6
    assert erased(club) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("reads_as", ["utc", "auto"])
def test_a_spelling_with_an_offset_is_the_instant_it_says(
    make: Maker, url: str, reads_as: str
) -> None:
    over = ["'2023-06-14T21:59:59Z'", "'2023-06-14 21:59:59+00:00'", "'2023-06-14T23:59:59+02:00'",
            "'2023-06-14T16:59:59.5-05:00'"]  # fmt: skip
    kept = ["'2023-06-14T22:00:00Z'", "'2023-06-14 22:00:00+00:00'", "'2023-06-15T00:00:00+02:00'",
            "'2023-06-14T17:00:00.5-05:00'"]  # fmt: skip
    club = club_of(make, url, "DATETIME", over + kept, f"{{column: gone, reads_as: {reads_as}}}")
    assert [until(club, i) for i in range(5, 9)] == [date(2024, 6, 15)] * 4
    assert erased(club) == [1, 2, 3, 4]


# ------------------------------------------------------------------ days that are none


@pytest.mark.parametrize("kind", ["mariadb"], indirect=True)
@pytest.mark.parametrize("type_", ["DATE", "DATETIME", "TIMESTAMP NULL DEFAULT NULL"])
@pytest.mark.parametrize("null", ["not_yet", "finding", "ended"])
def test_a_zero_date_is_missing(make: Maker, url: str, type_: str, null: str) -> None:
    club = club_of(
        make, url, type_, ["NULL", "'2023-06-14'", "'2023-06-15'"],
        f"{{column: gone, null: {null}}}",
    )  # fmt: skip
    club.run(
        "SET sql_mode = ''",
        "INSERT INTO members VALUES (4, 'x', '4', '0000-00-00')",
    )
    census = club.census()["members"]
    assert census.clocks["membership"].missing == (2 if null == "finding" else 0)
    assert until(club, 4) is None
    assert erased(club) == ([1, 2, 4] if null == "ended" else [2])


@pytest.mark.parametrize("kind", ["mariadb"], indirect=True)
def test_a_date_without_month_or_day_ends_nothing(make: Maker, url: str) -> None:
    club = club_of(make, url, "DATE", ["'2023-06-14'"], "{column: gone, null: finding}")
    club.run(
        "SET sql_mode = 'ALLOW_INVALID_DATES'",
        "INSERT INTO members VALUES (2, 'x', '2', '2023-00-00'), (3, 'x', '3', '2023-01-00')",
    )
    assert club.census()["members"].clocks == {"membership": ClockDoubts(2, 2)}
    assert erased(club) == [1]


@pytest.mark.parametrize("kind", ["postgres", "postgres15"], indirect=True)
@pytest.mark.parametrize("type_", ["DATE", "TIMESTAMP", "TIMESTAMPTZ"])
def test_a_date_at_no_time_ends_nothing(make: Maker, url: str, type_: str) -> None:
    values = ["'infinity'", "'-infinity'", "'0044-03-15 BC'", "'10000-01-01'", "'2023-06-14'"]
    club = club_of(make, url, type_, values)
    club.census()
    gone = erased(club)
    assert set(gone) <= {3, 5}, "a date that is at no time was read as one long ago"
    assert 5 in gone


def test_the_first_and_the_last_days_of_the_calendar(make: Maker, url: str) -> None:
    club = club_of(make, url, "DATE", ["'0001-01-01'", "'0001-01-02'", "'9999-12-31'"])
    club.census()
    assert erased(club) == [1, 2]


# ------------------------------------------------------------------ clocks of linked rows, else

LATEST = """
members:
  serves: {{membership: {{clocks: {{left: {{latest: visits.at, else: made, reads_as: {reads}}}}}}}}}
  columns: {{name: name}}
  not_personal: [id, made]
visits:
  name: Besøg
  refers_to: {{members: {{columns: {{member: id}}, keeps_parent: false}}}}
  not_personal: [id, member, at]
"""


@pytest.mark.parametrize(
    ("reads", "type_", "old", "new"),
    [
        ("auto", "DATE", "'2020-01-01'", "'2024-01-01'"),
        ("local", "<local>", "'2020-01-01 10:00:00'", "'2024-01-01 10:00:00'"),
        ("utc", "<local>", "'2020-01-01 10:00:00'", "'2024-01-01 10:00:00'"),
        ("unix_seconds", "BIGINT", "1577872800", "1704099600"),
        ("iso_text", "VARCHAR(20)", "'2020-01-01'", "'2024-01-01'"),
    ],
)
def test_the_latest_of_linked_rows(
    make: Maker, url: str, reads: str, type_: str, old: str, new: str
) -> None:
    club = make(
        url,
        LATEST.format(reads=reads),
        f"""
        CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(9), made {type_});
        CREATE TABLE "Besøg" (id INTEGER PRIMARY KEY, member INTEGER, at {type_});
        CREATE INDEX of_member ON "Besøg" (member);
        INSERT INTO members VALUES (1, 'x', {old}), (2, 'x', {old}), (3, 'x', {new}),
            (4, 'x', {old}), (5, 'x', NULL), (6, 'x', {old});
        INSERT INTO "Besøg" VALUES (1, 1, {old}), (2, 1, {old}), (3, 2, {old}), (4, 2, {new}),
            (5, 3, {old}), (6, 6, NULL)
        """,
    )
    census = club.census()["members"]
    assert census.clocks["membership"].missing == 1
    days = [until(club, i) for i in (2, 3, 5)]
    assert days[:2] == [date(2025, 1, 1)] * 2
    # a visit whose time is NULL has not happened yet
    assert erased(club) == [1, 4]


# ------------------------------------------------------------------ decisions and when rows began

BEGINS = """
members:
  serves: {{rejoining: {{clocks: {{left: gone, joined: {{column: began, reads_as: {reads}}}}}}}}}
  subjects: {{person: {{email: email}}}}
  columns: {{name: name, email: email}}
  not_personal: [id, gone, began]
"""


@pytest.mark.parametrize(
    ("reads", "type_", "values"),
    [
        pytest.param("auto", "DATE", ("'2024-05-01'", "'2024-05-02'", "'2024-05-03'"), id="date"),
        pytest.param("auto", "<local>", ("'2024-05-02 01:29:59'", "'2024-05-02 01:30:00'",
                                         "'2024-05-02 01:30:01'"), id="local"),
        pytest.param("utc", "<local>", ("'2024-05-01 23:29:59'", "'2024-05-01 23:30:00'",
                                        "'2024-05-01 23:30:01'"), id="utc"),
        pytest.param("unix_seconds", "BIGINT", ("1714606199", "1714606200", "1714606201"),
                     id="unix"),
        pytest.param("iso_text", "VARCHAR(30)", ("'2024-05-01'", "'2024-05-02T01:00'",
                                                 "'2024-05-03'"), id="text"),
    ],
)  # fmt: skip
def test_a_decision_ends_what_began_before_it(
    make: Maker, url: str, reads: str, type_: str, values: tuple[str, str, str]
) -> None:
    """Decided on 1 May 2024 at 23:30 UTC, which is half past one on 2 May in Copenhagen."""
    rows = ", ".join(
        f"({i}, 'x', 'Kari@holme.example', NULL, {v})" for i, v in enumerate((*values, "NULL"), 1)
    )
    club = make(
        url,
        BEGINS.format(reads=reads),
        "CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(9), email VARCHAR(40),"
        f" gone DATE, began {type_});\nINSERT INTO members VALUES {rows}",
    )
    club.decide(
        ("email", "kari@HOLME.example"), ends=["rejoining"],
        at=noon(date(2024, 5, 2)).replace(hour=1, minute=30),
    )  # fmt: skip
    assert erased(club) == [1, 2, 4]


@pytest.mark.parametrize("kind", ["postgres", "postgres15", "mariadb"], indirect=True)
def test_a_decision_and_an_instant(make: Maker, url: str) -> None:
    club = make(
        url,
        BEGINS.format(reads="auto"),
        "CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(9), email VARCHAR(40),"
        " gone DATE, began <instant>);\n"
        "INSERT INTO members VALUES (1, 'x', 'kari@holme.example', NULL, '2024-05-01 23:30:00'),"
        " (2, 'x', 'kari@holme.example', NULL, '2024-05-01 23:30:01')",
    )
    club.decide(
        ("email", "kari@holme.example"), ends=["rejoining"],
        at=noon(date(2024, 5, 2)).replace(hour=1, minute=30),
    )  # fmt: skip
    assert erased(club) == [1]


@pytest.mark.parametrize("type_", ["VARCHAR(30)", "<local>"])
def test_what_began_nobody_knows_when_began_before_a_decision(
    make: Maker, url: str, type_: str
) -> None:
    """A begin that cannot be read is treated as one that is not there."""
    if type_ == "<local>" and dialect_of(url) != "sqlite":
        return
    reads = "iso_text" if type_ != "<local>" else "auto"
    club = make(
        url,
        BEGINS.format(reads=reads),
        "CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(9), email VARCHAR(40),"
        f" gone DATE, began {type_});\n"
        "INSERT INTO members VALUES (1, 'x', 'kari@holme.example', NULL, 'some time'),"
        " (2, 'x', 'kari@holme.example', NULL, '31/12/2025'),"
        " (3, 'x', 'kari@holme.example', NULL, '2025-12-31')",
    )
    club.decide(("email", "kari@holme.example"), ends=["rejoining"])
    assert erased(club) == [1, 2]


# ------------------------------------------------------------------ consents in columns

CONSENT = """
readers:
  serves: {letter: {consents: {letter: {given: given, withdrawn: withdrawn}}}}
  subjects: {person: {email: email}}
  columns: {name: name, email: email}
  not_personal: [id, given, withdrawn]
"""
GIVEN = [
    ("NULL", "NULL", False),
    ("'2024-01-01 10:00:00'", "NULL", True),
    ("'2024-01-01 10:00:00'", "'2024-01-01 10:00:01'", False),
    ("'2024-01-01 10:00:00'", "'2024-01-01 10:00:00'", False),
    ("'2024-01-01 10:00:00'", "'2024-01-01 09:59:59'", True),
    ("NULL", "'2024-01-01 10:00:00'", False),
]
SPELT = [
    ("'2024-01-01 10:00:00'", "'2024-01-01'", False),  # some time that day
    ("'2024-01-01'", "'2024-01-01'", False),
    ("'2024-01-01T10:00:00'", "'2024-01-01 11:00:00'", False),
    ("'2024-01-01 10:00:00'", "'2024-01-01T11:00:00'", False),
    ("'2024-01-01 12:00:00'", "'2024-01-01T11:00:00'", True),
    ("'2024-01-01T12:00:00'", "'2024-01-01 11:00:00'", True),
    ("'2024-01-01 10:00:00.5'", "'2024-01-01 10:00:00'", True),
    ("''", "NULL", False),
    ("'2024-01-01'", "''", True),
    ("'yes'", "NULL", False),
    ("'2024-01-01'", "'yes'", False),
]


@pytest.mark.parametrize("type_", ["<local>", "DATE"])
def test_a_consent_lives_until_it_is_withdrawn(make: Maker, url: str, type_: str) -> None:
    cases = GIVEN if type_ == "<local>" else [
        (g.replace(" 10:00:00", ""), w.replace(" 10:00:01", "").replace(" 10:00:00", "")
         .replace("01-01 09:59:59", "01-01"), lives and w == "NULL")
        for g, w, lives in GIVEN
    ]  # fmt: skip
    assert _withdrawn(make, url, type_, cases) == [c[2] for c in cases]


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_consent_in_any_spelling_of_sqlite(make: Maker, url: str) -> None:
    cases = GIVEN + SPELT
    assert _withdrawn(make, url, "DATETIME", cases) == [c[2] for c in cases]


WINTER, SUMMER = "2024-01-09", "2024-07-09"
MIXED: dict[tuple[str, str], list[tuple[str, str, bool]]] = {
    ("<instant>", "<local>"): [
        (f"'{WINTER} 10:00:00<utc>'", f"'{WINTER} 10:59:59'", True),
        (f"'{WINTER} 10:00:00<utc>'", f"'{WINTER} 11:00:00'", False),
        (f"'{SUMMER} 10:00:00<utc>'", f"'{SUMMER} 11:59:59'", True),
        (f"'{SUMMER} 10:00:00<utc>'", f"'{SUMMER} 12:00:00'", False),
        ("'2024-03-31 01:00:00<utc>'", "'2024-03-31 03:00:00'", False),  # clocks have just changed
        ("'2024-03-31 01:00:00<utc>'", "'2024-03-31 01:59:59'", True),
        ("'2024-10-27 00:30:00<utc>'", "'2024-10-27 02:30:00'", False),  # an hour that comes twice
        ("'2024-10-27 01:30:00<utc>'", "'2024-10-27 02:30:00'", True),
    ],
    ("<local>", "<instant>"): [
        (f"'{WINTER} 11:00:00'", f"'{WINTER} 09:59:59<utc>'", True),
        (f"'{WINTER} 11:00:00'", f"'{WINTER} 10:00:00<utc>'", False),
        (f"'{SUMMER} 12:00:00'", f"'{SUMMER} 09:59:59<utc>'", True),
        (f"'{SUMMER} 12:00:00'", f"'{SUMMER} 10:00:00<utc>'", False),
    ],
    ("DATE", "<instant>"): [
        (f"'{WINTER}'", "'2024-01-08 22:59:59<utc>'", True),
        (f"'{WINTER}'", "'2024-01-08 23:00:00<utc>'", False),  # the same day here
        (f"'{SUMMER}'", "'2024-07-08 21:59:59<utc>'", True),
        (f"'{SUMMER}'", "'2024-07-08 22:00:00<utc>'", False),
    ],
    ("<instant>", "DATE"): [
        ("'2024-07-08 22:00:00<utc>'", "'2024-07-08'", True),
        ("'2024-07-08 21:59:59<utc>'", "'2024-07-08'", False),
    ],
}


@pytest.mark.parametrize("types", MIXED, ids=" ".join)
def test_a_consent_in_columns_of_two_kinds(make: Maker, url: str, types: tuple[str, str]) -> None:
    """One says how far from UTC it is, the other is local or a day: an hour is a lot between them.

    Law: GDPR Art. 7(3): what was given after it was withdrawn is given.
    """
    utc = "" if dialect_of(url) == "mariadb" else "+00:00"
    cases = [
        (g.replace("<utc>", utc), w.replace("<utc>", utc), kept) for g, w, kept in MIXED[types]
    ]
    assert _withdrawn(make, url, types[0], cases, types[1]) == [c[2] for c in cases]


def _withdrawn(
    make: Maker, url: str, type_: str, cases: Sequence[tuple[str, str, bool]], other: str = ""
) -> list[bool]:
    rows = ", ".join(f"({i}, 'x', 'k', {g}, {w})" for i, (g, w, _) in enumerate(cases, 1))
    club = make(
        url,
        CONSENT,
        "CREATE TABLE readers (id INTEGER PRIMARY KEY, name VARCHAR(9), email VARCHAR(40),"
        f" given {type_} NULL, withdrawn {other or type_} NULL);\n"
        f"INSERT INTO readers VALUES {rows}",
    )
    before = club.ids("readers")
    club.apply()
    left = set(club.ids("readers"))
    return [i in left for i in before]


def test_a_consent_that_ombud_was_told_is_withdrawn(make_club: Callable[..., Club]) -> None:
    """The latest provable event decides: given again afterwards, it lives."""
    club = make_club(
        CONSENT,
        "CREATE TABLE readers (id INTEGER PRIMARY KEY, name VARCHAR(9), email VARCHAR(40),"
        " given <local>, withdrawn <local>);\n"
        "INSERT INTO readers VALUES (1, 'x', 'kari@holme.example', '2024-05-01 10:00:00', NULL),"
        " (2, 'x', 'kari@holme.example', '2024-05-03 10:00:00', NULL),"
        " (3, 'x', 'ola@holme.example', '2024-05-01 10:00:00', NULL)",
    )
    club.decide(
        ("email", "kari@holme.example"), kind="withdrawal", consents=["letter"],
        at=noon(date(2024, 5, 2)),
    )  # fmt: skip
    assert club.apply() == {"readers erase": 1}
    assert club.ids("readers") == [2, 3]
