"""What an example says, read; and what the engine would do with its made-up data on a day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from _data.fill import EXAMPLES, fill, load

from ombud.connectors.sql import SqlConnector
from ombud.plan.grounds import system_grounds
from ombud.plan.time import Timing
from ombud.policy import Policy, parse_policy
from ombud.systems.live import LiveSchema
from ombud.systems.model import Systems
from ombud.systems.parse import parse_systems

TODAY = date(2026, 11, 24)
SEED = 7

RowId = tuple[str, tuple[object, ...]]
"""`system.table` of the map, and the row's key."""


@cache
def written(slug: str, today: date = TODAY) -> tuple[Policy, Systems]:
    """Return an example's policy and map."""
    folder = EXAMPLES / slug
    policy = parse_policy((folder / "policy.yaml").read_bytes(), "policy.yaml", today)
    return policy, parse_systems((folder / "systems.yaml").read_bytes(), "systems.yaml", policy)


def proofs_of(policy: Policy, promise: str) -> set[tuple[str, str]]:
    """Return kind and names of each proof of a promise."""
    return {(proof.kind, " ".join(proof.names)) for proof in policy.promises[promise].proofs}


def categories_of(systems: Systems, table: str) -> set[str]:
    """Return every category that a `system.table` of the map holds."""
    system, _, name = table.partition(".")
    columns = systems.systems[system].tables[name].columns.values()
    return {category for column in columns for category in column.categories}


@dataclass
class Due:
    """What is due in all systems of an example.

    Args:
        changed: Row to the columns that would be blanked, those that are blank already included.
        statistics: Rows that would stay as statistics.
    """

    erased: set[RowId] = field(default_factory=set)
    changed: dict[RowId, set[str]] = field(default_factory=dict)
    statistics: set[RowId] = field(default_factory=set)


@contextmanager
def filled(
    slug: str, fresh: Callable[[], str], today: date, rows: int
) -> Iterator[Mapping[str, SqlConnector]]:
    """Fill empty databases with an example's data, and give the way into each system."""
    policy, systems = written(slug, today)
    urls = {system: fresh() for system in load(slug).TABLES}
    fill(urls, slug, rows=rows, seed=SEED, today=today)
    zone = ZoneInfo(policy.organisation.zone)
    connectors = {
        id_: SqlConnector(systems.systems[id_], url, policy.organisation.country, zone)
        for id_, url in urls.items()
    }
    try:
        yield connectors
    finally:
        for connector in connectors.values():
            connector.close()


def live(connectors: Mapping[str, SqlConnector]) -> dict[str, LiveSchema]:
    """Return the live schema of each system."""
    return {id_: connector.live() for id_, connector in connectors.items()}


def due(slug: str, connectors: Mapping[str, SqlConnector], today: date) -> Due:
    """Return everything that is due at noon of a day, nobody having decided or held anything."""
    policy, _ = written(slug, today)
    zone = ZoneInfo(policy.organisation.zone)
    noon = datetime.combine(today, time(12), zone)
    timing = Timing(noon, zone, policy.organisation.financial_year)
    found = Due()
    for id_, connector in connectors.items():
        with connector.session() as session:
            session.put(system_grounds(policy, connector.system, timing))
            for counted in session.survey():
                selection = counted.selection
                for key in session.keys(selection, None, 1_000_000):
                    row = (f"{id_}.{selection.table}", tuple(key))
                    if selection.action == "erase":
                        found.erased.add(row)
                        continue
                    found.changed.setdefault(row, set()).update(selection.columns)
                    if selection.action == "anonymise":
                        found.statistics.add(row)
    return found
