"""What is wrong in an as-written document is told with its place, all at once.

Method: put one slip into a small document, and compare code, place and help of what is said.
"""

from __future__ import annotations

import pytest

from ombud.errors import WrittenWrong
from ombud.policy.checks import is_as_written, read_written
from ombud.policy.checks.words import GIVEN_BY, TOPICS, WORDINGS

SMALL = """\
as_written: {country: DK, updated_on: 2026-06-01}
controller: {name: Holme Havekreds, email: post@holme.example}
people: {members: member}
parties:
  host: {kind: processor, name: Skyhave Drift ApS, country: DK}
consents:
  letter: {to: letter, given_by: box, withdrawal: link}
activities:
  letter:
    kind: newsletter
    about: members
    purposes: [send the garden letter]
    data: [email]
    bases: [{consent: letter}]
    recipients: host
    keep: {for: 1 year, after: unsubscribed}
    says: [{about: opt_out, names: in_each_message}]
cookies:
  statistics: {by: host, keep: {for: 1 year, after: visited}}
rights: {access: clear}
says: [answer_period]
"""


def said_of(text: str) -> list[tuple[str, int, str]]:
    """Return code, line and help of everything that is wrong."""
    with pytest.raises(WrittenWrong) as wrong:
        read_written(text, "as-written.yaml")
    return [(f.code, f.where.line, f.help) for f in wrong.value.findings]


def test_a_document_is_read_with_the_place_of_every_part() -> None:
    written = read_written(SMALL, "as-written.yaml").written
    letter = written.activities["letter"]
    assert letter.keep is not None
    parts = [letter.at, letter.keep.at, letter.bases[0].at, letter.says[0].at, written.says[0].at]
    assert [(str(part), part.place.line, part.place.column) for part in parts] == [
        ("activities.letter", 9, 3),
        ("activities.letter.keep", 16, 5),
        ("activities.letter.bases[0]", 14, 13),
        ("activities.letter.says[0]", 17, 12),
        ("says[0]", 21, 8),
    ]


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "help"),
    [
        pytest.param("country: DK, up", "country: DE, up", "Y15", 1, "write one of", id="country"),
        pytest.param("{country: DK, updated_on: 2026-06-01}", "{}", "Y12", 1, "add `country: DK`",
                     id="no-country"),
        pytest.param("members: member", "members: membr", "Y15", 3, "did you mean `member`?",
                     id="relation"),
        pytest.param("kind: processor", "kind: procesor", "Y15", 5, "did you mean `processor`?",
                     id="party"),
        pytest.param("given_by: box", "given_by: bocks", "Y15", 7, "write one of",
                     id="given-by"),
        pytest.param("to: letter", "to: leter", "Y26", 7, "did you mean `letter`?", id="to"),
        pytest.param("kind: newsletter", "kind: newsleter", "Y26", 10,
                     "did you mean `newsletter`?", id="kind"),
        pytest.param("about: members", "about: member", "Y26", 11, "did you mean `members`?",
                     id="people"),
        pytest.param("[{consent: letter}]", "[{consents: letter}]", "Y11", 14,
                     "did you mean `consent`?", id="basis"),
        pytest.param("recipients: host", "recipients: hots", "Y26", 15, "did you mean `host`?",
                     id="recipient"),
        pytest.param("for: 1 year, after: uns", "for: one year, after: uns", "Y02", 16,
                     "write", id="period"),
        pytest.param("about: opt_out", "about: optout", "Y15", 17, "did you mean `opt_out`?",
                     id="topic"),
        pytest.param("access: clear", "acces: clear", "Y15", 20, "did you mean `access`?",
                     id="right"),
        pytest.param("access: clear", "access: cleer", "Y15", 20, "did you mean `clear`?",
                     id="wording"),
        pytest.param("says: [answer_period]", "say: [answer_period]", "Y11", 21,
                     "did you mean `says`?", id="key"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_place(old: str, new: str, code: str, line: int, help: str) -> None:
    assert SMALL.count(old) == 1
    said = said_of(SMALL.replace(old, new))
    assert (code, line) in [(c, at) for c, at, _ in said]
    assert any(help in told for _, _, told in said)


def test_everything_wrong_is_told_at_once() -> None:
    text = SMALL.replace("member}", "membr}").replace("box", "bocks").replace("clear", "cleer")
    assert [line for _, line, _ in said_of(text)] == [3, 7, 20]


def test_an_as_written_document_is_known_by_its_key() -> None:
    from ombud.document import read_document  # noqa: PLC0415

    assert is_as_written(read_document(SMALL, "x.yaml"))
    assert not is_as_written(read_document("organisation: {name: Holme}", "policy.yaml"))


@pytest.mark.parametrize("words", [WORDINGS, TOPICS, GIVEN_BY])
def test_every_word_is_explained(words: dict[str, str]) -> None:
    assert all(len(means.split()) >= 2 for means in words.values())
