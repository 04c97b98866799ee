"""How long does a rule, a consent or a cap keep a row? Policy and map become terms.

Law:
    GDPR Art. 5(1)(e)
    GDPR Art. 7(3)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ombud.plan.decided import Guard, guarded
from ombud.plan.ground import Entry
from ombud.plan.people import Person, listed
from ombud.plan.term import Joined, Part, Term
from ombud.plan.time import Timing, living_clock
from ombud.policy.model import (
    Activity,
    After,
    FirstOf,
    Keep,
    LastOf,
    NeededFrom,
    Policy,
    WhileState,
)
from ombud.systems.connector import Reading
from ombud.systems.model import Clock, ConsentColumns, Serve
from ombud.systems.predicate import (
    TRUE,
    Empty,
    Later,
    NotBefore,
    Predicate,
    Unreadable,
    all_of,
    any_of,
    none_of,
    reached,
)


@dataclass(frozen=True)
class Rules:
    """The retention rules and consents of a policy at an instant.

    Args:
        lists: People that decisions are about, by list id.
        criteria: Activity id to the latest day on which somebody decided on its criterion.
    """

    policy: Policy
    timing: Timing
    lists: Mapping[str, tuple[Entry, ...]]
    criteria: Mapping[str, date]

    def rule(self, activity: Activity, keep: Keep, serve: Serve, guard: Guard | None) -> Term:
        """Return how long a retention rule keeps a row, decisions included."""
        if isinstance(keep, FirstOf | LastOf):
            parts = tuple(self.rule(activity, part, serve, guard) for part in keep.parts)
            return Joined("first" if isinstance(keep, FirstOf) else "last", parts)
        if isinstance(keep, After):
            clocks = {name: self.clock(activity, serve, name) for name in keep.clocks.names}
            return after(self.timing, keep, clocks, guard)
        never = guard.row() if guard else TRUE
        if isinstance(keep, NeededFrom):
            decided = self.criteria.get(activity.id)
            if decided is None:
                return Part(never, "criterion")
            reading, besides = guarded(self.clock(activity, serve, keep.clock), guard)
            day = self.timing.day_before(decided)
            return Part(all_of([living_clock(reading, day), besides]), "criterion")
        if isinstance(keep, WhileState):
            return Part(all_of([serve.states[keep.state], never]))
        return Part(never, "consent")

    def clock(self, activity: Activity, serve: Serve, name: str) -> Clock:
        """Return the clock of a name at a serve; `consent_given` is the consent's own column."""
        if name == "consent_given" and name not in serve.clocks:
            return _given(serve.consents[activity.basis.consent])
        return serve.clocks[name]

    def decides(self, activity: Activity) -> bool:
        """Return whether anybody's decision can end an activity or a consent it rests on."""
        consents = (activity.basis.consent, activity.basis.special_consent)
        ends = (f"end:{activity.id}", *(f"withdrawn:{c}" for c in consents if c))
        return any(each in self.lists for each in ends)

    def guard(self, activity: Activity, serve: Serve, decided: tuple[Person, ...]) -> Guard | None:
        """Return what ends an activity by a decision about these people; None where none can."""
        list_id = f"end:{activity.id}"
        if list_id not in self.lists or not any(p.identifiers for p in decided):
            return None
        begins = serve.clocks.get(activity.begins) if activity.begins else None
        return Guard(list_id, decided, begins)

    def consents(
        self, activity: Activity, serve: Serve, category: str, decided: tuple[Person, ...]
    ) -> tuple[Part, ...]:
        """Return how long the consents live that an activity needs for a category.

        Args:
            decided: People whose withdrawals count.
        """
        needed = [activity.basis.consent] if activity.basis.kind == "consent" else []
        special = category and self.policy.categories[category].kind == "special"
        if special and activity.basis.special_consent:
            needed.append(activity.basis.special_consent)
        return tuple(self._consent(each, serve, decided) for each in dict.fromkeys(needed))

    def _consent(self, consent: str, serve: Serve, decided: tuple[Person, ...]) -> Part:
        if consent in serve.consents:
            return self._in_columns(serve.consents[consent], decided)
        if f"withdrawn:{consent}" in self.lists:
            # Kept by Ombud itself: it lives until it is withdrawn.
            return Part(none_of(listed(f"withdrawn:{consent}", decided)), "consent")
        return Part(TRUE, "consent")

    def _in_columns(self, held: ConsentColumns, decided: tuple[Person, ...]) -> Part:
        """Return how long a consent in the organisation's columns lives; a tie is a withdrawal."""
        given, withdrawn = held.given, held.withdrawn
        unknown = any_of([Empty(given.column), Unreadable(given.column, held.reads_as)])
        lasts: list[Predicate] = [none_of(unknown)]
        expires = self.policy.consents[held.consent].expires
        if expires is not None:
            day = self.timing.cutoff_of(expires)
            lasts.append(Later(given.column, day, held.reads_as))
        if withdrawn is not None:
            later = NotBefore(withdrawn.column, given.column, held.reads_as)
            lasts.append(any_of([Empty(withdrawn.column), none_of(later)]))
        if f"withdrawn:{held.consent}" in self.lists:
            up = 1 if given.hops else 0
            said = listed(f"withdrawn:{held.consent}", decided, given.column, held.reads_as, up)
            lasts.append(none_of(said))
        living = reached(given.hops, all_of(lasts))
        if expires is None:
            return Part(living, "consent")
        where = all_of(lasts) if given.hops else TRUE
        return Part(living, "consent", Reading(_given(held), len(given.hops), where), expires)


def after(
    timing: Timing, keep: After, clocks: Mapping[str, Clock], guard: Guard | None = None
) -> Term:
    """Return how long a period after one clock keeps a row, or after the first or last of several.

    Args:
        clocks: By name, those of the period at least.
    """
    day, parts = timing.cutoff(keep), []
    for name in keep.clocks.names:
        reading, besides = guarded(clocks[name], guard)
        living = all_of([living_clock(reading, day), besides])
        parts.append(Part(living, "not_yet", reading, keep.period, keep.counted_from))
    return Joined("first" if keep.clocks.which == "first" else "last", tuple(parts))


def _given(held: ConsentColumns) -> Clock:
    """Return when a consent was given, as a clock."""
    return Clock("consent_given", held.given, null="ended", reads_as=held.reads_as)
