"""What does a field hold when it is blanked, and is it blank already?"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from ombud.connectors.sql.rows import Row, Rows
from ombud.systems.model import Column
from ombud.systems.predicate import Scalar


def placeholder(compiler: Rows, row: Row, column: Column) -> ColumnElement[Any]:
    """Return the blank value of a column as SQL; for `unique` it depends on the row's key."""
    if column.blank.kind == "null":
        return sa.null()
    if column.blank.kind == "value":
        return _untyped(compiler, column.blank.value)
    keys = compiler.keys(row)
    if compiler.live_column(row, column.name).type in ("integer", "number"):
        return -keys[0]
    text: ColumnElement[Any] = compiler.as_text(keys[0])
    for key in keys[1:]:
        text = text.concat("-").concat(compiler.as_text(key))
    before, _, after = str(column.blank.value).partition("{key}")
    return sa.literal(before).concat(text).concat(after) if before or after else text


def blanked(compiler: Rows, row: Row, column: Column) -> ColumnElement[Any]:
    """Return what blanking writes into a column as SQL: nothing where there is nothing."""
    target = placeholder(compiler, row, column)
    if column.blank.kind == "null":
        return target
    value = row.column(column.name)
    return sa.case((value.is_(None), value), else_=target)


def is_blank(compiler: Rows, row: Row, column: Column) -> ColumnElement[bool]:
    """Return that a field holds nothing of a person: NULL, or its blank value; never NULL."""
    value = row.column(column.name)
    live = compiler.live_column(row, column.name)
    if live.generated:
        return sa.true()
    if column.blank.kind == "null":
        return value.is_(None)
    target = placeholder(compiler, row, column)
    if live.type in ("json", "array", "enum", "other", "uuid") and (
        compiler.live.dialect != "sqlite"
    ):
        # In one CASE with the column the value takes its type, and is then spelt as it is.
        target = compiler.as_text(sa.case((sa.false(), value), else_=target))
        value = compiler.as_text(value)
    return sa.or_(value.is_(None), sa.func.coalesce(value == target, sa.false()))


def _untyped(compiler: Rows, value: Scalar | None) -> ColumnElement[Any]:
    """Return a value that the database reads as whatever type the column has."""
    if isinstance(value, bool):
        return sa.true() if value else sa.false()
    if isinstance(value, int):
        return sa.literal_column(str(value))
    text = str(value).replace("'", "''")
    if compiler.live.dialect == "mariadb":
        text = text.replace("\\", "\\\\")
    return sa.literal_column(f"'{text}'")
