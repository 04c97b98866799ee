"""What does a policy file say? Text to `Policy`, or everything that is wrong in it at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from ombud.document import Document, Fields, Node, quoted, read_document
from ombud.policy.builtin import CLOCKS, CONSENT_GIVEN, CONSENT_WITHDRAWN, HOLD_KINDS
from ombud.policy.model import Organisation, Policy, Text
from ombud.policy.parse.activities import read_activity, read_cap
from ombud.policy.parse.documents import read_other_document
from ombud.policy.parse.names import Known
from ombud.policy.parse.organisation import (
    read_categories,
    read_consent,
    read_organisation,
    read_party,
    read_titles,
)
from ombud.policy.parse.promises import read_promises
from ombud.policy.parse.sentences import compare_sentences

__all__ = ["parse_policy"]

ROOT_KEYS: Final = (
    "organisation",
    "subjects",
    "categories",
    "clocks",
    "activities",
    "consents",
    "caps",
    "processors",
    "recipients",
    "security",
    "documents",
    "hold_kinds",
    "promises",
)


def parse_policy(text: str | bytes, file: str, on: date) -> Policy:
    """Return the policy that a file says.

    What keeps nobody from using it (a text missing in a language, a clock that nothing uses) is
    in its `warnings`. Names of tables and settings are not looked at: `bind` does.

    Args:
        text: The file, as text or as its bytes in UTF-8.
        file: Name as the writer knows it, relative to the workspace.
        on: The day at which the facts of law are read.

    Raises:
        WrittenWrong: The file has errors; it carries all findings, sorted by place.
    """
    document = read_document(text, file)
    root = document.root.fields(*ROOT_KEYS)
    organisation = read_organisation(root.required("organisation", "{name: …}"))
    languages = organisation.languages
    own_holds = read_titles(root.optional("hold_kinds"), languages, plain=True)
    known = _known(root, organisation, [*HOLD_KINDS, *own_holds], on)
    subjects = read_titles(root.optional("subjects"), languages, plain=False)
    declared = read_titles(root.optional("clocks"), languages, plain=True)
    consents = _each(root, "consents")
    activities = root.required("activities", "{events: …}", law=("GDPR Art. 30(1)",))
    policy = Policy(
        file=file,
        organisation=organisation,
        subjects=subjects,
        categories=known.categories,
        activities={id: read_activity(known, id, node) for id, node in activities.entries()},
        consents={id: read_consent(known, id, node) for id, node in consents},
        caps={id: read_cap(known, id, node) for id, node in _each(root, "caps")},
        processors={id: read_party(known, id, node) for id, node in _each(root, "processors")},
        recipients={id: read_party(known, id, node) for id, node in _each(root, "recipients")},
        hold_kinds={**HOLD_KINDS, **own_holds},
        promises=read_promises(known, root.optional("promises")),
        clocks=_clocks(declared, known.used_clocks),
        source_digest=document.digest(),
        security=tuple(known.text(each) for each in root.optional("security").items()),
        names=known.names,
        documents={id: read_other_document(known, id, n) for id, n in _each(root, "documents")},
    )
    _names_are_free(root, own_holds, known.activities)
    if not document.findings.any_error:  # a reference that is broken is no sign of a lost clock
        _clocks_are_used(document, root.optional("clocks"), known.used_clocks)
        compare_sentences(policy, document.findings)
    return replace(policy, warnings=document.findings.refuse_errors())


def _each(root: Fields, key: str) -> list[tuple[str, Node]]:
    return root.optional(key).entries()


def _known(root: Fields, organisation: Organisation, holds: Collection[str], on: date) -> Known:
    names = {key: root.optional(key).keys() for key in ROOT_KEYS}
    return Known(
        on=on,
        country=organisation.country,
        languages=organisation.languages,
        subjects=names["subjects"],
        categories=read_categories(root.optional("categories"), organisation.languages),
        clocks=names["clocks"],
        consents=names["consents"],
        activities=names["activities"],
        caps=names["caps"],
        processors=names["processors"],
        recipients=names["recipients"],
        hold_kinds=holds,
        documents=names["documents"],
    )


def _clocks(declared: Mapping[str, Text], used: Collection[str]) -> Mapping[str, Text]:
    """Return the declared clocks and those that law or a consent brought along."""
    brought = {
        name: CLOCKS.get(name, {"en": name.replace("_", " ")})
        for name in used
        if name and name not in declared
    }
    return {**declared, **brought}


def _names_are_free(root: Fields, holds: Mapping[str, Text], activities: Collection[str]) -> None:
    """Record names that stand for something else already."""
    for id, node in root.optional("hold_kinds").entries():
        if id in activities:
            says = f"{quoted(id)} is an activity, and cannot be a kind of hold too"
            node.wrong_key("Y42", says, f"call it `{id}_hold`")
    for id, node in root.optional("clocks").entries():
        if id in (CONSENT_GIVEN, CONSENT_WITHDRAWN):
            says = f"{quoted(id)} is built in, and cannot be a clock of your own"
            node.wrong_key("Y42", says, "take it out")


def _clocks_are_used(document: Document, clocks: Node, used: Collection[str]) -> None:
    for name, node in clocks.entries():
        if name not in used:
            document.findings.add(
                node.named_at,
                "Y40",
                f"clock {quoted(name)} is declared, and nothing uses it",
                help="take it out, or write it after `after:` or `begins:`",
                severity="warning",
            )
