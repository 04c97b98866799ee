"""In which formats can a notice be read?"""

from __future__ import annotations

from typing import Final, Literal, get_args

from ombud.pages.html import to_html
from ombud.pages.model import Notice
from ombud.pages.pdf import to_pdf
from ombud.pages.text import to_markdown, to_text

Format = Literal["html", "md", "txt", "pdf"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)


def render(notice: Notice, form: Format) -> bytes:
    """Return a notice in a format, as the bytes of a file.

    Raises:
        WrongUse: PDF is asked for and Typst is not installed.
        Refused: The PDF could not be made.
    """
    if form == "pdf":
        return to_pdf(notice)
    to = {"html": to_html, "md": to_markdown, "txt": to_text}[form]
    return to(notice).encode()
