"""Whose policy is it, and with whom does the organisation share data?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final, get_args
from zoneinfo import ZoneInfo, available_timezones

from ombud.document import LANGUAGES, Fields, Node, did_you_mean, quoted
from ombud.law import Country, FinancialYear
from ombud.policy.builtin import CATEGORIES
from ombud.policy.model import (
    Category,
    CategoryKind,
    Consent,
    Contact,
    Organisation,
    Party,
    Text,
)
from ombud.policy.parse.names import Known, optional_period

COUNTRIES: Final[tuple[Country, ...]] = get_args(Country)
CATEGORY_KINDS: Final[tuple[CategoryKind, ...]] = get_args(CategoryKind)
CONTACT_KEYS: Final = ("name", "email", "phone", "address", "web")
OWN_CONTACT_KEYS: Final = (*CONTACT_KEYS, "note")
ORGANISATION_KEYS: Final = (
    "name",
    "number",
    "country",
    "zone",
    "financial_year_end",
    "languages",
    "contact",
    "dpo",
    "rights",
)
PARTY_KEYS: Final = ("name", "does", "country", "agreement", "agreed_on", "transfer")

_ZONES: Final[Mapping[str, str]] = {
    "DK": "Europe/Copenhagen",
    "NO": "Europe/Oslo",
    "SE": "Europe/Stockholm",
    "FI": "Europe/Helsinki",
    "IS": "Atlantic/Reykjavik",
}
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_NOT_ISO: Final = {"UK": "GB", "EL": "GR", "EN": "GB", "DA": "DK", "SV": "SE", "NB": "NO"}


def read_organisation(node: Node) -> Organisation:
    """Return whose policy it is; what is wrong in it was recorded."""
    fields = node.fields(*ORGANISATION_KEYS)
    country = fields.required("country", "DK").one_of(COUNTRIES, "")
    languages = _languages(fields.required("languages", "[da, en]"))
    written = fields.required("contact", "{email: …}", law=("GDPR Art. 13(1)(a)",))
    contact = _own_contact(written, languages)
    year = fields.optional("financial_year_end").read(FinancialYear.parse)
    rights = fields.optional("rights")
    return Organisation(
        name=fields.required("name", law=("GDPR Art. 13(1)(a)",)).text(),
        number=fields.required("number", '"12345674"').text(),
        country=country,
        zone=_zone(fields.optional("zone")) or _ZONES.get(country, "Europe/Copenhagen"),
        financial_year=year or FinancialYear(12, 31),
        languages=languages,
        contact=contact,
        dpo=_dpo(fields.optional("dpo"), languages),
        rights=_own_contact(rights, languages, email_too=False) if rights.present else contact,
    )


def _languages(node: Node) -> tuple[str, ...]:
    found = []
    for item in node.items(or_one=True):
        if item.written == "no":
            help = "write `nb` for bokmål or `nn` for nynorsk"
            item.wrong("Y24", "unknown language `no`", help)
        elif tag := item.known(LANGUAGES, "language", code="Y24"):
            if tag in found:
                item.wrong("Y22", f"{quoted(tag)} is named twice", "take one out")
            found.append(tag)
    return tuple(dict.fromkeys(found))


def read_contact(node: Node, *, email_too: bool = True) -> Contact:
    """Return how to reach somebody; what is wrong in it was recorded."""
    return _contact(node.fields(*CONTACT_KEYS, example="{email: …}"), email_too=email_too)


def _own_contact(node: Node, languages: tuple[str, ...], *, email_too: bool = True) -> Contact:
    """Return how to reach the organisation, and what people are to know before they write."""
    fields = node.fields(*OWN_CONTACT_KEYS, example="{email: …}")
    note = fields.optional("note").texts(languages)
    return replace(_contact(fields, email_too=email_too), note=note)


def _contact(fields: Fields, *, email_too: bool) -> Contact:
    email = fields.required("email") if email_too else fields.optional("email")
    address = email.text()
    if address and not _MAIL.fullmatch(address):
        help = "write one address, for example `post@example.org`"
        email.wrong("Y44", f"not an e-mail address: {quoted(address)}", help)
    return Contact(
        name=fields.optional("name").text(),
        email=address,
        phone=fields.optional("phone").text(),
        address=fields.optional("address").text(),
        web=fields.optional("web").text(),
    )


def _dpo(node: Node, languages: tuple[str, ...]) -> Contact | None:
    if node.present and not node.has_keys:
        if node.text() not in ("", "none"):
            says = f"{quoted('dpo')} cannot be {quoted(node.written)}"
            node.wrong("Y15", says, "write `none`, or how to reach them: `{email: …}`")
        return None
    return _own_contact(node, languages) if node.present else None


def _zone(node: Node) -> str:
    name = node.text()
    try:
        return ZoneInfo(name).key if name else ""
    except (ValueError, OSError, KeyError):  # each is how zoneinfo says no to some texts
        help = did_you_mean(name, sorted(available_timezones()))
        near = help if help.startswith("did") else "write for example `Europe/Copenhagen`"
        node.wrong("Y45", f"unknown time zone {quoted(name)}", near)
        return ""


def read_categories(node: Node, languages: tuple[str, ...]) -> Mapping[str, Category]:
    """Return the built-in categories and the organisation's own."""
    found = dict(CATEGORIES)
    for id, entry in node.entries():
        fields = entry.fields("kind", "title")
        built_in = CATEGORIES.get(id)
        default: CategoryKind = built_in.kind if built_in else "ordinary"
        written = fields.optional("kind")
        kind = written.one_of(CATEGORY_KINDS, default)
        if built_in and built_in.kind not in ("ordinary", kind):
            says = f"{quoted(id)} is {quoted(built_in.kind)} by law"
            written.wrong("Y43", says, "take `kind:` out, or give the category another name")
        found[id] = Category(id, kind, fields.required("title", "{en: …}").texts(languages))
    return found


def read_titles(node: Node, languages: tuple[str, ...], *, plain: bool) -> Mapping[str, Text]:
    """Return name → title, for groups of people, clocks and kinds of holds.

    Args:
        node: The names.
        languages: The organisation's.
        plain: The title stands right under the name, not under `title:`.
    """
    found: dict[str, Text] = {}
    for id, entry in node.entries():
        title = entry if plain else entry.fields("title").required("title", "{en: …}")
        found[id] = title.texts(languages)
    return found


def read_consent(known: Known, id: str, node: Node) -> Consent:
    """Return one consent; what is wrong in it was recorded."""
    fields = node.fields("purpose", "text", "version", "expires")
    return Consent(
        id=id,
        where=node.named_at,
        purpose=known.text(fields.required("purpose", "{en: …}", law=("GDPR Art. 6(1)(a)",))),
        text=known.text(fields.required("text", "{en: …}", law=("GDPR Art. 7(2)",))),
        version=fields.optional("version").text("1"),
        expires=optional_period(fields.optional("expires")),
    )


def read_party(known: Known, id: str, node: Node) -> Party:
    """Return one processor or recipient; what is wrong in it was recorded."""
    fields = node.fields(*PARTY_KEYS)
    return Party(
        id=id,
        where=node.named_at,
        name=known.name(fields.required("name")),
        does=known.text(fields.optional("does")),
        country=_country(fields.optional("country")),
        agreement=fields.optional("agreement").text(),
        agreed_on=fields.optional("agreed_on").day(),
        transfer=known.text(fields.optional("transfer")),
    )


def _country(node: Node) -> str:
    code = node.text()
    if code and (not re.fullmatch("[A-Z]{2}", code) or code in _NOT_ISO):
        meant = _NOT_ISO.get(code.upper(), code.upper() if len(code) == 2 else "")
        help = f"did you mean `{meant}`?" if meant else "write its two letters, for example `DK`"
        node.wrong("Y46", f"not a country: {quoted(code)}", help)
        return ""
    return code
