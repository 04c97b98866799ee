"""What could be written where something is missing? Edits that several checks propose."""

from __future__ import annotations

from typing import Final

from ombud.policy.checks.edit import Data, Edit, add, put
from ombud.policy.checks.meaning import consents_to
from ombud.policy.checks.practice import Practice
from ombud.policy.checks.written import Activity, Basis, Part, Path, Written
from ombud.policy.model import BasisKind

ACT: Final = "name of the act, § 1"
"""Stands where the writer must look the law up."""
INTEREST: Final = "in one sentence, what we need it for"
CONTRACT: Final = "the agreement with the person"
NUMBER: Final = "12345674"
ADDRESS: Final = "Street 1, 1000 Town"


def says(at: Part, topic: Data) -> Edit:
    """Return the edit that lets an activity say something on a topic."""
    return add(at.path, "says", value=topic)


def document_says(topic: Data) -> Edit:
    """Return the edit that lets the document say something on a topic."""
    return add((), "says", value=topic)


def keep_of(written: Written, activity: Activity, practice: Practice) -> Data:
    """Return a period that such an activity may have, and what starts it."""
    duties, limits = practice.duties(activity), practice.limits(activity)
    if duties:
        return {"for": str(duties[0].period), "after": "financial_year_end"}
    period = str(limits[0].period) if limits else _usual(written, activity, practice)
    return {"for": period, "after": practice.clock(activity)}


def _usual(written: Written, activity: Activity, practice: Practice) -> str:
    """Return a period: the tool's own, that of the same data elsewhere, or what is common."""
    for party in filter(None, map(written.party_of, activity.recipients)):
        product = practice.row("products", party.name)
        if product:
            return product["periods"].split("; ")[-1]
    for other in written.own:
        same = {*other.data} & {*activity.data} and {*other.about} & {*activity.about}
        if same and other is not activity and other.keep and other.keep.period:
            return str(other.keep.period)
    if "mailbox" in practice.traits(activity):
        return "14 days"
    return "6 months" if practice.guides(activity) else "1 year"


def basis_of(written: Written, activity: Activity, practice: Practice) -> tuple[Edit, ...]:
    """Return the edits that give an activity a basis which can carry it."""
    kind = _likeliest(written, activity, practice)
    path = activity.at.path
    edits = [put(path, "bases", value=[_basis(written, activity, kind, practice)])]
    if kind == "consent" and not any(consents_to(written, activity)):
        edits.append(put(("consents", activity.id), value=consent_to(activity.id)))
    if kind in ("contract", "legal_obligation") and not written.tells(activity, "required"):
        edits.append(says(activity.at, "required"))
    if kind in ("consent", "contract") and "portability" not in written.rights:
        edits.append(put(("rights", "portability"), value="clear"))
    return tuple(edits)


def _likeliest(written: Written, activity: Activity, practice: Practice) -> BasisKind:
    relations = [*written.relations(activity)]
    free = all(practice.free(relation) for relation in relations)
    party = all(practice.party(relation) for relation in relations)
    for kind in practice.bases(activity):
        if (kind == "consent" and not free) or (kind == "contract" and not party):
            continue
        return kind
    return "legitimate_interests"


def _basis(written: Written, activity: Activity, kind: BasisKind, practice: Practice) -> Data:
    if kind == "consent":
        named = next((consent.id for consent in consents_to(written, activity)), activity.id)
        return {"consent": named}
    if kind == "legitimate_interests":
        return {kind: INTEREST}
    if kind == "contract":
        return {kind: CONTRACT}
    return {kind: law_of(activity, practice)}


def law_of(activity: Activity, practice: Practice) -> str:
    """Return the act behind an activity's duty, or where to write it."""
    duties = practice.duties(activity)
    return str(duties[0].citations[0]) if duties else ACT


def consent_to(activity: str) -> Data:
    """Return a consent that counts."""
    return {"to": [activity], "given_by": ["box"], "withdrawal": "link"}


def processor_for(path: Path, country: str) -> tuple[Edit, ...]:
    """Return the edits that name a processor as recipient of an activity's data."""
    host = {"kind": "processor", "name": "Name of the supplier", "country": country}
    agreement = {"about": "processing_agreements", "names": ["supplier"]}
    return (
        put(("parties", "supplier"), value=host),
        document_says(agreement),
        add(path, "recipients", value="supplier"),
    )


def plain_basis(basis: Basis) -> Data:
    """Return a basis as a document writes it."""
    told = {
        "law": basis.law,
        "contract": basis.contract,
        "interest": basis.interest,
        "consent": basis.consent,
        "wording": basis.wording[0] if len(basis.wording) == 1 else list(basis.wording),
    }
    kept = {key: value for key, value in told.items() if value}
    return {basis.kind: kept} if kept else basis.kind


def told_better(basis: Basis, better: Data) -> Data:
    """Return a basis with something said better."""
    plain = plain_basis(basis)
    told = plain[basis.kind] if isinstance(plain, dict) else {}
    return {basis.kind: {**told, **better}}
