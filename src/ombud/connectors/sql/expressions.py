"""What type have the SQL expressions of the map? The database is asked, without reading a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import sqlalchemy as sa

from ombud.systems.live import ColumnType, LiveColumn, LiveSchema
from ombud.systems.model import System, Table

# What drivers say of a column of a result: OIDs of PostgreSQL's types, field types of MariaDB.
_POSTGRESQL: Final[Mapping[int, ColumnType]] = {
    16: "boolean",
    **dict.fromkeys((20, 21, 23), "integer"),
    **dict.fromkeys((700, 701, 1700), "number"),
    **dict.fromkeys((19, 25, 1042, 1043), "text"),
    1082: "date",
    1114: "local_timestamp",
    1184: "instant",
}
_MARIADB: Final[Mapping[int, ColumnType]] = {
    **dict.fromkeys((1, 2, 3, 8, 9), "integer"),
    **dict.fromkeys((0, 4, 5, 246), "number"),
    **dict.fromkeys((10, 14), "date"),
    7: "instant",  # stored in UTC; the session reads it so
    12: "local_timestamp",
    **dict.fromkeys((15, 252, 253, 254), "text"),
}


def expression_types(
    connection: sa.Connection, system: System, live: LiveSchema
) -> dict[tuple[str, str], LiveColumn]:
    """Return what each expression of a system gives, by (table id, SQL text).

    SQLite has no types to tell, so there an expression counts as a time without a zone. What the
    database refuses is left out.
    """
    found = {}
    for table in system.tables.values():
        there = live.of(table, system)
        for text in dict.fromkeys(_expressions(table)) if there else ():
            schema = table.schema or system.schema or None
            source = sa.table(table.name, schema=schema)
            kind = _type(connection, source, text, live.dialect)
            if kind is not None:
                found[table.id, text] = LiveColumn("", kind, kind.replace("_", " "), nullable=True)
    return found


def _expressions(table: Table) -> Iterator[str]:
    clocks = [place.clocks for place in table.serves.values()]
    clocks += [place.clocks for place in table.caps.values()]
    for named in clocks:
        yield from (clock.expression for clock in named.values() if clock.expression)


def _type(
    connection: sa.Connection, source: sa.TableClause, text: str, dialect: str
) -> ColumnType | None:
    expression: sa.ColumnClause[object] = sa.literal_column(f"({text})")
    try:
        with connection.begin():
            answer = connection.execute(sa.select(expression).select_from(source).where(sa.false()))
            described: Any = answer.cursor.description
    except sa.exc.DBAPIError as error:
        if error.connection_invalidated:
            raise
        return None
    if dialect == "sqlite" or not described:
        return "local_timestamp"
    types = _POSTGRESQL if dialect == "postgresql" else _MARIADB
    return types.get(described[0][1], "other")
