"""How does a notice look on a page? HTML without script, with everything escaped."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from ombud.pages.model import Notice, joint
from ombud.pages.style import content_policy, stylesheet
from ombud.pages.unbroken import unbroken
from ombud.pages.words import words


@dataclass(frozen=True)
class Links:
    """Where a page of a site leads; a page that stands alone leads nowhere.

    Args:
        languages: Language tag and address, the page's own too.
        forms: Format and address.
        stylesheet: Address of the stylesheet; empty: it stands in the page.
        versions: Address of the page that lists the versions; empty: there is none.
    """

    languages: tuple[tuple[str, str], ...] = ()
    forms: tuple[tuple[str, str], ...] = ()
    stylesheet: str = ""
    versions: str = ""


def to_html(notice: Notice, links: Links | None = None) -> str:
    """Return a whole page; alone it carries its stylesheet with it."""
    links = links or Links()
    return _template().render(
        notice=notice,
        links=links,
        title=notice.title,
        language=notice.language,
        words=words(notice.language),
        unlisted=notice.draft,
        stylesheet=links.stylesheet,
        policy=content_policy("" if links.stylesheet else stylesheet()),
        style=Markup(stylesheet()),  # noqa: S704  our own file, and a style element has no escapes
    )


@cache
def environment() -> Environment:
    """Return what templates are read and filled in with: everything is escaped."""
    made = Environment(
        loader=PackageLoader("ombud.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    made.globals["kind_of"] = lambda block: type(block).__name__
    made.globals["words_of"] = words
    made.globals["joint"] = joint
    made.filters["unbroken"] = unbroken
    return made


@cache
def _template() -> Template:
    return environment().get_template("notice.html")
