"""What does one row say to the grounds? The answers that `why` is made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from ombud.connectors.sql.blank import is_blank
from ombud.connectors.sql.compile import Compiler, Row
from ombud.connectors.sql.latest import latest_counted, otherwise_value
from ombud.connectors.sql.once import one
from ombud.connectors.sql.times import Asked
from ombud.errors import Unknown
from ombud.systems.connector import Explained, Reading
from ombud.systems.predicate import Hop, Predicate

_ASKED_MAX = 500  # columns of one statement; PostgreSQL takes 1664


def explain(
    connection: sa.Connection,
    compiler: Compiler,
    table: str,
    key: tuple[str, ...],
    predicates: Sequence[Predicate],
    readings: Sequence[tuple[tuple[Hop, ...], Reading]],
) -> Explained:
    """Return what `why` needs of one row, in one transaction.

    Args:
        key: In the order of the table's key, as text.
        predicates: About the row.
        readings: Each with the hops to parents that lead from the row to where it is read.
    """
    row = compiler.row(table)
    columns = compiler.system.tables[table].columns
    asked: list[ColumnElement[Any]] = [one(compiler.where(p, row)) for p in predicates]
    asked += [one(is_blank(compiler, row, c)) for c in columns.values()]
    reads: list[tuple[Asked, Asked]] = []
    for way, reading in readings:
        latest = latest_counted(compiler, row, way, reading)
        otherwise = otherwise_value(compiler, row, way, reading)
        reads.append((latest, otherwise))
        asked += [_shown(compiler, latest), _shown(compiler, otherwise)]
    answers: list[Any] = []
    with connection.begin():
        for start in range(0, len(asked), _ASKED_MAX):
            part = asked[start : start + _ASKED_MAX]
            numbered: list[ColumnElement[Any]] = [c.label(f"q{i}") for i, c in enumerate(part)]
            select = sa.select(sa.literal_column("1"), *numbered).select_from(row.source)
            found = connection.execute(select.where(_is(compiler, row, key))).first()
            if found is None:
                return Explained(False, (), (), {})
            answers += list(found)[1:]
    n, m = len(predicates), len(columns)
    filled = {c: not blank for c, blank in zip(columns, answers[n : n + m], strict=True)}
    rest = answers[n + m :]
    days = []
    for i, read in enumerate(reads):
        values = rest[2 * i : 2 * i + 2]
        known = [_local_day(compiler, a, v) for a, v in zip(read, values, strict=True)]
        days.append(max((d for d in known if d), default=None))
    return Explained(True, [bool(a) for a in answers[:n]], days, filled)


def _is(compiler: Compiler, row: Row, key: tuple[str, ...]) -> ColumnElement[bool]:
    names = compiler.system.tables[row.table].key
    if len(names) != len(key):
        raise Unknown(
            f"the key of `{row.table}` has {len(names)} columns ({', '.join(names)})",
            help="give it as " + ",".join(f"{n}=VALUE" for n in names),
        )
    return compiler.named(row, [key])


def _shown(compiler: Compiler, asked: Asked) -> ColumnElement[Any]:
    """Return a value as Python can take it: PostgreSQL has days that it cannot."""
    timed = asked.kind in ("date", "local_timestamp", "instant") and asked.how != "unix_seconds"
    if compiler.live.dialect == "postgresql" and timed and asked.live is not None:
        return sa.cast(asked.x, sa.Text())
    return asked.x


def _local_day(compiler: Compiler, asked: Asked, value: object) -> date | None:
    """Return the local date, in the organisation's zone, of a value as the database gave it.

    None where it is no date of the calendar.
    """
    try:
        moment = _moment(asked, value)
        if not isinstance(moment, datetime):
            return moment
        if asked.by_day:
            return moment.date()
        times = compiler.times
        zone = UTC if asked.in_utc else times.system_zone
        aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return aware.astimezone(times.zone).date()
    except (ValueError, OverflowError):
        return None


def _moment(asked: Asked, value: object) -> datetime | date | None:
    """Return a value as a time, or as a day where it has no time."""
    if value is None or isinstance(value, datetime | date):
        return value
    if asked.how == "unix_seconds":
        return datetime.fromtimestamp(float(str(value)), UTC)
    text = str(value)
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
