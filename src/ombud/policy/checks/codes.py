"""Which findings does Ombud make on a file of decisions?"""

from __future__ import annotations

from typing import Final

CODES: Final = {
    "Y60": "a decision accepts what is not found, or not in these words any more",
    "Y61": "a decision accepts an error",
    "Y62": "a decision is dated after today",
    "Y63": "a decision is not filled in",
}
"""Every code of this package besides those of the checks; a number is never reused."""
