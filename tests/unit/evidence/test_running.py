"""What an organisation lacks as it runs is told with the law, and each rule of it has its place.

Method: look at the policy with every key beside versions that say the same or something else; read
the table of the reference and follow each row to its test.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from ombud.evidence import Shown, Version
from ombud.evidence.running import CODES, running
from ombud.law import Citation
from unit.pages.written import ROOT
from unit.policy.written import FULL, SMALL, changed, read

POLICY = read(FULL)
PAGE = ROOT / "docs" / "reference" / "running-state.md"
WEIGHED = "{legitimate_interests: {interest: Fire safety, assessed_on: 2026-01-10}}"


def version(policy: str) -> Version:
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    return Version(3, "d" * 64, policy, date(2026, 11, 20), at, {}, ("da", "en"))


def test_an_interest_that_nobody_weighed_is_told_at_its_activity() -> None:
    """GDPR Art. 6(1)(f)."""
    found = [each for each in running(POLICY, Shown()) if each.code == "O03"]
    assert [each.where for each in found] == [
        POLICY.activities[id].where for id in ("guests", "claims")
    ]
    assert found[0].says.startswith("`guests` rests on a legitimate interest")
    assert {each.severity for each in found} == {"warning"}


def test_its_help_settles_it() -> None:
    [finding] = running(read(SMALL), Shown())
    assert "assessed_on: 2026-01-10" in finding.help
    weighed = changed(SMALL, "{legitimate_interests: Fire safety}", WEIGHED)
    assert running(read(weighed), Shown()) == ()


def test_a_processor_weighs_nothing() -> None:
    """GDPR Art. 28(3): the interest is the controller's."""
    course = replace(POLICY.activities["course"], basis=replace(POLICY.activities["guests"].basis))
    policy = replace(POLICY, activities={"course": course})
    assert running(policy, Shown()) == ()


def test_a_policy_that_people_do_not_read_is_told_without_any_promise_of_it() -> None:
    """GDPR Art. 5(1)(a), 24(1)."""
    other = Shown(version=version("0" * 64))
    first = running(POLICY, other)[0]
    assert (first.code, str(first.where)) == ("O12", "policy.yaml")
    assert "changed since version 3 of 2026-11-20" in first.says
    same = Shown(version=version(POLICY.source_digest))
    assert "O12" not in {each.code for each in running(POLICY, same)}
    assert "O12" not in {each.code for each in running(POLICY, Shown())}, "nothing is published"


def test_each_finding_names_law_and_help() -> None:
    found = running(POLICY, Shown(version=version("0" * 64)))
    assert {each.code for each in found} == set(CODES)
    for each in found:
        assert each.help
        assert [str(Citation.parse(law)) for law in each.law] == list(each.law)


# ---------------------------------------------------------------- the reference

ROWS = re.findall(r"^\| (O\d\d) \| (.*?) \| (.*?) \| (.*?) \| (.*?) \|$", PAGE.read_text(), re.M)


def test_every_rule_of_running_state_has_its_row() -> None:
    assert [row[0] for row in ROWS] == [f"O{number:02}" for number in range(1, 13)]
    assert set(CODES) <= {row[0] for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_a_row_says_is_shown_by_a_test_or_is_not_there_yet(row: tuple[str, ...]) -> None:
    rule, _, _, told, shown_by = row
    tests = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", shown_by)
    for path, name in tests:
        assert f"def {name}(" in (ROOT / path).read_text(), f"{rule}: {path} has no {name}"
    assert tests or "not-yet.md" in told


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_is_not_told_yet_is_on_the_page_of_what_is_not_there(row: tuple[str, ...]) -> None:
    listed = f"({row[0]})" in (PAGE.parent / "not-yet.md").read_text()
    assert listed == ("not-yet.md" in row[3])
