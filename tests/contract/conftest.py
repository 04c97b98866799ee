"""Fixtures of the contract suite: every kind of database, and clubs on it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from zlib import crc32

import pytest

from contract.club import KINDS, Club, Maker

EVERY = os.environ.get("OMBUD_TEST_EVERY_VERSION") == "1"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out one of two versions of PostgreSQL where a test would run on both.

    Half of them run on each, always the same; `OMBUD_TEST_EVERY_VERSION=1` runs all on both.
    """
    names = {item.nodeid for item in items}
    left = [] if EVERY else [i for i in items if (n := _other(i.nodeid)) in names and _second(n)]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


def _other(name: str) -> str:
    """Return the name of the same test on the other version; the same name where it has none."""
    return re.sub(
        r"postgres(15)?(?=[-\]])", lambda m: "postgres15" if not m[1] else "postgres", name
    )


def _second(other: str) -> bool:
    """Return whether the other one is the one of two that runs."""
    mine = _other(other)
    if mine == other:
        return False
    first = min(mine, other)
    return (other == first) == (crc32(first.encode()) % 2 == 0)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """A kind of database; the test runs once for each."""
    return str(request.param)


@pytest.fixture
def url(kind: str, fresh_database: Callable[[str], str]) -> str:
    """An empty database of the kind."""
    return fresh_database(kind)


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Maker]:
    """Makes clubs on databases of any kind: `make(url, TABLES, DDL, ROWS)`."""
    maker = Maker(tmp_path)
    yield maker
    maker.close()


@pytest.fixture
def make_club(make: Maker, url: str) -> Callable[..., Club]:
    """Makes a club on the test's database: `make_club(TABLES, DDL, ROWS)`."""
    return lambda *args, **options: make(url, *args, **options)
