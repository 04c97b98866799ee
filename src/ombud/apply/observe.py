"""How does a system stand right now? Measured exactly, and logged before anything is said of it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from ombud.apply.inputs import Inputs
from ombud.apply.place import WAIT_S
from ombud.errors import BindingRefused, OmbudError, Stopped
from ombud.evidence.log import Log
from ombud.evidence.observation import CapSeen, Observation, RuleSeen, TableSeen
from ombud.evidence.observe import observe
from ombud.evidence.tally import Tally
from ombud.law import last_day
from ombud.plan.caps import limits
from ombud.plan.grounds import system_grounds
from ombud.plan.hold import Hold
from ombud.plan.reach import Connector
from ombud.plan.time import Timing
from ombud.policy.model import After, Policy
from ombud.systems import bind
from ombud.systems.connector import HOLD, VALUES, ClockDoubts, Counted, TableCensus
from ombud.systems.live import LiveSchema
from ombud.systems.model import Clock, System, Systems, Table
from ombud.systems.predicate import Hop, Path

SWEEP_INTERVAL = timedelta(hours=24)
"""A row that has been due for longer than this breaks its promise."""

BLINDING: Final = frozenset(
    {"Z20", "Z21", "Z22", "Z23", "Z36", "Z38", "Z40", "Z41", "Z42", "Z44", "Z45"},
)
"""Findings of binding under which counts would not be what they seem: a clock that cannot be read
is never due, so its promise would look kept."""


@dataclass(frozen=True)
class Observer:
    """Looks at systems and keeps what it saw.

    Args:
        basis: Digest of policy and map, so that a changed rule is not taken for lost data.
    """

    policy: Policy
    inputs: Inputs
    log: Log
    basis: str

    def observe(self, connector: Connector, timing: Timing) -> Observation:
        """Measure one system, log it, and return it as it was logged.

        Raises:
            ConnectorFailed: The system does not answer; nothing is logged, and its last
                observation grows old.
        """
        seen = self.look(connector, timing)
        with suppress(Stopped), self.inputs.system_lock(seen.system, WAIT_S):
            # What a run that was killed had counted is said before anything is said of it.
            Tally(self.log).tell(seen.system, at=timing.at)
        return observe(self.log, seen, gap=connector.system.check_every)

    def look(self, connector: Connector, timing: Timing) -> Observation:
        """Measure one system without logging it."""
        holds, decisions = self.inputs.read()
        system = connector.system
        earlier = replace(timing, at=timing.at - SWEEP_INTERVAL)
        now, then = (
            system_grounds(self.policy, system, t, holds=holds, decisions=decisions)
            for t in (timing, earlier)
        )
        stays = {t.id: self._stays(system, t, holds) for t in system.tables.values()}
        with connector.session() as session:
            session.put(now)
            due = session.survey()
            clocks = {t: {n: each.clock for n, each in named.items()} for t, named in stays.items()}
            census = session.census(clocks)
            overdue: Sequence[Counted] = ()
            if due:  # what was due a day ago and is there still is due now
                session.put(then)
                overdue = session.survey()
        live = connector.live()
        tables = {
            table.id: self._seen(
                table, census[table.id], stays[table.id], due, overdue, timing, live, system
            )
            for table in system.tables.values()
        }
        covered: Counter[str] = Counter()
        for table_id, each in census.items():
            for hold_id, rows in each.held_by.items():
                covered[hold_id] += 0 if f"{HOLD}{hold_id}" in stays[table_id] else rows
        return Observation(
            system=system.id,
            as_of=timing.as_of,
            at=timing.at,
            tables=tables,
            holds={h.id: covered[h.id] for h in holds if h.id in covered},
            other_tables=tuple(_not_on_map(system, live)),
            basis=self.basis,
        )

    def _stays(self, system: System, table: Table, holds: Iterable[Hold]) -> dict[str, _Stay]:
        """Return what has to stay in a table, by activity or `HOLD` and id, and until when."""
        found = self._duties(system, table)
        for hold in holds:
            ending = limits(self.policy, table, hold.kind)
            if ending:
                # With several caps nobody knows which ends a row: the first is as good as any,
                # and a row that another has ended is missed rather than forgotten.
                keep = self.policy.caps[ending[0].cap].keep
                found[f"{HOLD}{hold.id}"] = _Stay(ending[0].clocks[keep.clocks.names[0]], keep)
        return found

    def _duties(self, system: System, table: Table) -> dict[str, _Stay]:
        """Return the duties to keep rows of a table; what is owned stays with its owner."""
        found = {}
        owners = [k for k in system.links.values() if k.child == table.id and k.follows]
        if len(owners) == 1 and owners[0].parent != table.id:
            up = Hop(owners[0].id, "parent")
            for name, each in self._duties(system, system.tables[owners[0].parent]).items():
                if each.clock.path is not None:
                    path = Path(each.clock.path.column, (up, *each.clock.path.hops))
                    found[name] = _Stay(replace(each.clock, path=path), each.keep)
        for serve in table.serves.values():
            activity = self.policy.activities[serve.activity]
            if isinstance(activity.keep, After) and activity.basis.kind == "legal_obligation":
                clock = serve.clocks[activity.keep.clocks.names[0]]
                found[activity.id] = _Stay(clock, activity.keep)
        return found

    def _seen(
        self,
        table: Table,
        census: TableCensus,
        stays: Mapping[str, _Stay],
        due: Iterable[Counted],
        overdue: Iterable[Counted],
        timing: Timing,
        live: LiveSchema,
        system: System,
    ) -> TableSeen:
        now, late = _sums(table.id, due), _sums(table.id, overdue)
        # Rows without a field of their own are counted by what they serve; none may be due.
        served = () if table.columns else table.serves
        rules = {*census.alive, *now[0], *late[0], *served}
        clocks = {rule: census.clocks.get(rule, ClockDoubts()) for rule in rules}
        return TableSeen(
            rows=census.rows,
            rules={
                rule: RuleSeen(
                    due=now[0][rule],
                    overdue=late[0][rule],
                    alive=census.alive.get(rule, 0),
                    clock_missing=clocks[rule].missing,
                    clock_unreadable=clocks[rule].unreadable,
                    clock_far=clocks[rule].far,
                    undecided=census.undecided.get(rule, 0),
                )
                for rule in sorted(rules)
            },
            caps={cap: CapSeen(now[1][cap], late[1][cap]) for cap in table.caps},
            kept_until={
                name: _ends(stays[name.removeprefix(VALUES)].keep, months, timing)
                for name, months in census.kept_until.items()
            },
            moving=tuple(n for n in census.kept_until if stays[n.removeprefix(VALUES)].moving),
            schema=hashlib.sha256("\n".join(sorted(census.columns)).encode()).hexdigest(),
            unmapped=tuple(sorted(_unmapped(table, system, census.columns))),
            without_rule=sum(
                each.without_rule
                for each in due
                # What a person has to look at is of rows that other steps have too.
                if each.selection.table == table.id and each.selection.action != "task"
            ),
        )


@dataclass(frozen=True)
class _Stay:
    """That rows have to stay for a period after a clock."""

    clock: Clock
    keep: After

    @property
    def moving(self) -> bool:
        """Whether something new moves the clock: the latest of linked rows is what counts."""
        return self.clock.path is not None and any(
            hop.to != "parent" for hop in self.clock.path.hops
        )


def _ends(keep: After, months: Mapping[date, int], timing: Timing) -> dict[date, int]:
    """Return rows by the day they must be there on, from the months of their clocks."""
    ends: Counter[date] = Counter()
    for first, count in months.items():
        end = last_day(
            first,
            keep.period,
            counted_from=keep.counted_from,
            financial_year=timing.financial_year,
        )
        ends[end] += count
    return dict(ends)


def observe_all(
    observer: Observer,
    systems: Systems,
    connectors: Mapping[str, Connector],
    timing: Callable[[], Timing],
    *,
    asked: Callable[[str], None] = lambda system: None,
) -> dict[str, OmbudError]:
    """Measure and log every system that can be measured; return why the others cannot.

    A system that fails stops nobody else's measuring.

    Args:
        timing: Gives the present, read anew for each system.
        asked: Called before each with its id.
    """
    failed: dict[str, OmbudError] = {}
    for system_id, connector in connectors.items():
        asked(system_id)
        try:
            _refuse_blind(observer.policy, systems, connector)
            observer.observe(connector, timing())
        except OmbudError as error:
            failed[system_id] = error
    return failed


def _refuse_blind(policy: Policy, systems: Systems, connector: Connector) -> None:
    system = connector.system.id
    found = bind(policy, systems, {system: connector.live()}, allow_superuser=True)
    blinding = tuple(each for each in found if each.code in BLINDING)
    if blinding:
        raise BindingRefused(
            f"system `{system}` was not measured: the map and the live schema disagree",
            findings=blinding,
            help="mend what `ombud bind` says of it",
        )


def _sums(table: str, counted: Iterable[Counted]) -> tuple[Counter[str], Counter[str]]:
    """Return rows per rule and per cap over all selections of a table."""
    rules: Counter[str] = Counter()
    caps: Counter[str] = Counter()
    for each in counted:
        if each.selection.table == table:
            rules.update(each.rules)
            caps.update(each.caps)
    return rules, caps


def _unmapped(table: Table, system: System, live: Iterable[str]) -> set[str]:
    linked = {c for k in system.links.values() if k.child == table.id for c, _ in k.columns}
    return set(live) - {*table.columns, *table.not_personal, *table.key, *linked}


def _not_on_map(system: System, live: LiveSchema) -> Iterable[str]:
    schemas = {t.schema or system.schema for t in system.tables.values()}
    on_map = [live.of(t, system) for t in system.tables.values()]
    known = {(t.schema, t.name) for t in on_map if t is not None}
    there = {
        (t.schema, t.name) for key, t in live.tables.items() if key[0] in schemas and not t.view
    }
    return sorted({*(name for _, name in there - known), *live.elsewhere})
