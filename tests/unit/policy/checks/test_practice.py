"""Numbers and lists come from facts of law and `practice.yaml`; no check has any of its own.

Method: read the file whole; look for figures in the checks; ask for another country and day.
"""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest

from ombud.errors import Place
from ombud.law import retention_ids
from ombud.policy.checks import chapters
from ombud.policy.checks.practice import Practice, kind_of, kinds, relations, services
from ombud.policy.checks.words import BASES
from ombud.policy.checks.written import Activity, Part

ON = date(2026, 11, 24)
DK, NO = Practice("DK", ON), Practice("NO", ON)
CHAPTERS = sorted(Path(chapters.__file__).parent.glob("*.py"))

ALLOWED = {
    0: "the first",
    1: "one, the next",
    2: "of two, the second",
    13: "one more than the months of a year",
    2025: "any year without a leap day, to compare periods in",
}


def activity(*words: str) -> Activity:
    """Return an activity of some kinds."""
    return Activity(Part(Place("x.yaml"), ()), "x", kinds=words)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_no_check_has_a_figure_of_its_own(path: Path) -> None:
    tree = ast.parse(path.read_text())
    figures = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float)
    }
    assert figures <= set(ALLOWED)


@pytest.mark.parametrize("kind", kinds())
def test_each_kind_has_bases_and_facts_that_are_known(kind: str) -> None:
    row = activity(kind)
    assert DK.bases(row)
    assert set(DK.bases(row)) <= set(BASES)
    named = [*DK._of_kinds(row, "keep"), *DK._of_kinds(row, "limit"), *DK._of_kinds(row, "guide")]
    assert set(named) <= set(retention_ids())
    assert DK.clock(row).isidentifier()


def test_each_country_has_its_own_duties() -> None:
    (danish,), (norwegian,) = DK.duties(activity("sale")), NO.duties(activity("sale"))
    assert (danish.id, norwegian.id) == ("dk_bogf", "no_bok5")
    assert DK.limits(activity("cctv"))[0].period != NO.limits(activity("cctv"))[0].period


def test_a_day_before_the_facts_knows_none() -> None:
    assert Practice("DK", date(2015, 1, 1)).duties(activity("sale")) == ()


@pytest.mark.parametrize(
    ("practice", "text", "now"),
    [
        (DK, "Persondataloven", "GDPR"),
        (DK, "erhvervsfremmeloven  kapitel 6 §§ 12-13", "DK LBK 230/2024 § 14"),
        (DK, "DK LOV 429/2000", "GDPR"),
        (DK, "databeskyttelsesloven", None),
        (NO, "persondataloven", None),
        (NO, "arkivlova 1992", "NO LOV-2025-06-20-96"),
    ],
)
def test_an_act_is_known_by_its_name_or_its_citation(
    practice: Practice, text: str, now: str | None
) -> None:
    row = practice.stale_law(text)
    assert (row["now"] if row else None) == now


def test_a_body_is_known_inside_a_longer_name() -> None:
    assert DK.stale_body("Væksthus Holme") is not None
    assert DK.stale_body("Erhvervshus Holme") is None


@pytest.mark.parametrize(("country", "outside"), [("US", True), ("NO", False), ("", False)])
def test_norway_is_in_the_eea_and_what_is_not_told_is_not_judged(
    country: str, outside: bool
) -> None:
    assert DK.outside_eea(country) is outside


def test_categories_are_as_protected_as_the_law_makes_them() -> None:
    assert (kind_of("health"), kind_of("national_id"), kind_of("garden")) == (
        "special",
        "national_id",
        "ordinary",
    )


def test_words_are_names() -> None:
    assert all(word.isidentifier() for word in (*kinds(), *services(), *relations()))
