"""Who tells the record? The policy and the map in one language, with what every part needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from ombud.pages.clean import clean
from ombud.pages.model import Line, Said
from ombud.pages.phrases import inside
from ombud.pages.record.model import Cell
from ombud.pages.record.words import record_words
from ombud.pages.voice import Voice, all_ways
from ombud.pages.words import Words
from ombud.policy.model import Activity, Contact, Party, Policy, Text
from ombud.systems.model import System, Systems


@dataclass(frozen=True)
class Teller:
    """A policy and its map as the record tells them in one language on one day.

    Args:
        systems: None: there is no map.
        language: One of the languages Ombud has words for.
        on: Local day on which the facts of law must be in force.
    """

    policy: Policy
    systems: Systems | None
    language: str
    on: date

    @cached_property
    def words(self) -> Words:
        """Ombud's own words, as a record says them."""
        return record_words(self.language)

    @cached_property
    def _voice(self) -> Voice:
        return Voice(self.policy, self.language, self.on)

    @property
    def name(self) -> str:
        """The organisation's name."""
        return self._voice.name

    @property
    def own(self) -> list[Activity]:
        """The activities of which the organisation is controller, alone or with others."""
        return [each for each in self.policy.activities.values() if each.role.kind != "processor"]

    @property
    def for_others(self) -> list[Activity]:
        """The activities that the organisation does for other controllers."""
        return [each for each in self.policy.activities.values() if each.role.kind == "processor"]

    @cached_property
    def missing(self) -> Cell:
        """What stands where the policy does not say what Art. 30 asks for."""
        return ((Said(self.words("record.missing")),),)

    @cached_property
    def none(self) -> Cell:
        """What stands where there is nothing to tell."""
        return ((Said(self.words("record.none")),),)

    def said(self, text: Text) -> Said:
        """Return one of the organisation's texts."""
        return self._voice.said(text)

    def called(self, name: str) -> Said:
        """Return what somebody is called."""
        return self._voice.called(name)

    def main(self, text: str) -> Said:
        """Return a text that the organisation wrote once, in its main language."""
        return self._voice.main(text)

    def text(self, text: str) -> Line:
        """Return a name or number, which is in no language."""
        return (Said(clean(text)),)

    def line(self, said: Said) -> Line:
        """Return a text as a line."""
        return (said,)

    def cell(self, said: Said) -> Cell:
        """Return a text as a cell; empty where there is none."""
        return ((said,),) if said.text else ()

    def title(self, activity: Activity) -> Said:
        """Return what an activity is called."""
        return self._voice.title(activity)

    def titles(self, activities: Iterable[Activity]) -> Cell:
        """Return what activities are called, a line each."""
        return tuple((self.title(each),) for each in activities) or self.none

    def activities_with(self, party: Party) -> Cell:
        """Return the activities in which a party gets data."""
        return self.titles(
            each
            for each in self.policy.activities.values()
            if any(party is found for found in self._voice.parties(each))
        )

    def groups(self, ids: tuple[str, ...]) -> Cell:
        """Return the names of groups of people."""
        return self._voice.groups(ids, begins=True)

    def categories(self, ids: tuple[str, ...], *, begins: bool = False) -> Cell:
        """Return the names of categories.

        Args:
            begins: Each as at the beginning of a line; else all but the first as inside one.
        """
        found = [self.said(self.policy.categories[id].title) for id in ids]
        return tuple(
            (s if begins or n == 0 else Said(inside(s.text), s.language),)
            for n, s in enumerate(found)
        )

    def party(self, party: Party) -> Line:
        """Return a party's name and country."""
        return self._voice.party(party)

    def land(self, party: Party) -> Cell:
        """Return a party's country."""
        return ((Said(self._voice.country(party.country)),),) if party.country else self.missing

    def ways(self, contact: Contact) -> Cell:
        """Return every way to reach somebody, a line each."""
        return tuple((way,) for way in all_ways(contact))

    def system(self, system: System) -> Said:
        """Return what a system is called."""
        said = self.said(system.title)
        return said if said.text else Said(clean(system.id).replace("_", " "))
