"""How is a page on the web read, as anybody reads it? Once, with limits, and without a trace."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from ombud.document import quoted
from ombud.errors import PageUnread, Unread

BYTES_MAX: Final = 5_000_000
TIMEOUT_S: Final = 10.0
TOTAL_S: Final = 30.0
_SCHEMES: Final = ("http", "https")
_HTML: Final = ("text/html", "application/xhtml+xml")
_CHARSET: Final = re.compile(rb"<meta[^>]+charset=[\"']?([\w-]+)", re.IGNORECASE)
_MISSING: Final = (404, 410)
_SENT: Final = "/%:@!$&'()*+,;=~?"  # letters of a path or query that are sent as they are


@dataclass(frozen=True)
class Answer:
    """What a web server gave.

    Args:
        url: Where it was found in the end, after redirects.
        kind: Media type, as the server says it.
        charset: Likewise; None: it says none.
        body: At most `BYTES_MAX` bytes.
    """

    url: str
    kind: str
    charset: str | None
    body: bytes


def read_page(url: str, *, timeout_s: float = TIMEOUT_S) -> str:
    """Return the HTML of a page as it is live now.

    Args:
        url: `http:` or `https:`.
        timeout_s: How long to wait for each answer of the server, in seconds.

    Raises:
        PageUnread: It is not on the web, does not answer, is no page, or is longer than
            `BYTES_MAX`.
    """
    what = "the notice's page"
    answer = read_web(url, what, accept="text/html", timeout_s=timeout_s)
    if answer.kind not in _HTML:
        raise PageUnread(f"{what} is {quoted(answer.kind)}, not HTML", why="other")
    return _decoded(answer.body, answer.charset)


def read_web(
    url: str,
    what: str,
    *,
    accept: str = "*/*",
    timeout_s: float = TIMEOUT_S,
    total_s: float = TOTAL_S,
) -> Answer:
    """Return what stands at an address on the web now.

    No cookie is sent or kept. The environment's proxy is used where it names one. It never waits
    longer than `total_s`, however slowly a server sends.

    Args:
        url: `http:` or `https:`.
        what: What is read, for errors; nothing that a server sends comes into them.
        accept: Media types.
        timeout_s: How long to wait for each answer of the server, in seconds.
        total_s: How long to wait for all of it, in seconds.

    Raises:
        PageUnread: It is not on the web, does not answer, or is longer than `BYTES_MAX`.
    """
    if url.partition(":")[0].lower() not in _SCHEMES:
        raise PageUnread(
            f"{what}: its address does not begin with `https:` or `http:`", why="other"
        )
    return _in_time(lambda: _asked(url, what, accept, timeout_s), what, total_s)


def same_address(named: str, found: str) -> bool:
    """Return whether two addresses name the same page.

    `http` and `https`, `www.` before the host, and a slash or `index.html` behind the path make no
    difference.
    """
    try:
        return _plain(named) == _plain(found)
    except ValueError:  # a port that is no number
        return False


def _plain(url: str) -> tuple[str, int | None, str, str]:
    parts = urlsplit(_in_ascii(url))
    path = unquote(parts.path).removesuffix("index.html").rstrip("/")
    return (parts.hostname or "").removeprefix("www."), parts.port, path, unquote(parts.query)


def _asked(url: str, what: str, accept: str, timeout_s: float) -> Answer:
    headers = {"User-Agent": "Ombud", "Accept": accept, "Cache-Control": "no-cache"}
    try:
        asked = urllib.request.Request(_in_ascii(url), headers=headers)  # noqa: S310  the scheme was looked at
        with _web().open(asked, timeout=timeout_s) as answer:
            kind = answer.headers.get_content_type()
            charset = answer.headers.get_content_charset()
            url = answer.geturl()
            body: bytes = answer.read(BYTES_MAX + 1)
            cut = bool(answer.length)  # what was said to come, and did not
    except urllib.error.HTTPError as refused:
        refused.close()
        raise _refused(what, refused.code) from None
    except (OSError, HTTPException, ValueError):
        raise PageUnread(f"{what} does not answer") from None
    if len(body) > BYTES_MAX:
        raise PageUnread(f"{what} is longer than {BYTES_MAX:,} bytes", why="other")
    if cut:
        raise PageUnread(f"{what} breaks off before its end")
    return Answer(url, kind, charset, body)


def _in_ascii(url: str) -> str:
    """Return an address as it is asked for; `https://ærø.example/råd` has letters that are not.

    Raises:
        ValueError: It is none.
    """
    parts = urlsplit(url)
    host = parts.netloc.encode("idna").decode() if not parts.netloc.isascii() else parts.netloc
    path, query = (quote(part, safe=_SENT) for part in (parts.path, parts.query))
    return urlunsplit((parts.scheme, host, path, query, ""))


def _refused(what: str, code: int) -> PageUnread:
    why: Unread = "missing" if code in _MISSING else "refused"
    if code >= 500:
        why = "failing"
    elif code < 400:  # a circle of redirects, or one that leaves the web
        why = "other"
    return PageUnread(f"{what} answers {code}", why=why)


def _in_time(ask: Callable[[], Answer], what: str, total_s: float) -> Answer:
    """Return an answer, or give up: a server that sends a byte now and then never comes to an end.

    The thread that waits for it ends with the connection, or with the process.
    """
    said: SimpleQueue[Answer | Exception] = SimpleQueue()

    def run() -> None:
        try:
            said.put(ask())
        except Exception as failed:  # it is raised again where somebody waits
            said.put(failed)

    Thread(target=run, daemon=True).start()
    try:
        answer = said.get(timeout=total_s)
    except Empty:
        raise PageUnread(f"{what} does not answer in {total_s:g} seconds") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


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
