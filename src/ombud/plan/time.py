"""When does a clock end a ground? Cutoff days from periods, and clocks as predicates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ombud.law import FinancialYear, Period, cutoff
from ombud.policy.model import After
from ombud.systems.model import Clock, Table
from ombud.systems.predicate import (
    FALSE,
    TRUE,
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
        last = datetime.combine(day, time.max, tzinfo=ZoneInfo(zone))
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


def prefix_of(short: tuple[Hop, ...], long: tuple[Hop, ...]) -> bool:
    """Return whether the long way begins with the short one."""
    return long[: len(short)] == short


def living_clock(
    clock: Clock,
    day: date,
    *,
    witness: tuple[int, Predicate] | None = None,
    otherwise: Predicate | None = None,
    itself: Predicate = TRUE,
) -> Predicate:
    """Return that the clock has not struck, or struck after `day`.

    Args:
        clock: A column, a parent's column, the latest of linked rows, or an expression.
        day: Last local day on which a strike is over.
        witness: (number of hops, predicate) that a linked row must fulfil besides, to count.
        otherwise: What the row must fulfil besides for its `else` column to count.
        itself: What it must fulfil besides to count among its own siblings.
    """
    if clock.path is None:
        later = ExpressionLater(clock.expression, clock.reads, day, clock.reads_as)
        empty = ExpressionEmpty(clock.expression, clock.reads)
        return later if clock.null == "ended" else any_of([empty, later])
    many = [i for i, hop in enumerate(clock.path.hops) if hop.to != "parent"]
    linked = _single if not many else _latest
    found = linked(clock, clock.path, day, witness)
    if many and clock.path.hops[0].to == "siblings":
        # Nothing is equal to NULL, and still a row is among its own siblings.
        alone = _single(clock, Path(clock.path.column), day, None)
        found = any_of([all_of([alone, itself]), found])
    if clock.otherwise is None:
        return found
    own = none_of(NotLater(clock.otherwise.column, day, clock.reads_as))
    return any_of([found, own if otherwise is None else all_of([own, otherwise])])


def _single(
    clock: Clock, path: Path, day: date, witness: tuple[int, Predicate] | None
) -> Predicate:
    """Return it for the row's own column, or for a column of its parents."""
    over = NotLater(path.column, day, clock.reads_as)
    # What nobody can read has not struck yet, even where NULL means that it has ended.
    later = any_of(
        [Later(path.column, day, clock.reads_as), Unreadable(path.column, clock.reads_as)]
    )
    if not path.hops:
        return later if clock.null == "ended" else none_of(over)
    if witness is not None:
        return _through(clock, path, day, witness)
    return Exists(path.hops, later) if clock.null == "ended" else none_of(Exists(path.hops, over))


def _latest(
    clock: Clock, path: Path, day: date, witness: tuple[int, Predicate] | None
) -> Predicate:
    """Return that some linked row has a living clock; a parent's column may end the way."""
    if witness is not None:
        return _through(clock, path, day, witness)
    last = max(i for i, hop in enumerate(path.hops) if hop.to != "parent") + 1
    rest = Path(path.column, path.hops[last:])
    return Exists(path.hops[:last], _single(clock, rest, day, None))


def _through(clock: Clock, path: Path, day: date, witness: tuple[int, Predicate]) -> Predicate:
    """Return it where the linked row after some hops must fulfil something itself."""
    hops, where = witness
    rest = Path(path.column, path.hops[hops:])
    linked = _latest if any(h.to != "parent" for h in rest.hops) else _single
    return Exists(path.hops[:hops], all_of([linked(clock, rest, day, None), where]))


def missing_clocks(table: Table) -> Iterator[tuple[str, Predicate]]:
    """Yield, per activity that a table serves, that a clock which has to be there is not."""
    for serve in table.serves.values():
        empty = any_of(missing_clock(clock) for clock in serve.clocks.values())
        if empty != FALSE:
            yield serve.activity, all_of([serve.when, empty])


def missing_clock(clock: Clock) -> Predicate:
    """Return that a value of a clock which has to be there is not, or that nobody can read it."""
    empty: list[Predicate] = []
    if clock.null == "finding" and clock.path is not None:
        empty.append(reached(clock.path.hops, Empty(clock.path.column)))
    if clock.otherwise is not None:
        empty.append(Empty(clock.otherwise.column))
    for path in (clock.path, clock.otherwise):
        if path is not None:
            empty.append(reached(path.hops, Unreadable(path.column, clock.reads_as)))
    return any_of(empty)


def empty_clock(clock: Clock) -> Predicate:
    """Return that some value of a clock is NULL, or that the parent which holds it is missing."""
    if clock.path is None:
        return ExpressionEmpty(clock.expression, clock.reads)
    hops, empty = clock.path.hops, Empty(clock.path.column)
    last = max((i + 1 for i, hop in enumerate(hops) if hop.to != "parent"), default=0)
    found = reached(hops[:last], none_of(reached(hops[last:], none_of(empty))))
    if hops and hops[0].to == "siblings":
        # Nothing is equal to NULL, and still a row is among its own siblings.
        return any_of([empty, found])
    return found
