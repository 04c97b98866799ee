"""What is read back after a batch: rows that went along, rows that stay, keys nobody enforces.

Method: survey, change something from outside, carry out the batch, read back; in PostgreSQL also
while the batch waits for somebody's lock.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from contract.club import Club, Maker, dialect_of, engine_of, named, run
from contract.test_faults import meanwhile, somebody, wait_until_waiting
from ombud.connectors.sql import readback
from ombud.connectors.sql.session import SqlSession
from ombud.systems.connector import Counted, Piece, Selection

MAP = """
members:
  serves: {membership: {clocks: {left: gone}}}
  subjects: {person: {email: email}}
  columns: {name: name, email: email}
  not_personal: [id, gone]
fees:
  belongs_to: {members: member}
  columns: {text: note}
  not_personal: [id, member]
"""
DDL = """
CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(50), email VARCHAR(50), gone DATE);
CREATE TABLE fees (id INTEGER PRIMARY KEY, member INTEGER NOT NULL, text VARCHAR(50),
  FOREIGN KEY (member) REFERENCES members (id) ON DELETE CASCADE);
CREATE INDEX fees_member ON fees (member);
INSERT INTO members VALUES (1, 'a', 'kari@holme.example', '2020-01-01'),
  (2, 'b', 'ola@holme.example', '2020-01-01'), (3, 'c', 'per@holme.example', NULL);
INSERT INTO fees VALUES (1, 1, 'x'), (2, 1, 'x'), (3, 2, 'x'), (4, 3, 'x')
"""


def surveyed(found: list[Counted]) -> dict[str, Counted]:
    return {named(c.selection): c for c in found}


def test_rows_that_went_along_are_told_from_those_whose_owner_stayed(
    make_club: Callable[..., Club],
) -> None:
    club = make_club(MAP, DDL)
    with club.session() as session:
        found = surveyed(session.survey())
        assert {name: c.count for name, c in found.items()} == {
            "members erase": 2,
            "fees erase": 3,
        }
        members, fees = found["members erase"].selection, found["fees erase"].selection
        assert fees.with_owner == "members"
        assert (session.remaining(members), session.remaining(fees), session.present(fees)) == (
            2, 3, 3,
        )  # fmt: skip
        club.hold_person("email", "kari@holme.example")
        session.put(club.grounds())
        assert session.change(members, session.piece(members, 0, 100)) == 1
        assert (session.remaining(members), session.remaining(fees)) == (0, 0)
        assert session.present(fees) == 2
    assert club.ids("fees") == [1, 2, 4]


def test_what_is_proved_counts_the_rows_that_went(make_club: Callable[..., Club]) -> None:
    club = make_club(MAP, DDL)
    assert club.apply() == {"fees erase": 3, "members erase": 2}


@pytest.mark.parametrize(
    "off",
    [
        "ALTER TABLE members DISABLE TRIGGER ALL",
        "ALTER ROLE CURRENT_USER SET session_replication_role = replica",
    ],
    ids=["triggers", "replica"],
)
@pytest.mark.parametrize("kind", ["postgres15"])
def test_where_nobody_enforces_the_key_children_are_erased_by_themselves(
    make: Maker, url: str, off: str
) -> None:
    try:
        club = make(url, MAP, DDL, off)
        with club.session() as session:
            found = surveyed(session.survey())
        assert found["fees erase"].selection.with_owner == ""
        assert club.apply() == {"fees erase": 3, "members erase": 2}
    finally:
        run(url, "ALTER ROLE CURRENT_USER RESET session_replication_role")
    assert club.ids("fees") == [4]


@pytest.mark.parametrize("kind", ["postgres", "postgres15", "mariadb"])
@pytest.mark.parametrize(
    ("kept", "change"),
    [(True, "gone = NULL"), (False, "name = 'z'")],
    ids=["came-back", "changed"],
)
def test_a_row_that_changes_while_the_batch_waits_is_asked_in_its_newest_form(
    make: Maker, url: str, kept: bool, change: str
) -> None:
    club = make(url, MAP, DDL)
    with (
        club.session() as session,
        somebody(url, f"UPDATE members SET {change} WHERE id = 2") as other,
        engine_of(url).connect() as looks,
    ):
        members = surveyed(session.survey())["members erase"].selection
        piece = session.piece(members, 0, 100)

        def commit() -> None:
            wait_until_waiting(looks)
            other.commit()

        said: list[str] = []
        sa.event.listen(
            session.connection, "before_cursor_execute", lambda *told: said.append(told[2])
        )
        with meanwhile(commit):
            assert session.change(members, piece) == (1 if kept else 2)
        tried = sum(each.startswith(("DELETE FROM members", "DELETE members")) for each in said)
        assert tried == (2 if dialect_of(url) == "postgresql" else 1)
        # MariaDB's DELETE locks a row itself before it tests it
        locked = any("FOR UPDATE" in each for each in said)
        assert locked == (dialect_of(url) == "postgresql")
    assert club.ids("members") == ([2, 3] if kept else [3])


@pytest.mark.parametrize("kind", ["postgres"])
def test_postgres_locks_no_row_first_where_nobody_is_in_the_way(make: Maker, url: str) -> None:
    club = make(url, MAP, DDL)
    club.hold_person("email", "kari@holme.example")
    with club.session() as session:
        members = surveyed(session.survey())["members erase"].selection
        piece = session.piece(members, 0, 100)
        said: list[str] = []
        sa.event.listen(
            session.connection, "before_cursor_execute", lambda *told: said.append(told[2])
        )
        assert session.change(members, piece) == 1
    assert not any("FOR UPDATE" in each for each in said)
    assert any("REPEATABLE READ" in each for each in said)


def looked_at(session: SqlSession) -> int:
    """Return how many rows of members and index entries of theirs a server has read so far."""
    if session.live.dialect == "mariadb":
        asked = "SHOW SESSION STATUS LIKE 'Handler_read%%'"
        with session.connection.begin():
            return sum(int(row[1]) for row in session.connection.exec_driver_sql(asked))
    with session.connection.begin():
        session.connection.exec_driver_sql("SELECT pg_stat_force_next_flush()")
    with session.connection.begin():
        return int(
            session.connection.exec_driver_sql(
                "SELECT (SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'members')"
                " + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'members')"
            ).scalar_one()
        )


@pytest.mark.parametrize("kind", ["postgres", "postgres15", "mariadb"])
@pytest.mark.parametrize("held", [False, True])
def test_a_batch_looks_at_no_more_rows_than_it_changes(make: Maker, url: str, held: bool) -> None:
    """Not at its table from end to end: batch by batch that would be the square of the table."""
    club = make(url, MAP, DDL)
    rows = (
        (n, f"'{n}@holme.example'", "NULL" if n % 8 else "'2020-01-01'") for n in range(9, 20_000)
    )
    club.run(f"INSERT INTO members VALUES {', '.join(f'({n}, {n}, {m}, {g})' for n, m, g in rows)}")
    club.run("ANALYZE TABLE members" if dialect_of(url) == "mariadb" else "ANALYZE members")
    if held:
        club.hold_person("email", "kari@holme.example")
    with club.session() as session:
        members = surveyed(session.survey())["members erase"].selection
        for tried in range(2):
            piece = session.piece(members, 600 * tried, 600)
            before = looked_at(session)
            session.change(members, piece)
            looked = looked_at(session) - before
            assert looked < 600 * 22  # MariaDB counts its work table and each index, too


def test_nothing_is_proved_where_a_hold_on_a_row_that_was_to_go_along_came_in_between(
    make_club: Callable[..., Club],
) -> None:
    club = make_club(MAP, DDL)
    with club.session() as session:
        found = surveyed(session.survey())
        members, fees = found["members erase"].selection, found["fees erase"].selection
        club.hold_rows("fees", ("1",))
        session.put(club.grounds())
        session.change(members, session.piece(members, 0, 100))
        assert session.remaining(members) >= 1
        assert session.remaining(fees) >= 1
    assert set(club.ids("fees")) >= {1, 2}
    club.apply()
    assert club.ids("fees") == [1, 4]
    assert club.ids("members") == [1, 3]


def test_postgres_waits_for_the_disk_also_where_a_database_does_not(
    make: Maker, postgres_url: str
) -> None:
    """Else a row whose erasure is proved could be back after a crash.

    Law: GDPR Art. 5(2) and 32(1)(b).
    """
    name = sa.make_url(postgres_url).database
    run(postgres_url, f"ALTER DATABASE {name} SET synchronous_commit = off")
    club = make(postgres_url, MAP, DDL)
    with engine_of(postgres_url).connect() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "off"
    with club.session() as session:
        assert session.connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"


def test_a_row_that_came_back_is_found_also_beyond_a_piece(
    make_club: Callable[..., Club], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read-back asks in pieces of the work table, and each row is in one of them."""
    monkeypatch.setattr(readback, "_ASKED_AT_ONCE", 2)
    club = make_club(MAP, DDL)
    for back in (1, 10, 13, 16):
        run(club.url, "DELETE FROM members WHERE id >= 10 OR id = 1")
        came = {n: f"({n}, 'm', 'm{n}@holme.example', '2020-01-01')" for n in (1, *range(10, 17))}
        run(club.url, f"INSERT INTO members VALUES {', '.join(came.values())}")
        with club.session() as session:
            members = surveyed(session.survey())["members erase"].selection
            session.change(members, session.piece(members, 0, 100))
            assert session.remaining(members) == 0
            run(club.url, f"INSERT INTO members VALUES {came[back]}")
            assert session.remaining(members) == 1, back


def two_batches(session: SqlSession, *, first: bool) -> tuple[Selection, Piece, Piece]:
    """Carry out the second of two batches of a row each, and the first one where it is wanted."""
    members = surveyed(session.survey())["members erase"].selection
    one = session.piece(members, 0, 1)
    assert one is not None
    if first:
        assert session.change(members, one) == 1
    two = session.piece(members, one.upto, 1)
    assert two is not None
    assert session.change(members, two) == 1
    return members, one, two


def test_what_was_found_gone_after_its_batch_is_not_asked_again(
    make_club: Callable[..., Club],
) -> None:
    club = make_club(MAP, DDL)
    with club.session() as session:
        members, _, second = two_batches(session, first=True)
        said: list[str] = []
        sa.event.listen(
            session.connection, "before_cursor_execute", lambda *told: said.append(told[2])
        )
        assert session.piece(members, second.upto, 1) is None
        assert sum("FROM members" in each for each in said) == 1
        assert session.remaining(members) == 0
        assert sum("FROM members" in each for each in said) == 1


def test_a_row_that_stays_is_found_at_the_end_with_all_that_come_after_it(
    make_club: Callable[..., Club],
) -> None:
    club = make_club(MAP, DDL)
    with club.session() as session:
        members, first, second = two_batches(session, first=False)
        assert session.piece(members, second.upto, 1) is None
        assert session.remaining(members) == 1
        assert session.change(members, first) == 1
        assert session.remaining(members) == 0
