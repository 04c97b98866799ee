"""How do commands speak? Findings on stdout, errors on stderr, exit codes, JSON, progress."""

from __future__ import annotations

import functools
import json
import re
import shlex
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final, ParamSpec

import click

from ombud.app import Ombud, open_workspace
from ombud.cli import COMMANDS
from ombud.errors import BindingRefused, Finding, OmbudError, WrittenWrong
from ombud.plan.words import number_of

P = ParamSpec("P")

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON; see the reference.")


class Day(click.ParamType[date]):
    """A date, YYYY-MM-DD."""

    name = "DATE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Return the date that was written."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"not a date: `{value}`; write it as 2026-11-24", param, ctx)


as_of_option = click.option(
    "--as-of", type=Day(), help="Reckon from this local date instead of today; moves time only."
)


def spoken(function: Callable[P, int | None]) -> Callable[P, None]:
    """Turn errors into their message, help and exit code; a result is the exit code.

    Findings that stop a command with `--json` are JSON, too.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        as_json = bool(kwargs.get("as_json"))
        try:
            code = function(*args, **kwargs)
        except WrittenWrong as wrong:
            _tell_stopped(wrong.findings, as_json=as_json)
            code = wrong.exit_code
        except BindingRefused as refused:
            _tell_stopped(refused.findings, as_json=as_json)
            code = complain(refused)
        except OmbudError as error:
            code = complain(error)
        except BrokenPipeError:
            sys.stderr.close()
            code = 0
        raise SystemExit(code or 0)

    return run


def _tell_stopped(findings: Sequence[Finding], *, as_json: bool) -> None:
    if as_json:
        dump({"findings": [finding_json(finding) for finding in findings]})
    if not as_json:
        _echo_findings(findings)


def _echo_findings(findings: Iterable[Finding]) -> None:
    for finding in findings:
        click.echo(here(str(finding)))


_COMMAND = re.compile(rf"(?<![-/\w])ombud (?=({'|'.join(COMMANDS)})\b)")


def here(text: str) -> str:
    """Return a text whose commands work when pasted: with the `-C DIR` that this one was given.

    What Ombud suggests is written where nobody knows of folders; the folder is put in at the edge.
    """
    context = click.get_current_context(silent=True)
    folder = context.find_object(Path) if context else None
    if folder in (None, Path()):
        return text
    given = f"ombud -C {shlex.quote(str(folder))} "
    return _COMMAND.sub(lambda _: given, text)


def complain(error: OmbudError) -> int:
    """Print an error on stderr; return its exit code."""
    click.echo(f"error: {here(str(error))}", err=True)
    if error.help:
        click.echo(f"  help: {here(error.help)}", err=True)
    return error.exit_code


def tell_unfit(unfit: Mapping[str, BindingRefused], *, as_json: bool) -> dict[str, Any]:
    """Print the findings for which systems were left out; return them as JSON holds them."""
    for system, why in unfit.items() if not as_json else ():
        if len(unfit) > 1:
            click.echo(f"system `{system}`:")
        _echo_findings(why.findings)
    return {system: [finding_json(f) for f in why.findings] for system, why in unfit.items()}


@contextmanager
def workspace(folder: Path) -> Iterator[Ombud]:
    """Give the opened workspace, and close it.

    Raises:
        Refused: Ombud's own database is not there: one that is made in passing would know of no
            hold, and a later sweep would erase what is held. `ombud init` makes it on purpose.
    """
    ombud = open_workspace(folder)
    try:
        yield ombud
    finally:
        ombud.close()


def sign(ombud: Ombud) -> None:
    """Sign the log's head, so that what was just done is vouched for.

    What was done stays done where that does not work: a note on stderr tells why.
    """
    try:
        if ombud.config.key:
            ombud.checkpoints().sign_head(at=ombud.clock())
        else:
            click.echo("note: OMBUD_KEY is not set, so the log is not signed", err=True)
    except OmbudError as error:
        click.echo(f"note: the log is not signed: {here(str(error))}", err=True)
        if error.help:
            click.echo(f"  help: {here(error.help)}", err=True)


JSON_VERSION: Final = 1
"""Grows when a key that was there is gone or means something else; new keys come at any time."""


def dump(value: Mapping[str, Any]) -> None:
    """Print JSON, with the version of its shape."""
    click.echo(json.dumps({"version": JSON_VERSION, **value}, indent=2, ensure_ascii=False))


def finding_json(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON holds it."""
    where = finding.where
    return {
        "file": where.file,
        "line": where.line,
        "column": where.column,
        "code": finding.code,
        "severity": finding.severity,
        "says": finding.says,
        "help": finding.help,
        "law": list(finding.law),
    }


def tell(findings: Sequence[Finding], *, as_json: bool, nothing: str) -> int:
    """Print findings; return 1 where one of them is an error."""
    if as_json:
        dump({"findings": [finding_json(f) for f in findings]})
    else:
        _echo_findings(findings)
        errors = sum(f.severity == "error" for f in findings)
        warnings = sum(f.severity == "warning" for f in findings)
        click.echo(
            nothing
            if not findings
            else f"{number_of(errors, 'error')}, {number_of(warnings, 'warning')}"
        )
    return int(any(f.severity == "error" for f in findings))


def rows(count: int) -> str:
    """Return a number of rows in words, with groups: `12,345 rows`."""
    return number_of(count, "row")


class Stopper:
    """Remembers that a person asked to stop; the current batch is completed."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self) -> bool:
        """Return whether to stop."""
        return self.asked

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take Ctrl-C and a termination signal as the wish to stop cleanly."""
        before = {s: signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM)}

        def ask(number: int, frame: object) -> None:
            if self.asked:
                raise KeyboardInterrupt
            self.asked = True
            click.echo("stopping after the current batch …", err=True)

        try:
            for each in before:
                signal.signal(each, ask)
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)


def terminal() -> bool:
    """Return whether a person looks on: progress is shown only then."""
    return sys.stderr.isatty()
