"""`ombud plan`: what is due, exactly; nothing is changed."""

from __future__ import annotations

import json
import shutil
import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import click

from ombud.app import Ombud
from ombud.apply.ready import unfit
from ombud.apply.sweep import kept
from ombud.cli.lines import folded
from ombud.cli.progress import asking
from ombud.cli.say import (
    as_of_option,
    complain,
    dump,
    here,
    json_option,
    rows,
    spoken,
    tell_unfit,
    workspace,
)
from ombud.document import did_you_mean, quoted
from ombud.errors import Unknown
from ombud.evidence.said import DONE
from ombud.plan.due import Due, plan_retention
from ombud.plan.grounds import system_grounds
from ombud.plan.model import Plan, Step
from ombud.plan.time import Timing, far_day
from ombud.plan.words import clock_doubts, number_of

_VERBS = {
    "erase": "erase",
    "blank": "blank",
    "replace": "replace",
    "anonymise": "anonymise",
    "task": "look at",
}


@click.command(name="plan")
@json_option
@as_of_option
@click.option("--show", metavar="N", type=click.IntRange(1, 100), help="Show N due rows per step.")
@click.option("--system", "only", metavar="SYSTEM", help="Ask this system only.")
@click.option("--allow-superuser", is_flag=True, help="Go on with a too powerful account.")
@click.pass_obj
@spoken
def command(
    folder: Path,
    as_json: bool,
    as_of: date | None,
    show: int | None,
    only: str | None,
    allow_superuser: bool,
) -> int:
    """Say what is due: how many rows, what happens to them, by which rule and law.

    Rows are shown on the terminal on request and nowhere else.
    """
    with workspace(folder) as ombud:
        if only is not None and only not in ombud.connectors:
            raise Unknown(
                f"{quoted(only)} is no system in reach",
                help=did_you_mean(only, tuple(ombud.connectors)),
            )
        asked = [s for s in ombud.connectors if only in (None, s)]
        left_out = unfit(ombud, asked, allow_superuser=allow_superuser)
        findings = tell_unfit(left_out, as_json=as_json)
        asked = [s for s in asked if s not in left_out]
        timing = ombud.timing(as_of)
        due = make(ombud, timing, asked, quiet=as_json)
        if due.plan.steps:
            ombud.plans.keep(kept(due.plan, timing))
        if as_json:
            dump({**due.as_json(), "unfit": findings})
        else:
            if not due.plan.steps:
                click.echo(nothing_due(due, asked=len(asked), left_out=bool(left_out)))
            tell_due(due, timing, today=ombud.timing().as_of)
        if show and not as_json:
            _show(ombud, due.plan, timing, show)
        failed = (*left_out.values(), *due.failed.values())
        return max((complain(f) for f in failed), default=0)


def make(ombud: Ombud, timing: Timing, asked: Collection[str], *, quiet: bool = False) -> Due:
    """Return what is due in systems in reach.

    Args:
        asked: Their ids.
    """
    holds, decisions = ombud.inputs.read()
    last = ombud.log.latest(DONE)
    connectors = {s: c for s, c in ombud.connectors.items() if s in asked}
    with asking(len(connectors), quiet=quiet) as ask:
        return plan_retention(
            ombud.policy,
            ombud.systems,
            connectors,
            timing,
            holds=holds,
            decisions=decisions,
            after=last.index + 1 if last else 0,
            asked=ask,
        )


def tell_due(due: Due, timing: Timing, *, today: date) -> None:
    """Print what is due: a sentence per step, and what is in doubt of the dates behind it.

    Args:
        today: Local; a plan for a later day is not done before that.
    """
    plan = due.plan
    for system in plan.systems():
        click.echo(click.style(system, bold=True))
        for step in plan.of(system):
            click.echo(folded(sentence(step), 2, hanging=2))
            click.echo(folded(step.because, 6))
            if step.id in due.stays:
                click.echo(folded(due.stays[step.id], 6))
            click.echo(click.style(folded(" · ".join(step.law), 6), dim=True))
    for place, rules in due.clocks.items():
        for rule, doubts in rules.items():
            for says in clock_doubts(rule, doubts, far_day(timing.as_of)):
                click.echo(click.style(folded(f"`{place}`: {says}", 0), fg="yellow"))
    if not plan.steps:
        return
    total = sum(s.count for s in plan.steps)
    changes = len([s for s in plan.steps if s.selection.action != "task"])
    click.echo(
        f"\n{number_of(changes, 'step')}, {rows(total)}, as of {plan.as_of}; nothing was changed"
    )
    when = f" on {plan.as_of}, not before" if plan.as_of > today else ""
    click.echo(here(f"approve and do it{when}: ombud apply {plan.short}"))


def nothing_due(due: Due, *, asked: int, left_out: bool) -> str:
    """Return that nothing is due, as far as systems answered; of the others nothing is known."""
    on = due.plan.as_of
    if due.failed and len(due.failed) == asked:
        return f"no system answered: nobody knows what is due on {on}"
    return f"nothing is due{among(failed=bool(due.failed), left_out=left_out)} on {on}"


def among(*, failed: bool, left_out: bool) -> str:
    """Return of which systems something is said, where it is not all of them."""
    if left_out:
        return " in the other systems" + (" that answered" if failed else "")
    return " in the systems that answered" if failed else ""


def sentence(step: Step) -> str:
    """Return what a step does, in one line."""
    selection = step.selection
    verb = _VERBS[selection.action]
    if selection.action == "erase":
        along = f", with their rows of {selection.with_owner}" if selection.with_owner else ""
        return f"{verb} {rows(step.count)} of {selection.table}{along}"
    return f"{verb} {', '.join(selection.columns)} in {rows(step.count)} of {selection.table}"


def _show(ombud: Ombud, plan: Plan, timing: Timing, count: int) -> None:
    """Print due rows to the terminal; they go nowhere else."""
    holds, decisions = ombud.inputs.read()
    for system_id in plan.systems():
        connector = ombud.connectors[system_id]
        grounds = system_grounds(
            ombud.policy, connector.system, timing, holds=holds, decisions=decisions
        )
        with connector.session() as session:
            session.put(grounds)
            session.survey()
            for step in plan.of(system_id):
                key = connector.system.tables[step.selection.table].key
                shown = {*key, *step.selection.columns} if step.selection.columns else None
                click.echo(f"\n{system_id}: {sentence(step)}")
                for line in laid_out(
                    [
                        {name: text_of(v) for name, v in row.items() if _in(name, shown)}
                        for row in session.sample(step.selection, count)
                    ],
                    shutil.get_terminal_size().columns,
                ):
                    click.echo(line)


def text_of(value: object) -> str:
    """Return a value as a person reads it: JSON and arrays as JSON, nothing for NULL.

    What would steer the terminal, or turn the direction of its text, is written out: nobody who
    could write into a row may decide what the person who approves sees.
    """
    if value is None:
        return ""
    structured = isinstance(value, dict | list)
    text = json.dumps(value, ensure_ascii=False, default=str) if structured else str(value)
    return "".join(c if c.isprintable() or c in "\t\r\n\xa0" else ascii(c)[1:-1] for c in text)


def _in(name: str, shown: set[str] | None) -> bool:
    return shown is None or name in shown


def laid_out(sample: Sequence[Mapping[str, str]], width: int) -> Iterator[str]:
    """Yield the lines that show rows: side by side where they fit, else one field a line.

    No value is cut: who looks at what will be gone must see all of it.

    Args:
        sample: Rows of column to text; all have the same columns.
        width: Characters in a line.
    """
    flat = [{n: " ".join(v.split()) for n, v in row.items()} for row in sample]
    if not flat:
        return
    wide = {n: max(len(n), *(len(row[n]) for row in flat)) for n in flat[0]}
    if sum(wide.values()) + 2 * len(wide) <= width:
        yield "  " + "  ".join(click.style(f"{n:<{w}}", bold=True) for n, w in wide.items())
        for row in flat:
            yield ("  " + "  ".join(f"{row[n]:<{w}}" for n, w in wide.items())).rstrip()
        return
    names = max(map(len, wide))
    for number, row in enumerate(flat, 1):
        yield click.style(f"  {number}", bold=True)
        for name, value in row.items():
            yield from wrap(value, width, f"    {name:<{names}}  ", names + 6)


def wrap(value: str, width: int, first: str, indent: int) -> list[str]:
    """Return a value's lines under each other, with its name before the first."""
    lines = textwrap.wrap(value, max(width - indent, 20)) or [""]
    return [f"{first}{lines[0]}".rstrip(), *(" " * indent + line for line in lines[1:])]
