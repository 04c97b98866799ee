"""What does a browser meet? The published notice, given out by a small server."""

from ombud.web.notice import notice_app
from ombud.web.server import address_of, listen, run
from ombud.web.sites import DraftSites, PublishedSites, Site, Sites

__all__ = [
    "DraftSites",
    "PublishedSites",
    "Site",
    "Sites",
    "address_of",
    "listen",
    "notice_app",
    "run",
]
