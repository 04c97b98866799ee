"""`ombud apply`: do an approved plan."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from ombud.app import Ombud
from ombud.apply import Apply, Outcome
from ombud.apply.ready import unfit
from ombud.apply.sweep import preapprovals
from ombud.cli.plan import sentence
from ombud.cli.progress import changing
from ombud.cli.say import (
    Stopper,
    complain,
    dump,
    json_option,
    sign,
    spoken,
    tell_unfit,
    workspace,
)
from ombud.errors import PlanChanged, Refused, WrongUse
from ombud.evidence.plans import Approval
from ombud.plan.model import SHORT, Plan, plan_from_json
from ombud.plan.reach import Connector
from ombud.plan.retention import basis, rule_digest
from ombud.plan.time import Timing
from ombud.plan.words import number_of


@click.command(name="apply")
@click.argument("digest")
@click.option("--by", metavar="STAFF", help="Who approves; default: OMBUD_STAFF or the login name.")
@click.option(
    "--pre-approve",
    is_flag=True,
    help="Let sweeps do the same rules in the same tables without asking, within limits.",
)
@json_option
@click.option("--allow-superuser", is_flag=True, help="Go on with a too powerful account.")
@click.pass_obj
@spoken
def command(
    folder: Path,
    digest: str,
    by: str | None,
    pre_approve: bool,
    as_json: bool,
    allow_superuser: bool,
) -> int:
    """Approve the plan that DIGEST names, and do it.

    Each step stops at the count that was approved. After a crash, or where one system was down,
    call it again: what is done stays done. A system whose map no longer fits is left out.
    """
    with workspace(folder) as ombud:
        plan, timing = approved(ombud, digest)
        left_out = unfit(ombud, plan.systems(), allow_superuser=allow_superuser)
        staff = by or ombud.config.staff
        ombud.plans.approve(Approval(plan.digest, staff, timing.at))
        if pre_approve:
            _pre_approve(ombud, plan, staff, timing)
        findings = {"unfit": tell_unfit(left_out, as_json=as_json)}
        with applying(ombud, ombud.connectors, quiet=as_json) as apply:
            outcomes = apply.apply(plan, timing, unfit=left_out)
        code = report(outcomes, as_json=as_json, digest=plan.digest, more=findings)
        tell_remembering(apply)
        sign(ombud)
        return code


@contextmanager
def applying(ombud: Ombud, connectors: Mapping[str, Connector], *, quiet: bool) -> Iterator[Apply]:
    """Give what carries out plans, showing how far it is; Ctrl-C ends it after the batch.

    Args:
        connectors: To the systems that are worked on.
    """
    stopper = Stopper()
    with stopper.listening(), changing(quiet=quiet) as progress:
        yield Apply(
            ombud.policy,
            connectors,
            ombud.inputs,
            ombud.log,
            ombud.clock,
            progress,
            stopper,
        )


def approved(ombud: Ombud, digest: str) -> tuple[Plan, Timing]:
    """Return the plan that a digest names, where it still follows from policy, map and law.

    Raises:
        WrongUse: The digest is shorter than people are shown it: an empty one would name any plan.
        Unknown: There is no such plan.
        PlanChanged: It no longer does.
        Refused: It reckons from a date after today.
    """
    if len(digest) < SHORT:
        raise WrongUse(
            f"`{digest}` is too short to approve a plan by",
            help=f"write the first {SHORT} characters of its digest, as `ombud plan` says them",
        )
    plan = plan_from_json(json.loads(ombud.plans.get(digest).json))
    timing = ombud.timing(plan.as_of)
    if plan.as_of > ombud.timing().as_of:
        raise Refused(
            f"the plan reckons from {plan.as_of}, which is not yet",
            help="apply and sweep never reckon from a date after today",
        )
    if basis(ombud.policy, ombud.systems, timing) != plan.basis:
        raise PlanChanged(
            "the policy, the map or the law changed since the plan was made",
            help="run `ombud plan` and approve the new plan",
        )
    return plan, timing


def report(
    outcomes: list[Outcome],
    *,
    as_json: bool,
    digest: str | None,
    more: Mapping[str, object] | None = None,
    nothing: str = "nothing to do",
) -> int:
    """Print what became of each step; return the exit code.

    Args:
        nothing: What is said where there is no step.
        digest: Of the plan; of a sweep, that of what waits for a person.
        more: What else the JSON says.
    """
    if as_json:
        dump({"digest": digest, "steps": [_outcome_json(o) for o in outcomes], **(more or {})})
    else:
        for outcome in outcomes:
            click.echo(_told(outcome))
        done = sum(o.failed is None and not o.remaining for o in outcomes)
        proved = f"{done} of {number_of(len(outcomes), 'step')} done and proved"
        click.echo(proved if outcomes else nothing)
    # What stopped all steps of a system is said once.
    codes = [complain(f) for f in dict.fromkeys(o.failed for o in outcomes) if f is not None]
    left = any(o.remaining for o in outcomes if o.failed is None)
    return max([*codes, 4 if left else 0])


def tell_remembering(apply: Apply) -> None:
    """Say which systems may hold erased values in their statistics."""
    for system in sorted(apply.remembering):
        click.echo(
            f"note: {system}: Ombud's account may not ANALYZE every table it changed, so values"
            " that were erased can stand in the database's statistics until the owner does",
            err=True,
        )


def _told(outcome: Outcome) -> str:
    step = outcome.step
    place = f"{step.system}: {sentence(step)}"
    if outcome.earlier:
        return f"{place} – was done before"
    if outcome.failed is not None:
        return f"{place} – not done"
    if outcome.remaining:
        return f"{place} – {number_of(outcome.remaining, 'row', 'remains', 'remain')}; call again"
    return f"{place} – {outcome.changed:,} changed{_in_all(outcome)}, 0 remain"


def _in_all(outcome: Outcome) -> str:
    """Return what all runs of a step changed, where an earlier one was cut short."""
    total = outcome.in_all.erased + outcome.in_all.blanked
    said = f"{total:,} in all runs" if total != outcome.changed else ""
    if outcome.in_all.in_doubt:
        doubt = f"at most {outcome.in_all.in_doubt:,} more by a run that was cut off"
        said = f"{said}, and {doubt}" if said else doubt
    return f" ({said})" if said else ""


def _outcome_json(outcome: Outcome) -> dict[str, object]:
    step = outcome.step
    return {
        "system": step.system,
        "table": step.selection.table,
        "action": step.selection.action,
        "columns": list(step.selection.columns),
        "approved": step.count,
        "changed": outcome.changed,
        "in_all": vars(outcome.in_all) if outcome.in_all else None,
        "remaining": outcome.remaining,
        "done": outcome.failed is None and not outcome.remaining,
        "earlier": outcome.earlier,
        "failed": str(outcome.failed) if outcome.failed else None,
    }


def _pre_approve(ombud: Ombud, plan: Plan, staff: str, timing: Timing) -> None:
    rules = {r for s in plan.steps for r in (*s.rules, *s.caps)}
    digests = {r: rule_digest(ombud.policy, ombud.systems, r) for r in rules}
    for each in preapprovals(plan, digests, staff, timing):
        ombud.plans.preapprove(each)
