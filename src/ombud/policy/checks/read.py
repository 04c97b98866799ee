"""What does an as-written document say? YAML text to `Written`, or all that is wrong in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, get_args

from ombud.document import Document, Fields, Node, did_you_mean, quoted, read_document
from ombud.errors import Finding
from ombud.law import Country
from ombud.policy.checks.practice import relations
from ombud.policy.checks.read_activity import read_activity
from ombud.policy.checks.read_parts import Known, bases, keep, named, names, says, word, wordings
from ombud.policy.checks.words import (
    AUTHORITY,
    COOKIES,
    EVERYTHING,
    GIVEN_BY,
    MAILBOXES,
    PARTY_KINDS,
    RIGHTS,
    US,
    WITHDRAWALS,
    PartyKind,
    Right,
)
from ombud.policy.checks.written import (
    CalledController,
    Consent,
    Controller,
    CookieUse,
    Group,
    LawNamed,
    Officer,
    Part,
    Party,
    Path,
    Reach,
    RightSaid,
    Transfer,
    Written,
)

MARK: Final = "as_written"
"""The key by which an as-written document is known."""
ROOT_KEYS: Final = (
    MARK,
    "controller",
    "called_controller",
    "dpo",
    "turn_to",
    "complaints_to",
    "authority",
    "people",
    "parties",
    "bases",
    "consents",
    "activities",
    "cookies",
    "rights",
    "laws",
    "says",
)
COUNTRIES: Final[tuple[Country, ...]] = get_args(Country)
REACH_KEYS: Final = ("email", "phone", "address", "web", "mailbox", "post")


@dataclass(frozen=True)
class Read:
    """An as-written document, and what was found in it that does not keep it from being used."""

    written: Written
    warnings: tuple[Finding, ...]


def is_as_written(document: Document) -> bool:
    """Return whether a file is an as-written document, and not a policy."""
    return MARK in document.root.keys()


def read_written(text: str | bytes, file: str) -> Read:
    """Return what an as-written document says.

    Args:
        text: The file, as text or as its bytes in UTF-8.
        file: Name as the writer knows it.

    Raises:
        WrittenWrong: The file has errors; it carries all findings, sorted by place.
    """
    return written_in(read_document(text, file))


def written_in(document: Document) -> Read:
    """Return what a document that was read already says.

    Raises:
        WrittenWrong: It has errors; they are all told.
    """
    root = document.root.fields(*ROOT_KEYS)
    head = root.required(MARK, "{country: DK}").fields("country", "updated_on")
    country = head.required("country", "DK").one_of(COUNTRIES, "DK")
    known = Known(
        people=root.optional("people").keys(),
        parties=root.optional("parties").keys(),
        consents=root.optional("consents").keys(),
        activities=root.optional("activities").keys(),
    )
    turn_to, authority = root.optional("turn_to"), root.optional("authority")
    written = Written(
        at=Part(root.optional(MARK).named_at, (MARK,)),
        country=country,
        updated_on=head.optional("updated_on").day(),
        controller=_controller(root.required("controller", "{name: …}")),
        called_controller=_called(known, root.optional("called_controller")),
        officer=_officer(root.optional("dpo")),
        turn_to=_reach(turn_to, ("turn_to",)) if turn_to.present else None,
        complaints_to=_complaints(root.optional("complaints_to")),
        authority=_reach(authority, ("authority",)) if authority.present else None,
        people=_people(root.optional("people")),
        parties={id: _party(id, node) for id, node in _each(root, "parties")},
        bases=bases(known, root.optional("bases"), ("bases",)),
        consents={id: _consent(known, id, node) for id, node in _each(root, "consents")},
        activities={id: read_activity(known, id, node) for id, node in _each(root, "activities")},
        cookies=_cookies(known, root.optional("cookies")),
        rights=_rights(root.optional("rights")),
        laws=_laws(root.optional("laws")),
        says=says(known, root.optional("says"), ("says",)),
    )
    return Read(written, document.findings.refuse_errors())


def _each(root: Fields, key: str) -> list[tuple[str, Node]]:
    return root.optional(key).entries()


def _controller(node: Node) -> Controller:
    fields = node.fields("name", "number", "kind", *REACH_KEYS)
    return Controller(
        at=Part(node.named_at, ("controller",)),
        name=fields.optional("name").text(),
        number=fields.optional("number").text(),
        public=fields.optional("kind").one_of(("private", "public"), "private") == "public",
        reach=_reached(fields, node, ("controller",)),
    )


def _reach(node: Node, path: Path) -> Reach:
    return _reached(node.fields(*REACH_KEYS), node, path)


def _reached(fields: Fields, node: Node, path: Path) -> Reach:
    return Reach(
        at=Part(node.named_at, path),
        email=fields.optional("email").text(),
        phone=fields.optional("phone").text(),
        address=fields.optional("address").text(),
        web=fields.optional("web").text(),
        mailbox=word(fields.optional("mailbox"), MAILBOXES),
        post=fields.optional("post").text(),
    )


def _called(known: Known, node: Node) -> tuple[CalledController, ...]:
    found = []
    for number, item in enumerate(node.items()):
        fields = item.fields("post", "party", "of", "acts_for")
        which, value = fields.one_key("post", "party")
        party = value.known(known.parties, "party", under="parties") if which == "party" else ""
        acts_for = fields.optional("acts_for").one_of(("organisation",), "")
        found.append(
            CalledController(
                at=Part(item.where, ("called_controller", number)),
                post=value.text() if which == "post" else "",
                party=party,
                of=fields.optional("of").names([*known.activities, *known.people], "activity"),
                acts_for=acts_for != "",
            )
        )
    return tuple(found)


def _officer(node: Node) -> Officer | None:
    if not node.present:
        return None
    at = Part(node.named_at, ("dpo",))
    if not node.has_keys:
        node.one_of(("none",), "none")
        return Officer(at, "none")
    fields = node.fields(*REACH_KEYS, "wording")
    reach = _reached(fields, node, ("dpo",))
    return Officer(at, "appointed", reach, wordings(fields.optional("wording")))


def _complaints(node: Node) -> tuple[str, ...]:
    return names(node, (US, AUTHORITY), "one who takes complaints")


def _people(node: Node) -> Mapping[str, Group]:
    found = {}
    for id, entry in node.entries():
        relation = entry.known(relations(), "relation", code="Y15")
        found[id] = Group(Part(entry.named_at, ("people", id)), id, relation)
    return found


def _party(id: str, node: Node) -> Party:
    fields = node.fields("kind", "name", "country", "transfer", "wording")
    at = Part(node.named_at, ("parties", id))
    kind: PartyKind | None = word(fields.required("kind", "processor"), PARTY_KINDS)
    return Party(
        at=at,
        id=id,
        kind=kind or "others",
        name=fields.optional("name").text(),
        country=fields.optional("country").text(),
        transfer=_transfer(fields.optional("transfer"), (*at.path, "transfer")),
        wording=wordings(fields.optional("wording")),
    )


def _transfer(node: Node, path: Path) -> Transfer | None:
    if not node.present:
        return None
    fields = node.fields("by", "checked_on")
    by = fields.optional("by").text()
    return Transfer(Part(node.named_at, path), by, fields.optional("checked_on").day())


def _consent(known: Known, id: str, node: Node) -> Consent:
    fields = node.fields("to", "given_by", "withdrawal")
    to = fields.required("to", "[newsletter]")
    given_by = (word(item, GIVEN_BY) for item in fields.optional("given_by").items(or_one=True))
    return Consent(
        at=Part(node.named_at, ("consents", id)),
        id=id,
        to=names(to, (*known.activities, COOKIES, EVERYTHING), "activity", under="activities"),
        given_by=tuple(each for each in given_by if each),
        withdrawal=word(fields.optional("withdrawal"), WITHDRAWALS),
    )


def _cookies(known: Known, node: Node) -> Mapping[str, CookieUse] | None:
    if not node.present:
        return None
    found = {}
    for purpose, entry in node.entries():
        fields = entry.fields("by", "keep", "wording")
        path = ("cookies", purpose)
        found[purpose] = CookieUse(
            at=Part(entry.named_at, path),
            purpose=purpose,
            by=names(fields.optional("by"), (US, *known.parties), "party", under="parties"),
            keep=keep(known, fields.optional("keep"), (*path, "keep")),
            wording=wordings(fields.optional("wording")),
        )
    return found


def _rights(node: Node) -> Mapping[Right, RightSaid]:
    found: dict[Right, RightSaid] = {}
    for id, entry in node.entries():
        right = next((right for right in RIGHTS if right == id), None)
        if right is None:
            entry.wrong_key("Y15", f"unknown right {quoted(id)}", did_you_mean(id, RIGHTS))
        else:
            at = Part(entry.named_at, ("rights", id))
            found[right] = RightSaid(at, right, wordings(entry))
    return found


def _laws(node: Node) -> tuple[LawNamed, ...]:
    return tuple(LawNamed(at, text) for at, text in named(node, ("laws",)))
