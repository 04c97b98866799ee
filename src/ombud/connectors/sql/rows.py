"""How do the tables of the map stand in a statement: their columns, types, keys and values?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.sql.selectable import FromClause

from ombud.connectors.sql.keys import untyped
from ombud.errors import Unknown
from ombud.systems.live import LiveColumn, LiveSchema
from ombud.systems.model import System
from ombud.systems.predicate import Exists, Scalar

_TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "date": sa.Date(),
    "local_timestamp": sa.DateTime(),
    "instant": sa.DateTime(timezone=True),
    "integer": sa.BigInteger(),
    "number": sa.Numeric(),
    "boolean": sa.Boolean(),
    "text": sa.String(),
    "uuid": sa.Uuid(as_uuid=False),
}

_AS_WRITTEN = ("date", "local_timestamp", "instant", "time", "other")  # ranges are `other`


@dataclass(frozen=True)
class Row:
    """A row that a predicate is about: which table of the map, under which name.

    Args:
        known: What was asked of other rows already, and where the answer stands.
    """

    table: str
    source: FromClause
    known: Mapping[Exists, ColumnElement[bool]] = field(default_factory=dict, compare=False)

    def column(self, name: str) -> ColumnElement[Any]:
        """Return a column of the row."""
        return self.source.c[name]


@dataclass
class Rows:
    """The tables of one system, as its database has them."""

    system: System
    live: LiveSchema

    def source(self, table_id: str) -> sa.TableClause:
        """Return the table itself, with every live column and its type."""
        table = self.system.tables[table_id]
        live = self.live.of(table, self.system)
        if live is None:
            raise Unknown(
                f"system `{self.system.id}` has no table `{table.name}`",
                help="run `ombud bind` to compare the map with the live schema",
            )
        columns = [sa.column(c.name, self._type(c)) for c in live.columns.values()]
        schema = table.schema or self.system.schema or None
        return sa.table(table.name, *columns, schema=schema)

    def row(self, table_id: str) -> Row:
        """Return the table under its own name, as the row that predicates are about."""
        return Row(table_id, self.source(table_id))

    def fresh(self, table_id: str) -> Row:
        """Return the table under a fresh name."""
        return Row(table_id, self.source(table_id).alias())

    def shown(self, row: Row) -> list[sa.Label[Any]]:
        """Return every column as Python can take it: PostgreSQL has times that it cannot."""
        return [self._taken(row, name).label(name) for name in row.source.c.keys()]

    def _taken(self, row: Row, name: str) -> ColumnElement[Any]:
        column, kind = row.column(name), self.live_column(row, name).type
        if self.live.dialect != "postgresql":
            return column
        if kind == "array":  # its parts may be such times
            return sa.func.to_json(column)
        return sa.cast(column, sa.Text()) if kind in _AS_WRITTEN else column

    def keys(self, row: Row) -> list[ColumnElement[Any]]:
        """Return the key columns of a row, in the order of the map and as the driver has them."""
        return [untyped(row.column(name)) for name in self.system.tables[row.table].key]

    def named_keys(self, row: Row) -> list[sa.Label[Any]]:
        """Return the key columns of a row under the names `k0..`."""
        return [key.label(f"k{i}") for i, key in enumerate(self.keys(row))]

    def same_key(self, row: Row, other: FromClause) -> ColumnElement[bool]:
        """Return that a row is that of a table of keys `k0..`."""
        return sa.and_(*(key == other.c[f"k{i}"] for i, key in enumerate(self.keys(row))))

    def same_row(self, one: Row, other: Row) -> ColumnElement[bool]:
        """Return that two rows of a table are the same one."""
        pairs = zip(self.keys(one), self.keys(other), strict=True)
        return sa.and_(*(mine == theirs for mine, theirs in pairs))

    def live_column(self, row: Row, column: str) -> LiveColumn:
        """Return what the database says about a column."""
        table = self.system.tables[row.table]
        live = self.live.of(table, self.system)
        if live is None or column not in live.columns:
            raise Unknown(
                f"table `{table.name}` of system `{self.system.id}` has no column `{column}`",
                help="run `ombud bind` to compare the map with the live schema",
            )
        return live.columns[column]

    def _type(self, column: LiveColumn) -> sa.types.TypeEngine[Any]:
        if self.live.dialect == "sqlite" and column.type in ("date", "local_timestamp", "instant"):
            return sa.String()  # SQLite stores them as text and compares them as text
        if column.type == "uuid" and self.live.dialect != "postgresql":
            return sa.String()
        return _TYPES.get(column.type, sa.types.NullType())

    def scalar(self, row: Row, column: str, value: Scalar) -> ColumnElement[Any]:
        """Return a value of the map as this column's type would write it."""
        kind = self.live_column(row, column).type
        if kind == "boolean" and not isinstance(value, bool):
            value = str(value).lower() in ("true", "1", "t", "yes")
        elif kind in ("integer", "number") and isinstance(value, str):
            value = int(value) if value.lstrip("-").isdigit() else value
        elif kind in ("text", "enum", "uuid") and not isinstance(value, str):
            value = str(value)
        return sa.literal(value)

    def as_text(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return a value as text that compares byte by byte."""
        if self.live.dialect == "mariadb":
            return sa.cast(value, mysql.CHAR(charset="utf8mb4")).collate("utf8mb4_bin")
        text = sa.cast(value, sa.Text())
        # A collation that takes letters for the same would not let parts of a text be replaced.
        return text.collate("default") if self.live.dialect == "postgresql" else text


def some(sources: Sequence[FromClause], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return that there are such rows; what else the conditions name stands around it."""
    select: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(*sources)
    return _Exists(select.where(*conditions).correlate_except(*sources))


class _Exists(sa.Exists):
    """An EXISTS without brackets around it, of which it needs none."""

    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> Self:
        """Return it as it is, whatever stands around it."""
        return self
