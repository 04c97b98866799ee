"""What does Ombud ask of a system in reach? The one way in, and the one way to say "these rows"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

from ombud.systems.model import Clock
from ombud.systems.predicate import TRUE, Predicate

VALUES: Final = "values:"
"""Before an activity's name: the filled fields that it keeps are counted, not the rows."""

HOLD: Final = "hold:"
"""Before a hold's id: the rows that it keeps until a cap ends them."""

Action = Literal["erase", "blank", "replace", "anonymise", "task"]

Key = tuple[Any, ...]
"""A row's key as the database gives it, in the order of the map."""


@dataclass(frozen=True)
class Selection:
    """Exactly these rows, for one purpose: what is counted, shown, changed and proved.

    Args:
        table: Table id of the map.
        action: `erase` the row; `blank` or `replace` fields of a row that stays; `anonymise` every
            personal field of a row kept as statistics; `task`: a person looks at fields.
        classes: Numbers of the field classes that are dead, in `TableGrounds.classes`; for `erase`
            and `anonymise` every one of them.
        columns: Fields that change; empty for `erase`.
        with_owner: Table id of the owner with whose rows these go, by the database's own cascade;
            empty: they go by themselves.
    """

    table: str
    action: Action
    classes: tuple[int, ...]
    columns: tuple[str, ...] = ()
    with_owner: str = ""


@dataclass(frozen=True)
class Piece:
    """Some rows of a surveyed selection that follow each other, changed in one batch.

    Args:
        after: Number of the row before the first one, in the order of the survey; exclusive.
        upto: Number of the last one; inclusive.
        rows: How many they are.
    """

    after: int
    upto: int
    rows: int


@dataclass(frozen=True)
class Counted:
    """A selection and what it holds.

    Args:
        count: Rows in it, exact at the time of counting.
        rules: Activity id to rows whose ground of that activity ended.
        caps: Cap id to rows on which that cap has passed.
        without_rule: Rows that neither names: no activity needs them.
    """

    selection: Selection
    count: int
    rules: Mapping[str, int] = field(default_factory=dict)
    caps: Mapping[str, int] = field(default_factory=dict)
    without_rule: int = 0


@dataclass(frozen=True)
class ClockDoubts:
    """Rows of a table about whose clocks a person has to know, under one rule.

    Args:
        missing: A clock that has to be there is not, or nobody can read it.
        unreadable: Those of them that hold something, and it is no time.
        far: A clock strikes in a hundred years at the earliest.
    """

    missing: int = 0
    unreadable: int = 0
    far: int = 0

    def __bool__(self) -> bool:
        return any((self.missing, self.unreadable, self.far))


@dataclass(frozen=True)
class TableCensus:
    """How a table stands under each rule, for the evidence.

    Args:
        rows: All rows.
        alive: Activity id to rows in which its ground lives.
        clocks: Activity id to rows whose clocks are in doubt.
        undecided: Activity id to rows that wait for a criterion to be decided for too long.
        held: Rows under a hold.
        held_by: Hold id to rows it covers.
        kept_until: Activity id to (first of a clock's month to rows whose ground lives); `VALUES`
            and the id to the same of their filled fields, `HOLD` and a hold's id to its rows.
        columns: Live column names.
    """

    rows: int
    alive: Mapping[str, int]
    clocks: Mapping[str, ClockDoubts]
    undecided: Mapping[str, int]
    held: int
    held_by: Mapping[str, int]
    kept_until: Mapping[str, Mapping[date, int]]
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """Which values of a clock count for a row; of linked rows, the latest.

    Args:
        hops: A linked row counts where the row these first hops of its path lead to fulfils
            `where`; 0: each counts.
        where: Lies one `Exists` within the row that the clock is read for.
        otherwise: What that row must fulfil for its `else` column to count.
        itself: What it must fulfil to count among its own siblings.
    """

    clock: Clock
    hops: int = 0
    where: Predicate = TRUE
    otherwise: Predicate = TRUE
    itself: Predicate = TRUE


@dataclass(frozen=True)
class Explained:
    """What `why` needs of one row.

    Args:
        found: Such a row exists.
        holds: Predicate number to whether the row fulfils it.
        days: Reading number to its latest local date; None where it has none.
        filled: Column to whether it holds anything but its blank value.
    """

    found: bool
    holds: Sequence[bool]
    days: Sequence[date | None]
    filled: Mapping[str, bool]


Progress = Iterator[int]
