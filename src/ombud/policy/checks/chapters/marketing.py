"""Do people get advertisements only as the law on marketing allows?"""

from __future__ import annotations

from collections.abc import Iterator

from ombud.policy.checks.check import Found, check
from ombud.policy.checks.edit import put
from ombud.policy.checks.meaning import consents_to, rests_on
from ombud.policy.checks.mend import INTEREST, consent_to, says
from ombud.policy.checks.practice import Practice
from ombud.policy.checks.written import Activity, Written


@check(
    "M01",
    "error",
    "Electronic marketing without stated consent",
    says="{activity} is sent electronically, and the text names no consent for it",
    help="ask for a consent, or write to customers only, about similar goods",
    in_policy="write `basis: {consent: …}`; Ombud does not know yet whom you write to otherwise",
    before="""
        activities:
          letters:
            kind: newsletter
            about: members
            role: controller
            purposes: [send the garden letter]
            data: [email]
            bases: [{legitimate_interests: telling members what grows}]
            keep: {for: 1 month, after: unsubscribed}
            says: [{about: opt_out, names: [in_each_message]}]
    """,
)
def unasked_marketing(written: Written, practice: Practice) -> Iterator[Found]:
    """E-mail and SMS are sent to those who said yes, or to customers as the exception allows.

    Law:
        DK markedsføringsloven § 10(1)
        DK markedsføringsloven § 10(2)
        NO markedsføringsloven § 15
    """
    for activity in _electronic(written, practice):
        consented = "consent" in _named(written, activity, practice)
        if not consented and not activity.on("customer_exception"):
            edits = [put(activity.at.path, "bases", value=[{"consent": activity.id}])]
            if any(consents_to(written, activity)):
                consent = next(consents_to(written, activity))
                edits = [put(activity.at.path, "bases", value=[{"consent": consent.id}])]
            else:
                edits.append(put(("consents", activity.id), value=consent_to(activity.id)))
            yield Found(activity.at, {"activity": activity.id}, tuple(edits))


def _named(written: Written, activity: Activity, practice: Practice) -> frozenset[str]:
    named = activity.bases or written.bases
    return frozenset(rests_on(written, activity, practice)) if named else frozenset()


@check(
    "M02",
    "warning",
    "Customer exception not bound to its conditions",
    says="{activity} goes to customers unasked, and not every message lets them stop it",
    help="offer a way out in every message",
    before="""
        activities:
          letters:
            kind: newsletter
            about: members
            role: controller
            purposes: [send the garden letter]
            data: [email]
            bases: [{legitimate_interests: telling members what grows}]
            keep: {for: 1 month, after: unsubscribed}
            says: [customer_exception, {about: opt_out, names: [at_collection]}]
    """,
)
def exception_unbound(written: Written, practice: Practice) -> Iterator[Found]:
    """Who was not asked must be able to stop it at collection and in every message.

    Law:
        DK markedsføringsloven § 10(2)
        NO markedsføringsloven § 15(3)
    """
    for activity in _electronic(written, practice):
        out = activity.on("opt_out")
        if activity.on("customer_exception") and out and "in_each_message" not in out.names:
            ways = [*out.names, "in_each_message"]
            mend = put(out.at.path, value={"about": "opt_out", "names": ways})
            yield Found(out.at, {"activity": activity.id}, (mend,))


@check(
    "M03",
    "warning",
    "No unsubscribe method",
    says="the text does not say how to stop {activity}",
    help="add a link to every message, and say so",
    before="""
        consents:
          letters: {to: [letters], given_by: [box], withdrawal: in_place}
        activities:
          letters:
            kind: newsletter
            about: members
            role: controller
            purposes: [send the garden letter]
            data: [email]
            bases: [{consent: letters}]
            keep: {until: withdrawal}
    """,
)
def no_way_out(written: Written, practice: Practice) -> Iterator[Found]:
    """Stopping is free, easy, and possible in every message.

    Law:
        DK markedsføringsloven § 10(1)
        DK markedsføringsloven § 10(3)
        NO markedsføringsloven § 15
    """
    for activity in _electronic(written, practice):
        if not written.tells(activity, "opt_out"):
            mend = says(activity.at, {"about": "opt_out", "names": ["in_each_message"]})
            yield Found(activity.at, {"activity": activity.id}, (mend,))


@check(
    "M04",
    "warning",
    "Marketing mixed with service or contract",
    says="{activity} is marketing, and is described as part of a contract",
    help="keep offers apart from what the contract is about",
    before="""
        activities:
          offers:
            kind: marketing
            about: members
            role: controller
            purposes: [offer seeds by post]
            data: [address]
            bases: [{contract: the membership}]
            keep: {for: 6 months, after: last_order}
            says: [required]
    """,
)
def marketing_as_service(written: Written, practice: Practice) -> Iterator[Found]:
    """No contract needs advertisements, and what is asked for one channel covers no other.

    Law:
        GDPR Art. 6(1)(b)
        NO markedsføringsloven § 15
        NO markedsføringsloven §§ 12-14
    """
    for activity in written.own:
        if "marketing" in practice.traits(activity) and activity.rests_on("contract"):
            mend = put(activity.at.path, "bases", value=[{"legitimate_interests": INTEREST}])
            yield Found(activity.at, {"activity": activity.id}, (mend,))


@check(
    "M05",
    "warning",
    "Disclosure for others’ marketing without CPR check",
    says="{activity} passes data on for others' marketing, and no check of the CPR list is told",
    help="check the list before data is passed on, and say so",
    before="""
        consents:
          partners: {to: [partners], given_by: [box], withdrawal: in_place}
        activities:
          partners:
            kind: marketing_of_others
            about: members
            role: controller
            purposes: [let a nursery write to members]
            data: [address]
            bases: [{consent: partners}]
            keep: {until: withdrawal}
    """,
)
def list_not_looked_at(written: Written, practice: Practice) -> Iterator[Found]:
    """Consumers who said no in the CPR register are left out first.

    Law:
        DK databeskyttelsesloven § 13
    """
    has_list = practice.law("marketing_disclosure") is not None
    for activity in written.own if has_list else ():
        passes_on = "passes_on" in practice.traits(activity)
        if passes_on and not written.tells(activity, "cpr_list"):
            mend = says(activity.at, "cpr_list")
            yield Found(activity.at, {"activity": activity.id}, (mend,))


def _electronic(written: Written, practice: Practice) -> Iterator[Activity]:
    for activity in written.own:
        if "electronic" in practice.traits(activity):
            yield activity
