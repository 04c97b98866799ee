"""Several connections share a batch: each changes its part, under the same rules as the first.

Method: batches of two rows and more are shared, and what each connection sends is written down.
What goes wrong is done to the part of one of them, and then the rows, the log and the next run are
looked at.
"""

from __future__ import annotations

import secrets
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future

import pytest
import sqlalchemy as sa

from contract.club import Club, Maker, dialect_of, engine_of
from contract.test_faults import KILL, meanwhile, somebody, wait_until_waiting
from contract.test_races import between
from ombud.connectors.sql import SqlConnector, beside
from ombud.connectors.sql.session import SqlSession
from ombud.errors import ConnectorFailed
from ombud.evidence.said import DONE, PARTLY, Counts, StepDone
from ombud.plan.hold import HoldScope
from ombud.systems.connector import Piece, Selection
from servers import Server

SHARED = pytest.mark.parametrize("kind", ["postgres", "postgres15", "mariadb"], indirect=True)
ROWS = 12
MAP = """
members:
  serves: {membership: {clocks: {left: gone}}}
  subjects: {person: {email: email}}
  columns: {name: name, email: email}
  not_personal: [id, gone]
"""
DDL = "CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(9), email VARCHAR(40), gone DATE)"


def member(number: int) -> str:
    """Return a member who is due, as a row."""
    return f"({number}, 'm{number}', 'm{number}@x', '2020-01-01')"


def members(count: int = ROWS) -> str:
    """Return the statement that makes so many members."""
    return f"INSERT INTO members VALUES {', '.join(map(member, range(1, count + 1)))}"


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let batches of two rows be shared."""
    monkeypatch.setattr(beside, "ROWS_MIN", 2)


def sent(connector: SqlConnector, beginning: str = "DELETE") -> Counter[int]:
    """Return how many statements of a beginning each connection sends from now on."""
    counted: Counter[int] = Counter()
    connector.live()
    engine = connector._engine
    assert engine is not None

    @sa.event.listens_for(engine, "before_cursor_execute")
    def told(connection: sa.Connection, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(beginning) and "members" in statement:
            counted[id(connection)] += 1

    return counted


def said(club: Club) -> Counts:
    """Return what the log says was changed of members, in all."""
    entries = club.log.entries((DONE, PARTLY), about="crm.members")
    return sum((StepDone.read(entry).new for entry in entries), Counts())


# ------------------------------------------------------------------ each takes a part


@SHARED
def test_each_connection_takes_a_part(make: Maker, url: str) -> None:
    club = make(url, MAP, DDL, members())
    counted = sent(club.connector)
    assert club.apply() == {"members erase": ROWS}
    assert sorted(counted.values()) == [1] * beside.AT_ONCE[dialect_of(url)]
    assert club.ids("members") == []
    assert said(club) == Counts(erased=ROWS)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_database_with_one_writer_has_one_connection(make: Maker, url: str) -> None:
    club = make(url, MAP, DDL, members())
    counted = sent(club.connector)
    assert club.apply() == {"members erase": ROWS}
    assert list(counted.values()) == [1]


@SHARED
def test_a_system_that_is_to_be_spared_has_one_connection(make: Maker, url: str) -> None:
    club = make(url, MAP, DDL, members(), head="rows_per_second: 100000")
    counted = sent(club.connector)
    assert club.apply() == {"members erase": ROWS}
    assert list(counted.values()) == [1]


@SHARED
@pytest.mark.parametrize(
    ("key", "value"),
    [
        pytest.param("VARCHAR(40)", "'{n} ''a'', \"b\" ~ %s :k0 {{NULL}}'", id="text"),
        pytest.param("<local>", "'2020-01-01 10:00:{n:02}'", id="moment"),
    ],
)
def test_keys_come_to_another_connection_as_they_are(
    make: Maker, url: str, key: str, value: str
) -> None:
    """Two columns of them: a text that has everything in it, and another type."""
    value = value.replace("~", "\\\\" if dialect_of(url) == "mariadb" else "\\")
    listed = ", ".join(
        f"({value.format(n=n)}, {n % 5}, 'x', '2020-01-01')" for n in range(1, ROWS + 1)
    )
    club = make(
        url,
        """
        members:
          key: [id, part]
          serves: {membership: {clocks: {left: gone}}}
          columns: {name: name}
          not_personal: [id, part, gone]
        """,
        f"CREATE TABLE members (id {key}, part INTEGER, name VARCHAR(9), gone DATE,"
        " PRIMARY KEY (id, part))",
        f"INSERT INTO members VALUES {listed}",
    )
    counted = sent(club.connector)
    assert club.apply() == {"members erase": ROWS}
    assert len(counted) == beside.AT_ONCE[dialect_of(url)]


@SHARED
def test_rows_are_blanked_side_by_side(make: Maker, url: str) -> None:
    """Two selections of one table, each copied by itself: whoever has no invoice is gone."""
    club = make(
        url,
        """
        members:
          serves: {membership: {clocks: {left: gone}}, invoices: {clocks: {posted: posted}}}
          columns: {name: name, email: email}
          not_personal: [id, gone, posted]
        """,
        "CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(9), email VARCHAR(40),"
        " gone DATE, posted DATE)",
        members(24).replace("members", "members (id, name, email, gone)", 1),
        "UPDATE members SET posted = CASE WHEN MOD(id, 2) = 0 THEN DATE '2024-01-01'"
        " ELSE DATE '2010-01-01' END",
    )
    erasing, blanking = sent(club.connector), sent(club.connector, "UPDATE")
    assert club.apply() == {"members erase": 12, "members blank email": 12}
    assert club.column("members", "email") == [None] * 12
    assert club.column("members", "name") == [f"m{n}" for n in range(2, 25, 2)]
    assert len(erasing) == len(blanking) == beside.AT_ONCE[dialect_of(url)]


# ------------------------------------------------------------------ under the same rules


@SHARED
@pytest.mark.parametrize("number", [1, ROWS // 2, ROWS])
def test_a_hold_that_came_after_the_survey_is_heeded_in_every_part(
    make: Maker, url: str, number: int
) -> None:
    club = make(url, MAP, DDL, members())
    counted = sent(club.connector)
    [outcome] = between(club, lambda: club.hold_person("email", f"M{number}@x"))
    assert (outcome.failed, outcome.changed, outcome.remaining) == (None, ROWS - 1, 0)
    assert club.ids("members") == [number]
    assert len(counted) == beside.AT_ONCE[dialect_of(url)]


@SHARED
def test_a_hold_between_two_batches_is_heeded_by_connections_that_are_open(
    make: Maker, url: str
) -> None:
    club = make(url, MAP, DDL, members())
    applier = club.applier()
    with club.connector.session() as session:
        watch = applier.watch(club.connector, session, club.timing)
        [counted] = session.survey()
        assert counted.count == ROWS
        first = session.piece(counted.selection, 0, ROWS // 2)
        assert first is not None
        assert session.change(counted.selection, first) == ROWS // 2
        club.hold(HoldScope(system="crm", table="members", keys=((str(ROWS),),)))
        watch.refresh()
        second = session.piece(counted.selection, first.upto, ROWS)
        assert second is not None
        assert session.change(counted.selection, second) == ROWS // 2 - 1
    assert club.ids("members") == [ROWS]


# ------------------------------------------------------------------ what goes wrong in a part


REFUSING = (
    "CREATE TABLE loans (id INTEGER PRIMARY KEY, who INTEGER NOT NULL,"
    " FOREIGN KEY (who) REFERENCES members (id))"
)


@SHARED
@pytest.mark.parametrize("refused", [1, ROWS])
def test_a_part_that_is_refused_leaves_the_others_counted(
    make: Maker, url: str, refused: int
) -> None:
    """A row that is not on the map refers to one that goes: that part stays, and is in no doubt."""
    club = make(url, MAP, DDL, members(), unbound=True)
    plan = club.plan()
    club.run(REFUSING, f"INSERT INTO loans VALUES (1, {refused})")
    club.connector.close()
    [outcome] = club.applier().apply(plan, club.timing)
    assert isinstance(outcome.failed, ConnectorFailed)
    assert "constraint" in str(outcome.failed)
    parts = beside.AT_ONCE[dialect_of(url)]
    left = club.ids("members")
    assert refused in left
    assert len(left) == ROWS // parts
    assert said(club) == Counts(erased=ROWS - len(left))
    club.run("DROP TABLE loans")
    assert club.apply(plan) == {"members erase": len(left)}
    assert said(club) == Counts(erased=ROWS)


@SHARED
def test_a_batch_whose_rows_cannot_be_copied_changes_nothing(
    make: Maker, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last copy fails when the others were made: no part may have begun."""
    club = make(url, MAP, DDL, members())
    made: list[object] = []
    real = SqlSession.copied

    def copied(self: SqlSession, selection: Selection, part: Piece) -> object:
        made.append(part)
        if len(made) == beside.AT_ONCE[dialect_of(url)] - 1:
            raise ConnectorFailed("crm", "cancelled a statement that took too long", answered=True)
        return real(self, selection, part)

    monkeypatch.setattr(SqlSession, "copied", copied)
    [outcome] = club.applier().apply(club.plan(), club.timing)
    assert outcome.failed is not None
    assert club.ids("members") == list(range(1, ROWS + 1))
    assert said(club) == Counts()


@SHARED
def test_what_is_in_the_way_of_a_part_is_met_by_the_first_connection(make: Maker, url: str) -> None:
    """And then it works alone for a batch."""
    club = make(url, MAP, DDL, members(48), lock_wait_s=1)
    counted = sent(club.connector)
    parts = beside.AT_ONCE[dialect_of(url)]
    with (
        club.session() as session,
        somebody(url, f"UPDATE members SET name = 'z' WHERE id = {ROWS}") as other,
        engine_of(url).connect() as looks,
    ):
        [found] = session.survey()
        rolled_back = threading.Event()

        @sa.event.listens_for(session.connection.engine, "handle_error")
        def told(context: object) -> None:
            rolled_back.set()

        def commit() -> None:
            assert rolled_back.wait(20)
            wait_until_waiting(looks)
            other.commit()

        def change(after: int) -> tuple[int, int]:
            before = counted.copy()
            piece = session.piece(found.selection, after, ROWS)
            assert piece is not None
            assert session.change(found.selection, piece) == ROWS
            return piece.upto, len(counted - before)

        with meanwhile(commit):
            after, by = change(0)
        assert by == parts
        after, by = change(after)
        assert by == 1
        after, by = change(after)
        assert by == parts
        change(after)
    assert club.ids("members") == []


WAITING = {
    "postgresql": "SELECT pid FROM pg_stat_activity WHERE application_name = 'ombud'"
    " AND datname = current_database() AND wait_event_type = 'Lock'",
    "mariadb": KILL["mariadb"],
}
ENDING = {"postgresql": "SELECT pg_terminate_backend({})", "mariadb": "KILL {}"}


@SHARED
def test_a_connection_that_is_cut_in_the_middle_of_its_part_leaves_the_batch_in_doubt(
    make: Maker, url: str
) -> None:
    """Nobody knows whether it had committed: the entry says so, and the next run does the rest."""
    club = make(url, MAP, DDL, members())
    plan = club.plan()
    with (
        somebody(url, f"UPDATE members SET name = 'z' WHERE id = {ROWS}") as other,
        engine_of(url).connect() as looks,
    ):

        def cut() -> None:
            wait_until_waiting(looks)
            [(number,)] = looks.exec_driver_sql(WAITING[dialect_of(url)]).all()
            looks.exec_driver_sql(ENDING[dialect_of(url)].format(number))
            other.rollback()

        with meanwhile(cut):
            [outcome] = club.applier().apply(plan, club.timing)
    assert isinstance(outcome.failed, ConnectorFailed)
    assert not outcome.failed.answered
    left = len(club.ids("members"))
    assert left == ROWS // beside.AT_ONCE[dialect_of(url)]
    assert said(club) == Counts(in_doubt=ROWS)
    assert club.apply(plan) == {"members erase": left}
    assert said(club) == Counts(erased=left, in_doubt=ROWS)


@SHARED
def test_a_person_who_interrupts_twice_waits_for_every_part(
    make: Maker, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock of the system is held for all of them, so none may be left at work without it."""
    club = make(url, MAP, DDL, members())
    real, asked = beside.wait, []

    def impatient(begun: list[Future[object]]) -> object:
        asked.append(begun)
        if len(asked) < 3:
            raise KeyboardInterrupt
        return real(begun)

    with (
        somebody(url, f"UPDATE members SET name = 'z' WHERE id = {ROWS}") as other,
        engine_of(url).connect() as looks,
        club.session() as session,
    ):
        [found] = session.survey()
        piece = session.piece(found.selection, 0, ROWS)
        assert piece is not None

        def commit() -> None:
            wait_until_waiting(looks)
            other.rollback()

        monkeypatch.setattr(beside, "wait", impatient)
        with meanwhile(commit), pytest.raises(KeyboardInterrupt):
            session.change(found.selection, piece)
        assert len(asked) == 3
        assert all(each.done() for each in asked[0])
    assert club.ids("members") == []


@SHARED
def test_a_connection_that_was_lost_between_two_batches_is_not_missed(
    make: Maker, url: str
) -> None:
    club = make(url, MAP, DDL, members(), lock_wait_s=1)
    counted = sent(club.connector)
    with club.session() as session, engine_of(url).connect() as looks:
        [found] = session.survey()
        piece = session.piece(found.selection, 0, ROWS // 2)
        assert piece is not None
        assert session.change(found.selection, piece) == ROWS // 2
        for other in session.beside._others:
            asked = "pg_backend_pid()" if dialect_of(url) == "postgresql" else "CONNECTION_ID()"
            number = other.session._count(sa.select(sa.text(asked)))
            looks.exec_driver_sql(ENDING[dialect_of(url)].format(number))
        counted.clear()
        rest = session.piece(found.selection, piece.upto, ROWS)
        assert rest is not None
        assert session.change(found.selection, rest) == ROWS // 2
        assert list(counted) == [id(session.connection)]
        assert session.remaining(found.selection) == 0
    assert club.ids("members") == []


@pytest.fixture
def lonely(kind: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """An account that may have one connection."""
    server = request.getfixturevalue(f"{kind}_server")
    assert isinstance(server, Server)
    name = f"ombud_{secrets.token_hex(4)}"
    account = f"USER {name}@localhost" if kind == "mariadb" else f"ROLE {name}"
    limit = "WITH MAX_USER_CONNECTIONS" if kind == "mariadb" else "LOGIN CONNECTION LIMIT"
    server.execute(f"CREATE {account} {limit} 1")
    yield name
    server.execute(f"DROP {account}")


@SHARED
def test_an_account_that_may_have_one_connection_works_alone(
    make: Maker, url: str, lonely: str
) -> None:
    club = make(url, MAP, DDL, members())
    plan, old = club.plan(), club.connector
    account = sa.make_url(url).set(username=lonely).render_as_string(hide_password=False)
    club.connectors["crm"] = SqlConnector(old.system, account, old.country, old.zone)
    if dialect_of(url) == "postgresql":
        club.run(f"GRANT SELECT, DELETE ON members TO {lonely}")
    else:
        club.run(f"GRANT ALL ON {sa.make_url(url).database}.* TO {lonely}@localhost")
    counted = sent(club.connectors["crm"])
    [outcome] = club.applier().apply(plan, club.timing)
    assert (outcome.failed, outcome.changed) == (None, ROWS)
    assert list(counted.values()) == [1]
    if dialect_of(url) == "postgresql":
        club.run(f"REVOKE ALL ON members FROM {lonely}")


@SHARED
def test_rows_that_refer_to_two_parts_go_once(make: Maker, url: str) -> None:
    """A message cascades from its sender and from who got it; the parts meet at it."""
    club = make(
        url,
        """
        members:
          serves: {membership: {clocks: {left: gone}}}
          columns: {name: name}
          not_personal: [id, gone]
        messages:
          belongs_to: {members: sender}
          refers_to: {receiver: {table: members, columns: receiver}}
          columns: {text: message}
          not_personal: [id, sender, receiver]
        """,
        "CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(9), gone DATE)",
        "CREATE TABLE messages (id INTEGER PRIMARY KEY, sender INTEGER, receiver INTEGER,"
        " text VARCHAR(9), FOREIGN KEY (sender) REFERENCES members (id) ON DELETE CASCADE,"
        " FOREIGN KEY (receiver) REFERENCES members (id) ON DELETE CASCADE)",
        "CREATE INDEX by_sender ON messages (sender)",
        "CREATE INDEX by_receiver ON messages (receiver)",
        "INSERT INTO members VALUES "
        + ", ".join(f"({n}, 'm', '2020-01-01')" for n in range(1, ROWS + 1)),
        "INSERT INTO messages VALUES "
        + ", ".join(f"({n}, {n}, {ROWS + 1 - n}, 'x')" for n in range(1, ROWS + 1)),
        unbound=True,
    )
    club.apply()
    assert club.ids("members") == club.ids("messages") == []
