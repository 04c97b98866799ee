"""A map that uses everything is read as what it says: paths as links, conditions as predicates.

Method: `full.yaml` is read once; each test looks at one thing that can be written.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from ombud.document import read_document
from ombud.law import Period
from ombud.systems.model import (
    Blank,
    Clock,
    ConsentColumns,
    Link,
    Subject,
    SweepLimits,
    System,
    Table,
)
from ombud.systems.parse.links import LINK_KEYS
from ombud.systems.parse.outline import TABLE_KEYS
from ombud.systems.predicate import (
    And,
    Empty,
    Exists,
    Hop,
    Identifier,
    Not,
    OneOf,
    Or,
    Path,
)
from unit.systems.written import FULL, POLICY, SMALL, findings_in, read, with_table

SYSTEMS = read(FULL)
CRM = SYSTEMS.systems["crm"]
CONTACTS = CRM.tables["contacts"]


def test_nothing_is_wrong_in_it() -> None:
    assert findings_in(FULL) == ()


def test_a_system_is_reached_as_written() -> None:
    assert (CRM.reach, CRM.url) == (
        "database",
        "postgresql://ombud:${CRM_PASSWORD}@db.holme.example/crm",
    )
    assert (CRM.schema, CRM.zone, CRM.check_every) == ("app", "Europe/Oslo", timedelta(days=2))
    assert CRM.sweep == SweepLimits(floor=50, share_max=0.025, count_max=300)
    assert CRM.rows_per_second_max == 5000
    assert CRM.title == {"en": "Customers and people"}


def test_what_is_not_written_has_its_default() -> None:
    plain = read(SMALL).systems["crm"]
    assert (plain.zone, plain.check_every) == ("Europe/Copenhagen", timedelta(hours=24))
    assert (plain.sweep, plain.rows_per_second_max) == (SweepLimits(), 0)
    assert plain.gone_within is None
    contacts = plain.tables["contacts"]
    assert (contacts.name, contacts.schema, contacts.key) == ("contacts", "", ("id",))
    assert (contacts.when_due, contacts.columns["name"].blank) == ("erase", Blank())
    assert contacts.columns["name"].subject == "person"


def test_a_table_has_its_names_and_keys() -> None:
    assert (CONTACTS.name, CONTACTS.schema, CONTACTS.key) == ("Kontakter", "sales", ("no",))
    assert CRM.tables["cases"].key == ("no", "year")
    assert CRM.tables["signups"].when_due == "statistics"


def test_columns_have_categories_subjects_and_blank_values() -> None:
    columns = CONTACTS.columns
    assert list(columns) == ["name", "email", "phone", "spouse_email", "note"]
    assert columns["note"].categories == ("note", "company")
    assert columns["note"].mentions_others
    assert columns["spouse_email"].subject == "spouse"
    assert columns["email"].blank == Blank("unique", "erased-{key}@example.invalid")
    assert columns["phone"].blank == Blank("value", "")
    assert columns["spouse_email"].blank == Blank()
    assert "kind" in CONTACTS.not_personal
    assert CRM.tables["cases"].columns["matter"].categories == ("case_note", "health")


def test_subjects_have_identifiers_and_shared_addresses_only_by_mail() -> None:
    assert CONTACTS.subjects["person"] == Subject(
        "person",
        (
            Identifier("email", Path("email"), ("info", "post")),
            Identifier("phone", Path("phone")),
            Identifier("member", Path("no")),
        ),
    )
    up = Hop("cases.contacts", "parent")
    assert CRM.tables["cases"].subjects["person"].identifiers == (
        Identifier("email", Path("email", (up,))),
    )


def link(id: str) -> Link:
    return CRM.links[id]


@pytest.mark.parametrize(
    ("id", "parent", "columns", "follows", "keeps"),
    [
        pytest.param(
            "activities.contacts", "contacts", (("contact_no", "no"),), True, True, id="plain"
        ),
        pytest.param("activities.by", "contacts", (("by_no", "no"),), False, False, id="named"),
        pytest.param(
            "cases.earlier",
            "cases",
            (("earlier_no", "no"), ("earlier_year", "year")),
            False,
            False,
            id="composite, to itself",
        ),
        pytest.param(
            "answers.cases",
            "cases",
            (("case_no", "no"), ("case_year", "year")),
            False,
            True,
            id="composite, in pairs",
        ),
    ],
)
def test_links(
    id: str, parent: str, columns: tuple[tuple[str, str], ...], follows: bool, keeps: bool
) -> None:
    found = link(id)
    assert (found.child, found.parent) == (id.partition(".")[0], parent)
    assert (found.columns, found.follows, found.keeps_parent) == (columns, follows, keeps)


def test_a_link_can_depend_on_a_kind() -> None:
    assert link("consents.of_surveys").when == (("purpose", "surveys"),)


def clock(table: str, activity: str, name: str) -> Clock:
    return CRM.tables[table].serves[activity].clocks[name]


def test_a_clock_of_the_whole_table_goes_where_it_is_needed() -> None:
    """Elsewhere a missing date would be told of a rule that has nothing to do with it."""
    down = Hop("assignments.contacts", "children")
    expected = Clock("last_work", Path("done_on", (down,)), Path("created_at"))
    assert CONTACTS.caps["customer_max"].clocks == {"last_work": expected}
    assert all("last_work" not in serve.clocks for serve in CONTACTS.serves.values())


def test_the_latest_of_children_over_a_link_that_is_named() -> None:
    assert clock("contacts", "contact", "last_activity") == Clock(
        "last_activity",
        Path("done_at", (Hop("activities.contacts", "children"),)),
        Path("created_at"),
    )


def test_a_path_goes_down_and_up_again() -> None:
    hops = (Hop("signups.contacts", "children"), Hop("signups.events", "parent"))
    held = clock("contacts", "events", "event_held")
    assert held == Clock("event_held", Path("ends_at", hops), None, "not_yet", "utc")


def test_null_means_what_is_written() -> None:
    assert clock("contacts", "events", "signed_up").null == "finding"
    assert clock("contacts", "surveys", "answered").null == "ended"
    assert clock("cases", "cases", "case_closed").null == "not_yet"


def test_the_latest_among_equal_rows() -> None:
    assert clock("answers", "surveys", "answered") == Clock(
        "answered",
        Path("answered_at", (Hop("", "siblings", ("email",)),)),
        Path("asked_at"),
    )


def test_an_expression_names_what_it_reads() -> None:
    answered = clock("contacts", "surveys", "answered")
    assert (answered.path, answered.expression) == (None, "COALESCE(answered_at, created_at)")
    assert answered.reads == ("answered_at", "created_at")


def test_consents_in_the_row_in_rows_of_their_own_and_with_ombud() -> None:
    serves = CONTACTS.serves
    assert serves["newsletter"].consents == {
        "newsletter": ConsentColumns("newsletter", Path("consented_on"), Path("stopped_on"), "date")
    }
    down = (Hop("consents.of_surveys", "children"),)
    assert serves["surveys"].consents == {
        "surveys": ConsentColumns("surveys", Path("given_at", down), Path("taken_at", down))
    }
    cases = CRM.tables["cases"].serves["cases"]
    assert (cases.consents, cases.kept_by_ombud) == ({}, ("health_in_cases",))


def test_conditions() -> None:
    assert CONTACTS.serves["events"].when == Exists(
        (Hop("signups.contacts", "children"),), Not(OneOf("status", ("cancelled",)))
    )
    assert CONTACTS.serves["customers"].when == Or(
        (OneOf("kind", (1, 2)), And((Not(Empty("vat")), OneOf("active", (True,)))))
    )
    assert CONTACTS.caps["customer_max"].when == Empty("vat")
    assert CONTACTS.serves["customers"].states == {
        "relationship": OneOf("status", ("active", "paused"))
    }


def test_a_missing_parent_is_not_any_value() -> None:
    """The comparison stands outside the hop: a row without a case is not one of 2020 either."""
    up = (Hop("answers.cases", "parent"),)
    assert CRM.tables["answers"].serves["surveys"].when == Not(Exists(up, OneOf("year", (2020,))))


def test_an_activity_can_be_limited_to_columns() -> None:
    assert CONTACTS.serves["customers"].columns == ("name", "email")


def test_systems_out_of_reach() -> None:
    analytics, accounting = SYSTEMS.systems["analytics"], SYSTEMS.systems["accounting"]
    setting = analytics.settings["retention"]
    assert (analytics.reach, analytics.serves) == ("outside", ("web_statistics",))
    assert (setting.at_most, setting.every) == (Period(months=14), Period(months=1))
    assert (setting.by, setting.instructions) == ("Web editor", {"en": "Read it"})
    assert accounting.tasks["erase_old"].every == Period(years=1)
    assert accounting.gone_within == Period(months=1, days=5)
    assert accounting.title == {"en": "Regnskab"}
    assert list(accounting.tables["invoices"].serves) == ["bookkeeping"]


def test_staff_texts_need_not_be_in_every_language() -> None:
    """The notice must be; whoever reads the setting works here."""
    assert POLICY.organisation.languages == ("en", "da")
    assert SYSTEMS.warnings == ()


def places(system: System) -> list[int]:
    tables: list[Table] = list(system.tables.values())
    return [t.where.line for t in tables] + [
        s.where.line for t in tables for s in t.serves.values()
    ]


def test_everything_knows_where_it_was_written() -> None:
    assert places(read(SMALL).systems["crm"]) == [5, 7]
    assert link("activities.by").where.line == FULL[: FULL.index("by: {table")].count("\n") + 1


def test_the_digest_is_of_what_is_said() -> None:
    same = read("# a remark\n" + SMALL.replace("  not_personal", "  'not_personal'"))
    other = read(SMALL.replace("name: name", "name: email"))
    assert same.source_digest == read(SMALL).source_digest != other.source_digest
    assert read_document(SMALL, "x").digest() == same.source_digest


ITSELF = """
staff:
  refers_to: {staff: manager_id}
  serves: {contact: {clocks: {last_activity: %s}}}
  not_personal: [id, manager_id, hired_on]
"""


@pytest.mark.parametrize(
    ("path", "hop"),
    [
        pytest.param("staff.hired_on", Hop("staff.staff", "parent"), id="the manager"),
        pytest.param(
            "{latest: 'staff[staff].hired_on', else: hired_on}",
            Hop("staff.staff", "children"),
            id="those under the manager",
        ),
    ],
)
def test_a_link_to_the_table_itself_is_walked_both_ways(path: str, hop: Hop) -> None:
    staff = read(with_table(ITSELF % path)).systems["crm"].tables["staff"]
    assert staff.serves["contact"].clocks["last_activity"].path == Path("hired_on", (hop,))


BOTH_WAYS = """
orders:
  refers_to: {contacts: contact_id, last: {table: contacts, columns: {id: last_order_id}}}
  serves: {contact: {clocks: {last_activity: %s}}}
  not_personal: [id, contact_id]
"""


@pytest.mark.parametrize("step", ["contacts", "contacts[contacts]", "last"])
def test_a_step_over_one_of_two_links_names_it(step: str) -> None:
    """The bare table name is a link's own name where that is what it is called."""
    text = with_table(BOTH_WAYS % f"'{step}.created_at'")
    path = read(text).systems["crm"].tables["orders"].serves["contact"].clocks["last_activity"].path
    assert path is not None
    assert path.hops == (Hop("orders.last" if step == "last" else "orders.contacts", "parent"),)


def test_a_column_name_with_a_point_is_a_column() -> None:
    text = SMALL.replace("created_at}", '"made.at"}').replace("created_at]", '"made.at"]')
    contact = read(text).systems["crm"].tables["contacts"].serves["contact"]
    assert contact.clocks["last_activity"].path == Path("made.at")


def test_keys_of_links_and_tables_are_known_once() -> None:
    assert len({*LINK_KEYS}) == len(LINK_KEYS)
    assert len({*TABLE_KEYS}) == len(TABLE_KEYS)
