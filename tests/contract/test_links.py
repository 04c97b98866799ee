"""Rows that refer to rows: children first, skeletons for what a kept row needs, trees and circles.

Method: small families with one kept or held member at a known place; what has to stay for it stays
as a skeleton, everything else goes, and no kept row ever goes with its parent, whatever the
database would do by itself (ON DELETE of every kind, or no declared key at all).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from contract.club import Club, Maker, dialect_of, step_of
from contract.posts import POSTS, POSTS_DDL
from ombud.errors import ConnectorFailed
from ombud.plan.why import RowOf

FAMILY = """
members:
  serves: {{membership: {{clocks: {{left: gone}}}}}}
  columns: {{name: name, note: note}}
  not_personal: [id, gone]
orders:
  {link}: {{members: {reference}}}
  serves: {{invoices: {{clocks: {{posted: posted}}}}}}
  columns: {{text: invoice_lines}}
  not_personal: [id, member, posted]
"""
MEMBERS = """
CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(9), note VARCHAR(9), gone DATE);
INSERT INTO members VALUES (1, 'a', 'n', '2020-01-01'), (2, 'b', 'n', '2020-01-01'),
    (3, 'c', 'n', '2020-01-01'), (4, 'd', 'n', NULL)
"""
ORDERS = """
CREATE TABLE orders (id INTEGER PRIMARY KEY, member INTEGER{null}, text VARCHAR(9), posted DATE
    {key});
CREATE INDEX of_member ON orders (member);
INSERT INTO orders VALUES (1, 1, 'x', '2010-01-01'), (2, 1, 'y', '2012-01-01'),
    (3, 2, 'x', '2010-01-01'), (4, 2, 'z', '2023-01-01'), (5, 4, 'x', '2010-01-01'),
    (6, 4, 'w', '2023-01-01')
"""
KEY = ", FOREIGN KEY (member) REFERENCES members (id) ON DELETE {rule}"
RULES = ["CASCADE", "RESTRICT", "NO ACTION", "SET NULL", "SET DEFAULT"]


def declared(rule: str, url: str) -> str:
    """Return a foreign key with a rule, or none; MariaDB's InnoDB has no SET DEFAULT."""
    if rule == "SET DEFAULT" and dialect_of(url) == "mariadb":
        rule = "NO ACTION"
    return KEY.format(rule=rule) if rule else ""


@pytest.mark.parametrize("null", ["", " NOT NULL"])
@pytest.mark.parametrize("rule", [*RULES, ""])
def test_a_kept_child_keeps_its_parent_as_a_skeleton(
    make: Maker, url: str, rule: str, null: str
) -> None:
    if rule == "SET NULL" and null:
        return
    club = make(
        url,
        FAMILY.format(link="refers_to", reference="member"),
        MEMBERS,
        ORDERS.format(null=null, key=declared(rule, url)),
    )
    expected = {"orders erase": 4, "members blank name,note": 1, "members erase": 2}
    assert club.due() == expected
    assert club.apply() == expected
    assert club.ask("SELECT id, name FROM members ORDER BY id") == [(2, None), (4, "d")]
    assert club.ask("SELECT id, member FROM orders ORDER BY id") == [(4, 2), (6, 4)]


@pytest.mark.parametrize("null", ["", " NOT NULL"])
@pytest.mark.parametrize("rule", [*RULES, ""])
def test_a_child_that_does_not_keep_its_parent_is_cut_loose(
    make: Maker, url: str, rule: str, null: str
) -> None:
    """Where its reference cannot be emptied it keeps the parent: it never goes with it."""
    if rule == "SET NULL" and null:
        return
    club = make(
        url,
        FAMILY.format(link="refers_to", reference="{columns: member, keeps_parent: false}"),
        MEMBERS,
        ORDERS.format(null=null, key=declared(rule, url)),
    )
    cut = not null or not rule or (rule == "SET DEFAULT" and dialect_of(url) != "mariadb")
    if rule == "SET DEFAULT" and null and cut:
        return  # there is no default that would be a row
    if cut:
        assert club.apply() == {"orders erase": 4, "members erase": 3}
        assert club.ids("members") == [4]
        kept = 2 if null else None
        assert club.ask("SELECT id, member FROM orders ORDER BY id") == [(4, kept), (6, 4)]
    else:
        expected = {"orders erase": 4, "members blank name,note": 1, "members erase": 2}
        assert club.apply() == expected
        assert club.ask("SELECT id, member FROM orders ORDER BY id") == [(4, 2), (6, 4)]


@pytest.mark.parametrize("rule", ["CASCADE", "RESTRICT", ""])
def test_owned_rows_go_with_their_owner(make: Maker, url: str, rule: str) -> None:
    club = make(
        url,
        """
        members:
          serves: {membership: {clocks: {left: gone}}}
          columns: {name: name, note: note}
          not_personal: [id, gone]
        notes:
          belongs_to: {members: member}
          columns: {text: note}
          not_personal: [id, member]
        """,
        MEMBERS,
        f"""
        CREATE TABLE notes (id INTEGER PRIMARY KEY, member INTEGER NOT NULL, text VARCHAR(9)
            {declared(rule, url)});
        CREATE INDEX of_member ON notes (member);
        INSERT INTO notes VALUES (1, 1, 'x'), (2, 1, 'y'), (3, 2, 'x'), (4, 4, 'z')
        """,
    )
    assert club.due() == {"notes erase": 3, "members erase": 3}
    club.hold_rows("notes", ("3",))
    club.checked = False
    assert club.due() == {"notes erase": 2, "members blank name,note": 1, "members erase": 2}
    club.release("h1")
    assert club.apply() == {"notes erase": 3, "members erase": 3}
    assert club.ids("notes") == [4]
    assert club.ids("members") == [4]


def test_an_owned_row_that_a_kept_one_refers_to_does_not_go_with_its_owner(
    make: Maker, url: str
) -> None:
    """A reply below a kept post answers one below a due post: the database would take both."""
    club = make(
        url,
        """
        posts:
          serves: {membership: {clocks: {left: gone}}}
          columns: {name: name}
          not_personal: [id, gone]
        replies:
          belongs_to: {posts: post}
          refers_to: {answered: {table: replies, columns: to}}
          columns: {text: note}
          not_personal: [id, post, to]
        """,
        """
        CREATE TABLE posts (id INTEGER PRIMARY KEY, name VARCHAR(9), gone DATE);
        CREATE TABLE replies (id INTEGER PRIMARY KEY, post INTEGER NOT NULL, "to" INTEGER,
            text VARCHAR(9), FOREIGN KEY (post) REFERENCES posts (id) ON DELETE CASCADE,
            FOREIGN KEY ("to") REFERENCES replies (id) ON DELETE CASCADE);
        CREATE INDEX of_post ON replies (post);
        CREATE INDEX of_answered ON replies ("to");
        INSERT INTO posts VALUES (1, 'x', '2020-01-01'), (2, 'y', NULL), (3, 'z', '2020-01-01');
        INSERT INTO replies VALUES (1, 1, NULL, 'a'), (2, 2, 1, 'b'), (3, 3, NULL, 'c'),
            (4, 3, 3, 'd')
        """,
    )
    expected = {
        "replies blank text": 1, "replies erase": 2, "posts blank name": 1, "posts erase": 1,
    }  # fmt: skip
    assert club.due() == expected
    assert club.apply() == expected
    assert club.ids("replies") == [1, 2]


GRAND = """
members:
  serves: {membership: {clocks: {left: gone}}}
  columns: {name: name, note: note}
  not_personal: [id, gone]
orders:
  belongs_to: {members: member}
  columns: {note: note}
  not_personal: [id, member]
lines:
  belongs_to: {orders: {columns: {order: id}}}
  serves: {invoices: {clocks: {posted: posted}}}
  columns: {text: invoice_lines}
  not_personal: [id, order, posted]
"""


@pytest.mark.parametrize("rule", ["CASCADE", "NO ACTION"])
def test_a_kept_grandchild_keeps_the_whole_line(make: Maker, url: str, rule: str) -> None:
    club = make(
        url,
        GRAND,
        MEMBERS,
        f"""
        CREATE TABLE orders (id INTEGER PRIMARY KEY, member INTEGER NOT NULL, note VARCHAR(9)
            {declared(rule, url)});
        CREATE INDEX of_member ON orders (member);
        CREATE TABLE lines (id INTEGER PRIMARY KEY, "order" INTEGER NOT NULL, text VARCHAR(9),
            posted DATE, FOREIGN KEY ("order") REFERENCES orders (id) ON DELETE {rule});
        CREATE INDEX of_order ON lines ("order");
        INSERT INTO orders VALUES (1, 1, 'n'), (2, 1, 'n'), (3, 2, 'n'), (4, 4, 'n');
        INSERT INTO lines VALUES (1, 1, 'x', '2023-01-01'), (2, 2, 'x', '2010-01-01'),
            (3, 3, 'x', '2010-01-01'), (4, 4, 'x', '2010-01-01')
        """.replace("TABLE lines", 'TABLE "lines"').replace("INTO lines", 'INTO "lines"')
        .replace("ON lines", 'ON "lines"'),
    )  # fmt: skip
    expected = {
        "lines erase": 3,
        "orders blank note": 1,
        "orders erase": 2,
        "members blank name,note": 1,
        "members erase": 2,
    }
    assert club.apply() == expected
    assert club.ids("lines") == [1]
    assert club.ids("orders") == [1, 4]
    assert club.ids("members") == [1, 4]


def test_a_link_whose_parent_is_missing(make_club: Callable[..., Club]) -> None:
    club = make_club(
        FAMILY.format(link="refers_to", reference="member"),
        MEMBERS,
        ORDERS.format(null="", key=""),
        "INSERT INTO orders VALUES (7, 99, 'x', '2010-01-01'), (8, NULL, 'x', '2010-01-01'),"
        " (9, 99, 'x', '2023-01-01')",
    )
    assert club.apply()["orders erase"] == 6
    assert club.ids("orders") == [4, 6, 9]


POLYMORPHIC = """
members:
  serves: {membership: {clocks: {left: gone}}}
  columns: {name: name, note: note}
  not_personal: [id, gone]
events:
  serves: {membership: {clocks: {left: gone}}}
  columns: {title: note}
  not_personal: [id, gone]
comments:
  belongs_to:
    of_member: {table: members, columns: {about: id}, when: {kind: member}}
    of_event: {table: events, columns: {about: id}, when: {kind: "it's an event"}}
  columns: {text: note}
  not_personal: [id, about, kind]
"""


def test_a_link_that_depends_on_a_column(make_club: Callable[..., Club]) -> None:
    club = make_club(
        POLYMORPHIC,
        MEMBERS,
        """
        CREATE TABLE events (id INTEGER PRIMARY KEY, title VARCHAR(9), gone DATE);
        INSERT INTO events VALUES (1, 'x', NULL), (2, 'y', '2020-01-01'), (4, 'z', '2020-01-01');
        CREATE TABLE comments (id INTEGER PRIMARY KEY, kind VARCHAR(20), about INTEGER,
            text VARCHAR(9));
        CREATE INDEX of_either ON comments (about, kind);
        INSERT INTO comments VALUES (1, 'member', 1, 'gone'), (2, 'it''s an event', 1, 'kept'),
            (3, 'member', 4, 'kept'), (4, 'it''s an event', 4, 'gone'), (5, 'other', 1, 'gone')
        """,
    )
    assert club.apply() == {"comments erase": 3, "members erase": 3, "events erase": 2}
    assert club.ids("comments") == [2, 3]


COMPOSITE = """
cases:
  key: [no, year]
  serves: {membership: {clocks: {left: gone}}}
  columns: {name: name}
  not_personal: [no, year, gone]
papers:
  belongs_to: {cases: {columns: {case_no: no, case_year: year}}}
  serves: {invoices: {clocks: {posted: posted}}}
  columns: {text: invoice_lines}
  not_personal: [id, case_no, case_year, posted]
"""


@pytest.mark.parametrize("rule", ["CASCADE", "NO ACTION", ""])
def test_a_link_of_two_columns(make: Maker, url: str, rule: str) -> None:
    key = ", FOREIGN KEY (case_no, case_year) REFERENCES cases (no, year) ON DELETE " + rule
    club = make(
        url,
        COMPOSITE,
        f"""
        CREATE TABLE cases (no INTEGER, year INTEGER, name VARCHAR(9), gone DATE,
            PRIMARY KEY (no, year));
        CREATE TABLE papers (id INTEGER PRIMARY KEY, case_no INTEGER, case_year INTEGER,
            text VARCHAR(9), posted DATE{key if rule else ""});
        CREATE INDEX of_case ON papers (case_no, case_year);
        INSERT INTO cases VALUES (1, 2020, 'a', '2020-01-01'), (1, 2021, 'b', '2020-01-01'),
            (2, 2020, 'c', NULL);
        INSERT INTO papers VALUES (1, 1, 2020, 'x', '2010-01-01'), (2, 1, 2021, 'y', '2023-01-01'),
            (3, 2, 2020, 'z', '2010-01-01'), (4, 1, NULL, 'w', '2023-01-01')
        """,
    )
    assert club.apply() == {"papers erase": 2, "cases blank name": 1, "cases erase": 1}
    assert club.ask("SELECT no, year, name FROM cases ORDER BY 1, 2") == [
        (1, 2021, None), (2, 2020, "c"),
    ]  # fmt: skip
    assert club.ids("papers") == [2, 4]


def test_a_link_to_a_column_that_is_not_the_key(make_club: Callable[..., Club]) -> None:
    """By a text that MariaDB would only index by its beginning."""
    text = "VARCHAR(200)"
    club = make_club(
        """
        members:
          serves: {membership: {clocks: {left: gone}}}
          columns: {name: name}
          not_personal: [id, code, gone]
        orders:
          refers_to: {members: {columns: {code: code}}}
          serves: {invoices: {clocks: {posted: posted}}}
          columns: {text: invoice_lines}
          not_personal: [id, code, posted]
        """,
        f"""
        CREATE TABLE members (id INTEGER PRIMARY KEY, code {text} UNIQUE, name VARCHAR(9),
            gone DATE);
        CREATE TABLE orders (id INTEGER PRIMARY KEY, code {text}, text VARCHAR(9), posted DATE,
            FOREIGN KEY (code) REFERENCES members (code) ON DELETE CASCADE);
        CREATE INDEX of_member ON orders (code);
        INSERT INTO members VALUES (1, 'a', 'x', '2020-01-01'), (2, 'b', 'x', '2020-01-01'),
            (3, NULL, 'x', '2020-01-01');
        INSERT INTO orders VALUES (1, 'a', 'x', '2023-01-01'), (2, 'b', 'x', '2010-01-01')
        """,
    )
    assert club.apply() == {"orders erase": 1, "members blank name": 1, "members erase": 2}
    assert club.ids("members") == [1]


# ------------------------------------------------------------------ trees

TREE = """
nodes:
  serves: {{membership: {{clocks: {{left: gone}}}}}}
  {link}: {{above: {{table: nodes, columns: parent{options}}}}}
  columns: {{name: name}}
  not_personal: [id, parent, gone]
"""
NODES = """
CREATE TABLE nodes (id INTEGER PRIMARY KEY, parent INTEGER{null}, name VARCHAR(9), gone DATE{key});
CREATE INDEX of_above ON nodes (parent)
"""
OF_NODES = ", FOREIGN KEY (parent) REFERENCES nodes (id) ON DELETE {rule}"
OLD = "'2020-01-01'"


def tree(make: Maker, url: str, rule: str, rows: list[tuple[int, object, str]]) -> Club:
    """Make a table of nodes: (id, parent, gone)."""
    key = OF_NODES.format(rule=rule) if rule else ""
    said = ", ".join(f"({i}, {p}, 'x', {gone})" for i, p, gone in rows)
    return make(
        url,
        TREE.format(link="refers_to", options=""),
        NODES.format(key=key, null=""),
        f"INSERT INTO nodes VALUES {said}",
    )


@pytest.mark.parametrize("rule", ["CASCADE", "NO ACTION", "SET NULL", ""])
def test_a_tree_keeps_the_way_to_a_kept_leaf(make: Maker, url: str, rule: str) -> None:
    """1 - 2 - 3 (kept), 1 - 4 - 5, 6 alone, 7 - 8 (kept parent, due child)."""
    club = tree(make, url, rule, [
        (1, "NULL", OLD), (2, 1, OLD), (3, 2, "NULL"), (4, 1, OLD), (5, 4, OLD),
        (6, "NULL", OLD), (7, "NULL", "NULL"), (8, 7, OLD),
    ])  # fmt: skip
    assert club.due() == {"nodes blank name": 2, "nodes erase": 4}
    assert club.apply() == {"nodes blank name": 2, "nodes erase": 4}
    assert club.ask("SELECT id, parent, name FROM nodes ORDER BY id") == [
        (1, None, None), (2, 1, None), (3, 2, "x"), (7, None, "x"),
    ]  # fmt: skip


@pytest.mark.parametrize("rule", ["CASCADE", "NO ACTION", "SET NULL", ""])
def test_a_hold_placed_on_a_leaf_after_the_survey_saves_all_above_it(
    make: Maker, url: str, rule: str
) -> None:
    """1 - 2 - 3, where 3 is held when the batch comes: what leads to it stays, 4 - 5 goes."""
    club = tree(make, url, rule, [
        (1, "NULL", OLD), (2, 1, OLD), (3, 2, OLD), (4, 1, OLD), (5, 4, OLD),
    ])  # fmt: skip
    plan = club.plan()
    applier = club.applier()
    with club.connector.session() as session:
        watch = applier.watch(club.connector, session, club.timing)
        surveyed = session.survey()
        club.hold_rows("nodes", ("3",))
        from ombud.plan.model import Ceilings  # noqa: PLC0415

        applier.carry_out(plan, list(plan.steps), watch, surveyed, Ceilings.of(plan))
    assert club.ids("nodes") == [1, 2, 3]
    assert club.ask("SELECT id, parent FROM nodes ORDER BY id") == [(1, None), (2, 1), (3, 2)]
    assert club.due() == {"nodes blank name": 1}  # what 3 refers to is kept with its data
    assert club.apply() == {"nodes blank name": 1}


@pytest.mark.parametrize("rule", ["CASCADE", "NO ACTION", ""])
def test_rows_that_point_to_themselves_and_rings(make: Maker, url: str, rule: str) -> None:
    """1 to itself; 2 - 3 - 4 - 2; 5 - 6 - 5 with 6 kept; 7 hangs on the ring of 2."""
    club = tree(make, url, rule, [
        (i, "NULL", "NULL" if i == 6 else OLD) for i in range(1, 8)
    ])  # fmt: skip
    for row, parent in ((1, 1), (2, 3), (3, 4), (4, 2), (5, 6), (6, 5), (7, 2)):
        club.run(f"UPDATE nodes SET parent = {parent} WHERE id = {row}")
    assert club.due() == {"nodes blank name": 1, "nodes erase": 5}
    assert club.apply() == {"nodes blank name": 1, "nodes erase": 5}
    assert club.ask("SELECT id, parent, name FROM nodes ORDER BY id") == [
        (5, 6, None), (6, 5, "x"),
    ]  # fmt: skip


@pytest.mark.parametrize("rule", ["CASCADE", "NO ACTION"])
def test_a_root_that_has_to_point_to_itself(make: Maker, url: str, rule: str) -> None:
    club = make(
        url,
        TREE.format(link="refers_to", options=""),
        NODES.format(key=OF_NODES.format(rule=rule), null=" NOT NULL"),
        f"INSERT INTO nodes VALUES (1, 1, 'x', {OLD}), (2, 1, 'x', {OLD}), (3, 2, 'x', {OLD}),"
        f" (4, 4, 'x', {OLD}), (5, 4, 'x', NULL)",
    )
    if dialect_of(url) == "mariadb" and rule == "NO ACTION":
        # InnoDB never lets go of such a row; that is said, and nothing is half done
        error = step_of(club.applier().apply(club.plan(), club.timing), "nodes erase").failed
        assert isinstance(error, ConnectorFailed)
        assert "constraint" in str(error)
        assert club.ids("nodes") == [1, 2, 3, 4, 5]
        return
    assert club.apply() == {"nodes blank name": 1, "nodes erase": 3}
    assert club.ids("nodes") == [4, 5]


def test_a_long_chain(make: Maker, url: str) -> None:
    """Each the reply to the one before: 600 rows deep, with a kept one in the middle."""
    club = make(
        url,
        TREE.format(link="refers_to", options=""),
        NODES.format(key=OF_NODES.format(rule="NO ACTION"), null=""),
    )
    for n in range(0, 600, 300):
        rows = ", ".join(f"({i}, {i - 1 or 'NULL'}, 'x', {'NULL' if i == 40 else OLD})"
                         for i in range(n + 1, n + 301))  # fmt: skip
        club.run(f"INSERT INTO nodes VALUES {rows}")
    club.checked = False
    assert club.due() == {"nodes blank name": 39, "nodes erase": 560}
    assert club.apply() == {"nodes blank name": 39, "nodes erase": 560}
    assert club.ids("nodes") == list(range(1, 41))


# ------------------------------------------------------------------ circles of tables

CIRCLE = """
teams:
  serves: {membership: {clocks: {left: gone}}}
  refers_to: {captain: {table: people, columns: captain}}
  columns: {name: name}
  not_personal: [id, captain, gone]
people:
  serves: {membership: {clocks: {left: gone}}}
  refers_to: {team: {table: teams, columns: team}}
  columns: {name: name}
  not_personal: [id, team, gone]
"""


def circle(make: Maker, url: str, first: str, second: str, null: str = "") -> Club:
    """Make two tables that refer to each other."""
    club = make(
        url,
        CIRCLE,
        f"CREATE TABLE teams (id INTEGER PRIMARY KEY, captain INTEGER{null}, name VARCHAR(9),"
        f" gone DATE{first if dialect_of(url) == 'sqlite' else ''});\n"
        f"CREATE TABLE people (id INTEGER PRIMARY KEY, team INTEGER{null}, name VARCHAR(9),"
        f" gone DATE{second});\n"
        "CREATE INDEX of_captain ON teams (captain);\nCREATE INDEX of_team ON people (team)",
    )
    if first and dialect_of(url) != "sqlite":
        club.run(f"ALTER TABLE teams ADD {first.removeprefix(', ')}")
        club.connector._live = None
    return club


TO_PEOPLE = ", FOREIGN KEY (captain) REFERENCES people (id) ON DELETE {rule}"
TO_TEAMS = ", FOREIGN KEY (team) REFERENCES teams (id) ON DELETE {rule}"


@pytest.mark.parametrize("rule", ["NO ACTION", "SET NULL", ""])
def test_tables_in_a_circle(make: Maker, url: str, rule: str) -> None:
    """Team 1 and person 1 hold each other and go; person 3 keeps team 2, which keeps person 2."""
    first, second = (t.format(rule=rule) if rule else "" for t in (TO_PEOPLE, TO_TEAMS))
    club = circle(make, url, first, second)
    club.run(
        f"INSERT INTO teams VALUES (1, NULL, 'x', {OLD}), (2, NULL, 'x', {OLD}),"
        f" (3, NULL, 'x', {OLD})",
        f"INSERT INTO people VALUES (1, 1, 'x', {OLD}), (2, 2, 'x', {OLD}), (3, 2, 'x', NULL),"
        f" (4, NULL, 'x', {OLD}), (5, 3, 'x', {OLD})",
        "UPDATE teams SET captain = 1 WHERE id = 1",
        "UPDATE teams SET captain = 2 WHERE id = 2",
        "UPDATE teams SET captain = 4 WHERE id = 3",
    )
    expected = {
        "teams blank name": 1, "teams erase": 2, "people blank name": 1, "people erase": 3,
    }  # fmt: skip
    assert club.due() == expected
    assert club.apply() == expected
    assert club.ask("SELECT id, captain FROM teams") == [(2, 2)]
    assert club.ask("SELECT id, team FROM people ORDER BY id") == [(2, 2), (3, 2)]


def test_a_hold_in_a_circle_after_the_survey(make: Maker, url: str) -> None:
    first, second = (t.format(rule="NO ACTION") for t in (TO_PEOPLE, TO_TEAMS))
    club = circle(make, url, first, second)
    club.run(
        f"INSERT INTO teams VALUES (1, NULL, 'x', {OLD}), (2, NULL, 'x', {OLD})",
        f"INSERT INTO people VALUES (1, 1, 'x', {OLD}), (2, 2, 'x', {OLD}), (3, 1, 'x', {OLD})",
        "UPDATE teams SET captain = 1 WHERE id = 1",
        "UPDATE teams SET captain = 2 WHERE id = 2",
    )
    plan, applier = club.plan(), club.applier()
    with club.connector.session() as session:
        from ombud.plan.model import Ceilings  # noqa: PLC0415

        watch = applier.watch(club.connector, session, club.timing)
        surveyed = session.survey()
        club.hold_rows("people", ("3",))
        applier.carry_out(plan, list(plan.steps), watch, surveyed, Ceilings.of(plan))
    assert club.ask("SELECT id, captain FROM teams") == [(1, 1)]
    assert club.ask("SELECT id, team FROM people ORDER BY id") == [(1, 1), (3, 1)]


@pytest.mark.parametrize("rule", ["CASCADE", "NO ACTION"])
def test_a_circle_of_references_that_cannot_be_empty(make: Maker, url: str, rule: str) -> None:
    """Both ends are NOT NULL: they go in one transaction, or the database says no to all of it."""
    later = " DEFERRABLE INITIALLY DEFERRED" if dialect_of(url) != "mariadb" else ""
    first, second = (t.format(rule=rule) + later for t in (TO_PEOPLE, TO_TEAMS))
    club = circle(make, url, first, second, " NOT NULL")
    club.run(
        *(["SET foreign_key_checks = 0"] if dialect_of(url) == "mariadb" else []),
        f"INSERT INTO teams VALUES (1, 1, 'x', {OLD}), (2, 2, 'x', {OLD})",
        f"INSERT INTO people VALUES (1, 1, 'x', {OLD}), (2, 2, 'x', NULL)",
    )
    assert club.due() == {"teams blank name": 1, "teams erase": 1, "people erase": 1}
    if dialect_of(url) == "mariadb" and rule == "NO ACTION":
        outcomes = club.applier().apply(club.plan(), club.timing)
        error = step_of(outcomes, "teams erase").failed
        assert isinstance(error, ConnectorFailed)
        assert "constraint" in str(error)
        assert club.ids("teams") == club.ids("people") == [1, 2]
        return
    club.apply()
    assert club.ids("teams") == club.ids("people") == [2]


def test_a_deferrable_key_is_checked_at_the_end(make: Maker, url: str) -> None:
    if dialect_of(url) == "mariadb":
        return
    club = make(
        url,
        FAMILY.format(link="refers_to", reference="member"),
        MEMBERS,
        ORDERS.format(null="", key=declared("NO ACTION", url) + " DEFERRABLE INITIALLY DEFERRED"),
    )
    assert club.apply() == {"orders erase": 4, "members blank name,note": 1, "members erase": 2}


# ------------------------------------------------------------------ what is special about tables


@pytest.mark.parametrize("kind", ["mariadb"], indirect=True)
def test_tables_without_transactions(make: Maker, url: str) -> None:
    club = make(
        url,
        FAMILY.format(link="refers_to", reference="member"),
        MEMBERS.replace("gone DATE)", "gone DATE) ENGINE=MyISAM"),
        ORDERS.format(null="", key="").replace("posted DATE\n    )", "posted DATE) ENGINE=MyISAM"),
    )
    assert {"Z28"} <= club.codes()
    club.hold_rows("members", ("1",))
    assert club.apply() == {"orders erase": 4, "members blank name,note": 1, "members erase": 1}
    assert club.ask("SELECT id, name FROM members ORDER BY id") == [
        (1, "a"), (2, None), (4, "d"),
    ]  # fmt: skip


PARTITIONED = {
    "postgresql": [
        "CREATE TABLE visits (id INTEGER, day DATE, ip VARCHAR(20), PRIMARY KEY (id, day))"
        " PARTITION BY RANGE (day)",
        "CREATE TABLE visits_old PARTITION OF visits FOR VALUES FROM ('2020-01-01')"
        " TO ('2024-06-01')",
        "CREATE TABLE visits_new PARTITION OF visits DEFAULT",
    ],
    "mariadb": [
        "CREATE TABLE visits (id INTEGER, day DATE, ip VARCHAR(20), PRIMARY KEY (id, day))"
        " PARTITION BY RANGE (YEAR(day)) (PARTITION old VALUES LESS THAN (2024),"
        " PARTITION new VALUES LESS THAN MAXVALUE)"
    ],
}


@pytest.mark.parametrize("kind", ["postgres", "postgres15", "mariadb"], indirect=True)
def test_a_partitioned_table(make: Maker, url: str) -> None:
    club = make(
        url,
        """
        visits:
          key: [id, day]
          serves: {visits: {clocks: {seen: day}}}
          columns: {ip: ip}
          not_personal: [id, day]
        """,
        *PARTITIONED[dialect_of(url)],
        "INSERT INTO visits VALUES (1, '2022-01-01', 'a'), (2, '2024-05-31', 'b'),"
        " (3, '2024-06-01', 'c'), (4, '2024-06-14', 'd')",
    )
    assert "Z26" in club.codes()
    assert club.apply() == {"visits erase": 2}
    assert club.ids("visits") == [3, 4]


TRIGGERS = {
    "sqlite": [
        "CREATE TRIGGER audit AFTER DELETE ON members BEGIN INSERT INTO gone VALUES (OLD.id); END"
    ],
    "postgresql": [
        "CREATE FUNCTION audit() RETURNS trigger AS $$ BEGIN INSERT INTO gone VALUES (OLD.id);"
        " RETURN OLD; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER audit AFTER DELETE ON members FOR EACH ROW EXECUTE FUNCTION audit()",
    ],
    "mariadb": [
        "CREATE TRIGGER audit AFTER DELETE ON members FOR EACH ROW INSERT INTO gone VALUES (OLD.id)"
    ],
}


def test_triggers_stay_on(make: Maker, url: str) -> None:
    club = make(
        url,
        FAMILY.format(link="refers_to", reference="member"),
        MEMBERS,
        ORDERS.format(null="", key=""),
        "CREATE TABLE gone (id INTEGER PRIMARY KEY)",
        *TRIGGERS[dialect_of(url)],
    )
    assert "Z25" in club.codes()
    assert club.apply()["members erase"] == 2
    assert [i for (i,) in club.ask("SELECT id FROM gone ORDER BY id")] == [1, 3]


# ------------------------------------------------------------------ schemas


@pytest.mark.parametrize("kind", ["postgres", "postgres15"], indirect=True)
def test_tables_in_several_schemas(make: Maker, url: str) -> None:
    club = make(
        url,
        """
        members:
          schema: Klub Øst
          serves: {membership: {clocks: {left: gone}}}
          columns: {name: name, note: note}
          not_personal: [id, gone]
        orders:
          refers_to: {members: member}
          serves: {invoices: {clocks: {posted: posted}}}
          columns: {text: invoice_lines}
          not_personal: [id, member, posted]
        others:
          name: members
          serves: {membership: {clocks: {left: gone}}}
          columns: {name: name}
          not_personal: [id, gone]
        """,
        'CREATE SCHEMA "Klub Øst"',
        MEMBERS.replace("members", '"Klub Øst".members'),
        ORDERS.format(null="", key=declared("CASCADE", url)).replace(
            "REFERENCES members", 'REFERENCES "Klub Øst".members'
        ),
        "CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(9), gone DATE)",
        f"INSERT INTO members VALUES (1, 'x', NULL), (2, 'x', {OLD})",
    )
    expected = {
        "orders erase": 4, "members blank name,note": 1, "members erase": 2, "others erase": 1,
    }  # fmt: skip
    assert club.apply() == expected
    assert club.ask('SELECT id FROM "Klub Øst".members ORDER BY id') == [(2,), (4,)]
    assert club.ask("SELECT id FROM members") == [(1,)]


@pytest.mark.parametrize("kind", ["postgres"], indirect=True)
def test_a_schema_for_the_whole_system(make: Maker, url: str) -> None:
    club = make(
        url,
        FAMILY.format(link="refers_to", reference="member"),
        "CREATE SCHEMA club; \n SET search_path = club",
        MEMBERS,
        ORDERS.format(null="", key=declared("CASCADE", url)),
        head="schema: club",
    )
    assert club.apply()["members erase"] == 2
    assert club.ask("SELECT count(*) FROM club.members") == [(2,)]


def test_a_table_in_another_database(
    make: Maker, mariadb_url: str, fresh_database: Callable[[str], str]
) -> None:
    other = fresh_database("mariadb").rpartition("/t_")[2].partition("?")[0]
    club = make(
        mariadb_url,
        FAMILY.format(link="refers_to", reference="member").replace(
            "members:\n", f"members:\n  schema: t_{other}\n", 1
        ),
        MEMBERS.replace("members", f"t_{other}.members"),
        ORDERS.format(null="", key=declared("CASCADE", mariadb_url)).replace(
            "REFERENCES members", f"REFERENCES t_{other}.members"
        ),
    )
    expected = {"orders erase": 4, "members blank name,note": 1, "members erase": 2}
    assert club.due() == expected
    assert club.apply() == expected
    assert club.ask(f"SELECT id FROM t_{other}.members ORDER BY id") == [(2,), (4,)]
    club.run("DROP TABLE orders")  # which would keep the other database from being dropped


def test_why_says_what_a_row_without_personal_columns_goes_with(make: Maker, url: str) -> None:
    club = make(
        url,
        FAMILY.format(link="refers_to", reference="member").split("orders:")[0]
        + """
places:
  belongs_to: {members: member}
  not_personal: [id, member]
""",
        MEMBERS,
        """
CREATE TABLE places (id INTEGER PRIMARY KEY, member INTEGER);
CREATE INDEX of_place ON places (member);
INSERT INTO places VALUES (1, 1), (2, 4), (3, NULL)
""",
    )
    rows = [club.why("places", id=key).row for key in ("1", "2", "3")]
    assert rows == [
        RowOf(False, False, (), ("members",)),
        RowOf(True, True, ("members",), ("members",)),
        RowOf(True, True, (), ("members",)),
    ]


# ------------------------------------------------------------------ two parents

POSTS_ROWS = """
INSERT INTO members VALUES (1, 'a', '2020-01-01'), (2, 'b', NULL), (3, 'c', '2020-01-01');
INSERT INTO threads VALUES (1, NULL, '2010-01-01'), (2, NULL, '2010-01-01'),
    (3, NULL, '2010-01-01');
INSERT INTO posts VALUES (1, 1, 1, NULL, 'x'), (2, 2, 2, 3, 'y'), (3, 1, 2, 3, 'z')
"""
THREAD = ", FOREIGN KEY (thread) REFERENCES threads (id) ON DELETE {rule}"
ABOUT = ", FOREIGN KEY (about) REFERENCES members (id) ON DELETE {rule}"


def posts(make: Maker, url: str, rule: str, *, about: bool = False) -> Club:
    """Return a club whose posts go along with their members, and refer to threads besides."""
    key = THREAD.format(rule=rule) + (ABOUT.format(rule=rule) if about else "") if rule else ""
    link = "about: {table: members, columns: about}" if about else ""
    return make(url, POSTS.replace("{about}", link), POSTS_DDL.replace("{key}", key), POSTS_ROWS)


@pytest.mark.parametrize("rule", ["", "CASCADE", "NO ACTION"])
def test_what_goes_along_with_one_parent_keeps_the_other_while_it_stays(
    make: Maker, url: str, rule: str
) -> None:
    club = posts(make, url, rule)
    assert club.apply() == {"posts erase": 2, "members erase": 2, "threads erase": 2}
    assert (club.ids("posts"), club.ids("threads"), club.ids("members")) == ([2], [2], [2])


@pytest.mark.parametrize("rule", ["", "CASCADE"])
def test_what_goes_along_keeps_another_member_that_it_is_about(
    make: Maker, url: str, rule: str
) -> None:
    club = posts(make, url, rule, about=True)
    done = {"posts erase": 2, "members erase": 1, "members blank name": 1, "threads erase": 2}
    assert club.apply() == done
    assert (club.ids("posts"), club.ids("threads"), club.ids("members")) == ([2], [2], [2, 3])


@pytest.mark.parametrize("rule", ["", "CASCADE"])
def test_a_post_that_comes_after_the_survey_keeps_its_thread(
    make: Maker, url: str, rule: str
) -> None:
    club = posts(make, url, rule)
    plan = club.plan()
    club.run("INSERT INTO posts VALUES (9, 2, 3, NULL, 'new')")
    assert club.apply(plan)["threads erase"] == 1
    assert (club.ids("posts"), club.ids("threads")) == ([2, 9], [2, 3])


def test_what_goes_along_and_is_about_its_own_member_goes(make: Maker, url: str) -> None:
    """Two of them about each other's members too: nobody waits for anybody."""
    club = posts(make, url, "NO ACTION", about=True)
    club.run(
        "UPDATE posts SET about = 1, thread = NULL WHERE id = 1",
        "INSERT INTO posts VALUES (4, 1, NULL, 3, 'u'), (5, 3, NULL, 1, 'v')",
        "UPDATE posts SET about = NULL WHERE id = 2",
    )
    assert club.apply() == {"posts erase": 4, "members erase": 2, "threads erase": 2}
    assert (club.ids("posts"), club.ids("threads"), club.ids("members")) == ([2], [2], [2])


def test_why_asks_an_expression_of_the_row_that_refers(make: Maker, url: str) -> None:
    """Both tables have a column of that name, and an expression says it without its table."""
    clock = '{expression: "COALESCE(gone, gone)", reads: [gone]}'
    tables = FAMILY.format(link="refers_to", reference="member")
    club = make(
        url,
        tables.replace("posted: posted", f"posted: {clock}").replace(
            "member, posted", "member, gone"
        ),
        MEMBERS,
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, member INTEGER, text VARCHAR(9), gone DATE);"
        "\nCREATE INDEX of_member ON orders (member);\n"
        "INSERT INTO orders VALUES (1, 1, 'x', '2010-01-01'), (2, 2, 'y', '2023-01-01')",
    )
    kept = [club.why("members", id=key).row.referred_by for key in ("1", "2")]
    assert kept == [(), ("orders",)]
