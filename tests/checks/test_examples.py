"""Every check finds what its example shows, alone, and nothing once its help was followed.

Method: put each check's piece of a document into a small document in which nothing is found; look;
carry out the edits that its help is made of; look again.
"""

from __future__ import annotations

import pytest
import yaml

from ombud.policy.checks import CHAPTERS, Check, all_checks, explained, read_written
from ombud.policy.checks.edit import block, edited
from ombud.policy.checks.example import before_and_after, clean, piece, whole
from unit.policy.checks.looking import FILE, codes, look, part_of

CHECKS = [pytest.param(check, id=check.id) for check in all_checks()]

# Contradictions that have a check of their own are contradictions all the same.
FOUND_BY_G05_TOO = {"P04", "X05", "R08"}


def expected_of(check: Check) -> set[str]:
    """Return what is found in a check's example."""
    return {check.id, "G05"} if check.id in FOUND_BY_G05_TOO else {check.id}


def test_nothing_is_found_in_the_clean_document() -> None:
    assert look(clean()) == ()
    assert read_written(block(clean()), FILE).warnings == ()


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_alone_finds_something_before(check: Check) -> None:
    assert codes(look(whole(piece(check)))) == expected_of(check)


@pytest.mark.parametrize("check", CHECKS)
def test_nothing_is_found_after(check: Check) -> None:
    document = whole(piece(check))
    edits = [e for each in look(document) if each.finding.code == check.id for e in each.edits]
    assert edits, "help that shows nothing to write"
    assert look(edited(document, edits)) == ()


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_has_a_law_a_reason_and_a_chapter(check: Check) -> None:
    assert check.law
    assert len(check.why.split()) > 4
    assert check.why.endswith(".")
    assert check.id[0] in CHAPTERS


@pytest.mark.parametrize("check", CHECKS)
def test_messages_are_worded_as_all_findings_are(check: Check) -> None:
    """One line, lower case at the start, no full stop at the end."""
    for words in (check.says, check.help, check.in_policy):
        assert "\n" not in words
        assert words[0] == "{" or words[0].islower()
        assert not words.endswith(".")


@pytest.mark.parametrize("check", CHECKS)
def test_the_explanation_holds_law_help_and_both_pieces(check: Check) -> None:
    before, after = before_and_after(check)
    told = explained(check)
    assert before != after
    assert yaml.safe_load(before) != yaml.safe_load(after)
    for words in (check.id, check.title, str(check.law[0]), "before:", "after:"):
        assert words in told


@pytest.mark.parametrize("check", CHECKS)
def test_a_finding_cites_the_union_and_the_documents_country_only(check: Check) -> None:
    for each in look(whole(piece(check))):
        assert not [law for law in each.finding.law if law.startswith(("SE ", "FI ", "IS "))]
        assert part_of(each)
