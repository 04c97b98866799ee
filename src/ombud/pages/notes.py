"""What are people to know before they write? It stands wherever a notice gives an address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ombud.pages.clean import clean
from ombud.pages.model import Block, Fold, Line, Notice, Para, Part, every, lines
from ombud.pages.voice import Voice, email
from ombud.policy.model import Policy, Text


def with_notes(voice: Voice, part: Part) -> Part:
    """Return a part in which whatever gives an address ends with what belongs beside it."""
    return replace(part, blocks=tuple(_blocks(voice, part, notes_of(voice.policy))))


def _blocks(voice: Voice, held: Part | Fold, notes: Mapping[str, Text]) -> Iterator[Block]:
    for block in held.blocks:
        if isinstance(block, Part | Fold):
            yield replace(block, blocks=tuple(_blocks(voice, block, notes)))
        else:
            yield block
    given = dict.fromkeys(to for to in _addresses(_own(held)) if to in notes)
    for note in dict.fromkeys(voice.said(notes[to]) for to in given):
        if note.text:
            yield Para((note,))


def noted(policy: Policy, notice: Notice) -> bool:
    """Return whether a notice says its note, in its own language, in each part with an address.

    An address of the organisation without a note is one beside which nothing stands.
    """
    notes, ours = notes_of(policy), _ours(policy)
    for part in _containers(notice.parts):
        texts = {"".join(said.text for said in line) for line in _own(part)}
        for to in _addresses(_own(part)):
            note = clean(notes.get(to, {}).get(notice.language, ""))
            if to in ours and (not note or note not in texts):
                return False
    return True


def notes_of(policy: Policy) -> Mapping[str, Text]:
    """Return the link of each address of the organisation to what belongs beside it."""
    ways = reversed(policy.organisation.ways)  # of two with one address, the first has the say
    found = {email(way.email).to: way.note for way in ways if way.note}
    return {to: note for to, note in found.items() if to}


def _ours(policy: Policy) -> frozenset[str]:
    return frozenset(to for way in policy.organisation.ways if (to := email(way.email).to))


def _containers(blocks: tuple[Block, ...]) -> Iterator[Part | Fold]:
    for block in every(blocks):
        if isinstance(block, Part | Fold):
            yield block


def _own(block: Part | Fold) -> Iterator[Line]:
    """Yield the lines of a block that stand in no other part of it."""
    yield from lines(tuple(each for each in block.blocks if not isinstance(each, Part | Fold)))


def _addresses(found: Iterator[Line]) -> Iterator[str]:
    yield from (said.to for line in found for said in line if said.to.startswith("mailto:"))
