"""What does the notice say? The policy as people read it: short first, details on demand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ombud.law import authority, fact
from ombud.pages.activity import (
    NAMED_RIGHTS,
    describe,
    describe_for_another,
    may_withdraw,
    rights_of,
)
from ombud.pages.clean import clean
from ombud.pages.model import (
    Block,
    Bullets,
    Facts,
    Line,
    Notice,
    Para,
    Part,
    Row,
    Said,
    lines,
    text_of,
)
from ombud.pages.notes import with_notes
from ombud.pages.phrases import day_in_words, inside, listed, period_in_words
from ombud.pages.voice import Voice, all_ways, email, outside, phone, web
from ombud.policy.model import Activity, Contact, Party, Policy


def make_notice(
    policy: Policy, language: str, *, on: date, draft: bool = False, beside: str | None = None
) -> Notice:
    """Return the notice of a policy in a language.

    Texts that the organisation has not written in that language stand in its main one, marked.

    Args:
        language: One of `LANGUAGES`.
        on: Local day; the facts of law must be in force on it.
        beside: From the page to the folder in which documents stand that are given out with it;
            None: they are not given out with this one, and it names them without a link.

    Raises:
        UnknownFact: The authority of the organisation's country is not known on that day.

    Law:
        GDPR Art. 12(1)
        GDPR Art. 13
        GDPR Art. 14
    """
    voice = Voice(policy, language, on, beside)
    every_part = (
        _short(voice),
        _object(voice),
        _find(voice),
        _uses(voice),
        _for_others(voice),
        _rights(voice),
        _consents(voice),
        _kept_longer(voice),
        _parties(voice),
        _documents(voice),
        _who(voice),
        _complaint(voice),
        _promises(voice),
    )
    parts = tuple(with_notes(voice, part) for part in every_part if part is not None)
    return Notice(
        language=language,
        title=voice.words("titles.notice", name=voice.name),
        name=voice.name,
        parts=(*parts, _page(voice, parts)),
        made_on=on,
        languages=policy.organisation.languages,
        draft=draft,
    )


def own(policy: Policy) -> list[Activity]:
    """Return the activities of which the organisation is controller, alone or with others."""
    return [each for each in policy.activities.values() if each.role.kind != "processor"]


def for_others(policy: Policy) -> list[Activity]:
    """Return the activities that the organisation does for other controllers."""
    return [each for each in policy.activities.values() if each.role.kind == "processor"]


def _para(line: Line | str) -> Para:
    return Para((Said(line),) if isinstance(line, str) else line)


def _part(voice: Voice, id: str, *blocks: Block, tells: tuple[str, ...] = ()) -> Part:
    return Part(id, (Said(voice.words(f"{id}.title")),), blocks, tells=tells)


def _short(voice: Voice) -> Part:
    words, policy = voice.words, voice.policy
    parties = [party for activity in own(policy) for party in voice.parties(activity)]
    said: list[Line] = [words.line("short.controller", name=voice.name)]
    if others := for_others(policy):
        names = dict.fromkeys(voice.called(each.role.party, begins=False) for each in others)
        parties_said = ", ".join(name.text for name in names)
        language = next((name.language for name in names if name.language), "")
        said.append(words.line("short.also_processor", parties=Said(parties_said, language)))
    said.append((Said(words.plural("short.purposes", len(own(policy)))),))
    said.append(words.line("short.kept"))
    said.append(words.line("short.rights", contact=voice.reach))
    if any(may_withdraw(each) for each in own(policy)):
        said.append(words.line("short.consent"))
    if any(each.automated for each in own(policy)):
        said.append(words.line("short.automated"))
    if any(outside(party) for party in parties):
        said.append(words.line("short.outside"))
    elif parties and all(party.country for party in parties):
        said.append(words.line("short.inside"))
    said.append(words.line("short.complaint", authority=_authority(voice)))
    return _part(voice, "short", Bullets(tuple(said)))


def _object(voice: Voice) -> Part | None:
    """Return the right to object, apart from everything else; None where nobody has it.

    Law:
        GDPR Art. 21(4)
    """
    words, blocks = voice.words, list[Block]()
    for right, key in (("objection", "interests"), ("objection_marketing", "marketing")):
        where = [each for each in own(voice.policy) if right in rights_of(voice, each)]
        if where:
            blocks.append(_para(words(f"object.{key}")))
            links = voice.row(f"object.{key}_where", *map(voice.link, where), joined=True)
            blocks.append(Facts((links,)))
    if not blocks:
        return None
    blocks.append(_para(words.line("object.how", contact=voice.reach)))
    title = (Said(words("object.title")),)
    return Part("object", title, tuple(blocks), apart=True, tells=("i_obj_sep",))


def _find(voice: Voice) -> Part:
    rows = []
    for id, title in voice.policy.subjects.items():
        links = [voice.link(each) for each in voice.policy.activities.values() if id in each.about]
        for document in voice.policy.documents.values():
            if id in document.about:
                links.append(voice.document(document))
        if links:
            values = tuple((link,) for link in links)
            rows.append(Row((voice.said(title),), values, joined=True))
    return _part(voice, "find", _para(voice.words("find.says")), Facts(tuple(rows)))


def _uses(voice: Voice) -> Part | None:
    parts = tuple(describe(voice, each) for each in own(voice.policy))
    return _part(voice, "uses", *parts) if parts else None


def _for_others(voice: Voice) -> Part | None:
    parts = tuple(describe_for_another(voice, each) for each in for_others(voice.policy))
    says = _para(voice.words("processing.says"))
    return _part(voice, "processing", says, *parts) if parts else None


def _rights(voice: Voice) -> Part:
    """Return each right and what it means.

    Law:
        GDPR Art. 12(3)
        GDPR Art. 12(5)
        GDPR Art. 12(6)
        GDPR Arts. 15-21
        GDPR Art. 22(3)
    """
    words = voice.words
    held = {right for each in own(voice.policy) for right in rights_of(voice, each)}
    named: list[str] = [right for right in NAMED_RIGHTS if right in held]
    if any(may_withdraw(each) for each in own(voice.policy)):
        named.append("withdrawal")
    if any(each.automated and each.automated.reviewed for each in own(voice.policy)):
        named.append("human_review")
    turn_to = _authority(voice)
    rows = [
        Row(
            (Said(words(f"rights.names.{right}")),),
            (words.line(f"rights.means.{right}", authority=turn_to),),
        )
        for right in (*named, "complaint")
    ]
    period = period_in_words(words, fact("answer_period", on=voice.on).period())
    return _part(
        voice,
        "rights",
        _para(words.line("rights.how", contact=voice.reach, period=period)),
        _para(words("rights.identity")),
        _para(words("rights.which")),
        Facts(tuple(rows)),
        tells=("i_rts",),
    )


def _consents(voice: Voice) -> Part | None:
    words, rows = voice.words, list[Row]()
    for consent in voice.policy.consents.values():
        said: list[Line] = [(voice.said(consent.text),)]
        if consent.expires is not None:
            lapses = period_in_words(words, consent.expires)
            said.append(words.line("consent.expires", period=lapses))
        said.append(words.line("consent.version", version=clean(consent.version)))
        rows.append(Row((voice.said(consent.purpose),), tuple(said)))
    if not rows:
        return None
    says = _para(words.line("consent.says", contact=voice.reach))
    return _part(
        voice, "consent", says, _para(words("consent.text")), Facts(tuple(rows)), tells=("i_wdr",)
    )


def _kept_longer(voice: Voice) -> Part:
    return _part(voice, "kept", _para(voice.words("kept.overlap")), _para(voice.words("kept.held")))


def _parties(voice: Voice) -> Part | None:
    words, policy, blocks = voice.words, voice.policy, list[Block]()
    for key, known in (("processors", policy.processors), ("recipients", policy.recipients)):
        if known:
            says = words(f"parties.{key}")
            if key == "processors" and all(party.agreement for party in known.values()):
                says = f"{says} {words('parties.agreements')}"
            blocks.append(_para(says))
            blocks.append(Bullets(tuple(_does(voice, party) for party in known.values())))
    return _part(voice, "parties", *blocks, tells=("i_rec",)) if blocks else None


def _does(voice: Voice, party: Party) -> Line:
    name, does = voice.called(party.name), voice.said(party.does)
    if not does.text:
        return voice.party(party)
    if not party.country:
        return voice.words.line("parties.placeless", name=name, does=does)
    country = voice.country(party.country)
    return voice.words.line("parties.does", name=name, country=country, does=does)


def _documents(voice: Voice) -> Part | None:
    """Return the other texts that people are referred to, each with where it is read.

    Law:
        GDPR Art. 12(1)
    """
    words, rows = voice.words, list[Row]()
    for document in voice.policy.documents.values():
        said: list[Line] = [(Said(clean(document.web_in(voice.language) or document.name)),)]
        if document.about:
            names = [inside(text_of(line)) for line in voice.groups(document.about)]
            said.append(words.line("documents.about", groups=listed(words, names)))
        rows.append(Row((voice.document(document),), tuple(said)))
    if not rows:
        return None
    return _part(voice, "documents", _para(words("documents.says")), Facts(tuple(rows)))


def _who(voice: Voice) -> Part:
    """Return who the controller is and how to reach it and its data protection officer.

    Law:
        GDPR Art. 13(1)(a)
        GDPR Art. 13(1)(b)
        GDPR Art. 14(1)(a)
        GDPR Art. 14(1)(b)
    """
    organisation = voice.policy.organisation
    rows = [voice.row("who.name", voice.name, tells=("i_ctrl",))]
    rows.append(voice.row("who.number", clean(organisation.number)))
    rows += _ways(voice, organisation.contact)
    privacy = all_ways(organisation.rights)
    if privacy:
        rows.append(voice.row("who.privacy", *privacy))
    if organisation.dpo is not None:
        name = clean(organisation.dpo.name)
        ways = [*([Said(name)] if name else []), *all_ways(organisation.dpo)]
        rows.append(voice.row("who.dpo", *ways, tells=("i_dpo",)))
    return _part(voice, "who", Facts(tuple(rows)))


def _ways(voice: Voice, contact: Contact) -> Iterator[Row]:
    if contact.address:
        yield voice.row("who.address", clean(contact.address))
    if contact.email:
        yield voice.row("who.email", email(contact.email))
    if contact.phone:
        yield voice.row("who.phone", phone(contact.phone))
    if contact.web:
        yield voice.row("who.web", web(contact.web))


def _authority(voice: Voice) -> str:
    country = voice.policy.organisation.country
    name = authority(country, on=voice.on).name  # type: ignore[arg-type]  # UnknownFact else
    key = f"authorities.{country}"
    return voice.words(key, name=name) if voice.words.has(key) else name


def _complaint(voice: Voice) -> Part:
    """Return how to complain, and to whom.

    Law:
        GDPR Art. 13(2)(d)
        GDPR Art. 14(2)(e)
        GDPR Art. 77(1)
    """
    words, country = voice.words, voice.policy.organisation.country
    known = authority(country, on=voice.on)  # type: ignore[arg-type]  # UnknownFact else
    rows = [voice.row("who.name", known.name), voice.row("who.address", known.address)]
    if known.visit:
        rows.append(voice.row("complaint.visit", known.visit))
    rows.append(voice.row("who.phone", phone(known.phone)))
    rows.append(voice.row("who.email", email(known.email)))
    rows.append(voice.row("who.web", web(known.url)))
    blocks: list[Block] = [
        _para(words.line("complaint.first", contact=voice.reach)),
        _para(words.line("complaint.authority", authority=_authority(voice))),
        Facts(tuple(rows)),
    ]
    if known.checked_on is not None:
        checked = day_in_words(words, known.checked_on)
        blocks.append(_para(words("complaint.checked", date=checked)))
    return _part(voice, "complaint", *blocks, tells=("i_cmp",))


def _promises(voice: Voice) -> Part | None:
    promises = tuple((voice.said(each.says),) for each in voice.policy.promises.values())
    if not promises:
        return None
    return _part(voice, "promises", _para(voice.words("promises.says")), Bullets(promises))


def _page(voice: Voice, parts: tuple[Part, ...]) -> Part:
    blocks: list[Block] = [
        _para(voice.words("page.made", date=day_in_words(voice.words, voice.on))),
        _para(voice.words("page.changes")),
    ]
    if any(said.language for line in lines(parts) for said in line):
        blocks.append(_para(voice.words("page.fallback")))
    return _part(voice, "page", *blocks, tells=("i_new",))
