"""On which legal basis does each activity rest, and can that basis carry it?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ombud.policy.checks.check import Found, Words, check
from ombud.policy.checks.edit import Edit, put, take
from ombud.policy.checks.meaning import consent_and_other, not_carried, rests_on
from ombud.policy.checks.mend import INTEREST, basis_of, law_of, plain_basis, told_better
from ombud.policy.checks.practice import Practice
from ombud.policy.checks.written import Activity, Basis, Written

_ARTICLE_OF_THE_GDPR = re.compile(r"\bart(?:\.|ikkel|ikel|icle)?\s*6\b", re.IGNORECASE)


@check(
    "B01",
    "error",
    "Activity without legal basis",
    says="no legal basis is named for {activity}",
    help="name the basis",
    before="""
        activities:
          fair:
            kind: event
            about: members
            role: controller
            purposes: [hold the garden fair]
            data: [name]
            keep: {for: 6 months, after: event_held}
    """,
)
def no_basis(written: Written, practice: Practice) -> Iterator[Found]:
    """Processing is lawful only on one of six bases, and people are told which.

    Law:
        GDPR Art. 6(1)
        GDPR Art. 13(1)(c)
        GDPR Art. 14(1)(c)
    """
    for activity in written.own:
        if not activity.bases and not written.bases:
            edits = basis_of(written, activity, practice)
            yield Found(activity.at, {"activity": activity.id}, edits)


@check(
    "B02",
    "error",
    "Basis cites a national act that has no such article",
    says="{law} is named as basis; that article stands in the GDPR, not in the national act",
    help="cite the GDPR",
    before="""
        activities:
          fair:
            kind: event
            about: members
            role: controller
            purposes: [hold the garden fair]
            data: [name]
            bases:
              - legitimate_interests: {interest: holding a fair, law: databeskyttelsesloven art. 6}
            keep: {for: 6 months, after: event_held}
    """,
)
def not_in_that_act(written: Written, practice: Practice) -> Iterator[Found]:
    """The six bases stand in Art. 6 of the GDPR; the national acts only add to them.

    Law:
        GDPR Art. 6
        NO personopplysningsloven § 1
        DK databeskyttelsesloven § 6
    """
    for basis in _all_bases(written):
        if _ARTICLE_OF_THE_GDPR.search(basis.law) and not practice.names_gdpr(basis.law):
            mend = put(basis.at.path, value=told_better(basis, {"law": "GDPR Art. 6(1)"}))
            yield Found(basis.at, {"law": basis.law}, (mend,))


@check(
    "B03",
    "error",
    "One blanket basis for different activities",
    says="one basis is named for everything, and cannot carry {activities}",
    help="name a basis for each activity instead",
    before="""
        bases: [{contract: the membership}]
        consents:
          letters: {to: [letter], given_by: [box], withdrawal: link}
        activities:
          letter:
            kind: newsletter
            about: members
            role: controller
            purposes: [send the garden letter]
            data: [email]
            keep: {for: 1 month, after: unsubscribed}
            says: [{about: opt_out, names: [in_each_message]}, customer_exception]
    """,
)
def blanket_basis(written: Written, practice: Practice) -> Iterator[Found]:
    """Each purpose needs a basis of its own: pay a contract, sick leave a law, marketing a consent.

    Law:
        GDPR Art. 6(1)
        GDPR Art. 5(1)(a)
    """
    left = not_carried(written, practice)
    if left and len(written.activities) > 1:
        bare = (a for a in written.activities.values() if not a.bases)
        each = (edit for activity in bare for edit in basis_of(written, activity, practice))
        general = (take(said.at.path) for said in written.all_on("lawfulness"))
        edits = (take(("bases",)), *each, *general)
        yield Found(written.bases[0].at, {"activities": [a.id for a in left]}, edits)


@check(
    "B04",
    "error",
    "Legitimate interest not named",
    says="{activity} rests on a legitimate interest, and the text does not say which",
    help="name the interest",
    before="""
        activities:
          fair:
            kind: event
            about: members
            role: controller
            purposes: [hold the garden fair]
            data: [name]
            bases: [legitimate_interests]
            keep: {for: 6 months, after: event_held}
    """,
)
def interest_not_named(written: Written, practice: Practice) -> Iterator[Found]:
    """Nobody can weigh an interest against their own that is not told.

    Law:
        GDPR Art. 13(1)(d)
        GDPR Art. 14(2)(b)
    """
    for activity, basis in _by_activity(written):
        if basis.kind == "legitimate_interests" and not basis.interest:
            mend = put(basis.at.path, value=told_better(basis, {"interest": INTEREST}))
            yield Found(basis.at, {"activity": activity.id}, (mend,))


@check(
    "B05",
    "warning",
    "Legitimate interest very broad",
    says="the interest behind {activity} is so broad that it cannot be weighed",
    help="name one interest for each purpose, and weigh it",
    before="""
        activities:
          fair:
            kind: event
            about: members
            role: controller
            purposes: [hold the garden fair]
            data: [name]
            bases:
              - legitimate_interests: {interest: developing all we do, wording: vague}
            keep: {for: 6 months, after: event_held}
    """,
)
def interest_too_broad(written: Written, practice: Practice) -> Iterator[Found]:
    """An interest is weighed for one purpose; a list of all that is useful weighs nothing.

    Law:
        GDPR Art. 6(1)(f)
        GDPR Art. 13(1)(d)
    """
    for activity, basis in _by_activity(written):
        if basis.kind == "legitimate_interests" and "vague" in basis.wording:
            mend = put(basis.at.path, value={"legitimate_interests": INTEREST})
            yield Found(basis.at, {"activity": activity.id}, (mend,))


@check(
    "B06",
    "error",
    "Legal duty or public task without the law",
    says="{activity} rests on a duty or task in law, and the law is not named",
    help="name the act and the section",
    before="""
        activities:
          accounts:
            kind: bookkeeping
            about: members
            role: controller
            purposes: [keep the vouchers]
            data: [invoice_lines]
            bases: [legal_obligation]
            keep: {for: 5 years, after: financial_year_end}
            says: [required]
    """,
)
def law_not_named(written: Written, practice: Practice) -> Iterator[Found]:
    """A duty or a public task is laid down by law, so there is a place where it stands.

    Law:
        GDPR Art. 6(3)
    """
    for activity, basis in _by_activity(written):
        in_law = basis.kind in ("legal_obligation", "public_task")
        if in_law and not basis.law and not basis.contract:
            named = told_better(basis, {"law": law_of(activity, practice)})
            yield Found(basis.at, {"activity": activity.id}, (put(basis.at.path, value=named),))


@check(
    "B07",
    "error",
    "Basis rests on a repealed or wrong provision",
    says="{law} is named as basis, and is no longer in force",
    help="name the law of today",
    before="""
        activities:
          fees:
            kind: bookkeeping
            about: members
            role: controller
            purposes: [keep the accounts of what members pay]
            data: [invoice_lines]
            bases: [{legal_obligation: bogføringsloven 1998/2006 § 10}]
            keep: {for: 5 years, after: financial_year_end}
            says: [required]
    """,
)
def basis_not_in_force(written: Written, practice: Practice) -> Iterator[Found]:
    """A provision that was repealed lays down nothing.

    Law:
        GDPR Art. 6(3)
        DK LBK 230/2024 § 14
        DK LBK 230/2024 § 24(3)
    """
    for basis in _all_bases(written):
        stale = practice.stale_law(basis.law) if basis.law else None
        if stale:
            mend = put(basis.at.path, value=told_better(basis, {"law": stale["now"]}))
            yield Found(basis.at, {"law": basis.law}, (mend,))


@check(
    "B08",
    "warning",
    "Public authority claimed by contract only",
    says="a task of a public authority is claimed on {contract}; the task must stand in law",
    help="name the law that hands the task on, or rest it on a legitimate interest",
    before="""
        activities:
          fair:
            kind: event
            about: members
            role: controller
            purposes: [hold the garden fair]
            data: [name]
            bases: [{public_task: {contract: our agreement with the municipality}}]
            keep: {for: 6 months, after: event_held}
    """,
)
def task_by_contract(written: Written, practice: Practice) -> Iterator[Found]:
    """Public authority is handed on by law; a contract alone does not make a company a body of it.

    Law:
        GDPR Art. 6(1)(e)
        GDPR Art. 6(3)
    """
    for basis in _all_bases(written):
        if basis.kind == "public_task" and basis.contract and not written.controller.public:
            mend = put(basis.at.path, value={"legitimate_interests": INTEREST})
            yield Found(basis.at, {"contract": basis.contract}, (mend,))


@check(
    "B09",
    "error",
    "Contradicting bases for the same processing",
    says="{what} rests on a consent and on something else too, so that refusing changes nothing",
    help="choose one basis for each purpose",
    before="""
        consents:
          fair: {to: [fair], given_by: [box], withdrawal: link}
        activities:
          fair:
            kind: event
            about: members
            role: controller
            purposes: [hold the garden fair]
            data: [name]
            bases: [{consent: fair}, {legitimate_interests: holding a fair}]
            keep: {for: 6 months, after: event_held}
    """,
)
def two_bases(written: Written, practice: Practice) -> Iterator[Found]:
    """Who asks for consent and would go on without it has asked for nothing.

    Law:
        GDPR Art. 4(11)
        GDPR Art. 5(1)(a)
        GDPR Art. 7
        EDPB 05/2020 §§ 121-123
    """
    whole = consent_and_other(written)
    if whole:
        yield Found(whole.at, {"what": Words("everything")}, (take(whole.at.path),))
    for activity in written.own:
        if activity.rests_on("consent") and len({basis.kind for basis in activity.bases}) > 1:
            consents = (b for b in activity.bases if b.kind == "consent")
            edits = tuple(take(basis.at.path) for basis in consents)
            yield Found(activity.at, {"what": activity.id}, edits)


@check(
    "B17",
    "warning",
    "Contract basis for people who are not party",
    says="{activity} rests on a contract, and {people} are no party to it",
    help="rest it on a named interest",
    before="""
        people: {members: member, contacts: contact_person}
        activities:
          orders:
            kind: supplier
            about: contacts
            role: controller
            purposes: [order seeds]
            data: [name]
            bases: [{contract: the order with the nursery}]
            keep: {for: 6 months, after: agreement_ended}
            says: [required]
    """,
)
def not_party(written: Written, practice: Practice) -> Iterator[Found]:
    """The contract is their employer's; contact persons and owners did not make it.

    Law:
        GDPR Art. 6(1)(b)
        GDPR Art. 6(1)(f)
    """
    for activity in written.own:
        groups = (written.people[id] for id in activity.about if id in written.people)
        outside = [group.id for group in groups if not practice.party(group.relation)]
        if outside and "contract" in _stated(written, activity, practice):
            names = {"activity": activity.id, "people": outside}
            yield Found(activity.at, names, (_without_contract(activity),))


def _stated(written: Written, activity: Activity, practice: Practice) -> frozenset[str]:
    named = activity.bases or written.bases
    return frozenset(rests_on(written, activity, practice)) if named else frozenset()


def _without_contract(activity: Activity) -> Edit:
    others = [plain_basis(basis) for basis in activity.bases if basis.kind != "contract"]
    has_interest = any("legitimate_interests" in other for other in others)
    bases = others if has_interest else [*others, {"legitimate_interests": INTEREST}]
    return put(activity.at.path, "bases", value=bases)


@check(
    "B18",
    "warning",
    "Lawfulness claimed in general words",
    says="the text says that all is lawful, and names no basis for it",
    help="name the basis of each activity, and leave the sentence out",
    before="""
        says:
          - {about: lawfulness, wording: vague}
          - {about: changes, names: [website, email]}
          - answer_period
          - new_purposes
          - backups
    """,
)
def lawful_in_general(written: Written, practice: Practice) -> Iterator[Found]:
    """“A legitimate reason” and “according to law” are no legal basis.

    Law:
        GDPR Art. 13(1)(c)
    """
    for statement in written.all_on("lawfulness"):
        if "vague" in statement.wording and not written.bases:
            yield Found(statement.at, edits=(take(statement.at.path),))


# ------------------------------------------------------------------ shared


def _all_bases(written: Written) -> Iterator[Basis]:
    yield from written.bases
    for activity in written.activities.values():
        yield from activity.bases


def _by_activity(written: Written) -> Iterator[tuple[Activity, Basis]]:
    """Yield the bases of the activities that people must be told of."""
    for activity in written.own:
        yield from ((activity, basis) for basis in activity.bases)
