"""Ways to keep the same records on PostgreSQL, each with a durable entry per operation.

`naive`: every record carries its metadata, only the key has an index. `indexed`: an index on every
metadata column. `ombud`: what belongs to a purpose stands in the policy, once; a record carries its
purpose, its person, its objection and its expiry; what was done goes to Ombud's log. `floor`: as
`ombud`, but what was done goes to a plain table of SQLite, which proves nothing.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import psycopg
from workloads import PER_PURPOSE, PURPOSES, Operation, record

from ombud.evidence import Draft, Log
from ombud.evidence.entry import Json
from ombud.policy import parse_policy
from ombud.store import open_store

META = ("pur", "usr", "obj", "dec", "acl", "shr", "src", "cat", "expires")
LEAN = ("pur", "usr", "obj", "expires")
AUDIT = "INSERT INTO audit (at, op, about, rows) VALUES (now(), %s, %s, %s)"
Connection = psycopg.Connection[tuple[Any, ...]]


class InRows:
    """Metadata in every row, and the audit in a table beside it, in the same transaction."""

    def __init__(self, url: str, records: int, *, indexed: bool) -> None:
        self.url = url
        with psycopg.connect(url, autocommit=True) as c:
            _fill(c, META, records)
            c.execute("CREATE TABLE audit (id BIGSERIAL PRIMARY KEY, at TIMESTAMPTZ, op TEXT,"
                      " about INTEGER, rows INTEGER)")  # fmt: skip
            for column in META if indexed else ():
                c.execute(f"CREATE INDEX ON records ({column})")
            c.execute("VACUUM ANALYZE records")

    def client(self) -> Callable[[Operation], int]:
        """Return what carries out operations on a connection of its own; it returns rows."""
        connection = psycopg.connect(self.url)

        def run(op: Operation) -> int:
            while True:
                try:
                    with connection.transaction():
                        rows = self._run(connection, op)
                        connection.execute(AUDIT, (op.kind, op.number, rows))
                    return rows
                except psycopg.errors.DeadlockDetected:
                    pass  # changes of a purpose and of a person meet; as an application, try again

        return run

    def close(self) -> None:
        """Nothing is kept open."""

    def _run(self, c: Connection, op: Operation) -> int:
        if op.kind == "create":
            return _insert(c, META, op.number)
        if op.kind == "update_meta_by_pur":
            said = "UPDATE records SET shr = %s WHERE pur = %s"
            return c.execute(said, (op.value, op.number)).rowcount
        if op.kind.startswith("read_meta"):
            said = f"SELECT {', '.join(META)} FROM records WHERE {op.kind[-3:]} = %s"
            return len(c.execute(said, (op.number,)).fetchall())
        if op.kind == "read_data_by_dec":
            return len(
                c.execute("SELECT data FROM records WHERE dec = %s", (op.number,)).fetchall()
            )
        if op.kind == "read_logs":
            said = "SELECT at, op, about, rows FROM audit ORDER BY id DESC LIMIT %s"
            c.execute(said, (op.number,)).fetchall()
            return 1
        return _shared(c, op)


class InPolicy:
    """Metadata in the policy; the log is Ombud's own, and those who wait share its commits."""

    def __init__(self, url: str, records: int, folder: Path) -> None:
        self.url = url
        self.policy = parse_policy(policy_text(), "policy.yaml", datetime.now(UTC).date())
        self._lock = threading.Lock()
        self._open(folder)
        self._waiting: SimpleQueue[tuple[Operation, int, Future[None]] | None] = SimpleQueue()
        self._committer = threading.Thread(target=self._commit, daemon=True)
        self._committer.start()
        with psycopg.connect(url, autocommit=True) as c:
            _fill(c, LEAN, records)
            for column in LEAN:
                c.execute(f"CREATE INDEX ON records ({column})")
            c.execute("VACUUM ANALYZE records")

    def client(self) -> Callable[[Operation], int]:
        """Return what carries out operations on a connection of its own; it returns rows."""
        connection = psycopg.connect(self.url, autocommit=True)

        def run(op: Operation) -> int:
            rows = self._run(connection, op)
            done: Future[None] = Future()
            self._waiting.put((op, rows, done))
            done.result()
            return rows

        return run

    def close(self) -> None:
        """Wait for the last commit."""
        self._waiting.put(None)
        self._committer.join()

    def _commit(self) -> None:
        ended = False
        while not ended:
            batch = [self._waiting.get()]
            while not self._waiting.empty():
                batch.append(self._waiting.get())
            ended = None in batch  # the last thing that is put
            found = [each for each in batch if each is not None]
            if found:
                self._append([(op, rows) for op, rows, _ in found])
            for _, _, done in found:
                done.set_result(None)
        self._end()

    def _open(self, folder: Path) -> None:
        self._log = Log(open_store(f"sqlite:///{folder}/ombud.db", create=True))

    def _append(self, done: Sequence[tuple[Operation, int]]) -> None:
        """Have entries on disk."""
        bodies: list[dict[str, Json]] = [
            {"op": op.kind, "about": op.number, "rows": rows, "value": op.value}
            for op, rows in done
        ]
        self._log.append([Draft("done", body) for body in bodies], at=datetime.now(UTC))

    def _read_log(self, count: int) -> None:
        after = self._log.head().size - count - 1
        list(self._log.entries(after=max(-1, after)))

    def _end(self) -> None:
        self._log.store.close()

    def _run(self, c: Connection, op: Operation) -> int:
        if op.kind == "create":
            return _insert(c, LEAN, op.number)
        if op.kind == "update_meta_by_pur":
            self._change_policy(op)
            return 0
        if op.kind.startswith("read_meta"):
            said = f"SELECT {', '.join(LEAN)} FROM records WHERE {op.kind[-3:]} = %s"
            rows = c.execute(said, (op.number,)).fetchall()
            return len([(row, self.policy.activities[f"p{row[0]}"]) for row in rows])
        if op.kind == "read_data_by_dec":
            decided = f"d{op.number}"
            chosen = [int(a.id[1:]) for a in self.policy.activities.values() if a.owner == decided]
            return len(
                c.execute("SELECT data FROM records WHERE pur = ANY(%s)", (chosen,)).fetchall()
            )
        if op.kind == "read_logs":
            self._read_log(op.number)
            return 1
        return _shared(c, op)

    def _change_policy(self, op: Operation) -> None:
        """Name another recipient for a purpose; the log's entry makes it durable."""
        with self._lock:
            activities = self.policy.activities
            activity = activities[f"p{op.number}"]
            changed = replace(activity, recipients=(f"r{op.value}",))
            self.policy = replace(self.policy, activities={**activities, activity.id: changed})


class ByHand(InPolicy):
    """The floor: the same, but rows in a plain table of SQLite instead of a log that proves."""

    def _open(self, folder: Path) -> None:
        self._file = folder / "audit.db"
        self._readers = threading.local()
        with closing(sqlite3.connect(self._file)) as c:
            c.execute("PRAGMA journal_mode=WAL")
            c.execute("CREATE TABLE audit (id INTEGER PRIMARY KEY, at TEXT, op TEXT,"
                      " about INTEGER, rows INTEGER)")  # fmt: skip

    def _connection(self) -> sqlite3.Connection:
        """Return the thread's own connection."""
        if not hasattr(self._readers, "connection"):
            self._readers.connection = sqlite3.connect(self._file, isolation_level=None)
            self._readers.connection.execute("PRAGMA synchronous=FULL")
        found: sqlite3.Connection = self._readers.connection
        return found

    def _append(self, done: Sequence[tuple[Operation, int]]) -> None:
        at, c = str(datetime.now(UTC)), self._connection()
        c.execute("BEGIN IMMEDIATE")
        said = "INSERT INTO audit (at, op, about, rows) VALUES (?, ?, ?, ?)"
        c.executemany(said, [(at, op.kind, op.number, rows) for op, rows in done])
        c.execute("COMMIT")

    def _read_log(self, count: int) -> None:
        said = "SELECT at, op, about, rows FROM audit ORDER BY id DESC LIMIT ?"
        self._connection().execute(said, (count,)).fetchall()

    def _end(self) -> None:
        self._connection().close()


def _shared(c: Connection, op: Operation) -> int:
    """Do what is the same statement in every variant."""
    said: dict[str, tuple[str, tuple[object, ...]]] = {
        "delete_by_key": ("DELETE FROM records WHERE key = %s", (op.number,)),
        "delete_by_ttl": ("DELETE FROM records WHERE expires <= %s", (op.number,)),
        "delete_by_usr": ("DELETE FROM records WHERE usr = %s", (op.number,)),
        "update_meta_by_usr": (
            "UPDATE records SET obj = %s WHERE usr = %s",
            (op.value, op.number),
        ),
        "update_meta_by_key": (
            "UPDATE records SET obj = %s WHERE key = %s",
            (op.value, op.number),
        ),
        "update_data_by_key": (
            "UPDATE records SET data = %s WHERE key = %s",
            (f"{op.value:0100d}", op.number),
        ),
        "verify_deletion": ("SELECT 1 FROM records WHERE key = %s", (op.number,)),
    }
    if op.kind in said:
        done = c.execute(*said[op.kind])
        return len(done.fetchall()) if op.kind == "verify_deletion" else done.rowcount
    column = op.kind.removeprefix("read_data_by_")
    return len(c.execute(f"SELECT data FROM records WHERE {column} = %s", (op.number,)).fetchall())


def policy_text() -> str:
    """Return the metadata of the records as a policy: an activity for each purpose."""
    lines = [
        "organisation: {name: Bench, number: '1', country: DK, languages: [en],",
        "  contact: {email: bench@example.org}}",
        "subjects: {users: {title: Users}}",
        "clocks: {expires: the record expires}",
        "categories:",
        *(f"  c{n}: {{title: Category {n}}}" for n in range(PER_PURPOSE["cat"])),
        "recipients:",
        *(f"  r{n}: {{name: Recipient {n}}}" for n in range(PER_PURPOSE["shr"])),
        "activities:",
    ]
    for purpose in range(PURPOSES):
        said = {name: purpose % values for name, values in PER_PURPOSE.items()}
        lines += [
            f"  p{purpose}:",
            f"    title: Purpose {purpose}",
            f"    purpose: Purpose {purpose}, by those of group {said['acl']}",
            "    about: users",
            f"    data: [c{said['cat']}]",
            "    basis: {contract: the service}",
            "    keep: {until: expires}",
            f"    owner: d{said['dec']}",
            f"    source: {{from: [Source {said['src']}]}}",
            f"    recipients: [r{said['shr']}]",
        ]
    return "\n".join(lines) + "\n"


def _fill(c: Connection, columns: Sequence[str], records: int) -> None:
    c.execute("DROP TABLE IF EXISTS records, audit")
    numbers = ", ".join(f"{name} INTEGER NOT NULL" for name in columns)
    c.execute(f"CREATE TABLE records (key INTEGER PRIMARY KEY, data TEXT NOT NULL, {numbers})")
    into = ("key", "data", *columns)
    with c.cursor() as cursor, cursor.copy(f"COPY records ({', '.join(into)}) FROM STDIN") as rows:
        for key in range(records):
            said = record(key)
            rows.write_row([said[name] for name in into])


def _insert(c: Connection, columns: Sequence[str], key: int) -> int:
    into, said = ("key", "data", *columns), record(key)
    marks = ", ".join(["%s"] * len(into))
    values = [said[name] for name in into]
    return c.execute(f"INSERT INTO records ({', '.join(into)}) VALUES ({marks})", values).rowcount
