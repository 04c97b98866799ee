"""What does the organisation promise, and what proves each promise?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, get_args

from ombud.document import Fields, Node, quoted
from ombud.policy.model import Promise, Proof, ProofKind
from ombud.policy.parse.names import Known, period

PROOFS: Final[tuple[ProofKind, ...]] = get_args(ProofKind)
RIGHTS: Final = (
    "access",
    "rectification",
    "erasure",
    "restriction",
    "portability",
    "objection",
    "human_review",
)
"""Rights that a case can be about.

Law:
    GDPR Arts. 15-22
"""


def read_promises(known: Known, node: Node) -> Mapping[str, Promise]:
    """Return the promises by id; what is wrong in them was recorded."""
    found: dict[str, Promise] = {}
    for item in node.items():
        fields = item.fields("id", "says", "proof")
        named = fields.required("id", "NE-26")
        id = named.id()
        promise = Promise(
            id=id,
            where=item.where,
            says=known.text(fields.required("says", "{en: …}")),
            proofs=_proofs(
                known, fields.required("proof", "{rule: [events]}", law=("GDPR Art. 5(2)",))
            ),
        )
        if id in found:
            first = found[id].where
            says = f"promise {quoted(id)} is written twice, first at {first.line}:{first.column}"
            named.wrong("Y41", says, "give one of the two another id")
        elif id:
            found[id] = promise
    return found


def _proofs(known: Known, node: Node) -> tuple[Proof, ...]:
    proofs: list[Proof] = []
    for item in node.items(or_one=True):
        fields = item.fields(*PROOFS)
        kinds = [kind for kind in PROOFS if kind in fields]
        if item.has_keys and not item.keys():
            item.wrong("Y13", "a proof that names nothing", "write for example `rule: [events]`")
        proofs += [_proof(known, kind, fields) for kind in kinds]
    return tuple(proofs)


def _proof(known: Known, kind: ProofKind, fields: Fields) -> Proof:
    node = fields.optional(kind)
    if kind == "attest":
        parts = node.fields("by", "every")
        by, every = parts.required("by", "manager"), parts.required("every", "12 months")
        return Proof(kind, (), by=by.text(), every=period(every))
    if kind == "only":
        parts = node.fields("table", "data")
        data = parts.required("data", "[name, email]").names(
            known.categories, "category", under="categories"
        )
        return Proof(kind, _two_parts(parts.required("table", "crm.contacts")), data)
    read = _NAMES[kind]
    return Proof(kind, read(known, node))


def _two_parts(node: Node) -> tuple[str, ...]:
    """Return names that say both the system and what is meant in it."""
    names = []
    for item in node.items(or_one=True):
        name = item.text()
        if name and (name.count(".") != 1 or name.strip(".") != name):
            help = f"write the system and a point before it, for example `crm.{name.strip('.')}`"
            item.wrong("Y48", f"{quoted(name)} does not say the system and its part", help)
        names.append(name)
    return tuple(names)


_NAMES: Final[Mapping[ProofKind, Callable[[Known, Node], tuple[str, ...]]]] = {
    "rule": lambda known, node: node.names(known.activities, "activity", under="activities"),
    "keeps": lambda known, node: node.names(known.activities, "activity", under="activities"),
    "cap": lambda known, node: node.names(known.caps, "cap", under="caps"),
    "hold": lambda known, node: node.names(known.hold_kinds, "kind of hold", under="hold_kinds"),
    "document": lambda known, node: node.names(known.documents, "document", under="documents"),
    "case": lambda known, node: node.names(RIGHTS, "right"),
    "setting": lambda known, node: _two_parts(node),
    "task": lambda known, node: _two_parts(node),
    "absent": lambda known, node: node.names(what="table"),
    "gate": lambda known, node: node.names(what="gate"),
}
