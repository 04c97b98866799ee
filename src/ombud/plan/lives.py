"""How long does a ground of one row live? Its rule, consents and caps, read from the row's values.

A connector says once what the row's clocks and states are; everything here is then reckoned from
days, as a plan's predicates would have it on each of them. What a decision ends among several
values of one clock is not told apart: the last day may then be too late, never too early.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ombud.law import last_day
from ombud.plan.ground import Ground
from ombud.plan.time import Timing, empty_clock, missing_clock
from ombud.policy.model import (
    After,
    FirstOf,
    Keep,
    LastOf,
    NeededFrom,
    Policy,
    WhileConsent,
    WhileState,
    parts_of,
)
from ombud.systems.connector import Explained
from ombud.systems.model import Clock, ConsentColumns, Serve, TableCap
from ombud.systems.predicate import Hop, Predicate, reached

Open = Literal["not_yet", "held", "consent", "criterion", "clock_missing"]
Way = tuple[Hop, ...]


@dataclass(frozen=True)
class Life:
    """How long something lives that is not over.

    Args:
        until: Last day, inclusive; None where it is open.
        open: Why it has no last day; None where it has one.
    """

    until: date | None
    open: Open | None


def first_of(lives: Iterable[Life | None]) -> Life | None:
    """Return the life of what ends with the first of several; None where one is over."""
    found = list(lives)
    living = [life for life in found if life is not None]
    if len(living) < len(found):
        return None
    days = [life.until for life in living if life.until is not None]
    return Life(min(days), None) if days else next(iter(living), None)


def last_of(lives: Iterable[Life | None]) -> Life | None:
    """Return the life of what ends with the last of several; None where all are over."""
    living = [life for life in lives if life is not None]
    opened = next((life for life in living if life.open), None)
    days = [life.until for life in living if life.until is not None]
    return opened or (Life(max(days), None) if days else None)


class Questions:
    """Collects what has to be asked of a row, and reads the answers back."""

    def __init__(self) -> None:
        self._predicates: dict[Predicate, int] = {}
        self._clocks: dict[tuple[Way, Clock], int] = {}
        self._answer = Explained(False, (), (), {})

    @property
    def predicates(self) -> Sequence[Predicate]:
        """The predicates about the row, each once."""
        return tuple(self._predicates)

    @property
    def clocks(self) -> Sequence[tuple[Way, Clock]]:
        """The clocks with the hops from the row to where they are read, each once."""
        return tuple(self._clocks)

    def put(self, where: Predicate) -> None:
        """Ask whether the row fulfils something."""
        self._predicates.setdefault(where, len(self._predicates))

    def put_clock(self, way: Way, clock: Clock) -> None:
        """Ask how a clock stands."""
        self._clocks.setdefault((way, clock), len(self._clocks))
        self.put(reached(way, missing_clock(clock)))
        self.put(reached(way, empty_clock(clock)))

    def answered(self, answer: Explained) -> None:
        """Take the answers."""
        self._answer = answer

    def holds(self, where: Predicate) -> bool:
        """Return whether the row fulfils what was asked."""
        return self._answer.holds[self._predicates[where]]

    def day(self, way: Way, clock: Clock) -> date | None:
        """Return the latest local date of a clock, that open values stand beside or not."""
        return self._answer.clocks[self._clocks[way, clock]]

    def open(self, way: Way, clock: Clock) -> Open | None:
        """Return why a clock has not struck for good; None where it has, or where it is over."""
        if self.holds(reached(way, missing_clock(clock))):
            return "clock_missing"
        if clock.null == "ended" or not self.holds(reached(way, empty_clock(clock))):
            return None
        return "clock_missing" if clock.null == "finding" else "not_yet"


@dataclass(frozen=True)
class Lives:
    """The lives of the grounds of one row."""

    policy: Policy
    timing: Timing
    asked: Questions

    def ask(self, ground: Ground) -> None:
        """Ask whether a ground lives, and for everything that could end it."""
        self.asked.put(ground.living)
        for way, on in ground.limits:
            self.asked.put(reached(way, on.when))
            for clock in on.clocks.values():
                self.asked.put_clock(way, clock)
        if ground.keep is None or ground.serve is None:
            return
        for name in self.policy.clock_names(ground.keep):
            self.asked.put_clock(ground.way, self._clock(ground, ground.serve, name))
        for part in parts_of(ground.keep):
            if isinstance(part, WhileState):
                self.asked.put(reached(ground.way, ground.serve.states[part.state]))
        for consent in ground.consents:
            if consent in ground.serve.consents:
                self.asked.put_clock(ground.way, _given(ground.serve.consents[consent]))

    def lives(self, ground: Ground) -> bool:
        """Return whether the row said that the ground lives."""
        return self.asked.holds(ground.living)

    def of(self, ground: Ground) -> Life:
        """Return how long a living ground lives."""
        caps = [self._cap(way, on) for way, on in ground.limits]
        lives: list[Life | None] = [cap for cap in caps if cap is not None]
        if ground.keep is None or ground.serve is None:
            lives.append(Life(None, "held"))
        else:
            lives.append(self._rule(ground, ground.serve, ground.keep))
            lives += [self._consent(ground, ground.serve, c) for c in ground.consents]
        # A time that is none of the calendar gives no day, and a plan keeps the row all the same.
        return first_of(lives) or Life(None, "not_yet")

    def _rule(self, ground: Ground, serve: Serve, keep: Keep) -> Life | None:
        """Return the life of a retention rule; None where it is over."""
        if isinstance(keep, FirstOf | LastOf):
            parts = [self._rule(ground, serve, part) for part in keep.parts]
            return first_of(parts) if isinstance(keep, FirstOf) else last_of(parts)
        if isinstance(keep, After):
            clocks = [self._clock(ground, serve, name) for name in keep.clocks.names]
            return self._after(keep, [(ground.way, clock) for clock in clocks])
        if isinstance(keep, WhileConsent):
            return self._consent(ground, serve, self.policy.activities[ground.id].basis.consent)
        if isinstance(keep, NeededFrom):
            return Life(None, "criterion")
        lasts = self.asked.holds(reached(ground.way, serve.states[keep.state]))
        return Life(None, "not_yet") if lasts else None

    def _after(self, keep: After, clocks: Sequence[tuple[Way, Clock]]) -> Life | None:
        lives = [self._after_one(keep, way, clock) for way, clock in clocks]
        return first_of(lives) if keep.clocks.which == "first" else last_of(lives)

    def _after_one(self, keep: After, way: Way, clock: Clock) -> Life | None:
        opened, day = self.asked.open(way, clock), self.asked.day(way, clock)
        if opened is not None:
            return Life(None, opened)
        if day is None:
            return None
        year = self.timing.financial_year
        end = last_day(day, keep.period, counted_from=keep.counted_from, financial_year=year)
        return Life(end, None) if end >= self.timing.as_of else None

    def _cap(self, way: Way, on: TableCap) -> Life | None:
        """Return how long a cap lets a row's data live; None where it says nothing of the row."""
        if not self.asked.holds(reached(way, on.when)):
            return None
        keep = self.policy.caps[on.cap].keep
        return self._after(keep, [(way, on.clocks[name]) for name in keep.clocks.names])

    def _clock(self, ground: Ground, serve: Serve, name: str) -> Clock:
        """Return the clock that a ground's rule names, as the map says."""
        if name == "consent_given" and name not in serve.clocks:
            return _given(serve.consents[self.policy.activities[ground.id].basis.consent])
        return serve.clocks[name]

    def _consent(self, ground: Ground, serve: Serve, consent: str) -> Life | None:
        """Return the life of a consent that lives; one that Ombud keeps is open."""
        held, expires = serve.consents.get(consent), self.policy.consents[consent].expires
        if held is None or expires is None:
            return Life(None, "consent")
        day = self.asked.day(ground.way, _given(held))
        return None if day is None else Life(last_day(day, expires), None)


def _given(held: ConsentColumns) -> Clock:
    """Return when a consent was given, as a clock."""
    return Clock("consent_given", held.given, null="ended", reads_as=held.reads_as)
