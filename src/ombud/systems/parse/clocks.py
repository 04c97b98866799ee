"""Where is the date of an event found for a row, and where its consents?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final, get_args

from ombud.document import Fields, Node, did_you_mean, quoted
from ombud.systems.model import Clock, ConsentColumns, IfNull
from ombud.systems.parse.paths import (
    ends_in_many,
    read_own_column,
    read_own_columns,
    read_path,
    read_row_path,
)
from ombud.systems.parse.scope import Scope
from ombud.systems.predicate import Hop, Path, ReadsAs

IF_NULL: Final[tuple[IfNull, ...]] = get_args(IfNull)
READS_AS: Final[tuple[ReadsAs, ...]] = get_args(ReadsAs)
KINDS: Final = ("column", "latest", "expression")
_BESIDES: Final[Mapping[str, tuple[str, ...]]] = {
    "column": ("null", "reads_as"),
    "latest": ("over", "else", "none", "null", "reads_as"),
    "expression": ("reads", "null", "reads_as"),
}
CLOCK_KEYS: Final = tuple(dict.fromkeys((*KINDS, *(k for ks in _BESIDES.values() for k in ks))))
CONSENT_KEYS: Final = ("given", "withdrawn", "reads_as")
OMBUD: Final = "ombud"
"""Written for a consent that Ombud itself asks for and keeps."""


def known_key(node: Node, name: str, names: Collection[str], what: str) -> bool:
    """Return whether the name a value stands under is known; if it is not, that is a finding."""
    if name in names:
        return True
    node.wrong_key("Y26", f"unknown {what} {quoted(name)}", did_you_mean(name, names))
    return False


def read_clocks(scope: Scope, node: Node) -> dict[str, Clock]:
    """Return the clocks under a key, by name; those found wrong are left out."""
    found: dict[str, Clock] = {}
    for name, written in node.entries():
        clock = read_clock(scope, name, written)
        if known_key(written, name, scope.policy.clocks, "clock") and clock is not None:
            found[name] = clock
    return found


def read_clock(scope: Scope, name: str, node: Node) -> Clock | None:
    """Return one clock; None: it was found wrong, and that was recorded."""
    if not node.has_keys:
        path = _read_one(scope, node)
        return Clock(name, path) if path else None
    fields = node.fields(*CLOCK_KEYS)
    kind, value = fields.one_key(*KINDS)
    if not kind:
        return None
    for key in fields:
        if key not in (kind, *_BESIDES[kind], *KINDS):
            says = f"{quoted(key)} does not belong to {quoted(kind)} in a clock"
            help = "write `latest:` for it" if key in _BESIDES["latest"] else "take it out"
            fields.optional(key).wrong_key("Y85", says, help)
    return _READERS[kind](scope, name, fields, value)


def _read_one(scope: Scope, node: Node) -> Path | None:
    own = scope.table.likely_clock
    return read_row_path(scope, node, f"write `{{{{latest: {{path}}, else: {own}}}}}`")


def _column(scope: Scope, name: str, fields: Fields, value: Node) -> Clock | None:
    path = _read_one(scope, value)
    null, reads_as = _null(fields), _reads_as(fields)
    return Clock(name, path, None, null, reads_as) if path else None


def _latest(scope: Scope, name: str, fields: Fields, value: Node) -> Clock | None:
    null, reads_as = _null(fields), _reads_as(fields)
    over = fields.optional("over")
    path = _siblings(scope, value, over) if over.present else read_path(scope, value)
    otherwise = _else(scope, fields.optional("else"))
    ended = fields.optional("none")
    ended.one_of(("ended",), "ended")
    if path is None:
        return None
    if "else" in fields and "none" in fields:
        ended.wrong_key("Y85", "`else` and `none` in one clock", "take `none: ended` out")
    elif "else" not in fields:
        _without_else(scope, path, fields)
    return Clock(name, path, otherwise, null, reads_as)


def _without_else(scope: Scope, path: Path, fields: Fields) -> None:
    """Record what is missing, or too much, where no `else` is written."""
    latest, ended = fields.optional("latest"), fields.optional("none")
    if not ends_in_many(path):
        says = f"{quoted(latest.text())} is one row, and has no latest"
        help = "`{{column: {0}, null: ended}}`" if ended.present else "`{{column: {0}}}`"
        latest.wrong("Y85", says, "write " + help.format(latest.text()))
    elif not any(key in fields for key in ("none", "over")):
        says = f"the clock does not say what counts where no row is linked: {quoted(latest.text())}"
        own = f"`else: {scope.table.likely_clock}`"
        help = f"add {own} with a column of {quoted(scope.here)}, or `none: ended`"
        latest.wrong("Y83", says, help)


def _siblings(scope: Scope, value: Node, over: Node) -> Path | None:
    """Return the path to the rows of the same table that are equal in some columns."""
    columns = read_own_columns(scope, over)
    column = read_own_column(scope, value)
    return Path(column, (Hop("", "siblings", columns),)) if column and columns else None


def _else(scope: Scope, node: Node) -> Path | None:
    column = read_own_column(scope, node)
    return Path(column) if column else None


def _expression(scope: Scope, name: str, fields: Fields, value: Node) -> Clock | None:
    null, reads_as = _null(fields), _reads_as(fields)
    text = value.text()
    reads = fields.required("reads", f"[{scope.table.likely_clock}]")
    columns = read_own_columns(scope, reads)
    if not text or not columns:
        return None
    return Clock(name, None, None, null, reads_as, expression=text, reads=columns)


def _null(fields: Fields) -> IfNull:
    return fields.optional("null").one_of(IF_NULL, "not_yet")


def _reads_as(fields: Fields) -> ReadsAs:
    return fields.optional("reads_as").one_of(READS_AS, "auto")


_READERS: Final[Mapping[str, Callable[[Scope, str, Fields, Node], Clock | None]]] = {
    "column": _column,
    "latest": _latest,
    "expression": _expression,
}


def read_consent(scope: Scope, consent: str, node: Node) -> ConsentColumns | None:
    """Return where a consent lies; None: Ombud keeps it, or it was found wrong."""
    if not node.has_keys:
        node.one_of((OMBUD,), OMBUD)
        return None
    fields = node.fields(*CONSENT_KEYS)
    given = read_path(scope, fields.required("given", scope.table.likely_clock))
    written = fields.optional("withdrawn")
    withdrawn = read_path(scope, written)
    reads_as = _reads_as(fields)
    if given is not None and withdrawn is not None and given.hops != withdrawn.hops:
        way, _, column = fields.optional("given").text().rpartition(".")
        says = "the withdrawal of a consent is not in the row where it was given"
        beside = f"`{way + '.' if way else ''}{withdrawn.column}`"
        written.wrong("Y90", says, f"write a column beside {quoted(column)}, such as {beside}")
    return ConsentColumns(consent, given, withdrawn, reads_as) if given else None
