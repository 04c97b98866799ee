"""Fixtures of the crash suite: a world on each database that can be put back as it was, quickly.

On SQLite every call of a run is disturbed. What a server makes of it differs little from one call
to the next, so there a share of the calls stands for all, always the same;
`OMBUD_TEST_EVERY_CALL=1` disturbs every call everywhere.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crash.world import SYSTEMS, Keys, World, make, open_world, refill
from ombud.apply import run as engine
from ombud.connectors.sql import beside
from ombud.plan.model import Plan

EVERY = os.environ.get("OMBUD_TEST_EVERY_CALL") == "1"
SHARE = 0.06  # of the calls, on servers
MEMORY = Path("/dev/shm")  # noqa: S108  every trial writes files, and none has to survive


@pytest.fixture(scope="session")
def fast_folder() -> Iterator[Path]:
    """A folder in memory where there is one: trials differ by what is written, not by the disk."""
    base = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="ombud-crash-", dir=base) as name:
        yield Path(name)


@dataclass
class Bench:
    """One world on a kind of database, put back to its beginning for each trial.

    Args:
        kind: `sqlite`, `postgres` or `mariadb`.
        due: Keys of what was due at the beginning, by step.
        expected: Every table after an undisturbed run.
    """

    kind: str
    folder: Path
    plan: Plan
    world: World
    due: Keys
    expected: dict[str, list[tuple[Any, ...]]]

    def takes(self, call: int, name: str = "") -> bool:
        """Return whether a trial at this call is made on this database.

        What a batch changed is counted beside each change; `test_counts` disturbs that.
        """
        if EVERY:
            return True
        if self.kind == "sqlite":
            return not name.startswith("tally")
        return random.Random(call).random() < SHARE

    def again(self) -> World:
        """Put every file and table back as it was, and return the world.

        The connectors stay: they have nothing open between runs, and know the statements.
        """
        self.world.ombud.store.close()
        for file in self.folder.iterdir():
            if file.is_dir():
                shutil.rmtree(file)
            elif file.suffix not in (".yaml", ".env") and file.name != ".env":
                file.unlink()
        for file in self.folder.with_name("template").iterdir():
            if file.is_file():
                shutil.copyfile(file, self.folder / file.name)
        if self.kind != "sqlite":
            refill(self.world.urls)
        return self.world


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let rows go three at a time whatever the clock says: something lies between batches.

    On servers several connections share each batch.
    """
    monkeypatch.setattr(beside, "ROWS_MIN", 2)
    monkeypatch.setattr(engine, "BATCH_FIRST", 3)
    monkeypatch.setattr(engine, "BATCH_MAX", 3)
    monkeypatch.setattr(engine, "BATCH_MIN", 3)


@pytest.fixture(scope="module", params=["sqlite", "postgres", "mariadb"])
def bench(
    fast_folder: Path, request: pytest.FixtureRequest, lasting_database: Callable[[str], str]
) -> Iterator[Bench]:
    """The world, and what an undisturbed run makes of it."""
    kind = request.param
    # a worker that takes over tests of another can come back to a kind it had done with
    folder = Path(tempfile.mkdtemp(prefix=f"{request.module.__name__}-{kind}-", dir=fast_folder))
    (folder / "live").mkdir()
    if kind == "sqlite":
        urls = {s: f"sqlite:///{folder}/live/{s}.sqlite" for s in SYSTEMS}
    else:
        urls = {s: lasting_database(kind) for s in SYSTEMS}
    plan = make(folder / "live", urls)
    shutil.copytree(folder / "live", folder / "template")
    world = open_world(folder / "live")
    try:
        due = world.keys()
        outcomes = world.apply(plan)
        assert all(o.failed is None and not o.remaining for o in outcomes)
        yield Bench(kind, folder / "live", plan, world, due, world.dump())
    finally:
        world.close()


@pytest.fixture
def short_folder(fast_folder: Path, request: pytest.FixtureRequest) -> Path:
    """A folder of the test's own."""
    folder = fast_folder / f"{request.node.name}"
    folder.mkdir()
    return folder
