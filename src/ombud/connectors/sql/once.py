"""How is a row asked each thing once, however many questions have it in common?

Grounds are disjunctions, and what keeps one field keeps another too. Asked one by one, the same
index would be looked into for each; and databases that merge a query with the one around it would
do so although each part has a column of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from ombud.connectors.sql.compile import Compiler, Row
from ombud.systems.predicate import Predicate, disjuncts, none_of

Clause = ColumnElement[bool]


@dataclass(frozen=True)
class Once:
    """What has to be asked of a row to know of several predicates whether they hold."""

    parts: tuple[Predicate, ...]

    @classmethod
    def of(cls, predicates: Iterable[Predicate]) -> Self:
        """Return the parts of these predicates, each once."""
        return cls(tuple(dict.fromkeys(part for each in predicates for part in disjuncts(each))))

    def columns(self, compiler: Compiler, row: Row) -> Iterator[ColumnElement[Any]]:
        """Yield a column per part: 1 where it does not hold of the row."""
        for i, part in enumerate(self.parts):
            yield bit(compiler.where(none_of(part), row), f"o{i}")

    def over(self, inner: FromClause, predicate: Predicate) -> Clause:
        """Return that a predicate does not hold: none of its parts does.

        Args:
            inner: A query with the columns.
        """
        parts = (inner.c[f"o{self.parts.index(part)}"] == 1 for part in disjuncts(predicate))
        return sa.and_(sa.true(), *parts)


def fenced(select: sa.Select[Any], dialect: str) -> sa.Select[Any]:
    """Return a query that no database merges with the one around it."""
    if dialect == "sqlite":
        select = select.limit(sa.literal_column("-1"))
    return select.offset(sa.literal_column("0"))


def bit(clause: Clause, name: str) -> ColumnElement[Any]:
    """Return a column: 1 where a condition holds, else 0."""
    return one(clause).label(name)


def one(clause: Clause) -> ColumnElement[Any]:
    """Return 1 where a condition holds, else 0."""
    return sa.case((clause, sa.literal_column("1")), else_=sa.literal_column("0"))
