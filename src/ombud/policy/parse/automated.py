"""Which decisions does an activity take without a person, and what in law allows them?

Law:
    GDPR Art. 13(2)(f)
    GDPR Art. 22
"""

from __future__ import annotations

from typing import Final

from ombud.document import Fields, Node, quoted
from ombud.policy.model import AllowedBy, Automated, Basis, Role
from ombud.policy.parse.basis import KINDS
from ombud.policy.parse.names import Known, citation

ALLOWED_BY: Final[dict[AllowedBy, str]] = {
    "contract": "GDPR Art. 22(2)(a)",
    "consent": "GDPR Art. 22(2)(c)",
    "law": "GDPR Art. 22(2)(b)",
}
IN_A_WORD: Final[tuple[AllowedBy, ...]] = ("contract", "consent")
"""What allows a decision without naming a law: the basis of the activity itself."""

AUTOMATED_KEYS: Final = ("decides", "logic", "consequences", "allowed_by")

_SPECIAL: Final = ("consent", "substantial_public_interest")
_TOLD: Final = ("GDPR Art. 13(2)(f)",)


def read_automated(known: Known, activity: Fields, basis: Basis, role: Role) -> Automated | None:
    """Return the decision that an activity takes without a person; what is wrong was recorded.

    Args:
        activity: The keys of the activity.
        basis: What was read under `basis:` or came with `law:`.
        role: Whose activity it is.
    """
    node = activity.optional("automated")
    if not node.present:
        return None
    fields = node.fields(*AUTOMATED_KEYS)
    decides = known.text(fields.required("decides", "{en: …}", law=_TOLD))
    logic = known.text(fields.required("logic", "{en: …}", law=_TOLD))
    consequences = known.text(fields.required("consequences", "{en: …}", law=_TOLD))
    example = next((word for word in IN_A_WORD if word == basis.kind), '{law: "DK … § 1"}')
    by = fields.required("allowed_by", example, law=("GDPR Art. 22(2)",))
    allowed_by, law = _allowed_by(by)
    if role.kind == "processor":
        says = "an automated decision is told by the controller, and this is done for another"
        node.wrong_key("Y53", says, "take `automated:` out", law=_TOLD)
        return None
    _fits(by, allowed_by, activity, basis)
    _special(known, activity, basis)
    return Automated(decides, logic, consequences, allowed_by, law)


def _allowed_by(node: Node) -> tuple[AllowedBy, str]:
    if node.has_keys:
        named = node.fields("law", example='{law: "DK … § 1"}').required("law", '"DK … § 1"')
        return "law", citation(named)
    said = node.text()
    for word in IN_A_WORD:
        if said == word:
            return word, ""
    if said:
        help = 'write `contract`, `consent`, or `{law: "…"}` with the law'
        node.wrong("Y15", f"`allowed_by` cannot be {quoted(said)}", help)
    return "law", ""


def _fits(node: Node, allowed_by: AllowedBy, activity: Fields, basis: Basis) -> None:
    """Record a contract or consent that is not the one the activity rests on.

    Law:
        GDPR Art. 22(2)
    """
    readable = "law" in activity or {*activity.optional("basis").keys()} & {*KINDS}
    if allowed_by != "law" and readable and basis.kind != allowed_by:
        node.wrong(
            "Y52",
            f"a decision by {quoted(allowed_by)} where the activity does not rest on one",
            'write `allowed_by: {law: "…"}` with the law that allows it, or make the decision an'
            f" activity of its own with `basis: {{{allowed_by}: …}}`",
            law=(ALLOWED_BY[allowed_by],),
        )


def _special(known: Known, activity: Fields, basis: Basis) -> None:
    """Record special categories that an automated decision may not use.

    What names no condition at all was told already.

    Law:
        GDPR Art. 22(4)
    """
    if basis.special is None or basis.special in _SPECIAL:
        return
    data = activity.optional("data")
    for item in data.value if isinstance(data.value, list) else [data]:
        category = known.categories.get(item.written)
        if category and category.kind == "special":
            item.wrong(
                "Y51",
                f"{quoted(category.id)} is of a special category, and its condition does not allow"
                " an automated decision",
                "write `special: {consent: …}` with an explicit consent, or take"
                f" {quoted(category.id)} out and let a person decide with it",
                law=("GDPR Art. 22(4)",),
            )
