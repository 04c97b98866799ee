"""What went wrong in a database, in Ombud's words: drivers' texts hold values and never pass."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

import sqlalchemy as sa

from ombud.errors import ConnectorFailed

_Self = TypeVar("_Self", bound="Reaches")
_P = ParamSpec("_P")
_T = TypeVar("_T")

_BY_CLASS = {
    "08": ("lost its connection", True),
    "22": ("met a value it could not read or store", False),
    "23": ("refused a change because of a constraint", False),
    "25": ("is in a state that allows no changes", False),
    "28": ("refused the account or password", False),
    "3D": ("has no such database", False),
    "40": ("gave up a transaction that met another", True),
    "42": ("refused a statement: a name or a right is missing", False),
    "53": ("is out of disk, memory or connections", True),
    "54": ("met a limit of its own", False),
    "55": ("could not get a lock in time", True),
    "57": ("is shutting down or cancelled the statement", True),
    "58": ("met an error of its machine", True),
    "XX": ("met an internal error", False),
}
_BY_SQLSTATE = {
    "P0001": ("refused a change: a trigger or function of its own did", False),
    "42501": ("refused a statement: the account lacks a right", False),
    "57014": ("cancelled a statement that took too long", True),
    "55P03": ("could not get a lock in time", True),
}
_BY_NUMBER = {
    1044: ("refused the account: it has no right to that database", False),
    1045: ("refused the account or password", False),
    1049: ("has no such database", False),
    1142: ("refused a statement: the account lacks a right", False),
    1143: ("refused a statement: the account lacks a right to a column", False),
    1146: ("refused a statement: a table is missing", False),
    1054: ("refused a statement: a column is missing", False),
    1205: ("could not get a lock in time", True),
    1213: ("gave up a transaction that met another", True),
    1451: ("refused a change because of a constraint", False),
    1452: ("refused a change because of a constraint", False),
    1048: ("refused a change because of a constraint", False),
    1062: ("refused a change because of a constraint", False),
    1406: ("met a value it could not read or store", False),
    1969: ("cancelled a statement that took too long", True),
    1317: ("cancelled a statement", True),
    1021: ("is out of disk", True),
    1114: ("is out of disk", True),
    1040: ("is out of connections", True),
    1203: ("is out of connections", True),
    1226: ("is out of connections", True),
    1053: ("is shutting down", True),
    1927: ("lost its connection", True),
    1290: ("is in a state that allows no changes", False),
    1792: ("is in a state that allows no changes", False),
    1836: ("is in a state that allows no changes", False),
    1227: ("refused a statement: the account lacks a right", False),
    1370: ("refused a statement: the account lacks a right", False),
    1364: ("refused a change because of a constraint", False),
    3819: ("refused a change because of a constraint", False),
    4025: ("refused a change because of a constraint", False),
    1644: ("refused a change: a trigger or function of its own did", False),
    1264: ("met a value it could not read or store", False),
    1265: ("met a value it could not read or store", False),
    1292: ("met a value it could not read or store", False),
    1366: ("met a value it could not read or store", False),
    2003: ("does not answer", True),
    2006: ("lost its connection", True),
    2013: ("lost its connection", True),
    2026: ("agreed on no encrypted connection", False),
}
_BY_SQLITE = {
    "SQLITE_BUSY": ("could not get a lock in time", True),
    "SQLITE_LOCKED": ("could not get a lock in time", True),
    "SQLITE_FULL": ("is out of disk", True),
    "SQLITE_READONLY": ("is in a state that allows no changes", False),
    "SQLITE_CANTOPEN": ("cannot be opened: is the path right?", False),
    "SQLITE_NOTADB": ("is not a SQLite database", False),
    "SQLITE_CORRUPT": ("is damaged", False),
    "SQLITE_CONSTRAINT": ("refused a change because of a constraint", False),
    "SQLITE_IOERR": ("met an error of its machine", True),
}

_NO_ANSWER = 2003
_NO_TLS = 2026
_CUT_OFF = ("08", "57P", "58", "XX", "SQLITE_IOERR")
_CUT_OFF_NUMBERS = (1053, 1927, 2003, 2006, 2013)
"""Codes after which nobody knows whether a transaction that was committing had done so."""
RUNNING = "is the server running, and are host, port, account, password and options right?"
_TLS = "look at the `ssl_…` options of its address, and at the server's certificate"
_GRANTS = "`ombud bind --grants` says which rights it needs, as SQL for the database's owner"
KINDS = "write sqlite:///, postgresql+psycopg:// or mariadb+pymysql:// before the rest"


class Reaches(Protocol):
    """Something that reaches a system."""

    @property
    def system_id(self) -> str:
        """Id of the system in the map."""


def translated(
    method: Callable[Concatenate[_Self, _P], _T],
) -> Callable[Concatenate[_Self, _P], _T]:
    """Have a method raise ConnectorFailed for any driver error; see `reach`."""

    @wraps(method)
    def call(self: _Self, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        return reach(self.system_id, lambda: method(self, *args, **kwargs))

    return call


def reach(system: str, do: Callable[[], _T]) -> _T:
    """Return what a call gives; nothing of a driver's error is kept, in its context neither.

    Raises:
        ConnectorFailed: The call failed; its transaction is rolled back by the caller.
    """
    try:
        return do()
    except sa.exc.SQLAlchemyError as error:
        failed = _meaning(system, error)
    except (ValueError, ArithmeticError) as error:  # a driver could not read what it was given
        kind = type(error).__name__
        failed = ConnectorFailed(system, f"gave a value that could not be read ({kind})")
    raise failed  # outside the except: no context hangs on it


def _meaning(system: str, error: sa.exc.SQLAlchemyError) -> ConnectorFailed:
    if isinstance(error, sa.exc.NoSuchModuleError):
        return ConnectorFailed(
            system, "has a URL of a kind that no installed driver speaks", help=KINDS
        )
    if isinstance(error, sa.exc.DBAPIError):
        return failure(system, error)
    if isinstance(error, sa.exc.TimeoutError):
        return ConnectorFailed(system, "gave no connection in time", transient=True)
    return ConnectorFailed(system, f"could not be asked ({type(error).__name__})")


def lost(system: str) -> ConnectorFailed:
    """Return that a connection is gone, and what a session remembered with it."""
    return ConnectorFailed(system, "lost its connection", transient=True)


def _help_of(why: str) -> str:
    return _GRANTS if "lacks a right" in why or "no right to" in why else ""


def failure(system: str, error: sa.exc.DBAPIError) -> ConnectorFailed:
    """Return what a driver error means, by its code alone."""
    original = error.orig
    # MariaDB's number says more than its SQLSTATE: a lock that was not free in time is `HY000`.
    number = next((a for a in getattr(original, "args", ()) if isinstance(a, int)), None)
    if number in _BY_NUMBER:
        why, transient = _BY_NUMBER[number]
        help = {_NO_ANSWER: RUNNING, _NO_TLS: _TLS}.get(number) or _help_of(why)
        return ConnectorFailed(
            system,
            why,
            sqlstate=str(number),
            transient=transient,
            answered=number not in _CUT_OFF_NUMBERS and not error.connection_invalidated,
            help=help,
        )
    sqlstate = getattr(original, "sqlstate", None)
    if isinstance(sqlstate, str) and sqlstate:
        why, transient = _BY_SQLSTATE.get(
            sqlstate, _BY_CLASS.get(sqlstate[:2], ("refused a statement", False))
        )
        return ConnectorFailed(
            system,
            why,
            sqlstate=sqlstate,
            transient=transient,
            answered=not sqlstate.startswith(_CUT_OFF) and not error.connection_invalidated,
            help=_help_of(why),
        )
    name = getattr(original, "sqlite_errorname", None)
    if isinstance(name, str):
        found = (meant for prefix, meant in _BY_SQLITE.items() if name.startswith(prefix))
        why, transient = next(found, ("refused a statement", False))
        answered = not name.startswith(_CUT_OFF)
        return ConnectorFailed(system, why, sqlstate=name, transient=transient, answered=answered)
    if number is not None:
        return ConnectorFailed(system, "refused a statement", sqlstate=str(number))
    if error.connection_invalidated or isinstance(error, sa.exc.OperationalError):
        return ConnectorFailed(
            system,
            "does not answer, or refused the connection",
            transient=True,
            help=RUNNING,
        )
    return ConnectorFailed(system, "refused a statement")
