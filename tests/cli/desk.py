"""A desk at which Berit calls commands: a workspace of the club on SQLite, and what they said.

Kari is a member. Ola left two years ago: the policy promises a year. What is dated is dated from
today, so that nothing here depends on the day the tests run.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from click.testing import CliRunner

from ombud.cli import root

ZONE = "Europe/Oslo"

POLICY = """
organisation:
  name: Ravnlia Idrettslag
  number: "310003301"
  country: "NO"
  languages: [nb]
  contact: {email: post@ravnlia.example}
subjects:
  members: {title: {nb: Medlemmer}}
clocks:
  membership_ended: {nb: medlemskapet tok slutt}
  session_held: {nb: treningen ble holdt}
activities:
  membership:
    title: {nb: Medlemskap}
    purpose: {nb: Føre medlemslisten.}
    about: members
    data: [name, email, phone]
    basis: {contract: {nb: Medlemskapet}}
    keep: {for: 1 year, after: membership_ended}
promises:
  - {id: CL-1, says: {nb: Ett år etter at du går ut er du slettet.}, proof: {rule: [membership]}}
"""

SYSTEMS = """
systems:
  club:
    url: ${CLUB_URL}
    tables:
      members:
        serves:
          membership: {clocks: {membership_ended: left_on}}
        subjects: {member: {email: email, phone: phone}}
        columns: {name: name, email: email, phone: phone}
        not_personal: [id, left_on]
"""

TABLES = """
CREATE TABLE members (id INTEGER PRIMARY KEY, name TEXT, email TEXT, phone TEXT, left_on DATE);
CREATE INDEX members_left ON members (left_on);
"""


def today() -> date:
    """Return the day it is for the club."""
    return datetime.now(ZoneInfo(ZONE)).date()


def days_ago(days: int) -> str:
    """Return a date as SQLite holds it."""
    return (today() - timedelta(days=days)).isoformat()


MEMBERS = (
    (1, "Kari", "kari@example.org", "22 33 44 01", None),
    (2, "Ola", "ola@example.org", "22 33 44 02", days_ago(800)),
)


@dataclass(frozen=True)
class Said:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """What it printed, as JSON."""
        found: dict[str, Any] = json.loads(self.out)
        return found


@dataclass(frozen=True)
class Desk:
    """A workspace, and the club's database beside it."""

    folder: Path
    file: Path

    def write(self, *, policy: str = POLICY, systems: str = SYSTEMS) -> None:
        """Write the workspace's two files."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / "policy.yaml").write_text(policy, "utf-8")
        (self.folder / "systems.yaml").write_text(systems, "utf-8")

    def ombud(self, *args: str, env: Mapping[str, str | None] | None = None) -> Said:
        """Call a command in the workspace; an error that nobody foresaw goes up.

        What is suggested reads as it would in the workspace's folder.
        """
        settings = {"OMBUD_DATABASE": None, "OMBUD_KEY": None, "OMBUD_STAFF": "Berit"}
        settings |= {"CLUB_URL": f"sqlite:///{self.file}", **(env or {})}
        done = CliRunner().invoke(root, ["-C", str(self.folder), *args], env=settings)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        named = f"ombud -C {self.folder} "
        out, err = (told.replace(named, "ombud ") for told in (done.stdout, done.stderr))
        return Said(done.exit_code, out, err)

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask or change the club's database."""
        with closing(sqlite3.connect(self.file)) as database, database:
            return database.execute(statement, values).fetchall()

    def script(self, statements: str) -> None:
        """Run several statements in the club's database."""
        with closing(sqlite3.connect(self.file)) as database, database:
            database.executescript(statements)

    def dump(self) -> str:
        """Return the whole of the club's database, to compare."""
        with closing(sqlite3.connect(self.file)) as database:
            return "\n".join(database.iterdump())

    def log(self) -> str:
        """Return every entry and payload of the log, and nothing else of Ombud's database."""
        with closing(sqlite3.connect(self.folder / "ombud.db")) as database:
            entries = database.execute("SELECT entry FROM log_entries ORDER BY idx").fetchall()
        return "\n".join(entry for (entry,) in entries)

    def edit_log(self, statement: str) -> None:
        """Change the log behind Ombud's back."""
        with closing(sqlite3.connect(self.folder / "ombud.db")) as database, database:
            database.execute(statement)

    def plan(self) -> str:
        """Make a plan; return its digest."""
        digest: str = self.ombud("plan", "--json").json["digest"]
        return digest


def a_desk(folder: Path) -> Desk:
    """Return a desk with Kari and Ola in the club's database."""
    desk = Desk(folder / "workspace", folder / "club.sqlite")
    desk.write()
    desk.script(TABLES)
    for member in MEMBERS:
        desk.sql("INSERT INTO members VALUES (?, ?, ?, ?, ?)", *member)
    return desk
