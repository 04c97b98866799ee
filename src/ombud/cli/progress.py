"""Progress of long work, on a terminal and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ombud.cli.say import terminal
from ombud.systems.connector import Selection


@contextmanager
def asking(count: int, *, quiet: bool = False) -> Iterator[Callable[[str], None]]:
    """Show which of several systems is asked; give what is called before each."""
    if quiet or not terminal():
        yield lambda system: None
        return
    from rich.console import Console  # noqa: PLC0415  slow to import

    console = Console(stderr=True)
    asked = 0
    with console.status("asking …") as status:

        def ask(system: str) -> None:
            nonlocal asked
            asked += 1
            status.update(f"asking {system} ({asked} of {count}) …")

        yield ask


@contextmanager
def changing(*, quiet: bool = False) -> Iterator[Callable[[str, Selection, int, int], None]]:
    """Show how far a run has come; give what is called after each batch."""
    if quiet or not terminal():
        yield lambda system, selection, done, count: None
        return
    from rich.console import Console  # noqa: PLC0415  slow to import
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[tuple[str, Selection], object] = {}

        def changed(system: str, selection: Selection, done: int, count: int) -> None:
            key = (system, selection)
            if key not in tasks:
                name = f"{system}.{selection.table} {selection.action}"
                tasks[key] = bar.add_task(name, total=count)
            bar.update(tasks[key], completed=done)  # type: ignore[arg-type]

        yield changed
