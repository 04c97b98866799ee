"""What does a document look like before and after a check's help was followed?"""

from __future__ import annotations

import copy
from datetime import date
from functools import cache
from importlib import resources
from typing import Final

import yaml

from ombud.policy.checks.check import Check
from ombud.policy.checks.edit import Data, block, edited
from ombud.policy.checks.practice import Practice
from ombud.policy.checks.read import read_written

FILE: Final = "as-written.yaml"
SHOWN_ON: Final = date(2026, 11, 24)
"""The day on which examples are looked at, so that they never grow old."""

_LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_BY_NAME: Final = ("people", "parties", "consents", "activities")


@cache
def _clean() -> Data:
    path = resources.files("ombud.policy.checks").joinpath("clean.yaml")
    return _texts(path.read_text(encoding="utf-8"))


def _texts(text: str) -> Data:
    """Return what a piece of YAML holds, with every single value as a text."""
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 - the loader makes nothing but texts


def clean() -> Data:
    """Return the document in which no check finds anything, as texts, lists and keys."""
    return copy.deepcopy(_clean())


def piece(check: Check) -> Data:
    """Return the piece of a document on which a check finds something."""
    return _texts(check.before)


def whole(piece: Data) -> Data:
    """Return the clean document with a piece put in: names beside its own, the rest in its place.

    A key without a value takes that key out.
    """
    document = clean()
    for key, value in piece.items():
        if value == "":
            document.pop(key, None)
        elif key in _BY_NAME and isinstance(document.get(key), dict):
            document[key] = {**document[key], **value}
        else:
            document[key] = value
    return document


def before_and_after(check: Check) -> tuple[str, str]:
    """Return a check's example as two pieces of YAML, the second with its help followed."""
    before = piece(check)
    document = whole(before)
    written = read_written(block(document), FILE).written
    found = check.look(written, Practice(written.country, SHOWN_ON))
    edits = [edit for each in found for edit in each.edits]
    after = edited(document, edits)
    keys = dict.fromkeys([*before, *(str(edit.path[0]) for edit in edits)])
    changed = {key: _only(key, after.get(key, "")) for key in keys}
    return _written(before), _written(changed)


def _only(key: str, value: Data) -> Data:
    """Return what of a section is worth showing: not what the clean document has anyway."""
    own = _clean().get(key)
    if key in _BY_NAME and isinstance(own, dict) and isinstance(value, dict):
        return {name: each for name, each in value.items() if own.get(name) != each}
    return value


def _written(data: Data) -> str:
    lines = [f"# nothing on `{key}`" for key, value in data.items() if value == ""]
    rest = {key: value for key, value in data.items() if value != ""}
    return "\n".join([*lines, block(rest)]) if rest else "\n".join(lines)
