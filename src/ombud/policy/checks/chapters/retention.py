"""How long is each kind of data kept, from when, and does that agree with the law?"""

from __future__ import annotations

from collections.abc import Iterator

from ombud.policy.checks.check import Found, Words, check
from ombud.policy.checks.edit import put, take
from ombud.policy.checks.meaning import two_periods
from ombud.policy.checks.mend import document_says, keep_of
from ombud.policy.checks.practice import Practice
from ombud.policy.checks.written import Activity, Keep, Written


@check(
    "R01",
    "error",
    "No retention for an activity",
    says="the text says neither how long data for {activity} is kept nor what decides it",
    help="say how long, and what starts the period",
    before="""
        activities:
          fair:
            kind: event
            about: members
            role: controller
            purposes: [hold the garden fair]
            data: [name]
            bases: [{legitimate_interests: holding a fair}]
    """,
)
def no_retention(written: Written, practice: Practice) -> Iterator[Found]:
    """Data may not be kept for ever, so people are told how long, or what decides it.

    Law:
        GDPR Art. 13(2)(a)
        GDPR Art. 14(2)(a)
        GDPR Art. 5(1)(e)
    """
    for activity in written.own:
        if activity.keep is None:
            mend = put(activity.at.path, "keep", value=keep_of(written, activity, practice))
            yield Found(activity.at, {"activity": activity.id}, (mend,))


@check(
    "R02",
    "error",
    "Retention has no criteria",
    says="data for {activity} is kept as long as it is needed, and nothing says what decides that",
    help="name the event and the number",
    before="""
        activities:
          fair:
            kind: event
            about: members
            role: controller
            purposes: [hold the garden fair]
            data: [name]
            bases: [{legitimate_interests: holding a fair}]
            keep: {wording: vague}
    """,
)
def no_criteria(written: Written, practice: Practice) -> Iterator[Found]:
    """“As long as necessary” repeats the law and tells nobody anything.

    Law:
        GDPR Art. 13(2)(a)
        GDPR Art. 5(1)(e)
        WP260
    """
    for activity, keep in kept(written):
        if "vague" in keep.wording and keep.period is None:
            mend = put(activity.at.path, "keep", value=keep_of(written, activity, practice))
            yield Found(keep.at, {"activity": activity.id}, (mend,))
    for statement in written.all_on("periods"):
        if "vague" in statement.wording:
            yield Found(statement.at, {"activity": Words("everything")}, (take(statement.at.path),))


@check(
    "R03",
    "error",
    "Period without a start",
    says="data for {activity} is kept for {period}, and nothing says from when",
    help="name the event that starts it",
    before="""
        activities:
          fair:
            kind: event
            about: members
            role: controller
            purposes: [hold the garden fair]
            data: [name]
            bases: [{legitimate_interests: holding a fair}]
            keep: {for: 6 months}
    """,
)
def no_start(written: Written, practice: Practice) -> Iterator[Found]:
    """A period without a start never ends.

    Law:
        GDPR Art. 13(2)(a)
    """
    for activity, keep in kept(written):
        if keep.period and not keep.after:
            mend = put(keep.at.path, "after", value=_start(activity, keep, practice))
            names = {"activity": activity.id, "period": keep.shown}
            yield Found(keep.at, names, (mend,))


def _start(activity: Activity, keep: Keep, practice: Practice) -> str:
    return "financial_year_end" if keep.law else practice.clock(activity)


@check(
    "R08",
    "warning",
    "Two periods for overlapping data",
    says="data for {one} is kept for {period}, and the same data for {other} for {second}",
    help="say which period counts for which data",
    before="""
        activities:
          fair:
            kind: event
            about: members
            role: controller
            purposes: [hold the garden fair]
            data: [name, phone]
            bases: [{legitimate_interests: holding a fair}]
            keep: {for: 6 months, after: event_held}
          outing:
            kind: event
            about: members
            role: controller
            purposes: [go on an outing]
            data: [name, phone]
            bases: [{legitimate_interests: going on an outing}]
            keep: {for: 2 years, after: event_held}
        says:
          - {about: changes, names: [website, email]}
          - answer_period
          - new_purposes
          - backups
    """,
)
def periods_overlap(written: Written, practice: Practice) -> Iterator[Found]:
    """People must be able to tell when data about them is gone.

    Law:
        GDPR Art. 5(1)(e)
        GDPR Art. 12(1)
    """
    for one, other in two_periods(written):
        if one.keep and other.keep:
            names = {
                "one": one.id,
                "period": one.keep.shown,
                "other": other.id,
                "second": other.keep.shown,
            }
            yield Found(other.keep.at, names, (document_says("overlapping_periods"),))


@check(
    "R10",
    "warning",
    "Period only “as a rule”",
    says="the period for {activity} holds only as a rule",
    help="make it hold, and list the exceptions",
    before="""
        activities:
          fair:
            kind: event
            about: members
            role: controller
            purposes: [hold the garden fair]
            data: [name]
            bases: [{legitimate_interests: holding a fair}]
            keep: {for: 6 months, after: event_held, wording: hedged}
    """,
)
def only_as_a_rule(written: Written, practice: Practice) -> Iterator[Found]:
    """A period with an open door is none.

    Law:
        GDPR Art. 13(2)(a)
    """
    for activity, keep in kept(written):
        if "hedged" in keep.wording:
            clear = put(keep.at.path, "wording", value="clear")
            yield Found(keep.at, {"activity": activity.id}, (clear,))


@check(
    "R11",
    "warning",
    "Deleted only if the person asks",
    says="data for {activity} stays until the person asks for its erasure",
    help="give it an end of its own",
    before="""
        activities:
          fair:
            kind: event
            about: members
            role: controller
            purposes: [hold the garden fair]
            data: [name]
            bases: [{legitimate_interests: holding a fair}]
            keep: {until: asked}
    """,
)
def only_when_asked(written: Written, practice: Practice) -> Iterator[Found]:
    """That data goes when it is no longer needed is the controller's duty, not the person's.

    Law:
        GDPR Art. 5(1)(e)
    """
    for activity, keep in kept(written):
        if keep.until == "asked" and keep.longest is None:
            mend = put(keep.at.path, "no_longer_than", value="2 years")
            yield Found(keep.at, {"activity": activity.id}, (mend,))


@check(
    "R14",
    "warning",
    "Rolling clock that may never end",
    says="each {clock} starts the period for {activity} anew, so that it may never end",
    help="add a last end",
    in_policy="add a cap under `caps:` for these people and this data",
    before="""
        activities:
          polls:
            kind: survey
            about: members
            role: controller
            purposes: [ask members what to plant]
            data: [survey_answer]
            bases: [{legitimate_interests: planting what members like}]
            keep: {for: 2 years, after: last_answer}
    """,
)
def never_ends(written: Written, practice: Practice) -> Iterator[Found]:
    """What others do later must not keep data about a person for ever.

    Law:
        GDPR Art. 5(1)(e)
    """
    for activity, keep in kept(written):
        rolling = {*practice.words("rolling_clocks"), *written.rolling_clocks}
        if keep.after in rolling and keep.no_longer_than is None:
            mend = put(keep.at.path, "no_longer_than", value="8 years")
            names = {"clock": keep.after, "activity": activity.id}
            yield Found(keep.at, names, (mend,))


@check(
    "R15",
    "info",
    "Backups not mentioned",
    says="the text does not say how data leaves the backups",
    help="say how long backups live",
    in_policy="add a promise on how long backups live, and let somebody attest it",
    before="""
        says: [answer_period, {about: changes, names: [website, email]}, new_purposes]
    """,
)
def backups_unsaid(written: Written, practice: Practice) -> Iterator[Found]:
    """What is erased is still in the backups for a while, and comes back with them.

    Law:
        GDPR Art. 5(1)(e)
        GDPR Art. 17
    """
    if not written.on("backups"):
        yield Found(written.at, edits=(document_says("backups"),))


@check(
    "R16",
    "warning",
    "Undefined short period",
    says="data for {activity} is kept for “a short time”",
    help="write the number of days",
    before="""
        activities:
          calls:
            kind: enquiry
            about: members
            role: controller
            purposes: [call people back]
            data: [phone]
            bases: [{legitimate_interests: calling people back}]
            keep: {after: answered, wording: short}
    """,
)
def short_without_number(written: Written, practice: Practice) -> Iterator[Found]:
    """“A short time” must be a number.

    Law:
        GDPR Art. 13(2)(a)
        NO FOR-2018-07-02-1108 § 4
    """
    for activity, keep in kept(written):
        if "short" in keep.wording and keep.period is None:
            better = keep_of(written, activity, practice)
            if keep.after:
                better = {**better, "after": keep.after}
            yield Found(keep.at, {"activity": activity.id}, (put(keep.at.path, value=better),))


# ------------------------------------------------------------------ shared


def kept(written: Written) -> Iterator[tuple[Activity, Keep]]:
    """Yield the activities that people must be told of, with how long the text keeps their data."""
    for activity in written.own:
        if activity.keep:
            yield activity, activity.keep
