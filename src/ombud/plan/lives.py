"""How long does a ground of one row live? The terms that a plan reads, and the days of the row.

A connector says once which parts of the grounds live, as a plan would have it, and what the latest
values of their clocks are; the last days follow from these.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ombud.law import last_day
from ombud.plan.ground import Ground
from ombud.plan.term import Limit, Open, Part, Term
from ombud.plan.time import Timing, empty_clock, missing_clock, unreadable_clock
from ombud.systems.connector import Explained, Reading
from ombud.systems.predicate import Hop, Predicate, reached

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
    """Collects what has to be asked of a row, and reads the answers back.

    What lies some hops away is asked hop by hop, as grounds are inherited: of a row in between,
    what is asked may look back at it.
    """

    def __init__(self) -> None:
        self._predicates: dict[Predicate, int] = {}
        self._readings: dict[tuple[Way, Reading], int] = {}
        self._answer = Explained(False, (), (), {})

    @property
    def predicates(self) -> Sequence[Predicate]:
        """The predicates about the row, each once."""
        return tuple(self._predicates)

    @property
    def readings(self) -> Sequence[tuple[Way, Reading]]:
        """The clocks with the hops from the row to where they are read, each once."""
        return tuple(self._readings)

    def put(self, where: Predicate, way: Way = ()) -> None:
        """Ask whether a row fulfils something."""
        self._predicates.setdefault(_at(way, where), len(self._predicates))

    def put_reading(self, way: Way, reading: Reading) -> None:
        """Ask how a clock stands."""
        self._readings.setdefault((way, reading), len(self._readings))
        self.put(missing_clock(reading), way)
        self.put(unreadable_clock(reading), way)
        self.put(empty_clock(reading), way)

    def answered(self, answer: Explained) -> None:
        """Take the answers."""
        self._answer = answer

    def holds(self, where: Predicate, way: Way = ()) -> bool:
        """Return whether a row fulfils what was asked."""
        return self._answer.holds[self._predicates[_at(way, where)]]

    def day(self, way: Way, reading: Reading) -> date | None:
        """Return the latest local date of a clock, that open values stand beside or not."""
        return self._answer.days[self._readings[way, reading]]

    def open(self, way: Way, reading: Reading) -> Open | None:
        """Return why a clock has not struck for good; None where it has, or where it is over."""
        null = reading.clock.null
        if self.holds(unreadable_clock(reading), way):
            return "clock_unreadable"
        if self.holds(missing_clock(reading), way):
            return "clock_missing"
        if null == "ended" or not self.holds(empty_clock(reading), way):
            return None
        return "clock_missing" if null == "finding" else "not_yet"


def _at(way: Way, where: Predicate) -> Predicate:
    """Return a predicate about a row some hops away as one about the row that is asked."""
    for hop in reversed(way):
        where = reached((hop,), where)
    return where


@dataclass(frozen=True)
class Lives:
    """The lives of the grounds of one row."""

    timing: Timing
    asked: Questions

    def ask(self, ground: Ground) -> None:
        """Ask whether a ground lives, and for everything that could end it."""
        self.asked.put(ground.living)
        for strand in ground.strands:
            self.asked.put(strand.living, ground.way)
            self._ask(ground.way, strand.term)
        for way, limit in ground.limits:
            self.asked.put(limit.when, way)
            self._ask(way, limit.term)

    def _ask(self, way: Way, term: Term) -> None:
        for part in term.parts():
            self.asked.put(part.living, way)
            if part.reading is not None:
                self.asked.put_reading(way, part.reading)

    def lives(self, ground: Ground) -> bool:
        """Return whether the row said that the ground lives."""
        return self.asked.holds(ground.living)

    def of(self, ground: Ground) -> Life:
        """Return how long a living ground lives: by the last of its people, until a cap ends it."""
        living = [s for s in ground.strands if self.asked.holds(s.living, ground.way)]
        lives = [last_of(self._term(ground.way, strand.term) for strand in living)]
        lives += [self._term(way, limit.term) for way, limit in self._limits(ground)]
        # A time that is none of the calendar gives no day, and a plan keeps the row all the same.
        return first_of(lives) or Life(None, "not_yet")

    def _limits(self, ground: Ground) -> Iterable[tuple[Way, Limit]]:
        """Return the caps on a ground that say anything of the row."""
        return ((way, each) for way, each in ground.limits if self.asked.holds(each.when, way))

    def _term(self, way: Way, term: Term) -> Life | None:
        """Return how long something keeps the row; None where it is over."""
        if isinstance(term, Part):
            return self._part(way, term)
        join = first_of if term.which == "first" else last_of
        return join(self._term(way, each) for each in term.terms)

    def _part(self, way: Way, part: Part) -> Life | None:
        if not self.asked.holds(part.living, way):
            return None
        if part.reading is None or part.period is None:
            return Life(None, part.open)
        opened = self.asked.open(way, part.reading)
        day = self.asked.day(way, part.reading)
        if opened is not None or day is None:
            return Life(None, opened or part.open)
        year = self.timing.financial_year
        end = last_day(day, part.period, counted_from=part.counted_from, financial_year=year)
        return Life(end, None)
