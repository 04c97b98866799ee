"""Who gets data, is that told, and does it agree with what else the text says?"""

from __future__ import annotations

from collections.abc import Iterator

from ombud.policy.checks.check import Found, check
from ombud.policy.checks.edit import put, take
from ombud.policy.checks.meaning import denied_and_done
from ombud.policy.checks.mend import document_says, processor_for
from ombud.policy.checks.practice import Practice
from ombud.policy.checks.written import Activity, Party, Written


@check(
    "P01",
    "error",
    "Recipients missing",
    says="{activity} is done with {services}, and the text does not say who gets the data",
    help="name the recipients, or at least say what kind of bodies they are",
    in_policy="add `processors:` or `recipients:` to the activity",
    before="""
        activities:
          fair:
            kind: event
            about: members
            role: controller
            purposes: [hold the garden fair]
            data: [name]
            bases: [{legitimate_interests: holding a fair}]
            services: [calendar]
            keep: {for: 6 months, after: event_held}
        says:
          - {about: transfer, wording: denied}
          - processing_agreements
          - {about: changes, names: [website, email]}
          - answer_period
          - new_purposes
          - backups
        parties:
          host: {kind: processor, name: Skyhave Drift ApS, country: DK}
    """,
)
def no_recipients(written: Written, practice: Practice) -> Iterator[Found]:
    """Processors count as recipients too (Art. 4(9)); categories are enough.

    Law:
        GDPR Art. 13(1)(e)
        GDPR Art. 14(1)(e)
        GDPR Art. 4(9)
    """
    for activity in written.own:
        shared = [s for s in activity.services if practice.service(s, "others")]
        if shared and not activity.recipients:
            names = {"activity": activity.id, "services": shared}
            yield Found(activity.at, names, processor_for(activity.at.path, practice.country))


@check(
    "P02",
    "warning",
    "Recipients too vague",
    says="data of {activity} goes to {party}, which says nothing",
    help="name them, or say their trade and what they get the data for",
    before="""
        parties:
          others: {kind: others, name: other actors, wording: vague}
        activities:
          fair:
            kind: event
            about: members
            role: controller
            purposes: [hold the garden fair]
            data: [name]
            bases: [{legitimate_interests: holding a fair}]
            recipients: [others]
            keep: {for: 6 months, after: event_held}
    """,
)
def recipients_vague(written: Written, practice: Practice) -> Iterator[Found]:
    """“Partners” and “third parties” could be anybody.

    Law:
        GDPR Art. 13(1)(e)
        GDPR Art. 5(1)(a)
        WP260
    """
    for party, activity in _receiving(written):
        if "vague" in party.wording:
            names = {"activity": activity.id, "party": party.shown}
            named = put(party.at.path, "name", value="Name, or trade and purpose")
            edits = (named, put(party.at.path, "wording", value="clear"))
            yield Found(party.at, names, edits)


@check(
    "P03",
    "warning",
    "Supplier handles data, no processing agreement mentioned",
    says="{party} handles data for the organisation, and no agreement is mentioned",
    help="make the agreement and say that there is one",
    in_policy="add `agreement:` and `agreed_on:` to the processor",
    before="""
        parties:
          host: {kind: processor, name: Skyhave Drift ApS, country: DK}
        says:
          - {about: changes, names: [website, email]}
          - answer_period
          - new_purposes
          - backups
    """,
)
def no_agreement(written: Written, practice: Practice) -> Iterator[Found]:
    """Every processor has a contract with its sixteen points.

    Law:
        GDPR Art. 28(3)
    """
    told = [*written.all_on("processing_agreements")]
    for party in written.parties.values():
        covered = any(not each.names or party.id in each.names for each in told)
        if party.processes_for_us and not covered:
            mend = document_says({"about": "processing_agreements", "names": [party.id]})
            yield Found(party.at, {"party": party.shown}, (mend,))


@check(
    "P04",
    "error",
    "No-sharing claim contradicts the text",
    says="the text promises that data is not passed on, and {activity} passes it on to {party}",
    help="promise only what is so",
    before="""
        parties:
          union: {kind: controller, name: Union of Garden Societies, country: DK}
        activities:
          fair:
            kind: event
            about: members
            role: controller
            purposes: [hold the garden fair]
            data: [name]
            bases: [{legitimate_interests: holding a fair}]
            recipients: [union]
            keep: {for: 6 months, after: event_held}
        says:
          - {about: disclosure, wording: denied}
          - {about: changes, names: [website, email]}
          - answer_period
          - new_purposes
          - backups
    """,
)
def shared_after_all(written: Written, practice: Practice) -> Iterator[Found]:
    """A promise that the same text breaks is unfair and not transparent.

    Law:
        GDPR Art. 5(1)(a)
    """
    for statement, activity, party in denied_and_done(written):
        names = {"activity": activity.id, "party": party.shown}
        yield Found(statement.at, names, (take(statement.at.path),))


@check(
    "P05",
    "warning",
    "Reserves access or disclosure without purpose",
    says="the text keeps it open to look at data or pass it on, for no purpose",
    help="leave it out, or tie it to a purpose and a basis",
    before="""
        says:
          - {about: disclosure, wording: reserved}
          - {about: changes, names: [website, email]}
          - answer_period
          - new_purposes
          - backups
    """,
)
def disclosure_reserved(written: Written, practice: Practice) -> Iterator[Found]:
    """A freedom to do something with data is no basis for doing it.

    Law:
        GDPR Art. 6
        GDPR Art. 5(1)(b)
    """
    for statement in written.all_on("disclosure"):
        if "reserved" in statement.wording:
            yield Found(statement.at, edits=(take(statement.at.path),))


@check(
    "P06",
    "warning",
    "Recipient or controller no longer exists",
    says="{party} is no longer there; {now} is",
    help="name the body of today",
    before="""
        parties:
          hub: {kind: others, name: Væksthus Holme, country: DK}
    """,
)
def body_gone(written: Written, practice: Practice) -> Iterator[Found]:
    """Nobody can turn to a body that was dissolved or renamed.

    Law:
        GDPR Art. 5(1)(d)
        GDPR Art. 13(1)(e)
    """
    for party in written.parties.values():
        stale = practice.stale_body(party.name)
        if stale:
            mend = put(party.at.path, "name", value=stale["now"])
            yield Found(party.at, {"party": party.name, "now": stale["now"]}, (mend,))


@check(
    "P07",
    "warning",
    "Own processors called sub-processors",
    says="{party} works for {activity}, where you are controller, and is called a sub-processor",
    help="call it processor, and keep sub-processors for what you do for others",
    before="""
        parties:
          host: {kind: sub_processor, name: Skyhave Drift ApS, country: DK}
        activities:
          fair:
            kind: event
            about: members
            role: controller
            purposes: [hold the garden fair]
            data: [name]
            bases: [{legitimate_interests: holding a fair}]
            recipients: [host]
            keep: {for: 6 months, after: event_held}
        says:
          - processing_agreements
          - {about: changes, names: [website, email]}
          - answer_period
          - new_purposes
          - backups
    """,
)
def not_sub_processor(written: Written, practice: Practice) -> Iterator[Found]:
    """A sub-processor is a processor's processor; the word tells people whose data it is.

    Law:
        GDPR Art. 4(8)
        GDPR Art. 28(2)
        GDPR Art. 28(4)
    """
    for party, activity in _receiving(written):
        if party.kind == "sub_processor":
            names = {"party": party.shown, "activity": activity.id}
            yield Found(party.at, names, (put(party.at.path, "kind", value="processor"),))


@check(
    "P08",
    "info",
    "Processors not named",
    says="processors are in use, and none is named",
    help="keep their names in the record, for whoever asks who got the data",
    before="""
        parties:
          host: {kind: processor, country: DK}
        says:
          - processing_agreements
          - {about: changes, names: [website, email]}
          - answer_period
          - new_purposes
          - backups
    """,
)
def processors_not_named(written: Written, practice: Practice) -> Iterator[Found]:
    """Art. 13 lets categories do; an answer to a person names the actual recipients.

    Law:
        GDPR Art. 15(1)(c)
        GDPR Art. 30(1)
        C-154/21
    """
    processors = [party for party in written.parties.values() if party.processes_for_us]
    in_use = any(
        practice.service(service, "others")
        for activity in written.own
        for service in activity.services
    )
    if (processors or in_use) and not any(party.name for party in processors):
        at = processors[0].at if processors else written.at
        id = processors[0].id if processors else "supplier"
        name = put(("parties", id, "name"), value="Name of the supplier")
        kind = put(("parties", id, "kind"), value="processor")
        told = document_says({"about": "processing_agreements", "names": [id]})
        yield Found(at, edits=(name,) if processors else (kind, name, told))


def _receiving(written: Written) -> Iterator[tuple[Party, Activity]]:
    """Yield each party that gets data with the first activity from which it does."""
    seen = set()
    for activity in written.own:
        for id in activity.recipients:
            party = written.party_of(id)
            if party and id not in seen:
                seen.add(id)
                yield party, activity
