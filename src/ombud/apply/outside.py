"""What is still due in a system that only people reach? Its export is asked like a database.

The same engine looks at the export as at any database. The keys of what is due go into a file for
the person who erases by hand; the log learns numbers and nothing else. A fresh export afterwards
shows what remains: 0 proves.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, TextIO

from ombud.apply.inputs import Inputs
from ombud.document import did_you_mean, quoted
from ombud.errors import BindingRefused, Unknown, WrongUse
from ombud.evidence import Draft, Log, TaskConfirmed
from ombud.evidence.entry import Json
from ombud.plan.grounds import system_grounds
from ombud.plan.reach import Connector, Session
from ombud.plan.time import Timing
from ombud.policy.model import Policy
from ombud.systems import bind
from ombud.systems.connector import Counted, Key
from ombud.systems.model import System, Systems, Task

KEYS_LISTED: Final = "keys_listed"
"""Kind of the entry that says how many keys were written for a person."""

EXPORT_READ: Final = "export_read"
"""Kind of the entry that says how many rows an export had, and how many of them are due."""

_PAGE: Final = 5_000  # keys held in memory at once


class Export(Protocol):
    """An export while it is open."""

    @property
    def connector(self) -> Connector:
        """The way into it."""

    @property
    def rows(self) -> Mapping[str, int]:
        """Table id to its rows."""

    @property
    def unmapped(self) -> Mapping[str, tuple[int, ...]]:
        """Table id to the numbers (from 1) of columns that are not on the map."""

    @property
    def delimiter(self) -> str:
        """What stands between fields."""


@dataclass(frozen=True)
class DueOutside:
    """What is due in an export, by number.

    Args:
        rows: Table id to its rows in the export.
        due: (table id, action) to rows; what a person only looks at is the action `task`.
        unmapped: Table id to the numbers of its columns that are not on the map.
        undated: Table id to rows that lack the date that starts their period; they are never due.
    """

    rows: Mapping[str, int]
    due: Mapping[tuple[str, str], int]
    unmapped: Mapping[str, tuple[int, ...]]
    undated: Mapping[str, int]

    @property
    def count(self) -> int:
        """Rows that have to go or to be blanked."""
        return sum(count for (_, action), count in self.due.items() if action != "task")

    def by_table(self) -> dict[str, int]:
        """Return table id to rows that have to go or to be blanked, 0 included."""
        found = dict.fromkeys(self.rows, 0)
        for (table, action), count in self.due.items():
            if action != "task":
                found[table] += count
        return found


@dataclass(frozen=True)
class Outside:
    """Tasks in systems out of reach.

    Args:
        opened: Takes an export of a system in, and leaves nothing of it behind.
    """

    policy: Policy
    systems: Systems
    inputs: Inputs
    log: Log
    opened: Callable[[System, Path], AbstractContextManager[Export]]

    def list_keys(
        self, name: str, export: Path, out: Path, *, by: str, timing: Timing
    ) -> DueOutside:
        """Write the keys of what is due in an export to a new file, and log how many.

        Args:
            name: The task, `system.task`.
            out: A new file, readable by its owner alone; gone again where anything fails.
            by: Who asked for it.

        Raises:
            Unknown: There is no such task.
            WrongUse: The export cannot be read, or the file is there; nothing was logged.
            BindingRefused: Map and export disagree; nothing was logged.
        """
        system, task = task_of(self.systems, name)
        with self._surveyed(system, export, timing) as (opened, session, found):
            due = _due(opened, session, found)
            body: dict[str, Json] = {
                "count": due.count,
                "system": system.id,
                "tables": due.by_table(),
                "task": task.id,
            }
            draft = Draft(KEYS_LISTED, body, f"{system.id}.{task.id}", payloads={"by": by})
            with _new_file(out) as lines:
                _write_keys(lines, system, session, found, opened.delimiter)
                self.log.append([draft], at=timing.at)
        return due

    def confirm(
        self, name: str, *, by: str, timing: Timing, export: Path | None = None
    ) -> DueOutside | None:
        """Log that a task was done; with a fresh export, what of it still holds rows that are due.

        Args:
            name: The task, `system.task`.
            by: Who did it.
            export: None: it rests on the person's word alone.

        Raises:
            Unknown: There is no such task.
            WrongUse: The export cannot be read; nothing was logged.
            BindingRefused: Map and export disagree; nothing was logged.
        """
        system, task = task_of(self.systems, name)
        due = None
        drafts = []
        if export is not None:
            with self._surveyed(system, export, timing) as (opened, session, found):
                due = _due(opened, session, found)
            body: dict[str, Json] = {
                "remaining": due.by_table(),
                "rows": dict(due.rows),
                "system": system.id,
                "task": task.id,
                "undated": dict(due.undated),
            }
            drafts.append(Draft(EXPORT_READ, body, f"{system.id}.{task.id}"))
        confirmed = TaskConfirmed(system.id, task.id, due.count if due else 0, timing.at)
        self.log.append([*drafts, confirmed.draft(by=by)], at=timing.at)
        return due

    @contextmanager
    def _surveyed(
        self, system: System, export: Path, timing: Timing
    ) -> Iterator[tuple[Export, Session, list[Counted]]]:
        holds, decisions = self.inputs.read()
        with self.opened(system, export) as opened:
            self._refuse_unbound(opened.connector)
            grounds = system_grounds(
                self.policy, opened.connector.system, timing, holds=holds, decisions=decisions
            )
            with opened.connector.session() as session:
                session.put(grounds)
                yield opened, session, session.survey()

    def _refuse_unbound(self, connector: Connector) -> None:
        """Refuse a map that the export does not fit: what is due would not be what it seems."""
        system = connector.system
        alone = Systems(self.systems.file, {system.id: system}, self.systems.source_digest)
        found = bind(self.policy, alone, {system.id: connector.live()})
        errors = tuple(f for f in found if f.severity == "error" and not _elsewhere(f.code))
        if errors:
            raise BindingRefused(
                f"the map and the export of `{system.id}` disagree",
                findings=errors,
                help="mend what is said above",
            )


def task_of(systems: Systems, name: str) -> tuple[System, Task]:
    """Return a task by its name, `system.task`.

    Raises:
        Unknown: The map has no such task.
    """
    system_id, _, task_id = name.partition(".")
    system = systems.systems.get(system_id)
    task = system.tasks.get(task_id) if system else None
    if system is None or task is None:
        known = [f"{s.id}.{t}" for s in systems.systems.values() for t in s.tasks]
        raise Unknown(
            f"{quoted(name)} is no task on the map",
            help=did_you_mean(name, known) or "tasks stand under `tasks:` of a system out of reach",
        )
    return system, task


def _elsewhere(code: str) -> bool:
    """Return whether a finding is about other systems, or about blanking, which a person does."""
    return code == "Z04" or code.startswith("Z5")


def _due(opened: Export, session: Session, found: list[Counted]) -> DueOutside:
    due: dict[tuple[str, str], int] = {}
    for counted in found:
        place = (counted.selection.table, counted.selection.action)
        due[place] = due.get(place, 0) + counted.count
    census = session.census({})
    undated = {
        table: max((c.missing for c in each.clocks.values()), default=0)
        for table, each in census.items()
    }
    undated = {table: count for table, count in undated.items() if count}
    return DueOutside(opened.rows, due, opened.unmapped, undated)


@contextmanager
def _new_file(out: Path) -> Iterator[TextIO]:
    """Give a new file that only its owner can read; it goes again where writing it fails."""
    try:
        handle = os.open(out, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise WrongUse(
            f"`{out.name}` is there already", help="name a new file, or erase the old one first"
        ) from None
    except OSError as failed:
        raise WrongUse(f"`{out.name}` cannot be written: {failed.strerror}") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as lines:
            yield lines
    except BaseException:
        out.unlink(missing_ok=True)
        raise


def _write_keys(
    lines: TextIO, system: System, session: Session, found: list[Counted], delimiter: str
) -> None:
    """Write rows of table, action, columns (blank for whole rows), and the parts of the key."""
    width = max(len(table.key) for table in system.tables.values())
    names = ["key"] if width == 1 else [f"key_{i + 1}" for i in range(width)]
    writer = csv.writer(lines, delimiter=delimiter, lineterminator="\n")
    writer.writerow(["table", "action", "columns", *names])
    for counted in found:
        selection = counted.selection
        action = "look at" if selection.action == "task" else selection.action
        columns = " ".join(selection.columns)
        after: Key | None = None
        while keys := session.keys(selection, after, _PAGE):
            for key in keys:
                writer.writerow([selection.table, action, columns, *key])
            after = keys[-1]
