"""Tables and columns with names that SQL has other uses for, and schemas.

Method: give tables, columns and blank values every kind of awkward name; count, erase, blank and
explain as with any other.
"""

from __future__ import annotations

import pytest

from contract.club import Club, Maker

MAP = """
members:
  name: {table}
  key: {key}
  serves: {{membership: {{clocks: {{left: {left}}}}}, questions: {{clocks: {{asked: {asked}}}}}}}
  subjects: {{person: {{email: {mail}}}}}
  columns:
    {name}: name
    {mail}: {{holds: email, blank: {{unique: {blank}}}}}
    {note}: {{holds: photo, blank: {{value: {value}}}}}
  not_personal: [{key}, {left}, {asked}]
"""
NAMES = [
    pytest.param("order", "key", "lines", "group", "select", "user", id="reserved-words"),
    pytest.param("Members", "Id", "FullName", "eMail", "Left", "Note", id="upper-case"),
    pytest.param("the members", "the id", "full name", "an e-mail", "left on", "a b", id="spaces"),
    pytest.param("Næstved", "nøgle", "Første navn", "é-mail", "udmeldt på", "år", id="non-ascii"),
    pytest.param("50%", "%s", "%(name)s", "100 %", "%%", "a%b", id="percent"),
    pytest.param("a:b", ":id", "full:name", ":email", "x::date", ":1", id="colon"),
    pytest.param("o'clock", "it's", "'", "e'mail", "''", "no'te", id="quotes"),
    pytest.param("back\\\\slash", "i\\\\d", "\\\\n", "e\\\\mail", "l\\\\", "\\\\'", id="backslash"),
    pytest.param('the \\"club\\"', 'i\\"d', '\\"', '\\"mail\\"', 'l\\"', 'n\\"', id="two-quotes"),
    pytest.param("a.b", "i.d", "na.me", ".mail", "le.ft", "no.te", id="dots"),
    pytest.param("(x)", "[id]", "{name}", "mail)", "left(", "no?te", id="brackets"),
]
VALUES = ["gone", "50% off: %s", "it's :gone", "a\\\\b\\\\'", 'say \\"no\\"', "", "Ærø ¤ 漢 🙂"]


def plain(written: str) -> str:
    """Return what a text in a double-quoted YAML string means."""
    return written.replace('\\"', '"').replace("\\\\", "\\")


def quoted(name: str) -> str:
    return '"' + plain(name).replace('"', '""') + '"'


def awkward(make: Maker, url: str, names: tuple[str, ...], value: str, blank: str) -> Club:
    table, key, name, mail, left, note = (quoted(n) for n in names)
    text = MAP.format(
        table=f'"{names[0]}"', key=f'"{names[1]}"', name=f'"{names[2]}"', mail=f'"{names[3]}"',
        left=f'"{names[4]}"', note=f'"{names[5]}"', asked="asked", blank=f'"{blank}"',
        value=f'"{value}"',
    )  # fmt: skip
    return make(
        url,
        text,
        f"CREATE TABLE {table} ({key} INTEGER PRIMARY KEY, {name} VARCHAR(50),"
        f" {mail} VARCHAR(50) NOT NULL UNIQUE, {left} DATE, {note} VARCHAR(50), asked DATE)",
        f"INSERT INTO {table} VALUES"
        " (1, 'Berit', 'berit@holme.example', '2023-01-01', 'x', '2023-01-01'),"
        " (2, 'Kari', 'kari@holme.example', '2023-01-01', 'x', '2024-05-01'),"
        " (3, 'Ola', 'ola@holme.example', NULL, 'x', NULL)",
    )


@pytest.mark.parametrize(("table", "key", "name", "mail", "left", "note"), NAMES)
def test_any_name_is_a_name(
    make: Maker, url: str, table: str, key: str, name: str, mail: str, left: str, note: str
) -> None:
    names = (table, key, name, mail, left, note)
    club = awkward(make, url, names, "gone", "x-{key}@holme.invalid")
    club.hold_person("email", "berit@holme.example")
    blanking = f"members replace {plain(note)}"
    assert club.due() == {blanking: 1}
    club.decide(("email", "OLA@holme.example"), ends=["membership", "questions"])
    assert club.due() == {blanking: 1, "members erase": 1}
    club.release("h1")
    assert club.due() == {blanking: 1, "members erase": 2}
    said = club.why("members", **{plain(key): "2"})
    assert {n: f.kept for n, f in said.fields.items()} == {
        plain(name): True, plain(mail): True, plain(note): False,
    }  # fmt: skip
    club.census()
    assert club.apply() == {blanking: 1, "members erase": 2}
    assert club.ask(f"SELECT {quoted(key)}, {quoted(note)} FROM {quoted(table)}") == [(2, "gone")]


@pytest.mark.parametrize("value", VALUES)
def test_a_blank_value_is_written_as_it_stands(make: Maker, url: str, value: str) -> None:
    names = ("members", "id", "name", "email", "gone_on", "photo")
    club = awkward(make, url, names, value, f"{value}{{key}}")
    assert club.apply() == {"members replace photo": 1, "members erase": 1}
    assert club.column("members", "photo") == [plain(value), "x"]
    club.hold_rows("members", ("3",))
    club.decide(("email", "ola@holme.example"), ends=["membership", "questions"])
    club.run("CREATE TABLE fees (id INTEGER PRIMARY KEY, member INTEGER)")
    assert club.due() == {}


def test_an_expression_means_the_columns_of_its_own_table(make: Maker, url: str) -> None:
    """Its names are bare, and Ombud's own tables have columns that are called the same."""
    text = """
    members:
      key: k0
      serves:
        membership: {clocks: {left: {expression: "COALESCE(n, e)", reads: [n, e]}}}
      columns: {d0: name}
      not_personal: [k0, n, e]
    """
    club = make(
        url,
        text,
        "CREATE TABLE members (k0 INTEGER PRIMARY KEY, d0 VARCHAR(9), n DATE, e DATE)",
        "INSERT INTO members VALUES (1, 'a', '2020-01-01', NULL), (2, 'b', NULL, '2019-01-01'),"
        " (3, 'c', '2024-09-01', '2019-01-01'), (4, 'd', NULL, NULL)",
    )
    assert club.apply() == {"members erase": 2}
    assert club.ids("members") == [3, 4]
