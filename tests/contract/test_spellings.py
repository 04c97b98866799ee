"""One person, written in many ways: who is held is found however a database spells and compares.

Method: two people whose addresses a database may take for the same, or one person whose stored
identifier differs from the one that staff typed; a hold on one person keeps hers and no other row.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from contract.club import Club, Maker

MAP = """
members:
  serves: {membership: {clocks: {left: gone}}}
  subjects: {member: {KIND: mail}}
  columns: {name: name}
  not_personal: [id, gone, mail]
"""
TABLE = """
CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(9), gone DATE, mail VARCHAR(60) WORDS)
"""


def of_kind(kind: str) -> str:
    """Return the map with one kind of identifier."""
    return MAP.replace("KIND", kind)


def members(*mails: str) -> str:
    """Return rows that are due, one for each stored identifier."""
    rows = ", ".join(f"({i}, 'x', '2020-01-01', '{m}')" for i, m in enumerate(mails, start=1))
    return f"INSERT INTO members VALUES {rows}"


def test_who_is_the_same_to_a_collation_is_another_person(make_club: Callable[..., Club]) -> None:
    """MariaDB remembers what it found for a value, and of any that its collation takes for it."""
    club = make_club(
        """
        members:
          serves:
            rejoining: {clocks: {left: gone, joined: joined}}
            visits: {clocks: {seen: joined}}
          subjects: {member: {email: mail}}
          columns: {name: name, data: usage}
          not_personal: [id, gone, joined, mail]
        """,
        """
        CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(9), gone DATE, joined DATE,
            mail VARCHAR(60), data VARCHAR(9));
        INSERT INTO members VALUES (1, 'a', NULL, '2020-01-01', 'kari@example.org', NULL),
            (2, 'b', NULL, '2020-01-01', 'kåri@example.org', NULL),
            (3, 'c', NULL, '2020-01-01', 'Kari@example.org', NULL)
        """,
    )
    club.decide(("email", "kari@example.org"), ends=["rejoining"])
    assert club.keys() == {"members erase": [(1,), (3,)]}
    club.apply()
    assert club.ids("members") == [2]


def test_a_collation_that_knows_no_case_is_read(make: Maker, kind: str, url: str) -> None:
    """PostgreSQL refuses to replace parts of a text whose collation takes letters for the same.

    MariaDB's usual collations are such; the PostgreSQL 18 of the tests has none.
    """
    words = {"sqlite": "COLLATE NOCASE", "postgres15": "COLLATE any_case"}
    made = (
        "CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level1',"
        " deterministic = false)"
    )
    club = make(
        url,
        of_kind("email"),
        made if kind == "postgres15" else "",
        TABLE.replace("WORDS", words.get(kind, "")),
        members("Kari @example.org", "ola@example.org"),
    )
    club.hold_person("email", "kari@example.org")
    club.apply()
    assert club.ids("members") == [1]


@pytest.mark.parametrize(
    ("kind_of", "typed", "stored"),
    [
        pytest.param("email", "åse@example.org", "ÅSE@Example.org", id="letters-beyond-ascii"),
        pytest.param("email", "ÅSE@example.org", "åse@example.org", id="typed-large"),
        pytest.param("email", "åse@example.org", "a\u030ase@example.org", id="decomposed"),
        pytest.param("email", "a\u030ase@example.org", "ÅSE@example.org", id="typed-decomposed"),
        pytest.param("email", "kari@example.org", "kari@example.org\u00a0", id="hard-space"),
        pytest.param("phone", "12 34 56 78", "+45\u00a012\u00a034\u00a056\u00a078", id="phone"),
        pytest.param("national_id", "010203-0000", "102030000", id="lost-zero"),
        pytest.param("national_id", "102030000", "010203-0000", id="typed-without-zero"),
        pytest.param("national_id", "0102030000", "010203\u00a00000", id="number-with-space"),
    ],
)
def test_a_person_is_found_however_she_is_written(
    make_club: Callable[..., Club], kind_of: str, typed: str, stored: str
) -> None:
    club = make_club(of_kind(kind_of), TABLE.replace("WORDS", ""), members(stored, "x"))
    club.hold_person(kind_of, typed)
    club.apply()
    assert club.ids("members") == [1]
