"""How many are concerned by a change? Rows counted when each system was last measured."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from ombud.evidence.observation import Observation
from ombud.policy.model import Policy
from ombud.systems.model import Systems, Table


@dataclass(frozen=True)
class Concerned:
    """Rows about groups of people.

    Args:
        rows: `system.table` to rows whose ground lives; a person may have several, in several.
        at: When the oldest of these counts was made; None: nothing was counted yet.
        persons: Each row is a person; one may still stand in several tables.
    """

    rows: Mapping[str, int]
    at: datetime | None
    persons: bool = False

    @property
    def at_most(self) -> int:
        """The most people there can be."""
        return sum(self.rows.values())


def concerned(
    policy: Policy,
    systems: Systems,
    observations: Mapping[str, Observation],
    groups: Collection[str],
) -> Concerned:
    """Return how many rows are about groups of people.

    A table that serves several activities about them counts once, by the one with most rows.
    Where a table has a row for each person, only such tables count.

    Args:
        policy: That of the time of measuring, or the one in force.
        observations: System to its latest.
    """
    about = {a.id for a in policy.activities.values() if set(a.about) & set(groups)}
    rows: dict[str, int] = {}
    people = {
        f"{system.id}.{table.id}"
        for system in systems.systems.values()
        for table in system.tables.values()
        if _of_persons(table)
    }
    seen: list[datetime] = []
    for system, observation in observations.items():
        for table, counted in observation.tables.items():
            alive = [each.alive for rule, each in counted.rules.items() if rule in about]
            most = max(alive, default=0)
            if most:
                rows[f"{system}.{table}"] = most
                seen.append(observation.at)
    persons = {place: count for place, count in rows.items() if place in people}
    measured = min((each.at for each in observations.values()), default=None)
    return Concerned(persons or rows, min(seen, default=measured), persons=bool(persons))


def _of_persons(table: Table) -> bool:
    """Return whether each row of a table is a person: its key identifies one of its subjects."""
    return any(
        identifier.kind == "id"
        and not identifier.path.hops
        and table.key == (identifier.path.column,)
        for subject in table.subjects.values()
        for identifier in subject.identifiers
    )
