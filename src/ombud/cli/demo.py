"""`ombud demo`: the five examples with made-up data, run end to end."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date
from pathlib import Path

import click

from ombud.app import now, open_workspace
from ombud.cli.lines import folded
from ombud.cli.plan import sentence
from ombud.cli.say import Day, complain, rows, spoken
from ombud.demo import CLUB, SLUGS, Laid, Round, full_round, lay_out
from ombud.plan.words import number_of

_COLOURS = {"kept": "green", "not_kept": "red", "nothing_due": "blue", "not_provable": "yellow"}
_SAYS_AT = 25  # column at which a promise's sentence begins
_SHOWN = 3  # steps of a plan, so that a screen holds an organisation


@click.command(name="demo")
@click.option(
    "--in",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("ombud-demo"),
    show_default=True,
    help="Folder for the workspaces.",
)
@click.option("--rows", default=4000, show_default=True, help="About so many rows per example.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same data.")
@click.option("--setup-only", metavar="DIR", help="Only lay the workspaces out in DIR.")
@click.option("--systems-on", metavar="URL", default="", help="Put the systems on this server.")
@click.option(
    "--only",
    metavar="EXAMPLE",
    type=click.Choice((*SLUGS, CLUB)),
    help=f"Only this example: {', '.join(SLUGS)}; or {CLUB}, the small one of the tutorial.",
)
@click.option("--today", type=Day(), hidden=True)
@spoken
def command(
    folder: Path,
    rows: int,
    seed: int,
    setup_only: str | None,
    systems_on: str,
    only: str | None,
    today: date | None,
) -> int:
    """Lay out the five example organisations with made-up data and run them end to end.

    For each: compare promise, map and schema; plan; approve and apply; measure; and say how every
    promise stands. Nothing but the folder (and databases named ombud_demo_…) is touched.
    """
    started = time.monotonic()
    home = Path(setup_only) if setup_only else folder
    stood: Counter[str] = Counter()
    code = 0
    for laid in lay_out(
        home,
        rows=rows,
        seed=seed,
        today=today or now().date(),
        systems_on=systems_on,
        only=only or "",
    ):
        _tell_laid(laid)
        if setup_only:
            open_workspace(laid.folder, create=True).close()
        else:
            done = full_round(laid)
            code = max(code, _tell_round(done))
            stood.update(s.standing for s in done.standings)
            done.ombud.close()
    if setup_only:
        # who may make databases on a server is mostly too powerful for `plan` as well
        flag = " --allow-superuser" if systems_on else ""
        click.echo(f"\nlook around: ombud -C {home / (only or SLUGS[0])} plan{flag}")
        return 0
    told = ", ".join(f"{n} {w.replace('_', ' ')}" for w, n in stood.most_common())
    promises = number_of(sum(stood.values()), "promise")
    click.echo(f"\n{promises}: {told} – {time.monotonic() - started:.0f} s")
    click.echo(f"look around: ombud -C {home / (only or SLUGS[0])} status")
    return code


def _tell_laid(laid: Laid) -> None:
    systems = len({place.partition(".")[0] for place in laid.counts})
    where = f"{systems} system{'' if systems == 1 else 's'}, {laid.folder}"
    name = click.style(f"\n{laid.slug}", bold=True)
    click.echo(f"{name}: {rows(sum(laid.counts.values()))} in {where}")


def _tell_round(done: Round) -> int:
    steps = [s for s in done.due.plan.steps if s.selection.action != "task"]
    click.echo(f"  plan {done.due.plan.short}: {number_of(len(steps), 'step')}, for example")
    for step in sorted(steps, key=lambda s: -s.count)[:_SHOWN]:
        click.echo(folded(f"{step.system}: {sentence(step)}", 4, hanging=2))
        click.echo(click.style(folded(step.because, 8), dim=True))
    proved = [o for o in done.outcomes if o.failed is None and not o.remaining]
    changed = sum(o.changed for o in done.outcomes)
    steps_in_all = number_of(len(done.outcomes), "step")
    click.echo(f"  applied: {len(proved)} of {steps_in_all} proved, {rows(changed)}")
    for standing in done.standings:
        word = click.style(
            f"{standing.standing.replace('_', ' '):13}", fg=_COLOURS[standing.standing]
        )
        says = standing.says.get("en") or next(iter(standing.says.values()))
        click.echo(f"    {standing.promise:6} {word} {folded(says, _SAYS_AT).lstrip()}")
    codes = [complain(o.failed) for o in done.outcomes if o.failed is not None]
    return max([*codes, int(any(s.standing == "not_kept" for s in done.standings))])
