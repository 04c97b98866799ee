"""What is one statement of law? Frozen values with date and source; only look-up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from ombud.law.citation import Citation
from ombud.law.period import CountedFrom, Period

Country = Literal["DK", "NO", "SE", "FI", "IS"]
"""A country whose law Ombud knows, by its ISO 3166 code."""

Mark = Literal["V", "V2", "K"]
"""How sure a fact is: read in its source, read in a secondary source, or known and not read."""

Kind = Literal["must", "max", "both", "guide", "claim", "contract", "none"]
"""A duty to keep, a duty to erase, both, an authority's practice, a period in which claims can be
raised, whatever a contract says, or no rule at all."""

Row = Mapping[str, str]
Value = int | str | tuple[str, ...] | tuple[Row, ...] | Row | Mapping[str, Row]

COUNTRIES: Final[tuple[Country, ...]] = get_args(Country)
MARKS: Final[tuple[Mark, ...]] = get_args(Mark)
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
COUNTS: Final[tuple[CountedFrom, ...]] = get_args(CountedFrom)


@dataclass(frozen=True)
class Fact:
    """A dated statement of law with its source.

    Args:
        name: Its name in `facts/*.yaml`.
        country: The country whose fact it is; None for the Union.
        value: A number, a text, words, rows or a table; the look-ups below say which is meant.
        valid_from: First day; None: as far back as is known.
        valid_to: Last day, inclusive; None: until further notice.
        citations: Where the law says so; the first is the one to quote.
        read_in: Code of the source it was read in; the head of the file says what that is.
        verified_on: Day it was read there; None where it was not.
        mark: How sure it is.
        note: What the value cannot say; may be empty.
    """

    name: str
    country: Country | None
    value: Value
    valid_from: date | None
    valid_to: date | None
    citations: tuple[Citation, ...]
    read_in: str
    verified_on: date | None
    mark: Mark
    note: str = ""

    @property
    def verified(self) -> bool:
        """Whether it was read in its source; others never drive an erasure unasked."""
        return self.mark == "V"

    def number(self) -> int:
        """Return the value, which is a number; its unit is part of the fact's name or note."""
        if not isinstance(self.value, int):
            raise TypeError(f"`{self.name}` is not a number")
        return self.value

    def text(self) -> str:
        """Return the value, which is a text."""
        if not isinstance(self.value, str):
            raise TypeError(f"`{self.name}` is not a text")
        return self.value

    def period(self) -> Period:
        """Return the value, which is a period."""
        return Period.parse(self.text())

    def words(self) -> tuple[str, ...]:
        """Return the value, which is a list of words; may be empty."""
        found = tuple(word for word in self._list() if isinstance(word, str))
        if len(found) != len(self._list()):
            raise TypeError(f"`{self.name}` is not a list of words")
        return found

    def rows(self) -> tuple[Row, ...]:
        """Return the value, which is a list of rows; what a row lacks is an empty text."""
        found = tuple(row for row in self._list() if not isinstance(row, str))
        if len(found) != len(self._list()):
            raise TypeError(f"`{self.name}` is not a list of rows")
        return found

    def entries(self) -> Row:
        """Return the value, which is one row."""
        if not isinstance(self.value, Mapping):
            raise TypeError(f"`{self.name}` is not one row")
        found = {key: text for key, text in self.value.items() if isinstance(text, str)}
        if len(found) != len(self.value):
            raise TypeError(f"`{self.name}` is not one row")
        return found

    def table(self) -> Mapping[str, Row]:
        """Return the value, which is a table: row name to column name to text."""
        if not isinstance(self.value, Mapping):
            raise TypeError(f"`{self.name}` is not a table")
        found = {key: row for key, row in self.value.items() if not isinstance(row, str)}
        if len(found) != len(self.value):
            raise TypeError(f"`{self.name}` is not a table")
        return found

    def _list(self) -> tuple[str | Row, ...]:
        if not isinstance(self.value, tuple):
            raise TypeError(f"`{self.name}` is not a list")
        return self.value


@dataclass(frozen=True)
class RetentionFact:
    """What a law, a guide or a contract says on how long some data is kept.

    Args:
        id: Its id, as a policy writes it after `law:`.
        country: Whose law it is.
        title: Its name in English, for a heading.
        kind: What it demands.
        period: How long; None where the text or a contract says it without a number.
        counted_from: The day the period counts from.
        clock: Name of the event that starts it; empty where nothing does.
        data: The data it is about.
        citations: Where the law says so; the first is the one to quote.
        mark: How sure it is.
        at_most: The longest period that the law names besides; None where it names none.
        caps: It limits how long data may be kept. A cap without `period` leaves the number to the
            policy.
        note: What the rest cannot say; may be empty.
        valid_from: First day; None: as far back as is known.
        valid_to: Last day, inclusive; None: until further notice.
        read_in: Code of the source it was read in.
        verified_on: Day it was read there; None where it was not.
    """

    id: str
    country: Country
    title: str
    kind: Kind
    period: Period | None
    counted_from: CountedFrom
    clock: str
    data: str
    citations: tuple[Citation, ...]
    mark: Mark
    at_most: Period | None
    caps: bool
    note: str
    valid_from: date | None
    valid_to: date | None
    read_in: str
    verified_on: date | None

    @property
    def verified(self) -> bool:
        """Whether it was read in its source; others never drive an erasure unasked."""
        return self.mark == "V"

    @property
    def keeps(self) -> bool:
        """Whether it is a ground: data may be kept on it alone."""
        return self.kind in ("must", "both", "claim")

    @property
    def guidance_only(self) -> bool:
        """Whether it neither keeps nor caps: a figure to compare one's own with."""
        return not (self.keeps or self.caps)
