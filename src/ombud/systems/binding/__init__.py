"""Where do policy, map and live schemas disagree? Everything at once, both ways, and pure.

    findings = bind(policy, systems, {"crm": live_schema_of_the_crm})

Ombud works only on systems of which no finding is an error: a promise that lies nowhere is a
warning, but a column that no promise covers, or a row that cannot be erased, must be settled first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ombud.errors import Finding
from ombud.policy.model import Policy
from ombud.systems.binding import blanks, clocks, links, promises, tables
from ombud.systems.binding.grants import grants
from ombud.systems.binding.view import Bound
from ombud.systems.live import LiveSchema
from ombud.systems.model import Systems

__all__ = ["bind", "grants"]


def bind(
    policy: Policy,
    systems: Systems,
    live: Mapping[str, LiveSchema],
    *,
    allow_superuser: bool = False,
) -> list[Finding]:
    """Return where policy, map and live schemas disagree, sorted by place.

    Args:
        policy: What is promised.
        systems: Where data lies.
        live: System id to its schema; a system that is not in it is compared with the policy only.
        allow_superuser: An account that may do more than Ombud needs is no finding.
    """
    found = [*promises.promise_without_data(policy, systems)]
    for system in systems.systems.values():
        found += promises.data_without_promise(policy, system)
        found += promises.kept_by_ombud(system)
        found += promises.outlive(policy, system)
        found += links.circles(system)
        schema = live.get(system.id)
        if schema is not None:
            found += _with_schema(policy, Bound(system, schema), allow_superuser=allow_superuser)
    return sorted(set(found))


def _with_schema(policy: Policy, bound: Bound, *, allow_superuser: bool) -> Iterator[Finding]:
    yield from tables.unmapped(bound)
    yield from tables.missing(bound)
    yield from tables.keys(bound)
    yield from tables.kinds(bound)
    yield from tables.account(bound, allow_superuser=allow_superuser)
    yield from links.forgotten(bound)
    yield from links.along(bound)
    yield from links.alone(bound)
    yield from clocks.times(bound)
    yield from clocks.expressions(bound)
    yield from clocks.values(bound)
    yield from blanks.blanks(policy, bound)
