"""A warning is accepted by a named person, in the words in which it was shown, and not for ever.

Method: accept what is found in a small document; change the document, the words and the file.
"""

from __future__ import annotations

from datetime import date

import pytest

from ombud.errors import WrittenWrong
from ombud.policy.checks import drafted, judge, outlived, read_decisions
from ombud.policy.checks.check import CHECKS
from ombud.policy.checks.codes import CODES
from ombud.policy.checks.example import piece, whole
from unit.policy.checks.looking import FILE, ON, look

FOUND = look(whole(piece(CHECKS["R10"])))
DECISION = """\
decisions:
  - finding: R10
    at: activities.fair.keep
    file: as-written.yaml
    says: "the period for `fair` holds only as a rule"
    by: Berit
    on: 2026-11-20
    because: The exceptions stand on the next page.
"""


def wrong_in(text: str) -> list[tuple[str, int]]:
    """Return code and line of what is wrong in a file of decisions."""
    with pytest.raises(WrittenWrong) as wrong:
        read_decisions(text, ON)
    return [(finding.code, finding.where.line) for finding in wrong.value.findings]


def test_a_warning_waits_until_somebody_decides() -> None:
    (open_one,) = judge(FOUND, ())
    assert (open_one.waits, open_one.blocks) == (True, False)
    (accepted,) = judge(FOUND, read_decisions(DECISION, ON))
    assert accepted.accepted is not None
    assert (accepted.accepted.by, accepted.accepted.on) == ("Berit", date(2026, 11, 20))
    assert not accepted.waits


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("`fair` holds", "`outing` holds", id="other-words"),
        pytest.param("activities.fair.keep", "activities.outing.keep", id="another-part"),
        pytest.param("finding: R10", "finding: R14", id="another-check"),
        pytest.param("    file: as-written.yaml\n", "", id="another-file"),
    ],
)
def test_a_decision_on_something_else_accepts_nothing(old: str, new: str) -> None:
    (each,) = judge(FOUND, read_decisions(DECISION.replace(old, new), ON))
    assert each.waits


def test_a_decision_ends_when_the_finding_changes() -> None:
    changed = DECISION.replace("holds only as a rule", "holds as a rule")
    (finding,) = outlived(FOUND, read_decisions(changed, ON), FILE)
    assert (finding.code, finding.severity, finding.where.line) == ("Y60", "info", 2)
    assert "`the period for 'fair' holds only as a rule`" in finding.says
    assert finding.help == "decide anew on what is found now"


def test_a_decision_on_what_is_gone_can_go() -> None:
    (finding,) = outlived((), read_decisions(DECISION, ON), FILE)
    assert finding.help == "take the decision out"
    assert outlived((), read_decisions(DECISION, ON), "policy.yaml") == ()


def test_white_space_is_not_what_was_decided_on() -> None:
    folded = DECISION.replace("holds only as a rule", "holds only\n      as a rule")
    assert not judge(FOUND, read_decisions(folded, ON))[0].waits


def test_an_error_cannot_be_accepted() -> None:
    assert wrong_in(DECISION.replace("R10", "R01")) == [("Y61", 2)]


def test_nobody_decided_tomorrow() -> None:
    assert wrong_in(DECISION.replace("2026-11-20", "2026-11-25")) == [("Y62", 7)]


def test_a_draft_must_be_filled_in() -> None:
    """What `--draft-decisions` prints is no decision yet."""
    draft = drafted(judge(FOUND, ()), ON)
    assert wrong_in(draft) == [("Y63", 6), ("Y63", 8)]
    filled = draft.replace('by: "…"', "by: Berit").replace('because: "…"', "because: It is so.")
    assert not judge(FOUND, read_decisions(filled, ON))[0].waits


def test_there_is_nothing_to_draft_where_nothing_waits() -> None:
    assert drafted(judge(FOUND, read_decisions(DECISION, ON)), ON) == ""


@pytest.mark.parametrize("key", ["finding", "at", "says", "by", "on", "because"])
def test_who_when_why_and_what_are_needed(key: str) -> None:
    lines = [line for line in DECISION.splitlines() if f" {key}:" not in line]
    text = "\n".join(lines).replace("    at:", "  - at:") if key == "finding" else "\n".join(lines)
    assert ("Y12" in {code for code, _ in wrong_in(text)}) is True


def test_every_code_of_a_decision_is_listed_and_used() -> None:
    assert set(CODES) == {"Y60", "Y61", "Y62", "Y63"}
