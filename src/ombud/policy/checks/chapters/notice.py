"""Are people told what they must be told: purposes, sources, categories, and in plain words?"""

from __future__ import annotations

from collections.abc import Iterator

from ombud.policy.checks.check import Found, Words, check
from ombud.policy.checks.edit import put, take
from ombud.policy.checks.meaning import rests_on
from ombud.policy.checks.mend import document_says, says
from ombud.policy.checks.practice import Practice
from ombud.policy.checks.words import UNSAID
from ombud.policy.checks.written import Written

PURPOSE = "what the data is used for, in one sentence"


@check(
    "N01",
    "error",
    "Purpose missing",
    says="no purpose is named for {activity}",
    help="say what the data is used for",
    before="""
        activities:
          fair:
            kind: event
            about: members
            role: controller
            data: [name]
            bases: [{legitimate_interests: holding a fair}]
            keep: {for: 6 months, after: event_held}
    """,
)
def no_purpose(written: Written, practice: Practice) -> Iterator[Found]:
    """Data is collected for purposes that are named beforehand.

    Law:
        GDPR Art. 13(1)(c)
        GDPR Art. 14(1)(c)
        GDPR Art. 5(1)(b)
    """
    for activity in written.own:
        if not activity.purposes:
            mend = put(activity.at.path, "purposes", value=[PURPOSE])
            yield Found(activity.at, {"activity": activity.id}, (mend,))


@check(
    "N02",
    "error",
    "Source missing for data not from the person",
    says="data for {activity} comes from others, and the text does not say from whom",
    help="name the source",
    before="""
        activities:
          letting:
            kind: case
            about: members
            role: controller
            purposes: [let gardens]
            data: [name]
            source: [subject, unsaid]
            bases: [{legitimate_interests: letting gardens}]
            keep: {for: 6 months, after: case_closed}
    """,
)
def no_source(written: Written, practice: Practice) -> Iterator[Found]:
    """People are told from whom data about them came.

    Law:
        GDPR Art. 14(2)(f)
    """
    for activity in written.own:
        if UNSAID in activity.source:
            known = [source for source in activity.source if source != UNSAID]
            party = {"kind": "others", "name": "Name of the source", "country": practice.country}
            edits = (
                put(("parties", "named_source"), value=party),
                put(activity.at.path, "source", value=[*known, "named_source"]),
            )
            yield Found(activity.at, {"activity": activity.id}, edits)


@check(
    "N03",
    "error",
    "Categories missing for data from others",
    says="data for {activity} comes from others, and the text does not say which data",
    help="list the categories",
    before="""
        parties:
          union: {kind: others, name: Union of Garden Societies}
        activities:
          letting:
            kind: case
            about: members
            role: controller
            purposes: [let gardens]
            source: [union]
            bases: [{legitimate_interests: letting gardens}]
            keep: {for: 6 months, after: case_closed}
    """,
)
def no_categories(written: Written, practice: Practice) -> Iterator[Found]:
    """Who did not give the data cannot know what it is.

    Law:
        GDPR Art. 14(1)(d)
    """
    for activity in written.own:
        if activity.from_others and not activity.data:
            mend = put(activity.at.path, "data", value=["name"])
            yield Found(activity.at, {"activity": activity.id}, (mend,))


@check(
    "N04",
    "warning",
    "Mandatory or voluntary, and consequences, not stated",
    says="the text does not say whether data for {activity} must be given, and what follows if not",
    help="say whether the data must be given and what happens without it",
    before="""
        activities:
          pruning:
            kind: course
            about: members
            role: controller
            purposes: [hold the course in pruning]
            data: [name]
            bases: [{contract: the course}]
            keep: {for: 6 months, after: course_ended}
    """,
)
def required_unsaid(written: Written, practice: Practice) -> Iterator[Found]:
    """Who is asked for data for a contract or a duty is told if they must, and what if they do not.

    Law:
        GDPR Art. 13(2)(e)
    """
    for activity in written.own:
        asks = rests_on(written, activity, practice) & {"contract", "legal_obligation"}
        if asks and not written.tells(activity, "required"):
            mend = says(activity.at, "required")
            yield Found(activity.at, {"activity": activity.id}, (mend,))


@check(
    "N05",
    "warning",
    "Profiling or targeting mentioned, no information",
    says="people are sorted or tested for {activity}, and the text does not say how",
    help="say how it works and what follows, and whether a person decides",
    in_policy="say with `automated:` what is decided, how, and what follows; where a person"
    " decides, say in `purpose:` how it works, and record it in `decisions.yaml`",
    before="""
        activities:
          choosing:
            kind: personality_test
            about: members
            role: controller
            purposes: [find who would make a good treasurer]
            data: [test_result]
            bases: [{legitimate_interests: finding a treasurer}]
            keep: {for: 1 month, after: tested}
            says: [impact_assessment]
    """,
)
def profiling_unsaid(written: Written, practice: Practice) -> Iterator[Found]:
    """People who are sorted by a method may know the method.

    Law:
        GDPR Art. 13(2)(f)
        GDPR Art. 22
        GDPR Art. 5(1)(a)
    """
    for activity in written.own:
        profiles = "profiling" in practice.traits(activity)
        if profiles and not written.tells(activity, "profiling"):
            mend = says(activity.at, "profiling")
            yield Found(activity.at, {"activity": activity.id}, (mend,))


@check(
    "N06",
    "warning",
    "Group of people mentioned but not described",
    says="{group} are mentioned, and nothing says what is done with their data",
    help="describe it, or point to the text for them",
    in_policy="add an activity `about:` them under `activities:`, or take them out of `subjects:`",
    before="""
        people: {members: member, neighbours: other}
    """,
)
def group_not_described(written: Written, practice: Practice) -> Iterator[Found]:
    """Who is told that data about them is handled wants to know what for.

    Law:
        GDPR Art. 13
    """
    described = {id for activity in written.activities.values() for id in activity.about}
    elsewhere = {name for each in written.all_on("other_document") for name in each.names}
    for group in written.people.values():
        if group.id not in described | elsewhere:
            mend = document_says({"about": "other_document", "names": [group.id]})
            yield Found(group.at, {"group": group.id}, (mend,))


@check(
    "N07",
    "warning",
    "Refers to a document or section that is not there",
    says="the text refers to {names}, which is not there",
    help="add or link it, or leave the sentence out",
    in_policy="write the file that `file:` names under `documents:`, or take the document out",
    before="""
        says:
          - {about: other_document, names: [rules for pictures], wording: missing}
          - {about: changes, names: [website, email]}
          - answer_period
          - new_purposes
          - backups
    """,
)
def refers_to_nothing(written: Written, practice: Practice) -> Iterator[Found]:
    """What is promised elsewhere must be found there.

    Law:
        GDPR Art. 12(1)
    """
    for statement in written.all_on("other_document"):
        if "missing" in statement.wording:
            found = put(statement.at.path, "wording", value="clear")
            yield Found(statement.at, {"names": statement.names}, (found,))


@check(
    "N08",
    "warning",
    "Purpose too vague",
    says="a purpose of {activity} is too vague to be tested: {text}",
    help="say it so that one can tell what falls outside",
    before="""
        activities:
          fair:
            kind: event
            about: members
            role: controller
            purposes: [{text: giving good service, wording: vague}]
            data: [name]
            bases: [{legitimate_interests: holding a fair}]
            keep: {for: 6 months, after: event_held}
    """,
)
def purpose_vague(written: Written, practice: Practice) -> Iterator[Found]:
    """Purposes are specified: “good service” allows everything.

    Law:
        GDPR Art. 5(1)(b)
    """
    for activity in written.own:
        for purpose in activity.purposes:
            if "vague" in purpose.wording:
                names = {"activity": activity.id, "text": purpose.text}
                yield Found(purpose.at, names, (put(purpose.at.path, value=PURPOSE),))
    for statement in written.all_on("purposes"):
        if "vague" in statement.wording:
            names = {"activity": Words("everything"), "text": ", ".join(statement.names)}
            yield Found(statement.at, names, (take(statement.at.path),))


@check(
    "N09",
    "warning",
    "Open-ended lists",
    says="what is said on {topic} ends in “among other things”",
    help="close the list",
    before="""
        says:
          - {about: data, wording: open_ended}
          - {about: changes, names: [website, email]}
          - answer_period
          - new_purposes
          - backups
    """,
)
def open_ended(written: Written, practice: Practice) -> Iterator[Found]:
    """A list that goes on hides what it is about.

    Law:
        GDPR Art. 5(1)(a)
        GDPR Art. 12(1)
    """
    of_activities = (each for activity in written.activities.values() for each in activity.says)
    for statement in (*written.says, *of_activities):
        if "open_ended" in statement.wording:
            clear = put(statement.at.path, "wording", value="clear")
            yield Found(statement.at, {"topic": statement.about}, (clear,))


@check(
    "N10",
    "info",
    "No word on further processing for new purposes",
    says="the text does not say what happens before data is used for something new",
    help="say that people are told first",
    before="""
        says: [answer_period, {about: changes, names: [website, email]}, backups]
    """,
)
def new_purposes_unsaid(written: Written, practice: Practice) -> Iterator[Found]:
    """A new purpose is told before data is used for it.

    Law:
        GDPR Art. 13(3)
        GDPR Art. 14(4)
    """
    if not written.on("new_purposes"):
        yield Found(written.at, edits=(document_says("new_purposes"),))


@check(
    "N11",
    "warning",
    "Source named only in general words",
    says="data for {activity} comes from {source}, which could be anybody",
    help="name the source, or say what kind of body it is and why it has the data",
    before="""
        parties:
          elsewhere: {kind: others, name: others, wording: vague}
        activities:
          letting:
            kind: case
            about: members
            role: controller
            purposes: [let gardens]
            data: [name]
            source: [elsewhere]
            bases: [{legitimate_interests: letting gardens}]
            keep: {for: 6 months, after: case_closed}
    """,
)
def source_vague(written: Written, practice: Practice) -> Iterator[Found]:
    """Where the source is known it is named; only where it cannot be traced will less do.

    Law:
        GDPR Art. 14(2)(f)
    """
    for activity in written.own:
        for id in activity.source:
            party = written.party_of(id)
            if party and "vague" in party.wording:
                names = {"activity": activity.id, "source": party.shown}
                named = {"kind": party.kind, "name": "Name of the source"}
                sources = ["named_source" if each == id else each for each in activity.source]
                edits = (
                    put(("parties", "named_source"), value=named),
                    put(activity.at.path, "source", value=sources),
                )
                yield Found(activity.at, names, edits)
