"""A fault at every call of a run, before its effect and after it; then the run again.

Method: an undisturbed run over a small world counts the calls that `Apply` makes of sessions, log,
inputs and lock. For each call k the world is put back, call k fails before its effect, and the same
plan is applied again by a run that nothing disturbs. A call that changes something also fails after
its effect. `PARTS` tests share the calls, so that several workers can take them.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from crash.calls import Calls, When, systems_of
from crash.conftest import Bench
from crash.world import SYSTEMS, lies, make, one_proof_per_step, open_world, truthful
from ombud.errors import Stopped

PARTS = 4
EFFECTS = ("append", "change", "take", "let_go", "session", "tally")


def test_a_run_that_nothing_disturbs_does_and_proves_every_step(bench: Bench) -> None:
    """Invoices go before their members, and posts with them: `done` says four of four."""
    world = bench.again()
    outcomes = world.apply(bench.plan)
    one_proof_per_step(world, bench.plan)
    assert world.plan().steps == ()
    counts = {o.step.id: o.changed for o in outcomes}
    assert counts == {s.id: s.count for s in bench.plan.steps}


def test_a_second_run_changes_and_says_nothing_more(bench: Bench) -> None:
    world = bench.again()
    world.apply(bench.plan)
    size = world.verify()
    outcomes = world.apply(bench.plan)
    assert (world.dump(), world.verify()) == (bench.expected, size)
    assert all(o.earlier for o in outcomes)


def test_circles_of_more_rows_than_a_batch_go_in_one_run(short_folder: Path) -> None:
    """Their last pass went no further than one batch, and the run had to be called again."""
    urls = {s: f"sqlite:///{short_folder}/{s}.sqlite" for s in SYSTEMS}
    plan = make(short_folder / "live", urls, copies=4)
    with closing(open_world(short_folder / "live")) as world:
        outcomes = world.apply(plan)
        assert {o.step.id: (o.changed, o.remaining) for o in outcomes} == {
            s.id: (s.count, 0) for s in plan.steps
        }


@pytest.mark.parametrize("part", range(PARTS))
def test_whichever_call_fails_the_next_run_ends_the_same(bench: Bench, part: int) -> None:
    """Law: GDPR Art. 5(2): what is said to be done is done, and can be shown."""
    counted = Calls()
    world = bench.again()
    world.apply(bench.plan, **counted.around(world))
    assert len(counted.names) > 70
    for k, name in enumerate(counted.names):
        if k % PARTS == part and bench.takes(k, name):
            fails(bench, k, name, "before")
            if any(word in name for word in EFFECTS):
                fails(bench, k, name, "after")


def fails(bench: Bench, k: int, name: str, when: When) -> None:
    """Let one call fail and run again."""
    world, calls, told = bench.again(), Calls(k, when), f"{when} call {k} {name}"
    try:
        outcomes = world.apply(bench.plan, **calls.around(world))
    except Stopped:
        assert name.startswith(("log", "inputs", "lock", "tally")), told
    else:
        truthful(world, outcomes)
        system = name.partition(".")[0]
        others = {s: done for s, done in systems_of(outcomes).items() if s != system}
        assert all(others.values()), f"{told}: {others}"
    assert len(calls.names) > k
    assert lies(world, bench.due) == [], told
    world.apply(bench.plan)
    assert world.dump() == bench.expected, told
    one_proof_per_step(world, bench.plan)
