"""The notice tells every item of Arts. 13 and 14 that applies, and no right that does not.

Method: go through every activity of the examples and of the policy with every key; work out from
the policy which items of the fact `notice_items` apply; look which of them the notice tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ombud.law import authority, fact
from ombud.pages import LANGUAGES, make_notice, reading_level
from ombud.pages.activity import may_withdraw, rights_of
from ombud.pages.model import Notice, Part, every, lines, text_of, told
from ombud.pages.notice import for_others, own
from ombud.pages.text import to_text
from ombud.pages.voice import Voice, anchor, outside
from ombud.pages.words import words
from ombud.policy import Policy
from ombud.policy.checks import NOTICE_TELLS
from ombud.policy.model import Activity, Contact
from unit.pages.written import EXAMPLES, FULL, ON, policies, policy_of

WHOLE_PAGE = ("i_ctrl", "i_dpo", "i_cmp", "i_rts", "i_obj_sep", "i_new")


def applies(when: str, policy: Policy, activity: Activity) -> bool:
    """Return whether an item must be told of an activity, by its condition in the fact."""
    return {
        "always": True,
        "dpo_appointed": policy.organisation.dpo is not None,
        "legitimate_interests": activity.basis.kind == "legitimate_interests",
        "recipients": bool(activity.processors or activity.recipients),
        "transfer_outside_eea": any(
            outside(party) for party in Voice(policy, "en", ON).parties(activity)
        ),
        "not_from_subject": activity.source.parties != ("subject",),
        "from_subject": "subject" in activity.source.parties,
        "consent": may_withdraw(activity),
        "objection_possible": activity.marketing
        or activity.basis.kind in ("public_task", "legitimate_interests"),
        "new_purpose": True,
        "automated_decision": activity.automated is not None,
    }[when]


def cases() -> Iterator[object]:
    for policy in policies():
        for activity in own(policy):
            name = f"{policy.organisation.name}-{activity.id}".replace(" ", "-")
            yield pytest.param(policy, activity, id=name)


@pytest.mark.parametrize(("policy", "activity"), list(cases()))
def test_every_item_that_applies_is_told(policy: Policy, activity: Activity) -> None:
    """Law: GDPR Art. 13, GDPR Art. 14."""
    notice = make_notice(policy, "da", on=ON)
    here = told(notice.part(anchor(activity.id)))
    page = {code for part in notice.parts for code in told(part)}
    for item in fact("notice_items", on=ON).rows():
        if applies(item["when"], policy, activity):
            assert item["code"] in (page if item["code"] in WHOLE_PAGE else here), item["says"]


def test_an_item_that_does_not_apply_is_not_told() -> None:
    policy = policy_of(FULL)
    notice = make_notice(policy, "da", on=ON)
    for activity in own(policy):
        here = told(notice.part(anchor(activity.id)))
        assert ("i_li" in here) == (activity.basis.kind == "legitimate_interests")
        assert ("i_wdr" in here) == may_withdraw(activity)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_decided_about_by_a_computer_reads_what_how_and_what_to_do(language: str) -> None:
    """Law: GDPR Art. 13(2)(f), GDPR Art. 22(3)."""
    policy, said = policy_of(FULL), words(language)
    notice = make_notice(policy, language, on=ON)
    rights = _text_of_part(notice, "rights")
    assert said("rights.names.human_review") in rights
    assert said("short.automated") in _text_of_part(notice, "short")
    human = said("automated.human", contact="ret@holme.example")
    by_consent, by_law = (_text_of_part(notice, anchor(id)) for id in ("diets", "applicants"))
    assert human in by_consent
    assert said("automated.consent") in by_consent
    assert human not in by_law, "the law that allows it says how people are protected"
    assert "22" in by_law
    if language in policy.organisation.languages:
        decision = policy.activities["applicants"].automated
        assert decision is not None
        for text in (decision.decides, decision.logic, decision.consequences):
            assert text[language][1:] in by_law


def test_where_people_decide_nothing_is_said_of_computers() -> None:
    policy = policy_of(FULL)
    people = {id: replace(each, automated=None) for id, each in policy.activities.items()}
    notice = make_notice(replace(policy, activities=people), "en", on=ON)
    assert "i_auto" not in {code for part in notice.parts for code in told(part)}
    assert "computer" not in _text(notice)
    assert words("en")("rights.names.human_review") not in _text(notice)
    by_law = {**people, "applicants": policy.activities["applicants"]}
    notice = make_notice(replace(policy, activities=by_law), "en", on=ON)
    assert words("en")("rights.names.human_review") not in _text_of_part(notice, "rights")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_of_computers_is_easy_to_read(language: str) -> None:
    """The words of the two activities that decide alone, without the organisation's other texts."""
    policy = policy_of(FULL)
    only = {id: policy.activities[id] for id in ("diets", "applicants")}
    people = {id: replace(each, automated=None) for id, each in only.items()}
    levels = [
        reading_level(make_notice(replace(policy, activities=each), language, on=ON)).value
        for each in (people, only)
    ]
    assert levels[1] < min(45, levels[0] + 1)


RIGHTS = {
    "consent": {"access", "rectification", "erasure", "restriction", "portability"},
    "contract": {"access", "rectification", "erasure", "restriction", "portability"},
    "legal_obligation": {"access", "rectification", "restriction"},
    "vital_interests": {"access", "rectification", "erasure", "restriction"},
    "public_task": {"access", "rectification", "erasure", "restriction", "objection"},
    "legitimate_interests": {"access", "rectification", "erasure", "restriction", "objection"},
}


@pytest.mark.parametrize("kind", RIGHTS)
@pytest.mark.parametrize("marketing", [False, True])
def test_the_rights_named_are_those_of_the_basis(kind: str, marketing: bool) -> None:
    """Law: GDPR Arts. 15-21."""
    policy = policy_of(FULL)
    activity = policy.activities["events"]
    basis = replace(activity.basis, kind=kind)  # type: ignore[arg-type]
    activity = replace(activity, basis=basis, marketing=marketing)
    named = set(rights_of(Voice(policy, "da", ON), activity))
    can_refuse = marketing and kind not in ("legal_obligation", "vital_interests")
    assert named == RIGHTS[kind] | ({"objection_marketing"} if can_refuse else set())


def test_a_processor_names_the_controller_and_no_rights_against_itself() -> None:
    policy = policy_of(FULL)
    assert for_others(policy)
    notice = make_notice(policy, "da", on=ON)
    for activity in for_others(policy):
        part = notice.part(anchor(activity.id))
        text = " ".join(text_of(line) for line in lines((part,)))
        assert rights_of(Voice(policy, "da", ON), activity) == ()
        assert f"Henvend dig til {activity.role.party}" in text
        assert part not in notice.part("uses").blocks
        assert part in notice.part("processing").blocks


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_right_to_object_stands_apart_and_early(language: str) -> None:
    """Law: GDPR Art. 21(4)."""
    for policy in policies():
        notice = make_notice(policy, language, on=ON)
        assert notice.parts[1].id == "object"
        assert [part.id for part in notice.parts if part.apart] == ["object"]


def test_who_cannot_object_is_not_told_to() -> None:
    policy = policy_of(FULL)
    only = {"bookkeeping": policy.activities["bookkeeping"]}
    notice = make_notice(replace(policy, activities=only), "da", on=ON)
    assert "object" not in [part.id for part in notice.parts]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_complaints_go_to_the_authority_of_the_country(path: object) -> None:
    policy = policy_of(path)  # type: ignore[arg-type]
    known = authority(policy.organisation.country, on=ON)  # type: ignore[arg-type]
    part = make_notice(policy, "en", on=ON).part("complaint")
    text = " ".join(text_of(line) for line in lines((part,)))
    for detail in (known.name, known.address, known.phone, known.email):
        assert detail in text
    for old in known.outdated:
        assert old not in text
    assert "We checked the address on 23 November 2026." in text


def test_what_ends_earlier_is_told_and_only_where_it_holds_for_all() -> None:
    policy = policy_of(next(p for p in EXAMPLES if p.parent.name == "consultancy"))
    notice = make_notice(policy, "en", on=ON)

    def kept(id: str) -> str:
        return " ".join(text_of(line) for line in lines((notice.part(anchor(id)),)))

    assert "never longer than 3 years after the last work" in kept("customers")
    assert "never longer" not in kept("incidents"), "its people are more than those on film"
    assert "never longer" not in kept("cctv"), "five days are less than the law's thirty"


def test_nobody_is_asked_to_give_what_is_recorded() -> None:
    """A camera asks nobody; an address is given, and a cookie asks for consent first."""
    policy = policy_of(next(p for p in EXAMPLES if p.parent.name == "consultancy"))
    notice = make_notice(policy, "da", on=ON)

    def given(id: str) -> str:
        told = [text_of(line) for line in lines((notice.part(anchor(id)),))]
        return told[told.index("Skal du give os oplysningerne?") + 1]

    assert given("cctv") == words("da")("given.collected")
    assert given("suppliers") == words("da")("given.legitimate_interests")
    assert given("web_statistics") == words("da")("given.consent")


def test_the_authority_goes_by_one_name() -> None:
    for policy in policies():
        text = _text(make_notice(policy, "da", on=ON))
        if policy.organisation.country == "DK":
            assert "Du kan klage til Datatilsynet." in text
            assert "klage til tilsynsmyndigheden." not in text


def test_texts_that_are_missing_are_marked_with_their_language() -> None:
    notice = make_notice(policy_of(EXAMPLES[0]), "sv", on=ON)
    marked = [said for line in lines(notice.parts) for said in line if said.language]
    assert {said.language for said in marked} == {"da"}
    assert words("sv")("page.fallback") in _text(notice)
    whole = make_notice(policy_of(EXAMPLES[0]), "da", on=ON)
    assert words("da")("page.fallback") not in _text(whole)


def test_a_name_is_what_it_is_in_the_language_of_the_page() -> None:
    """A proper name is the same in each, and never a text that waits to be translated."""
    policy = policy_of(FULL)
    danish, english = (to_text(make_notice(policy, tag, on=ON)) for tag in ("da", "en"))
    assert "Dig selv, NAV, arbejdspladsen" in danish
    assert "You, NAV, the workplace" in english
    assert "Business hubs, Denmark" in english
    assert "Agreement 4 of 2025" in english
    assert "Mailer ApS" in english


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_an_example_is_translated_as_a_whole(path: Path) -> None:
    policy = policy_of(path)
    for tag in policy.organisation.languages:
        notice = make_notice(policy, tag, on=ON)
        assert {
            said.text for line in lines(notice.parts) for said in line if said.language
        } == set()


def test_a_data_protection_officer_is_named() -> None:
    policy = policy_of(FULL)
    officer = replace(policy.organisation, dpo=Contact("Berit", "dpo@holme.example"))
    text = _text(make_notice(replace(policy, organisation=officer), "da", on=ON))
    assert "Databeskyttelsesrådgiver" in text
    assert "dpo@holme.example" in text


TOLD_BY = {
    "answer_period": "Vi svarer hurtigst muligt og inden for 1 måned.",
    "new_purposes": "til noget nyt, fortæller vi det, før vi begynder.",
    "overlapping_periods": "Så har vi dem, indtil den længste frist er udløbet",
    "required": "uden oplysningerne kan vi ikke indgå eller holde aftalen",
    "turn_to_controller": "for at bruge dine rettigheder",
}


def test_the_notice_tells_what_the_checks_take_for_granted() -> None:
    assert set(TOLD_BY) == set(NOTICE_TELLS)
    text = "\n".join(_text(make_notice(policy, "da", on=ON)) for policy in policies())
    assert [topic for topic, says in TOLD_BY.items() if says not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_anchors_are_unique_and_every_link_inside_leads_to_one(language: str) -> None:
    for policy in policies():
        notice = make_notice(policy, language, on=ON)
        ids = [block.id for block in every(notice.parts) if isinstance(block, Part)]
        assert len(ids) == len(set(ids))
        links = {said.to[1:] for line in lines(notice.parts) for said in line if said.to[:1] == "#"}
        assert links <= set(ids)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_the_examples_are_easier_to_read_than_a_newspaper(path: object) -> None:
    policy = policy_of(path)  # type: ignore[arg-type]
    for language in policy.organisation.languages:
        assert reading_level(make_notice(policy, language, on=ON)).value < 45


def _text_of_part(notice: Notice, id: str) -> str:
    return "\n".join(text_of(line) for line in lines((notice.part(id),)))


def _text(notice: Notice) -> str:
    return "\n".join(text_of(line) for line in lines(notice.parts))
