"""Which grounds did people end by deciding? Lists of people, and what a row must begin after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ombud.plan.ground import Entry
from ombud.plan.hold import Decision, Hold
from ombud.plan.people import Person, listed
from ombud.plan.time import Timing, last_linked
from ombud.policy.model import Policy
from ombud.systems.connector import Reading
from ombud.systems.model import Clock
from ombud.systems.predicate import (
    TRUE,
    Exists,
    Hop,
    Predicate,
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
        """Return (number of hops, guard there) where each linked row has a begin of its own.

        A linked row counts whose people nobody decided about, also where what would tell its
        begin is not there.
        """
        path = self.begins.path if self.begins else None
        last = last_linked(path.hops) if path else 0
        if path is None or not last or path.hops != hops[: len(path.hops)]:
            return None
        rest = path.hops[last:]
        if not rest:
            return last, none_of(self._listed(path.column, up=1))
        later = Exists(rest, none_of(self._listed(path.column, up=2)))
        return last, any_of([none_of(self._listed(None, up=1)), later])

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


def guarded(clock: Clock, guard: Guard | None) -> tuple[Reading, Predicate]:
    """Return which values of a clock count after decisions, and what else its row must fulfil."""
    if guard is None:
        return Reading(clock), TRUE
    nested = guard.witness(clock.path.hops) if clock.path else None
    if nested is None:
        return Reading(clock), guard.row()
    return Reading(clock, *nested, guard.otherwise(), guard.self_witness()), TRUE
