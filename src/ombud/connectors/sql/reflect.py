"""What does a database say about itself? Its catalogue, read in a few set-based questions."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import ReflectedColumn, ReflectedForeignKeyConstraint
from sqlalchemy.engine.reflection import Inspector, ObjectKind

from ombud.connectors.sql.catalogue import (
    BYPASS,
    Dialect,
    Extra,
    Key,
    account_of,
    elsewhere,
    extras_of,
    referring,
)
from ombud.systems.live import (
    ColumnType,
    LiveColumn,
    LiveForeignKey,
    LiveSchema,
    LiveTable,
    OnParentGone,
)

_RULES: dict[str, OnParentGone] = {
    "CASCADE": "cascade",
    "SET NULL": "set_null",
    "SET DEFAULT": "set_default",
    "RESTRICT": "restrict",
    "NO ACTION": "no_action",
}


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
    """Return the live schema: the default one, the named ones, and what refers to them elsewhere.

    Args:
        schemas: Names beside the default; the empty name stands for it.
    """
    dialect = dialect_of(connection)
    inspector = sa.inspect(connection)
    default = inspector.default_schema_name or ""
    read = list(dict.fromkeys(default if s == "" else s for s in ["", *schemas]))
    wanted: dict[str, set[str] | None] = dict.fromkeys(read)
    wanted |= referring(connection, dialect, read)
    tables: dict[tuple[str, str], LiveTable] = {}
    row_security = False
    for named, only in wanted.items():
        schema = "" if named == default else named
        extras = extras_of(connection, dialect, named)
        row_security |= any(extra.row_security for extra in extras.values())
        for table in _tables(inspector, schema, extras, dialect, only):
            tables[schema, table.name] = table
            if not schema and default:
                tables[default, table.name] = table
    account, powers = account_of(connection, dialect)
    version = ".".join(str(n) for n in connection.dialect.server_version_info or ())
    database = connection.engine.url.database or ""
    return LiveSchema(
        dialect=dialect,
        version=version,
        default_schema=default,
        tables=tables,
        database="" if dialect == "sqlite" else database,
        account=account,
        excess_powers=tuple(p for p in powers if p != BYPASS or not row_security),
        elsewhere=tuple(elsewhere(connection, dialect, read)),
    )


def _tables(
    inspector: Inspector,
    schema: str,
    extras: Mapping[str, Extra],
    dialect: Dialect,
    only: Collection[str] | None,
) -> Iterable[LiveTable]:
    where: dict[str, Any] = {"schema": schema or None, "kind": ObjectKind.ANY}
    if only is not None:
        where["filter_names"] = list(only)
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
    names = {name.lower(): name for _, name in columns}
    for name_key, found in columns.items():
        name = name_key[1]
        extra = extras.get(name, Extra())
        if extra.part:
            continue  # its rows are reached through the table of which it is a part
        key = tuple(keys[name_key]["constrained_columns"]) if name_key in keys else ()
        listed = indexes.get(name_key) or []
        unique = [tuple(u["column_names"]) for u in uniques.get(name_key) or []]
        by_index = [tuple(c for c in i["column_names"] if c) for i in listed if not _partial(i)]
        unique += [tuple(c for c in i["column_names"] if c) for i in listed if i["unique"]]
        unique += extra.unique
        if dialect == "sqlite":
            foreign_keys = [_sqlite_key(k, names, [c["name"] for c in found]) for k in extra.keys]
        else:
            each = foreign.get(name_key) or []
            foreign_keys = [
                _foreign_key(f, schema, extra)
                for f in each
                if dialect == "mariadb" or f["name"] in extra.parents
            ]
        yield LiveTable(
            name=name,
            schema=schema,
            columns={c["name"]: _column(c, dialect) for c in found},
            key=key,
            foreign_keys=tuple(foreign_keys),
            indexes=tuple(dict.fromkeys([*([key] if key else []), *by_index, *unique])),
            unique=tuple(dict.fromkeys(u for u in unique if u != key)),
            rows_about=extra.rows,
            engine=extra.engine,
            history=extra.history,
            view=name in views,
            partitioned=extra.partitioned,
            hides_rows=extra.hides_rows,
            triggers=tuple(extra.triggers),
            copied_into=tuple(extra.copied_into),
        )


def _partial(index: Mapping[str, Any]) -> bool:
    options = index.get("dialect_options") or {}
    return any(key.endswith("_where") and value for key, value in options.items())


def _foreign_key(found: ReflectedForeignKeyConstraint, schema: str, extra: Extra) -> LiveForeignKey:
    options, name = found.get("options") or {}, found["name"] or ""
    return LiveForeignKey(
        name=name,
        columns=tuple(found["constrained_columns"]),
        parent=found["referred_table"],
        parent_schema=extra.parents.get(name) or found["referred_schema"] or schema,
        parent_columns=tuple(found["referred_columns"]),
        on_parent_gone=_rule(str(options.get("ondelete") or "")),
        enforced=name not in extra.unenforced,
    )


def _sqlite_key(key: Key, tables: Mapping[str, str], columns: Iterable[str]) -> LiveForeignKey:
    """Return a foreign key with names as their tables write them: SQLite takes them in any case."""
    own = {name.lower(): name for name in columns}
    return LiveForeignKey(
        name="",
        columns=tuple(own.get(c.lower(), c) for c in key.columns),
        parent=tables.get(key.parent.lower(), key.parent),
        parent_schema="",
        parent_columns=key.parent_columns,
        on_parent_gone=_rule(key.rule),
    )


def _rule(written: str) -> OnParentGone:
    return _RULES.get(written.upper(), "no_action")


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
