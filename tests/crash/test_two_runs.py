"""Two runs of the same plan that meet: same end, one proof per step.

Method: at call k of one run another begins and goes as far as it can, to its end or to the lock
that the first one holds; then both go on. Of the same calls in a row the first one stands for all.
And, for a few seeds, two runs take turns call by call as a seeded die says.
"""

from __future__ import annotations

import random
import threading
from typing import Any

import pytest

from crash.calls import Calls
from crash.conftest import Bench
from crash.world import World, one_proof_per_step

SEEDS = range(8)
EVERY = 2


class Run(threading.Thread):
    """A run in a thread of its own, which tells what became of it."""

    def __init__(self, bench: Bench, world: World, calls: Calls) -> None:
        super().__init__()
        self.bench, self.world, self.calls = bench, world, calls
        self.failed: BaseException | None = None
        self.outcomes: list[Any] = []

    def run(self) -> None:
        try:
            parts = self.calls.around(self.world)
            self.outcomes = self.world.apply(self.bench.plan, **parts)
        except BaseException as failed:  # told to the test
            self.failed = failed


def ended_well(bench: Bench, world: World, *runs: Run) -> None:
    """Check how it ended."""
    for run in runs:
        run.join()
        assert run.failed is None
        assert [o for o in run.outcomes if o.failed is not None] == []
    world.apply(bench.plan)  # one of them may have seen what the other had not done yet
    assert world.dump() == bench.expected
    one_proof_per_step(world, bench.plan)


@pytest.mark.parametrize("part", range(EVERY))
def test_a_run_that_begins_at_any_call_of_another_doubles_nothing(bench: Bench, part: int) -> None:
    counted = Calls()
    world = bench.again()
    world.apply(bench.plan, **counted.around(world))
    repeated = {k for k in range(1, len(counted.names)) if counted.names[k - 1] == counted.names[k]}
    ours = range(part, len(counted.names), EVERY)
    for k in [k for k in ours if k not in repeated and bench.takes(k, counted.names[k])]:
        world = bench.again()
        waits = threading.Event()
        first_calls = Calls()

        def told(
            number: int, name: str, ours: Calls = first_calls, waits: threading.Event = waits
        ) -> None:
            if name.startswith("lock.take") and name.split()[1] in ours.locked:
                waits.set()

        second = Run(bench, world, Calls(visit=told))

        def visit(
            number: int, name: str, k: int = k, second: Run = second, w: threading.Event = waits
        ) -> None:
            if number == k:
                second.start()
                while second.is_alive() and not w.is_set():
                    second.join(0.001)

        first_calls.visit = visit
        first = Run(bench, world, first_calls)
        first.start()
        first.join()
        ended_well(bench, world, first, second)


class Turns:
    """Lets one of two runs go on at each call, as a die says; who waits for a lock gives way."""

    def __init__(self, seed: int) -> None:
        self.die = random.Random(seed)
        self.changed = threading.Condition()
        self.runs = {0, 1}
        self.turn = 0
        self.holder: dict[str, int] = {}
        self.leaving: dict[int, str] = {}

    def visit(self, me: int, name: str) -> None:
        with self.changed:
            self.holder.pop(self.leaving.pop(me, ""), None)
            if name.startswith("lock.let_go"):  # it is let go after this
                self.leaving[me] = name.split()[1]
            self.turn = self.die.choice(sorted(self.runs))
            self.changed.notify_all()
            self.wait(me)
            if name.startswith("lock.take"):
                system = name.split()[1]
                while self.holder.get(system, me) != me:
                    self.turn = 1 - me
                    self.changed.notify_all()
                    self.wait(me)
                self.holder[system] = me

    def wait(self, me: int) -> None:
        ready = self.changed.wait_for(lambda: self.turn == me or len(self.runs) < 2, timeout=60)
        assert ready, "both runs wait"

    def end(self, me: int) -> None:
        with self.changed:
            self.runs.discard(me)
            self.holder = {s: h for s, h in self.holder.items() if h != me}
            self.turn = 1 - me
            self.changed.notify_all()


@pytest.mark.parametrize("seed", SEEDS)
def test_two_runs_that_take_turns_double_nothing(bench: Bench, seed: int) -> None:
    if not bench.takes(seed):
        return
    world = bench.again()
    turns = Turns(seed)

    class Turning(Run):
        def run(self) -> None:
            super().run()
            turns.end(runs.index(self))

    runs: list[Run] = [
        Turning(bench, world, Calls(visit=lambda n, name, me=me: turns.visit(me, name)))
        for me in (0, 1)
    ]
    for run in runs:
        run.start()
    ended_well(bench, world, *runs)
