"""Kills a real `ombud` at a random moment, and looks at what the next run makes of it.

    killing = Killing(folder, urls); killing.prepare(copies=40)
    killed = killing.trial(die, "sweep")          killed.faults == []

Used by the suite with a few kills and by `bench/soak` with many. The moments are drawn over the
time that the work takes, from the first entry in the log on: before it there is nothing to lose.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import shutil
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, Literal

from crash.calls import Calls
from crash.world import World, fill, make, open_world
from ombud.app import now
from ombud.apply import run as engine
from ombud.cli import root
from ombud.connectors.sql import beside
from ombud.errors import LogBroken
from ombud.evidence.said import DONE, PARTLY, Counts, StepDone
from ombud.plan.model import Plan

Verb = Literal["apply", "sweep"]
START_S = 60
# A process that has imported everything makes the ones that are killed: they begin at once.
FORK = multiprocessing.get_context("forkserver")
FORK.set_forkserver_preload(["crash.kills", "ombud.cli.apply", "ombud.cli.sweep"])


def command(folder: Path, verb: Verb, asked: list[str]) -> None:
    """Run `ombud`, as a shell does; on servers several connections share each batch."""
    beside.ROWS_MIN = 2
    for name in [name for name in os.environ if name.startswith("OMBUD_")]:
        del os.environ[name]
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        root(["-C", str(folder), verb, *asked, "--allow-superuser"])


def die(folder: Path, number: int, batch: int) -> None:
    """Apply the plan of a workspace, and be gone before a call; for a process of its own.

    Args:
        batch: Rows that go at a time.
    """
    beside.ROWS_MIN = 2
    engine.BATCH_FIRST = engine.BATCH_MAX = engine.BATCH_MIN = batch
    with contextlib.closing(open_world(folder)) as world:

        def visit(at: int, name: str) -> None:
            if at == number:
                os._exit(9)

        world.apply(world.kept_plan(), **Calls(visit=visit).around(world))


@dataclass(frozen=True)
class Killed:
    """What became of one kill.

    Args:
        alive: The process still ran when it was killed.
        proved: Steps that were proved by then.
        faults: What was wrong after the next run; empty, always.
    """

    verb: Verb
    alive: bool
    proved: int
    faults: list[str] = field(default_factory=list)


@dataclass
class Killing:
    """A workspace whose runs are killed.

    Args:
        urls: System to URL; SQLite files lie outside of `folder`.
    """

    folder: Path
    urls: Mapping[str, str]
    copies: int = 0
    work_s: float = 0.0

    def prepare(self, copies: int) -> None:
        """Make the world, and see what an undisturbed run makes of it and how long it takes."""
        self.copies = copies
        self.plan: Plan = make(self.folder / "live", self.urls, copies=copies, clock=now)
        shutil.copytree(self.folder / "live", self.folder / "template")
        process = self._start("apply")
        self._wait_for_work(process)
        began = time.monotonic()
        process.join(START_S)
        self.work_s = time.monotonic() - began
        assert process.exitcode == 0
        with contextlib.closing(open_world(self.folder / "live", clock=now)) as world:
            self.expected = world.dump()
            self.ids = sorted(_steps(world))
        assert self.ids == sorted(s.id for s in self.plan.steps)

    def trial(self, die: random.Random, verb: Verb) -> Killed:
        """Put the world back, kill a run, and run again."""
        self._again()
        process = self._start(verb)
        self._wait_for_work(process)
        process.join(die.uniform(0, self.work_s))
        alive = process.is_alive()
        process.kill()
        process.join()
        with contextlib.closing(open_world(self.folder / "live", clock=now)) as world:
            proved = len(world.proofs())
            return Killed(verb, alive, proved, self._after(world, verb))

    def _after(self, world: World, verb: Verb) -> list[str]:
        """Run again, and return what is wrong then."""
        if verb == "apply":
            failed = [o for o in world.apply(self.plan) if o.failed is not None or o.remaining]
        else:
            swept = world.sweep()
            failed = [o for o in swept.outcomes if o.failed is not None or o.remaining]
            failed += [*swept.failed, *swept.waiting]  # type: ignore[list-item]
        faults = [f"not done: {each}" for each in failed]
        if world.dump() != self.expected:
            faults.append("the tables are not as after an undisturbed run")
        steps = sorted(_steps(world))
        # A sweep plans afresh: of a step that was done and not yet proved nothing is due any more.
        if steps != self.ids if verb == "apply" else len(set(steps)) != len(steps):
            faults.append(f"proofs of {steps}")
        if world.plan().steps:
            faults.append("something is still due")
        if miscounted := self._miscounted(world):
            faults.append(f"counted otherwise than they went: {miscounted}")
        try:
            world.verify()
        except LogBroken as broken:
            faults.append(str(broken))
        return faults

    def _miscounted(self, world: World) -> list[str]:
        """Return the tables of which the log counts too many rows, or too few but in words."""
        wanted: dict[tuple[str, str], int] = {}
        for step in self.plan.steps:
            place = (step.system, step.selection.table)
            wanted[place] = wanted.get(place, 0) + step.count
        found = dict.fromkeys(wanted, Counts())
        for entry in world.ombud.log.entries((DONE, PARTLY)):
            said = StepDone.read(entry)
            found[said.system, said.table] += said.new
        return [
            f"{place}: {said} of {wanted[place]}"
            for place, said in found.items()
            if not (known := said.erased + said.blanked) <= wanted[place] <= known + said.in_doubt
        ]

    def _again(self) -> None:
        live = self.folder / "live"
        shutil.rmtree(live)
        shutil.copytree(self.folder / "template", live)
        fill(self.urls, self.copies)

    def _start(self, verb: Verb) -> ForkServerProcess:
        asked = [self.plan.digest, "--by", "Berit"] if verb == "apply" else ["--full"]
        process = FORK.Process(target=command, args=(self.folder / "live", verb, asked))
        process.start()
        return process

    def _wait_for_work(self, process: ForkServerProcess) -> None:
        """Wait until the log says that something began."""
        deadline = time.monotonic() + START_S
        file = self.folder / "live" / "ombud.db"
        query = "SELECT count(*) FROM log_entries WHERE kind = 'began'"
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as log:
            while process.is_alive() and time.monotonic() < deadline:
                with contextlib.suppress(sqlite3.OperationalError):
                    if log.execute(query).fetchone()[0]:
                        return
                process.join(0.002)


def _steps(world: World) -> list[Any]:
    return [(e.once or "").split(":", 2)[-1] for e in world.proofs()]
