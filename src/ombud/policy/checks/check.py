"""What is a check, and which are there? Each is a function that registers itself.

    @check("R01", "error", "No retention for an activity", says="…", help="…", before="…")
    def no_retention(written: Written, practice: Practice) -> Iterator[Found]:

Its docstring says why, and what stands under `Law` there is the law that findings cite.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from ombud.document import listed, quoted
from ombud.errors import Severity
from ombud.law import Citation
from ombud.law.index import laws_in
from ombud.policy.checks.edit import Edit
from ombud.policy.checks.practice import Practice
from ombud.policy.checks.written import Part, Written

Names = Mapping[str, object]


@dataclass(frozen=True)
class Found:
    """One place at which a check finds something.

    Args:
        at: What to point at.
        names: What stands in the message: one word, or several.
        edits: What mends it.
    """

    at: Part
    names: Names = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()


Look = Callable[[Written, Practice], Iterator[Found]]


@dataclass(frozen=True)
class Check:
    """A test of a document.

    Args:
        id: A letter for the chapter and a number; never reused.
        says: The message, with `{names}` in it.
        help: Imperative; the edits that mend it are shown behind.
        in_policy: The same for `policy.yaml`, where other keys say it.
        why: The rule in words that a lawyer can check.
        before: A document in part, on which this check alone finds something.
    """

    id: str
    severity: Severity
    title: str
    says: str
    help: str
    in_policy: str
    why: str
    law: tuple[Citation, ...]
    before: str
    look: Look

    def message(self, names: Names) -> str:
        """Return the message about one place."""
        return self.says.format_map({key: _shown(value) for key, value in names.items()})


CHECKS: Final[dict[str, Check]] = {}
"""Every check by its id, in the order of the chapters."""


def check(
    id: str,
    severity: Severity,
    title: str,
    *,
    says: str,
    help: str,
    before: str,
    in_policy: str = "",
) -> Callable[[Look], Look]:
    """Register a function as a check; see `Check` for what the arguments mean."""

    def register(look: Look) -> Look:
        docstring = inspect.cleandoc(look.__doc__ or "")
        why = " ".join(docstring.partition("\nLaw:\n")[0].split())
        if id in CHECKS:
            raise ValueError(f"two checks are called {id}")
        CHECKS[id] = Check(
            id,
            severity,
            title,
            says,
            help,
            in_policy or help,
            why,
            laws_in(docstring),
            inspect.cleandoc(before) + "\n",
            look,
        )
        return look

    return register


class Words(str):
    """Words of ours in a message, which stand there without backticks."""

    __slots__ = ()


def _shown(value: object) -> str:
    if isinstance(value, Words):
        return value
    return listed(value) if isinstance(value, list | tuple) else quoted(value)
