"""How does an example's made-up data come into databases?

`fill` makes the tables and streams the rows in batches: memory stays flat however many there are.
"""

from __future__ import annotations

import importlib.util
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Final, Literal, NamedTuple, Protocol, cast

import psycopg
from sqlalchemy import Connection, Engine, MetaData, Table, create_engine, event, text

BATCH_ROWS: Final = 5_000  # rows of one system held in memory before they are inserted
EXAMPLES: Final = Path(__file__).resolve().parent.parent

Row = tuple[Table, dict[str, object]]
"""A table and all its columns' values."""

Fate = Literal["erased", "kept", "blanked", "statistics"]


class Mark(NamedTuple):
    """A row that stands at an edge, and what a sweep of the day must do to it.

    Args:
        table: `system.table` of the map.
        key: Its primary key.
        fate: `blanked`: kept with `columns` blanked; `statistics`: kept, everything blanked.
        because: What it shows, in words.
        columns: Columns that the sweep blanks; every other keeps its value. (A reference to an
            erased row that the database itself sets to NULL is not among them.)
    """

    table: str
    key: tuple[int | str, ...]
    fate: Fate
    because: str
    columns: tuple[str, ...] = ()


class Example(Protocol):
    """What an example's `data.py` offers.

    `TABLES`: system id to its tables. `MARKED`: name to a row at an edge; these are always there,
    whatever the size. `rows`: every row, a parent before its children; a pure function of its
    arguments.
    """

    TABLES: Mapping[str, MetaData]
    MARKED: Mapping[str, Mark]

    def rows(self, rng: Random, today: date, size: int) -> Iterator[Row]:
        """Yield about `size` rows in all systems together, as they are on the day `today`."""
        ...


@cache
def load(slug: str, root: Path = EXAMPLES) -> Example:
    """Return the `data.py` of an example by the name of its folder."""
    name = f"_data_of_{slug.replace('-', '_')}"
    spec = importlib.util.spec_from_file_location(name, root / slug / "data.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(root / slug / "data.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast(Example, module)


def chance(seed: int) -> Random:
    """Return the source of chance for `rows`."""
    return Random(seed)  # noqa: S311 - no secret: it must be the same each time


def fill(
    urls: Mapping[str, str],
    example: str | Example,
    *,
    rows: int,
    seed: int,
    today: date,
) -> dict[str, int]:
    """Make the tables of an example and put its data there; all of a system or nothing.

    Args:
        urls: System id to SQLAlchemy URL of an empty database, for every system that has one.
        example: Its folder's name, or its `data.py`.
        rows: About how many, in all systems together.
        seed: The same seed, day and size give the same rows.
        today: Everything is dated relative to this day.

    Returns:
        `system.table` to the number of its rows.
    """
    made = load(example) if isinstance(example, str) else example
    system_of = {metadata: system for system, metadata in made.TABLES.items()}
    counts = {f"{s}.{t.name}": 0 for s, m in made.TABLES.items() for t in m.sorted_tables}
    with ExitStack() as opened:
        engines = {s: opened.enter_context(_opened(urls[s])) for s in made.TABLES}
        with ExitStack() as begun:
            stores = {}
            for system, metadata in made.TABLES.items():
                metadata.create_all(engines[system])
                stores[system] = _Store(begun.enter_context(engines[system].begin()), metadata)
            for table, values in made.rows(chance(seed), today, rows):
                system = system_of[table.metadata]
                counts[f"{system}.{table.name}"] += 1
                stores[system].add(table, values)
            for store in stores.values():
                store.flush()
        for system, metadata in made.TABLES.items():
            _analyse(engines[system], metadata)
    return counts


class _Store:
    """Rows of one system on their way into its database, parents first."""

    def __init__(self, connection: Connection, metadata: MetaData) -> None:
        self._connection = connection
        self._waiting: dict[Table, list[dict[str, object]]] = {
            t: [] for t in metadata.sorted_tables
        }
        self._count = 0

    def add(self, table: Table, values: dict[str, object]) -> None:
        self._waiting[table].append(values)
        self._count += 1
        if self._count >= BATCH_ROWS:
            self.flush()

    def flush(self) -> None:
        for table, waiting in self._waiting.items():
            if waiting:
                self._write(table, waiting)
                waiting.clear()
        self._count = 0

    def _write(self, table: Table, waiting: list[dict[str, object]]) -> None:
        if self._connection.dialect.driver == "psycopg":
            _copy(self._connection, table, waiting)
        else:
            self._connection.execute(table.insert(), waiting)


def _copy(connection: Connection, table: Table, waiting: list[dict[str, object]]) -> None:
    """Write rows with COPY, which takes half the time that INSERT takes."""
    dialect = connection.dialect
    quote = dialect.identifier_preparer
    to_stored = [(c.name, c.type.dialect_impl(dialect).bind_processor(dialect)) for c in table.c]
    names = ", ".join(quote.quote(name) for name, _ in to_stored)
    copy_in = f"COPY {quote.format_table(table)} ({names}) FROM STDIN"
    driver = cast(psycopg.Connection, connection.connection.driver_connection)
    with driver.cursor() as cursor, cursor.copy(copy_in.encode()) as copy:
        for values in waiting:
            copy.write_row([store(values[n]) if store else values[n] for n, store in to_stored])


@contextmanager
def _opened(url: str) -> Iterator[Engine]:
    """Give an engine and dispose of it; SQLite checks foreign keys and waits for no disk."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
    try:
        yield engine
    finally:
        engine.dispose()


def _set_pragmas(connection: sqlite3.Connection, _: object) -> None:
    # A half-written example is thrown away, so nothing is lost by not waiting for the disk.
    for pragma in ("foreign_keys=ON", "synchronous=OFF", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


def _analyse(engine: Engine, metadata: MetaData) -> None:
    """Let the database count its rows, as one that has been in use for years has done."""
    if engine.dialect.name in ("mysql", "mariadb"):
        names = ", ".join(engine.dialect.identifier_preparer.quote(t) for t in metadata.tables)
        statement = f"ANALYZE TABLE {names}"
    else:
        statement = "ANALYZE"
    with engine.begin() as connection:
        connection.execute(text(statement)).close()
