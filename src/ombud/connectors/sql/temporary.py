"""How does a session make and drop tables of its own? Temporary ones, and never any other."""

from __future__ import annotations

import sqlalchemy as sa


def drop(connection: sa.Connection, name: str) -> None:
    """Drop a temporary table, if it is there; a permanent one of the name stays."""
    said = {
        "postgresql": f"DROP TABLE IF EXISTS pg_temp.{name}",
        "sqlite": f"DROP TABLE IF EXISTS temp.{name}",
    }.get(connection.dialect.name, f"DROP TEMPORARY TABLE IF EXISTS {name}")
    connection.execute(sa.text(said))
