"""Which writings name the same person? Normal forms, in Python and as steps a database can do.

A database brings a stored value into a *shape* (blanks and separators gone, lower case); Python
lists every shape in which a given identifier may stand. The two meet by equality, so no value is
parsed row by row.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import phonenumbers

from ombud.systems.predicate import Identifier


@dataclass(frozen=True)
class Shape:
    """What a database does to a stored value before it is compared.

    Args:
        gone: Characters that are taken out.
        lower: Letters are made small.
    """

    gone: str = ""
    lower: bool = False


SHAPES = {
    "email": Shape(gone=" \t\u00a0", lower=True),
    "phone": Shape(gone=" -()./\t\u00a0"),
    "national_id": Shape(gone=" -+.\u00a0", lower=True),
}
"""By identifier kind; any other kind is compared as it stands."""

_DIGITS = {"DK": 10, "NO": 11}
_VARIED_MAX = 6  # letters beyond ASCII, each large or small: 64 writings


def shape_of(kind: str) -> Shape:
    """Return what happens to stored values of an identifier kind before they are compared."""
    return SHAPES.get(kind, Shape())


def shaped(kind: str, value: str) -> str:
    """Return a value in the shape that the database makes of a stored one."""
    shape = shape_of(kind)
    for character in shape.gone:
        value = value.replace(character, "")
    return value.lower() if shape.lower else value


def writings(kind: str, value: str, country: str) -> frozenset[str]:
    """Return every shape in which an identifier may be stored.

    Args:
        country: The organisation's, `DK` for example: numbers without a country code are its.
    """
    base = shaped(kind, value)
    if kind == "phone":
        return _phone_writings(base, country)
    if kind == "national_id":
        # A number column loses leading zeros, and so does a list made from one.
        return frozenset({base, base.lstrip("0"), _filled(base, country)}) - {""}
    if shape_of(kind).lower:
        return frozenset(_in_any_case(base)) - {""}
    return frozenset({base}) - {""}


def _filled(base: str, country: str) -> str:
    """Return a national number with the leading zero it may have lost."""
    length = _DIGITS.get(country, 0)
    return f"0{base}" if base.isdecimal() and len(base) == length - 1 else base


def _in_any_case(small: str) -> Iterator[str]:
    """Yield a text as databases make it small: some know no letters beyond ASCII.

    Letters are taken composed and decomposed, as programs write them.
    """
    for form in ("NFC", "NFD"):
        letters = [
            (c, c.upper()) if not c.isascii() and len(c.upper()) == 1 else (c, c)
            for c in unicodedata.normalize(form, small)
        ]
        if sum(a != b for a, b in letters) <= _VARIED_MAX:
            yield from map("".join, product(*(dict.fromkeys(pair) for pair in letters)))
        else:
            yield "".join(a for a, _ in letters)
            yield "".join(b for _, b in letters)


def names_nobody(identifier: Identifier, value: str) -> bool:
    """Return whether a value is one that several people share, such as info@ or post@."""
    if identifier.kind != "email":
        return False
    local = shaped("email", value).partition("@")[0]
    return local in {s.lower() for s in identifier.shared}


def _phone_writings(base: str, country: str) -> frozenset[str]:
    plus = "+" + base[2:] if base.startswith("00") else base
    try:
        number = phonenumbers.parse(plus, country)
    except phonenumbers.NumberParseException:
        return frozenset({base}) - {""}
    code, national = str(number.country_code), str(number.national_number)
    forms = {base, f"+{code}{national}", f"00{code}{national}", f"{code}{national}"}
    if code == str(phonenumbers.country_code_for_region(country)):
        forms |= {national, f"0{national}"}
    return frozenset(forms)
