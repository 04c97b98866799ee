"""How is a row named by its key, whatever type the key has?

Keys come from the driver and go back to it untouched: no type of ours stands between, so a padded,
enumerated or fractional key is the same on its way back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from ombud.systems.connector import Key
from ombud.systems.live import LiveColumn

Clause = ColumnElement[bool]

_PARAMETERS_MAX = 30_000  # SQLite takes 32,766 in a statement
_TUPLES_MAX = 1_000  # PostgreSQL nests one OR in the other for each, and plans them one by one
_NUMBER_MAX = {"mariadb": 2**64 - 1}
_ROWS_MAX = 10_000
_NO_DAY = re.compile(
    r"\d{4}-(0\d|1[0-2])-([0-2]\d|3[01])([T ]([01]\d|2[0-3])(:[0-5]\d){2}(\.\d{1,6})?)?"
)
"""What MariaDB stores though the calendar has no such day: `0000-00-00`, `2024-00-00`."""


class Untouched(sa.types.NullType):
    """The type of a value that goes to the driver as it came; no cast is written around it."""

    _isnull = False  # else the other side's type would be taken
    cache_ok = True

    def literal_processor(self, dialect: sa.Dialect) -> Callable[[Any], str]:
        """Return how a value is written where a statement can have no parameters."""

        def written(value: object) -> str:
            kind = sa.literal(value).type
            convert = kind.dialect_impl(dialect).literal_processor(dialect)
            if convert is None:
                raise sa.exc.CompileError(type(value).__name__)
            return convert(value)

        return written


def untyped(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a column whose values nothing converts on their way in or out."""
    return sa.type_coerce(column, Untouched())


def raw(value: object) -> ColumnElement[Any]:
    """Return a value as the driver takes it; the database reads it as what it is compared with."""
    return sa.bindparam(None, value, type_=Untouched(), unique=True)


def batch_max(dialect: str, width: int) -> int:
    """Return how many keys of so many columns fit into a statement."""
    if width == 1:
        return _ROWS_MAX
    most = {"sqlite": _PARAMETERS_MAX // width, "postgresql": _TUPLES_MAX}
    return most.get(dialect, _ROWS_MAX)


def among(columns: Sequence[ColumnElement[Any]], keys: Sequence[Key], dialect: str) -> Clause:
    """Return that untyped key columns are one of these keys."""
    if len(columns) > 1:
        return sa.tuple_(*columns).in_([sa.tuple_(*map(raw, key)) for key in keys])
    values = [key[0] for key in keys]
    if dialect == "postgresql" and {type(v) for v in values} in ({int}, {str}):
        return columns[0] == sa.any_(raw(values))  # one parameter, however many
    return _one_of(columns[0], values)


def after(columns: Sequence[ColumnElement[Any]], key: Key) -> Clause:
    """Return that untyped key columns come after a key."""
    if len(columns) > 1:
        return sa.tuple_(*columns) > sa.tuple_(*map(raw, key))
    return columns[0] > raw(key[0])


def _one_of(column: ColumnElement[Any], values: Sequence[Any]) -> Clause:
    return column.in_(
        sa.bindparam(None, list(values), type_=Untouched(), expanding=True, unique=True)
    )


def named(
    column: ColumnElement[Any],
    as_text: ColumnElement[Any],
    live: LiveColumn,
    dialect: str,
    texts: Sequence[str],
) -> Clause:
    """Return that an untyped key column is one of these, as people write them.

    Args:
        as_text: The column as text, for types that are compared by how they are written.
    """
    if live.type in ("enum", "json", "array", "binary", "time", "other"):
        return as_text.in_(list(texts))
    values = [v for v in (_read(text, live, dialect) for text in texts) if v is not None]
    return _one_of(column, values) if values else sa.false()


def _read(text: str, live: LiveColumn, dialect: str) -> object:
    """Return a written key as the column's type; None where no row can have it."""
    if dialect == "sqlite" and live.type not in ("integer", "number", "boolean"):
        return text
    try:
        match live.type:
            case "integer" | "boolean":
                return _whole(text, live, dialect)
            case "number":
                number = Decimal(text)
                return (float(number) if dialect == "sqlite" else number) + 0
            case "date":
                return date.fromisoformat(text)
            case "local_timestamp" | "instant":
                moment = datetime.fromisoformat(text)
                zoned = live.type == "instant" and dialect == "mariadb" and moment.tzinfo
                return moment.astimezone(UTC).replace(tzinfo=None) if zoned else moment
            case "uuid":
                return str(UUID(text))
            case _:
                return text
    except (ValueError, InvalidOperation):
        # Anything else that is no date would be compared as MariaDB's zero date.
        timed = dialect == "mariadb" and live.type in ("date", "local_timestamp", "instant")
        return text if timed and _NO_DAY.fullmatch(text) else None


def _whole(text: str, live: LiveColumn, dialect: str) -> object:
    """Return a whole number that the database can hold, or a truth value."""
    if live.type == "boolean" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    number = int(text)
    if live.type == "boolean" and dialect == "postgresql":
        return bool(number)
    return number if abs(number) <= _NUMBER_MAX.get(dialect, 2**63 - 1) else None
