"""How is a page on the web read, as anybody reads it? Once, with limits, and without a trace."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Final

from ombud.errors import PageUnread

BYTES_MAX: Final = 5_000_000
TIMEOUT_S: Final = 10.0
_SCHEMES: Final = ("http", "https")
_CHARSET: Final = re.compile(rb"<meta[^>]+charset=[\"']?([\w-]+)", re.IGNORECASE)


def read_page(url: str, *, timeout_s: float = TIMEOUT_S) -> str:
    """Return the HTML of a page as it is live now.

    No cookie is sent or kept. The environment's proxy is used where it names one.

    Args:
        url: `http:` or `https:`.
        timeout_s: How long to wait for each answer of the server, in seconds.

    Raises:
        PageUnread: It is not on the web, does not answer, is no page, or is longer than
            `BYTES_MAX`.
    """
    if url.partition(":")[0].lower() not in _SCHEMES:
        raise PageUnread("the notice's address does not begin with `https:` or `http:`")
    asked = urllib.request.Request(  # noqa: S310  the scheme was looked at
        url, headers={"User-Agent": "Ombud", "Accept": "text/html", "Cache-Control": "no-cache"}
    )
    try:
        with _web().open(asked, timeout=timeout_s) as answer:
            kind = answer.headers.get_content_type()
            charset = answer.headers.get_content_charset()
            body: bytes = answer.read(BYTES_MAX + 1)
    except urllib.error.HTTPError as refused:
        refused.close()
        raise PageUnread(f"the notice's page answers {refused.code}") from None
    except (OSError, HTTPException, ValueError):
        raise PageUnread("the notice's page does not answer") from None
    if kind not in ("text/html", "application/xhtml+xml"):
        raise PageUnread(f"the notice's page is `{kind}`, not HTML")
    if len(body) > BYTES_MAX:
        raise PageUnread(f"the notice's page is longer than {BYTES_MAX:,} bytes")
    return _decoded(body, charset)


def _web() -> urllib.request.OpenerDirector:
    """Return what opens pages on the web: it can follow ten redirects, and knows no file or FTP."""
    web = urllib.request.OpenerDirector()
    for part in (
        urllib.request.ProxyHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPRedirectHandler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPErrorProcessor,
    ):
        web.add_handler(part())
    return web


def _decoded(body: bytes, charset: str | None) -> str:
    said = _CHARSET.search(body[:2048])
    for name in (charset, said[1].decode("ascii") if said else None, "utf-8"):
        if name:
            try:
                return body.decode(name)
            except (LookupError, UnicodeDecodeError):
                continue
    return body.decode("utf-8", "replace")
