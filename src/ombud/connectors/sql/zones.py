"""How far is a zone ahead of UTC at a time that only the database has?

PostgreSQL knows zones, MariaDB where somebody loaded them, SQLite none; and each reads an hour that
comes twice in its own way. So what Python knows is asked: SQLite calls it, to the others each
change of a zone is written out. It is needed only where columns of two kinds are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

_FIRST = datetime(1970, 1, 1, tzinfo=UTC)  # times before and after are read like the nearest
_LAST = datetime(2038, 1, 1, tzinfo=UTC)
_STEP = timedelta(days=7)  # no zone changes twice in a week
_TO_UTC, _FROM_UTC = "ombud_to_utc", "ombud_from_utc"


def to_utc(x: ColumnElement[Any], zone: ZoneInfo, dialect: str) -> ColumnElement[Any]:
    """Return a naive local time as naive UTC; of an hour that comes twice, the first."""
    if dialect == "sqlite":
        return sa.Function(_TO_UTC, x, zone.key)
    return _moved(x, -_ahead(x, zone, local=True), dialect)


def from_utc(x: ColumnElement[Any], zone: ZoneInfo, dialect: str) -> ColumnElement[Any]:
    """Return a naive time in UTC as naive local time."""
    if dialect == "sqlite":
        return sa.Function(_FROM_UTC, x, zone.key)
    return _moved(x, _ahead(x, zone, local=False), dialect)


def teach_sqlite(connection: Any) -> None:  # noqa: ANN401 the driver's own
    """Let statements of a connection ask Python about zones."""
    connection.create_function(_TO_UTC, 2, _sqlite_to_utc, deterministic=True)
    connection.create_function(_FROM_UTC, 2, _sqlite_from_utc, deterministic=True)


def _sqlite_to_utc(text: str | None, key: str) -> str | None:
    return _between(text, ZoneInfo(key), ZoneInfo("UTC"))


def _sqlite_from_utc(text: str | None, key: str) -> str | None:
    return _between(text, ZoneInfo("UTC"), ZoneInfo(key))


def _between(text: str | None, zone: ZoneInfo, other: ZoneInfo) -> str | None:
    """Return a time of one zone in another; None where it is none, or leaves the calendar."""
    try:
        at = datetime.fromisoformat(text or "").replace(tzinfo=zone).astimezone(other)
    except (ValueError, OverflowError):
        return None
    return at.replace(tzinfo=None).isoformat(" ", "milliseconds")


def _moved(x: ColumnElement[Any], by: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    """Return a time moved by so many seconds."""
    if dialect == "mariadb":
        return sa.func.timestampadd(sa.literal_column("SECOND"), by, x)
    return x + by * sa.literal_column("INTERVAL '1 second'")


def _ahead(x: ColumnElement[Any], zone: ZoneInfo, *, local: bool) -> ColumnElement[Any]:
    """Return by how many seconds the zone is ahead of UTC, as an expression on the time."""
    offsets = _offsets(zone.key)
    since: list[tuple[ColumnElement[Any], ColumnElement[Any]]] = []
    for (_, before), (at, after) in pairwise(offsets):
        # What comes twice, or not at all, is read as what held before.
        shown = at + timedelta(seconds=max(before, after)) if local else at
        said: ColumnElement[Any] = sa.literal_column(f"'{shown:%Y-%m-%d %H:%M:%S}'")
        since.append((x >= said, sa.literal_column(str(after))))
    first: ColumnElement[Any] = sa.literal_column(str(offsets[0][1]))
    return sa.case(*reversed(since), else_=first) if since else first


@lru_cache
def _offsets(key: str) -> tuple[tuple[datetime, int], ...]:
    """Return since when a zone is how many seconds ahead of UTC; oldest first."""
    return tuple(_changes(ZoneInfo(key)))


def _changes(zone: ZoneInfo) -> Iterator[tuple[datetime, int]]:
    def ahead(at: datetime) -> int:
        offset = at.astimezone(zone).utcoffset() or timedelta(0)
        return round(offset.total_seconds())

    known, at = ahead(_FIRST), _FIRST
    yield at, known
    while at < _LAST:
        before, at = at, at + _STEP
        if ahead(at) == known:
            continue
        after = at
        while after - before > timedelta(seconds=1):
            middle = before + (after - before) // timedelta(seconds=2) * timedelta(seconds=1)
            before, after = (middle, after) if ahead(middle) == known else (before, middle)
        known = ahead(after)
        yield after, known
