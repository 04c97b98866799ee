"""The same policy carried out by statements that a person writes for it: plainly, and carefully.

Plainly, what is due is found once and goes in one statement a table: nobody looks again, and the
application waits. Carefully is what Ombud promises, by hand: short transactions, each row tested
again in the one that changes it, by its key and by all that could keep it, and looked up after.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from dataset import TABLES, held, objectors

BATCH = 10_000  # rows; a tenth of a second or so

HELD = "SELECT id FROM customers JOIN held USING (email)"
CHILDREN = {
    "invoices": "posted_on < '2021-01-01'",
    "orders": "placed_at < '2023-11-24'",
    "tickets": "closed_at < '2025-11-24'",
}
LIVES = """LATERAL (SELECT
      c.created_at >= '2023-11-24' OR EXISTS (SELECT FROM orders o
        WHERE o.customer_id = c.id AND o.placed_at >= '2023-11-24') AS relation,
      EXISTS (SELECT FROM tickets t
        WHERE t.customer_id = c.id AND t.closed_at >= '2025-11-24') AS support,
      EXISTS (SELECT FROM invoices i
        WHERE i.customer_id = c.id AND i.posted_on >= '2021-01-01') AS booked,
      EXISTS (SELECT FROM newsletter n
        WHERE n.customer_id = c.id AND n.withdrawn_at IS NULL)
        AND c.email NOT IN (SELECT email FROM objectors) AS letter,
      (c.created_at >= '2024-11-24' OR EXISTS (SELECT FROM orders o
        WHERE o.customer_id = c.id AND o.placed_at >= '2024-11-24'))
        AND c.email NOT IN (SELECT email FROM objectors) AS marketing,
      c.email IN (SELECT email FROM held) AS held) g"""
NAME = "NOT (relation OR support OR booked OR held)"
EMAIL = "NOT (relation OR support OR letter OR marketing OR held)"
PHONE = "NOT (marketing OR held)"
ADDRESS = "NOT (booked OR held)"
FOUND = (
    f"""CREATE TEMP TABLE due AS
    SELECT c.id, {NAME} AS name, {EMAIL} AS email, {PHONE} AS phone, {ADDRESS} AS address
    FROM customers c, {LIVES} WHERE {NAME} OR {EMAIL} OR {PHONE} OR {ADDRESS}""",
    "CREATE INDEX ON due (id)",
    "ANALYZE due",
    "SELECT count(*) FROM due WHERE name AND email AND phone AND address",
)
GONE = "due.name AND due.email AND due.phone AND due.address"
BLANKED = """UPDATE customers c SET
         name = CASE WHEN due.name THEN NULL ELSE c.name END,
         email = CASE WHEN due.email THEN NULL ELSE c.email END,
         phone = CASE WHEN due.phone THEN NULL ELSE c.phone END,
         address = CASE WHEN due.address THEN NULL ELSE c.address END
       FROM {due} WHERE c.id = due.id AND ((due.name AND c.name IS NOT NULL)
         OR (due.email AND c.email IS NOT NULL) OR (due.phone AND c.phone IS NOT NULL)
         OR (due.address AND c.address IS NOT NULL))"""
AFTER = tuple(f"ANALYZE {table}" for table in TABLES)


def hand(url: sa.URL) -> float:
    """Do it plainly; return seconds."""
    with _people(url) as c:
        started = time.monotonic()
        for statement in FOUND:
            c.exec_driver_sql(statement)
        for table, over in CHILDREN.items():
            c.exec_driver_sql(f"DELETE FROM {table} WHERE {over} AND customer_id NOT IN ({HELD})")
        c.exec_driver_sql(
            "DELETE FROM newsletter n USING due WHERE n.customer_id = due.id AND due.email"
        )
        c.exec_driver_sql(f"DELETE FROM customers c USING due WHERE c.id = due.id AND {GONE}")
        for statement in (BLANKED.format(due="due"), *AFTER):
            c.exec_driver_sql(statement)
        return time.monotonic() - started


def careful(url: sa.URL) -> float:
    """Do it carefully; return seconds."""
    with _people(url) as c:
        c.exec_driver_sql("SET random_page_cost = 1.1")  # else a batch reads a whole table
        started = time.monotonic()
        for statement in FOUND:
            c.exec_driver_sql(statement)
        for table, over in CHILDREN.items():
            where = f"{over} AND customer_id NOT IN ({HELD})"
            _number(c, table, f"SELECT id FROM {table} WHERE {where}")
            still = f"NOT EXISTS (SELECT FROM ({HELD}) h WHERE h.id = t.customer_id)"
            _erase(c, table, f"({over}) IS TRUE AND {still}")
        letters = "SELECT n.id FROM newsletter n JOIN due ON n.customer_id = due.id AND due.email"
        _number(c, "newsletter", letters)
        _erase(c, "newsletter", f"EXISTS ({_again('t.customer_id')} AND {EMAIL})")
        _number(c, "customers", f"SELECT id FROM due WHERE {GONE}")
        every = f"{NAME} AND {EMAIL} AND {PHONE} AND {ADDRESS}"
        _erase(c, "customers", f"EXISTS ({_again('t.id')} AND {every})")
        _blank(c)
        for statement in AFTER:
            c.exec_driver_sql(statement)
        return time.monotonic() - started


def _again(customer: str) -> str:
    """Return a question about a customer as they are now."""
    return f"SELECT FROM customers c, {LIVES} WHERE c.id = {customer}"


def _number(c: sa.Connection, table: str, select: str) -> None:
    """Keep the keys of what goes, in their order."""
    numbered = f"SELECT id, row_number() OVER (ORDER BY id) AS n FROM ({select}) s"
    c.exec_driver_sql(f"CREATE TEMP TABLE due_{table} AS {numbered}")
    c.exec_driver_sql(f"CREATE INDEX ON due_{table} (n)")
    c.exec_driver_sql(f"ANALYZE due_{table}")


def _pieces(c: sa.Connection, table: str) -> Iterator[str]:
    last = c.exec_driver_sql(f"SELECT coalesce(max(n), 0) FROM due_{table}").scalar_one()
    for after in range(0, last, BATCH):
        yield f"SELECT id FROM due_{table} WHERE n > {after} AND n <= {after + BATCH}"


def _erase(c: sa.Connection, table: str, still: str) -> None:
    """Erase rows in short transactions where they still are to go; look them up after each."""
    for piece in _pieces(c, table):
        c.exec_driver_sql(f"DELETE FROM {table} t WHERE id IN ({piece}) AND {still}")
        left = (
            f"SELECT count(*) FROM ({piece}) d WHERE EXISTS (SELECT FROM {table} WHERE id = d.id)"
        )
        assert not c.exec_driver_sql(left).scalar_one()


def _blank(c: sa.Connection) -> None:
    """Empty fields in short transactions where they still are to go."""
    _number(c, "fields", f"SELECT id FROM due WHERE NOT ({GONE})")
    fields = f"c.id, {NAME} AS name, {EMAIL} AS email, {PHONE} AS phone, {ADDRESS} AS address"
    for piece in _pieces(c, "fields"):
        lock = f"SELECT 1 FROM customers WHERE id IN ({piece}) FOR UPDATE"
        again = f"(SELECT {fields} FROM customers c, {LIVES} WHERE c.id IN ({piece})) due"
        c.exec_driver_sql("BEGIN")
        c.exec_driver_sql(f"SELECT count(*) FROM ({lock}) l")
        c.exec_driver_sql(BLANKED.format(due=again))
        c.exec_driver_sql("COMMIT")


@contextmanager
def _people(url: sa.URL) -> Iterator[sa.Connection]:
    """Give a connection that knows who objected and who is held; each statement commits itself."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as c:
        c.exec_driver_sql("SET jit = off")
        for name, people in (("objectors", objectors()), ("held", held())):
            c.exec_driver_sql(f"CREATE TEMP TABLE {name} (email text)")
            c.execute(sa.text(f"INSERT INTO {name} VALUES (:e)"), [{"e": p} for p in people])
            c.exec_driver_sql(f"ANALYZE {name}")
        yield c
    engine.dispose()
