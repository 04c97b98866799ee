"""Made-up data of the sports club: Berit keeps the list, Kari is a member, Ola has left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Final

from _data.dates import days_ago, just_due, just_due_by_year_end, on_last_day
from _data.fill import Mark, Row
from _data.people import People, Person
from sqlalchemy import Column, Date, ForeignKey, Integer, MetaData, String, Table

club = MetaData()
members = Table(
    "members",
    club,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(120)),
    Column("email", String(200), nullable=False, unique=True),
    Column("phone", String(40)),
    Column("address", String(200)),
    Column("born_on", Date),
    Column("joined_on", Date, nullable=False, index=True),
    Column("left_on", Date, index=True),
    Column("news_ok_on", Date, index=True),
    Column("news_stop_on", Date, index=True),
)
sessions = Table(
    "sessions",
    club,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("team", String(40), nullable=False),
    Column("held_on", Date, index=True),
)
attendance = Table(
    "attendance",
    club,
    Column("member_id", ForeignKey("members.id"), primary_key=True),
    Column("session_id", ForeignKey("sessions.id"), primary_key=True, index=True),
    Column("presence", String(20)),
)
invoices = Table(
    "invoices",
    club,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("member_id", ForeignKey("members.id"), nullable=False, index=True),
    Column("invoiced_on", Date, nullable=False, index=True),
    Column("wording", String(120), nullable=False),
    Column("amount", Integer, nullable=False),
)

TABLES: Final = {"club": club}

_TEAMS = ("Håndball jenter 14", "Fotball voksne", "Ski", "Trim for alle")
_FIRST_BULK_ID: Final = 1_000  # below are the marked rows


def rows(rng: Random, today: date, size: int) -> Iterator[Row]:
    """Yield about `size` rows: the marked ones, then a club's ordinary years."""
    people = People("NO", rng.getrandbits(32))
    made = 0
    for row in (*_marked(people, today), *_sessions(rng, today)):
        made += 1
        yield row
    numbers, invoice_ids = count(_FIRST_BULK_ID), count(_FIRST_BULK_ID)
    while made < size:
        for row in _member_with_life(rng, people, today, next(numbers), invoice_ids):
            made += 1
            yield row


def _sessions(rng: Random, today: date) -> Iterator[Row]:
    for number in range(100, 140):
        held = today - timedelta(days=(number - 100) * 5)
        yield sessions, {"id": number, "team": rng.choice(_TEAMS), "held_on": held}


def _member_with_life(
    rng: Random, people: People, today: date, number: int, ids: Iterator[int]
) -> Iterator[Row]:
    """Yield a member with attendance and an invoice for each year."""
    joined = days_ago(rng, today, 10, 2_500)
    left: date | None = joined + timedelta(days=int(rng.random() * 4_000))
    if left and left >= today:
        left = None
    news = joined if rng.random() < 0.4 else None
    values = _member(number, people.person(number), joined, left, news)
    if left and left <= just_due(today, years=1) and rng.random() < 0.8:
        # blanked by hand in time; name and address are on the invoices
        gone = {"email": f"sluttet-{number}@ravnlia.invalid", "phone": None, "born_on": None}
        values |= gone | {"news_ok_on": None}
    yield members, values
    if left is None:
        for session in rng.sample(range(100, 140), int(rng.random() * 12)):
            yield (
                attendance,
                {"member_id": number, "session_id": session, "presence": "til stede"},
            )
    day = joined
    while day < (left or today):
        yield invoices, _invoice(next(ids), number, day)
        day += timedelta(days=365)


def _member(
    number: int, person: Person, joined: date, left: date | None, news: date | None = None
) -> dict[str, object]:
    return {
        "id": number,
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "address": person.address,
        "born_on": person.born_on,
        "joined_on": joined,
        "left_on": left,
        "news_ok_on": news,
        "news_stop_on": None,
    }


def _invoice(id_: int, member: int, day: date) -> dict[str, object]:
    return {
        "id": id_,
        "member_id": member,
        "invoiced_on": day,
        "wording": f"Kontingent {day.year}",
        "amount": 600,
    }


def _marked(people: People, today: date) -> Iterator[Row]:
    due, last = just_due(today, years=1), on_last_day(today, years=1)
    over = just_due_by_year_end(today, years=5)
    old = over - timedelta(days=30)
    two_years = just_due(today, years=2)
    known: tuple[tuple[int, str, date | None, dict[str, object]], ...] = (
        (1, "Berit Ravnli", None, {}),
        (2, "Kari Fossmo", None, {"news_ok_on": old}),
        (3, "Ola Tindvang", two_years, {}),  # left two years ago; the last invoice stays
        (4, "", due, {}),
        (5, "", last, {}),
        (6, "", due, {"news_ok_on": old}),  # still reads the newsletter
        (7, "", due, {"news_ok_on": old, "news_stop_on": due}),
    )
    for number, name, left, more in known:
        values = _member(number, people.person(number), old, left) | more
        first = name.partition(" ")[0].lower()
        named = {"name": name, "email": f"{first}@post.example"} if name else {}
        yield members, values | named
    for number, held in ((1, just_due(today, months=6)), (2, on_last_day(today, months=6))):
        yield sessions, {"id": number, "team": _TEAMS[0], "held_on": held}
        yield attendance, {"member_id": 2, "session_id": number, "presence": "til stede"}
    for id_, member, day in ((1, 2, over), (2, 2, over + timedelta(days=1)), (3, 3, two_years)):
        yield invoices, _invoice(id_, member, day)


def _mark(table: str, key: int | tuple[int | str, ...], *rest: object) -> Mark:
    keys = key if isinstance(key, tuple) else (key,)
    return Mark(table, keys, *rest)  # type: ignore[arg-type]  # the rest is Mark's own


MARKED: Final = {
    "Berit": _mark("club.members", 1, "kept", "is a member"),
    "Kari": _mark("club.members", 2, "kept", "is a member"),
    "Ola": _mark(
        "club.members",
        3,
        "blanked",
        "the invoice keeps name and address",
        ("email", "phone", "born_on"),
    ),
    "member due": _mark("club.members", 4, "erased", "left a year and a day ago"),
    "member on the last day": _mark("club.members", 5, "kept", "left a year ago today"),
    "member who reads the newsletter": _mark(
        "club.members", 6, "blanked", "the consent keeps the rest", ("phone", "address", "born_on")
    ),
    "member who no longer does": _mark("club.members", 7, "erased", "withdrawn"),
    "attendance due": _mark("club.attendance", (2, 1), "erased", "half a year and a day"),
    "attendance on its last day": _mark("club.attendance", (2, 2), "kept", "half a year today"),
    "invoice over": _mark("club.invoices", 1, "erased", "five years after its year"),
    "invoice to be kept": _mark("club.invoices", 2, "kept", "first day of a year to keep"),
}
