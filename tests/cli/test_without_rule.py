"""Rows that belong to no activity: nothing keeps them, and no promise says that they go.

Method: the club's list also holds people who are no members. Call the commands at the desk; look at
which rows each rule is said to concern, at what a night does, and at what `status` tells.
"""

from __future__ import annotations

from typing import Any

import pytest

from cli.desk import SYSTEMS, Desk, days_ago

MEMBERS_ONLY = SYSTEMS.replace(
    "{clocks: {membership_ended: left_on}}",
    "{when: {column: kind, is: member}, clocks: {membership_ended: left_on}}",
).replace("left_on]", "left_on, kind]")


@pytest.fixture
def list_of(desk: Desk) -> Desk:
    """Return the desk with two people on the list who are no members."""
    desk.script("ALTER TABLE members ADD COLUMN kind TEXT; UPDATE members SET kind = 'member';")
    for number, name in ((7, "Per"), (8, "Pia")):
        desk.sql(
            "INSERT INTO members VALUES (?, ?, ?, NULL, NULL, 'guest')",
            number,
            name,
            f"{name.lower()}@example.org",
        )
    desk.write(systems=MEMBERS_ONLY)
    return desk


def only_step(desk: Desk) -> dict[str, Any]:
    """Return the one step of a plan."""
    [step] = desk.ombud("plan", "--json").json["steps"]
    return step


def names(desk: Desk) -> list[str]:
    """Return who is on the list."""
    return [name for (name,) in desk.sql("SELECT name FROM members ORDER BY id")]


def test_a_row_of_no_activity_is_under_no_rule(list_of: Desk) -> None:
    step = only_step(list_of)
    assert (step["action"], step["count"]) == ("erase", 3)
    assert (step["by_rule"], step["by_cap"], step["without_rule"]) == ({"membership": 1}, {}, 2)
    assert "no activity needs 2 of them" in step["because"]


def test_a_plan_says_that_no_activity_needs_what_no_rule_names(list_of: Desk) -> None:
    list_of.sql("DELETE FROM members WHERE name = 'Ola'")
    step = only_step(list_of)
    assert (step["rules"], step["without_rule"], step["because"]) == ([], 2, "no activity needs it")
    assert "no activity needs it" in list_of.ombud("plan").out


def test_a_night_leaves_what_no_rule_names_to_a_person(list_of: Desk) -> None:
    list_of.sql("DELETE FROM members WHERE name = 'Ola'")
    night = list_of.ombud("sweep")
    assert (night.code, "no rule names these rows" in night.out) == (3, True), night.out
    assert names(list_of) == ["Kari", "Per", "Pia"]


def test_a_rule_that_is_pre_approved_takes_along_no_row_that_it_does_not_name(desk: Desk) -> None:
    """Berit approved for every night that former members go; nobody approved the others."""
    assert desk.ombud("apply", desk.plan(), "--pre-approve").code == 0
    desk.script("ALTER TABLE members ADD COLUMN kind TEXT; UPDATE members SET kind = 'member';")
    desk.write(systems=MEMBERS_ONLY)
    desk.sql(
        "INSERT INTO members VALUES (4, 'Anne', 'a@example.org', NULL, ?, 'member')", days_ago(800)
    )
    assert desk.ombud("apply", desk.plan(), "--pre-approve").code == 0
    assert names(desk) == ["Kari"]

    desk.sql(
        "INSERT INTO members VALUES (5, 'Anne', 'a@example.org', NULL, ?, 'member')", days_ago(800)
    )
    desk.sql("INSERT INTO members VALUES (6, 'Per', 'p@example.org', NULL, NULL, 'guest')")
    night = desk.ombud("sweep")
    assert (night.code, "no rule names 1 of these rows" in night.out) == (3, True), night.out
    assert names(desk) == ["Kari", "Anne", "Per"]

    # Without the guest, the night does what was approved.
    desk.sql("UPDATE members SET kind = 'member' WHERE name = 'Per'")
    assert desk.ombud("sweep").code == 0
    assert names(desk) == ["Kari", "Per"]


def test_a_person_can_approve_what_no_rule_names(list_of: Desk) -> None:
    assert list_of.ombud("apply", list_of.plan()).code == 0
    assert names(list_of) == ["Kari"]


def test_status_tells_rows_that_no_promise_counts(list_of: Desk) -> None:
    said = list_of.ombud("status").out
    assert "backlog: 1 row overdue under `membership` (club.members 1)" in said
    assert (
        "`club.members`: 2 rows are due that no rule names, so no sweep erases: `ombud plan`"
        in said
    )
    list_of.ombud("apply", list_of.plan())
    assert "no rule names" not in list_of.ombud("status").out


def test_what_was_seen_of_them_is_in_the_log(list_of: Desk) -> None:
    list_of.ombud("status")
    assert '"without_rule":2' in list_of.log()
