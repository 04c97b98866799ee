"""The log, where several runs append to it at once, one dies, or it is large.

Method: processes released together by an event, on SQLite files and PostgreSQL; one killed while
it appends; then every entry is counted and the tree verified.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contract import processes
from ombud.errors import Stopped
from ombud.evidence import (
    Approval,
    Checkpoints,
    Decisions,
    Draft,
    Holds,
    KeptPlan,
    Log,
    Plans,
    verify_export,
    verify_store,
)
from ombud.plan.hold import Decision, Hold, HoldScope
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
def test_any_text_comes_back_as_it_was_appended(
    fresh_database: Callable[[str], str], kind: str
) -> None:
    """A batch goes to PostgreSQL as arrays, which have a spelling of their own."""
    log = Log(open_store(fresh_database(kind), create=True))
    odd = ("NULL", "{a,b}", '"', "\\", 'a"\\,{}\n\t%s:x', "æ€😀", " ", "")
    batches = [
        [Draft(text, {"text": text}, text, f"once:{text}") for text in odd],
        [Draft("x", {}, once="NULL"), Draft("x", {}), Draft("x", {}, once="")],
        [Draft("x", {}), Draft("x", {})],
    ]
    appended = [log.append(batch, at=NOW) for batch in batches]
    assert list(log.entries()) == [entry for batch in appended for entry in batch]
    assert log.append(batches[0], at=NOW) == appended[0]
    assert [entry.body["text"] for entry in appended[0]] == list(odd)
    assert log.once("NULL") == appended[1][0]
    verify_store(log)
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


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_an_export_made_while_others_append_and_erase_is_of_one_moment(
    fresh_database: Callable[[str], str], kind: str, tmp_path: Path
) -> None:
    """Each continues the one before; what was erased in between is gone from it, and said to be."""
    url = fresh_database(kind)
    log = Log(open_store(url, create=True))
    checkpoints = Checkpoints(log, Seal("k" * 32, log.store.seal_salt()))
    started = processes.SPAWN.Event()
    run = processes.SPAWN.Process(target=processes.append_for_ever, args=(url, started))
    run.start()
    assert started.wait(60)
    held: list[str] = []
    for number in range(4):
        more = [Draft("own", {"n": n}, payloads={"by": f"Berit {n}"}) for n in range(10)]
        entries = log.append(more, at=NOW)
        log.erase_payload(entries[number].index, at=NOW)
        folder = tmp_path / str(number)
        checkpoint = checkpoints.export(folder, at=NOW)
        found = verify_export(folder, [checkpoints.vkey()], held=held)
        assert (found.erased, found.payloads, found.held) == (number + 1, (number + 1) * 9, number)
        held.append((folder / "checkpoint").read_text())
        assert checkpoint.size > entries[-1].index
        verify_store(log, held=held)
    run.kill()
    run.join()
    assert verify_store(log, held=held).checkpoints >= 4
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


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The example of c2sp.org/tlog-tiles, 70,000 entries: above what one process reads alone."""
    log = Log(memory_store())
    log.append([Draft("done", {"n": n}) for n in range(70_000)], at=NOW)
    checkpoints = Checkpoints(log, Seal("k" * 32, log.store.seal_salt()))
    folder = tmp_path_factory.mktemp("large") / "x"
    checkpoints.export(folder, at=NOW)
    return folder, checkpoints.vkey()


def test_a_tree_of_70000_entries(large: tuple[Path, str]) -> None:
    folder, vkey = large
    tiles = {path.relative_to(folder).as_posix() for path in folder.rglob("*.p/*")}
    assert tiles == {
        "tile/0/273.p/112",
        "tile/entries/273.p/112",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
    }
    told: list[int] = []
    found = verify_export(folder, [vkey], progress=told.append, workers=2)
    assert (found.checkpoint.size, told[-1]) == (70_000, 70_000)
    assert verify_export(folder, [vkey], workers=1) == found


NO_SHARED_MEMORY = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); "


def test_the_script_verifies_a_large_export_where_there_is_no_shared_memory(
    large: tuple[Path, str],
) -> None:
    folder, vkey = large
    argv = ["-I", "-S", str(SCRIPT), str(folder), vkey]
    run = f"{NO_SHARED_MEMORY}import os, sys; os.execv(sys.executable, [sys.executable, *{argv!r}])"
    said = subprocess.run([sys.executable, "-c", run], capture_output=True, text=True, check=True)
    assert (said.stdout.startswith("70000 entries"), said.stderr) == (True, "")


def test_ombud_verifies_alone_where_there_is_no_shared_memory(large: tuple[Path, str]) -> None:
    folder, vkey = large
    run = (
        f"{NO_SHARED_MEMORY}from pathlib import Path; from ombud.evidence import verify_export; "
        f"print(verify_export(Path({str(folder)!r}), [{vkey!r}], workers=2).checkpoint.size)"
    )
    command = [sys.executable, "-c", run]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    assert said.stdout == "70000\n"


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_what_is_kept_beside_an_entry_is_kept_once(
    fresh_database: Callable[[str], str], kind: str
) -> None:
    """Two people, or a person and the timer, say the same at once: one row, one entry."""
    store = open_store(fresh_database(kind), create=True)
    log = Log(store)
    plans, holds, decisions = Plans(log), Holds(log), Decisions(log, zone="Europe/Oslo")
    plan = KeptPlan("abcdef01", "basis", NOW.date(), '{"steps":[]}', NOW)
    hold = Hold("h1", "legal_claim", HoldScope(system="crm", table="contacts"), "a dispute",
                "GDPR Art. 17(3)(e)", "Berit", NOW, NOW.date())  # fmt: skip
    decision = Decision("d1", "no_longer_needed", (), ("events",), (), NOW, "Berit")
    ready = threading.Barrier(4)

    def work() -> None:
        ready.wait()
        plans.keep(plan)
        plans.approve(Approval("abcdef01", "Berit", NOW))
        holds.place(hold, rows={"crm": 3}, at=NOW)
        decisions.record(decision, at=NOW)
        holds.release("h1", by="Berit", at=NOW)

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work) for _ in range(4)]:
            done.result()
    kinds = sorted(entry.kind for entry in log.entries())
    assert kinds == ["approved", "decided", "decision", "hold_placed", "hold_released"]
    assert (len(plans.approvals("abcdef01")), len(holds.all()), len(decisions.all())) == (1, 1, 1)
    verify_store(log)
    store.close()


def test_a_process_that_is_killed_is_no_fault_of_the_export(
    large: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Out of memory, for example: it has to be told from a log that was changed."""
    folder, vkey = large
    monkeypatch.setattr("ombud.evidence.verify._SHARE", 1)  # the first is told long before the last

    def kill(_: int) -> None:
        for child in multiprocessing.active_children():
            child.kill()

    with pytest.raises(Stopped, match="nothing is verified"):
        verify_export(folder, [vkey], progress=kill, workers=2)


def test_the_script_says_when_it_could_not_look(large: tuple[Path, str]) -> None:
    folder, vkey = large
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(folder / "payloads"), vkey]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr.startswith("nothing was verified: NotADirectoryError")
