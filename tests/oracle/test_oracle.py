"""The model itself against hand-computed cases, so that it cannot share the engine's errors.

Each test writes a small policy, map and rows in the formats' own words, and states what a person
finds with a calendar. The as-of date is 2024-06-15 unless said.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import yaml

from oracle.maps import read_map
from oracle.model import Judge, judge
from oracle.values import Decision, Hold, Span, Verdict

AS_OF = date(2024, 6, 15)

BASE = """
organisation: {name: Klub, number: "00000000", country: DK, financial_year_end: "12-31"}
consents:
  news: {purpose: news, text: yes please}
  checks: {purpose: checks, text: yes please, expires: 1 year}
activities:
"""

EVENTS = """
  events:
    data: [name, email]
    basis: {public_task: "DK erhvervsfremmeloven § 14"}
    begins: signed_up
    keep: {for: 3 years, after: held}
"""


def rule(keep: str, *, data: str = "[name]", more: str = "", basis: str = "{contract: c}") -> str:
    """Return one activity `work` with a retention rule."""
    return f"\n  work: {{data: {data}, basis: {basis}, keep: {keep}, {more}}}\n"


def world(
    activities: str, tables: str, rows: str, caps: str = "", *, zone: str = "Europe/Copenhagen"
) -> tuple[dict[str, Any], dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """Return policy, map and rows from their words."""
    policy = yaml.safe_load(BASE + activities + (f"\ncaps:\n{caps}" if caps else ""))
    tables = yaml.safe_load(tables)
    return policy, {"systems": {"crm": {"zone": zone, "tables": tables}}}, yaml.safe_load(rows)


def verdict(*parts: str, as_of: date = AS_OF, **more: Any) -> Verdict:  # noqa: ANN401
    """Judge a world."""
    zone = more.pop("zone", "Europe/Copenhagen")
    return judge(*world(*parts, zone=zone), as_of=as_of, **more)


def fates(found: Verdict, table: str = "people") -> list[str]:
    """Return the fates of a table's rows, in key order."""
    rows = [row for row in found.rows.values() if row.table == table]
    return [row.fate for row in sorted(rows, key=lambda row: row.key)]


def at(text: str) -> datetime:
    """Return an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def erasure(day: str, email: str = "kari@example.org", *activities: str) -> Decision:
    """Return that erasure of activities (`work` by default) was decided at noon, UTC."""
    return Decision("d", "erasure", at(f"{day} 12:00"), {"email": [email]}, activities or ("work",))


PEOPLE = """
people:
  serves: {work: {clocks: {held: CLOCK}}}
  subjects: {person: {email: email}}
  columns: {name: name}
"""


def people(clock: str, more: str = "") -> str:
    """Return a table `people` that serves `work` with a clock."""
    return PEOPLE.replace("CLOCK", clock) + more


# ------------------------------------------------------------------------------------ one clock


@pytest.mark.parametrize(
    ("keep", "struck", "fate"),
    [
        pytest.param("{for: 3 years, after: held}", "2021-06-15", "kept", id="last-day"),
        pytest.param("{for: 3 years, after: held}", "2021-06-14", "erased", id="first-day-due"),
        pytest.param("{for: 3 years, after: held}", "2021-06-16", "kept", id="not-due"),
        pytest.param("{until: held}", "2024-06-15", "kept", id="its-own-day"),
        pytest.param("{until: held}", "2024-06-14", "erased", id="the-day-after"),
        pytest.param("{until: held}", "2024-06-16", "kept", id="not-happened-yet"),
        pytest.param("{for: 14 days, after: held}", "2024-06-01", "kept", id="14-days"),
        pytest.param("{for: 14 days, after: held}", "2024-05-31", "erased", id="14-days-over"),
        pytest.param("{for: P3Y6M, after: held}", "2020-12-15", "kept", id="iso-period"),
        pytest.param("{for: P3Y6M, after: held}", "2020-12-14", "erased", id="iso-period-over"),
        pytest.param("{law: dk_bogf, after: held}", "2019-01-01", "kept", id="law"),
        pytest.param("{law: dk_bogf, after: held}", "2018-12-31", "erased", id="law-over"),
        pytest.param(
            "{for: 5 years, after: held, counted_from: financial_year_end}",
            "2019-01-01",
            "kept",
            id="financial-year",
        ),
        pytest.param(
            "{for: 5 years, after: held, counted_from: financial_year_end}",
            "2018-12-31",
            "erased",
            id="financial-year-over",
        ),
    ],
)
def test_a_ground_lives_to_the_end_of_its_last_day(keep: str, struck: str, fate: str) -> None:
    rows = f"people: [{{id: 1, name: Kari, email: null, d: {struck}}}]"
    assert fates(verdict(rule(keep), people("d"), rows)) == [fate]


def test_the_day_is_told() -> None:
    found = verdict(
        rule("{for: 3 years, after: held}"),
        people("d"),
        "people: [{id: 1, name: Kari, email: null, d: 2021-08-31}]",
    )
    (fate,) = found.rows.values()
    field = fate.fields["name"]
    assert field.kept
    assert field.life.until == date(2024, 8, 31)
    assert field.categories["name"].ground_names == {"work"}


@pytest.mark.parametrize(
    ("day", "as_of", "fate"),
    [
        ("2023-06-30", date(2024, 12, 31), "kept"),  # year to 2023-06-30, to 2023-12-31, + 1 y
        ("2023-06-30", date(2025, 1, 1), "erased"),
        ("2023-07-01", date(2025, 1, 1), "kept"),  # year to 2024-06-30, to 2024-12-31, + 1 year
        ("2023-07-01", date(2026, 1, 1), "erased"),
    ],
)
def test_the_calendar_year_of_the_financial_year_counts(day: str, as_of: date, fate: str) -> None:
    keep = "{for: 1 year, after: held, counted_from: calendar_year_of_financial_year_end}"
    policy, systems, rows = world(
        rule(keep), people("d"), f"people: [{{id: 1, name: Kari, email: null, d: {day}}}]"
    )
    policy["organisation"]["financial_year_end"] = "06-30"
    assert fates(judge(policy, systems, rows, as_of=as_of)) == [fate]


@pytest.mark.parametrize(
    ("null", "fate", "open_for"),
    [
        ("not_yet", "kept", {"not_yet"}),
        ("finding", "kept", {"clock_missing"}),
        ("ended", "erased", set()),
    ],
)
def test_null_means_what_the_map_says(null: str, fate: str, open_for: set[str]) -> None:
    found = verdict(
        rule("{for: 3 years, after: held}"),
        people(f"{{column: d, null: {null}}}"),
        "people: [{id: 1, name: Kari, email: null, d: null}]",
    )
    (row,) = found.rows.values()
    assert row.fate == fate
    assert row.fields["name"].life.opens == open_for
    assert found.findings == ({("people", (1,), "work", "held")} if null == "finding" else set())


def test_a_utc_clock_strikes_on_the_organisations_day() -> None:
    """22:30 UTC on 14 June is 00:30 on 15 June in Copenhagen."""
    found = verdict(
        rule("{for: 3 years, after: held}"),
        people("{column: d, reads_as: utc}"),
        "people: [{id: 1, name: a, email: null, d: 2021-06-14 22:30:00},"
        " {id: 2, name: a, email: null, d: 2021-06-14 21:30:00}]",
    )
    assert fates(found) == ["kept", "erased"]


def test_a_naive_timestamp_is_local_to_the_system() -> None:
    found = verdict(
        rule("{for: 3 years, after: held}"),
        people("d"),
        "people: [{id: 1, name: a, email: null, d: 2021-06-15 00:30:00}]",
        zone="Europe/Helsinki",  # 23:30 on 14 June in Copenhagen
    )
    assert fates(found) == ["erased"]


# ------------------------------------------------------------------------- membership and states


def test_a_ground_exists_only_for_members() -> None:
    tables = """
people:
  serves:
    work: {when: {column: status, is: [active, paused]}, clocks: {held: d}}
  columns: {name: name}
"""
    rows = """
people:
  - {id: 1, name: a, status: active, d: null}
  - {id: 2, name: a, status: gone, d: null}
  - {id: 3, name: a, status: null, d: null}
"""
    assert fates(verdict(rule("{for: 1 year, after: held}"), tables, rows)) == [
        "kept",
        "erased",
        "erased",
    ]


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("{column: status, is: a}", [True, False, False]),
        ("{column: status, is_not: a}", [False, True, True]),
        ("{empty: status}", [False, False, True]),
        ("{filled: status}", [True, True, False]),
        ("{not: {column: status, is: [a, b]}}", [False, False, True]),
        ("{any: [{empty: status}, {column: status, is: b}]}", [False, True, True]),
        ("{all: [{filled: status}, {column: status, is_not: b}]}", [True, False, False]),
        ("{exists: notes}", [True, False, False]),
        ("{exists: notes, where: {column: kind, is: x}}", [True, False, False]),
        ("{exists: notes, where: {column: kind, is: y}}", [False, False, False]),
        ("{exists: notes.people}", [True, False, False]),
        ("{exists: notes, where: {column: people.status, is: a}}", [True, False, False]),
        ("{column: chief.status, is: a}", [False, True, False]),
        ("{column: chief.status, is_not: a}", [True, False, True]),
        ("{empty: chief.status}", [True, False, False]),
        ("{exists: chief}", [False, True, True]),
    ],
)
def test_a_condition_is_true_or_false_of_a_row(condition: str, holds: list[bool]) -> None:
    """A comparison with NULL is false, and not of it is true; a missing parent is as NULL."""
    system = yaml.safe_load("""
tables:
  people: {refers_to: {chief: {table: people, columns: chief_id}}}
  notes: {belongs_to: {people: person_id}}
""")
    rows = yaml.safe_load("""
people:
  - {id: 1, status: a, chief_id: null}
  - {id: 2, status: b, chief_id: 1}
  - {id: 3, status: null, chief_id: 2}
notes:
  - {id: 1, person_id: 1, kind: x}
  - {id: 2, person_id: null, kind: y}
""")
    made = read_map(system, rows)
    assert [made.holds(yaml.safe_load(condition), row) for row in made.rows["people"]] == holds


def test_a_state_keeps_while_it_lasts() -> None:
    tables = """
people:
  serves: {work: {states: {relation: {column: status, is: active}}}}
  columns: {name: name}
"""
    rows = "people: [{id: 1, name: a, status: active}, {id: 2, name: a, status: gone}]"
    found = verdict(rule("{while: relation}"), tables, rows)
    assert fates(found) == ["kept", "erased"]
    assert found.rows[("people", (1,))].fields["name"].life.opens == {"not_yet"}


# -------------------------------------------------------------------- clocks through other rows


LATEST = """
people:
  serves: {work: {clocks: {held: CLOCK}}}
  subjects: {person: {email: email}}
  columns: {name: name}
orders:
  refers_to:
    people: {table: people, columns: person_id, keeps_parent: false}
"""
OLD, NEW = "2010-01-01", "2024-01-01"  # three years after: long over, and far ahead


def latest(clock: str, made: str, *ordered: str, keep: str = "3 years") -> Verdict:
    """Judge one person, made on a day, with orders on days."""
    orders = ", ".join(f"{{id: {n}, person_id: 1, d: {d}}}" for n, d in enumerate(ordered))
    return verdict(
        rule(f"{{for: {keep}, after: held}}"),
        LATEST.replace("CLOCK", clock),
        f"people: [{{id: 1, name: a, email: null, made: {made}}}]\norders: [{orders}]",
    )


@pytest.mark.parametrize(
    ("null", "made", "ordered", "fate"),
    [
        pytest.param("not_yet", OLD, [], "erased", id="no-order-old"),
        pytest.param("not_yet", NEW, [], "kept", id="no-order-new"),
        pytest.param("not_yet", OLD, [OLD, NEW], "kept", id="latest-counts"),
        pytest.param("not_yet", OLD, [OLD, OLD], "erased", id="all-old"),
        pytest.param("not_yet", NEW, [OLD], "kept", id="never-earlier-than-else"),
        pytest.param("not_yet", OLD, ["2021-06-15"], "kept", id="last-day"),
        pytest.param("not_yet", OLD, ["2021-06-14"], "erased", id="first-day-due"),
        pytest.param("not_yet", OLD, [OLD, "null"], "kept", id="one-not-yet"),
        pytest.param("ended", OLD, [OLD, "null"], "erased", id="one-ended"),
        pytest.param("ended", NEW, ["null"], "kept", id="ended-leaves-else"),
        pytest.param("finding", OLD, [OLD, "null"], "kept", id="one-missing"),
        pytest.param("ended", "null", [OLD], "kept", id="else-null-is-a-finding"),
        pytest.param("ended", "null", [], "kept", id="else-null-alone"),
    ],
)
def test_latest_is_never_earlier_than_else(
    null: str, made: str, ordered: list[str], fate: str
) -> None:
    found = latest(f"{{latest: orders.d, else: made, null: {null}}}", made, *ordered)
    assert fates(found) == [fate]


@pytest.mark.parametrize(
    ("null", "ordered", "fate"),
    [
        ("not_yet", [], "erased"),
        ("not_yet", [NEW], "kept"),
        ("not_yet", ["null"], "kept"),
        ("ended", ["null"], "erased"),
        ("ended", ["null", NEW], "kept"),
    ],
)
def test_with_none_ended_no_linked_row_keeps(null: str, ordered: list[str], fate: str) -> None:
    found = latest(f"{{latest: orders.d, none: ended, null: {null}}}", NEW, *ordered)
    assert fates(found) == [fate]


@pytest.mark.parametrize(
    ("null", "parent", "fate"),
    [
        ("not_yet", "1", "erased"),
        ("not_yet", "2", "kept"),
        ("not_yet", "3", "kept"),  # found, and its day is NULL
        ("not_yet", "9", "kept"),  # not found
        ("not_yet", "null", "kept"),
        ("ended", "9", "erased"),
        ("ended", "null", "erased"),
        ("finding", "null", "kept"),
    ],
)
def test_a_missing_parent_counts_as_null(null: str, parent: str, fate: str) -> None:
    tables = f"""
courses: {{}}
people:
  refers_to: {{courses: course_id}}
  serves: {{work: {{clocks: {{held: {{column: courses.ends, null: {null}}}}}}}}}
  columns: {{name: name}}
"""
    rows = f"""
courses: [{{id: 1, ends: {OLD}}}, {{id: 2, ends: {NEW}}}, {{id: 3, ends: null}}]
people: [{{id: 1, name: a, course_id: {parent}}}]
"""
    assert fates(verdict(rule("{for: 3 years, after: held}"), tables, rows)) == [fate]


def test_a_child_whose_parent_is_missing_leaves_an_unknown_date() -> None:
    """Reading 1: the sign-up is there, its event is not."""
    tables = """
people:
  serves: {work: {clocks: {held: {latest: signups.courses.ends, else: made}}}}
  columns: {name: name}
courses: {}
signups:
  refers_to:
    people: {table: people, columns: person_id, keeps_parent: false}
    courses: course_id
"""
    rows = f"""
people: [{{id: 1, name: a, made: {OLD}}}, {{id: 2, name: a, made: {OLD}}}]
courses: [{{id: 1, ends: {OLD}}}]
signups: [{{id: 1, person_id: 1, course_id: null}}, {{id: 2, person_id: 2, course_id: 1}}]
"""
    found = verdict(rule("{for: 3 years, after: held}"), tables, rows)
    assert fates(found) == ["kept", "erased"]


def test_siblings_are_rows_equal_in_the_columns() -> None:
    tables = """
people:
  serves: {work: {clocks: {held: {latest: d, over: [survey, wave]}}}}
  columns: {name: name}
"""
    rows = f"""
people:
  - {{id: 1, name: a, survey: 1, wave: 1, d: {OLD}}}
  - {{id: 2, name: a, survey: 1, wave: 1, d: {NEW}}}
  - {{id: 3, name: a, survey: 1, wave: 2, d: {OLD}}}
  - {{id: 4, name: a, survey: null, wave: 1, d: {OLD}}}
  - {{id: 5, name: a, survey: null, wave: 1, d: {NEW}}}
"""
    found = verdict(rule("{for: 3 years, after: held}"), tables, rows)
    assert fates(found) == ["kept", "kept", "erased", "erased", "kept"]


def test_an_expression_is_a_clock_of_the_row() -> None:
    tables = people('{expression: "COALESCE(done, made)", reads: [done, made]}')
    rows = f"""
people:
  - {{id: 1, name: a, email: null, done: null, made: {OLD}}}
  - {{id: 2, name: a, email: null, done: {NEW}, made: {OLD}}}
  - {{id: 3, name: a, email: null, done: null, made: null}}
"""
    found = verdict(rule("{for: 3 years, after: held}"), tables, rows)
    assert fates(found) == ["erased", "kept", "kept"]


# ------------------------------------------------------------------------ several clocks or rules


@pytest.mark.parametrize(
    ("which", "one", "other", "fate", "until"),
    [
        ("first_of", NEW, NEW, "kept", date(2027, 1, 1)),
        ("first_of", OLD, NEW, "erased", None),
        ("first_of", OLD, "null", "erased", None),
        ("first_of", NEW, "null", "kept", date(2027, 1, 1)),
        ("first_of", "null", "null", "kept", None),
        ("last_of", OLD, NEW, "kept", date(2027, 1, 1)),
        ("last_of", OLD, OLD, "erased", None),
        ("last_of", OLD, "null", "kept", None),
        ("last_of", NEW, "null", "kept", None),
    ],
)
def test_the_first_or_last_of_clocks_counts(
    which: str, one: str, other: str, fate: str, until: date | None
) -> None:
    tables = """
people:
  serves: {work: {clocks: {one: a, other: b}}}
  columns: {name: name}
"""
    rows = f"people: [{{id: 1, name: Kari, a: {one}, b: {other}}}]"
    found = verdict(rule(f"{{for: 3 years, after: {{{which}: [one, other]}}}}"), tables, rows)
    (row,) = found.rows.values()
    assert (row.fate, row.fields["name"].life.until) == (fate, until)


@pytest.mark.parametrize(
    ("which", "null", "other", "fate"),
    [
        ("first_of", "finding", NEW, "kept"),
        ("first_of", "finding", OLD, "erased"),  # the first cannot be later than it
        ("last_of", "finding", OLD, "kept"),
        ("first_of", "ended", NEW, "erased"),
        ("last_of", "ended", NEW, "kept"),
        ("last_of", "ended", OLD, "erased"),
    ],
)
def test_null_among_several_clocks(which: str, null: str, other: str, fate: str) -> None:
    tables = f"""
people:
  serves: {{work: {{clocks: {{one: {{column: a, null: {null}}}, other: b}}}}}}
  columns: {{name: name}}
"""
    rows = f"people: [{{id: 1, name: Kari, a: null, b: {other}}}]"
    found = verdict(rule(f"{{for: 3 years, after: {{{which}: [one, other]}}}}"), tables, rows)
    assert fates(found) == [fate]


@pytest.mark.parametrize(
    ("which", "status", "day", "fate"),
    [
        ("first_of", "active", NEW, "kept"),
        ("first_of", "active", OLD, "erased"),
        ("first_of", "gone", NEW, "erased"),
        ("last_of", "active", OLD, "kept"),
        ("last_of", "gone", NEW, "kept"),
        ("last_of", "gone", OLD, "erased"),
    ],
)
def test_the_first_or_last_of_rules_counts(which: str, status: str, day: str, fate: str) -> None:
    tables = """
people:
  serves: {work: {clocks: {held: d}, states: {relation: {column: status, is: active}}}}
  columns: {name: name}
"""
    keep = f"{{{which}: [{{while: relation}}, {{for: 3 years, after: held}}]}}"
    rows = f"people: [{{id: 1, name: Kari, status: {status}, d: {day}}}]"
    assert fates(verdict(rule(keep), tables, rows)) == [fate]


@pytest.mark.parametrize(
    ("decided_on", "day", "null", "fate"),
    [
        (None, OLD, "not_yet", "kept"),
        ("2024-01-01", "2023-12-31", "not_yet", "erased"),
        ("2024-01-01", "2024-01-01", "not_yet", "kept"),
        ("2024-01-01", "null", "not_yet", "kept"),
        ("2024-01-01", "null", "finding", "kept"),
        ("2024-01-01", "null", "ended", "erased"),
        (None, "null", "ended", "kept"),
        ("2024-06-16", OLD, "not_yet", "kept"),  # decided after the as-of date
    ],
)
def test_a_criterion_ends_what_lies_before_its_decision(
    decided_on: str | None, day: str, null: str, fate: str
) -> None:
    criteria = {"work": date.fromisoformat(decided_on)} if decided_on else {}
    found = verdict(
        rule("{needed_from: held, decide: {by: chief, every: 1 year}}"),
        people(f"{{column: d, null: {null}}}"),
        f"people: [{{id: 1, name: a, email: null, d: {day}}}]",
        criteria=criteria,
    )
    assert fates(found) == [fate]


# --------------------------------------------------------------------------------------- consents

CONSENT = """
people:
  serves:
    work: {clocks: {held: d}, consents: {news: {given: given, withdrawn: gone}}}
  subjects: {person: {email: email}}
  columns: {name: name}
"""


@pytest.mark.parametrize(
    ("given", "withdrawn", "fate"),
    [
        ("null", "null", "erased"),
        (OLD, "null", "kept"),
        (OLD, NEW, "erased"),
        (NEW, OLD, "kept"),
        (NEW, NEW, "erased"),
        ("null", OLD, "erased"),
        ("2024-01-01 10:00:00", "2024-01-01 10:00:00", "erased"),
        ("2024-01-01 10:00:01", "2024-01-01 10:00:00", "kept"),
        ("2024-01-01 10:00:00", "2024-01-01", "erased"),  # which came first is not known
        ("2024-01-01", "2024-01-01 00:00:00", "erased"),
        ("2024-01-02", "2024-01-01 23:00:00", "kept"),
    ],
)
@pytest.mark.parametrize("keep", ["{until: consent_withdrawn}", "{for: 50 years, after: held}"])
def test_a_consent_lives_until_withdrawn(given: str, withdrawn: str, fate: str, keep: str) -> None:
    found = verdict(
        rule(keep, basis="{consent: news}"),
        CONSENT,
        f"people: [{{id: 1, name: a, email: null, given: {given}, gone: {withdrawn}, d: {OLD}}}]",
    )
    assert fates(found) == [fate]


@pytest.mark.parametrize(("given", "fate"), [("2023-06-15", "kept"), ("2023-06-14", "erased")])
def test_a_consent_expires(given: str, fate: str) -> None:
    found = verdict(
        rule("{until: consent_withdrawn}", basis="{consent: checks}"),
        CONSENT.replace("news:", "checks:"),
        f"people: [{{id: 1, name: a, email: null, given: {given}, gone: null, d: null}}]",
    )
    (row,) = found.rows.values()
    assert row.fate == fate
    assert row.fields["name"].life.until == (date(2024, 6, 15) if fate == "kept" else None)


def test_a_period_can_run_from_the_consent() -> None:
    rows = """
people:
  - {id: 1, name: a, email: null, given: 2023-12-15, gone: null, d: null}
  - {id: 2, name: a, email: null, given: 2023-12-14, gone: null, d: null}
  - {id: 3, name: a, email: null, given: null, gone: null, d: null}
"""
    keep = "{for: 6 months, after: consent_given}"
    found = verdict(rule(keep, basis="{consent: news}"), CONSENT, rows)
    assert fates(found) == ["kept", "erased", "erased"]


SPECIAL = """
people:
  serves:
    work:
      clocks: {held: d}
      consents: {news: {given: given, withdrawn: gone}}
  subjects: {person: {email: email}}
  columns: {name: name, sick: health}
"""


@pytest.mark.parametrize(
    ("basis", "given", "name", "sick"),
    [
        ("{contract: c, special: {consent: news}}", NEW, True, True),
        ("{contract: c, special: {consent: news}}", "null", True, False),
        ("{contract: c, special: {employment: l}}", "null", True, True),
        ("{contract: c}", NEW, True, False),
        ("{consent: news, special: {employment: l}}", "null", False, False),
    ],
)
def test_special_data_needs_its_own_condition(
    basis: str, given: str, name: bool, sick: bool
) -> None:
    found = verdict(
        rule("{for: 3 years, after: held}", data="[name, health]", basis=basis),
        SPECIAL,
        f"people: [{{id: 1, name: a, sick: b, email: null, given: {given}, gone: null, d: {NEW}}}]",
    )
    (row,) = found.rows.values()
    assert (row.fields["name"].kept, row.fields["sick"].kept) == (name, sick)
    assert row.blank == (("sick",) if name and not sick else ())


# ------------------------------------------------------------------------------------------- caps

CAPPED = """
people:
  serves: {work: {clocks: {held: d}}, books: {clocks: {held: d}}}
  caps: {most: {when: {column: status, is: x}, clocks: {last: c}}}
  subjects: {person: {email: email}}
  columns: {name: name, address: address}
"""
TWO = """
  work: {data: [name, address], basis: {contract: c}, keep: {for: 20 years, after: held}}
  books: {data: [name], basis: {contract: c}, keep: {for: 20 years, after: held}}
"""


@pytest.mark.parametrize(
    ("cap", "status", "last", "keeps_name", "keeps_address"),
    [
        pytest.param("", "x", OLD, [], False, id="passed"),
        pytest.param("", "x", "2023-06-15", ["work", "books"], True, id="last-day"),
        pytest.param("", "x", "2023-06-14", [], False, id="first-day-after"),
        pytest.param("", "x", "null", ["work", "books"], True, id="not-struck"),
        pytest.param("", "y", OLD, ["work", "books"], True, id="not-a-member"),
        pytest.param("data: [address],", "x", OLD, ["work", "books"], False, id="one-category"),
        pytest.param("unless: [books],", "x", OLD, ["books"], False, id="unless-an-activity"),
        pytest.param("unless: [work],", "x", OLD, ["work"], True, id="unless-the-other"),
    ],
)
def test_a_cap_limits_what_it_does_not_except(
    cap: str, status: str, last: str, keeps_name: list[str], keeps_address: bool
) -> None:
    found = verdict(
        TWO,
        CAPPED,
        f"people: [{{id: 1, name: a, address: b, email: null, status: {status}, c: {last},"
        f" d: {NEW}}}]",
        f"  most: {{{cap} for: 1 year, after: last}}",
    )
    (row,) = found.rows.values()
    assert row.fields["name"].categories["name"].ground_names == set(keeps_name)
    assert row.fields["address"].kept is keeps_address


def test_a_cap_shortens_the_day_that_is_told() -> None:
    rows = f"people: [{{id: 1, name: a, address: b, email: null, status: x, c: {NEW}, d: {NEW}}}]"
    found = verdict(TWO, CAPPED, rows, "  most: {for: 1 year, after: last, unless: [books]}")
    fields = found.rows[("people", (1,))].fields
    assert fields["address"].life.until == date(2025, 1, 1)  # the cap
    assert fields["name"].life.until == date(2044, 1, 1)  # bookkeeping passes it


def test_only_named_kinds_of_holds_pass_a_cap() -> None:
    rows = f"people: [{{id: 1, name: a, address: b, email: null, status: x, c: {OLD}, d: {NEW}}}]"
    hold = Hold("h", "legal_claim", rows=(("people", (1,)),))
    cap = "  most: {for: 1 year, after: last, unless: [KIND]}"
    named = verdict(TWO, CAPPED, rows, cap.replace("KIND", "legal_claim"), holds=[hold])
    other = verdict(TWO, CAPPED, rows, cap.replace("KIND", "incident"), holds=[hold])
    assert named.rows[("people", (1,))].fields["name"].categories["name"].ground_names == {"h"}
    assert fates(named) == ["kept"]
    assert fates(other) == ["erased"]


def test_a_cap_of_law_has_its_period_from_the_fact() -> None:
    tables = """
people:
  serves: {work: {clocks: {held: d}}}
  caps: {cctv: {clocks: {filmed: d}}}
  columns: {name: name}
"""
    rows = "people: [{id: 1, name: a, d: 2024-05-16}, {id: 2, name: a, d: 2024-05-15}]"
    found = verdict(
        rule("{for: 1 year, after: held}"), tables, rows, "  cctv: {law: dk_tv, after: filmed}"
    )
    assert fates(found) == ["kept", "erased"]


# ------------------------------------------------------------------------------------------ holds


@pytest.mark.parametrize(
    ("identifier", "held"),
    [
        ({"email": [" KARI@example.org "]}, True),
        ({"email": ["ola@example.org"]}, False),
        ({"email": ["info@example.org"]}, False),  # shared: identifies nobody
        ({"phone": ["12345678"]}, True),
        ({"phone": ["+45 12 34 56 78"]}, True),
        ({"phone": ["0045-12345678"]}, True),
        ({"phone": ["+47 12345678"]}, False),
        ({"national_id": ["0101011234"]}, True),
        ({"national_id": ["010101-1235"]}, False),
        ({"id": ["7"]}, True),
        ({"id": [7]}, True),
        ({"email": ["x@example.org"], "phone": ["12345678"]}, True),  # any of them is enough
    ],
)
def test_a_hold_covers_a_person_by_any_identifier(
    identifier: dict[str, list[Any]], held: bool
) -> None:
    tables = """
people:
  serves: {work: {clocks: {held: d}}}
  subjects:
    person: {email: email, phone: phone, national_id: cpr, id: id, shared: [Info]}
  columns: {name: name}
"""
    rows = f"""
people:
  - {{id: 7, name: a, email: Kari@Example.org, phone: 12 34 56 78, cpr: 010101-1234, d: {OLD}}}
  - {{id: 8, name: a, email: info@example.org, phone: "", cpr: null, d: {OLD}}}
"""
    found = verdict(
        rule("{for: 1 year, after: held}"),
        tables,
        rows,
        holds=[Hold("h", "legal_claim", people=(identifier,))],
    )
    assert fates(found) == ["kept" if held else "erased", "erased"]


@pytest.mark.parametrize(
    ("country", "stored", "asked"),
    [
        ("SE", "070-174 06 05", "+46701740605"),
        ("FI", "040 1234567", "+358401234567"),
        ("IS", "123 4567", "+3541234567"),
        ("NO", "12 34 56 78", "004712345678"),
    ],
)
def test_a_phone_number_is_read_in_the_organisations_country(
    country: str, stored: str, asked: str
) -> None:
    tables = people("d").replace("{email: email}", "{phone: phone}")
    policy, systems, rows = world(
        rule("{for: 1 year, after: held}"),
        tables,
        f'people: [{{id: 1, name: a, phone: "{stored}", d: {OLD}}}]',
    )
    policy["organisation"]["country"] = country
    hold = Hold("h", "restriction", people=({"phone": [asked]},))
    assert fates(judge(policy, systems, rows, as_of=AS_OF, holds=[hold])) == ["kept"]


def test_a_hold_covers_rows_and_time_ranges() -> None:
    rows = """
people:
  - {id: 1, name: a, email: null, d: 2010-01-01}
  - {id: 2, name: a, email: null, d: 2010-02-01}
  - {id: 3, name: a, email: null, d: 2010-02-28}
  - {id: 4, name: a, email: null, d: 2010-03-01}
  - {id: 5, name: a, email: null, d: null}
"""
    holds = [
        Hold("r", "incident", rows=(("people", (1,)),)),
        Hold(
            "s",
            "incident",
            spans=(Span("people", "d", date(2010, 2, 1), date(2010, 2, 28)),),
        ),
    ]
    tables = people("{column: d, null: ended}")
    found = verdict(rule("{for: 1 year, after: held}"), tables, rows, holds=holds)
    assert fates(found) == ["kept", "kept", "kept", "erased", "erased"]
    assert found.rows[("people", (1,))].fields["name"].life.opens == {"held"}


# -------------------------------------------------------------------------------------- decisions


def test_a_decision_ends_the_named_activities_for_the_person() -> None:
    activities = TWO
    tables = """
people:
  serves: {work: {clocks: {held: d}}, books: {clocks: {held: d}}}
  subjects: {person: {email: email}}
  columns: {name: name, address: address}
"""
    rows = f"""
people:
  - {{id: 1, name: a, address: b, email: KARI@example.org, d: {NEW}}}
  - {{id: 2, name: a, address: b, email: ola@example.org, d: {NEW}}}
"""
    found = verdict(activities, tables, rows, decisions=[erasure("2024-05-01")])
    kari, ola = found.rows[("people", (1,))], found.rows[("people", (2,))]
    assert (kari.fate, kari.blank) == ("kept", ("address",))
    assert kari.fields["name"].categories["name"].ground_names == {"books"}
    assert (ola.fate, ola.blank) == ("kept", ())


@pytest.mark.parametrize(
    ("begun", "fate"),
    [
        ("null", "erased"),
        ("2024-04-30 10:00:00", "erased"),
        ("2024-05-01 14:00:00", "erased"),  # 12:00 UTC: the same instant
        ("2024-05-01 14:00:01", "kept"),
        ("2024-05-01", "erased"),  # a day alone: not surely after
        ("2024-05-02", "kept"),
    ],
)
def test_a_decision_ends_what_began_before_it(begun: str, fate: str) -> None:
    tables = """
people:
  serves: {work: {clocks: {held: d, begun: b}}}
  subjects: {person: {email: email}}
  columns: {name: name}
"""
    rows = f"people: [{{id: 1, name: a, email: kari@example.org, d: {NEW}, b: {begun}}}]"
    found = verdict(
        rule("{for: 3 years, after: held}", more="begins: begun"),
        tables,
        rows,
        decisions=[erasure("2024-05-01")],
    )
    assert fates(found) == [fate]


SIGNUPS = """
people:
  serves:
    events:
      clocks:
        held: {latest: signups.courses.ends, else: made}
        signed_up: {latest: signups.signed, else: made}
  subjects: {person: {email: email}}
  columns: {name: name}
courses: {}
signups:
  refers_to:
    people: {table: people, columns: person_id, keeps_parent: false}
    courses: {table: courses, columns: course_id}
"""


@pytest.mark.parametrize(
    ("made", "signups", "until"),
    [
        pytest.param("2019-01-01", "[]", None, id="erased-in-march"),
        pytest.param("2024-04-01", "[]", date(2027, 4, 1), id="a-new-person"),
        pytest.param("2019-01-01", "[{id: 1, course_id: 1, SIGNED: 2024-02-01}]", None, id="old"),
        pytest.param(
            "2019-01-01",
            "[{id: 1, course_id: 1, SIGNED: 2024-05-01}]",
            date(2024, 8, 1),
            id="signs-up-in-may-for-an-old-course",
        ),
        pytest.param(
            "2019-01-01",
            "[{id: 1, course_id: 2, SIGNED: 2024-02-01},"
            " {id: 2, course_id: 1, SIGNED: 2024-05-01}]",
            date(2024, 8, 1),
            id="the-old-sign-up-does-not-count",
        ),
        pytest.param(
            "2019-01-01",
            "[{id: 1, course_id: 1, SIGNED: 2024-05-01},"
            " {id: 2, course_id: 2, SIGNED: 2024-05-02}]",
            date(2027, 5, 20),
            id="both-new",
        ),
        pytest.param(
            "2019-01-01", "[{id: 1, course_id: 2, SIGNED: null}]", None, id="unknown-is-old"
        ),
    ],
)
def test_each_witness_has_its_own_beginning(made: str, signups: str, until: date | None) -> None:
    """Erased in March; the sign-up of May is new, and only it counts."""
    signups = signups.replace("SIGNED:", "person_id: 1, signed:")
    found = verdict(
        EVENTS,
        SIGNUPS,
        f"people: [{{id: 1, name: a, email: kari@example.org, made: {made}}}]\n"
        "courses: [{id: 1, ends: 2021-08-01}, {id: 2, ends: 2024-05-20}]\n"
        f"signups: {signups}",
        decisions=[erasure("2024-03-01", "kari@example.org", "events")],
    )
    row = found.rows[("people", (1,))]
    assert row.fate == ("kept" if until else "erased")
    assert row.fields["name"].life.until == until


def test_without_a_common_link_the_row_began_with_its_latest() -> None:
    """The retention clock is the row's own; one sign-up after the decision makes it new."""
    tables = SIGNUPS.replace("{latest: signups.courses.ends, else: made}", "made")
    rows = """
people: [{id: 1, name: a, email: kari@example.org, made: 2024-01-01},
         {id: 2, name: a, email: kari@example.org, made: 2024-01-01}]
courses: []
signups: [{id: 1, person_id: 1, course_id: null, signed: 2024-05-01},
          {id: 2, person_id: 1, course_id: null, signed: null}]
"""
    decision = erasure("2024-03-01", "kari@example.org", "events")
    assert fates(verdict(EVENTS, tables, rows, decisions=[decision])) == ["kept", "erased"]


def test_the_latest_of_several_decisions_counts() -> None:
    tables = people("d").replace("held: d", "held: d, begun: b")
    rows = f"people: [{{id: 1, name: a, email: kari@example.org, d: {NEW}, b: 2024-04-01}}]"
    activity = rule("{for: 3 years, after: held}", more="begins: begun")
    early, late = erasure("2024-03-01"), erasure("2024-05-01")
    assert fates(verdict(activity, tables, rows, decisions=[early])) == ["kept"]
    assert fates(verdict(activity, tables, rows, decisions=[early, late])) == ["erased"]


@pytest.mark.parametrize(
    ("more", "basis", "kind", "fate"),
    [
        ("marketing: true", "{legitimate_interests: i}", "marketing_objection", "erased"),
        ("marketing: true", "{consent: news}", "marketing_objection", "erased"),
        ("", "{legitimate_interests: i}", "marketing_objection", "kept"),
        ("", "{consent: news}", "withdrawal", "erased"),
        ("", "{legitimate_interests: i}", "withdrawal", "kept"),
        ("", "{consent: checks}", "withdrawal", "kept"),
        ("", "{legitimate_interests: i}", "objection", "erased"),
    ],
)
def test_a_decision_finds_its_activities(more: str, basis: str, kind: str, fate: str) -> None:
    tables = """
people:
  serves:
    work:
      clocks: {held: d}
      consents: {news: {given: d}, checks: {given: d}}
  subjects: {person: {email: email}}
  columns: {name: name}
"""
    decision = Decision(
        "d",
        kind,
        at("2024-05-01 12:00"),
        {"email": ["kari@example.org"]},
        ("work",) if kind == "objection" else (),
        ("news",),
    )
    found = verdict(
        rule("{for: 3 years, after: held}", more=more, basis=basis),
        tables,
        f"people: [{{id: 1, name: a, email: kari@example.org, d: {NEW}}}]",
        decisions=[decision],
    )
    assert fates(found) == [fate]


@pytest.mark.parametrize(("given", "fate"), [(NEW, "erased"), ("2024-05-02", "kept")])
def test_a_consent_given_after_its_withdrawal_lives(given: str, fate: str) -> None:
    """Reading 11: of two sources of consent the latest provable event decides."""
    withdrawal = Decision(
        "d", "withdrawal", at("2024-05-01 12:00"), {"email": ["kari@example.org"]}, (), ("news",)
    )
    found = verdict(
        rule("{until: consent_withdrawn}", basis="{consent: news}"),
        CONSENT,
        f"people: [{{id: 1, name: a, email: kari@example.org, given: {given}, gone: null}}]",
        decisions=[withdrawal],
    )
    assert fates(found) == [fate]


def test_the_withdrawal_of_a_special_consent_ends_special_data_only() -> None:
    withdrawal = Decision(
        "d", "withdrawal", at("2024-05-01 12:00"), {"email": ["kari@example.org"]}, (), ("news",)
    )
    found = verdict(
        rule(
            "{for: 3 years, after: held}",
            data="[name, health]",
            basis="{contract: c, special: {consent: news}}",
        ),
        SPECIAL,
        f"people: [{{id: 1, name: a, sick: b, email: kari@example.org, given: {NEW}, gone: null,"
        f" d: {NEW}}}]",
        decisions=[withdrawal],
    )
    assert found.rows[("people", (1,))].blank == ("sick",)


def test_a_decision_ends_states_and_criteria_too() -> None:
    tables = """
people:
  serves:
    work: {clocks: {held: d}, states: {relation: {column: status, is: active}}}
  subjects: {person: {email: email}}
  columns: {name: name}
"""
    rows = f"people: [{{id: 1, name: a, email: kari@example.org, status: active, d: {NEW}}}]"
    for keep in ("{while: relation}", "{needed_from: held, decide: {by: a, every: 1 year}}"):
        assert fates(verdict(rule(keep), tables, rows)) == ["kept"]
        found = verdict(rule(keep), tables, rows, decisions=[erasure("2024-05-01")])
        assert fates(found) == ["erased"]


# --------------------------------------------------------------------------- several people a row

COUPLE = """
people:
  serves: {work: {clocks: {held: d}}}
  subjects: {person: {email: email}, spouse: {email: spouse_email}}
  columns:
    name: {holds: name, subject: person}
    spouse_name: {holds: name, subject: spouse}
"""
COUPLE_ROWS = """
people: [{id: 1, name: a, spouse_name: b, email: kari@example.org, spouse_email: ola@example.org,
          d: DAY}]
"""


def test_a_decision_acts_on_the_fields_about_its_person() -> None:
    found = verdict(
        rule("{for: 3 years, after: held}"),
        COUPLE,
        COUPLE_ROWS.replace("DAY", NEW),
        decisions=[erasure("2024-05-01", "ola@example.org")],
    )
    assert found.rows[("people", (1,))].blank == ("spouse_name",)


def test_a_hold_acts_on_the_fields_about_its_person() -> None:
    found = verdict(
        rule("{for: 3 years, after: held}"),
        COUPLE,
        COUPLE_ROWS.replace("DAY", OLD),
        holds=[Hold("h", "restriction", people=({"email": ["ola@example.org"]},))],
    )
    row = found.rows[("people", (1,))]
    assert (row.fate, row.blank) == ("kept", ("name",))


# ---------------------------------------------------------------------------------------- children

NOTES = """
people:
  serves: {work: {clocks: {held: d}, columns: [name]}}
  subjects: {person: {email: email}}
  columns: {name: name}
notes:
  belongs_to: {people: person_id}
  columns: {text: note}
lines:
  belongs_to: {notes: note_id}
  columns: {text: note}
"""
NOTES_ROWS = f"""
people: [{{id: 1, name: a, email: kari@example.org, d: {NEW}}},
         {{id: 2, name: a, email: ola@example.org, d: {OLD}}}]
notes: [{{id: 1, person_id: 1, text: x}}, {{id: 2, person_id: 2, text: x}},
        {{id: 3, person_id: null, text: x}}]
lines: [{{id: 1, note_id: 1, text: x}}, {{id: 2, note_id: 2, text: x}}]
"""
NOTES_RULE = rule("{for: 3 years, after: held}", data="[name, note]")


def test_children_are_covered_by_the_grounds_of_the_row_above() -> None:
    found = verdict(NOTES_RULE, NOTES, NOTES_ROWS)
    assert fates(found, "people") == ["kept", "erased"]
    assert fates(found, "notes") == ["kept", "erased", "erased"]
    assert fates(found, "lines") == ["kept", "erased"]
    (ground,) = found.rows[("lines", (1,))].fields["text"].categories["note"].grounds
    assert (ground.name, ground.table, ground.key) == ("work", "people", (1,))


def test_children_are_about_the_people_above() -> None:
    decided = verdict(NOTES_RULE, NOTES, NOTES_ROWS, decisions=[erasure("2024-05-01")])
    assert fates(decided, "notes") == ["erased", "erased", "erased"]
    assert fates(decided, "lines") == ["erased", "erased"]
    hold = Hold("h", "restriction", people=({"email": ["ola@example.org"]},))
    held = verdict(NOTES_RULE, NOTES, NOTES_ROWS, holds=[hold])
    assert fates(held, "lines") == ["kept", "kept"]


def test_children_inherit_holds_on_rows() -> None:
    """Reading 18."""
    hold = Hold("h", "legal_claim", rows=(("people", (2,)),))
    found = verdict(NOTES_RULE, NOTES, NOTES_ROWS, holds=[hold])
    assert fates(found, "people") == ["kept", "kept"]
    assert fates(found, "notes") == ["kept", "kept", "erased"]


def test_children_have_grounds_of_their_own_besides() -> None:
    activities = (
        NOTES_RULE
        + """
  log: {data: [note], basis: {contract: c}, keep: {for: 3 years, after: written}}
"""
    )
    tables = NOTES.replace(
        "{text: note}\nlines", "{text: note}\n  serves: {log: {clocks: {written: w}}}\nlines"
    )
    rows = NOTES_ROWS.replace(
        "{id: 2, person_id: 2, text: x}", "{id: 2, person_id: 2, text: x, w: 2024-01-01}"
    )
    rows = rows.replace("text: x}", "text: x, w: 2010-01-01}")
    found = verdict(activities, tables, rows)
    assert fates(found, "notes") == ["kept", "kept", "erased"]
    skeleton = found.rows[("people", (2,))]
    assert (skeleton.fate, skeleton.skeleton, skeleton.blank) == ("kept", True, ("name",))


@pytest.mark.parametrize(
    ("who", "fate"),
    [("kari@example.org", "erased"), ("ola@example.org", "erased"), ("x@example.org", "kept")],
)
def test_a_child_with_people_of_its_own_hears_both(who: str, fate: str) -> None:
    """Reading 16: what was decided about the case's person, and about the note's writer."""
    tables = """
cases:
  serves: {work: {clocks: {held: d}}}
  subjects: {client: {email: email}}
  columns: {title: name}
notes:
  belongs_to: {cases: {table: cases, columns: case_id, keeps_parent: false}}
  subjects: {writer: {email: email}}
  columns: {text: note}
"""
    rows = f"""
cases: [{{id: 1, title: a, email: kari@example.org, d: {NEW}}}]
notes: [{{id: 1, case_id: 1, text: x, email: ola@example.org}}]
"""
    found = verdict(NOTES_RULE, tables, rows, decisions=[erasure("2024-05-01", who)])
    assert fates(found, "notes") == [fate]


def test_an_inherited_ground_outlives_the_decision_of_one_of_several() -> None:
    tables = (
        COUPLE
        + """
notes:
  belongs_to: {people: person_id}
  columns: {text: note}
"""
    )
    rows = COUPLE_ROWS.replace("DAY", NEW) + "notes: [{id: 1, person_id: 1, text: x}]"
    kari, ola = erasure("2024-05-01"), erasure("2024-05-01", "ola@example.org")
    one = verdict(NOTES_RULE, tables, rows, decisions=[kari])
    both = verdict(NOTES_RULE, tables, rows, decisions=[kari, ola])
    assert (fates(one, "notes"), fates(both, "notes")) == (["kept"], ["erased"])
    assert one.rows[("people", (1,))].blank == ("name",)


# --------------------------------------------------------------------------------------- skeletons

CHAIN = """
people:
  serves: {work: {clocks: {held: d}}}
  columns: {name: name}
  refers_to: {chief: {table: people, columns: chief_id}}
invoices:
  serves: {work: {clocks: {held: d}}}
  columns: {name: name}
  refers_to: {people: {table: people, columns: person_id, keeps_parent: KEEPS}}
"""


def chain(rows: str, *, keeps: bool = True) -> Verdict:
    """Judge people with chiefs, and their invoices; `D` is a due day, `N` one that is not."""
    rows = rows.replace("D}", f"{OLD}}}").replace("N}", f"{NEW}}}")
    return verdict(
        rule("{for: 3 years, after: held}"), CHAIN.replace("KEEPS", str(keeps).lower()), rows
    )


def test_a_kept_child_keeps_its_parent_as_a_skeleton() -> None:
    found = chain("""
people: [{id: 1, name: a, chief_id: 2, d: D}, {id: 2, name: a, chief_id: 3, d: D},
         {id: 3, name: null, chief_id: null, d: D}, {id: 4, name: a, chief_id: 3, d: D}]
invoices: [{id: 1, name: a, person_id: 1, d: N}, {id: 2, name: a, person_id: 4, d: D}]
""")
    assert fates(found, "people") == ["kept", "kept", "kept", "erased"]
    assert fates(found, "invoices") == ["kept", "erased"]
    skeletons = [found.rows[("people", (n,))] for n in (1, 2, 3)]
    assert [row.blank for row in skeletons] == [("name",), ("name",), ()]  # the third is blank
    assert all(row.skeleton for row in skeletons)


def test_a_link_can_let_its_parent_go() -> None:
    found = chain(
        "people: [{id: 1, name: a, chief_id: null, d: D}]\n"
        "invoices: [{id: 1, name: a, person_id: 1, d: N}]",
        keeps=False,
    )
    assert (fates(found, "people"), fates(found, "invoices")) == (["erased"], ["kept"])


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            "people: [{id: 1, name: a, chief_id: 1, d: D}]", ["erased"], id="its-own-chief"
        ),
        pytest.param(
            "people: [{id: 1, name: a, chief_id: 2, d: D}, {id: 2, name: a, chief_id: 1, d: D}]",
            ["erased", "erased"],
            id="a-dead-ring",
        ),
        pytest.param(
            "people: [{id: 1, name: a, chief_id: 2, d: D}, {id: 2, name: a, chief_id: 1, d: D},"
            " {id: 3, name: a, chief_id: 1, d: N}]",
            ["kept", "kept", "kept"],
            id="a-ring-that-a-living-row-refers-to",
        ),
        pytest.param(
            "people: [{id: 1, name: a, chief_id: 2, d: D}, {id: 2, name: a, chief_id: 1, d: D},"
            " {id: 3, name: a, chief_id: null, d: N}]",
            ["erased", "erased", "kept"],
            id="a-ring-beside-a-living-row",
        ),
        pytest.param(
            "people: [{id: 1, name: a, chief_id: 2, d: N}, {id: 2, name: a, chief_id: 3, d: D},"
            " {id: 3, name: a, chief_id: 2, d: D}, {id: 4, name: a, chief_id: 2, d: D}]",
            ["kept", "kept", "kept", "erased"],
            id="a-chain-into-a-ring",
        ),
    ],
)
def test_rings_of_dead_rows_go_together(rows: str, expected: list[str]) -> None:
    assert fates(chain(rows + "\ninvoices: []"), "people") == expected


def test_a_link_can_depend_on_a_type_and_on_several_columns() -> None:
    tables = """
people: &t
  serves: {work: {clocks: {held: d}}}
  columns: {name: name}
cases:
  <<: *t
  key: [no, year]
notes:
  <<: *t
  refers_to:
    people: {table: people, columns: ref, when: {kind: person}}
    case: {table: cases, columns: {ref: no, ref_year: year}, when: {kind: case}}
"""
    rows = f"""
people: [{{id: 1, name: a, d: {OLD}}}]
cases: [{{no: 1, year: 2020, name: a, d: {OLD}}}, {{no: 1, year: 2021, name: a, d: {OLD}}}]
notes:
  - {{id: 1, name: a, d: {NEW}, kind: KIND, ref: 1, ref_year: 2021}}
  - {{id: 2, name: a, d: {NEW}, kind: case, ref: 1, ref_year: null}}
"""
    case = verdict(rule("{for: 3 years, after: held}"), tables, rows.replace("KIND", "case"))
    assert (fates(case, "people"), fates(case, "cases")) == (["erased"], ["erased", "kept"])
    person = verdict(rule("{for: 3 years, after: held}"), tables, rows.replace("KIND", "person"))
    assert (fates(person, "people"), fates(person, "cases")) == (["kept"], ["erased", "erased"])


def test_statistics_stay_and_keep_their_parents() -> None:
    """Reading 25."""
    tables = CHAIN.replace("KEEPS", "true") + "  when_due: statistics\n"
    rows = f"""
people: [{{id: 1, name: a, chief_id: null, d: {OLD}}}]
invoices: [{{id: 1, name: a, person_id: 1, d: {OLD}}}, {{id: 2, name: null, person_id: null,
           d: {OLD}}}, {{id: 3, name: a, person_id: null, d: {NEW}}}]
"""
    found = verdict(rule("{for: 3 years, after: held}"), tables, rows)
    assert fates(found, "invoices") == ["statistics", "statistics", "kept"]
    assert [found.rows[("invoices", (n,))].blank for n in (1, 2, 3)] == [("name",), (), ()]
    assert found.rows[("people", (1,))].skeleton
    assert found.count("invoices", "statistics") == 2
    assert found.blank_count("invoices", "name") == 1


def test_a_table_without_personal_columns_follows_the_row_above() -> None:
    """Reading 20; and what belongs to nothing is never touched."""
    tables = """
people:
  serves: {work: {clocks: {held: d}}}
  columns: {name: name}
courses: {}
signups:
  belongs_to: {people: person_id}
  refers_to: {courses: course_id}
"""
    rows = f"""
people: [{{id: 1, name: a, d: {NEW}}}, {{id: 2, name: a, d: {OLD}}}]
courses: [{{id: 1}}]
signups: [{{id: 1, person_id: 1, course_id: 1}}, {{id: 2, person_id: 2, course_id: 1}},
          {{id: 3, person_id: null, course_id: 1}}]
"""
    found = verdict(rule("{for: 3 years, after: held}"), tables, rows)
    assert fates(found, "people") == ["kept", "erased"]
    assert fates(found, "signups") == ["kept", "erased", "kept"]
    assert fates(found, "courses") == ["kept"]


# ----------------------------------------------------------------------------- review and blanks


def test_a_field_that_loses_some_of_its_categories_is_read_by_a_person() -> None:
    activities = """
  work: {data: [note], basis: {contract: c}, keep: {for: 3 years, after: held}}
  care: {data: [case_note], basis: {contract: c}, keep: {for: 3 years, after: cared}}
"""
    tables = """
people:
  serves: {work: {clocks: {held: d}}, care: {clocks: {cared: c}}}
  columns: {text: [note, case_note]}
"""
    rows = f"""
people: [{{id: 1, text: x, d: {NEW}, c: {NEW}}}, {{id: 2, text: x, d: {NEW}, c: {OLD}}},
         {{id: 3, text: x, d: {OLD}, c: {OLD}}}, {{id: 4, text: null, d: {NEW}, c: {OLD}}}]
"""
    found = verdict(activities, tables, rows)
    assert fates(found) == ["kept", "kept", "erased", "kept"]
    assert [found.rows[("people", (n,))].review for n in (1, 2, 3, 4)] == [(), ("text",), (), ()]
    assert found.review_count("people", "text") == 1


MENTIONS = """
people:
  serves: {work: {clocks: {held: d}}}
  subjects: {person: {email: email}}
  columns: {name: name, text: {holds: note, mentions: others}}
"""


@pytest.mark.parametrize(
    ("day", "text", "fate", "blank", "review"),
    [
        pytest.param(NEW, "x", "kept", ("name",), ("text",), id="by-the-decision"),
        pytest.param(NEW, "null", "erased", (), (), id="nothing-to-read"),
        pytest.param(OLD, "x", "erased", (), (), id="by-time"),
    ],
)
def test_a_text_that_mentions_others_is_read_before_it_goes_by_a_decision(
    day: str, text: str, fate: str, blank: tuple[str, ...], review: tuple[str, ...]
) -> None:
    found = verdict(
        NOTES_RULE,
        MENTIONS,
        f"people: [{{id: 1, name: a, email: kari@example.org, text: {text}, d: {day}}}]",
        decisions=[erasure("2024-05-01")],
    )
    (row,) = found.rows.values()
    assert (row.fate, row.blank, row.review) == (fate, blank, review)


@pytest.mark.parametrize(
    ("blank", "value", "is_blank"),
    [
        ("null", "null", True),
        ("null", "''", False),
        ('{value: ""}', "''", True),
        ('{value: ""}', "null", True),
        ('{value: ""}', "x", False),
        ('{unique: "gone-{key}@example.invalid"}', "gone-1-2020@example.invalid", True),
        ('{unique: "gone-{key}@example.invalid"}', "gone-2-2020@example.invalid", False),
        ('{unique: "{key}"}', "null", True),
    ],
)
def test_what_is_blank_already_is_not_blanked_again(blank: str, value: str, is_blank: bool) -> None:
    system = yaml.safe_load(f"""
tables: {{people: {{key: [no, year], columns: {{email: {{holds: email, blank: {blank}}}}}}}}}
""")
    rows = yaml.safe_load(f"people: [{{no: 1, year: 2020, email: {value}}}]")
    judged = Judge({}, system, read_map(system, rows), AS_OF, (), (), {})
    (row,) = judged.map.rows["people"]
    assert judged.is_blank(row, "email") is is_blank


def test_columns_of_a_serve_say_which_fields_it_covers() -> None:
    tables = """
people:
  serves: {work: {clocks: {held: d}, columns: [first]}, other: {clocks: {held: e}}}
  columns: {first: name, last: name}
"""
    activities = (
        rule("{for: 3 years, after: held}")
        + """
  other: {data: [name], basis: {contract: c}, keep: {for: 3 years, after: held}}
"""
    )
    rows = f"people: [{{id: 1, first: a, last: b, d: {NEW}, e: {OLD}}}]"
    assert verdict(activities, tables, rows).rows[("people", (1,))].blank == ("last",)


def test_clocks_of_the_table_are_shared_and_those_of_a_serve_come_first() -> None:
    tables = """
people:
  clocks: {held: d}
  serves: {work: {}, other: {clocks: {held: e}}}
  columns: {name: name, text: note}
"""
    activities = (
        rule("{for: 3 years, after: held}")
        + """
  other: {data: [note], basis: {contract: c}, keep: {for: 3 years, after: held}}
"""
    )
    rows = f"people: [{{id: 1, name: a, text: b, d: {NEW}, e: {OLD}}}]"
    assert verdict(activities, tables, rows).rows[("people", (1,))].blank == ("text",)
