"""What is given out? A body with its digest, and how it may be shown."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Final

from ombud.pages import content_policy

MEDIA: Final = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
}
"""Ending of a file's name to its media type; no site has files that end otherwise."""

_STYLE: Final = re.compile(rb"<style>(.*?)</style>", re.DOTALL)
_BARE: Final = "default-src 'none'"


@dataclass(frozen=True)
class Made:
    """A body, ready to be given out.

    Args:
        media: Its media type.
    """

    body: bytes
    media: str

    @cached_property
    def tag(self) -> str:
        """Its entity tag: what says the same has the same."""
        return sha256(self.body).hexdigest()[:32]

    @cached_property
    def packed(self) -> bytes:
        """The body as gzip; empty where that saves nothing."""
        made = gzip.compress(self.body, mtime=0)
        return made if len(made) < len(self.body) else b""

    @cached_property
    def policy(self) -> str:
        """What a browser may do with it: no script, nothing from elsewhere, in no frame."""
        allowed = _BARE
        if self.media == MEDIA["html"]:
            # the style of a page that was published long ago is its own, not that of today
            style = _STYLE.search(self.body)
            allowed = content_policy(style[1].decode() if style else "")
        return f"{allowed}; frame-ancestors 'none'"
