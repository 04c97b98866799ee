"""`ombud record`: the record of processing of Art. 30, as page, spreadsheet and data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, cast, get_args

import click

from ombud.app import kinds_of, now, read_policy, read_workspace
from ombud.cli.publishing import (
    draft_option,
    format_of,
    lang_option,
    language_of,
    may_publish,
    out_option,
    put,
    write_all,
)
from ombud.cli.say import as_of_option, dump, json_option, spoken
from ombud.errors import WrongUse
from ombud.pages import FORMATS, can_print, render
from ombud.pages.model import text_of
from ombud.pages.record import PARTS, Record, make_record, page_of, to_csv, to_jsonld, to_xlsx
from ombud.policy import Policy
from ombud.systems import Systems

Form = Literal["html", "xlsx", "csv", "jsonld", "md", "txt", "pdf"]
_FORMS: Final[tuple[Form, ...]] = get_args(Form)
_BINARY: Final = ("xlsx", "pdf")


@click.command(name="record")
@lang_option
@click.option(
    "--format", "form", type=click.Choice(_FORMS), help="Else the one that FILE ends in, or html."
)
@click.option("--part", type=click.Choice(PARTS), help="Which part CSV holds; else `activities`.")
@out_option
@click.option(
    "--folder",
    "to",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write every language, format and part into DIR.",
)
@draft_option
@json_option
@as_of_option
@click.pass_obj
@spoken
def command(
    folder: Path,
    lang: str | None,
    form: Form | None,
    part: str | None,
    out: Path | None,
    to: Path | None,
    draft: bool,
    as_json: bool,
    as_of: date | None,
) -> int:
    """Write the record of processing activities (Art. 30) from policy.yaml and systems.yaml.

    What the organisation does as controller, what it does as processor for others, transfers,
    processors, recipients, consents, systems with how they erase, and security measures. Without
    systems.yaml it says nothing of systems. A policy with errors has no record, but a draft.
    """
    on = as_of or now().date()
    policy, systems = _read(folder, on)
    language = language_of(policy, lang)
    if to is not None and (lang or form or part or out or as_json):
        raise WrongUse("`--folder` writes everything there is", help="leave the others away")
    form = form or cast("Form", format_of(out, _FORMS))
    if part is not None and form != "csv":
        raise WrongUse("`--part` goes with CSV", help="add `--format csv`; others hold every part")
    may_publish(policy, on, "record", draft=draft)
    kinds = kinds_of(folder, systems) if systems else {}

    def record(tongue: str) -> Record:
        return make_record(policy, systems, tongue, on=on, draft=draft, kinds=kinds)

    if to is not None:
        count = write_all(to, lambda: dict(_every(policy, record, on)))
        click.echo(f"wrote {count} files to {to}", err=True)
        return 0
    if as_json:
        dump(_json(record(language)))
        return 0
    if form == "jsonld":
        made = to_jsonld(policy, on=on)
    elif form == "csv":
        made = to_csv(record(language), part or "activities")
    elif form == "xlsx":
        made = to_xlsx(record(language))
    else:
        made = render(page_of(record(language)), form)
    put(out, made, form, binary=_BINARY)
    return 0


def _read(folder: Path, on: date) -> tuple[Policy, Systems | None]:
    if (folder / "systems.yaml").exists():
        return read_workspace(folder, on)
    return read_policy(folder, on), None


def _every(policy: Policy, made: Callable[[str], Record], on: date) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of each file: a folder for each language, and the data once."""
    yield "record.jsonld", to_jsonld(policy, on=on)
    for language in policy.organisation.languages:
        record = made(language)
        page = page_of(record)
        for form in FORMATS:
            if form != "pdf" or can_print():
                yield f"{language}/record.{form}", render(page, form)
        yield f"{language}/record.xlsx", to_xlsx(record)
        for part in PARTS:
            yield f"{language}/{part}.csv", to_csv(record, part)


def _json(record: Record) -> dict[str, Any]:
    return {
        "language": record.language,
        "title": record.title,
        "made_on": record.made_on.isoformat(),
        "draft": record.draft,
        "parts": [
            {
                "id": table.id,
                "title": table.title,
                "columns": [
                    {"id": column.id, "title": column.title, "law": column.place}
                    for column in table.columns
                ],
                "entries": [
                    {
                        "id": entry.id,
                        "cells": {
                            id: [text_of(line) for line in cell] for id, cell in entry.cells.items()
                        },
                    }
                    for entry in table.entries
                ],
            }
            for table in record.tables
        ],
    }
