"""What can be said about one row? A small algebra that connectors alone turn into SQL.

Every predicate is about a *current row* of one table. `Exists` walks links and makes the linked
row current. Three-valued logic never shows: a comparison with NULL is false, `Not` of it is true.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

Scalar = str | int | bool

ReadsAs = Literal["auto", "date", "local", "utc", "unix_seconds", "iso_text"]
"""How a clock's column is read. `auto`: by its live type; naive timestamps in the system's zone."""


@dataclass(frozen=True)
class Hop:
    """One step along a link.

    Args:
        link: Id of the link, `<child table>.<name>`; for siblings empty.
        to: `parent` (at most one row), `children`, or `siblings` (rows of the same table that
            are equal in `columns`, the row itself included).
        columns: For siblings only.
    """

    link: str
    to: Literal["parent", "children", "siblings"]
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Path:
    """A column of the current row, or of the rows reached by hops."""

    column: str
    hops: tuple[Hop, ...] = ()


@dataclass(frozen=True)
class Identifier:
    """How a row tells who a person is.

    Args:
        kind: `email`, `phone`, `national_id`, or another kind that is compared as it stands.
        path: Where it lies; hops to parents only.
        shared: Local parts of e-mail addresses that several people share (`info`, `post`):
            such a value identifies nobody.
    """

    kind: str
    path: Path
    shared: tuple[str, ...] = ()


@dataclass(frozen=True)
class Const:
    """True or false of every row."""

    value: bool


@dataclass(frozen=True)
class OneOf:
    """The column has one of these values; exactly, as the database compares."""

    column: str
    values: tuple[Scalar, ...]


@dataclass(frozen=True)
class Empty:
    """The column is NULL, or MariaDB's zero date."""

    column: str


@dataclass(frozen=True)
class Blank:
    """The personal column holds nothing of anybody: NULL, or its blank value."""

    column: str


@dataclass(frozen=True)
class Unreadable:
    """The column holds something that is no time: text that is no date, a day that is none."""

    column: str
    reads_as: ReadsAs = "auto"


@dataclass(frozen=True)
class Later:
    """The clock struck on a local day after `day`."""

    column: str
    day: date
    reads_as: ReadsAs = "auto"


@dataclass(frozen=True)
class NotLater:
    """The clock struck on local day `day` or before."""

    column: str
    day: date
    reads_as: ReadsAs = "auto"


@dataclass(frozen=True)
class ExpressionLater:
    """An SQL expression of the map, a date or timestamp, lies after `day`."""

    expression: str
    reads: tuple[str, ...]
    day: date
    reads_as: ReadsAs = "auto"


@dataclass(frozen=True)
class ExpressionEmpty:
    """An SQL expression of the map is NULL."""

    expression: str
    reads: tuple[str, ...]


@dataclass(frozen=True)
class NotBefore:
    """The first clock of the same row struck at the second's instant or after it; NULL is never."""

    column: str
    other: str
    reads_as: ReadsAs = "auto"


@dataclass(frozen=True)
class Listed:
    """A person of the row is on a list that Ombud brought along.

    Args:
        list_id: Which list: a hold, or the decisions that end one activity.
        identifiers: Any of them that matches is enough.
        begins: Column of the *current* row; the entry counts only where the column is NULL or not
            after the entry's instant. None: the entry always counts.
        up: How many `Exists` outwards the identifiers' row lies; 0: the current row.
    """

    list_id: str
    identifiers: tuple[Identifier, ...]
    begins: str | None = None
    reads_as: ReadsAs = "auto"
    up: int = 0


@dataclass(frozen=True)
class KeyIn:
    """The row's key is one of these, each in the order of the table's key, as text."""

    keys: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Exists:
    """Some row reached by the hops fulfils `where`."""

    hops: tuple[Hop, ...]
    where: Predicate


@dataclass(frozen=True)
class And:
    """All hold; of none: true."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True)
class Or:
    """One holds; of none: false."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True)
class Not:
    """It does not hold."""

    part: Predicate


Predicate = (
    Const
    | OneOf
    | Empty
    | Blank
    | Unreadable
    | Later
    | NotLater
    | ExpressionLater
    | ExpressionEmpty
    | NotBefore
    | Listed
    | KeyIn
    | Exists
    | And
    | Or
    | Not
)

TRUE = Const(True)
FALSE = Const(False)


def all_of(parts: Iterable[Predicate]) -> Predicate:
    """Return the conjunction, flattened and without parts that are true or follow from others."""
    kept: list[Predicate] = []
    for part in parts:
        for piece in part.parts if isinstance(part, And) else (part,):
            if piece == FALSE:
                return FALSE
            if piece != TRUE and piece not in kept:
                kept.append(piece)
    for part in list(kept):
        if any(_within(other, part) for other in kept if other is not part):
            kept.remove(part)
    return kept[0] if len(kept) == 1 else And(tuple(kept)) if kept else TRUE


def any_of(parts: Iterable[Predicate]) -> Predicate:
    """Return the disjunction, flattened and without parts that are false or covered by others."""
    kept: list[Predicate] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Or) else (part,):
            if piece == TRUE:
                return TRUE
            if piece != FALSE and piece not in kept:
                kept.append(piece)
    for part in list(kept):
        if any(_within(part, other) for other in kept if other is not part):
            kept.remove(part)
    return kept[0] if len(kept) == 1 else Or(tuple(kept)) if kept else FALSE


def _within(part: Predicate, other: Predicate) -> bool:
    """Return whether a predicate plainly holds only where another does."""
    if isinstance(part, And):
        return any(piece == other or _within(piece, other) for piece in part.parts)
    if isinstance(part, Exists) and isinstance(other, Exists) and part.hops == other.hops:
        return other.where in (TRUE, part.where) or _within(part.where, other.where)
    if isinstance(part, Listed) and isinstance(other, Listed):
        fewer = set(part.identifiers) <= set(other.identifiers)
        return fewer and replace(part, identifiers=other.identifiers) == other
    return False


def of_parent(listed: Listed, up: Hop) -> Listed | None:
    """Return what a row says of its parent's people as the parent's row says it.

    None: the row is asked for more than that.
    """
    paths = [identifier.path for identifier in listed.identifiers]
    if listed.up or listed.begins is not None or any(p.hops[:1] != (up,) for p in paths):
        return None
    theirs = (replace(i, path=replace(i.path, hops=i.path.hops[1:])) for i in listed.identifiers)
    return replace(listed, identifiers=tuple(theirs))


def none_of(part: Predicate) -> Predicate:
    """Return the negation, with constants and double negations resolved."""
    if isinstance(part, Const):
        return Const(not part.value)
    return part.part if isinstance(part, Not) else Not(part)


def reached(hops: tuple[Hop, ...], where: Predicate) -> Predicate:
    """Return that some row reached by the hops fulfils `where`; without hops, the row itself."""
    if not hops or where == FALSE:
        return where
    return Exists(hops, where)


def own_parts(predicate: Predicate) -> Iterator[Predicate]:
    """Yield what a predicate asks of its own row, without And, Or and Not around it."""
    match predicate:
        case And(parts) | Or(parts):
            for part in parts:
                yield from own_parts(part)
        case Not(part):
            yield from own_parts(part)
        case _:
            yield predicate


def disjuncts(predicate: Predicate) -> tuple[Predicate, ...]:
    """Return the predicates of which one has to hold; none where nothing can."""
    if predicate == FALSE:
        return ()
    return predicate.parts if isinstance(predicate, Or) else (predicate,)
