"""How is a record read as a page? Each entry apart, as the authorities' forms have it."""

from __future__ import annotations

import re

from ombud.pages.model import Block, Bullets, Facts, Line, Notice, Para, Part, Row, Said
from ombud.pages.record.model import Entry, Record, Table

_LISTED = frozenset({"security"})  # a plain list of sentences
_PAIRED = frozenset({"organisation"})  # a label and what stands behind it


def page_of(record: Record) -> Notice:
    """Return a record as a document that every text format can render."""
    parts = [_part(table) for table in record.tables]
    first, *others = parts
    made = Para((Said(record.made),))
    opened = Part(first.id, first.title, (*first.blocks, made))
    return Notice(
        language=record.language,
        title=record.title,
        name=record.name,
        parts=(opened, *others),
        made_on=record.made_on,
        languages=record.languages,
        draft=record.draft,
    )


def _part(table: Table) -> Part:
    blocks: list[Block] = [Para((Said(table.says),))]
    if not table.entries:
        blocks.append(Para((Said(table.none),)))
    elif table.id in _LISTED:
        key = table.columns[0].id
        blocks.append(Bullets(tuple(line for each in table.entries for line in each.cells[key])))
    elif table.id in _PAIRED:
        label, told = (column.id for column in table.columns)
        rows = (Row(each.cells[label][0], each.cells[told]) for each in table.entries)
        blocks.append(Facts(tuple(rows)))
    else:
        blocks += [_entry(table, each) for each in table.entries]
    return Part(table.id, (Said(table.title),), tuple(blocks))


def _entry(table: Table, entry: Entry) -> Part:
    name, *columns = table.columns
    rows = tuple(
        Row(_label(column.title), entry.cells[column.id], joined=_joined(entry.cells[column.id]))
        for column in columns
        if entry.cells.get(column.id)
    )
    anchor = re.sub(r"[^a-z0-9]+", "-", f"{table.id}-{entry.id}".lower())
    return Part(anchor, entry.cells[name.id][0], (Facts(rows),))


def _label(title: str) -> Line:
    return (Said(title),)


def _joined(lines: tuple[Line, ...]) -> bool:
    """Return whether lines are names that read well with commas between."""
    return len(lines) > 1 and all(
        len(line) == 1
        and not line[0].to
        and not line[0].text.endswith((".", ":"))
        and "," not in line[0].text
        for line in lines
    )
