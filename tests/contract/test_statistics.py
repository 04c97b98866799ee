"""What is erased is gone from all that SQL can see: statistics too, and from SQLite's file.

Method: have each database collect statistics that hold values, erase, and look for the values.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from contract.club import Club, Maker, engine_of

MAP = """
members:
  serves: {membership: {clocks: {left: gone}}}
  subjects: {person: {email: email}}
  columns: {name: name, email: email}
  not_personal: [id, gone]
"""
DDL = """
CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(50), email VARCHAR(60), gone DATE);
CREATE INDEX by_email ON members (email)
"""
WORD = "quillfeather"
COLLECT = {
    "sqlite": (
        "PRAGMA writable_schema = ON",
        "CREATE TABLE sqlite_stat4 (tbl, idx, neq, nlt, ndlt, sample)",
        f"INSERT INTO sqlite_stat4 VALUES ('members', 'by_email', '1', '0', '0', '{WORD}1')",
    ),
    "postgresql": ("ANALYZE members",),
    "mariadb": ("ANALYZE TABLE members PERSISTENT FOR ALL",),
}
HELD = {
    "sqlite": "SELECT sample FROM sqlite_stat4 WHERE tbl = 'members'",
    "postgresql": "SELECT CONCAT(most_common_vals, histogram_bounds)"
    " FROM pg_stats WHERE tablename = 'members' AND attname = 'email'",
    "mariadb": "SELECT CAST(CONCAT(min_value, max_value) AS CHAR) FROM mysql.column_stats"
    " WHERE db_name = DATABASE() AND table_name = 'members' AND column_name = 'email'",
}


def held(url: str) -> list[str]:
    """Return what a database's statistics hold of the members' addresses."""
    with engine_of(url).connect() as connection:
        rows = connection.exec_driver_sql(HELD[connection.dialect.name]).scalars()
        return [value for value in rows if value is not None]


def filled(make_club: Callable[..., Club]) -> Club:
    """Return a club of 300 members, 200 of whom have left, with statistics of their addresses."""
    club = make_club(MAP, DDL)
    rows = [f"({n}, 'm', '{WORD}{n}@holme.example', '2020-01-01')" for n in range(1, 201)]
    rows += [f"({n}, 'm', 'stays{n}@holme.example', NULL)" for n in range(201, 301)]
    club.run(f"INSERT INTO members VALUES {', '.join(rows)}")
    with engine_of(club.url).connect() as connection:
        for statement in COLLECT[connection.dialect.name]:
            connection.exec_driver_sql(statement)
        connection.commit()
    assert any(WORD in value for value in held(club.url))
    return club


def test_the_statistics_hold_no_value_that_was_erased(make_club: Callable[..., Club]) -> None:
    club = filled(make_club)
    applier = club.applier()
    applier.apply(club.plan(), club.timing)
    assert len(club.ids("members")) == 100
    assert applier.remembering == set()
    assert not any(WORD in value for value in held(club.url))


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_the_file_holds_no_value_that_was_erased(make: Maker, url: str, journal: str) -> None:
    club = make(url, MAP, f"PRAGMA journal_mode = {journal}", *DDL.split(";"))
    club.run(f"INSERT INTO members VALUES (1, '{WORD}', '{WORD}@holme.example', '2020-01-01')")
    file = Path(sa.make_url(url).database or "")
    files = [file, file.with_name(f"{file.name}-wal")]
    assert any(WORD.encode() in each.read_bytes() for each in files if each.exists())
    club.apply()
    club.connector.close()
    assert club.ids("members") == []
    assert not any(WORD.encode() in each.read_bytes() for each in files if each.exists())
