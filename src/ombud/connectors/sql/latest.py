"""Which is a clock's value for a row? The latest of those that count, in SQL."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from ombud.connectors.sql.compile import Compiler, Row
from ombud.connectors.sql.times import Asked
from ombud.systems.connector import Reading
from ombud.systems.model import Clock
from ombud.systems.predicate import TRUE, Hop, Path, Predicate

Way = tuple[Hop, ...]


def latest_value(compiler: Compiler, row: Row, clock: Clock) -> Asked:
    """Return a clock's value for a row: its own column, or the latest along its path.

    Of text only what is a time counts.
    """
    return latest_counted(compiler, row, (), Reading(clock))


def latest_counted(compiler: Compiler, row: Row, way: Way, reading: Reading) -> Asked:
    """Return the latest value that counts of a clock, its `else` column aside.

    Args:
        way: Hops to parents, from the row to the one that the clock is read for.
    """
    clock = reading.clock
    if clock.path is None:
        return _expression(compiler, row, way, clock)
    return _latest(compiler, row, way, clock.path, reading)


def otherwise_value(compiler: Compiler, row: Row, way: Way, reading: Reading) -> Asked:
    """Return the value of a clock's `else` column where it counts."""
    clock = reading.clock
    if clock.otherwise is None:
        return Asked(sa.null(), None, clock.reads_as)
    counts = replace(reading, hops=0, where=reading.otherwise)
    return _latest(compiler, row, way, clock.otherwise, counts)


def _expression(compiler: Compiler, row: Row, way: Way, clock: Clock) -> Asked:
    """Return an SQL expression of the map for a row above; its names are of that row's table."""
    if not way:
        return compiler.said(row.table, clock.expression, clock.reads_as)
    above = compiler.fresh(compiler.target(way[0], row.table))
    said = _expression(compiler, above, way[1:], clock)
    select = sa.select(sa.func.max(said.x)).select_from(above.source)
    select = select.where(compiler.joined(way[0], row, above))
    return replace(said, x=select.correlate_except(above.source).scalar_subquery())


def _latest(compiler: Compiler, row: Row, way: Way, path: Path, reading: Reading) -> Asked:
    """Return the latest value along a path, of the linked rows that count."""
    at, rows = row, [row]
    inner: list[Row] = []
    where = []
    for number, hop in enumerate((*way, *path.hops), start=1):
        nxt = compiler.fresh(compiler.target(hop, at.table))
        where.append(_joined(compiler, hop, at, nxt))
        inner.append(nxt)
        at = nxt
        if number <= len(way) or number == len(way) + reading.hops:
            rows.append(nxt)
    counts = _counts(reading.where, compiler, rows)
    asked = compiler.asked(at, path.column, reading.clock.reads_as)
    text = compiler.times.text(asked)
    value = asked.x if text is None else sa.case((text.readable(), asked.x))
    if inner:
        sources = [r.source for r in inner]
        select = sa.select(sa.func.max(value)).select_from(*sources).where(*where, *counts)
        value = select.correlate_except(*sources).scalar_subquery()
    elif counts:
        value = sa.case((sa.and_(*counts), value))
    return replace(asked, x=value)


def _counts(where: Predicate, compiler: Compiler, rows: list[Row]) -> list[ColumnElement[bool]]:
    """Return that the last of these rows counts; each lies one `Exists` within the one before."""
    return [] if where == TRUE else [compiler.within(where, tuple(rows))]


def _joined(compiler: Compiler, hop: Hop, at: Row, nxt: Row) -> ColumnElement[bool]:
    same = compiler.joined(hop, at, nxt)
    if hop.to != "siblings":
        return same
    # Nothing is equal to NULL, and still a row is among its own siblings.
    return sa.or_(same, compiler.same_row(at, nxt))
