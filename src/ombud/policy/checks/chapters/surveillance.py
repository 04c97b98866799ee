"""Are cameras, mailboxes and logs that watch people bound to what the law allows?"""

from __future__ import annotations

from collections.abc import Iterator

from ombud.policy.checks.chapters.notice import PURPOSE
from ombud.policy.checks.check import Found, check
from ombud.policy.checks.edit import put
from ombud.policy.checks.mend import basis_of, keep_of, says
from ombud.policy.checks.practice import Practice
from ombud.policy.checks.written import Activity, Written


@check(
    "V01",
    "error",
    "CCTV without signs",
    says="{activity} films people, and no sign tells them",
    help="put up signs, and say so",
    in_policy="add a promise that signs are up, with `proof: {attest: {by: …, every: 6 months}}`",
    before="""
        activities:
          cameras:
            kind: cctv
            about: members
            role: controller
            purposes: [see who breaks into the sheds]
            data: [video]
            bases: [{legitimate_interests: keeping thieves out of the sheds}]
            keep: {for: 5 days, after: recorded}
    """,
)
def no_signs(written: Written, practice: Practice) -> Iterator[Found]:
    """People are told by a sign before a camera sees them.

    Law:
        DK tv-overvågningsloven § 3
        NO FOR-2018-07-02-1107 § 4
    """
    for activity in _of_trait(written, practice, "cctv"):
        if not written.tells(activity, "signs"):
            yield Found(activity.at, {"activity": activity.id}, (says(activity.at, "signs"),))


@check(
    "V02",
    "warning",
    "CCTV without purpose or basis",
    says="{activity} films people, and the text lacks {missing}",
    help="say why there are cameras and on which basis",
    before="""
        bases: [{legitimate_interests: running the gardens}]
        activities:
          cameras:
            kind: cctv
            about: members
            role: controller
            purposes: [see who breaks into the sheds]
            data: [video]
            keep: {for: 5 days, after: recorded}
            says: [signs]
    """,
)
def cctv_unexplained(written: Written, practice: Practice) -> Iterator[Found]:
    """Cameras need a purpose each, and a basis of their own.

    Law:
        GDPR Art. 13(1)(c)
        EDPB 03/2019
    """
    for activity in _of_trait(written, practice, "cctv"):
        purposes = (
            () if activity.purposes else (put(activity.at.path, "purposes", value=[PURPOSE]),)
        )
        bases = () if activity.bases else basis_of(written, activity, practice)
        lacking = {"a purpose": purposes, "a basis": bases}
        missing = [name for name, edits in lacking.items() if edits]
        if missing:
            names = {"activity": activity.id, "missing": missing}
            yield Found(activity.at, names, (*purposes, *bases))


@check(
    "V03",
    "info",
    "CCTV extension wider than the act",
    says="recordings of {activity} are kept longer for {ground}, which the act does not name",
    help="keep them longer only for what the act names",
    before="""
        activities:
          cameras:
            kind: cctv
            about: members
            role: controller
            purposes: [see who breaks into the sheds]
            data: [video]
            bases: [{legitimate_interests: keeping thieves out of the sheds}]
            keep: {for: 5 days, after: recorded, unless: [{ground: something happened}]}
            says: [signs]
    """,
)
def extension_too_wide(written: Written, practice: Practice) -> Iterator[Found]:
    """Longer only for a report to the police, a concrete dispute or a shared system.

    Law:
        DK tv-overvågningsloven § 4 c(5)
    """
    rows = practice.rows("cctv_extensions")
    allowed = next((row["grounds"].split() for row in rows), [])
    for activity in _of_trait(written, practice, "cctv") if allowed else ():
        for unless in activity.keep.unless if activity.keep else ():
            if unless.ground and unless.ground not in allowed:
                names = {"activity": activity.id, "ground": unless.ground}
                mend = put(unless.at.path, "ground", value=allowed[0])
                yield Found(unless.at, names, (mend,))


@check(
    "V04",
    "warning",
    "Leaver mailbox: no number",
    says="the mailbox of somebody who left is closed after a time without a number",
    help="set the number of days",
    before="""
        activities:
          mailboxes:
            kind: leaver_mailbox
            about: members
            role: controller
            purposes: [not lose what was written to somebody who left]
            data: [email]
            bases: [{legitimate_interests: not losing enquiries}]
            keep: {until: emptied}
    """,
)
def mailbox_without_number(written: Written, practice: Practice) -> Iterator[Found]:
    """A mailbox that nobody uses any more is closed soon, and soon is a number.

    Law:
        NO FOR-2018-07-02-1108 § 4
        DK Datatilsynet guidance: mailbox of a leaver
    """
    for activity in _of_trait(written, practice, "mailbox"):
        if activity.keep and activity.keep.period is None:
            mend = put(activity.at.path, "keep", value=keep_of(written, activity, practice))
            yield Found(activity.keep.at, {"activity": activity.id}, (mend,))


@check(
    "V05",
    "info",
    "Control measures need discussion",
    says="{activity} watches staff, and no discussion with their representatives is mentioned",
    help="discuss it with them, inform the staff, and note when",
    before="""
        as_written: {country: "NO", updated_on: 2026-06-01}
        authority: {web: https://www.datatilsynet.no}
        activities:
          calls:
            kind: call_log
            about: members
            role: controller
            purposes: [call people back]
            data: [phone]
            bases: [{legitimate_interests: calling people back}]
            keep: {for: 90 days, after: called}
    """,
)
def not_discussed(written: Written, practice: Practice) -> Iterator[Found]:
    """Measures that watch staff are discussed first, and looked at again.

    Law:
        NO arbeidsmiljøloven § 9-1
        NO arbeidsmiljøloven § 9-2
    """
    applies = practice.law("control_measures") is not None
    for activity in _of_trait(written, practice, "control") if applies else ():
        if not written.tells(activity, "discussed_with_staff"):
            mend = says(activity.at, "discussed_with_staff")
            yield Found(activity.at, {"activity": activity.id}, (mend,))


def _of_trait(written: Written, practice: Practice, trait: str) -> Iterator[Activity]:
    for activity in written.own:
        if trait in practice.traits(activity):
            yield activity
