"""Which gates can a promise rest on? What publishing and its checks show."""

from __future__ import annotations

from datetime import date
from typing import Final

from ombud.law import fact
from ombud.policy.checks.run import all_checks

PUBLISHED: Final = "published"
"""The policy is what people read."""

LIVE: Final = "live"
"""The page that people read says what was published."""

NOTED: Final = "noted"
"""Beside each e-mail address of the organisation stands what people are to know before writing."""


def items(on: date) -> frozenset[str]:
    """Return the items of the notice, by code, as the law has them on a day.

    Law:
        GDPR Art. 13(1)
        GDPR Art. 14(1)
    """
    return frozenset(str(row["code"]) for row in fact("notice_items", on=on).rows())


def gates(on: date) -> frozenset[str]:
    """Return the name of every gate that Ombud has on a day: checks and items of the notice too."""
    return frozenset((PUBLISHED, LIVE, NOTED, *(check.id for check in all_checks()))) | items(on)
