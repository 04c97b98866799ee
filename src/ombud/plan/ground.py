"""What keeps a field alive, as values: grounds, the fields they cover, classes of fields, lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from ombud.plan.term import Limit, Strand
from ombud.policy.model import Keep
from ombud.systems.model import Column, System, Table, TableCap
from ombud.systems.predicate import Blank, Hop, Identifier, Predicate, all_of, any_of, none_of


@dataclass(frozen=True)
class Entry:
    """A person on a list, and the instant that counts; see `predicate.Listed`."""

    kind: str
    value: str
    at: datetime


@dataclass(frozen=True)
class Ground:
    """One reason to keep a field; its predicates are about the field's own row.

    Args:
        id: Activity id, or `hold:<kind>`; where each hold is told by itself, `hold:<hold id>`.
        table: Where it is anchored: the field's table or an owner of it.
        way: Hops from the field's row to the anchor row; clocks are read there.
        member: The ground exists for the row.
        living: It exists, and neither time, a decision, a lost consent nor a cap has ended it.
        undecided: The same, had nobody decided anything about the person.
        strands: What it lives by, one for each of the people who can keep it alive.
        keep: Its retention rule; None for holds.
        caps: Caps at the anchor that can end it.
        limits: Every cap that can end it, with the hops from the field's row to where it is read.
    """

    id: str
    table: str
    way: tuple[Hop, ...]
    member: Predicate
    living: Predicate
    undecided: Predicate
    strands: tuple[Strand, ...]
    keep: Keep | None = None
    caps: tuple[TableCap, ...] = ()
    limits: tuple[tuple[tuple[Hop, ...], Limit], ...] = ()


@dataclass(frozen=True)
class FieldGrounds:
    """The grounds of one column, per category."""

    column: Column
    by_category: Mapping[str, tuple[Ground, ...]]

    def living(self, category: str) -> Predicate:
        """Return that the column's data of this category is kept."""
        return any_of(g.living for g in self.by_category[category])

    def all_grounds(self) -> tuple[Ground, ...]:
        """Return every ground once, in the order of the policy."""
        found: list[Ground] = []
        for grounds in self.by_category.values():
            found.extend(g for g in grounds if g not in found)
        return tuple(found)


@dataclass(frozen=True)
class FieldClass:
    """Columns of a table that live and die together.

    Args:
        living: One of their categories is kept.
        whole: Every one is; differs from `living` only for fields of several categories.
        undecided: They would be kept had nobody decided anything about the person.
        reviewed: Where only a decision would blank them, a person looks first.
    """

    columns: tuple[str, ...]
    living: Predicate
    whole: Predicate
    undecided: Predicate
    reviewed: bool
    rules: tuple[str, ...]
    caps: tuple[str, ...]


@dataclass(frozen=True)
class TableGrounds:
    """Everything that is asked about the rows of one table.

    Args:
        rules: Activity id to membership of the row.
        caps: Cap id to "it has passed for the row".
        held: A hold covers the row or a person of it.
        held_by: Hold id to the same, for each hold that can cover rows of the table.
        missing: Activity id to "a clock that has to be there is not, or nobody can read it".
        unreadable: Activity id to "a clock is there, and nobody can read it".
        far: Activity id to "a clock strikes so late that it is a slip".
        undecided: Activity id to "waits for the decision of a criterion for too long".
        identifiers: How each of its subjects is told.
        volatile: A ground depends on a state, whose change leaves no date behind.
    """

    table: Table
    fields: tuple[FieldGrounds, ...]
    classes: tuple[FieldClass, ...]
    rules: Mapping[str, Predicate]
    caps: Mapping[str, Predicate]
    held: Predicate
    held_by: Mapping[str, Predicate]
    missing: Mapping[str, Predicate]
    unreadable: Mapping[str, Predicate]
    far: Mapping[str, Predicate]
    undecided: Mapping[str, Predicate]
    identifiers: tuple[tuple[Identifier, ...], ...]
    volatile: bool


@dataclass(frozen=True)
class SystemGrounds:
    """The grounds of one system at one instant.

    Args:
        at: Aware instant; clocks are compared with its local date in the organisation's zone.
        lists: People that decisions and holds are about, by list id.
    """

    system: System
    at: datetime
    as_of: date
    tables: Mapping[str, TableGrounds]
    lists: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)


def staying(each: FieldClass) -> Predicate:
    """Return that fields of a class keep their row: a ground lives, or a person looks first."""
    if not each.reviewed:
        return each.living
    filled = any_of(none_of(Blank(column)) for column in each.columns)
    return any_of([each.living, all_of([each.undecided, filled])])


def classes_of(fields: tuple[FieldGrounds, ...]) -> Iterator[FieldClass]:
    """Yield the fields grouped by what keeps them, in the order of the map."""
    groups: dict[tuple[Predicate, Predicate, Predicate, bool], list[FieldGrounds]] = {}
    for each in fields:
        categories = tuple(each.by_category)
        living = any_of(each.living(c) for c in categories)
        whole = all_of(each.living(c) for c in categories)
        undecided = any_of(g.undecided for g in each.all_grounds())
        reviewed = each.column.mentions_others
        groups.setdefault((living, whole, undecided, reviewed), []).append(each)
    for (living, whole, undecided, reviewed), members in groups.items():
        grounds = [g for m in members for g in m.all_grounds()]
        yield FieldClass(
            columns=tuple(m.column.name for m in members),
            living=living,
            whole=whole,
            undecided=undecided,
            reviewed=reviewed and undecided != living,
            rules=tuple(dict.fromkeys(g.id for g in grounds if g.keep is not None)),
            caps=tuple(dict.fromkeys(c.cap for g in grounds for c in g.caps)),
        )
