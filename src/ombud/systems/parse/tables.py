"""What does a table hold, once the tables it is linked to are known?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

from ombud.document import Node, did_you_mean, quoted
from ombud.policy.model import Policy
from ombud.systems.identity import SHAPES
from ombud.systems.model import Link, Subject, Table
from ombud.systems.parse.clocks import read_clocks
from ombud.systems.parse.links import read_links
from ombud.systems.parse.outline import read_outline
from ombud.systems.parse.paths import read_row_path
from ombud.systems.parse.scope import Outline, Scope
from ombud.systems.parse.serves import read_caps, read_serves, shared_clocks_are_used
from ombud.systems.predicate import Identifier

WhenDue = Literal["erase", "statistics"]
WHEN_DUE: Final[tuple[WhenDue, ...]] = get_args(WhenDue)
SHARED: Final = "shared"


def read_tables(policy: Policy, node: Node) -> tuple[dict[str, Table], dict[str, Link]]:
    """Return the tables and links of a system; what is wrong in them was recorded."""
    outlines = {id: read_outline(policy, id, written) for id, written in node.entries()}
    links = read_links(outlines)
    tables = {
        id: _table(Scope(policy, outlines, links, id), outline) for id, outline in outlines.items()
    }
    return tables, links


def _table(scope: Scope, outline: Outline) -> Table:
    fields = outline.fields
    shared = read_clocks(scope, fields.optional("clocks"))
    serves, caps = read_serves(scope, shared), read_caps(scope, shared)
    shared_clocks_are_used(scope, serves, caps)
    return Table(
        id=outline.id,
        where=outline.node.named_at,
        name=fields.optional("name").text(outline.id),
        key=outline.key,
        schema=fields.optional("schema").text(),
        serves=serves,
        caps=caps,
        subjects=_subjects(scope),
        columns=outline.columns,
        not_personal=outline.not_personal,
        when_due=fields.optional("when_due").one_of(WHEN_DUE, "erase"),
    )


def _subjects(scope: Scope) -> Mapping[str, Subject]:
    found: dict[str, Subject] = {}
    for name, node in scope.table.fields.optional("subjects").entries():
        entries = node.entries()
        shared = next((n.names(what="local part") for key, n in entries if key == SHARED), ())
        identifiers = tuple(
            identifier
            for kind, written in entries
            if kind != SHARED and (identifier := _identifier(scope, kind, written, shared))
        )
        if node.has_keys and all(key == SHARED for key, _ in entries):
            says = f"nothing tells who {quoted(name)} is"
            node.wrong_key("Y12", says, f"write for example `{name}: {{email: email}}`")
        found[name] = Subject(name, identifiers)
    return found


def _identifier(scope: Scope, kind: str, node: Node, shared: tuple[str, ...]) -> Identifier | None:
    near = did_you_mean(kind, tuple(SHAPES)) if kind not in SHAPES else ""
    if near.startswith("did"):
        says = f"identifiers {quoted(kind)} are compared as they stand"
        node.doubtful("Y95", says, near)
    help = "name people in {tables}, or write a path through parents"
    path = read_row_path(scope, node, help)
    return Identifier(kind, path, shared if kind == "email" else ()) if path else None
