"""Who speaks on a page, and how? The policy in one language, with what every part needs of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final
from urllib.parse import quote

from ombud.law import fact
from ombud.law.model import Row as Cells
from ombud.pages.clean import clean
from ombud.pages.model import Line, Row, Said
from ombud.pages.phrases import country_in_words, inside
from ombud.pages.words import Words, eea, words
from ombud.policy.model import Activity, Consent, Contact, OtherDocument, Party, Policy, Text

_WEB: Final = re.compile(r"https?://[^\s<>\"'`\\]+")
_EMAIL: Final = re.compile(r"[^\s<>\"'`\\@?&%]+@[^\s<>\"'`\\@?&%]+")


@dataclass(frozen=True)
class Voice:
    """A policy as it is told in one language on one day.

    Args:
        language: One of the languages Ombud has words for.
        on: Local day on which the facts of law must be in force.
        beside: From the page to the folder in which documents stand that are given out with it;
            None: none are.
    """

    policy: Policy
    language: str
    on: date
    beside: str | None = None
    words: Words = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", words(self.language))

    @cached_property
    def name(self) -> str:
        """The organisation's name."""
        return clean(self.policy.organisation.name)

    @cached_property
    def reach(self) -> Said:
        """Where people write about their data: the first way that the organisation gives."""
        organisation = self.policy.organisation
        for contact in (organisation.rights, organisation.contact):
            if said := first_way(contact):
                return said
        return Said(self.name)

    @cached_property
    def rights_matrix(self) -> dict[str, Cells]:
        """Right to basis to what the law says; see the fact."""
        return dict(fact("rights_matrix", on=self.on).table())

    def said(self, text: Text) -> Said:
        """Return one of the organisation's texts."""
        return self.words.said(text, self.policy.organisation.languages)

    def main(self, text: str) -> Said:
        """Return a text that the organisation wrote once, in its main language."""
        main = self.policy.organisation.languages[0]
        return Said(clean(text), "" if main == self.language else main)

    def called(self, name: str, *, begins: bool = True) -> Said:
        """Return what somebody is called: a proper name as it is, else as it is in this language.

        Args:
            name: In the main language.
            begins: It stands at the beginning of a line, else inside a sentence: `the client`.
        """
        text = self.policy.names.get(name)
        if text is None:
            return Said(clean(name))
        said = self.said(text)
        return Said(said.text[:1].upper() + said.text[1:], said.language) if begins else said

    def row(
        self,
        key: str,
        *values: Line | Said | str,
        tells: tuple[str, ...] = (),
        joined: bool = False,
    ) -> Row:
        """Return a row with a label of Ombud's own."""
        label = (Said(self.words(key)),)
        return Row(label, tuple(_line(v) for v in values), joined=joined, tells=tells)

    def title(self, activity: Activity) -> Said:
        """Return what an activity is called."""
        said = self.said(activity.title)
        return said if said.text else Said(activity.id.replace("_", " "))

    def link(self, activity: Activity) -> Said:
        """Return what an activity is called, leading to where it is described."""
        said = self.title(activity)
        return Said(said.text, said.language, f"#{anchor(activity.id)}")

    def document(self, document: OtherDocument) -> Said:
        """Return what a document is called, leading to where it is read."""
        there = "" if self.beside is None else f"{self.beside}{quote(document.name)}"
        address = document.web_in(self.language)
        said = self.said(document.title)
        return Said(said.text, said.language, address if _WEB.fullmatch(address) else there)

    def groups(self, ids: tuple[str, ...], *, begins: bool = False) -> tuple[Line, ...]:
        """Return the names of groups of people; all but the first as inside a sentence."""
        found = [self.said(self.policy.subjects.get(id, {})) for id in ids]
        return tuple(
            (s if n == 0 or begins else Said(inside(s.text), s.language),)
            for n, s in enumerate(found)
            if s.text
        )

    def categories(self, ids: tuple[str, ...]) -> tuple[Line, ...]:
        """Return the names of categories, to be joined by commas."""
        found = [self.said(self.policy.categories[id].title) for id in ids]
        return tuple(
            (s if n == 0 else Said(inside(s.text), s.language),) for n, s in enumerate(found)
        )

    def consent_of(self, activity: Activity) -> Consent | None:
        """Return the consent that an activity rests on; None where it rests on none."""
        return self.policy.consents.get(activity.basis.consent)

    def parties(self, activity: Activity) -> tuple[Party, ...]:
        """Return everybody who gets data of an activity, processors first.

        Law:
            GDPR Art. 4(9)
        """
        processors = (self.policy.processors[id] for id in activity.processors)
        return (*processors, *(self.policy.recipients[id] for id in activity.recipients))

    def party(self, party: Party, *, begins: bool = True) -> Line:
        """Return a party's name and country; see `called`."""
        name = self.called(party.name, begins=begins)
        if not party.country:
            return (name,)
        return self.words.line("parties.bare", name=name, country=self.country(party.country))

    def country(self, code: str) -> str:
        """Return the name of a country."""
        return clean(country_in_words(self.words, code))


def outside(party: Party) -> bool:
    """Return whether a party is known to be outside the EEA.

    Law:
        GDPR Art. 44
    """
    return bool(party.country) and party.country not in eea()


def anchor(id: str) -> str:
    """Return the anchor of an activity."""
    return "use-" + re.sub(r"[^a-z0-9]+", "-", id.lower())


def first_way(contact: Contact) -> Said | None:
    """Return the first way to reach somebody, with a link where there can be one."""
    if contact.email:
        return email(contact.email)
    if contact.address:
        return Said(clean(contact.address))
    if contact.phone:
        return phone(contact.phone)
    return web(contact.web) if contact.web else None


def all_ways(contact: Contact) -> list[Said]:
    """Return every way to reach somebody."""
    each_way = (
        Contact(email=contact.email),
        Contact(phone=contact.phone),
        Contact(address=contact.address),
        Contact(web=contact.web),
    )
    return [said for said in map(first_way, each_way) if said]


def email(address: str) -> Said:
    """Return an e-mail address that can be followed."""
    shown = clean(address)
    return Said(shown, to=f"mailto:{shown}" if _EMAIL.fullmatch(shown) else "")


def phone(number: str) -> Said:
    """Return a phone number that can be called."""
    dialled = re.sub(r"[^\d+]", "", number)
    return Said(clean(number), to=f"tel:{dialled}" if dialled else "")


def web(address: str) -> Said:
    """Return an address on the web; only http and https can be followed."""
    shown = clean(address)
    return Said(shown, to=shown if _WEB.fullmatch(shown) else "")


def _line(value: Line | Said | str) -> Line:
    if isinstance(value, str):
        return (Said(value),)
    return (value,) if isinstance(value, Said) else value
