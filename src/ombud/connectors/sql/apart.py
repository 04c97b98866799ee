"""What stands apart in a statement? On SQLite, conditions that would lie too deep in each other.

SQLite before 3.46 gives up on a statement in which some eight EXISTS lie in each other, though it
carries out deeper ones. So what is asked of a linked row there stands before the statement, under
a name; SQLite puts it back in its place, and looks rows up by the same indexes as before.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import CTE

from ombud.connectors.sql.rows import Row
from ombud.systems.predicate import (
    And,
    Exists,
    ExpressionEmpty,
    ExpressionLater,
    Listed,
    Not,
    Or,
    Predicate,
    all_of,
    own_parts,
)

_HINT = "NOT MATERIALIZED" if sqlite3.sqlite_version_info >= (3, 35) else ""
"""Older ones put every named query back in its place."""

INLINE_MAX = 2  # rows, each within the one before, from which on identifiers stand apart


@dataclass
class Apart:
    """The named queries of one session, each made once."""

    _made: dict[object, CTE] = field(default_factory=dict)
    _count: int = 0

    def found(self, key: object) -> CTE | None:
        """Return a query that was made before."""
        return self._made.get(key)

    def make(self, key: object, row: Row, *more: ColumnElement[Any], where: Any = None) -> CTE:  # noqa: ANN401 a clause
        """Return a query over one table, with more columns and a condition on its rows."""
        self._count += 1
        select = sa.select(*row.source.c, *more).correlate(None)
        if where is not None:
            select = select.where(where)
        made = select.cte(f"ombud_rows_{self._count}")
        self._made[key] = made.prefix_with(_HINT) if _HINT else made
        return self._made[key]

    def start_anew(self) -> None:
        """Make every query again from now on: who is on a list has changed."""
        self._made = {}


def changed_by(connection: sa.Connection, statement: sa.Executable) -> int:
    """Carry out a statement and return how many rows it changed.

    SQLite's driver counts them only where the statement begins with its verb, not with a name.
    """
    result = connection.execute(statement)
    if connection.dialect.name != "sqlite":
        return result.rowcount
    return int(connection.execute(sa.select(sa.func.changes())).scalar_one())


def split(where: Predicate) -> tuple[Predicate, tuple[Exists, ...], Predicate]:
    """Return what of a condition on a linked row stands apart, leads further up, and stays.

    What leads up to one row needs no EXISTS of its own, unless an expression of the map would not
    know any more which row its names are of.
    """
    parts = where.parts if isinstance(where, And) else (where,)
    moved = [p for p in parts if is_deep(p) and _is_closed(p, 0)]
    left = [p for p in parts if p not in moved]
    ups = () if has_expression(where) else tuple(p for p in left if isinstance(p, Exists))
    ups = tuple(p for p in ups if all(hop.to == "parent" for hop in p.hops))
    return all_of(moved), ups, all_of(p for p in left if p not in ups)


def has_expression(where: Predicate) -> bool:
    """Return whether a condition has words of the map's own, which no other table may stand by."""
    match where:
        case ExpressionLater() | ExpressionEmpty():
            return True
        case Exists(_, part) | Not(part):
            return has_expression(part)
        case And(parts) | Or(parts):
            return any(has_expression(part) for part in parts)
        case _:
            return False


def is_deep(where: Predicate) -> bool:
    """Return whether a condition asks other rows, or a list."""
    return any(isinstance(part, Exists | Listed) for part in own_parts(where))


def _is_closed(where: Predicate, within: int) -> bool:
    """Return whether nothing in a condition looks back at rows further out than its own.

    Args:
        within: How many `Exists` lie between the row of the condition and this part of it.
    """
    match where:
        case Listed(up=up):
            return up <= within
        case Exists(_, inner):
            return _is_closed(inner, within + 1)
        case And(parts) | Or(parts):
            return all(_is_closed(part, within) for part in parts)
        case Not(part):
            return _is_closed(part, within)
        case _:
            return True
