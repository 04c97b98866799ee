"""The club's survey tool is out of Ombud's reach: Kari downloads, erases by hand, and proves it.

Method: a map that describes the tool's export; the export as the tool gives it, before and after
Kari erased what was listed; what the promise says at each point, and after a month.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from cli.desk import POLICY, Desk, days_ago
from ombud.app import open_workspace
from ombud.evidence import shown, standings

TOOL = """
systems:
  survey:
    reach: outside
    serves: [membership]
    tasks:
      erase_answers:
        by: Kari
        every: 1 month
        instructions: {nb: "Last ned svarene, slett dem på listen, og last ned på nytt."}
    tables:
      answers:
        key: response_id
        serves: {membership: {clocks: {membership_ended: submitted}}}
        subjects: {member: {email: email}}
        columns: {answer: name, email: email}
        not_personal: [response_id, submitted]
"""
ANSWERS = (
    {"response_id": "R1", "answer": "Bra", "email": "ola@example.org", "submitted": days_ago(800)},
    {"response_id": "R2", "answer": "Tja", "email": "kari@example.org", "submitted": days_ago(20)},
    {"response_id": "R3", "answer": "Nei", "email": "", "submitted": days_ago(900)},
)

Download = Callable[[], Path]


@pytest.fixture
def club(tmp_path: Path) -> Desk:
    """The club, which promises that old answers go."""
    desk = Desk(tmp_path / "ravnlia", tmp_path / "none.sqlite")
    task = "{task: survey.erase_answers}"
    desk.write(policy=POLICY.replace("{rule: [membership]}", task), systems=TOOL)
    desk.ombud("init")
    return desk


@pytest.fixture
def answers() -> list[dict[str, str]]:
    """What the survey tool holds."""
    return [dict(answer) for answer in ANSWERS]


@pytest.fixture
def download(tmp_path: Path, answers: list[dict[str, str]]) -> Download:
    """The tool's button for it: a CSV with semicolons and a byte-order mark, as from Excel."""

    def button() -> Path:
        folder = tmp_path / "download"
        folder.mkdir(exist_ok=True)
        with (folder / "answers.csv").open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.DictWriter(out, list(ANSWERS[0]), delimiter=";")
            writer.writeheader()
            writer.writerows(answers)
        return folder

    return button


def confirm(club: Desk, export: Path) -> int:
    """Confirm the task with an export; return the exit code."""
    return club.ombud("duty", "confirm", "survey.erase_answers", "--export", str(export)).code


def standing(club: Desk) -> str:
    """Return how the promise stands."""
    return str(club.ombud("status", "--json").json["promises"][0]["standing"])


def test_kari_erases_what_is_listed_and_the_next_download_proves_it(
    club: Desk, answers: list[dict[str, str]], download: Download, tmp_path: Path
) -> None:
    # Nobody has done it yet: Ombud claims nothing.
    assert standing(club) == "not_provable"
    assert "Last ned svarene" in club.ombud("duty").out

    # Kari downloads the answers, and gets the list of what is due.
    keys = tmp_path / "keys.csv"
    listed = club.ombud(
        *("duty", "keys", "survey.erase_answers", "--by", "Kari"),
        *("--export", str(download()), "--out", str(keys)),
    )
    assert listed.code == 0
    rows = list(csv.DictReader(keys.read_text("utf-8").splitlines(), delimiter=";"))
    assert [(row["action"], row["key"]) for row in rows] == [("erase", "R1"), ("erase", "R3")]

    # She erases one and forgets one. The tool's own download tells.
    del answers[0]
    assert confirm(club, download()) == 1
    assert standing(club) == "not_kept"

    # Now both are gone.
    del answers[1]
    assert confirm(club, download()) == 0
    assert standing(club) == "kept"

    # Of all this the evidence holds numbers.
    log = club.log()
    assert '"rows":{"answers":2}' in log
    assert not [word for word in ("R1", "R3", "Bra", "ola@", "Kari") if word in log]


def test_after_a_month_it_has_to_be_done_again(
    club: Desk, answers: list[dict[str, str]], download: Download
) -> None:
    del answers[0], answers[1]
    confirm(club, download())
    ombud = open_workspace(club.folder)
    later = ombud.clock() + timedelta(days=40)
    seen = shown(ombud.log, ombud.policy, ombud.systems, later)
    [promise] = standings(ombud.policy, ombud.systems, seen, later)
    assert promise.standing == "not_provable"
    ombud.close()


def test_an_answer_that_a_dispute_needs_is_not_listed(
    club: Desk, download: Download, tmp_path: Path
) -> None:
    club.ombud(
        *("hold", "place", "--kind", "legal_claim", "--reason", "Uenighet om et svar"),
        *("--review", days_ago(-30), "--rows", "survey.answers", "R1"),
    )
    keys = tmp_path / "keys.csv"
    call = ("--export", str(download()), "--out", str(keys))
    assert club.ombud("duty", "keys", "survey.erase_answers", *call).code == 0
    assert "R1" not in keys.read_text()
    assert "R3" in keys.read_text()


def test_a_word_alone_counts_as_a_word(club: Desk) -> None:
    """A task can be confirmed without an export; the log says that no export was read."""
    said = club.ombud("duty", "confirm", "survey.erase_answers")
    assert "it rests on your word" in said.out
    assert '"kind":"export_read"' not in club.log()
    assert standing(club) == "kept"
