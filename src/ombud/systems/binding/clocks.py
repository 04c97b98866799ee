"""Can the columns of clocks and conditions hold what the map says of them?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ombud.document import listed, quoted
from ombud.errors import Finding, Place
from ombud.systems.binding.view import Bound, found
from ombud.systems.live import ColumnType, LiveColumn
from ombud.systems.model import Clock, ConsentColumns, Table
from ombud.systems.predicate import OneOf, Path, Predicate, ReadsAs, Scalar
from ombud.systems.walk import end_of, leaves

_FITS: Final[Mapping[ReadsAs, tuple[ColumnType, ...]]] = {
    "auto": ("date", "local_timestamp", "instant"),
    "date": ("date",),
    "local": ("local_timestamp",),
    "utc": ("local_timestamp",),
    "unix_seconds": ("integer", "number"),
    "iso_text": ("text",),
}
_SAID: Final[Mapping[ColumnType, ReadsAs]] = {
    "text": "iso_text",
    "integer": "unix_seconds",
    "number": "unix_seconds",
    "date": "date",
    "local_timestamp": "local",
    "instant": "auto",
}
_NO_TYPE: Final = ("json", "array", "binary", "other", "time")


@dataclass(frozen=True)
class _Read:
    """Something that is read as a time, and how the map writes that."""

    where: Place
    what: str
    reads_as: ReadsAs
    written: str


def _columns(table: Table) -> Iterator[tuple[_Read, Path]]:
    """Yield what is read of columns."""
    for where, clock in _clocks(table):
        for path in (clock.path, clock.otherwise):
            if path is not None:
                yield _read(where, clock, f"column: {path.column}"), path
    for serve in table.serves.values():
        for consent in serve.consents.values():
            for path in (consent.given, consent.withdrawn):
                if path is not None:
                    what, written = f"consent {quoted(consent.consent)}", _written_consent(consent)
                    yield _Read(serve.where, what, consent.reads_as, written), path


def _clocks(table: Table) -> Iterator[tuple[Place, Clock]]:
    for serve in table.serves.values():
        yield from ((serve.where, clock) for clock in serve.clocks.values())
    for cap in table.caps.values():
        yield from ((cap.where, clock) for clock in cap.clocks.values())


def _read(where: Place, clock: Clock, written: str) -> _Read:
    return _Read(where, f"clock {quoted(clock.name)}", clock.reads_as, written)


def _written_consent(consent: ConsentColumns) -> str:
    """Return the columns of a consent as the map writes them."""
    given = ".".join((*(hop.link.partition(".")[2] for hop in consent.given.hops), ""))
    said = f"given: {given}{consent.given.column}"
    if consent.withdrawn is not None:
        said += f", withdrawn: {given}{consent.withdrawn.column}"
    return said


def times(bound: Bound) -> Iterator[Finding]:
    """Yield clocks and consents whose columns cannot be read as the map says."""
    unindexed: dict[tuple[str, str], Finding] = {}
    for pair in bound.pairs.values():
        for read, path in _columns(pair.table):
            end = end_of(bound.system, pair.table.id, path.hops)
            column = bound.column(end, path.column)
            if column is None:
                continue
            name = quoted(f"{end}.{column.name}")
            yield from _fits(read, f"is in {name}, which holds", column)
            live = bound.pairs[end].live
            if all(index[:1] != (column.name,) for index in live.indexes):
                says = f"{read.what} is in {name}, which has no index"
                help = f"for speed: {bound.create_index(live, (column.name,))}"
                unindexed.setdefault(
                    (end, column.name), found(read.where, "Z43", says, help, severity="info")
                )
    yield from unindexed.values()


def expressions(bound: Bound) -> Iterator[Finding]:
    """Yield clocks whose SQL expression the database refuses, or that gives no time."""
    for table in (pair.table for pair in bound.pairs.values()):
        for where, clock in _clocks(table):
            if clock.expression:
                yield from _expression(bound, table, _read(where, clock, "expression: ..."), clock)


def _expression(bound: Bound, table: Table, read: _Read, clock: Clock) -> Iterator[Finding]:
    column = bound.schema.expressions.get((table.id, clock.expression))
    if column is None:
        says = f"{read.what} is an expression that the database refuses"
        help = f"ask it why: SELECT {clock.expression} FROM {table.name}"  # noqa: S608 for a person
        yield found(read.where, "Z45", says, help)
    elif bound.schema.dialect != "sqlite":  # which has no types
        yield from _fits(read, "is an expression that gives", column)


def _fits(read: _Read, place: str, column: LiveColumn) -> Iterator[Finding]:
    """Yield what is wrong with how a value is read.

    Args:
        place: The words between what is read and its type.
    """
    if column.type in _FITS[read.reads_as]:
        return
    says = f"{read.what} {place} {quoted(column.type_text)}"
    said = _SAID.get(column.type)
    if said is None:
        help = "name a column that holds a date or a time"
        yield found(read.where, "Z42", f"{says} and no time", help)
    elif read.reads_as == "auto":
        help = f"add `reads_as: {said}` to it, for example"
        help += f" `{{{read.written}, reads_as: {said}}}`"
        yield found(read.where, "Z40", f"{says} and does not say how it is read", help)
    else:
        help = "take `reads_as:` out" if said == "auto" else f"write `reads_as: {said}`"
        yield found(read.where, "Z41", f"{says} and is read as {quoted(read.reads_as)}", help)


def values(bound: Bound) -> Iterator[Finding]:
    """Yield conditions that name values their columns cannot have."""
    for table in (pair.table for pair in bound.pairs.values()):
        for where, condition in _conditions(table):
            for end, part in leaves(bound.system, table.id, condition):
                if isinstance(part, OneOf):
                    yield from _possible(bound, where, end, part.column, part.values)
    for link, _, _ in bound.links():
        for column, value in link.when:
            yield from _possible(bound, link.where, link.child, column, (value,))


def _conditions(table: Table) -> Iterator[tuple[Place, Predicate]]:
    for serve in table.serves.values():
        yield serve.where, serve.when
        yield from ((serve.where, state) for state in serve.states.values())
    yield from ((cap.where, cap.when) for cap in table.caps.values())


def _possible(
    bound: Bound, where: Place, table: str, name: str, compared: tuple[Scalar, ...]
) -> Iterator[Finding]:
    column = bound.column(table, name)
    if column is None:
        return
    for value in compared:
        if not can_be(column, value, loose=bound.schema.dialect != "postgresql"):
            says = f"{quoted(f'{table}.{name}')} cannot be {quoted(_written(value))}"
            yield found(
                where, "Z44", f"{says}, it is {quoted(column.type_text)}", _better(column, value)
            )


def can_be(column: LiveColumn, value: Scalar, *, loose: bool) -> bool:
    """Return whether a column can have a value.

    Args:
        column: The live column.
        value: What the map says.
        loose: 0 and 1 are true and false to the database.
    """
    if column.type == "enum":
        return not column.enum_values or value in column.enum_values
    if column.type == "boolean":
        return isinstance(value, bool) or (loose and value in (0, 1))
    if column.type in ("integer", "number"):
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return is_number or (column.type == "number" and _is_decimal(value))
    return column.type in _NO_TYPE or isinstance(value, str)


def _is_decimal(value: Scalar) -> bool:
    return isinstance(value, str) and value.removeprefix("-").replace(".", "", 1).isdecimal()


def _written(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _better(column: LiveColumn, value: Scalar) -> str:
    if column.type == "enum":
        return f"write one of {listed(column.enum_values)}"
    if column.type == "boolean":
        return "write `true` or `false`"
    if column.type in ("integer", "number"):
        return "write a number without quotes"
    return f'write it in quotes: "{_written(value)}"'
