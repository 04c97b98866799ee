"""Ola is in a dispute with the club: what is needed for it stays, and then goes.

Method: place a hold before, between and after a plan and its approval; each time look whether what
it covers is there, and how the promise that rests on holds stands.
"""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from cli.desk import Desk, days_ago, today

REVIEW = (today() + timedelta(days=60)).isoformat()
HELD = """
  - id: CL-4
    says: {nb: "Det vi må ta vare på for en tvist, er der.", en: What a dispute needs is there.}
    proof: {hold: [concrete_dispute]}
"""


@pytest.fixture
def club(club: Desk) -> Desk:
    """The club, which promises that what is held is there."""
    policy = club.folder / "policy.yaml"
    policy.write_text(policy.read_text("utf-8") + HELD, "utf-8")
    return club


def ola(club: Desk) -> tuple[str, str, str]:
    """Return what the club has of Ola."""
    [found] = club.sql("SELECT name, email, phone FROM members WHERE id = 3")
    name, email, phone = found
    return name, email, phone


def hold_ola(club: Desk) -> str:
    """Place a hold on whatever there is of Ola; return its id."""
    said = club.ombud(
        *("hold", "place", "--kind", "concrete_dispute", "--reason", "Uenighet om kontingent"),
        *("--law", "GDPR Art. 17(3)(e)", "--review", REVIEW, "--json"),
        *("--person", f"email={ola(club)[1].upper()}"),
    )
    assert said.code == 0, said.err
    return str(said.json["hold"])


def standing(club: Desk, promise: str) -> str:
    """Return how a promise of the club stands."""
    found = club.ombud("status", "--json").json["promises"]
    return next(str(p["standing"]) for p in found if p["id"] == promise)


def test_what_is_held_before_a_plan_is_not_in_it(club: Desk) -> None:
    before = ola(club)
    hold_ola(club)
    assert club.ombud("apply", club.plan()).code == 0
    assert ola(club) == before
    assert standing(club, "CL-4") == "kept"
    assert standing(club, "CL-1") == "kept", "what is held is not overdue"


def test_what_is_held_after_the_approval_stays_all_the_same(club: Desk) -> None:
    before = ola(club)
    digest = club.plan()
    hold_ola(club)
    assert club.ombud("apply", digest).code == 0
    assert ola(club) == before


def test_others_go_as_they_were_promised_to(club: Desk) -> None:
    hold_ola(club)
    club.ombud("apply", club.plan())
    assert club.sql("SELECT count(*) FROM members WHERE id IN (4, 7)") == [(0,)]


def test_after_the_dispute_the_promise_is_kept_at_last(club: Desk) -> None:
    hold = hold_ola(club)
    club.ombud("apply", club.plan())
    club.ombud("hold", "release", hold)
    assert club.ombud("apply", club.plan()).code == 0
    assert ola(club)[2] is None
    assert standing(club, "CL-4") == "nothing_due"


def test_a_hold_placed_while_rows_are_being_erased_saves_what_is_left(
    club: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run reads the holds again under the lock before each batch."""
    new = "INSERT INTO members (id, email, joined_on, left_on) SELECT id + 90000, 'm' || id, ?, ?"
    club.sql(f"{new} FROM sessions", days_ago(900), days_ago(800))
    [(last,)] = club.sql("SELECT max(id) FROM members")
    digest = club.plan()
    batches = count()

    def after_a_batch(*_: object) -> None:
        if next(batches) == 0:
            why = ("--kind", "concrete_dispute", "--reason", "Uenighet", "--review", REVIEW)
            law = ("--law", "GDPR Art. 17(3)(e)")
            club.ombud("hold", "place", *why, *law, "--rows", "club.members", str(last))

    monkeypatch.setattr("ombud.cli.apply.changing", lambda **_: nullcontext(after_a_batch))
    for size in ("BATCH_FIRST", "BATCH_MIN", "BATCH_MAX"):
        monkeypatch.setattr(f"ombud.apply.run.{size}", 5)
    done = club.ombud("apply", digest)
    assert done.code == 0, done.err
    assert next(batches) > 5, "there were batches after it"
    assert club.sql("SELECT id FROM members WHERE id > 90000") == [(last,)]
    assert club.sql("SELECT email IS NULL FROM members WHERE id = ?", last) == [(0,)]


def test_why_says_that_a_hold_keeps_it(club: Desk) -> None:
    hold_ola(club)
    phone = club.ombud("why", "club.members", "3", "--json").json["fields"]["phone"]
    assert (phone["kept"], phone["open"]) == (True, "held")


def test_why_names_the_law_of_every_hold_once(club: Desk) -> None:
    hold_ola(club)
    law = "GDPR Art. 33(5)"
    why = ("--kind", "concrete_dispute", "--reason", "Uenighet", "--review", REVIEW, "--law", law)
    club.ombud("hold", "place", *why, "--rows", "club.members", "3")
    phone = club.ombud("why", "club.members", "3", "--json").json["fields"]["phone"]
    held = [(g["activity"], g["source"]) for g in phone["grounds"] if g["basis"] == "hold"]
    assert sorted(held) == [
        ("concrete_dispute", "GDPR Art. 17(3)(e)"),
        ("concrete_dispute", "GDPR Art. 33(5)"),
    ]


def test_whoever_erases_what_is_held_is_found_out(club: Desk) -> None:
    """A hold that is ignored, by hand or by another program, breaks its promise."""
    hold_ola(club)
    assert standing(club, "CL-4") == "kept"
    club.script("DELETE FROM invoices WHERE member_id = 3; DELETE FROM members WHERE id = 3;")
    said = club.ombud("status")
    assert said.code == 1
    assert "CL-4  not kept" in said.out


def test_a_hold_that_nobody_reviews_breaks_its_promise(club: Desk, tmp_path: Path) -> None:
    hold_ola(club)
    database = Desk(tmp_path, club.folder / "ombud.db")
    late = (today() - timedelta(days=1)).isoformat()
    database.sql("UPDATE holds SET review_on = ?", late)
    assert "had to be reviewed" in club.ombud("hold").out
