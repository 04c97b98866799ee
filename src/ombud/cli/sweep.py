"""`ombud sweep`: plan, and apply what is pre-approved."""

from __future__ import annotations

from pathlib import Path

import click

from ombud.apply.ready import unfit
from ombud.apply.sweep import Sweep, Swept
from ombud.cli.apply import applying, report, tell_remembering
from ombud.cli.plan import among, sentence
from ombud.cli.say import complain, here, json_option, sign, spoken, tell_unfit, workspace


@click.command(name="sweep")
@json_option
@click.option("--full", is_flag=True, help="Look at every row, not only at what can have changed.")
@click.option("--allow-superuser", is_flag=True, help="Go on with a too powerful account.")
@click.pass_obj
@spoken
def command(folder: Path, as_json: bool, full: bool, allow_superuser: bool) -> int:
    """Plan what is due now and do what people pre-approved; the rest waits for a person.

    Run it every night. Exits with 3 where something waits, or where a system was left out since
    its map no longer fits; with 4 where one did not answer. The others are swept.
    """
    with workspace(folder) as ombud:
        left_out = unfit(ombud, ombud.connectors.keys(), allow_superuser=allow_superuser)
        findings = tell_unfit(left_out, as_json=as_json)
        connectors = {s: c for s, c in ombud.connectors.items() if s not in left_out}
        with applying(ombud, connectors, quiet=as_json) as apply:
            swept = Sweep(apply, ombud.systems, ombud.plans).sweep(ombud.timing(), full=full)
        waiting = swept.plan
        more = {
            "waiting": waiting.as_json() if waiting is not None else None,
            "because": dict(swept.waiting),
            "looked": dict(swept.looked),
            "unfit": findings,
        }
        digest = waiting.digest if waiting is not None else None
        outcomes = list(swept.outcomes)
        code = report(
            outcomes,
            as_json=as_json,
            digest=digest,
            more=more,
            nothing=_nothing(swept, len(connectors), left_out=bool(left_out)),
        )
        tell_remembering(apply)
        sign(ombud)
        if waiting is not None and not as_json:
            click.echo("\nwaits for a person:")
            for step in waiting.steps:
                click.echo(f"  {step.system}: {sentence(step)}\n      {swept.waiting[step.id]}")
            click.echo(here(f"approve and do it: ombud apply {waiting.short}"))
        codes = [complain(f) for f in (*left_out.values(), *swept.failed.values())]
        return max([code, *codes, 3 if waiting is not None else 0])


def _nothing(swept: Swept, asked: int, *, left_out: bool) -> str:
    """Return what a sweep that changed nothing says, and no more than it looked at."""
    if swept.failed and len(swept.failed) == asked:
        return "no system answered: nothing was done, and nobody knows what is due"
    if swept.plan is not None:
        return "nothing was done"
    where = among(failed=bool(swept.failed), left_out=left_out)
    if "delta" in swept.looked.values():  # rows that came with old dates were not looked for
        return f"nothing has become due{where} since the last sweep"
    return f"nothing to do{where}"
