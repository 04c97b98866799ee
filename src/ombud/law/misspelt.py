"""What is said of a citation, period or financial year that is not in its one spelling?"""

from __future__ import annotations


class Misspelt(ValueError):
    """A text about law is not in the one spelling; nothing was read from it.

    Args:
        says: What the text is not, with the text in backticks: the first line of a finding.
        help: How to write it, with an example that works when pasted.
    """

    def __init__(self, says: str, help: str) -> None:
        super().__init__(f"{says}; {help}")
        self.says = says
        self.help = help
