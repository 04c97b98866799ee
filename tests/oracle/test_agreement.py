"""The engine and the model say the same of every world: what is due, and what is done.

Worlds are drawn; one that fails is taken apart until nothing can be left out, and shown with every
difference. Readings that are worth a name have a small world in `test_readings.py`.

    OMBUD_TEST_WORLDS=2000 ./ombud-test tests/oracle/test_agreement.py     other worlds, and more
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings

from oracle.agreement import carried_out, differences, since, smallest
from oracle.strategies import Shape, worlds
from oracle.worlds import World

WORLDS = os.environ.get("OMBUD_TEST_WORLDS")
TRIES = 2_000 if WORLDS else 200  # to make a failing world smaller: some seconds

Compare = Callable[[World, str], list[str]]
Fresh = Callable[[], AbstractContextManager[str]]

asked_why: Compare = partial(differences, why=True)


@pytest.fixture
def sqlite(tmp_path: Path) -> Fresh:
    """Give an empty SQLite file each time."""

    @contextmanager
    def fresh() -> Iterator[str]:
        file = tmp_path / "world.sqlite"
        file.unlink(missing_ok=True)
        yield f"sqlite:///{file}"

    return fresh


def drawn(count: int) -> settings:
    """Return how worlds are drawn: the same ones each time, unless more are asked for."""
    return settings(
        max_examples=int(WORLDS) if WORLDS else count,
        derandomize=WORLDS is None,
        database=None,
        phases=[Phase.explicit, Phase.generate],  # `smallest` goes further than shrinking
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )


def agree(world: World, fresh: Fresh, compare: Compare = differences) -> None:
    """Fail with the smallest world in which engine and model differ in the same way."""

    def compared(each: World) -> list[str]:
        with fresh() as url:
            return compare(each, url)

    found = compared(world)
    if found:
        kind = _kind(found[0])
        small = smallest(world, lambda each: kind in map(_kind, compared(each)), TRIES)
        note(repr(small))
        pytest.fail("\n".join(compared(small)))


def _kind(line: str) -> str:
    return line.split(": ")[-1].split(" should")[0]


@drawn(60)
@given(world=worlds())
def test_the_engine_agrees_on_what_is_due(world: World, sqlite: Fresh) -> None:
    agree(world, sqlite)


@drawn(15)
@given(world=worlds())
def test_the_engine_agrees_on_why(world: World, sqlite: Fresh) -> None:
    agree(world, sqlite, asked_why)


@pytest.mark.parametrize("kind", ["postgres", "mariadb"])
@drawn(15)
@given(world=worlds(Shape(instants=True)))
def test_the_engine_agrees_on_servers_on_what_is_due_and_why(
    world: World, kind: str, request: pytest.FixtureRequest
) -> None:
    agree(world, request.getfixturevalue(f"{kind}_server").fresh_database, asked_why)


@drawn(25)
@given(world=worlds())
def test_what_the_engine_does_is_what_is_due(world: World, sqlite: Fresh) -> None:
    agree(world, sqlite, carried_out)


@pytest.mark.parametrize("kind", ["postgres", "mariadb"])
@drawn(8)
@given(world=worlds(Shape(instants=True)))
def test_what_the_engine_does_on_servers_is_what_is_due(
    world: World, kind: str, request: pytest.FixtureRequest
) -> None:
    agree(world, request.getfixturevalue(f"{kind}_server").fresh_database, carried_out)


@drawn(20)
@given(world=worlds())
def test_a_sweep_of_what_can_be_due_finds_what_a_whole_one_does(
    world: World, sqlite: Fresh
) -> None:
    agree(world, sqlite, since)
