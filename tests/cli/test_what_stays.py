"""Why a row stays of which nothing is kept, and what of its dates is in doubt, said in place.

Method: at the desk, with invoices that refer to members for five years; and with dates as programs
leave them: none, a text that is none, and the year 2999.
"""

from __future__ import annotations

from typing import Any

import pytest

from cli.desk import POLICY, SYSTEMS, TABLES, Desk, days_ago

WITH_INVOICES = POLICY.replace(
    "promises:",
    """  dues:
    title: {nb: Regnskap}
    purpose: {nb: Føre regnskap.}
    about: members
    data: [address]
    basis: {legal_obligation: NO bokføringsloven § 13(2)}
    keep: {for: 5 years, after: session_held}
promises:""",
)
INVOICES = SYSTEMS + (
    """\
      invoices:
        refers_to: {members: member_id}
        serves: {dues: {clocks: {session_held: dated_on}}}
        columns: {address: address}
        not_personal: [id, member_id, dated_on]
"""
)
OF_INVOICES = """
CREATE TABLE invoices (id INTEGER PRIMARY KEY, member_id INTEGER REFERENCES members (id),
    address TEXT, dated_on DATE);
CREATE INDEX invoices_member ON invoices (member_id);
CREATE INDEX invoices_dated ON invoices (dated_on);
"""


@pytest.fixture
def billed(desk: Desk) -> Desk:
    """Return the desk with an invoice to Ola, who left; it stays for years."""
    desk.write(policy=WITH_INVOICES, systems=INVOICES)
    desk.script(OF_INVOICES)
    desk.sql("INSERT INTO invoices VALUES (1, 2, 'Street 1', ?)", days_ago(900))
    return desk


def test_a_plan_says_why_rows_stay_whose_fields_are_blanked(billed: Desk) -> None:
    """The step told the rule that ended, and left open why the row is not erased."""
    [step] = billed.ombud("plan", "--json").json["steps"]
    assert (step["action"], step["count"]) == ("blank", 1)
    assert step["stays"] == "the rows stay: rows of `invoices` that stay refer to them"
    assert f"      {step['stays']}\n" in billed.ombud("plan").out


def test_why_says_what_keeps_a_row_of_which_nothing_is_kept(billed: Desk) -> None:
    said = billed.ombud("why", "club.members", "2")
    assert "the row stays, without what is due of it: a row of invoices refers to it" in said.out
    row: dict[str, Any] = billed.ombud("why", "club.members", "2", "--json").json["row"]
    assert (row["kept"], row["by_itself"], row["referred_by"]) == (True, False, ["invoices"])


def test_why_says_nothing_of_the_row_where_a_field_is_kept(billed: Desk) -> None:
    assert "the row" not in billed.ombud("why", "club.members", "1").out
    row = billed.ombud("why", "club.members", "1", "--json").json["row"]
    assert (row["kept"], row["by_itself"]) == (True, True)


def test_an_erasing_step_needs_no_reason_to_stay(desk: Desk) -> None:
    [step] = desk.ombud("plan", "--json").json["steps"]
    assert (step["action"], step["stays"]) == ("erase", None)


# ---------------------------------------------------------------- dates


@pytest.fixture
def dated(desk: Desk) -> Desk:
    """Return the desk with dates as text: one is none, one is missing, one is far ahead."""
    clock = "{column: left_on, reads_as: iso_text, null: finding}"
    desk.write(systems=SYSTEMS.replace("membership_ended: left_on", f"membership_ended: {clock}"))
    desk.script("DROP TABLE members;" + TABLES.replace("left_on DATE", "left_on TEXT"))
    for number, left in enumerate((None, "sommer 2019", "2999-01-01", days_ago(30)), 1):
        desk.sql("INSERT INTO members VALUES (?, 'x', 'x@example.org', NULL, ?)", number, left)
    return desk


DOUBTS = (
    "`club.members`: 1 row without the date that starts `membership`: kept",
    "`club.members`: 1 row holds no date that can be read where `membership` starts: kept",
    "`club.members`: 1 row starts `membership` after ",
)


@pytest.mark.parametrize("command", ["plan", "status"])
def test_dates_that_are_missing_unreadable_or_far_are_told_apart(dated: Desk, command: str) -> None:
    out = dated.ombud(command).out
    assert [says for says in DOUBTS if says not in out] == []
    assert "sommer" not in out
    assert "2999" not in out


@pytest.mark.parametrize(
    ("key", "open_", "says"),
    [
        ("1", "clock_missing", "the date that starts its period is missing"),
        ("2", "clock_unreadable", "no date that can be read starts its period: mend the value"),
    ],
)
def test_why_tells_them_apart_as_a_plan_does(dated: Desk, key: str, open_: str, says: str) -> None:
    assert f"name (name): kept: {says}\n" in dated.ombud("why", "club.members", key).out
    field = dated.ombud("why", "club.members", key, "--json").json["fields"]["name"]
    assert [field["open"], field["grounds"][0]["open"]] == [open_, open_]


def test_the_json_of_a_plan_counts_them(dated: Desk) -> None:
    found = dated.ombud("plan", "--json").json["clocks"]
    assert found == {"club.members": {"membership": {"missing": 2, "unreadable": 1, "far": 1}}}


def test_status_counts_them_in_its_evidence(dated: Desk) -> None:
    [promise] = dated.ombud("status", "--json").json["promises"]
    counts = {each["code"]: each["count"] for each in promise["evidence"]}
    assert (promise["standing"], counts) == (
        "not_provable",
        {"clock_missing": 1, "clock_unreadable": 1},
    )


# ---------------------------------------------------------------- nobody answers


def test_no_system_answers(desk: Desk) -> None:
    """Of what nobody could ask, nothing is said to be well."""
    gone = {"CLUB_URL": f"sqlite:///{desk.file}.gone"}
    plan = desk.ombud("plan", env=gone)
    assert plan.code == 4
    assert plan.out.startswith("no system answered: nobody knows what is due on ")
    sweep = desk.ombud("sweep", env=gone)
    assert sweep.code == 4
    assert sweep.out == "no system answered: nothing was done, and nobody knows what is due\n"


# ---------------------------------------------------------------- an edited log


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param("UPDATE log_entries SET entry = replace(entry, '1', '2')", id="an-entry"),
        pytest.param("DELETE FROM log_entries WHERE idx = (SELECT max(idx) FROM log_entries)",
                     id="cut-off"),
    ],
)  # fmt: skip
def test_status_notices_an_edited_log(desk: Desk, edit: str) -> None:
    desk.ombud("status", env={"OMBUD_KEY": "k" * 40})
    before = desk.log()
    desk.edit_log(edit)
    edited = desk.log()
    said = desk.ombud("status")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("error: the log does not verify\n  help: run `ombud verify`")
    assert desk.log() == edited != before


# ---------------------------------------------------------------- a map is no policy


def test_a_map_is_checked_with_its_policy(desk: Desk) -> None:
    said = desk.ombud("check", "systems.yaml")
    assert (said.code, said.out) == (2, "")
    assert "`systems.yaml` is a map, which is checked together with its policy" in said.err


@pytest.mark.parametrize("content", ["", "just words", "a: \x00"])
def test_of_a_map_that_is_there_nobody_says_that_it_is_not(desk: Desk, content: str) -> None:
    (desk.folder / "systems.yaml").write_text(content)
    said = desk.ombud("check")
    assert (said.code, "systems.yaml:" in said.out) == (1, True)
    assert "there is no `systems.yaml`" not in said.err
