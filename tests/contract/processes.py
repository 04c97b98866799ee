"""What other processes do in the contract tests.

It lies here, and not beside the tests, because a new process imports it by name, and a module of
tests has none that another process knows.
"""

from __future__ import annotations

import multiprocessing
from datetime import UTC, datetime
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event

from ombud.evidence import Draft, Log
from ombud.store import open_store

SPAWN = multiprocessing.get_context("spawn")
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def open_it(url: str, start: Event, answers: Queue[int]) -> None:
    start.wait()
    store = open_store(url, create=True)
    answers.put(Log(store).append([Draft("x", {})], at=datetime.now(UTC))[0].index)
    store.close()


def hold(url: str, holding: Event, leave: Event) -> None:
    store = open_store(url, create=False)
    with store.system_lock("crm", timeout_s=10):
        holding.set()
        leave.wait()


def race(url: str, number: int, start: Event, answers: Queue[tuple[int, list[int]]]) -> None:
    log = Log(open_store(url, create=False))
    start.wait()
    found = []
    for name in range(40):
        batch = [
            Draft("done", {"by_run": number}, once=f"step-{name}"),
            Draft("own", {"by_run": number, "n": name}),
        ]
        found.append(log.append(batch, at=NOW)[0].index)
    answers.put((number, found))


def append_for_ever(url: str, started: Event) -> None:
    log = Log(open_store(url, create=False))
    number = 0
    while True:
        batch = [Draft("done", {"n": number}, once=f"{number}-{part}") for part in range(10)]
        log.append(batch, at=NOW)
        started.set()
        number += 1
