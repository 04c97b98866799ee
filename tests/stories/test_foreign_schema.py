"""A web shop's database that nobody here designed taught three things; each stays true.

Method: the shapes that the run in docs/how-to/a-foreign-schema.md met, in words of our own on the
tests' small database: rows without a field of their own, and an address that its order points to.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.desk import POLICY, Desk, a_desk, days_ago

SHOP = """
systems:
  club:
    url: ${CLUB_URL}
    tables:
      members:
        not_personal: [id, name, email, phone, left_on]
      views:
        refers_to: {members: member_id}
        serves:
          membership: {clocks: {membership_ended: seen_on}}
        subjects: {member: {email: members.email, id: member_id}}
        not_personal: [id, member_id, seen_on]
      orders:
        refers_to: {addresses: address_id}
        serves:
          membership: {clocks: {membership_ended: ordered_on}}
        subjects: {member: {email: email}}
        columns: {email: email}
        not_personal: [id, address_id, ordered_on]
      addresses:
        belongs_to:
          of_order: {table: orders, columns: {id: address_id}, keeps_parent: false}
        columns: {name: name}
        not_personal: [id]
"""
TABLES = f"""
CREATE TABLE views (
    id INTEGER PRIMARY KEY, member_id INTEGER REFERENCES members (id), seen_on DATE
);
CREATE INDEX views_of ON views (member_id);
CREATE TABLE addresses (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY, address_id INTEGER UNIQUE REFERENCES addresses (id), email TEXT,
    ordered_on DATE
);
INSERT INTO views VALUES (1, 1, '{days_ago(10)}'), (2, 2, '{days_ago(500)}');
INSERT INTO addresses VALUES (1, 'Kari'), (2, 'Ola'), (3, 'Berit');
INSERT INTO orders VALUES (1, 1, 'kari@example.org', '{days_ago(10)}'),
    (2, 2, 'ola@example.org', '{days_ago(500)}'), (3, 3, 'berit@example.org', '{days_ago(600)}');
"""


@pytest.fixture
def shop(tmp_path: Path) -> Desk:
    """The shop: of two views and three orders, one of each is new."""
    desk = a_desk(tmp_path)
    desk.write(policy=POLICY.replace("[name, email, phone]", "[name, email]"), systems=SHOP)
    desk.script(TABLES)
    assert desk.ombud("init").code == 0
    return desk


def standing(shop: Desk) -> str:
    return str(shop.ombud("status", "--json").json["promises"][0]["standing"])


def test_a_promise_on_rows_without_a_field_of_their_own_is_kept_once_they_are_gone(
    shop: Desk,
) -> None:
    assert standing(shop) == "not_kept"
    assert shop.ombud("apply", shop.plan()).code == 0
    assert shop.sql("SELECT id FROM views") == [(1,)]
    assert standing(shop) == "kept"


def test_a_held_order_keeps_its_address(shop: Desk) -> None:
    """The foreign key runs from the order; only the reverse link tells whose the address is."""
    hold = ("hold", "place", "--kind", "legal_claim", "--reason", "A dispute")
    said = shop.ombud(*hold, "--review", "2099-01-01", "--person", "email=ola@example.org")
    assert said.code == 0
    assert shop.ombud("apply", shop.plan()).code == 0
    assert shop.sql("SELECT id, name FROM addresses ORDER BY id") == [(1, "Kari"), (2, "Ola")]
    assert shop.sql("SELECT id, address_id FROM orders ORDER BY id") == [(1, 1), (2, 2)]


def test_a_map_is_drafted_over_one_that_nobody_has_touched(tmp_path: Path) -> None:
    """`ombud init` for the policy first, then `--from` for the map: the usual order."""
    desk = Desk(tmp_path / "new", a_desk(tmp_path).file)
    assert desk.ombud("init").code == 0
    assert desk.ombud("init", "--from", f"sqlite:///{desk.file}").code == 0
    written = (desk.folder / "systems.yaml").read_text()
    assert "email: email" in written
    again = desk.ombud("init", "--from", f"sqlite:///{desk.file}")
    assert (again.code, (desk.folder / "systems.yaml").read_text()) == (3, written)
