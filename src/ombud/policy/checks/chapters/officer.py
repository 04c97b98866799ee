"""Is there a data protection officer where one is needed, and can people reach them?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ombud.policy.checks.check import Found, check
from ombud.policy.checks.edit import put
from ombud.policy.checks.practice import Practice, kind_of
from ombud.policy.checks.written import Activity, Part, Path, Written

DPO: Final[Path] = ("dpo",)


@check(
    "D01",
    "error",
    "DPO duty likely but none appointed",
    says="a data protection officer seems mandatory, and none is appointed",
    help="appoint one, tell people how to reach them and register them with the authority",
    in_policy="appoint one and write `dpo: {email: …}` under `organisation:`",
    before="""
        controller:
          name: Holme Municipality
          kind: public
          number: "12345674"
          address: "Havevej 1, 1000 Holme"
          email: post@holme.example
    """,
)
def officer_needed(written: Written, practice: Practice) -> Iterator[Found]:
    """Public bodies need an officer, and so does who mainly watches people or handles Art. 9 data.

    Law:
        GDPR Art. 37(1)
    """
    officer = written.officer
    appointed = officer and officer.said == "appointed"
    if not appointed and (written.controller.public or _core(written, practice)):
        near = officer.at if officer else written.controller.at
        reach = {"email": "dpo@organisation.example", "mailbox": "own"}
        yield Found(Part(near.place, DPO), edits=(put(DPO, value=reach),))


def _core(written: Written, practice: Practice) -> bool:
    core = (a for a in written.activities.values() if a.on("core_activity"))
    return any(_large(activity, practice) for activity in core)


def _large(activity: Activity, practice: Practice) -> bool:
    protected = {"special", "criminal"} & {kind_of(category) for category in activity.data}
    return bool(protected) or "monitoring" in practice.traits(activity)


@check(
    "D02",
    "info",
    "DPO reachable only through a shared mailbox",
    says="the data protection officer is reached through a {mailbox} mailbox",
    help="give the officer a channel of their own",
    before="""
        dpo: {email: post@holme.example, mailbox: general}
    """,
)
def officer_shares_mailbox(written: Written, practice: Practice) -> Iterator[Found]:
    """People may turn to the officer in confidence, and the officer is bound to secrecy.

    Law:
        GDPR Art. 38(4)
        GDPR Art. 38(5)
    """
    reach = written.officer.reach if written.officer else None
    if reach and reach.mailbox in ("general", "department"):
        mend = put(reach.at.path, "mailbox", value="own")
        yield Found(reach.at, {"mailbox": reach.mailbox}, (mend,))


@check(
    "D03",
    "warning",
    "Ambiguous title: DPO or just a contact?",
    says="the title could mean a data protection officer, or just somebody to ask",
    help="say whether it is a data protection officer; if not, write `none`",
    before="""
        dpo: {email: dpo@holme.example, mailbox: own, wording: vague}
    """,
)
def ambiguous_title(written: Written, practice: Practice) -> Iterator[Found]:
    """Who names an officer must give them their place, and tell the authority.

    Law:
        GDPR Art. 37(7)
        GDPR Art. 38
        GDPR Art. 39
    """
    if written.officer and "vague" in written.officer.wording:
        yield Found(written.officer.at, edits=(put(written.officer.at.path, value="none"),))


@check(
    "D04",
    "error",
    "DPO has a conflict of interest",
    says="the data protection officer is {post} too, and decides about what they watch",
    help="appoint somebody who does not decide about processing",
    before="""
        dpo: {email: dpo@holme.example, mailbox: own, post: general_manager}
    """,
)
def officer_in_conflict(written: Written, practice: Practice) -> Iterator[Found]:
    """Other tasks of the officer may not bring them to watch themselves.

    Law:
        GDPR Art. 38(6)
    """
    reach = written.officer.reach if written.officer else None
    if reach and reach.post in practice.words("posts_in_conflict"):
        mend = put(reach.at.path, "post", value="legal_adviser")
        yield Found(reach.at, {"post": reach.post}, (mend,))


@check(
    "D05",
    "info",
    "No statement about a DPO",
    says="the text neither names a data protection officer nor says that there is none",
    help="say which",
    before="""
        dpo:
    """,
)
def officer_unsaid(written: Written, practice: Practice) -> Iterator[Found]:
    """People who look for the officer should not have to guess whether there is one.

    Law:
        GDPR Art. 13(1)(b)
    """
    if written.officer is None:
        at = Part(written.controller.at.place, DPO)
        yield Found(at, edits=(put(at.path, value="none"),))
