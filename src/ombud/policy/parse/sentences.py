"""Does the sentence of a promise say another period than the rule that has to prove it?

Only where it is plain: one length of time in the sentence, in words or digits, and a promise that
nothing but rules and caps prove. Anything else a person has to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ombud.document import Findings, quoted
from ombud.law import Period
from ombud.policy.model import After, Keep, NeededFrom, Policy, Promise, parts_of
from ombud.policy.parse.names import NUMBERS, UNITS

_PROVED_BY: Final = frozenset({"rule", "cap", "keeps"})
_LONGEST_FIRST: Final = "|".join(sorted(UNITS, key=len, reverse=True))
_LENGTH: Final = re.compile(rf"\b(\d+|{'|'.join(NUMBERS)})[\s\u00a0-]+({_LONGEST_FIRST})s?\b")
_HALF_A_YEAR: Final = re.compile(r"\b(?:half a year|halvt år|halvår(?:et)?)\b")
_AND_A_HALF: Final = re.compile(r"\b(?:og|and|och)(?:\s+\w{1,3})?\s+hal[vf]")
_UNCLEAR: Final = re.compile(r"\bhalv|\bhalf\b|\bkvart|\bquarter")
_AGAIN: Final = re.compile(r"(?:once|twice|times|every|each|hver|hvert|varje|vart|kvar|kvart)\s+$")
_ENGLISH_ONE: Final = frozenset({"year", "month", "week", "day"})
_ONE: Final = frozenset({"1", "one", "a"})
_SAME: Final = 0.05  # 30 days and a month, 365 days and a year are the same to a reader
_DAYS_A_MONTH: Final = 30.44


def compare_sentences(policy: Policy, findings: Findings) -> None:
    """Record the promises whose sentence plainly says another period than their rules."""
    for promise in policy.promises.values():
        ruled = dict(_ruled(policy, promise))
        if not ruled or not {proof.kind for proof in promise.proofs} <= _PROVED_BY:
            continue
        for language, sentence in promise.says.items():
            said = plain_period(sentence)
            if said is None or any(_same(said, each) for each in ruled):
                continue
            named = " and ".join(f"{quoted(name)} ({period})" for period, name in ruled.items())
            findings.add(
                promise.where,
                "Y50",
                f"promise {quoted(promise.id)} says {quoted(str(said))} in `{language}`, and is"
                f" proved by {named}",
                help="mend the sentence or the rule, so that people read what is done",
                law=("GDPR Art. 13(2)(a)",),
                severity="warning",
            )
            break


def _ruled(policy: Policy, promise: Promise) -> Iterator[tuple[Period, str]]:
    """Yield the periods of what proves a promise, each with the rule or cap it is of."""
    for proof in promise.proofs:
        owners: Mapping[str, Keep] = (
            {cap.id: cap.keep for cap in policy.caps.values()}
            if proof.kind == "cap"
            else {activity.id: activity.keep for activity in policy.activities.values()}
        )
        for name in proof.names:
            for part in parts_of(owners[name]) if name in owners else ():
                if isinstance(part, After) and (part.period.months or part.period.days):
                    yield part.period, name
                elif isinstance(part, NeededFrom):
                    yield part.every, name


def plain_period(sentence: str) -> Period | None:
    """Return the one length of time that a sentence names; None where it names none or several."""
    text = " ".join(sentence.casefold().split())
    found: set[Period] = set()
    if _AND_A_HALF.search(text):
        return None
    for half in _HALF_A_YEAR.finditer(text):
        found.add(Period(months=6))
        text = text.replace(half[0], " ")
    if _UNCLEAR.search(text):
        return None
    for match in _LENGTH.finditer(text):
        if match[2] in _ENGLISH_ONE and match[1] not in _ONE:
            continue  # “year to year”: `to` is two in Danish and Norwegian
        if not _AGAIN.search(text[: match.start()]):
            number, unit = NUMBERS.get(match[1], match[1]), UNITS[match[2]]
            found.add(Period(**{f"{unit}s": int(number)}))
    return found.pop() if len(found) == 1 else None


def _same(one: Period, other: Period) -> bool:
    """Return whether two periods are the same to a reader."""
    days, others = (each.months * _DAYS_A_MONTH + each.days for each in (one, other))
    return abs(days - others) <= _SAME * max(days, others)
