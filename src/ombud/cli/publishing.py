"""What may be published, and how is it written? What the commands for pages share."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

import click

from ombud.app import read_workspace
from ombud.cli.say import here
from ombud.duties.documents import Files
from ombud.duties.notice import judged
from ombud.errors import Finding, Refused, Unknown, WrongUse
from ombud.policy import Policy
from ombud.policy.checks import (
    DECISIONS,
    Decision,
    read_decisions,
)

lang_option = click.option(
    "--lang", metavar="TAG", help="Language, `da` for example; else the main one."
)
out_option = click.option(
    "--out", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="Write to FILE."
)
draft_option = click.option(
    "--draft", is_flag=True, help="Mark each page as a draft; errors do not stop it."
)


def may_publish(policy: Policy, on: date, what: str, *, draft: bool) -> None:
    """Say what is wrong, and refuse to publish what has errors.

    Args:
        what: What would be published: `notice`, `record`.

    Raises:
        Refused: The policy has errors and this is no draft; nothing was written.
    """
    found = judged(policy, on, systems=None, decisions=None)
    errors = [each.checked.finding for each in found if each.blocks]
    untold = [finding for finding in policy.warnings if finding.code == "Y25"]
    for finding in (*untold, *(errors if draft else ())):
        click.echo(here(str(finding)), err=True)
    if errors and not draft:
        for finding in errors:
            click.echo(here(str(finding)))
        raise Refused(
            f"{_counted(errors)} in the policy, so the {what} is not published",
            help=f"mend it, or look at the {what} with `--draft`",
        )


def accepted_warnings(folder: Path, policy: Policy, on: date, documents: Files) -> tuple[str, ...]:
    """Return the warnings that somebody has accepted; refuse while one waits for a decision.

    Args:
        documents: Those that are given out with the notice.

    Raises:
        Refused: A warning waits, or there is an error; nothing was published.
        WrittenWrong: `decisions.yaml` has errors.
    """
    path = folder / DECISIONS
    decisions = path.read_bytes() if path.exists() else None
    there = (folder / "systems.yaml").exists()
    systems = read_workspace(folder, on)[1] if there else None
    found = judged(policy, on, systems=systems, decisions=decisions, documents=documents)
    open_ = [each for each in found if each.waits or each.blocks]
    for each in open_:
        click.echo(str(each.checked.finding))
    if open_:
        waits = "1 finding waits" if len(open_) == 1 else f"{len(open_)} findings wait"
        raise Refused(
            f"{waits} for a decision, so nothing is published",
            help="`ombud check --draft-decisions` writes what to fill in for `decisions.yaml`",
        )
    return tuple(each.checked.finding.code for each in found if each.accepted)


def decisions_of(folder: Path, on: date) -> tuple[Decision, ...]:
    """Return what somebody has decided on findings; none where there is no file.

    Raises:
        WrittenWrong: The file has errors.
    """
    path = folder / DECISIONS
    return read_decisions(path.read_bytes(), on) if path.exists() else ()


def language_of(policy: Policy, lang: str | None) -> str:
    """Return the language that is asked for, else the organisation's main one.

    Raises:
        Unknown: The organisation does not publish in it.
    """
    languages = policy.organisation.languages
    if lang is not None and lang not in languages:
        raise Unknown(
            f"the policy publishes nothing in `{lang}`",
            help=f"it has {', '.join(languages)}; add `{lang}` to `languages:` of `organisation:`",
        )
    return lang or languages[0]


def format_of(out: Path | None, formats: tuple[str, ...]) -> str:
    """Return the format that a file's name ends in; the first where there is no file.

    Raises:
        WrongUse: It ends in none of them.
    """
    if out is None:
        return formats[0]
    ending = out.suffix.removeprefix(".").lower()
    if ending not in formats:
        raise WrongUse(
            f"no format is known by the end of `{out.name}`",
            help=f"end it in {', '.join(formats)}, or name the format with `--format`",
        )
    return ending


def put(out: Path | None, made: bytes, form: str, *, binary: tuple[str, ...]) -> None:
    """Write what was made to a file, or to standard output.

    Args:
        form: Its format.
        binary: Formats that a terminal cannot show.

    Raises:
        WrongUse: A terminal cannot show it, or the file cannot be written.
    """
    if out is not None:
        write_file(out, made)
        return
    if form in binary and sys.stdout.isatty():
        name = form.upper()
        raise WrongUse(f"{name} cannot be shown on a terminal", help="name a file with `--out`")
    sys.stdout.buffer.write(made)
    sys.stdout.buffer.flush()


def _counted(errors: list[Finding]) -> str:
    return "there is 1 error" if len(errors) == 1 else f"there are {len(errors)} errors"


def write_all(folder: Path, make: Callable[[], Mapping[str, bytes]]) -> int:
    """Write files below a folder, each whole or not at all, and return how many.

    Whoever else writes there waits meanwhile, so that the last one to come has the last word.

    Args:
        make: What makes the files, called when nobody else writes there.

    Raises:
        WrongUse: One cannot be written; those before it are.
    """
    with _alone_in(folder):
        files = make()
        for path, made in files.items():
            write_file(folder / path, made)
    return len(files)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Lock a folder; the operating system frees it when the process dies."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = os.open(folder, os.O_RDONLY)
    except OSError as failed:
        raise WrongUse(f"`{folder}` cannot be written: {failed.strerror}") from None
    try:
        with suppress(OSError):  # a file system without locks: it is written as it can be
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def write_file(path: Path, made: bytes) -> None:
    """Write a file whole or not at all: a visitor never meets half a page.

    Raises:
        WrongUse: It cannot be written; what was there is as it was.
    """
    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(made)
        beside.replace(path)
    except OSError as failed:
        raise WrongUse(f"`{path}` cannot be written: {failed.strerror}") from None
