"""The records and the four workloads of GDPRbench, as its paper mixes them.

Records are made of numbers alone. Two things are other than in the published data: what is known of
a purpose (who decides, who gets it, from whom it comes) is the same for all records of the purpose,
since that is what a privacy policy says; and a record expires at a second of its own, so that a
deletion by time finds some records and not all.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

PURPOSES, USERS, OBJECTIONS = 25, 10_000, 100
PER_PURPOSE = {"dec": 2, "acl": 10, "shr": 10, "src": 10, "cat": 10}
"""Column to how many values it has; a purpose decides which."""
HORIZON_S = 1_000_000  # records expire evenly over so many seconds
LOGS_MAX = 1000


@dataclass(frozen=True)
class Operation:
    """One operation: its kind, and the number and value that it is about."""

    kind: str
    number: int
    value: int = 0


MIXES: dict[str, dict[str, float]] = {
    "controller": {
        "create": 0.25,
        "delete_by_key": 0.25 / 3,
        "delete_by_ttl": 0.25 / 3,
        "delete_by_usr": 0.25 / 3,
        "update_meta_by_pur": 0.25,
        "update_meta_by_usr": 0.25,
    },
    "customer": {
        "read_data_by_usr": 0.2,
        "read_meta_by_key": 0.2,
        "update_data_by_key": 0.2,
        "update_meta_by_key": 0.2,
        "delete_by_key": 0.2,
    },
    "processor": {
        "read_data_by_key": 0.8,
        "read_data_by_pur": 0.2 / 3,
        "read_data_by_obj": 0.2 / 3,
        "read_data_by_dec": 0.2 / 3,
    },
    "regulator": {"read_meta_by_usr": 0.46, "read_logs": 0.31, "verify_deletion": 0.23},
}
ZIPF = ("customer", "processor", "regulator")


def record(key: int) -> dict[str, object]:
    """Return a record: the key decides everything."""
    purpose = key % PURPOSES
    return {
        "key": key,
        "usr": key % USERS,
        "pur": purpose,
        "obj": key // USERS % OBJECTIONS,
        "expires": key * 7919 % HORIZON_S,
        "data": f"{key:0100d}",
        **{name: purpose % values for name, values in PER_PURPOSE.items()},
    }


def operations(workload: str, records: int, count: int, clients: int) -> list[list[Operation]]:
    """Return what each client does, in order.

    Clients share no user and no purpose, so that what is left in the end does not depend on who
    comes first, and can be compared.
    """
    chance = random.Random(f"{workload} {records} {count}")
    mix = MIXES[workload]
    skewed = workload in ZIPF
    lists: list[list[Operation]] = [[] for _ in range(clients)]
    new, ttl = records, 0
    for turn in range(count):
        client = turn % clients
        [kind] = chance.choices([*mix], [*mix.values()])
        number = _key(chance, records, clients, client, skewed=skewed)
        if kind == "create":
            number = next(_own(new, clients, client))
            new = number + clients
        elif kind == "delete_by_ttl":
            client, ttl = 0, ttl + 200
            number = ttl
        elif kind.endswith("_pur"):
            number = chance.randrange(PURPOSES)
            client = number % clients
        elif kind.endswith("_usr"):
            number %= USERS
        elif kind == "read_data_by_obj":
            number = chance.randrange(OBJECTIONS)
        elif kind == "read_data_by_dec":
            number = chance.randrange(PER_PURPOSE["dec"])
        elif kind == "read_logs":
            number = chance.randint(1, LOGS_MAX)
        lists[client].append(Operation(kind, number, chance.randrange(10)))
    return lists


def _own(start: int, clients: int, client: int) -> Iterator[int]:
    """Yield the keys from a start on whose user is the client's."""
    key = start
    while True:
        if key % USERS % clients == client:
            yield key
        key += 1


def _key(chance: random.Random, records: int, clients: int, client: int, *, skewed: bool) -> int:
    """Return a key whose user is the client's; skewed: a few come again and again."""
    rank = int(records ** chance.random()) - 1 if skewed else chance.randrange(records)
    spread = rank * 7919 % records if skewed else rank
    return next(_own(spread, clients, client)) % records
