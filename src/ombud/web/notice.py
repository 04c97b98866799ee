"""Where does a visitor find the notice? The paths of the static site, and what else is said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ombud.errors import OmbudError
from ombud.pages import LANGUAGES, Message, message
from ombud.web.base.answer import KEPT, NOT_KEPT, answer, elsewhere, language_header
from ombud.web.base.asked import preferred
from ombud.web.base.made import MEDIA, Made
from ombud.web.sites import Site, Sites

_FRONT: Final = "index.html"
_BY_LANGUAGE: Final = "Accept-Language"
_ANY: Final = ("en", *(tag for tag in LANGUAGES if tag != "en"))  # where no site says which
_AGAIN: Final = {"Retry-After": "60"}  # seconds until what is not there yet may be there
_DEPTH_MAX: Final = 20  # folders that a way back is told from; a site has two


def notice_app(sites: Sites) -> Starlette:
    """Return the app that gives out a site, byte for byte as it would lie in a folder.

    No part of a request is ever the name of a file on this machine, or sent back.

    Args:
        sites: Where the site of the moment comes from.
    """

    def page(request: Request) -> Response:
        try:
            site = sites.current()
            if not site:
                return _says(request, site.says, 503, headers=_AGAIN)
            # the route's own reading of the path passes over a line end
            given = _given(request, site, request.scope["path"].removeprefix("/"))
        except OmbudError:
            return _says(request, "failed", 503, headers=_AGAIN)
        return given or _says(request, "missing", 404, site.languages)

    def health(request: Request) -> Response:
        well = _well(sites)
        made = Made(b"ok\n" if well else b"nothing to give out\n", MEDIA["txt"])
        return answer(request, made, status=200 if well else 503, cache=NOT_KEPT)

    return Starlette(
        routes=[Route("/healthz", health), Route("/{path:path}", page)],
        exception_handlers={HTTPException: _refused, Exception: _broken},
    )


def _given(request: Request, site: Site, path: str) -> Response | None:
    """Return what lies at a path of a site; None: nothing does."""
    vary = ""
    if path == "":
        liked, vary = preferred(language_header(request), site.languages), _BY_LANGUAGE
        if liked != site.languages[0]:
            return elsewhere(f"{liked}/", lasting=False, vary=vary)
    if path == "" or path.endswith("/"):
        path += _FRONT
    elif f"{path}/{_FRONT}" in site:
        return elsewhere(f"{path.rpartition('/')[2]}/", lasting=True)
    if path not in site:
        return None
    if site.draft:
        unlisted = {"X-Robots-Tag": "noindex"}
        return answer(request, site.made(path), cache=NOT_KEPT, vary=vary, headers=unlisted)
    return answer(request, site.made(path), cache=KEPT, vary=vary)


def _says(
    request: Request,
    kind: Message,
    status: int,
    languages: Sequence[str] = _ANY,
    *,
    headers: dict[str, str] | None = None,
) -> Response:
    """Return a page that says why there is nothing else, in the language of whoever asks."""
    folder = request.url.path.split("/")[1:2]
    language = next(
        (tag for tag in languages if [tag] == folder),
        preferred(language_header(request), languages),
    )
    home = _top(request) if kind in ("missing", "method") else ""
    made = Made(message(kind, language, home=home).encode(), MEDIA["html"])
    return answer(request, made, status=status, cache=NOT_KEPT, vary=_BY_LANGUAGE, headers=headers)


def _refused(request: Request, failed: Exception) -> Response:
    if isinstance(failed, HTTPException) and failed.status_code == 405:
        return _says(request, "method", 405, headers={"Allow": "GET, HEAD"})
    return _says(request, "missing", 404)


def _broken(request: Request, failed: Exception) -> Response:
    return _says(request, "failed", 500)


def _well(sites: Sites) -> bool:
    try:
        return bool(sites.current())
    except OmbudError:
        return False


def _top(request: Request) -> str:
    """Return the way from the page that was asked for to the front page."""
    deep = bytes(request.scope["raw_path"]).count(b"/") - 1
    return "../" * min(deep, _DEPTH_MAX) or "./"
