"""What does the organisation do with data: activities, and the caps that limit them?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ombud.document import Fields, Node, quoted
from ombud.law import RetentionFact
from ombud.policy.model import Activity, After, Basis, Cap, Clocks, Keep, Role, Source
from ombud.policy.parse.automated import read_automated
from ombud.policy.parse.basis import check_protected, read_basis, read_basis_of_law
from ombud.policy.parse.keep import KEEP_KEYS, STARTS, KeepReader
from ombud.policy.parse.names import NONE_AT_ALL, Known
from ombud.policy.parse.organisation import read_contact

ACTIVITY_KEYS: Final = (
    "law",
    "title",
    "purpose",
    "about",
    "data",
    "source",
    "basis",
    "role",
    "owner",
    "begins",
    "marketing",
    "keep",
    "automated",
    "processors",
    "recipients",
)

_RECORD: Final = ("GDPR Art. 30(1)(c)",)


@dataclass(frozen=True)
class _Ground:
    """What the two ways of writing an activity, with and without `law:`, come to."""

    basis: Basis
    keep: Keep
    fact: RetentionFact | None = None


def read_activity(known: Known, id: str, node: Node) -> Activity:
    """Return one activity; what is wrong in it was recorded."""
    fields = node.fields(*ACTIVITY_KEYS)
    title = known.text(fields.required("title", "{en: …}"))
    purpose = known.text(fields.required("purpose", "{en: …}", law=("GDPR Art. 13(1)(c)",)))
    about = fields.required("about", "[…]", law=_RECORD).names(
        known.subjects, "group of people", under="subjects"
    )
    data = fields.required("data", "[name, email]", law=_RECORD).names(
        known.categories, "category", under="categories"
    )
    role = _role(known, fields.optional("role"))
    ground = _of_law(known, id, fields) if "law" in fields else _ground(known, id, fields, role)
    if role.kind != "processor":
        check_protected(known, fields.optional("basis"), fields.optional("data"))
    consented = ground.basis.kind == "consent"
    return Activity(
        id=id,
        where=node.named_at,
        title=title,
        purpose=purpose,
        about=about,
        data=data,
        basis=ground.basis,
        keep=ground.keep,
        begins=known.clock(fields.optional("begins"), consented=consented),
        marketing=fields.optional("marketing").boolean(),
        role=role,
        owner=fields.optional("owner").text(),
        source=_source(known, fields.optional("source")),
        recipients=fields.optional("recipients").names(
            known.recipients, "recipient", under="recipients"
        ),
        processors=fields.optional("processors").names(
            known.processors, "processor", under="processors"
        ),
        fact=ground.fact,
        automated=read_automated(known, fields, ground.basis, role),
    )


def _ground(known: Known, id: str, fields: Fields, role: Role) -> _Ground:
    if role.kind == "processor" and "basis" not in fields:
        # The basis is the controller's to have; the processor's own ground is its contract.
        basis = Basis("contract", law="GDPR Art. 28(3)")
    else:
        basis = read_basis(known, fields.required("basis", "{consent: …}", law=("GDPR Art. 6(1)",)))
    reader = KeepReader(known, id, consented=basis.kind == "consent")
    keep = fields.required("keep", reader.example(), law=STARTS)
    return _Ground(basis, reader.read(keep))


def _of_law(known: Known, id: str, fields: Fields) -> _Ground:
    named = fields.optional("law")
    fact = known.fact(named)
    basis = read_basis_of_law(known, fields.optional("basis"), fact)
    reader = KeepReader(known, id, consented=False)
    keep = fields.optional("keep").fields(*KEEP_KEYS)
    for key in keep:
        if key in KEEP_KEYS and key != "after":
            says = f"{quoted(key)} is said by the law that `law:` names"
            keep.optional(key).wrong_key("Y47", says, "take it out")
    after = keep.optional("after")
    if fact is None:
        reader.clocks(after)  # what is wrong in it is told all the same
        return _Ground(basis, After(NONE_AT_ALL, Clocks(("",))))
    if fact.kind not in ("must", "both"):
        says = f"{quoted(fact.id)} is no duty to keep"
        named.wrong("Y37", says, _instead(id, fact), law=tuple(map(str, fact.citations[:1])))
    return _Ground(basis, reader.fact_rule(fact, named, after), fact)


def _instead(id: str, fact: RetentionFact) -> str:
    """Return how to write what an activity cannot say with this fact."""
    if fact.kind == "max":
        return (
            f"say with `basis:` and `keep:` why and how long, and limit it with"
            f" `caps: {{{id}_max: {{law: {fact.id}, about: …}}}}`"
        )
    if fact.period is None:
        return "say with `basis:` on what it rests, and with `keep:` how long"
    return f"say with `basis:` on what it rests, and write `keep: {{law: {fact.id}}}`"


def _role(known: Known, node: Node) -> Role:
    if not node.present:
        return Role()
    if not node.has_keys:
        if node.text() not in ("", "controller"):
            says = f"{quoted('role')} cannot be {quoted(node.written)}"
            node.wrong("Y15", says, "write `controller`, or `{processor_for: …, contract: …}`")
        return Role()
    fields = node.fields("joint_with", "arrangement", "processor_for", "contract", "contact")
    kind, party = fields.one_key("joint_with", "processor_for")
    contact = read_contact(fields.optional("contact"), email_too=False)
    if kind == "joint_with":
        arrangement = fields.required("arrangement", "{en: …}", law=("GDPR Art. 26(2)",))
        _foreign(fields, "contract", kind)
        essence = known.text(arrangement)
        return Role("joint", known.name(party), arrangement=essence, contact=contact)
    if kind == "processor_for":
        contract = fields.required("contract", "…", law=("GDPR Art. 28(3)",))
        _foreign(fields, "arrangement", kind)
        return Role("processor", known.name(party), contract=known.name(contract), contact=contact)
    return Role()


def _foreign(fields: Fields, key: str, kind: str) -> None:
    if key in fields:
        says = f"{quoted(key)} does not go with {quoted(kind)}"
        fields.optional(key).wrong_key("Y11", says, "take it out")


def _source(known: Known, node: Node) -> Source:
    if not node.present:
        return Source()
    if not node.has_keys:
        if node.is_list or node.text() not in ("", "subject"):
            said = node.written or ", ".join(item.written for item in node.items())
            node.wrong(
                "Y20",
                f"{quoted('source')} is `subject`, or needs keys of its own",
                f"write `source: {{from: [{said}]}}`",
            )
        return Source()
    fields = node.fields("from", "public")
    parties = fields.required("from", "[subject, …]").names(what="source", read=known.name)
    return Source(parties or ("subject",), fields.optional("public").boolean())


def read_cap(known: Known, id: str, node: Node) -> Cap:
    """Return one cap; what is wrong in it was recorded."""
    fields = node.fields("law", "about", "data", "for", "after", "unless")
    about = fields.required("about", "[…]").names(
        known.subjects, "group of people", under="subjects"
    )
    data = fields.optional("data").names(known.categories, "category", under="categories")
    fact = known.fact(fields.optional("law")) if "law" in fields else None
    may_pass = [*known.activities, *known.hold_kinds]
    unless = fields.optional("unless").names(may_pass, "activity or kind of hold")
    keep = _limit(known, id, fields, fact)
    return Cap(id, node.named_at, about, data, keep, unless, fact)


def _limit(known: Known, id: str, fields: Fields, fact: RetentionFact | None) -> After:
    reader = KeepReader(known, id, consented=False)
    if "law" not in fields:
        if "for" not in fields:
            fields.required("for", "3 years")
        return reader.period_and_clock(fields)
    named, own = fields.optional("law"), fields.optional("for")
    if fact is None:
        reader.clocks(fields.optional("after"))
        return After(NONE_AT_ALL, Clocks(("",)))
    if not fact.caps:
        help = f"write it in an activity: `law: {fact.id}`"
        says = f"{quoted(fact.id)} says how long at least, and limits nothing"
        named.wrong("Y37", says, help, law=tuple(map(str, fact.citations[:1])))
    if fact.caps and fact.period is None and not own.present:
        help = f"{quoted(fact.id)} gives no number: add `for: 1 month`"
        named.wrong("Y32", f"cap {quoted(id)} does not say how long", help)
    return reader.limit_of_law(fact, own, fields.optional("after"))
