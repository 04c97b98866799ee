"""Fixtures of the contract suite: every kind of database, and clubs on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contract.club import KINDS, Club, Maker


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
