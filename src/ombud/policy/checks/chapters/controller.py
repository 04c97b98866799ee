"""Who is the controller, whose data protection officer is it, and how are both reached?"""

from __future__ import annotations

from collections.abc import Iterator

from ombud.policy.checks.check import Found, check
from ombud.policy.checks.edit import put, take
from ombud.policy.checks.mend import ADDRESS, NUMBER, says
from ombud.policy.checks.practice import Practice
from ombud.policy.checks.written import Statement, Written


@check(
    "C01",
    "error",
    "Controller not named",
    says="the text does not say which organisation is the controller",
    help="name the legal entity",
    before="""
        controller: {number: "12345674", address: "Havevej 1", email: post@holme.example}
    """,
)
def controller_not_named(written: Written, practice: Practice) -> Iterator[Found]:
    """People must be able to see which legal entity answers for their data.

    Law:
        GDPR Art. 13(1)(a)
        GDPR Art. 14(1)(a)
    """
    controller = written.controller
    if not controller.name:
        called = [name for _, name in _own_names(written)]
        named = called[0] if called else "Full name of the organisation"
        yield Found(controller.at, edits=(put(controller.at.path, "name", value=named),))


@check(
    "C02",
    "error",
    "No working contact channel",
    says="the controller has neither e-mail, telephone nor postal address",
    help="add an e-mail address, a telephone number or a postal address",
    before="""
        controller: {name: Holme Havekreds, number: "12345674"}
    """,
)
def no_contact(written: Written, practice: Practice) -> Iterator[Found]:
    """The controller's contact details are part of its identity, and rights must be easy to use.

    Law:
        GDPR Art. 13(1)(a)
        GDPR Art. 12(2)
    """
    controller, reach = written.controller, written.controller.reach
    if not (reach.email or reach.phone or reach.address):
        edits = [put(reach.at.path, "address", value=ADDRESS)]
        if not controller.number:
            edits.append(put(controller.at.path, "number", value=NUMBER))
        yield Found(reach.at, edits=tuple(edits))


@check(
    "C03",
    "warning",
    "Organisation number or postal address missing",
    says="the controller has no {missing}, so that nobody can be sure which organisation it is",
    help="add the number in the public register and the postal address",
    in_policy="write `number:` and `contact: {address: …}` under `organisation:`",
    before="""
        controller: {name: Holme Havekreds, email: post@holme.example, address: "Havevej 1"}
    """,
)
def identity_not_verifiable(written: Written, practice: Practice) -> Iterator[Found]:
    """With number and address, an organisation can be told from others of a like name.

    Law:
        GDPR Art. 13(1)(a)
    """
    controller = written.controller
    given = {"number": controller.number, "address": controller.reach.address}
    missing = [key for key, value in given.items() if not value]
    # without any way to reach it the finding is a graver one
    if missing and (controller.reach.email or controller.reach.phone or controller.reach.address):
        examples = {"number": NUMBER, "address": ADDRESS}
        edits = tuple(put(controller.at.path, key, value=examples[key]) for key in missing)
        yield Found(controller.at, {"missing": missing}, edits)


@check(
    "C04",
    "error",
    "A person or job title is made controller",
    says="{post} is called controller; the controller is the organisation",
    help="make the organisation controller, and list who looks after what inside it elsewhere",
    before="""
        called_controller:
          - {post: general_manager, of: [membership]}
    """,
)
def manager_made_controller(written: Written, practice: Practice) -> Iterator[Found]:
    """The controller is who decides, and that is the legal entity; a manager acts for it.

    Law:
        GDPR Art. 4(7)
    """
    for called in written.called_controller:
        if called.post and not called.acts_for:
            yield Found(called.at, {"post": called.post}, (take(called.at.path),))


@check(
    "C05",
    "warning",
    "Role per activity unclear",
    says="{activity} shares data with {party}, and the text does not say whose processing it is",
    help="say whether you are controller, joint controller or processor, and on which contract",
    before="""
        parties:
          municipality: {kind: public_authority, name: Holme Municipality, country: DK}
        activities:
          referrals:
            kind: case
            about: members
            purposes: [find a garden for people the municipality sends us]
            data: [name]
            source: [municipality]
            bases: [{legitimate_interests: letting gardens that lie fallow}]
            keep: {for: 6 months, after: case_closed}
    """,
)
def role_unclear(written: Written, practice: Practice) -> Iterator[Found]:
    """Where data comes from or goes to another controller, duties depend on whose it is.

    Law:
        GDPR Art. 4(7)
        GDPR Art. 4(8)
        GDPR Art. 26
        GDPR Art. 28
    """
    for activity in written.activities.values():
        if activity.role.kind == "unstated":
            for party in map(written.party_of, (*activity.source, *activity.recipients)):
                if party and party.decides_itself:
                    names = {"activity": activity.id, "party": party.shown}
                    role = put(activity.at.path, "role", value="controller")
                    yield Found(activity.at, names, (role,))
                    break


@check(
    "C06",
    "warning",
    "Processor activity without route to the controller",
    says="{activity} is done for another controller, and people are not told where to reach it",
    help="say where people reach the controller, and that you pass on what comes to you",
    before="""
        parties:
          union: {kind: controller, name: Union of Garden Societies, country: DK}
        activities:
          census:
            kind: survey
            about: members
            role: {processor_for: union}
            purposes: [count gardens for the union]
            data: [name]
    """,
)
def no_route_to_controller(written: Written, practice: Practice) -> Iterator[Found]:
    """A processor helps its controller to answer people, and they must know where to turn.

    Law:
        GDPR Art. 28(3)(e)
        GDPR Art. 12(2)
    """
    for activity in written.activities.values():
        if activity.role.kind == "processor" and not written.tells(activity, "turn_to_controller"):
            mend = says(activity.at, "turn_to_controller")
            yield Found(activity.at, {"activity": activity.id}, (mend,))


@check(
    "C07",
    "error",
    "Joint controllers without published essence",
    says="{activity} is done by joint controllers, and what they agreed is not told",
    help="tell in essence who informs, who answers and who erases",
    before="""
        parties:
          union: {kind: controller, name: Union of Garden Societies, country: DK}
        activities:
          fair:
            kind: event
            about: members
            role: {joint_with: union}
            purposes: [hold the garden fair together]
            data: [name]
            bases: [{legitimate_interests: holding a fair together}]
            keep: {for: 6 months, after: event_held}
    """,
)
def no_essence(written: Written, practice: Practice) -> Iterator[Found]:
    """The essence of the arrangement between joint controllers is made available to people.

    Law:
        GDPR Art. 26(2)
    """
    for activity in written.activities.values():
        if activity.role.kind == "joint" and not written.tells(activity, "arrangement"):
            mend = says(activity.at, "arrangement")
            yield Found(activity.at, {"activity": activity.id}, (mend,))


@check(
    "C08",
    "error",
    "Foreign organisation name in the text",
    says="the text calls itself {name}, which is another organisation's name",
    help="take out or go through what was copied from elsewhere",
    before="""
        says:
          - {about: changes, names: [website, email]}
          - {about: us, names: [Lunden Housing Association]}
          - answer_period
          - new_purposes
          - backups
    """,
)
def foreign_name(written: Written, practice: Practice) -> Iterator[Found]:
    """A text that speaks for somebody else was copied, and tells people what is not so.

    Law:
        GDPR Art. 5(1)(a)
        GDPR Art. 12(1)
    """
    for at, name in _own_names(written):
        if not _is_own(name, written.controller.name):
            yield Found(at.at, {"name": name}, (take(at.at.path),))


def _own_names(written: Written) -> Iterator[tuple[Statement, str]]:
    for statement in (*written.all_on("us"), *_said_of_activities(written)):
        yield from ((statement, name) for name in statement.names)


def _said_of_activities(written: Written) -> Iterator[Statement]:
    for activity in written.activities.values():
        yield from (each for each in activity.says if each.about == "us")


def _is_own(name: str, own: str) -> bool:
    """Return whether a name is the organisation's, or its short form or initials."""
    initials = "".join(word[0] for word in own.split()).casefold()
    short, whole = name.casefold(), own.casefold()
    return short in whole or whole in short or initials.startswith(short)


@check(
    "C09",
    "info",
    "Privacy contact is a generic or unrelated mailbox",
    says="what people write about their data arrives in a {mailbox} mailbox",
    help="let a mailbox for this alone be read, so that no month passes unseen",
    in_policy="write `rights: {email: …}` under `organisation:` with an address for this alone",
    before="""
        turn_to: {email: post@holme.example, mailbox: general}
    """,
)
def shared_mailbox(written: Written, practice: Practice) -> Iterator[Found]:
    """The month to answer runs from the arrival of a letter, whoever opens it.

    Law:
        GDPR Art. 12(2)
        GDPR Art. 12(3)
    """
    turn_to = written.turn_to
    if turn_to and turn_to.mailbox in ("general", "department", "personal"):
        mend = put(turn_to.at.path, "mailbox", value="privacy")
        yield Found(turn_to.at, {"mailbox": turn_to.mailbox}, (mend,))


@check(
    "C10",
    "warning",
    "Empty field or incomplete sentence in contact or complaint part",
    says="what is said on {topic} has a blank field or a sentence that breaks off",
    help="complete the text",
    before="""
        says:
          - {about: contact, wording: unfinished}
          - {about: changes, names: [website, email]}
          - answer_period
          - new_purposes
          - backups
    """,
)
def unfinished(written: Written, practice: Practice) -> Iterator[Found]:
    """What is not written out tells people nothing.

    Law:
        GDPR Art. 12(1)
    """
    for statement in written.says:
        if "unfinished" in statement.wording:
            clear = put(statement.at.path, "wording", value="clear")
            yield Found(statement.at, {"topic": statement.about}, (clear,))


@check(
    "C11",
    "info",
    "Manager named as acting for the controller",
    says="{post} is called controller on behalf of the organisation",
    help="say plainly that the organisation is the controller",
    before="""
        called_controller:
          - {post: general_manager, acts_for: organisation}
    """,
)
def acts_for_controller(written: Written, practice: Practice) -> Iterator[Found]:
    """Who reads that a manager is controller for the organisation wonders which of them it is.

    Law:
        GDPR Art. 4(7)
    """
    for called in written.called_controller:
        if called.post and called.acts_for:
            yield Found(called.at, {"post": called.post}, (take(called.at.path),))
