"""A world: policy, map, tables, rows, and what people decided, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pprint import pformat
from typing import Any

import sqlalchemy as sa
import yaml
from sqlalchemy.dialects import mysql

from oracle.maps import key_of
from oracle.model import judge
from oracle.values import Decision, Hold, Verdict


@dataclass(frozen=True)
class Column:
    """A column of the database.

    Args:
        type: `int`, `text`, `date`, `local` or `utc` (timestamp without a zone), `instant` (with
            one), `unix` (seconds), `iso_day` or `iso_time` (text).
    """

    name: str
    type: str
    nullable: bool = True
    unique: bool = False


@dataclass(frozen=True)
class ForeignKey:
    """A declared foreign key; `gone` is its ON DELETE."""

    name: str
    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]
    gone: str | None


@dataclass(frozen=True)
class Table:
    """A table of the database; `indexes` are the columns of its links."""

    id: str
    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    foreign_keys: tuple[ForeignKey, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()


class _Plain(yaml.SafeDumper):
    """YAML as people write it: no anchors, short lists on one line."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401 - YAML
        return True


@dataclass(frozen=True)
class World:
    """Everything the engine and the model need, for one system called `crm`.

    Args:
        rows: Table id to rows, each a mapping of column to value.
        criteria: Activity to the date on which data was last said to be no longer needed.
    """

    policy: Mapping[str, Any]
    systems: Mapping[str, Any]
    tables: Mapping[str, Table]
    rows: Mapping[str, Sequence[Mapping[str, Any]]]
    as_of: date
    holds: tuple[Hold, ...] = ()
    decisions: tuple[Decision, ...] = ()
    criteria: Mapping[str, date] = field(default_factory=dict)

    @property
    def policy_text(self) -> str:
        """The policy as a file."""
        return yaml.dump(dict(self.policy), Dumper=_Plain, sort_keys=False, allow_unicode=True)

    @property
    def systems_text(self) -> str:
        """The map as a file."""
        return yaml.dump(dict(self.systems), Dumper=_Plain, sort_keys=False, allow_unicode=True)

    def verdict(self, **instead: Any) -> Verdict:  # noqa: ANN401 - any part of the world
        """Return what the model says of this world, with parts of it replaced."""
        parts = {
            "as_of": self.as_of,
            "holds": self.holds,
            "decisions": self.decisions,
            "criteria": self.criteria,
            **instead,
        }
        rows = parts.pop("rows", self.rows)
        return judge(self.policy, self.systems, rows, **parts)

    def __repr__(self) -> str:
        """Return the world as a person reads it, for a failing example."""
        return "\n".join(
            [
                "World:",
                f"as of {self.as_of}",
                self.policy_text,
                self.systems_text,
                pformat(dict(self.rows), width=100),
                *(str(table) for table in self.tables.values()),
                *(str(hold) for hold in self.holds),
                *(str(decision) for decision in self.decisions),
                f"criteria {dict(self.criteria)}",
            ]
        )

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ANN401 - Hypothesis's own
        """Have Hypothesis print it in the same way."""
        printer.text(repr(self))


TYPES: Mapping[str, Any] = {
    "int": sa.Integer(),
    "text": sa.String(80),
    "date": sa.Date(),
    "local": sa.DateTime(),
    "utc": sa.DateTime(),
    "instant": sa.DateTime(timezone=True).with_variant(mysql.TIMESTAMP(), "mysql", "mariadb"),
    "unix": sa.BigInteger(),
    "iso_day": sa.String(40),
    "iso_time": sa.String(40),
}


def metadata(world: World) -> sa.MetaData:
    """Return the tables of a world for any database."""
    made = sa.MetaData()
    for table in world.tables.values():
        columns = [
            sa.Column(
                column.name,
                TYPES[column.type],
                primary_key=column.name in table.key,
                autoincrement=False,
                nullable=column.nullable and column.name not in table.key,
                unique=column.unique,
            )
            for column in table.columns
        ]
        sa.Table(table.name, made, *columns, *_constraints(world, table))
    return made


def _constraints(world: World, table: Table) -> list[Any]:
    indexes = [
        sa.Index(f"ix_{table.id}_{number}", *columns)
        for number, columns in enumerate(table.indexes)
    ]
    keys = [
        sa.ForeignKeyConstraint(
            key.columns,
            [f"{world.tables[key.parent].name}.{column}" for column in key.parent_columns],
            name=key.name,
            ondelete=key.gone,
        )
        for key in table.foreign_keys
    ]
    return [*indexes, *keys]


def create(world: World, connection: sa.Connection) -> None:
    """Create the tables of a world and fill them; a reference is set when its row is there."""
    made = metadata(world)
    made.create_all(connection)
    for table in world.tables.values():
        rows = world.rows[table.id]
        if rows:
            free = {column.name for column in table.columns if column.nullable}
            later = {c for key in table.foreign_keys for c in key.columns if free >= {*key.columns}}
            first = [{c: None if c in later else v for c, v in row.items()} for row in rows]
            connection.execute(made.tables[table.name].insert(), first)
    for table in world.tables.values():
        columns = sorted({column for key in table.foreign_keys for column in key.columns})
        for row in world.rows[table.id]:
            if any(row[column] is not None for column in columns):
                target = made.tables[table.name]
                same = [target.c[column] == row[column] for column in table.key]
                values = {column: row[column] for column in columns}
                connection.execute(target.update().where(*same).values(values))


def read_back(world: World, connection: sa.Connection) -> dict[str, list[dict[str, Any]]]:
    """Return the rows that are in the database now; MariaDB gives instants in UTC, bare."""
    made = metadata(world)
    found: dict[str, list[dict[str, Any]]] = {}
    for table in world.tables.values():
        instants = [column.name for column in table.columns if column.type == "instant"]
        rows = connection.execute(sa.select(made.tables[table.name])).mappings()
        found[table.id] = [dict(row) for row in rows]
        for row in found[table.id]:
            for name in instants:
                if row[name] is not None and row[name].tzinfo is None:
                    row[name] = row[name].replace(tzinfo=UTC)
    return found


def world_of(policy: str, tables: str, rows: str, *, as_of: date, **more: Any) -> World:  # noqa: ANN401
    """Return a world from its words, the map's tables and the rows among them.

    The database's columns are told from the rows: a column of a kind that YAML knows is of that
    kind, one with NULLs only is text.
    """
    system = {"url": "${CRM_URL}", **more.pop("system", {}), "tables": yaml.safe_load(tables)}
    filled = {name: [] for name in system["tables"]} | (yaml.safe_load(rows) or {})
    made = {name: _table(name, table, filled[name]) for name, table in system["tables"].items()}
    written = {"systems": {"crm": system}}
    return World(yaml.safe_load(policy), written, made, filled, as_of, **more)


def _table(name: str, written: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Table:
    key = tuple(key_of(written))
    mapped = [*written.get("columns", {}), *written.get("not_personal", ())]
    names = dict.fromkeys([*key, *mapped, *(column for row in rows for column in row)])
    columns = [Column(column, _type([row.get(column) for row in rows])) for column in names]
    return Table(name, name, key, tuple(columns))


def _type(values: Sequence[Any]) -> str:
    kinds = {type(value) for value in values if value is not None}
    if datetime in kinds:
        return "local"
    return {date: "date", int: "int"}.get(next(iter(kinds), str), "text")
