"""How hard is a text to read? LIX: words per sentence and the share of long words.

Below 30 is easy, 40 is a newspaper, above 55 is a law.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ombud.pages.model import Notice, lines, text_of

_LONG: Final = 6  # letters; a word with more is long (Björnsson 1968)
_WORD: Final = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*|\d+")
_END: Final = re.compile(r"[.!?:;](?=\s|$)")


@dataclass(frozen=True)
class Lix:
    """A reading level with what it was counted from."""

    words: int
    sentences: int
    long_words: int

    @property
    def value(self) -> float:
        """Words a sentence plus long words in a hundred."""
        if not self.words:
            return 0.0
        return self.words / max(self.sentences, 1) + 100 * self.long_words / self.words


def reading_level(notice: Notice) -> Lix:
    """Return the reading level of a notice; each line, heading and table cell ends a sentence."""
    found = sentences = long_words = 0
    for line in lines(notice.parts):
        text = text_of(line)
        here = _WORD.findall(text)
        if here:
            found += len(here)
            long_words += sum(len(word) > _LONG for word in here)
            sentences += max(len([s for s in _END.split(text) if _WORD.search(s)]), 1)
    return Lix(found, sentences, long_words)
