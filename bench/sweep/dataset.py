"""The bench set: contacts with three child tables, a share of them due and scattered.

Invented people only: names are numbers, addresses are at example.org.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

POLICY = """
organisation:
  name: Bench
  number: "1"
  country: DK
  languages: [en]
  contact: {email: bench@example.org}
subjects: {contacts: {title: Contacts}}
categories:
  gift: {title: Gift}
clocks: {last_activity: the last activity}
activities:
  relation:
    title: Relation
    purpose: Keeping in touch
    about: contacts
    data: [name, email, phone, note, message, gift, payment]
    basis: {legitimate_interests: Keeping in touch}
    keep: {for: 5 years, after: last_activity}
promises:
  - {id: B-1, says: Five years after the last activity data is gone, proof: {rule: [relation]}}
"""

SYSTEMS = """
systems:
  crm:
    url: ${BENCH_URL}
    zone: Etc/UTC
    sweep: {floor: 100000000}
    tables:
      contact:
        serves:
          relation: {clocks: {last_activity: last_activity}}
        subjects: {person: {email: email}}
        columns: {name: name, email: email, phone: phone}
        not_personal: [id, last_activity, legal_hold]
      donation:
        belongs_to: {contact: contact_id}
        columns: {amount: gift, given_on: gift}
        not_personal: [id]
      message:
        belongs_to: {contact: contact_id}
        columns: {body: message}
        not_personal: [id, sent_at]
      consent:
        belongs_to: {contact: contact_id}
        columns: {purpose: note, given_at: note}
        not_personal: [id]
"""


@dataclass(frozen=True)
class Size:
    """How many rows: children per contact are 1, 1.5 and 0.5 on average.

    Args:
        together: Children of contacts that follow each other lie together; else they are scattered.
    """

    contacts: int
    together: bool = False

    @property
    def rows(self) -> int:
        """All rows together."""
        return self.contacts * 4


def build(engine: sa.Engine, size: Size, *, due_every: int = 20) -> None:
    """Build the set from scratch; one contact in `due_every` is due, scattered over the table."""
    dialect = engine.dialect.name
    with engine.begin() as c:
        for table in ("consent", "message", "donation", "contact"):
            c.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
        serial = "INTEGER PRIMARY KEY"
        text, stamp = (
            ("VARCHAR(80)", "DATETIME") if dialect != "postgresql" else ("TEXT", "TIMESTAMP")
        )
        c.exec_driver_sql(
            f"CREATE TABLE contact (id {serial}, name {text}, email {text}, phone {text},"
            f" last_activity {stamp}, legal_hold BOOLEAN NOT NULL)"
        )
        refers = "contact_id INTEGER NOT NULL"
        key = "FOREIGN KEY (contact_id) REFERENCES contact (id) ON DELETE CASCADE"
        c.exec_driver_sql(
            f"CREATE TABLE donation (id {serial}, {refers}, amount INTEGER, given_on DATE, {key})"
        )
        c.exec_driver_sql(
            f"CREATE TABLE message (id {serial}, {refers}, body VARCHAR(200),"
            f" sent_at {stamp}, {key})"
        )
        c.exec_driver_sql(
            f"CREATE TABLE consent (id {serial}, {refers}, purpose {text}, given_at {stamp}, {key})"
        )
        _fill(c, dialect, size, due_every)
        for table in ("donation", "message", "consent"):
            if dialect != "mysql" and dialect != "mariadb":
                c.exec_driver_sql(f"CREATE INDEX {table}_contact ON {table} (contact_id)")
        c.exec_driver_sql("CREATE INDEX contact_activity ON contact (last_activity)")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as c:
        if dialect == "postgresql":
            c.exec_driver_sql("VACUUM ANALYZE")
        elif dialect == "sqlite":
            c.exec_driver_sql("ANALYZE")
        else:
            c.exec_driver_sql("ANALYZE TABLE contact, donation, message, consent")


def _fill(c: sa.Connection, dialect: str, size: Size, due_every: int) -> None:
    n = size.contacts
    series, old, new, say, mix = {
        "postgresql": (
            "generate_series(1, {n}) AS s(i)",
            "TIMESTAMP '2015-01-01' + i % 1000 * INTERVAL '1 day'",
            "TIMESTAMP '2024-01-01' + i % 700 * INTERVAL '1 day'",
            "'{a}' || i || '{b}'",
            "(i::bigint * 7919) % {n} + 1",
        ),
        "sqlite": (
            "(WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {n})"
            " SELECT i FROM s)",
            "datetime('2015-01-01', '+' || (i % 1000) || ' days')",
            "datetime('2024-01-01', '+' || (i % 700) || ' days')",
            "'{a}' || i || '{b}'",
            "(i * 7919) % {n} + 1",
        ),
    }.get(
        dialect,
        (
            "(SELECT seq AS i FROM seq_1_to_{n}) s",
            "DATE_ADD('2015-01-01', INTERVAL i % 1000 DAY)",
            "DATE_ADD('2024-01-01', INTERVAL i % 700 DAY)",
            "CONCAT('{a}', i, '{b}')",
            "(i * 7919) % {n} + 1",
        ),
    )
    rows = series.format(n=n)
    name, mail = say.format(a="Person ", b=""), say.format(a="p", b="@example.org")
    phone = say.format(a="680500", b="")
    c.execute(
        sa.text(
            f"INSERT INTO contact SELECT i, {name}, {mail}, {phone},"
            f" CASE WHEN ({mix.format(n=n)}) % {due_every} = 0 THEN {old} ELSE {new} END,"
            f" FALSE FROM {rows}"
        )
    )
    for table, count, values in (
        ("donation", n, "i % 500, CAST('2020-01-01' AS DATE)"),
        ("message", n * 3 // 2, f"{say.format(a='A message of some words, number ', b='')}, {new}"),
        ("consent", n // 2, f"'newsletter', {new}"),
    ):
        owner = f"(i - 1) % {n} + 1" if size.together else mix.format(n=n)
        rows = series.format(n=count)
        c.execute(sa.text(f"INSERT INTO {table} SELECT i, {owner}, {values} FROM {rows}"))
