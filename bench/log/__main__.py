"""Measure the log: appending, verifying, and finding every change.

    python bench/log [--entries 1000000] [--mutations 10000] [--postgres URL] [--folder DIR]
                     [--appended]

Each figure stands beside its floor, written by hand and measured in the same run: what the machine
gives without Ombud. Rates are per second of the clock and per second of processor time (the sturdy
one where other programs run); the best of three short runs, the only run of a long one.
"""

from __future__ import annotations

import argparse
import functools
import gc
import importlib.util
import json
import random
import resource
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import ModuleType

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ombud.errors import OmbudError
from ombud.evidence import Checkpoints, Draft, Log, verify_export, verify_store
from ombud.evidence.entry import Json, entry_text, instant_text
from ombud.evidence.merkle import TILE, Frontier, leaf_hash
from ombud.evidence.note import Checkpoint, PublicKey, sign
from ombud.evidence.tiles import ENTRIES, Tile, TileWriter, bundle
from ombud.store import Seal, open_store

SELF, CHILDREN = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "internals" / "verify_export.py"
GOAL_MEMORY, GOAL_DURABLE, GOAL_VERIFY_10M_S = 100_000, 20_000, 30


def draft(number: int, batch: int = 0) -> Draft:
    """Return what a step of a sweep logs when it is done."""
    body: dict[str, Json] = {
        "action": "erase",
        "caps": [],
        "count": number % 500,
        "plan": "ab" * 32,
        "rules": ["events"],
        "system": "crm",
        "table": "contacts",
    }
    return Draft("done", body, "crm.contacts", f"done:{batch}:{number}")


@dataclass(frozen=True)
class Rate:
    """How much was done in a second of the clock, and in a second of a processor's work."""

    wall: float
    cpu: float


def processor_s() -> float:
    """Return the processor time of this process and of the children that have ended."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (SELF, CHILDREN))


def best(count: int, work: Callable[[], object], runs: int = 3) -> Rate:
    """Return the best rates of some runs."""
    walls, cpus = [], []
    for _ in range(runs):
        gc.collect()
        began, worked = time.perf_counter(), processor_s()
        work()
        walls.append(count / (time.perf_counter() - began))
        cpus.append(count / max(processor_s() - worked, 1e-9))
    return Rate(max(walls), max(cpus))


def say(what: str, rate: Rate, floor: Rate | None = None, goal: float = 0) -> None:
    """Print one line of the table; cost is processor time, as a multiple of the floor's."""
    line = f"{what:<42}{rate.wall:>11,.0f}/s {rate.cpu:>11,.0f}/cpu s"
    if floor:
        line += f"  floor {floor.wall:>9,.0f}/s, cost {floor.cpu / rate.cpu:5.2f}x"
    if goal:
        line += f"  goal {goal:,.0f}/s: {'met' if rate.wall >= goal else 'MISSED'}"
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def most(rates: list[Rate]) -> Rate:
    """Return the best of each."""
    return Rate(max(rate.wall for rate in rates), max(rate.cpu for rate in rates))


# ------------------------------------------------------------------ appending


def in_memory(count: int) -> None:
    """Measure the tree alone, and entries spelt, hashed and put into the tree."""
    texts = [entry_text(draft(n), instant_text(NOW), {}).encode() for n in range(count)]

    def hashes() -> None:
        for text in texts:
            sha256(b"\x01" + sha256(b"\x00" + text).digest() + bytes(32)).digest()

    def tree() -> None:
        frontier = Frontier()
        for text in texts:
            frontier.append(leaf_hash(text))

    def dumps() -> None:
        at = instant_text(NOW)
        for each in drafts:
            text = json.dumps(
                {"at": at, "body": each.body, "kind": each.kind, "once": each.once},
                sort_keys=True,
                separators=(",", ":"),
            )
            sha256(b"\x01" + sha256(b"\x00" + text.encode()).digest() + bytes(32)).digest()

    def spelt() -> None:
        at = instant_text(NOW)
        frontier = Frontier()
        for each in drafts:
            frontier.append(leaf_hash(entry_text(each, at, {}).encode()))

    say("tree in memory", best(count, tree), best(count, hashes), GOAL_MEMORY)
    drafts = [draft(n) for n in range(count)]
    say("entries spelt and in the tree", best(count, spelt), best(count, dumps), GOAL_MEMORY)


def floor_sqlite(path: Path, count: int, batch: int) -> Rate:
    """Insert the same rows by hand, as durably."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(
        "CREATE TABLE e (idx INTEGER PRIMARY KEY, kind TEXT, about TEXT, once TEXT UNIQUE, "
        "at TEXT, entry TEXT)"
    )
    connection.execute("CREATE INDEX ka ON e (kind, about, idx)")
    connection.execute("CREATE INDEX k ON e (kind, idx)")
    text, at = entry_text(draft(0), instant_text(NOW), {}), str(NOW)
    rows = [(n, "done", "crm.contacts", f"done:0:{n}", at, text) for n in range(count)]

    def insert() -> None:
        for start in range(0, count, batch):
            connection.execute("BEGIN IMMEDIATE")
            some = rows[start : start + batch]
            connection.executemany("INSERT INTO e VALUES (?, ?, ?, ?, ?, ?)", some)
            connection.execute("COMMIT")

    rate = best(count, insert, runs=1)
    connection.close()
    return rate


def appended(url: str, workspace: Path, count: int, batch: int) -> Rate:
    """Append to a log, in batches that are each on disk."""
    log = Log(open_store(url, create=True, workspace=workspace))
    first = log.head().size
    batches = [[draft(n, first) for n in range(at, at + batch)] for at in range(0, count, batch)]

    def append() -> None:
        for each in batches:
            log.append(each, at=NOW)

    rate = best(count, append, runs=1)
    log.store.close()
    return rate


def durable(folder: Path, postgres: str | None, share: float) -> None:
    """Measure appending for good, beside hand-written inserts."""
    for batch, most_entries in ((1, 2_000), (100, 40_000), (1000, 100_000)):
        count = max(batch, int(most_entries * share))
        rates, floors = [], []
        for run in range(3):
            name = f"{batch}-{run}"
            floors.append(floor_sqlite(folder / f"floor-{name}.db", count, batch))
            rates.append(appended(f"sqlite:///log-{name}.db", folder, count, batch))
        goal = GOAL_DURABLE if batch == 100 else 0
        say(f"durable, SQLite, batches of {batch}", most(rates), most(floors), goal)
        if postgres:
            rates = [appended(postgres, folder, count, batch) for _ in range(3)]
            say(f"durable, PostgreSQL, batches of {batch}", most(rates))
    say(
        "SQLite in memory, batches of 1000",
        appended("sqlite://", folder, int(100_000 * share), 1000),
    )


# ------------------------------------------------------------------ verifying


def write_export(folder: Path, count: int) -> str:
    """Write an export of many entries without a database; return its vkey."""
    at, writer, frontier = instant_text(NOW), TileWriter(folder), Frontier()
    for number in range(-(-count // TILE)):
        entries = [
            entry_text(draft(n), at, {}).encode()
            for n in range(number * TILE, min(count, (number + 1) * TILE))
        ]
        leaves = [leaf_hash(entry) for entry in entries]
        for leaf in leaves:
            frontier.append(leaf)
        writer.add(leaves)
        writer.write(Tile(ENTRIES, number, len(entries)), bundle(entries))
    writer.close()
    private = Ed25519PrivateKey.generate()
    public = PublicKey("bench/log", private.public_key().public_bytes_raw())
    note = sign(str(Checkpoint("bench/log", count, frontier.root())), public.name, private)
    for name, text in (("checkpoint", note), ("vkey", f"{public}\n"), ("payloads", "")):
        (folder / name).write_text(text, "utf-8", newline="\n")
    return str(public)


def append_export(folder: Path, count: int, export: Path) -> str:
    """Append many entries, export the log, and measure both; return its vkey."""
    log = Log(open_store("sqlite:///large.db", create=True, workspace=folder))
    drafts = ((start, min(count, start + 1000)) for start in range(0, count, 1000))

    def append() -> None:
        for start, end in drafts:
            log.append([draft(n) for n in range(start, end)], at=NOW)

    checkpoints = Checkpoints(log, Seal("k" * 32, log.store.seal_salt()))
    say(f"{count:,} appended, batches of 1000", best(count, append, runs=1))
    rate = best(count, lambda: checkpoints.export(export, at=NOW), runs=1)
    say(f"{count:,} exported from SQLite", rate)
    say(f"{count:,} verified in SQLite", best(count, lambda: verify_store(log), runs=1))
    vkey = checkpoints.vkey()
    log.store.close()
    return vkey


def floor_read(folder: Path, count: int) -> None:
    """Read every bundle and hash each entry and one node, in one process: the least there is."""
    unpack = struct.Struct(">H").unpack_from
    for number in range(-(-count // TILE)):
        tile = Tile(ENTRIES, number, min(TILE, count - number * TILE))
        data, at = (folder / tile.path).read_bytes(), 0
        while at < len(data):
            end = at + 2 + unpack(data, at)[0]
            sha256(b"\x01" + sha256(b"\x00" + data[at + 2 : end]).digest() + bytes(32)).digest()
            at = end


def verifying(folder: Path, count: int, *, appended: bool) -> None:
    """Measure both verifiers on an export, each beside one process that only hashes.

    Args:
        appended: The export is that of a log that was appended to, instead of one that the same
            writer of tiles made of entries that no database ever held.
    """
    export = folder / "export"
    vkey = append_export(folder, count, export) if appended else write_export(export, count)
    floor = best(count, lambda: floor_read(export, count), runs=1)
    goal = 10_000_000 / GOAL_VERIFY_10M_S
    ours = best(count, lambda: verify_export(export, [vkey]), runs=1)
    say("verified by Ombud", ours, floor, goal)
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(export), vkey]

    def script() -> None:
        subprocess.run(command, check=True, capture_output=True)

    say("verified by the independent script", best(count, script, runs=1), floor, goal)
    shutil.rmtree(export)


def stored(folder: Path, count: int) -> None:
    """Measure verifying and exporting where the log lies."""
    log = Log(open_store("sqlite:///stored.db", create=True, workspace=folder))
    for start in range(0, count, 10_000):
        log.append([draft(n) for n in range(start, min(count, start + 10_000))], at=NOW)
    checkpoints = Checkpoints(log, Seal("k" * 32, log.store.seal_salt()))
    say(f"{count:,} verified in SQLite", best(count, lambda: verify_store(log), runs=1))
    target = folder / "stored"
    rate = best(count, lambda: checkpoints.export(target, at=NOW), runs=1)
    say(f"{count:,} exported from SQLite", rate)
    log.store.close()
    shutil.rmtree(target)


# ------------------------------------------------------------------ mutations


def script_module() -> ModuleType:
    """Return the independent verifier."""
    spec = importlib.util.spec_from_file_location("verify_export_script", SCRIPT)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def split(content: bytes) -> list[bytes]:
    """Return the entries of a bundle."""
    found, at = [], 0
    while at < len(content):
        end = at + 2 + int.from_bytes(content[at : at + 2], "big")
        found.append(content[at + 2 : end])
        at = end
    return found


class Mutations:
    """Changes an export at random, puts it right again, and counts what is found."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self._chance = random.Random(seed)
        self._files = {p: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
        self._bundles = [p for p in self._files if "entries" in p.parts]

    def each(self, count: int) -> Iterator[str]:
        """Yield the kind of each change while it stands."""
        kinds = [self.bit, self.order, self.deletion, self.insertion, self.truncation]
        weights = [6, 1, 1, 1, 1]
        for _ in range(count):
            [kind] = self._chance.choices(kinds, weights)
            path, content = kind()
            if content is None:
                path.unlink()
            else:
                path.write_bytes(content)
            yield kind.__name__
            path.write_bytes(self._files[path])

    def bit(self) -> tuple[Path, bytes]:
        """Flip a bit anywhere; each byte of the export is as likely as each other."""
        sizes = [len(content) for content in self._files.values()]
        [path] = self._chance.choices(list(self._files), sizes)
        content = bytearray(self._files[path])
        at = self._chance.randrange(len(content) * 8)
        content[at // 8] ^= 1 << at % 8
        return path, bytes(content)

    def order(self) -> tuple[Path, bytes]:
        """Swap two entries of a bundle, or two whole lines of payloads."""
        path = self._chance.choice([*self._bundles, self.folder / "payloads"])
        if path.name == "payloads":
            lines = self._files[path].splitlines(keepends=True)
            one, two = self._chance.sample(range(len(lines)), 2)
            lines[one], lines[two] = lines[two], lines[one]
            return path, b"".join(lines)
        entries = split(self._files[path])
        one, two = self._chance.sample(range(len(entries)), 2)
        entries[one], entries[two] = entries[two], entries[one]
        return path, bundle(entries)

    def deletion(self) -> tuple[Path, bytes | None]:
        """Delete an entry, a payload or a file."""
        path = self._chance.choice([*self._bundles, *self._files])
        if path in self._bundles and self._chance.random() < 0.8:
            entries = split(self._files[path])
            del entries[self._chance.randrange(len(entries))]
            return path, bundle(entries)
        if path.name == "payloads":
            lines = self._files[path].splitlines(keepends=True)
            del lines[self._chance.randrange(len(lines))]
            return path, b"".join(lines)
        return path, None

    def insertion(self) -> tuple[Path, bytes]:
        """Put an entry into a bundle a second time."""
        path = self._chance.choice(self._bundles)
        entries = split(self._files[path])
        entries.insert(self._chance.randrange(len(entries)), self._chance.choice(entries))
        return path, bundle(entries)

    def truncation(self) -> tuple[Path, bytes]:
        """Cut the end off a file."""
        path = self._chance.choice([p for p, content in self._files.items() if content])
        return path, self._files[path][: self._chance.randrange(len(self._files[path]))]


def mutated(folder: Path, count: int, entries: int) -> None:
    """Count the changes that each verifier finds; print those that one does not."""
    log = Log(open_store("sqlite://", create=True))
    checkpoints = Checkpoints(log, Seal("k" * 32, log.store.seal_salt()))
    shorter = [folder / f"shorter-{number}" for number in range(4)]
    for number, each in enumerate([*shorter, None]):
        log.append([draft(n, number) for n in range((entries - 500) // 5)], at=NOW)
        if each is not None:
            checkpoints.export(each, at=NOW)
    held = [checkpoints.sign_head(at=NOW)]
    more = [
        Draft("x", {"n": n}, payloads={"by": f"Berit {n}"} if n % 5 == 0 else {})
        for n in range(499)
    ]
    log.append(more, at=NOW)
    log.erase_payload(entries - 500 + 5, at=NOW)
    export = folder / "mutated"
    checkpoints.export(export, at=NOW)
    vkey, script = checkpoints.vkey(), script_module()
    script.signed = functools.cache(
        script.signed
    )  # three signatures, checked by hand: the slow part
    kinds: dict[str, int] = {}
    found = {"Ombud": 0, "the script": 0}

    def count_it(kind: str, changed: Path) -> None:
        kinds[kind] = kinds.get(kind, 0) + 1
        for name, verify in (
            ("Ombud", lambda: verify_export(changed, [vkey], held=held, workers=1)),
            ("the script", lambda: script.verify(changed, vkey, [note.encode() for note in held])),
        ):
            try:
                verify()
            except (OmbudError, OSError, ValueError, KeyError, TypeError):
                found[name] += 1

    verify_export(export, [vkey], held=held)
    script.verify(export, vkey, [note.encode() for note in held])
    for kind in Mutations(export, seed=2026).each(count):
        count_it(kind, export)
    for each in shorter:  # signed, and whole in itself: only the held checkpoint tells
        verify_export(each, [vkey])
        count_it("cut off behind a held checkpoint", each)
    total = sum(kinds.values())
    for name, number in found.items():
        sys.stdout.write(f"mutations found by {name}: {number:,} of {total:,}\n")
    sys.stdout.write(f"  {kinds}\n")
    if set(found.values()) != {total}:
        sys.exit("some were not found")


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--mutations", type=int, default=10_000)
    parser.add_argument("--postgres")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--appended", action="store_true", help="append what is verified")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        folder = Path(name)
        if asked.entries:
            share = min(1.0, asked.entries / 1_000_000)  # of the shorter measurements
            in_memory(int(200_000 * share))
            durable(folder, asked.postgres, share)
            stored(folder, min(asked.entries, 1_000_000))
            verifying(folder, asked.entries, appended=asked.appended)
        if asked.mutations:
            mutated(folder, asked.mutations, min(10_000, asked.entries or 10_000))


if __name__ == "__main__":
    main()
