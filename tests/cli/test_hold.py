"""`ombud hold` keeps what it covers, and never says whom that is.

Method: place holds of each kind at the desk, plan and apply; look at what is still there, and for
names of people in everything that was printed or logged.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli.desk import POLICY, SYSTEMS, Desk, Said, days_ago, today
from ombud.app import now, open_workspace
from ombud.apply import Apply
from ombud.apply.place import release_hold
from ombud.apply.sweep import Sweep
from ombud.errors import Stopped

REVIEW = (today() + timedelta(days=90)).isoformat()
OLA = "email=OLA @example.org"
ON_OLA = ("--person", OLA)
ON_ROW = ("--rows", "club.members", "2")
ON_DAYS = ("--range", "club.members", "membership_ended", f"{days_ago(900)}..{days_ago(700)}")


def place(desk: Desk, *scope: str, kind: str = "legal_claim", review: str = REVIEW) -> Said:
    """Place a hold."""
    why = ("--kind", kind, "--reason", "Claim 17", "--review", review)
    return desk.ombud("hold", "place", *why, *scope)


def ola_is_there(desk: Desk) -> bool:
    """Return whether Ola's row is still there, untouched."""
    return desk.sql("SELECT name FROM members WHERE id = 2") == [("Ola",)]


@pytest.mark.parametrize(
    "scope",
    [
        pytest.param(ON_OLA, id="person"),
        pytest.param(("--person", "phone=+47 22334402"), id="phone-written-otherwise"),
        pytest.param(ON_ROW, id="row"),
        pytest.param(("--rows", "club.members", "id=2"), id="row-by-column"),
        pytest.param(ON_DAYS, id="days"),
        pytest.param((*ON_DAYS[:2], "left_on", ON_DAYS[3]), id="days-by-column"),
    ],
)
def test_what_a_hold_covers_is_counted_and_stays(desk: Desk, scope: tuple[str, ...]) -> None:
    said = place(desk, *scope)
    assert said.code == 0
    assert "  club: 1 row\n" in said.out
    assert desk.ombud("plan").out.startswith("nothing is due")
    assert ola_is_there(desk)


def test_holds_are_listed_and_released_for_other_programs_too(desk: Desk) -> None:
    name = place(desk, "--json", *ON_OLA).json["hold"]
    assert [each["id"] for each in desk.ombud("hold", "--json").json["holds"]] == [name]
    assert desk.ombud("hold", "release", name, "--json").json == {"version": 1, "hold": name}
    assert desk.ombud("hold", "--json").json["holds"] == []


def test_what_it_does_not_cover_goes(desk: Desk) -> None:
    said = place(desk, "--person", "email=kari@example.org")
    assert "  club: 1 row\n" in said.out
    desk.ombud("apply", desk.plan())
    assert not ola_is_there(desk)


def test_a_hold_placed_after_a_plan_was_made_wins(desk: Desk) -> None:
    digest = desk.plan()
    place(desk, *ON_OLA)
    assert desk.ombud("apply", digest).code == 0
    assert ola_is_there(desk)


def test_a_hold_on_days_reads_a_clock_as_the_map_says(desk: Desk) -> None:
    seconds = int(datetime.now(UTC).timestamp()) - 800 * 86_400
    desk.script(
        "DROP TABLE members; CREATE TABLE members"
        " (id INTEGER PRIMARY KEY, name TEXT, email TEXT, phone TEXT, left_on INTEGER);"
    )
    desk.sql("INSERT INTO members VALUES (2, 'Ola', NULL, NULL, ?)", seconds)
    clock = "membership_ended: {column: left_on, reads_as: unix_seconds}"
    desk.write(systems=SYSTEMS.replace("membership_ended: left_on", clock))
    assert "  club: 1 row\n" in place(desk, *ON_DAYS).out


def test_after_its_release_the_rules_decide_again(desk: Desk) -> None:
    hold = place(desk, *ON_OLA, "--json").json["hold"]
    released = desk.ombud("hold", "release", hold)
    assert (released.code, "is released" in released.out) == (0, True)
    desk.ombud("apply", desk.plan())
    assert not ola_is_there(desk)


def test_ids_are_short_and_each_is_another(desk: Desk) -> None:
    ids = {place(desk, *ON_OLA, "--json").json["hold"] for _ in range(3)}
    assert len(ids) == 3
    assert all(len(each) <= 12 for each in ids)


def test_a_hold_that_covers_nothing_is_placed_and_doubted(desk: Desk) -> None:
    said = place(desk, "--person", "email=nobody@example.org")
    assert said.code == 0
    assert "0 rows match now: nothing that is there is kept." in said.out
    [hold] = [line.split()[1] for line in said.out.splitlines() if line.startswith("hold ")]
    assert f"`ombud hold release {hold}`" in said.out


def test_a_key_that_is_not_there_is_doubted(desk: Desk) -> None:
    assert "not every key that you named is there" in place(desk, *ON_ROW, "99").out


def test_a_system_that_is_down_does_not_keep_a_hold_from_counting(desk: Desk) -> None:
    why = ("--kind", "legal_claim", "--reason", "Claim 17", "--review", REVIEW)
    away = {"CLUB_URL": "sqlite:////nowhere/club.sqlite"}
    said = desk.ombud("hold", "place", *why, *ON_OLA, env=away)
    assert said.code == 0
    assert "club: did not answer" in said.out
    assert desk.ombud("plan").out.startswith("nothing is due")


def test_a_batch_that_runs_makes_the_hold_wait(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Placing returns only once no batch that began before can still erase what it covers."""
    monkeypatch.setattr("ombud.apply.place.WAIT_S", 0)
    monkeypatch.setenv("CLUB_URL", f"sqlite:///{desk.file}")
    monkeypatch.delenv("OMBUD_DATABASE", raising=False)
    held, done = threading.Event(), threading.Event()

    def batch() -> None:
        ombud = open_workspace(desk.folder, create=True)
        with ombud.inputs.system_lock("club", 1):
            held.set()
            done.wait(30)
        ombud.close()

    running = threading.Thread(target=batch)
    running.start()
    held.wait(30)
    try:
        said = place(desk, *ON_OLA)
    finally:
        done.set()
        running.join()
    assert said.code == Stopped.exit_code
    assert "another run works on system `club`" in said.err
    assert desk.ombud("hold").out == "no hold is placed\n"


# ---------------------------------------------------------------- whom it covers is never said


def test_nobody_is_named_in_what_is_printed_or_logged(desk: Desk) -> None:
    hold = place(desk, *ON_OLA, "--json").json["hold"]
    calls = [
        place(desk, *ON_OLA),
        place(desk, *ON_ROW),
        desk.ombud("hold"),
        desk.ombud("hold", "list", "--json", "--all"),
        desk.ombud("hold", "list", "--reasons"),
        desk.ombud("status"),
        desk.ombud("hold", "release", hold),
    ]
    text = "".join(said.out + said.err for said in calls) + desk.log()
    assert not [word for word in ("OLA", "Ola", "ola@", "example.org", "Kari") if word in text]
    assert "people everywhere (1 by email)" in text


@pytest.mark.parametrize(
    "person",
    [
        pytest.param("ola@example.org", id="no-kind"),
        pytest.param("mail=ola@example.org", id="unknown-kind"),
        pytest.param("ola@example.org=email", id="the-wrong-way-round"),
        pytest.param("email=", id="no-value"),
    ],
)
def test_a_person_who_is_named_wrongly_is_not_repeated(desk: Desk, person: str) -> None:
    said = place(desk, "--person", person)
    assert said.code == 2
    assert said.err.startswith("error: ")
    assert "ola" not in said.out + said.err
    assert desk.ombud("hold").out == "no hold is placed\n"


def test_why_is_told_only_to_who_asks(desk: Desk) -> None:
    place(desk, *ON_OLA)
    assert "Claim 17" not in desk.ombud("hold").out
    assert "Claim 17 (Berit)" in desk.ombud("hold", "list", "--reasons").out
    assert "Claim 17" not in desk.log()


# ---------------------------------------------------------------- what is asked for


@pytest.mark.parametrize(
    ("call", "says"),
    [
        pytest.param((*ON_OLA, "--kind", "legal_clam"), "did you mean `legal_claim`?", id="kind"),
        pytest.param((*ON_OLA, "--kind", "incident"), "does not say on which law", id="law"),
        pytest.param((*ON_OLA, "--review", days_ago(1)), "is past", id="review"),
        pytest.param((*ON_OLA, "--review", "soon"), "not a date", id="no-date"),
        pytest.param((*ON_OLA, "--reason", " "), "a hold needs a reason", id="reason"),
        pytest.param((), "people, or rows, or a range", id="nothing"),
        pytest.param((*ON_OLA, *ON_ROW), "people, or rows, or a range", id="two"),
        pytest.param((*ON_OLA, "17"), "keys without a table", id="keys"),
        pytest.param(ON_ROW[:2], "no key of `club.members`", id="no-keys"),
        pytest.param(("--rows", "club.member", "2"), "did you mean `club.members`?", id="table"),
        pytest.param((*ON_DAYS[:3], "2026-11-01"), "not a range of days", id="one-day"),
        pytest.param((*ON_DAYS[:3], "2026-11-02..2026-11-01"), "not a range", id="backwards"),
        pytest.param((*ON_DAYS[:2], "membership_end", ON_DAYS[3]), "did you mean", id="clock"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_placed(
    desk: Desk, call: tuple[str, ...], says: str
) -> None:
    said = place(desk, *call)
    assert (said.code, says in said.err) == (2, True)
    assert desk.ombud("hold").out == "no hold is placed\n"


def test_a_kind_of_the_policy_needs_its_law(desk: Desk) -> None:
    desk.write(policy=POLICY.replace("promises:", "hold_kinds: {audit: {nb: Revisjon}}\npromises:"))
    assert place(desk, *ON_OLA, kind="audit").code == 2
    said = place(desk, *ON_OLA, "--law", "NO bokføringsloven § 13", kind="audit")
    assert said.code == 0
    assert "audit: people everywhere (1 by email)" in desk.ombud("hold").out


def test_a_release_of_what_is_not_there_is_wrong(desk: Desk) -> None:
    place(desk, *ON_OLA)
    said = desk.ombud("hold", "release", "0123456789ab")
    assert said.code == 2
    assert "there is no hold" in said.err


def test_released_holds_are_listed_on_request(desk: Desk) -> None:
    desk.ombud("hold", "release", place(desk, *ON_OLA, "--json").json["hold"])
    assert desk.ombud("hold").out == "no hold is placed\n"
    assert "released on" in desk.ombud("hold", "list", "--all").out


def test_the_key_of_several_columns_is_named_by_its_columns(desk: Desk, tmp_path: Path) -> None:
    desk.script(
        "DROP TABLE members; CREATE TABLE members (id INTEGER, year INTEGER, name TEXT, email TEXT,"
        " phone TEXT, left_on DATE, PRIMARY KEY (id, year));"
    )
    desk.sql("INSERT INTO members VALUES (2, 2020, 'Ola', NULL, NULL, ?)", days_ago(800))
    systems = SYSTEMS.replace("members:\n", "members:\n        key: [id, year]\n", 1)
    desk.write(systems=systems.replace("[id, left_on]", "[id, year, left_on]"))
    assert place(desk, *ON_ROW).code == 2
    assert "  club: 1 row\n" in place(desk, "--rows", "club.members", "year=2020,id=2").out
    twice = place(desk, "--rows", "club.members", "year=2020,id=1,id=2")
    assert (twice.code, "the key of `members` is id, year" in twice.err) == (2, True)


@pytest.mark.parametrize("name", ["Dahl, Ola", "id=2,Ola", "a=b", "", 'o\'x, "y"'])
def test_a_key_may_hold_what_stands_between_its_columns(desk: Desk, name: str) -> None:
    desk.script(
        "DROP TABLE members; CREATE TABLE members (name TEXT, id INTEGER, email TEXT,"
        " phone TEXT, left_on DATE, PRIMARY KEY (name, id));"
    )
    desk.sql("INSERT INTO members VALUES (?, 2, 'o@example.org', NULL, ?)", name, days_ago(800))
    systems = SYSTEMS.replace("members:\n", "members:\n        key: [name, id]\n", 1)
    desk.write(systems=systems.replace("columns: {name: name, ", "columns: {name: none, "))
    assert "  club: 1 row\n" in place(desk, "--rows", "club.members", f"name={name},id=2").out
    assert desk.ombud("why", "club.members", f"name={name},id=2").code == 0


def test_a_release_that_meets_a_sweep_is_swept_by_that_one_or_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sweep begins after the instant of a release and before anybody can read of it."""
    monkeypatch.setenv("CLUB_URL", f"sqlite:///{desk.file}")
    desk.ombud("apply", desk.plan(), "--pre-approve")
    desk.sql("INSERT INTO members VALUES (2, 'Ola', 'ola@example.org', NULL, '2020-01-01')")
    held = place(desk, *ON_OLA, "--json").json["hold"]
    assert desk.ombud("sweep").code == 0
    releasing, sweeping = open_workspace(desk.folder), open_workspace(desk.folder)
    applier = Apply(sweeping.policy, sweeping.connectors, sweeping.inputs, sweeping.log, now)
    night = Sweep(applier, sweeping.systems, sweeping.plans)
    looked = []
    swept = threading.Thread(target=lambda: looked.append(night.sweep(sweeping.timing()).looked))

    def clock() -> datetime:
        at = now()
        swept.start()
        swept.join(1)  # it ends here, or waits for the release
        return at

    release_hold(held, releasing.connectors, releasing.inputs, clock, by="Berit")
    swept.join()
    looked.append(night.sweep(sweeping.timing()).looked)
    releasing.close()
    sweeping.close()
    assert looked == [{"club": "delta"}] * 2
    assert not ola_is_there(desk)
