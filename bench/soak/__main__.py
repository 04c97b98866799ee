"""Kill a real sweep again and again, and see that the next run always ends the same.

    python bench/soak URL [URL ...] [--kills 20] [--copies 40] [--seed 1]

Each URL is an administrator's of a PostgreSQL or MariaDB server, or `sqlite://`; two databases
`ombud_soak_crm` and `ombud_soak_shop` are made there and dropped. Exits with 1 where anything was
lost, doubled, wrongly erased, or said to be done that was not.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from crash.kills import Killed, Killing
from crash.world import SYSTEMS


@contextmanager
def databases(url: str, folder: Path) -> Iterator[dict[str, str]]:
    """Give the URLs of two empty databases, and drop them afterwards."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        yield {system: f"sqlite:///{folder}/{system}.sqlite" for system in SYSTEMS}
        return
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool, isolation_level="AUTOCOMMIT")
    names = {system: f"ombud_soak_{system}" for system in SYSTEMS}
    with engine.connect() as connection:
        for name in names.values():
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield {
            system: parsed.set(database=name).render_as_string(hide_password=False)
            for system, name in names.items()
        }
    finally:
        with engine.connect() as connection:
            for name in names.values():
                connection.exec_driver_sql(f"DROP DATABASE {name}")


def soak(url: str, kills: int, copies: int, seed: int) -> list[Killed]:
    """Kill as often as asked; print how it goes."""
    kind = sa.make_url(url).get_backend_name()
    die = random.Random(f"{seed} {kind}")
    found: list[Killed] = []
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ombud-soak-") as name:
        folder = Path(name)
        with databases(url, folder) as urls:
            killing = Killing(folder / "work", urls)
            killing.prepare(copies)
            for number in range(kills):
                killed = killing.trial(die, "sweep" if number % 2 else "apply")
                found.append(killed)
                for fault in killed.faults:
                    sys.stdout.write(f"{kind} kill {number} ({killed.verb}): {fault}\n")
    proved = Counter(each.proved for each in found if each.alive)
    spread = ", ".join(f"{n} after {steps}" for steps, n in sorted(proved.items()))
    sys.stdout.write(
        f"{kind}: {kills} kills in {time.monotonic() - began:.0f} s, work {killing.work_s:.2f} s; "
        f"{sum(proved.values())} while it ran ({spread} steps proved); "
        f"{sum(bool(each.faults) for each in found)} with faults\n"
    )
    return found


def main() -> int:
    """Soak every database that is named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("urls", nargs="+", metavar="URL")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--copies", type=int, default=40, help="of the small world; 7 members each")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    found = [k for url in asked.urls for k in soak(url, asked.kills, asked.copies, asked.seed)]
    return int(any(each.faults for each in found))


if __name__ == "__main__":
    sys.exit(main())
