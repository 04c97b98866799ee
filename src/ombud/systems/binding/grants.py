"""What may Ombud's account do, and no more? The statements that a database's owner runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ombud.document import did_you_mean, quoted
from ombud.errors import Unknown
from ombud.systems.binding.view import Bound, Pair
from ombud.systems.live import LiveSchema
from ombud.systems.model import Link, System, Systems
from ombud.systems.walk import owners

_MAINTAIN_FROM = 17  # PostgreSQL lets others than the owner ANALYZE since then


def grants(systems: Systems, live: Mapping[str, LiveSchema], system_id: str) -> list[str]:
    """Return the statements that give Ombud's account what it needs in a system, and no more.

    Reading every table on the map; erasing rows only where rows are erased; changing only the
    columns that can be blanked or, as references to rows that go, emptied; temporary tables for
    itself. On MariaDB also seeing which tables there are: what the account does not see could be
    erased along with a row, and nobody would be told. None for SQLite, which has no accounts.

    Args:
        systems: The map.
        live: System id to its schema.
        system_id: Which system.

    Raises:
        Unknown: The map has no such system, or its schema was not given; nothing was changed.
    """
    system, schema = systems.systems.get(system_id), live.get(system_id)
    if system is None or schema is None:
        help = did_you_mean(system_id, tuple(live))
        raise Unknown(f"no database is known for the system {quoted(system_id)}", help=help)
    bound = Bound(system, schema)
    if schema.dialect == "postgresql":
        return list(_postgresql(bound))
    return list(_mariadb(bound)) if schema.dialect == "mariadb" else []


def _postgresql(bound: Bound) -> Iterator[str]:
    to = f"TO {bound.quote(bound.schema.account or 'ombud')};"
    if bound.schema.database:
        database = bound.quote(bound.schema.database)
        yield f"GRANT CONNECT, TEMPORARY ON DATABASE {database} {to}"
    else:
        yield (
            "DO $$ BEGIN EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO %I',"
            f" current_database(), {_text(bound.schema.account or 'ombud')}); END $$;"
        )
    default = bound.schema.default_schema
    for schema in sorted({physical[0] or default for physical in bound.mapped}):
        yield f"GRANT USAGE ON SCHEMA {bound.quote(schema)} {to}"
    maintained = _major(bound.schema.version) >= _MAINTAIN_FROM
    for pair in bound.pairs.values():
        table = bound.sql_name(pair.live)
        yield f"GRANT SELECT ON TABLE {table} {to}"
        if _erases(bound.system, pair):
            yield f"GRANT DELETE ON TABLE {table} {to}"
        changed = _updated(bound.system, pair)
        columns = changed or (_locked(pair) if _erases(bound.system, pair) else ())
        if columns:
            named = ", ".join(bound.quote(column) for column in columns)
            why = "" if changed else "  -- rows cannot be locked without it"
            yield f"GRANT UPDATE ({named}) ON TABLE {table} {to}{why}"
        if maintained and _changes_rows(bound.system, pair):
            yield f"GRANT MAINTAIN ON TABLE {table} {to}  -- ANALYZE: statistics keep values too"
    if not maintained:
        yield (
            "-- ANALYZE after erasing needs the owner of the tables before PostgreSQL 17:"
            " let the owner or autovacuum run it, for statistics keep values too"
        )


def _mariadb(bound: Bound) -> Iterator[str]:
    name, _, host = (bound.schema.account or "ombud").partition("@")
    to = f"TO {_text(name)}@{_text(host or '%')};"
    database = bound.quote(bound.schema.database or bound.schema.default_schema)
    yield f"GRANT CREATE TEMPORARY TABLES ON {database}.* {to}"
    why = "shows which tables refer to these, in any database; no data"
    yield f"GRANT REFERENCES ON *.* {to}  -- {why}"
    for pair in bound.pairs.values():
        schema = bound.physical(pair.live)[0]
        table = f"{bound.quote(schema) if schema else database}.{bound.quote(pair.live.name)}"
        yield f"GRANT SELECT ON {table} {to}"
        if _erases(bound.system, pair):
            yield f"GRANT DELETE ON {table} {to}"
        changed = _updated(bound.system, pair)
        if changed:
            named = ", ".join(bound.quote(column) for column in changed)
            yield f"GRANT UPDATE ({named}) ON {table} {to}"
    yield (
        "-- ANALYZE TABLE needs INSERT, which Ombud does not ask for: let the owner run it where"
        " mysql.column_stats knows these tables, for that keeps values too"
    )
    yield (
        "-- Triggers show only to who may make some, which Ombud does not ask for: call"
        " `ombud bind` once with an administrator's address to see whether these tables have any"
    )


def _erases(system: System, pair: Pair) -> bool:
    """Return whether rows of the table are erased: its own data's, or with an owner's."""
    owned = any(True for _ in owners(system, pair.table.id))
    return pair.table.when_due == "erase" and bool(pair.table.columns or owned)


def _changes_rows(system: System, pair: Pair) -> bool:
    return _erases(system, pair) or bool(_changed(pair))


def _changed(pair: Pair) -> tuple[str, ...]:
    """Return the columns that can be blanked or corrected."""
    return tuple(
        name
        for name in pair.table.columns
        if name not in pair.table.key
        and name in pair.live.columns
        and not pair.live.columns[name].generated
    )


def _updated(system: System, pair: Pair) -> tuple[str, ...]:
    """Return the columns that can be blanked, and references that can be emptied."""
    found = dict.fromkeys(_changed(pair))
    for link in system.links.values():
        if link.child == pair.table.id and (not link.keeps_parent or _in_circle(system, link)):
            columns = [pair.live.columns.get(name) for name, _ in link.columns]
            if all(c is not None and c.nullable and not c.generated for c in columns):
                found |= dict.fromkeys(n for n, _ in link.columns if n not in pair.table.key)
    return tuple(found)


def _in_circle(system: System, link: Link) -> bool:
    """Return whether rows can refer to each other in a circle through a link."""
    reached = [link.parent]
    for table in reached:
        links = system.links.values()
        reached += [k.parent for k in links if k.child == table and k.parent not in reached]
    return link.child in reached


def _locked(pair: Pair) -> tuple[str, ...]:
    """Return one column on which the right to change lets PostgreSQL lock a row."""
    plain = [
        name
        for name in pair.table.not_personal
        if name in pair.live.columns
        and name not in pair.table.key
        and not pair.live.columns[name].generated
    ]
    loose = [name for name in plain if name not in pair.own_link_columns]
    return (*loose, *plain, *pair.table.key)[:1]


def _major(version: str) -> int:
    match = re.match(r"\d+", version)
    return int(match.group()) if match else 0


def _text(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"
