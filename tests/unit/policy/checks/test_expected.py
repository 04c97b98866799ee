"""Each example's as-written document raises what was expected of its seed, and nothing else.

Method: `expected.yaml` holds the ids that were written down for each seed, how many of them are of
each severity, and the parts at which they are found. Compare them with what the checks find.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from ombud.policy.checks import all_checks
from unit.policy.checks.looking import EXAMPLES, FILE, SLUGS, codes, found_in, look_at, part_of

EXPECTED: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("expected.yaml").read_text())
SEVERITIES = {check.id: check.severity for check in all_checks()}
SEEDS_RAISE = {id for expected in EXPECTED.values() for id in expected["found"]}

# What may stand in the documents but is nobody's personal data and none of the seeds' words.
NAMES_OF_THE_SEEDS = re.compile(
    r"næstved|naestved|arbejdskraftalliancen|aktivindsats|næringstjenester|sønh|søir|østerdal"
    r"|implement|survey ?monkey|e-conomic|vestby|nors it|siva|segtnan|hellerup|rena\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_checks_find_what_was_expected_and_nothing_else(slug: str) -> None:
    assert codes(found_in(slug)) == set(EXPECTED[slug]["found"])


@pytest.mark.parametrize("slug", SLUGS)
def test_they_find_it_at_these_parts(slug: str) -> None:
    found: dict[str, list[str]] = {}
    for each in found_in(slug):
        parts = found.setdefault(each.finding.code, [])
        if part_of(each) not in parts:
            parts.append(part_of(each))
    assert found == EXPECTED[slug]["found"]


@pytest.mark.parametrize("slug", SLUGS)
def test_they_are_silent_where_they_must_be(slug: str) -> None:
    assert not codes(found_in(slug)) & set(EXPECTED[slug]["silent"])


@pytest.mark.parametrize("slug", SLUGS)
def test_as_many_of_each_severity_as_were_counted(slug: str) -> None:
    assert Counter(SEVERITIES[id] for id in EXPECTED[slug]["found"]) == EXPECTED[slug]["totals"]


@pytest.mark.parametrize("slug", SLUGS)
def test_each_document_names_its_seed_and_copies_nothing_of_it(slug: str) -> None:
    text = (EXAMPLES / slug / FILE).read_text()
    assert EXPECTED[slug]["seed"] in text
    assert not NAMES_OF_THE_SEEDS.findall(text)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_finding_knows_where_it_was_written(slug: str) -> None:
    places = [each.finding.where for each in look_at((EXAMPLES / slug / FILE).read_bytes())]
    assert all(place.line and place.column for place in places)


def test_there_are_as_many_checks_as_were_listed() -> None:
    """142 were, and twelve of those look at running state: `status` tells of it."""
    counts = Counter(SEVERITIES.values())
    assert (len(SEVERITIES), counts) == (130, Counter(error=55, warning=58, info=17))


def test_seventeen_checks_find_nothing_in_any_seed() -> None:
    """Their examples alone show that they work; see tests/checks."""
    assert len(set(SEVERITIES) - SEEDS_RAISE) == 17
