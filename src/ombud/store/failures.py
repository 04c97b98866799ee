"""What does a failure of Ombud's own database mean, in words without a value?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, InterfaceError

from ombud.errors import Stopped

_ROOM: Final = "make room on the disk of Ombud's database, then call again"
_HELP: Final = {
    "SQLITE_FULL": _ROOM,
    "SQLITE_IOERR_WRITE": _ROOM,
    "SQLITE_IOERR_SHMSIZE": _ROOM,
    "SQLITE_BUSY": "another program holds Ombud's database; end it, then call again",
    "SQLITE_READONLY": "make Ombud's database and its folder writable, then call again",
    "SQLITE_CANTOPEN": "make Ombud's database and its folder readable, then call again",
    "SQLITE_NOTADB": "set OMBUD_DATABASE to Ombud's own database, or restore its backup",
    "SQLITE_CORRUPT": "restore Ombud's database from its backup",
    "53100": _ROOM,
}
_SAYS: Final = {"SQLITE_NOTADB": "is not one of SQLite", "SQLITE_CANTOPEN": "cannot be opened"}
_HELP_OTHERWISE: Final = (
    "look whether the database that OMBUD_DATABASE names runs and lets you in: server, port, name,"
    " user, password; call again"
)


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors into Ombud's: drivers' texts hold values.

    Raises:
        Stopped: In place of any error of the database; the transaction was undone.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error) as failed:
        code = code_of(failed)
        gone = isinstance(failed, InterfaceError) or not code or code.startswith(("08", "57P"))
        says = _SAYS.get(code, "did not answer" if gone else "did not take the change")
        raise Stopped(
            f"Ombud's own database {says}" + (f" ({code})" if code else ""),
            help=_HELP.get(code, _HELP_OTHERWISE),
        ) from None


def code_of(failed: DBAPIError | sqlite3.Error) -> str:
    """Return the SQLSTATE, or SQLite's name of the error; empty when there is neither."""
    driver = failed.orig if isinstance(failed, DBAPIError) else failed
    code = getattr(driver, "sqlstate", None) or getattr(driver, "sqlite_errorname", None)
    return str(code or "")
