"""How does a notice read without a browser? As Markdown, and as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from textwrap import TextWrapper
from typing import Final

from ombud.pages.model import (
    Block,
    Bullets,
    Facts,
    Fold,
    Line,
    Notice,
    Para,
    Part,
    Row,
    Said,
    joint,
    text_of,
)
from ombud.pages.words import words

_WIDTH: Final = 78  # columns; what fits into a mail
# Whatever could start markup, a link or raw HTML in CommonMark and GFM, wherever it stands.
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&@:$^=\"'])")
_PLAIN: Final = re.compile(r"[^\\`*_\[\]<>#|~&@$^=]*")
_RISKY: Final = re.compile(r"://|www\.|^\s*(?:[-+.:=>]|\d+[.)])", re.IGNORECASE)


def to_markdown(notice: Notice) -> str:
    """Return a notice as Markdown; what people wrote is escaped, so it stays text."""
    own, found = words(notice.language), list[str]()
    if notice.draft:
        found += [f"> **{own('draft.tag')}.** {own('draft.says')}", ""]
    found += [f"# {_escaped(notice.title)}", ""]
    found += _markdown(notice.parts, 2)
    return "\n".join(found).rstrip() + "\n"


def _markdown(blocks: Iterable[Block], level: int) -> Iterator[str]:
    for block in blocks:
        match block:
            case Para(line=line):
                yield from (_inline(line), "")
            case Bullets(items=items):
                yield from (f"- {_inline(item)}" for item in items)
                yield ""
            case Facts(rows=rows):
                yield from (_bullet(row) for row in rows)
                yield ""
            case Fold(blocks=inner):
                yield from _markdown(inner, level)
            case Part():
                yield from (f'<a id="{block.id}"></a>', "")
                yield from (f"{'#' * level} {_inline(block.title)}", "")
                yield from _markdown(block.blocks, level + 1)


def _bullet(row: Row) -> str:
    between = joint(row) if row.joined else "\\\n  "
    values = between.join(_inline(value) for value in row.values)
    return f"- **{_label(_inline(row.label))}** {values}"


def _inline(line: Line) -> str:
    return "".join(_linked(said) for said in line)


def _linked(said: Said) -> str:
    return f"[{_escaped(said.text)}](<{said.to}>)" if said.to else _escaped(said.text)


def _escaped(text: str) -> str:
    if _PLAIN.fullmatch(text) and not _RISKY.search(text):
        return text
    return _MARKUP.sub(r"\\\1", text)


def to_text(notice: Notice) -> str:
    """Return a notice as plain text of 78 columns."""
    own, found = words(notice.language), list[str]()
    if notice.draft:
        found += [*_wrapped(f"*** {own('draft.tag')}. {own('draft.says')} ***"), ""]
    found += [*_heading(notice.title, "="), ""]
    found += _plain(notice.parts, 2)
    return "\n".join(found).rstrip() + "\n"


def _plain(blocks: Iterable[Block], level: int) -> Iterator[str]:
    for block in blocks:
        match block:
            case Para(line=line):
                yield from (*_wrapped(text_of(line)), "")
            case Bullets(items=items):
                for item in items:
                    yield from _indented(f"- {text_of(item)}")
                yield ""
            case Facts(rows=rows):
                for row in rows:
                    yield from _row(row)
                yield ""
            case Fold(blocks=inner):
                yield from _plain(inner, level)
            case Part():
                yield from (*_heading(text_of(block.title), "-" if level == 2 else "."), "")
                yield from _plain(block.blocks, level + 1)


def _row(row: Row) -> Iterator[str]:
    label, values = _label(text_of(row.label)), [text_of(value) for value in row.values]
    if row.joined or len(values) == 1:
        yield from _indented(f"{label} {joint(row).join(values)}")
    else:
        yield from _indented(label)
        for value in values:
            yield from _wrapped(value, first="  ", others="  ")


def _label(text: str) -> str:
    """Return a label with a colon, unless it is a question."""
    return text if text.endswith("?") else f"{text}:"


def _heading(text: str, line: str) -> list[str]:
    wrapped = _wrapped(text) or [""]
    return [*wrapped, line * max(map(len, wrapped))]


def _indented(text: str) -> list[str]:
    return _wrapped(text, others="  ")


def _wrapped(text: str, *, first: str = "", others: str = "") -> list[str]:
    """Return lines that fit, broken between words alone: half an address leads nowhere."""
    return TextWrapper(
        _WIDTH, initial_indent=first, subsequent_indent=others, break_on_hyphens=False
    ).wrap(text)
