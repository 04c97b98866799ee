"""How does the demo get empty databases on a server? By name, and only under a name of its own."""

from __future__ import annotations

import sqlalchemy as sa

from ombud.connectors.sql.errors import reach
from ombud.connectors.sql.opening import engine_of
from ombud.errors import WrongUse

PREFIX = "ombud_demo_"


def scratch_database(server: str, name: str) -> str:
    """Return the URL of an empty database on a server; one of the same name is dropped first.

    Args:
        server: URL of an account that may make databases.
        name: Without the prefix `ombud_demo_`, which every database made here has.

    Raises:
        WrongUse: The URL is not of a PostgreSQL or MariaDB server.
        ConnectorFailed: The server does not answer or refuses, or its driver is missing.
    """
    try:
        url = sa.make_url(server)
    except sa.exc.ArgumentError:
        url = sa.URL.create("nothing")
    if url.get_backend_name() not in ("postgresql", "mysql", "mariadb"):
        raise WrongUse(
            "`--systems-on` takes the URL of a PostgreSQL or MariaDB server",
            help="for example `postgresql+psycopg://me@localhost/postgres`",
        )
    database = f"{PREFIX}{name}".replace("-", "_")
    engine = engine_of(server, "demo", isolation_level="AUTOCOMMIT")
    reach("demo", lambda: _make(engine, database))
    return engine.url.set(database=database).render_as_string(hide_password=False)


def _make(engine: sa.Engine, database: str) -> None:
    with engine.connect() as connection:
        quoted = connection.dialect.identifier_preparer.quote(database)
        charset = "" if engine.dialect.name == "postgresql" else " CHARACTER SET utf8mb4"
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {quoted}")
        connection.exec_driver_sql(f"CREATE DATABASE {quoted}{charset}")
    engine.dispose()
