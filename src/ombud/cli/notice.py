"""`ombud notice`: what people read, made from the policy alone."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import click

from ombud.app import now, read_policy
from ombud.cli.say import as_of_option, dump, json_option, spoken
from ombud.errors import Finding, Refused, Unknown, WrongUse
from ombud.pages import FORMATS, Format, make_notice, reading_level, render, site
from ombud.policy import Policy
from ombud.policy.checks import run_checks, written_of

_LIX_MAX = 45  # where plain language ends and a newspaper's begins


@click.command(name="notice")
@click.option("--lang", metavar="TAG", help="Language, `da` for example; else the main one.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="Else the one that FILE ends in, or html."
)
@click.option(
    "--out", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="Write to FILE."
)
@click.option(
    "--site",
    "to",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write a site that any web server can give out: every language and format.",
)
@click.option("--draft", is_flag=True, help="Mark each page as a draft; errors do not stop it.")
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
    languages = policy.organisation.languages
    if lang is not None and lang not in languages:
        raise Unknown(
            f"the policy publishes nothing in `{lang}`",
            help=f"it has {', '.join(languages)}; add `{lang}` to `languages:` of `organisation:`",
        )
    if lix:
        return _tell_lix(policy, (lang,) if lang else languages, on, as_json=as_json)
    if as_json:
        raise WrongUse("`--json` goes with `--lix` here", help="a notice has formats of its own")
    if to is not None and (lang or form or out):
        raise WrongUse("`--site` writes every language and format", help="leave the others away")
    _may_publish(policy, on, draft=draft)
    if to is not None:
        files = site(policy, on=on, draft=draft)
        _write_all(to, files)
        click.echo(f"wrote {len(files)} files to {to}", err=True)
        return 0
    form = form or _form_of(out)
    if form == "pdf" and out is None and sys.stdout.isatty():
        raise WrongUse("a PDF cannot be shown on a terminal", help="name a file with `--out`")
    made = render(make_notice(policy, lang or languages[0], on=on, draft=draft), form)
    if out is None:
        sys.stdout.buffer.write(made)
        sys.stdout.buffer.flush()
    else:
        _write(out, made)
    return 0


def _may_publish(policy: Policy, on: date, *, draft: bool) -> None:
    """Say what is wrong, and refuse to publish what has errors.

    Raises:
        Refused: The policy has errors and this is no draft; nothing was written.
    """
    checked = [each.finding for each in run_checks(written_of(policy, on), on)]
    errors = [finding for finding in checked if finding.severity == "error"]
    untold = [finding for finding in policy.warnings if finding.code == "Y25"]
    for finding in (*untold, *(errors if draft else ())):
        click.echo(str(finding), err=True)
    if errors and not draft:
        for finding in errors:
            click.echo(str(finding))
        raise Refused(
            f"{_counted(errors)} in the policy, so the notice is not published",
            help="mend it, or look at the notice with `--draft`",
        )


def _counted(errors: list[Finding]) -> str:
    return "there is 1 error" if len(errors) == 1 else f"there are {len(errors)} errors"


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


def _form_of(out: Path | None) -> Format:
    """Return the format that a file's name ends in; html where there is no file."""
    if out is None:
        return "html"
    ending = out.suffix.removeprefix(".").lower()
    for form in FORMATS:
        if ending == form:
            return form
    raise WrongUse(
        f"no format is known by the end of `{out.name}`",
        help=f"end it in {', '.join(FORMATS)}, or name the format with `--format`",
    )


def _write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, made in files.items():
        _write(folder / path, made)


def _write(path: Path, made: bytes) -> None:
    """Write a file whole or not at all: a visitor never meets half a page."""
    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(made)
        beside.replace(path)
    except OSError as failed:
        raise WrongUse(f"`{path}` cannot be written: {failed.strerror}") from None
