"""`ombud notice`: what people read, made from the policy alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import cast

import click

from ombud.app import now, read_policy
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
from ombud.duties.documents import all_documents, read_documents
from ombud.errors import WrongUse
from ombud.pages import FORMATS, Format, make_notice, reading_level, render, site
from ombud.policy import Policy

_LIX_MAX = 45  # where plain language ends and a newspaper's begins


@click.command(name="notice")
@lang_option
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="Else the one that FILE ends in, or html."
)
@out_option
@click.option(
    "--site",
    "to",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write a site that any web server can give out: every language and format.",
)
@draft_option
@click.option("--lix", is_flag=True, help="Say how hard it is to read instead; aim below 45.")
@json_option
@as_of_option
@click.pass_obj
@spoken
def command(
    folder: Path,
    lang: str | None,
    form: Format | None,
    out: Path | None,
    to: Path | None,
    draft: bool,
    lix: bool,
    as_json: bool,
    as_of: date | None,
) -> int:
    """Write the privacy notice from policy.yaml alone.

    A policy with errors is not published: mend them, or use --draft. Texts that are missing in a
    language stand in the main one, and are told on standard error with their place.
    """
    on = as_of or now().date()
    policy = read_policy(folder, on)
    language, languages = language_of(policy, lang), policy.organisation.languages
    if lix:
        return _tell_lix(policy, (lang,) if lang else languages, on, as_json=as_json)
    if as_json:
        raise WrongUse("`--json` goes with `--lix` here", help="a notice has formats of its own")
    if to is not None and (lang or form or out):
        raise WrongUse("`--site` writes every language and format", help="leave the others away")
    may_publish(policy, on, "notice", draft=draft)
    if to is not None:
        there = read_documents(folder, policy) if draft else all_documents(folder, policy)
        made = site(policy, on=on, draft=draft, documents=there)
        count = write_all(to, lambda: {path: make() for path, make in made.items()})
        click.echo(f"wrote {count} files to {to}", err=True)
        return 0
    form = form or cast("Format", format_of(out, FORMATS))
    put(out, render(make_notice(policy, language, on=on, draft=draft), form), form, binary=("pdf",))
    return 0


def _tell_lix(policy: Policy, languages: tuple[str, ...], on: date, *, as_json: bool) -> int:
    levels = {tag: reading_level(make_notice(policy, tag, on=on)) for tag in languages}
    if as_json:
        found = [
            {"language": tag, "lix": round(level.value, 1), "words": level.words}
            for tag, level in levels.items()
        ]
        dump({"languages": found, "lix_max": _LIX_MAX})
        return 0
    for tag, level in levels.items():
        note = "" if level.value < _LIX_MAX else f"  harder than it should be: aim below {_LIX_MAX}"
        click.echo(f"{tag}  LIX {level.value:.0f}  {level.words:,} words{note}")
    return 0
