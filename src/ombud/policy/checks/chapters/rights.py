"""Are people told their rights, rightly, and how to use them?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ombud.policy.checks.check import Found, check
from ombud.policy.checks.edit import Edit, put
from ombud.policy.checks.meaning import rests_on
from ombud.policy.checks.mend import document_says
from ombud.policy.checks.practice import Practice
from ombud.policy.checks.words import AUTHORITY, RIGHTS, US, Right
from ombud.policy.checks.written import Part, Reach, RightSaid, Written

_ADD: Final = "say that people have it"


def _missing(written: Written, right: Right) -> Iterator[Found]:
    """Find that a right is not mentioned."""
    if right not in written.rights:
        first = next((said.at for said in written.rights.values()), written.at)
        mend = put(("rights", right), value="clear")
        yield Found(Part(first.place, ("rights",)), edits=(mend,))


@check(
    "T01",
    "error",
    "Right of access missing",
    says="the right of access is not mentioned",
    help=_ADD,
    before="""
        rights:
          {rectification: clear, erasure: clear, restriction: clear, portability: clear,
          objection: clear, objection_marketing: clear, withdrawal: clear}
    """,
)
def no_access(written: Written, practice: Practice) -> Iterator[Found]:
    """People may see what is held about them.

    Law:
        GDPR Art. 13(2)(b)
        GDPR Art. 15
    """
    yield from _missing(written, "access")


@check(
    "T02",
    "error",
    "Right to rectification missing",
    says="the right to rectification is not mentioned",
    help=_ADD,
    before="""
        rights:
          {access: clear, erasure: clear, restriction: clear, portability: clear,
          objection: clear, objection_marketing: clear, withdrawal: clear}
    """,
)
def no_rectification(written: Written, practice: Practice) -> Iterator[Found]:
    """People may have what is wrong put right.

    Law:
        GDPR Art. 13(2)(b)
        GDPR Art. 16
    """
    yield from _missing(written, "rectification")


@check(
    "T03",
    "error",
    "Right to erasure missing",
    says="the right to erasure is not mentioned",
    help=_ADD,
    before="""
        rights:
          {access: clear, rectification: clear, restriction: clear, portability: clear,
          objection: clear, objection_marketing: clear, withdrawal: clear}
    """,
)
def no_erasure(written: Written, practice: Practice) -> Iterator[Found]:
    """People may have data erased where nothing keeps it.

    Law:
        GDPR Art. 13(2)(b)
        GDPR Art. 17
    """
    yield from _missing(written, "erasure")


@check(
    "T04",
    "error",
    "Right to restriction missing",
    says="the right to restriction is not mentioned",
    help=_ADD,
    before="""
        rights:
          {access: clear, rectification: clear, erasure: clear, portability: clear,
          objection: clear, objection_marketing: clear, withdrawal: clear}
    """,
)
def no_restriction(written: Written, practice: Practice) -> Iterator[Found]:
    """People may have data set aside while something about it is settled.

    Law:
        GDPR Art. 13(2)(b)
        GDPR Art. 18
    """
    yield from _missing(written, "restriction")


@check(
    "T05",
    "error",
    "Right to object missing",
    says="the right to object is not mentioned",
    help=_ADD,
    before="""
        rights:
          {access: clear, rectification: clear, erasure: clear, restriction: clear,
          portability: clear, objection_marketing: clear, withdrawal: clear}
    """,
)
def no_objection(written: Written, practice: Practice) -> Iterator[Found]:
    """People may object to what rests on a public task or an interest of others.

    Law:
        GDPR Art. 13(2)(b)
        GDPR Art. 21(1)
    """
    yield from _missing(written, "objection")


@check(
    "T06",
    "error",
    "Right to portability missing",
    says="the right to portability is not mentioned, and some data rests on consent or contract",
    help=_ADD,
    before="""
        rights:
          {access: clear, rectification: clear, erasure: clear, restriction: clear,
          objection: clear, objection_marketing: clear, withdrawal: clear}
    """,
)
def no_portability(written: Written, practice: Practice) -> Iterator[Found]:
    """What people gave on a consent or for a contract they may take along.

    Law:
        GDPR Art. 13(2)(b)
        GDPR Art. 20(1)
    """
    named = [basis.kind for basis in written.bases]
    named += [basis.kind for activity in written.own for basis in activity.bases]
    if {"consent", "contract"} & {*named}:
        yield from _missing(written, "portability")


@check(
    "T07",
    "error",
    "No absolute right against direct marketing",
    says="{activity} is direct marketing, and the right to stop it is not mentioned",
    help="say, apart from the rest, that people can stop it at any time without a reason",
    before="""
        consents:
          letters: {to: [letters], given_by: [box], withdrawal: link}
        activities:
          letters:
            kind: newsletter
            about: members
            role: controller
            purposes: [send the garden letter]
            data: [email]
            bases: [{consent: letters}]
            keep: {until: withdrawal}
            says: [{about: opt_out, names: [in_each_message]}]
        rights:
          {access: clear, rectification: clear, erasure: clear, restriction: clear,
          portability: clear, objection: clear, withdrawal: clear}
    """,
)
def no_marketing_objection(written: Written, practice: Practice) -> Iterator[Found]:
    """Against direct marketing an objection always holds, whatever the basis.

    Law:
        GDPR Art. 21(2)
        GDPR Art. 21(3)
        GDPR Art. 21(4)
    """
    for activity in written.own:
        if "marketing" in practice.traits(activity):
            for found in _missing(written, "objection_marketing"):
                yield Found(found.at, {"activity": activity.id}, found.edits)
            return


@check(
    "T08",
    "error",
    "Right to complain or authority missing",
    says="the supervisory authority is not mentioned",
    help="say that people can complain to it, and how to reach it",
    before="""
        complaints_to: [us]
    """,
)
def no_authority(written: Written, practice: Practice) -> Iterator[Found]:
    """Everybody may complain to a supervisory authority, and is told so.

    Law:
        GDPR Art. 13(2)(d)
        GDPR Art. 77
    """
    if AUTHORITY not in written.complaints_to:
        to = [*written.complaints_to, AUTHORITY]
        if US in to:
            to = [AUTHORITY, US]
        edits = (put(("complaints_to",), value=to), _reached(practice))
        near = written.turn_to.at if written.turn_to else written.controller.at
        yield Found(Part(near.place, ("complaints_to",)), edits=edits)


@check(
    "T09",
    "warning",
    "Authority contact outdated or absent",
    says="{authority} is not reached by what the text tells",
    help="give its address of today",
    before="""
        authority: {address: "Borgergade 28, 1300 København K"}
    """,
)
def authority_not_reached(written: Written, practice: Practice) -> Iterator[Found]:
    """Who complains to an address of the past complains to nobody.

    Law:
        GDPR Art. 13(2)(d)
        GDPR Art. 12(1)
    """
    if AUTHORITY in written.complaints_to and not _current(written.authority, practice):
        near = written.authority.at if written.authority else written.controller.at
        names = {"authority": practice.authority().name}
        yield Found(Part(near.place, ("authority",)), names, (_reached(practice),))


def _current(told: Reach | None, practice: Practice) -> bool:
    """Return whether one way that is told leads to the authority, and none to where it was."""
    if told is None:
        return False
    now = practice.authority()
    said = " ".join((told.email, told.phone, told.address, told.web)).casefold()
    if any(old.casefold() in said for old in now.outdated):
        return False
    site = now.url.removeprefix("https://").removeprefix("www.")
    ways = (site, now.email, now.phone, now.address, now.visit)
    return any(way and way.casefold() in said for way in ways)


def _reached(practice: Practice) -> Edit:
    now = practice.authority()
    ways = {"address": now.address, "phone": now.phone, "email": now.email, "web": now.url}
    return put(("authority",), value=ways)


@check(
    "T10",
    "info",
    "Portability promised more widely than the law",
    says="portability is promised for everything; the law gives it for consent and contract only",
    help="keep the promise knowingly, or limit it",
    before="""
        activities:
          fair:
            kind: event
            about: members
            role: controller
            purposes: [hold the garden fair]
            data: [name]
            bases: [{legitimate_interests: holding a fair}]
            keep: {for: 6 months, after: event_held}
        rights:
          {access: clear, rectification: clear, erasure: clear, restriction: clear,
          portability: wide, objection: clear, objection_marketing: clear, withdrawal: clear}
    """,
)
def portability_too_wide(written: Written, practice: Practice) -> Iterator[Found]:
    """A promise binds who makes it, also where the law asks for less.

    Law:
        GDPR Art. 20(1)
        GDPR Art. 20(3)
    """
    said = written.rights.get("portability")
    if said and "wide" in said.wording:
        bases = (rests_on(written, a, practice) for a in written.activities.values())
        if any(not kinds & {"consent", "contract"} for kinds in bases):
            yield Found(said.at, edits=(_clear(said),))


@check(
    "T11",
    "warning",
    "Rights mixed up or wrongly described",
    says="the right to {right} is described as another one, or together with it",
    help="describe each right by itself",
    before="""
        rights:
          {access: clear, rectification: mixed_up, erasure: clear, restriction: clear,
          portability: clear, objection: clear, objection_marketing: clear, withdrawal: clear}
    """,
)
def rights_mixed_up(written: Written, practice: Practice) -> Iterator[Found]:
    """Objecting is not the same as asking for a human decision, nor erasing as correcting.

    Law:
        GDPR Arts. 15-22
        GDPR Art. 12(1)
    """
    yield from _worded(written, "mixed_up")


@check(
    "T12",
    "info",
    "No response time stated",
    says="the text does not say by when people get an answer",
    help="say that it is a month at most",
    before="""
        says: [{about: changes, names: [website, email]}, new_purposes, backups]
    """,
)
def answer_period_unsaid(written: Written, practice: Practice) -> Iterator[Found]:
    """Who knows that an answer is due within a month knows when to ask again.

    Law:
        GDPR Art. 12(3)
    """
    if not written.on("answer_period"):
        yield Found(written.at, edits=(document_says("answer_period"),))


@check(
    "T13",
    "warning",
    "No way to exercise rights",
    says="the text does not say where people turn with their rights",
    help="say where",
    before="""
        turn_to:
    """,
)
def nowhere_to_turn(written: Written, practice: Practice) -> Iterator[Found]:
    """The controller makes it easy to use one's rights.

    Law:
        GDPR Art. 12(2)
    """
    if written.turn_to is None or not written.turn_to.reachable:
        reach = {"email": "data@organisation.example", "mailbox": "privacy"}
        at = Part(written.controller.at.place, ("turn_to",))
        yield Found(at, edits=(put(at.path, value=reach),))


@check(
    "T14",
    "warning",
    "Erasure narrower than law",
    says="erasure is offered for less than the law gives it for",
    help="name consent withdrawn, objection and unlawful processing too",
    before="""
        rights:
          {access: clear, rectification: clear, erasure: narrow, restriction: clear,
          portability: clear, objection: clear, objection_marketing: clear, withdrawal: clear}
    """,
)
def erasure_too_narrow(written: Written, practice: Practice) -> Iterator[Found]:
    """Data is erased not only where it is wrong or no longer needed.

    Law:
        GDPR Art. 17(1)
    """
    said = written.rights.get("erasure")
    if said and "narrow" in said.wording:
        yield Found(said.at, edits=(_clear(said, but="narrow"),))


@check(
    "T15",
    "info",
    "Internal complaint put before the authority",
    says="people are sent to the organisation first, as if the authority came after it",
    help="say that both ways are open",
    before="""
        complaints_to: [us, authority]
    """,
)
def us_first(written: Written, practice: Practice) -> Iterator[Found]:
    """A complaint to the authority needs no complaint to the organisation before it.

    Law:
        GDPR Art. 77
    """
    if written.complaints_to[:2] == (US, AUTHORITY):
        near = written.authority.at if written.authority else written.controller.at
        at = Part(near.place, ("complaints_to",))
        yield Found(at, edits=(put(at.path, value=[AUTHORITY, US]),))


@check(
    "T16",
    "warning",
    "Right to object not shown separately",
    says="the right to object stands among other things",
    help="give it a heading or a box of its own",
    before="""
        rights:
          {access: clear, rectification: clear, erasure: clear, restriction: clear,
          portability: clear, objection: buried, objection_marketing: clear, withdrawal: clear}
    """,
)
def objection_buried(written: Written, practice: Practice) -> Iterator[Found]:
    """The right to object is shown clearly and apart from other information.

    Law:
        GDPR Art. 21(4)
    """
    said = written.rights.get("objection")
    if said and "buried" in said.wording:
        yield Found(said.at, edits=(_clear(said, but="buried"),))


@check(
    "T17",
    "info",
    "Rights promised “at any time” without exceptions",
    says="the right to {right} is promised without any exception",
    help="name the exceptions, or be ready to keep the promise",
    before="""
        rights:
          {access: absolute, rectification: clear, erasure: clear, restriction: clear,
          portability: clear, objection: clear, objection_marketing: clear, withdrawal: clear}
    """,
)
def rights_absolute(written: Written, practice: Practice) -> Iterator[Found]:
    """The law knows exceptions; a promise without them binds further.

    Law:
        GDPR Art. 12
        GDPR Art. 17(3)
        GDPR Art. 23
    """
    yield from _worded(written, "absolute")


def _worded(written: Written, wording: str) -> Iterator[Found]:
    """Find every right that is worded in a way."""
    for said in written.rights.values():
        if wording in said.wording:
            names = {"right": f"{said.right} ({RIGHTS[said.right]})"}
            yield Found(said.at, names, (_clear(said, but=wording),))


def _clear(said: RightSaid, but: str = "wide") -> Edit:
    """Return the edit that words a right as before, but for one thing."""
    left = [wording for wording in said.wording if wording != but]
    return put(said.at.path, value=left or "clear")
