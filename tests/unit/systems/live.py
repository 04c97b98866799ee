"""Live schemas for the binding tests, in few words, and the map that fits the first of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

from ombud.policy import Policy
from ombud.systems import LiveSchema, bind
from ombud.systems.live import ColumnType, LiveColumn, LiveForeignKey, LiveTable
from unit.systems.written import POLICY, read

TYPES: tuple[ColumnType, ...] = get_args(ColumnType)
TEXTS = {
    "text": "VARCHAR",
    "integer": "INTEGER",
    "number": "NUMERIC",
    "local_timestamp": "TIMESTAMP",
    "instant": "TIMESTAMP WITH TIME ZONE",
}
MAP = """\
systems:
  crm:
    url: ${CRM_URL}
    tables:
      contacts:
        serves:
          contact:
            when: {column: status, is: [active, paused]}
            clocks: {last_activity: {latest: activities.done_at, else: created_at}}
        subjects:
          person: {email: email}
        columns:
          name: name
          email: email
          phone: phone
        not_personal: [id, created_at, status]
      activities:
        belongs_to: {contacts: contact_id}
        columns: {text: note}
        not_personal: [id, contact_id, done_at]
"""


def policy_of(*activities: str, **changes: object) -> Policy:
    """Return the tests' policy with these activities only, and no promises, caps and consents."""
    nothing: dict[str, object] = {"promises": {}, "caps": {}, "consents": {}}
    kept = {id: POLICY.activities[id] for id in activities}
    return replace(POLICY, **{**nothing, "activities": kept, **changes})


CONTACT = replace(POLICY.activities["contact"], data=("name", "email", "phone", "note"))
ONLY_CONTACT = policy_of(activities={"contact": CONTACT})


def column(said: str) -> LiveColumn:
    """Return a column from `name type`; `!` after it: not NULL; `(20)`: its length."""
    name, kind = said.split()
    bare = kind.rstrip("!").partition("(")[0]
    assert bare in TYPES, said
    length = int(kind.partition("(")[2].partition(")")[0]) if "(" in kind else None
    text = TEXTS.get(bare, bare.upper()) + (f"({length})" if length else "")
    return LiveColumn(name, bare, text, not kind.endswith("!"), length)


def table(name: str, columns: str, **about: object) -> LiveTable:
    """Return a table; its columns are joined by commas, the key is the first one."""
    made = [column(said) for said in columns.split(",")]
    key = about.pop("key", (made[0].name,))
    indexes = tuple(dict.fromkeys((key, *about.pop("indexes", ()), *about.get("unique", ()))))
    by_name = {c.name: c for c in made}
    return LiveTable(name, "", by_name, key, indexes=tuple(i for i in indexes if i), **about)


def refers(
    columns: str, parent: str, parent_columns: str = "id", **about: object
) -> LiveForeignKey:
    """Return a foreign key; columns are joined by blanks."""
    pair = tuple(columns.split()), tuple(parent_columns.split())
    return LiveForeignKey(f"fk_{parent}", pair[0], parent, "", pair[1], **about)


CONTACTS = table(
    "contacts",
    "id integer!, name text, email text, phone text, created_at local_timestamp!, status text!",
    indexes=(("created_at",),),
)
ACTIVITIES = table(
    "activities",
    "id integer!, contact_id integer!, text text, done_at instant",
    indexes=(("contact_id",), ("done_at",)),
    foreign_keys=(refers("contact_id", "contacts"),),
)


def schema(*tables: LiveTable, **about: object) -> LiveSchema:
    """Return a PostgreSQL schema of these tables; the default one is `public`."""
    default = about.get("default_schema", "public")
    made = {("", t.name): replace(t, schema=default) for t in tables if not t.schema}
    made |= {(default, name): t for (_, name), t in made.items()}
    made |= {(t.schema, t.name): t for t in tables if t.schema}
    return LiveSchema(
        **{
            "dialect": "postgresql",
            "version": "18.1",
            "default_schema": "public",
            "tables": made,
            "account": "ombud",
            **about,
        }
    )


LIVE = schema(CONTACTS, ACTIVITIES)


def with_columns(live: LiveTable, *said: str, **changes: object) -> LiveTable:
    """Return a table with more columns, or others of the same name, changed alike."""
    added: Mapping[str, LiveColumn] = {c.name: replace(c, **changes) for c in map(column, said)}
    return replace(live, columns={**live.columns, **added})


def said(
    live: LiveSchema = LIVE,
    text: str = MAP,
    policy: Policy = ONLY_CONTACT,
    *,
    known: Policy = POLICY,
    **how: bool,
) -> list[str]:
    """Return what binding says of the map and one live schema, as a person reads it.

    Args:
        live: The schema of the system `crm`.
        text: The map.
        policy: What is bound.
        known: What the map is read with; it may name more.
        how: Passed on to `bind`.
    """
    systems = read(text, known)
    return [str(finding) for finding in bind(policy, systems, {"crm": live}, **how)]


def codes(
    live: LiveSchema = LIVE, text: str = MAP, policy: Policy = ONLY_CONTACT, **how: bool
) -> list[str]:
    """Return the codes only."""
    return [line.partition("[")[2][:3] for line in said(live, text, policy, **how)]
