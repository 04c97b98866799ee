"""Where does the data lie? The map as frozen values, as the organisation wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from ombud.errors import Finding, Place
from ombud.law import Period
from ombud.policy.model import Text
from ombud.systems.predicate import TRUE, Identifier, Path, Predicate, ReadsAs, Scalar

IfNull = Literal["not_yet", "ended", "finding"]


@dataclass(frozen=True)
class Clock:
    """Where an event's date is found for a row.

    Args:
        path: Column of the row, or through hops; with hops to children or siblings the latest of
            them counts (`latest:`). None for an expression.
        otherwise: Column of the row itself that the clock is never earlier than (`else:`): with no
            linked row it decides. None: without a linked row the clock has ended (`none: ended`)
            or, for a path to a parent, is treated as NULL.
        null: What NULL means: not happened yet (the ground lives, inside membership); ended; or a
            finding (the row is kept and counted, never guessed).
        expression: SQL text of the map instead of a path; `reads` names its columns.
    """

    name: str
    path: Path | None
    otherwise: Path | None = None
    null: IfNull = "not_yet"
    reads_as: ReadsAs = "auto"
    expression: str = ""
    reads: tuple[str, ...] = ()


@dataclass(frozen=True)
class ConsentColumns:
    """A consent held in the organisation's own columns.

    It lives when given, and not withdrawn at or after that; a withdrawal with unknown order counts.

    Args:
        given: When it was given; NULL: never.
        withdrawn: When it was withdrawn; NULL: not. Same row as `given`. None: no such column.
    """

    consent: str
    given: Path
    withdrawn: Path | None = None
    reads_as: ReadsAs = "auto"


@dataclass(frozen=True)
class Serve:
    """That rows of a table serve an activity, and when a row belongs to it.

    Args:
        when: Membership; the activity's ground exists only for rows that fulfil it.
        consents: Consents held in the organisation's own columns.
        kept_by_ombud: Consents of the activity that Ombud asked for and keeps itself.
        columns: Columns whose data the activity covers; empty: every column whose category it has.
    """

    activity: str
    where: Place
    when: Predicate = TRUE
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    states: Mapping[str, Predicate] = field(default_factory=dict)
    consents: Mapping[str, ConsentColumns] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    kept_by_ombud: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableCap:
    """That a cap of the policy limits rows of a table."""

    cap: str
    where: Place
    when: Predicate = TRUE
    clocks: Mapping[str, Clock] = field(default_factory=dict)


@dataclass(frozen=True)
class Subject:
    """One of the people a row is about."""

    name: str
    identifiers: tuple[Identifier, ...]


@dataclass(frozen=True)
class Blank:
    """What a field holds when it is blanked.

    Args:
        kind: `null`; `value`: the same for every row; `unique`: text in which `{key}` stands for
            the row's key (parts joined by `-`), or for a number column the key's negative.
    """

    kind: Literal["null", "value", "unique"] = "null"
    value: Scalar | None = None


@dataclass(frozen=True)
class Column:
    """What a column holds.

    Args:
        categories: At least one.
        subject: Name of the subject it is about; the only one where the table has one.
        mentions_others: Free text that can mention other people: where a decision about the
            subject would blank it, a person reviews it instead.
    """

    name: str
    where: Place
    categories: tuple[str, ...]
    subject: str = ""
    blank: Blank = Blank()
    mentions_others: bool = False


@dataclass(frozen=True)
class Link:
    """That a row of a child table refers to a row of a parent table.

    Args:
        id: `<child table>.<name>`.
        columns: Pairs of (child column, parent column).
        when: Fixed values of child columns, for links whose target depends on a type column.
        follows: The child's fields are also covered by the parent's grounds for their categories
            (`belongs_to`); False for `refers_to`.
        keeps_parent: A kept child keeps its parent as a skeleton.
    """

    id: str
    where: Place
    child: str
    parent: str
    columns: tuple[tuple[str, str], ...]
    when: tuple[tuple[str, Scalar], ...] = ()
    follows: bool = False
    keeps_parent: bool = True


@dataclass(frozen=True)
class Table:
    """A table on the map.

    Args:
        id: Name in the map, used in paths and commands.
        name: Name in the database.
        schema: Schema in the database; empty: the connection's default.
        key: Columns of its key, in order.
        columns: Columns that hold personal data, by name.
        not_personal: Columns that hold none, keys and clocks included where they hold none.
        when_due: `erase` the row, or keep it as `statistics` with every personal field blanked.
    """

    id: str
    where: Place
    name: str
    key: tuple[str, ...]
    schema: str = ""
    serves: Mapping[str, Serve] = field(default_factory=dict)
    caps: Mapping[str, TableCap] = field(default_factory=dict)
    subjects: Mapping[str, Subject] = field(default_factory=dict)
    columns: Mapping[str, Column] = field(default_factory=dict)
    not_personal: tuple[str, ...] = ()
    when_due: Literal["erase", "statistics"] = "erase"


@dataclass(frozen=True)
class Setting:
    """A setting of a system out of reach that keeps the promise, read by a person.

    Args:
        at_most: The longest period that the promise allows.
        every: How often it must be read.
    """

    id: str
    where: Place
    at_most: Period
    by: str
    every: Period
    instructions: Text = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """A task that a named person does in a system out of reach and confirms.

    Args:
        every: How often it must be confirmed.
    """

    id: str
    where: Place
    by: str
    every: Period
    instructions: Text = field(default_factory=dict)


@dataclass(frozen=True)
class SweepLimits:
    """What a pre-approved sweep may do without a person, per rule, table and 24 hours.

    Args:
        floor: A step of at most so many rows passes.
        share_max: Largest share of a table, 0 to 1.
        count_max: Most rows.
    """

    floor: int = 20
    share_max: float = 0.05
    count_max: int = 1000


@dataclass(frozen=True)
class System:
    """A system on the map.

    Args:
        reach: `database`: by its URL. `outside`: through people; its tables, if any, describe the
            export that a person downloads.
        url: As written, with `${NAME}` for parts that come from the environment.
        zone: IANA name; naive timestamps are local to it.
        gone_within: How long after an erasure something of it can be left in files, archived logs,
            replicas and backups, where no query finds it; None: nobody has written it down.
        check_every: An observation older than this proves nothing.
        serves: For a system out of reach: activities and caps it holds data for.
        rows_per_second_max: 0: no limit.
    """

    id: str
    where: Place
    title: Text
    reach: Literal["database", "outside"]
    zone: str
    gone_within: Period | None = None
    url: str = ""
    schema: str = ""
    check_every: timedelta = timedelta(hours=24)
    tables: Mapping[str, Table] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    serves: tuple[str, ...] = ()
    settings: Mapping[str, Setting] = field(default_factory=dict)
    tasks: Mapping[str, Task] = field(default_factory=dict)
    sweep: SweepLimits = SweepLimits()
    rows_per_second_max: int = 0


@dataclass(frozen=True)
class Systems:
    """The map: every system, in the order written.

    Args:
        source_digest: SHA-256 (hex) of the meaning of the file.
        warnings: What was found in the file that does not keep it from being used.
    """

    file: str
    systems: Mapping[str, System]
    source_digest: str
    warnings: tuple[Finding, ...] = field(default=(), compare=False)
