"""Run the workloads of GDPRbench on PostgreSQL: naive, every metadata column indexed, Ombud, floor.

    .venv/bin/python bench/gdprbench URL [--records 100000] [--operations 1000] [--runs 3]
        [--only WORKLOAD ...]

URL is an administrator's of a PostgreSQL server; a database `ombud_gdprbench` is made there and
dropped. Each variant does the same operations from eight clients, with a durable entry for each
operation, and has to leave the same records and count the same rows. Times are medians.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import psycopg

sys.path.insert(0, str(Path(__file__).parent))

from variants import ByHand, InPolicy, InRows
from workloads import MIXES, Operation, operations

CLIENTS = 8
VARIANTS = ("naive", "indexed", "ombud", "floor")
GOALS = (
    ("controller", "naive", 1), ("customer", "naive", 1), ("processor", "naive", 1),
    ("regulator", "naive", 10), ("controller", "indexed", 3),
)  # fmt: skip
MEET = {"delete_by_ttl", "update_meta_by_pur"}
"""Where these are done, how many rows one finds depends on who is first; what is left does not."""


class Variant(Protocol):
    """A way to keep the records."""

    def client(self) -> Callable[[Operation], int]:
        """Return what carries out operations on a connection of its own."""

    def close(self) -> None:
        """End it."""


def run(variant: Variant, lists: list[list[Operation]]) -> tuple[float, Counter[str]]:
    """Return seconds, and rows by kind of operation where they do not depend on chance."""

    def work(ops: list[Operation], do: Callable[[Operation], int]) -> Counter[str]:
        found: Counter[str] = Counter()
        for op in ops:
            found[op.kind] += do(op)
        return found

    clients = [variant.client() for _ in lists]
    started = time.monotonic()
    with ThreadPoolExecutor(len(lists)) as pool:
        rows = sum(pool.map(work, lists, clients), Counter[str]())
    took = time.monotonic() - started
    variant.close()
    return took, Counter() if MEET & rows.keys() else rows


def left(url: str) -> tuple[object, ...]:
    """Return what is left: number of records, and a digest of what every variant has of them."""
    said = "SELECT count(*), md5(string_agg(concat_ws(',', key, usr, pur, obj, expires, data), ';'"
    with psycopg.connect(url) as c:
        found = c.execute(said + " ORDER BY key)) FROM records").fetchone()
    return found or ()


def space(url: str) -> float:
    """Return bytes of table, indexes and audit for each byte of data."""
    with psycopg.connect(url) as c:
        [data] = c.execute("SELECT sum(length(data)) FROM records").fetchone() or (1,)
        [used] = c.execute("SELECT pg_total_relation_size('records')").fetchone() or (0,)
    return float(used) / float(data)


def measure(url: str, workload: str, given: argparse.Namespace) -> dict[str, tuple[float, float]]:
    """Return variant to (median seconds, space factor before the run)."""
    lists = operations(workload, given.records, given.operations, CLIENTS)
    times: dict[str, list[float]] = {}
    spaces: dict[str, float] = {}
    agreed: set[object] = set()
    for _ in range(given.runs):
        for name in VARIANTS:  # interleaved: a busy moment hits all alike
            with tempfile.TemporaryDirectory() as folder:
                variant: Variant
                if name in ("ombud", "floor"):
                    kind = InPolicy if name == "ombud" else ByHand
                    variant = kind(url, given.records, Path(folder))
                else:
                    variant = InRows(url, given.records, indexed=name == "indexed")
                spaces[name] = space(url)
                took, rows = run(variant, lists)
            times.setdefault(name, []).append(took)
            agreed.add((left(url), frozenset(rows.items())))
            if len(agreed) > 1:
                raise SystemExit(f"{workload}: {name} found or left other records: {agreed}")
    return {name: (statistics.median(times[name]), spaces[name]) for name in times}


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("url", help="postgresql://user@host/database of an administrator")
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--operations", type=int, default=1_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", nargs="*", choices=MIXES, default=[*MIXES])
    given = parser.parse_args()
    given.url = given.url.replace("postgresql+psycopg:", "postgresql:")
    admin = psycopg.connect(given.url, autocommit=True)
    admin.execute("DROP DATABASE IF EXISTS ombud_gdprbench WITH (FORCE)")
    admin.execute("CREATE DATABASE ombud_gdprbench")
    url = psycopg.conninfo.make_conninfo(given.url, dbname="ombud_gdprbench")
    print(f"{given.records:,} records, {given.operations:,} operations, {CLIENTS} clients")
    print("workload     naive s  indexed s  ombud s  floor s"
          "   naive/ombud  indexed/ombud  ombud/floor")  # fmt: skip
    found = {}
    for workload in given.only:
        found[workload] = measure(url, workload, given)
        naive, indexed, ombud, floor = (found[workload][name][0] for name in VARIANTS)
        print(
            f"{workload:11} {naive:8.2f} {indexed:10.2f} {ombud:8.2f} {floor:8.2f}"
            f" {naive / ombud:13.2f} {indexed / ombud:14.2f} {ombud / floor:12.2f}",
            flush=True,
        )
    for workload, other, goal in (g for g in GOALS if g[0] in found):
        times = found[workload][other][0] / found[workload]["ombud"][0]
        verdict = "met" if times >= goal else "MISSED"
        print(f"goal: {workload} at least {goal} times {other}: {times:.2f}, {verdict}")
    factors = {n: s for n, (_, s) in found[given.only[-1]].items()}
    verdict = "met" if factors["ombud"] <= factors["indexed"] else "MISSED"
    print("space factor: " + ", ".join(f"{n} {s:.2f}" for n, s in factors.items()) + f", {verdict}")
    admin.execute("DROP DATABASE ombud_gdprbench WITH (FORCE)")


if __name__ == "__main__":
    main()
