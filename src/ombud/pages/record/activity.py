"""What does the record say of one activity? What Art. 30 asks for, as a controller or processor."""

from __future__ import annotations

from collections.abc import Iterator

from ombud.pages.activity import capped
from ombud.pages.model import Line, Said
from ombud.pages.phrases import day_in_words, law_in_words, rule_in_words, sentence
from ombud.pages.record.model import Cell, Entry
from ombud.pages.record.systems import served
from ombud.pages.record.teller import Teller
from ombud.pages.voice import outside
from ombud.policy.model import Activity, Party


def describe(teller: Teller, activity: Activity) -> Entry:
    """Return the entry of an activity of which the organisation is controller.

    Law:
        GDPR Art. 30(1)
    """
    policy = teller.policy
    recipients = [policy.recipients[id] for id in activity.recipients]
    processors = [policy.processors[id] for id in activity.processors]
    return Entry(
        activity.id,
        {
            **_shared(teller, activity),
            "joint": tuple(_joint(teller, activity)),
            "basis": tuple(_basis(teller, activity)),
            "automated": tuple(_automated(teller, activity)) or teller.none,
            "source": _source(teller, activity),
            "recipients": tuple(map(teller.party, recipients)) or teller.none,
            "processors": tuple(map(teller.party, processors)) or teller.none,
            "transfers": _transfers(teller, [*processors, *recipients]),
        },
    )


def describe_for_another(teller: Teller, activity: Activity) -> Entry:
    """Return the entry of what the organisation does for another controller.

    Law:
        GDPR Art. 30(2)
    """
    role, policy = activity.role, teller.policy
    processors = [policy.processors[id] for id in activity.processors]
    recipients = [policy.recipients[id] for id in activity.recipients]
    return Entry(
        activity.id,
        {
            **_shared(teller, activity),
            "controller": ((teller.called(role.party),),),
            "contact": teller.ways(role.contact) or teller.missing,
            "agreement": teller.cell(teller.called(role.contract)) or teller.missing,
            "subprocessors": tuple(map(teller.party, processors)) or teller.none,
            "transfers": _transfers(teller, [*processors, *recipients]),
        },
    )


def _shared(teller: Teller, activity: Activity) -> dict[str, Cell]:
    return {
        "activity": ((teller.title(activity),),),
        "purpose": ((teller.said(activity.purpose),),),
        "about": teller.groups(activity.about),
        "data": teller.categories(activity.data, begins=True),
        "protected": tuple(_protected(teller, activity)),
        "erasure": _erasure(teller, activity),
        "security": ((Said(teller.words("record.see_security")),),),
        "systems": _systems(teller, activity),
        "owner": teller.cell(teller.main(activity.owner)),
    }


def _joint(teller: Teller, activity: Activity) -> Iterator[Line]:
    if activity.role.kind == "joint":
        yield (teller.called(activity.role.party),)
        arrangement = teller.said(activity.role.arrangement)
        if arrangement.text:
            yield teller.words.line("record.joint_how", how=arrangement)


def _basis(teller: Teller, activity: Activity) -> Iterator[Line]:
    """Yield on what an activity rests, a line for each condition.

    Law:
        GDPR Art. 6(1)
        GDPR Art. 9(2)
    """
    words, basis, policy = teller.words, activity.basis, teller.policy
    what = teller.said(basis.interest)
    if basis.consent in policy.consents:
        what = teller.said(policy.consents[basis.consent].purpose)
    elif basis.law:
        what = Said(law_in_words(words, basis.law))
    yield words.line(f"record.basis.{basis.kind}", what=what)
    if basis.assessed_on is not None:
        yield words.line("record.assessed", date=day_in_words(words, basis.assessed_on))
    if basis.special is not None:
        special = teller.said(basis.special_text)
        if basis.special_consent in policy.consents:
            special = teller.said(policy.consents[basis.special_consent].purpose)
        elif not special.text:
            special = Said(law_in_words(words, basis.special_law))
        yield words.line(f"record.special.{basis.special}", what=special)
    for key, law in (
        ("record.criminal", basis.criminal_law),
        ("record.national_id", basis.national_id_law),
    ):
        if law:
            yield words.line(key, law=law_in_words(words, law))


def _automated(teller: Teller, activity: Activity) -> Iterator[Line]:
    """Yield what is decided without a person, how, with what effect, and what allows it.

    Law:
        GDPR Art. 22(2)
    """
    words, decision = teller.words, activity.automated
    if decision is not None:
        yield teller.line(teller.said(decision.decides))
        for key, text in (("logic", decision.logic), ("consequences", decision.consequences)):
            yield words.line(f"record.automated.{key}", what=teller.said(text))
        law = Said(law_in_words(words, decision.law))
        yield words.line(f"record.automated.{decision.allowed_by}", what=law)


def _protected(teller: Teller, activity: Activity) -> Iterator[Line]:
    for id in activity.data:
        category = teller.policy.categories[id]
        if category.kind != "ordinary":
            more = teller.words(f"record.kinds.{category.kind}")
            yield teller.words.line("record.name", name=teller.said(category.title), more=more)


def _source(teller: Teller, activity: Activity) -> Cell:
    found: list[Line] = []
    for party in activity.source.parties:
        own = Said(teller.words("uses.subject")) if party == "subject" else teller.called(party)
        found.append((Said(own.text[:1].upper() + own.text[1:], own.language),))
    return tuple(found)


def _transfers(teller: Teller, parties: list[Party]) -> Cell:
    """Return what leaves the EEA, to whom and on what ground.

    Law:
        GDPR Art. 30(1)(e)
        GDPR Art. 30(2)(c)
    """
    found: list[Line] = []
    for party in parties:
        if outside(party):
            safeguard = teller.said(party.transfer)
            ground = safeguard if safeguard.text else teller.missing[0][0]
            found.append((*teller.party(party), Said(": "), ground))
    return tuple(found) or teller.none


def _erasure(teller: Teller, activity: Activity) -> Cell:
    """Return the time limits for erasure in words.

    Law:
        GDPR Art. 30(1)(f)
    """
    consent = teller.policy.consents.get(activity.basis.consent)
    rule = rule_in_words(teller.words, teller.policy, activity.keep, consent)
    limits = capped(teller.words, teller.policy, activity)
    return ((Said(sentence(rule)),), *((Said(limit),) for limit in limits))


def _systems(teller: Teller, activity: Activity) -> Cell:
    systems = teller.systems.systems.values() if teller.systems else ()
    found = [teller.system(system) for system in systems if activity.id in served(system)]
    return tuple((each,) for each in found)
