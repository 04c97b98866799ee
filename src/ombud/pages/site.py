"""What is a static site of the notice? Files for a folder that any web server can give out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ombud.pages.html import Links, to_html
from ombud.pages.model import Notice
from ombud.pages.notice import make_notice
from ombud.pages.pdf import can_print
from ombud.pages.render import Format, render
from ombud.pages.style import stylesheet
from ombud.policy.model import Policy


def site(policy: Policy, *, on: date, draft: bool = False) -> dict[str, bytes]:
    """Return the files of a site, path to bytes.

    `index.html` is the notice in the main language; each language has a folder with the page and
    its other forms. PDF is there where Typst is installed.

    Raises:
        Refused: A PDF could not be made.
    """
    files = {"static/ombud.css": stylesheet().encode()}
    languages = policy.organisation.languages
    for number, language in enumerate(languages):
        notice = make_notice(policy, language, on=on, draft=draft)
        if number == 0:
            files["index.html"] = _page(notice, "", f"{language}/")
        files[f"{language}/index.html"] = _page(notice, "../", "")
        for form in _forms():
            files[f"{language}/notice.{form}"] = render(notice, form)
    return files


def _forms() -> Iterator[Format]:
    yield from ("md", "txt")
    if can_print():
        yield "pdf"


def _page(notice: Notice, top: str, here: str) -> bytes:
    """Return a page.

    Args:
        top: From the page to the top of the site.
        here: From the page to the folder of its language.
    """
    several = len(notice.languages) > 1
    links = Links(
        tuple((tag, f"{top}{tag}/index.html") for tag in notice.languages if several),
        tuple((form, f"{here}notice.{form}") for form in _forms()),
        f"{top}static/ombud.css",
    )
    return to_html(notice, links).encode()
