"""`ombud changes` as a person and a script meet it.

Method: publish, change the policy, and call it; the people it counts are those of an observation
that is put into the log.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ombud.app import open_log
from ombud.cli import root
from ombud.evidence import Observation, RuleSeen, TableSeen, observe
from unit.pages.written import EXAMPLES

AGENCY = EXAMPLES[0].parent


def call(folder: Path, *args: str) -> Result:
    return CliRunner().invoke(root, ["-C", str(folder), *args])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace whose policy keeps events longer than the published version."""
    monkeypatch.delenv("OMBUD_DATABASE", raising=False)
    for name in ("policy.yaml", "systems.yaml"):
        (tmp_path / name).write_bytes((AGENCY / name).read_bytes())
    assert call(tmp_path, "init").exit_code == 0
    assert call(tmp_path, "publish").exit_code == 0
    path = tmp_path / "policy.yaml"
    old = path.read_text()
    (tmp_path / "old.yaml").write_text(old)
    path.write_text(
        old.replace(
            "keep: {for: 3 years, after: event_held}", "keep: {for: 5 years, after: event_held}"
        )
    )
    assert path.read_text() != old
    return tmp_path


def counted(folder: Path) -> None:
    seen = Observation(
        "crm",
        date(2026, 11, 24),
        datetime(2026, 11, 24, 12, tzinfo=UTC),
        {
            "contacts": TableSeen(40, {"events": RuleSeen(alive=31), "contact": RuleSeen(alive=9)}),
            "cases": TableSeen(90, {"events": RuleSeen(alive=77)}),
        },
    )
    with open_log(folder) as (_, log):
        observe(log, seen, gap=timedelta(days=1))


def test_it_says_what_changes_and_for_whom(folder: Path) -> None:
    done = call(folder, "changes")
    assert done.exit_code == 0
    assert done.stdout.startswith("from version 1 of ")
    assert "people should be told (GDPR Art. 5(1)(a), 12(1)):" in done.stdout
    assert "We keep the data longer. Now: 5 years" in done.stdout
    assert "not counted yet" in done.stdout


def test_it_says_how_many_where_a_row_is_a_person(folder: Path) -> None:
    counted(folder)
    done = call(folder, "changes")
    assert "at most 31 people (crm.contacts 31), counted on 2026-11-24" in done.stdout
    assert "the people in" not in done.stdout
    [change] = json.loads(call(folder, "changes", "--json").stdout)["changes"]
    assert (change["rows"], change["persons"]) == ({"crm.contacts": 31}, True)


def test_versions_compare_with_each_other_and_with_files(folder: Path) -> None:
    assert call(folder, "publish").exit_code == 0
    by_number = call(folder, "changes", "1", "2").stdout
    assert "5 years" in by_number
    assert call(folder, "changes", "2", "1").stdout.count("shorter time") == 1
    assert "nothing changes for people" in call(folder, "changes").stdout
    (folder / "ombud.db").unlink()
    files = call(folder, "changes", "old.yaml", "policy.yaml")
    assert files.exit_code == 0
    assert files.stdout.splitlines()[3] == by_number.splitlines()[3]


def test_a_message_is_drafted_in_every_language(folder: Path) -> None:
    done = call(folder, "changes", "--message", "--starts", "2027-01-15")
    assert "[da] Ændringer i, hvordan" in done.stdout
    assert "[en] Changes in how" in done.stdout
    assert "Ændringerne gælder fra 15. januar 2027." in done.stdout
    open_day = call(folder, "changes", "--message").stdout
    assert "Ændringerne gælder fra [dato]." in open_day
    assert "The changes apply from [date]." in open_day
    told = json.loads(call(folder, "changes", "--json").stdout)
    assert [each["language"] for each in told["messages"]] == ["da", "en"]
    assert told["changes"][0]["tell"] == "tell"


def test_the_message_leads_to_the_notice_in_its_own_language(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMBUD_NOTICE", "https://www.example.org/privacy/{lang}/")
    done = call(folder, "changes", "--message")
    assert "Hele meddelelsen står her: https://www.example.org/privacy/da/\n" in done.stdout
    assert "The whole notice is here: https://www.example.org/privacy/en/\n" in done.stdout
    home = "https://www.tvaersund-erhverv.example"
    assert home not in done.stdout
    (folder / "ombud.db").unlink()
    files = call(folder, "changes", "old.yaml", "policy.yaml", "--message", "--lang", "da")
    assert "https://www.example.org/privacy/da/" in files.stdout


def test_without_a_known_address_the_message_says_what_to_fill_in(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OMBUD_NOTICE", raising=False)
    done = call(folder, "changes", "--message", "--lang", "da")
    assert "står her: [meddelelsens adresse: sæt OMBUD_NOTICE, eller skriv den her]" in done.stdout


def test_a_document_that_is_new_or_written_anew_or_gone_is_told(folder: Path) -> None:
    names = "documents:\n  rules: {title: {da: Regler, en: Rules}, file: rules.txt}\n"
    path, rules = folder / "policy.yaml", folder / "rules.txt"
    before = path.read_text()
    path.write_text(before + names)
    rules.write_text("Once\n")
    assert "There is a new document: Rules." in call(folder, "changes").stdout
    assert call(folder, "publish").exit_code == 0
    assert "nothing changes for people" in call(folder, "changes").stdout
    rules.write_text("Now\n")
    assert "This document has changed: Rules." in call(folder, "changes").stdout
    path.write_text(before)
    told = json.loads(call(folder, "changes", "--json").stdout)["changes"]
    [change] = [each for each in told if each["kind"] == "document_gone"]
    assert (change["tell"], change["name"]) == ("site", "rules")
    assert change["says"]["da"] == "Dette dokument hører ikke længere til meddelelsen: Regler."


def test_without_a_version_there_is_nothing_to_compare_with(tmp_path: Path, folder: Path) -> None:
    (folder / "ombud.db").unlink()
    assert call(folder, "init").exit_code == 0
    done = call(folder, "changes")
    assert done.exit_code == 3
    assert "nothing is published yet" in done.stderr
    assert call(folder, "changes", "9").exit_code == 2
    assert call(folder, "changes", "--lang", "sv", "--message").exit_code in (2, 3)
