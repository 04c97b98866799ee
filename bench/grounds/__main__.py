"""Compare five grounds over shared tables with SQL written for them by hand, in one run.

    python bench/grounds URL [--customers 1000000] [--runs 3]

URL is an administrator's of a PostgreSQL server. Customers with orders, invoices, tickets and a
newsletter live by a relationship, support, bookkeeping, a consent and marketing that some objected
to; a few are held. What is due is counted and carried out, by Ombud (plan, then apply) and by the
statements in `byhand`, on copies of one database. All have to leave the same rows, field for field.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parent))

from byhand import careful, hand
from dataset import POLICY, SYSTEMS, TABLES, build, held, objectors

from ombud.apply import Apply, Outcome
from ombud.apply.inputs import Inputs
from ombud.apply.place import place_hold, record_decision
from ombud.apply.sweep import Sweep
from ombud.connectors.sql import SqlConnector
from ombud.evidence import Decisions, Holds, Log
from ombud.evidence.plans import Plans, Preapproval
from ombud.plan.due import plan_retention
from ombud.plan.hold import Decision, Hold, HoldScope, PersonRef
from ombud.plan.retention import rule_digest
from ombud.plan.time import Timing
from ombud.policy import parse_policy
from ombud.policy.model import Policy
from ombud.store import open_store
from ombud.systems import parse_systems
from ombud.systems.model import Systems

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BASE, RUN = "ombud_bench_grounds", "ombud_bench_grounds_run"


def ombud(url: sa.URL) -> float:
    """A whole pre-approved sweep: one survey, holds, re-tests, evidence, read-back; seconds."""
    with workspace(url) as (policy, systems, apply, timing):
        plans = Plans(apply.log)
        for rule in policy.activities:
            digest = rule_digest(policy, systems, rule)
            for table in TABLES:
                plans.preapprove(Preapproval(rule, "crm", table, digest, "bench", NOW))
        started = time.monotonic()
        swept = Sweep(apply, systems, plans).sweep(timing, full=True)
        took = time.monotonic() - started
        assert not (swept.waiting or swept.failed), (swept.waiting, swept.failed)
        done(swept.outcomes)
    return took


def planned(url: sa.URL) -> float:
    """Plan, with what is kept counted, and apply the plan, which surveys anew; seconds."""
    with workspace(url) as (policy, systems, apply, timing):
        started = time.monotonic()
        holds, decisions = apply.inputs.read()
        plan = plan_retention(
            policy, systems, apply.connectors, timing, holds=holds, decisions=decisions
        ).plan
        done(apply.apply(plan, timing))
        return time.monotonic() - started


def done(outcomes: Iterable[Outcome]) -> None:
    """Refuse a run that left something to do."""
    assert all(o.failed is None and not o.remaining for o in outcomes), outcomes


@contextmanager
def workspace(url: sa.URL) -> Iterator[tuple[Policy, Systems, Apply, Timing]]:
    """Give what a run needs, with people held and objections recorded."""
    policy = parse_policy(POLICY, "policy.yaml", NOW.date())
    systems = parse_systems(SYSTEMS, "systems.yaml", policy)
    zone = ZoneInfo(policy.organisation.zone)
    timing = Timing(NOW, zone, policy.organisation.financial_year)
    connector = SqlConnector(
        systems.systems["crm"], url.render_as_string(hide_password=False), "DK", zone
    )
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/ombud.db", create=True)
        log = Log(store)
        inputs = Inputs(store, Holds(log), Decisions(log, zone=zone.key))
        connectors = {"crm": connector}
        persons = tuple(PersonRef("email", e) for e in held())
        hold = Hold("h1", "legal_claim", HoldScope(persons=persons), "A claim",
                    "GDPR Art. 17(3)(e)", "Berit", NOW, date(2027, 6, 1))  # fmt: skip
        place_hold(policy, hold, connectors, inputs, timing)
        persons = tuple(PersonRef("email", e) for e in objectors())
        objected = Decision("d1", "marketing_objection", persons, (), (), NOW, "Berit")
        record_decision(objected, connectors, inputs, NOW)
        yield (
            policy,
            systems,
            Apply(policy, connectors, inputs, log, lambda: datetime.now(UTC)),
            timing,
        )
        connector.close()


VARIANTS: dict[str, Callable[[sa.URL], float]] = {
    "hand": hand,
    "careful": careful,
    "ombud": ombud,
    "planned": planned,
}


def left(url: sa.URL) -> dict[str, tuple[int, str]]:
    """Return per table how many rows are left, and a checksum of all of them."""
    found = {}
    with sa.create_engine(url).connect() as c:
        for table in TABLES:
            select = f"SELECT count(*), sum(hashtext(t::text)::bigint)::text FROM {table} t"
            found[table] = tuple(c.exec_driver_sql(select).one())
    return found


def main() -> None:
    """Measure, compare what is left, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("url")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    url = sa.make_url(given.url)
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)

    def run(*statements: str) -> None:
        with admin.connect() as c:
            for statement in statements:
                c.exec_driver_sql(statement)

    drop = "DROP DATABASE IF EXISTS {} WITH (FORCE)"
    run(drop.format(RUN), drop.format(BASE), f"CREATE DATABASE {BASE}")
    rows = build(url.set(database=BASE), given.customers)
    times: dict[str, list[float]] = {n: [] for n in VARIANTS}
    ends: list[dict[str, tuple[int, str]]] = []
    copy = f"CREATE DATABASE {RUN} TEMPLATE {BASE} STRATEGY FILE_COPY"
    for _ in range(given.runs):
        for name, variant in VARIANTS.items():  # interleaved: a busy moment hits all alike
            run(drop.format(RUN), copy, "CHECKPOINT")
            times[name].append(variant(url.set(database=RUN)))
            ends.append(left(url.set(database=RUN)))
    run(drop.format(RUN), drop.format(BASE))
    assert all(end == ends[0] for end in ends), ends
    went = rows - sum(count for count, _ in ends[0].values())
    print(f"{rows:,} rows, {went:,} erased; what is left is the same")
    for name, taken in times.items():
        told = f"{name:8} {statistics.median(taken):8.2f} s"
        for floor in ("hand", "careful"):
            pairs = [o / h for o, h in zip(taken, times[floor], strict=True)]
            told += f"   {statistics.median(pairs):.2f} of {floor}"
            told += f" ({min(pairs):.2f} to {max(pairs):.2f})"
        print(told)


if __name__ == "__main__":
    main()
