"""What does a database say about itself? The live schema as values, read by connectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ombud.systems.model import System, Table

ColumnType = Literal[
    "text",
    "integer",
    "number",
    "boolean",
    "date",
    "local_timestamp",
    "instant",
    "time",
    "uuid",
    "enum",
    "json",
    "array",
    "binary",
    "other",
]
"""`local_timestamp`: without a zone; `instant`: with one."""

OnParentGone = Literal["cascade", "set_null", "set_default", "restrict", "no_action"]


@dataclass(frozen=True)
class LiveColumn:
    """A column as the database describes it."""

    name: str
    type: ColumnType
    type_text: str
    nullable: bool
    length_max: int | None = None
    generated: bool = False
    has_default: bool = False
    enum_values: tuple[str, ...] = ()


@dataclass(frozen=True)
class LiveForeignKey:
    """A declared foreign key from `table` to `parent`.

    Args:
        on_parent_gone: The ON DELETE rule.
        enforced: False where somebody switched its triggers off.
    """

    name: str
    columns: tuple[str, ...]
    parent: str
    parent_schema: str
    parent_columns: tuple[str, ...]
    on_parent_gone: OnParentGone = "no_action"
    enforced: bool = True


@dataclass(frozen=True)
class LiveTable:
    """A table as the database describes it.

    Args:
        key: Primary key columns, in order; empty: it has none.
        indexes: Column tuples of every index, the key's and unique ones included, in order.
        unique: Column tuples that are unique (unique indexes and constraints, not the key).
        rows_about: The database's own estimate; None: it has none.
        engine: Storage engine on MariaDB, lower case; empty elsewhere.
        history: Kept row history (MariaDB system versioning).
        hides_rows: Row-level security rules which rows Ombud's account sees (PostgreSQL).
        view: It is a view.
        triggers: Names of triggers of its own (not those of referential integrity).
        copied_into: Materialised views of any schema that keep copies of its rows, as SQL writes
            their names.
    """

    name: str
    schema: str
    columns: Mapping[str, LiveColumn]
    key: tuple[str, ...] = ()
    foreign_keys: tuple[LiveForeignKey, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    rows_about: int | None = None
    engine: str = ""
    history: bool = False
    view: bool = False
    partitioned: bool = False
    hides_rows: bool = False
    triggers: tuple[str, ...] = ()
    copied_into: tuple[str, ...] = ()

    def finds(self, columns: tuple[str, ...]) -> bool:
        """Return whether an index begins with these columns, in any order."""
        return any(set(index[: len(columns)]) == set(columns) for index in self.indexes)


@dataclass(frozen=True)
class LiveSchema:
    """Every table and view of the schemas that the map names, and tables that refer to them.

    Args:
        dialect: `sqlite`, `postgresql` or `mariadb` (MySQL included).
        default_schema: What an empty schema in the map stands for.
        tables: By (schema, name); the default schema's tables under ("", name) too.
        account: Name of the database account; empty on SQLite.
        excess_powers: What the account may do beyond need, in words (`superuser`, ...).
        enforces_foreign_keys: False where the database does not (SQLite without the pragma,
            MyISAM tables are said per table by their engine).
        database: Name of the database on its server; empty: not known, or on SQLite.
        elsewhere: Names of tables in other schemas of the same database (PostgreSQL).
        expressions: What each expression of the map gives, by (table id, SQL text); without those
            that the database refuses.
    """

    dialect: Literal["sqlite", "postgresql", "mariadb"]
    version: str
    default_schema: str
    tables: Mapping[tuple[str, str], LiveTable] = field(default_factory=dict)
    account: str = ""
    excess_powers: tuple[str, ...] = ()
    enforces_foreign_keys: bool = True
    database: str = ""
    elsewhere: tuple[str, ...] = ()
    expressions: Mapping[tuple[str, str], LiveColumn] = field(default_factory=dict)

    def of(self, table: Table, system: System) -> LiveTable | None:
        """Return what a table of the map is, or None where the database has no such table."""
        return self.table(table.schema or system.schema, table.name)

    def table(self, schema: str, name: str) -> LiveTable | None:
        """Return the table, or None where the database has no such table."""
        return self.tables.get((schema, name)) or (
            self.tables.get(("", name)) if schema == self.default_schema else None
        )
