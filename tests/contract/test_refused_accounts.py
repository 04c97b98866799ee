"""A server that refuses Ombud is told apart from one that is not there, and keeps its secrets.

Method: real servers, with an account, password or database that is wrong; call `plan` and `status`
and read what is said.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pymysql
import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from cli.desk import Desk, a_desk
from ombud.cli import root
from ombud.connectors.sql.errors import failure
from servers import Server


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A workspace of the club, with a database of Ombud's own."""
    found = a_desk(tmp_path)
    found.ombud("init")
    return found


def refused(desk: Desk, url: str) -> str:
    """Return how a plan was refused; status says the same, and both keep to themselves."""
    env = {"CLUB_URL": url}
    plan, status = desk.ombud("plan", env=env), desk.ombud("status", env=env)
    assert plan.code == 4
    assert status.code == 4
    assert "CL-1  not provable" in status.out
    for said in (plan, status):
        assert said.err.startswith("error: system `club` ")
        assert "hunter2" not in said.out + said.err
        assert "Traceback" not in said.err
    return plan.err.splitlines()[0]


def with_password(url: str, password: str) -> str:
    """Return the URL with another password."""
    return make_url(url).set(password=password).render_as_string(hide_password=False)


def test_mariadb_refuses_a_wrong_password(mariadb_server: Server, desk: Desk) -> None:
    mariadb_server.execute(
        "DROP USER IF EXISTS desk@localhost",
        "CREATE USER desk@localhost IDENTIFIED BY 'hunter2'",
    )
    url = mariadb_server.url("mysql", "desk", "hunter2-wrong")
    assert refused(desk, url) == "error: system `club` refused the account or password (1045)"
    mariadb_server.execute("DROP USER desk@localhost")


def test_mariadb_has_no_such_database(mariadb_server: Server, desk: Desk) -> None:
    mariadb_server.execute(
        "DROP USER IF EXISTS desk2@localhost",
        "CREATE USER desk2@localhost IDENTIFIED BY 'hunter2'",
    )
    url = mariadb_server.url("nowhere", "desk2", "hunter2")
    assert refused(desk, url).startswith("error: system `club` refused the account: it has no")
    mariadb_server.execute("DROP USER desk2@localhost")


def test_postgres_refuses_an_account_it_does_not_know(postgres_server: Server, desk: Desk) -> None:
    url = with_password(postgres_server.url("postgres", "nobody_at_all"), "hunter2")
    assert "refused the" in refused(desk, url)


def test_postgres_has_no_such_database(postgres_server: Server, desk: Desk) -> None:
    said = refused(desk, postgres_server.url("nowhere"))
    assert said.endswith("does not answer, or refused the connection"), "the driver tells no more"


def test_a_superuser_is_refused_unless_it_is_allowed(postgres_url: str, desk: Desk) -> None:
    env = {"CLUB_URL": postgres_url}
    said = desk.ombud("plan", env=env)
    assert (said.code, "error[Z60]" in said.out) == (3, True)
    allowed = desk.ombud("bind", "--allow-superuser", env=env)
    assert "Z60" not in allowed.out


@pytest.mark.parametrize(
    ("number", "sqlstate", "transient"),
    [
        pytest.param(1205, "HY000", True, id="lock-wait"),
        pytest.param(1213, "40001", True, id="deadlock"),
        pytest.param(2013, "HY000", True, id="connection-lost"),
        pytest.param(1045, "28000", False, id="password"),
        pytest.param(1064, "42000", False, id="syntax"),
    ],
)
def test_what_can_succeed_later_is_known_by_mariadbs_number(
    number: int, sqlstate: str, transient: bool
) -> None:
    original = pymysql.err.OperationalError(number, "Duplicate entry 'kari@example.org'")
    original.sqlstate = sqlstate
    found = failure("club", DBAPIError("SELECT 1", None, original))
    assert found.transient is transient
    assert "kari" not in str(found)


@pytest.mark.parametrize("kind", ["postgres", "mariadb"])
def test_a_missing_right_names_the_command_that_says_which(
    kind: str, fresh_database: Callable[[str], str], request: pytest.FixtureRequest, desk: Desk
) -> None:
    """What `bind --grants ACCOUNT` prints is enough for `plan`, and for an account to come."""
    server: Server = request.getfixturevalue(f"{kind}_server")
    url = fresh_database(kind)
    name = str(make_url(url).database)
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(20), email VARCHAR(40),"
            " phone VARCHAR(20), left_on DATE)"
        )
    if kind == "postgres":
        account = f"narrow_{name}"
        server.execute(f"CREATE ROLE {account} LOGIN")
        narrow = {"CLUB_URL": server.url(name, account)}
        end = (f"DROP OWNED BY {account}", f"DROP ROLE {account}")
    else:
        account = "narrow@localhost"
        server.execute(
            f"CREATE USER {account} IDENTIFIED BY 'pw'", f"GRANT SELECT ON {name}.* TO {account}"
        )
        narrow = {"CLUB_URL": server.url(name, "narrow", "pw")}
        end = (f"DROP USER {account}",)
    try:
        before = desk.ombud("plan", env=narrow)
        assert before.code == 4
        assert "`ombud bind --grants`" in before.err
        written = desk.ombud(
            "bind", "--grants", account, "--allow-superuser", env={"CLUB_URL": url}
        )
        assert written.code == 0, written.err
        with engine.begin() as connection:
            for line in written.out.splitlines():
                if not line.startswith("--"):
                    connection.exec_driver_sql(line.partition(";")[0])
        after = desk.ombud("plan", env=narrow)
        assert (after.code, after.err) == (0, ""), after.out
    finally:
        with engine.begin() as connection:
            for statement in end:
                connection.exec_driver_sql(statement)


def test_the_command_that_the_demo_names_works_for_its_administrator(
    postgres_server: Server, tmp_path: Path
) -> None:
    home, on = tmp_path / "demo", ("--systems-on", postgres_server.url())
    made = CliRunner().invoke(
        root,
        ("demo", "--only", "consultancy", "--rows", "300", *on, "--setup-only", str(home)),
    )
    assert made.exit_code == 0, made.output
    named = made.output.splitlines()[-1].removeprefix("look around: ombud ").split()
    done = CliRunner().invoke(root, named)
    assert done.exit_code == 0, done.output
    assert "nothing was changed" in done.output


def test_the_demo_takes_an_address_that_names_no_driver(
    mariadb_server: Server, tmp_path: Path
) -> None:
    plain = mariadb_server.url().replace("+pymysql", "")
    words = ("--systems-on", plain, "--setup-only", str(tmp_path / "demo"))
    done = CliRunner().invoke(root, ("demo", "--only", "consultancy", "--rows", "300", *words))
    assert done.exit_code == 0, done.output


def test_the_demo_says_which_drivers_there_are(tmp_path: Path) -> None:
    on = ("--systems-on", "postgresql+psycopg2://me:secret@localhost/x")
    done = CliRunner().invoke(root, ("demo", *on, "--setup-only", str(tmp_path / "demo")))
    assert done.exit_code == 4
    assert "has an address whose driver is not installed" in done.output
    assert "secret" not in done.output
