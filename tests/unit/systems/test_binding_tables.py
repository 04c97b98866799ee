"""Every table and column of the database is on the map, and every one of the map in the database.

Method: one change to a database that fits its map; what binding says is that change and no more.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from ombud.systems.live import LiveSchema, LiveTable
from unit.systems.live import (
    ACTIVITIES,
    CONTACTS,
    LIVE,
    MAP,
    codes,
    said,
    schema,
    table,
    with_columns,
)


def test_nothing_is_said_where_map_and_database_fit() -> None:
    assert said() == []


def not_looked_at(column: str, help: str) -> str:
    return (
        f"systems.yaml:5:7: error[Z10]: column `contacts.{column}` is neither personal nor not"
        f" personal\n  law:  GDPR Art. 5(1)(e)\n  help: {help}"
    )


def test_a_column_that_nobody_looked_at_is_an_error() -> None:
    live = schema(with_columns(CONTACTS, "mobil text", "score integer", "no text"), ACTIVITIES)
    plain = "add `{}` to `not_personal:` of `contacts`, or with its category under `columns:`"
    phone = "add `mobil: phone` under `columns:` of `contacts`, or the name to its `not_personal:`"
    assert said(live) == [
        not_looked_at("mobil", phone),
        not_looked_at("no", plain.format("no")),
        not_looked_at("score", plain.format("score")),
    ]


VISITS = table("visit_log", "no integer!, email text, at instant, what text")


def test_a_table_that_nobody_looked_at_is_a_warning_with_a_stub() -> None:
    assert said(schema(CONTACTS, ACTIVITIES, VISITS)) == [
        "systems.yaml:2:3: warning[Z11]: table `visit_log` of `crm` is not on the map\n"
        "  law:  GDPR Art. 30(1)\n"
        "  help: add under `tables:` and look through it: `visit_log: {key: no, columns: {email:"
        " email}, not_personal: [no, at]}`"
    ]


def test_the_stub_of_a_table_can_be_pasted() -> None:
    """What the name of a column does not tell is left out, so that binding asks for it."""
    live = schema(CONTACTS, ACTIVITIES, VISITS)
    stub = said(live)[0].rpartition("it: `")[2].rstrip("`")
    assert codes(live, MAP + f"      {stub}\n") == ["Z10", "Z13", "Z12"]


def test_a_table_of_another_schema_is_told_with_it() -> None:
    live = schema(CONTACTS, ACTIVITIES, replace(VISITS, schema="old"))
    assert "table `old.visit_log` of `crm`" in said(live)[0]
    assert "`visit_log: {schema: old, key: no," in said(live)[0]


def test_a_view_that_is_not_on_the_map_holds_nothing_of_its_own() -> None:
    assert said(schema(CONTACTS, ACTIVITIES, replace(VISITS, view=True))) == []


@pytest.mark.parametrize(
    ("name", "help"),
    [
        pytest.param(
            "Activities", "write `name: Activities`: the database tells upper and lower", id="case"
        ),
        pytest.param("activites", "did you mean `activites`?", id="a letter"),
        pytest.param("x", "take it out of the map", id="nothing like it"),
    ],
)
def test_a_table_that_the_database_lacks_is_an_error(name: str, help: str) -> None:
    live = schema(CONTACTS, replace(ACTIVITIES, name=name))
    found = next(line for line in said(live) if "[Z20]" in line)
    assert found.startswith(
        f"systems.yaml:17:7: error[Z20]: table `activities` is not in the database\n  help: {help}"
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(
            ("name: name", "nam: name"),
            "systems.yaml:13:11: error[Z21]: column `contacts.nam` is not in the database\n"
            "  help: did you mean `name`?",
            id="personal, at its own line",
        ),
        pytest.param(
            ("phone: phone", "Phone: phone"),
            "systems.yaml:15:11: error[Z21]: column `contacts.Phone` is not in the database\n"
            "  help: write `phone`: the database tells upper and lower case apart",
            id="upper case",
        ),
        pytest.param(
            ("created_at, status]", "created_at, status, xyz]"),
            "systems.yaml:5:7: error[Z21]: column `contacts.xyz` is not in the database\n"
            "  help: take it out of the map",
            id="not personal, at the table",
        ),
        pytest.param(
            ("belongs_to: {contacts: contact_id}", "belongs_to: {contacts: contact}"),
            "systems.yaml:18:22: error[Z21]: column `activities.contact` is not in the database\n"
            "  help: did you mean `contact_id`?",
            id="of a link",
        ),
    ],
)
def test_a_column_that_the_database_lacks_is_an_error(
    change: tuple[str, str], expected: str
) -> None:
    assert expected in said(text=MAP.replace(*change))


def test_two_tables_of_the_map_that_are_one_of_the_database_are_an_error() -> None:
    """Each would be judged by its own grounds, and erase what the other keeps."""
    twice = MAP + "      people: {name: contacts, not_personal: [id, created_at, status]}\n"
    text = twice.replace("status]}", "status, name, email, phone]}")
    assert said(text=text) == [
        "systems.yaml:21:7: error[Z14]: `people` and `contacts` are the same table\n"
        "  help: keep one, with the serves and columns of both"
    ]


def with_key(*key: str, unique: tuple[tuple[str, ...], ...] = ()) -> LiveSchema:
    return schema(replace(CONTACTS, key=key, unique=((("id",)), *unique)), ACTIVITIES)


def test_the_key_must_be_the_databases() -> None:
    assert said(with_key("email", "created_at")) == [
        "systems.yaml:5:7: error[Z22]: the key of `contacts` is `email`, `created_at` in the"
        " database, and `id` on the map\n"
        "  help: write `key: [email, created_at]`"
    ]


def test_a_table_needs_a_key() -> None:
    live = schema(replace(CONTACTS, key=()), replace(ACTIVITIES, foreign_keys=()))
    assert said(live)[0] == (
        "systems.yaml:5:7: error[Z23]: table `contacts` has no key\n"
        '  help: ALTER TABLE "contacts" ADD PRIMARY KEY ("id");'
    )


def test_a_unique_column_that_is_never_null_is_a_key() -> None:
    assert "Z23" not in codes(with_key())
    nullable = with_columns(replace(CONTACTS, key=(), unique=(("id",),)), "id integer")
    assert "Z23" in codes(schema(nullable, ACTIVITIES))


def special(**about: object) -> LiveSchema:
    return schema(CONTACTS, replace(ACTIVITIES, **about))


@pytest.mark.parametrize(
    ("live", "expected"),
    [
        pytest.param(
            special(view=True, key=(), foreign_keys=()),
            "systems.yaml:17:7: error[Z24]: `activities` is a view, and cannot be erased from\n"
            "  help: map the tables it shows, and take it out",
            id="view",
        ),
        pytest.param(
            special(triggers=("copy_old",)),
            "systems.yaml:17:7: warning[Z25]: `activities` has triggers, which Ombud does not see"
            " into: `copy_old`\n"
            "  help: see that they copy no personal data, and map the tables they write to",
            id="trigger",
        ),
        pytest.param(
            special(copied_into=("reporting.calls", "calls_by_day")),
            "systems.yaml:17:7: warning[Z15]: what is erased from `activities` stays in the"
            " materialised views `reporting.calls`, `calls_by_day` until a refresh\n"
            "  law:  GDPR Art. 17(1)\n"
            "  help: REFRESH MATERIALIZED VIEW reporting.calls; REFRESH MATERIALIZED VIEW"
            " calls_by_day; after each sweep, by the account that owns it",
            id="materialised",
        ),
        pytest.param(
            special(partitioned=True),
            "systems.yaml:17:7: info[Z26]: `activities` is partitioned; its rows are erased one by"
            " one, not by partition",
            id="partitions",
        ),
        pytest.param(
            special(hides_rows=True),
            "systems.yaml:17:7: error[Z38]: row-level security hides rows of `activities` from"
            " Ombud's account\n"
            "  law:  GDPR Art. 5(2)\n"
            '  help: ALTER ROLE "ombud" BYPASSRLS; or let it own the table',
            id="row security",
        ),
        pytest.param(
            special(history=True),
            "systems.yaml:17:7: error[Z27]: `activities` keeps the history of its rows, and what is"
            " erased stays in it\n"
            "  law:  GDPR Art. 17(1)\n"
            '  help: ALTER TABLE "activities" DROP SYSTEM VERSIONING; it drops the history too',
            id="history",
        ),
        pytest.param(
            special(engine="myisam"),
            "systems.yaml:17:7: info[Z28]: `activities` is kept by `myisam`, without transactions"
            " and foreign keys\n"
            '  help: ALTER TABLE "activities" ENGINE=InnoDB;',
            id="engine",
        ),
        pytest.param(
            schema(CONTACTS, ACTIVITIES, enforces_foreign_keys=False),
            "systems.yaml:2:3: info[Z29]: the database of `crm` does not enforce foreign keys by"
            " itself\n"
            "  help: nothing to do: Ombud turns it on for itself, and erases children first",
            id="foreign keys off",
        ),
        pytest.param(
            schema(CONTACTS, ACTIVITIES, excess_powers=("superuser", "owns tables")),
            "systems.yaml:2:3: error[Z60]: the account of `crm` may do more than Ombud needs:"
            " `superuser`, `owns tables`\n"
            "  law:  GDPR Art. 32(1)\n"
            "  help: make an account of its own with `ombud bind --grants`",
            id="powers",
        ),
    ],
)
def test_what_is_special_about_a_table_or_the_database_is_told(
    live: LiveSchema, expected: str
) -> None:
    assert expected in said(live)


def test_innodb_is_nothing_special() -> None:
    assert said(special(engine="innodb")) == []


def test_a_powerful_account_can_be_allowed() -> None:
    live = schema(CONTACTS, ACTIVITIES, excess_powers=("superuser",))
    assert said(live, allow_superuser=True) == []


def test_a_system_without_its_schema_is_compared_with_the_policy_only() -> None:
    empty: tuple[LiveTable, ...] = ()
    assert codes(schema(*empty)) == ["Z20", "Z20"]
    assert said(LIVE, MAP.replace("  crm:", "  sales:")) == []
