"""Which clocks strike anew with rows of others? What the map adds to what a policy says."""

from __future__ import annotations

from ombud.policy.checks import OnTheMap
from ombud.systems.model import Systems


def rolling_clocks(systems: Systems) -> OnTheMap:
    """Return the clocks that strike anew with rows of others: they are the latest of siblings."""
    clocks = (
        clock
        for system in systems.systems.values()
        for table in system.tables.values()
        for serve in table.serves.values()
        for clock in serve.clocks.values()
    )
    rolling = (
        clock.name
        for clock in clocks
        if clock.path and any(hop.to == "siblings" for hop in clock.path.hops)
    )
    return OnTheMap(frozenset(rolling))
