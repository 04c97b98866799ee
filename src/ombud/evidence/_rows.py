"""How do many entries get into the database, and how are they found again, in few statements?

Written out per dialect, since this is the hot path of the log: what SQLAlchemy does for every row
costs more than the row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, Text, bindparam, cast, func, select, text

from ombud.errors import LogBroken
from ombud.evidence._tables import log_entries
from ombud.store import Transaction

_HELP: Final = "run `ombud verify`; keep the database as it is and restore its last backup"


class EntryRow(NamedTuple):
    """A row of `log_entries`, but for its instant, which an append has one of."""

    idx: int
    kind: str
    about: str
    once: str | None
    entry: str


_KNOWN_SQLITE: Final = text(
    "SELECT idx, entry FROM log_entries WHERE once IN (SELECT value FROM json_each(:names))"
)
_KNOWN_POSTGRES: Final = text("SELECT idx, entry FROM log_entries WHERE once = ANY(:names)")
_INSERT_SQLITE: Final = (
    "INSERT INTO log_entries (idx, kind, about, once, entry, at) VALUES (?, ?, ?, ?, ?, ?)"
)
_INSERT_POSTGRES: Final = text(
    "INSERT INTO log_entries (idx, kind, about, once, entry, at) "
    "SELECT *, :at FROM unnest(CAST(:idx AS bigint[]), CAST(:kind AS text[]), "
    "CAST(:about AS text[]), CAST(:once AS text[]), CAST(:entry AS text[]))"
).bindparams(bindparam("at", type_=log_entries.c.at.type))


def known(tx: Transaction, names: Iterable[str]) -> list[tuple[int, str]]:
    """Return (index, text) of the entries that have one of these `once`."""
    wanted = list(names)
    if not wanted:
        return []
    if tx.dialect.name == "postgresql":
        rows = tx.execute(_KNOWN_POSTGRES, {"names": wanted})
    else:
        rows = tx.execute(_KNOWN_SQLITE, {"names": json.dumps(wanted)})
    return [(row.idx, row.entry) for row in rows]


def insert(tx: Transaction, rows: Sequence[EntryRow], at: datetime) -> None:
    """Insert entries that all happened at an instant."""
    if tx.dialect.name == "postgresql":
        columns = dict(zip(EntryRow._fields, map(list, zip(*rows, strict=True)), strict=True))
        tx.execute(_INSERT_POSTGRES, {**columns, "at": at})
        return
    # As SQLAlchemy's DateTime spells it on SQLite.
    when = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    tx.exec_driver_sql(_INSERT_SQLITE, [(*row, when) for row in rows])


def as_page(query: Select[int, str]) -> Select[str | None]:
    """Return a query of (index, text) as one whose answer is a single text, a line to each row.

    Fetching row by row costs more than reading does: SQLite's driver hands the processor to
    other threads at each row, and waits to get it back.
    """
    rows = query.subquery()
    line = cast(rows.c.idx, Text) + " " + rows.c.entry
    return select(func.aggregate_strings(line, "\n"))


def read_page(
    tx: Transaction, page: Select[str | None], given: Mapping[str, Any]
) -> list[tuple[int, str]]:
    """Return what `as_page` has made of a query: (index, text), by index.

    Raises:
        LogBroken: A text is not on one line, as every entry is.
    """
    lines = tx.execute(page, given).scalar()
    cut = [line.partition(" ") for line in lines.split("\n")] if lines else []
    try:
        return sorted([(int(index), entry) for index, _, entry in cut])
    except ValueError:
        raise LogBroken("the log has an entry that is not on one line", help=_HELP) from None
