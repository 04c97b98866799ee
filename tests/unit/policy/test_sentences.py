"""The sentence of a promise and the rule that proves it say the same period, where both are plain.

Method: sentences in each language against a rule of nine months; what is not plain is left to
people. The policies of the examples have nothing to say.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ombud.law import Period
from ombud.policy import parse_policy
from ombud.policy.parse.sentences import plain_period

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
DAY = date(2026, 11, 24)

POLICY = """
organisation:
  name: Ravnlia Idrettslag
  number: "310003301"
  country: "NO"
  languages: [{language}]
  contact: {{email: post@ravnlia.example}}
subjects: {{members: {{title: Members}}}}
clocks: {{left: it was left}}
activities:
  membership:
    title: Membership
    purpose: Keeping the list
    about: members
    data: [name]
    basis: {{contract: The membership}}
    keep: {{for: {keep}, after: left}}
promises:
  - {{id: CL-1, says: "{says}", proof: {proof}}}
"""


def said(
    says: str, language: str = "en", keep: str = "9 months", proof: str = "{rule: [membership]}"
) -> list[str]:
    """Return what the policy is warned of."""
    text = POLICY.format(says=says, language=language, keep=keep, proof=proof)
    return [str(each) for each in parse_policy(text, "policy.yaml", DAY).warnings]


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "We erase you six months after you leave."),
        ("en", "We erase you 6 months after you leave."),
        ("en", "Half a year after you leave, you are gone."),
        ("da", "Vi sletter dig seks måneder efter, at du går ud."),
        ("nb", "Et halvt år etter at du går ut, er du slettet."),
        ("nn", "Seks månader etter at du går ut, er du sletta."),
        ("sv", "Vi raderar dig sex månader efter att du har lämnat oss."),
    ],
)
def test_a_sentence_that_plainly_says_another_period_is_a_warning(language: str, says: str) -> None:
    """The sentence said six months, its rule nine; people read the sentence."""
    assert said(says, language) == [
        "policy.yaml:19:5: warning[Y50]: promise `CL-1` says `6 months` in"
        f" `{language}`, and is proved by `membership` (9 months)\n"
        "  law:  GDPR Art. 13(2)(a)\n"
        "  help: mend the sentence or the rule, so that people read what is done"
    ]


@pytest.mark.parametrize(
    ("says", "keep"),
    [
        pytest.param("We erase you nine months after you leave.", "9 months", id="the-same"),
        pytest.param("We erase you after a year.", "12 months", id="in-another-unit"),
        pytest.param("We erase you after 30 days.", "1 month", id="the-same-to-a-reader"),
        pytest.param("We look once a month, and erase you.", "9 months", id="how-often"),
        pytest.param("Every 3 months we erase who left.", "9 months", id="how-often-in-digits"),
        pytest.param("Six months, at most two years.", "9 months", id="several"),
        pytest.param("One and a half years later you are gone.", "9 months", id="and-a-half"),
        pytest.param("I tre og et halvt år står du der.", "9 months", id="og-et-halvt"),
        pytest.param("From year to year we erase who left.", "9 months", id="no-number"),
        pytest.param("We erase you when you leave.", "9 months", id="none"),
    ],
)
def test_what_is_the_same_or_not_plain_is_no_finding(says: str, keep: str) -> None:
    assert said(says, keep=keep) == []


def test_a_promise_that_something_else_proves_too_is_left_to_people() -> None:
    """The period can be the other's: how long a setting keeps, how often somebody looks."""
    proof = "{rule: [membership], attest: {by: board, every: 6 months}}"
    assert said("We erase you after six months.", proof=proof) == []


@pytest.mark.parametrize("example", sorted(p.name for p in EXAMPLES.iterdir() if p.name[0] != "_"))
def test_the_examples_say_what_their_rules_do(example: str) -> None:
    text = (EXAMPLES / example / "policy.yaml").read_bytes()
    found = parse_policy(text, "policy.yaml", DAY).warnings
    assert [str(each) for each in found if each.code == "Y50"] == []


def test_the_examples_have_sentences_that_are_read() -> None:
    """Else the test above would show nothing."""
    plain = 0
    for folder in EXAMPLES.iterdir():
        if (folder / "policy.yaml").exists():
            policy = parse_policy((folder / "policy.yaml").read_bytes(), "policy.yaml", DAY)
            texts = [text for promise in policy.promises.values() for text in promise.says.values()]
            plain += sum(plain_period(text) is not None for text in texts)
    assert plain > 10


def test_a_length_of_time_in_words() -> None:
    assert plain_period("tolv måneder") == Period(months=12)
