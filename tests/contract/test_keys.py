"""Keys of every type and width: rows are found by them, erased by them and explained by them.

Method: four rows with keys of one type; one is due, one held by its key, one kept, one without a
clock. What remains is told by the keys the database itself gives.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from contract.club import Club, Maker, dialect_of
from ombud.apply import run as engine
from ombud.connectors.sql import beside
from ombud.errors import Unknown

SINGLE = """
members:
  serves: {membership: {clocks: {left: gone_on}}}
  columns: {name: name}
  not_personal: [id, gone_on]
"""
INTEGERS = ("1", "2", "3", "4")
TEXTS = ("'a'", "'b%'", "'c:d'", "'Ø''x'")
UUIDS = tuple(f"'{n}0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'" for n in "abcd")
DATES = ("'2020-01-01'", "'2020-01-02'", "'2021-02-28'", "'1999-12-31'")
MOMENTS = tuple(f"'2020-01-01 10:00:0{n}'" for n in range(4))
ALL = ("sqlite", "postgresql", "mariadb")


def case(name: str, kind: str, keys: tuple[str, ...], *dialects: str, first: str = "") -> object:
    return pytest.param(kind, keys, dialects or ALL, first, id=name)


CASES = [
    case("integer", "INTEGER", INTEGERS),
    case("smallint", "SMALLINT", INTEGERS),
    case("bigint", "BIGINT", ("9007199254740993", "-5", "0", "9223372036854775807")),
    case("unsigned", "BIGINT UNSIGNED", ("18446744073709551615", "0", "1", "2"), "mariadb"),
    case("numeric", "NUMERIC(10, 2)", ("1.10", "2.00", "30.5", "4")),
    case("text", "VARCHAR(40)", TEXTS),
    case("long-text", "TEXT", TEXTS, "sqlite", "postgresql"),
    case("case-sensitive", "VARCHAR(40)", ("'a'", "'A'", "'b'", "'B'"), "sqlite", "postgresql"),
    case("fixed", "CHAR(8)", ("'ab'", "'abc'", "'abcd'", "'x y'")),
    case("date", "DATE", DATES),
    case("no-day", "DATE", ("'0000-00-00'", "'2024-00-00'", "'2023-02-30'", "'2024-01-01'"),
         "mariadb", first="SET sql_mode = 'ALLOW_INVALID_DATES'"),
    case("moment", "<local>", MOMENTS),
    case("instant", "TIMESTAMPTZ", MOMENTS, "postgresql"),
    case("uuid", "UUID", UUIDS, "postgresql", "mariadb"),
    case("uuid-as-text", "CHAR(36)", UUIDS),
    case("boolean-and-more", "BOOLEAN", ("1", "0", "2", "3"), "sqlite", "mariadb"),
    case("enum", "ENUM('a', 'b', 'c', 'd')", ("'a'", "'b'", "'c'", "'d'"), "mariadb"),
    case("enum-type", "letters", ("'a'", "'b'", "'c'", "'d'"), "postgresql",
         first="CREATE TYPE letters AS ENUM ('d', 'c', 'b', 'a')"),
    case("domain", "code", TEXTS, "postgresql", first="CREATE DOMAIN code AS VARCHAR(40)"),
    case("inet", "INET", ("'10.0.0.1'", "'10.0.0.2'", "'::1'", "'10.0.0.3'"), "postgresql"),
    case("inet6", "INET6", ("'::1'", "'::2'", "'::3'", "'::4'"), "mariadb"),
    case("collated", 'VARCHAR(40) COLLATE "C"', TEXTS, "postgresql"),
    case("latin1", "VARCHAR(40) CHARACTER SET latin1", ("'a'", "'b'", "'c'", "'ø'"), "mariadb"),
    case("binary", "BINARY(3)", ("X'616263'", "X'000001'", "X'ff00fe'", "X'414243'"), "mariadb"),
    case("bytes", "BYTEA", (r"'\x616263'", r"'\x00'", r"'\xff'", r"'\x01'"), "postgresql"),
    case("nocase", "TEXT COLLATE NOCASE", TEXTS, "sqlite"),
    case("no-type", "", ("1", "'1'", "x'31'", "1.5"), "sqlite"),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "keys", "dialects", "first"), CASES)
def test_a_key_of_any_type(
    make: Maker,
    url: str,
    type_: str,
    keys: tuple[str, ...],
    dialects: tuple[str, ...],
    first: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On servers two connections erase the rows that are due, one each."""
    monkeypatch.setattr(beside, "ROWS_MIN", 2)
    if dialect_of(url) not in dialects:
        return
    dates = ("'2023-06-13'", "'2023-06-13'", "'2024-06-13'", "NULL")
    rows = ", ".join(f"({k}, 'x', {d})" for k, d in zip(keys, dates, strict=True))
    club = make(
        url,
        SINGLE,
        first,
        f"CREATE TABLE members (id {type_}, name VARCHAR(20), gone_on DATE, PRIMARY KEY (id));\n"
        f"INSERT INTO members VALUES {rows}",
    )
    before = club.ids("members")
    if isinstance(before[0], bytes) or type_ in ("", "INET"):
        club.checked = False  # such a key is written otherwise than the driver shows it
    else:
        due = club.keys()["members erase"]
        with club.session() as session:
            held = next(k for k in due if k[0] == _nth(club, keys[1]))
            club.hold_rows("members", (str(held[0]),))
            assert session.rows("members") == 4
        assert club.due() == {"members erase": 1}
        said = club.why("members", id=str(held[0]))
        assert [g.open for g in said.fields["name"].grounds] == ["held"]
        club.release("h1")
    assert club.due() == {"members erase": 2}
    assert club.apply() == {"members erase": 2}
    left = {_nth(club, keys[2]), _nth(club, keys[3])}
    assert set(club.ids("members")) == left


def _nth(club: Club, literal: str) -> object:
    found = club.ask(f"SELECT id FROM members WHERE id = {literal}")
    return found[0][0] if found else None


@pytest.mark.parametrize("step", [1, 2, -1, 1000], ids=["all", "close", "below-zero", "apart"])
@pytest.mark.parametrize("shared", [False, True])
def test_rows_that_lie_close_are_read_from_the_first_to_the_last(
    make: Maker, url: str, step: int, *, shared: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of every three rows two are due; who looks between two keys leaves the third alone."""
    monkeypatch.setattr(beside, "ROWS_MIN", 2 if shared else 10**9)
    days = ("2023-06-13", "2023-06-13", "2024-06-13")
    keys = [n * step for n in range(30)]
    rows = ", ".join(f"({k}, 'x', '{days[i % 3]}')" for i, k in enumerate(keys))
    club = make(
        url,
        SINGLE,
        "CREATE TABLE members (id BIGINT PRIMARY KEY, name VARCHAR(20), gone_on DATE)",
        f"INSERT INTO members VALUES {rows}",
    )
    with club.session() as session:
        said: list[str] = []
        sa.event.listen(session.connection, "before_cursor_execute", lambda *a: said.append(a[2]))
        [found] = session.survey()
        piece = session.piece(found.selection, 0, 20)
        assert piece is not None
        assert session.change(found.selection, piece) == 20
        assert session.piece(found.selection, piece.upto, 20) is None
        assert session.remaining(found.selection) == 0
    assert club.ids("members") == sorted(k for i, k in enumerate(keys) if i % 3 == 2)
    close = dialect_of(url) == "postgresql" and abs(step) < 1000
    assert any("members.id BETWEEN" in each for each in said) == close


PAIRS = """
fees:
  key: [member, year]
  serves: {membership: {clocks: {left: gone_on}}, visits: {clocks: {seen: seen_on}}}
  columns: {name: name, note: {holds: usage, blank: {unique: "fee {key}"}}}
  not_personal: [member, year, gone_on, seen_on]
"""


def test_a_composite_key_names_its_row_in_the_order_of_the_map(
    make_club: Callable[..., Club],
) -> None:
    club = make_club(
        PAIRS,
        """
        CREATE TABLE fees (year INTEGER, member VARCHAR(20), name VARCHAR(20), note VARCHAR(40)
            NOT NULL UNIQUE, gone_on DATE, seen_on DATE, PRIMARY KEY (year, member));
        INSERT INTO fees VALUES
            (2020, 'a,b', 'x', '1', '2023-01-01', '2023-01-01'),
            (2021, 'a,b', 'x', '2', NULL, '2023-01-01'),
            (2020, 'c=d', 'x', '3', '2023-01-01', '2023-01-01'),
            (2022, 'c=d', 'x', '4', '2023-01-01', '2023-01-01'),
            (2023, 'c=d', 'x', '5', NULL, '2023-01-01')
        """,
    )
    club.hold_rows("fees", ("c=d", "2020"))
    assert club.due() == {"fees replace note": 2, "fees erase": 2}
    assert club.why("fees", member="c=d", year="2020").fields["name"].open == "held"
    with pytest.raises(Unknown, match=r"2 columns \(member, year\)"):
        club.why("fees", member="c=d")
    assert club.apply() == {"fees replace note": 2, "fees erase": 2}
    assert club.ask("SELECT year, member, note FROM fees ORDER BY 1") == [
        (2020, "c=d", "3"),
        (2021, "a,b", "fee a,b-2021"),
        (2023, "c=d", "fee c=d-2023"),
    ]


def test_no_key_is_no_row(make_club: Callable[..., Club]) -> None:
    club = make_club(
        SINGLE,
        "CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(20), gone_on DATE)",
        "INSERT INTO members VALUES (1, 'x', NULL)",
    )
    for key in ("2", "one", "1.5", "", "99999999999999999999", "1; DROP TABLE members"):
        with pytest.raises(AssertionError, match="was not found"):
            club.why("members", id=key)


def test_counted_keys_go_on_counting(make_club: Callable[..., Club]) -> None:
    club = make_club(
        SINGLE,
        "CREATE TABLE members (id <serial>, name VARCHAR(20), gone_on DATE)",
        "INSERT INTO members (name, gone_on) VALUES ('x', NULL), ('y', '2023-01-01')",
    )
    assert club.apply() == {"members erase": 1}
    club.run("INSERT INTO members (name, gone_on) VALUES ('z', NULL)")
    assert club.column("members", "name") == ["x", "z"]
    assert club.ids("members") == [1, 3]


@pytest.mark.parametrize("kind", ["postgres", "postgres15"], indirect=True)
@pytest.mark.parametrize(
    "serial", ["SERIAL PRIMARY KEY", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"]
)
def test_keys_that_only_the_database_gives(make_club: Callable[..., Club], serial: str) -> None:
    club = make_club(
        SINGLE,
        f"CREATE TABLE members (id {serial}, name VARCHAR(20), gone_on DATE)",
        "INSERT INTO members (name, gone_on) VALUES ('x', NULL), ('y', '2023-01-01')",
    )
    assert club.apply() == {"members erase": 1}
    assert club.ids("members") == [1]


WIDE = """
cells:
  key: [a, b, c, d, e]
  serves: {membership: {clocks: {left: gone_on}}}
  columns: {name: name}
  not_personal: [a, b, c, d, e, gone_on]
"""


def test_a_wide_key_in_large_batches(
    make_club: Callable[..., Club], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five columns times a batch is more than a statement's parameters on SQLite: 32,766."""
    monkeypatch.setattr(engine, "BATCH_FIRST", 10_000)
    club = make_club(
        WIDE,
        "CREATE TABLE cells (a INTEGER, b INTEGER, c INTEGER, d INTEGER, e VARCHAR(9),"
        " name VARCHAR(9), gone_on DATE, PRIMARY KEY (a, b, c, d, e));\n",
        *(
            "INSERT INTO cells VALUES "
            + ", ".join(f"({n}, {i}, {i % 7}, 0, 'e{i}', 'x', '2020-01-01')" for i in range(1_750))
            for n in range(4)
        ),
    )
    club.checked = False
    [outcome] = club.applier().apply(club.plan(), club.timing)
    assert (outcome.changed, outcome.remaining, outcome.failed) == (7_000, 0, None)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_row_whose_key_is_null_is_never_said_to_be_gone(make_club: Callable[..., Club]) -> None:
    """SQLite lets parts of a key be NULL; such a row cannot be named, and must not be proved."""
    club = make_club(
        SINGLE,
        "CREATE TABLE members (id TEXT PRIMARY KEY, name VARCHAR(20), gone_on DATE)",
        "INSERT INTO members VALUES (NULL, 'x', '2020-01-01'), ('a', 'y', '2020-01-01')",
    )
    club.checked = False
    [outcome] = club.applier().apply(club.plan(), club.timing)
    left = club.ids("members")
    assert (len(left), outcome.remaining) in ((0, 0), (1, 1))
