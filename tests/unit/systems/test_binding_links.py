"""The links of the map are the foreign keys of the database, and rows can be erased along them.

Method: one change to the foreign keys or indexes of a database that fits, or to the map's links.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from ombud.systems.live import LiveSchema, LiveTable
from unit.systems.live import (
    ACTIVITIES,
    CONTACTS,
    MAP,
    codes,
    refers,
    said,
    schema,
    table,
    with_columns,
)

NO_LINK = MAP.replace("        belongs_to: {contacts: contact_id}\n", "").replace(
    "        columns: {text: note}\n        not_personal: [id, contact_id, done_at]",
    "        not_personal: [id, contact_id, text, done_at]",
)
NO_LINK = NO_LINK.replace("{latest: activities.done_at, else: created_at}", "created_at")


def errors(live: LiveSchema, text: str = MAP) -> list[str]:
    return [line for line in said(live, text) if ": error" in line]


def test_a_foreign_key_that_the_map_forgot_is_an_error_with_the_line_to_add() -> None:
    assert errors(schema(CONTACTS, ACTIVITIES), NO_LINK) == [
        "systems.yaml:17:7: error[Z30]: foreign key `activities.contact_id` to `contacts` is not on"
        " the map\n"
        "  help: add `refers_to: {contacts: contact_id}` to `activities`, or `belongs_to:` where"
        " the parent's grounds cover it too"
    ]


def test_the_line_to_add_can_be_pasted() -> None:
    text = NO_LINK.replace(
        "      activities:\n", "      activities:\n        refers_to: {contacts: contact_id}\n"
    )
    assert errors(schema(CONTACTS, ACTIVITIES), text) == []


def test_a_second_foreign_key_to_the_same_table_gets_a_name_of_its_own() -> None:
    twice = with_columns(ACTIVITIES, "done_by integer")
    twice = replace(
        twice,
        foreign_keys=(*ACTIVITIES.foreign_keys, refers("done_by", "contacts")),
        indexes=(*ACTIVITIES.indexes, ("done_by",)),
    )
    text = MAP.replace("contact_id, done_at]", "contact_id, done_at, done_by]")
    text = text.replace("activities.done_at", "'activities[contacts].done_at'")
    [found] = errors(schema(CONTACTS, twice), text)
    line = "refers_to: {done_by: {table: contacts, columns: {done_by: id}}}"
    assert f"`{line}`" in found
    mended = text.replace("        belongs_to:", f"        {line}\n        belongs_to:")
    assert said(schema(CONTACTS, twice), mended) == []


def test_a_foreign_key_without_parent_columns_means_the_key() -> None:
    """SQLite reports `REFERENCES contacts` so."""
    short = replace(ACTIVITIES, foreign_keys=(refers("contact_id", "contacts", ""),))
    assert said(schema(CONTACTS, short)) == []


@pytest.mark.parametrize(
    ("dialect", "child", "parent", "told"),
    [
        pytest.param("postgresql", "text", "integer!", True, id="text-for-number"),
        pytest.param("postgresql", "text", "uuid!", True, id="text-for-uuid"),
        pytest.param("postgresql", "integer", "number!", False, id="two-numbers"),
        pytest.param("postgresql", "other", "integer!", False, id="nobody-knows"),
        pytest.param("mariadb", "text", "integer!", True, id="12x-is-12"),
        pytest.param("mariadb", "text", "uuid!", False, id="text-is-compared-as-text"),
        pytest.param("sqlite", "text", "integer!", False, id="sqlite-turns-it-into-a-number"),
    ],
)
def test_a_link_is_by_columns_of_one_type(
    dialect: str, child: str, parent: str, told: bool
) -> None:
    """PostgreSQL refuses to compare others; MariaDB finds a parent that it is not."""
    loose = replace(with_columns(ACTIVITIES, f"contact_id {child}"), foreign_keys=())
    live = schema(with_columns(CONTACTS, f"id {parent}"), loose, dialect=dialect)
    assert ("Z37" in codes(live)) is told


def test_types_that_do_not_fit_are_named_with_a_way_out() -> None:
    loose = replace(with_columns(ACTIVITIES, "contact_id text"), foreign_keys=())
    assert errors(schema(CONTACTS, loose)) == [
        "systems.yaml:18:22: error[Z37]: `activities.contact_id` is `VARCHAR`, and `contacts.id`,"
        " to which it is linked, is `INTEGER`\n"
        "  help: link by columns of one type: a generated column of `activities` can turn"
        " `contact_id` into `INTEGER`"
    ]


VISITS = table(
    "visits",
    "id integer!, contact_id integer!, what text",
    foreign_keys=(refers("contact_id", "contacts"),),
    indexes=(("contact_id",),),
)


def test_a_child_that_is_not_on_the_map_is_an_error() -> None:
    """It would stay without its parent, or keep the parent from being erased."""
    assert errors(schema(CONTACTS, ACTIVITIES, VISITS)) == [
        "systems.yaml:5:7: error[Z30]: foreign key `visits.contact_id` to `contacts` is not on the"
        " map\n"
        "  help: add the table and its link to the map: `visits: {not_personal: [id, contact_id]}`"
        " with `refers_to: {contacts: contact_id}`"
    ]


def test_rows_that_vanish_with_their_parent_must_be_on_the_map() -> None:
    keys = (refers("contact_id", "contacts", on_parent_gone="cascade"),)
    assert errors(schema(CONTACTS, ACTIVITIES, replace(VISITS, foreign_keys=keys))) == [
        "systems.yaml:5:7: error[Z34]: erasing a row of `contacts` erases rows of `visits`, which"
        " is not on the map\n"
        "  help: add the table and its link to the map: `visits: {not_personal: [id, contact_id]}`"
        " with `refers_to: {contacts: contact_id}`"
    ]
    mapped = MAP + "      visits:\n        belongs_to: {contacts: contact_id}\n"
    mapped += "        columns: {what: note}\n        not_personal: [id, contact_id]\n"
    assert said(schema(CONTACTS, ACTIVITIES, replace(VISITS, foreign_keys=keys)), mapped) == []


def test_a_foreign_key_binds_rows_that_a_link_leaves_out() -> None:
    """A voucher of another kind would go with its member, by the database and unseen."""
    child = with_columns(ACTIVITIES, "kind text")
    text = MAP.replace("done_at]", "done_at, kind]")
    in_part = "belongs_to: {contacts: {columns: contact_id, when: {kind: call}}}"
    text = text.replace("belongs_to: {contacts: contact_id}", in_part)
    [found] = errors(schema(CONTACTS, child), text)
    assert found == (
        "systems.yaml:17:7: error[Z30]: foreign key `activities.contact_id` to `contacts` is on the"
        " map for some rows only\n"
        "  help: add `refers_to: {contact: {table: contacts, columns: {contact_id: id}}}` to"
        " `activities`, or `belongs_to:` where the parent's grounds cover it too; or take out"
        " `when:` of the link that is there"
    )
    line = "refers_to: {contact: {table: contacts, columns: {contact_id: id}}}"
    mended = text.replace("        belongs_to:", f"        {line}\n        belongs_to:")
    mended = mended.replace("activities.done_at", "'activities[contacts].done_at'")
    assert errors(schema(CONTACTS, child), mended) == []


def test_a_parent_that_is_not_on_the_map_is_a_warning() -> None:
    """Erasing the child leaves it as it is."""
    towns = table("towns", "code text!, name text")
    child = replace(
        with_columns(ACTIVITIES, "town text"),
        foreign_keys=(*ACTIVITIES.foreign_keys, refers("town", "towns", "code")),
    )
    text = MAP.replace("contact_id, done_at]", "contact_id, done_at, town]")
    found = said(schema(CONTACTS, child, towns), text)
    assert [line.partition("[")[2][:3] for line in found] == ["Z11", "Z30"]
    assert found[1] == (
        "systems.yaml:17:7: warning[Z30]: foreign key `activities.town` to `towns` is not on the"
        " map\n"
        "  help: add `towns: {key: code, not_personal: [code]}` under `tables:`, and `refers_to:"
        " {towns: town}` to `activities`"
    )


def test_foreign_keys_between_tables_that_are_not_on_the_map_are_not_its_business() -> None:
    a, b = table("a", "id integer!"), table("b", "id integer!", foreign_keys=(refers("id", "a"),))
    assert codes(schema(CONTACTS, ACTIVITIES, a, b)) == ["Z11", "Z11"]


@pytest.mark.parametrize(
    ("dialect", "statement"),
    [
        pytest.param(
            "postgresql",
            'CREATE INDEX CONCURRENTLY "ix_activities_contact_id" ON "activities" ("contact_id");',
            id="postgresql",
        ),
        pytest.param(
            "mariadb",
            "CREATE INDEX `ix_activities_contact_id` ON `activities` (`contact_id`);",
            id="mariadb",
        ),
        pytest.param(
            "sqlite",
            'CREATE INDEX "ix_activities_contact_id" ON "activities" ("contact_id");',
            id="sqlite",
        ),
    ],
)
def test_a_link_without_an_index_is_an_error_with_the_statement(
    dialect: str, statement: str
) -> None:
    """Erasing one parent would read every child: eleven thousand times slower where measured."""
    live = schema(
        CONTACTS,
        replace(ACTIVITIES, indexes=(("id",), ("done_at",)), rows_about=3_000_000),
        dialect=dialect,
    )
    assert said(live) == [
        "systems.yaml:18:22: error[Z31]: link `activities.contacts` of about 3000000 rows has no"
        " index on `contact_id`\n"
        "  law:  GDPR Art. 32(1)\n"
        f"  help: {statement}"
    ]


PAIR = """\
systems:
  crm:
    url: ${CRM_URL}
    tables:
      contacts:
        key: [no, year]
        not_personal: [no, year]
      notes:
        refers_to: {contacts: {columns: [no, year], when: {kind: contact}}}
        not_personal: [id, no, year, kind]
"""


def pair(*index: str, unique: tuple[tuple[str, ...], ...] = (("no", "year"),)) -> LiveSchema:
    contacts = table("contacts", "no integer!, year integer!", key=("no", "year"), unique=unique)
    notes = table("notes", "id integer!, no integer, year integer, kind text", indexes=(index,))
    return schema(contacts, notes)


@pytest.mark.parametrize(
    ("index", "found"),
    [
        pytest.param(("no", "year"), False, id="in order"),
        pytest.param(("year", "no", "id"), False, id="in another order, and more"),
        pytest.param(("kind", "no", "year"), False, id="after the kind"),
        pytest.param(("no", "kind", "year"), False, id="around the kind"),
        pytest.param(("no",), True, id="half of it"),
        pytest.param(("id", "no", "year"), True, id="behind another column"),
    ],
)
def test_an_index_serves_a_link_that_it_begins_with(index: tuple[str, ...], found: bool) -> None:
    assert ("Z31" in codes(pair(*index), PAIR)) is found


def test_a_link_must_lead_to_one_parent() -> None:
    """A path to a parent would mean several rows, and a clock any of them."""
    text = PAIR.replace("columns: [no, year]", "columns: {no: no}")
    found = [line for line in said(pair("no"), text) if "Z36" in line]
    assert found == [
        "systems.yaml:9:21: error[Z36]: `no` of `contacts` can be the same in several rows\n"
        "  help: let link `notes.contacts` refer to a key or unique columns of it"
    ]
    assert "Z36" not in codes(pair("no", unique=(("no",),)), text)
    assert "Z36" not in codes(pair("no", "year"), PAIR)


def test_a_link_that_is_no_foreign_key_is_told() -> None:
    assert said(schema(CONTACTS, replace(ACTIVITIES, foreign_keys=()))) == [
        "systems.yaml:18:22: info[Z32]: link `activities.contacts` is no foreign key in the"
        " database\n"
        "  help: nothing to do: Ombud keeps the two together, others need not"
    ]


@pytest.mark.parametrize("rule", ["set_null", "set_default"])
def test_a_child_that_changes_with_its_parent_is_told(rule: str) -> None:
    keys = (refers("contact_id", "contacts", on_parent_gone=rule),)
    assert said(schema(CONTACTS, replace(ACTIVITIES, foreign_keys=keys))) == [
        "systems.yaml:18:22: info[Z35]: erasing a row of `contacts` changes `contact_id` of"
        " `activities`\n"
        "  help: nothing to do where Ombud erases children first"
    ]


@pytest.mark.parametrize("rule", ["cascade", "restrict", "no_action"])
def test_other_rules_of_foreign_keys_are_nothing_special(rule: str) -> None:
    keys = (refers("contact_id", "contacts", on_parent_gone=rule),)
    assert said(schema(CONTACTS, replace(ACTIVITIES, foreign_keys=keys))) == []


def ring(*links: str) -> list[str]:
    """Return what is said of links, each `child parent`."""
    text = "systems:\n  crm:\n    url: ${CRM_URL}\n    tables:\n"
    for name in "abcd":
        parents = [link.split()[1] for link in links if link.startswith(name)]
        to = ", ".join(f"{parent}: {parent}_id" for parent in parents)
        text += f"      {name}: {{not_personal: [id]"
        text += f", refers_to: {{{to}}}}}\n" if to else "}\n"
    empty: tuple[LiveTable, ...] = ()
    return [line.partition(": ")[2] for line in said(schema(*empty), text) if "Z33" in line]


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        pytest.param(("a b", "b c", "a c"), [], id="no circle"),
        pytest.param(
            ("a a",), ["info[Z33]: link `a.a` goes from the table to itself"], id="to itself"
        ),
        pytest.param(
            ("a b", "b c", "c a", "d a"),
            ["info[Z33]: links go round in a circle over `a`, `b`, `c`"],
            id="over three, once",
        ),
        pytest.param(
            ("a b", "b a", "c d", "d c", "b c"),
            [
                "info[Z33]: links go round in a circle over `a`, `b`",
                "info[Z33]: links go round in a circle over `c`, `d`",
            ],
            id="two circles",
        ),
    ],
)
def test_circles_are_told_once_each(links: tuple[str, ...], expected: list[str]) -> None:
    assert ring(*links) == expected


def test_a_foreign_key_into_another_schema_is_found() -> None:
    old = replace(CONTACTS, schema="old")
    key = replace(refers("contact_id", "contacts"), parent_schema="old")
    text = MAP.replace("      contacts:\n", "      contacts:\n        schema: old\n")
    assert said(schema(old, replace(ACTIVITIES, foreign_keys=(key,))), text) == []
    here = replace(refers("contact_id", "contacts"), parent_schema="public")
    assert said(schema(CONTACTS, replace(ACTIVITIES, foreign_keys=(here,)))) == []


def test_rows_that_belong_to_nobody_and_stay_are_told() -> None:
    """A link that may be empty: no row keeps such a row, and none takes it along."""
    bare = MAP.replace("        columns: {text: note}\n", "").replace(
        "[id, contact_id, done_at]", "[id, contact_id, text, done_at]"
    )
    live = schema(CONTACTS, ACTIVITIES)
    firm = schema(CONTACTS, with_columns(ACTIVITIES, "contact_id integer!"))
    loose = schema(CONTACTS, with_columns(ACTIVITIES, "contact_id integer"))
    assert [line for line in said(firm, bare) if "Z08" in line] == []
    assert [line for line in said(live, MAP) if "Z08" in line] == []
    [told] = [line for line in said(loose, bare) if "Z08" in line]
    assert told.partition(": ")[2] == (
        "info[Z08]: rows of `activities` without `contact_id` belong to nobody, and stay\n"
        "  law:  GDPR Art. 5(1)(e)\n"
        "  help: let `contact_id` not be NULL, or erase such rows where they are made"
    )
