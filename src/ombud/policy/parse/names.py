"""What does a policy name, and what do its words for periods, clocks, citations and law mean?"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from ombud.document import Node, did_you_mean, quoted
from ombud.errors import UnknownFact
from ombud.law import Citation, Misspelt, Period, RetentionFact, retention, retention_ids
from ombud.policy.builtin import CONSENT_GIVEN, CONSENT_WITHDRAWN
from ombud.policy.model import Category, Clocks, Text

NONE_AT_ALL: Final = Period(days=0)

NUMBERS: Final = {
    word: str(number)
    for number, words in {
        1: "one a et ett én en",
        2: "two to två",
        3: "three tre",
        4: "four fire fyra",
        5: "five fem",
        6: "six seks sex",
        7: "seven syv sju",
        8: "eight otte åtte åtta",
        9: "nine ni nio",
        10: "ten ti tio",
        12: "twelve tolv",
        14: "fourteen fjorten fjorton",
        18: "eighteen atten arton",
        30: "thirty tredive tretti trettio",
    }.items()
    for word in words.split()
}
UNITS: Final = {
    word: unit
    for unit, words in {
        "year": "y yr yrs år",
        "month": "mo mos mth mths mdr måned måneder månad månader",
        "week": "w wk wks uge uger uke uker vecka veckor",
        "day": "d dag dage dager dagar",
    }.items()
    for word in (*words.split(), unit, f"{unit}s")
}


@dataclass(frozen=True)
class Known:
    """Everything a policy names, known before anything that refers to it is read.

    Args:
        on: The day at which the law is read.
        country: The organisation's; empty where it was found wrong.
        languages: The organisation's, the main one first; empty where they were found wrong.
        clocks: Names of the clocks that are declared.
        used_clocks: Filled while reading: every clock that something refers to.
        names: Filled while reading: names that are not the same in every language.
    """

    on: date
    country: str
    languages: tuple[str, ...]
    subjects: Collection[str]
    categories: Mapping[str, Category]
    clocks: Collection[str]
    consents: Collection[str]
    activities: Collection[str]
    caps: Collection[str]
    processors: Collection[str]
    recipients: Collection[str]
    hold_kinds: Collection[str]
    documents: Collection[str] = ()
    used_clocks: dict[str, None] = field(default_factory=dict)
    names: dict[str, Text] = field(default_factory=dict)

    def name(self, node: Node) -> str:
        """Return what somebody is called in the main language.

        A plain text is a proper name, the same in every language; what is written with languages
        is remembered, so that it is called that wherever the name stands.
        """
        if not node.has_keys:
            return node.text()
        text = self.text(node)
        name = next(iter(text.values()), "")
        if name:
            self.names[name] = {**text, **self.names.get(name, {})}
        return name

    def text(self, node: Node) -> Text:
        """Return a text in the organisation's languages."""
        return node.texts(self.languages)

    def clock(self, node: Node, *, consented: bool = False) -> str:
        """Return the name of a clock; empty where it is not known.

        Args:
            node: Where the name stands.
            consented: The activity rests on a consent, so that `consent_given` is a clock.
        """
        name = node.text()
        if name == CONSENT_GIVEN and name not in self.clocks:
            if consented:
                self.used_clocks[name] = None
                return name
            no_consent(node, name)
            return ""
        if name == CONSENT_WITHDRAWN:
            node.wrong(
                "Y26",
                f"unknown clock {quoted(name)}",
                "write `keep: {until: consent_withdrawn}` to keep as long as the consent lives",
            )
            return ""
        if name and node.known(self.clocks, "clock", under="clocks"):
            self.used_clocks[name] = None
            return name
        return ""

    def clocks_of(self, node: Node, *, consented: bool = False) -> Clocks:
        """Return one clock, or the first or last of several."""
        if not node.has_keys:
            return Clocks((self.clock(node, consented=consented),))
        which, several = node.fields("first_of", "last_of").one_key("first_of", "last_of")
        nodes = at_least_two(several) if which else []
        names = tuple(self.clock(one, consented=consented) for one in nodes)
        for name, one in zip(names, nodes, strict=True):
            if name and names.index(name) < nodes.index(one):
                one.wrong("Y22", f"{quoted(name)} is named twice", "take one out")
        return Clocks(names or ("",), "last" if which == "last_of" else "first")

    def fact(self, node: Node) -> RetentionFact | None:
        """Return the fact of law on retention that is in force on the day of reading."""
        name = node.text()
        if not name:
            return None
        if name not in retention_ids():
            says = f"unknown fact of law {quoted(name)}"
            node.wrong("Y38", says, did_you_mean(name, sorted(retention_ids())))
            return None
        try:
            fact = retention(name, on=self.on)
        except UnknownFact as unknown:
            node.wrong("Y38", str(unknown), unknown.help)
            return None
        if self.country and fact.country != self.country:
            node.doubtful(
                "Y39",
                f"{quoted(name)} is law of {fact.country}, the organisation is in {self.country}",
                "see that this law applies to the organisation",
            )
        return fact


def period(node: Node) -> Period:
    """Return a period; none at all where it is not written as one, which is a finding."""
    return optional_period(node) or NONE_AT_ALL


def optional_period(node: Node) -> Period | None:
    """Return a period, or None where none is written or it is not one."""
    return node.read(_period, "Y02")


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except Misspelt as wrong:
        meant = _spelt(text)
        raise Misspelt(wrong.says, f"did you mean `{meant}`?" if meant else wrong.help) from None


def _spelt(text: str) -> str:
    """Return a period in the one spelling for what comes near it; empty where nothing does."""
    parts = re.findall(r"[0-9]+|[^\W\d_]+", text.lower())
    said = []
    for number, unit in zip(parts[::2], parts[1::2], strict=False):
        count = NUMBERS.get(number, number).lstrip("0")
        if not count.isdecimal() or unit not in UNITS or len(parts) % 2:
            return ""
        said.append(f"{count} {UNITS[unit]}{'' if count == '1' else 's'}")
    meant = " ".join(said)
    try:
        Period.parse(meant)
    except Misspelt:
        return ""
    return meant


def citation(node: Node) -> str:
    """Return a citation in the one spelling, checked."""
    found = node.read(Citation.parse, "Y30")
    return str(found) if found else ""


def at_least_two(node: Node) -> list[Node]:
    """Return the items of `first_of` or `last_of`."""
    items = node.items()
    if len(items) == 1:
        help = "name two or more, or write the one without it"
        node.wrong("Y49", f"{quoted(node.name)} with only one", help)
    return items


def no_consent(node: Node, written: str) -> None:
    """Record that a rule waits for a consent where the activity rests on none."""
    node.wrong(
        "Y36",
        f"{quoted(written)} where the activity does not rest on a consent",
        "write `basis: {consent: …}` with the consent, or another end",
        law=("GDPR Art. 7(3)",),
    )
