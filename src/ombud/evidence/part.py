"""What does one piece of evidence say, and what do several say together?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from ombud.evidence.entry import instant_text
from ombud.evidence.said import Counts

Word = Literal["kept", "not_kept", "nothing_due", "not_provable"]

WORST_FIRST: Final[tuple[Word, ...]] = ("not_kept", "not_provable", "kept", "nothing_due")


@dataclass(frozen=True)
class Evidence:
    """One thing that the log shows, or does not show.

    Args:
        code: What, for texts in other languages: `overdue`, `stale`, `gone`, ...
        says: The same in English, with names of the map and counts only.
        name: Activity, cap, hold, setting, task, column or table that it is about.
        count: Rows, where rows are counted.
        at: When it was seen or said.
        entry: Index in the log; None where the log has nothing.
        changed: What steps have made of rows so far; None where nothing of the kind is said.
    """

    code: str
    says: str
    system: str = ""
    table: str = ""
    name: str = ""
    count: int = 0
    at: datetime | None = None
    entry: int | None = None
    changed: Counts | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it in the form of `status --json`; what is not known is left out."""
        found = {name: value for name, value in vars(self).items() if value not in ("", None)}
        if self.changed is not None:
            del found["changed"]
            found |= vars(self.changed)
        if self.at is not None:
            found["at"] = instant_text(self.at)
        return found


@dataclass(frozen=True)
class Part:
    """How one part of a promise stands.

    Args:
        since: Since when, as far as the log shows; None: it never was otherwise.
    """

    word: Word
    since: datetime | None
    evidence: tuple[Evidence, ...]


def joined(parts: Iterable[Part]) -> Part:
    """Return how all of it stands: the worst word wins.

    A promise is broken since the first of its parts is, and kept since the last of them is.
    """
    found = list(parts)
    word = min((part.word for part in found), key=WORST_FIRST.index)
    same = [part for part in found if part.word == word]
    known = [part.since for part in same if part.since is not None]
    since = None
    if word in ("kept", "nothing_due"):
        since = max(known, default=None)
    elif len(known) == len(same):
        since = min(known)
    return Part(word, since, tuple(each for part in same for each in part.evidence))
