"""What changes for people is found, whatever way the policy says it, and nothing else is.

Method: change the policy with every key in one way at a time, and look at the changes that come
out; compare retention rules by a table; say each kind of change in every language.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import get_args

import pytest

from ombud.law import Period
from ombud.pages import LANGUAGES
from ombud.pages.changes import change_in_words, message
from ombud.pages.words import words
from ombud.policy import Policy
from ombud.policy.changes import Change, Kind, changes, compared
from ombud.policy.model import After, Clocks, FirstOf, Keep, LastOf, WhileConsent
from unit.policy.written import FULL, ON, changed, read

OLD = read(FULL)


def after(years: int, clock: str = "left") -> After:
    return After(Period(years=years), Clocks((clock,)))


def found(*edits: str, **more: Callable[[Policy], Policy]) -> list[tuple[str, str, str]]:
    """Return kind, activity and name of what changes when texts of the file are replaced."""
    new = read(changed(FULL, *edits)) if edits else OLD
    for change in more.values():
        new = change(new)
    return [(c.kind, c.activity, c.name) for c in changes(OLD, new, ON)]


def test_the_same_policy_changes_nothing() -> None:
    assert found() == []
    assert found("{da: erhvervshuse, en: business hubs}", "erhvervshuse") == []
    assert changes(OLD, read("# a comment\n" + FULL), ON) == ()


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        pytest.param(
            "keep: {for: 3 years, after: event_held}",
            "keep: {for: 4 years, after: event_held}",
            [("longer", "events", "")],
            id="longer",
        ),
        pytest.param(
            "keep: {for: 3 years, after: event_held}",
            "keep: {for: 11 months, after: event_held}",
            [("shorter", "events", "")],
            id="shorter",
        ),
        pytest.param(
            "keep: {for: 3 years, after: event_held}",
            "keep: {for: 3 years, after: signed_up}",
            [("kept_otherwise", "events", "")],
            id="another-clock",
        ),
        pytest.param(
            "en: Holding events}", "en: Selling things}", [("purpose", "events", "")], id="purpose"
        ),
        pytest.param(
            "data: [name, company, email]",
            "data: [name, company, email, phone]",
            [("data_new", "events", "phone")],
            id="new-data",
        ),
        pytest.param(
            "data: [name, company, email]",
            "data: [name, email]",
            [("data_gone", "events", "company")],
            id="less-data",
        ),
        pytest.param(
            "    recipients: hubs\n",
            "",
            [("recipient_gone", "events", "hubs")],
            id="recipient-gone",
        ),
        pytest.param(
            "from: [subject, NAV, ",
            "from: [subject, NAV, Skat, ",
            [("source_new", "newsletter", "Skat")],
            id="new-source",
        ),
        pytest.param(
            "country: US", "country: IN", [("country_new", "events", "IN")], id="new-country"
        ),
        pytest.param(
            "en: Standard clauses}",
            "en: Adequacy}",
            [("safeguard", "events", "mailer")],
            id="other-safeguard",
        ),
        pytest.param(
            "about: [participants, customers]",
            "about: [participants, customers, filmed]",
            [("group_new", "newsletter", "filmed")],
            id="new-group",
        ),
        pytest.param(
            "en: Which food you get}",
            "en: Which seat you get}",
            [("automated_new", "diets", "")],
            id="another-decision",
        ),
        pytest.param(
            "en: The rules of the kitchen's list}",
            "en: The price}",
            [("automated_changed", "diets", "")],
            id="decided-by-something-else",
        ),
        pytest.param(
            'allowed_by: {law: "DK LOV 700/2022 § 12"}',
            'allowed_by: {law: "DK LOV 700/2022 § 13"}',
            [("automated_changed", "applicants", "")],
            id="decided-on-another-law",
        ),
        pytest.param(
            'en: "Yes, please"}',
            'en: "Yes"}',
            [("consent_text", "", "newsletter")],
            id="consent-text",
        ),
        pytest.param(
            "name: Holme Erhverv A/S", "name: Holme Vækst A/S", [("controller", "", "")], id="name"
        ),
        pytest.param(
            "phone: +45 00 00 00 00", "phone: +45 00 00 00 01", [("contact", "", "")], id="contact"
        ),
    ],
)
def test_one_change_is_found_and_no_other(
    before: str, now: str, expected: list[tuple[str, str, str]]
) -> None:
    assert found(before, now) == expected


def test_a_new_recipient_is_one_whatever_its_id() -> None:
    renamed = FULL.replace("processors: [mailer]", "processors: [post]").replace(
        "  mailer:\n    name: Mailer ApS", "  post:\n    name: Mailer ApS"
    )
    assert changes(OLD, read(renamed), ON) == ()
    other = renamed.replace("name: Mailer ApS", "name: Postbud ApS")
    assert {c.kind for c in changes(OLD, read(other), ON)} == {"recipient_new", "recipient_gone"}


def test_another_basis_may_take_a_right_away() -> None:
    told = found('basis: {public_task: "DK erhvervsfremmeloven § 14"}', "basis: {contract: Aftale}")
    assert ("basis", "events", "") in told
    assert ("right_lost", "events", "objection") in told
    assert ("right_gained", "events", "portability") in told


def test_a_cap_that_is_gone_lets_data_live_longer() -> None:
    def without(policy: Policy) -> Policy:
        caps = {id: cap for id, cap in policy.caps.items() if id != "customer_max"}
        return replace(policy, caps=caps)

    new = without(OLD)
    kinds = {(c.kind, c.activity) for c in changes(OLD, new, ON)}
    assert ("longer", "rescue") in kinds
    assert {(c.kind, c.activity) for c in changes(new, OLD, ON)} >= {("shorter", "rescue")}


def test_a_new_purpose_is_told_beforehand_and_first() -> None:
    """GDPR Art. 13(3), 14(4)."""
    activities = dict(OLD.activities)
    new = activities["events"]
    policy = replace(OLD, activities={**activities, "research": replace(new, id="research")})
    told = changes(OLD, policy, ON)
    assert [(c.kind, c.tell) for c in told] == [("activity_new", "before")]
    assert [(c.kind, c.tell) for c in changes(policy, OLD, ON)] == [("activity_gone", "site")]


def test_who_gets_or_gives_data_only_by_a_new_purpose_is_told() -> None:
    """GDPR Art. 14(2)(f): a group that a party already gets data about is told nothing new."""
    activities = dict(OLD.activities)
    events, news = activities["events"], activities["newsletter"]
    research = replace(news, id="research", processors=events.processors, about=("filmed",))
    policy = replace(OLD, activities={**activities, "research": research})
    assert [(c.kind, c.name, c.tell) for c in changes(OLD, policy, ON)] == [
        ("activity_new", "", "before"),
        *(("source_new", name, "tell") for name in news.source.parties if name != "subject"),
        ("recipient_new", "mailer", "tell"),
        *(("recipient_new", name, "tell") for name in news.recipients),
    ]
    known = replace(events, id="research", data=("name",))
    policy = replace(OLD, activities={**activities, "research": known})
    assert [c.kind for c in changes(OLD, policy, ON)] == ["activity_new"]


def test_a_new_decision_without_a_person_is_told_beforehand() -> None:
    """GDPR Art. 13(2)(f), 14(2)(g); one that ends need not be told."""
    activities = dict(OLD.activities)
    decision = activities["diets"].automated
    news = replace(activities["newsletter"], automated=decision)
    extra = replace(activities["diets"], id="extra")
    policy = replace(OLD, activities={**activities, "newsletter": news, "extra": extra})
    told = [(c.kind, c.activity, c.tell) for c in changes(OLD, policy, ON)]
    assert told == [
        ("automated_new", "newsletter", "before"),
        ("activity_new", "extra", "before"),
        ("automated_new", "extra", "before"),
    ]
    ended = [c for c in changes(policy, OLD, ON) if c.kind == "automated_gone"]
    assert [(c.activity, c.tell) for c in ended] == [("newsletter", "site")]
    said = message(OLD, policy, changes(OLD, policy, ON), "en", ON)
    assert said is not None
    assert "A computer decides this, and no person looks at it: which food you get." in said.text
    assert "contest the decision. Write to ret@holme.example." in said.text


def test_what_is_done_for_another_is_the_others_to_tell() -> None:
    text = FULL.replace(
        "keep: {for: 3 months, after: {first_of: [report",
        "keep: {for: 4 months, after: {first_of: [report",
    )
    [change] = changes(OLD, read(text), ON)
    assert (change.kind, change.activity, change.controller) == (
        "longer",
        "course",
        "Jobcenter Holme",
    )
    assert change.tell == "site"
    assert message(OLD, read(text), [change], "da", ON) is None


@pytest.mark.parametrize(
    ("old", "new", "order"),
    [
        (after(1), after(1), 0),
        (after(1), after(2), 1),
        (after(2), after(1), -1),
        (after(1), After(Period(months=12), Clocks(("left",))), 0),
        (after(1), after(1, "posted"), None),
        (after(1), FirstOf((after(1), WhileConsent())), -1),
        (FirstOf((after(1), WhileConsent())), WhileConsent(), 1),
        (after(1), LastOf((after(1), WhileConsent())), 1),
        (FirstOf((after(1), WhileConsent())), FirstOf((after(2), WhileConsent())), 1),
        (FirstOf((after(1), after(3, "b"))), FirstOf((after(2), after(2, "b"))), None),
        (WhileConsent(), after(1), None),
    ],
)
def test_rules_compare_only_where_it_is_sure(old: Keep, new: Keep, order: int | None) -> None:
    assert compared(old, new) == order


# ---------------------------------------------------------------- in words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_of_change_is_said_in_every_language(kind: Kind, language: str) -> None:
    names = {
        "data_new": "phone",
        "data_gone": "phone",
        "group_new": "filmed",
        "recipient_new": "hubs",
        "recipient_gone": "hubs",
        "country_new": "US",
        "safeguard": "mailer",
        "source_new": "NAV",
        "right_lost": "objection",
        "right_gained": "objection",
        "consent_text": "newsletter",
        "document_new": "pictures",
        "document_changed": "pictures",
        "document_gone": "pictures",
    }
    party = "mailer" if kind in ("country_new", "safeguard") else ""
    id = "diets" if kind.startswith("automated") else "events"
    change = Change(kind, id, ("participants",), names.get(kind, ""), party)
    said = change_in_words(OLD, OLD, change, language, ON)
    assert said.endswith((".", "!", "?"))
    assert "{" not in said
    assert ".." not in said
    assert f"changes.kinds.{kind}" in words(language).all


def told(new: Policy, language: str, old: Policy = OLD) -> str:
    """Return every change in words, one to a line."""
    lines = (change_in_words(old, new, c, language, ON) for c in changes(old, new, ON))
    return "\n".join(lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_party_outside_the_eea_is_told_with_what_protects_the_data(language: str) -> None:
    """Art. 13(1)(f): that it is outside, and on what the transfer rests."""
    inside = read(changed(FULL, "country: US", "country: IE"))
    outside = words(language)("changes.outside", safeguard="").strip()
    clauses = "Standard clauses" if language == "en" else "Standardkontrakt"
    moved = told(OLD, language, old=inside)
    assert outside in moved
    assert clauses.lower() in moved.lower()
    without = read(changed(FULL, "    processors: [mailer]\n", ""))
    assert outside in told(OLD, language, old=without), "a new recipient"
    assert outside not in told(inside, language), "back into the EEA"
    assert outside not in told(OLD, language, old=read(changed(FULL, "    recipients: hubs\n", "")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_purpose_is_told_with_its_basis_and_how_long(language: str) -> None:
    """Art. 13(3): with the further information of paragraph 2."""
    found = told(OLD, language, old=replace(OLD, activities={}))
    [line] = [each for each in found.splitlines() if "erhvervsfremmeloven § 14" in each]
    assert words(language)("units.year.other", count="3") in line
    assert words(language)("changes.kept", rule="").strip() in line
    assert ".." not in line


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_told_that_they_said_yes_to_what_is_only_now_asked(language: str) -> None:
    automated = FULL[FULL.index("    automated:") : FULL.index("  newsletter:\n    title")]
    asks = changed(FULL, automated, "")
    before = changed(
        asks,
        "basis: {consent: diet, special: {consent: diet}}",
        "basis: {contract: Middag, special: {vital_interests: Liv}}",
    )
    keep = "keep: {first_of: [{until: consent_withdrawn}, {for: P1M, after: event_held}]}"
    old, new = read(changed(before, keep, "keep: {for: P1M, after: event_held}")), read(asks)
    line = told(new, language, old=old)
    given = words(language)("basis.consent", what="¤").split("¤")[0]
    explicit = words(language)("special.consent", what="¤").split("¤")[0]
    assert given not in line
    assert explicit not in line
    assert words(language)("changes.asked", what="¤").split("¤")[0] in line
    assert words(language)("changes.asked_special", what="¤").split("¤")[0] in line
    assert words(language)("rights.means.withdrawal") in line
    back = told(old, language, old=new)
    assert given in back, "they did say yes"
    assert explicit in back


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_told_that_they_said_yes_to_a_decision_that_is_only_now_made(
    language: str,
) -> None:
    diets = OLD.activities["diets"]
    assert diets.automated is not None
    decision = replace(diets.automated, allowed_by="consent", law="")
    new = replace(OLD, activities={"diets": replace(diets, automated=decision)})
    none = replace(OLD, activities={"diets": replace(diets, automated=None)})
    other = replace(decision, logic=decision.decides)
    before = replace(OLD, activities={"diets": replace(diets, automated=other)})
    given, asked = words(language)("automated.consent"), words(language)("changes.asked_automated")
    line = told(new, language, old=none)
    assert (given in line, asked in line) == (False, True)
    assert words(language)("rights.means.withdrawal") in line
    line = told(new, language, old=before)
    assert (given in line, asked in line) == (True, False), "they said yes to that decision"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_interest_that_a_use_now_rests_on_is_named(language: str) -> None:
    old = 'basis: {public_task: "DK erhvervsfremmeloven § 14"}\n    role: controller'
    new = "basis: {legitimate_interests: {da: At se det, en: That we see it}}\n    role: controller"
    line = told(read(changed(FULL, old, new)), language)
    interest = "that we see it" if language == "en" else "at se det"
    assert f"{words(language)('uses.interest')}: {interest}." in line


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_says_whom_it_concerns_what_changes_and_where_to_ask(language: str) -> None:
    new = read(
        changed(
            FULL,
            "keep: {for: 3 years, after: event_held}",
            "keep: {for: 4 years, after: event_held}",
        )
    )
    told = message(OLD, new, changes(OLD, new, ON), language, ON)
    assert told is not None
    assert "Holme Erhverv A/S" in told.subject
    assert "ret@holme.example" in told.text
    assert words(language)("changes.open.day") in told.text, "the day is a person's to say"
    assert words(language)("units.year.other", count="4") in told.text
    assert words(language)("changes.tell") in told.text
    open_address = words(language)("changes.open.address")
    assert "OMBUD_NOTICE" in open_address
    assert words(language)("changes.read", web=open_address) in told.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_leads_to_the_notice_in_its_language_and_to_no_other_page(language: str) -> None:
    new = read(
        changed(
            FULL,
            "keep: {for: 3 years, after: event_held}",
            "keep: {for: 4 years, after: event_held}",
        )
    )
    address = "https://www.example.org/privacy/{lang}/"
    told = message(OLD, new, changes(OLD, new, ON), language, ON, address=address)
    assert told is not None
    web = f"https://www.example.org/privacy/{language}/"
    assert words(language)("changes.read", web=web) in told.text
    assert re.findall(r"https?://\S+", told.text) == [web]
    assert "OMBUD_NOTICE" not in told.text


def test_nobody_is_written_to_where_the_notice_is_enough() -> None:
    new = read(
        changed(
            FULL,
            "keep: {for: 3 years, after: event_held}",
            "keep: {for: 2 years, after: event_held}",
        )
    )
    assert message(OLD, new, changes(OLD, new, ON), "da", ON) is None
