"""What a step changed, counted by batch, and told by entries.

Method: a log in memory; what a run does is done here call by call.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ombud.evidence import Draft, Log
from ombud.evidence.said import BEGAN, DONE, PARTLY, Counts, StepDone, once_of
from ombud.evidence.tally import Tally
from stores import memory_store

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
STEP = ("p1", "crm.members/erase/", "crm")


@pytest.fixture
def log() -> Log:
    """A log in which a step of two plans has begun."""
    log = Log(memory_store())
    for plan in ("p1", "p2"):
        body = {
            "action": "erase", "approved": 10, "as_of": "2026-11-24", "caps": [], "columns": [],
            "plan": plan, "rules": ["membership"], "system": "crm", "table": "members",
        }  # fmt: skip
        once = once_of(BEGAN, plan, STEP[1])
        log.append([Draft(BEGAN, body, "crm.members", once)], at=NOW)
    return log


def told(log: Log) -> list[tuple[str, Counts]]:
    """Return the kind of each entry about what was changed, and what it adds."""
    entries = log.entries((DONE, PARTLY))
    return [(e.kind, StepDone.read(e).new) for e in entries]


def test_batches_add_up(log: Log) -> None:
    tally = Tally(log)
    for rows, erased, blanked in ((3, 3, 0), (3, 2, 0), (1, 0, 1)):
        tally.announce(*STEP, rows)
        tally.count(*STEP[:2], erased=erased, blanked=blanked)
    entry = tally.prove(*STEP[:2], at=NOW)
    assert StepDone.read(entry).changed == Counts(5, 1)
    assert entry.body["remaining"] == 0


def test_a_batch_that_nobody_counted_is_in_doubt(log: Log) -> None:
    tally = Tally(log)
    tally.announce(*STEP, 3)
    tally.announce(*STEP, 2)
    tally.count(*STEP[:2], erased=2)
    assert StepDone.read(tally.prove(*STEP[:2], at=NOW)).changed == Counts(2, 0, 3)


def test_what_was_told_is_not_told_again(log: Log) -> None:
    tally = Tally(log)
    tally.announce(*STEP, 3)
    tally.count(*STEP[:2], erased=3)
    tally.tell("crm", at=NOW)
    tally.tell("crm", at=NOW)
    tally.announce(*STEP, 3)
    tally.count(*STEP[:2], erased=1)
    done = StepDone.read(tally.prove(*STEP[:2], at=NOW))
    assert (done.changed, done.earlier) == (Counts(4), Counts(3))
    assert told(log) == [(PARTLY, Counts(3)), (DONE, Counts(1))]


def test_rows_that_go_along_are_in_doubt_when_another_plan_takes_over(log: Log) -> None:
    """Nobody looked how many were left, and now other rows are due."""
    tally = Tally(log)
    tally.announce_along(*STEP, 6)
    tally.tell("crm", at=NOW)  # whoever only looks does not know what runs
    tally.tell("crm", at=NOW, running="p1")
    assert told(log) == []
    tally.tell("crm", at=NOW, running="p2")
    assert told(log) == [(PARTLY, Counts(0, 0, 6))]


def test_rows_that_go_along_are_counted_once(log: Log) -> None:
    tally = Tally(log)
    tally.announce_along(*STEP, 6)
    tally.count_along(*STEP[:2], present=1)
    tally.count_along(*STEP[:2], present=0)
    assert StepDone.read(tally.prove(*STEP[:2], at=NOW)).changed == Counts(5)


def test_a_step_that_another_run_proved_meanwhile_loses_no_row(log: Log) -> None:
    tally = Tally(log)
    first = tally.prove(*STEP[:2], at=NOW)
    tally.announce(*STEP, 1)
    tally.count(*STEP[:2], erased=1)
    assert tally.prove(*STEP[:2], at=NOW) == first
    assert told(log) == [(DONE, Counts()), (PARTLY, Counts(1))]


def test_another_system_is_left_alone(log: Log) -> None:
    tally = Tally(log)
    tally.announce(*STEP, 3)
    tally.count(*STEP[:2], erased=3)
    tally.tell("shop", at=NOW)
    assert told(log) == []
