"""Which rows do a table's rows refer to?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ombud.document import Node, did_you_mean, quoted
from ombud.systems.model import Link
from ombud.systems.parse.scope import Outline
from ombud.systems.predicate import Scalar

KINDS: Final = ("belongs_to", "refers_to")
LINK_KEYS: Final = ("table", "columns", "when", "keeps_parent")


def read_links(tables: Mapping[str, Outline]) -> dict[str, Link]:
    """Return every link of a system by id; what is wrong in them was recorded."""
    links: dict[str, Link] = {}
    for table in tables.values():
        for kind in KINDS:
            for name, node in table.fields.optional(kind).entries():
                link = _link(tables, table, name, node, follows=kind == "belongs_to")
                if link is not None and link.follows and link.parent == link.child:
                    says = f"rows of {quoted(link.child)} cannot belong to rows of the same table"
                    node.wrong_key("Y96", says, "write the link under `refers_to:`")
                if link is not None and _name_is_free(tables, links, link, name, node):
                    links[link.id] = link
    return links


def _link(
    tables: Mapping[str, Outline], child: Outline, name: str, node: Node, *, follows: bool
) -> Link | None:
    if not node.has_keys:
        if name not in tables:
            _unknown_table(tables, name, node)
            return None
        columns = _pairs(node, tables[name])
        return Link(f"{child.id}.{name}", node.named_at, child.id, name, columns, (), follows)
    fields = node.fields(*LINK_KEYS)
    written = fields.optional("table")
    parent = written.known(tables, "table") if written.present else name
    if parent not in tables:
        if not written.present:
            _unknown_table(tables, name, node)
        return None
    columns = _pairs(fields.required("columns", f"{parent.rstrip('s')}_id"), tables[parent])
    return Link(
        id=f"{child.id}.{name}",
        where=node.named_at,
        child=child.id,
        parent=parent,
        columns=columns,
        when=_when(fields.optional("when")),
        follows=follows,
        keeps_parent=fields.optional("keeps_parent").boolean(True),
    )


def _unknown_table(tables: Mapping[str, Outline], name: str, node: Node) -> None:
    stranger = f"{{table: {next(iter(tables))}, columns: {node.written or name + '_id'}}}"
    help = did_you_mean(name, tables)
    if not help.startswith("did"):
        help = f"a link with a name of its own is written `{name}: {stranger}`"
    node.wrong_key("Y26", f"unknown table {quoted(name)}", help)


def _pairs(node: Node, parent: Outline) -> tuple[tuple[str, str], ...]:
    """Return pairs of child and parent columns; the parent's default to its key, in order."""
    if node.has_keys:
        entries = node.entries(any_name=True)
        if not entries:
            node.wrong_key(
                "Y13", f"{quoted(node.name)} is empty", "write `{own: parent's}` columns"
            )
        return tuple((child, written.text()) for child, written in entries)
    children = node.names(what="column")
    if children and len(children) != len(parent.key):
        key = ", ".join(parent.key)
        pairs = ", ".join(f"{column}: {column}" for column in parent.key)
        says = f"the key of {quoted(parent.id)} is {quoted(key)}, and the link has"
        says += f" {quoted(', '.join(children))}"
        node.wrong("Y78", says, f"write a column for each: `{{{pairs}}}`, the own one first")
        return ()
    return tuple(zip(children, parent.key, strict=False))


def _when(node: Node) -> tuple[tuple[str, Scalar], ...]:
    found = []
    for column, written in node.entries(any_name=True):
        value = written.scalar()
        if value is not None:
            found.append((column, value))
    return tuple(found)


def _name_is_free(
    tables: Mapping[str, Outline], links: Mapping[str, Link], link: Link, name: str, node: Node
) -> bool:
    if link.id in links:
        first = links[link.id].where
        says = f"link {quoted(name)} of {quoted(link.child)} is written twice"
        says += f", first at {first.line}:{first.column}"
        help = f"give it a name of its own: `{name}_2: {{table: {link.parent}, columns: …}}`"
        node.wrong_key("Y77", says, help)
        return False
    if name in tables and name != link.parent:
        says = f"link {quoted(name)} of {quoted(link.child)} leads to {quoted(link.parent)}"
        says += ", and another table has its name"
        node.wrong_key("Y77", says, f"call it for example `{name}_of_{link.parent}`")
    return True
