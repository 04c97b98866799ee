"""Whatever a person writes becomes a policy or findings; comments and blanks change nothing.

Method: the full policy with comments and white space at random places, with lines missing, and a
long one whose time is printed (`pytest -s`).
"""

from __future__ import annotations

import re
import time

from hypothesis import given
from hypothesis import strategies as st

from ombud.errors import Finding, Place
from ombud.policy import Policy
from unit.policy.written import FULL, SMALL, findings_in, read

LINES = FULL.splitlines()


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(LINES)),
            st.sampled_from(["", "   ", "# a comment", "        # - {not: a key}", "#"]),
        ),
        max_size=20,
    ),
    st.sampled_from(["\n", "\r\n"]),
)
def test_comments_and_blank_lines_change_no_digest(
    extra: list[tuple[int, str]], ending: str
) -> None:
    lines = list(LINES)
    for at, line in sorted(extra, reverse=True):
        lines.insert(at, line)
    assert read(ending.join(lines) + ending).source_digest == read(FULL).source_digest


def test_another_word_changes_the_digest() -> None:
    assert read(SMALL.replace("30 days", "31 days")).source_digest != read(SMALL).source_digest


def whole(policy: Policy) -> bool:
    """Tell whether nothing in a policy was filled in for something found wrong."""
    clocks = [c for a in policy.activities.values() for c in policy.clock_names(a.keep)]
    clocks += [c for cap in policy.caps.values() for c in cap.keep.clocks.names]
    return all(clock in policy.clocks for clock in clocks) and all(
        category in policy.categories for a in policy.activities.values() for category in a.data
    )


@given(st.sets(st.integers(0, len(LINES) - 1), max_size=3), st.integers(-4, 4))
def test_a_policy_with_lines_missing_is_read_whole_or_refused(gone: set[int], indent: int) -> None:
    lines = [line for i, line in enumerate(LINES) if i not in gone]
    if gone and (at := min(gone)) < len(lines):
        lines[at] = " " * max(indent, 0) + lines[at][max(-indent, 0) :]
    found = findings_in("\n".join(lines))
    if not any(finding.severity == "error" for finding in found):
        assert whole(read("\n".join(lines)))


def suggestion(finding: Finding) -> tuple[str, str]:
    """Return what was written and what was perhaps meant; empty where nothing was."""
    meant = re.fullmatch(r"did you mean `(.+)`\?", finding.help)
    written = re.search(r"`([^`]+)`$", finding.says)
    return (written[1], meant[1]) if meant and written else ("", "")


WORDS = ["guests", "left", "name", "public_task", "keep", "30 days", "legitimate_interests", "en"]


@given(st.sampled_from(WORDS), st.data())
def test_what_was_meant_by_a_slip_mends_it_when_pasted(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    slip = word[:at] + word[at + 1 :]
    places = [match.start() for match in re.finditer(rf"\b{word}\b", SMALL)]
    if not places or not slip.strip():
        return
    place = data.draw(st.sampled_from(places))
    text = SMALL[:place] + slip + SMALL[place + len(word) :]
    for finding in findings_in(text):
        written, meant = suggestion(finding)
        if written:
            mended = paste(text, finding.where, written, meant)
            assert finding not in findings_in(mended)


def paste(text: str, where: Place, written: str, meant: str) -> str:
    """Return the text with the word at a place replaced."""
    lines = text.splitlines()
    line, column = lines[where.line - 1], where.column - 1
    assert line[column:].startswith(written), (line[column:], written)
    lines[where.line - 1] = line[:column] + meant + line[column + len(written) :]
    return "\n".join(lines) + "\n"


def test_a_policy_of_three_thousand_lines_is_read() -> None:
    activity = SMALL[SMALL.index("  visits:") :]
    text = SMALL + "".join(activity.replace("visits", f"visits_{i}") for i in range(430))
    assert len(text.splitlines()) > 3000
    started = time.perf_counter()
    policy = read(text)
    print(f"\n{len(text.splitlines())} lines: {time.perf_counter() - started:.3f} s")  # noqa: T201
    assert len(policy.activities) == 431
