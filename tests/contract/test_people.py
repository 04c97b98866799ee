"""Who is a row about? Identifiers as databases hold them, compared with those that people give.

Method: a hold and an erasure are the two ways in which a person counts; each case is a stored
spelling and a given one, on a table whose rows are otherwise due (so the hold must find them) or
otherwise kept (so the erasure must).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

import pytest

from contract.club import Club, Maker
from servers import Server

MAP = """
members:
  serves: {{membership: {{clocks: {{left: gone}}}}}}
  subjects: {{person: {{{kind}: who{shared}}}}}
  columns: {{name: name{column}}}
  not_personal: [id, gone{plain}]
"""
CATEGORIES = {"email": "email", "phone": "phone"}


def club_of(
    make: Maker,
    url: str,
    kind: str,
    stored: list[str],
    type_: str = "VARCHAR(60)",
    shared: str = "",
) -> Club:
    """Make a club of members with these identifiers, each kept."""
    category = CATEGORIES.get(kind)
    rows = ", ".join(f"({i}, 'x', {s}, NULL)" for i, s in enumerate(stored, 1))
    text = MAP.format(
        kind=kind, shared=f", shared: [{shared}]" if shared else "",
        column=f", who: {category}" if category else "",
        plain="" if category else ", who",
    )  # fmt: skip
    return make(
        url,
        text,
        f"CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(9), who {type_}, gone DATE);\n"
        f"INSERT INTO members VALUES {rows}",
    )


def found(club: Club, kind: str, given: str) -> list[int]:
    """Return whose rows an erasure finds, and check that a hold finds the same."""
    everybody = set(club.ids("members"))
    club.decide((kind, given), ends=["membership"])
    erased = {k[0] for k in club.keys().get("members erase", [])}
    club.inputs.decisions.erase("d1", at=club.at)
    club.run("UPDATE members SET gone = '2020-01-01'")
    club.hold_person(kind, given)
    due = {k[0] for k in club.keys().get("members erase", [])}
    assert everybody - due == erased, "a hold and an erasure mean different people"
    assert club.census()["members"].held_by.get("h1", 0) == len(erased)
    club.release("h1")
    return sorted(erased)


EMAILS = ["'kari@holme.example'", "'Kari@Holme.EXAMPLE'", "' kari@holme.example '",
          "'kari@holme.example2'", "'xkari@holme.example'", "NULL", "''", "'%@holme.example'",
          "'kari_holme.example'"]  # fmt: skip


@pytest.mark.parametrize(
    "given", ["kari@holme.example", " KARI@holme.Example", "kari@HOLME.example"]
)
def test_an_address_whatever_its_case_and_blanks(make: Maker, url: str, given: str) -> None:
    assert found(club_of(make, url, "email", EMAILS), "email", given) == [1, 2, 3]


@pytest.mark.parametrize("given", ["%@holme.example", "", "%", "_ari@holme.example", "kari"])
def test_an_address_is_no_pattern(make: Maker, url: str, given: str) -> None:
    expected = [8] if given == "%@holme.example" else []
    assert found(club_of(make, url, "email", EMAILS), "email", given) == expected


@pytest.mark.parametrize(
    "given", ["åse@næstved.example", "ÅSE@Næstved.example", "Åse@NÆSTVED.example"]
)
def test_letters_beyond_ascii(make: Maker, url: str, given: str) -> None:
    """Not every database makes them small."""
    stored = ["'åse@næstved.example'", "'Åse@Næstved.example'", "'ÅSE@NÆSTVED.EXAMPLE'",
              "'ase@naestved.example'", "'øse@næstved.example'"]  # fmt: skip
    assert found(club_of(make, url, "email", stored), "email", given) == [1, 2, 3]


def test_letters_beyond_ascii_where_the_server_knows_none(
    make: Maker, postgres_server: Server
) -> None:
    """LC_CTYPE `C`: its own `lower` leaves Å as it is, and a hold on her would not be heeded."""
    name = f"t_{secrets.token_hex(6)}"
    postgres_server.execute(
        f"CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'"
    )
    try:
        stored = ["'åse@næstved.example'", "'ÅSE@NÆSTVED.EXAMPLE'", "'øse@næstved.example'"]
        club = club_of(make, postgres_server.url(name), "email", stored)
        assert found(club, "email", "Åse@Næstved.example") == [1, 2]
    finally:
        postgres_server.execute(f"DROP DATABASE {name} WITH (FORCE)")


PHONES = ["'12345678'", "'12 34 56 78'", "'+45 12345678'", "'+4512345678'", "'0045 12 34 56 78'",
          "'004512345678'", "'12-34-56-78'", "'(+45) 12 34 56 78'", "'12.34.56.78'",
          "'+46 12345678'", "'123456789'", "'2345678'", "NULL", "''",
          "'4512345678'"]  # fmt: skip


@pytest.mark.parametrize("given", ["12345678", "+45 12 34 56 78", "004512345678", "12-34-56-78"])
def test_a_number_however_it_is_written(make: Maker, url: str, given: str) -> None:
    club = club_of(make, url, "phone", PHONES)
    assert found(club, "phone", given) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 15]


def test_a_number_from_abroad(make: Maker, url: str) -> None:
    stored = ["'+46 70 174 06 05'", "'0046701740605'", "'070-174 06 05'", "'46701740605'"]
    club = club_of(make, url, "phone", stored)
    assert found(club, "phone", "+46 701740605") == [1, 2, 4]


def test_a_number_kept_as_a_number(make: Maker, url: str) -> None:
    stored = ["12345678", "4512345678", "45123456789", "NULL", "0"]
    club = club_of(make, url, "phone", stored, "BIGINT")
    assert found(club, "phone", "+45 12 34 56 78") == [1, 2]


IDS = ["'010190-1234'", "'0101901234'", "'010190 1234'", "'0101901235'", "NULL", "''",
       "'101901234'"]  # fmt: skip


@pytest.mark.parametrize("given", ["010190-1234", "0101901234", "010190 1234"])
def test_a_cpr_number_with_or_without_its_separator(make: Maker, url: str, given: str) -> None:
    club = club_of(make, url, "national_id", IDS)
    assert found(club, "national_id", given) == [1, 2, 3, 7]


def test_a_cpr_number_that_lost_its_leading_zero(make: Maker, url: str) -> None:
    club = club_of(make, url, "national_id", ["101901234", "1101901234", "1", "NULL"], "BIGINT")
    assert found(club, "national_id", "010190-1234") == [1]


def test_a_cpr_number_kept_as_a_fraction_type(make: Maker, url: str) -> None:
    club = club_of(make, url, "national_id", ["101901234", "1101901234"], "NUMERIC(10, 0)")
    assert found(club, "national_id", "010190-1234") == [1]


def test_a_cpr_number_given_without_its_leading_zero(make: Maker, url: str) -> None:
    """As a list made in a spreadsheet has it."""
    club = club_of(make, url, "national_id", IDS)
    assert found(club, "national_id", "101901234") == [1, 2, 3, 7]


def test_any_other_identifier_is_compared_as_it_stands(make: Maker, url: str) -> None:
    stored = ["'M-1'", "'m-1'", "'M 1'", "'M-10'"]
    assert found(club_of(make, url, "member_no", stored), "member_no", "M-1") == [1]


def test_an_identifier_that_is_a_number(make: Maker, url: str) -> None:
    club = club_of(make, url, "member_no", ["17", "170", "7"], "INTEGER")
    assert found(club, "member_no", "17") == [1]


# ------------------------------------------------------------------ collations


@pytest.mark.parametrize(
    "type_",
    [
        "VARCHAR(60) CHARACTER SET latin1",
        "VARCHAR(60) CHARACTER SET latin1 COLLATE latin1_danish_ci",
        "VARCHAR(60) CHARACTER SET latin1 COLLATE latin1_bin",
        "VARCHAR(60) CHARACTER SET utf8mb3 COLLATE utf8mb3_danish_ci",
        "VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci",
        "VARCHAR(60) CHARACTER SET ucs2",
        "TEXT CHARACTER SET latin1",
    ],
)
@pytest.mark.parametrize("kind", ["mariadb"], indirect=True)
def test_a_table_in_another_character_set(make: Maker, url: str, type_: str) -> None:
    """No `illegal mix of collations`, and letters that a collation takes for the same are not."""
    stored = ["'kari@holme.example'", "'KARI@holme.example'", "'åse@holme.example'",
              "'ase@holme.example'", "'aase@holme.example'"]  # fmt: skip
    club = club_of(make, url, "email", stored, type_)
    assert found(club, "email", "kari@holme.example") == [1, 2]
    club.run("UPDATE members SET gone = NULL")
    club.decide(("email", "åse@holme.example"), ends=["membership"])
    assert club.keys()["members erase"] == [(3,)]
    club.decide(("email", "漢@holme.example"), ends=["membership"])
    assert club.apply() == {"members erase": 1}
    assert club.ids("members") == [1, 2, 4, 5]


@pytest.mark.parametrize("kind", ["postgres15"], indirect=True)  # ours of 18 has no ICU
def test_a_column_whose_collation_ignores_case(make: Maker, url: str) -> None:
    club = make(
        url,
        MAP.format(kind="email", shared=", shared: [info]", column=", who: email", plain=""),
        "CREATE COLLATION anycase (provider = icu, locale = 'und-u-ks-level2',"
        " deterministic = false)",
        "CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(9),"
        " who VARCHAR(60) COLLATE anycase, gone DATE);\n"
        "INSERT INTO members VALUES (1, 'x', 'Kari@holme.example', NULL), (2, 'x', 'info@x', NULL)",
    )
    club.decide(("email", "kari@holme.example"), ("email", "info@x"), ends=["membership"])
    assert club.apply() == {"members erase": 1}


# ------------------------------------------------------------------ shared addresses


def test_a_shared_address_is_nobody(make: Maker, url: str) -> None:
    stored = ["'info@holme.example'", "'Post@holme.example'", "'information@holme.example'",
              "'info@other.example'", "'kari@holme.example'"]  # fmt: skip
    club = club_of(make, url, "email", stored, shared="info, POST")
    assert found(club, "email", "info@holme.example") == []
    club.run("UPDATE members SET gone = NULL")
    club.decide(("email", "post@holme.example"), ends=["membership"])
    club.decide(("email", "information@holme.example"), ends=["membership"])
    assert club.apply() == {"members erase": 1}


# ------------------------------------------------------------------ several people in a row

COUPLES = """
homes:
  serves: {membership: {clocks: {left: gone}}}
  subjects: {one: {email: email}, other: {email: mail2, phone: phone2}}
  columns:
    name: {holds: name, subject: one}
    email: {holds: email, subject: one}
    name2: {holds: name, subject: other}
    mail2: {holds: email, subject: other}
    phone2: {holds: phone, subject: other}
    story: {holds: note, subject: one, mentions: others}
  not_personal: [id, gone]
"""


def test_a_decision_is_about_one_of_several_people(make_club: Callable[..., Club]) -> None:
    club = make_club(
        COUPLES,
        "CREATE TABLE homes (id INTEGER PRIMARY KEY, name VARCHAR(9), email VARCHAR(40),"
        " name2 VARCHAR(9), mail2 VARCHAR(40), phone2 VARCHAR(20), story VARCHAR(40), gone DATE);\n"
        "INSERT INTO homes VALUES"
        " (1, 'Kari', 'kari@x', 'Ola', 'ola@x', '12345678', 'k and o', NULL),"
        " (2, 'Ola', 'ola@x', 'Berit', 'berit@x', '2', 'o and b', NULL),"
        " (3, 'Ola', 'OLA@x', 'Ola', NULL, '12 34 56 78', NULL, NULL),"
        " (4, 'Berit', 'berit@x', NULL, NULL, NULL, 'b', '2020-01-01')",
    )
    club.decide(("email", "ola@x"), ("phone", "+4512345678"), ends=["membership"])
    expected = {
        "homes blank name,email": 1,
        "homes blank name2,mail2,phone2": 1,
        "homes task story": 1,
        "homes erase": 2,
    }
    assert club.due() == expected
    club.hold_person("email", "kari@x")
    assert club.due() == expected  # her fields live anyway; his do not by her hold
    del expected["homes task story"]
    assert club.apply() == expected
    assert club.ask("SELECT id, name, name2, story FROM homes ORDER BY id") == [
        (1, "Kari", None, "k and o"),
        (2, None, "Berit", "o and b"),
    ]


def test_a_person_found_through_the_owner(make_club: Callable[..., Club]) -> None:
    club = make_club(
        """
        members:
          serves: {membership: {clocks: {left: gone}}}
          subjects: {person: {email: email}}
          columns: {name: name, email: email}
          not_personal: [id, gone]
        notes:
          belongs_to: {members: member}
          columns: {text: note}
          not_personal: [id, member]
        lines:
          name: lines
          belongs_to: {notes: {columns: {note: id}}}
          columns: {text: note}
          not_personal: [id, note]
        """,
        """
        CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(9), email VARCHAR(40),
            gone DATE);
        CREATE TABLE notes (id INTEGER PRIMARY KEY, member INTEGER, text VARCHAR(9));
        CREATE INDEX of_member ON notes (member);
        CREATE TABLE "lines" (id INTEGER PRIMARY KEY, note INTEGER, text VARCHAR(9));
        CREATE INDEX of_note ON "lines" (note);
        INSERT INTO members VALUES (1, 'x', 'kari@x', NULL), (2, 'x', 'ola@x', NULL);
        INSERT INTO notes VALUES (1, 1, 'x'), (2, 2, 'x'), (3, NULL, 'x');
        INSERT INTO "lines" VALUES (1, 1, 'x'), (2, 1, 'x'), (3, 2, 'x'), (4, 3, 'x')
        """,
    )
    club.decide(("email", "Kari@X"), ends=["membership"])
    expected = {"lines erase": 3, "notes erase": 2, "members erase": 1}
    assert club.due() == expected
    club.hold_person("email", "kari@x")
    assert club.due() == {"lines erase": 1, "notes erase": 1}
    club.release("h1")
    assert club.apply() == expected
    assert club.ids("members") == [2]
    assert club.ids("notes") == [2]


# ------------------------------------------------------------------ many on a list


def test_a_list_of_thousands(make: Maker, url: str) -> None:
    """More people than one statement could name, brought along once."""
    club = club_of(make, url, "email", [f"'m{i}@holme.example'" for i in range(1, 401)])
    club.decide(
        *(("email", f"M{i}@holme.example") for i in range(300, 12_300)), ends=["membership"]
    )
    club.checked = False
    assert club.apply() == {"members erase": 101}
    assert club.ids("members") == list(range(1, 300))


# ------------------------------------------------------------------ soft deletion, statistics


def test_a_row_that_is_flagged_as_deleted_is_still_there(make_club: Callable[..., Club]) -> None:
    """A flag erases nothing: the row counts until it is due, and is erased then like any other."""
    club = make_club(
        """
        members:
          serves: {membership: {clocks: {left: gone}}}
          columns: {name: name}
          not_personal: [id, gone, deleted, deleted_at]
        """,
        "CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(9), gone DATE,"
        " deleted <bool> NOT NULL, deleted_at <local>);\n"
        "INSERT INTO members VALUES (1, 'a', '2020-01-01', FALSE, NULL),"
        " (2, 'b', '2020-01-01', TRUE, '2020-02-01 10:00:00'),"
        " (3, 'c', '2024-01-01', TRUE, '2020-02-01 10:00:00'), (4, 'd', NULL, TRUE, NULL)",
    )
    assert club.census()["members"].rows == 4
    assert club.why("members", id="4").fields["name"].kept
    assert club.apply() == {"members erase": 2}
    assert club.ids("members") == [3, 4]


def test_a_row_that_stays_as_statistics(make_club: Callable[..., Club]) -> None:
    club = make_club(
        """
        visits:
          serves: {visits: {clocks: {seen: seen}}}
          columns: {ip: {holds: ip, blank: {value: "-"}}, page: usage}
          not_personal: [id, seen]
          when_due: statistics
        """,
        "CREATE TABLE visits (id INTEGER PRIMARY KEY, ip VARCHAR(20) NOT NULL, page VARCHAR(20),"
        " seen DATE);\n"
        "INSERT INTO visits VALUES (1, '10.0.0.1', '/a', '2020-01-01'),"
        " (2, '-', NULL, '2020-01-01'), (3, '10.0.0.1', '/a', '2024-06-14'),"
        " (4, '-', '/b', '2020-01-01')",
    )
    assert club.apply() == {"visits anonymise ip,page": 2}
    assert club.ask("SELECT ip, page FROM visits ORDER BY id") == [
        ("-", None), ("-", None), ("10.0.0.1", "/a"), ("-", None),
    ]  # fmt: skip


# ------------------------------------------------------------------ several minimal classes

CLASSES = """
members:
  serves:
    membership: {clocks: {left: gone}, columns: [name, email]}
    questions: {clocks: {asked: asked}, columns: [name, message]}
    visits: {clocks: {seen: seen}}
  subjects: {person: {email: email}}
  columns: {name: name, email: email, message: message, page: usage}
  not_personal: [id, gone, asked, seen]
"""
OLD, NEW = "'2020-01-01'", "'2024-06-10'"


def test_fields_that_die_at_different_times(make_club: Callable[..., Club]) -> None:
    """Every combination of three clocks, dead or alive, filled or blank."""
    cases = [(a, b, c) for a in (OLD, NEW) for b in (OLD, NEW) for c in (OLD, NEW)]
    rows = [f"({i}, 'n', 'e', 'm', 'p', {a}, {b}, {c})" for i, (a, b, c) in enumerate(cases, 1)]
    rows += [f"({i + 8}, NULL, NULL, NULL, NULL, {a}, {b}, {c})"
             for i, (a, b, c) in enumerate(cases, 1)]  # fmt: skip
    club = make_club(
        CLASSES,
        "CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(9), email VARCHAR(9),"
        " message VARCHAR(9), page VARCHAR(9), gone DATE, asked DATE, seen DATE);\n"
        f"INSERT INTO members VALUES {', '.join(rows)}",
    )
    expected = {
        "members blank page": 1,
        "members blank message": 1,
        "members blank message,page": 1,
        "members blank email": 1,
        "members blank email,page": 1,
        "members blank name,email,message": 1,
        "members erase": 2,
    }
    assert club.due() == expected
    assert club.apply() == expected
    filled = club.ask("SELECT name, email, message, page FROM members WHERE id < 9 ORDER BY id")
    assert filled == [
        (None, None, None, "p"),
        ("n", None, "m", None),
        ("n", None, "m", "p"),
        ("n", "e", None, None),
        ("n", "e", None, "p"),
        ("n", "e", "m", None),
        ("n", "e", "m", "p"),
    ]
