"""What is known of one system before paths, clocks and conditions are read?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ombud.document import Fields, Node
from ombud.policy.model import Policy
from ombud.systems.model import Column, Link

_LOOKS_LIKE_TIME = re.compile(r"(?:.*_)?(?:at|on|date|time|dato|tid)|.*(?:dato|date|datum)")


@dataclass(frozen=True)
class Outline:
    """A table as far as it can be read by itself.

    Args:
        fields: What was written, for the second pass.
        columns: Personal columns by name.
        not_personal: Columns that hold no personal data.
        subjects: Names of the subjects of its rows.
    """

    id: str
    node: Node
    fields: Fields
    key: tuple[str, ...]
    columns: Mapping[str, Column]
    not_personal: tuple[str, ...]
    subjects: tuple[str, ...]

    @property
    def known(self) -> tuple[str, ...]:
        """Every column that is on the map, each once."""
        return tuple(dict.fromkeys((*self.columns, *self.not_personal, *self.key)))

    @property
    def likely_clock(self) -> str:
        """A column that could be a clock, for examples in help lines."""
        named = [c for c in self.not_personal if _LOOKS_LIKE_TIME.fullmatch(c.lower())]
        return named[0] if named else "created_at"


@dataclass(frozen=True)
class Scope:
    """Where something is read: a table among the tables and links of its system."""

    policy: Policy
    tables: Mapping[str, Outline]
    links: Mapping[str, Link]
    here: str

    @property
    def table(self) -> Outline:
        """The table something is said of."""
        return self.tables[self.here]

    def at(self, table: str) -> Scope:
        """Return the scope of another table of the same system."""
        return replace(self, here=table)

    def up(self, table: str) -> Iterator[Link]:
        """Yield the links from a table to its parents."""
        return (link for link in self.links.values() if link.child == table)

    def down(self, table: str) -> Iterator[Link]:
        """Yield the links from a table's children."""
        return (link for link in self.links.values() if link.parent == table)

    def followers(self, table: str) -> tuple[str, ...]:
        """Return the tables whose fields a table's grounds cover too, however far down."""
        found: list[str] = []
        left = [table]
        while left:
            for link in self.down(left.pop()):
                if link.follows and link.child not in (*found, table):
                    found.append(link.child)
                    left.append(link.child)
        return tuple(found)
