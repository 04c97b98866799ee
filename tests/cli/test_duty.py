"""`ombud duty` lists what people do by hand, and records that they did it.

Method: a map with a setting, two tasks and a criterion, and promises that rest on them; call the
commands, and ask `status` and the log what they made of it. What depends on the time that passes
is asked of `duties` itself, with a clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli.desk import POLICY, SYSTEMS, Desk, days_ago, today
from ombud.app import Ombud, open_workspace
from ombud.apply.place import record_decision
from ombud.duties import Duty, duties
from ombud.evidence import shown
from ombud.plan.due import plan_retention
from ombud.plan.hold import Decision, PersonRef

DUTIES = (
    POLICY.replace(
        "keep: {for: 1 year, after: membership_ended}",
        "keep: {needed_from: membership_ended, decide: {by: Styret, every: 1 year}}",
    ).replace(
        "promises:",
        """  statistics:
    title: {nb: Statistikk}
    purpose: {nb: Se hva som leses.}
    about: members
    data: [usage]
    basis: {legitimate_interests: {nb: Et nettsted som leses}}
    keep: {for: 2 months, after: session_held}
promises:""",
    )
    + """
  - {id: CL-2, says: {nb: Lagres i to måneder.}, proof: {setting: web.retention}}
  - {id: CL-3, says: {nb: Gamle bilder slettes.}, proof: {task: web.old_pictures}}
  - {id: CL-4, says: {nb: Vi har taushetsplikt.}, proof: {attest: {by: Leder, every: 6 months}}}
"""
)
OUTSIDE = (
    SYSTEMS
    + """
  web:
    reach: outside
    serves: [statistics]
    settings:
      retention: {at_most: 2 months, by: Leder, every: 1 month, instructions: {nb: Les den av.}}
    tasks:
      old_pictures: {by: Leder, every: 1 month, instructions: {nb: Slett dem.}}
"""
)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """The desk, with things to do by hand."""
    desk.write(policy=DUTIES, systems=OUTSIDE)
    return desk


def states(desk: Desk) -> dict[str, str]:
    """Return how each duty stands."""
    return {each["name"]: each["state"] for each in desk.ombud("duty", "--json").json["duties"]}


def standing(desk: Desk, promise: str) -> str:
    """Return how a promise stands."""
    found = desk.ombud("status", "--json").json["promises"]
    return next(str(each["standing"]) for each in found if each["id"] == promise)


def test_everything_is_listed_that_people_do_by_hand(desk: Desk) -> None:
    found = desk.ombud("duty", "--json").json["duties"]
    assert {each["kind"]: (each["name"], each["by"]) for each in found} == {
        "criterion": ("membership", "Styret"),
        "setting": ("web.retention", "Leder"),
        "task": ("web.old_pictures", "Leder"),
        "attestation": ("CL-4", "Leder"),
    }
    assert {each["state"] for each in found} == {"missing"}


def test_the_list_says_who_and_how_and_what_to_call(desk: Desk) -> None:
    out = desk.ombud("duty").out
    assert "never done  setting      web.retention" in out
    assert "Les den av." in out
    assert "ombud duty read web.retention VALUE" in out


def test_a_workspace_without_duties_says_so(desk: Desk) -> None:
    desk.write()
    assert desk.ombud("duty").out == "nobody has anything to do by hand\n"


def test_holds_are_looked_at_again(desk: Desk) -> None:
    review = (today() + timedelta(days=30)).isoformat()
    why = ("--kind", "legal_claim", "--reason", "Claim", "--review", review)
    hold = desk.ombud("hold", "place", *why, "--rows", "club.members", "1", "--json").json["hold"]
    assert states(desk)[hold] == "not_due"
    assert f"not due     hold         {hold}  by {review}" in desk.ombud("duty").out


# ---------------------------------------------------------------- settings


@pytest.mark.parametrize(
    ("value", "code", "word"),
    [
        pytest.param(("2", "months"), 0, "kept", id="as-promised"),
        pytest.param(("14 days",), 0, "kept", id="shorter"),
        pytest.param(("P2M",), 0, "kept", id="iso"),
        pytest.param(("14", "months"), 1, "not_kept", id="longer"),
        pytest.param(("for", "ever"), 1, "not_kept", id="for-ever"),
    ],
)
def test_a_setting_that_was_read_decides(
    desk: Desk, value: tuple[str, ...], code: int, word: str
) -> None:
    said = desk.ombud("duty", "read", "web.retention", *value)
    assert (said.code, said.out.startswith("recorded: ")) == (code, True)
    assert standing(desk, "CL-2") == word


@pytest.mark.parametrize(
    ("call", "says"),
    [
        pytest.param(("web.retention", "five", "years"), "not a period: `five years`", id="words"),
        pytest.param(("web.retension", "2 months"), "did you mean `web.retention`?", id="name"),
        pytest.param(("club.retention", "2 months"), "is no setting on the map", id="system"),
    ],
)
def test_a_reading_that_cannot_be_is_not_recorded(
    desk: Desk, call: tuple[str, ...], says: str
) -> None:
    said = desk.ombud("duty", "read", *call)
    assert (said.code, says in said.err) == (2, True)
    assert desk.log() == ""


# ---------------------------------------------------------------- tasks, statements


def test_a_task_that_was_confirmed_is_kept(desk: Desk) -> None:
    said = desk.ombud("duty", "confirm", "web.old_pictures")
    assert (said.code, "0 remain" in said.out) == (0, True)
    assert standing(desk, "CL-3") == "kept"
    assert states(desk)["web.old_pictures"] == "done"


def test_a_task_that_is_not_on_the_map_is_not_recorded(desk: Desk) -> None:
    said = desk.ombud("duty", "confirm", "web.old_picture")
    assert (said.code, "did you mean `web.old_pictures`?" in said.err) == (2, True)
    assert desk.log() == ""


@pytest.mark.parametrize(("how", "word", "code"), [((), "kept", 0), (("--not",), "not_kept", 1)])
def test_a_statement_decides(desk: Desk, how: tuple[str, ...], word: str, code: int) -> None:
    assert desk.ombud("duty", "attest", "CL-4", *how).code == code
    assert standing(desk, "CL-4") == word


def test_words_and_names_of_staff_are_kept_apart_from_the_log(desk: Desk) -> None:
    desk.ombud("duty", "attest", "CL-4", "--words", "Alle har skrevet under", "--by", "Berit")
    assert not [word for word in ("Berit", "Alle har") if word in desk.log()]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        pytest.param(("CL-2",), "did you mean `CL-4`?", id="another-proof"),
        pytest.param(("CL-4", "--explains"), "has rows that must be kept", id="explains-what"),
    ],
)
def test_a_statement_of_nothing_is_not_recorded(
    desk: Desk, call: tuple[str, ...], says: str
) -> None:
    said = desk.ombud("duty", "attest", *call)
    assert (said.code, says in said.err) == (2, True)
    assert desk.log() == ""


def test_rows_that_are_gone_before_their_time_can_be_explained(desk: Desk) -> None:
    """A voucher lost in a fire is explained once; what is lost after that is not."""
    policy = POLICY.replace("proof: {rule: [membership]}", "proof: {keeps: [dues]}").replace(
        "promises:",
        "  dues: {law: no_bok5, title: {nb: Kontingent}, purpose: {nb: Regnskap.}, about: members,"
        " data: [name, email, phone], keep: {after: membership_ended}}\npromises:",
    )
    serves = "          dues: {clocks: {membership_ended: left_on}}\n        subjects:"
    desk.write(policy=policy, systems=SYSTEMS.replace("        subjects:", serves))
    assert standing(desk, "CL-1") == "kept"
    desk.sql("DELETE FROM members WHERE id = 2")
    assert standing(desk, "CL-1") == "not_kept"
    assert desk.ombud("duty", "attest", "CL-1", "--explains").code == 2
    assert desk.ombud("duty", "attest", "CL-1", "--explains", "--words", "Brann").code == 0
    assert standing(desk, "CL-1") == "kept"


# ---------------------------------------------------------------- criteria


def test_a_decision_ends_what_is_older(desk: Desk) -> None:
    desk.sql("INSERT INTO members VALUES (3, 'Berit', NULL, NULL, ?)", days_ago(100))
    assert desk.ombud("plan").out.startswith("nothing is due")
    said = desk.ombud("duty", "decide", "membership", "--on", days_ago(200))
    assert said.code == 0
    desk.ombud("apply", desk.plan())
    assert desk.sql("SELECT id FROM members ORDER BY id") == [(1,), (3,)]
    assert standing(desk, "CL-1") == "kept"
    assert states(desk)["membership"] == "done"


@pytest.mark.parametrize(
    ("call", "says"),
    [
        pytest.param(("statistics", "--on", days_ago(1)), "nobody decides when", id="no-criterion"),
        pytest.param(("membershp", "--on", days_ago(1)), "did you mean", id="slip"),
        pytest.param(
            ("membership", "--on", (today() + timedelta(days=1)).isoformat()),
            "is not yet",
            id="day",
        ),
        pytest.param(("membership", "--on", "yesterday"), "not a date", id="no-date"),
        pytest.param(("membership",), "Missing option '--on'", id="no-day"),
    ],
)
def test_a_decision_that_cannot_be_is_not_recorded(
    desk: Desk, call: tuple[str, ...], says: str
) -> None:
    said = desk.ombud("duty", "decide", *call)
    assert (said.code, says in said.err) == (2, True)
    assert desk.ombud("duty").code == 0
    assert desk.log() == ""


# ---------------------------------------------------------------- with a clock


@pytest.fixture
def opened(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ombud]:
    """The workspace, opened."""
    monkeypatch.setenv("CLUB_URL", f"sqlite:///{desk.file}")
    monkeypatch.delenv("OMBUD_DATABASE", raising=False)
    ombud = open_workspace(Path(desk.folder), create=True)
    yield ombud
    ombud.close()


def at(ombud: Ombud, when: datetime) -> dict[str, Duty]:
    """Return the duties as they stand at an instant, by name."""
    seen = shown(ombud.log, ombud.policy, ombud.systems, when)
    return {each.name: each for each in duties(ombud.policy, ombud.systems, seen, when)}


def test_a_duty_is_in_time_until_its_due_date_and_then_overdue(desk: Desk, opened: Ombud) -> None:
    desk.ombud("duty", "read", "web.retention", "2 months")
    now = opened.clock()
    duty = at(opened, now)["web.retention"]
    assert duty.due_on is not None
    noon = datetime(duty.due_on.year, duty.due_on.month, duty.due_on.day, 11, tzinfo=UTC)
    assert at(opened, noon)["web.retention"].state == "done"
    assert at(opened, noon + timedelta(days=1))["web.retention"].state == "overdue"


def test_what_is_broken_or_late_is_listed_first(desk: Desk, opened: Ombud) -> None:
    desk.ombud("duty", "confirm", "web.old_pictures")
    desk.ombud("duty", "read", "web.retention", "for ever")
    found = list(at(opened, opened.clock()).values())
    assert [each.state for each in found] == ["broken", "missing", "missing", "done"]


def test_a_criterion_is_overdue_after_its_period(desk: Desk, opened: Ombud) -> None:
    desk.ombud("duty", "decide", "membership", "--on", days_ago(1))
    duty = at(opened, opened.clock())["membership"]
    assert (duty.state, duty.due_on is not None and duty.due_on > today()) == ("done", True)
    later = opened.clock() + timedelta(days=370)
    assert at(opened, later)["membership"].state == "overdue"


def test_an_erasure_that_was_decided_ends_exactly_what_it_names(desk: Desk, opened: Ombud) -> None:
    """Cases come later; what they will call is here, and the next plan knows of it.

    Art. 17(1).
    """
    decision = Decision(
        id="decision-1",
        kind="erasure",
        persons=(PersonRef("email", " KARI@example.org"),),
        activities=("membership",),
        consents=(),
        decided_at=opened.clock(),
        by="Berit",
    )
    record_decision(decision, opened.connectors, opened.inputs, opened.clock())
    holds, decisions = opened.inputs.read()
    due = plan_retention(
        opened.policy,
        opened.systems,
        opened.connectors,
        opened.timing(),
        holds=holds,
        decisions=decisions,
    )
    assert [(step.selection.action, step.count) for step in due.plan.steps] == [("erase", 1)]
    assert "kari" not in desk.log().casefold()
    desk.ombud("apply", desk.plan())
    assert desk.sql("SELECT id FROM members") == [(2,)]
