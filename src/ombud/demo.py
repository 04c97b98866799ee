"""What do the examples look like when they run? Workspaces laid out, made-up data, a full round."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from threading import Thread
from typing import Any

import yaml

from ombud.app import Ombud, new_id, now, open_workspace, read_source
from ombud.apply import Apply, Outcome
from ombud.apply.observe import Observer
from ombud.apply.place import place_hold, record_decision
from ombud.apply.ready import refuse_unbound
from ombud.apply.sweep import kept, preapprovals
from ombud.connectors.sql.scratch import scratch_database
from ombud.duties.documents import all_documents, read_documents
from ombud.duties.notice import judged, look_at_policy, look_at_web, rests_on_web
from ombud.errors import Refused
from ombud.evidence.observe import shown
from ombud.evidence.plans import Approval
from ombud.evidence.said import Attested, SettingRead, TaskConfirmed
from ombud.evidence.standing import Standing, standings
from ombud.evidence.versions import Versions
from ombud.pages import publish, published
from ombud.plan.due import Due, plan_retention
from ombud.plan.hold import Decision, Hold, HoldScope
from ombud.plan.retention import map_digest, rule_digest
from ombud.policy.checks import DECISIONS
from ombud.policy.model import NeededFrom, parts_of
from ombud.store import development_key

SLUGS = ("business-agency", "work-inclusion", "business-garden", "job-activation", "consultancy")
CLUB = "club"
"""The small example of the tutorial; the demo runs it where it is asked for."""
MARKER = ".ombud-demo"
"""A file in every folder the demo made: it lays out nothing over a folder without it."""
SITE = "public"
"""Folder of a workspace with the published site."""
DOCUMENTS = "documents"
"""Folder of a workspace with what is given out beside the notice."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Laid:
    """A workspace that was laid out.

    Args:
        counts: `system.table` to rows.
    """

    slug: str
    folder: Path
    counts: Mapping[str, int]


def examples() -> Path:
    """Return the folder of the examples: in the installed package, or in the checkout."""
    packaged = Path(str(files("ombud"))) / "_examples"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[2] / "examples"


def lay_out(
    folder: Path, *, rows: int, seed: int, today: date, systems_on: str = "", only: str = ""
) -> Iterator[Laid]:
    """Lay out the examples' workspaces in a folder and fill their systems with made-up data.

    Args:
        rows: About how many rows each example has.
        systems_on: URL of a PostgreSQL or MariaDB server; each system becomes a database there.
            Empty: SQLite files in the workspaces.
        only: Lay out this one.

    Raises:
        Refused: The folder holds something that the demo did not make; nothing was changed.
    """
    _claim(folder)
    root = examples()
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    fill: Any = import_module("_data.fill")
    for slug in SLUGS if not only else (only,):
        home = folder / slug
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        if (root / slug / DOCUMENTS).is_dir():
            shutil.copytree(root / slug / DOCUMENTS, home / DOCUMENTS)
        for name in ("policy.yaml", "systems.yaml", DECISIONS):
            if (root / slug / name).exists():
                shutil.copyfile(root / slug / name, home / name)
        example = fill.load(slug)
        urls = {s: _database(slug, s, home, systems_on) for s in example.TABLES}
        lines = [f"{_variable(root / slug, s)}={url}" for s, url in urls.items()]
        (home / ".env").write_text("\n".join([*lines, f"OMBUD_KEY={development_key(home)}", ""]))
        (home / ".env").chmod(0o600)
        counts = fill.fill(urls, example, rows=rows, seed=seed, today=today)
        yield Laid(slug, home, counts)


def _claim(folder: Path) -> None:
    """Refuse a folder that has something in it which the demo did not make."""
    if folder.exists() and any(folder.iterdir()) and not (folder / MARKER).exists():
        raise Refused(
            f"`{folder}` is not empty and was not made by the demo",
            help="name an empty folder: `ombud demo --in DIR`",
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text("made by `ombud demo`; it may be laid out again at any time\n")


def _variable(example: Path, system: str) -> str:
    """Return the setting that the example's map names for a system's URL."""
    written = yaml.safe_load((example / "systems.yaml").read_text(encoding="utf-8"))
    url = str(written["systems"][system].get("url", ""))
    return url.removeprefix("${").removesuffix("}")


def _database(slug: str, system: str, home: Path, server: str) -> str:
    """Return the URL of an empty database for one system."""
    if server:
        return scratch_database(server, f"{slug}_{system}")
    return f"sqlite:///{home.absolute() / system}.db"


@dataclass(frozen=True)
class Round:
    """What a full round of one example came to."""

    ombud: Ombud
    due: Due
    outcomes: list[Outcome]
    standings: list[Standing]


def full_round(laid: Laid, *, clock: Callable[[], datetime] = now) -> Round:
    """Do with one workspace what its people would: publish, hold, plan, approve, apply, measure."""
    ombud = open_workspace(laid.folder, create=True, clock=clock)
    refuse_unbound(ombud, allow_superuser=True)
    publish_site(ombud)
    _observe(ombud)
    _people(ombud, _acts(laid))
    timing = ombud.timing()
    holds, decisions = ombud.inputs.read()
    due = plan_retention(
        ombud.policy, ombud.systems, ombud.connectors, timing, holds=holds, decisions=decisions
    )
    ombud.plans.keep(kept(due.plan, timing))
    ombud.plans.approve(Approval(due.plan.digest, "demo", timing.at))
    rules = {r for s in due.plan.steps for r in (*s.rules, *s.caps)}
    digests = {r: rule_digest(ombud.policy, ombud.systems, r) for r in rules}
    for each in preapprovals(due.plan, digests, "demo", timing):
        ombud.plans.preapprove(each)
    outcomes = Apply(ombud.policy, ombud.connectors, ombud.inputs, ombud.log, ombud.clock).apply(
        due.plan, timing
    )
    _observe(ombud)
    look_at_site(ombud)
    at = ombud.clock()
    found = standings(
        ombud.policy, ombud.systems, shown(ombud.log, ombud.policy, ombud.systems, at), at
    )
    return Round(ombud, due, outcomes, found)


def publish_site(ombud: Ombud) -> None:
    """Publish the notice, and write its site into the workspace.

    Raises:
        Refused: The policy has an error, or a warning that nobody has decided on.
    """
    on, file = ombud.timing().as_of, ombud.folder / DECISIONS
    decisions = file.read_bytes() if file.exists() else None
    documents = all_documents(ombud.folder, ombud.policy)
    found = judged(
        ombud.policy, on, systems=ombud.systems, decisions=decisions, documents=documents
    )
    if any(each.waits or each.blocks for each in found):
        raise Refused("the example's policy must not be published", help="see `ombud check`")
    accepted = tuple(each.checked.finding.code for each in found if each.accepted)
    source = read_source(ombud.folder).decode()
    versions = Versions(ombud.log)
    publish(
        versions,
        ombud.policy,
        source,
        on=on,
        accepted=accepted,
        by="demo",
        at=ombud.clock(),
        documents=documents,
    )
    now = published(versions, policy=ombud.policy, pdf=False)
    for path, make in now.files.items() if now else ():
        target = ombud.folder / SITE / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(make())


def look_at_site(ombud: Ombud) -> None:
    """Look at the policy, and at the site as anybody would: a web server gives it out meanwhile.

    The site is looked at only where a promise rests on its page, or on a document.
    """
    there = read_documents(ombud.folder, ombud.policy)
    look_at_policy(ombud.log, ombud.policy, ombud.systems, at=ombud.clock(), documents=there)
    if any(rests_on_web(ombud.policy)):
        with served(ombud.folder / SITE) as address:
            look_at_web(ombud.log, ombud.policy, f"{address}/{{lang}}/", at=ombud.clock())


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Give the address of a web server on this machine that gives out a folder meanwhile."""
    handler = partial(_Silent, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Silent(SimpleHTTPRequestHandler):
    """Gives out files, and says nothing of it."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _observe(ombud: Ombud) -> None:
    basis = map_digest(ombud.policy, ombud.systems)
    observer = Observer(ombud.policy, ombud.inputs, ombud.log, basis)
    for connector in ombud.connectors.values():
        observer.observe(connector, ombud.timing())


def _acts(laid: Laid) -> Mapping[str, Any]:
    """Return what the example's people do in the demo."""
    file = examples() / laid.slug / "demo.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else {}


def _people(ombud: Ombud, acts: Mapping[str, Any]) -> None:
    """Do what people do by hand: read settings, confirm tasks, attest, decide, place holds."""
    at = ombud.clock()
    for system in ombud.systems.systems.values():
        for setting in system.settings.values():
            read = SettingRead(system.id, setting.id, setting.at_most, at)
            ombud.log.append([read.draft(by="demo")], at=at)
        for task in system.tasks.values():
            ombud.log.append([TaskConfirmed(system.id, task.id, 0, at).draft(by="demo")], at=at)
    for promise in ombud.policy.promises.values():
        if any(p.kind == "attest" for p in promise.proofs):
            ombud.log.append([Attested(promise.id, at).draft(by="demo")], at=at)
    for activity in ombud.policy.activities.values():
        if any(isinstance(p, NeededFrom) for p in parts_of(activity.keep)):
            days = timedelta(days=int(acts.get("decided_days_ago", 14)))
            decided = Decision(
                new_id(), "no_longer_needed", (), (activity.id,), (), at - days, "demo"
            )
            record_decision(decided, ombud.connectors, ombud.inputs, at)
    for wanted in acts.get("holds", ()):
        system, _, table = wanted["rows"].partition(".")
        keys = tuple(tuple(str(k) for k in key) for key in wanted["keys"])
        hold = Hold(
            id=new_id(),
            kind=wanted["kind"],
            scope=HoldScope(system=system, table=table, keys=keys),
            reason=wanted["reason"],
            law=wanted["law"],
            by="demo",
            placed_at=at,
            review_on=ombud.timing().as_of + timedelta(days=60),
        )
        place_hold(ombud.policy, hold, ombud.connectors, ombud.inputs, ombud.timing())
