"""`ombud duty`: what people do by hand, and that they did it."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from types import FrameType
from typing import Final
from zoneinfo import ZoneInfo

import click

from ombud.app import Ombud, new_id
from ombud.apply.outside import DueOutside
from ombud.apply.place import record_decision
from ombud.cli.hold import by_option
from ombud.cli.lines import folded
from ombud.cli.say import Day, dump, here, json_option, rows, spoken, workspace
from ombud.document import did_you_mean, quoted
from ombud.duties import Duty, State, duties
from ombud.errors import Unknown, WrongUse
from ombud.evidence import Attested, SettingRead, shown
from ombud.law import Misspelt, Period
from ombud.plan.hold import Decision
from ombud.policy.model import NeededFrom, Text, parts_of
from ombud.systems.model import Setting

FOR_EVER: Final = "for ever"

_STATES: Final[Mapping[State, tuple[str, str]]] = {
    "broken": ("not kept", "red"),
    "overdue": ("overdue", "red"),
    "missing": ("never done", "yellow"),
    "not_due": ("not due", "green"),
    "done": ("done", "green"),
}
_MENDS: Final[Mapping[str, str]] = {
    "setting": "ombud duty read {name} VALUE",
    "task": "ombud duty confirm {name}",
    "criterion": "ombud duty decide {name} --on DATE",
    "attestation": "ombud duty attest {name}",
    "hold": "ombud hold release {name}",
}


@click.group(name="duty", invoke_without_command=True)
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Say what people must do by hand, until when, and how it stands; record that they did it."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_duties, as_json=as_json)


# ---------------------------------------------------------------- list


@command.command(name="list")
@json_option
@click.pass_obj
@spoken
def list_duties(folder: Path, as_json: bool) -> int:
    """List the settings to read, tasks to confirm, criteria to decide, statements and holds."""
    with workspace(folder) as ombud:
        found = _found(ombud)
        if as_json:
            dump({"duties": [each.as_json() for each in found]})
        elif not found:
            click.echo("nobody has anything to do by hand")
        else:
            for each in found:
                _tell(each, ombud)
    return 0


def _found(ombud: Ombud) -> list[Duty]:
    now = ombud.clock()
    seen = shown(ombud.log, ombud.policy, ombud.systems, now)
    return duties(ombud.policy, ombud.systems, seen, now)


def _tell(duty: Duty, ombud: Ombud) -> None:
    word, colour = _STATES[duty.state]
    state = click.style(f"{word:<10}", fg=colour, bold=colour == "red")
    due = f"by {duty.due_on}" if duty.due_on else ""
    who = f"{duty.by}: " if duty.by else ""
    click.echo(f"{state}  {duty.kind:<11}  {duty.name}  {due}".rstrip())
    click.echo(click.style(folded(f"{who}{duty.says}", 12), dim=True))
    if duty.state not in ("done", "not_due"):
        says = _in(duty.instructions, ombud)
        if says:
            click.echo(folded(says, 12))
        click.echo(here(f"            {_MENDS[duty.kind].format(name=duty.name)}"))


def _in(text: Text, ombud: Ombud) -> str:
    """Return a text in the organisation's first language that it has."""
    languages = (*ombud.policy.organisation.languages, *text)
    return " ".join(next((text[tag] for tag in languages if text.get(tag)), "").split())


# ---------------------------------------------------------------- settings


@command.command(name="read")
@click.argument("name", metavar="SYSTEM.SETTING")
@click.argument("value", nargs=-1, required=True)
@by_option
@click.pass_obj
@spoken
def read(folder: Path, name: str, value: tuple[str, ...], by: str | None) -> int:
    """Record what a setting of a system out of reach says: `14 months`, or `for ever`.

    Exits with 1 when that is longer than was promised.
    """
    text = " ".join(value)
    with workspace(folder) as ombud:
        system, setting = _setting(ombud, name)
        try:
            period = None if text in (FOR_EVER, "forever") else Period.parse(text)
        except Misspelt as wrong:
            raise WrongUse(wrong.says, help=f"{wrong.help}; or write `{FOR_EVER}`") from None
        reading = SettingRead(system, setting.id, period, ombud.clock())
        ombud.log.append([reading.draft(by=by or ombud.config.staff)], at=reading.at)
        return _recorded(ombud, "setting", name)


def _setting(ombud: Ombud, name: str) -> tuple[str, Setting]:
    system_id, _, setting_id = name.partition(".")
    system = ombud.systems.systems.get(system_id)
    setting = system.settings.get(setting_id) if system else None
    if setting is None:
        known = [f"{s.id}.{each}" for s in ombud.systems.systems.values() for each in s.settings]
        raise Unknown(
            f"{quoted(name)} is no setting on the map",
            help=did_you_mean(name, known) or "settings stand under `settings:` of a system",
        )
    return system_id, setting


def _recorded(ombud: Ombud, kind: str, name: str) -> int:
    """Say how a duty stands now; return 1 where what was recorded is not what was promised."""
    duty = next(each for each in _found(ombud) if (each.kind, each.name) == (kind, name))
    again = f"; again by {duty.due_on}" if duty.due_on else ""
    click.echo(folded(f"recorded: {duty.says}{again}", 0, hanging=2))
    return int(duty.state == "broken")


# ---------------------------------------------------------------- tasks


@command.command(name="keys")
@click.argument("name", metavar="SYSTEM.TASK")
@click.option("--export", metavar="DIR", type=click.Path(path_type=Path), required=True)
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), required=True)
@by_option
@click.pass_obj
@spoken
def keys(folder: Path, name: str, export: Path, out: Path, by: str | None) -> int:
    """Write the keys of the rows that are due in an export of a system out of reach.

    The export is a folder with `TABLE.csv` for each table of the map. The file is for the person
    who erases; the log learns numbers only.
    """
    with workspace(folder) as ombud, _cleanly_ended():
        due = ombud.outside().list_keys(
            name, export, out, by=by or ombud.config.staff, timing=ombud.timing()
        )
        _tell_due(due)
        click.echo(f"their keys are in {out}; erase that file when you are done")
    return 0


@command.command(name="confirm")
@click.argument("name", metavar="SYSTEM.TASK")
@click.option(
    "--export",
    metavar="DIR_OR_CSV",
    type=click.Path(path_type=Path),
    help="A fresh export that shows what remains.",
)
@by_option
@click.pass_obj
@spoken
def confirm(folder: Path, name: str, export: Path | None, by: str | None) -> int:
    """Record that a task was done in a system out of reach.

    With a fresh export it is proved: 0 rows remain. Exits with 1 where some do.
    """
    with workspace(folder) as ombud, _cleanly_ended():
        staff = by or ombud.config.staff
        due = ombud.outside().confirm(name, by=staff, timing=ombud.timing(), export=export)
        if due is not None:
            _tell_due(due)
        elif ombud.systems.systems[name.partition(".")[0]].tables:
            click.echo("no export was read: it rests on your word")
        return _recorded(ombud, "task", name)


def _tell_due(due: DueOutside) -> None:
    for table, count in due.by_table().items():
        click.echo(f"{table}: {rows(count)} due of {due.rows[table]:,}")
    looked_at = sum(count for (_, action), count in due.due.items() if action == "task")
    if looked_at:
        click.echo(f"{rows(looked_at)} for a person to look at")
    for table, count in due.undated.items():
        click.echo(
            f"note: {table}: {rows(count)} without the date that starts their period", err=True
        )
    for table, numbers in due.unmapped.items():
        named = ", ".join(str(number) for number in numbers)
        click.echo(f"note: columns not on the map in {table}.csv, not read: {named}", err=True)
    if not any(due.rows.values()):
        click.echo("note: the export has no rows at all; is it the right one?", err=True)


@contextmanager
def _cleanly_ended() -> Iterator[None]:
    """Let a termination signal end the block as an error does, so that nothing stays behind."""

    def end(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


# ---------------------------------------------------------------- decisions and statements


@command.command(name="decide")
@click.argument("activity")
@click.option("--on", "day", type=Day(), required=True, help="What is older is no longer needed.")
@by_option
@click.pass_obj
@spoken
def decide(folder: Path, activity: str, day: date, by: str | None) -> int:
    """Record the decision that an activity no longer needs what is older than a day."""
    with workspace(folder) as ombud:
        timing = ombud.timing()
        _refuse_undecidable(ombud, activity)
        if day > timing.as_of:
            raise WrongUse(f"{day} is not yet", help="name today or a day before it")
        zone = ZoneInfo(ombud.policy.organisation.zone)
        start = datetime.combine(day, time.min, tzinfo=zone)
        decision = Decision(
            id=new_id(),
            kind="no_longer_needed",
            persons=(),
            activities=(activity,),
            consents=(),
            decided_at=start,
            by=by or ombud.config.staff,
        )
        record_decision(decision, ombud.connectors, ombud.inputs, timing.at)
        click.echo(f"recorded: what {activity} holds from before {day} is no longer needed")
        click.echo(here("`ombud plan` says what is due now"))
    return 0


def _refuse_undecidable(ombud: Ombud, activity: str) -> None:
    known = [
        each.id
        for each in ombud.policy.activities.values()
        if any(isinstance(part, NeededFrom) for part in parts_of(each.keep))
    ]
    if activity not in known:
        raise Unknown(
            f"nobody decides when {quoted(activity)} is no longer needed",
            help=did_you_mean(activity, known) or "write `needed_from:` and `decide:` in its rule",
        )


@command.command(name="attest")
@click.argument("promise")
@click.option("--not", "not_so", is_flag=True, help="State that it is not so.")
@click.option("--words", default="", help="In your own words; kept apart from the log, erasable.")
@click.option("--explains", is_flag=True, help="It explains rows that are gone before their time.")
@by_option
@click.pass_obj
@spoken
def attest(
    folder: Path, promise: str, not_so: bool, words: str, explains: bool, by: str | None
) -> int:
    """State of a promise that it is kept, or with --not that it is not.

    Exits with 1 when it is not.
    """
    with workspace(folder) as ombud:
        _refuse_unattested(ombud, promise, explains=explains)
        if explains and not words:
            raise WrongUse("an explanation needs words", help="add `--words` with what happened")
        if explains and not_so:
            raise WrongUse("`--explains` and `--not` are two statements", help="make them apart")
        said = Attested(promise, ombud.clock(), so=not not_so, explains=explains)
        staff = by or ombud.config.staff
        ombud.log.append([said.draft(by=staff, words=words)], at=said.at)
        if explains:
            click.echo(f"recorded: the rows that {promise} lacks are explained, until more are")
            return 0
        return _recorded(ombud, "attestation", promise)


def _refuse_unattested(ombud: Ombud, promise: str, *, explains: bool) -> None:
    kind = "keeps" if explains else "attest"
    known = [
        each.id
        for each in ombud.policy.promises.values()
        if any(proof.kind == kind for proof in each.proofs)
    ]
    if promise not in known:
        what = "has rows that must be kept" if explains else "is attested by a person"
        raise Unknown(
            f"no promise {quoted(promise)} {what}",
            help=did_you_mean(promise, known) or f"write `{kind}:` under its `proof:`",
        )
