"""What changes for people from one policy to the next, and must they be told beforehand?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from ombud.law import Period, fact
from ombud.policy.model import (
    Activity,
    After,
    Contact,
    FirstOf,
    Keep,
    LastOf,
    Organisation,
    Party,
    Policy,
    Text,
)

Kind = Literal[
    "controller",
    "activity_new",
    "activity_gone",
    "purpose",
    "basis",
    "longer",
    "shorter",
    "kept_otherwise",
    "data_new",
    "data_gone",
    "group_new",
    "recipient_new",
    "recipient_gone",
    "country_new",
    "safeguard",
    "source_new",
    "automated_new",
    "automated_changed",
    "automated_gone",
    "right_lost",
    "right_gained",
    "consent_text",
    "contact",
    "document_new",
    "document_changed",
    "document_gone",
]
Tell = Literal["before", "tell", "site"]
"""`before`: they must be told before it begins (Art. 13(2)(f), 13(3), 14(4)). `tell`: it matters
enough to tell each of them (Art. 5(1)(a), 12(1)). `site`: the notice itself is enough."""

_TELL: Final[Mapping[Kind, Tell]] = {
    "controller": "tell",
    "activity_new": "before",
    "activity_gone": "site",
    "purpose": "before",
    "basis": "tell",
    "longer": "tell",
    "shorter": "site",
    "kept_otherwise": "tell",
    "data_new": "tell",
    "data_gone": "site",
    "group_new": "tell",
    "recipient_new": "tell",
    "recipient_gone": "site",
    "country_new": "tell",
    "safeguard": "tell",
    "source_new": "tell",
    "automated_new": "before",
    "automated_changed": "tell",
    "automated_gone": "site",
    "right_lost": "tell",
    "right_gained": "site",
    "consent_text": "tell",
    "contact": "site",
    "document_new": "site",
    "document_changed": "site",
    "document_gone": "site",
}
_RIGHTS: Final = ("erasure", "portability", "objection", "objection_marketing", "withdrawal")
# The Gregorian calendar repeats itself after 400 years: so many months are so many days.
_CYCLE_MONTHS: Final = 4_800
_CYCLE_DAYS: Final = 146_097


@dataclass(frozen=True)
class Change:
    """One thing that becomes otherwise for people.

    Args:
        activity: Its id; empty where it is about the organisation as a whole.
        about: Ids of the groups of people concerned.
        name: What it is about: id of a party, category, group, right, consent or document, country
            code.
        party: For `country_new` and `safeguard`: id of the party.
        controller: Who decides, where that is somebody else: it tells its people, not we.
    """

    kind: Kind
    activity: str = ""
    about: tuple[str, ...] = ()
    name: str = ""
    party: str = ""
    controller: str = ""

    @property
    def tell(self) -> Tell:
        """Whether people must be told beforehand, should be told, or read it on the site.

        Law:
            GDPR Art. 13(2)(f)
            GDPR Art. 13(3)
            GDPR Art. 14(4)
        """
        return "site" if self.controller else _TELL[self.kind]


def changes(
    old: Policy, new: Policy, on: date, *, rewritten: Collection[str] = ()
) -> tuple[Change, ...]:
    """Return what changes for people, what they must be told beforehand first.

    Where two readings exist, the one that tells people more: a purpose in other words is another
    purpose, a rule that cannot be compared is a change that matters.

    Args:
        on: Local day on which the facts of law are read.
        rewritten: Ids of the documents of which the text is another one.

    Law:
        GDPR Art. 5(1)(a)
        GDPR Art. 13(3)
        GDPR Art. 14(4)
    """
    found = [*_organisation(old, new), *_consents(old, new)]
    for id, activity in new.activities.items():
        if id in old.activities:
            found += _activity(old, new, old.activities[id], activity, on)
        else:
            found += _new(old, new, activity)
    for id, activity in old.activities.items():
        if id not in new.activities:
            found.append(Change("activity_gone", id, activity.about))
    found += _documents(old, new, rewritten)
    others = [replace(change, controller=_controller(old, new, change)) for change in found]
    order: Mapping[Tell, int] = {"before": 0, "tell": 1, "site": 2}
    return tuple(sorted(dict.fromkeys(others), key=lambda change: order[change.tell]))


def _controller(old: Policy, new: Policy, change: Change) -> str:
    """Return who else decides about the activity of a change, after it; empty: nobody else."""
    activity = new.activities.get(change.activity) or old.activities.get(change.activity)
    role = activity.role if activity else None
    return role.party if role and role.kind == "processor" else ""


def _organisation(old: Policy, new: Policy) -> Iterator[Change]:
    was, now = old.organisation, new.organisation
    everybody = tuple(new.subjects)
    if (was.name, was.number) != (now.name, now.number):
        yield Change("controller", about=everybody)
    if _ways(was) != _ways(now):
        yield Change("contact", about=everybody)


def _ways(organisation: Organisation) -> tuple[Contact, ...]:
    """Return how the organisation is reached, without what is said beside it."""
    return tuple(replace(way, note={}) for way in organisation.ways)


def _documents(old: Policy, new: Policy, rewritten: Collection[str]) -> Iterator[Change]:
    for id, document in new.documents.items():
        before, groups = old.documents.get(id), document.about or tuple(new.subjects)
        if before is None:
            yield Change("document_new", about=groups, name=id)
        elif id in rewritten or before.web != document.web:
            yield Change("document_changed", about=groups, name=id)
    for id, document in old.documents.items():
        if id not in new.documents:
            yield Change("document_gone", about=document.about or tuple(new.subjects), name=id)


def _consents(old: Policy, new: Policy) -> Iterator[Change]:
    """Yield consents whose words changed: what was said yes to is not what is asked now.

    Law:
        GDPR Art. 7(1)
    """
    for id, consent in new.consents.items():
        before = old.consents.get(id)
        if before and _differ((before.purpose, consent.purpose), (before.text, consent.text)):
            resting = [
                a
                for a in new.activities.values()
                if id in (a.basis.consent, a.basis.special_consent)
            ]
            groups = tuple(dict.fromkeys(group for a in resting for group in a.about))
            yield Change("consent_text", about=groups, name=id)


def _activity(old: Policy, new: Policy, was: Activity, now: Activity, on: date) -> Iterator[Change]:
    def change(kind: Kind, name: str = "", party: str = "") -> Change:
        return Change(kind, now.id, now.about, name, party)

    if _differ((was.purpose, now.purpose)):
        yield change("purpose")
    if (was.basis.kind, was.basis.law, was.basis.special) != (
        now.basis.kind,
        now.basis.law,
        now.basis.special,
    ):
        yield change("basis")
    if (was.role.kind, was.role.party) != (now.role.kind, now.role.party):
        yield change("controller", now.role.party)
    yield from _kept(old, new, was, now)
    for id in now.data:
        if id not in was.data:
            yield change("data_new", id)
    for id in was.data:
        if id not in now.data:
            yield change("data_gone", id)
    for id in now.about:
        if id not in was.about:
            yield Change("group_new", now.id, (id,), id)
    for source in now.source.parties:
        if source not in was.source.parties:
            yield change("source_new", source)
    yield from _automated(was, now)
    yield from _parties(old, new, was, now)
    before, after = rights(was, on), rights(now, on)
    for right in _RIGHTS:
        if right in before - after:
            yield change("right_lost", right)
        if right in after - before:
            yield change("right_gained", right)


def _new(old: Policy, new: Policy, now: Activity) -> Iterator[Change]:
    """Yield a new activity, and who gets or gives data by it that did not for each of its groups.

    Law:
        GDPR Art. 13(3)
        GDPR Art. 14(2)(f)
    """
    yield Change("activity_new", now.id, now.about)
    if now.automated:
        yield Change("automated_new", now.id, now.about)
    for source in now.source.parties:
        if source != "subject" and any(source not in known for known in _sources(old, now)):
            yield Change("source_new", now.id, now.about, source)
    for party in _getting(new, now):
        if any((party.name, party.country) not in known for known in _gets(old, now)):
            yield Change("recipient_new", now.id, now.about, party.id)


def _sources(policy: Policy, activity: Activity) -> list[frozenset[str]]:
    """Return who gives data in a policy, for each group that an activity is about."""
    return [
        frozenset(source for was in _about(policy, group) for source in was.source.parties)
        for group in activity.about
    ]


def _gets(policy: Policy, activity: Activity) -> list[frozenset[tuple[str, str]]]:
    """Return who gets data in a policy, and in which country, for each group likewise."""
    return [
        frozenset(
            (p.name, p.country) for was in _about(policy, group) for p in _getting(policy, was)
        )
        for group in activity.about
    ]


def _about(policy: Policy, group: str) -> list[Activity]:
    return [activity for activity in policy.activities.values() if group in activity.about]


def _automated(was: Activity, now: Activity) -> Iterator[Change]:
    """Yield what is decided without a person now and was not; another decision is a new one.

    Law:
        GDPR Art. 13(2)(f)
        GDPR Art. 22(3)
    """
    before, after = was.automated, now.automated
    if before and not after:
        yield Change("automated_gone", now.id, now.about)
    if after and (not before or _differ((before.decides, after.decides))):
        yield Change("automated_new", now.id, now.about)
    elif before and after:
        told = ((before.logic, after.logic), (before.consequences, after.consequences))
        if _differ(*told) or (before.allowed_by, before.law) != (after.allowed_by, after.law):
            yield Change("automated_changed", now.id, now.about)


def _parties(old: Policy, new: Policy, was: Activity, now: Activity) -> Iterator[Change]:
    """Yield who gets data now and did not, and from where: by name, whatever the id."""
    before = {party.name: party for party in _getting(old, was)}
    after = {party.name: party for party in _getting(new, now)}
    for name, party in after.items():
        if name not in before:
            yield Change("recipient_new", now.id, now.about, party.id)
        elif before[name].country != party.country and party.country:
            yield Change("country_new", now.id, now.about, party.country, party.id)
        elif _differ((before[name].transfer, party.transfer)):
            yield Change("safeguard", now.id, now.about, party.id, party.id)
    for name, party in before.items():
        if name not in after:
            yield Change("recipient_gone", now.id, now.about, party.id)


def _getting(policy: Policy, activity: Activity) -> list[Party]:
    return [
        *(policy.processors[id] for id in activity.processors),
        *(policy.recipients[id] for id in activity.recipients),
    ]


def rights(activity: Activity, on: date) -> frozenset[str]:
    """Return the rights that depend on the basis and that people have against an activity.

    Law:
        GDPR Art. 7(3)
        GDPR Art. 17(1)
        GDPR Art. 20(1)
        GDPR Art. 21
    """
    matrix = dict(fact("rights_matrix", on=on).table())
    held = {
        right
        for right in _RIGHTS
        if matrix[right][activity.basis.kind] in ("applies", "conditional")
    }
    if not activity.marketing:
        held.discard("objection_marketing")
    if activity.basis.special == "consent":
        held.add("withdrawal")
    return frozenset(held)


def _kept(old: Policy, new: Policy, was: Activity, now: Activity) -> Iterator[Change]:
    """Yield whether data is kept longer, shorter or otherwise; a cap is one more end to it."""
    before, after = _with_caps(old, was), _with_caps(new, now)
    if before == after:
        return
    order = compared(before, after)
    kind: Kind = "longer" if order == 1 else "shorter" if order == -1 else "kept_otherwise"
    yield Change(kind, now.id, now.about)


def _with_caps(policy: Policy, activity: Activity) -> Keep:
    limits = [
        cap.keep
        for cap in policy.caps.values()
        if activity.id not in cap.unless
        and set(activity.about) <= set(cap.about)
        and (not cap.data or set(activity.data) <= set(cap.data))
    ]
    return FirstOf((activity.keep, *limits)) if limits else activity.keep


def compared(old: Keep, new: Keep) -> int | None:
    """Return 1 where a rule surely keeps longer than before, -1 shorter, 0 as long; else None."""
    if old == new:
        return 0
    if isinstance(old, After) and isinstance(new, After):
        if (old.clocks, old.counted_from) != (new.clocks, new.counted_from):
            return None
        return _sign(_days(new.period) - _days(old.period))
    several = FirstOf | LastOf
    if isinstance(old, several) or isinstance(new, several):
        return _of_parts(old, new)
    return None


def _of_parts(old: Keep, new: Keep) -> int | None:
    """Compare rules of several parts: with one part more, the first ends sooner, the last later."""
    kinds = {type(rule) for rule in (old, new) if isinstance(rule, FirstOf | LastOf)}
    if len(kinds) > 1:
        return None
    before = list(old.parts) if isinstance(old, FirstOf | LastOf) else [old]
    after = list(new.parts) if isinstance(new, FirstOf | LastOf) else [new]
    more = -1 if FirstOf in kinds else 1
    if all(part in after for part in before):
        return more
    if all(part in before for part in after):
        return -more
    if len(before) != len(after):
        return None
    signs = [compared(a, b) for a, b in zip(before, after, strict=True)]
    known = {sign for sign in signs if sign}
    return known.pop() if None not in signs and len(known) == 1 else None


def _differ(*pairs: tuple[Text, Text]) -> bool:
    """Return whether texts say something else in a language that both have."""
    return any(
        " ".join(was[tag].split()) != " ".join(now[tag].split())
        for was, now in pairs
        for tag in {*was} & {*now}
    ) or any(bool(was) != bool(now) for was, now in pairs)


def _days(period: Period) -> int:
    """Return a period's mean length, as a whole number that compares."""
    return period.months * _CYCLE_DAYS + period.days * _CYCLE_MONTHS


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)
