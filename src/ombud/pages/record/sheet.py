"""How is a record opened in a spreadsheet? A sheet for each part, where everything stays text."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime, time
from textwrap import wrap
from typing import Final

import xlsxwriter

from ombud.pages.model import text_of
from ombud.pages.record.model import Cell, Record, Table
from ombud.pages.words import words

_ASKED: Final = "#DCE8F5"  # behind the title of a column that Art. 30 asks for
_HELPS: Final = "#EEEEEE"  # behind that of a column that helps the reader
_WIDTH_MAX: Final = 26  # letters
_WIDTH_MIN: Final = 12  # letters
_WIDE: Final = 8  # columns; more are printed on the larger paper
_LINE: Final = 15.0  # points; the height of a line
_HEIGHT_MAX: Final = 409.0  # points; Excel shows no higher row
_CELL_MAX: Final = 32_000  # letters; Excel takes 32,767
_A3: Final = 8  # Excel's numbers of papers
_A4: Final = 9
# What makes a cell of a CSV file a formula in some program, also in full width.
_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_BETWEEN: Final = " · "


def to_xlsx(record: Record) -> bytes:
    """Return a record as an Excel workbook; the same record gives the same bytes.

    Every cell is written as text: what begins like a formula or a link is neither.
    """
    file = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        made = datetime.combine(record.made_on, time(), UTC).replace(tzinfo=None)
        book.set_properties({"title": record.title, "author": record.name, "created": made})
        looks = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "plain": book.add_format({"text_wrap": True, "valign": "top", "border": 1}),
            "says": book.add_format({"italic": True}),
            "asked": book.add_format(_head(_ASKED)),
            "helps": book.add_format(_head(_HELPS)),
        }
        for table in record.tables:
            _sheet(book, looks, record, table)
    return file.getvalue()


def _head(colour: str) -> dict[str, object]:
    return {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": colour}


def _sheet(
    book: xlsxwriter.Workbook,
    looks: dict[str, xlsxwriter.format.Format],
    record: Record,
    table: Table,
) -> None:
    sheet = book.add_worksheet(table.title)
    own = words(record.language)
    draft = f"{own('draft.tag')}. {own('draft.says')} " if record.draft else ""
    sheet.write_string(0, 0, f"{draft}{record.title}", looks["title"])
    sheet.write_string(1, 0, f"{table.says} {record.made}", looks["says"])
    top = 3
    rows = [[f"{c.title}\n{c.place}" if c.place else c.title for c in table.columns]]
    for entry in table.entries:
        rows.append([_in_cell(entry.cells.get(c.id, ()), "\n") for c in table.columns])
    if not table.entries:
        rows.append([table.none])
    widths = [_width([row[at] for row in rows if at < len(row)]) for at in range(len(rows[0]))]
    heads = [looks["asked" if column.place else "helps"] for column in table.columns]
    for down, row in enumerate(rows, top):
        sheet.set_row(down, _height(row, widths))
        for at, text in enumerate(row):
            sheet.write_string(down, at, text, heads[at] if down == top else looks["plain"])
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    sheet.freeze_panes(top + 1, 1)
    sheet.repeat_rows(top)
    sheet.set_landscape()
    sheet.set_paper(_A3 if len(table.columns) > _WIDE else _A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")


def _width(texts: Sequence[str]) -> int:
    """Return how wide a column is, in letters: its longest line, within bounds.

    Args:
        texts: The title first, which may be broken at any word.
    """
    title, *others = texts
    found = [*title.split(), *(line for text in others for line in text.split("\n"))]
    return max(_WIDTH_MIN, min(_WIDTH_MAX, max(map(len, found)) + 2))


def _height(row: Sequence[str], widths: Sequence[int]) -> float:
    """Return how high a row is, in points: no program that only shows the file reckons it."""
    lines = (
        sum(max(1, len(wrap(line, max(1, width - 2)))) for line in text.split("\n"))
        for text, width in zip(row, widths, strict=False)
    )
    return min(_HEIGHT_MAX, _LINE * max(lines))


def _in_cell(cell: Cell, between: str) -> str:
    text = between.join(text_of(line) for line in cell)
    return text if len(text) <= _CELL_MAX else f"{text[: _CELL_MAX - 1]}…"


def to_csv(record: Record, part: str) -> bytes:
    """Return a part of a record as CSV that a Nordic Excel opens by a double click.

    UTF-8 with its mark, semicolons between cells. A cell that some program would take for a
    formula begins with an apostrophe.

    Args:
        part: One of `PARTS`.

    Raises:
        KeyError: There is no such part.
    """
    table = record.table(part)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    if record.draft:
        own = words(record.language)
        writer.writerow([f"{own('draft.tag')}. {own('draft.says')}"])
    writer.writerow([_safe(column.title) for column in table.columns])
    for entry in table.entries:
        cells = (entry.cells.get(column.id, ()) for column in table.columns)
        writer.writerow([_safe(_in_cell(cell, _BETWEEN)) for cell in cells])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _safe(text: str) -> str:
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
