"""Is each consent one: a free, clear act for one purpose, taken back as easily as given?"""

from __future__ import annotations

from collections.abc import Iterator

from ombud.policy.checks.check import Found, check
from ombud.policy.checks.edit import Edit, put, take
from ombud.policy.checks.mend import CONTRACT, says
from ombud.policy.checks.practice import Practice
from ombud.policy.checks.words import GivenBy
from ombud.policy.checks.written import Consent, Written


@check(
    "B10",
    "error",
    "Consent by visiting or using the site",
    says="visiting or using the site is taken as consent to {what}",
    help="ask, and let people choose",
    before="""
        consents:
          pictures: {to: [pictures], given_by: [visit], withdrawal: in_place}
        activities:
          pictures:
            kind: picture
            about: members
            role: controller
            purposes: [show the gardens on our site]
            data: [photo]
            bases: [{consent: pictures}]
            keep: {until: withdrawal}
    """,
)
def consent_by_visit(written: Written, practice: Practice) -> Iterator[Found]:
    """Going on to use a site says nothing about what is wanted; silence is no consent.

    Law:
        GDPR Art. 4(11)
        GDPR Art. 7
        EDPB 05/2020 § 86
        NO ekomloven § 3-15
        DK BEK 1148/2011 § 3
    """
    yield from _given(written, "visit")


@check(
    "B11",
    "error",
    "Consent by browser settings",
    says="how the browser is set is taken as consent to {what}",
    help="ask, and let people choose for each purpose",
    before="""
        consents:
          pictures: {to: [pictures], given_by: [browser], withdrawal: in_place}
        activities:
          pictures:
            kind: picture
            about: members
            role: controller
            purposes: [show the gardens on our site]
            data: [photo]
            bases: [{consent: pictures}]
            keep: {until: withdrawal}
    """,
)
def consent_by_browser(written: Written, practice: Practice) -> Iterator[Found]:
    """Most browsers accept cookies before anybody has thought of it, so that says nothing.

    Law:
        GDPR Art. 4(11)
        NO ekomloven § 3-15
        C-673/17
    """
    yield from _given(written, "browser")


def _given(written: Written, how: GivenBy) -> Iterator[Found]:
    for consent in written.consents.values():
        if how in consent.given_by:
            yield Found(consent.at, {"what": list(consent.to)}, (_asked(consent),))


def _asked(consent: Consent) -> Edit:
    way = "banner" if consent.for_cookies else "box"
    return put(consent.at.path, "given_by", value=[way])


@check(
    "B12",
    "error",
    "Consent to the policy as a whole or by another act",
    says="consent to {what} comes along with something else",
    help="ask for each purpose apart, with a box that nobody ticked before",
    before="""
        consents:
          all_of_it: {to: [everything], given_by: [signature], withdrawal: contact}
    """,
)
def consent_bundled(written: Written, practice: Practice) -> Iterator[Found]:
    """A consent stands apart from other matters, or it binds nobody.

    Law:
        GDPR Art. 4(11)
        GDPR Art. 7(2)
    """
    for consent in written.consents.values():
        if consent.for_everything:
            yield Found(consent.at, {"what": list(consent.to)}, (take(consent.at.path),))
        elif "registration" in consent.given_by:
            yield Found(consent.at, {"what": list(consent.to)}, (_asked(consent),))


@check(
    "B13",
    "warning",
    "Consent used where a contract is the natural basis",
    says="{activity} delivers what people ordered, and rests on a consent",
    help="rest what the delivery needs on the contract",
    before="""
        consents:
          pruning: {to: [pruning], given_by: [box], withdrawal: in_place}
        activities:
          pruning:
            kind: course
            about: members
            role: controller
            purposes: [hold the course in pruning]
            data: [name]
            bases: [{consent: pruning}]
            keep: {for: 6 months, after: course_ended}
            says: [required]
    """,
)
def contract_instead(written: Written, practice: Practice) -> Iterator[Found]:
    """Who must agree to get what they ordered is not free to refuse.

    Law:
        GDPR Art. 6(1)(b)
        GDPR Art. 7(4)
    """
    for activity in written.own:
        if activity.rests_on("consent") and "delivers" in practice.traits(activity):
            edits = [put(activity.at.path, "bases", value=[{"contract": CONTRACT}])]
            if not written.tells(activity, "required"):
                edits.append(says(activity.at, "required"))
            edits += [take(c.at.path) for c in written.consents.values() if c.to == (activity.id,)]
            yield Found(activity.at, {"activity": activity.id}, tuple(edits))


@check(
    "B14",
    "error",
    "Consent in a relation of imbalance",
    says="{activity} rests on the consent of {people}, who can rarely refuse",
    help="rest it on a duty or task in law, or say that refusing has no consequence at all",
    in_policy="rest it on a duty or task in law, or give people a choice that costs them nothing",
    before="""
        people: {members: member, gardeners: employee}
        consents:
          pictures: {to: [pictures], given_by: [box], withdrawal: in_place}
        activities:
          pictures:
            kind: picture
            about: gardeners
            role: controller
            purposes: [show our gardeners on the site]
            data: [photo]
            bases: [{consent: pictures}]
            keep: {until: withdrawal}
    """,
)
def consent_not_free(written: Written, practice: Practice) -> Iterator[Found]:
    """Employees, and citizens whom an authority sends, depend on whom they would refuse.

    Law:
        GDPR Rec. 43
        GDPR Art. 7(4)
    """
    for activity in written.own:
        groups = (written.people[id] for id in activity.about if id in written.people)
        bound = [group.id for group in groups if not practice.free(group.relation)]
        if bound and activity.rests_on("consent") and not activity.on("free_choice"):
            names = {"activity": activity.id, "people": bound}
            yield Found(activity.at, names, (says(activity.at, "free_choice"),))


@check(
    "B15",
    "error",
    "Right to withdraw consent not stated where consent is used",
    says="consent {consent} is used, and the text does not say that it can be withdrawn",
    help="say it, before the consent is given",
    before="""
        consents:
          pictures: {to: [pictures], given_by: [box]}
        activities:
          pictures:
            kind: picture
            about: members
            role: controller
            purposes: [show the gardens on our site]
            data: [photo]
            bases: [{consent: pictures}]
            keep: {until: withdrawal}
        rights:
          {access: clear, rectification: clear, erasure: clear, restriction: clear,
          portability: clear, objection: clear, objection_marketing: clear}
    """,
)
def withdrawal_unsaid(written: Written, practice: Practice) -> Iterator[Found]:
    """People are told that they can take it back before they give it.

    Law:
        GDPR Art. 7(3)
        GDPR Art. 13(2)(c)
    """
    for consent in written.consents.values():
        if not _withdrawal_said(written, consent):
            mend = put(consent.at.path, "withdrawal", value="in_place")
            yield Found(consent.at, {"consent": consent.id}, (mend,))


@check(
    "B16",
    "warning",
    "Withdrawal has no method or is harder than giving",
    says="consent {consent} is harder to withdraw than to give, or the text does not say how",
    help="let people withdraw where they gave it, with one step",
    before="""
        consents:
          pictures: {to: [pictures], given_by: [box], withdrawal: contact}
        activities:
          pictures:
            kind: picture
            about: members
            role: controller
            purposes: [show the gardens on our site]
            data: [photo]
            bases: [{consent: pictures}]
            keep: {until: withdrawal}
    """,
)
def withdrawal_harder(written: Written, practice: Practice) -> Iterator[Found]:
    """Withdrawing is as easy as giving.

    Law:
        GDPR Art. 7(3)
    """
    for consent in written.consents.values():
        # where only the browser lets people refuse cookies, K02 says so
        easy = consent.withdrawal in ("in_place", "link", "browser")
        if not easy and _withdrawal_said(written, consent) and not consent.for_everything:
            mend = put(consent.at.path, "withdrawal", value="in_place")
            yield Found(consent.at, {"consent": consent.id}, (mend,))


def _withdrawal_said(written: Written, consent: Consent) -> bool:
    said_here = consent.withdrawal not in (None, "browser")
    return said_here or "withdrawal" in written.rights
