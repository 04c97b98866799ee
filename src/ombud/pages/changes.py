"""How is a change told to people? A line for each, and a message in their language to send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ombud.pages.activity import capped, special_in_words
from ombud.pages.automated import automated_in_words
from ombud.pages.model import Said, text_of
from ombud.pages.notes import notes_of
from ombud.pages.phrases import (
    day_in_words,
    inside,
    law_in_words,
    listed,
    rule_in_words,
    sentence,
)
from ombud.pages.voice import Voice, outside
from ombud.policy.changes import Change, Tell
from ombud.policy.model import Activity, Party, Policy

_HEADS: Final[Mapping[Tell, str]] = {
    "before": "changes.before",
    "tell": "changes.tell",
    "site": "changes.site",
}


@dataclass(frozen=True)
class Message:
    """What could be sent to people.

    Args:
        text: Lines with blank ones between paragraphs; nothing in it is markup.
    """

    language: str
    subject: str
    text: str


def change_in_words(old: Policy, new: Policy, change: Change, language: str, on: date) -> str:
    """Return a change in one sentence or several, as one would tell the people concerned.

    Args:
        on: Local day on which the facts of law are read.
    """
    return _Teller(old, new, language, on).line(change)


def message(
    old: Policy,
    new: Policy,
    found: Sequence[Change],
    language: str,
    on: date,
    *,
    starts: date | None = None,
    address: str = "",
) -> Message | None:
    """Return a message to the people whom changes concern; None: nobody has to be told.

    What the site alone tells is left out, unless something else has to be told.

    Args:
        starts: When it begins to apply; None: a person fills it in.
        address: Where people read the notice, `{lang}` for the language; empty: a person fills it
            in.

    Law:
        GDPR Art. 12(1)
        GDPR Art. 13(3)
        GDPR Art. 14(4)
    """
    teller = _Teller(old, new, language, on)
    ours = [change for change in found if not change.controller]
    told = [change for change in ours if change.tell != "site"]
    if not told:
        return None
    words, voice = teller.now.words, teller.now
    groups = tuple(dict.fromkeys(group for change in told for group in change.about))
    names = [inside(text_of(line)) for line in voice.groups(groups)]
    day = day_in_words(words, starts) if starts else words("changes.open.day")
    groups_told = listed(words, names) if names else words("changes.open.groups")
    lines = [words("changes.intro", groups=groups_told)]
    lines += [words("changes.starts", date=day), ""]
    for level, head in _HEADS.items():
        said = [teller.line(change) for change in ours if change.tell == level]
        if said:
            lines += [words(head), *(f"- {each}" for each in dict.fromkeys(said)), ""]
    lines.append(words("changes.how", contact=voice.reach.text))
    if note := notes_of(new).get(voice.reach.to):
        lines.append(voice.said(note).text)
    read = address.replace("{lang}", language) or words("changes.open.address")
    lines.append(words("changes.read", web=read))
    lines += ["", words("changes.bye"), voice.name]
    return Message(language, words("changes.subject", name=voice.name), "\n".join(lines) + "\n")


class _Teller:
    """Tells changes in one language: what was, from the old policy, what is, from the new one."""

    def __init__(self, old: Policy, new: Policy, language: str, on: date) -> None:
        self.was = Voice(old, language, on)
        self.now = Voice(new, language, on)

    def line(self, change: Change) -> str:
        """Return a change in words."""
        activity = self.now.policy.activities.get(change.activity)
        before = self.was.policy.activities.get(change.activity)
        title = self.now.name
        if shown := activity or before:
            title = (self.now if activity else self.was).title(shown).text
        said = self.now.words(
            f"changes.kinds.{change.kind}",
            title=title,
            item=self._item(change),
            after=self._side(change, self.now, activity),
            before=self._side(change, self.was, before),
        )
        return said.rstrip()

    def _side(self, change: Change, voice: Voice, activity: Activity | None) -> str:
        """Return how it is, or was, in a sentence; empty where the kind of change has no sides."""
        if activity is None:
            return ""
        match change.kind:
            case "activity_new":
                return self._new(voice, activity)
            case "purpose":
                return sentence(voice.said(activity.purpose).text)
            case "basis":
                return self._basis(voice, activity)
            case "automated_new" | "automated_changed":
                asked = voice is self.now and not self._said_yes(change)
                return " ".join(map(text_of, automated_in_words(voice, activity, asked=asked)))
            case "longer" | "shorter" | "kept_otherwise":
                return self._kept(voice, activity)
            case "country_new":
                party = self._same(voice, change)
                known = party is not None and party.country
                missing = voice.words("record.missing")
                country = sentence(voice.country(party.country) if party and known else missing)
                return f"{country} {self._abroad(voice, party)}".rstrip()
            case "recipient_new":
                return self._abroad(voice, _party(voice.policy, change.name))
            case "safeguard":
                party = self._same(voice, change)
                text = voice.said(party.transfer).text if party else ""
                return sentence(text or voice.words("record.missing"))
            case _:
                return ""

    def _said_yes(self, change: Change) -> bool:
        """Return whether people can have said yes to the decision before."""
        before = self.was.policy.activities.get(change.activity)
        decision = before.automated if before and change.kind == "automated_changed" else None
        return decision is not None and decision.allowed_by == "consent"

    def _same(self, voice: Voice, change: Change) -> Party | None:
        """Return the party of a change as a policy has it: parties are the same by name."""
        name = _party(self.now.policy, change.party)
        parties = [*voice.policy.processors.values(), *voice.policy.recipients.values()]
        return next((party for party in parties if name and party.name == name.name), None)

    def _new(self, voice: Voice, activity: Activity) -> str:
        """Return what people are told of a purpose that their data did not serve before.

        Law:
            GDPR Art. 13(3)
            GDPR Art. 14(4)
        """
        said = [sentence(voice.said(activity.purpose).text)]
        if activity.role.kind != "processor":
            said.append(self._basis(voice, activity))
        kept = inside(self._kept(voice, activity))
        return " ".join([*said, voice.words("changes.kept", rule=kept)])

    def _kept(self, voice: Voice, activity: Activity) -> str:
        consent = voice.consent_of(activity)
        rule = rule_in_words(voice.words, voice.policy, activity.keep, consent)
        return " ".join([sentence(rule), *capped(voice.words, voice.policy, activity)])

    def _abroad(self, voice: Voice, party: Party | None) -> str:
        """Return what protects data now at a party outside the EEA; empty where it is inside.

        Law:
            GDPR Art. 13(1)(f)
            GDPR Art. 14(1)(f)
        """
        if party is None or not outside(party) or voice is not self.now:
            return ""
        safeguard = voice.said(party.transfer).text or voice.words("record.missing")
        return voice.words("changes.outside", safeguard=sentence(inside(safeguard)))

    def _basis(self, voice: Voice, activity: Activity) -> str:
        """Return on what an activity rests; nobody has said yes yet to what is only now asked."""
        words, basis, asked = voice.words, activity.basis, voice is self.now
        consent = voice.consent_of(activity)
        what = voice.said(basis.interest).text
        if consent is not None:
            what = voice.said(consent.purpose).text
        elif basis.law:
            what = law_in_words(words, basis.law)
        key = "changes.asked" if asked and consent is not None else f"basis.{basis.kind}"
        said = [words(key, what=inside(what.rstrip(".")))]
        if basis.kind == "legitimate_interests":
            said.append(f"{words('uses.interest')}: {inside(what.rstrip('.'))}.")
        explicit = voice.policy.consents.get(basis.special_consent)
        if asked and explicit is not None:
            purpose = inside(voice.said(explicit.purpose).text.rstrip("."))
            said.append(words("changes.asked_special", what=purpose))
        elif basis.special is not None:
            said.append(text_of(special_in_words(voice, activity)))
        if asked and (consent is not None or explicit is not None):
            said.append(words("rights.means.withdrawal"))
        return " ".join(said)

    def _item(self, change: Change) -> str:
        voice, policy, name = self.now, self.now.policy, change.name
        match change.kind:
            case "data_new" | "data_gone":
                side = policy if name in policy.categories else self.was.policy
                return inside(voice.said(side.categories[name].title).text)
            case "group_new":
                return inside(voice.said(policy.subjects.get(name, {})).text)
            case "recipient_new" | "recipient_gone":
                party = _party(policy, name) if change.kind == "recipient_new" else None
                party = party or _party(self.was.policy, name)
                return text_of(voice.party(party, begins=False)) if party else name
            case "country_new" | "safeguard":
                party = _party(policy, change.party)
                return voice.called(party.name).text if party else name
            case "right_lost" | "right_gained":
                return inside(voice.words(f"rights.names.{name}"))
            case "source_new":
                own = Said(voice.words("uses.subject"))
                return (own if name == "subject" else voice.called(name, begins=False)).text
            case "consent_text":
                return inside(voice.said(policy.consents[name].purpose).text.rstrip("."))
            case "document_new" | "document_changed" | "document_gone":
                whose = voice if name in policy.documents else self.was
                return whose.said(whose.policy.documents[name].title).text
            case "contact":
                return voice.reach.text
            case "controller":
                return voice.called(name, begins=False).text if name else voice.name
            case _:
                return ""


def _party(policy: Policy, id: str) -> Party | None:
    return policy.processors.get(id) or policy.recipients.get(id)
