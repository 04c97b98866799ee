"""How are rules, periods, days, acts and countries said in a language? As people say them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from ombud.law import Citation, Misspelt, Period
from ombud.pages.clean import clean
from ombud.pages.words import Words
from ombud.policy.model import (
    After,
    Cap,
    Clocks,
    Consent,
    FirstOf,
    Keep,
    LastOf,
    NeededFrom,
    Policy,
    WhileConsent,
    WhileState,
)

_ONE_PARAGRAPH: Final = re.compile(r"(§ [^()]+)\((\d+)\)")
_CHAPTER: Final = re.compile(r"(\d+):(\d+)")


def period_in_words(words: Words, period: Period) -> str:
    """Return a period as people say it: `3 år 6 måneder`."""
    said = [words.plural(f"units.{unit}", count) for count, unit in period.as_said]
    return _listed(words, said, "clocks.and") if said else words("units.none")


def day_in_words(words: Words, day: date) -> str:
    """Return a date as people write it: `24. november 2026`."""
    month = words.list("units.months")[day.month - 1]
    return words("units.date", day=str(day.day), month=month, year=str(day.year))


def country_in_words(words: Words, code: str) -> str:
    """Return the name of a country, or its two letters where Ombud has no name for it."""
    key = f"countries.{code}"
    return words(key) if words.has(key) else code


def law_in_words(words: Words, citation: str) -> str:
    """Return an act and its place as lawyers write them in that language.

    Args:
        citation: In the one spelling; other text is returned as it is.
    """
    try:
        read = Citation.parse(citation)
    except Misspelt:
        return clean(citation)
    place = read.place
    if found := _ONE_PARAGRAPH.fullmatch(place):
        number = int(found[2])
        names = words.list("law.paragraphs")
        said = names[number - 1] if number <= len(names) else words("law.paragraph", n=found[2])
        place = found[1] + said
    elif (found := _CHAPTER.fullmatch(place)) and words.language == "sv":
        place = f"{found[1]} kap. {found[2]} §"
    act = f"{read.act} {place}".strip()
    key = f"law.countries.{read.country}"
    return words(key, act=act) if words.has(key) else act


def rule_in_words(words: Words, policy: Policy, keep: Keep, consent: Consent | None = None) -> str:
    """Return a retention rule as half a sentence: `3 år efter at arrangementet er holdt`.

    Args:
        consent: The one that the activity rests on, where there is one.

    Law:
        GDPR Art. 13(2)(a)
        GDPR Art. 14(2)(a)
    """
    match keep:
        case After():
            return _after(words, policy, keep)
        case WhileConsent():
            if consent is not None and consent.expires is not None:
                lapses = period_in_words(words, consent.expires)
                return words("clocks.consent_lapses", period=lapses)
            return words("clocks.consent")
        case WhileState(state):
            return words("clocks.while", state=state_in_words(words, policy, state))
        case NeededFrom():
            return f"{words('clocks.needed')}; {_looked(words, policy, keep)}"
        case FirstOf(parts):
            return _first(words, policy, parts, consent)
        case LastOf(parts):
            said = [rule_in_words(words, policy, part, consent) for part in parts]
            return words("clocks.longest", rule=words("clocks.or_rule").join(said))


def cap_in_words(words: Words, policy: Policy, cap: Cap) -> str:
    """Return how long a cap allows, as half a sentence."""
    return _after(words, policy, cap.keep)


def state_in_words(words: Words, policy: Policy, state: str) -> str:
    """Return what a state is called: a clock of that name, a word of Ombud's, or the name."""
    if title := words.said(policy.clocks.get(state, {}), policy.organisation.languages).text:
        return title
    key = f"states.{state}"
    return words(key) if words.has(key) else f"“{clean(state).replace('_', ' ')}”"


def sentence(text: str) -> str:
    """Return half a sentence as a whole one."""
    return text if not text else text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else ".")


def inside(text: str) -> str:
    """Return a title as it stands inside a sentence: `e-mailadresse`, but `CV` and `IP-adresse`."""
    return text[0].lower() + text[1:] if len(text) > 1 and not text[1].isupper() else text


def listed(words: Words, items: Iterable[str]) -> str:
    """Return items with commas, and `and` before the last."""
    return _listed(words, list(items), "clocks.and")


def _listed(words: Words, items: Sequence[str], last: str) -> str:
    return words(last).join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else items[0]


def _after(words: Words, policy: Policy, keep: After) -> str:
    struck, is_clause = _clocks(words, policy, keep.clocks)
    form = "clause" if is_clause else "noun"
    if not keep.period.months and not keep.period.days:
        return words(f"clocks.until.{form}", clock=struck)
    period = period_in_words(words, keep.period)
    return words(f"clocks.{keep.counted_from}.{form}", period=period, clock=struck)


def _clocks(words: Words, policy: Policy, clocks: Clocks) -> tuple[str, bool]:
    read = [_clock(words, policy, name) for name in clocks.names]
    joined = _listed(words, [title for title, _ in read], "clocks.or")
    if clocks.which != "only":
        joined = words(f"clocks.{clocks.which}", rule=joined)
    return joined, all(is_clause for _, is_clause in read)


def _clock(words: Words, policy: Policy, name: str) -> tuple[str, bool]:
    """Return a clock's title, and whether it is a sentence (`the event was held`) or a thing."""
    said = words.said(policy.clocks.get(name, {}), policy.organisation.languages)
    title = said.text or clean(name).replace("_", " ")
    verbs = words.list("clocks.finite")
    return title, any(word in verbs for word in re.findall(r"\w+", title.lower()))


def _looked(words: Words, policy: Policy, keep: NeededFrom) -> str:
    """Return how often a person looks at whether data is still needed."""
    title, is_clause = _clock(words, policy, keep.clock)
    key = f"clocks.looked.{'clause' if is_clause else 'noun'}"
    return words(key, clock=title, period=period_in_words(words, keep.every))


def _first(words: Words, policy: Policy, parts: Sequence[Keep], consent: Consent | None) -> str:
    """Return the first of several: a person's decision before the limits that stand behind it."""
    decided = [p for p in parts if isinstance(p, NeededFrom | WhileConsent | WhileState)]
    limits = [p for p in parts if p not in decided]
    either = words("clocks.or_rule")
    if not decided or not limits:
        said = either.join(rule_in_words(words, policy, p, consent) for p in parts)
        return words("clocks.first", rule=said)
    begun = either.join(
        words("clocks.needed")
        if isinstance(p, NeededFrom)
        else rule_in_words(words, policy, p, consent)
        for p in decided
    )
    behind = either.join(rule_in_words(words, policy, p, consent) for p in limits)
    looked = [_looked(words, policy, p) for p in decided if isinstance(p, NeededFrom)]
    return "; ".join([words("clocks.at_latest", rule=begun, limits=behind), *looked])
