"""Which writings name the same person? Normal forms, in Python and as steps a database can do.

A database brings a stored value into a *shape* (blanks and separators gone, lower case); Python
lists every shape in which a given identifier may stand. The two meet by equality, so no value is
parsed row by row.
"""

from __future__ import annotations

from dataclasses import dataclass

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
    "email": Shape(gone=" \t", lower=True),
    "phone": Shape(gone=" -()./\t"),
    "national_id": Shape(gone=" -+.", lower=True),
}
"""By identifier kind; any other kind is compared as it stands."""


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
        # A number column loses leading zeros.
        return frozenset({base, base.lstrip("0")}) - {""}
    return frozenset({base}) - {""}


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
