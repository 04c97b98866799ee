"""A hold placed at every point between plan and commit: what it covers stays from then on.

Method: at call k of a run another thread places a hold. Where the run holds the system's lock, the
hold waits for its batch and the run goes on. The moment the hold has returned, the rows it covers
are read; at the end of the run they are the same, field for field. Then a new plan is made and
done: what no hold covers is gone as it would be without one.
"""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest

from crash.calls import Calls
from crash.conftest import Bench
from crash.world import NOW, World, lies
from ombud.apply.place import place_hold
from ombud.plan.hold import Hold, HoldScope, PersonRef

Covered = dict[str, list[tuple[Any, ...]]]


def person(value: str) -> HoldScope:
    return HoldScope(persons=(PersonRef("email", value),))


def row(table: str, *keys: str) -> HoldScope:
    return HoldScope(system="crm", table=table, keys=tuple((k,) for k in keys))


# What it covers: table to (column, values), and the columns that it keeps.
SCOPES = {
    "person": (person("m2@example.org"), {"members": (0, [2], [1, 2]), "posts": (1, [2], [2])}),
    "guardian": (person("g3@example.org"), {"members": (0, [3], [3])}),
    "blanked": (person("m4@example.org"), {"members": (0, [4], [1, 2])}),
    "row": (row("members", "1", "7"), {"members": (0, [1, 7], [1, 2, 3])}),
    "post": (row("posts", "30"), {"posts": (0, [30], [2])}),
    "pair": (row("pairs", "2"), {"pairs": (0, [2], [2])}),
    "invoice": (row("invoices", "2"), {"invoices": (0, [2], [2, 3])}),
}


def covered(world: World, name: str) -> Covered:
    """Return what a hold covers and is there: key and the fields it keeps."""
    found = {}
    everything = world.dump()
    for table, (column, values, kept) in SCOPES[name][1].items():
        rows = [r for r in everything[table] if r[column] in values]
        found[table] = [tuple(r[i] for i in [0, *kept]) for r in rows]
    return found


class Placing:
    """Places a hold at a call of a run, in a thread of its own."""

    def __init__(self, world: World, name: str, at: int) -> None:
        self.world, self.name, self.at = world, name, at
        self.calls = Calls(visit=self.visit)
        self.seen: Covered | None = None
        self.failed: BaseException | None = None
        self.thread = threading.Thread(target=self.place)

    def visit(self, number: int, name: str) -> None:
        if number == self.at:
            self.thread.start()
            # A hold that waits for the run's own batch returns after it; else it returns now.
            self.thread.join(0.02 if self.calls.locked else None)

    def place(self) -> None:
        ombud = self.world.ombud
        scope = SCOPES[self.name][0]
        hold = Hold("h1", "legal_claim", scope, "A claim", "GDPR Art. 17(3)(e)", "Berit", NOW,
                    date(2027, 1, 1))  # fmt: skip
        try:
            place_hold(ombud.policy, hold, ombud.connectors, ombud.inputs, ombud.timing())
            self.seen = covered(self.world, self.name)
        except BaseException as failed:  # told to the test
            self.failed = failed


@pytest.mark.parametrize("name", SCOPES)
def test_once_a_hold_is_placed_nothing_it_covers_is_changed(bench: Bench, name: str) -> None:
    """Each scope takes its share of all calls, and of the batches once more.

    Law: GDPR Art. 17(3)(e) and 18(1).
    """
    counted = Calls()
    world = bench.again()
    world.apply(bench.plan, **counted.around(world))
    shift = list(SCOPES).index(name)
    for k, call in enumerate(counted.names):
        ours = k % len(SCOPES) == shift or (call == "crm.change" and k % 3 == shift % 3)
        if ours and bench.takes(k, call):
            placed_at(bench, name, k, call)


def placed_at(bench: Bench, name: str, k: int, call: str) -> None:
    """Place a hold at one call, and look at what is left."""
    world = bench.again()
    told = f"{name} at call {k} {call}"
    placing = Placing(world, name, k)
    world.apply(bench.plan, **placing.calls.around(world))
    placing.thread.join()
    assert placing.failed is None, told
    assert placing.seen is not None, told
    assert covered(world, name) == placing.seen, told
    assert lies(world, bench.due) == [], told
    world.apply(world.plan())
    assert covered(world, name) == placing.seen, told
    assert world.plan().steps == (), told
