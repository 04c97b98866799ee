"""How is a database opened? With settings that make it answer the same way everywhere."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ombud.connectors.sql.errors import KINDS, RUNNING
from ombud.connectors.sql.zones import teach_sqlite
from ombud.errors import ConnectorFailed

LOCK_WAIT_S = 5
STATEMENT_S = 600
_REFUSED_OPTION = "has an address with an option that its driver refuses"
_OPTIONS = (
    "look at what stands after `?` in what the environment sets for it: does the driver know each"
    " option and value, and can a file that one names be read?"
)


@dataclass(frozen=True)
class Limits:
    """How long a statement may wait for a lock, and take in all."""

    lock_wait_s: float
    statement_s: float


def open_engine(url: str, system: str, limits: Limits) -> sa.Engine:
    """Return the engine; the URL, which holds secrets, is in no message.

    Raises:
        ConnectorFailed: The URL is not one, or its driver is missing.
    """
    engine = engine_of(url, system, poolclass=sa.pool.NullPool)
    name = engine.dialect.name

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, record: object) -> None:  # noqa: ANN401 the driver's own
        if name == "sqlite":
            connection.isolation_level = None
            teach_sqlite(connection)
        try:
            cursor = connection.cursor()
            for statement in _settings(name, connection, limits):
                cursor.execute(statement)
            cursor.close()
            if name != "sqlite":
                connection.commit()
        except engine.dialect.loaded_dbapi.Error as error:  # nobody else wraps it here
            raise sa.exc.DBAPIError("setting up", None, error) from None

    if name == "sqlite":

        @sa.event.listens_for(engine, "begin")
        def begin(connection: sa.Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def engine_of(url: str, system: str, **options: Any) -> sa.Engine:  # noqa: ANN401 SQLAlchemy's own
    """Return an engine with the driver that Ombud uses where the URL names none.

    Args:
        options: As `sqlalchemy.create_engine` takes them.

    Raises:
        ConnectorFailed: The URL is not one, its driver is missing, or takes not all of its options.
    """
    parsed: sa.URL | None = None
    try:
        parsed = sa.make_url(url)
        if parsed.drivername in ("mysql", "mariadb"):
            parsed = parsed.set(drivername=f"{parsed.drivername}+pymysql")
        with warnings.catch_warnings():
            warnings.simplefilter("error", sa.exc.SAWarning)  # of an option that does nothing
            return sa.create_engine(parsed, hide_parameters=True, **options)
    except ImportError:
        why, help = "has an address whose driver is not installed", KINDS
    except sa.exc.NoSuchModuleError:
        why, help = "has an address of a kind that no installed driver speaks", KINDS
    except (sa.exc.ArgumentError, sa.exc.SAWarning, ValueError):
        why = "has an address that is not one of a database"
        help = f"look at what the environment sets for it; {KINDS}"
        if parsed is not None and parsed.query:
            why, help = _REFUSED_OPTION, _OPTIONS
    raise ConnectorFailed(system, why, help=help)  # no context: it would hold the URL


def connected(engine: sa.Engine, system: str) -> sa.Connection:
    """Return a new connection.

    A driver checks its options when it connects, and what then goes wrong need not be an error of
    the driver's: a file of certificates that is not there is none.

    Raises:
        ConnectorFailed: The address has an option that the driver refuses.
        sqlalchemy.exc.SQLAlchemyError: The database does not answer, or refuses; see `reach`.
    """
    kind = ""
    try:
        return engine.connect()
    except sa.exc.SQLAlchemyError as error:
        if not engine.url.query or not _refuses_option(error):
            raise
    except Exception as error:
        kind = type(error).__name__
    if engine.url.query:
        raise ConnectorFailed(system, _REFUSED_OPTION, help=_OPTIONS)
    raise ConnectorFailed(system, f"could not be opened ({kind})", help=RUNNING)


def _refuses_option(error: sa.exc.SQLAlchemyError) -> bool:
    """Return whether an error at connecting is about an option: no server that is down gives it."""
    if isinstance(error, sa.exc.OperationalError):
        return getattr(error.orig, "sqlite_errorname", "") == "SQLITE_ERROR"
    if isinstance(error, sa.exc.InterfaceError):
        return False
    return type(error) is not sa.exc.DBAPIError  # that is one of our own settings, refused


def kind_of(url: str) -> str:
    """Return `sqlite`, `postgresql` or `mariadb` for an address; empty where it is none of them.

    It says what is left on disk of what was erased there: see `record.on_disk` of the pages.
    """
    try:
        name = sa.make_url(url).get_backend_name()
    except sa.exc.ArgumentError:
        return ""
    return {"sqlite": name, "postgresql": name, "mysql": "mariadb", "mariadb": name}.get(name, "")


def refuse_missing(url: sa.URL, system: str) -> None:
    """Refuse a SQLite file that is not there: opening it would make an empty one."""
    file = url.database if url.get_backend_name() == "sqlite" else None
    if file and file != ":memory:" and not file.startswith("file:") and not Path(file).exists():
        raise ConnectorFailed(
            system,
            "has no such file: is the path right?",
            help="look at what the environment sets for its address",
        )


def _settings(dialect: str, connection: Any, limits: Limits) -> tuple[str, ...]:  # noqa: ANN401 any driver's
    wait_ms = max(1, round(limits.lock_wait_s * 1000))
    if dialect == "sqlite":
        return (
            "PRAGMA foreign_keys = ON",
            "PRAGMA secure_delete = ON",  # erased means overwritten
            f"PRAGMA busy_timeout = {wait_ms}",
        )
    if dialect == "postgresql":
        return (
            "SET TIME ZONE 'UTC'",
            "SET DateStyle = 'ISO'",
            f"SET lock_timeout = '{wait_ms}ms'",
            f"SET statement_timeout = '{round(limits.statement_s * 1000)}ms'",
            "SET default_transaction_isolation = 'read committed'",
            "SET application_name = 'ombud'",
            # what is asked of other tables row by row is looked up in memory while they are small:
            # of large ones it takes half of the time to ask their index
            "SET work_mem = '32MB'",
            # else each look into a work table of a million rows is one into a file; a pooler may
            # give a session that had temporary tables before, where it cannot be set any more
            "DO $$ BEGIN PERFORM set_config('temp_buffers', '64MB', false);"
            " EXCEPTION WHEN invalid_parameter_value THEN NULL; END $$",
            "SET row_security = off",  # rows that the account may not see are an error, not absent
            "SET jit = off",  # compiling a long statement takes longer than it runs
            # what a row costs that is looked up by an index, unless the server says otherwise: told
            # it is that of a disk, PostgreSQL would read whole tables for each thing it is asked;
            # told it is next to nothing, it would look up half of a table row by row
            "SELECT set_config('random_page_cost', '2', false) FROM pg_settings"
            " WHERE name = 'random_page_cost' AND source = 'default'",
            # else a crash could bring back what was proved to be erased
            "SELECT set_config('synchronous_commit', 'on', false)"
            " WHERE current_setting('synchronous_commit') = 'off'",
        )
    mysql = "MariaDB" not in connection.get_server_info()
    seconds = max(int(mysql), math.ceil(limits.lock_wait_s))
    # MariaDB's cache of subqueries takes values for the same that a collation does, so what it
    # knows of one person would be said of another.
    own = (
        f"SET SESSION max_execution_time = {round(limits.statement_s * 1000)}"
        if mysql
        else f"SET SESSION max_statement_time = {limits.statement_s},"
        " SESSION optimizer_switch = 'subquery_cache=off'"
    )
    return (
        "SET time_zone = '+00:00'",
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
        "SET SESSION foreign_key_checks = 1",
        f"SET SESSION innodb_lock_wait_timeout = {seconds}",
        f"SET SESSION lock_wait_timeout = {seconds}",  # for tables, and for what is no InnoDB
        own,
    )
