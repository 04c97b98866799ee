"""Which grounds did people end by deciding? Lists of people, and what a row must begin after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ombud.plan.ground import Entry
from ombud.plan.hold import Decision, Hold
from ombud.plan.people import Person, listed
from ombud.plan.time import Timing, living_clock, prefix_of
from ombud.policy.model import Policy
from ombud.systems.model import Clock
from ombud.systems.predicate import (
    Exists,
    Hop,
    Predicate,
    all_of,
    any_of,
    none_of,
)


def end_lists(policy: Policy, decisions: tuple[Decision, ...]) -> dict[str, list[Entry]]:
    """Return, per list id, the people whose decisions end an activity or withdraw a consent."""
    lists: dict[str, list[Entry]] = {}
    for decision in decisions:
        ended: tuple[str, ...] = decision.activities
        if decision.kind == "marketing_objection":
            ended = tuple(a.id for a in policy.activities.values() if a.marketing)
        elif decision.kind == "withdrawal":
            ended = ()
        entries = [Entry(p.kind, p.value, decision.decided_at) for p in decision.persons]
        for activity in ended:
            lists.setdefault(f"end:{activity}", []).extend(entries)
        for consent in decision.consents if decision.kind == "withdrawal" else ():
            lists.setdefault(f"withdrawn:{consent}", []).extend(entries)
    return {name: entries for name, entries in lists.items() if entries}


def lists_of(
    policy: Policy, decisions: tuple[Decision, ...], holds: Iterable[Hold]
) -> dict[str, tuple[Entry, ...]]:
    """Return every list that grounds look people up on: ended, withdrawn, held, and per hold."""
    lists = end_lists(policy, decisions)
    for hold in holds:
        people = [Entry(p.kind, p.value, hold.placed_at) for p in hold.scope.persons]
        if people:
            lists.setdefault(f"hold:{hold.kind}", []).extend(people)
            lists[f"hold#{hold.id}"] = people
    return {name: tuple(entries) for name, entries in lists.items()}


def criteria_of(decisions: Iterable[Decision], timing: Timing) -> dict[str, date]:
    """Return, per activity, the latest local day on which somebody decided on its criterion."""
    found: dict[str, date] = {}
    for decision in decisions:
        if decision.kind == "no_longer_needed":
            on = decision.decided_at.astimezone(timing.zone).date()
            for activity in decision.activities:
                found[activity] = max(on, found.get(activity, date.min))
    return found


@dataclass(frozen=True)
class Guard:
    """What ends one activity's ground for the people of a row by decision."""

    list_id: str
    people: tuple[Person, ...]
    begins: Clock | None

    def row(self) -> Predicate:
        """Return that no decision ended it, judged by the row's own `begins`."""
        never = none_of(self._listed(None))
        if self.begins is None or self.begins.path is None:
            return never
        path, otherwise = self.begins.path, self.begins.otherwise
        if not path.hops:
            return none_of(self._listed(path.column))
        later: list[Predicate] = [Exists(path.hops, none_of(self._listed(path.column, up=1)))]
        if path.hops[0].to == "siblings":
            later.append(self.self_witness())
        own = [none_of(self._listed(otherwise.column))] if otherwise else []
        return any_of([never, *later, *own])

    def witness(self, hops: tuple[Hop, ...]) -> tuple[int, Predicate] | None:
        """Return (number of hops, guard there) where each witness row has a begin of its own."""
        path = self.begins.path if self.begins else None
        if path is None or all(hop.to == "parent" for hop in path.hops):
            return None
        if not prefix_of(path.hops, hops):
            return None
        return len(path.hops), none_of(self._listed(path.column, up=1))

    def otherwise(self) -> Predicate:
        """Return the guard for the row's own `else` column as witness."""
        own = self.begins.otherwise if self.begins else None
        return none_of(self._listed(own.column if own else None))

    def self_witness(self) -> Predicate:
        """Return the guard for the row itself as a witness, among its siblings."""
        path = self.begins.path if self.begins else None
        return none_of(self._listed(path.column if path else None))

    def _listed(self, begins: str | None, up: int = 0) -> Predicate:
        reads_as = self.begins.reads_as if self.begins else "auto"
        return listed(self.list_id, self.people, begins, reads_as, up)


def guarded(clock: Clock, day: date, guard: Guard | None) -> Predicate:
    """Return that a clock lives after a cutoff, counting only what began after decisions."""
    if guard is None:
        return living_clock(clock, day)
    nested = guard.witness(clock.path.hops) if clock.path else None
    if nested is None:
        return all_of([living_clock(clock, day), guard.row()])
    return living_clock(
        clock, day, witness=nested, otherwise=guard.otherwise(), itself=guard.self_witness()
    )
