"""`ombud serve`: the notice on the web, as it is published."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from ombud.app import now, open_log, read_policy
from ombud.cli.publishing import draft_option, may_publish
from ombud.cli.say import here, spoken
from ombud.evidence import Versions
from ombud.web import DraftSites, PublishedSites, Sites, address_of, listen, notice_app, run


@click.command(name="serve")
@click.option(
    "--host",
    metavar="ADDRESS",
    default="127.0.0.1",
    show_default=True,
    help="Listen on this address; as it is, only this machine reaches it.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Listen on this port; 0 takes one that is free.",
)
@draft_option
@click.pass_obj
@spoken
def command(folder: Path, host: str, port: int, draft: bool) -> int:
    """Give the published notice out on the web, until Ctrl-C.

    The pages are those that `ombud publish --site` writes, with every version. A version that is
    published meanwhile shows at once. With --draft it is the notice of policy.yaml as it is written
    now. Put a web server in front of it for https. No visitor is written down.
    """
    with ExitStack() as opened:
        sites: Sites
        if draft:
            at = now()
            may_publish(read_policy(folder, at.date()), at.date(), "notice", draft=True)
            sites = DraftSites(folder, now, _tell)
        else:
            _, log = opened.enter_context(open_log(folder))
            sites = PublishedSites(Versions(log), _tell)
            sites.current()
        listening = opened.enter_context(listen(host, port))
        _tell(f"{address_of(listening)} is open; Ctrl-C closes it")
        run(notice_app(sites), listening)
    return 0


def _tell(text: str) -> None:
    click.echo(here(text), err=True)
