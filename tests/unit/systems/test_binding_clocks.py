"""The columns of clocks and conditions can hold what the map says of them.

Method: one column of a database that fits gets another type, or the map reads it in another way.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from ombud.systems.live import ColumnType
from ombud.systems.predicate import ReadsAs
from unit.systems.live import (
    ACTIVITIES,
    CONTACTS,
    MAP,
    TYPES,
    codes,
    column,
    policy_of,
    said,
    schema,
    with_columns,
)

READ = "{latest: activities.done_at, else: created_at%s}"


def clocks(kind: str, reads_as: str) -> list[str]:
    """Return what is said of clocks whose columns, own and linked, have a type."""
    live = schema(
        with_columns(CONTACTS, f"created_at {kind}!"), with_columns(ACTIVITIES, f"done_at {kind}")
    )
    text = MAP.replace(READ % "", READ % (f", reads_as: {reads_as}" if reads_as else ""))
    return said(live, text)


FITS: set[tuple[ColumnType, ReadsAs]] = {
    ("date", "auto"),
    ("local_timestamp", "auto"),
    ("instant", "auto"),
    ("date", "date"),
    ("local_timestamp", "local"),
    ("local_timestamp", "utc"),
    ("integer", "unix_seconds"),
    ("number", "unix_seconds"),
    ("text", "iso_text"),
}
NO_TIME = ("boolean", "time", "uuid", "enum", "json", "array", "binary", "other")


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("reads_as", ["auto", "date", "local", "utc", "unix_seconds", "iso_text"])
def test_a_column_is_read_in_a_way_that_fits_its_type(kind: ColumnType, reads_as: ReadsAs) -> None:
    found = {line.partition("[")[2][:3] for line in clocks(kind, reads_as)}
    wrong = "Z42" if kind in NO_TIME else "Z40" if reads_as == "auto" else "Z41"
    assert found == (set() if (kind, reads_as) in FITS else {wrong})


def test_a_text_must_say_how_it_is_read() -> None:
    assert clocks("text", "") == [
        "systems.yaml:7:11: error[Z40]: clock `last_activity` is in `activities.done_at`, which"
        " holds `VARCHAR` and does not say how it is read\n"
        "  help: add `reads_as: iso_text` to it, for example `{column: done_at, reads_as:"
        " iso_text}`",
        "systems.yaml:7:11: error[Z40]: clock `last_activity` is in `contacts.created_at`, which"
        " holds `VARCHAR` and does not say how it is read\n"
        "  help: add `reads_as: iso_text` to it, for example `{column: created_at, reads_as:"
        " iso_text}`",
    ]


def test_the_way_to_read_must_fit() -> None:
    assert clocks("instant", "utc")[0] == (
        "systems.yaml:7:11: error[Z41]: clock `last_activity` is in `activities.done_at`, which"
        " holds `TIMESTAMP WITH TIME ZONE` and is read as `utc`\n"
        "  help: take `reads_as:` out"
    )
    assert clocks("integer", "date")[0].endswith("help: write `reads_as: unix_seconds`")


def test_what_holds_no_time_is_no_clock() -> None:
    assert clocks("boolean", "")[0] == (
        "systems.yaml:7:11: error[Z42]: clock `last_activity` is in `activities.done_at`, which"
        " holds `BOOLEAN` and no time\n"
        "  help: name a column that holds a date or a time"
    )


def test_consents_are_read_as_times_too() -> None:
    live = schema(with_columns(CONTACTS, "given text", "taken text"), ACTIVITIES)
    text = MAP.replace(
        "        subjects:\n",
        "          newsletter: {consents: {newsletter: {given: given, withdrawn: taken}}}\n"
        "        subjects:\n",
    ).replace("status]", "status, given, taken]")
    policy = policy_of("contact", "newsletter")
    found = [line.partition(": ")[2] for line in said(live, text, policy) if "Z40" in line]
    assert [line.partition(",")[0] for line in found] == [
        "error[Z40]: consent `newsletter` is in `contacts.given`",
        "error[Z40]: consent `newsletter` is in `contacts.taken`",
    ]
    line = "{given: given, withdrawn: taken, reads_as: iso_text}"
    assert all(each.endswith(f"for example `{line}`") for each in found)
    text = text.replace("{given: given, withdrawn: taken}", line)
    assert [each for each in said(live, text, policy) if "Z40" in each] == []


def test_a_clock_without_an_index_is_advice_told_once() -> None:
    live = schema(replace(CONTACTS, indexes=(("id",),)), ACTIVITIES)
    assert said(live) == [
        "systems.yaml:7:11: info[Z43]: clock `last_activity` is in `contacts.created_at`, which has"
        " no index\n"
        '  help: for speed: CREATE INDEX CONCURRENTLY "ix_contacts_created_at" ON "contacts"'
        ' ("created_at");'
    ]
    behind = schema(replace(CONTACTS, indexes=(("id",), ("id", "created_at"))), ACTIVITIES)
    assert codes(behind) == ["Z43"]


def expression(gives: str | None, how: str = "", dialect: str = "postgresql") -> list[str]:
    """Return what is said of a clock whose expression gives a type; None: it is refused."""
    text = "COALESCE(seen_at, created_at)"
    clock = f'{{expression: "{text}", reads: [created_at]{how}}}'
    found = {} if gives is None else {("contacts", text): column(f"x {gives}")}
    live = schema(CONTACTS, ACTIVITIES, expressions=found, dialect=dialect)
    return said(live, MAP.replace(READ % "", clock))


def test_an_expression_gives_a_time() -> None:
    assert expression("date") == expression("instant") == []
    assert expression("integer", ", reads_as: unix_seconds") == []
    assert expression("local_timestamp", ", reads_as: iso_text", "sqlite") == []
    assert expression("boolean")[0].startswith(
        "systems.yaml:7:11: error[Z42]: clock `last_activity` is an expression that gives `BOOLEAN`"
    )
    assert expression("text")[0].endswith("`{expression: ..., reads_as: iso_text}`")


def test_a_database_takes_the_expression() -> None:
    assert expression(None) == [
        "systems.yaml:7:11: error[Z45]: clock `last_activity` is an expression that the database"
        " refuses\n"
        "  help: ask it why: SELECT COALESCE(seen_at, created_at) FROM contacts"
    ]


def condition(kind: str, values: str, *enum: str, dialect: str = "postgresql") -> list[str]:
    contacts = with_columns(CONTACTS, f"status {kind}!", enum_values=enum)
    live = schema(contacts, ACTIVITIES, dialect=dialect)
    found = said(live, MAP.replace("[active, paused]", values))
    return [line.partition(": ")[2] for line in found]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        pytest.param("text", "[active, '1', 2026-01-01]", id="texts, a date among them"),
        pytest.param("integer", "[1, 2]", id="numbers"),
        pytest.param("number", "[1, 2.50]", id="with a point"),
        pytest.param("boolean", "true", id="true"),
        pytest.param("uuid", "f3", id="an id"),
        pytest.param("json", "1", id="what has no type"),
    ],
)
def test_a_condition_names_values_that_can_be(kind: str, values: str) -> None:
    assert condition(kind, values) == []


def test_a_condition_on_an_enum_names_its_values() -> None:
    """A value that never stands there is a ground that never lives, and everything is erased."""
    assert condition("enum", "[active, paused]", "active", "paused", "left") == []
    assert condition("enum", "[active, pausd]", "active", "paused", "left") == [
        "error[Z44]: `contacts.status` cannot be `pausd`, it is `ENUM`\n"
        "  help: write one of `active`, `paused`, `left`"
    ]


@pytest.mark.parametrize(
    ("kind", "value", "shown", "help"),
    [
        pytest.param("integer", "'1'", "1", "write a number without quotes", id="text for number"),
        pytest.param("text", "1", "1", 'write it in quotes: "1"', id="number for text"),
        pytest.param("text", "true", "true", 'write it in quotes: "true"', id="true for text"),
        pytest.param("boolean", "'yes'", "yes", "write `true` or `false`", id="yes"),
        pytest.param("boolean", "1", "1", "write `true` or `false`", id="one"),
    ],
)
def test_a_condition_that_the_database_would_refuse_is_an_error(
    kind: str, value: str, shown: str, help: str
) -> None:
    [found] = condition(kind, value)
    assert found == (
        f"error[Z44]: `contacts.status` cannot be `{shown}`, it is"
        f" `{'VARCHAR' if kind == 'text' else kind.upper()}`\n  help: {help}"
    )


@pytest.mark.parametrize("dialect", ["mariadb", "sqlite"])
def test_one_is_true_where_the_database_says_so(dialect: str) -> None:
    assert condition("boolean", "1", dialect=dialect) == []


def test_conditions_are_looked_at_wherever_they_stand() -> None:
    live = schema(CONTACTS, with_columns(ACTIVITIES, "kind integer"))
    text = MAP.replace("done_at]", "done_at, kind]")
    nested = "{any: [{not: {exists: activities, where: {column: kind, is: x}}}, {empty: name}]}"
    found = said(live, text.replace("{column: status, is: [active, paused]}", nested))
    assert [line.partition(",")[0] for line in found] == [
        "systems.yaml:7:11: error[Z44]: `activities.kind` cannot be `x`"
    ]
    linked = "belongs_to: {contacts: {columns: contact_id, when: {kind: x}}}"
    loose = replace(with_columns(ACTIVITIES, "kind integer"), foreign_keys=())
    found = said(
        schema(CONTACTS, loose), text.replace("belongs_to: {contacts: contact_id}", linked)
    )
    assert [line.partition(",")[0] for line in found if "error" in line] == [
        "systems.yaml:18:22: error[Z44]: `activities.kind` cannot be `x`"
    ]
