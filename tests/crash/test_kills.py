"""`kill -9` of a real command in the middle of its work, ten times on each database.

Method: an undisturbed `ombud apply` shows the end and the time that the work takes. Then, from a
world put back each time, `apply` or `sweep` is killed at a moment that a seeded die draws over that
time, and run again. `bench/soak` does the same two hundred times.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from crash.kills import Killing
from crash.world import SYSTEMS

KILLS = 10


@pytest.mark.parametrize("kind", ["sqlite", "postgres", "mariadb"])
def test_a_run_that_is_killed_loses_and_doubles_nothing(
    kind: str, fresh_database: Callable[[str], str], fast_folder: Path
) -> None:
    """Law: GDPR Art. 5(2): what was done is shown, and nothing is shown that was not done."""
    killing = Killing(fast_folder / f"kills-{kind}", {s: fresh_database(kind) for s in SYSTEMS})
    killing.prepare(copies=20)
    die = random.Random(kind)
    verbs = ("apply", "sweep")
    found = [killing.trial(die, verbs[n % 2]) for n in range(KILLS)]
    assert [each for each in found if each.faults] == []
    assert any(each.alive for each in found)
