"""`ombud check`: what is wrong in what was written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ombud.app import now, read_workspace
from ombud.cli.say import as_of_option, json_option, spoken, tell
from ombud.errors import WrittenWrong


@click.command(name="check")
@json_option
@as_of_option
@click.pass_obj
@spoken
def command(folder: Path, as_json: bool, as_of: date | None) -> int:
    """Say what is wrong in policy.yaml and systems.yaml, all at once.

    Exits with 1 when one finding is an error.
    """
    try:
        policy, systems = read_workspace(folder, as_of or now().date())
        findings = [*policy.warnings, *systems.warnings]
    except WrittenWrong as wrong:
        findings = list(wrong.findings)
    return tell(findings, as_json=as_json, nothing="nothing to say: both files are in order")
