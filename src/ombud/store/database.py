"""How does Ombud reach its own database, and what is one change to it?"""

from __future__ import annotations

import os
import secrets
import stat
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from sqlalchemy import (
    Connection,
    Engine,
    create_engine,
    event,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from ombud.errors import Refused, Stopped, WrongUse
from ombud.store.failures import translated
from ombud.store.lock import Held, file_lock, postgres_lock, thread_lock
from ombud.store.types import store_settings

Transaction = Connection
"""An open transaction of Ombud's own database, to hand on to what takes part in it."""

SCHEMA: Final = "0003"  # the newest migration
_BUSY_S: Final = 30  # how long a writer waits for another; their transactions last milliseconds
_DATABASE_LOCK: Final = 0x6F6D627564  # "ombud": one writer of log and schema at a time


class Store:
    """Ombud's own database. Safe for threads; open it again in a child process.

    A change is one transaction and is on disk when `transaction()` returns. On SQLite writers
    follow each other from their first statement on; on PostgreSQL those that call `serialise` do.
    """

    def __init__(self, engine: Engine, path: Path | None) -> None:
        self._engine = engine
        self._path = path
        self._name = f"memory-{secrets.token_hex(8)}" if path is None else str(path)
        self._salt: bytes | None = None
        self._salt_turn = threading.Lock()

    @property
    def kind(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._engine.dialect.name

    @contextmanager
    def transaction(self, tx: Transaction | None = None) -> Iterator[Transaction]:
        """Give one change: committed and on disk at the end, undone where the block raises.

        Args:
            tx: A transaction that is already open: the block becomes a part of it.

        Raises:
            Stopped: The database did not take the change; nothing of it is left.
        """
        if tx is not None:
            yield tx
            return
        with translated(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self, tx: Transaction | None = None) -> Iterator[Transaction]:
        """Give a transaction for reading: one moment of the database; it makes no writer wait.

        Args:
            tx: A transaction that is already open: what it changed is seen.

        Raises:
            Stopped: The database did not answer.
        """
        if tx is not None:
            yield tx
            return
        with translated(), self._engine.connect() as connection:
            options: dict[str, Any] = {"ombud_reads": True}
            if self.kind == "postgresql":
                options["isolation_level"] = "REPEATABLE READ"
            connection.execution_options(**options)
            with connection.begin():
                yield connection

    def serialise(self, tx: Transaction) -> None:
        """Let this transaction be the only one past this line until it ends.

        What follows sees everything that was committed before. On SQLite it is so already.
        """
        if self.kind == "postgresql":
            tx.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_DATABASE_LOCK})")

    def system_lock(self, system_id: str, *, timeout_s: float) -> AbstractContextManager[Held]:
        """Hold a system against every other thread and process that asks for it.

        It is free again when the block ends or the process dies, however it dies. The thread that
        holds it may take it again. Who has waited longest gets it next.

        Args:
            system_id: Id of the system in the map.
            timeout_s: How long to wait for it, in seconds; 0 asks once.

        Raises:
            Stopped: Somebody else still holds it; call again later.
        """
        if self.kind == "postgresql":
            return postgres_lock(self._engine, system_id, timeout_s)
        if self._path is None:
            return thread_lock(self._name, system_id, timeout_s)
        return file_lock(self._path.with_name(self._path.name + ".lock"), system_id, timeout_s)

    def seal_salt(self) -> bytes:
        """Return the salt that this database's seals share; made on first use, 16 bytes."""
        with self._salt_turn:
            if self._salt is None:
                with self.transaction() as tx:
                    self.serialise(tx)
                    row = store_settings.c
                    query = select(row.value).where(row.name == "seal_salt")
                    found = tx.execute(query).scalar()
                    if found is None:
                        found = secrets.token_hex(16)
                        values = {"name": "seal_salt", "value": found}
                        tx.execute(store_settings.insert().values(values))
                self._salt = bytes.fromhex(found)
            return self._salt

    def close(self) -> None:
        """Let go of every connection; on SQLite the last one out empties the write-ahead log."""
        self._engine.dispose()


def open_store(url: str, *, create: bool, workspace: Path = Path()) -> Store:
    """Open Ombud's own database, with its schema brought up to date.

    Args:
        url: `sqlite:///FILE`, `sqlite://` (in memory, for one process) or `postgresql://...`.
        create: Whether it may be made where there is none.
        workspace: Folder that a relative file name of SQLite starts from.

    Raises:
        WrongUse: The URL is not of a database Ombud can keep its own data in.
        Refused: There is no database, or an empty one where one should be, or one of a newer
            Ombud; nothing was changed.
        Stopped: It did not answer.
    """
    parsed = _parsed(url)
    path = _sqlite_path(parsed, workspace)
    if path is not None:
        parsed = parsed.set(database=str(path))
        if not _is_there(path):
            if not create:
                raise Refused(f"Ombud's database `{path.name}` is not there", help=_HELP_MISSING)
            _make_file(path)
    store = Store(_engine(parsed), path)
    try:
        _bring_up_to_date(store, create=create or parsed.database is None)
    except BaseException:
        store.close()
        raise
    return store


_HELP_MISSING: Final = (
    "set OMBUD_DATABASE to the database this workspace had, or restore it from its backup; "
    "`ombud init` makes a new one, which knows nothing of holds, decisions and evidence"
)


def _parsed(url: str) -> URL:
    """Return the parts of `OMBUD_DATABASE`; no message holds any of them: it may hold a password.

    Raises:
        WrongUse: It is not of a database that Ombud can keep its own data in.
    """
    try:
        parsed = make_url(url)
        known = parsed.drivername in _DRIVERS and "\0" not in unquote(url)
    except (ArgumentError, ValueError):  # a port that is none
        known = False
    if not known:
        raise WrongUse(
            "OMBUD_DATABASE is not the URL of a SQLite or PostgreSQL database", help=_HELP_URL
        )
    parsed = parsed.set(drivername=_DRIVERS[parsed.drivername])
    if parsed.get_backend_name() == "sqlite":
        if parsed.host or parsed.query:
            raise WrongUse(
                "OMBUD_DATABASE holds a host or options, and SQLite's holds a file alone",
                help="write three slashes before a file of the workspace, four before a path:"
                " `sqlite:///ombud.db`, `sqlite:////srv/ombud.db`",
            )
    elif not _are_options(parsed):
        raise WrongUse(
            "OMBUD_DATABASE has an option that PostgreSQL does not know",
            help="look at what stands after `?`; for example `?sslmode=verify-full`",
        )
    return parsed


_DRIVERS: Final = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_HELP_URL: Final = (
    "write for example `sqlite:///ombud.db` or `postgresql://user@host/ombud`; Ombud has"
    " no other driver than `psycopg`"
)


def _are_options(url: URL) -> bool:
    """Return whether PostgreSQL's own library takes the URL's options; no server is asked."""
    # Slow to import, and only who keeps Ombud's data in PostgreSQL needs it.
    from psycopg import ProgrammingError  # noqa: PLC0415
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415

    try:
        _, given = url.get_dialect()().create_connect_args(url)
        make_conninfo(**given)
    except (ArgumentError, ProgrammingError, ValueError):
        return False
    return True


def _sqlite_path(url: URL, workspace: Path) -> Path | None:
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return (workspace / str(url.database)).absolute()


def _is_there(path: Path) -> bool:
    """Return whether there is a file that can be Ombud's database.

    Raises:
        WrongUse: There is something else.
        Stopped: Nobody can tell.
    """
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as failed:
        raise Stopped(
            f"Ombud's database `{path.name}` cannot be looked for: {failed.strerror}",
            help=f"make the folder `{path.parent}` readable, or set OMBUD_DATABASE",
        ) from None
    if not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "not a file"
        raise WrongUse(
            f"OMBUD_DATABASE names `{path.name}`, which is {what}",
            help="name a file: `sqlite:///ombud.db` is one in the workspace",
        )
    return True


def _make_file(path: Path) -> None:
    """Make the file readable by nobody else: it will hold who asked for erasure."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as failed:
        writable = " writable" if path.parent.is_dir() else ""
        raise Stopped(
            f"Ombud's database `{path.name}` could not be made: {failed.strerror}",
            help=f"make the folder `{path.parent}`{writable}, or set OMBUD_DATABASE",
        ) from None


def _engine(url: URL) -> Engine:
    options: dict[str, Any] = {"hide_parameters": True}
    if url.get_backend_name() == "postgresql":
        options |= {"pool_pre_ping": True, "connect_args": {"application_name": "ombud"}}
        return create_engine(url, **options)
    options["connect_args"] = {"check_same_thread": False, "timeout": _BUSY_S}
    if url.database in (None, "", ":memory:"):
        options["poolclass"] = StaticPool
    engine = create_engine(url, **options)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    # Without it sqlite3 begins by itself, late: reads before the first write would then lie
    # outside the transaction.
    connection.isolation_level = None
    cursor = connection.cursor()
    run = cursor.execute
    run("PRAGMA journal_mode=WAL")  # stays so once set; in memory it stays as it is
    run("PRAGMA synchronous=FULL")  # a commit is on disk when it returns
    run("PRAGMA foreign_keys=ON")
    run("PRAGMA secure_delete=ON")  # erased means overwritten
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("ombud_reads")
    # IMMEDIATE: two transactions that read and then write would otherwise fail, or fork the log.
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _bring_up_to_date(store: Store, *, create: bool) -> None:
    with store.reading() as tx:
        found = _schema(tx)
    if found == SCHEMA:
        return
    if found is None and not create:
        raise Refused("Ombud's database is empty", help=_HELP_MISSING)
    # Alembic is slow to import, and only a new or an old database needs it.
    from ombud.store.migrate import migrate  # noqa: PLC0415

    with store.system_lock("ombud:schema", timeout_s=_BUSY_S), store.transaction() as tx:
        store.serialise(tx)
        if _schema(tx) != SCHEMA:
            migrate(tx)


def _schema(tx: Transaction) -> str | None:
    """Return the newest migration the database has; None for a database without any."""
    if not inspect(tx).has_table("alembic_version"):
        return None
    found: str | None = tx.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found is not None and found > SCHEMA:
        raise Refused(
            f"Ombud's database has schema {found}, which this Ombud does not know",
            help="install the newer Ombud again, or restore the backup made before the upgrade",
        )
    return found
