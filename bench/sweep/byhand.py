"""What a person would write by hand: from one DELETE to all that Ombud promises of a sweep."""

from __future__ import annotations

import sqlite3
import subprocess
import tempfile
import time
from dataclasses import dataclass, field

import sqlalchemy as sa

CUT = "last_activity < '2021-11-24' AND NOT legal_hold"
CHILDREN = ("donation", "message", "consent")
ROWS_SAMPLE = 2000  # contacts that the row-by-row variant really erases; its time is scaled
CAREFUL_ROWS = 2000  # contacts of a careful batch, a tenth of a second or so


@dataclass
class Figure:
    """One run of one variant; seconds, and an application's waits in milliseconds."""

    wall_s: float
    longest_s: float = 0.0
    p99_ms: float = 0.0
    worst_ms: float = 0.0
    deadlocks: int = 0
    more: dict[str, float] = field(default_factory=dict)


def hand(url: sa.URL, cut: str = CUT) -> Figure:
    """One DELETE; the foreign keys cascade."""
    engine = sa.create_engine(url)
    started = time.monotonic()
    with engine.begin() as c:
        c.exec_driver_sql(f"DELETE FROM contact WHERE {cut}")
    wall = time.monotonic() - started
    return Figure(wall, wall)


def batches(url: sa.URL) -> Figure:
    """Batches of 1,000 by hand, committed one by one; the foreign keys cascade."""
    engine = sa.create_engine(url)
    postgres = url.get_backend_name() == "postgresql"
    chosen = (
        f"DELETE FROM contact WHERE ctid IN (SELECT ctid FROM contact WHERE {CUT} LIMIT 1000)"
        if postgres
        else f"DELETE FROM contact WHERE {CUT} LIMIT 1000"
    )
    started = time.monotonic()
    longest = 0.0
    with engine.connect() as c:
        while True:
            begun = time.monotonic()
            with c.begin():
                count = c.exec_driver_sql(chosen).rowcount
            longest = max(longest, time.monotonic() - begun)
            if not count:
                return Figure(time.monotonic() - started, longest)


def script(url: sa.URL) -> Figure:
    """The usual script: ids in a temporary table, one DELETE per table, one transaction."""
    engine = sa.create_engine(url)
    postgres = url.get_backend_name() == "postgresql"
    started = time.monotonic()
    with engine.begin() as c:
        c.exec_driver_sql(f"CREATE TEMPORARY TABLE due AS SELECT id FROM contact WHERE {CUT}")
        for table in (*CHILDREN, "contact"):
            key = "id" if table == "contact" else "contact_id"
            c.exec_driver_sql(
                f"DELETE FROM {table} USING due WHERE {table}.{key} = due.id"
                if postgres
                else f"DELETE t FROM {table} t JOIN due ON t.{key} = due.id"
            )
    wall = time.monotonic() - started
    return Figure(wall, wall)


def careful(url: sa.URL) -> Figure:
    """What Ombud promises, by hand.

    What goes along is counted first; short transactions, each row tested again by its key, each
    written down before and after in another database, as durably; each looked up after; statistics
    made anew at the end.
    """
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    postgres = url.get_backend_name() == "postgresql"
    temporary, analyze = ("TEMP", "ANALYZE") if postgres else ("TEMPORARY", "ANALYZE TABLE")
    started, longest = time.monotonic(), 0.0
    with engine.connect() as c, tempfile.TemporaryDirectory() as folder:
        book = sqlite3.connect(f"{folder}/book.db", isolation_level=None)
        book.execute("PRAGMA synchronous = FULL")
        book.execute("CREATE TABLE done (upto INT, changed INT)")
        if postgres:
            c.exec_driver_sql("SET random_page_cost = 0.1")  # else a batch reads a whole table
        numbered = "SELECT id, row_number() OVER (ORDER BY id) AS n FROM contact"
        c.exec_driver_sql(f"CREATE {temporary} TABLE due AS {numbered} WHERE {CUT}")
        c.exec_driver_sql("CREATE INDEX due_n ON due (n)")
        if postgres:
            c.exec_driver_sql("ANALYZE due")
        for child in CHILDREN:
            of = f"(SELECT count(*) FROM {child} t WHERE t.contact_id = due.id)"
            c.exec_driver_sql(f"SELECT sum({of}) FROM due").scalar_one()
        last = c.exec_driver_sql("SELECT max(n) FROM due").scalar_one() or 0
        for after in range(0, last, CAREFUL_ROWS):
            upto, begun = after + CAREFUL_ROWS, time.monotonic()
            book.execute("INSERT INTO done VALUES (?, NULL)", (upto,))
            piece = f"due.n > {after} AND due.n <= {upto} AND contact.id = due.id"
            again = f"{piece} AND ({CUT}) IS TRUE"
            changed = c.exec_driver_sql(
                f"DELETE FROM contact USING due WHERE {again}"
                if postgres
                else f"DELETE contact FROM due STRAIGHT_JOIN contact WHERE {again}"
            ).rowcount
            book.execute("UPDATE done SET changed = ? WHERE upto = ?", (changed, upto))
            assert not c.exec_driver_sql(
                f"SELECT count(*) FROM due, contact WHERE {piece}"
            ).scalar()
            longest = max(longest, time.monotonic() - begun)
        for table in ("contact", *CHILDREN):
            c.exec_driver_sql(f"{analyze} {table}")
        book.close()
    return Figure(time.monotonic() - started, longest)


def rows(url: sa.URL) -> Figure:
    """Row by row: four DELETEs and a commit each, on a sample; the time is scaled to all."""
    engine = sa.create_engine(url)
    with engine.connect() as c:
        ids = [r[0] for r in c.exec_driver_sql(f"SELECT id FROM contact WHERE {CUT}")]
        c.rollback()
        sample = ids[:ROWS_SAMPLE]
        started = time.monotonic()
        for id in sample:
            with c.begin():
                for table in CHILDREN:
                    c.exec_driver_sql(f"DELETE FROM {table} WHERE contact_id = {id:d}")
                c.exec_driver_sql(f"DELETE FROM contact WHERE id = {id:d}")
        wall = (time.monotonic() - started) * len(ids) / max(1, len(sample))
    with engine.begin() as c:
        c.exec_driver_sql(f"DELETE FROM contact WHERE {CUT}")
    return Figure(wall)


def archiver(url: sa.URL) -> Figure:
    """pt-archiver --bulk-delete --limit 1000 --commit-each, the tool MariaDB's people use."""
    where = "last_activity < '2021-11-24' AND legal_hold = 0"
    command = [
        "pt-archiver",
        "--source",
        f"h={url.host},P={url.port or 3306},u={url.username},D={url.database},t=contact,A=utf8mb4",
        "--purge",
        "--where",
        where,
        "--bulk-delete",
        "--limit",
        "1000",
        "--commit-each",
        "--no-check-charset",
        "--primary-key-only",
    ]
    started = time.monotonic()
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return Figure(time.monotonic() - started)
