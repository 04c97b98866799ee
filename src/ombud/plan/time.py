"""When does a clock end a ground? Cutoff days from periods, and clocks as predicates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from ombud.law import FinancialYear, Period, cutoff, last_day
from ombud.policy.model import After
from ombud.systems.connector import Reading
from ombud.systems.model import Clock, Table
from ombud.systems.predicate import (
    FALSE,
    Empty,
    Exists,
    ExpressionEmpty,
    ExpressionLater,
    Hop,
    Later,
    NotLater,
    Path,
    Predicate,
    Unreadable,
    all_of,
    any_of,
    none_of,
    reached,
)

FAR_YEARS: Final = 100
"""A clock that strikes later than in so many years is taken for a slip, such as 2999 for 1999."""


@dataclass(frozen=True)
class Timing:
    """An instant, and how the organisation counts days and years.

    Args:
        at: Aware instant.
        zone: The organisation's; `as_of` is the local date there.
    """

    at: datetime
    zone: ZoneInfo
    financial_year: FinancialYear

    @classmethod
    def of(cls, at: datetime, zone: str, financial_year: FinancialYear) -> Timing:
        """Return the timing of an organisation at an instant."""
        return cls(at, ZoneInfo(zone), financial_year)

    @classmethod
    def end_of(cls, day: date, zone: str, financial_year: FinancialYear) -> Timing:
        """Return the last moment of a local day."""
        # fold: where clocks go back before midnight (Nuuk), the last hour comes twice
        last = datetime.combine(day, time.max.replace(fold=1), tzinfo=ZoneInfo(zone))
        return cls(last, ZoneInfo(zone), financial_year)

    @property
    def as_of(self) -> date:
        """The local date of the instant."""
        return self.at.astimezone(self.zone).date()

    def cutoff(self, keep: After) -> date:
        """Return the latest clock day whose period has ended before the as-of date."""
        return cutoff(
            self.as_of,
            keep.period,
            counted_from=keep.counted_from,
            financial_year=self.financial_year,
        )

    def cutoff_of(self, period: Period) -> date:
        """Return the latest day from which the period has ended before the as-of date."""
        return cutoff(self.as_of, period)

    def day_before(self, day: date) -> date:
        """Return the day before, or the first day there is."""
        return day - timedelta(days=1) if day > date.min else day


def living_clock(reading: Reading, day: date) -> Predicate:
    """Return that a clock has not struck, or struck after `day`.

    Args:
        reading: Of a column, a parent's column, the latest of linked rows, or an expression.
        day: Last local day on which a strike is over.
    """
    clock = reading.clock
    if clock.path is None:
        later = ExpressionLater(clock.expression, clock.reads, day, clock.reads_as)
        empty = ExpressionEmpty(clock.expression, clock.reads)
        return later if clock.null == "ended" else any_of([empty, later])
    hops = clock.path.hops
    if reading.hops:
        rest = Path(clock.path.column, hops[reading.hops :])
        witness = all_of([_linked(clock, rest, day), reading.where])
        found: Predicate = Exists(hops[: reading.hops], witness)
    else:
        found = _linked(clock, clock.path, day)
    if among_itself(clock):
        # Nothing is equal to NULL, and still a row is among its own siblings.
        alone = _single(clock, Path(clock.path.column), day)
        found = any_of([all_of([alone, reading.itself]), found])
    if clock.otherwise is None:
        return found
    own = none_of(NotLater(clock.otherwise.column, day, clock.reads_as))
    return any_of([found, all_of([own, reading.otherwise])])


def among_itself(clock: Clock) -> bool:
    """Return whether a clock is read among the siblings of a row, itself included."""
    return bool(clock.path and clock.path.hops and clock.path.hops[0].to == "siblings")


def last_linked(hops: tuple[Hop, ...]) -> int:
    """Return how many hops lead to the last of linked rows; what follows are its parents."""
    return max((i + 1 for i, hop in enumerate(hops) if hop.to != "parent"), default=0)


def _linked(clock: Clock, path: Path, day: date) -> Predicate:
    """Return that some linked row has a living clock; a parent's column may end the way."""
    last = last_linked(path.hops)
    rest = _single(clock, Path(path.column, path.hops[last:]), day)
    return reached(path.hops[:last], rest)


def _single(clock: Clock, path: Path, day: date) -> Predicate:
    """Return it for the row's own column, or for a column of its parents."""
    over = NotLater(path.column, day, clock.reads_as)
    # What nobody can read has not struck yet, even where NULL means that it has ended.
    later = any_of(
        [Later(path.column, day, clock.reads_as), Unreadable(path.column, clock.reads_as)]
    )
    if not path.hops:
        return later if clock.null == "ended" else none_of(over)
    return Exists(path.hops, later) if clock.null == "ended" else none_of(Exists(path.hops, over))


def missing_clocks(table: Table) -> Iterator[tuple[str, Predicate]]:
    """Yield, per activity that a table serves, that a clock which has to be there is not."""
    return _per_activity(table, missing_clock)


def unreadable_clocks(table: Table) -> Iterator[tuple[str, Predicate]]:
    """Yield, per activity that a table serves, that a clock holds something that is no time."""
    return _per_activity(table, unreadable_clock)


def far_clocks(table: Table, today: date) -> Iterator[tuple[str, Predicate]]:
    """Yield, per activity that a table serves, that a clock strikes in `FAR_YEARS` at the earliest.

    Nobody guesses what was meant: the row is kept, and people are told.
    """
    day = far_day(today)
    return _per_activity(table, lambda reading: _far_clock(reading.clock, day))


def far_day(today: date) -> date:
    """Return the last day that is not yet taken for a slip."""
    return last_day(today, Period(months=12 * FAR_YEARS))


def _per_activity(
    table: Table, asked: Callable[[Reading], Predicate]
) -> Iterator[tuple[str, Predicate]]:
    for serve in table.serves.values():
        found = any_of(asked(Reading(clock)) for clock in serve.clocks.values())
        if found != FALSE:
            yield serve.activity, all_of([serve.when, found])


def _far_clock(clock: Clock, day: date) -> Predicate:
    """Return that a value of a clock lies after a day."""
    if clock.path is None:
        return ExpressionLater(clock.expression, clock.reads, day, clock.reads_as)
    later: Predicate = Later(clock.path.column, day, clock.reads_as)
    found = [reached(clock.path.hops, later)]
    if among_itself(clock):
        found.append(later)
    if clock.otherwise is not None:
        found.append(Later(clock.otherwise.column, day, clock.reads_as))
    return any_of(found)


def missing_clock(reading: Reading) -> Predicate:
    """Return that a value of a clock which has to be there is not, or that nobody can read it."""
    return _wrong_clock(reading, empty=True)


def unreadable_clock(reading: Reading) -> Predicate:
    """Return that a value of a clock is there, and that nobody can read it."""
    return _wrong_clock(reading, empty=False)


def _wrong_clock(reading: Reading, *, empty: bool) -> Predicate:
    clock, found = reading.clock, []
    if clock.path is not None:
        missing: list[Predicate] = [Unreadable(clock.path.column, clock.reads_as)]
        if clock.null == "finding" and empty:
            missing.append(Empty(clock.path.column))
        hops = clock.path.hops
        rest = [reached(hops[reading.hops :], each) for each in missing]
        found += [reached(hops[: reading.hops], all_of([r, reading.where])) for r in rest]
        if among_itself(clock):
            found.append(all_of([any_of(missing), reading.itself]))
    if clock.otherwise is not None:
        column = clock.otherwise.column
        unknown: list[Predicate] = [Empty(column)] if empty else []
        unknown.append(Unreadable(column, clock.reads_as))
        found.append(all_of([any_of(unknown), reading.otherwise]))
    return any_of(found)


def empty_clock(reading: Reading) -> Predicate:
    """Return that some value of a clock is NULL, or that the parent which holds it is missing."""
    clock = reading.clock
    if clock.path is None:
        return ExpressionEmpty(clock.expression, clock.reads)
    hops, empty = clock.path.hops, Empty(clock.path.column)
    last = max(last_linked(hops), reading.hops)
    nothing = none_of(reached(hops[last:], none_of(empty)))
    counted = all_of([reached(hops[reading.hops : last], nothing), reading.where])
    found = reached(hops[: reading.hops], counted)
    if among_itself(clock):
        # Nothing is equal to NULL, and still a row is among its own siblings.
        return any_of([all_of([empty, reading.itself]), found])
    return found
