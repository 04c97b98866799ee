"""`ombud check` on a workspace, on one file, and on a code.

Method: lay a small workspace out, call the command as a person does, and read what it says.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ombud.cli import root
from unit.policy.checks.looking import EXAMPLES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The business garden's workspace."""
    for name in ("policy.yaml", "systems.yaml", "as-written.yaml"):
        shutil.copyfile(EXAMPLES / "business-garden" / name, tmp_path / name)
    shutil.copytree(EXAMPLES / "business-garden" / "documents", tmp_path / "documents")
    return tmp_path


def ombud(folder: Path, *args: str) -> Result:
    """Call `ombud check` in a workspace, on a day that does not move."""
    return CliRunner().invoke(root, ["-C", str(folder), "check", "--as-of", "2026-11-24", *args])


def test_a_document_that_is_not_there_is_found_with_its_place(folder: Path) -> None:
    (folder / "documents" / "staff-notice.en.txt").unlink()
    [finding] = [
        each
        for each in json.loads(ombud(folder, "--json").stdout)["findings"]
        if each["code"] == "N07"
    ]
    lines = (folder / "policy.yaml").read_text().splitlines()
    assert lines[finding["line"] - 1] == "  staff_notice:"
    assert finding["says"] == (
        "the text refers to `Personvernerklæring for ansatte`, which is not there"
    )
    assert "`documents:`" in finding["help"]


def test_the_policy_is_checked_with_its_files(folder: Path) -> None:
    said = ombud(folder)
    assert said.exit_code == 0
    assert "policy.yaml:64:3: warning[S06]" in said.output
    assert said.output.endswith(
        "0 errors, 1 warning, 2 pieces of advice\n1 warning waits for a decision:"
        f" `ombud -C {folder} check --draft-decisions` writes what to fill in\n"
    )


def test_a_draft_that_is_filled_in_accepts_the_warning(folder: Path) -> None:
    draft = ombud(folder, "--draft-decisions").output
    filled = draft.replace('by: "…"', "by: Berit").replace('because: "…"', "because: Screened.")
    (folder / "decisions.yaml").write_text(filled)
    said = ombud(folder)
    assert "  accepted: by Berit on 2026-11-24: Screened.\n" in said.output
    assert said.output.endswith("0 errors, 1 warning, 2 pieces of advice\n")
    assert ombud(folder, "--draft-decisions").output == "# nothing waits for a decision\n"


def test_an_as_written_document_is_known_and_its_errors_end_with_one(folder: Path) -> None:
    said = ombud(folder, "as-written.yaml")
    assert said.exit_code == 1
    assert "as-written.yaml:13:1: warning[T09]" not in said.output
    assert "error[C08]: the text calls itself `Grønnfjell kommunesamarbeid`" in said.output


def test_a_policy_can_be_checked_without_its_map(folder: Path) -> None:
    (folder / "systems.yaml").unlink()
    said = ombud(folder, "policy.yaml")
    assert (said.exit_code, "S06" in said.output) == (0, True)


def test_what_cannot_be_read_is_told_first(folder: Path) -> None:
    (folder / "as-written.yaml").write_text("as_written: {country: XX}\n")
    said = ombud(folder, "as-written.yaml")
    assert said.exit_code == 1
    assert "error[Y15]: `country` cannot be `XX`" in said.output
    assert ombud(folder, "nowhere.yaml").exit_code == 2


def test_decisions_that_are_wrong_are_told(folder: Path) -> None:
    (folder / "decisions.yaml").write_text("decisions: [{finding: R01}]\n")
    said = ombud(folder)
    assert said.exit_code == 1
    assert "decisions.yaml:1:23: error[Y61]" in said.output


def test_json_says_what_a_finding_is_about_and_who_accepted_it(folder: Path) -> None:
    told = json.loads(ombud(folder, "--json").output)
    (warning,) = [each for each in told["findings"] if each["severity"] == "warning"]
    assert (warning["at"], warning["accepted"]) == ("activities.recruitment", None)
    assert told["waiting"] == 1
    draft = ombud(folder, "--draft-decisions").output
    filled = draft.replace('by: "…"', "by: Berit").replace('because: "…"', "because: Screened.")
    (folder / "decisions.yaml").write_text(filled)
    told = json.loads(ombud(folder, "--json").output)
    (warning,) = [each for each in told["findings"] if each["severity"] == "warning"]
    assert warning["accepted"] == {"by": "Berit", "on": "2026-11-24", "because": "Screened."}
    assert told["waiting"] == 0


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("R01", "error[R01]: No retention for an activity"),
        ("r01", "before:"),
        ("Y02", "Y02: a period is not written as one"),
        ("Y60", "Y60: a decision accepts what is not found"),
        ("Z01", "Z01: "),
    ],
)
def test_a_code_is_explained(tmp_path: Path, code: str, says: str) -> None:
    said = ombud(tmp_path, "--explain", code)
    assert (said.exit_code, says in said.output) == (0, True)


def test_a_code_that_is_not_known_is_wrong_use(tmp_path: Path) -> None:
    said = ombud(tmp_path, "--explain", "R99")
    assert said.exit_code == 2
    assert "there is no code `R99`" in said.output
