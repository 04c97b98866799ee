"""Of what is the schema of a policy made? Its shared definitions, and how an object is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, cast

from ombud.document import LANGUAGES
from ombud.law import retention_ids
from ombud.policy.builtin import CATEGORIES, CONSENT_WITHDRAWN
from ombud.policy.parse.keep import COUNTED_FROM
from ombud.policy.parse.organisation import CONTACT_KEYS

Schema = Mapping[str, object]

# A name without letters that would split it; the parser says more.
NAME_PATTERN: Final = r"^[^\s_.,:;/(){}\[\]-][^\s.,:;/(){}\[\]]{0,62}$"
_SOMETHING: Final = r"\S"


def ref(name: str, title: str = "", description: str = "") -> Schema:
    """Return a reference to a shared definition, with a title of its own where one is given."""
    said = {"title": title, "description": description}
    return {key: value for key, value in said.items() if value} | {"$ref": f"#/$defs/{name}"}


def keys(
    title: str,
    description: str,
    properties: Mapping[str, Schema],
    *,
    required: Sequence[str] = (),
) -> Schema:
    """Return an object that has these keys and no others."""
    found: dict[str, object] = {
        "title": title,
        "description": description,
        "type": "object",
        "properties": dict(properties),
        "additionalProperties": False,
    }
    return found | ({"required": [*required]} if required else {})


def one_key(title: str, description: str, kinds: Sequence[Schema]) -> Schema:
    """Return that exactly one of several objects is meant."""
    return {"title": title, "description": description, "anyOf": [*kinds]}


def named(title: str, description: str, value: Schema) -> Schema:
    """Return an object whose keys are names that the writer chooses."""
    return {
        "title": title,
        "description": description,
        "type": "object",
        "propertyNames": {"pattern": NAME_PATTERN},
        "additionalProperties": value,
    }


def one_or_more(value: Schema) -> Schema:
    """Return one value, or a list of several that differ."""
    return {"anyOf": [value, {"type": "array", "items": value, "minItems": 1, "uniqueItems": True}]}


def two_or_more(value: Schema) -> Schema:
    """Return a list of at least two values."""
    return {"type": "array", "items": value, "minItems": 2}


def definitions() -> Mapping[str, Schema]:
    """Return what the schema refers to by name."""
    word: Schema = {"type": ["string", "number"], "pattern": _SOMETHING}
    built_in: Schema = {"title": "Built-in category", "enum": [*CATEGORIES]}
    return {
        "word": word,
        "names": one_or_more(ref("word")),
        "named": one_or_more(ref("text")),
        "categories": one_or_more({"anyOf": [built_in, word]}),
        "text": _text(),
        "period": {
            "title": "Period",
            "description": "Calendar years, months, weeks and days, the largest first.",
            "type": "string",
            "pattern": r"^(P[0-9]|[0-9]+ (year|month|week|day)s?( [0-9]+ (month|week|day)s?)*$)",
            "examples": ["3 years", "3 years 6 months", "30 days", "P3Y6M"],
        },
        "date": {"title": "Date", "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        "citation": {
            "title": "Place in law",
            "description": "Act and place, an act of a country after its two letters.",
            "type": "string",
            "pattern": _SOMETHING,
            "examples": ["GDPR Art. 17(3)(b)", "DK bogføringsloven § 12(1)"],
        },
        "fact": {
            "title": "Fact of law",
            "description": "A duty, a limit or a period that law or an authority sets.",
            "enum": sorted(retention_ids()),
        },
        "clocks": _clocks(),
        "keep": _keep(),
        "attest": keys(
            "Statement",
            "A named role states it in so many months.",
            {"by": ref("word", "Role"), "every": ref("period", "How often")},
            required=("by", "every"),
        ),
        "contact": own_contact("How to reach them", required=("email",)),
    }


def _text() -> Schema:
    languages: Schema = {
        "type": "object",
        "properties": {tag: ref("word") for tag in LANGUAGES},
        "additionalProperties": False,
        "minProperties": 1,
    }
    return {
        "description": "A text in each language; a plain text is in the main one.",
        "anyOf": [languages, ref("word")],
    }


def contact(title: str, *, required: Sequence[str] = ()) -> Schema:
    """Return how somebody is reached."""
    titles = {
        "name": "Name",
        "email": "E-mail address",
        "phone": "Phone number",
        "address": "Postal address",
        "web": "Web address",
    }
    properties = {key: dict(ref("word", titles[key])) for key in CONTACT_KEYS}
    properties["email"] |= {"pattern": "@"}
    return keys(title, "Name, e-mail, phone, address and web.", properties, required=required)


def own_contact(title: str, *, required: Sequence[str] = ()) -> Schema:
    """Return how the organisation is reached, and what people are to know before they write."""
    found = contact(title, required=required)
    note = ref("text", "Note", "What people are to know before they write; beside each address.")
    return {**found, "properties": {**cast("Schema", found["properties"]), "note": note}}


def _clocks() -> Schema:
    clock = ref("word", "Clock")
    several = {which: two_or_more(clock) for which in ("first_of", "last_of")}
    first, last = (
        keys(
            title,
            "Clocks, of which one counts.",
            {which: several[which]},
            required=(which,),
        )
        for which, title in (("first_of", "The first to strike"), ("last_of", "The last to strike"))
    )
    return {
        "title": "What starts the period",
        "description": "A clock, or the first or last of several.",
        "anyOf": [clock, first, last],
    }


def _keep() -> Schema:
    period, clocks = ref("period", "How long"), ref("clocks")
    counted_from: Schema = {
        "title": "The day it counts from",
        "description": "The event's own, or the end of a year that contains it.",
        "enum": [*COUNTED_FROM],
    }
    until: Schema = {
        "title": "The last day",
        "anyOf": [{"const": CONSENT_WITHDRAWN}, {"$ref": "#/$defs/clocks"}],
    }
    parts = two_or_more(ref("keep"))
    return one_key(
        "How long data is kept",
        "A period after a clock, an event, a state, a criterion, or a period of law.",
        [
            keys(
                "A period after a clock",
                "For example 3 years after the event was held.",
                {"for": period, "after": clocks, "counted_from": counted_from},
                required=("for", "after"),
            ),
            keys(
                "Until an event",
                "The day of a clock, or the withdrawal of the consent.",
                {"until": until},
                required=("until",),
            ),
            keys(
                "While a state lasts",
                "The map says what the state is.",
                {"while": ref("word", "State")},
                required=("while",),
            ),
            keys(
                "Until no longer needed",
                "A person decides, and again in so many months.",
                {"needed_from": ref("word", "Clock"), "decide": ref("attest", "Who decides")},
                required=("needed_from", "decide"),
            ),
            keys(
                "A period of law",
                "The law's own period, after its clock or another.",
                {"law": ref("fact"), "after": clocks},
                required=("law",),
            ),
            keys("The first to end", "", {"first_of": parts}, required=("first_of",)),
            keys("The last to end", "", {"last_of": parts}, required=("last_of",)),
        ],
    )
