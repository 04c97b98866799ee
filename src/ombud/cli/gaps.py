"""`ombud status --gaps`: in which times was nothing proved? Read from the log alone."""

from __future__ import annotations

from datetime import date, datetime, time

import click

from ombud.app import Ombud
from ombud.cli.say import dump
from ombud.errors import WrongUse
from ombud.evidence import gaps
from ombud.evidence.entry import instant_text


def tell_gaps(ombud: Ombud, since: date, until: datetime, *, as_json: bool) -> int:
    """Say in which times nothing was proved of each system in reach: Ombud was off, or it was.

    Times are local to the organisation, with their distance from UTC; JSON has them in UTC.

    Args:
        since: First local day.
        until: Instant up to which is looked.

    Raises:
        WrongUse: The first day comes after the end.
    """
    zone = ombud.timing().zone
    start = datetime.combine(since, time.min, tzinfo=zone)
    if start > until:
        raise WrongUse(f"{since} comes after the day up to which is looked")
    reached = [each for each in ombud.systems.systems.values() if each.reach == "database"]
    found = {
        system.id: gaps(
            ombud.log, system.id, check_every=system.check_every, since=start, until=until
        )
        for system in reached
    }
    if as_json:
        said = [
            {"system": system, "from": instant_text(begin), "to": instant_text(end)}
            for system, times in found.items()
            for begin, end in times
        ]
        dump({"gaps": said})
        return 0
    for system, times in found.items():
        for begin, end in times:
            length_h = (end - begin).total_seconds() / 3600
            ends = [f"{each.astimezone(zone):%Y-%m-%d %H:%M %z}" for each in (begin, end)]
            click.echo(f"{system}  nothing proved from {ends[0]} to {ends[1]} ({length_h:,.1f} h)")
        if not times:
            click.echo(f"{system}  looked at often enough all the time")
    return 0
