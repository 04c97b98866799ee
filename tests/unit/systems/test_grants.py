"""Ombud's account may do what it needs and no more, and the statements for it can be run.

Method: the statements for one map, on each kind of database, compared whole.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from ombud.errors import Unknown
from ombud.systems import LiveSchema, grants
from unit.systems.live import ACTIVITIES, CONTACTS, MAP, schema, table, with_columns
from unit.systems.written import read

TEXT = (
    MAP.replace("        columns: {text: note}\n", "").replace(
        "contact_id, done_at", "contact_id, text, done_at"
    )
    + "      events:\n        schema: app\n        not_personal: [id]\n"
)
TABLES = (
    with_columns(CONTACTS, "phone text", generated=True),
    ACTIVITIES,
    replace(table("events", "id integer!"), schema="app"),
)


def granted(live: LiveSchema, text: str = TEXT) -> list[str]:
    return grants(read(text), {"crm": live}, "crm")


def test_postgresql() -> None:
    """Reading all, erasing where rows are erased, changing what can be blanked; keys never.

    A row can only be locked by an account that may change one of its columns.
    """
    assert granted(schema(*TABLES, database="crm", account='om"bud')) == [
        'GRANT CONNECT, TEMPORARY ON DATABASE "crm" TO "om""bud";',
        'GRANT USAGE ON SCHEMA "app" TO "om""bud";',
        'GRANT USAGE ON SCHEMA "public" TO "om""bud";',
        'GRANT SELECT ON TABLE "contacts" TO "om""bud";',
        'GRANT DELETE ON TABLE "contacts" TO "om""bud";',
        'GRANT UPDATE ("name", "email") ON TABLE "contacts" TO "om""bud";',
        'GRANT MAINTAIN ON TABLE "contacts" TO "om""bud";  -- ANALYZE: statistics keep values too',
        'GRANT SELECT ON TABLE "activities" TO "om""bud";',
        'GRANT DELETE ON TABLE "activities" TO "om""bud";',
        'GRANT UPDATE ("text") ON TABLE "activities" TO "om""bud";'
        "  -- rows cannot be locked without it",
        'GRANT MAINTAIN ON TABLE "activities" TO "om""bud";'
        "  -- ANALYZE: statistics keep values too",
        'GRANT SELECT ON TABLE "app"."events" TO "om""bud";',
    ]


def test_postgresql_before_17_has_no_right_to_analyze() -> None:
    found = granted(schema(*TABLES, version="15.14"))
    assert not any("MAINTAIN" in statement for statement in found)
    assert found[-1].startswith("-- ANALYZE after erasing needs the owner of the tables")


def test_a_database_whose_name_is_not_known_names_itself() -> None:
    assert granted(schema(*TABLES, account="o'm"))[0] == (
        "DO $$ BEGIN EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO %I',"
        " current_database(), 'o''m'); END $$;"
    )


def test_mariadb() -> None:
    live = schema(*TABLES, dialect="mariadb", default_schema="crm", account="ombud@10.0.0.1")
    assert granted(live)[:-2] == [
        "GRANT CREATE TEMPORARY TABLES ON `crm`.* TO 'ombud'@'10.0.0.1';",
        "GRANT REFERENCES ON *.* TO 'ombud'@'10.0.0.1';"
        "  -- shows which tables refer to these, in any database; no data",
        "GRANT SELECT ON `crm`.`contacts` TO 'ombud'@'10.0.0.1';",
        "GRANT DELETE ON `crm`.`contacts` TO 'ombud'@'10.0.0.1';",
        "GRANT UPDATE (`name`, `email`) ON `crm`.`contacts` TO 'ombud'@'10.0.0.1';",
        "GRANT SELECT ON `crm`.`activities` TO 'ombud'@'10.0.0.1';",
        "GRANT DELETE ON `crm`.`activities` TO 'ombud'@'10.0.0.1';",
        "GRANT SELECT ON `app`.`events` TO 'ombud'@'10.0.0.1';",
    ]
    last = granted(live)[-2:]
    assert last[0].startswith("-- ANALYZE TABLE needs INSERT")
    assert "Triggers show only to who may make some" in last[1]


def test_rows_that_are_kept_as_statistics_are_not_erased() -> None:
    text = TEXT.replace("        subjects:\n", "        when_due: statistics\n        subjects:\n")
    assert not any("DELETE" in s and "contacts" in s for s in granted(schema(*TABLES), text))


def test_a_file_has_no_accounts() -> None:
    assert granted(schema(*TABLES, dialect="sqlite", account="")) == []


def test_a_system_that_nobody_knows_is_refused() -> None:
    with pytest.raises(Unknown, match="no database is known for the system `crn`") as refused:
        grants(read(TEXT), {"crm": schema(*TABLES)}, "crn")
    assert refused.value.help == "did you mean `crm`?"
