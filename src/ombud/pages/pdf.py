"""How is a notice printed? As tagged PDF that passes Typst's own checks of PDF/UA-1."""

from __future__ import annotations

import importlib
import importlib.util
import json
from functools import cache
from importlib import resources
from types import ModuleType
from typing import Any

from ombud.errors import Refused, WrongUse
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
    joint,
    text_of,
)
from ombud.pages.unbroken import unbroken
from ombud.pages.words import words


def to_pdf(notice: Notice) -> bytes:
    """Return a notice as PDF; the same notice gives the same bytes on the same machine.

    Raises:
        WrongUse: Typst is not installed.
        Refused: Typst could not make a page that everybody can read.
    """
    typst = _typst()
    own, made = words(notice.language), notice.made_on
    data = {
        "title": notice.title,
        "name": notice.name,
        "language": notice.language,
        "made_on": [made.year, made.month, made.day],
        "draft": f"{own('draft.tag')}. {own('draft.says')}" if notice.draft else "",
        "printed": own("titles.printed", page="{page}", pages="{pages}"),
        "parts": [_block(part) for part in notice.parts],
    }
    try:
        made_pdf: bytes = typst.compile(
            _template(),
            format="pdf",
            sys_inputs={"notice": json.dumps(data, ensure_ascii=False)},
            pdf_standards=["ua-1"],
            font_paths=_fonts(),
        )
    except typst.TypstError as failed:
        raise Refused(
            f"the PDF could not be made: {str(failed).splitlines()[0]}",
            help="install a font that has every letter, or use `--format html`",
        ) from None
    return made_pdf


def can_print() -> bool:
    """Return whether PDF can be made here."""
    return importlib.util.find_spec("typst") is not None


def _typst() -> ModuleType:
    try:
        return importlib.import_module("typst")
    except ImportError:
        raise WrongUse(
            "PDF needs Typst, which is not installed",
            help="install it with `pip install 'ombud[pdf]'`, or use `--format html`",
        ) from None


@cache
def _fonts() -> object:
    """Return the fonts of Typst and of this machine; to look for them takes a while."""
    return _typst().Fonts()


@cache
def _template() -> bytes:
    folder = resources.files("ombud.pages").joinpath("templates")
    return folder.joinpath("notice.typ").read_bytes()


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Para(line=line):
            return {"kind": "Para", "line": _line(line)}
        case Bullets(items=items):
            return {"kind": "Bullets", "items": [_line(item) for item in items]}
        case Facts(rows=rows):
            return {"kind": "Facts", "rows": [_row(row) for row in rows]}
        case Fold(blocks=blocks):
            return {"kind": "Fold", "blocks": [_block(each) for each in blocks]}
        case Part(id=id, title=title, blocks=blocks, apart=apart):
            inner = [_block(each) for each in blocks]
            return {
                "kind": "Part",
                "id": id,
                "title": _line(title),
                "apart": apart,
                "blocks": inner,
            }


def _row(row: Row) -> dict[str, Any]:
    values = [_line(value) for value in row.values]
    question = text_of(row.label).endswith("?")
    return {
        "label": _line(row.label),
        "values": values,
        "joint": joint(row) if row.joined else "",
        "question": question,
    }


def _line(line: Line) -> list[dict[str, str]]:
    return [
        {"text": unbroken(said.text), "language": said.language, "to": said.to} for said in line
    ]
