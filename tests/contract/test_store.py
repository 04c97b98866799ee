"""Ombud's own database, on every kind it can lie on: transactions, types, locks, who meets whom.

Method: real SQLite files and PostgreSQL; other threads and processes are held at known points by
events, never by waiting.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, select, text

import ombud.evidence._tables as tables
from contract import processes
from ombud.errors import Refused, Stopped
from ombud.evidence import Log
from ombud.store import Store, metadata, open_store
from ombud.store.migrate import migrations

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, fresh_database: Callable[[str], str]) -> str:
    return fresh_database(request.param)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url, create=True)
    yield opened
    opened.close()


# ------------------------------------------------------------------ opening


def test_a_database_is_made_only_where_it_may_be(url: str) -> None:
    with pytest.raises(Refused) as caught:
        open_store(url, create=False)
    assert "backup" in caught.value.help
    open_store(url, create=True).close()
    open_store(url, create=False).close()
    open_store(url, create=True).close()


def test_a_database_of_a_newer_ombud_is_refused(store: Store, url: str) -> None:
    with store.transaction() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Refused, match="schema 9999"):
        open_store(url, create=True)


def test_several_processes_make_it_at_once(url: str) -> None:
    start, answers = processes.SPAWN.Event(), processes.SPAWN.Queue()
    runs = [
        processes.SPAWN.Process(target=processes.open_it, args=(url, start, answers))
        for _ in range(4)
    ]
    for run in runs:
        run.start()
    start.set()
    assert sorted(answers.get(timeout=60) for _ in runs) == [0, 1, 2, 3]
    for run in runs:
        run.join()


# ------------------------------------------------------------------ schema


def test_the_migrations_make_what_the_code_expects(store: Store) -> None:
    assert tables.log_entries.metadata is metadata
    with store.reading() as tx:
        context = MigrationContext.configure(tx, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("older", ["0001", "0002"])
def test_a_database_of_an_older_ombud_keeps_its_entries(url: str, older: str) -> None:
    engine = create_engine(url)
    with engine.begin() as tx:
        config = migrations()
        config.attributes["connection"] = tx
        command.upgrade(config, older)
        for n in range(3):
            entry = {"idx": n, "kind": "done", "about": "crm", "at": AT, "entry": f"{{{n}}}"}
            tx.execute(tables.log_entries.insert().values(entry))
    engine.dispose()
    store = open_store(url, create=False)
    with store.reading() as tx:
        context = MigrationContext.configure(tx, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    assert [entry.text for entry in Log(store).entries("done")] == ["{0}", "{1}", "{2}"]
    store.close()


# ------------------------------------------------------------------ transactions and types


def test_a_change_is_there_whole_or_not_at_all(store: Store) -> None:
    watermarks = tables.watermarks
    values = {
        "system": "crm",
        "table": "contacts",
        "scope": "full",
        "as_of": date(2026, 1, 1),
        "at": datetime(2026, 1, 1, tzinfo=UTC),
        "basis_digest": "x",
        "decisions_seen": 0,
    }
    with pytest.raises(ZeroDivisionError), store.transaction() as tx:
        tx.execute(watermarks.insert().values(values))
        with store.transaction(tx) as inner:
            assert inner is tx
        raise ZeroDivisionError
    with store.reading() as tx:
        assert tx.execute(select(watermarks)).all() == []


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        datetime(2026, 7, 1, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=2))),
        datetime(1, 1, 1, tzinfo=UTC),
    ],
)
def test_an_instant_comes_back_as_the_same_instant_in_utc(store: Store, at: datetime) -> None:
    with store.transaction() as tx:
        tx.execute(tables.plans.insert().values(**plan(at)))
        found = tx.execute(select(tables.plans.c.made_at)).scalar_one()
    assert (found, found.tzinfo) == (at, UTC)


def plan(at: datetime) -> dict[str, Any]:
    return {
        "digest": "d",
        "basis_digest": "b",
        "as_of": date(2026, 1, 1),
        "json": "{}",
        "made_at": at,
    }


def test_an_instant_without_a_zone_is_refused(store: Store) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001  that is the test
    with pytest.raises(Exception, match="needs a zone"), store.transaction() as tx:
        tx.execute(tables.plans.insert().values(**plan(naive)))


def test_a_value_is_in_no_message(store: Store) -> None:
    with pytest.raises(Stopped) as caught, store.transaction() as tx:
        for _ in range(2):
            values = plan(datetime(2026, 1, 1, tzinfo=UTC)) | {"digest": "kari@example.org"}
            tx.execute(tables.plans.insert().values(values))
    said = f"{caught.value} {caught.value.help} {caught.value.__cause__!r}"
    assert "kari" not in said


def test_a_reader_does_not_wait_for_a_writer(store: Store) -> None:
    with store.transaction() as tx:
        tx.execute(tables.plans.insert().values(**plan(datetime(2026, 1, 1, tzinfo=UTC))))
        with store.reading() as other:
            assert other.execute(select(tables.plans)).all() == []


# ------------------------------------------------------------------ the lock of a system


def test_the_thread_that_holds_a_system_may_take_it_again(store: Store) -> None:
    with store.system_lock("crm", timeout_s=0) as held:
        with store.system_lock("crm", timeout_s=0) as again:
            again.ensure()
        held.ensure()
        assert taken_by_a_thread(store, "crm")
    assert not taken_by_a_thread(store, "crm")


def taken_by_a_thread(store: Store, system: str) -> bool:
    """Tell whether another thread cannot have the system."""
    found: list[bool] = []

    def attempt() -> None:
        try:
            with store.system_lock(system, timeout_s=0):
                found.append(False)
        except Stopped as stopped:
            assert f"`{system}`" in str(stopped)
            found.append(True)

    thread = threading.Thread(target=attempt)
    thread.start()
    thread.join()
    return found[0]


def test_a_held_system_keeps_only_itself(store: Store) -> None:
    with store.system_lock("crm", timeout_s=0):
        assert not taken_by_a_thread(store, "../mail box/æ")


def test_a_system_is_free_after_an_error(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.system_lock("crm", timeout_s=0):
        raise ZeroDivisionError
    assert not taken_by_a_thread(store, "crm")


@pytest.mark.parametrize("how", ["end", "kill"])
def test_another_process_holds_a_system_until_it_ends_or_dies(
    store: Store, url: str, how: str
) -> None:
    holding, leave = processes.SPAWN.Event(), processes.SPAWN.Event()
    run = processes.SPAWN.Process(target=processes.hold, args=(url, holding, leave))
    run.start()
    assert holding.wait(60)
    assert taken_by_a_thread(store, "crm")
    if how == "kill":
        assert run.pid is not None
        os.kill(run.pid, signal.SIGKILL)
    else:
        leave.set()
    run.join()
    with store.system_lock("crm", timeout_s=10) as held:
        held.ensure()


def test_who_waits_gets_the_system_before_who_takes_it_again_and_again(store: Store) -> None:
    """A hold that is being placed is not kept waiting by a run of many batches."""
    done = threading.Event()
    waiting = threading.Event()

    def place() -> None:
        waiting.set()
        with store.system_lock("crm", timeout_s=30):
            done.set()

    batches = 0
    thread = threading.Thread(target=place)
    while not done.is_set() and batches < 10_000:
        with store.system_lock("crm", timeout_s=30):
            batches += 1
            if batches == 1:
                thread.start()
                waiting.wait()
    thread.join()
    assert batches < 10_000


def test_a_lock_lost_with_its_connection_is_noticed(postgres_url: str) -> None:
    store = open_store(postgres_url, create=True)
    end = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with store.system_lock("crm", timeout_s=1) as held:
        held.ensure()
        with store.reading() as tx:
            tx.execute(end)
        with pytest.raises(Stopped, match="was lost"):
            held.ensure()
    store.close()


def test_a_database_has_one_salt(store: Store, url: str) -> None:
    other = open_store(url, create=False)
    assert store.seal_salt() == other.seal_salt() == store.seal_salt()
    assert len(store.seal_salt()) == 16
    other.close()
