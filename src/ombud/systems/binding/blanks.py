"""Can a field be blanked as the map says, without the database refusing or telling rows apart?"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Final

from ombud.document import listed, quoted
from ombud.errors import Finding
from ombud.policy.model import Policy
from ombud.systems.binding.clocks import can_be
from ombud.systems.binding.view import Bound, Pair, found
from ombud.systems.live import ColumnType, LiveColumn
from ombud.systems.model import Column, System, Table
from ombud.systems.predicate import Scalar
from ombud.systems.stub import KEY, PLACEHOLDERS, placeholder, yaml_name
from ombud.systems.walk import covering

_READERS: Final[Mapping[ColumnType, Callable[[str], object]]] = {
    "date": date.fromisoformat,
    "local_timestamp": datetime.fromisoformat,
    "instant": datetime.fromisoformat,
    "time": time.fromisoformat,
    "json": json.loads,
}
_UUID_FORM: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DIGITS: Final = {"SMALLINT": 5, "TINYINT": 3, "MEDIUMINT": 8, "INTEGER": 10, "INT": 10}
_DIGITS_MAX: Final = 19  # of the largest 64-bit number


def blanks(policy: Policy, bound: Bound) -> Iterator[Finding]:
    """Yield personal columns that cannot be blanked as the map says."""
    for pair in bound.pairs.values():
        alone = blanked_alone(policy, bound.system, pair.table)
        for column in pair.table.columns.values():
            live = pair.live.columns.get(column.name)
            if live is not None:
                yield from _of_column(bound, pair, column, live, alone=alone)


def blanked_alone(policy: Policy, system: System, table: Table) -> bool:
    """Return whether a field of the table can be blanked in a row that stays.

    It cannot where every field is kept by the same activities under the same caps, about one
    subject, and nothing keeps the row as a skeleton: then the row is erased as a whole.
    """
    if table.when_due == "statistics" or len(table.subjects) > 1:
        return True
    if any(link.parent == table.id and link.keeps_parent for link in system.links.values()):
        return True
    return len({_kept_by(policy, system, table, c) for c in table.columns.values()}) > 1


def _kept_by(policy: Policy, system: System, table: Table, column: Column) -> frozenset[object]:
    """Return what keeps a column, per category: activities, caps, and consents of its own."""
    return frozenset(
        (
            frozenset(covering(policy, system, table, column, category)),
            frozenset(
                cap
                for cap in table.caps
                if not policy.caps[cap].data or category in policy.caps[cap].data
            ),
            policy.categories[category].kind == "special",
        )
        for category in column.categories
    )


def _of_column(
    bound: Bound, pair: Pair, column: Column, live: LiveColumn, *, alone: bool
) -> Iterator[Finding]:
    name = quoted(f"{pair.table.id}.{column.name}")
    if live.generated:
        says = f"{name} is computed by the database, and blank when what it is made of is"
        yield found(column.where, "Z54", says, severity="info")
        return
    if column.name in pair.table.key:
        says = f"{name} is part of the key, and stays as long as its row"
        help = "give the table a key that says nothing about people, such as a number"
        law = ("GDPR Art. 5(1)(c)",)
        yield found(column.where, "Z55", says, help, severity="warning", law=law)
        return
    yield from _link_column(bound, pair, column)
    if column.blank.kind == "null" and not live.nullable and alone:
        says = f"{name} cannot be NULL, and is blanked with NULL"
        yield found(column.where, "Z50", says, _placeholder(bound, pair, column, live))
    elif column.blank.kind == "value" and column.blank.value is not None:
        yield from _constant(bound, pair, column, live, column.blank.value)
    elif column.blank.kind == "unique":
        yield from _unique(bound, pair, column, live)


def _is_unique(pair: Pair, column: Column) -> bool:
    return (column.name,) in pair.live.unique


def _holds(column: Column) -> str:
    names = ", ".join(column.categories)
    return names if len(column.categories) == 1 else f"[{names}]"


def _placeholder(bound: Bound, pair: Pair, column: Column, live: LiveColumn) -> str:
    """Return the help for a column that needs a placeholder: one that its type can have."""
    if column.name in pair.own_link_columns:
        return f"{_alter_null(bound, pair, live)} for no placeholder is a row of its parent"
    referred = any(
        column.name in (parent for _, parent in link.columns)
        for link in bound.system.links.values()
        if link.parent == pair.table.id
    )
    unique = _is_unique(pair, column) or referred
    blank = placeholder(live, unique=unique, email="email" in column.categories)
    if not blank:
        return _alter_null(bound, pair, live)
    says_nothing = ", if that says nothing" if live.type == "enum" else ""
    entry = f"{yaml_name(column.name)}: {{holds: {_holds(column)}, blank: {blank}}}"
    return f"write `{entry}`{says_nothing}"


def _alter_null(bound: Bound, pair: Pair, live: LiveColumn) -> str:
    table, column = bound.sql_name(pair.live), bound.quote(live.name)
    if bound.schema.dialect == "postgresql":
        return f"ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL;"
    if bound.schema.dialect == "mariadb":
        return f"ALTER TABLE {table} MODIFY {column} {live.type_text} NULL;"
    return f"let {column} of {table} be NULL"


def _link_column(bound: Bound, pair: Pair, column: Column) -> Iterator[Finding]:
    for link in bound.system.links.values():
        own = [a for a, b in link.columns if link.child == pair.table.id]
        own += [b for a, b in link.columns if link.parent == pair.table.id]
        if column.name in own:
            says = f"{quoted(f'{pair.table.id}.{column.name}')} is part of the link"
            says += f" {quoted(link.id)}, which is cut when it is blanked"
            help = "link by a number that says nothing about people, and list that as not personal"
            yield found(column.where, "Z56", says, help, severity="warning")
    if column.name in pair.own_link_columns and column.blank.kind != "null":
        says = f"{quoted(f'{pair.table.id}.{column.name}')} is a foreign key"
        says += ", and its blank value is no row of the parent"
        help = f"write `{yaml_name(column.name)}: {{holds: {_holds(column)}}}`: blanked with NULL"
        yield found(column.where, "Z53", says, help)


def _constant(
    bound: Bound, pair: Pair, column: Column, live: LiveColumn, value: Scalar
) -> Iterator[Finding]:
    name, shown = quoted(f"{pair.table.id}.{column.name}"), quoted(value if value != "" else '""')
    if _is_unique(pair, column):
        says = f"{name} is unique, and would be {shown} in every row that is blanked"
        yield found(column.where, "Z51", says, _placeholder(bound, pair, column, live))
    if isinstance(value, str) and live.length_max is not None and len(value) > live.length_max:
        says = f"{shown} is longer than {name}, which holds {live.length_max} characters"
        yield found(column.where, "Z52", says, f"write at most {live.length_max} characters")
    loose = bound.schema.dialect != "postgresql"
    if not can_be(live, value, loose=loose) or not _readable(live, value):
        says = f"{name} cannot be {shown}, it is {quoted(live.type_text)}"
        if live.type == "enum":
            help = f"write one of {listed(live.enum_values)}"
        else:
            help = f"write `blank: {{value: {PLACEHOLDERS.get(live.type, '…')}}}`"
        yield found(column.where, "Z53", says, help)


def _readable(live: LiveColumn, value: Scalar) -> bool:
    """Return whether a text can be read as the column's type."""
    if not isinstance(value, str):
        return True
    if live.type == "uuid":
        return bool(_UUID_FORM.fullmatch(value))
    try:
        _READERS.get(live.type, str)(value)
    except ValueError:
        return False
    return True


def _unique(bound: Bound, pair: Pair, column: Column, live: LiveColumn) -> Iterator[Finding]:
    name, text = quoted(f"{pair.table.id}.{column.name}"), str(column.blank.value)
    key = [pair.live.columns.get(part) for part in pair.table.key]
    if live.type != "text":
        same = len(key) == 1 and key[0] is not None and _same_kind(key[0].type, live.type)
        if text != KEY or not same:
            says = f"{name} is {quoted(live.type_text)}, and cannot be {quoted(text)}"
            help = "let the column be NULL" if not same else f'write `blank: {{unique: "{KEY}"}}`'
            yield found(column.where, "Z53", says, help)
        return
    longest = _longest(text, [part for part in key if part is not None])
    if live.length_max is not None and longest is not None and longest > live.length_max:
        says = f"{quoted(text)} can be {longest} characters long, and {name} holds"
        says += f" {live.length_max}"
        yield found(column.where, "Z52", says, f'write a shorter text, for example `"x{KEY}"`')


def _same_kind(key: ColumnType, column: ColumnType) -> bool:
    numbers = ("integer", "number")
    return (key in numbers and column in numbers) or (key == column == "uuid")


def _longest(text: str, key: list[LiveColumn]) -> int | None:
    """Return how long a placeholder can become; None where a part of the key has no limit."""
    parts = [_width(part) for part in key]
    if any(part is None for part in parts):
        return None
    joined = sum(part for part in parts if part is not None) + len(parts) - 1
    return len(text.replace(KEY, "")) + joined * text.count(KEY)


def _width(column: LiveColumn) -> int | None:
    if column.type == "integer":
        return _DIGITS.get(column.type_text.upper().split("(")[0].strip(), _DIGITS_MAX)
    widths = {"uuid": 36, "date": 10, "text": column.length_max}
    return widths.get(column.type)
