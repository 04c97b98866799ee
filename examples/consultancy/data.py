"""Made-up data of the consulting group: customers, projects and time, visits and cameras, courses.

Every system of the map that has a database, in the tables that its programs would have made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import accumulate, count
from random import Random
from typing import Final

from _data.dates import (
    at,
    days_ago,
    in_utc,
    just_due,
    just_due_by_year_end,
    moment,
    on_last_day,
)
from _data.fill import Mark, Row
from _data.people import People, Person, written_email, written_phone
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

ZONE: Final = "Europe/Copenhagen"
YEAR_END: Final = (6, 30)  # of the financial year

# ------------------------------------------------------------------ crm

crm = MetaData()
customers = Table(
    "customers",
    crm,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(12), nullable=False),
    Column("name", String(160)),
    Column("owner", String(120)),
    Column("address", String(200)),
    Column("phone", String(40), nullable=False),
    Column("email", String(200), nullable=False, unique=True),
    Column("status", String(10), nullable=False),
    Column("created_on", Date, nullable=False, index=True),
)
contacts = Table(
    "contacts",
    crm,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("customer_id", ForeignKey("customers.id"), nullable=False, index=True),
    Column("name", String(120)),
    Column("title", String(80)),
    Column("phone", String(40)),
    Column("email", String(200), index=True),
    Column("created_on", Date, nullable=False, index=True),
)
assignments = Table(
    "assignments",
    crm,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("customer_id", ForeignKey("customers.id"), nullable=False, index=True),
    Column("project_code", String(20), nullable=False),
    Column("started_on", Date, nullable=False),
    Column("last_work_on", Date, index=True),
)
invoices = Table(
    "invoices",
    crm,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("customer_id", ForeignKey("customers.id"), nullable=False, index=True),
    Column("attention", String(120)),
    Column("issued_on", Date, nullable=False, index=True),
    Column("amount", BigInteger, nullable=False),  # øre
    Column("paid_on", Date),
)
invoice_lines = Table(
    "invoice_lines",
    crm,
    Column("invoice", ForeignKey("invoices.number", ondelete="CASCADE"), primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("wording", String(300)),
    Column("amount", BigInteger, nullable=False),
)
suppliers = Table(
    "suppliers",
    crm,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("company", String(160), nullable=False),
    Column("contact_name", String(120)),
    Column("title", String(80)),
    Column("phone", String(40)),
    Column("email", String(200), index=True),
    Column("agreement_from", Date),
    Column("agreement_ended_on", Date, index=True),
)

# ------------------------------------------------------------------ projects

projects_system = MetaData()
consultants = Table(
    "consultants",
    projects_system,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("initials", String(6), nullable=False),
    Column("name", String(120)),
    Column("email", String(200), index=True),
    Column("phone", String(40)),
    Column("hired_on", Date, nullable=False, index=True),
    Column("left_on", Date, index=True),
)
projects = Table(
    "projects",
    projects_system,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("code", String(20), nullable=False, unique=True),
    Column("title", String(160), nullable=False),
    Column("customer", String(160), nullable=False),
    Column("agreement", String(40)),
    Column("lead_id", ForeignKey("consultants.id", ondelete="SET NULL"), index=True),
    Column("continues_id", ForeignKey("projects.id", ondelete="SET NULL"), index=True),
    Column("began_on", Date, nullable=False, index=True),
    Column("closed_on", Date, index=True),
    Column("summary", Text),
)
project_people = Table(
    "project_people",
    projects_system,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("project_id", ForeignKey("projects.id"), nullable=False, index=True),
    Column("name", String(120)),
    Column("title", String(80)),
    Column("phone", String(40)),
    Column("email", String(200), index=True),
    Column("note", Text),
)
client_records = Table(
    "client_records",
    projects_system,
    Column("project_id", ForeignKey("projects.id"), primary_key=True),
    Column("record_no", Integer, primary_key=True, autoincrement=False),
    Column("name", String(120)),
    Column("title", String(80)),
    Column("email", String(200), index=True),
    Column("answer", Text),
)
time_entries = Table(
    "time_entries",
    projects_system,
    Column("consultant_id", ForeignKey("consultants.id"), primary_key=True),
    Column("work_date", Date, primary_key=True, index=True),
    Column("project_code", String(20), primary_key=True),
    Column("hours", Integer, nullable=False),
    Column("wording", String(200)),
)

# ------------------------------------------------------------------ premises, all in UTC

premises = MetaData()
visits = Table(
    "visits",
    premises,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("subject", String(200)),
    Column("starts_at", DateTime, nullable=False, index=True),
    Column("ends_at", DateTime),
    Column("visitor", String(120)),
    Column("company", String(160)),
    Column("visitor_email", String(200), index=True),
    Column("host", String(120)),
    Column("host_email", String(200), index=True),
)
cameras = Table(
    "cameras",
    premises,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("place", String(80), nullable=False),
    Column("sign_checked_on", Date),
)
incidents = Table(
    "incidents",
    premises,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("reported_at", DateTime, nullable=False),
    Column("what", Text),
    Column("police_reference", String(30)),
    Column("closed_on", Date, index=True),
)
recordings = Table(
    "recordings",
    premises,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("camera_id", ForeignKey("cameras.id"), nullable=False, index=True),
    Column("recorded_at", DateTime, nullable=False, index=True),
    Column("seconds", Integer, nullable=False),
    Column("file", String(200)),
    Column("incident_id", ForeignKey("incidents.id", ondelete="SET NULL"), index=True),
)

# ------------------------------------------------------------------ web

web = MetaData()
courses = Table(
    "courses",
    web,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("title", String(160), nullable=False),
    Column("began_on", Date),
    Column("ended_on", Date, index=True),
)
course_signups = Table(
    "course_signups",
    web,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("course_id", ForeignKey("courses.id"), nullable=False, index=True),
    Column("name", String(120)),
    Column("company", String(160)),
    Column("title", String(80)),
    Column("email", String(200), index=True),
    Column("phone", String(40)),
    Column("signed_up_at", DateTime, nullable=False, index=True),
    Column("attended", Boolean),
    Column("news_ok_at", DateTime, index=True),
    Column("news_stop_at", DateTime, index=True),
)
events = Table(
    "events",
    web,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("title", String(160), nullable=False),
    Column("ends_at", DateTime, index=True),
)
event_signups = Table(
    "event_signups",
    web,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("event_id", ForeignKey("events.id"), nullable=False, index=True),
    Column("name", String(120)),
    Column("company", String(160)),
    Column("title", String(80)),
    Column("email", String(200), index=True),
    Column("phone", String(40)),
    Column("signed_up_at", DateTime, nullable=False, index=True),
    Column("news_ok_at", DateTime, index=True),
    Column("news_stop_at", DateTime, index=True),
)
subscribers = Table(
    "subscribers",
    web,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(120)),
    Column("company", String(160)),
    Column("title", String(80)),
    Column("email", String(200), nullable=False, unique=True),
    Column("phone", String(40)),
    Column("subscribed_at", DateTime, index=True),
    Column("unsubscribed_at", DateTime, index=True),
)

TABLES: Final = {"crm": crm, "projects": projects_system, "premises": premises, "web": web}

# ------------------------------------------------------------------ words

_TITLES = ("Direktør", "Projektleder", "HR-chef", "Indkøber", "Afdelingsleder", "Økonomichef")
_PROJECTS = (
    "Ny organisation",
    "Effektive møder",
    "Bedre lager",
    "Salg i ny region",
    "Trivsel på værkstedet",
    "Fælles økonomisystem",
)
_SUMMARIES = (
    "Anbefaling: to afdelinger lægges sammen. Ledelsen har godkendt planen.",
    "Lageret er flyttet, og ventetiden er faldet med en tredjedel.",
    "Projektet blev stoppet efter analysen, fordi rammerne ændrede sig.",
)
_SUMMARY_MENTIONS = "Interview med {} ligger til grund."
_PEOPLE_NOTES = (
    "Deltog i alle tre workshops.",
    "Vil gerne høre om resultatet, når det er klar.",
    "Kender systemet fra tidligere.",
)
_ANSWERS = (
    "Jeg mangler tid til det, der er vigtigst.",
    "Samarbejdet med lageret er blevet bedre.",
    "Vi får for mange mails og for få svar.",
    "Jeg ville ønske, at møderne var kortere.",
)
_WORK = ("Workshop", "Analyse", "Interview", "Møde med styregruppen", "Rapport", "Rejsetid")
_SUBJECTS = ("Statusmøde", "Kontrakt", "Introduktion til kursus", "Jobsamtale", "Workshop")
_CAMERAS = ("Hovedindgang", "Reception", "Varegård", "Cykelkælder")
_INCIDENTS = (
    "To personer brød varegårdens port op og tog en palle.",
    "En cykel blev taget i kælderen. Ejeren har meldt det.",
    "En gæst faldt på trappen og gør krav på erstatning.",
)
_COURSES = ("Projektledelse i praksis", "Forandring uden modstand", "Tal for ikke-økonomer")
_EVENTS = ("Morgenmøde om ledelse", "Åbent hus", "Webinar om indkøb", "Netværk for HR")

_FIRST_BULK_ID: Final = 1_000  # below are the marked rows
_OWNER: Final = 0  # numbers of people end in the group's digit, so that no group meets another
_CONTACT: Final = 1
_SUPPLIER: Final = 2
_CONSULTANT: Final = 3
_PROJECT: Final = 4
_RESPONDENT: Final = 5
_VISITOR: Final = 6
_LEARNER: Final = 7
_PARTICIPANT: Final = 8
_SUBSCRIBER: Final = 9


def rows(rng: Random, today: date, size: int) -> Iterator[Row]:
    """Yield about `size` rows: the marked ones, then the group's ordinary years."""
    people = People("DK", rng.getrandbits(32))
    made = 0
    for row in _marked(people, today):
        made += 1
        yield row
    life = _Life(rng, people, today)
    # a unit and how often it comes, so that rows come in the mix of the comment
    units: tuple[tuple[Callable[[], Iterator[Row]], float], ...] = (
        (life.consultant, 0.0011),  # 35 % time entries
        (life.customer, 0.0090),  # 17 % customers, contacts, invoices
        (life.recording, 0.1500),  # 15 % recordings
        (life.project, 0.0038),  # 13 % project people, customers' material
        (life.visit, 0.0700),  # 7 % visits
        (life.event, 0.0016),  # 5 % event sign-ups
        (life.course, 0.0022),  # 4 % course sign-ups
        (life.subscriber, 0.0350),  # 3 %
        (life.supplier, 0.0080),  # 1 %
    )
    choices = [unit for unit, _ in units]
    weights = list(accumulate(weight for _, weight in units))
    while made < size:
        for row in rng.choices(choices, cum_weights=weights)[0]():
            made += 1
            yield row


class _Life:
    """What happens at the group: each method yields one unit, a parent before its children.

    Some of what is over was taken out or blanked by hand, some waits for the first sweep.
    """

    def __init__(self, rng: Random, people: People, today: date) -> None:
        self._rng, self._people, self._today = rng, people, today
        self._ids = {table: count(_FIRST_BULK_ID) for m in TABLES.values() for table in m.tables}
        self._numbers = {group: count(100) for group in range(10)}
        self._leads = [1]
        # a few months of papers are left from a year that is over
        over = just_due_by_year_end(today, years=5, end=YEAR_END)
        self._first_voucher = over - timedelta(days=60)

    def _next(self, group: int) -> Person:
        return self._people.person(next(self._numbers[group]) * 10 + group)

    def _chance(self, share: float) -> bool:
        return self._rng.random() < share

    def _days(self, most: int) -> timedelta:
        return timedelta(days=int(self._rng.random() * (most + 1)))

    def _past(self, day: date) -> date | None:
        return day if day < self._today else None

    # ---------------------------------------------------------------- customers and suppliers

    def customer(self) -> Iterator[Row]:
        """Yield a customer with contacts, assignments, invoices and their lines."""
        rng, today = self._rng, self._today
        number, owner = next(self._ids["customers"]), self._next(_OWNER)
        created = days_ago(rng, today, 5, 3_000)
        worked = sorted(created + self._days(max((today - created).days, 1)) for _ in range(3))
        worked = worked[: 1 + int(rng.random() * 3)]
        quiet = (today - worked[-1]).days
        status = "former" if quiet > 500 and self._chance(0.8) else "active"
        if status == "active" and self._chance(0.15):
            status = "paused"
        blank = status == "former" and self._chance(0.9)
        billed = [day for day in worked if day > self._first_voucher]
        if blank and not billed:
            return  # taken out by hand
        kind = "sole_trader" if self._chance(0.15) else "company"
        values = _customer(number, owner, kind, status, created, blank=blank)
        if not blank:
            shared = kind == "company" and self._chance(0.4)
            values["email"] = (
                f"info@{owner.company.domain}" if shared else written_email(rng, owner.email)
            )
            values["phone"] = written_phone(rng, owner.phone)
        yield customers, values
        names = [owner.name]
        for _ in range(0 if blank or kind == "sole_trader" else 1 + int(rng.random() * 4)):
            person = self._next(_CONTACT)
            names.append(person.name)
            yield contacts, self._contact(number, person, owner, created)
        for day in worked:
            last = self._past(day + self._days(90))
            id_ = next(self._ids["assignments"])
            yield assignments, _assignment(id_, number, day, last)
        for day in billed:
            yield from self._billed(number, rng.choice(names), day)

    def _contact(
        self, customer: int, person: Person, owner: Person, created: date
    ) -> dict[str, object]:
        values = _contact(next(self._ids["contacts"]), customer, person, created)
        values["email"] = f"{person.email.partition('@')[0]}@{owner.company.domain}"
        values["phone"] = written_phone(self._rng, person.phone)
        values["title"] = self._rng.choice(_TITLES)
        return values

    def _billed(self, customer: int, attention: str, day: date) -> Iterator[Row]:
        number = next(self._ids["invoices"])
        lines = 1 + int(self._rng.random() * 3)
        yield invoices, _invoice(number, customer, attention, day, self._today, lines)
        for line in range(1, lines + 1):
            yield _line(number, line, self._rng.choice(_WORK))

    def supplier(self) -> Iterator[Row]:
        """Yield a supplier's contact person."""
        began = days_ago(self._rng, self._today, 30, 3_000)
        ended = self._past(began + self._days(3_000)) if self._chance(0.6) else None
        if ended and ended <= just_due(self._today, years=3) and self._chance(0.8):
            return  # taken out by hand
        id_ = next(self._ids["suppliers"])
        yield suppliers, _supplier(id_, self._next(_SUPPLIER), began, ended)

    # ---------------------------------------------------------------- projects and time

    def consultant(self) -> Iterator[Row]:
        """Yield a consultant with time entries of several years."""
        rng, today = self._rng, self._today
        number, person = next(self._ids["consultants"]), self._next(_CONSULTANT)
        hired = days_ago(rng, today, 30, 4_000)
        left = self._past(hired + timedelta(days=60) + self._days(4_000))
        if left and left < self._first_voucher:
            left = None
        blank = bool(left and left <= just_due(today, months=3) and self._chance(0.85))
        yield consultants, _consultant(number, person, hired, left, blank=blank)
        if left is None:
            self._leads.append(number)
        # every third working day or so, so that a consultant is some hundred rows
        day = max(hired, self._first_voucher)
        while (day := day + timedelta(days=1 + int(rng.random() * 7))) <= (left or today):
            if day.weekday() < 5:
                code = f"P{1_000 + int(rng.random() * 400)}"
                yield time_entries, _entry(number, day, code, rng.choice(_WORK))

    def project(self) -> Iterator[Row]:
        """Yield a project with the people in it and the customer's material."""
        rng, today = self._rng, self._today
        number = next(self._ids["projects"])
        began = days_ago(rng, today, 5, 2_400)
        closed = self._past(began + timedelta(days=30) + self._days(400))
        if closed and closed <= just_due(today, years=5) and self._chance(0.7):
            return  # taken out by hand
        values = _project(number, began, closed)
        values["lead_id"] = rng.choice(self._leads)
        text = rng.choice(_SUMMARIES)
        if self._chance(0.3):
            text = f"{text} {_SUMMARY_MENTIONS.format(self._next(_PROJECT).name)}"
        values["summary"] = text if closed else None
        yield projects, values
        for _ in range(3 + int(rng.random() * 9)):
            person = self._next(_PROJECT)
            row = _project_person(next(self._ids["project_people"]), number, person)
            row["email"] = written_email(rng, person.email)
            row["note"] = rng.choice(_PEOPLE_NOTES) if self._chance(0.3) else None
            yield project_people, row
        returned = closed and closed <= just_due(today, days=90) and self._chance(0.9)
        for record in range(0 if returned else 10 + int(rng.random() * 120)):
            person = self._next(_RESPONDENT)
            yield client_records, _record(number, record + 1, person, rng.choice(_ANSWERS))

    # ---------------------------------------------------------------- premises

    def visit(self) -> Iterator[Row]:
        """Yield a visitor's calendar entry."""
        rng = self._rng
        starts = moment(rng, days_ago(rng, self._today, -30, 195))
        hours = int(rng.random() * 4)
        host = self._people.person((100 + int(rng.random() * 60)) * 10 + _CONSULTANT)
        ends = starts + timedelta(hours=hours) if hours else None
        id_ = next(self._ids["visits"])
        yield visits, _visit(id_, self._next(_VISITOR), host, starts, ends)

    def recording(self) -> Iterator[Row]:
        """Yield one recording of one camera; a few from the days before the recorder caught up."""
        rng = self._rng
        day = days_ago(rng, self._today, 0, 4 if self._chance(0.96) else 7)
        when = at(day, int(rng.random() * 24), int(rng.random() * 60))
        if when.date() == self._today:
            when = at(day, 0, int(rng.random() * 60))
        id_ = next(self._ids["recordings"])
        yield recordings, _recording(id_, 1 + int(rng.random() * len(_CAMERAS)), when)

    # ---------------------------------------------------------------- courses, events, newsletter

    def course(self) -> Iterator[Row]:
        """Yield a course with sign-ups; of old ones the numbers are left."""
        rng, today = self._rng, self._today
        number = next(self._ids["courses"])
        ended = days_ago(rng, today, -90, 900)
        yield courses, _course(number, ended)
        over = ended <= just_due(today, months=6)
        tidied = over and self._chance(0.9)
        for _ in range(5 + int(rng.random() * 25)):
            signed = moment(rng, min(ended - timedelta(days=10) - self._days(60), today))
            news = signed if self._chance(0.2) and not tidied else None
            values = _learner(
                next(self._ids["course_signups"]),
                number,
                self._next(_LEARNER),
                signed,
                news,
                blank=tidied,
            )
            values["attended"] = self._chance(0.9) if ended < today else None
            yield course_signups, values

    def event(self) -> Iterator[Row]:
        """Yield an event with sign-ups; some want the newsletter too."""
        rng, today = self._rng, self._today
        number = next(self._ids["events"])
        held = days_ago(rng, today, -60, 780)
        yield events, _event(number, at(held, 16, 30))
        for _ in range(8 + int(rng.random() * 45)):
            signed = moment(rng, min(held - self._days(40), today - timedelta(days=1)))
            news = signed if self._chance(0.25) else None
            stopped = None
            if news and self._chance(0.2):
                stopped = min(news + self._days(300), at(today, 8))
            yield (
                event_signups,
                _participant(
                    next(self._ids["event_signups"]),
                    number,
                    self._next(_PARTICIPANT),
                    signed,
                    news,
                    stopped,
                ),
            )

    def subscriber(self) -> Iterator[Row]:
        """Yield a subscriber to the newsletter; some unsubscribed and wait for the sweep."""
        rng = self._rng
        given: datetime | None = moment(rng, days_ago(rng, self._today, 1, 1_800))
        stopped = None
        if given and self._chance(0.05):
            stopped = min(given + self._days(900), at(self._today, 8))
        if self._chance(0.01):
            given = None  # never confirmed
        person = self._next(_SUBSCRIBER)
        values = _subscriber(next(self._ids["subscribers"]), person, given, stopped)
        values["email"] = written_email(rng, person.email)
        yield subscribers, values


# ------------------------------------------------------------------ one row each


def _customer(
    number: int, owner: Person, kind: str, status: str, created: date, *, blank: bool = False
) -> dict[str, object]:
    """Return a customer; `blank`: only what the vouchers need is left."""
    return {
        "id": number,
        "kind": kind,
        "name": owner.company.name if kind == "company" else owner.name,
        "owner": owner.name,
        "address": owner.address,
        "phone": "" if blank else owner.phone,
        "email": f"slettet-{number}@fjordhoej.invalid" if blank else owner.email,
        "status": status,
        "created_on": created,
    }


def _contact(id_: int, customer: int, person: Person, created: date) -> dict[str, object]:
    return {
        "id": id_,
        "customer_id": customer,
        "name": person.name,
        "title": _TITLES[id_ % len(_TITLES)],
        "phone": person.phone,
        "email": person.email,
        "created_on": created,
    }


def _assignment(id_: int, customer: int, started: date, last: date | None) -> dict[str, object]:
    return {
        "id": id_,
        "customer_id": customer,
        "project_code": f"P{id_}",
        "started_on": started,
        "last_work_on": last,
    }


def _invoice(
    number: int, customer: int, attention: str, day: date, today: date, lines: int = 1
) -> dict[str, object]:
    paid = day + timedelta(days=30)
    return {
        "number": number,
        "customer_id": customer,
        "attention": attention,
        "issued_on": day,
        "amount": 1_250_000 * lines,
        "paid_on": paid if paid < today else None,
    }


def _line(invoice: int, line: int, wording: str) -> Row:
    return (
        invoice_lines,
        {"invoice": invoice, "line": line, "wording": wording, "amount": 1_250_000},
    )


def _supplier(id_: int, person: Person, began: date, ended: date | None) -> dict[str, object]:
    return {
        "id": id_,
        "company": person.company.name,
        "contact_name": person.name,
        "title": _TITLES[id_ % len(_TITLES)],
        "phone": person.phone,
        "email": person.email,
        "agreement_from": began,
        "agreement_ended_on": ended,
    }


def _work_email(person: Person) -> str:
    return f"{person.email.partition('@')[0]}@fjordhoej.example"


def _consultant(
    number: int, person: Person, hired: date, left: date | None, *, blank: bool = False
) -> dict[str, object]:
    return {
        "id": number,
        "initials": f"{person.first[:1]}{person.last[:2]}".upper(),
        "name": person.name,
        "email": None if blank else _work_email(person),
        "phone": None if blank else person.phone,
        "hired_on": hired,
        "left_on": left,
    }


def _project(
    number: int, began: date, closed: date | None, continues: int | None = None
) -> dict[str, object]:
    return {
        "id": number,
        "code": f"P{number}",
        "title": _PROJECTS[number % len(_PROJECTS)],
        "customer": f"Kunde {number % 400:03d}",
        "agreement": f"DBA-{number}",
        "lead_id": 1,
        "continues_id": continues,
        "began_on": began,
        "closed_on": closed,
        "summary": _SUMMARIES[number % len(_SUMMARIES)] if closed else None,
    }


def _project_person(id_: int, project: int, person: Person) -> dict[str, object]:
    return {
        "id": id_,
        "project_id": project,
        "name": person.name,
        "title": _TITLES[id_ % len(_TITLES)],
        "phone": person.phone,
        "email": person.email,
        "note": None,
    }


def _record(project: int, number: int, person: Person, answer: str) -> dict[str, object]:
    return {
        "project_id": project,
        "record_no": number,
        "name": person.name,
        "title": _TITLES[number % len(_TITLES)],
        "email": person.email,
        "answer": answer,
    }


def _entry(consultant: int, day: date, code: str, wording: str) -> dict[str, object]:
    return {
        "consultant_id": consultant,
        "work_date": day,
        "project_code": code,
        "hours": 2 + day.day % 6,
        "wording": wording,
    }


def _visit(
    id_: int, person: Person, host: Person, starts: datetime, ends: datetime | None
) -> dict[str, object]:
    """Return a visit; times in local time, stored in UTC."""
    return {
        "id": id_,
        "subject": f"{_SUBJECTS[id_ % len(_SUBJECTS)]}, {person.company.name}",
        "starts_at": in_utc(starts, ZONE),
        "ends_at": in_utc(ends, ZONE) if ends else None,
        "visitor": person.name,
        "company": person.company.name,
        "visitor_email": person.email,
        "host": host.name,
        "host_email": _work_email(host),
    }


def _recording(
    id_: int, camera: int, when: datetime, incident: int | None = None
) -> dict[str, object]:
    """Return a recording; `when` in local time, stored in UTC."""
    return {
        "id": id_,
        "camera_id": camera,
        "recorded_at": in_utc(when, ZONE),
        "seconds": 300,
        "file": f"kamera{camera}/{id_}.mp4",
        "incident_id": incident,
    }


def _course(number: int, ended: date | None) -> dict[str, object]:
    return {
        "id": number,
        "title": _COURSES[number % len(_COURSES)],
        "began_on": ended - timedelta(days=2) if ended else None,
        "ended_on": ended,
    }


def _learner(
    id_: int,
    course: int,
    person: Person,
    signed: datetime,
    news: datetime | None = None,
    stopped: datetime | None = None,
    *,
    blank: bool = False,
) -> dict[str, object]:
    """Return a course sign-up; `blank`: only the statistics are left."""
    return {
        "id": id_,
        "course_id": course,
        "name": None if blank else person.name,
        "company": None if blank else person.company.name,
        "title": None if blank else _TITLES[id_ % len(_TITLES)],
        "email": None if blank else person.email,
        "phone": None if blank else person.phone,
        "signed_up_at": signed,
        "attended": True,
        "news_ok_at": news,
        "news_stop_at": stopped,
    }


def _event(number: int, ends: datetime | None) -> dict[str, object]:
    return {"id": number, "title": _EVENTS[number % len(_EVENTS)], "ends_at": ends}


def _participant(
    id_: int,
    event: int,
    person: Person,
    signed: datetime,
    news: datetime | None = None,
    stopped: datetime | None = None,
) -> dict[str, object]:
    return {
        "id": id_,
        "event_id": event,
        "name": person.name,
        "company": person.company.name,
        "title": _TITLES[id_ % len(_TITLES)],
        "email": person.email,
        "phone": person.phone,
        "signed_up_at": signed,
        "news_ok_at": news,
        "news_stop_at": stopped,
    }


def _subscriber(
    id_: int, person: Person, given: datetime | None, stopped: datetime | None
) -> dict[str, object]:
    return {
        "id": id_,
        "name": person.name,
        "company": person.company.name,
        "title": _TITLES[id_ % len(_TITLES)],
        "email": person.email,
        "phone": person.phone,
        "subscribed_at": given,
        "unsubscribed_at": stopped,
    }


# ------------------------------------------------------------------ rows at the edges


def _marked(people: People, today: date) -> Iterator[Row]:
    yield from _marked_customers(people, today)
    yield from _marked_suppliers(people, today)
    yield from _marked_projects(people, today)
    yield from _marked_time(people, today)
    yield from _marked_premises(people, today)
    yield from _marked_courses(people, today)
    yield from _marked_events(people, today)


def _marked_customers(people: People, today: date) -> Iterator[Row]:
    due, last = just_due(today, years=3), on_last_day(today, years=3)
    over = just_due_by_year_end(today, years=5, end=YEAR_END)
    kept = over + timedelta(days=1)  # the first day of the year that must still be kept
    old, recent = over - timedelta(days=700), today - timedelta(days=40)
    known: tuple[tuple[int, str, date], ...] = (
        (1, "active", old),  # worked for three years ago and a day; the invoice stays
        (2, "active", old),  # three years ago today
        (3, "former", old),  # worked for lately, but is no customer any more
        (4, "active", due),  # never worked for
        (5, "paused", last),  # never worked for either
        (6, "former", old),  # blanked already, the invoice stays
        (7, "former", old),  # only an invoice that is over
        (8, "active", old),  # work goes on
    )
    for number, status, created in known:
        owner = people.person(number * 10 + _OWNER)
        kind = "sole_trader" if number == 1 else "company"
        yield customers, _customer(number, owner, kind, status, created, blank=number == 6)
        if number in (1, 2, 3, 4, 8):
            person = people.person(number * 10 + _CONTACT)
            yield contacts, _contact(number, number, person, created)
    yield contacts, _contact(9, 8, people.person(90 + _CONTACT), old)
    for id_, customer, ended in (
        (1, 1, due),
        (2, 2, last),
        (3, 3, recent),
        (4, 8, None),  # under way
        (5, 8, due),
    ):
        yield assignments, _assignment(id_, customer, old, ended)
    for number, customer, day in (
        (1, 1, due),
        (2, 6, kept),
        (3, 7, over),
        (4, 8, over),
        (5, 8, recent),
    ):
        name = people.person(customer * 10 + _OWNER).name
        yield invoices, _invoice(number, customer, name, day, today)
        yield _line(number, 1, f"{_WORK[0]} med {people.person(customer * 10 + _PROJECT).name}")


def _marked_suppliers(people: People, today: date) -> Iterator[Row]:
    due, last = just_due(today, years=3), on_last_day(today, years=3)
    for number, ended in ((1, due), (2, last), (3, None)):
        began = due - timedelta(days=600)
        yield suppliers, _supplier(number, people.person(number * 10 + _SUPPLIER), began, ended)


def _marked_projects(people: People, today: date) -> Iterator[Row]:
    left, leaves = just_due(today, months=3), on_last_day(today, months=3)
    hired = today - timedelta(days=3_500)
    gone = just_due_by_year_end(today, years=5, end=YEAR_END)
    employed: tuple[tuple[int, date | None], ...] = (
        (1, None),
        (2, left),  # the time entries stay
        (3, leaves),
        (4, gone),  # the time entries are over too
        (5, left - timedelta(days=600)),  # blanked already, the time entries stay
    )
    for number, ended in employed:
        person = people.person(number * 10 + _CONSULTANT)
        yield consultants, _consultant(number, person, hired, ended, blank=number == 5)
    due, last = just_due(today, years=5), on_last_day(today, years=5)
    returned, returns = just_due(today, days=90), on_last_day(today, days=90)
    began = due - timedelta(days=300)
    made: tuple[tuple[int, date | None, int | None, int | None], ...] = (
        (1, due, None, 2),
        (2, last, 1, 2),  # goes on from one that is due
        (3, None, 2, 3),
        (4, returned, None, 4),
        (5, returns, None, 1),
        (6, due - timedelta(days=90), None, 1),  # the customer asks about it again
    )
    for number, closed, continues, lead in made:
        yield projects, _project(number, began, closed, continues) | {"lead_id": lead}
        person = people.person(number * 10 + _PROJECT)
        note = {"note": _PEOPLE_NOTES[number % len(_PEOPLE_NOTES)]}
        yield project_people, _project_person(number, number, person) | note
    for number in (3, 4, 5):
        person = people.person(number * 10 + _RESPONDENT)
        yield client_records, _record(number, 1, person, _ANSWERS[0])


def _marked_time(people: People, today: date) -> Iterator[Row]:
    over = just_due_by_year_end(today, years=5, end=YEAR_END)
    kept = over + timedelta(days=1)
    for consultant, day, code in (
        (1, over, "P1"),
        (1, kept, "P2"),
        (2, kept, "P2"),
        (3, kept, "P2"),
        (4, over, "P3"),
        (5, kept, "P2"),
    ):
        yield time_entries, _entry(consultant, day, code, _WORK[0])


def _marked_premises(people: People, today: date) -> Iterator[Row]:
    due, last = just_due(today, months=6), on_last_day(today, months=6)
    host = people.person(10 + _CONSULTANT)
    came: tuple[tuple[int, datetime, datetime | None], ...] = (
        (1, at(due, 22), at(due, 23, 30)),
        (2, at(due, 23), at(last, 0, 30)),  # over midnight; the day before, in UTC
        (3, at(due, 10), None),  # nobody wrote when it ended
        (4, at(today + timedelta(days=9), 10), at(today + timedelta(days=9), 11)),
    )
    for number, starts, ends in came:
        yield visits, _visit(number, people.person(number * 10 + _VISITOR), host, starts, ends)
    for number, place in enumerate(_CAMERAS, 1):
        checked = today - timedelta(days=40 * number)
        yield cameras, {"id": number, "place": place, "sign_checked_on": checked}
    gone, going = just_due(today, years=1), on_last_day(today, years=1)
    happened: tuple[tuple[int, str | None, date | None], ...] = (
        (1, "ANM-000001", None),
        (2, None, None),
        (3, None, gone),
        (4, None, going),
    )
    for number, reference, closed in happened:
        reported = at((closed or today) - timedelta(days=20), 9)
        person = people.person(number * 10 + _VISITOR)
        yield (
            incidents,
            {
                "id": number,
                "reported_at": in_utc(reported, ZONE),
                "what": f"{_INCIDENTS[number % len(_INCIDENTS)]} Set af {person.name}.",
                "police_reference": reference,
                "closed_on": closed,
            },
        )
    due, last = just_due(today, days=5), on_last_day(today, days=5)
    capped, under_cap = just_due(today, days=30), on_last_day(today, days=30)
    taken: tuple[tuple[int, datetime, int | None], ...] = (
        (1, at(due, 23, 30), None),
        (2, at(last, 0, 30), None),  # the day before, in UTC
        (3, at(due - timedelta(days=3), 2), 1),  # wanted by the police
        (4, at(capped, 3), 1),  # older than the law's thirty days
        (5, at(capped, 4), 2),  # as old, and only an inquiry asks for it
        (6, at(under_cap, 4), 2),  # thirty days today
        (7, at(due - timedelta(days=7), 2), 2),  # wanted by an inquiry
        (8, at(last, 12), 3),
    )
    for id_, when, incident in taken:
        yield recordings, _recording(id_, 1 + id_ % len(_CAMERAS), when, incident)


def _marked_courses(people: People, today: date) -> Iterator[Row]:
    due, last = just_due(today, months=6), on_last_day(today, months=6)
    for number, ended in ((1, due), (2, last), (3, None)):
        yield courses, _course(number, ended)
    signed = at(due - timedelta(days=30))
    lapsed = at(just_due(today, years=2))
    said: tuple[tuple[int, int, datetime | None, datetime | None, bool], ...] = (
        (1, 1, None, None, False),
        (2, 2, None, None, False),
        (3, 3, None, None, False),  # the course has no date yet
        (4, 1, signed, None, False),  # wants news of courses
        (5, 1, signed, at(today - timedelta(days=2)), False),  # no longer
        (6, 1, lapsed, None, False),  # wanted them, two years and a day ago
        (7, 1, None, None, True),  # is a statistic already
    )
    for id_, course, news, stopped, blank in said:
        person = people.person(id_ * 10 + _LEARNER)
        yield course_signups, _learner(id_, course, person, signed, news, stopped, blank=blank)


def _marked_events(people: People, today: date) -> Iterator[Row]:
    due, last = just_due(today, years=2), on_last_day(today, years=2)
    recent = today - timedelta(days=200)
    for number, held in (
        (1, at(due, 23, 30)),
        (2, at(last, 0, 30)),
        (3, None),
        (4, at(recent, 16)),
    ):
        yield events, _event(number, held)
    signed = at(due - timedelta(days=20))
    said: tuple[tuple[int, int, datetime | None, datetime | None], ...] = (
        (1, 1, None, None),
        (2, 2, None, None),
        (3, 3, None, None),
        (4, 4, None, None),  # kept until somebody decides
        (5, 1, signed, None),  # reads the newsletter
        (6, 1, signed, at(today - timedelta(days=1))),  # no longer
    )
    for id_, event, news, stopped in said:
        person = people.person(id_ * 10 + _PARTICIPANT)
        yield event_signups, _participant(id_, event, person, signed, news, stopped)
    asked = at(today - timedelta(days=500))
    for id_, given, stopped in (
        (1, asked, None),
        (2, asked, at(recent)),
        (3, at(recent), asked),  # came back
        (4, None, None),  # never confirmed
        (5, asked, asked),  # nobody knows which came first: that counts as left
    ):
        person = people.person(id_ * 10 + _SUBSCRIBER)
        yield subscribers, _subscriber(id_, person, given, stopped)


def _mark(table: str, key: int | tuple[int | str, ...], *rest: object) -> Mark:
    keys = key if isinstance(key, tuple) else (key,)
    return Mark(table, keys, *rest)  # type: ignore[arg-type]  # the rest is Mark's own


_SIGNED = ("name", "company", "title", "email", "phone")

MARKED: Final = {
    "customer over the cap": _mark(
        "crm.customers", 1, "blanked", "the voucher keeps name and address", ("phone", "email")
    ),
    "contact over the cap": _mark("crm.contacts", 1, "erased", "active, yet no work in 3 years"),
    "customer under the cap": _mark("crm.customers", 2, "kept", "three years today"),
    "contact under the cap": _mark("crm.contacts", 2, "kept", "three years today"),
    "former customer": _mark("crm.customers", 3, "erased", "the relationship is over"),
    "contact of a former customer": _mark("crm.contacts", 3, "erased", "with the relationship"),
    "assignment of a former customer": _mark("crm.assignments", 3, "erased", "with its customer"),
    "customer never worked for": _mark(
        "crm.customers", 4, "erased", "its own date is over the cap"
    ),
    "customer never worked for, last day": _mark("crm.customers", 5, "kept", "three years today"),
    "customer blank already": _mark("crm.customers", 6, "kept", "nothing is left to blank"),
    "customer over": _mark("crm.customers", 7, "erased", "no voucher needs it"),
    "invoice over": _mark("crm.invoices", 3, "erased", "five years after its year, 30 June"),
    "line of an invoice over": _mark("crm.invoice_lines", (3, 1), "erased", "with its invoice"),
    "invoice to be kept": _mark("crm.invoices", 2, "kept", "first day of a year to keep"),
    "customer with work under way": _mark("crm.customers", 8, "kept", "its clock has not struck"),
    "contact of a customer with work": _mark("crm.contacts", 9, "kept", "by the customer's work"),
    "invoice over of a kept customer": _mark("crm.invoices", 4, "erased", "by its own date"),
    "supplier due": _mark("crm.suppliers", 1, "erased", "three years and a day"),
    "supplier on the last day": _mark("crm.suppliers", 2, "kept", "three years today"),
    "supplier with an agreement": _mark("crm.suppliers", 3, "kept", "its clock has not struck"),
    "project due": _mark("projects.projects", 1, "erased", "the next one does not keep it"),
    "person of a project due": _mark("projects.project_people", 1, "erased", "with the project"),
    "project to be held": _mark("projects.projects", 6, "erased", "due until held"),
    "project on its last day": _mark("projects.projects", 2, "kept", "five years today"),
    "project under way": _mark("projects.projects", 3, "kept", "its clock has not struck"),
    "material of a project under way": _mark("projects.client_records", (3, 1), "kept", "open"),
    "customer's material due": _mark("projects.client_records", (4, 1), "erased", "90 days"),
    "customer's material on its last day": _mark(
        "projects.client_records", (5, 1), "kept", "today"
    ),
    "project whose material is gone": _mark("projects.projects", 4, "kept", "it has five years"),
    "consultant": _mark("projects.consultants", 1, "kept", "is employed"),
    "consultant due": _mark(
        "projects.consultants", 2, "blanked", "a time entry keeps the name", ("email", "phone")
    ),
    "consultant on the last day": _mark("projects.consultants", 3, "kept", "three months today"),
    "consultant over": _mark("projects.consultants", 4, "erased", "with the last time entry"),
    "consultant blank already": _mark("projects.consultants", 5, "kept", "nothing left to blank"),
    "visit due": _mark("premises.visits", 1, "erased", "ended late on the last day"),
    "visit over midnight": _mark("premises.visits", 2, "kept", "the day before, had UTC counted"),
    "visit without an end": _mark("premises.visits", 3, "erased", "its beginning counts"),
    "visit to come": _mark("premises.visits", 4, "kept", "is to come"),
    "recording due": _mark("premises.recordings", 1, "erased", "five days and half an hour"),
    "recording on its last day": _mark(
        "premises.recordings", 2, "kept", "the day before, had UTC counted"
    ),
    "recording for the police": _mark("premises.recordings", 3, "erased", "due until held"),
    "recording for the police, over the cap": _mark(
        "premises.recordings", 4, "erased", "due until held; the law lets this hold pass"
    ),
    "recording for an inquiry, over the cap": _mark(
        "premises.recordings", 5, "erased", "due, held or not: no such hold passes 30 days"
    ),
    "recording for an inquiry": _mark("premises.recordings", 6, "erased", "due until held"),
    "recording for an inquiry of these days": _mark(
        "premises.recordings", 7, "erased", "due until held"
    ),
    "recording of a closed incident": _mark("premises.recordings", 8, "kept", "not due"),
    "incident open": _mark("premises.incidents", 1, "kept", "its clock has not struck"),
    "incident due": _mark("premises.incidents", 3, "erased", "its recording does not keep it"),
    "incident on its last day": _mark("premises.incidents", 4, "kept", "a year today"),
    "learner due": _mark("web.course_signups", 1, "statistics", "half a year and a day", _SIGNED),
    "learner on the last day": _mark("web.course_signups", 2, "kept", "half a year today"),
    "learner of an undated course": _mark("web.course_signups", 3, "kept", "not held yet"),
    "learner who wants news": _mark(
        "web.course_signups",
        4,
        "blanked",
        "the consent keeps name and mail",
        ("company", "title", "phone"),
    ),
    "learner who no longer does": _mark(
        "web.course_signups", 5, "statistics", "withdrawn", _SIGNED
    ),
    "learner whose consent lapsed": _mark(
        "web.course_signups", 6, "statistics", "after two years", _SIGNED
    ),
    "learner blank already": _mark("web.course_signups", 7, "kept", "nothing is left to blank"),
    "participant due": _mark("web.event_signups", 1, "erased", "two years are the backstop"),
    "participant on the last day": _mark("web.event_signups", 2, "kept", "nobody decided; today"),
    "participant of an undated event": _mark("web.event_signups", 3, "kept", "not held yet"),
    "participant until decided": _mark("web.event_signups", 4, "kept", "nobody decided yet"),
    "participant who reads the newsletter": _mark("web.event_signups", 5, "kept", "consent lives"),
    "participant who no longer does": _mark("web.event_signups", 6, "erased", "withdrawn"),
    "subscriber": _mark("web.subscribers", 1, "kept", "consent lives, nobody decided otherwise"),
    "subscriber who left": _mark("web.subscribers", 2, "erased", "consent withdrawn"),
    "subscriber who came back": _mark("web.subscribers", 3, "kept", "consented afterwards"),
    "subscriber who never confirmed": _mark("web.subscribers", 4, "erased", "no consent"),
    "subscriber of unknown order": _mark("web.subscribers", 5, "erased", "a tie counts as no"),
}
