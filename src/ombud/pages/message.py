"""What does a page say that has nothing to show? Why, and where to go, in plain words."""

from __future__ import annotations

from functools import cache
from typing import Final, Literal, get_args

from jinja2 import Template
from markupsafe import Markup

from ombud.pages.html import environment
from ombud.pages.style import content_policy, stylesheet
from ombud.pages.words import words

Message = Literal["missing", "method", "failed", "unpublished", "unreadable"]
MESSAGES: Final[tuple[Message, ...]] = get_args(Message)


def message(kind: Message, language: str, *, home: str = "") -> str:
    """Return a whole page that carries its stylesheet with it.

    Args:
        kind: What it says.
        language: One of `LANGUAGES`.
        home: Where the front page is; empty: no link to it.
    """
    own = words(language)
    return _template().render(
        title=own(f"messages.{kind}.title"),
        lines=own.list(f"messages.{kind}.says"),
        home=home,
        language=language,
        words=own,
        unlisted=True,
        stylesheet="",
        policy=content_policy(stylesheet()),
        style=Markup(stylesheet()),  # noqa: S704  our own file, and a style element has no escapes
    )


@cache
def _template() -> Template:
    return environment().get_template("message.html")
