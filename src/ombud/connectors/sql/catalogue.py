"""What does a database's own catalogue tell that SQLAlchemy's reflection does not?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import sqlalchemy as sa

Dialect = Literal["sqlite", "postgresql", "mariadb"]
BYPASS = "bypass row security"
"""A power that is needed where policies rule who sees which rows, and too much elsewhere."""

# Views over views are followed down to the tables.
_MATERIALISED = """
WITH RECURSIVE reads AS (
  SELECT c.oid AS view, c.oid AS relation FROM pg_class c WHERE c.relkind = 'm'
  UNION
  SELECT reads.view, d.refobjid FROM reads
  JOIN pg_rewrite r ON r.ev_class = reads.relation
  JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
   AND d.refclassid = 'pg_class'::regclass
)
SELECT t.relname, reads.view::regclass::text FROM reads
JOIN pg_class t ON t.oid = reads.relation AND t.relkind IN ('r', 'p')
JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE n.nspname = :schema ORDER BY 1, 2
"""

_TABLES = """
SELECT c.relname, c.reltuples::bigint, c.relkind = 'p', c.relispartition,
  c.relrowsecurity, row_security_active(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = :schema AND c.relkind IN ('r', 'p')
"""

# Those of partitions, and to partitions, are left out. `false`: one of its triggers does not fire
# in this session.
_KEYS = """
SELECT c.relname, k.conname, pn.nspname, NOT EXISTS (
  SELECT FROM pg_trigger t WHERE t.tgconstraint = k.oid AND t.tgenabled <> 'A' AND t.tgenabled <>
    CASE current_setting('session_replication_role') WHEN 'replica' THEN 'R' ELSE 'O' END)
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class p ON p.oid = k.confrelid
JOIN pg_namespace pn ON pn.oid = p.relnamespace
WHERE k.contype = 'f' AND k.conparentid = 0 AND n.nspname = :schema
"""

_POSTGRESQL_TRIGGERS = """
SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = :schema AND NOT t.tgisinternal
"""

_REFERRING = {
    "postgresql": """
SELECT DISTINCT n.nspname, c.relname FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid AND NOT c.relispartition
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class p ON p.oid = k.confrelid
JOIN pg_namespace pn ON pn.oid = p.relnamespace
WHERE k.contype = 'f' AND pn.nspname IN :schemas AND n.nspname NOT IN :schemas
""",
    "mariadb": """
SELECT DISTINCT table_schema, table_name FROM information_schema.key_column_usage
WHERE referenced_table_schema IN :schemas AND table_schema NOT IN :schemas
""",
}

_ELSEWHERE = """
SELECT DISTINCT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN :schemas
AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1
"""

_SQLITE_UNIQUES = """
SELECT m.name, l.name, i.name FROM sqlite_master m JOIN pragma_index_list(m.name) l
JOIN pragma_index_info(l.name) i
WHERE m.type = 'table' AND l."unique" AND NOT l.partial ORDER BY m.name, l.seq, i.seqno
"""

_SQLITE_KEYS = """
SELECT m.name, k.id, k."table", k."from", k."to", k.on_delete
FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) k
WHERE m.type = 'table' ORDER BY m.name, k.id, k.seq
"""


@dataclass
class Key:
    """A foreign key.

    Args:
        parent_columns: Empty: the parent's key.
        rule: Its ON DELETE, as the catalogue writes it.
    """

    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]
    rule: str


@dataclass
class Extra:
    """What is known of one table beside its reflection.

    Args:
        part: It is a partition of another table, through which its rows are reached.
        row_security: Who sees which of its rows is ruled by policies.
        hides_rows: They rule it for this account.
        parents: On PostgreSQL, foreign key to the schema of its parent: all there are.
        unenforced: Names of foreign keys that are not enforced in this session.
        keys: On SQLite, all its foreign keys.
    """

    rows: int | None = None
    engine: str = ""
    history: bool = False
    partitioned: bool = False
    part: bool = False
    row_security: bool = False
    hides_rows: bool = False
    triggers: list[str] = field(default_factory=list)
    copied_into: list[str] = field(default_factory=list)
    unique: list[tuple[str, ...]] = field(default_factory=list)
    parents: dict[str, str] = field(default_factory=dict)
    unenforced: set[str] = field(default_factory=set)
    keys: list[Key] = field(default_factory=list)


def extras_of(connection: sa.Connection, dialect: Dialect, schema: str) -> dict[str, Extra]:
    """Return what is known of each table of a schema."""
    found: dict[str, Extra] = defaultdict(Extra)
    reads = {"postgresql": _postgresql, "mariadb": _mariadb, "sqlite": _sqlite}
    reads[dialect](connection, schema, found)
    return found


def referring(
    connection: sa.Connection, dialect: Dialect, schemas: Iterable[str]
) -> dict[str, set[str]]:
    """Return, by schema, tables elsewhere whose foreign keys lead into these schemas.

    Erasing a row can act on rows there. Of SQLite's files none leads into another.
    """
    found: dict[str, set[str]] = defaultdict(set)
    if dialect in _REFERRING:
        for schema, table in _rows(connection, _REFERRING[dialect], schemas=tuple(schemas)):
            found[schema].add(table)
    return dict(found)


def elsewhere(connection: sa.Connection, dialect: Dialect, schemas: Iterable[str]) -> list[str]:
    """Return the names of tables in other schemas of the same database (PostgreSQL)."""
    if dialect != "postgresql":
        return []
    return [name for (name,) in _rows(connection, _ELSEWHERE, schemas=tuple(schemas))]


def _rows(connection: sa.Connection, sql: str, **given: Any) -> Iterator[Any]:  # noqa: ANN401
    lists = [name for name, value in given.items() if isinstance(value, tuple)]
    text = sa.text(sql).bindparams(*(sa.bindparam(name, expanding=True) for name in lists))
    yield from connection.execute(text, given)


def _postgresql(connection: sa.Connection, schema: str, found: dict[str, Extra]) -> None:
    for name, rows, *flags in _rows(connection, _TABLES, schema=schema):
        found[name] = Extra(rows if rows >= 0 else None, "", False, *flags)
    for name, key, parent, enforced in _rows(connection, _KEYS, schema=schema):
        found[name].parents[key] = parent
        if not enforced:
            found[name].unenforced.add(key)
    for name, view in _rows(connection, _MATERIALISED, schema=schema):
        found[name].copied_into.append(view)
    for name, trigger in _rows(connection, _POSTGRESQL_TRIGGERS, schema=schema):
        found[name].triggers.append(trigger)


def _mariadb(connection: sa.Connection, schema: str, found: dict[str, Extra]) -> None:
    sql = (
        "SELECT table_name, table_rows, LOWER(engine), table_type, create_options"
        " FROM information_schema.tables WHERE table_schema = :schema"
    )
    for name, rows, engine, kind, options in _rows(connection, sql, schema=schema):
        partitioned, history = "partitioned" in (options or ""), kind == "SYSTEM VERSIONED"
        found[name] = Extra(rows, engine or "", history, partitioned)
    sql = (
        "SELECT event_object_table, trigger_name FROM information_schema.triggers"
        " WHERE event_object_schema = :schema"
    )
    for name, trigger in _rows(connection, sql, schema=schema):
        found[name].triggers.append(trigger)


def _sqlite(connection: sa.Connection, _: str, found: dict[str, Extra]) -> None:
    """Read what SQLAlchemy reads from the text of CREATE TABLE, and misses some of."""
    indexes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for table, index, column in _rows(connection, _SQLITE_UNIQUES):
        indexes[table, index].append(column or "")
    for (table, _index), columns in indexes.items():
        if all(columns):
            found[table].unique.append(tuple(columns))
    for name, trigger in _rows(
        connection, "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
    ):
        found[name].triggers.append(trigger)
    keys: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for table, number, *rest in _rows(connection, _SQLITE_KEYS):
        keys[table, number].append(rest)
    for (table, _number), parts in keys.items():
        own = tuple(column for _, column, _, _ in parts)
        referred = tuple(column for _, _, column, _ in parts if column is not None)
        found[table].keys.append(Key(own, parts[0][0], referred, parts[0][3]))


def account_of(connection: sa.Connection, dialect: Dialect) -> tuple[str, tuple[str, ...]]:
    """Return who Ombud is there, and which powers the account has beyond need."""
    if dialect == "sqlite":
        return "", ()
    if dialect == "postgresql":
        sql = (
            "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls"
            " FROM pg_roles WHERE rolname = current_user"
        )
        [found] = _rows(connection, sql)
        names = ("superuser", "create role", "create database", "replication", BYPASS)
        return found[0], tuple(n for n, has in zip(names, found[1:], strict=True) if has)
    [(account,)] = _rows(connection, "SELECT CURRENT_USER()")
    grants = " ".join(str(row[0]) for row in _rows(connection, "SHOW GRANTS")).upper()
    needless = ("ALL PRIVILEGES ON *.*", "SUPER", "CREATE USER", "FILE", "SHUTDOWN", "GRANT OPTION")
    return str(account), tuple(n.lower() for n in needless if n in grants)
