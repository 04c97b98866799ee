"""What stands in the record? Every activity with what Art. 30 asks for, and the lists beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from ombud.pages.clean import clean
from ombud.pages.model import Line, Said
from ombud.pages.phrases import day_in_words, period_in_words
from ombud.pages.record.activity import describe, describe_for_another
from ombud.pages.record.model import PARTS, Cell, Column, Entry, Record, Table
from ombud.pages.record.systems import measures_of, reach_and_erasure, served
from ombud.pages.record.teller import Teller
from ombud.pages.voice import outside
from ombud.policy.model import Party, Policy
from ombud.systems.model import Systems

_DIGEST_SHOWN: Final = 12  # letters; the same as of a plan

# Column to paragraphs and letter of Art. 30, by part. Without one it helps the reader.
_COLUMNS: Final[dict[str, dict[str, str]]] = {
    "organisation": {"what": "", "told": "1a 2a"},
    "activities": {
        "activity": "",
        "purpose": "1b",
        "joint": "1a",
        "basis": "",
        "automated": "",
        "about": "1c",
        "data": "1c",
        "protected": "1c",
        "source": "",
        "recipients": "1d",
        "processors": "1d",
        "transfers": "1e",
        "erasure": "1f",
        "security": "1g",
        "systems": "",
        "owner": "",
    },
    "processing": {
        "activity": "2b",
        "controller": "2a",
        "contact": "2a",
        "agreement": "",
        "purpose": "2b",
        "about": "",
        "data": "",
        "protected": "",
        "subprocessors": "",
        "transfers": "2c",
        "erasure": "",
        "security": "2d",
        "systems": "",
        "owner": "",
    },
    "transfers": {
        "party": "1e 2c",
        "role": "",
        "country": "1e 2c",
        "safeguard": "1e 2c",
        "activities": "",
    },
    "processors": {
        "party": "1d",
        "does": "",
        "country": "",
        "agreement": "",
        "agreed_on": "",
        "activities": "",
    },
    "recipients": {"party": "1d", "does": "", "country": "1d", "activities": ""},
    "consents": {"purpose": "", "text": "", "version": "", "expires": "", "activities": ""},
    "systems": {"system": "", "reach": "", "how": "1f", "data": "1c", "activities": ""},
    "security": {"measure": "1g 2d"},
}


def make_record(
    policy: Policy,
    systems: Systems | None,
    language: str,
    *,
    on: date,
    draft: bool = False,
    kinds: Mapping[str, str] | None = None,
) -> Record:
    """Return the record of a policy in a language.

    Args:
        systems: The map; None: there is none yet, and the record says nothing of systems.
        kinds: System to the kind of its database, where that is known.
        language: One of `LANGUAGES`.
        on: Local day; the facts of law must be in force on it.

    Law:
        GDPR Art. 30(1)
        GDPR Art. 30(2)
    """
    teller = Teller(policy, systems, language, on)
    words = teller.words
    entries = {
        "organisation": _organisation(teller),
        "activities": tuple(describe(teller, each) for each in teller.own),
        "processing": tuple(describe_for_another(teller, each) for each in teller.for_others),
        "transfers": tuple(_transfers(teller)),
        "processors": tuple(_party(teller, p) for p in policy.processors.values()),
        "recipients": tuple(_party(teller, p) for p in policy.recipients.values()),
        "consents": tuple(_consents(teller)),
        "systems": tuple(_systems(teller, kinds or {})),
        "security": tuple(
            Entry(str(number), {"measure": (line,)})
            for number, line in enumerate(measures_of(teller), 1)
        ),
    }
    return Record(
        language=language,
        title=words("record.title", name=teller.name),
        name=teller.name,
        made=words(
            "record.made",
            date=day_in_words(words, on),
            digest=policy.source_digest[:_DIGEST_SHOWN],
        ),
        made_on=on,
        languages=policy.organisation.languages,
        tables=tuple(
            Table(
                id,
                words(f"record.tables.{id}.title"),
                words(f"record.tables.{id}.says"),
                words("record.missing" if id == "systems" and systems is None else "record.none"),
                tuple(_column(teller, each, places) for each, places in _COLUMNS[id].items()),
                tuple(_within(each, _COLUMNS[id]) for each in entries[id]),
            )
            for id in PARTS
        ),
        draft=draft,
    )


def _within(entry: Entry, columns: Iterable[str]) -> Entry:
    """Return an entry with a cell for each column of its part, and no other."""
    return Entry(entry.id, {id: entry.cells.get(id, ()) for id in columns})


def _column(teller: Teller, id: str, places: str) -> Column:
    words = teller.words
    said = [words("record.place", p=place[0], l=place[1]) for place in places.split()]
    where = said[0] if said else ""
    if len(said) > 1:
        where = words("record.places", first=said[0], second=said[1])
    return Column(id, words(f"record.columns.{id}"), where)


def _organisation(teller: Teller) -> tuple[Entry, ...]:
    organisation, words = teller.policy.organisation, teller.words
    rows: list[tuple[str, Cell]] = [
        ("who.name", (teller.text(organisation.name),)),
        ("who.number", (teller.text(organisation.number),)),
        ("record.columns.contact", teller.ways(organisation.contact)),
    ]
    if organisation.rights != organisation.contact:
        rows.append(("who.privacy", teller.ways(organisation.rights)))
    if organisation.dpo is None:
        rows.append(("who.dpo", ((Said(words("record.no_dpo")),),)))
    else:
        name = clean(organisation.dpo.name)
        ways = teller.ways(organisation.dpo)
        rows.append(("who.dpo", ((Said(name),), *ways) if name else ways))
    for activity in teller.own:
        if activity.role.kind == "joint":
            joint = ((teller.called(activity.role.party),), *teller.ways(activity.role.contact))
            if ("record.columns.joint", joint) not in rows:
                rows.append(("record.columns.joint", joint))
    return tuple(
        Entry(str(number), {"what": ((Said(words(key)),),), "told": told or teller.missing})
        for number, (key, told) in enumerate(rows, 1)
    )


def _party(teller: Teller, party: Party) -> Entry:
    words = teller.words
    agreed = day_in_words(words, party.agreed_on) if party.agreed_on else ""
    return Entry(
        party.id,
        {
            "party": ((teller.called(party.name),),),
            "does": teller.cell(teller.said(party.does)) or teller.missing,
            "country": teller.land(party),
            "agreement": teller.cell(teller.main(party.agreement)) or teller.missing,
            "agreed_on": teller.cell(Said(agreed)) or teller.missing,
            "activities": teller.activities_with(party),
        },
    )


def _transfers(teller: Teller) -> Iterator[Entry]:
    """Yield each party outside the EEA, with what protects the data there.

    Law:
        GDPR Art. 30(1)(e)
        GDPR Art. 44
    """
    policy = teller.policy
    for role, parties in (("processor", policy.processors), ("recipient", policy.recipients)):
        for party in parties.values():
            if outside(party):
                yield Entry(
                    f"{role}-{party.id}",
                    {
                        "party": ((teller.called(party.name),),),
                        "role": ((Said(teller.words(f"record.roles.{role}")),),),
                        "country": teller.land(party),
                        "safeguard": teller.cell(teller.said(party.transfer)) or teller.missing,
                        "activities": teller.activities_with(party),
                    },
                )


def _consents(teller: Teller) -> Iterator[Entry]:
    words = teller.words
    for consent in teller.policy.consents.values():
        lapses = words("record.expires.never")
        if consent.expires is not None:
            period = period_in_words(words, consent.expires)
            lapses = words("record.expires.after", period=period)
        asking = [
            each
            for each in teller.policy.activities.values()
            if consent.id in (each.basis.consent, each.basis.special_consent)
        ]
        yield Entry(
            consent.id,
            {
                "purpose": (teller.line(teller.said(consent.purpose)),),
                "text": (teller.line(teller.said(consent.text)),),
                "version": (teller.text(consent.version),),
                "expires": ((Said(lapses),),),
                "activities": teller.titles(asking),
            },
        )


def _systems(teller: Teller, kinds: Mapping[str, str]) -> Iterator[Entry]:
    if teller.systems is None:
        return
    for system in teller.systems.systems.values():
        reach, how = reach_and_erasure(teller, system, kinds.get(system.id, ""))
        held = served(system)
        activities = [each for each in teller.policy.activities.values() if each.id in held]
        data = dict.fromkeys(
            category
            for table in system.tables.values()
            for column in table.columns.values()
            for category in column.categories
        )
        if not data:  # out of reach, and nobody has described an export: what the activities use
            data = dict.fromkeys(category for each in activities for category in each.data)
        names: list[Line] = list(teller.categories(tuple(data), begins=True))
        yield Entry(
            system.id,
            {
                "system": (teller.line(teller.system(system)),),
                "reach": reach,
                "how": how,
                "data": tuple(names) or teller.missing,
                "activities": teller.titles(activities),
            },
        )
