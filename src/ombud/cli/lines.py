"""How long may a line be? On a terminal as wide as that is; elsewhere as long as it has to be."""

from __future__ import annotations

import shutil
import sys
import textwrap
from typing import Final

NARROWEST: Final = 20  # characters of a folded line, however far it is indented


def columns() -> int | None:
    """Return the width of the terminal that shows what is printed; None where there is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def folded(text: str, indent: int, *, hanging: int = 0) -> str:
    """Return a text as it is printed: indented, and on a terminal broken between words.

    A line that is piped stays one line, so that other programs can read it.

    Args:
        indent: Spaces before each line.
        hanging: Further spaces before each line but the first.
    """
    width = columns()
    first = " " * indent
    if width is None:
        return first + text
    lines = textwrap.wrap(
        text,
        max(width, indent + hanging + NARROWEST),
        initial_indent=first,
        subsequent_indent=first + " " * hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines)
