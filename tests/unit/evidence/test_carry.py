"""What one observation carries on from the ones before it.

Method: hypothesis makes histories of a table; a model that remembers everything, written as the
promise reads, says what is missing; the carried value has to agree at every step.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ombud.evidence import Observation, TableSeen
from ombud.evidence.carry import carry
from ombud.evidence.observation import Run, TableCarried
from ombud.evidence.said import Counts, StepDone
from unit.evidence.made import DAY, NOW, TODAY

days = st.integers(-2, 6).map(lambda number: TODAY + timedelta(days=number))
kept = st.dictionaries(days, st.integers(0, 4), max_size=4)
histories = st.lists(st.tuples(st.integers(0, 2), kept), min_size=1, max_size=8)


def seen(passed: int, rows: dict[date, int], **more: object) -> Observation:
    """Return an observation so many days after the first."""
    at = NOW + passed * DAY
    tables = {"invoices": TableSeen(9, kept_until={"books": rows})}
    return Observation("crm", TODAY + passed * DAY, at, tables, **more)  # type: ignore[arg-type]


def kept_on(before: Observation | None, now: Observation) -> Observation:
    return carry(before, now, done=(), placed={}, gap=DAY)


def run_of(observation: Observation) -> Run | None:
    return observation.carried.get("invoices", TableCarried()).runs.get("keeps:books")


@given(histories)
def test_what_is_missing_is_what_a_model_with_all_of_the_past_says(
    history: list[tuple[int, dict[date, int]]],
) -> None:
    most: dict[date, int] = {}
    passed, before = 0, None
    for step, rows in history:
        passed += step
        today = TODAY + passed * DAY
        most = {day: count for day, count in most.items() if day >= today}
        missing = sum(max(0, count - rows.get(day, 0)) for day, count in most.items())
        before = kept_on(before, seen(passed, rows))
        run = run_of(before)
        assert (run.count if run else 0) == missing
        assert (run is not None and run.broken) == (missing > 0)
        for day, count in rows.items():
            most[day] = max(most.get(day, 0), count)


@given(histories)
def test_a_run_never_begins_after_the_observation_or_before_the_first(
    history: list[tuple[int, dict[date, int]]],
) -> None:
    passed, before = 0, None
    for step, rows in history:
        passed += step
        before = kept_on(before, seen(passed, rows))
        run = run_of(before)
        assert run is None or NOW <= run.since <= before.at


@given(st.lists(st.integers(0, 5), min_size=1, max_size=6), st.integers(0, 5))
def test_a_hold_is_missing_what_it_ever_covered(rows: list[int], placed: int) -> None:
    before = None
    for passed, count in enumerate(rows):
        now = replace(seen(passed, {}), holds={"h1": count})
        before = carry(before, now, done=(), placed={"h1": placed}, gap=DAY)
        most = max([placed, *rows[: passed + 1]])
        assert before.held["h1"].expected == most
        assert before.held["h1"].run.broken == (count < most)


def test_a_hold_that_was_released_is_carried_no_more() -> None:
    first = carry(None, replace(seen(0, {}), holds={"h1": 2}), done=(), placed={}, gap=DAY)
    assert kept_on(first, seen(1, {})).held == {}


@given(st.lists(st.lists(st.integers(0, 9), max_size=3), min_size=1, max_size=5))
def test_what_steps_erased_adds_up(steps: list[list[int]]) -> None:
    before, total = None, 0
    for passed, counts in enumerate(steps):
        done = [StepDone("crm", "invoices", "erase", Counts(n), ("books",)) for n in counts]
        total += sum(counts)
        before = carry(before, seen(passed, {}), done=done, placed={}, gap=DAY)
        changed = before.carried.get("invoices", TableCarried()).changed
        assert changed.get("books", Counts()) == Counts(total)
