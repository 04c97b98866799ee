"""What does a person read on a page? Its text, the same however the page is framed and laid out."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser
from typing import Final

_UNREAD: Final = frozenset({"script", "style", "noscript", "template", "nav", "head"})
_VOID: Final = frozenset(
    "area base br col embed hr img input link meta source track wbr".split()  # they have no end
)


def text_read(html: str) -> str:
    """Return the text of a page's main part, or of its body where it marks none.

    Navigation, scripts and what a browser does not show are left out; white space and the form of
    letters do not count. Broken HTML is read as far as it goes.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    found = reader.main if reader.has_main else reader.body
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", " ".join(found))).strip()


class _Reader(HTMLParser):
    """Collects text; an element that is unread hides all that stands in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.main: list[str] = []
        self.body: list[str] = []
        self.has_main = False
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        if tag in _VOID:
            return
        said = dict(attrs)
        hidden = tag in _UNREAD or "hidden" in said or said.get("aria-hidden") == "true"
        self.has_main = self.has_main or tag == "main"
        self._open.append((tag, hidden))

    def handle_endtag(self, tag: str) -> None:
        """Close the nearest element of that name, and whatever was left open in it."""
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at][0] == tag:
                del self._open[at:]
                return

    def handle_data(self, data: str) -> None:
        """Keep text that is read."""
        if not data.strip() or any(hidden for _, hidden in self._open):
            return
        self.body.append(data)
        if any(tag == "main" for tag, _ in self._open):
            self.main.append(data)
