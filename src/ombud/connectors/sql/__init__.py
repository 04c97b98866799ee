"""The way into relational databases: SQLite, PostgreSQL, MariaDB (and MySQL, untested)."""

from ombud.connectors.sql.opening import kind_of
from ombud.connectors.sql.session import SqlConnector

__all__ = ["SqlConnector", "kind_of"]
