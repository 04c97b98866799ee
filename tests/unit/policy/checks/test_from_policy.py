"""A policy is held to the same checks: the examples raise no error, and a flaw is found.

Method: turn each example's policy into the model of a text and look. Then change one thing in a
small policy and see which check finds it, with which help.
"""

from __future__ import annotations

import time

import pytest

from ombud.policy import parse_policy
from ombud.policy.checks import Checked, OnTheMap, run_checks, written_of
from unit.policy.checks.looking import EXAMPLES, ON, SLUGS, codes

SMALL = """\
organisation:
  name: Holme Havekreds
  number: "12345674"
  country: DK
  languages: [en]
  contact: {email: privacy@holme.example, address: Havevej 1}
  dpo: none
subjects:
  members: {title: Members}
clocks:
  left: the member left
activities:
  membership:
    title: Membership
    purpose: Keeping the list of members
    about: members
    data: [name, email]
    basis: {contract: The membership}
    keep: {for: 1 year, after: left}
promises:
  - {id: HO-1, says: Backups are gone after 30 days, proof: {attest: {by: Board, every: 1 year}}}
"""
HOST = """\
processors:
  host: {name: Letterbox Inc., country: US, agreement: A1}
"""


def look(text: str, *rolling: str) -> tuple[Checked, ...]:
    """Return what the checks find in a policy; these clocks strike anew with rows of others."""
    policy = parse_policy(text, "policy.yaml", ON)
    return run_checks(written_of(policy, ON, OnTheMap(frozenset(rolling))), ON)


def look_at(slug: str) -> tuple[Checked, ...]:
    """Return what the checks find in an example's policy."""
    return look((EXAMPLES / slug / "policy.yaml").read_text())


@pytest.mark.parametrize("slug", [*SLUGS, "club"])
def test_an_examples_policy_raises_no_error(slug: str) -> None:
    assert [each for each in look_at(slug) if each.finding.severity == "error"] == []


@pytest.mark.parametrize(
    ("slug", "warnings"),
    [
        ("business-agency", {}),
        ("work-inclusion", {"N05": "activities.targeted_ads"}),
        ("business-garden", {"S06": "activities.recruitment"}),
        ("job-activation", {"S06": "activities.tests"}),
        ("consultancy", {}),
    ],
)
def test_the_warnings_are_those_a_person_should_decide_on(
    slug: str, warnings: dict[str, str]
) -> None:
    """Targeting and tests of persons need an explanation and a look at Art. 35."""
    found = [each for each in look_at(slug) if each.finding.severity == "warning"]
    assert {each.finding.code: each.path for each in found} == warnings


def test_nothing_is_found_in_a_small_policy_without_flaws() -> None:
    assert look(SMALL) == ()


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        pytest.param(", address: Havevej 1", "", "C03", "organisation", id="no-address"),
        pytest.param('number: "12345674"', 'number: "00000000"', "C03", "organisation",
                     id="a-number-nobody-filled-in"),
        pytest.param("privacy@", "post@", "C09", "organisation.rights", id="shared-mailbox"),
        pytest.param("Backups are gone after 30 days", "We erase", "R15", "organisation",
                     id="backups"),
        pytest.param("activities:\n", "  booked: it was booked\nactivities:\n  sales:\n"
                     "    title: Sales\n    purpose: Selling plants\n    about: members\n"
                     "    data: [invoice_lines]\n    basis: {contract: The sale}\n"
                     "    keep: {for: 2 years, after: booked}\n", "R04", "activities.sales.keep",
                     id="vouchers-without-duty"),
        pytest.param("activities:\n", "activities:\n  cameras:\n"
                     "    title: Cameras\n    purpose: Finding thieves\n    about: members\n"
                     "    data: [video]\n    basis: {legitimate_interests: Keeping thieves out}\n"
                     "    keep: {for: 5 days, after: left}\n", "V01", "activities.cameras",
                     id="cameras-without-signs"),
        pytest.param("activities:\n", "activities:\n  cameras:\n"
                     "    title: Cameras\n    purpose: Finding thieves\n    about: members\n"
                     "    data: [video]\n    basis: {legitimate_interests: Keeping thieves out}\n"
                     "    keep: {for: 60 days, after: left}\n", "R07", "activities.cameras.keep",
                     id="cameras-too-long"),
        pytest.param("activities:\n", "activities:\n  hiring:\n"
                     "    title: Hiring\n    purpose: Choosing a gardener\n    about: members\n"
                     "    data: [cv]\n    basis: {legitimate_interests: Choosing}\n"
                     "    keep: {for: 4 years, after: left}\n", "R09", "activities.hiring.keep",
                     id="applicants-too-long"),
        pytest.param("activities:\n", "activities:\n  letter:\n"
                     "    title: Letter\n    purpose: Sending the letter\n    about: members\n"
                     "    data: [email]\n    basis: {legitimate_interests: Telling what grows}\n"
                     "    marketing: true\n    keep: {for: 1 year, after: left}\n", "M01",
                     "activities.letter", id="marketing-unasked"),
        pytest.param("subjects:\n", "subjects:\n  neighbours: {title: Neighbours}\n", "N06",
                     "subjects.neighbours", id="group-without-activity"),
        pytest.param("{contract: The membership}", '{legal_obligation: "DK arkivloven § 1"}',
                     "L02", "activities.membership", id="public-bodies-only"),
    ],
)  # fmt: skip
def test_a_flaw_of_a_policy_is_found(old: str, new: str, code: str, path: str) -> None:
    assert SMALL.count(old) == 1
    found = look(SMALL.replace(old, new))
    assert (code, path) in [(each.finding.code, each.path) for each in found]
    assert all("as_written" not in each.finding.help for each in found)


def test_a_processor_outside_the_eea_needs_a_word_on_its_transfer() -> None:
    used = SMALL.replace("    keep: {for", "    processors: host\n    keep: {for") + HOST
    assert codes(look(used)) == {"X01"}
    told = used.replace("agreement: A1", "agreement: A1, transfer: Standard contractual clauses")
    assert look(told) == ()
    shield = used.replace("agreement: A1", "agreement: A1, transfer: The Privacy Shield")
    assert codes(look(shield)) == {"X02"}


def test_a_processor_needs_an_agreement_and_a_country() -> None:
    used = SMALL.replace("    keep: {for", "    processors: host\n    keep: {for") + HOST
    bare = used.replace(", country: US, agreement: A1", "")
    assert codes(look(bare)) == {"P03", "X06"}


def test_consent_of_employees_is_found_where_their_pay_is() -> None:
    paid = SMALL.replace("data: [name, email]", "data: [name, salary]")
    pictures = """\
  pictures:
    title: Pictures
    purpose: Showing who works here
    about: members
    data: [photo]
    basis: {consent: pictures}
    keep: {until: consent_withdrawn}
consents:
  pictures: {purpose: Pictures, text: You may show me}
promises:
"""
    found = look(paid.replace("promises:\n", pictures))
    assert "B14" in codes(found)


def test_a_clock_that_rows_of_others_start_anew_needs_a_cap() -> None:
    """The map knows that the clock is the latest of its siblings."""
    assert codes(look(SMALL, "left")) == {"R14"}
    capped = SMALL + "caps:\n  max: {about: members, for: 9 years, after: left}\n"
    assert look(capped, "left") == ()


@pytest.mark.parametrize("slug", SLUGS)
def test_all_checks_on_a_policy_take_less_than_a_tenth_of_a_second(slug: str) -> None:
    text = (EXAMPLES / slug / "policy.yaml").read_text()
    policy = parse_policy(text, "policy.yaml", ON)

    def seconds() -> float:
        began = time.process_time()  # whatever else the machine does
        run_checks(written_of(policy, ON), ON)
        return time.process_time() - began

    assert min(seconds() for _ in range(9)) < 0.1


@pytest.mark.parametrize(
    ("says", "gate", "regions"),
    [
        pytest.param("Data stays in the EU", "X05", "`EU`", id="a-region"),
        pytest.param("Data stays at home", "[i_rec, X05]", "`EEA`", id="no-region"),
        pytest.param("EU clauses protect your data", "i_xfer", "", id="another-gate"),
    ],
)
def test_a_promise_that_data_stays_inside_is_held_to_every_party(
    says: str, gate: str, regions: str
) -> None:
    """A promise that names the EU for another reason says nothing on where data stays."""
    promise = f'  - {{id: HO-2, says: "{says}", proof: {{gate: {gate}}}}}\n'
    found = [c for c in look(SMALL + promise + HOST) if c.finding.code == "X05"]
    assert [c.path for c in found] == (["promises.HO-2"] if regions else [])
    assert all(f"stay in {regions}, and `Letterbox Inc.`" in c.finding.says for c in found)
    assert [c for c in look(SMALL + promise) if c.finding.code == "X05"] == []


def test_a_processor_without_an_agreement_is_found_with_the_law() -> None:
    """GDPR Art. 28(3)."""
    used = SMALL.replace("    keep: {for", "    processors: host\n    keep: {for")
    used += HOST.replace("country: US, agreement: A1", "country: DK")
    [found] = look(used)
    assert (found.finding.code, found.finding.law) == ("P03", ("GDPR Art. 28(3)",))
    assert found.finding.help == "add `agreement:` and `agreed_on:` to the processor"


ADS = """\
  ads:
    title: Ads
    purpose: Showing ads that fit
    about: members
    data: [cookie_id]
    basis: {consent: ads}
    marketing: true
    keep: {until: consent_withdrawn}
"""
DECIDES = """\
    automated:
      decides: Whether you get a garden
      logic: Points for years on the list
      consequences: Too few points, and you wait another year
      allowed_by: """


def test_a_decision_that_is_told_needs_no_other_words_on_profiling() -> None:
    """Art. 13(2)(f): N05 asks for what `automated:` says; profiling alone is still found."""
    consents = "consents:\n  ads: {purpose: Ads that fit, text: Show me ads that fit}\n"
    sorted_only = SMALL.replace("promises:\n", ADS + "promises:\n") + consents
    told = SMALL.replace("promises:\n", ADS + DECIDES + "consent\npromises:\n") + consents
    assert "N05" in {each.finding.code for each in look(sorted_only)}
    assert "N05" not in {each.finding.code for each in look(told)}


def test_a_decision_without_a_person_asks_for_a_look_at_its_effects() -> None:
    """Art. 35(3)(a)."""
    text = SMALL.replace("promises:\n", DECIDES + "contract\npromises:\n")
    [found] = look(text)
    assert (found.finding.code, found.path) == ("S06", "activities.membership")
    assert found.finding.says.startswith("`membership` decides about people without a person")
