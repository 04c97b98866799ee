"""Fixtures for every test: empty databases of each kind, and the run's own rules.

    def test_something(database_url): ...      once on SQLite, PostgreSQL 18 and MariaDB
    def test_something(postgres_url): ...      one kind only; also sqlite_url, mariadb_url,
                                               postgres15_url
    def test_something(fresh_database): ...    several: fresh_database("postgres")

Each URL is a string for SQLAlchemy and names an empty database that is dropped after the test.
"""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from servers import Missing, Run, Server

RUN_FOLDER = "OMBUD_TEST_RUN_FOLDER"
REQUIRE_ALL = os.environ.get("OMBUD_TEST_REQUIRE_ALL") == "1"
GATES_FAILED = os.environ.get("OMBUD_TEST_GATES_FAILED", "")

# A policy and its statements are thousands of small objects that live long: looked through as often
# as Python does by itself, they cost a tenth of the time.
gc.set_threshold(20_000, 20, 20)

# Examples in CI are the same each time, so that a red run can be repeated; at home they differ.
hypothesis.settings.register_profile("home", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("ci" if REQUIRE_ALL else "home")


# ------------------------------------------------------------------ the run

_run = pytest.StashKey[Run]()


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def pytest_configure(config: pytest.Config) -> None:
    """Begin the run's servers in the main process; its workers join them."""
    if _is_worker(config):
        config.stash[_run] = Run(Path(os.environ[RUN_FOLDER]))
    else:
        config.stash[_run] = Run.begin()
        os.environ[RUN_FOLDER] = str(config.stash[_run].folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers; when the main process is killed instead, they stop by themselves."""
    if not _is_worker(config) and _run in config.stash:
        config.stash[_run].end()


# ------------------------------------------------------------------ two workers end together

LONG = ("crash", "examples", "oracle/test_agreement", "web/test_browser")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each of two workers begin with half of the long tests, so that none ends alone with one.

    The workers' lists are the two halves of this one, and whoever is done takes of the other's.
    """
    places = tuple(str(Path(__file__).parent / each) for each in LONG)
    long = [i for i in items if str(i.path).startswith(places)]
    known = {*long}
    short = [i for i in items if i not in known]
    halves = [(each[: len(each) // 2], each[len(each) // 2 :]) for each in (long, short)]
    items[:] = [item for half in zip(*halves, strict=True) for part in half for item in part]


# ------------------------------------------------------------------ no skip in CI


def _skip_is_failure(report: pytest.TestReport | pytest.CollectReport) -> None:
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"OMBUD_TEST_REQUIRE_ALL=1 allows no skip. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """Turn a skip into a failure where everything must run."""
    report = yield
    _skip_is_failure(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    """Turn a skipped file into a failure where everything must run."""
    report = yield
    _skip_is_failure(report)
    return report


# ------------------------------------------------------------------ gates that ran before pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what axe found, and name the gates that failed; the closing line stays pytest's."""
    _tell_looks(terminalreporter)
    if GATES_FAILED:
        terminalreporter.section("gates failed", red=True)
        terminalreporter.line(f"{GATES_FAILED}; what they said stands above the tests")


def _tell_looks(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell of each page that a browser looked at what axe found, and its weight."""
    reports = [each for kind in ("passed", "failed") for each in terminalreporter.getreports(kind)]
    looks = sorted(
        value for each in reports for name, value in each.user_properties if name == "looked"
    )
    if looks:
        terminalreporter.section(
            "accessibility: axe, WCAG 2.2 A and AA, 320 and 1280, light and dark"
        )
    for page, found, unsure, weight in looks:
        terminalreporter.line(f"{found} found  {unsure} unsure  {weight / 1000:5.1f} kB  {page}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """End with 1 where a gate failed."""
    if GATES_FAILED and not _is_worker(session.config) and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


# ------------------------------------------------------------------ databases


def _server(config: pytest.Config, kind: str) -> Server:
    try:
        return config.stash[_run].server(kind)
    except Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> Server:
    """PostgreSQL 18, for tests that need roles or settings: `postgres_server.url(db, user)`."""
    return _server(pytestconfig, "postgres")


@pytest.fixture(scope="session")
def postgres15_server(pytestconfig: pytest.Config) -> Server:
    """PostgreSQL 15."""
    return _server(pytestconfig, "postgres15")


@pytest.fixture(scope="session")
def mariadb_server(pytestconfig: pytest.Config) -> Server:
    """MariaDB, for tests that need accounts: `mariadb_server.url(db, user, password)`."""
    return _server(pytestconfig, "mariadb")


@contextlib.contextmanager
def _databases(config: pytest.Config, folder: Path) -> Iterator[Callable[[str], str]]:
    with contextlib.ExitStack() as dropped:
        made = iter(range(1, 1000))

        def make(kind: str) -> str:
            if kind == "sqlite":
                return f"sqlite:///{folder}/database-{next(made)}.sqlite"
            return dropped.enter_context(_server(config, kind).fresh_database())

        yield make


@pytest.fixture
def fresh_database(pytestconfig: pytest.Config, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Make empty databases: `fresh_database("postgres")` gives a URL; all go after the test.

    Kinds: `sqlite`, `postgres`, `postgres15`, `mariadb`.
    """
    with _databases(pytestconfig, tmp_path) as make:
        yield make


@pytest.fixture(scope="module")
def lasting_database(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], str]]:
    """Make empty databases that last as long as the module's tests."""
    with _databases(pytestconfig, tmp_path_factory.mktemp("databases")) as make:
        yield make


@pytest.fixture
def sqlite_url(fresh_database: Callable[[str], str]) -> str:
    """An empty SQLite database."""
    return fresh_database("sqlite")


@pytest.fixture
def postgres_url(fresh_database: Callable[[str], str]) -> str:
    """An empty database on PostgreSQL 18."""
    return fresh_database("postgres")


@pytest.fixture
def postgres15_url(fresh_database: Callable[[str], str]) -> str:
    """An empty database on PostgreSQL 15."""
    return fresh_database("postgres15")


@pytest.fixture
def mariadb_url(fresh_database: Callable[[str], str]) -> str:
    """An empty database on MariaDB."""
    return fresh_database("mariadb")


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def database_url(request: pytest.FixtureRequest, fresh_database: Callable[[str], str]) -> str:
    """An empty database; the test runs once for each kind."""
    return fresh_database(request.param)
