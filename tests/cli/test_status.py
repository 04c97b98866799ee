"""`ombud status` measures, logs, and says how each promise stands.

Method: call it at the desk; change the club's database between calls; read what it printed and
what the log holds.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cli.desk import POLICY, SYSTEMS, ZONE, Desk, days_ago, today
from ombud.evidence import Log, Observation, RuleSeen, TableSeen, observe
from ombud.store import open_store

LEGAL = POLICY.replace(
    "promises:",
    """  bookkeeping:
    law: no_bok5
    title: {nb: Regnskap}
    purpose: {nb: Føre regnskap.}
    about: members
    data: [name]
    keep: {after: membership_ended}
promises:""",
)
CRITERION = POLICY.replace(
    "keep: {for: 1 year, after: membership_ended}",
    "keep: {needed_from: membership_ended, decide: {by: Styret, every: 1 year}}",
)


def test_a_row_long_overdue_breaks_its_promise(desk: Desk) -> None:
    said = desk.ombud("status")
    assert said.code == 1
    assert "CL-1  not kept" in said.out
    assert "0 kept, 1 not kept, 0 nothing due, 0 not provable" in said.out


def test_the_backlog_is_told_per_rule_and_table(desk: Desk) -> None:
    assert "backlog: 1 row overdue under `membership` (club.members 1)" in desk.ombud("status").out


def test_what_was_measured_is_logged_before_anything_is_said_of_it(desk: Desk) -> None:
    [promise] = desk.ombud("status", "--json").json["promises"]
    assert promise["evidence"][0]["entry"] == 0
    assert '"kind":"observed"' in desk.log()


def test_the_json_is_that_of_the_design(desk: Desk) -> None:
    found = desk.ombud("status", "--json").json
    assert set(found) == {"version", "promises", "findings"}
    [promise] = found["promises"]
    assert set(promise) == {"id", "says", "proof", "standing", "evidence", "since"}
    assert (promise["id"], promise["proof"], promise["standing"]) == ("CL-1", "rule", "not_kept")


def test_a_promise_is_said_in_the_first_language_and_cut_to_a_line(desk: Desk) -> None:
    long = "Vi sletter deg " + "og deg " * 20
    desk.write(policy=POLICY.replace("Ett år etter at du går ut er du slettet.", f"{long}slutt."))
    line = desk.ombud("status").out.splitlines()[0]
    assert "Vi sletter deg" in line
    assert "…" in line
    assert "slutt" not in line


def test_once_the_row_is_gone_the_promise_is_kept(desk: Desk) -> None:
    desk.ombud("apply", desk.plan())
    said = desk.ombud("status")
    assert (said.code, "CL-1  kept" in said.out) == (0, True)
    assert "backlog" not in said.out


def test_without_measuring_nothing_is_asked_and_nothing_logged(desk: Desk) -> None:
    said = desk.ombud("status", "--no-measure")
    assert "nobody has looked at `club` yet" in said.out
    assert (said.code, desk.log()) == (0, "")


def test_a_past_day_is_said_from_the_log_without_measuring(desk: Desk) -> None:
    desk.ombud("status")
    before = desk.log()
    said = desk.ombud("status", "--as-of", days_ago(1))
    assert "not provable" in said.out
    assert (said.code, desk.log()) == (0, before)


def test_today_is_measured_also_when_it_is_named(desk: Desk) -> None:
    assert desk.ombud("status", "--as-of", today().isoformat()).code == 1


def test_nothing_is_said_of_a_day_to_come(desk: Desk) -> None:
    tomorrow = (today() + timedelta(days=1)).isoformat()
    said = desk.ombud("status", "--as-of", tomorrow)
    assert (said.code, said.out) == (3, "")
    assert said.err.startswith(f"error: {tomorrow} is not yet")


def test_a_system_that_is_down_leaves_the_others_measured(desk: Desk) -> None:
    desk.write(systems=SYSTEMS + SYSTEMS.split("systems:\n")[1].replace("club:", "old:", 1))
    text = (desk.folder / "systems.yaml").read_text()
    second = text.rindex("${CLUB_URL}")
    text = text[:second] + "sqlite:////nowhere/old.sqlite" + text[second + len("${CLUB_URL}") :]
    (desk.folder / "systems.yaml").write_text(text)
    said = desk.ombud("status")
    assert said.code == 1, "a promise that is not kept is told before a system that is down"
    assert "`club.members`: 1 row is overdue" in said.out
    assert "error: system `old`" in said.err


def test_a_system_that_is_down_makes_its_promises_not_provable(desk: Desk) -> None:
    said = desk.ombud("status", env={"CLUB_URL": "sqlite:////nowhere/club.sqlite"})
    assert "CL-1  not provable" in said.out
    assert said.err.startswith("error: system `club`")
    assert said.code == 4


def test_a_clock_that_cannot_be_read_is_never_taken_for_kept(desk: Desk) -> None:
    """A text compared with a date is never due: its promise would look kept."""
    desk.script("DROP TABLE members;" + desk_table("left_on TEXT"))
    desk.sql("INSERT INTO members VALUES (2, 'Ola', NULL, NULL, '24-11-2001')")
    said = desk.ombud("status")
    assert "CL-1  not provable" in said.out
    assert "error[Z40]" in said.out
    assert "was not measured: the map and the live schema disagree" in said.err
    assert said.code == 3


def desk_table(clock: str) -> str:
    """Return the statement for a table of members with another clock."""
    return f"CREATE TABLE members (id INTEGER PRIMARY KEY, name, email, phone, {clock});"


def test_rows_without_the_date_that_starts_their_period_are_told(desk: Desk) -> None:
    clock = "membership_ended: {column: left_on, null: finding}"
    desk.write(systems=SYSTEMS.replace("membership_ended: left_on", clock))
    out = desk.ombud("status").out
    assert "`club.members`: 1 row without the date that starts `membership`" in out


def test_rows_that_wait_for_a_decision_are_told_with_what_to_do(desk: Desk) -> None:
    desk.write(policy=CRITERION)
    said = desk.ombud("status")
    assert said.code == 1
    assert "1 row of `membership` wait: `ombud duty decide membership`" in said.out


def test_an_interest_that_nobody_weighed_is_told_with_the_law(desk: Desk) -> None:
    """GDPR Art. 6(1)(f), 5(2): no promise speaks of it, and no promise is broken by it."""
    interest = "{legitimate_interests: {nb: Å kjenne medlemmene}}"
    desk.write(policy=POLICY.replace("{contract: {nb: Medlemskapet}}", interest))
    desk.ombud("apply", desk.plan())
    said = desk.ombud("status")
    assert (said.code, "CL-1  kept" in said.out) == (0, True)
    assert "warning[O03]: `membership` rests on a legitimate interest" in said.out
    assert "law:  GDPR Art. 6(1)(f)" in said.out
    [finding] = desk.ombud("status", "--json").json["findings"]
    assert (finding["code"], finding["severity"]) == ("O03", "warning")
    assert "O03" not in desk.ombud("status", "--as-of", days_ago(1)).out


def test_a_column_that_nobody_mapped_is_told(desk: Desk) -> None:
    desk.script("ALTER TABLE members ADD COLUMN nickname TEXT")
    assert "nobody has said what `nickname` holds" in desk.ombud("status").out


def test_the_heads_of_the_log_are_signed_where_there_is_a_key(desk: Desk) -> None:
    key = {"OMBUD_KEY": "a key for a test, long enough to seal with"}
    desk.ombud("status", env=key)
    assert desk.ombud("verify", "--json").json["signed"] == 1


def test_another_key_than_the_logs_own_is_told_after_the_standings(desk: Desk) -> None:
    desk.ombud("status", env={"OMBUD_KEY": "a key for a test, long enough to seal with"})
    desk.ombud("apply", desk.plan())
    said = desk.ombud("status", env={"OMBUD_KEY": "another key for a test, as long as that"})
    assert "CL-1  kept" in said.out
    assert (said.code, "`OMBUD_KEY` is not the key" in said.err) == (3, True)


def test_no_value_of_a_row_is_in_the_log_or_in_what_is_said(desk: Desk) -> None:
    desk.write(
        policy=LEGAL,
        systems=SYSTEMS.replace(
            "        subjects:",
            "          bookkeeping: {clocks: {membership_ended: left_on}}\n        subjects:",
        ),
    )
    said = desk.ombud("status")
    text = said.out + said.err + desk.log()
    assert not [word for word in ("Kari", "Ola", "example.org", "22 33") if word in text]


# ---------------------------------------------------------------- the past, and gaps


def looked_at(desk: Desk, *instants: datetime) -> None:
    """Log what `status` would have, at instants of the past."""
    counts = {"members": TableSeen(3, rules={"membership": RuleSeen(alive=3)})}
    store = open_store("sqlite:///ombud.db", create=True, workspace=desk.folder)
    for at in instants:
        day = at.astimezone(ZoneInfo(ZONE)).date()
        seen = Observation(system="club", at=at, as_of=day, basis="basis", tables=counts)
        observe(Log(store), seen, gap=timedelta(hours=24))
    store.close()


YEAR_END = datetime(2025, 12, 31, 23, tzinfo=UTC)  # midnight in Oslo


@pytest.mark.parametrize(
    ("at", "day", "known"),
    [
        pytest.param(YEAR_END - timedelta(microseconds=1), "2025-12-31", True, id="last-moment"),
        pytest.param(YEAR_END, "2025-12-31", False, id="first-moment-of-the-year"),
        pytest.param(YEAR_END, "2026-01-01", True, id="its-own-day"),
    ],
)
def test_a_past_day_ends_at_the_organisations_midnight(
    desk: Desk, at: datetime, day: str, known: bool
) -> None:
    looked_at(desk, at)
    said = desk.ombud("status", "--as-of", day).out
    assert ("nothing due" in said.splitlines()[0], "nobody has looked" in said) == (
        known,
        not known,
    )


def test_gaps_are_told_in_local_time_over_the_year_end(desk: Desk) -> None:
    looked_at(desk, YEAR_END - timedelta(hours=30), YEAR_END + timedelta(hours=12))
    call = ("status", "--gaps", "2025-12-31", "--as-of", "2026-01-01")
    assert desk.ombud(*call).out.splitlines() == [
        "club  nothing proved from 2025-12-31 18:00 +0100 to 2026-01-01 12:00 +0100 (18.0 h)"
    ]
    [gap] = desk.ombud(*call, "--json").json["gaps"]
    assert gap == {
        "system": "club",
        "from": "2025-12-31T17:00:00.000000Z",
        "to": "2026-01-01T11:00:00.000000Z",
    }


def test_a_gap_over_the_night_in_which_clocks_go_back_is_an_hour_longer(desk: Desk) -> None:
    looked_at(desk, datetime(2025, 10, 23, 22, tzinfo=UTC))
    said = desk.ombud("status", "--gaps", "2025-10-25", "--as-of", "2025-10-26").out
    assert said == (
        "club  nothing proved from 2025-10-25 00:00 +0200 to 2025-10-26 23:59 +0100 (49.0 h)\n"
    )


def test_where_somebody_looked_often_enough_there_is_no_gap(desk: Desk) -> None:
    days = [datetime(2025, 12, day, 12, tzinfo=UTC) for day in range(28, 32)]
    looked_at(desk, *days)
    said = desk.ombud("status", "--gaps", "2025-12-29", "--as-of", "2025-12-31")
    assert (said.code, said.out) == (0, "club  looked at often enough all the time\n")


def test_gaps_cannot_begin_after_their_end(desk: Desk) -> None:
    said = desk.ombud("status", "--gaps", "2025-12-29", "--as-of", "2025-12-28")
    assert (said.code, said.out) == (2, "")
    assert "comes after" in said.err
