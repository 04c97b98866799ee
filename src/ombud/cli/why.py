"""`ombud why`: what keeps each field of a row, and until when."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import click

from ombud.app import Ombud
from ombud.cli.lines import folded
from ombud.cli.say import as_of_option, dump, json_option, spoken, workspace
from ombud.errors import Unknown
from ombud.plan.grounds import system_grounds
from ombud.plan.why import FieldOf, RowOf, Why, why
from ombud.systems.model import Table

_OPEN = {
    "not_yet": "what starts its period has not happened yet",
    "held": "a hold",
    "consent": "as long as the consent lives",
    "criterion": "until a person decides that it is no longer needed",
    "clock_missing": "the date that starts its period is missing",
    "clock_unreadable": "no date that can be read starts its period: mend the value",
}


@click.command(name="why")
@click.argument("place", metavar="SYSTEM.TABLE")
@click.argument("key")
@json_option
@as_of_option
@click.pass_obj
@spoken
def command(folder: Path, place: str, key: str, as_json: bool, as_of: date | None) -> int:
    """Say what keeps each field of a row, and until when, from the same grounds as a plan.

    KEY is the row's key; of several columns `col=value,col=value`.
    """
    with workspace(folder) as ombud:
        answer = explain(ombud, place, key, as_of)
        if as_json:
            dump(answer.as_json())
        else:
            _tell(answer)
    return 0


def explain(ombud: Ombud, place: str, key: str, as_of: date | None) -> Why:
    """Return the answer for one row.

    Raises:
        Unknown: There is no such system, table or row.
    """
    system_id, _, table_id = place.partition(".")
    connector = ombud.connectors.get(system_id)
    table = connector.system.tables.get(table_id) if connector else None
    if connector is None or table is None:
        known = [f"{s}.{t}" for s, c in ombud.connectors.items() for t in c.system.tables]
        raise Unknown(
            f"`{place}` is not a table of a system in reach", help="one of " + ", ".join(known)
        )
    timing = ombud.timing(as_of)
    holds, decisions = ombud.inputs.read()
    grounds = system_grounds(
        ombud.policy, connector.system, timing, holds=holds, decisions=decisions, each_hold=True
    )
    parts = key_of(table, key)
    with connector.session() as session:
        session.put(grounds)
        answer = why(ombud.policy, grounds, table_id, parts, session, timing, holds)
    if answer is None:
        raise Unknown(f"`{place}` has no row with that key")
    return answer


def key_of(table: Table, text: str) -> dict[str, str]:
    """Return column to value of a key as people write it: `17`, or `no=4,year=2026`.

    A comma in a value is part of it, where no column of the key and `=` follow.

    Raises:
        Unknown: It names other columns than those of the key, or one of them twice.
    """
    if len(table.key) == 1:
        return {table.key[0]: text.removeprefix(f"{table.key[0]}=")}
    column = "|".join(re.escape(name) for name in table.key)
    before, *pieces = re.split(f"(?:^|,)({column})=", text)
    given = dict(zip(pieces[::2], pieces[1::2], strict=True))
    if before or len(pieces) != 2 * len(table.key) or given.keys() != set(table.key):
        raise Unknown(
            f"the key of `{table.id}` is {', '.join(table.key)}",
            help="write " + ",".join(f"{k}=VALUE" for k in table.key),
        )
    return {k: given[k] for k in table.key}


def _tell(answer: Why) -> None:
    key = ",".join(f"{k}={v}" for k, v in answer.key.items())
    click.echo(f"{answer.system}.{answer.table} {key}")
    if not answer.fields:
        click.echo(folded(f"the row, without personal columns: {_row_stands(answer.row)}", 2))
    elif answer.row.kept and not any(field.kept for field in answer.fields.values()):
        click.echo(folded(f"the row stays, without what is due of it: {_kept_by(answer.row)}", 2))
    for name, field in answer.fields.items():
        click.echo(f"  {click.style(name, bold=True)} ({field.category}): {_stands(field)}")
        for ground in field.grounds:
            until = f"until {ground.until}" if ground.until else _OPEN[ground.open or "not_yet"]
            click.echo(folded(f"{ground.activity} ({ground.basis}): {until}", 6, hanging=4))
            click.echo(click.style(folded(ground.source, 10), dim=True))


def _row_stands(row: RowOf) -> str:
    if not row.kept:
        owners = " or ".join(row.goes_with)
        return f"due: it goes with its row of {owners}" if owners else "due: no ground keeps it"
    if row.kept_by:
        return f"kept as long as its row of {' or '.join(row.kept_by)}"
    if not row.by_itself:
        return f"kept: {_kept_by(row)}"
    return "kept: by an activity or a hold of its own, or since it is about nobody"


def _kept_by(row: RowOf) -> str:
    """Return why a row stays none of whose fields is kept."""
    if row.referred_by:
        return f"a row of {' and one of '.join(row.referred_by)} refers to it and stays"
    if row.statistics:
        return "the map keeps it as statistics"
    return "a person has to look at a field of it first"


def _stands(field: FieldOf) -> str:
    if not field.kept:
        return "due: no ground keeps it" if field.filled else "blank: no ground keeps it"
    if field.until:
        return f"kept until {field.until}"
    return f"kept: {_OPEN[field.open or 'not_yet']}"
