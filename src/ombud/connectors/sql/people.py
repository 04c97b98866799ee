"""Which people do decisions and holds name? Brought along in a temporary table of the session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from ombud.connectors.sql.temporary import drop
from ombud.plan.ground import Entry
from ombud.systems.identity import writings

_CHUNK = 5_000
_LOOKUPS = (
    "CREATE TEMPORARY TABLE ombud_lists AS SELECT list_id, kind,"
    " jsonb_object_agg(value, 0) AS found FROM ombud_people GROUP BY list_id, kind"
)


@dataclass
class PeopleTable:
    """The temporary table of people on lists, and its copies.

    MariaDB cannot read a temporary table twice in one statement, so each use gets a copy there;
    copies are made once and kept until the lists change. PostgreSQL has each list as one value
    beside it, for all that does not ask since when somebody is on it.
    """

    connection: sa.Connection
    country: str
    kinds: dict[str, frozenset[str]] = field(default_factory=dict)
    _loaded: object = None
    _copies: int = 0
    _used: int = 0
    _copying: bool = False

    def __post_init__(self) -> None:
        # A copy is free again once the statement that read it has run.
        sa.event.listen(self.connection, "after_cursor_execute", self._statement_ran)

    def _statement_ran(self, *_: object) -> None:
        if not self._copying:
            self._used = 0

    def load(
        self, lists: Mapping[str, tuple[Entry, ...]], zone: ZoneInfo, system_zone: ZoneInfo
    ) -> None:
        """Bring these lists along instead of the ones before."""
        if self._loaded == lists:
            return
        self.kinds = {name: frozenset(e.kind for e in entries) for name, entries in lists.items()}
        with self.connection.begin():
            for i in range(self._copies + 1):
                drop(self.connection, self._name(i))
            drop(self.connection, "ombud_lists")
            self._copies = 0
            if lists:
                self._make(self._name(0))
                self._fill(lists, zone, system_zone)
                if self.connection.dialect.name == "postgresql":
                    # else it takes every list for a row or two, and looks through it for each row
                    self.connection.exec_driver_sql(f"ANALYZE {self._name(0)}")
                    self.connection.exec_driver_sql(_LOOKUPS)
        self._loaded = dict(lists)

    def source(self) -> FromClause:
        """Return the table for one use in a statement."""
        if self.connection.dialect.name not in ("mysql", "mariadb"):
            return self._table(self._name(0)).alias()
        self._used += 1
        name = self._name(self._used)
        if self._used > self._copies:
            self._copies = self._used
            self._copying = True
            began = self.connection.in_transaction()
            with self.connection.begin_nested() if began else self.connection.begin():
                self._make(name)
                self.connection.execute(
                    sa.text(f"INSERT INTO {name} SELECT * FROM {self._name(0)}")  # noqa: S608 own names
                )
            self._copying = False
        return self._table(name)

    def lookup(self, list_id: str, kind: str, value: ColumnElement[Any]) -> ColumnElement[bool]:
        """Return that a value is on a list, which PostgreSQL fetches once a statement.

        As a value of the statement, and no table in it, a list is no reason to go through a large
        table with one process: others do not see temporary tables. Where it is fetched it is
        copied, or it would be unpacked for each row.
        """
        lists = sa.table("ombud_lists", *map(sa.column, ("list_id", "kind", "found")))
        found = lists.c.found.op("||")(sa.literal_column("'{}'::jsonb"))
        one = sa.select(found).where(lists.c.list_id == list_id, lists.c.kind == kind)
        return one.scalar_subquery().bool_op("?")(value).is_(sa.true())

    def _name(self, number: int) -> str:
        return f"ombud_people_{number}" if number else "ombud_people"

    def _make(self, name: str) -> None:
        mariadb = self.connection.dialect.name in ("mysql", "mariadb")
        text = "VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin" if mariadb else "TEXT"
        moment = {"postgresql": "TIMESTAMP", "sqlite": "TEXT"}.get(self.connection.dialect.name)
        moment = moment or "DATETIME(6)"
        instant = "TIMESTAMPTZ" if self.connection.dialect.name == "postgresql" else moment
        day = "TEXT" if self.connection.dialect.name == "sqlite" else "DATE"
        # MariaDB ends the transaction at CREATE INDEX, so the index is part of the table there.
        inside = f", INDEX {name}_value (value, list_id(60), kind)" if mariadb else ""
        self.connection.execute(
            sa.text(
                f"CREATE TEMPORARY TABLE {name} (list_id {text}, kind {text}, value {text},"
                f" at_unix BIGINT, at_day {day}, at_local {moment}, at_utc {moment},"
                f" at_instant {instant}, day_text {text}, local_text {text}, utc_text {text}"
                f"{inside})"
            )
        )
        if not mariadb:
            self.connection.execute(
                sa.text(f"CREATE INDEX {name}_value ON {name} (value, list_id, kind)")
            )

    def _fill(
        self, lists: Mapping[str, tuple[Entry, ...]], zone: ZoneInfo, system_zone: ZoneInfo
    ) -> None:
        rows: list[dict[str, Any]] = []
        table = self._table(self._name(0))
        for name, entries in lists.items():
            for entry in entries:
                for value in sorted(writings(entry.kind, entry.value, self.country)):
                    rows.append(
                        {"list_id": name, "kind": entry.kind, "value": value}
                        | self._times(entry, zone, system_zone)
                    )
                if len(rows) >= _CHUNK:
                    self.connection.execute(sa.insert(table), rows)
                    rows = []
        if rows:
            self.connection.execute(sa.insert(table), rows)

    def _times(self, entry: Entry, zone: ZoneInfo, system_zone: ZoneInfo) -> dict[str, Any]:
        utc = entry.at.astimezone(UTC)
        local = utc.astimezone(system_zone).replace(tzinfo=None)
        day = utc.astimezone(zone).date()
        naive = utc.replace(tzinfo=None)
        found = {
            "day_text": day.isoformat(),
            "local_text": local.isoformat(sep=" ", timespec="milliseconds"),
            "utc_text": naive.isoformat(sep=" ", timespec="milliseconds"),
            "at_unix": int(utc.timestamp()),
        }
        if self.connection.dialect.name == "sqlite":
            return found  # its times are texts
        instant = utc if self.connection.dialect.name == "postgresql" else naive
        return found | {"at_day": day, "at_local": local, "at_utc": naive, "at_instant": instant}

    def _table(self, name: str) -> sa.TableClause:
        postgres = self.connection.dialect.name == "postgresql"
        sqlite = self.connection.dialect.name == "sqlite"
        moment: sa.types.TypeEngine[Any] = sa.String() if sqlite else sa.DateTime()
        return sa.table(
            name,
            sa.column("list_id", sa.String()),
            sa.column("kind", sa.String()),
            sa.column("value", sa.String()),
            sa.column("at_unix", sa.BigInteger()),
            sa.column("at_day", sa.String() if sqlite else sa.Date()),
            sa.column("at_local", moment),
            sa.column("at_utc", moment),
            sa.column("at_instant", sa.DateTime(timezone=True) if postgres else moment),
            *(sa.column(name, sa.String()) for name in ("day_text", "local_text", "utc_text")),
        )
