"""Who may work on a system now? One thread of one process, until it is done or dies."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ombud.errors import Stopped
from ombud.store.failures import code_of, translated

_POLL_S: Final = 0.01
_LOCK_NOT_AVAILABLE: Final = "55P03"


class Held:
    """A system that is held.

    Args:
        system_id: Which.
    """

    def __init__(self, system_id: str, check: Callable[[], None] = lambda: None) -> None:
        self.system_id = system_id
        self._check = check

    def ensure(self) -> None:
        """Make sure that it is still held; ask before each batch.

        A lock in PostgreSQL ends with its connection, which can break while the process lives.

        Raises:
            Stopped: It is not; somebody else may work on the system.
        """
        self._check()


class _Mine(threading.local):
    def __init__(self) -> None:
        self.held: dict[tuple[str, str], Held] = {}


_mine = _Mine()
_turns: dict[tuple[str, str], threading.Lock] = {}
_turns_guard = threading.Lock()
_open_files: set[int] = set()


@contextmanager
def _remembered(where: str, held: Held) -> Iterator[Held]:
    _mine.held[where, held.system_id] = held
    try:
        yield held
    finally:
        del _mine.held[where, held.system_id]


def _taken(system_id: str) -> Stopped:
    return Stopped(
        f"another run works on system `{system_id}`",
        help="wait until it has ended, then call again",
    )


@contextmanager
def thread_lock(where: str, system_id: str, timeout_s: float) -> Iterator[Held]:
    """Hold a system against the other threads of this process; for a database in memory."""
    mine = _mine.held.get((where, system_id))
    if mine is not None:
        yield mine
        return
    with _turns_guard:
        turn = _turns.setdefault((where, system_id), threading.Lock())
    if not turn.acquire(timeout=timeout_s):
        raise _taken(system_id)
    try:
        with _remembered(where, Held(system_id)) as held:
            yield held
    finally:
        turn.release()


@contextmanager
def file_lock(folder: Path, system_id: str, timeout_s: float) -> Iterator[Held]:
    """Hold a system by a locked file; the operating system frees it when the process dies.

    Whoever waits holds the door (a second file) meanwhile: a run that takes the lock again and
    again, for one batch after the other, queues behind a hold that is being placed.
    """
    mine = _mine.held.get((str(folder), system_id))
    if mine is not None:
        yield mine
        return
    name = quote(system_id, safe="")
    deadline = time.monotonic() + timeout_s
    with _opened(folder, name) as lock:
        with _opened(folder, f"{name}.door") as door:
            _take(door, system_id, deadline)
            _take(lock, system_id, deadline)
        with _remembered(str(folder), Held(system_id)) as held:
            yield held


@contextmanager
def _opened(folder: Path, name: str) -> Iterator[int]:
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        file = os.open(folder / name, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as failed:
        raise Stopped(
            f"the lock `{folder.name}/{name}` could not be made: {failed.strerror}",
            help="make the folder of Ombud's database writable",
        ) from None
    _open_files.add(file)
    try:
        yield file
    finally:
        if file in _open_files:  # else this is a forked child, which has closed it
            _open_files.discard(file)
            os.close(file)  # frees the lock


def _take(file: int, system_id: str, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise _taken(system_id) from None
            time.sleep(_POLL_S)
        else:
            return


def _close_in_child() -> None:
    """Keep a forked child from holding, past its parent's death, what the parent held."""
    for file in _open_files:
        os.close(file)
    _open_files.clear()
    _mine.held.clear()


os.register_at_fork(after_in_child=_close_in_child)


@contextmanager
def postgres_lock(engine: Engine, system_id: str, timeout_s: float) -> Iterator[Held]:
    """Hold a system by an advisory lock of a session of its own; PostgreSQL keeps the queue."""
    where = str(engine.url)
    mine = _mine.held.get((where, system_id))
    if mine is not None:
        yield mine
        return
    with translated():
        connection = engine.connect()
    try:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        with translated():
            _take_in_session(connection, system_id, timeout_s)
        held = Held(system_id, lambda: _still_there(connection, system_id))
        with _remembered(where, held):
            yield held
    finally:
        _let_go(connection, _number(system_id))


def _take_in_session(connection: Connection, system_id: str, timeout_s: float) -> None:
    wait_ms = max(1, round(timeout_s * 1000))
    number = {"number": _number(system_id)}
    connection.execute(text(f"SET lock_timeout = {wait_ms:d}"))
    try:
        connection.execute(text("SELECT pg_advisory_lock(:number)"), number)
        connection.execute(text("SET lock_timeout = DEFAULT"))
    except DBAPIError as failed:
        if code_of(failed) == _LOCK_NOT_AVAILABLE:
            raise _taken(system_id) from None
        raise


def _let_go(connection: Connection, number: int) -> None:
    """Free the lock and give the connection back; one that cannot be trusted is ended instead.

    The end of a session frees its locks, and undoes its settings.
    """
    try:
        free = text("SELECT pg_advisory_unlock(:number)")
        if not connection.execute(free, {"number": number}).scalar():
            connection.invalidate()
    except SQLAlchemyError:
        connection.invalidate()  # it is gone, and the lock with it
    except BaseException:
        connection.invalidate()
        raise
    finally:
        connection.close()


def _still_there(connection: Connection, system_id: str) -> None:
    try:
        connection.execute(text("SELECT 1"))
    except DBAPIError:
        raise Stopped(
            f"the lock on system `{system_id}` was lost with its connection", help="call again"
        ) from None


def _number(system_id: str) -> int:
    """Return the lock's number: 64 bits, signed, as PostgreSQL wants them."""
    digest = sha256(f"ombud system {system_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
