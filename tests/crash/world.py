"""A small but rich world for crashes: a workspace with two systems, filled the same way each time.

    template = make(folder, urls, copies=1)     files, databases, Ombud's own; a plan that is kept
    world = open_world(folder)                  the real wiring, on a still clock
    world.dump()                                every row of every table of both systems

`crm` has what can go wrong: invoices that keep a member as a skeleton, posts that go along with
their member by a cascade, pairs that refer to each other in a circle, fields of two subjects, rows
blanked and rows erased. `shop` is another system, which must go on whatever happens to `crm`.

Dates are so far from any today that a subprocess with a clock of its own sees the same world.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from contract.club import HEAD, engine_of, run
from ombud.app import Ombud, open_workspace
from ombud.apply import Apply, Outcome
from ombud.apply.ready import refuse_unbound
from ombud.apply.sweep import Sweep, Swept, kept, preapprovals
from ombud.errors import OmbudError
from ombud.evidence import verify_store
from ombud.evidence.entry import Entry
from ombud.evidence.said import DONE
from ombud.plan.due import plan_retention
from ombud.plan.grounds import system_grounds
from ombud.plan.model import Plan, Step, plan_from_json
from ombud.plan.retention import rule_digest

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SYSTEMS = ("crm", "shop")

POLICY = (
    HEAD
    + """\
clocks: {left: {en: left}, posted: {en: posted}}
activities:
  membership:
    title: The membership
    purpose: Running the club
    about: members
    data: [name, email, phone, note]
    basis: {contract: The membership}
    keep: {for: 1 year, after: left}
  invoices:
    title: The invoices
    purpose: Running the club
    about: members
    data: [address, invoice_lines]
    basis: {legal_obligation: DK bogføringsloven § 12(1)}
    keep: {for: 5 years, after: posted, counted_from: financial_year_end}
"""
)

MAP = """\
systems:
  crm:
    url: ${CRM_URL}
    sweep: {floor: 1000000}
    tables:
      members:
        serves: {membership: {clocks: {left: left_on}}}
        subjects: {member: {email: email}, guardian: {email: guardian_email}}
        columns:
          name: {holds: name, subject: member}
          email: {holds: email, subject: member}
          guardian_email: {holds: email, subject: guardian}
        not_personal: [id, left_on]
      posts:
        belongs_to: {members: member_id}
        columns: {body: note}
        not_personal: [id, member_id]
      invoices:
        refers_to: {members: member_id}
        serves: {invoices: {clocks: {posted: posted_on}}}
        columns: {address: address, said: invoice_lines}
        not_personal: [id, member_id, posted_on]
      pairs:
        refers_to: {pairs: other_id}
        serves: {membership: {clocks: {left: left_on}}}
        columns: {name: name}
        not_personal: [id, other_id, left_on]
  shop:
    url: ${SHOP_URL}
    sweep: {floor: 1000000}
    tables:
      buyers:
        serves: {membership: {clocks: {left: left_on}}}
        subjects: {buyer: {email: email}}
        columns: {name: name, email: email}
        not_personal: [id, left_on]
"""

DDL = {
    "crm": """
CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(40), email VARCHAR(60),
    guardian_email VARCHAR(60), left_on DATE);
CREATE TABLE posts (id INTEGER PRIMARY KEY, member_id INTEGER NOT NULL, body VARCHAR(40),
    FOREIGN KEY (member_id) REFERENCES members (id) ON DELETE CASCADE);
CREATE TABLE invoices (id INTEGER PRIMARY KEY, member_id INTEGER, address VARCHAR(40),
    said VARCHAR(40), posted_on DATE, FOREIGN KEY (member_id) REFERENCES members (id));
CREATE TABLE pairs (id INTEGER PRIMARY KEY, other_id INTEGER, name VARCHAR(40), left_on DATE,
    FOREIGN KEY (other_id) REFERENCES pairs (id));
CREATE INDEX posts_member ON posts (member_id);
CREATE INDEX invoices_member ON invoices (member_id);
CREATE INDEX pairs_other ON pairs (other_id);
CREATE INDEX members_left ON members (left_on);
CREATE INDEX pairs_left ON pairs (left_on)
""",
    "shop": """
CREATE TABLE buyers (id INTEGER PRIMARY KEY, name VARCHAR(40), email VARCHAR(60), left_on DATE);
CREATE INDEX buyers_left ON buyers (left_on)
""",
}
TABLES = {"crm": ("members", "posts", "invoices", "pairs"), "shop": ("buyers",)}

PAST, LATER = "2010-03-01", "2090-03-01"


def rows(copies: int) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of every table; each copy has members of every fate.

    Of seven members four are due: three to erase (1, 2, 3) and one to blank (4), whom an invoice
    keeps; two stay (5, 6), and the invoice of one of these goes; another is due without posts (7).
    """
    found: dict[str, list[dict[str, Any]]] = {t: [] for of in TABLES.values() for t in of}
    for n in range(copies):
        base = n * 10
        for i in range(1, 8):
            key = base + i
            found["members"].append({
                "id": key, "name": f"Member {key}", "email": f"m{key}@example.org",
                "guardian_email": f"g{key}@example.org", "left_on": None if i in (5, 6) else PAST,
            })  # fmt: skip
            found["buyers"].append({
                "id": key, "name": f"Buyer {key}", "email": f"m{key}@example.org",
                "left_on": PAST if i < 4 else None,
            })  # fmt: skip
            if i < 7:
                for part in (0, 5):
                    found["posts"].append({
                        "id": (base + i) * 10 + part, "member_id": key, "body": f"Post of {key}",
                    })  # fmt: skip
        for i, posted in ((1, PAST), (2, PAST), (4, LATER), (5, PAST), (6, LATER)):
            found["invoices"].append({
                "id": base + i, "member_id": base + i, "address": f"Street {base + i}",
                "said": "Dues", "posted_on": posted,
            })  # fmt: skip
        for i, other, left in (
            (1, 2, PAST),
            (2, 1, PAST),
            (3, 1, PAST),
            (4, 5, PAST),
            (5, 4, None),
        ):
            found["pairs"].append({
                "id": base + i, "other_id": base + other, "name": f"Pair {base + i}",
                "left_on": left,
            })  # fmt: skip
    return found


def fill(urls: Mapping[str, str], copies: int) -> None:
    """Make the tables of each system anew and fill them."""
    for system, url in urls.items():
        drops = [f"DROP TABLE IF EXISTS {t}" for t in reversed(TABLES[system])]
        run(url, *drops, DDL[system])
    refill(urls, copies)


def refill(urls: Mapping[str, str], copies: int = 1) -> None:
    """Put the rows of every table back as they were."""
    wanted = rows(copies)
    for system, url in urls.items():
        engine = engine_of(url)
        with engine.begin() as connection:
            if system == "crm":
                connection.exec_driver_sql("UPDATE pairs SET other_id = NULL")
            for name in reversed(TABLES[system]):
                connection.exec_driver_sql(f"DELETE FROM {name}")
            for name in TABLES[system]:
                listed = wanted[name]
                table = sa.table(name, *(sa.column(c) for c in listed[0]))
                if name == "pairs":  # those they refer to come later
                    alone = [{**row, "other_id": None} for row in listed]
                    connection.execute(sa.insert(table), alone)
                    step = sa.update(table).where(table.c.id == sa.bindparam("key"))
                    step = step.values(other_id=sa.bindparam("other"))
                    connection.execute(
                        step, [{"key": r["id"], "other": r["other_id"]} for r in listed]
                    )
                else:
                    connection.execute(sa.insert(table), listed)
        engine.dispose()


def write(folder: Path, urls: Mapping[str, str]) -> None:
    """Write the workspace's files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "policy.yaml").write_text(POLICY, "utf-8")
    (folder / "systems.yaml").write_text(MAP, "utf-8")
    (folder / ".env").write_text("".join(f"{s.upper()}_URL={u}\n" for s, u in urls.items()))


def make(
    folder: Path,
    urls: Mapping[str, str],
    *,
    copies: int = 1,
    clock: Callable[[], datetime] | None = None,
) -> Plan:
    """Make a workspace and its databases; return its plan, kept and pre-approved."""
    fill(urls, copies)
    write(folder, urls)
    world = open_world(folder, create=True, clock=clock)
    try:
        world.checked()
        return world.keep_plan(world.plan())
    finally:
        world.close()


@dataclass
class World:
    """An opened workspace, with the real parts in it."""

    ombud: Ombud

    @property
    def urls(self) -> dict[str, str]:
        """System to URL."""
        return {s: c.url for s, c in self.ombud.connectors.items()}

    def checked(self) -> None:
        """Make sure that binding finds no error, as a command would."""
        refuse_unbound(self.ombud, allow_superuser=True)

    def close(self) -> None:
        """Give everything back."""
        self.ombud.close()

    # --- the engine -----------------------------------------------------------------------------

    def applier(self, **parts: Any) -> Apply:
        """Return what carries out plans, with parts replaced."""
        own = {
            "policy": self.ombud.policy, "connectors": self.ombud.connectors,
            "inputs": self.ombud.inputs, "log": self.ombud.log, "now": self.ombud.clock,
        }  # fmt: skip
        tally = parts.pop("tally", None)
        apply = Apply(**{**own, **parts})
        apply.tally = tally or apply.tally
        return apply

    def plan(self, after: int | None = None) -> Plan:
        """Return what is due now, with the holds there are."""
        holds, decisions = self.ombud.inputs.read()
        due = plan_retention(
            self.ombud.policy, self.ombud.systems, self.ombud.connectors, self.ombud.timing(),
            holds=holds, decisions=decisions,
            after=self.applier().proved() if after is None else after,
        )  # fmt: skip
        for failed in due.failed.values():
            raise failed
        return due.plan

    def keys(self) -> Keys:
        """Return the keys of every row that is due now, by the id of its step."""
        holds, decisions = self.ombud.inputs.read()
        found: Keys = {}
        for system, connector in self.ombud.connectors.items():
            with connector.session() as session:
                session.put(system_grounds(
                    self.ombud.policy, connector.system, self.ombud.timing(),
                    holds=holds, decisions=decisions,
                ))  # fmt: skip
                for counted in session.survey():
                    keys = session.keys(counted.selection, None, 10_000)
                    found[Step(system, counted.selection, counted.count).id] = set(keys)
        return found

    def keep_plan(self, plan: Plan) -> Plan:
        """Keep a plan, and let sweeps do its rules without asking."""
        ombud, timing = self.ombud, self.ombud.timing()
        ombud.plans.keep(kept(plan, timing))
        rules = {r for s in plan.steps for r in (*s.rules, *s.caps)}
        digests = {r: rule_digest(ombud.policy, ombud.systems, r) for r in rules}
        for each in preapprovals(plan, digests, "Berit", timing):
            ombud.plans.preapprove(each)
        return plan

    def kept_plan(self) -> Plan:
        """Return the plan that was kept last."""
        found = self.ombud.plans.latest()
        assert found is not None
        return plan_from_json(json.loads(found.json))

    def apply(self, plan: Plan, **parts: Any) -> list[Outcome]:
        """Carry out a plan."""
        return self.applier(**parts).apply(plan, self.ombud.timing())

    def sweep(self, *, full: bool = True) -> Swept:
        """Do what is pre-approved."""
        sweep = Sweep(self.applier(), self.ombud.systems, self.ombud.plans)
        return sweep.sweep(self.ombud.timing(), full=full)

    # --- the test's own look --------------------------------------------------------------------

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return every row of every table of both systems, by key."""
        found = {}
        for system, url in self.urls.items():
            engine = engine_of(url)
            with engine.connect() as connection:
                for table in TABLES[system]:
                    said = connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY id")
                    found[table] = [tuple(row) for row in said]
            engine.dispose()
        return found

    def proofs(self) -> list[Entry]:
        """Return every entry that says a step is done."""
        return list(self.ombud.log.entries(DONE))

    def verify(self) -> int:
        """Verify the log; return its size."""
        return verify_store(self.ombud.log).size


def still(instant: datetime = NOW) -> Callable[[], datetime]:
    """Return a clock that stands still."""
    return lambda: instant


def open_world(
    folder: Path, *, create: bool = False, clock: Callable[[], datetime] | None = None
) -> World:
    """Open a workspace."""
    return World(open_workspace(folder, create=create, clock=clock or still()))


# ------------------------------------------------------------------ what must always hold


Keys = dict[str, set[tuple[Any, ...]]]


def lies(world: World, before: Keys) -> list[str]:
    """Return the steps that are called done though rows of theirs are still due; none, always.

    What is due is surveyed afresh, with the holds there are. A row that became due for another
    step (its owner is kept now, say) was not that step's.

    Args:
        before: What was due when the plan was made.
    """
    now = world.keys()
    said = [(e.once or "").split(":", 2)[-1] for e in world.proofs()]
    left = {step: now.get(step, set()) & before.get(step, set()) for step in said}
    return [f"{step}: {sorted(keys)} are due" for step, keys in left.items() if keys]


def one_proof_per_step(world: World, plan: Plan) -> None:
    """Check that each step of a plan has one proof, nothing else has, and the log verifies."""
    found = sorted(e.once or "" for e in world.proofs())
    assert found == sorted(f"done:{plan.digest}:{s.id}" for s in plan.steps)
    world.verify()


def truthful(world: World, outcomes: list[Outcome]) -> None:
    """Check that whatever a run calls done has its proof, and whatever failed says so properly."""
    proved = {e.once for e in world.proofs()}
    for outcome in outcomes:
        if outcome.failed is None and not outcome.remaining:
            assert any(str(o).endswith(f":{outcome.step.id}") for o in proved), outcome
        elif outcome.failed is not None:
            assert isinstance(outcome.failed, OmbudError), outcome
