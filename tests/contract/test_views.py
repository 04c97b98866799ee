"""Views that keep rows of their own, which outlive the rows they were made from.

Method: views over views and in another schema, over a table whose rows are due; the live schema
says which of them keep copies, and erasing shows that they do.
"""

from __future__ import annotations

from sqlalchemy import create_engine, pool

from contract.club import Maker
from ombud.connectors.sql.reflect import read_schema

MAP = """
members:
  serves: {membership: {clocks: {left: left}}}
  subjects: {person: {email: email}}
  columns: {name: name, email: email}
  not_personal: [id, left]
"""


def test_materialised_views_are_found_through_other_views_and_schemas(
    make: Maker, fresh_database: object
) -> None:
    url = fresh_database("postgres15")  # type: ignore[operator]
    club = make(
        url,
        MAP,
        "CREATE TABLE members (id INTEGER PRIMARY KEY, name TEXT, email TEXT, left_on DATE)"
        .replace("left_on", '"left"'),
        "INSERT INTO members VALUES (1, 'Berit', 'berit@holme.example', '2010-01-01')",
        "CREATE TABLE fees (id INTEGER PRIMARY KEY)",
        "CREATE VIEW named AS SELECT id, name FROM members WHERE name <> ''",
        "CREATE SCHEMA reporting",
        'CREATE MATERIALIZED VIEW reporting."By name" AS SELECT name FROM named',
        "CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM members, fees",
    )  # fmt: skip
    with create_engine(url, poolclass=pool.NullPool).connect() as connection:
        tables = read_schema(connection, [""]).tables
    assert tables["", "members"].copied_into == ("counted", 'reporting."By name"')
    assert tables["", "fees"].copied_into == ("counted",)
    assert club.apply() == {"members erase": 1}
    assert club.ask('SELECT name FROM reporting."By name"') == [("Berit",)]
