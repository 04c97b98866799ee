"""The throw-away servers themselves.

Method: ask each database who it is, what zone and what rights it has; start small runs of pytest
in a process of their own, end them in every way, and look for what they left.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, exc, inspect, pool

from servers import MEMORY, Missing, Run, Server

TESTS = Path(__file__).resolve().parent.parent


def engine_of(url: str) -> Engine:
    """Return an engine that keeps no connection open."""
    return create_engine(url, poolclass=pool.NullPool, hide_parameters=True)


def one(connection: Connection, sql: str) -> object:
    """Return the single value of a statement."""
    return connection.exec_driver_sql(sql).scalar_one()


@pytest.mark.parametrize(
    ("kind", "sql", "begins"),
    [
        pytest.param("sqlite", "SELECT sqlite_version()", "3.", id="sqlite"),
        pytest.param("postgres", "SHOW server_version", "18.", id="postgres"),
        pytest.param("postgres15", "SHOW server_version", "15.", id="postgres15"),
        pytest.param("mariadb", "SELECT version()", "1", id="mariadb"),
    ],
)
def test_each_kind_is_the_version_it_says(
    kind: str, sql: str, begins: str, fresh_database: Callable[[str], str]
) -> None:
    with engine_of(fresh_database(kind)).connect() as connection:
        assert str(one(connection, sql)).startswith(begins)


def test_a_database_is_empty_and_can_be_written(database_url: str) -> None:
    engine = engine_of(database_url)
    assert inspect(engine).get_table_names() == []
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE member (id INTEGER PRIMARY KEY, name VARCHAR(40))")
        connection.exec_driver_sql("INSERT INTO member VALUES (1, 'Bjørg Åse')")
    with engine.connect() as connection:
        assert one(connection, "SELECT name FROM member") == "Bjørg Åse"


@pytest.mark.parametrize("kind", ["sqlite", "postgres", "mariadb"])
def test_two_databases_of_a_kind_are_two(kind: str, fresh_database: Callable[[str], str]) -> None:
    first, second = fresh_database(kind), fresh_database(kind)
    assert first != second
    with engine_of(first).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE member (id INTEGER)")
    assert inspect(engine_of(second)).get_table_names() == []


@pytest.mark.parametrize("server", ["postgres_server", "mariadb_server"])
def test_a_database_is_gone_afterwards_though_someone_is_in_it(
    server: str, request: pytest.FixtureRequest
) -> None:
    found: Server = request.getfixturevalue(server)
    with found.fresh_database() as url:
        left = engine_of(url).connect()
        one(left, "SELECT 1")
    with pytest.raises(exc.OperationalError):
        engine_of(url).connect()
    left.invalidate()


def test_postgres_has_roles_with_rights_of_their_own(
    postgres_server: Server, postgres_url: str
) -> None:
    postgres_server.execute("DROP ROLE IF EXISTS narrow", "CREATE ROLE narrow LOGIN")
    with engine_of(postgres_url).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE member (id INTEGER)")
        database = one(connection, "SELECT current_database()")
    narrow = engine_of(postgres_server.url(str(database), "narrow"))
    with pytest.raises(exc.ProgrammingError), narrow.connect() as connection:
        one(connection, "SELECT count(*) FROM member")
    postgres_server.execute("DROP ROLE narrow")


def test_mariadb_asks_for_the_password(mariadb_server: Server, mariadb_url: str) -> None:
    mariadb_server.execute(
        "DROP USER IF EXISTS narrow@localhost",
        "CREATE USER narrow@localhost IDENTIFIED BY 'pw'",
    )
    with pytest.raises(exc.OperationalError):
        engine_of(mariadb_server.url("mysql", "narrow", "wrong")).connect()
    with engine_of(
        mariadb_server.url("information_schema", "narrow", "pw")
    ).connect() as connection:
        assert str(one(connection, "SELECT current_user()")) == "narrow@localhost"
    with pytest.raises(exc.OperationalError):
        engine_of(mariadb_server.url("mysql", "narrow", "pw")).connect()
    mariadb_server.execute("DROP USER narrow@localhost")


@pytest.mark.parametrize(
    ("kind", "sql"),
    [
        pytest.param("postgres", "SHOW timezone", id="postgres"),
        pytest.param("mariadb", "SELECT @@global.time_zone", id="mariadb"),
    ],
)
def test_a_server_is_not_in_utc(kind: str, sql: str, fresh_database: Callable[[str], str]) -> None:
    with engine_of(fresh_database(kind)).connect() as connection:
        assert one(connection, sql) in {"Europe/Oslo", "+01:00"}


# ------------------------------------------------------------------ how runs end


@contextlib.contextmanager
def run_of_pytest(folder: Path, test: str, **env: str) -> Iterator[subprocess.Popen[str]]:
    """Run pytest on one test file with our conftest, in a temporary folder of its own."""
    (folder / "temp").mkdir()
    (folder / "test_it.py").write_text(textwrap.dedent(test))
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OMBUD_")}
    # fmt: off
    with subprocess.Popen(
        [sys.executable, "-m", "pytest", "-p", "conftest", "-p", "no:cacheprovider", "-q",
         "-c", os.devnull, "--rootdir", str(folder), str(folder / "test_it.py")],
        cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**clean, "PYTHONPATH": str(TESTS), "TMPDIR": str(folder / "temp"), **env},
    ) as process:
        try:
            yield process
        finally:
            process.kill()
    # fmt: on


def processes_with(text: str) -> list[str]:
    """Return the command lines of processes that name a text."""
    listed = subprocess.run(["ps", "-wweo", "args"], capture_output=True, text=True, check=True)
    return [line for line in listed.stdout.splitlines() if text in line]


def wait_until(so: Callable[[], bool], max_s: float = 30) -> None:
    """Wait for other processes; fail after a while."""
    deadline = time.monotonic() + max_s
    while not so():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def data_in_memory(folder: Path) -> list[Path]:
    """Return the folders in memory of the run that a test left its URLs of."""
    names = set(
        re.findall(r"ombud-tests-\w+(?=/(?:postgres|mariadb))", (folder / "urls").read_text())
    )
    assert names
    return [MEMORY / name for name in names if (MEMORY / name).exists()]


ASKS_FOR_ALL = """
    import pathlib, time

    def test_it(fresh_database):
        urls = [fresh_database(kind) for kind in ("postgres", "mariadb")]
        pathlib.Path("urls").write_text("\\n".join(urls))
        {then}
"""


@pytest.fixture
def short_folder(request: pytest.FixtureRequest) -> Path:
    """A folder whose path is short enough for sockets and open to the servers' user."""
    run = Run.begin()
    request.addfinalizer(run.end)
    return run.folder


def test_a_run_leaves_nothing(short_folder: Path) -> None:
    with run_of_pytest(short_folder, ASKS_FOR_ALL.format(then="")) as run:
        output, _ = run.communicate(timeout=120)
    assert run.returncode == 0, output
    assert (short_folder / "urls").read_text().count("\n") == 1
    assert list((short_folder / "temp").glob("ombud-tests-*")) == []
    assert data_in_memory(short_folder) == []
    assert processes_with(f"{short_folder}/temp") == []


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_killed_leaves_nothing(short_folder: Path, sent: signal.Signals) -> None:
    with run_of_pytest(short_folder, ASKS_FOR_ALL.format(then="time.sleep(300)")) as run:
        wait_until(lambda: (short_folder / "urls").exists() or run.poll() is not None, 120)
        # a keeper and a server for each of the two kinds
        assert len(processes_with(f"{short_folder}/temp")) >= 4
        run.send_signal(sent)
        run.communicate(timeout=60)
    wait_until(lambda: processes_with(f"{short_folder}/temp") == [])
    wait_until(lambda: list((short_folder / "temp").glob("ombud-tests-*")) == [])
    wait_until(lambda: data_in_memory(short_folder) == [])


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells a process of its parent's end"
)
def test_a_server_goes_with_its_keeper(short_folder: Path) -> None:
    run = Run.begin()
    try:
        run.server("postgres")
        keeper = subprocess.run(
            ["pgrep", "-f", f"servers.py postgres {run.folder}"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert processes_with(f"directories={run.folder}/postgres")
        os.kill(int(keeper.stdout), signal.SIGKILL)
        wait_until(lambda: processes_with(f"directories={run.folder}/postgres") == [])
    finally:
        run.end()


# ------------------------------------------------------------------ a server that is not there

SKIPS = """
    import pytest

    def test_it():
        pytest.skip("no server")
"""


def test_a_missing_server_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run.begin()
    try:
        monkeypatch.setenv("PATH", "/nowhere")
        with pytest.raises(Missing, match="apt-get install"):
            run.server("mariadb")
    finally:
        run.end()


@pytest.mark.parametrize(
    ("required", "code", "says"),
    [
        pytest.param("0", 0, "1 skipped", id="skips-at-home"),
        pytest.param("1", 1, "allows no skip", id="fails-in-ci"),
    ],
)
def test_a_skip_is_a_failure_where_all_must_run(
    short_folder: Path, required: str, code: int, says: str
) -> None:
    with run_of_pytest(short_folder, SKIPS, OMBUD_TEST_REQUIRE_ALL=required) as run:
        output, _ = run.communicate(timeout=60)
    assert (run.returncode, says in output) == (code, True), output
