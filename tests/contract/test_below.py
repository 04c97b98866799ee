"""Rows are asked about the rows below them: by a key of any width, by another column, by kind.

PostgreSQL asks for all candidates together, the other databases row by row. The same is due, and
each survey is compared with `why` for every row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from contract.club import Club, dialect_of

MEMBERS = """
members:
  key: [club, number]
  serves:
    membership: {clocks: {left: {latest: visits.gone_on, else: gone_on}}}
    invoices: {when: {exists: bills}, clocks: {posted: {latest: bills.posted_on, none: ended}}}
    letter:
      when: {exists: letters}
      consents: {letter: {given: letters.given_on, withdrawn: letters.withdrawn_on}}
  subjects: {person: {email: email}}
  columns: {name: name, email: email, address: address, note: note, bought: invoice_lines}
  not_personal: [club, number, code, gone_on]
visits:
  refers_to: {members: {columns: [club, number]}}
  serves: {membership: {clocks: {left: gone_on}}}
  columns: {note: note}
  not_personal: [id, club, number, gone_on]
bills:
  refers_to: {members: {columns: [club, number], when: {kind: bill}, keeps_parent: false}}
  serves: {invoices: {clocks: {posted: posted_on}}}
  columns: {note: invoice_lines}
  not_personal: [id, club, number, kind, posted_on]
letters:
  belongs_to: {members: {columns: {code: code}}}
  columns: {note: email}
  not_personal: [id, code, given_on, withdrawn_on]
"""
DDL = """
CREATE TABLE members (club INTEGER, number VARCHAR(9), code INTEGER UNIQUE, gone_on DATE,
    name VARCHAR(20), email VARCHAR(40), address VARCHAR(20), note VARCHAR(20),
    bought VARCHAR(20), PRIMARY KEY (club, number));
CREATE TABLE visits (id INTEGER PRIMARY KEY, club INTEGER, number VARCHAR(9), gone_on DATE,
    note VARCHAR(20), FOREIGN KEY (club, number) REFERENCES members (club, number));
CREATE INDEX visits_of ON visits (club, number);
CREATE TABLE bills (id INTEGER PRIMARY KEY, club INTEGER, number VARCHAR(9), kind VARCHAR(9),
    posted_on DATE, note VARCHAR(20));
CREATE INDEX bills_of ON bills (club, number);
CREATE TABLE letters (id INTEGER PRIMARY KEY, code INTEGER REFERENCES members (code)
    ON DELETE CASCADE, given_on DATE, withdrawn_on DATE, note VARCHAR(20));
CREATE INDEX letters_of ON letters (code)
"""
OLD, NEW = "2020-02-01", "2024-06-01"


@pytest.fixture
def club(make_club: Callable[..., Club]) -> Club:
    """Six members of two clubs; what keeps each stands in a table below, or nowhere."""
    members = [
        (1, "a", OLD),  # nothing keeps it
        (1, "b", OLD),  # came again
        (2, "a", OLD),  # has a bill
        (2, "b", OLD),  # has what is no bill
        (2, "c", OLD),  # has a letter
        (2, "d", NEW),  # left lately
    ]
    said = ", ".join(
        f"({c}, '{n}', {i}, '{gone}', 'N', 'm{i}@example.org', 'A', 'x', 'x')"
        for i, (c, n, gone) in enumerate(members, 1)
    )
    return make_club(
        MEMBERS,
        DDL,
        f"""
        INSERT INTO members VALUES {said};
        INSERT INTO visits VALUES (1, 1, 'b', '{OLD}', 'x'), (2, 1, 'b', '{NEW}', 'x'),
            (3, 2, 'a', '{OLD}', 'x'), (4, NULL, 'a', '{NEW}', 'x'), (5, 1, NULL, '{NEW}', 'x');
        INSERT INTO bills VALUES (1, 2, 'a', 'bill', '{NEW}', 'x'),
            (2, 2, 'a', 'bill', '2012-01-01', 'x'), (3, 2, 'b', 'order', '{NEW}', 'x'),
            (4, 1, 'a', NULL, '{NEW}', 'x');
        INSERT INTO letters VALUES (1, 5, '{OLD}', NULL, 'x'), (2, 1, '{OLD}', '{NEW}', 'x'),
            (3, NULL, '{OLD}', NULL, 'x')
        """,
    )


def test_each_way_below_keeps_what_it_covers(club: Club) -> None:
    due = club.keys()
    assert due["members erase"] == [(1, "a"), (2, "b")]
    assert due["members blank email,note"] == [(2, "a")]  # one of its bills is due and one not
    assert due["members blank address,note,bought"] == [(2, "c")]  # a letter needs name and email
    assert due["members blank bought"] == [(1, "b"), (2, "d")]
    club.apply()
    assert club.ask("SELECT club, number FROM members ORDER BY club, number") == [
        (1, "b"),
        (2, "a"),
        (2, "c"),
        (2, "d"),
    ]


def test_what_came_below_since_the_last_sweep_is_seen(club: Club) -> None:
    club.apply()
    since = club.grounds()
    club.wait(400)
    with club.session() as session:
        nightly = {c.selection: c.count for c in session.survey(since) if c.count}
        assert nightly == {c.selection: c.count for c in session.survey() if c.count}
        assert nightly


@contextmanager
def statements(connection: sa.Connection) -> Iterator[list[str]]:
    """Give what a connection is asked meanwhile."""
    said: list[str] = []

    def note(*args: object) -> None:
        said.append(str(args[2]))

    sa.event.listen(connection, "before_cursor_execute", note)
    yield said
    sa.event.remove(connection, "before_cursor_execute", note)


def test_postgresql_reads_each_table_below_once_for_all_candidates(club: Club, url: str) -> None:
    """By the key; what refers to another column is asked row by row."""
    with club.session() as session, statements(session.connection) as said:
        session.survey()
    [survey] = [s for s in said if "TABLE ombud_work" in s and "members.name" in s]
    together = "LEFT OUTER JOIN" in survey
    assert together == (dialect_of(url) == "postgresql")
    if together:
        assert survey.count("JOIN visits") == survey.count("JOIN bills") == 1
        assert "JOIN letters" not in survey
