"""What is a record of processing? Tables of cells, the same for every format; only look-up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from ombud.pages.model import Line

PARTS: Final = (
    "organisation",
    "activities",
    "processing",
    "transfers",
    "processors",
    "recipients",
    "consents",
    "systems",
    "security",
)
"""Ids of the tables, in the order they are read."""

Cell = tuple[Line, ...]
"""What stands in a cell, one line below the other; empty: nothing does."""


@dataclass(frozen=True)
class Column:
    """A column.

    Args:
        title: What it is called.
        place: The place in Art. 30 that asks for it; empty where it is a help to the reader.
    """

    id: str
    title: str
    place: str = ""


@dataclass(frozen=True)
class Entry:
    """A row; its cells stand under the ids of columns, the first of which is its name."""

    id: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Table:
    """A part of the record.

    Args:
        id: One of `PARTS`.
        title: At most 31 letters: a spreadsheet takes no longer name for a sheet.
        says: What the part is, with its place in law.
        none: What stands where there are no entries: a part is never left out.
    """

    id: str
    title: str
    says: str
    none: str
    columns: tuple[Column, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Record:
    """The record of an organisation in one language.

    Args:
        made: The sentence on which policy it was made of, and when.
        made_on: Local day on which it says what the policy says.
        draft: It is not to be relied on; every page says so.

    Law:
        GDPR Art. 30(1)
        GDPR Art. 30(2)
        GDPR Art. 30(3)
    """

    language: str
    title: str
    name: str
    made: str
    made_on: date
    languages: tuple[str, ...]
    tables: tuple[Table, ...]
    draft: bool = False

    def table(self, id: str) -> Table:
        """Return a part.

        Raises:
            KeyError: There is none of that id.
        """
        return {table.id: table for table in self.tables}[id]
