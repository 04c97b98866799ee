"""What is said of a table that needs no other table: its key, its columns, whom they are about?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ombud.document import Fields, Node, listed, quoted
from ombud.policy.model import Policy
from ombud.systems.model import Blank, Column
from ombud.systems.parse.scope import Outline

TABLE_KEYS: Final = (
    "name",
    "schema",
    "key",
    "belongs_to",
    "refers_to",
    "clocks",
    "serves",
    "caps",
    "subjects",
    "columns",
    "not_personal",
    "when_due",
)
COLUMN_KEYS: Final = ("holds", "subject", "mentions", "blank")
NOT_PERSONAL: Final = "none"
"""Written for a column that holds no personal data, where others have their category."""


def read_outline(policy: Policy, id: str, node: Node) -> Outline:
    """Return a table as far as it can be read by itself; what is wrong in it was recorded."""
    fields = node.fields(*TABLE_KEYS)
    subjects = fields.optional("subjects").keys()
    columns: dict[str, Column] = {}
    not_personal: list[str] = []
    for name, written in fields.optional("columns").entries(any_name=True):
        if not written.has_keys and written.written == NOT_PERSONAL:
            not_personal.append(name)
        else:
            columns[name] = _column(policy, id, name, written, subjects)
    not_personal += _not_personal(fields.optional("not_personal"), columns)
    return Outline(
        id=id,
        node=node,
        fields=fields,
        key=_key(fields),
        columns=columns,
        not_personal=tuple(dict.fromkeys(not_personal)),
        subjects=subjects,
    )


def _key(fields: Fields) -> tuple[str, ...]:
    return fields.optional("key").names(what="column") or ("id",)


def _not_personal(node: Node, columns: Mapping[str, Column]) -> list[str]:
    found = []
    for item in node.items(or_one=True) if node.present else []:
        name = item.text()
        if name in columns:
            at = columns[name].where
            says = f"column {quoted(name)} is both personal, at {at.line}:{at.column}, and not"
            item.wrong("Y91", says, "take it out of one of the two")
        elif name in found:
            item.wrong("Y22", f"{quoted(name)} is named twice", "take one out")
        elif name:
            found.append(name)
    return found


def _column(policy: Policy, table: str, name: str, node: Node, subjects: Sequence[str]) -> Column:
    known = (*policy.categories, NOT_PERSONAL)
    if not node.has_keys:
        categories = node.names(known, "category")
        return Column(name, node.named_at, categories, _subject(None, node, table, subjects))
    fields = node.fields(*COLUMN_KEYS)
    categories = fields.required("holds", "name").names(policy.categories, "category")
    mentions = fields.optional("mentions")
    mentions.one_of(("others",), "others")
    return Column(
        name=name,
        where=node.named_at,
        categories=categories,
        subject=_subject(fields.optional("subject"), node, table, subjects),
        blank=_blank(fields.optional("blank")),
        mentions_others=mentions.present,
    )


def _subject(written: Node | None, column: Node, table: str, subjects: Sequence[str]) -> str:
    """Return whom a column is about: what is written, or the only subject of the table."""
    if written is not None and written.present:
        if subjects:
            return written.known(subjects, "subject")
        says = f"unknown subject {quoted(written.text())}: {quoted(table)} names no subjects"
        written.wrong("Y26", says, f"add `subjects: {{{written.text()}: {{email: email}}}}`")
        return ""
    if len(subjects) > 1:
        category = column.written or (column.name if column.is_list else "…")
        says = f"column {quoted(column.name)} does not say which subject it is about"
        help = f"write `{column.name}: {{holds: {category}, subject: {subjects[0]}}}`"
        help += f" with one of {listed(subjects)}"
        column.wrong_key("Y92", says, help)
        return ""
    return subjects[0] if subjects else ""


def _blank(node: Node) -> Blank:
    if not node.present or node.value is None:
        return Blank()
    kind, value = node.fields("value", "unique").one_key("value", "unique")
    if kind == "value":
        return Blank("value", value.scalar())
    text = value.text()
    if text and "{key}" not in text:
        says = f"a blank value that is the same in every row: {quoted(text)}"
        value.wrong("Y93", says, f'write `{{key}}` in it, for example `unique: "{text}-{{key}}"`')
    return Blank("unique", text) if kind else Blank()
