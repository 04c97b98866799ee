"""Which findings does Ombud make on the shape of a file, and where are they collected?"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable
from typing import Final

from ombud.errors import Finding, Place, Severity, WrittenWrong

CODES: Final = {
    "Y01": "the file is not YAML",
    "Y02": "a period is not written as one",
    "Y03": "the file is empty, or does not start with keys",
    "Y04": "the file is not UTF-8 text",
    "Y05": "the file is too large, too deep, or has too many values",
    "Y06": "an anchor, an alias or a merge key is used",
    "Y07": "a tag is used",
    "Y08": "the file holds several documents",
    "Y09": "a key is written twice",
    "Y10": "a key is not a word",
    "Y11": "a key is not known here",
    "Y12": "a key is missing",
    "Y13": "a value is empty",
    "Y14": "a value is not a text",
    "Y15": "a word is none of those that can stand here",
    "Y16": "a name has letters that a name cannot have",
    "Y17": "a value is not a whole number in the range",
    "Y18": "a value is neither true nor false",
    "Y19": "a value is not a date",
    "Y20": "a value does not have keys of its own",
    "Y21": "a value is not a list",
    "Y22": "a list names the same twice",
    "Y23": "not exactly one of several keys is written",
    "Y24": "a text is in a language that is not known here",
    "Y25": "a text is missing in one of the organisation's languages",
    "Y26": "a name refers to nothing",
    "Y27": "a value is a list or has keys where a single value is meant",
    "Y28": "a value is not written as it must be",
}
"""Every code of this package, with one line on what it means; a number is never reused.

Y01 to Y29 are the shape of any file, Y30 to Y69 what only a policy can have wrong
(`ombud.policy.codes`), Y70 to Y99 what only the map can.
"""

QUOTED_MAX: Final = 60  # characters; a message stays one line
_NAMES_SHOWN_MAX: Final = 12
_OTHERWISE: Final = {"from": "after", "since": "after", "retention": "keep", "name": "title"}
_NAME = re.compile(r"[^\W_][\w-]{0,62}")


def quoted(text: object) -> str:
    """Return what the writer wrote in backticks: one line, cut where it is long."""
    line = re.sub(r"[\s\x00-\x1f\x7f]+", " ", str(text)[: 4 * QUOTED_MAX]).replace("`", "'").strip()
    return f"`{line[: QUOTED_MAX - 1]}…`" if len(line) > QUOTED_MAX else f"`{line}`"


def listed(words: Iterable[str]) -> str:
    """Return the words in backticks with commas between; a long list is cut."""
    all_words = list(words)
    shown = ", ".join(quoted(word) for word in all_words[:_NAMES_SHOWN_MAX])
    return shown + ", …" if len(all_words) > _NAMES_SHOWN_MAX else shown


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that is most like a word; empty where none is like it."""
    if len(word) > QUOTED_MAX:
        return ""
    by_lower = {k.lower(): k for k in known}
    if (meant := _OTHERWISE.get(word.lower(), "")) in by_lower:
        return by_lower[meant]
    found = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else ""


def did_you_mean(word: str, known: Collection[str]) -> str:
    """Return the help line for an unknown word: the nearest one, else all that are known."""
    near = nearest(word, known)
    if near:
        return f"did you mean {quoted(near)}?"
    return f"write one of {listed(known)}" if known else ""


def is_name(text: str) -> bool:
    """Return whether a text can be a name that the writer chooses."""
    return _NAME.fullmatch(text) is not None


def as_name(text: str) -> str:
    """Return the help line for a text that cannot be a name."""
    better = re.sub(r"[^\w-]+", "_", text).strip("_-")[:63] or "name_1"
    return f"use letters, digits, `_` and `-`, for example `{better}`"


class Findings:
    """Collects everything that is wrong in one file, so that it is told all at once.

    Args:
        file: File name as the writer knows it, relative to the workspace.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self._all: list[Finding] = []

    def add(
        self,
        where: Place,
        code: str,
        says: str,
        *,
        help: str = "",
        law: tuple[str, ...] = (),
        severity: Severity = "error",
    ) -> None:
        """Record a finding; see `ombud.errors.Finding` for how to word it."""
        self._all.append(Finding(where, code, says, severity, help, law))

    @property
    def any_error(self) -> bool:
        """Whether something was found that keeps the file from being used."""
        return any(finding.severity == "error" for finding in self._all)

    def all(self) -> tuple[Finding, ...]:
        """Return what was found, each once, sorted by place."""
        return tuple(sorted(set(self._all)))

    def refuse_errors(self) -> tuple[Finding, ...]:
        """Return the warnings and advice.

        Raises:
            WrittenWrong: There are errors; it carries all findings, warnings too.
        """
        if self.any_error:
            raise WrittenWrong(self.all())
        return self.all()
