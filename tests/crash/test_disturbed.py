"""A database that goes away, a locked row, a constraint on one table, a full disk.

Method: something is done to a system or to Ombud's own database in the middle of a run. The steps
that it touches fail, clearly; the others are done; when it has passed the same plan is applied
again and ends as an undisturbed run does.
"""

from __future__ import annotations

import os
import resource
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from contract.club import dialect_of, engine_of, run
from crash.calls import Calls, systems_of
from crash.conftest import Bench
from crash.world import SYSTEMS, Keys, World, lies, make, one_proof_per_step, open_world, truthful
from ombud.connectors.sql import session
from ombud.errors import ConnectorFailed, Stopped
from ombud.plan.model import Plan
from servers import Missing, Own

KINDS = ("sqlite", "postgres", "mariadb")


@dataclass
class Place:
    """A world on a kind of database."""

    kind: str
    world: World
    plan: Plan
    due: Keys

    def url(self, system: str) -> str:
        return self.world.urls[system]

    def again(self) -> None:
        """Apply again, undisturbed, and see that everything is done once."""
        assert lies(self.world, self.due) == []
        outcomes = self.world.apply(self.plan)
        assert [o for o in outcomes if o.failed is not None or o.remaining] == []
        assert self.world.plan().steps == ()
        one_proof_per_step(self.world, self.plan)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def place(
    kind: str, fresh_database: Callable[[str], str], short_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Place]:  # fmt: skip
    """A world on one kind of database, whose locks are waited for a moment only."""
    monkeypatch.setattr(session, "RETRIES", 1)
    urls = {s: fresh_database(kind) for s in SYSTEMS}
    plan = make(short_folder / "live", urls)
    with closing(open_world(short_folder / "live")) as world:
        for connector in world.ombud.connectors.values():
            connector.lock_wait_s = 1
        yield Place(kind, world, plan, world.keys())


def failures(outcomes: list[Any]) -> dict[str, str]:
    """Return the failed steps, each with what it says."""
    return {o.step.id: str(o.failed) for o in outcomes if o.failed is not None}


# ------------------------------------------------------------------ the database goes away

TERMINATE = {
    "postgresql": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    "mariadb": "SELECT id FROM information_schema.processlist"
    " WHERE db = DATABASE() AND id <> CONNECTION_ID()",
}


def terminate(url: str) -> None:
    """End every connection to a database but this one."""
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        found = connection.exec_driver_sql(TERMINATE[dialect_of(url)]).scalars().all()
        for number in found if dialect_of(url) == "mariadb" else ():
            connection.exec_driver_sql(f"KILL {number}")


@pytest.mark.parametrize("kind", ["postgres", "mariadb"], indirect=True)
@pytest.mark.parametrize("call", ["survey", "piece", "change", "remaining"])
def test_a_system_that_goes_away_is_told_and_the_other_goes_on(place: Place, call: str) -> None:
    counted: list[str] = []

    def visit(number: int, name: str) -> None:
        if name == f"crm.{call}":
            counted.append(name)
            if len(counted) == (1 if call == "survey" else 3):
                terminate(place.url("crm"))

    outcomes = place.world.apply(place.plan, **Calls(visit=visit).around(place.world))
    truthful(place.world, outcomes)
    assert systems_of(outcomes) == {"crm": False, "shop": True}
    lost = [o.failed for o in outcomes if o.failed is not None]
    assert all(isinstance(f, ConnectorFailed) and f.system == "crm" and f.transient for f in lost)
    place.again()


# ------------------------------------------------------------------ the server crashes


@pytest.fixture(params=["postgres", "mariadb"])
def own(request: pytest.FixtureRequest) -> Iterator[Own]:
    """A server of the test's own, with a database for each system."""
    base = Path("/tmp") if os.geteuid() == 0 else None  # noqa: S108  the server has to enter it
    with tempfile.TemporaryDirectory(prefix="ombud-own-", dir=base) as name:
        Path(name).chmod(0o711)
        try:
            server = Own(request.param, Path(name))
        except Missing as missing:
            pytest.skip(str(missing))
        try:
            server.server.execute(*(f"CREATE DATABASE {s}" for s in SYSTEMS))
            yield server
        finally:
            server.kill()


# PyMySQL leaves a socket to the garbage collector where a server's own socket refuses it
@pytest.mark.filterwarnings("ignore:.*socket.socket:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("back", ["at once", "later"])
def test_a_server_that_crashes_in_the_middle_loses_nothing(
    own: Own, back: str, short_folder: Path
) -> None:
    """What was committed stays, what was not is done by the next run, each step proved once."""
    urls = {s: own.server.url(s) for s in SYSTEMS}
    plan = make(short_folder / "live", urls)
    with closing(open_world(short_folder / "live")) as world:
        place = Place(own.server.kind, world, plan, world.keys())
        counted: list[str] = []

        def visit(number: int, name: str) -> None:
            if name == "crm.change":
                counted.append(name)
                if len(counted) == 4:
                    own.kill()
                    if back == "at once":
                        own.start()

        outcomes = world.apply(plan, **Calls(visit=visit).around(world))
        if back == "later":
            own.start()
        truthful(world, outcomes)
        assert systems_of(outcomes) == {"crm": False, "shop": back == "at once"}
        place.again()


# ------------------------------------------------------------------ a locked row


@contextmanager
def locked(place: Place) -> Iterator[None]:
    """Have another connection hold an invoice; on SQLite, the whole of the system."""
    engine = engine_of(place.url("crm"))
    with engine.connect() as connection:
        if place.kind == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.exec_driver_sql("UPDATE invoices SET said = 'Open' WHERE id = 1")
        yield
        connection.rollback()


@pytest.mark.parametrize("kind", ["postgres", "mariadb"], indirect=True)
def test_a_row_that_somebody_holds_fails_its_step_alone(place: Place) -> None:
    """Members wait for the invoices that refer to them; what has nothing to do with them goes."""
    with locked(place):
        outcomes = place.world.apply(place.plan)
    failed = failures(outcomes)
    assert "could not get a lock in time" in failed["crm.invoices/erase/"]
    assert systems_of(outcomes)["shop"] is True
    done = {o.step.id for o in outcomes if o.failed is None and not o.remaining}
    assert {"crm.pairs/erase/", "crm.pairs/blank/name"} <= done
    truthful(place.world, outcomes)
    place.again()


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_file_that_somebody_writes_to_fails_that_system_alone(place: Place) -> None:
    with locked(place):
        outcomes = place.world.apply(place.plan)
    assert {"could not get a lock in time" in told for told in failures(outcomes).values()} == {
        True
    }
    assert systems_of(outcomes) == {"crm": False, "shop": True}
    place.again()


# ------------------------------------------------------------------ a refused constraint


def test_a_constraint_on_one_table_fails_its_step_alone(place: Place) -> None:
    """A table that is not on the map came since the plan, and refers to a member who has to go."""
    run(
        place.url("crm"),
        "CREATE TABLE loans (id INTEGER PRIMARY KEY, member_id INTEGER NOT NULL,"
        " FOREIGN KEY (member_id) REFERENCES members (id));\n"
        "INSERT INTO loans VALUES (1, 3)",
    )
    outcomes = place.world.apply(place.plan)
    failed = failures(outcomes)
    assert "refused a change because of a constraint" in failed["crm.members/erase/"]
    assert "@" not in "".join(failed.values())
    assert systems_of(outcomes)["shop"] is True
    done = {o.step.id for o in outcomes if o.failed is None and not o.remaining}
    assert {"crm.invoices/erase/", "crm.pairs/erase/"} <= done
    truthful(place.world, outcomes)
    left = [row[0] for row in place.world.dump()["members"]]
    assert 3 in left
    assert (1 in left) == (place.kind == "sqlite")  # elsewhere it was another's part of the batch
    run(place.url("crm"), "DROP TABLE loans")
    place.again()


# ------------------------------------------------------------------ a full disk


@pytest.mark.parametrize("bench", ["sqlite"], indirect=True)
@pytest.mark.parametrize("nth", range(1, 6))
def test_a_full_disk_under_the_log_stops_the_run_and_loses_nothing(bench: Bench, nth: int) -> None:
    """The log takes no more from its nth entry on; nothing is called done, nothing is doubled."""
    world = bench.again()
    store = world.ombud.store
    appended: list[str] = []

    def visit(number: int, name: str) -> None:
        if name in ("log.append", "tally.prove"):
            appended.append(name)
            if len(appended) == nth:
                limit(world, 1)

    with pytest.raises(Stopped, match="SQLITE_FULL") as caught:
        world.apply(bench.plan, **Calls(visit=visit).around(world))
    assert "make room on the disk" in caught.value.help
    assert lies(world, bench.due) == []
    limit(world, 1_000_000)
    world.apply(bench.plan)
    assert world.dump() == bench.expected
    one_proof_per_step(world, bench.plan)
    store.close()


@pytest.mark.parametrize("bench", ["sqlite"], indirect=True)
def test_a_log_that_may_not_grow_stops_the_run_and_loses_nothing(bench: Bench) -> None:
    """The operating system refuses the write (RLIMIT_FSIZE), as with a quota used up."""
    world = bench.again()
    appended: list[str] = []
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def visit(number: int, name: str) -> None:
        if name in ("log.append", "tally.prove"):
            appended.append(name)
            if len(appended) == 3:
                resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))

    try:
        with pytest.raises(Stopped):
            world.apply(bench.plan, **Calls(visit=visit).around(world))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert lies(world, bench.due) == []
    world.apply(bench.plan)
    assert world.dump() == bench.expected
    one_proof_per_step(world, bench.plan)


def limit(world: World, pages: int) -> None:
    """Let Ombud's own database grow to so many pages, and fill the room that it has."""
    with world.ombud.store.transaction() as tx:
        tx.exec_driver_sql("CREATE TABLE IF NOT EXISTS filling (x BLOB)")
        if pages > 1:
            tx.exec_driver_sql("PRAGMA max_page_count = 1000000")
            tx.exec_driver_sql("DROP TABLE filling")
    if pages == 1:
        with world.ombud.store.transaction() as tx:
            tx.exec_driver_sql("PRAGMA max_page_count = 1")
