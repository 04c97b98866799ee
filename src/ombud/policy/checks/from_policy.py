"""What does a policy tell people? The same model of a text, so that the same checks hold for both.

What a policy cannot say wrong, because Ombud's notice says it the same way for everybody, counts
as told: the rights, the authority, the period of an answer, how changes are brought to people.
What a policy cannot say at all stays open, and the checks find it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from ombud.errors import Place
from ombud.law import Country
from ombud.policy.checks import written as model
from ombud.policy.checks.keep_of_policy import keep_of
from ombud.policy.checks.practice import Practice, kinds_with_fact
from ombud.policy.checks.words import (
    ADVERTISING,
    AUTHORITY,
    COOKIES,
    ESSENTIAL,
    RIGHTS,
    SUBJECT,
    US,
    Mailbox,
    Topic,
)
from ombud.policy.checks.written import Part, Statement, Written
from ombud.policy.model import Activity, Basis, Consent, Contact, Party, Policy, Text

NOTICE_TELLS: Final[tuple[Topic, ...]] = (
    "answer_period",
    "new_purposes",
    "overlapping_periods",
    "required",
    "turn_to_controller",
)
"""What Ombud's notice tells of everything, whatever the policy."""

_COOKIE: Final = "cookie_id"
_STAYS_INSIDE: Final = "X05"  # the gate by which a promise says that data stays in the EEA


@dataclass(frozen=True)
class OnTheMap:
    """What the map and the workspace add to what a policy says.

    Args:
        rolling_clocks: Clocks that strike anew with what others do.
        missing: Ids of the documents that the policy names and the workspace lacks.
    """

    rolling_clocks: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()


def written_of(policy: Policy, on: date, on_the_map: OnTheMap = OnTheMap()) -> Written:
    """Return what a policy tells people.

    Args:
        on: Local day; the notice that is made of the policy is of that day.
    """
    return _Reader(policy, on).read(on_the_map)


class _Reader:
    """Turns one policy into the model."""

    def __init__(self, policy: Policy, on: date) -> None:
        organisation = policy.organisation
        self._policy = policy
        self._language = organisation.languages[0] if organisation.languages else "en"
        self._country = cast(Country, organisation.country)
        self._practice = Practice(self._country, on)
        self._on = on
        self._kinds = {a.id: self._kinds_of(a) for a in policy.activities.values()}

    def read(self, on_the_map: OnTheMap) -> Written:
        organisation = self._policy.organisation
        own = self._contact(organisation.contact, "contact")
        rights = self._contact(organisation.rights, "rights")
        return Written(
            at=self._at("organisation"),
            country=self._country,
            updated_on=self._on,
            controller=model.Controller(
                self._at("organisation"), own, organisation.name, _filled_in(organisation.number)
            ),
            officer=self._officer(),
            turn_to=rights if rights.reachable else own,
            complaints_to=(AUTHORITY,),
            authority=self._authority(),
            people=self._people(),
            parties=self._parties(),
            consents={c.id: self._consent(c) for c in self._policy.consents.values()},
            activities={a.id: self._activity(a) for a in self._policy.activities.values()},
            cookies=self._cookies(),
            rights={r: model.RightSaid(self._at("rights"), r) for r in RIGHTS},
            says=(*self._says(), *self._documents(on_the_map.missing)),
            rolling_clocks=on_the_map.rolling_clocks,
            from_policy=True,
        )

    def _at(self, *path: str, place: Place | None = None) -> Part:
        return Part(place or Place(self._policy.file), path)

    def _text(self, text: Text) -> str:
        return text.get(self._language) or next(iter(text.values()), "")

    # -------------------------------------------------------- who

    def _contact(self, contact: Contact, name: str) -> model.Reach:
        return model.Reach(
            at=self._at("organisation", name),
            email=contact.email,
            phone=contact.phone,
            address=contact.address,
            web=contact.web,
            mailbox=self._mailbox(contact.email),
        )

    def _mailbox(self, email: str) -> Mailbox | None:
        name = email.partition("@")[0].casefold()
        if not name:
            return None
        return "general" if name in self._practice.words("shared_mailboxes") else "privacy"

    def _officer(self) -> model.Officer:
        contact = self._policy.organisation.dpo
        at = self._at("organisation", "dpo")
        if contact is None:
            return model.Officer(at, "none")
        return model.Officer(at, "appointed", self._contact(contact, "dpo"))

    def _authority(self) -> model.Reach:
        now = self._practice.authority()
        at = self._at("organisation")
        return model.Reach(at, now.email, now.phone, now.address, now.url)

    def _people(self) -> Mapping[str, model.Group]:
        employers = self._practice.words("kinds_of_employers")
        employed = {
            id
            for activity in self._policy.activities.values()
            if {*self._kinds[activity.id]} & {*employers}
            for id in activity.about
        }
        return {
            id: model.Group(self._at("subjects", id), id, "employee" if id in employed else "other")
            for id in self._policy.subjects
        }

    def _parties(self) -> Mapping[str, model.Party]:
        policy = self._policy
        found = {p.id: self._party(p, "recipients") for p in policy.recipients.values()}
        found |= {p.id: self._party(p, "processors") for p in policy.processors.values()}
        for activity in policy.activities.values():
            for name in (*activity.source.parties, activity.role.party):
                if name and name != SUBJECT and name not in found:
                    at = self._at("activities", activity.id, "source", place=activity.where)
                    found[name] = model.Party(at, name, "others", name)
        return found

    def _party(self, party: Party, section: str) -> model.Party:
        at = self._at(section, party.id, place=party.where)
        return model.Party(
            at=at,
            id=party.id,
            kind="processor" if section == "processors" else "others",
            name=party.name,
            country=party.country,
            transfer=model.Transfer(at, self._means(party.transfer)) if party.transfer else None,
        )

    def _means(self, transfer: Text) -> str:
        """Return what a transfer rests on, as far as its words tell; empty where they do not."""
        said = " ".join(transfer.values()).casefold()
        for row in self._practice.rows("words_for_transfers"):
            if any(words in said for words in row["words"].split("; ")):
                return row["text"]
        return ""

    # -------------------------------------------------------- what

    def _activity(self, activity: Activity) -> model.Activity:
        at = self._at("activities", activity.id, place=activity.where)
        basis, role = activity.basis, activity.role
        return model.Activity(
            at=at,
            id=activity.id,
            kinds=self._kinds[activity.id],
            about=activity.about,
            role=model.Role(role.kind, (role.party,) if role.party else ()),
            purposes=(model.Purpose(at, self._text(activity.purpose)),),
            data=activity.data,
            source=activity.source.parties,
            bases=(self._basis(basis, at),),
            allowed_by=model.AllowedBy(
                special="explicit_consent"
                if basis.special == "consent"
                else basis.special_law or basis.special or "",
                national_id=basis.national_id_law,
                criminal=basis.criminal_law,
            ),
            recipients=(*activity.processors, *activity.recipients),
            services=("cloud",) if activity.processors else (),
            keep=keep_of(self._policy, activity),
            says=tuple(Statement(at, topic) for topic in self._told(activity)),
        )

    def _basis(self, basis: Basis, at: Part) -> model.Basis:
        words = self._text(basis.interest)
        return model.Basis(
            at=at,
            kind=basis.kind,
            law=basis.law,
            contract=words if basis.kind == "contract" else "",
            interest="" if basis.kind == "contract" else words,
            consent=basis.consent,
        )

    def _kinds_of(self, activity: Activity) -> tuple[str, ...]:
        """Return what kinds of activity it is, by its law, its data and its marks."""
        decides = ("automated_decision",) if activity.automated else ()
        return (*self._kinds_by_data(activity), *decides)

    def _kinds_by_data(self, activity: Activity) -> tuple[str, ...]:
        facts = [activity.fact] + [
            cap.fact for cap in self._policy.caps.values() if {*cap.about} & {*activity.about}
        ]
        by_law = [kind for fact in facts if fact for kind in kinds_with_fact(fact.id)][:1]
        if activity.fact:
            return tuple(by_law)
        if activity.marketing:
            return (self._marketing(activity),)
        rows = (self._practice.row("kinds_by_category", category) for category in activity.data)
        return tuple(dict.fromkeys([*by_law, *(row["kinds"] for row in rows if row)]))

    def _marketing(self, activity: Activity) -> str:
        if _COOKIE in activity.data:
            return "targeted_ads"
        return "offers" if {"email", "phone"} & {*activity.data} else "marketing"

    def _told(self, activity: Activity) -> Iterator[Topic]:
        if activity.role.kind == "joint" and activity.role.arrangement:
            yield "arrangement"
        if activity.marketing and activity.basis.kind == "consent":
            yield "opt_out"  # the consent is withdrawn in every message
        if "cctv" in self._kinds[activity.id] and self._promised("words_for_signs"):
            yield "signs"
        if activity.automated:
            yield "profiling"  # the notice says by what it is decided, and what follows

    def _promised(self, words: str) -> bool:
        """Return whether a promise speaks of something, known by words of `practice.yaml`."""
        said = " ".join(
            text for promise in self._policy.promises.values() for text in promise.says.values()
        )
        known = "|".join(self._practice.words(words))
        return re.search(rf"\b(?:{known})", said, re.IGNORECASE) is not None

    def _consent(self, consent: Consent) -> model.Consent:
        activities = [
            activity
            for activity in self._policy.activities.values()
            if consent.id in (activity.basis.consent, activity.basis.special_consent)
        ]
        cookies = (COOKIES,) if any(_COOKIE in a.data for a in activities) else ()
        return model.Consent(
            at=self._at("consents", consent.id, place=consent.where),
            id=consent.id,
            to=(*(activity.id for activity in activities), *cookies),
            given_by=("banner",) if cookies else ("box",),
            withdrawal="in_place",
        )

    def _cookies(self) -> Mapping[str, model.CookieUse] | None:
        found = {}
        for activity in self._policy.activities.values():
            if _COOKIE in activity.data:
                purpose = ADVERTISING if activity.marketing else activity.id
                found[activity.id] = model.CookieUse(
                    at=self._at("activities", activity.id, place=activity.where),
                    purpose=purpose if activity.basis.kind == "consent" else ESSENTIAL,
                    by=activity.processors or (US,),
                    keep=keep_of(self._policy, activity),
                )
        return found or None

    def _says(self) -> Iterator[Statement]:
        at = self._at("organisation")
        for topic in NOTICE_TELLS:
            yield Statement(at, topic)
        yield Statement(at, "changes", names=("website", "email"))
        if self._promised("words_for_backups"):
            yield Statement(at, "backups")
        parties = [*self._policy.processors.values(), *self._policy.recipients.values()]
        if all(party.country for party in parties):
            yield Statement(at, "transfer")
        yield from self._stays_inside()
        agreed = tuple(p.id for p in self._policy.processors.values() if p.agreement)
        if agreed:
            yield Statement(at, "processing_agreements", names=agreed)

    def _documents(self, missing: frozenset[str]) -> Iterator[Statement]:
        """Yield the documents that the notice refers to, and the groups that they are for."""
        for document in self._policy.documents.values():
            at = self._at("documents", document.id, place=document.where)
            title = (self._text(document.title),)
            if document.id in missing:
                yield Statement(at, "other_document", ("missing",), names=title)
            else:
                yield Statement(at, "other_document", names=title)
            if document.about:
                yield Statement(at, "other_document", names=document.about)

    def _stays_inside(self) -> Iterator[Statement]:
        """Yield what promises say on where data stays; one that names no region means the EEA.

        Only those that rest on the gate for it: others name the EU for other reasons.
        """
        regions = self._practice.words("regions_of_the_law")
        for promise in self._policy.promises.values():
            if any(p.kind == "gate" and _STAYS_INSIDE in p.names for p in promise.proofs):
                said = {*re.findall(r"\w+", " ".join(promise.says.values()))}
                at = self._at("promises", promise.id, place=promise.where)
                names = tuple(region for region in regions if region in said)
                yield Statement(at, "location", names=names or ("EEA",))


def _filled_in(number: str) -> str:
    """Return a registration number, but not the zeros that `ombud init` writes in its place."""
    return number if number.strip("0") else ""
