"""A field can be blanked as the map says: the database takes it, and no two rows come to be alike.

Method: the column `phone` of a database that fits gets another type or another blank value.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from ombud.systems.live import LiveColumn, LiveTable
from unit.systems.live import (
    ACTIVITIES,
    CONTACT,
    CONTACTS,
    MAP,
    column,
    policy_of,
    refers,
    said,
    schema,
    with_columns,
)
from unit.systems.written import POLICY


def told(
    live: LiveTable, blank: str = "", *, text: str = MAP, dialect: str = "postgresql"
) -> list[str]:
    """Return what is said of `contacts`, its phone blanked so."""
    written = f"phone: {{holds: phone, blank: {blank}}}" if blank else "phone: phone"
    found = said(schema(live, ACTIVITIES, dialect=dialect), text.replace("phone: phone", written))
    return [line.partition(": ")[2] for line in found]


def phone(kind: str, *, unique: bool = False, **about: object) -> LiveTable:
    live = with_columns(CONTACTS, f"phone {kind}", **about)
    return replace(live, unique=(("phone",),)) if unique else live


@pytest.mark.parametrize(
    ("live", "blank"),
    [
        pytest.param(phone("text!"), '{value: ""}', id="text"),
        pytest.param(phone("integer!"), "{value: 0}", id="number"),
        pytest.param(phone("boolean!"), "{value: false}", id="boolean"),
        pytest.param(phone("date!"), '{value: "1900-01-01"}', id="date"),
        pytest.param(phone("json!"), '{value: "{}"}', id="json"),
        pytest.param(phone("uuid!"), '{value: "00000000-0000-0000-0000-000000000000"}', id="uuid"),
        pytest.param(phone("text!", unique=True), '{unique: "erased-{key}"}', id="unique"),
        pytest.param(phone("integer!", unique=True), '{unique: "{key}"}', id="unique number"),
    ],
)
def test_what_must_not_be_null_needs_a_placeholder_of_its_type(live: LiveTable, blank: str) -> None:
    assert told(live) == [
        "error[Z50]: `contacts.phone` cannot be NULL, and is blanked with NULL\n"
        f"  help: write `phone: {{holds: phone, blank: {blank}}}`"
    ]
    assert told(live, blank) == []


def test_an_enum_has_only_values_that_say_something() -> None:
    live = phone("enum!", enum_values=("home", "none"))
    assert told(live)[0].endswith(
        "help: write `phone: {holds: phone, blank: {value: none}}`, if that says nothing"
    )


def test_an_address_stays_one() -> None:
    live = replace(with_columns(CONTACTS, "email text!"), unique=(("email",),))
    assert told(live) == [
        "error[Z50]: `contacts.email` cannot be NULL, and is blanked with NULL\n"
        '  help: write `email: {holds: email, blank: {unique: "erased-{key}@example.invalid"}}`'
    ]


@pytest.mark.parametrize(
    ("dialect", "help"),
    [
        ("postgresql", 'ALTER TABLE "contacts" ALTER COLUMN "phone" DROP NOT NULL;'),
        ("mariadb", "ALTER TABLE `contacts` MODIFY `phone` OTHER NULL;"),
        ("sqlite", 'let "phone" of "contacts" be NULL'),
    ],
)
def test_a_type_without_a_placeholder_must_be_null(dialect: str, help: str) -> None:
    assert told(phone("other!"), dialect=dialect)[0].endswith(f"help: {help}")


WHOLE = MAP.replace("{contacts: contact_id}", "{contacts: {columns: contact_id, keeps_parent: no}}")
WHOLE = WHOLE.replace("keeps_parent: no", "keeps_parent: false")


def test_a_row_that_dies_as_a_whole_needs_no_placeholder() -> None:
    """All its fields are kept by the same activities, and nothing keeps it as a skeleton."""
    assert told(phone("text!"), text=WHOLE) == []


STATES = "states: {relationship: {filled: name}}"
CAP = replace(POLICY.caps["customer_max"], id="for_phones", data=("phone",))


@pytest.mark.parametrize(
    ("before", "added"),
    [
        pytest.param("          person:", "          other: {id: id}\n", id="two people"),
        pytest.param("        subjects:", "        when_due: statistics\n", id="statistics"),
        pytest.param(
            "          contact:",
            f"          customers: {{{STATES}, columns: [name]}}\n",
            id="another activity for some",
        ),
        pytest.param(
            "        subjects:",
            "        caps: {for_phones: {clocks: {last_work: created_at}}}\n",
            id="a cap for some",
        ),
    ],
)
def test_a_field_that_can_die_before_its_row_needs_one(before: str, added: str) -> None:
    text = WHOLE.replace(before, added + before, 1)
    if "other:" in added:
        for name in ("name", "email", "phone"):
            about = f"          {name}: {{holds: {name}, subject: person}}\n"
            text = text.replace(f"          {name}: {name}\n", about)
    policy = policy_of(
        activities={"contact": CONTACT, "customers": POLICY.activities["customers"]},
        caps={"for_phones": CAP},
    )
    known = replace(POLICY, caps={**POLICY.caps, "for_phones": CAP})
    found = said(schema(phone("text!"), ACTIVITIES), text, policy, known=known)
    assert [line.partition("[")[2][:3] for line in found if ": error" in line] == ["Z50"]


def test_a_placeholder_for_all_rows_cannot_be_unique() -> None:
    found = told(phone("text!", unique=True), '{value: ""}')
    assert found == [
        'error[Z51]: `contacts.phone` is unique, and would be `""` in every row that is blanked\n'
        '  help: write `phone: {holds: phone, blank: {unique: "erased-{key}"}}`'
    ]


def test_null_is_no_value_that_must_be_unique() -> None:
    assert told(phone("text", unique=True)) == []


@pytest.mark.parametrize(
    ("kind", "blank", "found"),
    [
        pytest.param("text(6)", '{value: "erased"}', "", id="just as long"),
        pytest.param(
            "text(5)",
            '{value: "erased"}',
            "error[Z52]: `erased` is longer than `contacts.phone`, which holds 5 characters\n"
            "  help: write at most 5 characters",
            id="longer",
        ),
        pytest.param("text(17)", '{unique: "erased-{key}"}', "", id="with the longest key"),
        pytest.param(
            "text(16)",
            '{unique: "erased-{key}"}',
            "error[Z52]: `erased-{key}` can be 17 characters long, and `contacts.phone` holds 16\n"
            '  help: write a shorter text, for example `"x{key}"`',
            id="longer with the longest key",
        ),
    ],
)
def test_a_placeholder_is_no_longer_than_its_column(kind: str, blank: str, found: str) -> None:
    assert told(phone(kind), blank) == ([found] if found else [])


@pytest.mark.parametrize(
    ("key", "longest"),
    [
        pytest.param("bigint", 19, id="bigint"),
        pytest.param("SMALLINT", 5, id="smallint"),
        pytest.param("INTEGER(11)", 10, id="width for show"),
    ],
)
def test_how_long_a_key_can_be(key: str, longest: int) -> None:
    id = LiveColumn("id", "integer", key, False)
    live = replace(
        phone(f"text({longest})"), columns={**phone(f"text({longest})").columns, "id": id}
    )
    assert told(live, '{unique: "{key}"}') == []
    short = replace(live, columns={**live.columns, "phone": column(f"phone text({longest - 1})")})
    assert [line[6:9] for line in told(short, '{unique: "{key}"}')] == ["Z52"]


def test_a_key_of_several_columns_is_joined() -> None:
    text = MAP.replace("      contacts:\n", "      contacts:\n        key: [id, born]\n")
    text = text.replace("status]", "status, born]")
    text = text.replace("{contacts: contact_id}", "{contacts: {columns: {contact_id: id}}}")
    live = replace(
        with_columns(phone("text(22)"), "born date!"), key=("id", "born"), unique=(("id",),)
    )
    assert told(live, '{unique: "x{key}"}', text=text) == []
    shorter = with_columns(live, "phone text(21)")
    assert [line[6:9] for line in told(shorter, '{unique: "x{key}"}', text=text)] == ["Z52"]


@pytest.mark.parametrize(
    ("kind", "blank", "help"),
    [
        pytest.param("integer", '{value: ""}', "write `blank: {value: 0}`", id="text in a number"),
        pytest.param("text", "{value: 0}", 'write `blank: {value: ""}`', id="number in a text"),
        pytest.param("date", "{value: gone}", 'write `blank: {value: "1900-01-01"}`', id="no date"),
        pytest.param("json", '{value: ""}', 'write `blank: {value: "{}"}`', id="no json"),
        pytest.param(
            "time", '{value: "25:00"}', 'write `blank: {value: "00:00:00"}`', id="no time"
        ),
        pytest.param(
            "uuid",
            "{value: x}",
            'write `blank: {value: "00000000-0000-0000-0000-000000000000"}`',
            id="no uuid",
        ),
        pytest.param("date", '{unique: "x{key}"}', "let the column be NULL", id="unique date"),
        pytest.param(
            "integer", '{unique: "x{key}"}', 'write `blank: {unique: "{key}"}`', id="unique number"
        ),
    ],
)
def test_a_placeholder_is_of_the_columns_type(kind: str, blank: str, help: str) -> None:
    [found] = told(phone(kind), blank)
    assert found.startswith("error[Z53]: `contacts.phone` ")
    assert found.endswith(f"\n  help: {help}")


def test_a_placeholder_of_an_enum_is_one_of_its_values() -> None:
    live = phone("enum", enum_values=("home", "none"))
    assert told(live, "{value: none}") == []
    assert told(live, "{value: gone}") == [
        "error[Z53]: `contacts.phone` cannot be `gone`, it is `ENUM`\n"
        "  help: write one of `home`, `none`"
    ]


@pytest.mark.parametrize(
    ("kind", "blank"),
    [
        ("date", "{value: 1900-01-01}"),
        ("instant", '{value: "1900-01-01 00:00:00+00:00"}'),
        ("number", "{value: 0.5}"),
        ("array", '{value: "{}"}'),
        ("other", "{value: x}"),
        ("integer", '{unique: "{key}"}'),
    ],
)
def test_placeholders_that_fit(kind: str, blank: str) -> None:
    assert told(phone(kind), blank) == []


def test_a_computed_column_is_blank_when_its_sources_are() -> None:
    assert told(phone("text!", generated=True)) == [
        "info[Z54]: `contacts.phone` is computed by the database, and blank when what it is made of"
        " is"
    ]


def test_a_personal_key_stays_with_its_row() -> None:
    text = MAP.replace("      contacts:\n", "      contacts:\n        key: phone\n").replace(
        "{contacts: contact_id}", "{contacts: {columns: {contact_id: id}}}"
    )
    live = replace(phone("text!"), key=("phone",), unique=(("id",),))
    assert told(live, text=text) == [
        "warning[Z55]: `contacts.phone` is part of the key, and stays as long as its row\n"
        "  law:  GDPR Art. 5(1)(c)\n"
        "  help: give the table a key that says nothing about people, such as a number"
    ]


LINKED = MAP.replace("{contacts: contact_id}", "{contacts: {columns: {contact_phone: phone}}}")


def linked(kind: str, blank: str = "") -> list[str]:
    """Return what is said where activities refer to contacts by their phone."""
    child = replace(
        with_columns(ACTIVITIES, f"contact_phone {kind}"),
        foreign_keys=(refers("contact_phone", "contacts", "phone"),),
        indexes=(*ACTIVITIES.indexes, ("contact_phone",)),
    )
    written = f"{{holds: phone, blank: {blank}}}" if blank else "phone"
    text = LINKED.replace("{text: note}", f"{{text: note, contact_phone: {written}}}")
    found = said(schema(phone("text", unique=True), child), text)
    return [line.partition(": ")[2] for line in found if "contact_phone" in line.partition(",")[0]]


def test_a_personal_column_of_a_link_cuts_it_when_blanked() -> None:
    cut = (
        "warning[Z56]: `activities.contact_phone` is part of the link `activities.contacts`, which"
        " is cut when it is blanked\n"
        "  help: link by a number that says nothing about people, and list that as not personal"
    )
    assert linked("text") == [cut]
    assert linked("text", '{value: ""}') == [
        "error[Z53]: `activities.contact_phone` is a foreign key, and its blank value is no row of"
        " the parent\n"
        "  help: write `contact_phone: {holds: phone}`: blanked with NULL",
        cut,
    ]


def test_the_parents_side_of_a_link_must_stay_unique() -> None:
    child = replace(
        with_columns(ACTIVITIES, "contact_phone text"),
        foreign_keys=(refers("contact_phone", "contacts", "phone"),),
        indexes=(*ACTIVITIES.indexes, ("contact_phone",)),
    )
    text = LINKED.replace("contact_id, done_at]", "contact_id, done_at, contact_phone]")
    found = said(schema(phone("text!", unique=True), child), text)
    assert any('blank: {unique: "erased-{key}"}' in line for line in found if "Z50" in line)
