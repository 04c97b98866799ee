"""Rules, periods, days and acts are said as people say them.

Method: tables of a value and its sentence in each language, written by hand.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ombud.errors import Place
from ombud.law import Period
from ombud.pages.clean import clean
from ombud.pages.phrases import (
    day_in_words,
    inside,
    law_in_words,
    period_in_words,
    rule_in_words,
    sentence,
)
from ombud.pages.words import words
from ombud.policy.model import (
    After,
    Clocks,
    Consent,
    FirstOf,
    Keep,
    LastOf,
    NeededFrom,
    WhileConsent,
    WhileState,
)
from unit.pages.written import FULL, policy_of

CLOCKS = {
    "event": {
        "da": "arrangementet er holdt",
        "nb": "arrangementet ble holdt",
        "nn": "arrangementet vart halde",
        "sv": "arrangemanget hölls",
        "en": "the event was held",
    },
    "buy": {
        "da": "det seneste køb",
        "nb": "siste kjøp",
        "nn": "siste kjøp",
        "sv": "det senaste köpet",
        "en": "the last purchase",
    },
}
POLICY = replace(policy_of(FULL), clocks=CLOCKS)
YEARS = Period.parse("3 years")
EVENT, BUY = Clocks(("event",)), Clocks(("buy",))


def said(language: str, keep: Keep, consent: Consent | None = None) -> str:
    return rule_in_words(words(language), POLICY, keep, consent)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("da", "3 år efter at arrangementet er holdt"),
        ("nb", "3 år etter at arrangementet ble holdt"),
        ("nn", "3 år etter at arrangementet vart halde"),
        ("sv", "3 år efter att arrangemanget hölls"),
        ("en", "3 years after the event was held"),
    ],
)
def test_a_period_after_something_that_happens(language: str, expected: str) -> None:
    assert said(language, After(YEARS, EVENT)) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("da", "3 år efter det seneste køb"),
        ("nb", "3 år etter siste kjøp"),
        ("nn", "3 år etter siste kjøp"),
        ("sv", "3 år efter det senaste köpet"),
        ("en", "3 years after the last purchase"),
    ],
)
def test_a_period_after_a_thing(language: str, expected: str) -> None:
    assert said(language, After(YEARS, BUY)) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("da", "3 år efter udgangen af det regnskabsår, hvor arrangementet er holdt"),
        ("nb", "3 år etter utgangen av det regnskapsåret da arrangementet ble holdt"),
        ("nn", "3 år etter utgangen av det rekneskapsåret då arrangementet vart halde"),
        ("sv", "3 år efter utgången av det räkenskapsår då arrangemanget hölls"),
        ("en", "3 years after the end of the financial year in which the event was held"),
    ],
)
def test_a_period_from_the_end_of_the_financial_year(language: str, expected: str) -> None:
    assert said(language, After(YEARS, EVENT, "financial_year_end")) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("da", "indtil lige efter at arrangementet er holdt"),
        ("nb", "til rett etter at arrangementet ble holdt"),
        ("nn", "til rett etter at arrangementet vart halde"),
        ("sv", "till strax efter att arrangemanget hölls"),
        ("en", "until just after the event was held"),
    ],
)
def test_no_time_after_something_that_happens(language: str, expected: str) -> None:
    """Clocks are told in the past tense, in which nothing is kept `until`."""
    assert said(language, After(Period.parse("0 days"), EVENT)) == expected
    assert said("da", After(Period.parse("0 days"), BUY)) == "indtil det seneste køb"


CONSENT = Consent("letters", Place("policy.yaml"), {}, {}, expires=Period.parse("1 year"))
CASES = [
    pytest.param(WhileConsent(), "indtil du trækker dit samtykke tilbage", id="consent"),
    pytest.param(WhileState("membership"), "så længe medlemskabet varer", id="state"),
    pytest.param(WhileState("on_a_list"), "så længe “on a list” varer", id="state-without-words"),
    pytest.param(
        FirstOf((After(YEARS, EVENT), After(YEARS, BUY))),
        "3 år efter at arrangementet er holdt eller 3 år efter det seneste køb, alt efter hvad der "
        "sker først",
        id="first",
    ),
    pytest.param(
        LastOf((WhileState("membership"), After(YEARS, BUY))),
        "så længe medlemskabet varer eller 3 år efter det seneste køb, alt efter hvad der er "
        "længst",
        id="last",
    ),
    pytest.param(
        FirstOf((NeededFrom("event", "Kursuschef", Period.parse("6 months")), After(YEARS, BUY))),
        "indtil vi ikke længere har brug for dem, dog senest 3 år efter det seneste køb; efter at "
        "arrangementet er holdt, vurderer vi det med højst 6 måneder mellem hver gang",
        id="needed-with-a-limit",
    ),
    pytest.param(
        After(YEARS, Clocks(("event", "buy"), "first")),
        "3 år efter arrangementet er holdt eller det seneste køb, alt efter hvad der sker først",
        id="two-clocks",
    ),
]


@pytest.mark.parametrize(("keep", "expected"), CASES)
def test_rules_in_danish(keep: Keep, expected: str) -> None:
    assert said("da", keep) == expected


def test_a_consent_that_lapses_says_when() -> None:
    assert said("da", WhileConsent(), CONSENT) == (
        "indtil du trækker dit samtykke tilbage, og højst 1 år, hvis du ikke giver det igen"
    )


@pytest.mark.parametrize(
    ("period", "language", "expected"),
    [
        ("1 year", "nb", "1 år"),
        ("3 years 6 months", "nb", "3 år og 6 måneder"),
        ("14 months", "da", "14 måneder"),
        ("1 month", "da", "1 måned"),
        ("2 weeks", "nn", "14 dagar"),
        ("1 day", "sv", "1 dag"),
        ("2 years 1 month 3 days", "en", "2 years, 1 month and 3 days"),
        ("0 days", "en", "0 days"),
    ],
)
def test_periods(period: str, language: str, expected: str) -> None:
    assert period_in_words(words(language), Period.parse(period)) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [("da", "1. marts 2026"), ("sv", "1 mars 2026"), ("en", "1 March 2026")],
)
def test_days(language: str, expected: str) -> None:
    assert day_in_words(words(language), date(2026, 3, 1)) == expected


@pytest.mark.parametrize(
    ("citation", "language", "expected"),
    [
        ("DK bogføringsloven § 12(1)", "da", "bogføringsloven § 12, stk. 1"),
        ("NO bokføringsloven § 13(2)", "nb", "bokføringsloven § 13 annet ledd"),
        ("NO bokføringsloven § 13(2)", "nn", "bokføringsloven § 13 andre ledd"),
        ("SE bokföringslagen 7:2", "sv", "bokföringslagen 7 kap. 2 §"),
        ("DK bogføringsloven § 12(1)", "en", "the Danish act bogføringsloven § 12(1)"),
        ("NO arbeidsmiljøloven § 4-6", "da", "arbeidsmiljøloven § 4-6 i norsk ret"),
        ("something else", "da", "something else"),
    ],
)
def test_acts(citation: str, language: str, expected: str) -> None:
    assert law_in_words(words(language), citation) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [("E-mail", "e-mail"), ("CV", "CV"), ("IP-adresse", "IP-adresse"), ("A", "A"), ("", "")],
)
def test_titles_inside_a_sentence(title: str, expected: str) -> None:
    assert inside(title) == expected


def test_half_a_sentence_becomes_a_whole_one() -> None:
    assert sentence("ett år") == "Ett år."
    assert sentence("Who?") == "Who?"
    assert sentence("") == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\u202eb\u2066c", "abc"),
        ("a\x00\x1b[2Jb", "a[2Jb"),
        ("a\nb\u2028c\td", "a b c d"),
        ("\ufeffa\u200b\ufffe", "a"),
        ("A\u030a", "Å"),
        ("שלום 漢字 😀", "שלום 漢字 😀"),
    ],
)
def test_what_hides_or_turns_text_is_taken_away(text: str, expected: str) -> None:
    assert clean(text) == expected
