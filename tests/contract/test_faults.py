"""What goes wrong in databases: each ends in one error in Ombud's words, nothing half done.

Method: bring each fault about for real, with a second connection or a server's own settings; look
at the error and at everything that hangs on it, at what was changed, and at the next run.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from contract.club import Club, Maker, dialect_of, engine_of, run, step_of
from ombud.connectors.sql import SqlConnector, session
from ombud.errors import ConnectorFailed, OmbudError
from servers import Server

SECRET = "kari.secret.9437"
MAP = """
members:
  key: email
  serves: {membership: {clocks: {left: gone}}}
  columns: {name: name}
  not_personal: [email, gone]
fees:
  serves: {membership: {clocks: {left: gone}}}
  columns: {name: name}
  not_personal: [id, gone]
"""
DDL = f"""
CREATE TABLE members (email VARCHAR(60) PRIMARY KEY, name VARCHAR(60), gone DATE);
CREATE TABLE fees (id INTEGER PRIMARY KEY, name VARCHAR(60), gone DATE);
INSERT INTO members VALUES ('{SECRET}', '{SECRET}', '2020-01-01'), ('b', 'x', '2020-01-01');
INSERT INTO fees VALUES (1, 'x', '2020-01-01'), (2, 'x', '2020-01-01')
"""


def everything_of(error: BaseException | None) -> Iterator[str]:
    """Yield every text that an error, or one that hangs on it, can show."""
    while error is not None:
        yield from (str(error), repr(error), repr(error.args), repr(vars(error)))
        yield from getattr(error, "__notes__", ())
        yield "".join(traceback.format_exception(error))
        yield from everything_of(error.__cause__)
        orig = getattr(error, "orig", None)
        if orig is not None:
            yield from everything_of(orig)
        error = error.__context__


def says_nothing(error: BaseException | None, *secrets: str) -> None:
    """Check that no text around an error holds a value."""
    assert error is not None
    texts = list(everything_of(error))
    for secret in (SECRET, *secrets):
        assert not [t for t in texts if secret in t], f"the error tells {secret}"


def failed(club: Club, step: str = "members erase") -> OmbudError:
    """Apply what is due, and return why a step failed."""
    outcomes = club.applier().apply(club.plan(), club.timing)
    found = step_of(outcomes, step).failed
    assert found is not None
    return found


# ------------------------------------------------------------------ what drivers tell


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_a_constraint_that_tells_a_value_tells_it_to_nobody(
    make_club: Callable[..., Club], caplog: pytest.LogCaptureFixture
) -> None:
    """PostgreSQL's own text is `Key (email)=(kari...) is still referenced from table "loans"`."""
    club = make_club(
        MAP,
        DDL,
        "CREATE TABLE loans (id INTEGER PRIMARY KEY, who VARCHAR(60) NOT NULL,"
        " FOREIGN KEY (who) REFERENCES members (email));\n"
        f"INSERT INTO loans VALUES (1, '{SECRET}')",
        unbound=True,
    )
    caplog.set_level(logging.DEBUG)
    error = failed(club)
    assert isinstance(error, ConnectorFailed)
    assert "constraint" in str(error)
    assert not error.transient
    says_nothing(error)
    assert SECRET not in caplog.text
    assert sorted(club.ids("members")) == ["b", SECRET]
    assert club.ids("fees") == []


RAISING = {
    "postgresql": [
        "CREATE FUNCTION no() RETURNS trigger AS $$ BEGIN"
        " RAISE EXCEPTION 'never erase %', OLD.name USING ERRCODE = '22000'; END $$"
        " LANGUAGE plpgsql",
        "CREATE TRIGGER no BEFORE DELETE ON members FOR EACH ROW EXECUTE FUNCTION no()",
    ],
    "mariadb": [
        "CREATE TRIGGER no BEFORE DELETE ON members FOR EACH ROW BEGIN"
        " DECLARE said VARCHAR(100) DEFAULT CONCAT('never erase ', OLD.name);"
        " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = said; END"
    ],
    "sqlite": [
        "CREATE TRIGGER no BEFORE DELETE ON members BEGIN"
        f" SELECT RAISE(ABORT, 'never erase {SECRET}'); END"
    ],
}


def test_a_trigger_that_refuses_is_heeded_and_not_quoted(
    make: Maker, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    club = make(url, MAP, DDL, *RAISING[dialect_of(url)])
    caplog.set_level(logging.DEBUG)
    error = failed(club)
    says_nothing(error)
    assert "never erase" not in str(error)
    assert SECRET not in caplog.text
    assert len(club.ids("members")) == 2
    assert club.ids("fees") == []


def test_nothing_in_the_log_of_a_failed_run_is_a_value(make: Maker, url: str) -> None:
    club = make(url, MAP, DDL, *RAISING[dialect_of(url)])
    failed(club)
    for entry in club.log.entries():
        assert SECRET not in repr(entry)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_text_that_is_none_is_not_quoted(make: Maker, url: str) -> None:
    """sqlite3's own text is `Could not decode to UTF-8 column 'email' with text 'kari...'`."""
    wrong = f"CAST(x'ff' || '{SECRET}' AS TEXT)"
    club = make(url, MAP, DDL, f"UPDATE members SET email = {wrong} WHERE email <> 'b'")
    club.checked = False
    with pytest.raises(ConnectorFailed) as caught, club.session() as session:
        [counted, _] = session.survey()
        session.keys(counted.selection, None, 10)
    says_nothing(caught.value)


# ------------------------------------------------------------------ no way in


def connector(club: Club, url: str) -> SqlConnector:
    """Return the club's connector with another URL."""
    old = club.connector
    return SqlConnector(old.system, url, old.country, old.zone)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:////nowhere/{secret}/x.db", "no such file"),
        ("postgresql+psycopg://me:{secret}@127.0.0.1:1/x", "does not answer"),
        ("mariadb+pymysql://me:{secret}@127.0.0.1:1/x", "does not answer"),
        ("mysql+mysqldb://me:{secret}@127.0.0.1:1/x", "driver is not installed"),
        ("mongodb://me:{secret}@127.0.0.1/x", "no installed driver|not one of a database"),
        ("not a url {secret}", "not one of a database"),
        ("", "not one of a database"),
        ("postgresql+psycopg://me:{secret}@127.0.0.1:port/x", "not one of a database"),
    ],
)
def test_an_address_that_leads_nowhere(make: Maker, sqlite_url: str, url: str, says: str) -> None:
    club = make(sqlite_url, MAP, DDL)
    with pytest.raises(ConnectorFailed, match=says) as caught:
        connector(club, url.format(secret=SECRET)).live()
    says_nothing(caught.value, SECRET)
    assert caught.value.help


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_file_that_is_no_database(make: Maker, url: str, tmp_path: Path) -> None:
    club = make(url, MAP, DDL)
    (tmp_path / "text.db").write_text(f"{SECRET} " * 1000)
    with pytest.raises(ConnectorFailed, match="not a SQLite database") as caught:
        connector(club, f"sqlite:///{tmp_path}/text.db").live()
    says_nothing(caught.value)


@pytest.mark.parametrize("kind", ["mariadb", "postgres"], indirect=True)
def test_an_account_that_is_none(make: Maker, url: str) -> None:
    club = make(url, MAP, DDL)
    wrong = sa.make_url(url).set(username="nobody_9", password=SECRET)
    with pytest.raises(ConnectorFailed, match=r"refused the (account|connection)") as caught:
        connector(club, wrong.render_as_string(hide_password=False)).live()
    says_nothing(caught.value)
    missing = sa.make_url(url).set(database="no_such_database_9")
    with pytest.raises(ConnectorFailed, match=r"no such database|refused the connection"):
        connector(club, missing.render_as_string(hide_password=False)).live()


def test_a_table_that_went_is_told(make_club: Callable[..., Club]) -> None:
    club = make_club(MAP, DDL)
    plan = club.plan()
    club.run("DROP TABLE members")
    with pytest.raises(ConnectorFailed, match="refused a statement"):
        raise step_of(club.applier().apply(plan, club.timing), "members erase").failed  # type: ignore[misc]


# ------------------------------------------------------------------ locks


@contextmanager
def somebody(url: str, *statements: str) -> Iterator[sa.Connection]:
    """Keep a transaction open that ran these statements."""
    engine = engine_of(url)
    with engine.connect() as connection:
        if dialect_of(url) == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        for statement in statements:
            connection.exec_driver_sql(statement)
        try:
            yield connection
        finally:
            connection.rollback()


@pytest.mark.parametrize("kind", ["postgres", "postgres15", "mariadb"], indirect=True)
def test_a_row_that_somebody_works_on_stops_its_step_alone(make: Maker, url: str) -> None:
    club = make(url, MAP, DDL, lock_wait_s=0)
    plan = club.plan()
    with somebody(url, "UPDATE members SET name = 'y' WHERE email = 'b'"):
        outcomes = club.applier().apply(plan, club.timing)
        error = step_of(outcomes, "members erase").failed
        assert isinstance(error, ConnectorFailed)
        assert error.transient
        assert "lock" in str(error)
        assert step_of(outcomes, "fees erase").failed is None
    assert club.ids("fees") == []
    assert len(club.ids("members")) == 2
    assert club.apply(plan) == {"members erase": 2, "fees erase": 0}
    assert club.ids("members") == []


@pytest.mark.parametrize("kind", ["postgres", "mariadb"], indirect=True)
def test_a_table_that_somebody_changes_is_not_waited_for_for_ever(make: Maker, url: str) -> None:
    club = make(url, MAP, DDL, lock_wait_s=0)
    plan = club.plan()
    lock = "LOCK TABLES members WRITE" if dialect_of(url) == "mariadb" else "LOCK TABLE members"
    began = time.monotonic()
    with somebody(url, lock) as other:
        error = step_of(club.applier().apply(plan, club.timing), "members erase").failed
        assert isinstance(error, ConnectorFailed)
        assert error.transient
        if dialect_of(url) == "mariadb":
            other.exec_driver_sql("UNLOCK TABLES")
    assert time.monotonic() - began < 30
    assert club.apply(plan)["members erase"] == 2


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_file_that_somebody_writes_to(make: Maker, url: str) -> None:
    club = make(url, MAP, DDL, lock_wait_s=0)
    plan = club.plan()
    with somebody(url, "UPDATE members SET name = 'y'"):
        for outcome in club.applier().apply(plan, club.timing):
            assert isinstance(outcome.failed, ConnectorFailed)
            assert outcome.failed.transient
    assert club.apply(plan) == {"members erase": 2, "fees erase": 2}


WAITING = {
    "postgresql": "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'ombud'"
    " AND wait_event_type = 'Lock' AND datname = current_database()",
    "mariadb": "SELECT count(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'",
}


def wait_until_waiting(connection: sa.Connection) -> None:
    """Wait until Ombud waits for a lock."""
    deadline = time.monotonic() + 20
    asked = WAITING[connection.dialect.name if connection.dialect.name != "mysql" else "mariadb"]
    while not connection.exec_driver_sql(asked).scalar():
        connection.rollback()
        assert time.monotonic() < deadline, "Ombud waits for nothing"
        time.sleep(0.12)  # InnoDB shows nothing new to who asks more often
    connection.rollback()


@contextmanager
def meanwhile(do: Callable[[], object]) -> Iterator[None]:
    """Run something beside the block; what it raises is raised after it."""
    raised: list[BaseException] = []

    def work() -> None:
        try:
            do()
        except BaseException as error:  # handed over
            raised.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        thread.join(60)
    assert not thread.is_alive()
    if raised:
        raise raised[0]


@pytest.mark.parametrize("kind", ["postgres", "postgres15", "mariadb"], indirect=True)
def test_two_that_wait_for_each_other(make: Maker, url: str) -> None:
    """The database ends Ombud's batch; it is tried again and comes through."""
    club = make(url, MAP.replace("key: email", "key: email"), DDL)
    club.run(
        *(f"INSERT INTO fees VALUES ({i}, 'x', '2020-01-01')" for i in range(3, 30)),
    )
    plan = club.plan()
    applied: list[Any] = []
    with somebody(url) as other, engine_of(url).connect() as looks:
        if dialect_of(url) == "postgresql":
            other.exec_driver_sql("SET deadlock_timeout = '30s'")  # so Ombud notices first
        other.exec_driver_sql("UPDATE fees SET name = 'y' WHERE id > 1")

        def give_way() -> None:
            wait_until_waiting(looks)
            other.exec_driver_sql("UPDATE fees SET name = 'y' WHERE id = 1")
            other.commit()

        with meanwhile(give_way):
            applied += club.applier().apply(plan, club.timing)
    assert [o.failed for o in applied] == [None, None]
    assert step_of(applied, "fees erase").changed == 29


SLOW = {
    "postgresql": [
        "CREATE FUNCTION slow() RETURNS trigger AS $$ BEGIN PERFORM pg_sleep(20); RETURN OLD; END"
        " $$ LANGUAGE plpgsql",
        "CREATE TRIGGER slow BEFORE DELETE ON members FOR EACH ROW EXECUTE FUNCTION slow()",
    ],
    "mariadb": ["CREATE TRIGGER slow BEFORE DELETE ON members FOR EACH ROW SET @slept = SLEEP(20)"],
}


@pytest.mark.parametrize("kind", ["postgres", "mariadb"], indirect=True)
def test_a_statement_that_takes_too_long(make: Maker, url: str) -> None:
    club = make(url, MAP, DDL, *SLOW[dialect_of(url)], statement_s=0.2)
    began = time.monotonic()
    error = failed(club)
    assert isinstance(error, ConnectorFailed)
    assert error.transient
    assert "too long" in str(error)
    assert time.monotonic() - began < 15
    assert len(club.ids("members")) == 2
    assert club.ids("fees") == []


# ------------------------------------------------------------------ a connection that is cut

KILL = {
    "postgresql": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE application_name = 'ombud' AND datname = current_database()",
    "mariadb": "SELECT id FROM information_schema.processlist WHERE db = DATABASE()"
    " AND id <> CONNECTION_ID() AND info LIKE 'DELETE%%'",
}


@pytest.mark.parametrize("kind", ["postgres", "postgres15", "mariadb"], indirect=True)
def test_a_connection_that_is_cut_in_the_middle_of_a_batch(make: Maker, url: str) -> None:
    club = make(url, MAP, DDL)
    plan = club.plan()
    applied: list[Any] = []
    with (
        somebody(url, "UPDATE members SET name = 'y' WHERE email = 'b'"),
        engine_of(url).connect() as looks,
    ):

        def kill() -> None:
            hit: list[Any] = []
            while not hit:  # between two tries it waits for nothing
                wait_until_waiting(looks)
                hit += looks.exec_driver_sql(KILL[dialect_of(url)]).all()
            for (number,) in hit if dialect_of(url) == "mariadb" else ():
                looks.exec_driver_sql(f"KILL {number}")

        with meanwhile(kill):
            applied += club.applier().apply(plan, club.timing)
    for name in ("members erase", "fees erase"):
        error = step_of(applied, name).failed
        assert isinstance(error, ConnectorFailed)
        assert error.transient, error
        assert "connection" in str(error) or "shutting down" in str(error)
        says_nothing(error)
    assert len(club.ids("members")) == 2
    assert club.apply(plan) == {"members erase": 2, "fees erase": 2}


# ------------------------------------------------------------------ no room


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_disk_that_is_full(make: Maker, url: str) -> None:
    """Placeholders that are longer than what they replace need room; the batch is undone."""
    club = make(
        url,
        """
        members:
          serves: {membership: {clocks: {left: gone}}, visits: {clocks: {seen: seen}}}
          columns: {name: name, note: {holds: usage, blank: {value: "%s"}}}
          not_personal: [id, gone, seen]
        """ % ("x" * 400),
        "CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(9), note TEXT, gone DATE,"
        " seen DATE)",
        *("INSERT INTO members VALUES "
          + ", ".join(f"({i}, 'a', 'b', NULL, '2020-01-01')" for i in range(n, n + 500))
          for n in range(0, 2000, 500)),
    )  # fmt: skip
    club.checked = False
    pages = club.ask("PRAGMA page_count")[0][0]

    def small(connection: sqlite3.Connection, record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages + 20}")

    plan = club.plan()
    sa.event.listen(sa.Engine, "connect", small)
    try:
        error = failed(club, "members replace note")
    finally:
        sa.event.remove(sa.Engine, "connect", small)
    assert isinstance(error, ConnectorFailed)
    assert "disk" in str(error)
    [outcome] = club.applier().apply(plan, club.timing)
    assert (outcome.failed, outcome.remaining) == (None, 0)
    assert club.ask("SELECT count(*) FROM members WHERE note <> 'b'") == [(2000,)]


# ------------------------------------------------------------------ no right to change


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_file_that_may_only_be_read(make: Maker, url: str, tmp_path: Path) -> None:
    club = make(url, MAP, DDL)
    path = url.removeprefix("sqlite:///")
    reader = connector(club, f"sqlite:///file:{path}?mode=ro&uri=true")
    plan = club.plan()
    club.connectors["crm"] = reader
    assert club.plan() == plan
    for outcome in club.applier().apply(plan, club.timing):
        assert isinstance(outcome.failed, ConnectorFailed)
        assert "allows no changes" in str(outcome.failed)
        assert not outcome.failed.transient


@pytest.mark.parametrize("kind", ["postgres", "postgres15"], indirect=True)
def test_a_connection_that_somebody_had_before(
    make: Maker, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pooler gives it on: it had temporary tables, and what they may take stays as it was."""
    club, taken, opened = make(url, MAP, DDL), [], session.open_engine

    def had_before(*asked: Any) -> sa.Engine:  # noqa: ANN401 as the real one takes them
        engine = opened(*asked)

        @sa.event.listens_for(engine, "connect", insert=True)
        def before(connection: Any, record: object) -> None:  # noqa: ANN401 the driver's own
            connection.execute("CREATE TEMPORARY TABLE t AS SELECT 1 AS one; SELECT * FROM t")
            connection.commit()
            taken.append("a connection")

        return engine

    club.connector.close()
    monkeypatch.setattr(session, "open_engine", had_before)
    assert club.apply() == {"members erase": 2, "fees erase": 2}
    assert taken


@pytest.mark.parametrize("kind", ["postgres", "postgres15"], indirect=True)
def test_a_database_that_may_only_be_read(make: Maker, url: str) -> None:
    club = make(url, MAP, DDL)
    plan = club.plan()
    database = sa.make_url(url).database
    run(url, f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    for outcome in club.applier().apply(plan, club.timing):
        assert "allows no changes" in str(outcome.failed)
        assert not outcome.failed.transient  # type: ignore[union-attr]


def test_a_mariadb_server_that_may_only_be_read(
    make: Maker, mariadb_url: str, mariadb_server: Server
) -> None:
    club = make(mariadb_url, MAP, DDL)
    plan = club.plan()
    name = sa.make_url(mariadb_url).database
    mariadb_server.execute(
        "CREATE USER reader@localhost IDENTIFIED BY 'pw'",
        f"GRANT SELECT, DELETE, CREATE TEMPORARY TABLES ON {name}.* TO reader@localhost",
        "SET GLOBAL read_only = 1",
    )
    try:
        club.connectors["crm"] = connector(club, mariadb_server.url(str(name), "reader", "pw"))
        for outcome in club.applier().apply(plan, club.timing):
            assert "allows no changes" in str(outcome.failed)
    finally:
        mariadb_server.execute("SET GLOBAL read_only = 0", "DROP USER reader@localhost")
    assert len(club.ids("members")) == 2


# ------------------------------------------------------------------ TLS


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("postgresql+psycopg://me@db.holme.example/x?sslmode=verify-full&sslrootcert=/ca.pem",
         {"sslmode": "verify-full", "sslrootcert": "/ca.pem"}),
        ("mariadb+pymysql://me@db.holme.example/x?ssl_ca=/ca.pem&ssl_check_hostname=true",
         {"ca": "/ca.pem"}),
    ],
)  # fmt: skip
def test_what_a_url_says_of_tls_reaches_the_driver(url: str, options: dict[str, str]) -> None:
    parsed = sa.make_url(url)
    _, given = parsed.get_dialect()().create_connect_args(parsed)
    found = given.get("ssl", given)
    assert {name: found[name] for name in options} == options
