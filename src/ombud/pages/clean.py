"""Which characters of a text that somebody wrote may stand on a page? Those a reader can see."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Marks that turn the direction of writing or hide text: what is read must be what is written.
_HIDDEN: Final = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f]"
)
_SPACE: Final = re.compile(" {2,}")


def clean(text: str) -> str:
    r"""Return a text on one line, without control characters and marks that hide or turn it.

    Everything else stays as it is written; each format escapes it in its own way.

    Examples:
        >>> clean("a\u202eb\x00 c\n d")
        'ab c d'
    """
    seen = _HIDDEN.sub("", unicodedata.normalize("NFC", text))
    spaced = "".join(" " if c.isspace() else c for c in seen)
    kept = (c for c in spaced if unicodedata.category(c) not in ("Cc", "Cs"))
    return _SPACE.sub(" ", "".join(kept)).strip()
