"""Which checks find what in a document? All of them run, and all that they find is told."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Final

from ombud.errors import Finding
from ombud.policy.checks import chapters  # noqa: F401  they register themselves
from ombud.policy.checks.check import CHECKS, Check, Found
from ombud.policy.checks.edit import Edit, dotted, pasted
from ombud.policy.checks.practice import Practice
from ombud.policy.checks.written import Written

CHAPTERS: Final = {
    "C": "Controller",
    "D": "Data protection officer",
    "B": "Legal basis and consent",
    "N": "What people are told",
    "P": "Recipients",
    "X": "Transfers",
    "R": "Retention",
    "T": "Rights",
    "K": "Cookies",
    "S": "Protected data",
    "M": "Marketing",
    "V": "Surveillance",
    "L": "Acts that are named",
    "G": "The text itself",
}
"""What the letter of a check's id stands for, in the order of the reference."""


@dataclass(frozen=True, order=True)
class Checked:
    """A finding of a check.

    Args:
        finding: As it is shown.
        path: What it is about, `activities.events.keep`; decisions name it.
        edits: What mends it, in an as-written document.
    """

    finding: Finding
    path: str
    edits: tuple[Edit, ...] = field(default=(), compare=False)


@cache
def all_checks() -> tuple[Check, ...]:
    """Return every check, by chapter and number."""
    order = list(CHAPTERS)
    return tuple(sorted(CHECKS.values(), key=lambda each: (order.index(each.id[0]), each.id)))


def run_checks(written: Written, on: date) -> tuple[Checked, ...]:
    """Return all that the checks find in a document, sorted by place.

    Args:
        on: Local day on which facts of law hold and ages of texts are counted.
    """
    practice = Practice(written.country, on)
    found = [
        _checked(check, one, written)
        for check in all_checks()
        for one in check.look(written, practice)
    ]
    return tuple(sorted(dict.fromkeys(found)))


def _checked(check: Check, found: Found, written: Written) -> Checked:
    help = check.in_policy if written.from_policy else check.help
    help = re.sub(r"\{(\w+)\}", lambda name: str(found.names.get(name[1], name[0])), help)
    if found.edits and not written.from_policy:
        help = f"{help}: {pasted(found.edits, found.at.path)}"
    law = tuple(str(law) for law in check.law if law.country in ("EU", written.country))
    finding = Finding(
        where=found.at.place,
        code=check.id,
        says=check.message(found.names),
        severity=check.severity,
        help=help,
        law=law,
    )
    return Checked(finding, dotted(found.at.path), found.edits)
