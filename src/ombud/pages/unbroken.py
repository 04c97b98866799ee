"""Where may a line of a laid-out page not break? Before the number or letter of a place in law."""

from __future__ import annotations

import re
from typing import Final

_HARD_SPACE: Final = "\u00a0"
# `artikel 6`, `stk. 1`, `litra a`, `bokstav a`, `Article 6`, `§ 12`, `§§ 4-6`
_BEHIND_A_WORD: Final = re.compile(
    r"(?<!\w)(artikel|artikkel|article|art\.|stk\.|nr\.|litra|bokstav|§+) (?=\d|[a-z]\b)",
    re.IGNORECASE,
)
# `6.1 a`, `3 §`, `5 kap.`, `2 st.`
_BEHIND_A_NUMBER: Final = re.compile(r"(?<=\d) (?=§|kap\.|st\.)|(?<=\d\.\d) (?=[a-z]\b)")


def unbroken(text: str) -> str:
    r"""Return a text in which what names one place in law stays on one line.

    For formats that are laid out for the eye, HTML and PDF. Plain text and Markdown keep common
    spaces, so that what is copied from them is found again.

    Examples:
        >>> unbroken("artikel 6, stk. 1, litra a").split(" ")
        ['artikel\xa06,', 'stk.\xa01,', 'litra\xa0a']
    """
    joined = _BEHIND_A_WORD.sub(rf"\1{_HARD_SPACE}", text)
    return _BEHIND_A_NUMBER.sub(_HARD_SPACE, joined)
