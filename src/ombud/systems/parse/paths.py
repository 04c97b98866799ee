"""Which links and which column does a path mean, seen from a table?"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from ombud.document import Node, did_you_mean, listed, quoted
from ombud.systems.model import Link
from ombud.systems.parse.scope import Scope
from ombud.systems.predicate import Hop, Path

_STEP: Final = re.compile(r"([^\[\]]+)(?:\[([^\[\]]+)\])?")
_BETWEEN: Final = re.compile(r"\.(?![^\[]*\])")


class Step(NamedTuple):
    """One hop, and the table it leads to."""

    hop: Hop
    table: str


class Way(NamedTuple):
    """Hops, and the table they end in."""

    hops: tuple[Hop, ...]
    table: str


def read_path(scope: Scope, node: Node) -> Path | None:
    """Return the path that is written; None: it was found wrong, and that was recorded."""
    text = node.text()
    if not text:
        return None
    if text in scope.table.known:  # a column's name may hold a point
        return Path(text)
    *steps, column = _BETWEEN.split(text)
    way = _way(scope, node, steps)
    if way is None or not _is_known(scope.at(way.table), node, column, alone=not steps):
        return None
    return Path(column, way.hops)


def read_row_path(scope: Scope, node: Node, help: str) -> Path | None:
    """Return a path that ends in at most one row: of the table itself or through parents.

    Args:
        help: What to write instead of a path to many rows; `{path}` and `{tables}`, `{column}`
            stand for what was written and its two parts.
    """
    path = read_path(scope, node)
    if path is None or not ends_in_many(path):
        return path
    text = node.text()
    tables, _, column = text.rpartition(".")
    says = f"{quoted(text)} ends in many rows, and one row is meant"
    node.wrong("Y82", says, help.format(path=text, tables=tables, column=column))
    return None


def read_own_column(scope: Scope, node: Node) -> str:
    """Return the name of a column of the table itself; empty: it was found wrong."""
    text = node.text()
    if "." in text and text not in scope.table.known:
        says = f"a column of {quoted(scope.here)} itself is meant, not {quoted(text)}"
        node.wrong(
            "Y84", says, f"write one of its columns, for example `{scope.table.likely_clock}`"
        )
        return ""
    return text if text and _is_known(scope, node, text, alone=False) else ""


def read_own_columns(scope: Scope, node: Node) -> tuple[str, ...]:
    """Return the columns of a list, each once; empty: one was found wrong."""
    found: list[str] = []
    for item in node.items(or_one=True):
        column = read_own_column(scope, item)
        if column and column in found:
            item.wrong("Y22", f"{quoted(column)} is named twice", "take one out")
        found.append(column)
    return () if "" in found else tuple(dict.fromkeys(found))


def read_way(scope: Scope, node: Node) -> Way | None:
    """Return the hops of a path that ends in a table and names no column."""
    text = node.text()
    return _way(scope, node, _BETWEEN.split(text)) if text else None


def ends_in_many(path: Path) -> bool:
    """Return whether a path can end in several rows."""
    return any(hop.to != "parent" for hop in path.hops)


def _way(scope: Scope, node: Node, steps: list[str]) -> Way | None:
    hops: list[Hop] = []
    for written in steps:
        step = _step(scope, node, written)
        if step is None:
            return None
        hops.append(step.hop)
        scope = scope.at(step.table)
    return Way(tuple(hops), scope.here)


def _step(scope: Scope, node: Node, written: str) -> Step | None:
    """Return where one step leads; a name of a link on the child's side always means that link."""
    match = _STEP.fullmatch(written)
    if match is None:
        node.wrong("Y79", f"not a step of a path: {quoted(written)}", "write `table[link].column`")
        return None
    name, link_name = match.groups()
    named = scope.links.get(f"{scope.here}.{name}")
    if named is not None and link_name is None:
        return _to_parent(named)
    found = [s for s in _joined(scope, name) if link_name in (None, _short(s.hop.link))]
    if len(found) > 1 and link_name is not None:  # both tables have a link of that name
        found = [step for step in found if step.hop.to == "children"]
    if len(found) == 1:
        return found[0]
    if found:
        ways = [_spelt(step) for step in found]
        says = f"{quoted(written)} can mean {listed(ways)} of {quoted(scope.here)}"
        node.wrong("Y80", says, f"write `{ways[0]}` or `{ways[1]}` as the step")
    else:
        _nowhere(scope, node, written)
    return None


def _joined(scope: Scope, other: str) -> list[Step]:
    """Return every single step from the table to another one."""
    up = [_to_parent(link) for link in scope.up(scope.here) if link.parent == other]
    down = [_to_children(link) for link in scope.down(scope.here) if link.child == other]
    return [*up, *down]


def _nowhere(scope: Scope, node: Node, written: str) -> None:
    steps = [_to_parent(link) for link in scope.up(scope.here)]
    steps += [_to_children(link) for link in scope.down(scope.here)]
    names = tuple(dict.fromkeys([s.table for s in steps] + [_spelt(s) for s in steps]))
    bare = written.partition("[")[0]
    here = quoted(scope.here)
    if bare in scope.tables:
        says = f"no link joins {here} and {quoted(bare)}"
        says += f": {quoted(written)}" if bare != written else ""
        help = f"from {here} a path can go on with {listed(names)}"
        if not names:
            help = f"add a link to {here}, such as `refers_to: {{{bare}: {_one(bare)}_id}}`"
    else:
        says = f"{quoted(written)} is neither a table nor a link of {here}"
        help = did_you_mean(written, names)
        if not names:
            help = f"add the table {quoted(bare)}, with a link such as"
            help += f" `refers_to: {{{scope.here}: {_one(scope.here)}_id}}`"
    node.wrong("Y79", says, help)


def _one(table: str) -> str:
    return table.removesuffix("s")


def _is_known(scope: Scope, node: Node, column: str, *, alone: bool) -> bool:
    """Return whether a column is on the map; if it is not, that is a finding."""
    known = (*scope.table.known, *_link_columns(scope))
    if column in known:
        return True
    says = f"column {quoted(column)} of {quoted(scope.here)} is not on the map"
    near = did_you_mean(column, known)
    tables = {step.table for step in map(_to_children, scope.down(scope.here))}
    if alone and (column in scope.tables or column in tables):
        says = f"{quoted(column)} is a table, and a path ends with a column"
        near = f"write `{column}.{scope.tables[column].likely_clock}`"
    elif not near.startswith("did"):
        near = f"add `{column}` to `not_personal:` of {quoted(scope.here)}"
        near += ", or with its category to `columns:`"
    node.wrong("Y81", says, near)
    return False


def _link_columns(scope: Scope) -> tuple[str, ...]:
    own = [child for link in scope.up(scope.here) for child, _ in link.columns]
    own += [column for link in scope.up(scope.here) for column, _ in link.when]
    referred = [parent for link in scope.down(scope.here) for _, parent in link.columns]
    return (*own, *referred)


def _to_parent(link: Link) -> Step:
    return Step(Hop(link.id, "parent"), link.parent)


def _to_children(link: Link) -> Step:
    return Step(Hop(link.id, "children"), link.child)


def _short(link_id: str) -> str:
    return link_id.partition(".")[2]


def _spelt(step: Step) -> str:
    """Return the step in the spelling that means nothing else."""
    name = _short(step.hop.link)
    return name if step.hop.to == "parent" else f"{step.table}[{name}]"
