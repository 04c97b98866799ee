"""How is a request answered? The same headers on everything, and nothing sent twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from ombud.web.base.asked import has, takes_gzip
from ombud.web.base.made import Made

_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}

KEPT: Final = "no-cache"
"""A browser may keep it, and asks whether it is still so: a new version is seen at once."""

NOT_KEPT: Final = "no-store"


def answer(
    request: Request,
    made: Made,
    *,
    status: int = 200,
    cache: str = KEPT,
    vary: str = "",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a body; gzip for who reads it, and 304 for who has it already.

    Args:
        cache: `Cache-Control`.
        vary: Which other header it was chosen by.
        headers: More of them.
    """
    packed = takes_gzip(_said(request, "accept-encoding")) and bool(made.packed)
    tags = (made.tag, f"{made.tag}-gzip")
    sent = {
        **_ALWAYS,
        "Cache-Control": cache,
        "Content-Security-Policy": made.policy,
        "Vary": ", ".join(filter(None, ("Accept-Encoding", vary))),
        **(headers or {}),
    }
    if status == 200:
        sent["ETag"] = f'"{tags[packed]}"'
        if has(_said(request, "if-none-match"), tags):
            return Response(status_code=304, headers=sent)
    if packed:
        sent["Content-Encoding"] = "gzip"
    body = made.packed if packed else made.body
    return Response(body, status, {**sent, "Content-Type": made.media})


def elsewhere(to: str, *, lasting: bool, vary: str = "") -> Response:
    """Send a client to another page.

    Args:
        to: Relative to the page it asked for, so that it holds behind any proxy and any name.
        lasting: It may go there directly from now on.
        vary: Which header it was chosen by.
    """
    headers = {**_ALWAYS, "Cache-Control": KEPT, "Location": to}
    if vary:
        headers["Vary"] = vary
    return Response(status_code=308 if lasting else 302, headers=headers)


def language_header(request: Request) -> str:
    """Return which languages a client asks for."""
    return _said(request, "accept-language")


def _said(request: Request, name: str) -> str:
    return ",".join(request.headers.getlist(name))
