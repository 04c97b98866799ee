"""What people are to know before they write stands beside each address, in every language.

Method: the policy that uses everything gets notes; the parts of its notice that give an address are
looked at, in every language, and a promise that rests on it is judged after a real publication.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from ombud.pages import LANGUAGES, make_notice, render
from ombud.pages.changes import message
from ombud.pages.edition import make_edition
from ombud.pages.model import Fold, Notice, Part, every, lines, text_of
from ombud.policy import Policy
from ombud.policy.changes import changes
from unit.policy.written import FULL, ON, changed, read

NOTE = "note: {da: E-mail er ikke krypteret, en: E-mail is not encrypted}"
RIGHTS = "rights: {email: ret@holme.example, "
BOTH = changed(
    changed(FULL, RIGHTS, f"{RIGHTS}{NOTE}, "), "  contact:\n", f"  contact:\n    {NOTE}\n"
)


def beside(notice: Notice, address: str) -> list[tuple[str, bool]]:
    """Return each part that gives an address itself, and whether the note stands in it."""
    found = []
    for block in every(notice.parts):
        if not isinstance(block, Part | Fold):
            continue
        own = tuple(each for each in block.blocks if not isinstance(each, Part | Fold))
        said = [text_of(line) for line in lines(own)]
        if any(address in each for each in said):
            title = block.id if isinstance(block, Part) else "details"
            noted = any(text.startswith(("E-mail er ikke", "E-mail is not")) for text in said)
            found.append((title, noted))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_note_stands_in_each_part_that_gives_the_address(language: str) -> None:
    found = beside(make_notice(read(BOTH), language, on=ON), "ret@holme.example")
    assert {"short", "object", "rights", "consent", "complaint", "who", "details"} <= {*dict(found)}
    assert all(noted for _, noted in found)
    without = beside(make_notice(read(FULL), language, on=ON), "ret@holme.example")
    assert [title for title, _ in without] == [title for title, _ in found]
    assert not any(noted for _, noted in without)


@pytest.mark.parametrize("form", ["html", "md", "txt"])
def test_the_note_is_in_every_format(form: str) -> None:
    text = render(make_notice(read(BOTH), "en", on=ON), form).decode()  # type: ignore[arg-type]
    assert text.replace("\\", "").count("E-mail is not encrypted") >= 6


def told(policy: Policy) -> bool:
    """Return whether what is published of a policy tells the note beside each address."""
    return "noted" in make_edition(policy, "", on=ON).tells


def test_an_edition_tells_it_where_each_address_has_its_note_in_each_language() -> None:
    assert told(read(BOTH))
    assert not told(read(FULL)), "no notes at all"
    in_one = BOTH.replace(", en: E-mail is not encrypted", "")
    assert not told(read(in_one)), "not in English"
    once = changed(FULL, RIGHTS, f"{RIGHTS}{NOTE}, ")
    assert not told(read(once)), "the other address has none"
    officer = replace(read(BOTH).organisation.contact, email="dpo@holme.example", note={})
    policy = read(BOTH)
    with_officer = replace(policy, organisation=replace(policy.organisation, dpo=officer))
    assert not told(with_officer), "nor has the officer's"


def test_one_note_serves_an_address_that_is_written_twice() -> None:
    same = changed(FULL, "ret@holme.example", "post@holme.example")
    assert told(read(changed(same, "  contact:\n", f"  contact:\n    {NOTE}\n")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_gives_the_note_with_the_address(language: str) -> None:
    new = read(changed(BOTH, "keep: {for: 3 years, after", "keep: {for: 4 years, after"))
    old = read(FULL)
    found = changes(old, new, ON)
    assert "contact" not in {change.kind for change in found}, "a note is no new address"
    drafted = message(old, new, found, language, ON)
    assert drafted is not None
    note = "E-mail is not encrypted" if language == "en" else "E-mail er ikke krypteret"
    assert f"\n{note}\n" in drafted.text
