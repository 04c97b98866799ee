"""Is data that needs more than a basis allowed by something, and are people tested with care?"""

from __future__ import annotations

from collections.abc import Iterator

from ombud.policy.checks.check import Found, Words, check
from ombud.policy.checks.edit import add, put, take
from ombud.policy.checks.mend import says
from ombud.policy.checks.practice import Practice, kind_of
from ombud.policy.checks.written import Activity, Written

_ASSESSED = {
    "testing": "tests people as persons",
    "deciding": "decides about people without a person",
}
"""Trait of an activity whose effects are looked at first to what it does, in words."""


@check(
    "S01",
    "error",
    "Special categories without Art. 9 condition",
    says="{activity} holds {data}, and nothing is named that allows special categories",
    help="name the condition of Art. 9(2), or the law",
    before="""
        activities:
          first_aid:
            kind: case
            about: members
            role: controller
            purposes: [know who needs help when working outside]
            data: [health]
            bases: [{legitimate_interests: helping quickly}]
            keep: {for: 6 months, after: case_closed}
    """,
)
def special_not_allowed(written: Written, practice: Practice) -> Iterator[Found]:
    """Health and the like are forbidden ground, but for the conditions that the law lists.

    Law:
        GDPR Art. 9(2)
        DK databeskyttelsesloven § 7
        DK databeskyttelsesloven § 12
        NO personopplysningsloven § 6
    """
    for activity in written.own:
        held = _held(activity, "special")
        if held and not activity.allowed_by.special:
            condition = _condition(activity, practice)
            mend = put(activity.at.path, "allowed_by", "special", value=condition)
            yield Found(activity.at, {"activity": activity.id, "data": held}, (mend,))


def _condition(activity: Activity, practice: Practice) -> str:
    """Return the law on employment where there is any, else the explicit consent."""
    at_work = {"employment", "sick_leave", "working_time"} & {*activity.kinds}
    law = practice.law("employment_data") if at_work else None
    return str(law.citations[0]) if law else "explicit_consent"


@check(
    "S02",
    "error",
    "National id number without national ground",
    says="{activity} holds national identification numbers, and nothing is named that allows them",
    help="name the law or condition that allows them",
    before="""
        activities:
          grants:
            kind: case
            about: members
            role: controller
            purposes: [apply for grants for members]
            data: [national_id]
            bases: [{legitimate_interests: getting grants}]
            keep: {for: 6 months, after: case_closed}
    """,
)
def number_not_allowed(written: Written, practice: Practice) -> Iterator[Found]:
    """Each country has its own conditions for CPR and fødselsnummer.

    Law:
        GDPR Art. 87
        DK databeskyttelsesloven § 11
        NO personopplysningsloven § 12
    """
    for activity in written.own:
        if _held(activity, "national_id") and not activity.allowed_by.national_id:
            law = practice.law("national_id")
            named = str(law.citations[0]) if law else "GDPR Art. 87"
            mend = put(activity.at.path, "allowed_by", "national_id", value=named)
            yield Found(activity.at, {"activity": activity.id}, (mend,))


@check(
    "S03",
    "error",
    "Criminal or background data without ground",
    says="{activity} may hold convictions, and nothing is named that allows them",
    help="name the law that allows them, or leave the check out",
    before="""
        activities:
          treasurer:
            kind: background_check
            about: members
            role: controller
            purposes: [see that the treasurer can be trusted]
            data: [reference]
            bases: [{legitimate_interests: trusting the treasurer}]
            keep: {for: 1 month, after: recruitment_ended}
    """,
)
def convictions_not_allowed(written: Written, practice: Practice) -> Iterator[Found]:
    """Convictions are for public bodies, and for others where a law says so.

    Law:
        GDPR Art. 10
        DK databeskyttelsesloven § 8
        NO personopplysningsloven § 11
        NO arbeidsmiljøloven § 9-1
    """
    for activity in written.own:
        may_hold = _held(activity, "criminal") or "criminal" in practice.traits(activity)
        if may_hold and not activity.allowed_by.criminal:
            law = practice.law("criminal_data")
            named = str(law.citations[0]) if law else "GDPR Art. 10"
            mend = put(activity.at.path, "allowed_by", "criminal", value=named)
            yield Found(activity.at, {"activity": activity.id}, (mend,))


@check(
    "S04",
    "error",
    "Child consent age wrong or missing",
    says="children consent themselves from {told}; the law says {age}",
    help="ask the parents of younger children",
    before="""
        people: {members: member, young: child}
        consents:
          forum: {to: [forum], given_by: [box], withdrawal: in_place}
        activities:
          forum:
            kind: online_service
            about: young
            role: controller
            purposes: [let young gardeners talk online]
            data: [username]
            bases: [{consent: forum}]
            keep: {until: withdrawal}
            says: [{about: child_age, period: 13 years}]
    """,
)
def child_age_wrong(written: Written, practice: Practice) -> Iterator[Found]:
    """Below the age of their country, parents consent for a child to an online service.

    Law:
        GDPR Art. 8(1)
        DK databeskyttelsesloven § 6(2)-(3)
        NO personopplysningsloven § 5
    """
    known = practice.law("child_consent_age")
    for activity in written.own if known else ():
        online = "online" in practice.traits(activity) and activity.rests_on("consent")
        if known and online and "child" in written.relations(activity):
            said = activity.on("child_age")
            age = f"{known.number()} years"
            told = str(said.period) if said and said.period else "no age"
            if told != age:
                right = {"about": "child_age", "period": age}
                path = activity.at.path
                mend = put(said.at.path, value=right) if said else add(path, "says", value=right)
                yield Found(activity.at, {"told": told, "age": age}, (mend,))


@check(
    "S05",
    "warning",
    "Sensitive data “only with consent” contradicts other rules",
    says="special categories are promised to be handled with consent only, also for {people}",
    help="describe on what they are handled in fact",
    before="""
        people: {members: member, gardeners: employee}
        activities:
          pay:
            kind: employment
            about: gardeners
            role: controller
            purposes: [pay our gardeners]
            data: [salary]
            bases: [{contract: the employment}]
            keep: {for: 5 years, after: financial_year_end}
            says: [required]
        says:
          - {about: special_categories, names: [consent], wording: absolute}
          - {about: changes, names: [website, email]}
          - answer_period
          - new_purposes
          - backups
    """,
)
def only_with_consent(written: Written, practice: Practice) -> Iterator[Found]:
    """An employer or an authority gets health data by law, whatever a text promises.

    Law:
        GDPR Art. 9(2)
        GDPR Art. 5(1)(a)
    """
    bound = [g.id for g in written.people.values() if not practice.free(g.relation)]
    for statement in written.all_on("special_categories"):
        if bound and "consent" in statement.names:
            yield Found(statement.at, {"people": bound}, (take(statement.at.path),))


@check(
    "S06",
    "warning",
    "Tests or assessments of persons: check DPIA",
    says="{activity} {does}, and no assessment of its effects is mentioned",
    help="look whether an assessment of Art. 35 is needed, and write down the answer",
    in_policy="look whether Art. 35 asks for an assessment, and record it in `decisions.yaml`",
    before="""
        activities:
          choosing:
            kind: skills_test
            about: members
            role: controller
            purposes: [find who can prune trees]
            data: [test_result]
            bases: [{legitimate_interests: letting those prune who can}]
            keep: {for: 1 month, after: tested}
    """,
)
def effects_not_assessed(written: Written, practice: Practice) -> Iterator[Found]:
    """Judging people by tests is one of the signs that processing may be of high risk.

    Deciding about them without a person, with legal or as serious effects, always asks for it
    where it is done systematically.

    Law:
        GDPR Art. 35(1)
        GDPR Art. 35(3)
    """
    for activity in written.own:
        traits = practice.traits(activity)
        does = next((said for trait, said in _ASSESSED.items() if trait in traits), "")
        if does and not written.tells(activity, "impact_assessment"):
            mend = says(activity.at, "impact_assessment")
            names = {"activity": activity.id, "does": Words(does)}
            yield Found(activity.at, names, (mend,))


@check(
    "S07",
    "warning",
    "Consent for sensitive data not said to be explicit",
    says="{activity} holds {data} on a consent that is not said to be explicit",
    help="ask for it explicitly, and say so",
    before="""
        consents:
          first_aid: {to: [first_aid], given_by: [box], withdrawal: in_place}
        activities:
          first_aid:
            kind: case
            about: members
            role: controller
            purposes: [know who needs help when working outside]
            data: [health]
            bases: [{consent: first_aid}]
            allowed_by: {special: consent}
            keep: {until: withdrawal}
    """,
)
def not_explicit(written: Written, practice: Practice) -> Iterator[Found]:
    """For special categories a consent names the data and what is done with it, in so many words.

    Law:
        GDPR Art. 9(2)(a)
    """
    for activity in written.own:
        held = _held(activity, "special")
        if held and activity.allowed_by.special == "consent":
            mend = put(activity.at.path, "allowed_by", "special", value="explicit_consent")
            yield Found(activity.at, {"activity": activity.id, "data": held}, (mend,))


def _held(activity: Activity, kind: str) -> list[str]:
    return [category for category in activity.data if kind_of(category) == kind]
