"""On which basis in law does an activity rest, and what do its protected categories need?

Law:
    GDPR Art. 6(1)
    GDPR Art. 9(2)
    GDPR Art. 10
    GDPR Art. 87
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, get_args

from ombud.document import Fields, Node, quoted
from ombud.law import RetentionFact
from ombud.policy.model import Basis, BasisKind, SpecialKind
from ombud.policy.parse.names import Known, citation

KINDS: Final[tuple[BasisKind, ...]] = get_args(BasisKind)
SPECIAL_KINDS: Final[tuple[SpecialKind, ...]] = get_args(SpecialKind)
IN_WORDS: Final = ("vital_interests", "association", "made_public", "legal_claims")
"""Conditions of Art. 9(2) that name a matter; the others but consent name a law."""

_EXTRAS: Final = ("special", "criminal", "national_id")


def read_basis(known: Known, node: Node) -> Basis:
    """Return the basis that is written."""
    fields = node.fields(*KINDS, *_EXTRAS, example="{consent: …}")
    written, value = fields.one_key(*KINDS)
    kind = next((k for k in KINDS if k == written), None)
    # what waits for a consent is no second finding where the basis cannot be read
    basis = _basis(known, kind, value) if kind else Basis("consent")
    return _with_extras(known, basis, fields)


def read_basis_of_law(known: Known, node: Node, fact: RetentionFact | None) -> Basis:
    """Return the basis of an activity with `law:`; beside it only what Art. 9, 10, 87 ask for."""
    law = str(fact.citations[0]) if fact else ""
    fields = node.fields(*KINDS, *_EXTRAS)
    for kind in KINDS:
        if kind in fields:
            fields.optional(kind).wrong_key(
                "Y47", "the basis is the duty that `law:` names", f"take {quoted(kind)} out"
            )
    return _with_extras(known, Basis("legal_obligation", law=law), fields)


def _basis(known: Known, kind: BasisKind, value: Node) -> Basis:
    if kind == "consent":
        return Basis(kind, consent=value.known(known.consents, "consent", under="consents"))
    if kind in ("legal_obligation", "public_task"):
        return Basis(kind, law=citation(value))
    if kind == "legitimate_interests" and {"interest", "assessed_on"} & set(value.keys()):
        fields = value.fields("interest", "assessed_on")
        interest = known.text(fields.required("interest", "{en: …}"))
        return Basis(kind, interest=interest, assessed_on=fields.optional("assessed_on").day())
    return Basis(kind, interest=known.text(value))


def _with_extras(known: Known, basis: Basis, fields: Fields) -> Basis:
    basis = replace(
        basis,
        criminal_law=citation(fields.optional("criminal")),
        national_id_law=citation(fields.optional("national_id")),
    )
    special = fields.optional("special")
    if not special.present:
        return basis
    written, value = special.fields(*SPECIAL_KINDS).one_key(*SPECIAL_KINDS)
    kind = next((k for k in SPECIAL_KINDS if k == written), None)
    if kind == "consent":
        consent = value.known(known.consents, "consent", under="consents")
        return replace(basis, special=kind, special_consent=consent)
    if kind in IN_WORDS:
        words = known.text(value)
        first = next(iter(words.values()), "")
        return replace(basis, special=kind, special_law=first, special_text=words)
    return replace(basis, special=kind, special_law=citation(value))


@dataclass(frozen=True)
class _Need:
    code: str
    law: str
    what: str
    help: str


_NEEDS: Final = {
    "special": _Need(
        "Y33",
        "GDPR Art. 9(2)",
        "is of a special category, and the basis names no condition for it",
        "add `special:` to `basis:`, for example `special: {consent: …}` with an explicit consent",
    ),
    "criminal": _Need(
        "Y34",
        "GDPR Art. 10",
        "is on criminal convictions, and the basis names no law that allows it",
        'add `criminal:` to `basis:` with the law, for example `criminal: "DK databeskyttelsesloven'
        ' § 8(3)"`',
    ),
    "national_id": _Need(
        "Y35",
        "GDPR Art. 87",
        "is a national identification number, and the basis names no law that allows it",
        'add `national_id:` to `basis:` with the law, for example `national_id: "DK'
        ' databeskyttelsesloven § 11(2)"`',
    ),
}


def check_protected(known: Known, basis: Node, data: Node) -> None:
    """Record every protected category for which the basis, as written, names nothing."""
    named = basis.keys()
    for item in data.value if isinstance(data.value, list) else [data]:
        category = known.categories.get(item.written)
        need = _NEEDS.get(category.kind) if category else None
        if category and need and category.kind not in named:
            item.wrong(need.code, f"{quoted(category.id)} {need.what}", need.help, law=(need.law,))
