"""What does the engine say of a world? Only here `ombud` is imported, and only when called.

When the engine's calls change, this file changes, and nothing else under `tests/oracle`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from oracle.values import Decision, Hold, WholeFate
from oracle.worlds import World, create, read_back

if TYPE_CHECKING:
    from ombud.plan.ground import SystemGrounds
    from ombud.plan.time import Timing
    from ombud.policy.model import Policy
    from ombud.systems.model import System

RowId = tuple[str, tuple[Any, ...]]


@dataclass
class Due:
    """What the engine would do, by table and key.

    Args:
        blank: Columns it would blank, those that are blank already left in.
        counts: Every step's count and the number of keys it gave.
    """

    erased: set[RowId] = field(default_factory=set)
    blank: dict[RowId, set[str]] = field(default_factory=dict)
    review: dict[RowId, set[str]] = field(default_factory=dict)
    counts: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class WhyField:
    """What the engine says of a field: the names of its grounds (holds by kind)."""

    kept: bool
    until: date | None
    open: str | None
    grounds: frozenset[str]


@dataclass
class Engine:
    """The engine with a world's policy and map, and an open session to its database."""

    policy: Policy
    system: System
    grounds: SystemGrounds
    timing: Timing
    session: Any
    url: str

    def rows(self, world: World) -> dict[str, list[dict[str, Any]]]:
        """Return the rows that are in the database now."""
        with opened(self.url) as connection:
            return read_back(world, connection)

    def wait(self, world: World) -> SystemGrounds:
        """Let it be the day of a later world; return the grounds that were."""
        before = self.grounds
        self.timing, self.grounds = _grounds_of(self.policy, self.system, world)
        self.session.put(self.grounds)
        return before

    def due(self, since: SystemGrounds | None = None) -> Due:
        """Return everything that is due, or what can have become due since."""
        found = Due()
        for counted in self.session.survey(since):
            selection = counted.selection
            keys = self.session.keys(selection, None, 10_000)
            found.counts.append((counted.count, len(keys)))
            for key in keys:
                row = (selection.table, tuple(key))
                if selection.action == "erase":
                    found.erased.add(row)
                elif selection.action == "task":
                    found.review.setdefault(row, set()).update(selection.columns)
                else:
                    found.blank.setdefault(row, set()).update(selection.columns)
        return found

    def carry_out(self) -> int:
        """Do what is due, once through; return how many rows were changed."""
        changed = 0
        for counted in self.session.survey():
            selection = counted.selection
            if selection.action != "task" and not selection.with_owner:
                changed += self._batches(selection)
        return changed

    def _batches(self, selection: Any) -> int:  # noqa: ANN401 - the engine's value
        """Change a selection, again and again where rows that refer to each other go in turn."""
        total = 0
        while piece := self.session.piece(selection, 0, 500):
            changed = self.session.change(selection, piece)
            total += changed
            if not changed or selection.action != "erase":
                break
        return total

    def why(
        self, table: str, key: tuple[Any, ...]
    ) -> tuple[dict[str, WhyField], WholeFate | None, tuple[bool, bool]]:
        """Return why each field of a row is kept, and why the row is that has none.

        And whether the row stays, and whether only since others refer to it.
        """
        from ombud.plan.why import why  # noqa: PLC0415 - the engine, only here

        names = self.grounds.tables[table].table.key
        named = dict(zip(names, map(str, key), strict=True))
        told = why(self.policy, self.grounds, table, named, self.session, self.timing)
        assert told is not None
        fields = {
            name: WhyField(f.kept, f.until, f.open, frozenset(g.activity for g in f.grounds))
            for name, f in told.fields.items()
        }
        row = told.row
        stays = (row.kept, bool(row.referred_by) and not row.by_itself)
        if told.fields:
            return fields, None, stays
        by, goes = frozenset(row.kept_by), frozenset(row.goes_with)
        return fields, WholeFate(row.by_itself, by, goes), stays


@contextmanager
def engine(world: World, url: str) -> Iterator[Engine]:
    """Fill an empty database with a world, and open the engine on it."""
    from ombud.connectors.sql import SqlConnector, beside  # noqa: PLC0415 - the engine, only here
    from ombud.policy.parse import parse_policy  # noqa: PLC0415
    from ombud.systems.parse import parse_systems  # noqa: PLC0415

    with opened(url) as connection:
        create(world, connection)
    policy = parse_policy(world.policy_text, "policy.yaml", world.as_of)
    system = parse_systems(world.systems_text, "systems.yaml", policy).systems["crm"]
    timing, grounds = _grounds_of(policy, system, world)
    zone = timing.zone
    connector = SqlConnector(system, url, policy.organisation.country, zone)
    usual = beside.ROWS_MIN
    if world.as_of.day % 3 == 0:  # several connections share its batches
        beside.ROWS_MIN = 2
    try:
        with connector.session() as session:
            session.put(grounds)
            yield Engine(policy, system, grounds, timing, session, url)
    finally:
        beside.ROWS_MIN = usual
        connector.close()


def _grounds_of(policy: Policy, system: System, world: World) -> tuple[Timing, SystemGrounds]:
    from ombud.plan.grounds import system_grounds  # noqa: PLC0415
    from ombud.plan.time import Timing  # noqa: PLC0415

    zone = ZoneInfo(policy.organisation.zone)
    at = datetime.combine(world.as_of, time(12), zone)
    timing = Timing(at, zone, policy.organisation.financial_year)
    holds = tuple(_hold(hold) for hold in world.holds)
    decisions = (*map(_decision, world.decisions), *_criteria(world, zone))
    return timing, system_grounds(policy, system, timing, holds=holds, decisions=decisions)


@contextmanager
def opened(url: str) -> Iterator[sa.Connection]:
    """Open a database in a transaction, with times in UTC."""
    maker = sa.create_engine(url, poolclass=sa.pool.NullPool)
    settings = {"sqlite": "PRAGMA foreign_keys = ON", "postgresql": "SET TIME ZONE 'UTC'"}
    with maker.begin() as connection:
        connection.exec_driver_sql(settings.get(maker.dialect.name, "SET time_zone = '+00:00'"))
        yield connection
    maker.dispose()


def _hold(hold: Hold) -> Any:  # noqa: ANN401 - the engine's value
    from ombud.plan.hold import Hold as Theirs  # noqa: PLC0415
    from ombud.plan.hold import HoldScope  # noqa: PLC0415

    if hold.people:
        scope = HoldScope(persons=_persons(hold.people[0]))
    elif hold.rows:
        keys = tuple(tuple(str(part) for part in key) for _, key in hold.rows)
        scope = HoldScope(system="crm", table=hold.rows[0][0], keys=keys)
    else:
        (span,) = hold.spans
        scope = HoldScope(
            system="crm",
            table=span.table,
            clock=span.column,
            from_on=span.first,
            to_on=span.last,
        )
    placed_at = datetime(2000, 1, 1, tzinfo=UTC)
    return Theirs(hold.id, hold.kind, scope, "reason", "law", "staff", placed_at, date(2100, 1, 1))


def _decision(decision: Decision) -> Any:  # noqa: ANN401 - the engine's value
    from ombud.plan.hold import Decision as Theirs  # noqa: PLC0415

    return Theirs(
        decision.id,
        decision.kind,
        _persons(decision.person),
        decision.activities,
        decision.consents,
        decision.at,
        "staff",
    )


def _criteria(world: World, zone: ZoneInfo) -> Iterator[Any]:
    from ombud.plan.hold import Decision as Theirs  # noqa: PLC0415

    for activity, day in world.criteria.items():
        at = datetime.combine(day, time(12), zone)
        yield Theirs(f"c-{activity}", "no_longer_needed", (), (activity,), (), at, "staff")


def _persons(identifiers: Any) -> tuple[Any, ...]:  # noqa: ANN401 - kind to values
    from ombud.plan.hold import PersonRef  # noqa: PLC0415

    return tuple(PersonRef(kind, str(v)) for kind, values in identifiers.items() for v in values)
