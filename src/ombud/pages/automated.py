"""What do people read of a decision that no person takes? What, how, and what they can do."""

from __future__ import annotations

from collections.abc import Iterator

from ombud.pages.model import Line, Said
from ombud.pages.phrases import inside, law_in_words
from ombud.pages.voice import Voice
from ombud.policy.model import Activity, Text


def automated_in_words(
    voice: Voice, activity: Activity, *, asked: bool = False
) -> tuple[Line, ...]:
    """Return a sentence for each thing people are told of an automated decision; none without one.

    The right to a person's look, to one's say and to contest it stands where the regulation gives
    it itself.

    Args:
        asked: A consent that it needs is only now asked for: nobody has given it yet.

    Law:
        GDPR Art. 13(2)(f)
        GDPR Art. 14(2)(g)
        GDPR Art. 22(3)
    """
    return tuple(_lines(voice, activity, asked))


def _lines(voice: Voice, activity: Activity, asked: bool) -> Iterator[Line]:
    words, decision = voice.words, activity.automated
    if decision is None:
        return
    yield words.line("automated.decides", what=_inside(voice, decision.decides))
    yield words.line("automated.logic", what=_inside(voice, decision.logic))
    yield words.line("automated.consequences", what=_inside(voice, decision.consequences))
    law = Said(law_in_words(words, decision.law))
    if asked and decision.allowed_by == "consent":
        yield words.line("changes.asked_automated")
        yield words.line("rights.means.withdrawal")
    else:
        yield words.line(f"automated.{decision.allowed_by}", what=law)
    if decision.reviewed:
        yield words.line("automated.human", contact=voice.reach)


def _inside(voice: Voice, text: Text) -> Said:
    said = voice.said(text)
    return Said(inside(said.text.rstrip(".")), said.language)
