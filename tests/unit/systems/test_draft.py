"""A draft is a beginning that can be read: what it is sure of stands there, the rest is asked.

Method: one database with everything a draft has to cope with; the whole text is compared once,
and then read back.
"""
# ruff: noqa: E501 - a draft is compared as it stands

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from ombud.errors import Unknown
from ombud.policy import parse_policy
from ombud.systems import bind, draft_policy, draft_systems
from ombud.systems.live import LiveTable
from unit.systems.live import policy_of, refers, schema, table, with_columns
from unit.systems.written import POLICY, read

KUNDER = table(
    "kunder",
    "kunde_nr integer!, navn text!, epost text!, telefon text, kommentar text, samtykket_at"
    " instant, avmeldt_at instant, bio text, created_at instant!",
    unique=(("epost",),),
)
TO_CUSTOMERS = refers("kunde", "kunder", "kunde_nr")
ORDERS = table(
    "order lines",
    "id integer!, kunde integer!, selger integer, tekst text, sold_on date",
    foreign_keys=(TO_CUSTOMERS, refers("selger", "kunder", "kunde_nr")),
)
BOSS = replace(refers("boss_id", "staff"), parent_schema="hr")
STAFF = table("staff", "id integer!, initials text, boss_id integer", foreign_keys=(BOSS,))
STAFF = replace(STAFF, schema="hr")
TAGS = table("tags", "kunde integer!, tag text", key=(), foreign_keys=(TO_CUSTOMERS,))
LIVE = schema(KUNDER, ORDERS, STAFF, TAGS, table("view", "id integer!", view=True))

DRAFT = """\
# A first map of crm, drafted from its database.
# Look at every line that says `check`; `ombud bind` tells what is missing.
systems:
  crm:
    url: ${CRM_URL}
    tables:
      kunder:
        key: kunde_nr
        # check: which of these do the rows serve, when, and where are the dates?
        #serves:
        #  contact: {clocks: {last_activity: samtykket_at}}  # shares email, name, note, phone
        #  events: {clocks: {event_held: samtykket_at, signed_up: samtykket_at}}  # shares email, name, phone
        #  newsletter: {consents: {newsletter: {given: samtykket_at, withdrawn: avmeldt_at}}}  # shares email, name
        #  customers: {states: {relationship: {column: check, is: [active]}}}  # shares email, name, phone
        subjects:
          person: {email: epost, phone: telefon, id: kunde_nr}
        columns:
          navn: {holds: name, blank: {value: ""}}
          epost: {holds: email, blank: {unique: "erased-{key}@example.invalid"}}
          telefon: phone
          kommentar: {holds: note, mentions: others}
        # check: personal or not? Add to `columns:` or `not_personal:`: bio
        not_personal: [kunde_nr, samtykket_at, avmeldt_at, created_at]
      order_lines:
        name: "order lines"
        key: id
        belongs_to:  # check: is it the parent's, kept as long as that?
          kunde: {table: kunder, columns: kunde}
        refers_to:
          selger: {table: kunder, columns: selger}
        # check: personal or not? Add to `columns:` or `not_personal:`: tekst
        not_personal: [id, kunde, selger, sold_on]
      tags:
        # check: the table has no primary key, and Ombud needs one
        belongs_to:  # check: is it the parent's, kept as long as that?
          kunder: kunde
        # check: personal or not? Add to `columns:` or `not_personal:`: tag
        not_personal: [kunde]
      staff:
        schema: hr
        key: id
        refers_to:
          boss: {table: staff, columns: boss_id, keeps_parent: false}
        # check: personal or not? Add to `columns:` or `not_personal:`: initials
        not_personal: [id, boss_id]
"""


def test_a_draft_of_a_database() -> None:
    assert draft_systems(LIVE, "crm", POLICY) == DRAFT


def test_a_draft_can_be_read() -> None:
    systems = read(draft_systems(LIVE, "crm"))
    assert list(systems.systems["crm"].tables) == ["kunder", "order_lines", "tags", "staff"]
    assert systems.warnings == ()


def test_what_a_draft_proposes_can_be_taken() -> None:
    """The marks are taken off but for the activity whose state no column tells."""
    lines = [line for line in DRAFT.splitlines() if "relationship" not in line]
    taken = re.sub(r"(?m)^( +)#(serves:|  )", r"\1\2", "\n".join(lines))
    assert list(read(taken).systems["crm"].tables["kunder"].serves) == [
        "contact",
        "events",
        "newsletter",
    ]


def test_binding_asks_for_what_a_draft_left_out() -> None:
    found = bind(policy_of("contact"), read(draft_systems(LIVE, "crm")), {"crm": LIVE})
    asked = {f.says.partition("`")[2].partition("`")[0] for f in found if f.code == "Z10"}
    assert asked == {"kunder.bio", "order_lines.tekst", "tags.tag", "staff.initials"}
    assert not {f.code for f in found} & {"Z11", "Z14", "Z20", "Z21", "Z22", "Z30", "Z34", "Z50"}


def test_without_a_policy_no_activity_is_proposed() -> None:
    assert "serves" not in draft_systems(LIVE, "crm")


def test_an_empty_database_is_a_system_without_tables() -> None:
    text = draft_systems(schema(), "our CRM (old)")
    assert list(read(text).systems) == ["our_CRM_old"]
    assert read(text).systems["our_CRM_old"].url == "${OUR_CRM__OLD__URL}"


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(("a b", "a_b", "a-b"), id="alike when made names"),
        pytest.param(("true", "null", "12"), id="words of YAML"),
        pytest.param(("é", "Ærø", 'q"x', "a.b", "---"), id="odd letters"),
    ],
)
def test_whatever_tables_and_columns_are_called_a_draft_can_be_read(names: tuple[str, ...]) -> None:
    """Names in a database are not Ombud's to judge."""
    odd = ("true date", "null date", "a:b date", "#x date", "01 date", "'y date", "email text")
    tables = [with_columns(table(name, "id integer!"), *odd) for name in names]
    crm = read(draft_systems(schema(*tables), "crm")).systems["crm"]
    assert sorted(t.name for t in crm.tables.values()) == sorted(names)
    first = next(iter(crm.tables.values()))
    assert list(first.columns) == ["email"]
    assert first.not_personal == ("id", "true", "null", "a:b", "#x", "01", "'y")


def test_tables_of_the_same_name_in_two_schemas() -> None:
    here = table("people", "id integer!, email text")
    crm = read(draft_systems(schema(here, replace(here, schema="old")), "crm")).systems["crm"]
    assert {(id, t.schema, t.name) for id, t in crm.tables.items()} == {
        ("people", "", "people"),
        ("old_people", "old", "people"),
    }


def drafted(*tables: LiveTable) -> str:
    return draft_systems(schema(*tables), "crm")


def test_a_row_is_told_by_the_id_of_the_person_it_refers_to() -> None:
    """A hold on person 5 must not fall on order 5."""
    user = table("auth_user", "id integer!, email text!")
    owner = refers("user_id", "auth_user")
    order = table("orders", "id integer!, user_id integer, guest_email text", foreign_keys=(owner,))
    note = table("mails", "id integer!, user_id integer, phone text", foreign_keys=(owner,))
    text = drafted(user, order, note)
    assert "person: {email: email, id: id}" in text
    assert "person: {email: guest_email, id: user_id}" in text
    assert "person: {email: auth_user.email, phone: phone, id: user_id}" in text
    assert list(read(text).systems["crm"].tables["mails"].subjects) == ["person"]


def test_a_row_that_is_no_person_is_not_told_by_its_own_id() -> None:
    assert "person: {phone: phone}" in drafted(table("parcels", "id integer!, phone text"))


@pytest.mark.parametrize("country", ["DK", "NO", "SE", "FI", "IS"])
def test_a_drafted_policy_can_be_read(country: str) -> None:
    text = draft_policy(country, 'Holme "Erhverv" A/S')
    policy = parse_policy(text, "policy.yaml", date(2026, 11, 24))
    assert policy.warnings == ()
    assert policy.organisation.name == 'Holme "Erhverv" A/S'
    assert policy.organisation.country == country
    assert "check" in text


def test_an_unknown_country_is_refused() -> None:
    with pytest.raises(Unknown, match="unknown country `DE`"):
        draft_policy("DE", "x")


def test_a_second_address_in_a_row_is_asked_about() -> None:
    """A hold on who ordered as a guest would miss the row that names the account alone."""
    accounts = table("customers", "id integer!, name text, email text")
    orders = table(
        "orders",
        "id integer!, account_id integer, email text, email_old text",
        foreign_keys=(refers("account_id", "customers"),),
    )
    text = drafted(accounts, orders)
    of_orders = text[text.index("orders:") :]
    assert "person: {email: email, id: account_id}" in of_orders
    assert "# check: `email_old` names somebody too; add a subject" in of_orders
    assert "# check: `customers.email` names somebody too; add a subject" in of_orders
    assert "names somebody too" not in text[: text.index("orders:")]
    read(text)


def test_a_column_named_after_a_table_is_proposed_as_a_link() -> None:
    """No foreign key says so; what merely looks like one is marked for the person who finishes."""
    members = table("members", "id integer!, name text, email text")
    loans = table(
        "loans", "id integer!, member_id integer, member_name text, shelf_id integer, paid integer"
    )
    draft = draft_systems(schema(members, loans), "library")
    assert (
        """\
      loans:
        key: id
        belongs_to:  # check: is it the parent's, kept as long as that?
          members: member_id  # check: by its name; the database has no foreign key
"""
        in draft
    )
    assert "shelf_id:" not in draft
    assert read(draft).systems["library"].links["loans.members"].columns == (("member_id", "id"),)


def test_a_column_of_another_type_than_the_key_is_no_link() -> None:
    members = table("members", "id uuid!, name text, email text")
    loans = table("loans", "id integer!, member_id integer, title text")
    assert "belongs_to" not in draft_systems(schema(members, loans), "library")
