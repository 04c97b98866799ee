"""What does a check look for, on which law, and how does a text look before and after?"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent, wrap
from typing import Final

from ombud.policy.checks.check import Check
from ombud.policy.checks.example import before_and_after

_WIDTH: Final = 96


def explained(check: Check) -> str:
    """Return what `ombud check --explain` prints."""
    return "\n".join(_lines(check))


def _lines(check: Check) -> Iterator[str]:
    before, after = before_and_after(check)
    yield f"{check.severity}[{check.id}]: {check.title}"
    yield ""
    yield from wrap(check.why, _WIDTH)
    yield ""
    yield f"says: {shown(check.says)}"
    yield f"law:  {' · '.join(map(str, check.law))}"
    yield f"help: {shown(check.help)}"
    if check.in_policy != check.help:
        yield f"      in policy.yaml: {shown(check.in_policy)}"
    yield ""
    yield "before:"
    yield indent(before, "  ")
    yield ""
    yield "after:"
    yield indent(after, "  ")


def shown(message: str) -> str:
    """Return a message with dots where names stand."""
    for name in _names(message):
        message = message.replace("{" + name + "}", "…")
    return message


def _names(message: str) -> Iterator[str]:
    for part in message.split("{")[1:]:
        name = part.partition("}")[0]
        if name.isidentifier():
            yield name
