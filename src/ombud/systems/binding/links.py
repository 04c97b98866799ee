"""Are the links of the map the foreign keys of the database, and can a row be erased along them?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ombud.document import listed, quoted
from ombud.errors import Finding
from ombud.systems.binding.view import Bound, Pair, Physical, found
from ombud.systems.live import ColumnType, LiveForeignKey, LiveTable
from ombud.systems.model import Link, System
from ombud.systems.stub import one_line, yaml_name

Pairs = frozenset[tuple[str, str]]

_NUMBERS: Final = frozenset[ColumnType](["integer", "number"])
_TIMES: Final = frozenset[ColumnType](["date", "local_timestamp", "instant"])


def _pairs(bound: Bound, child: LiveTable, key: LiveForeignKey) -> Pairs:
    """Return the column pairs of a foreign key; without parent columns it means the key."""
    parent = bound.live.get(_parent(bound, child, key))
    referred = key.parent_columns or (parent.key if parent else ())
    return frozenset(zip(key.columns, referred, strict=False))


def _parent(bound: Bound, child: LiveTable, key: LiveForeignKey) -> Physical:
    schema = key.parent_schema or bound.physical(child)[0]
    schema = "" if schema == bound.schema.default_schema else schema
    return (schema, key.parent)


def forgotten(bound: Bound) -> Iterator[Finding]:
    """Yield foreign keys of the database that are not on the map and touch a table that is.

    A link with `when` is none of them: the foreign key binds the rows that it leaves out, too, and
    its ON DELETE rule would act on them unseen.
    """
    on_map = {
        (k.child, k.parent, frozenset(k.columns)): bool(k.when)
        for k in sorted(bound.system.links.values(), key=lambda k: not k.when)
    }
    for physical, live in bound.live.items():
        for key in live.foreign_keys:
            parent = _parent(bound, live, key)
            child_id, parent_id = bound.mapped.get(physical), bound.mapped.get(parent)
            if child_id is None and parent_id is None:
                continue
            if child_id is not None and parent_id is not None:
                pairs = _pairs(bound, live, key)
                in_part = on_map.get((child_id, parent_id, pairs))
                if in_part is not False:
                    yield _not_on_map(bound, child_id, parent_id, key, pairs, bool(in_part))
            elif parent_id is not None:
                yield _child_not_on_map(bound, live, physical, key, parent_id)
            elif child_id is not None:
                yield _parent_not_on_map(bound, child_id, key, parent)


def _says(child: str, key: LiveForeignKey, parent: str, in_part: bool = False) -> str:
    columns = quoted(f"{child}.{', '.join(key.columns)}")
    how = "is on the map for some rows only" if in_part else "is not on the map"
    return f"foreign key {columns} to {quoted(parent)} {how}"


def _not_on_map(
    bound: Bound, child: str, parent: str, key: LiveForeignKey, pairs: Pairs, in_part: bool
) -> Finding:
    ordered = [(own, referred) for own in key.columns for o, referred in pairs if o == own]
    table = bound.system.tables[parent]
    taken = f"{child}.{parent}" in bound.system.links
    plain = tuple(referred for _, referred in ordered) == table.key and not taken
    own = [yaml_name(column) for column, _ in ordered]
    columns = own[0] if len(own) == 1 else f"[{', '.join(own)}]"
    if plain:
        line = f"{parent}: {columns}"
    else:
        each = ", ".join(f"{yaml_name(a)}: {yaml_name(b)}" for a, b in ordered)
        name = "_".join(key.columns).removesuffix("_id")
        name = f"{name}_link" if name in bound.system.tables else name
        line = f"{name}: {{table: {parent}, columns: {{{each}}}}}"
    help = f"add `refers_to: {{{line}}}` to {quoted(child)}"
    help += ", or `belongs_to:` where the parent's grounds cover it too"
    if in_part:
        help += "; or take out `when:` of the link that is there"
    says = _says(child, key, parent, in_part)
    return found(bound.system.tables[child].where, "Z30", says, help)


def _child_not_on_map(
    bound: Bound, live: LiveTable, physical: Physical, key: LiveForeignKey, parent: str
) -> Finding:
    where = bound.system.tables[parent].where
    help = f"add the table and its link to the map: {one_line(live, physical[0])} with"
    help += f" `refers_to: {{{parent}: {', '.join(key.columns)}}}`"
    if key.on_parent_gone == "cascade":
        says = f"erasing a row of {quoted(parent)} erases rows of {quoted(live.name)}"
        return found(where, "Z34", f"{says}, which is not on the map", help)
    return found(where, "Z30", _says(live.name, key, parent), help)


def _parent_not_on_map(bound: Bound, child: str, key: LiveForeignKey, parent: Physical) -> Finding:
    live = bound.live.get(parent)
    stub = one_line(live, parent[0]) if live else quoted(key.parent)
    help = f"add {stub} under `tables:`, and `refers_to: {{{key.parent}:"
    help += f" {', '.join(key.columns)}}}` to {quoted(child)}"
    where = bound.system.tables[child].where
    return found(where, "Z30", _says(child, key, key.parent), help, severity="warning")


def along(bound: Bound) -> Iterator[Finding]:
    """Yield what stands in the way of following the links of the map."""
    for link, child, parent in bound.links():
        if all(own in child.live.columns for own, _ in link.columns):
            yield from _index(bound, link, child)
        yield from _one_parent(link, parent)
        yield from _comparable(bound, link, child, parent)
        yield from _declared(bound, link, child)


def _index(bound: Bound, link: Link, child: Pair) -> Iterator[Finding]:
    columns = tuple(own for own, _ in link.columns)
    fixed = tuple(column for column, _ in link.when)
    if any(_serves(index, columns, fixed) for index in child.live.indexes):
        return
    rows = child.live.rows_about
    size = f" of about {rows} rows" if rows else ""
    says = f"link {quoted(link.id)}{size} has no index on {listed(columns)}"
    law = ("GDPR Art. 32(1)",)
    yield found(link.where, "Z31", says, bound.create_index(child.live, columns), law=law)


def _serves(index: tuple[str, ...], columns: tuple[str, ...], fixed: tuple[str, ...]) -> bool:
    """Return whether an index finds the children: it begins with the link's columns, in any order.

    Columns that the link fixes to a value may stand between them.
    """
    begun: set[str] = set()
    for column in index:
        if column not in columns and column not in fixed:
            break
        begun.add(column)
    return set(columns) <= begun


def _one_parent(link: Link, parent: Pair) -> Iterator[Finding]:
    referred = {column for _, column in link.columns}
    ways = [set(columns) for columns in (parent.live.key, *parent.live.unique) if columns]
    if not any(way <= referred for way in ways):
        says = (
            f"{listed(sorted(referred))} of {quoted(link.parent)} can be the same in several rows"
        )
        help = f"let link {quoted(link.id)} refer to a key or unique columns of it"
        yield found(link.where, "Z36", says, help)


def _comparable(bound: Bound, link: Link, child: Pair, parent: Pair) -> Iterator[Finding]:
    """Yield columns of a link that the database cannot compare, or takes for equal too easily."""
    for own, referred in link.columns:
        one, other = child.live.columns.get(own), parent.live.columns.get(referred)
        if one is None or other is None or _alike(bound, one.type, other.type):
            continue
        says = (
            f"{quoted(f'{link.child}.{own}')} is {quoted(one.type_text)}, and "
            f"{quoted(f'{link.parent}.{referred}')}, to which it is linked, is "
            f"{quoted(other.type_text)}"
        )
        help = f"link by columns of one type: a generated column of {quoted(link.child)} can turn"
        help += f" {quoted(own)} into {quoted(other.type_text)}"
        yield found(link.where, "Z37", says, help)


def _alike(bound: Bound, one: ColumnType, other: ColumnType) -> bool:
    """Return whether values of two types can be compared as what they are.

    SQLite turns a text into the number it holds, by itself. PostgreSQL refuses, and MariaDB takes
    the text `12x` for the number 12.
    """
    dialect = bound.schema.dialect
    if one == other or dialect == "sqlite" or "other" in (one, other):
        return True
    if dialect == "mariadb":
        return not ({one, other} & _NUMBERS and "text" in (one, other))
    return {one, other} <= _NUMBERS or {one, other} <= _TIMES


def _declared(bound: Bound, link: Link, child: Pair) -> Iterator[Finding]:
    keys = [
        key
        for key in child.live.foreign_keys
        if bound.mapped.get(_parent(bound, child.live, key)) == link.parent
        and _pairs(bound, child.live, key) == frozenset(link.columns)
    ]
    if not keys:
        says = f"link {quoted(link.id)} is no foreign key in the database"
        help = "nothing to do: Ombud keeps the two together, others need not"
        yield found(link.where, "Z32", says, help, severity="info")
    for key in keys:
        if key.on_parent_gone in ("set_null", "set_default"):
            says = f"erasing a row of {quoted(link.parent)} changes {listed(key.columns)} of"
            help = "nothing to do where Ombud erases children first"
            yield found(link.where, "Z35", f"{says} {quoted(link.child)}", help, severity="info")


def alone(bound: Bound) -> Iterator[Finding]:
    """Yield tables of which a row that belongs to nobody stays for ever."""
    for pair in bound.pairs.values():
        table = pair.table
        if table.columns or table.serves or table.when_due != "erase":
            continue
        up = [link for link, child, _ in bound.links() if link.follows and child is pair]
        empty = [
            own
            for link in up
            for own, _ in link.columns
            if (column := pair.live.columns.get(own)) is not None and column.nullable
        ]
        if up and len({own for link in up for own, _ in link.columns} - {*empty}) == 0:
            names = listed(empty)
            says = f"rows of {quoted(table.id)} without {names} belong to nobody, and stay"
            help = f"let {names} not be NULL, or erase such rows where they are made"
            yield found(up[0].where, "Z08", says, help, severity="info", law=("GDPR Art. 5(1)(e)",))


def circles(system: System) -> Iterator[Finding]:
    """Yield links that go round: from a table to itself, or over others back to it."""
    reach = {table: _reached(system, table) for table in system.tables}
    told: set[frozenset[str]] = set()
    for link in system.links.values():
        if link.child == link.parent:
            says = f"link {quoted(link.id)} goes from the table to itself"
            yield found(link.where, "Z33", says, severity="info")
        elif link.child in reach[link.parent]:
            ring = frozenset(
                t for t in reach[link.child] if link.child in reach[t] and t in reach[link.child]
            )
            if ring not in told:
                told.add(ring)
                says = f"links go round in a circle over {listed(sorted(ring))}"
                yield found(link.where, "Z33", says, severity="info")


def _reached(system: System, table: str) -> set[str]:
    """Return the tables that links lead to from a table; itself only where they come back."""
    found: set[str] = set()
    left = [table]
    while left:
        here = left.pop()
        for link in system.links.values():
            if link.child == here and link.parent not in found and link.parent != here:
                found.add(link.parent)
                left.append(link.parent)
    return found
