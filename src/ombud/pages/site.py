"""What is a static site of the notice? Files for a folder that any web server can give out."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, partial
from typing import Final

from ombud.pages.html import Links, to_html
from ombud.pages.model import Facts, Notice, Para, Row, Said
from ombud.pages.notice import make_notice
from ombud.pages.pdf import can_print
from ombud.pages.phrases import day_in_words
from ombud.pages.render import Format, render
from ombud.pages.style import stylesheet
from ombud.pages.words import words
from ombud.policy.model import Policy

VERSIONS: Final = "versions"
"""Folder of the site in which published versions lie; nothing in it is ever changed."""

STYLESHEET: Final = "static/ombud.css"

Files = Mapping[str, Callable[[], bytes]]
"""Path of each file of a site to what makes it: a server makes only what somebody asks for."""

_NONE: Final[Mapping[str, bytes]] = {}
_DIGEST_SHOWN: Final = 12  # letters


@dataclass(frozen=True)
class Past:
    """A published version, as a site shows it.

    Args:
        pages: Language to its page as it was published; empty: it was erased.
        documents: Path below the site to what was given out with it.
    """

    number: int
    made_on: date
    digest: str
    pages: Mapping[str, str]
    documents: Mapping[str, bytes] = field(default_factory=dict)


def site(
    policy: Policy,
    *,
    on: date,
    draft: bool = False,
    versions: Sequence[Past] = (),
    pdf: bool = True,
    documents: Mapping[str, bytes] = _NONE,
) -> Files:
    """Return the files of a site, each made when it is asked for.

    `index.html` is the notice in the main language; each language has a folder with the page and
    its other forms. PDF is there where Typst is installed. Every published version stays readable
    below `versions/` (`past_files`), and a page in each language lists them.

    Args:
        versions: Those published so far, the first one first.
        pdf: With PDF, where Typst is installed. Making one raises `Refused` where a letter of it
            is in no font.
        documents: Path below the site to what is given out with the notice.
    """
    files: dict[str, Callable[[], bytes]] = {STYLESHEET: lambda: stylesheet().encode()}
    files |= {path: partial(bytes, document) for path, document in documents.items()}
    # made once for all its forms
    notice = cache(lambda tag, to: make_notice(policy, tag, on=on, draft=draft, beside=to))
    list_there = bool(versions)
    for number, language in enumerate(policy.organisation.languages):
        made = partial(notice, language, "" if documents else None)
        if number == 0:
            top = partial(notice, language, f"{language}/") if documents else made
            files["index.html"] = partial(_page, top, "", f"{language}/", pdf, list_there)
        files[f"{language}/index.html"] = partial(_page, made, "../", "", pdf, list_there)
        for form in _forms(pdf):
            files[f"{language}/notice.{form}"] = partial(_form, made, form)
        if list_there:
            listed = partial(_listed, made, versions)
            path = f"{language}/versions.html"
            files[path] = partial(_page, listed, "../", "", pdf, False, "versions")
    return files


def past_files(versions: Sequence[Past]) -> Files:
    """Return the pages of published versions and their documents, as they were published."""
    pages = {
        f"{VERSIONS}/{past.number}/{language}.html": page.encode
        for past in versions
        for language, page in past.pages.items()
    }
    documents = {
        f"{VERSIONS}/{past.number}/{path}": partial(bytes, document)
        for past in versions
        for path, document in past.documents.items()
    }
    return {**pages, **documents}


def _form(made: Callable[[], Notice], form: Format) -> bytes:
    """Return another form of a page.

    Text begins with a mark of its encoding: many web servers do not say it, and then a browser
    shows `Ã¸` for `ø`.
    """
    text = BOM_UTF8 if form in ("md", "txt") else b""
    return text + render(made(), form)


def _listed(made: Callable[[], Notice], versions: Sequence[Past]) -> Notice:
    """Return the page that lists the versions, the newest one first."""
    notice = made()
    own = words(notice.language)
    rows = []
    for past in reversed(versions):
        day = day_in_words(own, past.made_on)
        language = notice.language if notice.language in past.pages else next(iter(past.pages), "")
        to = f"../{VERSIONS}/{past.number}/{language}.html" if language else ""
        label = (Said(own("versions.number", number=str(past.number))),)
        digest = own("versions.digest", digest=past.digest[:_DIGEST_SHOWN])
        rows.append(Row(label, ((Said(day, to=to),), (Said(digest),))))
    says = Para((Said(own("versions.says")),))
    back = Para((Said(notice.title, to="index.html"),))
    title = f"{own('versions.title')}: {notice.name}"
    return replace(notice, title=title, parts=(says, Facts(tuple(rows)), back))


def _forms(pdf: bool) -> Iterator[Format]:
    yield from ("md", "txt")
    if pdf and can_print():
        yield "pdf"


def _page(
    made: Callable[[], Notice],
    top: str,
    here: str,
    pdf: bool,
    list_there: bool,
    name: str = "index",
) -> bytes:
    """Return a page.

    Args:
        top: From the page to the top of the site.
        here: From the page to the folder of its language.
        list_there: There is a page that lists the versions.
        name: Of the page, the same in every language.
    """
    notice = made()
    several = len(notice.languages) > 1
    links = Links(
        tuple((tag, f"{top}{tag}/{name}.html") for tag in notice.languages if several),
        tuple((form, f"{here}notice.{form}") for form in _forms(pdf)),
        f"{top}{STYLESHEET}",
        f"{here}versions.html" if list_there else "",
    )
    return to_html(notice, links).encode()
