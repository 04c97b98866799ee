"""How do many entries get into the database, and how are they found again, in few statements?

Written out per dialect, since this is the hot path of the log: what SQLAlchemy does for every row
costs more than the row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, Text, bindparam, cast, func, or_, select, text, union_all

from ombud.errors import LogBroken
from ombud.evidence._tables import log_entries
from ombud.store import Transaction

PAGE: Final = 1000  # entries to a read
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
# %b: psycopg sends a list in PostgreSQL's binary form. In its other form each quote in it costs a
# call, and entries are full of quotes.
_KNOWN_POSTGRES: Final = "SELECT idx, entry FROM log_entries WHERE once = ANY(%(names)b)"
_INSERT_SQLITE: Final = (
    "INSERT INTO log_entries (idx, kind, about, once, entry, at) VALUES (?, ?, ?, ?, ?, ?)"
)
_INSERT_POSTGRES: Final = (
    "INSERT INTO log_entries (idx, kind, about, once, entry, at) SELECT *, %(at)s FROM unnest("
    "%(idx)b::bigint[], %(kind)b::text[], %(about)b::text[], %(once)b::text[], %(entry)b::text[])"
)


def known(tx: Transaction, names: Iterable[str]) -> list[tuple[int, str]]:
    """Return (index, text) of the entries that have one of these `once`."""
    wanted = list(names)
    if not wanted:
        return []
    if tx.dialect.name == "postgresql":
        rows = tx.exec_driver_sql(_KNOWN_POSTGRES, {"names": wanted})
    else:
        rows = tx.execute(_KNOWN_SQLITE, {"names": json.dumps(wanted)})
    return [(row.idx, row.entry) for row in rows]


def insert(tx: Transaction, rows: Sequence[EntryRow], at: datetime) -> None:
    """Insert entries that all happened at an instant."""
    if tx.dialect.name == "postgresql":
        columns = dict(zip(EntryRow._fields, map(list, zip(*rows, strict=True)), strict=True))
        tx.exec_driver_sql(_INSERT_POSTGRES, {**columns, "at": at})
        return
    # As SQLAlchemy's DateTime spells it on SQLite.
    when = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    tx.exec_driver_sql(_INSERT_SQLITE, [(*row, when) for row in rows])


def wanted(kind: str | Sequence[str], about: str | None, until: datetime | None) -> dict[str, Any]:
    """Return what is asked for, by the names that the queries below know it by."""
    kinds = [kind] if isinstance(kind, str) else dict.fromkeys(kind)
    return {
        **{f"kind{number}": each for number, each in enumerate(kinds)},
        **({"about": about} if about is not None else {}),
        **({"until": until} if until is not None else {}),
    }


def read_page(tx: Transaction, given: Mapping[str, Any]) -> list[tuple[int, str]]:
    """Return (index, text) of the next thousand entries `after` an index, by index.

    Raises:
        LogBroken: A text is not on one line, as every entry is.
    """
    lines = tx.execute(_page(tx.dialect.name, frozenset(given)), given).scalar()
    cut = [line.partition(" ") for line in lines.split("\n")] if lines else []
    try:
        return sorted([(int(index), entry) for index, _, entry in cut])
    except ValueError:
        raise LogBroken("the log has an entry that is not on one line", help=_HELP) from None


def read_last(tx: Transaction, given: Mapping[str, Any]) -> tuple[int, str] | None:
    """Return (index, text) of the last entry that is asked for; None: there is none."""
    row = tx.execute(_last(tx.dialect.name, frozenset(given)), given).first()
    return (row.idx, row.entry) if row else None


# Made once for what is given, since making a query costs more than asking it.
@cache
def _page(dialect: str, given: frozenset[str]) -> Select[str | None]:
    """Return the query for a page as one whose answer is a single text, a line to each entry.

    Fetching row by row costs more than reading does: SQLite's driver hands the processor to
    other threads at each row, and waits to get it back.
    """
    entries = _entries(dialect, given)
    rows = entries.order_by(entries.selected_columns.idx).limit(PAGE).subquery()
    line = cast(rows.c.idx, Text) + " " + rows.c.entry
    return select(func.aggregate_strings(line, "\n"))


@cache
def _last(dialect: str, given: frozenset[str]) -> Select[int, str]:
    entries = _entries(dialect, given)
    return entries.order_by(entries.selected_columns.idx.desc()).limit(1)


def _entries(dialect: str, given: frozenset[str]) -> Select[int, str]:
    """Return the query for what is given.

    An index has the entries of a kind in order. SQLite is asked for several kinds one by one, and
    merges them: of `kind = a OR kind = b` it sorts all that it finds, again for each page.
    """
    column = log_entries.c
    query = select(column.idx, column.entry)
    if "about" in given:
        query = query.where(column.about == bindparam("about"))
    if "after" in given:
        query = query.where(column.idx > bindparam("after"))
    if "until" in given:
        query = query.where(column.at <= bindparam("until", type_=column.at.type))
    kinds = [column.kind == bindparam(name) for name in sorted(given) if name.startswith("kind")]
    if len(kinds) > 1 and dialect == "sqlite":
        rows = union_all(*[query.where(kind) for kind in kinds]).subquery()
        return select(rows.c.idx, rows.c.entry)
    return query.where(or_(*kinds)) if kinds else query
