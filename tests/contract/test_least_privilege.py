"""The rights that `ombud bind --grants` prints are enough for every command, and no more is needed.

Method: a workspace whose map has rows to erase, to blank, to cut loose, in a circle, and going
along with their owner. An account is made with exactly what is printed; plan, hold, apply, sweep,
why and status are called with it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from contract.club import run
from crash.world import SYSTEMS, make, open_world, write
from ombud.cli import root
from ombud.systems import grants
from servers import Server


@pytest.fixture(params=["postgres", "postgres15", "mariadb"])
def server(request: pytest.FixtureRequest) -> Server:
    """Each kind of server that has accounts."""
    found = request.getfixturevalue(f"{request.param}_server")
    assert isinstance(found, Server)
    return found


@pytest.fixture
def account(server: Server) -> Iterator[str]:
    """A new account without any right; it goes after the test."""
    name = f"ombud_{secrets.token_hex(4)}"
    if server.kind == "mariadb":
        server.execute(f"CREATE USER {name}@localhost IDENTIFIED BY 'throw-away'")
    else:
        server.execute(f"CREATE ROLE {name} LOGIN")
    yield name
    server.execute(f"DROP USER {name}" + ("@localhost" if server.kind == "mariadb" else ""))


@pytest.fixture
def owned(server: Server, fresh_database: Callable[[str], str]) -> dict[str, str]:
    """System to the address of its database, as its owner."""
    return {system: fresh_database(server.kind) for system in SYSTEMS}


@pytest.fixture
def folder(server: Server, account: str, owned: dict[str, str], tmp_path: Path) -> Iterator[Path]:
    """A workspace whose databases are reached by the account, with what was printed for it."""
    folder = tmp_path / "work"
    make(folder, owned)
    with closing(open_world(folder)) as world:
        for system, connector in world.ombud.connectors.items():
            host = "@localhost" if server.kind == "mariadb" else ""
            live = replace(connector.live(), account=account + host)
            told = grants(world.ombud.systems, {system: live}, system)
            run(owned[system], *(line for line in told if not line.startswith("--")))
    own = {
        system: server.url(
            sa.make_url(url).database or "",
            account,
            "throw-away" if server.kind == "mariadb" else "",
        )
        for system, url in owned.items()
    }
    write(folder, own)
    yield folder
    if server.kind != "mariadb":
        for url in owned.values():
            run(url, f"DROP OWNED BY {account}")


def ombud(folder: Path, *words: str) -> str:
    """Run a command that has to end well, and return what it said."""
    done = CliRunner().invoke(root, ["-C", str(folder), *words])
    assert done.exit_code == 0, (words, done.output)
    return done.output


def test_what_is_printed_is_enough(folder: Path, server: Server) -> None:
    ombud(folder, "bind")
    plan = json.loads(ombud(folder, "plan", "--json"))
    assert {step["action"] for step in plan["steps"]} == {"erase", "blank"}
    ombud(folder, "why", "crm.members", "4")
    ombud(folder, "hold", "place", "--kind", "legal_claim", "--person", "email=m2@example.org",
          "--reason", "A claim", "--by", "Berit", "--review", "2090-01-01")  # fmt: skip
    said = ombud(folder, "apply", plan["digest"], "--by", "Berit")
    # PostgreSQL has a right for ANALYZE since 17; before, and on MariaDB, the owner has to do it.
    assert ("note: crm: Ombud's account may not ANALYZE" in said) == (server.kind != "postgres")
    ombud(folder, "status")
    ombud(folder, "sweep", "--full")
    with closing(open_world(folder)) as world:
        assert [row[0] for row in world.dump()["members"]] == [2, 4, 5, 6]
        assert [row[0] for row in world.dump()["pairs"]] == [4, 5]
        assert world.plan().steps == ()


def test_a_table_that_comes_later_is_seen(folder: Path, owned: dict[str, str]) -> None:
    """Its rows would go with their parents: MariaDB shows no table on which one has no right."""
    run(
        owned["crm"],
        "CREATE TABLE vouchers (id INTEGER PRIMARY KEY, member INTEGER NOT NULL,"
        " FOREIGN KEY (member) REFERENCES members (id) ON DELETE CASCADE)",
    )
    for command in ("bind", "plan"):
        done = CliRunner().invoke(root, ["-C", str(folder), command])
        assert "erases rows of `vouchers`, which is not on the map" in done.output, command
        assert done.exit_code != 0


def test_without_what_is_printed_nothing_is_changed(folder: Path) -> None:
    """Or the test above would show nothing: the account can do no more than it was given."""
    with closing(open_world(folder)) as world:
        url = world.urls["crm"]
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    refused = [
        "CREATE TABLE mine (id INTEGER)",
        "UPDATE members SET id = 99 WHERE id = 1",
        "INSERT INTO members (id) VALUES (99)",
        "DROP TABLE posts",
    ]
    for statement in refused:
        with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError):
            connection.exec_driver_sql(statement)
