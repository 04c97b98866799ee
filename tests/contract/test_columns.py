"""Columns of every type as data: blanked with NULL or a typed placeholder, or blank already.

Method: each case is one column of `notes`, whose field is dead in a row that stays for its `name`.
It is filled in row 1, holds its blank value in row 2, is NULL in row 3 where it may be. Survey
counts exactly the filled ones, and a second run finds nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from contract.club import Club, Maker, dialect_of

MAP = """
members:
  serves: {{membership: {{clocks: {{left: gone}}}}, visits: {{clocks: {{seen: seen}}}}}}
  columns: {{name: name, data: {{holds: usage{blank}}}}}
  not_personal: [id, gone, seen]
"""
ALL = ("sqlite", "postgresql", "mariadb")
PG = ("postgresql",)
MARIA = ("mariadb",)


def case(
    name: str, type_: str, filled: str, blank: object = None, *dialects: str, first: str = ""
) -> object:
    return pytest.param(type_, filled, blank, dialects or ALL, first, id=name)


CASES = [
    case("text", "VARCHAR(40)", "'x'"),
    case("text-as-nothing", "VARCHAR(40) NOT NULL", "'x'", ""),
    case("text-as-text", "VARCHAR(40) NOT NULL", "'x'", "it's 100 % gone \\ :x"),
    case("long-text", "<text>", "'x'", "gone"),
    case("fixed", "CHAR(8) NOT NULL", "'x'", "gone"),
    case("number", "INTEGER NOT NULL", "7", 0),
    case("negative", "INTEGER NOT NULL", "7", -1),
    case("small", "SMALLINT", "7"),
    case("fraction", "NUMERIC(10, 2) NOT NULL", "7.25", 0),
    case("float", "DOUBLE PRECISION NOT NULL", "7.25", 0),
    case("truth", "<bool> NOT NULL", "TRUE", False),
    case("truth-null", "<bool>", "TRUE"),
    case("day", "DATE NOT NULL", "'1990-05-17'", "1900-01-01"),
    case("time-of-day", "TIME", "'10:00:00'"),
    case("moment", "<local> NOT NULL", "'1990-05-17 10:00:00'", "1900-01-01 00:00:00"),
    case("instant", "TIMESTAMPTZ NOT NULL", "'1990-05-17 10:00:00'", "1900-01-01 00:00:00+00", *PG),
    case("instant-maria", "TIMESTAMP NOT NULL DEFAULT '1990-05-17 10:00:00'",
         "'1990-05-17 10:00:00'", "1971-01-01 00:00:00", *MARIA),
    case("bytes", "BYTEA", r"'\x0102'", None, *PG),
    case("blob", "BLOB", "x'0102'", None, "sqlite", "mariadb"),
    case("uuid", "UUID", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", None, "postgresql", "mariadb"),
    case("uuid-zero", "UUID NOT NULL", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",
         "00000000-0000-0000-0000-000000000000", "postgresql", "mariadb"),
    case("enum", "moods NOT NULL", "'sad'", "none", *PG,
         first="CREATE TYPE moods AS ENUM ('happy', 'sad', 'none')"),
    case("enum-null", "moods", "'sad'", None, *PG,
         first="CREATE TYPE moods AS ENUM ('happy', 'sad', 'none')"),
    case("enum-maria", "ENUM('happy', 'sad', 'none') NOT NULL", "'sad'", "none", *MARIA),
    case("set-maria", "SET('happy', 'sad')", "'happy,sad'", None, *MARIA),
    case("json", "JSON", """'{"a": 1}'""", None, "postgresql", "mariadb", "sqlite"),
    case("json-empty", "JSON NOT NULL", """'{"a": 1}'""", "{}", "postgresql", "mariadb"),
    case("jsonb", "JSONB", """'{"a": 1}'""", None, *PG),
    case("jsonb-empty", "JSONB NOT NULL", """'{"a": 1}'""", "{}", *PG),
    case("jsonb-spelt", "JSONB NOT NULL", """'{"a": 1}'""", '{"b":   [1,2]}', *PG),
    case("array", "TEXT[]", "ARRAY['a', 'b']", None, *PG),
    case("array-empty", "INTEGER[] NOT NULL", "'{1,2}'", "{}", *PG),
    case("inet", "INET", "'10.0.0.1'", None, *PG),
    case("inet-zero", "INET NOT NULL", "'10.0.0.1'", "10.0.0.0", *PG),
    case("inet6", "INET6", "'::1'", None, *MARIA),
    case("range", "DATERANGE", "'[2020-01-01,2020-02-01)'", None, *PG),
    case("interval", "INTERVAL", "'3 days'", None, *PG),
    case("point", "POINT", "'(1,2)'", None, *PG),
    case("point-maria", "POINT", "POINT(1, 2)", None, *MARIA),
    case("vector", "TSVECTOR", "'a cat'", None, *PG),
    case("money", "MONEY", "'7.25'", None, *PG),
    case("domain", "mail NOT NULL", "'x@holme.example'", "gone", *PG,
         first="CREATE DOMAIN mail AS VARCHAR(40)"),
    case("citext-like", 'VARCHAR(40) COLLATE "C" NOT NULL', "'x'", "gone", *PG),
    case("year", "YEAR", "1990", None, *MARIA),
    case("bits", "BIT(4)", "b'1010'", None, *MARIA),
    case("nocase", "TEXT COLLATE NOCASE NOT NULL", "'x'", "gone", "sqlite"),
    case("no-type", "", "'x'", None, "sqlite"),
    case("latin1", "VARCHAR(40) CHARACTER SET latin1 NOT NULL", "'ø'", "slettet på ny", *MARIA),
    case("latin1-danish", "VARCHAR(40) CHARACTER SET latin1 COLLATE latin1_danish_ci NOT NULL",
         "'ø'", "æøå", *MARIA),
    case("binary-text", "VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL", "'x'",
         "Æ", *MARIA),
]  # fmt: skip


def literal(blank: object) -> str:
    if blank is None:
        return "NULL"
    if isinstance(blank, bool):
        return str(blank).upper()
    if isinstance(blank, int):
        return str(blank)
    return "'" + str(blank).replace("'", "''") + "'"


@pytest.mark.parametrize(("type_", "filled", "blank", "dialects", "first"), CASES)
def test_a_field_of_any_type(
    make: Maker, url: str, type_: str, filled: str, blank: object, dialects: tuple[str, ...],
    first: str,
) -> None:  # fmt: skip
    dialect = dialect_of(url)
    if dialect not in dialects:
        return
    said = "" if blank is None else f", blank: {{value: {json.dumps(blank)}}}"
    written = literal(blank)
    if dialect == "mariadb":
        written = written.replace("\\", "\\\\")
    nullable = "NOT NULL" not in type_
    third = "NULL" if nullable else written
    club = make(
        url,
        MAP.format(blank=said),
        first,
        f"CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(9), data {type_}, gone DATE,"
        f" seen DATE);\n"
        f"INSERT INTO members VALUES (1, 'x', {filled}, NULL, '2023-01-01'),"
        f" (2, 'x', {written}, NULL, '2023-01-01'), (3, 'x', {third}, NULL, '2023-01-01'),"
        f" (4, 'x', {filled}, NULL, NULL)",
    )
    step = f"members {'blank' if blank is None else 'replace'} data"
    assert club.due() == {step: 1}
    assert [club.why("members", id=i).fields["data"].filled for i in "1234"] == [
        True, False, False, True,
    ]  # fmt: skip
    with club.session() as session:
        [counted] = session.survey()
        assert len(session.sample(counted.selection, 5)) == 1
    assert club.apply() == {step: 1}
    data = club.column("members", "data")
    assert data[0] == data[1]
    assert data[3] not in (data[0], None)


TIMES = {
    "day DATE": ("'infinity'", "infinity"),
    "at TIMESTAMPTZ": ("'0044-03-15 10:00+00 BC'", "0044-03-15 10:00:00+00 BC"),
    "local TIMESTAMP": ("'12000-01-01 10:00'", "12000-01-01 10:00:00"),
    "hour TIME": ("'24:00'", "24:00:00"),
    "span TSRANGE": ("'[2020-01-01, infinity)'", '["2020-01-01 00:00:00",infinity)'),
    "days DATE[]": ("'{2020-01-01, infinity}'", ["2020-01-01", "infinity"]),
}


@pytest.mark.parametrize("kind", ["postgres", "postgres15"], indirect=True)
def test_a_row_is_shown_with_times_that_python_cannot_hold(make: Maker, url: str) -> None:
    """Whoever approves sees them as the database writes them."""
    columns, values = ", ".join(TIMES), ", ".join(written for written, _ in TIMES.values())
    club = make(
        url,
        MAP.format(blank="").replace("seen]", "seen, day, at, local, hour, span, days]"),
        f"CREATE TABLE members (id INTEGER PRIMARY KEY, name TEXT, gone DATE, seen DATE, data TEXT,"
        f" {columns});\n"
        f"INSERT INTO members VALUES (1, 'x', '2023-01-01', '2023-01-01', 'x', {values})",
    )
    with club.session() as session:
        [counted] = session.survey()
        [shown] = session.sample(counted.selection, 5)
    assert list(shown.values())[5:] == [told for _, told in TIMES.values()]


# ------------------------------------------------------------------ unique placeholders

UNIQUE = """
members:
  key: {key}
  serves: {{membership: {{clocks: {{left: gone}}}}, visits: {{clocks: {{seen: seen}}}}}}
  columns: {{name: name, data: {{holds: usage, blank: {{unique: "{text}"}}}}}}
  not_personal: [id, year, gone, seen]
"""


@pytest.mark.parametrize(
    ("type_", "text", "key", "values"),
    [
        pytest.param("VARCHAR(60)", "gone-{key}@holme.invalid", "id",
                     ["gone-1@holme.invalid", "gone-2@holme.invalid"], id="text"),
        pytest.param("VARCHAR(60)", "{key}", "id", ["1", "2"], id="bare"),
        pytest.param("VARCHAR(60)", "{key} 100% :gone", "[id, year]",
                     ["1-2020 100% :gone", "2-2021 100% :gone"], id="two-columns"),
        pytest.param("BIGINT", "{key}", "id", [-1, -2], id="number"),
        pytest.param("NUMERIC(20, 0)", "{key}", "id", [Decimal(-1), Decimal(-2)], id="fraction"),
    ],
)  # fmt: skip
def test_a_placeholder_is_unique_where_the_column_is(
    make: Maker, url: str, type_: str, text: str, key: str, values: list[Any]
) -> None:
    club = make(
        url,
        UNIQUE.format(key=key, text=text),
        f"CREATE TABLE members (id INTEGER NOT NULL, year INTEGER NOT NULL, name VARCHAR(9),"
        f" data {type_} NOT NULL UNIQUE, gone DATE, seen DATE, PRIMARY KEY"
        f" ({key.strip('[]')}));\n"
        "INSERT INTO members VALUES (1, 2020, 'x', '11', NULL, '2023-01-01'),"
        " (2, 2021, 'x', '12', NULL, '2023-01-01'), (3, 2022, 'x', '13', NULL, NULL)",
    )
    assert club.due() == {"members replace data": 2}
    assert club.apply() == {"members replace data": 2}
    assert club.column("members", "data")[:2] == values


def test_a_placeholder_that_somebody_has_is_refused_whole(make_club: Callable[..., Club]) -> None:
    """The batch is rolled back, the step is not done, and the error tells no value."""
    club = make_club(
        UNIQUE.format(key="id", text="gone-{key}"),
        "CREATE TABLE members (id INTEGER PRIMARY KEY, year INTEGER, name VARCHAR(9),"
        " data VARCHAR(40) NOT NULL UNIQUE, gone DATE, seen DATE);\n"
        "INSERT INTO members VALUES (1, 0, 'x', 'a', NULL, '2023-01-01'),"
        " (2, 0, 'x', 'b', NULL, '2023-01-01'), (3, 0, 'x', 'gone-2', NULL, NULL)",
    )
    [outcome] = club.applier().apply(club.plan(), club.timing)
    assert outcome.failed is not None
    assert "constraint" in str(outcome.failed)
    assert "gone-2" not in str(outcome.failed)
    assert club.column("members", "data") == ["a", "b", "gone-2"]
    club.run("UPDATE members SET data = 'c' WHERE id = 3")
    assert club.apply() == {"members replace data": 2}


# ------------------------------------------------------------------ computed columns

GENERATED = """
members:
  serves: {membership: {clocks: {left: gone}}, visits: {clocks: {seen: seen}}}
  columns: {name: name, data: usage, shown: usage, label: name}
  not_personal: [id, gone, seen]
"""


@pytest.mark.parametrize("stored", ["STORED", "VIRTUAL"])
def test_a_computed_field_goes_with_what_it_is_made_of(
    make: Maker, url: str, kind: str, stored: str
) -> None:
    if stored == "VIRTUAL" and kind == "postgres15":
        return
    club = make(
        url,
        GENERATED,
        "CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(9), data VARCHAR(9),"
        f" shown VARCHAR(20) GENERATED ALWAYS AS (UPPER(data)) {stored},"
        f" label VARCHAR(20) GENERATED ALWAYS AS (UPPER(name)) {stored},"
        " gone DATE, seen DATE);\n"
        "INSERT INTO members (id, name, data, gone, seen) VALUES"
        " (1, 'a', 'x', NULL, '2023-01-01'), (2, 'b', 'y', '2023-01-01', '2023-01-01'),"
        " (3, 'c', 'z', NULL, NULL)",
    )
    assert club.apply() == {"members blank data,shown": 1, "members erase": 1}
    assert club.ask("SELECT id, data, shown, label FROM members ORDER BY id") == [
        (1, None, None, "A"),
        (3, "z", "Z", "C"),
    ]


# ------------------------------------------------------------------ one statement, many columns

MANY = """
members:
  serves: {membership: {clocks: {left: gone}}, visits: {clocks: {seen: seen}}}
  columns:
    name: name
    ip: {holds: ip, blank: {value: 10.0.0.0}}
    page: usage
    clicks: {holds: usage, blank: {value: 0}}
    email: email
  not_personal: [id, gone, seen]
"""


def test_a_row_is_blanked_where_any_of_its_fields_is_still_filled(
    make_club: Callable[..., Club],
) -> None:
    club = make_club(
        MANY,
        "CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(9), ip VARCHAR(20),"
        " page VARCHAR(20), clicks INTEGER NOT NULL, email VARCHAR(20), gone DATE, seen DATE);\n"
        "INSERT INTO members VALUES"
        " (1, 'a', '10.0.0.0', NULL, 0, 'e', NULL, '2023-01-01'),"
        " (2, 'b', '10.0.0.0', NULL, 3, 'e', NULL, '2023-01-01'),"
        " (3, 'c', '10.0.0.1', NULL, 0, 'e', NULL, '2023-01-01'),"
        " (4, 'd', NULL, '/p', 0, 'e', NULL, '2023-01-01'),"
        " (5, NULL, '10.0.0.1', '/p', 3, NULL, '2023-01-01', '2023-01-01')",
    )
    assert club.due() == {"members replace ip,page,clicks": 3, "members erase": 1}
    assert club.apply() == {"members replace ip,page,clicks": 3, "members erase": 1}
    assert club.ask("SELECT ip, page, clicks, email FROM members ORDER BY id") == [
        *[("10.0.0.0", None, 0, "e")] * 3,
        (None, None, 0, "e"),  # nothing is written where nothing was
    ]
