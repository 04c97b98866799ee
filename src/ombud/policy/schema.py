"""How does an editor complete and check a policy while it is written? As JSON Schema 2020-12.

The parser says more than a schema can (which name refers to what, what the law asks for, what was
meant by a slip of the pen), so it does not rest on one. The words that both know are the same
constants, and a test gives both the same documents and compares what they refuse.
`docs/reference/policy.schema.json` is this value; a test compares that too.
"""

from __future__ import annotations

from typing import Final

from ombud.document import LANGUAGES
from ombud.policy.builtin import HOLD_KINDS
from ombud.policy.model import BasisKind, ProofKind, SpecialKind
from ombud.policy.parse.automated import IN_A_WORD
from ombud.policy.parse.basis import IN_WORDS, KINDS, SPECIAL_KINDS
from ombud.policy.parse.documents import FILE_ENDINGS, WEB_PATTERN
from ombud.policy.parse.organisation import CATEGORY_KINDS, COUNTRIES
from ombud.policy.parse.promises import PROOFS, RIGHTS
from ombud.policy.schema_parts import (
    Schema,
    contact,
    definitions,
    keys,
    named,
    one_key,
    one_or_more,
    own_contact,
    ref,
)

_PROPER: Final = "A plain text is a proper name, the same in every language."
_BASIS_TITLES: Final[dict[BasisKind, str]] = {
    "consent": "Consent, Art. 6(1)(a)",
    "contract": "Contract with the person, Art. 6(1)(b)",
    "legal_obligation": "Legal obligation, Art. 6(1)(c)",
    "vital_interests": "Vital interests, Art. 6(1)(d)",
    "public_task": "Public task, Art. 6(1)(e)",
    "legitimate_interests": "Legitimate interests, Art. 6(1)(f)",
}
_SPECIAL_TITLES: Final[dict[SpecialKind, str]] = {
    "consent": "Explicit consent, Art. 9(2)(a)",
    "employment": "Employment and social security, Art. 9(2)(b)",
    "vital_interests": "Vital interests, Art. 9(2)(c)",
    "association": "Association of members, Art. 9(2)(d)",
    "made_public": "Made public by the person, Art. 9(2)(e)",
    "legal_claims": "Legal claims, Art. 9(2)(f)",
    "substantial_public_interest": "Substantial public interest, Art. 9(2)(g)",
    "health_care": "Health care, Art. 9(2)(h)",
    "public_health": "Public health, Art. 9(2)(i)",
    "archiving_research": "Archiving, research, statistics, Art. 9(2)(j)",
}
_PROOF_TITLES: Final[dict[ProofKind, str]] = {
    "rule": "Data of these activities is gone when due",
    "cap": "Nothing passes these caps",
    "keeps": "What must be kept by law is there",
    "hold": "Held rows are there, with reason and review date",
    "setting": "A setting of a system out of reach is read",
    "task": "A task in a system out of reach is confirmed",
    "only": "A table holds these categories and no others",
    "absent": "No system holds these tables",
    "attest": "A named role states it in so many months",
    "gate": "Ombud blocks what would break it",
    "document": "These documents are where the notice says",
    "case": "Ombud handles cases of this right",
}


def policy_schema() -> dict[str, object]:
    """Return the JSON Schema (draft 2020-12) of `policy.yaml`."""
    texts = ref("text", "Title")
    titled = keys("Group of people", "Whom data is about.", {"title": texts}, required=("title",))
    parts: dict[str, Schema] = {
        "organisation": _organisation(),
        "subjects": named("Groups of people", "Whom data is about.", titled),
        "categories": named("Categories", "Kinds of data beyond the built-in ones.", _category()),
        "clocks": named("Clocks", "Events that start or end a period, with a title.", texts),
        "activities": named("Activities", "What is done with personal data.", _activity()),
        "consents": named("Consents", "Purposes for which people are asked.", _consent()),
        "caps": named("Caps", "Limits to data, whatever the reason to keep it.", _cap()),
        "processors": named("Processors", "Who processes data for it.", _party("Processor")),
        "recipients": named("Recipients", "Who gets data from it.", _party("Recipient")),
        "security": {
            "title": "Security",
            "description": "Technical and organisational measures in general words, Art. 32(1).",
            "type": "array",
            "items": texts,
            "minItems": 1,
        },
        "documents": named("Documents", "Other texts the notice refers to.", _document()),
        "hold_kinds": named("Kinds of holds", "Beyond the built-in ones.", texts),
        "promises": {
            "title": "Promises",
            "description": "What the organisation must keep, and what proves it.",
            "type": "array",
            "items": _promise(),
            "minItems": 1,
        },
    }
    head = "What the organisation decided and promises about personal data."
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **keys("Privacy policy", head, parts, required=("organisation", "activities")),
        "$defs": dict(definitions()),
    }


def _organisation() -> Schema:
    none: Schema = {"title": "There is none", "const": "none"}
    parts: dict[str, Schema] = {
        "name": ref("word", "Legal name"),
        "number": ref("word", "Registration number"),
        "country": {"title": "Country", "enum": [*COUNTRIES]},
        "zone": ref("word", "Time zone", "IANA name; that of the country where it is left out."),
        "financial_year_end": {
            "title": "Last day of the financial year",
            "description": "Month and day; 12-31 where it is left out.",
            "type": "string",
            "pattern": "^[0-9]{2}-[0-9]{2}$",
        },
        "languages": {
            "title": "Languages",
            "description": "In which it publishes, the main one first.",
            **one_or_more({"enum": [*LANGUAGES]}),
        },
        "contact": ref("contact", "Contact"),
        "dpo": {"title": "Data protection officer", "anyOf": [none, ref("contact")]},
        "rights": own_contact("Where rights are exercised; the contact where it is left out"),
    }
    required = ("name", "number", "country", "languages", "contact")
    return keys("Organisation", "Whose policy it is: the controller.", parts, required=required)


def _category() -> Schema:
    parts: dict[str, Schema] = {
        "kind": {
            "title": "Kind",
            "description": "How the law protects it; ordinary where it is left out.",
            "enum": [*CATEGORY_KINDS],
        },
        "title": ref("text", "Title"),
    }
    return keys("Category", "A kind of personal data.", parts, required=("title",))


def _activity() -> Schema:
    parts: dict[str, Schema] = {
        "law": ref("fact", "Duty by law", "Gives basis, period and clock."),
        "title": ref("text", "Title"),
        "purpose": ref("text", "Purpose"),
        "about": ref("names", "About", "Groups of people."),
        "data": ref("categories", "Data", "Categories."),
        "source": _source(),
        "basis": {"title": "Basis", "description": "On what in law it rests."},
        "role": _role(),
        "owner": ref("word", "Owner", "A role inside the organisation, never a person's name."),
        "begins": ref("word", "Begins", "The clock that starts it for a person."),
        "marketing": {
            "title": "Marketing",
            "description": "An objection to marketing ends it at once.",
            "type": "boolean",
        },
        "keep": {"title": "How long data is kept", "description": "A retention rule."},
        "automated": _automated(),
        "processors": ref("names", "Processors"),
        "recipients": ref("names", "Recipients"),
    }
    required = ("title", "purpose", "about", "data")
    activity = keys("Activity", "A line of the Art. 30 record.", parts, required=required)
    return {**activity, **_by_law_or_not()}


def _by_law_or_not() -> Schema:
    """Return what basis and retention rule are, with `law:` and without it."""
    after = keys("Another clock", "Than that of the law.", {"after": ref("clocks")})
    beside = keys("Beside the law", "What protected categories need.", _extras())
    # a processor need not state the controller's basis
    processor = {"properties": {"role": {"type": "object", "required": ["processor_for"]}}}
    return {
        "if": {"required": ["law"]},
        "then": {"properties": {"basis": beside, "keep": after}},
        "else": {
            "properties": {"basis": _basis(), "keep": ref("keep")},
            "anyOf": [{"required": ["basis", "keep"]}, {"required": ["role", "keep"], **processor}],
        },
    }


def _automated() -> Schema:
    law = keys("Law, Art. 22(2)(b)", "", {"law": ref("citation", "Law")}, required=("law",))
    word: Schema = {"title": "The basis, Art. 22(2)(a) and (c)", "enum": [*IN_A_WORD]}
    parts: dict[str, Schema] = {
        "decides": ref("text", "What is decided"),
        "logic": ref("text", "By what, and how it counts"),
        "consequences": ref("text", "What follows for the person"),
        "allowed_by": {"title": "What allows it, Art. 22(2)", "anyOf": [word, law]},
    }
    says = "A decision of legal or as serious effect that no person takes, Art. 22."
    return keys("Automated decision", says, parts, required=tuple(parts))


def _source() -> Schema:
    parts: dict[str, Schema] = {
        "from": ref("named", "From", f"`subject` is the person the data is about. {_PROPER}"),
        "public": {"title": "Publicly accessible", "type": "boolean"},
    }
    others = keys("Others", "Who else it comes from.", parts, required=("from",))
    own: Schema = {"title": "The person the data is about", "const": "subject"}
    return {"title": "Source", "anyOf": [own, others]}


def _role() -> Schema:
    own: Schema = {"title": "The organisation decides", "const": "controller"}
    reached = contact("How to reach them")
    joint: dict[str, Schema] = {
        "joint_with": ref("text", "Joint controller", _PROPER),
        "arrangement": ref("text", "Essence of the arrangement, Art. 26(2)"),
        "contact": reached,
    }
    processor: dict[str, Schema] = {
        "processor_for": ref("text", "Controller", _PROPER),
        "contract": ref("text", "Contract, Art. 28(3)", _PROPER),
        "contact": reached,
    }
    return {
        "title": "Role",
        "anyOf": [
            own,
            keys("Joint controllers", "Art. 26.", joint, required=("joint_with", "arrangement")),
            keys("Processor", "Art. 28.", processor, required=("processor_for", "contract")),
        ],
    }


def _basis() -> Schema:
    interests: dict[str, Schema] = {
        "interest": ref("text", "Interest"),
        "assessed_on": ref("date", "Day of the balancing test"),
    }
    assessed = keys("Assessed", "Interest and date.", interests, required=("interest",))
    kinds: dict[BasisKind, Schema] = {
        "consent": ref("word"),
        "contract": ref("text"),
        "legal_obligation": ref("citation"),
        "vital_interests": ref("text"),
        "public_task": ref("citation"),
        "legitimate_interests": {"anyOf": [assessed, ref("text")]},
    }
    with_kind: list[Schema] = [
        keys(
            _BASIS_TITLES[kind],
            "",
            {kind: {"title": _BASIS_TITLES[kind], **kinds[kind]}, **_extras()},
            required=(kind,),
        )
        for kind in KINDS
    ]
    return one_key("Basis", "On what in law it rests.", with_kind)


def _extras() -> dict[str, Schema]:
    return {
        "special": _special(),
        "criminal": ref("citation", "Law that allows data of Art. 10"),
        "national_id": ref("citation", "Law that allows national identification numbers"),
    }


def _special() -> Schema:
    def value(kind: SpecialKind) -> Schema:
        title = _SPECIAL_TITLES[kind]
        if kind == "consent":
            return ref("word", title)
        return ref("text" if kind in IN_WORDS else "citation", title)

    conditions = [
        keys(_SPECIAL_TITLES[kind], "", {kind: value(kind)}, required=(kind,))
        for kind in SPECIAL_KINDS
    ]
    return one_key("Condition of Art. 9(2)", "For special categories.", conditions)


def _consent() -> Schema:
    parts: dict[str, Schema] = {
        "purpose": ref("text", "Purpose"),
        "text": ref("text", "Text", "What the person says yes to."),
        "version": ref("word", "Version of the text"),
        "expires": ref("period", "Lapses after"),
    }
    return keys("Consent", "What people are asked.", parts, required=("purpose", "text"))


def _cap() -> Schema:
    shared: dict[str, Schema] = {
        "about": ref("names", "About", "Groups of people."),
        "data": ref("categories", "Data", "Every category where it is left out."),
        "after": ref("clocks"),
        "unless": ref("names", "Unless", f"Activities, or holds: {', '.join(HOLD_KINDS)}."),
        "for": ref("period", "At most"),
    }
    own = keys("A limit of one's own", "", shared, required=("about", "for", "after"))
    of_law = keys("A limit by law", "", shared | {"law": ref("fact")}, required=("about", "law"))
    return one_key("Cap", "A limit to data, whatever the reason to keep it.", [own, of_law])


def _party(title: str) -> Schema:
    parts: dict[str, Schema] = {
        "name": ref("text", "Name", _PROPER),
        "does": ref("text", "What it does"),
        "country": {"title": "Country", "type": "string", "pattern": "^[A-Z]{2}$"},
        "agreement": ref("word", "Agreement, Art. 28(3)"),
        "agreed_on": ref("date", "Agreed on"),
        "transfer": ref("text", "On what a transfer out of the EEA rests"),
    }
    return keys(title, "Another organisation.", parts, required=("name",))


def _document() -> Schema:
    endings = "|".join(FILE_ENDINGS)
    parts: dict[str, Schema] = {
        "title": ref("text", "Title"),
        "file": {
            "title": "File",
            "description": "In the workspace, {lang} for the language; given out with the notice.",
            "type": "string",
            "pattern": rf"\.({endings})$",
        },
        "web": {
            "title": "Address",
            "description": "Where people read it, {lang} for the language.",
            "type": "string",
            "pattern": f"^{WEB_PATTERN}$",
        },
        "about": ref("names", "About", "Groups it is for; everybody where it is left out."),
    }
    found = keys("Document", "Another text the notice refers to.", parts, required=("title",))
    return {**found, "anyOf": [{"required": ["file"]}, {"required": ["web"]}]}


def _promise() -> Schema:
    proof: Schema = {
        **keys(
            "Proof",
            "What proves it; several keys must all hold.",
            {kind: _proof(kind) for kind in PROOFS},
        ),
        "minProperties": 1,
    }
    parts: dict[str, Schema] = {
        "id": ref("word", "Id"),
        "says": ref("text", "What is promised"),
        "proof": {
            "title": "Proof",
            "anyOf": [proof, {"type": "array", "items": proof, "minItems": 1}],
        },
    }
    return keys("Promise", "One thing that must be kept.", parts, required=tuple(parts))


def _proof(kind: ProofKind) -> Schema:
    title = _PROOF_TITLES[kind]
    part: Schema = {"type": "string", "pattern": r"^[^.\s][^.]*\.[^.]*[^.\s]$"}
    if kind == "attest":
        return ref("attest", title)
    if kind == "case":
        return {"title": title, **one_or_more({"enum": [*RIGHTS]})}
    if kind in ("setting", "task"):
        return {"title": title, **one_or_more(part)}
    if kind == "only":
        return keys(
            title, "", {"table": part, "data": ref("categories")}, required=("table", "data")
        )
    return ref("names", title)
