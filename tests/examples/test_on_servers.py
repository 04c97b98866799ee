"""On PostgreSQL and on MariaDB the five examples do what they do on SQLite.

Method: lay each out with its systems on a server, as `ombud demo --systems-on URL` does, and run it
at the same noon; compare the plan's steps and counts, what was done, and how each promise stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from _data.fill import load

from examples.planting import Done, counted, laid_out, ran
from ombud.demo import SLUGS
from ombud.evidence import Standing
from servers import Server


@pytest.fixture(params=["postgres_server", "mariadb_server"])
def server(request: pytest.FixtureRequest) -> Server:
    """Give a server of each kind."""
    found: Server = request.getfixturevalue(request.param)
    return found


@pytest.fixture(params=SLUGS)
def slug(request: pytest.FixtureRequest, server: Server) -> Iterator[str]:
    """Give the name of an example; its databases are dropped after the test."""
    yield request.param
    force = "" if server.kind == "mariadb" else " WITH (FORCE)"
    for system in load(request.param).TABLES:
        name = f"ombud_demo_{request.param}_{system}".replace("-", "_")
        server.execute(f"DROP DATABASE IF EXISTS {name}{force}")


def shown(standing: Standing) -> tuple[str, str, list[tuple[str, str, str, int]]]:
    """Return a promise, how it stands, and what shows it."""
    pieces = [(e.code, e.system, e.table, e.count) for e in standing.evidence]
    return standing.promise, standing.standing, pieces


def test_a_round_on_a_server_is_that_on_sqlite(
    slug: str, server: Server, tmp_path: Path, after: Callable[[str], Done]
) -> None:
    laid = laid_out(slug, tmp_path / "demo", systems_on=server.url())
    done, _ = ran(laid)
    expected = after(slug)
    assert counted(done.due.plan) == expected.steps
    assert [(o.step.id, o.changed, o.remaining, o.failed) for o in done.outcomes] == [
        (step, count, 0, None) for step, count in expected.steps
    ]
    assert [shown(each) for each in done.standings] == [shown(s) for s in expected.told.values()]
    urls = (laid.folder / ".env").read_text()
    assert "sqlite" not in urls
