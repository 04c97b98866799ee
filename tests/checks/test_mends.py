"""Following the help of a finding takes it away, and adds none.

Method: carry out the edits of every finding in every example's as-written document, one finding at
a time, and count what is found before and after. Then do the same with documents that nobody
wrote: the examples with parts taken out and sections of one put into another.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.errors import WrittenWrong
from ombud.policy.checks import Checked, all_checks
from ombud.policy.checks.edit import Data, edited, flow
from ombud.policy.checks.example import piece, whole
from unit.policy.checks.looking import (
    SLUGS,
    counted,
    document_of,
    found_in,
    look,
    part_of,
    texts_of,
)

DOCUMENTS = [*map(document_of, SLUGS), *(whole(piece(check)) for check in all_checks())]


def check_mend(document: Data, found: tuple[Checked, ...], each: Checked) -> None:
    """Fail where following a finding's help leaves it there, or another comes instead."""
    before = counted(found)
    after = counted(look(edited(document, each.edits)))
    mended = (each.finding.code, part_of(each))
    assert after[mended] < before[mended], f"{each.finding} stays"
    assert not after - before, f"{each.finding} brings others"


@pytest.mark.parametrize("slug", SLUGS)
def test_following_the_help_takes_the_finding_away_and_adds_none(slug: str) -> None:
    document = document_of(slug)
    for each in found_in(slug):
        check_mend(document, found_in(slug), each)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_help_shows_what_is_written(slug: str) -> None:
    """What stands in backticks is YAML, and means what the edit writes."""
    for each in found_in(slug):
        for edit in each.edits:
            shown = flow(edit.value)
            assert edit.how == "take" or shown in each.finding.help
            assert flow(texts_of(shown)) == shown


def paths_in(value: Data, above: tuple = ()) -> Iterator[tuple]:
    """Yield the path of every part of a document."""
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in parts if isinstance(value, dict | list) else ():
        yield (*above, key)
        yield from paths_in(part, (*above, key))


@st.composite
def documents(draw: st.DrawFn) -> Data:
    """Return a document with a section of another, and up to four parts taken out."""
    document = copy.deepcopy(draw(st.sampled_from(DOCUMENTS)))
    other = draw(st.sampled_from(DOCUMENTS))
    section = draw(st.none() | st.sampled_from(sorted(other)))
    if section:
        document[section] = copy.deepcopy(other[section])
    for _ in range(draw(st.integers(0, 4))):
        *steps, last = draw(st.sampled_from([*paths_in(document)]))
        inside = document
        for step in steps:
            inside = inside[step]
        del inside[last]
    return document


@settings(max_examples=40)  # each looks at a document up to three times
@given(documents(), st.randoms(use_true_random=False))
def test_it_does_so_in_documents_that_nobody_wrote(document: Data, chance: Random) -> None:
    try:
        found = look(document)
    except WrittenWrong:
        return  # the shape was broken, and that was told
    for each in chance.sample(found, min(len(found), 2)):
        check_mend(document, found, each)
