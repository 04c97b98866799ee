"""What is a notice? Parts made of blocks, the same for every format; only look-up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Said:
    """A piece of text.

    Args:
        text: On one line, without control characters; never markup.
        language: Its language where that is not the page's own; else empty.
        to: Where it leads: `#part`, `mailto:…`, `tel:…` or `https://…`; else empty.
    """

    text: str
    language: str = ""
    to: str = ""


Line = tuple[Said, ...]
"""One sentence or value, in pieces."""


@dataclass(frozen=True)
class Para:
    """A paragraph; `loud` ones stand out."""

    line: Line
    loud: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list of lines."""

    items: tuple[Line, ...]


@dataclass(frozen=True)
class Row:
    """A label and what stands behind it.

    Args:
        values: One line each; `joined` ones stand on one line, as `joint` says.
        tells: Codes of `notice_items` that it tells.
    """

    label: Line
    values: tuple[Line, ...]
    joined: bool = False
    tells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """Rows of labels and values."""

    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Fold:
    """Details on demand, behind a summary."""

    summary: Line
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Part:
    """A heading and what stands under it.

    Args:
        id: Its anchor, unique on the page.
        apart: Set apart from everything else, with a frame.
        tells: Codes of `notice_items` that the whole of it tells.
    """

    id: str
    title: Line
    blocks: tuple[Block, ...]
    apart: bool = False
    tells: tuple[str, ...] = ()


Block = Para | Bullets | Facts | Fold | Part


@dataclass(frozen=True)
class Notice:
    """A privacy notice in one language.

    Args:
        draft: It is not to be published; every page says so.
        made_on: The local day on which it says what the policy says.
        languages: Every language in which the organisation publishes, the main one first.
        parts: Parts with a heading each; a page with one thing to say has blocks without.

    Law:
        GDPR Art. 12(1)
        GDPR Art. 13
        GDPR Art. 14
    """

    language: str
    title: str
    name: str
    parts: tuple[Block, ...]
    made_on: date
    languages: tuple[str, ...]
    draft: bool = False

    def part(self, id: str) -> Part:
        """Return the part with that anchor.

        Raises:
            KeyError: There is none.
        """
        for block in every(self.parts):
            if isinstance(block, Part) and block.id == id:
                return block
        raise KeyError(id)


def every(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield every block, what stands inside others too, in the order they are read."""
    for block in blocks:
        yield block
        if isinstance(block, Part | Fold):
            yield from every(block.blocks)


def lines(blocks: tuple[Block, ...]) -> Iterator[Line]:
    """Yield every line, in the order they are read."""
    for block in every(blocks):
        match block:
            case Para(line=line) | Part(title=line) | Fold(summary=line):
                yield line
            case Bullets(items=items):
                yield from items
            case Facts(rows=rows):
                for row in rows:
                    yield row.label
                    yield from row.values


def told(block: Block) -> frozenset[str]:
    """Return the codes of `notice_items` that a block tells, with all that stands inside it."""
    codes: set[str] = set()
    for each in every((block,)):
        if isinstance(each, Part):
            codes.update(each.tells)
        elif isinstance(each, Facts):
            codes.update(code for row in each.rows for code in row.tells)
    return frozenset(codes)


def joint(row: Row) -> str:
    """Return what stands between joined values: semicolons where a value has a comma itself."""
    return "; " if any(", " in text_of(value) for value in row.values) else ", "


def text_of(line: Line) -> str:
    """Return a line as plain text."""
    return "".join(said.text for said in line)
