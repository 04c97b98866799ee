"""`ombud check`: what is wrong in what was written, and what the law misses in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from ombud import document as shape
from ombud import policy as promised
from ombud import systems as mapped
from ombud.app import now, read_policy, read_workspace
from ombud.cli.publishing import decisions_of
from ombud.cli.say import as_of_option, dump, finding_json, here, json_option, spoken
from ombud.document import did_you_mean, read_document
from ombud.duties.documents import read_documents, without
from ombud.errors import Finding, Unknown, WrittenWrong, WrongUse
from ombud.policy import Policy, parse_policy
from ombud.policy.checks import CODES as DECISION_CODES
from ombud.policy.checks import (
    Checked,
    Decision,
    Judged,
    OnTheMap,
    all_checks,
    drafted,
    explained,
    is_as_written,
    judge,
    outlived,
    run_checks,
    written_in,
    written_of,
)
from ombud.systems.rolling import rolling_clocks


@dataclass(frozen=True)
class _Told:
    """All that is told of what was written.

    Args:
        plain: Findings on the shape of files and on decisions.
        judged: What the checks found, with the decisions that accept it.
    """

    plain: tuple[Finding, ...]
    judged: tuple[Judged, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything, sorted by place."""
        return tuple(sorted([*self.plain, *(each.checked.finding for each in self.judged)]))

    @property
    def waiting(self) -> int:
        """How many warnings nobody has decided on."""
        return sum(each.waits for each in self.judged)


@click.command(name="check")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--explain", metavar="CODE", help="Say what a code means, with law and example.")
@click.option(
    "--draft-decisions", is_flag=True, help="Print an entry for each warning that waits for one."
)
@json_option
@as_of_option
@click.pass_obj
@spoken
def command(
    folder: Path,
    file: Path | None,
    explain: str | None,
    draft_decisions: bool,
    as_json: bool,
    as_of: date | None,
) -> int:
    """Say what is wrong in policy.yaml and systems.yaml, and what the law misses in the policy.

    Without systems.yaml the policy alone is looked at. With FILE, look at that file alone: a
    policy, or an as-written document, which models what a text tells people today.

    Errors keep a policy from being published: exits with 1 when there is one. Warnings need a
    decision in decisions.yaml: who, when, why. Info is advice.
    """
    if explain:
        click.echo(_explained(explain))
        return 0
    on = as_of or now().date()
    try:
        told = _file(folder, file, on) if file else _workspace(folder, on)
    except WrittenWrong as wrong:
        told = _Told(wrong.findings, ())
    if draft_decisions:
        click.echo(drafted(told.judged, on) or "# nothing waits for a decision")
        return 0
    mapped_too = file is None and (folder / "systems.yaml").exists()
    code = _tell(told, as_json=as_json, files="both files are" if mapped_too else "it is")
    if file is None and not mapped_too:
        click.echo(_NO_MAP, err=True)
    return code


_NO_MAP = (
    "note: there is no `systems.yaml`, so nothing was said of where the data lies;"
    " `ombud init --from URL` drafts one"
)


def _workspace(folder: Path, on: date) -> _Told:
    if not (folder / "systems.yaml").exists():
        return _policy_alone(folder, on)
    policy, systems = read_workspace(folder, on)
    beside = _beside(folder, policy, rolling_clocks(systems))
    found = run_checks(written_of(policy, on, beside), on)
    plain = (*policy.warnings, *systems.warnings)
    return _judged(found, plain, decisions_of(folder, on), "policy.yaml")


def _policy_alone(folder: Path, on: date) -> _Told:
    policy = read_policy(folder, on)
    found = run_checks(written_of(policy, on, _beside(folder, policy, OnTheMap())), on)
    return _judged(found, policy.warnings, decisions_of(folder, on), "policy.yaml")


def _beside(folder: Path, policy: Policy, on_the_map: OnTheMap) -> OnTheMap:
    """Return what map and workspace add to a policy: which of its documents are not there too.

    What is wrong with one is told on standard error.
    """
    there = read_documents(folder, policy, lambda unfit: click.echo(f"note: {unfit}", err=True))
    return replace(on_the_map, missing=without(policy, there))


def _file(folder: Path, file: Path, on: date) -> _Told:
    path = folder / file
    try:
        text = path.read_bytes()
    except OSError as failed:
        raise WrongUse(f"`{file}` cannot be read: {failed.strerror}") from None
    document = read_document(text, str(file))
    if "systems" in document.root.keys() and "activities" not in document.root.keys():
        raise WrongUse(
            f"`{file}` is a map, which is checked together with its policy",
            help="run `ombud check` without a file, in the folder of both",
        )
    if is_as_written(document):
        read = written_in(document)
        found, plain = run_checks(read.written, on), read.warnings
    else:
        policy = parse_policy(text, str(file), on)
        beside = _beside(path.parent, policy, OnTheMap())
        found, plain = run_checks(written_of(policy, on, beside), on), policy.warnings
    return _judged(found, plain, decisions_of(path.parent, on), file.name)


def _judged(
    found: Sequence[Checked],
    plain: Sequence[Finding],
    decisions: Sequence[Decision],
    file: str,
) -> _Told:
    return _Told((*plain, *outlived(found, decisions, file)), judge(found, decisions))


# ------------------------------------------------------------------ told


def _tell(told: _Told, *, as_json: bool, files: str) -> int:
    blocked = any(finding.severity == "error" for finding in told.findings)
    if as_json:
        plain = [finding_json(f) | {"at": "", "accepted": None} for f in told.plain]
        judged = [_judged_json(each) for each in told.judged]
        dump({"findings": sorted([*plain, *judged], key=_place), "waiting": told.waiting})
        return int(blocked)
    accepted = {each.checked.finding: each.accepted for each in told.judged if each.accepted}
    for finding in told.findings:
        click.echo(here(str(finding)))
        if finding in accepted:
            decision = accepted[finding]
            click.echo(f"  accepted: by {decision.by} on {decision.on}: {decision.because}")
    click.echo(_summed(told) if told.findings else f"nothing to say: {files} in order")
    return int(blocked)


def _judged_json(each: Judged) -> dict[str, Any]:
    decision = each.accepted
    accepted = None
    if decision:
        day = decision.on.isoformat() if decision.on else ""
        accepted = {"by": decision.by, "on": day, "because": decision.because}
    return finding_json(each.checked.finding) | {"at": each.checked.path, "accepted": accepted}


def _place(finding: dict[str, Any]) -> tuple[str, int, int, str]:
    return (finding["file"], finding["line"], finding["column"], finding["code"])


def _summed(told: _Told) -> str:
    """Return the last line: how many of each kind, and what to do about those that wait."""
    of = {
        severity: sum(finding.severity == severity for finding in told.findings)
        for severity in ("error", "warning", "info")
    }
    errors = "1 error" if of["error"] == 1 else f"{of['error']} errors"
    warnings = "1 warning" if of["warning"] == 1 else f"{of['warning']} warnings"
    pieces = "1 piece" if of["info"] == 1 else f"{of['info']} pieces"
    line = f"{errors}, {warnings}" + (f", {pieces} of advice" if of["info"] else "")
    if told.waiting:
        wait = "1 warning waits" if told.waiting == 1 else f"{told.waiting} warnings wait"
        asked = "`ombud check --draft-decisions` writes what to fill in"
        line += here(f"\n{wait} for a decision: {asked}")
    return line


def _explained(code: str) -> str:
    """Return what a code means."""
    checks = {check.id: check for check in all_checks()}
    if code.upper() in checks:
        return explained(checks[code.upper()])
    plain = (shape.CODES, promised.CODES, DECISION_CODES, mapped.CODES, mapped.BINDING_CODES)
    meant = {known: says for codes in plain for known, says in codes.items()}
    if code.upper() in meant:
        return f"{code.upper()}: {meant[code.upper()]}"
    raise Unknown(f"there is no code `{code}`", help=did_you_mean(code.upper(), [*checks, *meant]))
