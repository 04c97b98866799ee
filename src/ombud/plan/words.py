"""How does a retention rule read? The policy's own words, as half a sentence in English."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from ombud.policy.model import (
    After,
    Clocks,
    FirstOf,
    Keep,
    LastOf,
    NeededFrom,
    Policy,
    Text,
    WhileConsent,
    WhileState,
)
from ombud.systems.connector import ClockDoubts

_YEAR = {
    "event": "",
    "financial_year_end": "the end of the financial year in which ",
    "calendar_year_of_financial_year_end": "the end of the year that closes the books for ",
}


def rule_in_words(policy: Policy, keep: Keep) -> str:
    """Return a retention rule as half a sentence, such as `3 years after the event was held`."""
    match keep:
        case After(period, clocks, counted_from):
            struck = _clocks(policy, clocks)
            if not period.months and not period.days:
                return f"until {struck}"
            return f"{period} after {_YEAR[counted_from]}{struck}"
        case WhileConsent():
            return "as long as the consent lives"
        case WhileState(state):
            return f"as long as “{state.replace('_', ' ')}” holds"
        case NeededFrom(clock, by):
            return f"until {by} decides that it is no longer needed, once {_clock(policy, clock)}"
        case FirstOf(parts):
            return _first(policy, parts)
        case LastOf(parts):
            return ", and ".join(rule_in_words(policy, p) for p in parts) + ", whichever is later"


def _first(policy: Policy, parts: Sequence[Keep]) -> str:
    """Return the first of several: a person's decision before the limits that stand behind it."""
    decided = [p for p in parts if isinstance(p, NeededFrom)]
    limits = [rule_in_words(policy, p) for p in parts if not isinstance(p, NeededFrom)]
    if decided and limits:
        said_first = ", or ".join(rule_in_words(policy, p) for p in decided)
        return f"{said_first}; at the latest {' or '.join(limits)}"
    return (
        ", or ".join(limits or [rule_in_words(policy, p) for p in parts]) + ", whichever is first"
    )


def _clocks(policy: Policy, clocks: Clocks) -> str:
    names = [_clock(policy, name) for name in clocks.names]
    if clocks.which == "first":
        return " or ".join(names) + ", whichever is first"
    return " and ".join(names)


def _clock(policy: Policy, name: str) -> str:
    return said(policy, policy.clocks.get(name, {})) or name.replace("_", " ")


def said(policy: Policy, text: Text) -> str:
    """Return a text in English where there is one, else in the organisation's first language."""
    for language in ("en", *policy.organisation.languages):
        if text.get(language):
            return text[language]
    return next(iter(text.values()), "")


def number_of(count: int, word: str, one: str = "", many: str = "") -> str:
    """Return how many there are, in words with groups: `1 row`, `12,345 rows`.

    Args:
        word: The thing, in the singular.
        one: What the sentence goes on with where there is one, such as `is due`.
        many: And where there are none or several, such as `are due`.
    """
    said = f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
    follows = one if count == 1 else many
    return f"{said} {follows}" if follows else said


def clock_doubts(rule: str, doubts: ClockDoubts, far: date) -> Iterator[str]:
    """Yield what is in doubt of the dates that start a rule, and that its rows are kept.

    Args:
        far: The last day that is not taken for a slip.
    """
    if absent := doubts.missing - doubts.unreadable:
        yield f"{number_of(absent, 'row')} without the date that starts `{rule}`: kept"
    if doubts.unreadable:
        unread = number_of(doubts.unreadable, "row", "holds", "hold")
        yield f"{unread} no date that can be read where `{rule}` starts: kept, mend the value"
    if doubts.far:
        later = number_of(doubts.far, "row", "starts", "start")
        yield f"{later} `{rule}` after {far}, in a hundred years: kept, a slip?"
