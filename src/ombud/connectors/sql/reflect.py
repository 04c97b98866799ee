"""What does a database say about itself? Its catalogue, read in a few set-based questions."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import ReflectedColumn, ReflectedForeignKeyConstraint
from sqlalchemy.engine.reflection import Inspector, ObjectKind

from ombud.systems.live import ColumnType, LiveColumn, LiveForeignKey, LiveSchema, LiveTable

Dialect = Literal["sqlite", "postgresql", "mariadb"]
_RULES: dict[str, Any] = {
    "CASCADE": "cascade",
    "SET NULL": "set_null",
    "SET DEFAULT": "set_default",
    "RESTRICT": "restrict",
    "NO ACTION": "no_action",
}

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

# Foreign keys one of whose triggers does not fire in this session.
_UNENFORCED = """
SELECT DISTINCT c.relname, k.conname FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_trigger t ON t.tgconstraint = k.oid
WHERE k.contype = 'f' AND n.nspname = :schema AND t.tgenabled <> 'A' AND t.tgenabled <>
  CASE current_setting('session_replication_role') WHEN 'replica' THEN 'R' ELSE 'O' END
"""


def dialect_of(connection: sa.Connection) -> Dialect:
    """Return which of the three kinds of database it is; MySQL counts as MariaDB."""
    name = connection.dialect.name
    return (
        "mariadb"
        if name in ("mysql", "mariadb")
        else "sqlite"
        if name == "sqlite"
        else "postgresql"
    )


def read_schema(connection: sa.Connection, schemas: Iterable[str]) -> LiveSchema:
    """Return the live schema: the default one, and the named ones.

    Args:
        schemas: Names beside the default; the empty name stands for it.
    """
    dialect = dialect_of(connection)
    inspector = sa.inspect(connection)
    default = inspector.default_schema_name or ""
    tables: dict[tuple[str, str], LiveTable] = {}
    for schema in dict.fromkeys(["", *schemas]):
        if schema and schema == default:
            schema = ""
        extras = _extras(connection, dialect, schema or default)
        for table in _tables(inspector, schema, extras, dialect):
            tables[schema, table.name] = table
            if not schema and default:
                tables[default, table.name] = table
    account, powers = _account(connection, dialect)
    version = ".".join(str(n) for n in connection.dialect.server_version_info or ())
    database = connection.engine.url.database or ""
    return LiveSchema(
        dialect=dialect,
        version=version,
        default_schema=default,
        tables=tables,
        database="" if dialect == "sqlite" else database,
        account=account,
        excess_powers=powers,
    )


def _tables(
    inspector: Inspector, schema: str, extras: Mapping[str, Mapping[str, Any]], dialect: Dialect
) -> Iterable[LiveTable]:
    where: dict[str, Any] = {"schema": schema or None, "kind": ObjectKind.ANY}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sa.exc.SAWarning)  # a type it does not know is `other`
        columns = inspector.get_multi_columns(**where)
    keys = inspector.get_multi_pk_constraint(**where)
    foreign = inspector.get_multi_foreign_keys(**where)
    indexes = inspector.get_multi_indexes(**where)
    uniques = inspector.get_multi_unique_constraints(**where)
    views = {*inspector.get_view_names(schema=schema or None)}
    if dialect == "postgresql":
        views |= {*inspector.get_materialized_view_names(schema=schema or None)}
    for name_key, found in columns.items():
        name = name_key[1]
        extra = extras.get(name, {})
        key = tuple(keys[name_key]["constrained_columns"]) if name_key in keys else ()
        listed = indexes.get(name_key) or []
        unique = [tuple(u["column_names"]) for u in uniques.get(name_key) or []]
        by_index = [tuple(c for c in i["column_names"] if c) for i in listed if not _partial(i)]
        unique += [tuple(c for c in i["column_names"] if c) for i in listed if i["unique"]]
        unique += extra.get("unique", ())
        yield LiveTable(
            name=name,
            schema=schema,
            columns={c["name"]: _column(c, dialect) for c in found},
            key=key,
            foreign_keys=tuple(_foreign_key(f, schema, extra) for f in foreign.get(name_key) or []),
            indexes=tuple(dict.fromkeys([*([key] if key else []), *by_index, *unique])),
            unique=tuple(dict.fromkeys(u for u in unique if u != key)),
            rows_about=extra.get("rows"),
            engine=extra.get("engine", ""),
            history=bool(extra.get("history")),
            view=name in views,
            partitioned=bool(extra.get("partitioned")),
            triggers=tuple(extra.get("triggers", ())),
            copied_into=tuple(extra.get("copied_into", ())),
        )


def _partial(index: Mapping[str, Any]) -> bool:
    options = index.get("dialect_options") or {}
    return any(key.endswith("_where") and value for key, value in options.items())


def _foreign_key(
    found: ReflectedForeignKeyConstraint, schema: str, extra: Mapping[str, Any]
) -> LiveForeignKey:
    options = found.get("options") or {}
    rule = _RULES.get(str(options.get("ondelete") or "").upper(), "no_action")
    return LiveForeignKey(
        name=found["name"] or "",
        columns=tuple(found["constrained_columns"]),
        parent=found["referred_table"],
        parent_schema=found["referred_schema"] or schema,
        parent_columns=tuple(found["referred_columns"]),
        on_parent_gone=rule,
        deferrable=bool(options.get("deferrable")),
        enforced=found["name"] not in extra.get("unenforced", ()),
    )


def _column(found: ReflectedColumn, dialect: Dialect) -> LiveColumn:
    kind = found["type"]
    length = getattr(kind, "length", None)
    return LiveColumn(
        name=found["name"],
        type=_type(kind, dialect),
        type_text=_type_text(kind),
        nullable=bool(found["nullable"]),
        length_max=length if isinstance(length, int) else None,
        generated=bool(found.get("computed")) or _always(found),
        has_default=found.get("default") is not None or bool(found.get("identity")),
        enum_values=tuple(getattr(kind, "enums", ()) or ()),
    )


def _always(found: ReflectedColumn) -> bool:
    identity: Any = found.get("identity")
    return bool(identity and identity.get("always"))


def _type_text(kind: sa.types.TypeEngine[Any]) -> str:
    try:
        return str(kind)
    except Exception:  # a type without a name in the generic dialect
        return type(kind).__name__


def _type(kind: sa.types.TypeEngine[Any], dialect: Dialect) -> ColumnType:
    name = type(kind).__name__.upper()
    if isinstance(kind, sa.Enum):
        return "enum"
    if isinstance(kind, sa.types.ARRAY) or name == "ARRAY":
        return "array"
    if isinstance(kind, sa.JSON) or name in ("JSON", "JSONB"):
        return "json"
    if isinstance(kind, sa.Uuid) or name == "UUID":
        return "uuid"
    if name == "TIMESTAMP" and dialect == "mariadb":
        return "instant"  # stored in UTC; the session reads it so
    if isinstance(kind, sa.DateTime):
        return "instant" if getattr(kind, "timezone", False) else "local_timestamp"
    if isinstance(kind, sa.Date):
        return "date"
    if isinstance(kind, sa.Time):
        return "time"
    if isinstance(kind, sa.Boolean) or (
        name == "TINYINT" and getattr(kind, "display_width", 0) == 1
    ):
        return "boolean"
    if isinstance(kind, sa.Integer):
        return "integer"
    if isinstance(kind, sa.Numeric):
        return "number"
    if isinstance(kind, sa.String):
        return "text"
    return "binary" if isinstance(kind, sa.LargeBinary) else "other"


def _extras(connection: sa.Connection, dialect: Dialect, schema: str) -> dict[str, dict[str, Any]]:
    """Return, per table, what the generic catalogue does not tell."""
    extras: dict[str, dict[str, Any]] = {}
    if dialect == "postgresql":
        sql = (
            "SELECT c.relname, c.reltuples::bigint, c.relkind FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = :schema AND c.relkind IN ('r', 'p')"
        )
        for name, rows, kind in connection.execute(sa.text(sql), {"schema": schema}):
            extras[name] = {"rows": rows if rows >= 0 else None, "partitioned": kind == "p"}
        for name, key in connection.execute(sa.text(_UNENFORCED), {"schema": schema}):
            extras[name].setdefault("unenforced", []).append(key)
        for name, view in connection.execute(sa.text(_MATERIALISED), {"schema": schema}):
            extras[name].setdefault("copied_into", []).append(view)
        sql = (
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = :schema AND NOT t.tgisinternal"
        )
    elif dialect == "mariadb":
        sql = (
            "SELECT table_name, table_rows, LOWER(engine), table_type, create_options"
            " FROM information_schema.tables WHERE table_schema = :schema"
        )
        for name, rows, engine, kind, options in connection.execute(
            sa.text(sql), {"schema": schema}
        ):
            extras[name] = {
                "rows": rows,
                "engine": engine or "",
                "history": kind == "SYSTEM VERSIONED",
                "partitioned": "partitioned" in (options or ""),
            }
        sql = (
            "SELECT event_object_table, trigger_name FROM information_schema.triggers"
            " WHERE event_object_schema = :schema"
        )
    else:
        for name, columns in _sqlite_uniques(connection):
            extras.setdefault(name, {}).setdefault("unique", []).append(columns)
        sql = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
    given = {} if dialect == "sqlite" else {"schema": schema}
    for table, trigger in connection.execute(sa.text(sql), given):
        extras.setdefault(table, {}).setdefault("triggers", []).append(trigger)
    return extras


def _sqlite_uniques(connection: sa.Connection) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield (table, columns) that are unique.

    SQLAlchemy reads them from the text of CREATE TABLE,
    and misses some.
    """
    sql = (
        "SELECT m.name, l.name, i.name FROM sqlite_master m JOIN pragma_index_list(m.name) l"
        " JOIN pragma_index_info(l.name) i"
        " WHERE m.type = 'table' AND l.\"unique\" AND NOT l.partial ORDER BY m.name, l.seq, i.seqno"
    )
    found: dict[tuple[str, str], list[str]] = {}
    for table, index, column in connection.execute(sa.text(sql)):
        found.setdefault((table, index), []).append(column or "")
    for (table, _), columns in found.items():
        if all(columns):
            yield table, tuple(columns)


def _account(connection: sa.Connection, dialect: Dialect) -> tuple[str, tuple[str, ...]]:
    """Return who Ombud is there, and which powers the account has beyond need."""
    if dialect == "sqlite":
        return "", ()
    if dialect == "postgresql":
        sql = (
            "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls"
            " FROM pg_roles WHERE rolname = current_user"
        )
        found = connection.execute(sa.text(sql)).one()
        names = (
            "superuser",
            "create role",
            "create database",
            "replication",
            "bypass row security",
        )
        return found[0], tuple(n for n, has in zip(names, found[1:], strict=True) if has)
    account = str(connection.execute(sa.text("SELECT CURRENT_USER()")).scalar_one())
    grants = " ".join(str(row[0]) for row in connection.execute(sa.text("SHOW GRANTS"))).upper()
    needless = ("ALL PRIVILEGES ON *.*", "SUPER", "CREATE USER", "FILE", "SHUTDOWN", "GRANT OPTION")
    return account, tuple(n.lower() for n in needless if n in grants)
