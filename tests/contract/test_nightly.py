"""A night's survey, of what can have become due since, finds what a survey of every row does.

Method: everything due is done; a day passes on which one clock strikes; both surveys are compared.
The oracle does the same with worlds it draws (`oracle/test_agreement.py`); here is what they draw
too seldom.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from contract.club import TODAY, Club
from contract.posts import POSTS, POSTS_DDL

FILES = """files:
  belongs_to: {posts: post}
  refers_to: {shelves: shelf}
  columns: {name: note}
  not_personal: [id, post, shelf]
shelves:
  serves: {invoices: {clocks: {posted: closed}}}
  columns: {text: invoice_lines}
  not_personal: [id, closed]
"""
MAP = POSTS.replace("{about}", "")
KEY = ", FOREIGN KEY (thread) REFERENCES threads (id)"
LAST_DAY = TODAY - timedelta(days=366)  # a year on, its last day is today: due tomorrow
DDL = (
    POSTS_DDL.replace("{key}", KEY)
    + f"""\
CREATE INDEX gone ON members (gone);
INSERT INTO members VALUES (1, 'a', '{LAST_DAY}'), (2, 'b', '2026-01-01'), (3, 'c', NULL);
INSERT INTO threads VALUES (1, NULL, '2010-01-01'), (2, NULL, '2010-01-01');
INSERT INTO posts VALUES (1, 1, 1, NULL, 'x'), (2, 2, 2, NULL, 'y'), (3, 3, 2, NULL, 'z'),
    (4, 1, NULL, NULL, 'w')
"""
)
FILES_DDL = """
CREATE TABLE shelves (id INTEGER PRIMARY KEY, text VARCHAR(9), closed DATE);
CREATE TABLE files (id INTEGER PRIMARY KEY, post INTEGER NOT NULL, shelf INTEGER,
    name VARCHAR(9), FOREIGN KEY (post) REFERENCES posts (id) ON DELETE CASCADE,
    FOREIGN KEY (shelf) REFERENCES shelves (id));
CREATE INDEX of_post ON files (post);
CREATE INDEX of_shelf ON files (shelf);
INSERT INTO shelves VALUES (1, NULL, '2010-01-01'), (2, NULL, '2010-01-01');
INSERT INTO files VALUES (1, 1, 1, 'x'), (2, 2, 2, 'y')
"""


def test_what_goes_along_frees_what_it_kept(make_club: Callable[..., Club]) -> None:
    club = make_club(MAP, DDL)
    club.apply()
    before = club.grounds()
    club.wait(1)
    whole = club.due()
    assert whole == {"posts erase": 2, "members erase": 1, "threads erase": 1}
    assert club.due(since=before) == whole


def test_what_goes_along_with_it_does_so_too(make_club: Callable[..., Club]) -> None:
    club = make_club(MAP + FILES, DDL, FILES_DDL)
    club.apply()
    before = club.grounds()
    club.wait(1)
    whole = club.due()
    assert whole.items() >= {"files erase": 1, "members erase": 1, "shelves erase": 1}.items()
    assert club.due(since=before) == whole


CARDS = """
members:
  serves:
    membership: {clocks: {left: {expression: "COALESCE(gone, joined)", reads: [gone, joined]}}}
  columns: {name: name}
  not_personal: [id, gone, joined]
cards:
  belongs_to: {members: member}
  serves: {invoices: {clocks: {posted: gone}}}
  columns: {name: name, text: invoice_lines}
  not_personal: [id, member, gone, joined]
"""
CARDS_DDL = f"""
CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(9), gone DATE, joined DATE);
CREATE TABLE cards (id INTEGER PRIMARY KEY, member INTEGER NOT NULL, name VARCHAR(9),
    text VARCHAR(9), gone DATE, joined DATE, FOREIGN KEY (member) REFERENCES members (id));
CREATE INDEX of_member ON cards (member);
INSERT INTO members VALUES (1, 'a', NULL, '{LAST_DAY}'), (2, 'b', '2026-01-01', '{LAST_DAY}');
INSERT INTO cards VALUES (1, 1, 'a', 'x', '2010-01-01', NULL), (2, 2, 'b', 'y', '2010-01-01', NULL)
"""


def test_an_expression_of_an_owner_is_asked_of_the_owner_alone(
    make_club: Callable[..., Club],
) -> None:
    """Its names are bare, and the rows that belong to the owner have columns of the same names."""
    club = make_club(CARDS, CARDS_DDL)
    club.apply()
    before = club.grounds()
    club.wait(1)
    whole = club.due()
    assert whole == {"cards erase": 1, "members erase": 1}
    assert club.due(since=before) == whole


@pytest.mark.parametrize("held", ["posts", "members"])
def test_a_hold_that_goes_lets_its_row_go_and_what_that_kept(
    make_club: Callable[..., Club], held: str
) -> None:
    club = make_club(MAP, DDL)
    hold = club.hold_rows(held, ("1",))
    club.wait(1)
    club.apply()
    before = club.grounds()
    club.release(hold)
    whole = club.due()
    assert whole.items() >= {"members erase": 1, "threads erase": 1}.items()
    assert club.due(since=before) == whole


def test_the_last_of_a_chain_lets_the_whole_chain_go(make_club: Callable[..., Club]) -> None:
    chain = (
        MAP.partition("threads:")[0]
        .replace(
            "  columns: {name: name}", "  refers_to: {members: after}\n  columns: {name: name}"
        )
        .replace("[id, gone]", "[id, gone, after]")
    )
    ddl = f"""
CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(9), gone DATE, after INTEGER,
    FOREIGN KEY (after) REFERENCES members (id));
CREATE INDEX gone ON members (gone);
CREATE INDEX follows ON members (after);
INSERT INTO members VALUES (1, 'a', '2010-01-01', NULL);
INSERT INTO members VALUES (2, 'b', '2010-01-01', 1);
INSERT INTO members VALUES (3, 'c', '2010-01-01', 2);
INSERT INTO members VALUES (4, 'd', '{LAST_DAY}', 3);
INSERT INTO members VALUES (5, 'e', NULL, NULL)
"""
    club = make_club(chain, ddl)
    club.apply()
    before = club.grounds()
    club.wait(1)
    assert club.due() == {"members erase": 4}
    assert club.due(since=before) == {"members erase": 4}
