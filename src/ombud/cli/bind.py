"""`ombud bind`: gaps between promise, map and live schemas, both ways."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from ombud.app import open_connectors, read_workspace
from ombud.apply.ready import read_live
from ombud.cli.say import complain, json_option, spoken, tell
from ombud.config import read_config, read_env_file
from ombud.systems import bind, grants


@click.command(name="bind")
@json_option
@click.option(
    "--grants",
    "account",
    metavar="[ACCOUNT]",
    is_flag=False,
    flag_value="",
    help="Print the rights Ombud needs, as SQL: for ACCOUNT, else for the one in the address.",
)
@click.option("--allow-superuser", is_flag=True, help="Do not mind a too powerful account.")
@click.pass_obj
@spoken
def command(folder: Path, as_json: bool, account: str | None, allow_superuser: bool) -> int:
    """Compare promise, map and live schemas both ways: promise without data, data without promise.

    Exits with 1 when one finding is an error, so a CI job can stop an ungoverned column.
    """
    policy, systems = read_workspace(folder)
    connectors = open_connectors(read_config(read_env_file(folder / ".env")), policy, systems)
    try:
        live, failed = read_live(connectors)
        if account is not None:
            live = {s: replace(each, account=account or each.account) for s, each in live.items()}
            for system_id in live:
                click.echo(f"-- {system_id}")
                for statement in grants(systems, live, system_id):
                    click.echo(statement)
            code = 0
        else:
            found = bind(policy, systems, live, allow_superuser=allow_superuser)
            agree = "promise, map and live schemas agree"
            if failed:
                agree += f" in {', '.join(live) or 'no system'}; {', '.join(failed)} did not answer"
            code = tell(found, as_json=as_json, nothing=agree)
    finally:
        for connector in connectors.values():
            connector.close()
    return max([code, *(complain(f) for f in failed.values())])
