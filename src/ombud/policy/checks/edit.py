"""What is written to mend a finding? Edits of an as-written document, shown and carried out alike.

The help line of a finding is made of the edits that a test carries out, so that it works when
pasted.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from ombud.policy.checks.written import Path

Data = Any
"""What a YAML file holds: texts, lists, and keys with values."""

_LINE_WIDTH: Final = 96
_PLAIN = re.compile(r"[^\W\d][\w .()§/@-]*[\w.)]|[\w]+")
_NOT_PLAIN: Final = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")


@dataclass(frozen=True)
class Edit:
    """One change of a document.

    Args:
        how: `put` a value at the path; `add` it to the list there, which may be missing yet;
            `take` out what is there.
    """

    how: Literal["put", "add", "take"]
    path: Path
    value: Data = None


def put(path: Path, *steps: str | int, value: Data) -> Edit:
    """Return the edit that writes a value under a path."""
    return Edit("put", (*path, *steps), value)


def add(path: Path, *steps: str | int, value: Data) -> Edit:
    """Return the edit that adds an item to a list."""
    return Edit("add", (*path, *steps), value)


def take(path: Path) -> Edit:
    """Return the edit that takes something out."""
    return Edit("take", path)


def edited(document: Data, edits: Iterable[Edit]) -> Data:
    """Return a copy of a document with edits carried out, in their order."""
    changed = copy.deepcopy(document)
    # what stands later in a list goes first, so that the numbers of the others hold
    takes = sorted((e for e in edits if e.how == "take"), key=lambda e: _order(e.path))
    for edit in (*(e for e in edits if e.how != "take"), *reversed(takes)):
        _carry_out(changed, edit)
    return changed


def _order(path: Path) -> tuple[tuple[int, str], ...]:
    return tuple((step, "") if isinstance(step, int) else (-1, step) for step in path)


def _carry_out(document: Data, edit: Edit) -> None:
    *steps, last = edit.path
    inside = document
    for step, following in zip(steps, edit.path[1:], strict=True):
        if isinstance(step, str) and inside.get(step) is None:
            inside[step] = {}
        if isinstance(following, int):
            inside[step] = _as_list(inside[step])  # one value can stand for a list of it
        inside = inside[step]
    if edit.how == "put":
        inside[last] = copy.deepcopy(edit.value)
    elif edit.how == "add":
        inside[last] = [*_as_list(inside.get(last, [])), copy.deepcopy(edit.value)]
    elif isinstance(last, int) or last in inside:
        del inside[last]
        if not inside and steps:
            _carry_out(document, take(tuple(steps)))  # an empty list is none


def _as_list(value: Data) -> list[Data]:
    return value if isinstance(value, list) else [value]


# ------------------------------------------------------------------ shown


def pasted(edits: Iterable[Edit], at: Path) -> str:
    """Return what to write, as the end of a help line.

    Args:
        edits: At least one.
        at: Path of the part that the finding points at.
    """
    return "; ".join(_shown(edit, at) for edit in edits)


def _shown(edit: Edit, at: Path) -> str:
    *steps, last = edit.path
    parent = tuple(steps)
    if edit.how == "take":
        return "take it out" if edit.path == at else f"take `{dotted(edit.path)}` out"
    if edit.how == "add":
        where = f"`{last}:`" if parent == at else f"`{dotted(edit.path)}`"
        of = " of the document" if not parent else ""
        return f"add `- {flow(edit.value)}` to {where}{of}"
    if edit.path == at and isinstance(last, int):
        return f"write it as `- {flow(edit.value)}`"
    if isinstance(last, int):
        return f"write `{dotted(edit.path)}` as `- {flow(edit.value)}`"
    line = f"`{last}: {flow(edit.value)}`"
    if parent in ((), at) or edit.path == at:
        return f"write {line}"
    return f"write {line} under `{dotted(parent)}`"


def dotted(path: Path) -> str:
    """Return a path as a person writes it: `activities.events.keep`, `says[2]`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).lstrip(".")


def flow(value: Data) -> str:
    """Return a value on one line of YAML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(each) for each in value) + "]"
    return _single(str(value)) if not isinstance(value, date) else value.isoformat()


def block(value: Data, indent: int = 0) -> str:
    """Return a document as YAML that a person would write: short things on one line."""
    lines = []
    for key, each in value.items():
        start = f"{' ' * indent}{key}:"
        line = f"{start} {flow(each)}"
        if isinstance(each, dict) and each and (len(line) > _LINE_WIDTH or not indent):
            lines.append(f"{start}\n{block(each, indent + 2)}")
        elif isinstance(each, list) and len(line) > _LINE_WIDTH:
            items = (f"{' ' * (indent + 2)}- {flow(item)}" for item in each)
            lines.append("\n".join([start, *items]))
        else:
            lines.append(line)
    return "\n".join(lines)


def _single(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_PLAIN:
        return text
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[1-9][0-9]* [a-z]+(?: [0-9]+ [a-z]+)?", text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
