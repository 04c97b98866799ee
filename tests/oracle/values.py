"""What happened to people's data, and what follows from it: plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Span:
    """Rows of a table whose clock struck from one day to another, both included."""

    table: str
    column: str
    first: date
    last: date
    reads_as: str = "auto"


@dataclass(frozen=True)
class Hold:
    """A hold in force.

    Args:
        people: Each a mapping of identifier kind to values.
        rows: Pairs of (table, key).
    """

    id: str
    kind: str
    people: tuple[Mapping[str, Sequence[Any]], ...] = ()
    rows: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Decision:
    """What was decided about a person.

    Args:
        kind: `erasure`, `objection` (both name activities), `marketing_objection`, or `withdrawal`
            (names consents).
        at: Aware instant.
        person: Identifier kind to values, aliases included.
    """

    id: str
    kind: str
    at: datetime
    person: Mapping[str, Sequence[Any]]
    activities: tuple[str, ...] = ()
    consents: tuple[str, ...] = ()


# ------------------------------------------------------------------------------ what follows


@dataclass(frozen=True)
class Life:
    """Whether something lives, and until when.

    Args:
        until: The last day; None where it is open, or dead.
        opens: Why it is open: `not_yet`, `held`, `consent`, `criterion`, `clock_missing`,
            `clock_unreadable`.
    """

    alive: bool
    until: date | None = None
    opens: frozenset[str] = frozenset()


DEAD = Life(alive=False)
ALWAYS = Life(alive=True)


def first_of(lives: Sequence[Life]) -> Life:
    """Return the life of what ends with the first of several."""
    if not all(life.alive for life in lives):
        return DEAD
    days = [life.until for life in lives if life.until is not None]
    if days:
        return Life(alive=True, until=min(days))
    return Life(alive=True, opens=frozenset().union(*(life.opens for life in lives)))


def last_of(lives: Sequence[Life]) -> Life:
    """Return the life of what ends with the last of several."""
    living = [life for life in lives if life.alive]
    if not living:
        return DEAD
    opens = frozenset().union(*(life.opens for life in living))
    if opens:
        return Life(alive=True, opens=opens)
    return Life(alive=True, until=max(life.until for life in living))


@dataclass(frozen=True)
class Ground:
    """A ground that keeps a field.

    Args:
        kind: `activity` or `hold`.
        name: Id of the activity or the hold.
        life: Its own, without what a cap takes away.
        table: Table and key of the row on which it lives: the field's row or one above.
    """

    kind: str
    name: str
    life: Life
    table: str
    key: tuple[Any, ...]


@dataclass(frozen=True)
class CategoryFate:
    """What becomes of one category in a field."""

    category: str
    grounds: tuple[Ground, ...]
    life: Life

    @property
    def kept(self) -> bool:
        """Whether a ground keeps it."""
        return self.life.alive

    @property
    def ground_names(self) -> set[str]:
        """The activities and holds that keep it."""
        return {ground.name for ground in self.grounds}


@dataclass(frozen=True)
class FieldFate:
    """What becomes of a field: kept, blanked with its row, or read by a person first."""

    column: str
    categories: Mapping[str, CategoryFate]
    review: bool

    @property
    def life(self) -> Life:
        """The longest life of its categories."""
        return last_of([fate.life for fate in self.categories.values()])

    @property
    def kept(self) -> bool:
        """Whether a ground keeps some category of it."""
        return self.life.alive


@dataclass(frozen=True)
class WholeFate:
    """What keeps a row of a table without personal columns.

    Args:
        kept: Something does, rows that refer to it aside.
        kept_by: Tables of the rows that it belongs to and that are kept.
        goes_with: Tables of the rows that it may belong to.
    """

    kept: bool
    kept_by: frozenset[str]
    goes_with: frozenset[str]


@dataclass(frozen=True)
class RowFate:
    """What becomes of a row.

    Args:
        whole: What keeps it, where it has no fields of its own; else None.
        fate: `kept`, `erased` or `statistics`.
        skeleton: Kept only because rows that stay refer to it.
        blank: Columns to be blanked, those that are blank already left out.
        review: Columns that a person reads first.
    """

    table: str
    key: tuple[Any, ...]
    fate: str
    skeleton: bool
    fields: Mapping[str, FieldFate]
    blank: tuple[str, ...]
    review: tuple[str, ...]
    whole: WholeFate | None = None


@dataclass
class Verdict:
    """The fate of every row, by table and key.

    Args:
        findings: (table, key, activity or cap, clock) where a clock that must be there is not.
    """

    rows: dict[tuple[str, tuple[Any, ...]], RowFate]
    findings: set[tuple[str, tuple[Any, ...], str, str]]

    def count(self, table: str, fate: str) -> int:
        """Return how many rows of a table have a fate."""
        return sum(row.fate == fate for row in self.rows.values() if row.table == table)

    def blank_count(self, table: str, column: str) -> int:
        """Return how many fields of a column are to be blanked."""
        return sum(column in row.blank for row in self.rows.values() if row.table == table)

    def review_count(self, table: str, column: str) -> int:
        """Return how many fields of a column are to be read."""
        return sum(column in row.review for row in self.rows.values() if row.table == table)
