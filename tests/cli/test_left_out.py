"""A system whose map no longer fits stops itself and no other, as one that is down does.

Method: two systems of the same club; one gets a column that nobody mapped; call `plan`, `apply` and
`sweep`, and look at what became of the rows of both.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cli.desk import SYSTEMS, Desk, Said

BRANCH = SYSTEMS.partition("systems:")[2].replace("club:", "branch:").replace("CLUB_", "BRANCH_")
LEFT_OUT = "error: system `branch` was left out: the map and the live schema disagree\n"


class Two:
    """A desk with two systems: the club, and its branch."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk = desk
        self.branch = folder / "branch.sqlite"
        shutil.copy(desk.file, self.branch)
        desk.write(systems=SYSTEMS + BRANCH)

    def ombud(self, *args: str) -> Said:
        """Call a command that reaches both."""
        return self.desk.ombud(*args, env={"BRANCH_URL": f"sqlite:///{self.branch}"})

    def in_branch(self, statement: str) -> int:
        """Change the branch's database; return how many rows that gives."""
        with closing(sqlite3.connect(self.branch)) as database, database:
            return len(database.execute(statement).fetchall())

    def outgrow(self) -> None:
        """Have the branch outgrow its map."""
        self.in_branch("ALTER TABLE members ADD COLUMN nickname TEXT")

    def members(self) -> tuple[int, int]:
        """Return how many members club and branch have; each has one who is due."""
        everybody = "SELECT 1 FROM members"
        return len(self.desk.sql(everybody)), self.in_branch(everybody)


@pytest.fixture
def two(desk: Desk, tmp_path: Path) -> Two:
    """Return the desk with a second system, in which the same is due."""
    return Two(desk, tmp_path)


def test_a_sweep_does_the_others(two: Two) -> None:
    digest = two.ombud("plan", "--json").json["digest"]
    two.ombud("apply", digest, "--pre-approve")
    two.desk.sql("INSERT INTO members SELECT 3, name, email, phone, '2020-01-01' FROM members")
    two.outgrow()
    said = two.ombud("sweep", "--full")
    assert said.code == 3
    assert "club: erase 1 row of members – 1 changed, 0 remain" in said.out
    assert "error[Z10]" in said.out
    assert "nickname" in said.out
    assert LEFT_OUT in said.err
    quiet = two.ombud("sweep", "--json")
    assert quiet.code == 3
    assert [f["code"] for f in quiet.json["unfit"]["branch"]] == ["Z10"]
    assert quiet.json["looked"] == {"club": "delta"}


def test_a_plan_is_of_the_others_and_can_be_applied(two: Two) -> None:
    two.outgrow()
    said = two.ombud("plan")
    assert said.code == 3
    assert "1 step, 1 row" in said.out
    assert said.err.startswith(LEFT_OUT)
    plan = two.ombud("plan", "--json").json
    assert [step["system"] for step in plan["steps"]] == ["club"]
    assert plan["unfit"].keys() == {"branch"}
    assert two.ombud("apply", plan["digest"]).code == 0
    assert two.members() == (1, 2)


def test_an_approved_plan_is_done_in_the_others(two: Two) -> None:
    digest = two.ombud("plan", "--json").json["digest"]
    two.outgrow()
    said = two.ombud("apply", digest)
    assert said.code == 3
    assert "branch: erase 1 row of members – not done" in said.out
    assert said.err.count(LEFT_OUT) == 1
    assert two.members() == (1, 2)


def test_nothing_is_said_of_a_system_that_was_left_out(two: Two) -> None:
    two.desk.sql("DELETE FROM members WHERE left_on IS NOT NULL")
    two.outgrow()
    assert "nothing is due in the other systems on " in two.ombud("plan").out
    assert "nothing to do in the other systems" in two.ombud("sweep").out


@pytest.mark.parametrize("command", [["plan"], ["plan", "--system", "branch"], ["sweep"]])
def test_where_no_system_is_left_all_is_refused(two: Two, command: list[str]) -> None:
    two.outgrow()
    two.desk.sql("ALTER TABLE members ADD COLUMN nickname TEXT")
    said = two.ombud(*command)
    assert said.code == 3
    assert said.err.startswith("error: the map and the live schema disagree\n")


def test_what_is_wrong_stands_below_the_name_of_its_system(two: Two) -> None:
    two.desk.write(systems=SYSTEMS + BRANCH + BRANCH.replace("branch:", "annex:"))
    two.outgrow()
    lines = two.ombud("sweep").out.splitlines()
    for name in ("annex", "branch"):
        assert "error[Z10]" in lines[lines.index(f"system `{name}`:") + 1]
