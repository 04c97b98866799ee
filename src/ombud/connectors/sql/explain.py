"""What does one row say to the grounds? The answers that `why` is made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from ombud.connectors.sql.blank import is_blank
from ombud.connectors.sql.census import latest_value
from ombud.connectors.sql.compile import Compiler, Row
from ombud.errors import Unknown
from ombud.systems.connector import Explained
from ombud.systems.live import ColumnType
from ombud.systems.model import Clock
from ombud.systems.predicate import (
    Empty,
    Exists,
    Hop,
    Path,
    Predicate,
    ReadsAs,
    none_of,
    reached,
)


def explain(
    connection: sa.Connection,
    compiler: Compiler,
    table: str,
    key: tuple[str, ...],
    predicates: Sequence[Predicate],
    clocks: Sequence[tuple[tuple[Hop, ...], Clock]],
) -> Explained:
    """Return what `why` needs of one row, in one statement.

    Args:
        key: In the order of the table's key, as text.
        predicates: About the row.
        clocks: Each with the hops from the row to where it is read.
    """
    row = compiler.row(table)
    columns = compiler.system.tables[table].columns
    asked: list[ColumnElement[Any]] = [_bit(compiler.where(p, row)) for p in predicates]
    asked += [_bit(is_blank(compiler, row, c)) for c in columns.values()]
    for way, clock in clocks:
        asked += _clock(compiler, row, way, clock)
    numbered: list[ColumnElement[Any]] = [c.label(f"q{i}") for i, c in enumerate(asked)]
    select = (
        sa.select(sa.literal_column("1"), *numbered)
        .select_from(row.source)
        .where(_is(compiler, row, key))
    )
    with connection.begin():
        found = connection.execute(select).first()
    if found is None:
        return Explained(False, (), (), {})
    answers = list(found)[1:]
    n, m = len(predicates), len(columns)
    filled = {c: not blank for c, blank in zip(columns, answers[n : n + m], strict=True)}
    rest = answers[n + m :]
    days = []
    for i, (way, clock) in enumerate(clocks):
        latest, otherwise, empty = rest[3 * i : 3 * i + 3]
        ends = [(clock.path, latest), (clock.otherwise, otherwise)]
        known = [
            day
            for path, value in ends
            if (
                day := _local_day(
                    compiler, clock.reads_as, _kind(compiler, table, way, path), value
                )
            )
        ]
        days.append((max(known, default=None), bool(empty)))
    return Explained(True, [bool(a) for a in answers[:n]], days, filled)


def _is(compiler: Compiler, row: Row, key: tuple[str, ...]) -> ColumnElement[bool]:
    names = compiler.system.tables[row.table].key
    if len(names) != len(key):
        raise Unknown(
            f"the key of `{row.table}` has {len(names)} columns ({', '.join(names)})",
            help="give it as " + ",".join(f"{n}=VALUE" for n in names),
        )
    return compiler.named(row, [key])


def _clock(
    compiler: Compiler, row: Row, way: tuple[Hop, ...], clock: Clock
) -> list[ColumnElement[Any]]:
    """Return (latest value, `else` value, a value is NULL or a parent missing)."""
    if clock.path is None:
        value: ColumnElement[Any] = sa.literal_column(f"({clock.expression})")
        return [value, sa.null(), _bit(value.is_(None))]
    hops = (*way, *clock.path.hops)
    latest = latest_value(compiler, row, Clock(clock.name, Path(clock.path.column, hops)))
    otherwise: ColumnElement[Any] = sa.null()
    if clock.otherwise is not None:
        path = Path(clock.otherwise.column, way)
        otherwise = latest_value(compiler, row, Clock(clock.name, path))
    empty: Predicate = reached(hops, Empty(clock.path.column))
    if hops and all(h.to == "parent" for h in hops):
        empty = none_of(Exists(hops, none_of(Empty(clock.path.column))))
    return [latest, otherwise, _bit(compiler.where(empty, row))]


def _bit(clause: ColumnElement[bool]) -> ColumnElement[Any]:
    return sa.case((clause, sa.literal_column("1")), else_=sa.literal_column("0"))


def _kind(compiler: Compiler, table: str, way: tuple[Hop, ...], path: Path | None) -> ColumnType:
    """Return the live type of the column that a path ends in; of an expression, a timestamp."""
    if path is None:
        return "local_timestamp"
    for hop in (*way, *path.hops):
        table = compiler.target(hop, table)
    return compiler.live_column(compiler.row(table), path.column).type


def _local_day(
    compiler: Compiler, reads_as: ReadsAs, kind: ColumnType, value: object
) -> date | None:
    """Return the local date, in the organisation's zone, of a value as the database gave it."""
    if value is None or value == "" or str(value).startswith("0000"):
        return None
    if reads_as == "unix_seconds":
        return datetime.fromtimestamp(int(str(value)), UTC).astimezone(compiler.zone).date()
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return value if isinstance(value, date) else None
    moment: datetime = value
    if kind in ("date", "text") or reads_as == "date":
        return moment.date()
    if moment.tzinfo is None:
        as_utc = reads_as == "utc" or (reads_as == "auto" and kind == "instant")
        moment = moment.replace(tzinfo=UTC if as_utc else compiler.system_zone)
    return moment.astimezone(compiler.zone).date()
