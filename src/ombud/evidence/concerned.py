"""How many are concerned by a change? Rows counted when each system was last measured."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from ombud.evidence.observation import Observation
from ombud.policy.model import Policy
from ombud.systems.model import System, Systems, Table
from ombud.systems.walk import end_of, owners


@dataclass(frozen=True)
class Concerned:
    """Rows about groups of people.

    Args:
        rows: `system.table` to rows whose ground lives; a person may have several, in several.
        at: When the oldest of these counts was made; None: nothing was counted yet.
        persons: Each row is a person; one may still stand in several tables.
        uncounted: Ids of the systems that hold such rows and were not measured, or cannot be.
    """

    rows: Mapping[str, int]
    at: datetime | None
    persons: bool = False
    uncounted: tuple[str, ...] = ()

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

    A table that serves several activities about them counts once, by the one with most rows; one
    that only belongs to such a table, by all its rows. What tells of nobody who does not stand in
    a table with a row for each person does not count beside that table.

    Args:
        policy: That of the time of measuring, or the one in force.
        observations: System to its latest.
    """
    about = {a.id for a in policy.activities.values() if set(a.about) & set(groups)}
    rows: dict[str, int] = {}
    persons = True
    seen: list[datetime] = []
    for id, observation in observations.items():
        system = systems.systems.get(id)
        for name, counted in observation.tables.items():
            table = system.tables.get(name) if system else None
            most = max((s.alive for rule, s in counted.rules.items() if rule in about), default=0)
            if system and table and not table.serves and _belongs(system, name, about, ()):
                most = counted.rows
            if not most or (system and table and _adds_nobody(system, table)):
                continue
            rows[f"{id}.{name}"] = most
            persons = persons and table is not None and _of_persons(table)
            seen.append(observation.at)
    measured = min((each.at for each in observations.values()), default=None)
    unseen = tuple(
        system.id
        for system in systems.systems.values()
        if system.id not in observations and about & _serving(system)
    )
    return Concerned(rows, min(seen, default=measured), persons and bool(rows), unseen)


def _serving(system: System) -> set[str]:
    """Return the activities and caps that have data in a system."""
    names = set(system.serves)
    return names.union(*(table.serves for table in system.tables.values()))


def _belongs(system: System, table: str, about: Collection[str], seen: tuple[str, ...]) -> bool:
    """Return whether a table's fields live by an activity of one that it belongs to."""
    parents = [link.parent for link in owners(system, table) if link.parent not in seen]
    return any(
        any(s.activity in about and not s.columns for s in system.tables[parent].serves.values())
        or _belongs(system, parent, about, (*seen, table))
        for parent in parents
    )


def _adds_nobody(system: System, table: Table) -> bool:
    """Return whether everybody a table tells of stands in one with a row for each person."""
    if _of_persons(table):
        return False
    if not table.subjects:
        return any(_of_persons(system.tables[k.parent]) for k in owners(system, table.id))
    return all(
        any(
            _of_persons(system.tables[end_of(system, table.id, identifier.path.hops)])
            for identifier in subject.identifiers
            if identifier.path.hops
        )
        for subject in table.subjects.values()
    )


def _of_persons(table: Table) -> bool:
    """Return whether each row of a table is a person: its key identifies one of its subjects."""
    return any(
        identifier.kind == "id"
        and not identifier.path.hops
        and table.key == (identifier.path.column,)
        for subject in table.subjects.values()
        for identifier in subject.identifiers
    )
