"""How is a place in the law written? In one spelling, so that an index can be made of it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

from ombud.law.misspelt import Misspelt

COUNTRIES: Final = ("DK", "NO", "SE", "FI", "IS")
"""Countries whose acts may be cited; acts of the Union carry no country."""

_EXAMPLES: Final = (
    "for example `GDPR Art. 17(3)(b)`, `Reg. 1182/71 Art. 3(4)`, `DK bogføringsloven § 12(1)`, "
    "`NO FOR-2018-07-02-1107 § 6`"
)

_N = r"[1-9][0-9]*"
# A level below an article or section: "(3)", "(b)", "(iv)".
_LEVEL = rf"\((?:{_N}|[a-z]{{1,4}})\)"
# Levels and, last, a range of them: "(2)", "(1)(a)", "(4)-(5)".
_LEVELS = rf"(?:{_LEVEL}){{0,4}}(?:(?<=\))-{_LEVEL})?"
_ARTICLE = rf"{_N}[a-z]?"
_ARTICLES = rf"Arts\. {_ARTICLE}-{_ARTICLE}|Art\. {_ARTICLE}{_LEVELS}|Ch\. {_N}"
_PLACE = rf"{_ARTICLES}|Rec\. {_N}"
_PLAIN = rf"{_N}(?: [a-z])?"
# A Nordic section: "12", "4 c", "3-15", "8-5-6". In "§§ 2-3" the hyphen makes a range instead.
_SECTION = rf"{_N}(?:-{_N})*(?: [a-z])?"
_NORDIC_PLACE = (
    rf"§§ {_PLAIN}-{_PLAIN}"
    rf"|§ {_SECTION}{_LEVELS}(?: nr\. {_N}(?:-{_N})?)?"
    rf"|{_N}:{_PLAIN}(?:-{_PLAIN})?"  # chapter:section, as in Sweden and Finland
    rf"|{_ARTICLES}"
)
_GUIDE_PLACE = rf"§§ {_N}-{_N}|§ {_N}(?:\.{_N})*"
_RANGE = re.compile(r"(?:^(?:Arts\.|§§) |\(|nr\. |:)([\w ]+)\)?-\(?([\w ]+)\)?$")

_EU_ACT = rf"GDPR|(?:Reg|Dir|Dec)\. {_N}/(?:[0-9]{{4}}|[0-9]{{2}})"
_EU_OTHER = rf"[CT]-{_N}/[0-9]{{2}}(?: P)?|EDPB [0-9]{{2}}/[0-9]{{4}}|WP{_N}"

_LETTER = r"[^\W\d_]"
_NOT_A_NAME = r"(?!(?:Arts?|Rec|Ch|GDPR|Reg|Dir|Dec|LOV|LBK|BEK|VEJ|CIR|FOR|SFS)\b)"
_NAME = rf"{_NOT_A_NAME}{_LETTER}(?:{_LETTER}|-(?={_LETTER}))*"
_NUMBERED: Final = {
    "DK": rf"(?:LOV|LBK|BEK|VEJ|CIR) {_N}/[0-9]{{4}}",
    "NO": rf"(?:LOV|FOR)-[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}-{_N}",
    "SE": rf"SFS [0-9]{{4}}:{_N}",
}
_NAMED = rf"{_NAME}(?: {_NAME}){{0,5}}(?: {_N}/[0-9]{{4}})?"
_TOPIC = r"[^\s§`:](?:[^§`:\n]*[^\s§`:])?"
_PRACTICE = rf"{_NAME}(?: {_NAME}){{0,3}} (?:guidance|decision|contract): {_TOPIC}"

_EU = re.compile(
    rf"(?P<act>{_EU_ACT})(?: (?P<place>{_PLACE}))?"
    rf"|(?P<other>{_EU_OTHER})(?: (?P<other_place>{_GUIDE_PLACE}))?"
)
_HEAD = re.compile(r"(?:Arts?\.|Rec\.|Ch\.|§§?) \S+(?: [a-z](?![a-z]))?|[0-9]+:[0-9]+")


@cache
def _nordic(country: str) -> re.Pattern[str]:
    """Return how a country's acts are cited; made when one is read, as it takes a while."""
    return re.compile(
        rf"{country} (?:(?P<practice>{_PRACTICE})(?: (?P<practice_place>{_GUIDE_PLACE}))?"
        rf"|(?P<act>{'|'.join(filter(None, (_NUMBERED.get(country), _NAMED)))})"
        rf"(?: (?P<place>{_NORDIC_PLACE}))?)"
    )


@dataclass(frozen=True)
class Citation:
    """One place in one act, or one range of neighbouring places.

    Args:
        country: `EU` for acts and courts of the Union, else the country of the act.
        act: The act without its country: `GDPR`, `Reg. 1182/71`, `bogføringsloven`,
            `BEK 839/2025`, `FOR-2018-07-02-1107`, `lög 90/2018`; or what an authority says:
            `Datatilsynet guidance: applicants`.
        place: Where in the act: `Art. 17(3)(b)`, `§ 4 c(4)-(5)`, `7:2`; empty for the whole act.

    Raises:
        Misspelt: The three together are not in the one spelling.
    """

    country: str
    act: str
    place: str = ""

    def __post_init__(self) -> None:
        if _read(str(self)) != (self.country, self.act, self.place):
            raise Misspelt(f"not a citation: `{self}`", f"write act and place, {_EXAMPLES}")

    def __str__(self) -> str:
        words = (self.country if self.country != "EU" else "", self.act, self.place)
        return " ".join(word for word in words if word)

    @classmethod
    def parse(cls, text: str) -> Citation:
        """Return the citation that a text is, in the one spelling and nothing around it.

        Raises:
            Misspelt: It is not; the help says what is missing.
        """
        text = unicodedata.normalize("NFC", text)
        parts = _read(text)
        if parts is None:
            raise Misspelt(f"not a citation: `{text}`", _advice(text))
        return cls(*parts)

    @property
    def article(self) -> str:
        """The place without paragraphs and points: `Art. 17` for `Art. 17(3)(b)`; may be empty."""
        head = self.place.partition("(")[0]
        match = _HEAD.match(head)
        return match.group() if match else head

    def order(self) -> tuple[bool, str, str, tuple[tuple[int, str], ...]]:
        """Return a key that sorts the Union first, then by country, act and place as numbers."""
        pieces = re.findall(r"[0-9]+|\D+", self.place)
        numbers = tuple((int(p), "") if p.isdecimal() else (-1, p) for p in pieces)
        return (self.country != "EU", self.country, self.act, numbers)


def _read(text: str) -> tuple[str, str, str] | None:
    country = next((code for code in COUNTRIES if text.startswith(f"{code} ")), "EU")
    match = (_EU if country == "EU" else _nordic(country)).fullmatch(text)
    if match is None:
        return None
    found = {name: value for name, value in match.groupdict().items() if value}
    act = found.get("act") or found.get("other") or found.get("practice") or ""
    place = found.get("place") or found.get("other_place") or found.get("practice_place") or ""
    return (country, act, place) if _rises(place) else None


def _rises(place: str) -> bool:
    """Return whether a range, where there is one, goes upwards between places of one kind."""
    match = _RANGE.search(place)
    if match is None:
        return True
    first, last = (_key(half) for half in match.groups())
    one_kind = first[0][0] == last[0][0]
    return one_kind and first < last


def _key(half: str) -> list[tuple[str, int, str]]:
    """Return numbers as numbers and letters as letters: 9 comes before 10, `z` before `aa`."""
    pieces = re.findall(r"[0-9]+|[a-z]+", half)
    return [
        ("number", int(piece), "") if piece.isdecimal() else ("letter", len(piece), piece)
        for piece in pieces
    ]


def _advice(text: str) -> str:
    """Return what to write instead, as near to the mistake as can be told."""
    if text != text.strip():
        return "take away the space around it"
    if re.match(r"(?i)(gdpr|reg\.|dir\.|dec\.)", text) and not re.search(
        r"(Art|Arts|Rec)\. ", text
    ):
        return "name the article with `Art.` and a space, for example `GDPR Art. 17(3)(b)`"
    if re.search(r"(?i)\bstk\b|\blitra\b|\bledd\b|\bbokstav\b", text):
        return "write paragraphs and points in brackets, for example `DK bogføringsloven § 12(1)`"
    if re.search(r"§§?\S", text.replace("§§", "§")):
        return "put a space after `§`, for example `DK bogføringsloven § 12(1)`"
    if text[:2] not in COUNTRIES and not text.startswith(("GDPR", "Reg.", "Dir.", "Dec.")):
        countries = ", ".join(COUNTRIES)
        return f"begin with GDPR, Reg., Dir., Dec. or a country ({countries}), {_EXAMPLES}"
    return f"write act and place, {_EXAMPLES}"
