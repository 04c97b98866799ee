"""How long is something kept? Rules, consents and caps as trees of parts, each with its predicate.

A plan reads the predicates alone; `why` asks the same ones of a row, and then for the days.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ombud.law import Period
from ombud.law.period import CountedFrom
from ombud.systems.connector import Reading
from ombud.systems.predicate import Predicate, all_of, any_of

Open = Literal["not_yet", "held", "consent", "criterion", "clock_missing", "clock_unreadable"]
"""Why something that is kept has no last day."""


@dataclass(frozen=True)
class Part:
    """One thing that keeps, about the row that it is anchored at.

    Args:
        living: It is not over.
        open: Why it has no last day, where no reading gives one.
        reading: The clock that starts its period; None where it has no period.
        period: How long from then; with a reading only.
    """

    living: Predicate
    open: Open = "not_yet"
    reading: Reading | None = None
    period: Period | None = None
    counted_from: CountedFrom = "event"

    def parts(self) -> Iterator[Part]:
        """Yield every part that it is made of: itself."""
        yield self


@dataclass(frozen=True)
class Joined:
    """Several that end together, with the first or the last of them."""

    which: Literal["first", "last"]
    terms: tuple[Term, ...]

    @property
    def living(self) -> Predicate:
        """It is not over."""
        join = all_of if self.which == "first" else any_of
        return join(term.living for term in self.terms)

    def parts(self) -> Iterator[Part]:
        """Yield every part that it is made of."""
        for term in self.terms:
            yield from term.parts()


Term = Part | Joined


@dataclass(frozen=True)
class Strand:
    """What keeps a ground alive for one of the people of its row; it lives by any one of them.

    Args:
        living: She is there, the row is a member, and the term is not over.
    """

    living: Predicate
    term: Term


@dataclass(frozen=True)
class Limit:
    """A cap on a ground, as it is read some rows above: where `when` holds, the term ends it."""

    when: Predicate
    term: Term
