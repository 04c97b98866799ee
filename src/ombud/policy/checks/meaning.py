"""What follows from what a document says? Notions that several checks share."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from ombud.policy.checks.practice import Practice
from ombud.policy.checks.words import COOKIES, ESSENTIAL, GivenBy
from ombud.policy.checks.written import (
    Activity,
    CalledController,
    Consent,
    CookieUse,
    Party,
    Statement,
    Written,
)
from ombud.policy.model import BasisKind

PASSIVE: tuple[GivenBy, ...] = ("visit", "browser", "registration")
"""What is no clear affirmative act for the thing it is taken to be a consent to.

Law:
    GDPR Art. 4(11)
"""


def rests_on(written: Written, activity: Activity, practice: Practice) -> frozenset[BasisKind]:
    """Return on what an activity rests in fact, as far as the text can be understood.

    What is named for it; else what is named for everything, where that can carry such an
    activity; else what such activities usually rest on.

    Law:
        GDPR Art. 6(1)
    """
    if activity.bases:
        return frozenset(basis.kind for basis in activity.bases)
    usual = practice.bases(activity)
    everywhere = frozenset(basis.kind for basis in written.bases)
    return everywhere & {*usual} or frozenset(usual[:1])


def not_carried(written: Written, practice: Practice) -> tuple[Activity, ...]:
    """Return the activities that no basis named for everything can carry."""
    everywhere = {basis.kind for basis in written.bases}
    return tuple(
        activity
        for activity in written.activities.values()
        if not activity.bases and everywhere and not everywhere & {*practice.bases(activity)}
    )


def consents_to(written: Written, activity: Activity) -> Iterator[Consent]:
    """Yield the consents that an activity is said to rest on."""
    named = {basis.consent for basis in activity.bases}
    for consent in written.consents.values():
        if activity.id in consent.to or consent.id in named:
            yield consent


def cookie_consents(written: Written) -> tuple[Consent, ...]:
    """Return the consents to cookies."""
    return tuple(consent for consent in written.consents.values() if COOKIES in consent.to)


def unneeded_cookies(written: Written) -> tuple[CookieUse, ...]:
    """Return what cookies are used for beyond the service that was asked for."""
    uses = (written.cookies or {}).values()
    return tuple(use for use in uses if use.purpose != ESSENTIAL)


def receivers(written: Written, activity: Activity) -> tuple[Party, ...]:
    """Return who gets data and decides itself what to do with it, or may."""
    parties = (written.parties.get(id) for id in activity.recipients)
    return tuple(party for party in parties if party and party.kind not in (*_ON_BEHALF, "tool"))


_ON_BEHALF = ("processor", "sub_processor")


def denied_and_done(written: Written) -> Iterator[tuple[Statement, Activity, Party]]:
    """Yield each denial of disclosure with an activity whose data goes to somebody after all."""
    for statement in written.all_on("disclosure"):
        if "denied" not in statement.wording:
            continue
        for activity in written.activities.values():
            about_it = not statement.of or activity.id in statement.of
            for party in receivers(written, activity) if about_it else ():
                yield statement, activity, party


def denied_services(written: Written) -> Iterator[tuple[Statement, Activity, str]]:
    """Yield each service that the text says is not used, with an activity that uses it."""
    for statement in written.all_on("services"):
        for activity in written.activities.values():
            for service in activity.services:
                if "denied" in statement.wording and service in statement.names:
                    yield statement, activity, service


def inside_and_outside(written: Written, practice: Practice) -> Iterator[tuple[Statement, Party]]:
    """Yield each promise that data stays in the EEA, with a party outside it."""
    regions = practice.words("regions_of_the_law")
    for statement in written.all_on("location"):
        if any(name in regions for name in statement.names):
            for party in written.parties.values():
                if practice.outside_eea(party.country):
                    yield statement, party


def two_periods(written: Written) -> Iterator[tuple[Activity, Activity]]:
    """Yield pairs of activities with two periods for the same data of the same people.

    What an act demands is no second period but an exception, and where the text says which of
    several counts there is nothing to ask.
    """
    if written.on("overlapping_periods"):
        return
    fixed = [a for a in written.own if a.keep and a.keep.longest and not a.keep.has_duty]
    for one, other in combinations(fixed, 2):
        same_data = {*one.data} & {*other.data}
        same_people = {*one.about} & {*other.about}
        differs = one.keep and other.keep and one.keep.longest != other.keep.longest
        if same_data and same_people and differs:
            yield one, other


def otherwise_controlled(written: Written) -> Iterator[tuple[CalledController, Activity]]:
    """Yield each party called controller of an activity whose role names others only."""
    for called in written.called_controller:
        for id in called.of:
            activity = written.activities.get(id)
            if called.party and activity and activity.role.parties:
                if called.party not in activity.role.parties:
                    yield called, activity


def consent_and_other(written: Written) -> Consent | None:
    """Return the consent to everything, where everything rests on something else too.

    Law:
        GDPR Art. 7(4)
    """
    other = any(basis.kind != "consent" for basis in written.bases)
    whole = (c for c in written.consents.values() if c.for_everything)
    return next(whole, None) if other else None
