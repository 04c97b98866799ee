"""Measure a sweep against the best hand-written statements, in one run.

    python bench/sweep URL [--contacts 2000000] [--runs 3] [--only NAME ...]

URL is an administrator's of a PostgreSQL or MariaDB server; a database `ombud_bench` and copies of
it are made there and dropped. Each variant works on a fresh copy, beside an application that
updates a contact and inserts a child every 20 ms, and is checked: nothing due is left, no orphan.
Ratios are of medians to the first variant.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parent))

from byhand import CHILDREN, CUT, Figure, archiver, batches, careful, hand, rows, script
from dataset import POLICY, SYSTEMS, Size, build

from ombud.apply import Apply
from ombud.apply.inputs import Inputs
from ombud.apply.sweep import Sweep
from ombud.connectors.sql import SqlConnector
from ombud.evidence import Decisions, Holds, Log, Plans
from ombud.evidence.plans import Preapproval
from ombud.plan.retention import rule_digest
from ombud.plan.time import Timing
from ombud.policy import parse_policy
from ombud.store import open_store
from ombud.systems import parse_systems

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)


class Server:
    """A server with the bench set in a database of its own, copied for each run."""

    def __init__(self, url: str, contacts: int) -> None:
        self.url = sa.make_url(url)
        self.postgres = self.url.get_backend_name() == "postgresql"
        self.contacts = contacts
        self.admin = sa.create_engine(self.url, isolation_level="AUTOCOMMIT")

    def named(self, name: str) -> sa.URL:
        return self.url.set(database=name)

    def prepare(self, due_tomorrow: int = 0, *, together: bool = False) -> None:
        """Build the set.

        Args:
            due_tomorrow: So many contacts are due on the day after `NOW`, and nothing before.
            together: They and their children lie together, as what was made on one day does;
                else each lies by itself.
        """
        self._run("DROP DATABASE IF EXISTS ombud_bench", "CREATE DATABASE ombud_bench")
        engine = sa.create_engine(self.named("ombud_bench"))
        if due_tomorrow:
            build(engine, Size(self.contacts, together), due_every=self.contacts + 1)
            apart = f"MOD(id, {self.contacts // due_tomorrow}) = 0"
            with engine.begin() as c:
                c.exec_driver_sql(
                    "UPDATE contact SET last_activity = '2021-11-24 10:00:00'"
                    f" WHERE {f'id <= {due_tomorrow}' if together else apart}"
                )
        else:
            build(engine, Size(self.contacts))
        engine.dispose()

    def fresh(self) -> sa.URL:
        """Return the URL of a fresh copy of the set, with nothing left to be written."""
        self._run("DROP DATABASE IF EXISTS ombud_bench_run")
        if self.postgres:
            self._run(
                "CREATE DATABASE ombud_bench_run TEMPLATE ombud_bench STRATEGY FILE_COPY",
                "CHECKPOINT",
            )
        else:
            self._run("CREATE DATABASE ombud_bench_run")
            engine = sa.create_engine(self.named("ombud_bench_run"))
            with engine.begin() as c:
                c.exec_driver_sql("SET SESSION foreign_key_checks = 0")
                for table in ("contact", *CHILDREN):
                    made = c.exec_driver_sql(f"SHOW CREATE TABLE ombud_bench.{table}").one()[1]
                    c.exec_driver_sql(made.replace("%", "%%"))
                    c.exec_driver_sql(f"INSERT INTO {table} SELECT * FROM ombud_bench.{table}")
                    c.exec_driver_sql(f"ANALYZE TABLE {table}")
                c.exec_driver_sql(f"FLUSH TABLES {', '.join(('contact', *CHILDREN))} FOR EXPORT")
                c.exec_driver_sql("UNLOCK TABLES")
            engine.dispose()
        return self.named("ombud_bench_run")

    def clean(self) -> None:
        self._run("DROP DATABASE IF EXISTS ombud_bench_run", "DROP DATABASE IF EXISTS ombud_bench")

    def _run(self, *statements: str) -> None:
        with self.admin.connect() as c:
            for statement in statements:
                force = " WITH (FORCE)" if self.postgres and statement.startswith("DROP") else ""
                c.exec_driver_sql(statement + force)


# --- Ombud, beside what stands in `byhand` ----------------------------------------------------


def ombud(url: sa.URL) -> Figure:
    """A whole pre-approved sweep: survey, re-test, holds, evidence, read-back, statistics."""
    with sweeper(url, NOW) as sweep:
        wall = swept(sweep, NOW, full=True)
        delta = swept(sweep, NOW + DAY)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Figure(wall, more={"memory_mb": used, "delta_s": delta})


@contextmanager
def sweeper(url: sa.URL, due_at: datetime) -> Iterator[Sweep]:
    """Give a sweep of a database, with all that is due at an instant pre-approved."""
    policy = parse_policy(POLICY, "policy.yaml", NOW.date())
    systems = parse_systems(SYSTEMS, "systems.yaml", policy)
    zone = ZoneInfo(policy.organisation.zone)
    text = url.render_as_string(hide_password=False)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/ombud.db", create=True)
        log = Log(store)
        inputs = Inputs(store, Holds(log), Decisions(log, zone=zone.key))
        connectors = {"crm": SqlConnector(systems.systems["crm"], text, "DK", zone)}
        plans = Plans(log)
        digest = rule_digest(policy, systems, "relation")
        for table in ("contact", *CHILDREN):  # without a look at the rows, which would warm them
            plans.preapprove(Preapproval("relation", "crm", table, digest, "bench", due_at))
        apply = Apply(policy, connectors, inputs, log, lambda: datetime.now(UTC))
        yield Sweep(apply, systems, plans)
        for connector in connectors.values():
            connector.close()


def swept(sweep: Sweep, at: datetime, *, full: bool = False) -> float:
    """Return the seconds that a sweep takes, which does all that is due."""
    organisation = sweep.apply.policy.organisation
    timing = Timing(at, ZoneInfo(organisation.zone), organisation.financial_year)
    started = time.monotonic()
    done = sweep.sweep(timing, full=full)
    wall = time.monotonic() - started
    assert done.plan is None, done.waiting
    assert all(o.failed is None and not o.remaining for o in done.outcomes)
    return wall


VARIANTS: dict[str, Callable[[sa.URL], Figure]] = {
    "hand": hand,
    "batches": batches,
    "script": script,
    "careful": careful,
    "ombud": ombud,
    "rows": rows,
    "archiver": archiver,
}


# --- the application beside it ----------------------------------------------------------------


def application(url: str, contacts: int, stop: object, told: object) -> None:
    """Update a contact and insert a child every 20 ms; tell the waits in milliseconds."""
    engine = sa.create_engine(url)
    waits, deadlocks, turn = [], 0, 0
    new_id = 2_000_000_000
    with engine.connect() as c:
        while not stop.is_set():  # type: ignore[attr-defined]
            turn += 1
            contact = turn * 7919 % contacts + 1
            begun = time.monotonic()
            try:
                with c.begin():
                    c.exec_driver_sql(
                        f"UPDATE contact SET phone = '68050000' WHERE id = {contact:d}"
                    )
                    c.exec_driver_sql(
                        "INSERT INTO message SELECT"
                        f" {new_id + turn:d}, id, 'hello', '2026-11-24' FROM contact"
                        f" WHERE id = {contact:d} AND last_activity > '2022-01-01'"
                    )
            except sa.exc.DBAPIError:
                deadlocks += 1
            waits.append((time.monotonic() - begun) * 1000)
            time.sleep(0.02)
    told.put((waits, deadlocks))  # type: ignore[attr-defined]


def measured(server: Server, name: str, *, beside: bool) -> Figure:
    """Run a variant on a fresh copy, and check what it left."""
    url = server.fresh()
    text = url.render_as_string(hide_password=False)
    context = multiprocessing.get_context("fork")
    stop, told = context.Event(), context.Queue()
    app = context.Process(target=application, args=(text, server.contacts, stop, told))
    if beside:
        app.start()
        time.sleep(1.0)
    watch = Longest(server, url.database or "")
    with watch:
        figure = VARIANTS[name](url)
    figure.longest_s = watch.longest_s or figure.longest_s
    if beside:
        stop.set()
        waits, figure.deadlocks = told.get()
        app.join()
        waits.sort()
        figure.p99_ms = waits[int(len(waits) * 0.99)]
        figure.worst_ms = waits[-1]
    check(url)
    return figure


class Longest:
    """Watches the longest transaction of the database, on PostgreSQL, from outside."""

    def __init__(self, server: Server, database: str) -> None:
        self.server, self.database, self.longest_s = server, database, 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Longest:
        if self.server.postgres:
            self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        query = sa.text(
            "SELECT max(extract(epoch FROM clock_timestamp() - xact_start)) FROM pg_stat_activity"
            " WHERE datname = :name AND xact_start IS NOT NULL AND pid <> pg_backend_pid()"
        )
        with self.server.admin.connect() as c:
            while not self._stop.wait(0.01):
                found = c.execute(query, {"name": self.database}).scalar()
                self.longest_s = max(self.longest_s, float(found or 0))


def check(url: sa.URL) -> None:
    """Make sure that nothing due is left and nothing is orphaned."""
    engine = sa.create_engine(url)
    with engine.connect() as c:
        left = c.exec_driver_sql(f"SELECT count(*) FROM contact WHERE {CUT}").scalar_one()
        orphans = sum(
            c.exec_driver_sql(
                f"SELECT count(*) FROM {t} d LEFT JOIN contact c ON c.id = d.contact_id"
                " WHERE c.id IS NULL"
            ).scalar_one()
            for t in CHILDREN
        )
    engine.dispose()
    assert (left, orphans) == (0, 0), (left, orphans)


# --- the next night ---------------------------------------------------------------------------


def nightly(url: str, contacts: int, runs: int) -> None:
    """Compare a night's sweep on a tenth of the rows with one on all, as many due in both.

    Beside it stand a full evaluation, and one DELETE by hand of what is due. All three leave the
    same rows. Once what is due is scattered, so that of many rows each lies on a page of its own,
    and once it lies together.
    """
    due = max(1, contacts // 200)
    print(f"{due:,} contacts due, with their children; what is left is the same")
    for together in (False, True):
        took = [nights(Server(url, n), due, runs, together) for n in (contacts // 10, contacts)]
        print("together" if together else "scattered")
        print("rows          delta s    full s  by hand s")
        for count, each in zip((contacts // 10, contacts), took, strict=True):
            line = f"{count * 4:12,} {each['delta']:8.2f} {each['full']:9.2f}"
            print(f"{line} {each['by hand']:10.2f}")
        grown = (f"{name} {took[1][name] / took[0][name]:.2f}" for name in took[0])
        print(f"ten times the rows, times as long: {', '.join(grown)}", flush=True)


def nights(server: Server, due: int, runs: int, together: bool) -> dict[str, float]:
    """Return the median seconds of a night's sweep, of a full one, and of a DELETE by hand."""
    server.prepare(due_tomorrow=due, together=together)
    times: dict[str, list[float]] = {"delta": [], "full": [], "by hand": []}
    for _ in range(runs):
        ends = []
        for name, taken in times.items():
            copy = server.fresh()
            taken.append(night(copy, name))
            ends.append(left(copy))
        assert ends[0] == ends[1] == ends[2], ends
    server.clean()
    return {name: statistics.median(taken) for name, taken in times.items()}


def night(url: sa.URL, name: str) -> float:
    """Return the seconds that the night after `NOW` takes."""
    if name == "by hand":
        return hand(url, "last_activity < '2021-11-25'").wall_s
    with sweeper(url, NOW + 2 * DAY) as sweep:
        swept(sweep, NOW, full=True)
        return swept(sweep, NOW + DAY, full=name == "full")


def left(url: sa.URL) -> list[tuple[int, str]]:
    """Return of each table how many rows are left, and a sum over their keys."""
    engine = sa.create_engine(url)
    with engine.connect() as c:
        found = []
        for table in ("contact", *CHILDREN):
            asked = f"SELECT COUNT(*), SUM(CAST(id AS DECIMAL(20)) * id) FROM {table}"
            count, keys = c.exec_driver_sql(asked).one()
            found.append((int(count), str(keys)))
    engine.dispose()
    return found


def median(figures: list[Figure]) -> Figure:
    """Return the median of each figure."""
    return Figure(
        *(
            statistics.median(getattr(f, n) for f in figures)
            for n in ("wall_s", "longest_s", "p99_ms", "worst_ms", "deadlocks")
        ),
        {k: statistics.median(f.more[k] for f in figures) for k in figures[0].more},
    )


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("url")
    parser.add_argument("--contacts", type=int, default=2_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=None)
    parser.add_argument("--alone", action="store_true", help="no application beside it")
    parser.add_argument("--nightly", action="store_true", help="one night's delta, on ten times")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if given.nightly:
        nightly(given.url, given.contacts, given.runs)
        return
    server = Server(given.url, given.contacts)
    names = given.only or [n for n in VARIANTS if n != "archiver" or not server.postgres]
    server.prepare()
    found: dict[str, list[Figure]] = {n: [] for n in names}
    for _ in range(given.runs):
        for name in names:  # interleaved, so that a busy moment hits all alike
            found[name].append(measured(server, name, beside=not given.alone))
    server.clean()
    medians = {n: median(f) for n, f in found.items()}
    if given.json:
        print(json.dumps({n: vars(f) for n, f in medians.items()}, indent=1))
        return
    base = medians[names[0]].wall_s
    print(f"{server.contacts * 4:,} rows, {date.today()}")  # noqa: DTZ011
    print("variant      wall s   ratio  longest s  app p99 ms  app worst ms  more")
    for name, f in medians.items():
        more = ", ".join(f"{k} {v:.2f}" for k, v in f.more.items())
        line = f"{name:10} {f.wall_s:8.2f} {f.wall_s / base:7.2f} {f.longest_s:10.2f}"
        print(f"{line} {f.p99_ms:11.1f} {f.worst_ms:13.1f}  {more}")


if __name__ == "__main__":
    main()
