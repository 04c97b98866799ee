"""How many are concerned by a change is never said to be fewer than there can be.

Method: maps with tables that tell of the same people, of others, or of nobody new; an observation
gives each a number of rows.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ombud.evidence import Observation, RuleSeen, TableSeen
from ombud.evidence.concerned import Concerned, concerned
from ombud.policy import parse_policy
from ombud.systems import parse_systems
from unit.policy.written import ON, SMALL

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
POLICY = parse_policy(
    SMALL.replace(
        "guests: {title: Guests}", "guests: {title: Guests}\n  hosts: {title: Hosts}"
    ).replace("about: guests", "about: [guests, hosts]"),
    "policy.yaml",
    ON,
)
HOUSE = """\
systems:
  house:
    url: sqlite://
    tables:
      guests:
        serves: {visits: {clocks: {left: left_on}}}
        subjects: {guest: {email: email, id: id}}
        columns: {name: name}
        not_personal: [id, email, left_on]
"""
STAYS = """\
      stays:
        belongs_to: {guests: guest_id}
        columns: {note: name}
        not_personal: [id, guest_id]
"""
CARDS = """\
      cards:
        refers_to: {guests: guest_id}
        serves: {visits: {clocks: {left: given_on}}}
        subjects: {guest: {email: guests.email, id: guest_id}}
        columns: {shown: name}
        not_personal: [id, guest_id, given_on]
"""
HOSTS = """\
      hosts:
        belongs_to: {guests: guest_id}
        subjects: {host: {phone: phone}}
        columns: {name: name}
        not_personal: [id, guest_id, phone]
"""
SIGNED = """\
      signed:
        serves: {visits: {clocks: {left: signed_on}}}
        subjects: {guest: {email: email}}
        columns: {name: name}
        not_personal: [id, email, signed_on]
"""
BOOK = """\
  book:
    reach: outside
    serves: [visits]
    tasks: {tear: {by: Porter, every: 1 month}}
"""


def counted(text: str, **alive: int) -> Concerned:
    """Return who is concerned where each table has so many rows, all of which live."""
    systems = parse_systems(text, "systems.yaml", POLICY)
    tables = {
        name: TableSeen(
            alive[name],
            {"visits": RuleSeen(alive=alive[name])} if table.serves else {},
        )
        for name, table in systems.systems["house"].tables.items()
    }
    seen = {"house": Observation("house", date(2026, 11, 24), AT, tables)}
    return concerned(POLICY, systems, seen, ("guests",))


@pytest.mark.parametrize(
    ("text", "alive", "rows", "persons"),
    [
        pytest.param(HOUSE, {"guests": 3}, {"house.guests": 3}, True, id="a-row-is-a-person"),
        pytest.param(
            HOUSE + STAYS, {"guests": 3, "stays": 90}, {"house.guests": 3}, True, id="no-subject"
        ),
        pytest.param(
            HOUSE + CARDS,
            {"guests": 3, "cards": 9},
            {"house.guests": 3},
            True,
            id="the-same-people",
        ),
        pytest.param(
            HOUSE + HOSTS,
            {"guests": 3, "hosts": 5},
            {"house.guests": 3, "house.hosts": 5},
            False,
            id="others-in-a-table-that-belongs-to-it",
        ),
        pytest.param(
            HOUSE + SIGNED,
            {"guests": 3, "signed": 7},
            {"house.guests": 3, "house.signed": 7},
            False,
            id="others-in-a-table-of-its-own",
        ),
    ],
)
def test_rows_that_can_tell_of_somebody_new_are_counted(
    text: str, alive: dict[str, int], rows: dict[str, int], persons: bool
) -> None:
    found = counted(text, **alive)
    assert (found.rows, found.persons, found.uncounted) == (rows, persons, ())
    assert found.at_most == sum(rows.values())


def test_a_system_that_nobody_can_measure_is_named() -> None:
    assert counted(HOUSE + BOOK, guests=3).uncounted == ("book",)


def test_nothing_measured_is_nothing_counted() -> None:
    systems = parse_systems(HOUSE, "systems.yaml", POLICY)
    found = concerned(POLICY, systems, {}, ("guests",))
    assert (found.rows, found.at, found.uncounted) == ({}, None, ("house",))
