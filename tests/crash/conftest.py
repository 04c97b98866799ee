"""Fixtures of the crash suite: a world on SQLite that can be put back as it was, quickly."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crash.world import SYSTEMS, Keys, World, make, open_world
from ombud.apply import run as engine
from ombud.plan.model import Plan

MEMORY = Path("/dev/shm")  # noqa: S108  every trial writes files, and none has to survive


@pytest.fixture(scope="session")
def fast_folder() -> Iterator[Path]:
    """A folder in memory where there is one: trials differ by what is written, not by the disk."""
    base = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="ombud-crash-", dir=base) as name:
        yield Path(name)


@dataclass
class Bench:
    """One world on SQLite, put back to its beginning for each trial.

    Args:
        due: Keys of what was due at the beginning, by step.
        expected: Every table after an undisturbed run.
    """

    folder: Path
    plan: Plan
    world: World
    due: Keys
    expected: dict[str, list[tuple[Any, ...]]]

    def again(self) -> World:
        """Put every file back as it was, and return the world.

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
        return self.world


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let rows go three at a time whatever the clock says: something lies between batches."""
    monkeypatch.setattr(engine, "BATCH_FIRST", 3)
    monkeypatch.setattr(engine, "BATCH_MAX", 3)
    monkeypatch.setattr(engine, "BATCH_MIN", 3)


@pytest.fixture(scope="module")
def bench(fast_folder: Path, request: pytest.FixtureRequest) -> Iterator[Bench]:
    """The world, and what an undisturbed run makes of it."""
    folder = fast_folder / request.module.__name__
    urls = {s: f"sqlite:///{folder}/live/{s}.sqlite" for s in SYSTEMS}
    (folder / "live").mkdir(parents=True)
    plan = make(folder / "live", urls)
    shutil.copytree(folder / "live", folder / "template")
    world = open_world(folder / "live")
    try:
        due = world.keys()
        outcomes = world.apply(plan)
        assert all(o.failed is None and not o.remaining for o in outcomes)
        yield Bench(folder / "live", plan, world, due, world.dump())
    finally:
        world.close()


@pytest.fixture
def short_folder(fast_folder: Path, request: pytest.FixtureRequest) -> Path:
    """A folder of the test's own."""
    folder = fast_folder / f"{request.node.name}"
    folder.mkdir()
    return folder
