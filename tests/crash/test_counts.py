"""The evidence of a step counts what all its runs changed, whatever cut the earlier ones off.

Method: a run is stopped before each batch (Ctrl-C), is killed (`kill -9`, at the second call of
each kind), or fails at each call; then the same plan is applied again. What the entries say of a
step, added up, is what was due; where a batch was under way when the run ended, it is at least the
rest and at most all of it, and the entry says how many rows are in doubt. So are posts, which go
along with their members, where the run ended before it looked how many were left.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from crash.calls import Calls
from crash.conftest import Bench
from crash.kills import FORK, die
from crash.world import World
from ombud.apply.observe import Observer, observe_all
from ombud.errors import ConnectorFailed, Stopped
from ombud.evidence.said import DONE, PARTLY, Counts, StepDone
from ombud.plan.model import Plan

BATCH = 3  # rows, as `small_batches` says
UNDER_WAY = (".change", "tally.count")


def told(world: World) -> dict[str, tuple[StepDone, Counts]]:
    """Return, by step, the entry that it is done, and the sum of what all its entries add."""
    found = {}
    entries = list(world.ombud.log.entries((DONE, PARTLY)))
    for entry in entries:
        if entry.kind == DONE:
            done = StepDone.read(entry)
            same = [
                each
                for each in map(StepDone.read, entries)
                if (each.table, each.action, each.facts["columns"], each.facts["approved"])
                == (done.table, done.action, done.facts["columns"], done.facts["approved"])
            ]
            total = sum((each.new for each in same), Counts())
            found[(entry.once or "").split(":", 2)[2]] = (done, total)
    return found


def exact(world: World, plan: Plan) -> None:
    """Check that every step's entry counts all that was due, and that the entries add up to it."""
    found = told(world)
    assert {s: d.changed.erased + d.changed.blanked for s, (d, _) in found.items()} == {
        s.id: s.count for s in plan.steps
    }
    for done, total in found.values():
        assert total == done.changed
        assert total.in_doubt == 0
        assert (total.erased > 0) == (done.action == "erase")


def bounded(world: World, plan: Plan) -> tuple[int, int]:
    """Check that the entries count no row twice and miss none but in words.

    Returns:
        How many rows are in doubt: those of batches, and those that go along with their owners.
    """
    found = told(world)
    assert set(found) == {s.id for s in plan.steps}
    for step in plan.steps:
        done, total = found[step.id]
        known = total.erased + total.blanked
        assert total == done.changed
        assert known <= step.count <= known + total.in_doubt, step.id
    along = sum(total.in_doubt for s, (_, total) in found.items() if "/with " in s)
    return sum(total.in_doubt for _, total in found.values()) - along, along


def batches(bench: Bench) -> int:
    """Return how often an undisturbed run asks whether it shall stop."""
    asked: list[None] = []
    bench.again().apply(bench.plan, stop=lambda: bool(asked.append(None)))
    return len(asked)


def stopping(nth: int) -> Callable[[], bool]:
    """Return what says, the nth time it is asked, that the run shall stop."""
    asked = itertools.count(1)
    return lambda: next(asked) == nth


def test_a_run_that_was_stopped_is_counted_with_the_next(bench: Bench) -> None:
    """After Ctrl-C the entry said what the last run alone had changed."""
    number = batches(bench)
    assert number > 4
    for nth in range(1, number + 1):
        world = bench.again()
        with pytest.raises(Stopped):
            world.apply(bench.plan, stop=stopping(nth))
        world.apply(bench.plan)
        exact(world, bench.plan)


def test_a_stopped_run_has_told_what_it_changed(bench: Bench) -> None:
    """What is gone is said before the next run, which may never come."""
    number = batches(bench)
    world = bench.again()
    first = world.dump()
    with pytest.raises(Stopped):
        world.apply(bench.plan, stop=stopping(number))
    gone = rows_of(first) - rows_of(world.dump())
    said = [StepDone.read(e).new for e in world.ombud.log.entries((DONE, PARTLY))]
    assert sum(each.erased for each in said) == gone > 0


def rows_of(dump: dict[str, list[tuple[Any, ...]]]) -> int:
    """Return how many rows there are in all tables."""
    return sum(len(rows) for rows in dump.values())


def test_a_sweep_after_a_stopped_run_counts_its_own(bench: Bench) -> None:
    """It plans afresh, so two plans share the rows: no row is counted by both."""
    number = batches(bench)
    for nth in range(2, number + 1):
        world = bench.again()
        with pytest.raises(Stopped):
            world.apply(bench.plan, stop=stopping(nth))
        world.sweep()
        wanted: dict[tuple[str, bool], int] = {}
        for step in bench.plan.steps:
            place = (step.selection.table, step.selection.action == "erase")
            wanted[place] = wanted.get(place, 0) + step.count
        assert sums(world) == wanted


def sums(world: World) -> dict[tuple[str, bool], int]:
    """Return, by table and whether rows were erased, how many the entries count, none in doubt."""
    found: dict[tuple[str, bool], int] = {}
    for entry in world.ombud.log.entries((DONE, PARTLY)):
        said = StepDone.read(entry)
        assert said.new.in_doubt == 0
        for erased, count in ((True, said.new.erased), (False, said.new.blanked)):
            if count:
                place = (said.table, erased)
                found[place] = found.get(place, 0) + count
    return found


def fails(calls: Calls, world: World, plan: Plan) -> None:
    """Apply a plan with a planted fault, whatever that says."""
    try:
        world.apply(plan, **calls.around(world))
    except Stopped:
        pass


@pytest.mark.parametrize("when", ["before", "after"])
def test_whichever_call_fails_no_row_is_counted_twice_or_missed(bench: Bench, when: str) -> None:
    counted = Calls()
    world = bench.again()
    world.apply(bench.plan, **counted.around(world))
    named = [k for k, n in enumerate(counted.names) if n.endswith(UNDER_WAY) or "tally" in n]
    for k in filter(bench.takes, named):
        world = bench.again()
        fails(Calls(k, when), world, bench.plan)  # type: ignore[arg-type]
        world.apply(bench.plan)
        doubt, _ = bounded(world, bench.plan)
        if not counted.names[k].endswith(UNDER_WAY):
            assert doubt <= (BATCH if counted.names[k] == "tally.announce" else 0), counted.names[k]
        assert doubt <= BATCH, counted.names[k]


def test_a_system_that_says_no_leaves_nothing_in_doubt(bench: Bench) -> None:
    """A refused constraint or a lock that was not free: the batch was rolled back, as it said."""
    world = bench.again()
    calls = Calls()
    parts = calls.around(world)

    def visit(number: int, name: str) -> None:
        if name == "crm.change" and calls.names.count(name) == 2:
            raise ConnectorFailed("crm", "refused a change", sqlstate="23503", answered=True)

    calls.visit = visit
    world.apply(bench.plan, **parts)
    world.apply(bench.plan)
    exact(world, bench.plan)


# ------------------------------------------------------------------ kill -9


def seconds(names: list[str]) -> list[int]:
    """Return the number of the second call of each kind, or of the only one."""
    places = {name: [k for k, n in enumerate(names) if n == name] for name in dict.fromkeys(names)}
    return [of[min(1, len(of) - 1)] for of in places.values()]


@pytest.fixture
def killed(bench: Bench) -> Callable[[int], World]:
    """Put the world back, and have a run killed before a call."""

    def kill(number: int) -> World:
        world = bench.again()
        process = FORK.Process(target=die, args=(bench.folder, number, BATCH))
        process.start()
        process.join()
        assert process.exitcode == 9
        return world

    return kill


def test_a_run_that_was_killed_is_counted_with_the_next(
    bench: Bench, killed: Callable[[int], World]
) -> None:
    """Law: GDPR Art. 5(2): what committed is counted, and what nobody can know is said to be so."""
    counted = Calls()
    world = bench.again()
    world.apply(bench.plan, **counted.around(world))
    for k in seconds(counted.names)[:: 1 if bench.kind == "sqlite" else 4]:
        name = counted.names[k]
        world = killed(k)
        world.apply(bench.plan)
        doubt, along = bounded(world, bench.plan)
        assert (0 < doubt <= BATCH) == name.endswith(UNDER_WAY), name
        if not (doubt or along):
            exact(world, bench.plan)


def test_a_sweep_that_finds_nothing_left_tells_what_a_killed_run_did(
    bench: Bench, killed: Callable[[int], World]
) -> None:
    counted = Calls()
    world = bench.again()
    world.apply(bench.plan, **counted.around(world))
    last = max(k for k, name in enumerate(counted.names) if name == "tally.count")
    world = killed(last)
    assert world.plan().steps == ()
    world.sweep()
    told_last = [StepDone.read(e).new for e in world.ombud.log.entries(PARTLY)][-1]
    assert 0 < told_last.in_doubt <= BATCH


def test_measuring_after_a_kill_tells_what_was_counted(
    bench: Bench, killed: Callable[[int], World]
) -> None:
    counted = Calls()
    world = bench.again()
    world.apply(bench.plan, **counted.around(world))
    names = counted.names
    last = max(k for k, name in enumerate(names) if name == "tally.announce")
    world = killed(last)
    ombud = world.ombud
    observer = Observer(ombud.policy, ombud.inputs, ombud.log, "basis")
    assert observe_all(observer, ombud.systems, ombud.connectors, ombud.timing) == {}
    said = [StepDone.read(e).new for e in ombud.log.entries((DONE, PARTLY))]
    left = rows_of(world.dump())
    assert sum(each.in_doubt for each in said) == 0
    assert sum(each.erased for each in said) == rows_of(bench.again().dump()) - left > 0
