"""What do the parts say that stand in several places of an as-written document?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from ombud.document import Fields, Node
from ombud.law import Period
from ombud.policy.checks.words import BASES, TOPICS, WORDINGS, Topic
from ombud.policy.checks.written import (
    Basis,
    Keep,
    Part,
    Path,
    Purpose,
    Statement,
    Unless,
    Wordings,
)
from ombud.policy.model import BasisKind

W = TypeVar("W", bound=str)

BASIS_KEYS: Final = ("law", "contract", "interest", "consent", "wording")
KEEP_KEYS: Final = (
    "for",
    "up_to",
    "after",
    "until",
    "law",
    "no_longer_than",
    "unless",
    "wording",
)


@dataclass(frozen=True)
class Known:
    """The names a document gives, known before anything that refers to them is read."""

    people: Collection[str]
    parties: Collection[str]
    consents: Collection[str]
    activities: Collection[str]


def word(node: Node, words: Mapping[W, str]) -> W | None:
    """Return the one of the words that is written; None where none is, or it is not known."""
    text = node.known(tuple(words), node.name, code="Y15")
    return next((each for each in words if each == text), None)


def wordings(node: Node) -> Wordings:
    """Return how something is worded; `clear` is the same as nothing."""
    read = (word(item, WORDINGS) for item in node.items(or_one=True))
    return tuple(each for each in read if each and each != "clear")


def names(node: Node, known: Collection[str], what: str, *, under: str = "") -> tuple[str, ...]:
    """Return the known names of a list, each once."""
    return node.names(known, what, under=under)


def named(node: Node, path: Path) -> tuple[tuple[Part, str], ...]:
    """Return the texts of a list with where each stands."""
    items = enumerate(node.items(or_one=True))
    return tuple((Part(item.where, (*path, number)), item.text()) for number, item in items)


def bases(known: Known, node: Node, path: Path) -> tuple[Basis, ...]:
    """Return legal bases: each a word, or a word with what the text adds to it."""
    read = (_basis(known, item, (*path, i)) for i, item in enumerate(node.items(or_one=True)))
    return tuple(basis for basis in read if basis)


def _basis(known: Known, node: Node, path: Path) -> Basis | None:
    at = Part(node.where, path)
    if not node.has_keys:
        kind = word(node, dict.fromkeys(BASES, ""))
        return Basis(at, kind) if kind else None
    written, value = node.fields(*BASES).one_key(*BASES)
    kind = next((each for each in BASES if each == written), None)
    if kind is None:
        return None
    if not value.has_keys:
        return _basis_of_text(known, at, kind, value)
    fields = value.fields(*BASIS_KEYS)
    return Basis(
        at,
        kind,
        law=fields.optional("law").text(),
        contract=fields.optional("contract").text(),
        interest=fields.optional("interest").text(),
        consent=fields.optional("consent").known(known.consents, "consent", under="consents"),
        wording=wordings(fields.optional("wording")),
    )


def _basis_of_text(known: Known, at: Part, kind: BasisKind, value: Node) -> Basis:
    if kind == "consent":
        return Basis(at, kind, consent=value.known(known.consents, "consent", under="consents"))
    if kind == "contract":
        return Basis(at, kind, contract=value.text())
    if kind in ("legal_obligation", "public_task"):
        return Basis(at, kind, law=value.text())
    return Basis(at, kind, interest=value.text())


def keep(known: Known, node: Node, path: Path) -> Keep | None:
    """Return how long data is kept; None where nothing is written."""
    if not node.present:
        return None
    fields = node.fields(*KEEP_KEYS)
    unless = fields.optional("unless").items()
    told = (fields.optional(key).written for key in ("no_longer_than", "up_to", "for"))
    return Keep(
        at=Part(node.named_at, path),
        period=_period(fields, "up_to") or _period(fields, "for"),
        up_to="up_to" in fields,
        after=fields.optional("after").text(),
        until=fields.optional("until").text(),
        law=fields.optional("law").text(),
        no_longer_than=_period(fields, "no_longer_than"),
        unless=tuple(_unless(item, (*path, "unless", i)) for i, item in enumerate(unless)),
        wording=wordings(fields.optional("wording")),
        told=next(filter(None, told), ""),
    )


def _unless(node: Node, path: Path) -> Unless:
    fields = node.fields("law", "data", "ground")
    return Unless(
        Part(node.where, path),
        law=fields.optional("law").text(),
        data=fields.optional("data").names(what="category"),
        ground=fields.optional("ground").text(),
    )


def purposes(node: Node, path: Path) -> tuple[Purpose, ...]:
    """Return what data is used for: texts, or texts with how they are worded."""
    found = []
    for number, item in enumerate(node.items(or_one=True)):
        at = Part(item.where, (*path, number))
        if item.has_keys:
            fields = item.fields("text", "wording")
            text = fields.required("text").text()
            found.append(Purpose(at, text, wordings(fields.optional("wording"))))
        else:
            found.append(Purpose(at, item.text()))
    return tuple(found)


def says(known: Known, node: Node, path: Path) -> tuple[Statement, ...]:
    """Return statements: topics, or topics with what the text says on them."""
    read = (_statement(known, item, (*path, i)) for i, item in enumerate(node.items(or_one=True)))
    return tuple(statement for statement in read if statement)


def _statement(known: Known, node: Node, path: Path) -> Statement | None:
    at = Part(node.where, path)
    topic: Topic | None
    if not node.has_keys:
        topic = word(node, TOPICS)
        return Statement(at, topic) if topic else None
    fields = node.fields("about", "wording", "of", "names", "period")
    topic = word(fields.required("about", "security"), TOPICS)
    if topic is None:
        return None
    return Statement(
        at,
        topic,
        wording=wordings(fields.optional("wording")),
        of=fields.optional("of").names(known.activities, "activity", under="activities"),
        names=fields.optional("names").names(),
        period=_period(fields, "period"),
    )


def _period(fields: Fields, key: str) -> Period | None:
    return fields.optional(key).read(Period.parse, "Y02")
