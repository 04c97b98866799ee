"""What do people read of one activity? What, why, on what basis, from and to whom, how long."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ombud.pages.automated import automated_in_words
from ombud.pages.model import Facts, Fold, Line, Para, Part, Row, Said
from ombud.pages.phrases import (
    cap_in_words,
    inside,
    law_in_words,
    listed,
    rule_in_words,
    sentence,
)
from ombud.pages.voice import Voice, anchor, outside
from ombud.pages.words import Words
from ombud.policy.builtin import RECORDED
from ombud.policy.model import Activity, After, Cap, Party, Policy

# Rights of the matrix that are named at an activity, in the order of the law; the others hold
# everywhere and stand in the part on rights.
NAMED_RIGHTS: Final = (
    "access",
    "rectification",
    "erasure",
    "restriction",
    "portability",
    "objection",
    "objection_marketing",
)


def describe(voice: Voice, activity: Activity) -> Part:
    """Return the part on an activity of which the organisation is controller.

    The purpose, whom it is about, what no person decides and how long come first; all else stands
    behind a summary.

    Law:
        GDPR Art. 13(1)
        GDPR Art. 13(2)
        GDPR Art. 14(1)
        GDPR Art. 14(2)
    """
    title = voice.title(activity)
    details = Facts((*_what(voice, activity), *_where(voice, activity), *_yours(voice, activity)))
    return Part(
        anchor(activity.id),
        (title,),
        (
            Para((voice.said(activity.purpose),)),
            Facts((_about(voice, activity), *_automated(voice, activity), _kept(voice, activity))),
            Fold(voice.words.line("uses.more", title=title), (details,)),
        ),
        tells=("i_purp",),
    )


def describe_for_another(voice: Voice, activity: Activity) -> Part:
    """Return the part on an activity that the organisation does for another controller.

    Law:
        GDPR Art. 4(8)
        GDPR Art. 28(3)
    """
    words, role = voice.words, activity.role
    party = voice.called(role.party)
    rows = [
        voice.row("processing.controller", party),
        _about(voice, activity),
        voice.row("uses.data", *voice.categories(activity.data), joined=True),
        _source(voice, activity),
        _kept(voice, activity),
    ]
    if role.contract:
        rows.append(voice.row("processing.agreement", voice.called(role.contract)))
    how = words.line("processing.requests_how", party=voice.called(role.party, begins=False))
    return Part(
        anchor(activity.id),
        (voice.title(activity),),
        (
            Para((voice.said(activity.purpose),)),
            Facts((*rows, voice.row("processing.requests", how))),
        ),
    )


def rights_of(voice: Voice, activity: Activity) -> tuple[str, ...]:
    """Return the rights of the matrix that people have against an activity, conditional ones too.

    Law:
        GDPR Art. 17(1)
        GDPR Art. 20(1)
        GDPR Art. 21(1)
        GDPR Art. 21(2)
    """
    if activity.role.kind == "processor":
        return ()
    return tuple(
        right
        for right in NAMED_RIGHTS
        if voice.rights_matrix[right][activity.basis.kind] in ("applies", "conditional")
        and (right != "objection_marketing" or activity.marketing)
    )


def may_withdraw(activity: Activity) -> bool:
    """Return whether an activity rests on a consent, that of Art. 9(2)(a) included.

    Law:
        GDPR Art. 7(3)
    """
    return activity.basis.kind == "consent" or activity.basis.special == "consent"


def _about(voice: Voice, activity: Activity) -> Row:
    return voice.row("uses.about", *voice.groups(activity.about), joined=True)


def _kept(voice: Voice, activity: Activity) -> Row:
    words, policy = voice.words, voice.policy
    rule = rule_in_words(words, policy, activity.keep, voice.consent_of(activity))
    limits = capped(words, policy, activity)
    said: list[Line] = [(Said(text),) for text in (sentence(rule), *limits)]
    return voice.row("uses.kept", *said, tells=("i_ret",))


def _automated(voice: Voice, activity: Activity) -> Iterator[Row]:
    if said := automated_in_words(voice, activity):
        yield voice.row("uses.automated", *said, tells=("i_auto",))


def capped(words: Words, policy: Policy, activity: Activity) -> Iterator[str]:
    """Yield a sentence for each cap that can end data of an activity before its own rule does.

    Law:
        GDPR Art. 5(1)(e)
    """
    for cap in policy.caps.values():
        if _limits(cap, activity):
            data = tuple(id for id in activity.data if not cap.data or id in cap.data)
            titles = (policy.categories[id].title for id in data)
            names = [inside(words.said(t, policy.organisation.languages).text) for t in titles]
            key = "uses.capped" if data == activity.data else "uses.capped_some"
            limit = cap_in_words(words, policy, cap)
            yield words(key, rule=limit, data=listed(words, names))


def _limits(cap: Cap, activity: Activity) -> bool:
    """Return whether a cap can end data of an activity before its own rule does.

    Only where it holds for everybody the activity is about: else it would promise too much.
    """
    if activity.id in cap.unless or not set(activity.about) <= set(cap.about):
        return False
    if cap.data and not set(cap.data) & set(activity.data):
        return False
    keep, limit = activity.keep, cap.keep
    if isinstance(keep, After) and keep.clocks == limit.clocks:
        shorter = (keep.period.months, keep.period.days) <= (
            limit.period.months,
            limit.period.days,
        )
        return not (shorter and keep.counted_from == limit.counted_from)
    return True


def _what(voice: Voice, activity: Activity) -> Iterator[Row]:
    """Yield which data, on what basis."""
    words, basis = voice.words, activity.basis
    yield voice.row("uses.data", *voice.categories(activity.data), joined=True, tells=("i_cat",))
    consent = voice.consent_of(activity)
    what: Said = voice.said(basis.interest)
    if consent is not None:
        what = voice.said(consent.purpose)
    elif basis.law:
        what = Said(law_in_words(words, basis.law))
    what = Said(inside(what.text.rstrip(".")), what.language)
    yield voice.row("uses.basis", words.line(f"basis.{basis.kind}", what=what), tells=("i_purp",))
    if basis.kind == "legitimate_interests":
        interest = voice.said(basis.interest)
        said = Said(sentence(interest.text), interest.language)
        yield voice.row("uses.interest", said, tells=("i_li",))
    if basis.special is not None:
        yield voice.row("uses.special", special_in_words(voice, activity))
    for key, law in (
        ("uses.criminal", basis.criminal_law),
        ("uses.national_id", basis.national_id_law),
    ):
        if law:
            yield voice.row(key, sentence(law_in_words(words, law)))


def special_in_words(voice: Voice, activity: Activity) -> Line:
    """Return on which condition of Art. 9(2) an activity uses special categories.

    Law:
        GDPR Art. 9(2)
    """
    basis = activity.basis
    consent = voice.policy.consents.get(basis.special_consent)
    what = voice.said(basis.special_text)
    if consent is not None:
        what = voice.said(consent.purpose)
    elif not what.text:
        what = Said(law_in_words(voice.words, basis.special_law))
    what = Said(inside(what.text.rstrip(".")), what.language)
    return voice.words.line(f"special.{basis.special}", what=what)


def _source(voice: Voice, activity: Activity) -> Row:
    words, source = voice.words, activity.source
    said: list[Line] = []
    for party in source.parties:
        if party == "subject":
            said.append((Said(words("uses.subject")),))
        elif source.public:
            said.append(words.line("uses.public", party=voice.called(party, begins=not said)))
        else:
            said.append((voice.called(party, begins=not said),))
    first = said[0][0]
    said[0] = (Said(first.text[:1].upper() + first.text[1:], first.language), *said[0][1:])
    return voice.row("uses.source", *said, joined=True, tells=("i_src",))


def _where(voice: Voice, activity: Activity) -> Iterator[Row]:
    """Yield from whom data comes, who gets it and in which countries it is."""
    words, policy, role = voice.words, voice.policy, activity.role
    yield _source(voice, activity)
    if role.kind == "joint":
        essence = voice.said(role.arrangement)
        other = voice.called(role.party)
        yield voice.row("uses.joint", other, *([essence] if essence.text else []))
    recipients = [voice.party(policy.recipients[id]) for id in activity.recipients]
    processors = [policy.processors[id] for id in activity.processors]
    if recipients:
        yield voice.row("uses.recipients", *recipients, tells=("i_rec",))
    if processors:
        yield voice.row("uses.processors", *map(voice.party, processors), tells=("i_rec",))
    if not recipients and not processors:
        nobody = words.line("uses.nobody", name=Said(voice.name))
        yield voice.row("uses.recipients", nobody, tells=("i_rec",))
    at_home = policy.organisation.country
    codes = dict.fromkeys([at_home, *(p.country for p in processors if p.country)])
    yield voice.row("uses.countries", *map(voice.country, codes), joined=True)
    abroad = [party for party in voice.parties(activity) if outside(party)]
    if abroad:
        said = [_safeguard(voice, party) for party in abroad]
        copy = (Said(words("uses.copy")),)
        yield voice.row("uses.transfer", *dict.fromkeys(said), copy, tells=("i_xfer",))


def _safeguard(voice: Voice, party: Party) -> Line:
    country, safeguard = voice.country(party.country), voice.said(party.transfer)
    where = f"{voice.called(party.name).text}, {country}"
    if not safeguard.text:
        return voice.words.line("uses.safeguard_missing", country=where)
    said = Said(sentence(inside(safeguard.text)), safeguard.language)
    return voice.words.line("uses.protected_by", country=where, safeguard=said)


def _yours(voice: Voice, activity: Activity) -> Iterator[Row]:
    """Yield which rights people have here, how to withdraw and whether they must give data."""
    words, basis = voice.words, activity.basis
    names = [_right(voice, right, activity) for right in rights_of(voice, activity)]
    said: list[Line] = [(Said(sentence(listed(words, names))),)]
    if voice.rights_matrix["erasure"][basis.kind] == "not":
        said.append((Said(words("rights.erasure_not")),))
    yield voice.row("uses.rights", *said, tells=("i_rts",))
    if may_withdraw(activity):
        how = words.line("consent.withdraw", contact=voice.reach)
        yield voice.row("uses.withdraw", how, tells=("i_wdr",))
    if "subject" in activity.source.parties:
        yield voice.row("uses.given", words(f"given.{_given(activity)}"), tells=("i_mand",))


def _given(activity: Activity) -> str:
    """Return how people give data: as the basis says, or not at all where it is recorded.

    A consent and a contract are asked for beforehand, and a duty is a duty: there it is the basis.

    Law:
        GDPR Art. 13(2)(e)
    """
    kind = activity.basis.kind
    asks_nobody = kind in ("legitimate_interests", "public_task")
    return "collected" if asks_nobody and RECORDED.issuperset(activity.data) else kind


def _right(voice: Voice, right: str, activity: Activity) -> str:
    kind = activity.basis.kind
    if right == "erasure" and voice.rights_matrix[right][kind] == "conditional":
        return voice.words(f"rights.erasure_conditional.{kind}")
    return inside(voice.words(f"rights.names.{right}"))
