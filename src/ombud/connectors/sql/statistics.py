"""Where does a database keep values that were erased? In its statistics, which are made anew.

PostgreSQL keeps column values in `pg_stats` until the next ANALYZE, and to who may not ANALYZE a
table it gives a warning, no error. MariaDB and SQLite keep them only where somebody had them
collected, or built it so; MariaDB then has to read the whole table.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

_MARIADB_VALUES = (
    "SELECT COUNT(*) FROM mysql.column_stats"
    " WHERE db_name = COALESCE(:schema, DATABASE()) AND table_name = :table"
)
_SQLITE_VALUES = "SELECT COUNT(*) FROM sqlite_master WHERE name IN ('sqlite_stat3', 'sqlite_stat4')"


def made_anew(connection: sa.Connection, source: sa.TableClause) -> bool:
    """Return whether a table's statistics hold no value any more that was erased.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: The database refused; they are as they were.
    """
    name = connection.dialect.identifier_preparer.format_table(source)
    match connection.dialect.name:
        case "postgresql":
            return _analyzed(connection, f"ANALYZE {name}")
        case "sqlite":
            if _any(connection, sa.text(_SQLITE_VALUES)):
                _run(connection, f"ANALYZE {name}")
        case _:
            asked = sa.text(_MARIADB_VALUES).bindparams(schema=source.schema, table=source.name)
            every = " PERSISTENT FOR ALL" if _any(connection, asked) else ""
            _run(connection, f"ANALYZE TABLE {name}{every}")
    return True


def _analyzed(connection: sa.Connection, statement: str) -> bool:
    """Return whether PostgreSQL did it: it only warns who may not."""
    warned: list[object] = []
    driver: Any = connection.connection.driver_connection
    driver.add_notice_handler(warned.append)
    try:
        _run(connection, statement)
    finally:
        driver.remove_notice_handler(warned.append)
    return not warned


def _any(connection: sa.Connection, count: sa.Executable) -> bool:
    with connection.begin():
        return bool(connection.execute(count).scalar_one())


def _run(connection: sa.Connection, statement: str) -> None:
    with connection.begin():
        connection.exec_driver_sql(statement)
