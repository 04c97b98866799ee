"""Ombud says everything in every language.

Method: read the files of words and compare keys, names in braces and kinds with the English one;
look for each key in the code and templates; look for words that the glossary's texts do not use.
"""

from __future__ import annotations

import re
from string import Formatter

import pytest

from ombud.pages import LANGUAGES
from ombud.pages.words import eea, words
from ombud.policy.builtin import CATEGORIES
from unit.pages.written import ROOT

OTHERS = [language for language in LANGUAGES if language != "en"]


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_every_key_is_in_every_language(language: str) -> None:
    assert set(words(language).all) == set(words("en").all)


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_fills_in_the_same_names(language: str) -> None:
    different = [
        key
        for key, text in words("en").all.items()
        if isinstance(text, str) and names_in(text) != names_in(str(words(language).all[key]))
    ]
    assert different == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_unfinished(language: str) -> None:
    texts = {key: text for key, text in words(language).all.items() if isinstance(text, str)}
    assert [key for key, text in texts.items() if not text.strip()] == []
    assert [key for key, text in texts.items() if re.search(r"TODO|\?\?|  ", text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_year_has_its_months(language: str) -> None:
    assert len(set(words(language).list("units.months"))) == 12


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_country_of_the_eea_has_a_name(language: str) -> None:
    assert [code for code in sorted(eea()) if not words(language).has(f"countries.{code}")] == []


def test_every_built_in_category_has_a_name_in_every_language() -> None:
    assert [c.id for c in CATEGORIES.values() if set(c.title) != set(LANGUAGES)] == []


# Keys that the code puts together begin like this.
MADE = (
    "authorities.",
    "automated.",
    "basis.",
    "changes.kinds.",
    "clocks.",
    "countries.",
    "forms.",
    "given.",
    "law.countries.",
    "messages.",
    "object.",
    "parties.",
    "record.automated.",
    "record.basis.",
    "record.columns.",
    "record.how.",
    "record.instead.",
    "record.kinds.",
    "record.measures.",
    "record.reach.",
    "record.on_disk.",
    "record.roles.",
    "record.special.",
    "record.tables.",
    "rights.erasure_conditional.",
    "rights.means.",
    "rights.names.",
    "short.purposes.",
    "special.",
    "states.",
    "units.",
)


def test_no_key_is_for_nothing() -> None:
    folder = ROOT / "src" / "ombud" / "pages"
    code = "".join(p.read_text() for p in [*folder.rglob("*.py"), *folder.glob("templates/*")])
    named = set(re.findall(r"[\"']([a-z_.]+)[\"']", code))
    keys = [key for key in words("en").all if not key.startswith(MADE)]
    assert [key for key in keys if key not in named and not key.endswith(".title")] == []


@pytest.mark.parametrize(
    ("language", "term"),
    [
        ("da", "retsgrundlag"),
        ("da", "dataansvarlig"),
        ("da", "databehandleraftale|indsigelse"),
        ("da", "berigtigelse"),
        ("nb", "behandlingsgrunnlag"),
        ("nb", "behandlingsansvarlig"),
        ("nb", "protest"),
        ("nb", "retting"),
        ("nn", "behandlingsansvarleg"),
        ("sv", "personuppgiftsansvarig"),
        ("sv", "rättslig grund"),
    ],
)
def test_the_terms_are_those_of_the_law(language: str, term: str) -> None:
    everything = " ".join(str(text) for text in words(language).all.values()).lower()
    assert re.search(term, everything)
