"""What must be true of a row, as a predicate?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ombud.document import Fields, Node, quoted
from ombud.systems.parse.paths import read_row_path, read_way
from ombud.systems.parse.scope import Scope
from ombud.systems.predicate import (
    TRUE,
    Empty,
    OneOf,
    Predicate,
    Scalar,
    all_of,
    any_of,
    none_of,
    reached,
)

KINDS: Final = ("column", "empty", "filled", "exists", "all", "any", "not")
COMPARED: Final = ("is", "is_not")
_BESIDES: Final[Mapping[str, tuple[str, ...]]] = {"column": COMPARED, "exists": ("where",)}
CONDITION_KEYS: Final = (*KINDS, *COMPARED, "where")


def read_condition(scope: Scope, node: Node) -> Predicate:
    """Return the condition; true where none is written, or where it was found wrong.

    A missing parent counts as one whose column is NULL. NULL is in no list of values, so `is_not`
    holds of it.
    """
    if not node.present:
        return TRUE
    fields = node.fields(*CONDITION_KEYS)
    kind, value = fields.one_key(*KINDS)
    if not kind:
        return TRUE
    for key in fields:
        if key not in (kind, *_BESIDES.get(kind, ())) and key not in KINDS:
            says = f"{quoted(key)} does not belong to {quoted(kind)}"
            fields.optional(key).wrong_key("Y11", says, "take it out")
    return _READERS[kind](scope, fields, value)


def _compared(scope: Scope, fields: Fields, value: Node) -> Predicate:
    path = read_row_path(
        scope, value, "write `{{exists: {tables}, where: {{column: {column}, …}}}}`"
    )
    how, compared = fields.one_key(*COMPARED)
    values = _values(compared)
    if path is None or not how or not values:
        return TRUE
    same = reached(path.hops, OneOf(path.column, values))
    return same if how == "is" else none_of(same)


def _values(node: Node) -> tuple[Scalar, ...]:
    if node.present and not node.is_list and node.value is None:
        node.wrong_key("Y13", "compared with nothing", "write `{empty: column}`")
        return ()
    found = [item.scalar() for item in node.items(or_one=True)]
    return tuple(dict.fromkeys(value for value in found if value is not None))


def _empty(scope: Scope, fields: Fields, value: Node) -> Predicate:
    return none_of(_filled(scope, fields, value))


def _filled(scope: Scope, fields: Fields, value: Node) -> Predicate:
    help = "write `{{exists: {tables}, where: {{filled: {column}}}}}`"
    path = read_row_path(scope, value, help)
    return reached(path.hops, none_of(Empty(path.column))) if path else TRUE


def _exists(scope: Scope, fields: Fields, value: Node) -> Predicate:
    way = read_way(scope, value)
    if way is None:
        return TRUE
    return reached(way.hops, read_condition(scope.at(way.table), fields.optional("where")))


def _all(scope: Scope, fields: Fields, value: Node) -> Predicate:
    return all_of([read_condition(scope, item) for item in value.items()])


def _any(scope: Scope, fields: Fields, value: Node) -> Predicate:
    return any_of([read_condition(scope, item) for item in value.items()])


def _not(scope: Scope, fields: Fields, value: Node) -> Predicate:
    return none_of(read_condition(scope, value))


_READERS: Final[Mapping[str, Callable[[Scope, Fields, Node], Predicate]]] = {
    "column": _compared,
    "empty": _empty,
    "filled": _filled,
    "exists": _exists,
    "all": _all,
    "any": _any,
    "not": _not,
}
