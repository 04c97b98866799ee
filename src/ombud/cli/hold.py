"""`ombud hold`: place, list and release holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import click

from ombud.app import Ombud, new_id
from ombud.apply.place import place_hold, release_hold
from ombud.cli.say import Day, dump, here, json_option, rows, spoken, workspace
from ombud.cli.why import key_of
from ombud.document import did_you_mean, listed, quoted
from ombud.errors import Unknown, WrongUse
from ombud.plan.hold import Hold, HoldScope, PersonRef
from ombud.systems.model import Clock, System, Table

LAW: Final[Mapping[str, str]] = {
    "legal_claim": "GDPR Art. 17(3)(e)",
    "restriction": "GDPR Art. 18(1)",
}
"""On which law a hold of a built-in kind rests where nothing else is said."""

by_option = click.option(
    "--by", metavar="STAFF", help="Who says so; default: OMBUD_STAFF or the login name."
)


@click.group(name="hold", invoke_without_command=True)
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Place, list and release holds: what must stay, whatever the rules say.

    A hold wins every race: once it is placed, nothing that it covers is erased.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_holds, as_json=as_json)


# ---------------------------------------------------------------- list


@command.command(name="list")
@json_option
@click.option("--all", "released_too", is_flag=True, help="Released holds as well.")
@click.option("--reasons", is_flag=True, help="What staff wrote why, and who placed it.")
@click.pass_obj
@spoken
def list_holds(
    folder: Path, as_json: bool = False, released_too: bool = False, reasons: bool = False
) -> int:
    """List the holds: kind, law, review date and how much each names, never whom."""
    with workspace(folder) as ombud:
        holds = ombud.inputs.holds
        found = holds.all() if released_too else holds.active()
        today = ombud.timing().as_of
        if as_json:
            dump({"holds": [_json(each, reasons=reasons) for each in found]})
        elif not found:
            click.echo("no hold is placed")
        else:
            for each in found:
                _tell(each, today, reasons=reasons)
    return 0


def _tell(hold: Hold, today: date, *, reasons: bool) -> None:
    line = f"{click.style(hold.id, bold=True)}  {hold.kind}: {_covers(hold.scope)}"
    review = f"review by {hold.review_on}"
    if hold.released_at is not None:
        review = f"released on {hold.released_at.date()}"
    elif hold.review_on < today:
        review = click.style(f"had to be reviewed by {hold.review_on}", fg="red", bold=True)
    click.echo(f"{line}; {review}")
    click.echo(click.style(f"    {hold.law}", dim=True))
    if reasons and hold.reason:
        click.echo(f"    {hold.reason} ({hold.by})")


def _covers(scope: HoldScope) -> str:
    """Return in words what a hold covers; people and keys are counted, never named."""
    if scope.persons:
        kinds = Counter(person.kind for person in scope.persons)
        named = ", ".join(f"{count} by {kind}" for kind, count in kinds.items())
        return f"people everywhere ({named})"
    place = f"{scope.system}.{scope.table}"
    if scope.clock:
        return f"{place} where {scope.clock} is from {scope.from_on} to {scope.to_on}"
    if scope.keys:
        return f"{rows(len(scope.keys))} of {place}"
    return "nothing any more"


def _json(hold: Hold, *, reasons: bool) -> dict[str, Any]:
    scope = hold.scope
    found: dict[str, Any] = {
        "id": hold.id,
        "kind": hold.kind,
        "law": hold.law,
        "review_on": hold.review_on.isoformat(),
        "placed_at": hold.placed_at.isoformat(),
        "released_at": hold.released_at.isoformat() if hold.released_at else None,
        "persons": dict(Counter(person.kind for person in scope.persons)),
        "system": scope.system or None,
        "table": scope.table or None,
        "rows": len(scope.keys),
        "clock": scope.clock or None,
        "from": scope.from_on.isoformat() if scope.from_on else None,
        "to": scope.to_on.isoformat() if scope.to_on else None,
    }
    return found | ({"reason": hold.reason, "by": hold.by} if reasons else {})


# ---------------------------------------------------------------- place


@command.command(name="place")
@click.option("--kind", required=True, help="legal_claim, restriction, …, or one of the policy's.")
@click.option("--reason", required=True, help="Why the data must stay, in a sentence.")
@click.option("--law", default="", help="On which law; needed where the kind does not say it.")
@click.option("--review", type=Day(), required=True, help="By when somebody looks at it again.")
@click.option("--person", "persons", metavar="KIND=VALUE", multiple=True, help="Whom it covers.")
@click.option("--rows", "place", metavar="SYSTEM.TABLE", help="Rows it covers; their keys follow.")
@click.option(
    "--range",
    "span",
    metavar="SYSTEM.TABLE CLOCK FROM..TO",
    nargs=3,
    help="Rows whose clock lies in these days, both included.",
)
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@by_option
@json_option
@click.pass_obj
@spoken
def place(
    folder: Path,
    kind: str,
    reason: str,
    law: str,
    review: date,
    persons: tuple[str, ...],
    place: str | None,
    span: tuple[str, str, str] | None,
    keys: tuple[str, ...],
    by: str | None,
    as_json: bool,
) -> int:
    """Place a hold: on people, wherever they are; on rows; or on the rows of some days.

    Says how many rows it covers in each system. For example: `--person email=…`,
    `--rows crm.contacts 17 18`, `--range cctv.recordings filmed_at 2026-11-01..2026-11-03`.
    """
    with workspace(folder) as ombud:
        timing = ombud.timing()
        if review < timing.as_of:
            raise WrongUse(
                f"the review date {review} is past", help="name the day by which it is looked at"
            )
        hold = Hold(
            id=new_id(),
            kind=_kind(ombud, kind),
            scope=_scope(ombud, persons, place, keys, span),
            reason=reason,
            law=_law(kind, law),
            by=by or ombud.config.staff,
            placed_at=timing.at,
            review_on=review,
        )
        entry = place_hold(ombud.policy, hold, ombud.connectors, ombud.inputs, timing)
        touched = [s for s in ombud.connectors if hold.scope.system in ("", s)]
        _tell_placed(hold, dict(entry.body["rows"]), touched, as_json=as_json)
    return 0


def _tell_placed(
    hold: Hold, covered: Mapping[str, int], touched: Sequence[str], *, as_json: bool
) -> None:
    silent = [system for system in touched if system not in covered]
    if as_json:
        dump({"hold": hold.id, "rows": dict(covered), "not_counted": silent})
        return
    click.echo(f"hold {hold.id} is placed: nothing that it covers is erased from now on")
    for system, count in covered.items():
        click.echo(f"  {system}: {rows(count)}")
    for system in silent:
        click.echo(f"  {system}: did not answer; what it covers there is not counted yet")
    if not touched:
        click.echo(f"  {hold.scope.system}: out of reach; it counts there when keys are listed")
    elif not silent and not any(covered.values()):
        says = "0 rows match now: nothing that is there is kept. The hold stands, and keeps rows"
        says += " that match later; if you meant rows that are there, what you named is not right:"
        says = here(f"{says} `ombud hold release {hold.id}`")
        click.echo(click.style(says, fg="yellow", bold=True))
    elif not silent and sum(covered.values()) < len(hold.scope.keys):
        click.echo(click.style("not every key that you named is there", fg="yellow"))


def _kind(ombud: Ombud, kind: str) -> str:
    known = tuple(ombud.policy.hold_kinds)
    if kind not in known:
        raise Unknown(f"unknown kind of hold {quoted(kind)}", help=did_you_mean(kind, known))
    return kind


def _law(kind: str, law: str) -> str:
    if not law.strip() and kind not in LAW:
        raise WrongUse(
            f"a hold of kind {quoted(kind)} does not say on which law it rests",
            help='add it, for example `--law "GDPR Art. 17(3)(e)"`',
        )
    return law.strip() or LAW[kind]


def _scope(
    ombud: Ombud,
    persons: tuple[str, ...],
    place: str | None,
    keys: tuple[str, ...],
    span: tuple[str, str, str] | None,
) -> HoldScope:
    """Return what a hold covers. No message holds what a person wrote after `--person`."""
    named = [bool(persons), place is not None, span is not None]
    if sum(named) != 1:
        raise WrongUse(
            "a hold covers people, or rows, or a range of days: one of the three",
            help="write `--person email=…`, `--rows SYSTEM.TABLE KEY`, or `--range …`",
        )
    if keys and place is None:
        raise WrongUse("keys without a table", help="write `--rows SYSTEM.TABLE` before them")
    if span is not None:
        return _range(ombud, *span)
    if place is not None:
        system, table = _table(ombud, place)
        if not keys:
            raise WrongUse(
                f"no key of {quoted(place)} is named",
                help=f"write it after the table: `--rows {place} KEY`",
            )
        found = tuple(tuple(key_of(table, text).values()) for text in keys)
        return HoldScope(system=system.id, table=table.id, keys=found)
    known = tuple(dict.fromkeys(_identifiers(ombud)))
    return HoldScope(persons=tuple(_person(text, known) for text in persons))


def _identifiers(ombud: Ombud) -> Iterator[str]:
    for system in ombud.systems.systems.values():
        for table in system.tables.values():
            for subject in table.subjects.values():
                yield from (each.kind for each in subject.identifiers)


def _person(text: str, known: Sequence[str]) -> PersonRef:
    kind, equals, value = text.partition("=")
    if not equals or not value.strip():
        raise WrongUse(
            "a person is named as KIND=VALUE", help="write for example `--person email=…`"
        )
    if kind not in known:
        # What stands before `=` may be an address that holds one: it is not repeated.
        raise Unknown(
            "the map tells people by other kinds of identifiers than the one that is named",
            help=f"write one of {listed(known)} before `=`" if known else "add `subjects:` to it",
        )
    return PersonRef(kind, value.strip())


def _table(ombud: Ombud, place: str) -> tuple[System, Table]:
    system_id, _, table_id = place.partition(".")
    system = ombud.systems.systems.get(system_id)
    table = system.tables.get(table_id) if system else None
    if system is None or table is None:
        known = [f"{s.id}.{t}" for s in ombud.systems.systems.values() for t in s.tables]
        raise Unknown(f"{quoted(place)} is no table on the map", help=did_you_mean(place, known))
    return system, table


def _range(ombud: Ombud, place: str, clock: str, days: str) -> HoldScope:
    system, table = _table(ombud, place)
    first, dots, last = days.partition("..")
    from_on, to_on = _day(first), _day(last)
    if not dots or from_on is None or to_on is None or from_on > to_on:
        raise WrongUse(
            f"not a range of days: {quoted(days)}",
            help="write the first and the last day, for example `2026-11-01..2026-11-03`",
        )
    return HoldScope(
        system=system.id,
        table=table.id,
        clock=_clock_column(table, clock),
        from_on=from_on,
        to_on=to_on,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _clock_column(table: Table, name: str) -> str:
    """Return the column of a clock of the table's own rows, named by the clock or the column."""
    columns = {clock.path.column for clock in _own_clocks(table) if clock.path is not None}
    by_name = {c.name: c.path.column for c in _own_clocks(table) if c.path is not None}
    if name in columns:
        return name
    if name not in by_name:
        known = (*by_name, *columns)
        raise Unknown(
            f"{quoted(name)} is no clock in the rows of {quoted(table.id)}",
            help=did_you_mean(name, known) or "a range needs a table with a clock of its own",
        )
    return by_name[name]


def _own_clocks(table: Table) -> Iterator[Clock]:
    clocks = [c for serve in table.serves.values() for c in serve.clocks.values()]
    clocks += [c for cap in table.caps.values() for c in cap.clocks.values()]
    yield from (c for c in clocks if c.path is not None and not c.path.hops)


# ---------------------------------------------------------------- release


@command.command(name="release")
@click.argument("hold_id", metavar="HOLD")
@by_option
@json_option
@click.pass_obj
@spoken
def release(folder: Path, hold_id: str, by: str | None, as_json: bool) -> int:
    """Release a hold: what it kept is erased again when the rules say so."""
    with workspace(folder) as ombud:
        staff = by or ombud.config.staff
        release_hold(hold_id, ombud.connectors, ombud.inputs, ombud.clock, by=staff)
        if as_json:
            dump({"hold": hold_id})
        else:
            click.echo(here(f"hold {hold_id} is released; `ombud plan` says what is due now"))
    return 0
