"""The log, where several runs append to it at once, one dies, or it is large.

Method: processes released together by an event, on SQLite files and PostgreSQL; one killed while
it appends; then every entry is counted and the tree verified.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contract import processes
from ombud.evidence import Checkpoints, Draft, Log, verify_export, verify_store
from ombud.store import Seal, open_store
from stores import memory_store

SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "internals" / "verify_export.py"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_runs_that_meet_make_one_entry(fresh_database: Callable[[str], str], kind: str) -> None:
    url = fresh_database(kind)
    open_store(url, create=True).close()
    start, answers = processes.SPAWN.Event(), processes.SPAWN.Queue()
    runs = [
        processes.SPAWN.Process(target=processes.race, args=(url, n, start, answers))
        for n in range(3)
    ]
    for run in runs:
        run.start()
    start.set()
    found = dict(answers.get(timeout=60) for _ in runs)
    for run in runs:
        run.join()
    assert found[0] == found[1] == found[2]
    log = Log(open_store(url, create=False))
    entries = list(log.entries())
    assert [entry.index for entry in entries] == list(range(40 + 3 * 40))
    assert len({entry.once for entry in entries if entry.once}) == 40
    assert verify_store(log).size == 160
    log.store.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_run_killed_in_the_middle_leaves_whole_batches(
    fresh_database: Callable[[str], str], kind: str
) -> None:
    url = fresh_database(kind)
    open_store(url, create=True).close()
    for _ in range(4):
        started = processes.SPAWN.Event()
        run = processes.SPAWN.Process(target=processes.append_for_ever, args=(url, started))
        run.start()
        assert started.wait(60)
        assert run.pid is not None
        os.kill(run.pid, signal.SIGKILL)
        run.join()
        log = Log(open_store(url, create=False))
        assert verify_store(log).size % 10 == 0
        assert log.append([Draft("done", {}, once="0-0")], at=NOW)[0].index == 0
        log.store.close()


def test_threads_append_one_after_the_other(sqlite_url: str) -> None:
    log = Log(open_store(sqlite_url, create=True))
    ready = threading.Barrier(4)

    def work(number: int) -> None:
        ready.wait()
        for n in range(25):
            log.append([Draft("done", {"n": n}, once=f"{n}"), Draft("own", {"t": number})], at=NOW)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert log.head().size == 25 + 4 * 25
    verify_store(log)
    log.store.close()


def test_a_tree_of_70000_entries(tmp_path: Path) -> None:
    """The example of c2sp.org/tlog-tiles, above what one process reads alone."""
    log = Log(memory_store())
    log.append([Draft("done", {"n": n}) for n in range(70_000)], at=NOW)
    checkpoints = Checkpoints(log, Seal("k" * 32, log.store.seal_salt()))
    checkpoints.export(tmp_path / "x", at=NOW)
    tiles = {path.relative_to(tmp_path / "x").as_posix() for path in tmp_path.rglob("*.p/*")}
    assert tiles == {
        "tile/0/273.p/112",
        "tile/entries/273.p/112",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
    }
    told: list[int] = []
    found = verify_export(tmp_path / "x", [checkpoints.vkey()], progress=told.append, workers=2)
    assert (found.checkpoint.size, told[-1]) == (70_000, 70_000)
    assert verify_export(tmp_path / "x", [checkpoints.vkey()], workers=1) == found
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(tmp_path / "x"), checkpoints.vkey()]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.startswith("70000 entries")
