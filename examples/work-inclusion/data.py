"""Made-up data of the work-inclusion company: employees, their time, orders and participants.

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
from _data.people import People, Person, written_email, written_national_id, written_phone
from sqlalchemy import (
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

ZONE: Final = "Europe/Oslo"

# ------------------------------------------------------------------ hr

hr = MetaData()
departments = Table(
    "departments",
    hr,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(80), nullable=False),
)
employees = Table(
    "employees",
    hr,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(10), nullable=False),
    Column("name", String(120)),
    Column("national_id", String(20)),
    Column("email", String(200), unique=True),
    Column("phone", String(40)),
    Column("address", String(200)),
    Column("account", String(20)),
    Column("job_title", String(80), nullable=False),
    Column("work_plan", Text),
    Column("kin_name", String(120)),
    Column("kin_phone", String(40)),
    Column("department_id", ForeignKey("departments.id"), nullable=False, index=True),
    Column("manager_id", ForeignKey("employees.id", ondelete="SET NULL"), index=True),
    Column("hired_on", Date, nullable=False, index=True),
    Column("left_on", Date, index=True),
)
absences = Table(
    "absences",
    hr,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("employee_id", ForeignKey("employees.id"), nullable=False, index=True),
    Column("kind", String(20)),
    Column("degree", Integer),  # per cent
    Column("from_on", Date, nullable=False),
    Column("to_on", Date, index=True),
    Column("follow_up", Text),
)
payslips = Table(
    "payslips",
    hr,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("employee_id", ForeignKey("employees.id"), nullable=False, index=True),
    Column("month", String(7), nullable=False),
    Column("paid_on", Date, nullable=False, index=True),
    Column("gross", Integer, nullable=False),  # kroner
    Column("tax", Integer, nullable=False),
    Column("account", String(20)),
)
travel_claims = Table(
    "travel_claims",
    hr,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("employee_id", ForeignKey("employees.id"), nullable=False, index=True),
    Column("paid_on", Date, index=True),
    Column("purpose", String(300)),
    Column("amount", Integer, nullable=False),
)

# ------------------------------------------------------------------ time

time_system = MetaData()
workers = Table(
    "workers",
    time_system,
    Column("number", Integer, primary_key=True, autoincrement=False),  # as in hr
    Column("name", String(120)),
    Column("email", String(200), index=True),
    Column("hired_on", Date, nullable=False, index=True),
    Column("left_on", Date, index=True),
)
sheets = Table(
    "sheets",
    time_system,
    Column("worker", ForeignKey("workers.number"), primary_key=True),
    Column("week_of", Date, primary_key=True, index=True),
    Column("first_in", DateTime),
    Column("last_out", DateTime),
    Column("hours", Integer, nullable=False),
    Column("comment", String(300)),
)

# ------------------------------------------------------------------ orders

orders_system = MetaData()
products = Table(
    "products",
    orders_system,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(80), nullable=False),
    Column("price", Integer, nullable=False),
)
customers = Table(
    "customers",
    orders_system,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(10), nullable=False),
    Column("company", String(160)),
    Column("name", String(120)),
    Column("email", String(200), unique=True),
    Column("phone", String(40), nullable=False),
    Column("street", String(120)),
    Column("town", String(80)),
    Column("note", Text),
    Column("created_at", DateTime, nullable=False, index=True),
)
orders = Table(
    "orders",
    orders_system,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("customer_id", ForeignKey("customers.id"), nullable=False, index=True),
    Column("ordered_at", DateTime, nullable=False, index=True),
    Column("status", String(12), nullable=False),
    Column("deliver_to", String(120)),
    Column("deliver_at", String(200)),
    Column("remark", Text),
)
order_lines = Table(
    "order_lines",
    orders_system,
    Column("order_id", ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True),
    Column("line_no", Integer, primary_key=True, autoincrement=False),
    Column("product_id", ForeignKey("products.id"), nullable=False, index=True),
    Column("quantity", Integer, nullable=False),
    Column("wording", String(200)),
)
packing_slips = Table(
    "packing_slips",
    orders_system,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("order_id", ForeignKey("orders.id"), nullable=False, index=True),
    Column("packed_on", Date, nullable=False, index=True),
    Column("addressee", String(120)),
    Column("address", String(200)),
    Column("goods", String(300)),
)
invoices = Table(
    "invoices",
    orders_system,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False, unique=True),
    Column("customer_id", ForeignKey("customers.id"), nullable=False, index=True),
    Column("invoiced_on", Date, nullable=False, index=True),
    Column("addressee", String(160)),
    Column("address", String(200)),
    Column("wording", String(300)),
    Column("amount", Integer, nullable=False),
    Column("paid_on", Date),
)

# ------------------------------------------------------------------ participants, times in UTC

participants_system = MetaData()
measures = Table(
    "measures",
    participants_system,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(80), nullable=False),
)
participants = Table(
    "participants",
    participants_system,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("orderer", String(20), nullable=False),
    Column("orderer_reference", String(20), nullable=False),
    Column("measure_id", ForeignKey("measures.id"), nullable=False, index=True),
    Column("name", String(120)),
    Column("national_id", String(20), index=True),
    Column("email", String(200), index=True),
    Column("phone", String(40)),
    Column("address", String(200)),
    Column("background", Text),
    Column("counsellor", Integer, nullable=False),  # number in hr
    Column("referred_on", Date, nullable=False, index=True),
    Column("left_on", Date, index=True),
    Column("final_report_sent_at", DateTime, index=True),
)
plans = Table(
    "plans",
    participants_system,
    Column("participant_id", ForeignKey("participants.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("agreed_on", Date),
    Column("goals", Text),
    Column("needs", Text),
)
attendance = Table(
    "attendance",
    participants_system,
    Column("participant_id", ForeignKey("participants.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("presence", String(20)),
)
notes = Table(
    "notes",
    participants_system,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("participant_id", ForeignKey("participants.id"), nullable=False, index=True),
    Column("counsellor", Integer, nullable=False),
    Column("written_at", DateTime, nullable=False),
    Column("text", Text),
)
placements = Table(
    "placements",
    participants_system,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("participant_id", ForeignKey("participants.id"), nullable=False, index=True),
    Column("from_on", Date, nullable=False),
    Column("to_on", Date),
    Column("company", String(160)),
    Column("contact_name", String(120)),
    Column("contact_email", String(200), index=True),
    Column("contact_phone", String(40)),
    Column("assessment", Text),
)
final_reports = Table(
    "final_reports",
    participants_system,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("participant_id", ForeignKey("participants.id"), nullable=False, index=True),
    Column("written_on", Date, nullable=False),
    Column("receipt", String(30)),
    Column("text", Text),
)

TABLES: Final = {
    "hr": hr,
    "time": time_system,
    "orders": orders_system,
    "participants": participants_system,
}

# ------------------------------------------------------------------ words

_DEPARTMENTS = ("Administrasjon", "Snekkerverksted", "Vaskeri", "Kantine", "Pakkeri")
_TITLES = ("Arbeidsleder", "Jobbveileder", "Snekker", "Kokk", "Vaskerimedarbeider", "Sjåfør")
_VTA_TITLES = ("Medarbeider pakkeri", "Medarbeider vaskeri", "Medarbeider snekkerverksted")
_WORK_PLANS = (
    "Arbeider fire timer om dagen, med fast plass ved vinduet.",
    "Skal lære å bruke strykepressen. Evaluering hver måned.",
    "Har ansvar for å pakke frokostkurvene, sammen med en kollega.",
)
_FOLLOW_UPS = (
    "Oppfølgingsplan laget. Kan arbeide halv dag fra neste uke.",
    "Dialogmøte holdt. Trenger lettere oppgaver for ryggen en periode.",
    "Avtalt gradert sykmelding ut måneden.",
)
_TRIPS = (
    "Befaring hos kunde",
    "Møte med NAV",
    "Kurs i arbeidsinkludering",
    "Levering av møbler, egen bil",
)
_COMMENTS = ("Dugnad på verkstedet", "Avspaserte fredag", "Vikar i kantina")
_PRODUCTS = (
    ("Fyringsved, 40 liter", 89),
    ("Hagebenk", 2490),
    ("Vask av arbeidstøy, per kilo", 38),
    ("Møtemat, per person", 145),
    ("Fuglekasse", 249),
    ("Pakking, per time", 320),
)
_LINES = ("Natur", "Beiset grå", "Merkes med firmanavn", "Leveres på paller", "Som sist")
_REMARKS = (
    "Ring ved levering, porten er låst.",
    "Settes bak garasjen.",
    "Kunden henter selv onsdag.",
)
_CUSTOMER_NOTES = (
    "Foretrekker levering før klokka ni.",
    "Ønsker samlefaktura hver måned.",
    "Har spurt om pris på større kvantum.",
)
_MENTIONS = "Snakket også med {}, som kan ta imot."
_MEASURES = ("Avklaring", "Arbeidsforberedende trening", "Oppfølging", "Arbeidspraksis")
_ORDERERS = ("nav_measures", "nav_measures", "nav_measures", "nav_local", "municipality")
_BACKGROUNDS = (
    "Har arbeidet i butikk i ti år. Sluttet på grunn av smerter i nakke og skuldre.",
    "Avbrøt videregående. Ønsker praktisk arbeid, helst ute.",
    "Kom til landet for tre år siden, er i gang med norskkurs.",
    "Har vært lenge borte fra arbeid etter sykdom i familien.",
)
_GOALS = (
    "Prøve ut arbeid i kantine, tre dager i uka.",
    "Få truckførerbevis innen sommeren.",
    "Søke minst to stillinger i uka.",
)
_NEEDS = (
    "Trenger pauser på grunn av migrene.",
    "Hører dårlig på venstre øre, sitter til høyre i møter.",
    "Ingen særskilte behov.",
)
_NOTES = (
    "Møtte til avtalt tid. Fornøyd med oppgavene på pakkeriet.",
    "Ringte og sa fra om fravær. Har time hos fastlegen i morgen.",
    "Snakket om hva som skal til for å øke til fem dager.",
    "CV-en er oppdatert. Vi øvde på intervju.",
)
_NOTE_MENTIONS = "Samboeren {} var med på møtet."
_PRESENCE = ("til stede", "til stede", "til stede", "til stede", "fravær avtalt", "ikke møtt")
_ASSESSMENTS = (
    "Punktlig og grundig. Bedriften vil gjerne ha deltakeren videre.",
    "Trives med kundene, trenger mer opplæring i kassa.",
)
_REPORTS = (
    "Deltakeren er klar for ordinært arbeid i full stilling.",
    "Deltakeren kan arbeide omtrent halv stilling med tilrettelegging.",
    "Deltakeren trenger mer avklaring av helsen før arbeid.",
)

_FIRST_BULK_ID: Final = 1_000  # below are the marked rows
_GONE: Final = "sluttet-{}@trollhegg.invalid"  # as the map blanks it
_STAFF: Final = 0  # numbers of people end in the group's digit, so that no group meets another
_KIN: Final = 1
_CUSTOMER: Final = 2
_PARTICIPANT: Final = 3
_CONTACT: Final = 4


def rows(rng: Random, today: date, size: int) -> Iterator[Row]:
    """Yield about `size` rows: the marked ones, then the company's ordinary years."""
    people = People("NO", rng.getrandbits(32))
    made = 0
    for row in _marked(people, today):
        made += 1
        yield row
    life = _Life(rng, people, today)
    # a unit and how often it comes, so that rows come in the mix of the comment
    units: tuple[tuple[Callable[[], Iterator[Row]], float], ...] = (
        (life.employee, 0.0021),  # 45 % payslips and time sheets
        (life.customer, 0.0170),  # 30 % orders
        (life.participant, 0.0045),  # 25 % attendance and notes
    )
    choices = [unit for unit, _ in units]
    weights = list(accumulate(weight for _, weight in units))
    while made < size:
        for row in rng.choices(choices, cum_weights=weights)[0]():
            made += 1
            yield row


class _Life:
    """What happens at the company: each method yields one unit, a parent before its children.

    Some of what is over was taken out or blanked by hand, some waits for the first sweep.
    """

    def __init__(self, rng: Random, people: People, today: date) -> None:
        self._rng, self._people, self._today = rng, people, today
        self._ids = {table: count(_FIRST_BULK_ID) for m in TABLES.values() for table in m.tables}
        self._numbers = {group: count(100) for group in range(10)}
        # what a voucher's year must be for it to be kept; a few months of older ones are left over
        self._first_voucher = just_due_by_year_end(today, years=5) - timedelta(days=80)
        self._first_document = just_due_by_year_end(today, years=3, months=6) - timedelta(days=60)
        self._managers = [1, 2]

    def _next(self, group: int) -> Person:
        return self._people.person(next(self._numbers[group]) * 10 + group)

    def _chance(self, share: float) -> bool:
        return self._rng.random() < share

    def _days(self, most: int) -> timedelta:
        return timedelta(days=int(self._rng.random() * (most + 1)))

    # ---------------------------------------------------------------- employees

    def employee(self) -> Iterator[Row]:
        """Yield an employee with absences, payslips and travel claims, and their time sheets."""
        rng, today = self._rng, self._today
        number, person = next(self._ids["employees"]), self._next(_STAFF)
        hired = days_ago(rng, today, 20, 5_000)
        left = hired + timedelta(days=90) + self._days(3_000) if self._chance(0.5) else None
        if left and not self._first_voucher < left < today:
            left = None  # long gone with everything, or still there
        ordinary = self._chance(0.55)
        over = left is not None and left <= just_due(today, years=1)
        blank = over and self._chance(0.8)
        manager = rng.choice(self._managers)
        values = _employee(number, person, hired, left, manager=manager, blank=blank)
        values["kind"] = "ordinary" if ordinary else "vta"
        if not blank:
            values["national_id"] = written_national_id(rng, person.national_id)
            values["phone"] = written_phone(rng, person.phone)
            values["job_title"] = rng.choice(_TITLES if ordinary else _VTA_TITLES)
            values["work_plan"] = None if ordinary else rng.choice(_WORK_PLANS)
            if left is None and self._chance(0.7):
                kin = self._next(_KIN)
                values["kin_name"], values["kin_phone"] = kin.name, written_phone(rng, kin.phone)
        yield employees, values
        if ordinary and left is None and self._chance(0.15):
            self._managers.append(number)
        if not blank:
            yield from self._absences(number, hired, left or today)
        yield from self._pay(number, ordinary, hired, left or today)
        yield from self._time(number, person, hired, left, blank=blank)

    def _absences(self, number: int, hired: date, end: date) -> Iterator[Row]:
        rng = self._rng
        began = max(hired, days_ago(rng, self._today, 900, 1_200))
        while (began := began + self._days(260)) < end:
            short = self._chance(0.8)
            ended = min(began + self._days(3 if short else 90), end)
            ongoing = ended == self._today and self._chance(0.5)
            yield (
                absences,
                {
                    "id": next(self._ids["absences"]),
                    "employee_id": number,
                    "kind": "egenmelding" if short else "legemelding",
                    "degree": 100 if short else rng.choice((40, 50, 100)),
                    "from_on": began,
                    "to_on": None if ongoing else ended,
                    "follow_up": None if short else rng.choice(_FOLLOW_UPS),
                },
            )
            began = ended

    def _pay(self, number: int, ordinary: bool, hired: date, end: date) -> Iterator[Row]:
        rng = self._rng
        gross = (34_000 if ordinary else 3_000) + int(rng.random() * 20) * 500
        day = max(hired, self._first_voucher).replace(day=12)
        while (day := _next_month(day)) <= end:
            yield payslips, _payslip(next(self._ids["payslips"]), number, day, gross)
            if ordinary and self._chance(0.04):
                yield (
                    travel_claims,
                    {
                        "id": next(self._ids["travel_claims"]),
                        "employee_id": number,
                        "paid_on": day,
                        "purpose": rng.choice(_TRIPS),
                        "amount": 120 + int(rng.random() * 2_000),
                    },
                )

    def _time(
        self, number: int, person: Person, hired: date, left: date | None, *, blank: bool
    ) -> Iterator[Row]:
        yield workers, _worker(number, person, hired, left, blank=blank)
        monday = max(hired, self._first_document)
        monday -= timedelta(days=monday.weekday())
        while (monday := monday + timedelta(days=7)) <= (left or self._today):
            if self._chance(0.88):
                yield sheets, self._sheet(number, monday)

    def _sheet(self, number: int, monday: date) -> dict[str, object]:
        begins = at(monday, 7, int(self._rng.random() * 60))
        return {
            "worker": number,
            "week_of": monday,
            "first_in": begins,
            "last_out": begins + timedelta(days=4, hours=8),
            "hours": 15 + int(self._rng.random() * 23),
            "comment": self._rng.choice(_COMMENTS) if self._chance(0.04) else None,
        }

    # ---------------------------------------------------------------- customers

    def customer(self) -> Iterator[Row]:
        """Yield a customer with orders, their lines and slips, and invoices."""
        rng, today = self._rng, self._today
        person, private = self._next(_CUSTOMER), self._chance(0.6)
        number = next(self._ids["customers"])
        created = moment(rng, days_ago(rng, today, 0, 1_900))
        often = 60 if self._chance(0.15) else 420  # a few come every other month
        ordered, when = created, []
        while ordered.date() <= today and len(when) < 40:
            when.append(ordered)
            if self._chance(0.25):
                break  # does not come back
            ordered += self._days(often) + timedelta(hours=1)
        if self._chance(0.03):
            when = []  # asked for a price, never ordered
        last = max([created, *when]).date()
        blank = last <= just_due(today, years=1) and self._chance(0.75)
        if blank and not when:
            return  # taken out by hand
        values = _customer(number, person, private, created, blank=blank)
        if not blank:
            shared = not private and self._chance(0.2)
            values["email"] = (
                f"post@{person.company.domain}" if shared else written_email(rng, person.email)
            )
            values["phone"] = written_phone(rng, person.phone)
            values["note"] = self._customer_note()
        yield customers, values
        for moment_ in when:
            if moment_.date() > self._first_document:
                yield from self._order(number, person, moment_, blank=blank)
            if moment_.date() > self._first_voucher:
                id_ = next(self._ids["invoices"])
                yield _invoice(id_, number, person, private, moment_.date(), today)

    def _customer_note(self) -> str | None:
        if self._chance(0.75):
            return None
        note = self._rng.choice(_CUSTOMER_NOTES)
        if self._chance(0.2):
            note = f"{note} {_MENTIONS.format(self._people.person(7).name)}"
        return note

    def _order(
        self, customer: int, person: Person, ordered: datetime, *, blank: bool
    ) -> Iterator[Row]:
        rng = self._rng
        id_ = next(self._ids["orders"])
        recent = (self._today - ordered.date()).days < 10
        values = _order(id_, customer, person, ordered)
        values["status"] = "åpen" if recent else "levert"
        values["remark"] = rng.choice(_REMARKS) if not blank and self._chance(0.2) else None
        yield orders, values
        bought = rng.sample(range(len(_PRODUCTS)), 1 + int(rng.random() * 3))
        for line, product in enumerate(bought, 1):
            wording = rng.choice(_LINES) if self._chance(0.3) else None
            yield _line(id_, line, product + 1, 1 + int(rng.random() * 12), wording)
        if not recent:
            packed = ordered.date() + timedelta(days=1 + int(rng.random() * 6))
            yield _slip(next(self._ids["packing_slips"]), id_, person, packed)

    # ---------------------------------------------------------------- participants

    def participant(self) -> Iterator[Row]:
        """Yield a participant with plans, attendance, notes, placements and perhaps a report."""
        rng, today = self._rng, self._today
        number, person = next(self._ids["participants"]), self._next(_PARTICIPANT)
        referred = days_ago(rng, today, 1, 420)
        left: date | None = referred + timedelta(days=30) + self._days(330)
        if left and left >= today:
            left = None
        sent = None
        if left and self._chance(0.93):
            sent = left + self._days(25)
            if sent >= today:
                sent = None
        if sent and sent <= just_due(today, months=3) and self._chance(0.85):
            return  # taken out by hand, in time
        values = _participant(
            number, person, referred, left, rng.choice(_ORDERERS), sent and at(sent)
        )
        values["measure_id"] = 1 + int(rng.random() * len(_MEASURES))
        values["national_id"] = written_national_id(rng, person.national_id)
        values["email"] = written_email(rng, person.email) if self._chance(0.9) else None
        values["phone"] = written_phone(rng, person.phone)
        values["background"] = rng.choice(_BACKGROUNDS)
        yield participants, values
        yield from self._follow(number, referred, left or today)
        if sent:
            yield _report(next(self._ids["final_reports"]), number, sent, rng.choice(_REPORTS))

    def _follow(self, number: int, referred: date, end: date) -> Iterator[Row]:
        rng = self._rng
        for version in range(1, 2 + int(rng.random() * 3)):
            agreed = referred + timedelta(days=14 * version)
            if agreed < end:
                yield _plan(number, version, agreed, rng.choice(_GOALS), rng.choice(_NEEDS))
        day = referred
        while (day := day + timedelta(days=1 + int(rng.random() * 4))) < end:
            if day.weekday() < 5:
                yield (
                    attendance,
                    {"participant_id": number, "day": day, "presence": rng.choice(_PRESENCE)},
                )
            if self._chance(0.12):
                yield self._note(number, day)
        if self._chance(0.5):
            yield self._placement(number, referred, end)

    def _note(self, number: int, day: date) -> Row:
        text = self._rng.choice(_NOTES)
        if self._chance(0.06):
            text = f"{text} {_NOTE_MENTIONS.format(self._next(_KIN).name)}"
        written = in_utc(moment(self._rng, day), ZONE)
        return _note(next(self._ids["notes"]), number, written, text)

    def _placement(self, number: int, referred: date, end: date) -> Row:
        began = referred + timedelta(days=20)
        ended = began + self._days(80)
        return _placement(
            next(self._ids["placements"]),
            number,
            self._next(_CONTACT),
            began,
            ended if ended < end else None,
            self._rng.choice(_ASSESSMENTS) if ended < end else None,
        )


def _next_month(day: date) -> date:
    year, month = divmod(day.year * 12 + day.month, 12)
    return day.replace(year=year, month=month + 1)


# ------------------------------------------------------------------ one row each


def _employee(
    number: int,
    person: Person,
    hired: date,
    left: date | None = None,
    *,
    manager: int | None = None,
    blank: bool = False,
) -> dict[str, object]:
    """Return an ordinary employee; `blank`: only what the vouchers need is left."""
    work_email = f"{person.email.partition('@')[0]}@trollhegg.example"
    return {
        "id": number,
        "kind": "ordinary",
        "name": person.name,
        "national_id": None if blank else person.national_id,
        "email": _GONE.format(number) if blank else work_email,
        "phone": None if blank else person.phone,
        "address": None if blank else person.address,
        "account": None if blank else _account(person),
        "job_title": "" if blank else _TITLES[number % len(_TITLES)],
        "work_plan": None,
        "kin_name": None,
        "kin_phone": None,
        "department_id": 1 + number % len(_DEPARTMENTS),
        "manager_id": manager,
        "hired_on": hired,
        "left_on": left,
    }


def _account(person: Person) -> str:
    return f"0000.{person.number % 100:02d}.{person.number % 100_000:05d}"  # no bank has 0000


def _payslip(id_: int, number: int, day: date, gross: int = 42_000) -> dict[str, object]:
    return {
        "id": id_,
        "employee_id": number,
        "month": f"{day:%Y-%m}",
        "paid_on": day,
        "gross": gross,
        "tax": gross * 31 // 100,
        "account": f"0000.{number % 100:02d}.{number % 100_000:05d}",
    }


def _worker(
    number: int, person: Person, hired: date, left: date | None, *, blank: bool = False
) -> dict[str, object]:
    work_email = f"{person.email.partition('@')[0]}@trollhegg.example"
    return {
        "number": number,
        "name": person.name,
        "email": None if blank else work_email,
        "hired_on": hired,
        "left_on": left,
    }


def _customer(
    number: int, person: Person, private: bool, created: datetime, *, blank: bool = False
) -> dict[str, object]:
    return {
        "id": number,
        "kind": "private" if private else "business",
        "company": None if private or blank else person.company.name,
        "name": None if blank else person.name,
        "email": f"slettet-{number}@trollhegg.invalid" if blank else person.email,
        "phone": "" if blank else person.phone,
        "street": None if blank else person.street,
        "town": None if blank else person.town,
        "note": None,
        "created_at": created,
    }


def _order(id_: int, customer: int, person: Person, ordered: datetime) -> dict[str, object]:
    return {
        "id": id_,
        "customer_id": customer,
        "ordered_at": ordered,
        "status": "levert",
        "deliver_to": person.name,
        "deliver_at": person.address,
        "remark": None,
    }


def _line(order: int, line: int, product: int, quantity: int, wording: str | None) -> Row:
    return (
        order_lines,
        {
            "order_id": order,
            "line_no": line,
            "product_id": product,
            "quantity": quantity,
            "wording": wording,
        },
    )


def _slip(id_: int, order: int, person: Person, packed: date) -> Row:
    return (
        packing_slips,
        {
            "id": id_,
            "order_id": order,
            "packed_on": packed,
            "addressee": person.name,
            "address": person.address,
            "goods": _PRODUCTS[id_ % len(_PRODUCTS)][0],
        },
    )


def _invoice(id_: int, customer: int, person: Person, private: bool, day: date, today: date) -> Row:
    name, price = _PRODUCTS[id_ % len(_PRODUCTS)]
    paid = day + timedelta(days=14)
    return (
        invoices,
        {
            "id": id_,
            "number": 20_000 + id_,
            "customer_id": customer,
            "invoiced_on": day,
            "addressee": person.name if private else f"{person.company.name} v/ {person.name}",
            "address": person.address,
            "wording": f"{name}, se ordrebekreftelse",
            "amount": price * 4,
            "paid_on": paid if paid < today else None,
        },
    )


def _participant(
    number: int,
    person: Person,
    referred: date,
    left: date | None,
    orderer: str,
    sent: datetime | None,
) -> dict[str, object]:
    """Return a participant; `sent`: when the final report was sent, in local time."""
    return {
        "id": number,
        "orderer": orderer,
        "orderer_reference": f"{orderer[:3].upper()}-{number:06d}",
        "measure_id": 1,
        "name": person.name,
        "national_id": person.national_id,
        "email": person.email,
        "phone": person.phone,
        "address": person.address,
        "background": _BACKGROUNDS[number % len(_BACKGROUNDS)],
        "counsellor": 1,
        "referred_on": referred,
        "left_on": left,
        "final_report_sent_at": in_utc(sent, ZONE) if sent else None,
    }


def _plan(number: int, version: int, agreed: date, goals: str, needs: str) -> Row:
    return (
        plans,
        {
            "participant_id": number,
            "version": version,
            "agreed_on": agreed,
            "goals": goals,
            "needs": needs,
        },
    )


def _note(id_: int, number: int, written: datetime, text: str) -> Row:
    return (
        notes,
        {
            "id": id_,
            "participant_id": number,
            "counsellor": 1,
            "written_at": written,
            "text": text,
        },
    )


def _placement(
    id_: int,
    number: int,
    contact: Person,
    began: date,
    ended: date | None,
    assessment: str | None,
) -> Row:
    return (
        placements,
        {
            "id": id_,
            "participant_id": number,
            "from_on": began,
            "to_on": ended,
            "company": contact.company.name,
            "contact_name": contact.name,
            "contact_email": contact.email,
            "contact_phone": contact.phone,
            "assessment": assessment,
        },
    )


def _report(id_: int, number: int, sent: date, text: str) -> Row:
    return (
        final_reports,
        {
            "id": id_,
            "participant_id": number,
            "written_on": sent,
            "receipt": f"NAV-{id_:08d}",
            "text": text,
        },
    )


# ------------------------------------------------------------------ rows at the edges


def _marked(people: People, today: date) -> Iterator[Row]:
    yield from _marked_employees(people, today)
    yield from _marked_time(people, today)
    yield from _marked_customers(people, today)
    yield from _marked_participants(people, today)


def _staff(today: date) -> tuple[tuple[int, date, date | None, int | None], ...]:
    """Return number, hired, left and manager of the marked employees."""
    due, last = just_due(today, years=1), on_last_day(today, years=1)
    old = today - timedelta(days=4_400)
    return (
        (1, old, None, None),
        (2, old, due - timedelta(days=250), None),  # left, and others still report to them
        (3, old, due, 2),
        (4, old, last, 2),
        (5, old, today - timedelta(days=1), 1),
        (6, old, today, 1),
        (7, old, due - timedelta(days=60), 1),  # VTA
        (8, old, just_due(today, years=6) - timedelta(days=400), None),  # no vouchers are left
        (9, old, just_due_by_year_end(today, years=5), 1),  # the last payslip is over too
        (10, old, due - timedelta(days=700), 1),  # blanked by hand long ago
        (11, today - timedelta(days=30), None, 8),  # reports to somebody who has to go
        (12, old, None, 1),  # has been ill
    )


def _marked_employees(people: People, today: date) -> Iterator[Row]:
    for number, name in enumerate(_DEPARTMENTS, 1):
        yield departments, {"id": number, "name": name}
    for number, hired, left, manager in sorted(_staff(today), key=lambda each: each[0]):
        person = people.person(number * 10 + _STAFF)
        values = _employee(number, person, hired, left, manager=manager, blank=number == 10)
        if number == 7:
            values.update(kind="vta", job_title=_VTA_TITLES[0], work_plan=_WORK_PLANS[0])
        if number in (1, 2, 5, 6):
            kin = people.person(number * 10 + _KIN)
            values.update(kin_name=kin.name, kin_phone=kin.phone)
        yield employees, values
    over = just_due_by_year_end(today, years=5)
    kept = over + timedelta(days=1)  # the first day of the year that must still be kept
    recent = today - timedelta(days=20)
    paid = ((1, 1, over), (2, 1, kept), (3, 2, kept), (4, 3, kept), (5, 4, kept), (6, 5, recent))
    more = ((7, 6, recent), (8, 7, kept), (9, 9, over), (10, 10, kept), (11, 12, recent))
    for id_, number, day in (*paid, *more):
        yield payslips, _payslip(id_, number, day)
    for id_, day in ((1, over), (2, kept), (3, None)):  # the third is not paid yet
        yield (
            travel_claims,
            {
                "id": id_,
                "employee_id": 1,
                "paid_on": day,
                "purpose": f"{_TRIPS[1]}, sammen med {people.person(120).name}",
                "amount": 840,
            },
        )
    due, last = just_due(today, years=3), on_last_day(today, years=3)
    left, leaves = just_due(today, years=1), on_last_day(today, years=1)
    ill: tuple[tuple[int, int, date, date | None], ...] = (
        (1, 12, due - timedelta(days=4), due),
        (2, 12, last - timedelta(days=4), last),
        (3, 12, recent, None),  # ill still
        (4, 3, left - timedelta(days=50), left),
        (5, 4, leaves - timedelta(days=29), leaves - timedelta(days=9)),
    )
    for id_, number, began, ended in ill:
        yield (
            absences,
            {
                "id": id_,
                "employee_id": number,
                "kind": "legemelding",
                "degree": 50,
                "from_on": began,
                "to_on": ended,
                "follow_up": _FOLLOW_UPS[id_ % len(_FOLLOW_UPS)],
            },
        )


def _marked_time(people: People, today: date) -> Iterator[Row]:
    over = just_due_by_year_end(today, years=3, months=6)
    kept = over + timedelta(days=1)
    for number, hired, left, _ in _staff(today):
        if number != 10:
            person = people.person(number * 10 + _STAFF)
            yield workers, _worker(number, person, hired, left)
    recent, last = today - timedelta(days=20), on_last_day(today, years=1)
    now = tuple((number, recent) for number in (1, 5, 6, 11, 12))
    old = ((1, over), (1, kept), (2, kept), (3, kept), (4, last - timedelta(days=8)))
    weeks = (*old, (9, just_due_by_year_end(today, years=5)), *now)
    for number, week in weeks:
        yield (
            sheets,
            {
                "worker": number,
                "week_of": week,
                "first_in": at(week, 7, 30),
                "last_out": at(week, 15, 30) + timedelta(days=4),
                "hours": 37,
                "comment": _COMMENTS[0],
            },
        )


def _marked_customers(people: People, today: date) -> Iterator[Row]:
    for number, (name, price) in enumerate(_PRODUCTS, 1):
        yield products, {"id": number, "name": name, "price": price}
    due, last = just_due(today, years=1), on_last_day(today, years=1)
    slip_over = just_due_by_year_end(today, years=3, months=6)
    slip_kept = slip_over + timedelta(days=1)
    bill_over = just_due_by_year_end(today, years=5)
    bill_kept = bill_over + timedelta(days=1)
    recent = today - timedelta(days=12)
    old = at(bill_over - timedelta(days=100))
    known: tuple[tuple[int, bool, datetime], ...] = (
        (1, True, old),
        (2, True, old),
        (3, False, at(due, 23, 59, 59)),  # never ordered
        (4, False, at(last, 0)),  # never ordered
        (5, True, old),  # blanked by hand, the slips stay
        (6, False, old),  # only papers that are over
        (7, False, old),  # an old order and a new one
        (8, True, old),  # the order's papers are over, the invoice is not
    )
    for number, private, created in known:
        person = people.person(number * 10 + _CUSTOMER)
        values = _customer(number, person, private, created, blank=number == 5)
        if number == 1:
            values["note"] = _CUSTOMER_NOTES[0]
        yield customers, values
    ordered: tuple[tuple[int, int, datetime], ...] = (
        (1, 1, at(due, 23, 59, 59)),
        (2, 2, at(last, 0, 0, 0)),
        (3, 5, at(slip_kept, 8)),
        (4, 6, at(slip_over)),
        (5, 7, at(slip_over, 9)),
        (6, 7, at(recent)),
        (7, 8, at(bill_kept, 9)),
    )
    for id_, customer, when in ordered:
        person = people.person(customer * 10 + _CUSTOMER)
        values = _order(id_, customer, person, when)
        values["remark"] = _REMARKS[0] if id_ == 1 else None
        yield orders, values
        yield _line(id_, 1, 1 + id_ % len(_PRODUCTS), 2, _LINES[0])
    for id_, order, packed in (
        (1, 1, due),
        (2, 4, slip_over),
        (3, 5, slip_over),
        (4, 3, slip_kept),
    ):
        customer = next(c for o, c, _ in ordered if o == order)
        yield _slip(id_, order, people.person(customer * 10 + _CUSTOMER), packed)
    billed = (
        (1, 1, due),
        (2, 6, bill_over),
        (3, 7, bill_over),
        (4, 8, bill_kept),
        (5, 5, bill_kept),
    )
    for id_, customer, day in billed:
        private = next(p for n, p, _ in known if n == customer)
        person = people.person(customer * 10 + _CUSTOMER)
        yield _invoice(id_, customer, person, private, day, today)


def _marked_participants(people: People, today: date) -> Iterator[Row]:
    for number, name in enumerate(_MEASURES, 1):
        yield measures, {"id": number, "name": name}
    due, last = just_due(today, months=3), on_last_day(today, months=3)
    referred = today - timedelta(days=600)
    gone, going = just_due(today, years=1), on_last_day(today, years=1)
    came: tuple[tuple[int, str, date | None, datetime | None], ...] = (
        (1, "nav_measures", due - timedelta(days=10), at(due, 23, 30)),
        (2, "nav_measures", last - timedelta(days=10), at(last, 0, 30)),  # the day before, in UTC
        (3, "nav_local", None, None),  # is here
        (4, "nav_local", gone, None),  # no report was written
        (5, "nav_local", going, None),  # nor here, and today is the last day
        (6, "municipality", due - timedelta(days=2), at(due, 8)),
        (7, "municipality", gone - timedelta(days=5), at(today - timedelta(days=9))),  # late
    )
    for number, orderer, left, sent in came:
        person = people.person(number * 10 + _PARTICIPANT)
        yield participants, _participant(number, person, referred, left, orderer, sent)
        yield _plan(number, 1, referred + timedelta(days=20), _GOALS[0], _NEEDS[0])
        day = referred + timedelta(days=30)
        yield attendance, {"participant_id": number, "day": day, "presence": _PRESENCE[0]}
        text = f"{_NOTES[0]} {_NOTE_MENTIONS.format(people.person(number * 10 + _KIN).name)}"
        yield _note(number, number, in_utc(at(day), ZONE), text)
        contact = people.person(number * 10 + _CONTACT)
        yield _placement(number, number, contact, day, left, _ASSESSMENTS[0])
        if sent:
            yield _report(number, number, sent.date(), _REPORTS[number % len(_REPORTS)])


def _mark(table: str, key: int | tuple[int | str, ...], *rest: object) -> Mark:
    keys = key if isinstance(key, tuple) else (key,)
    return Mark(table, keys, *rest)  # type: ignore[arg-type]  # the rest is Mark's own


_LEFT = ("national_id", "email", "phone", "address", "account", "job_title")
_KIN_COLUMNS = ("kin_name", "kin_phone")
_WAS_CUSTOMER = ("name", "email", "phone", "street", "town")

MARKED: Final = {
    "employee": _mark("hr.employees", 1, "kept", "has not left"),
    "manager who left": _mark(
        "hr.employees", 2, "blanked", "a voucher keeps the name", (*_LEFT, *_KIN_COLUMNS)
    ),
    "employee due": _mark("hr.employees", 3, "blanked", "a year and a day", _LEFT),
    "employee on the last day": _mark("hr.employees", 4, "kept", "a year today"),
    "next of kin due": _mark(
        "hr.employees", 5, "blanked", "the employee left yesterday", _KIN_COLUMNS
    ),
    "next of kin on the last day": _mark("hr.employees", 6, "kept", "the employee leaves today"),
    "vta employee due": _mark(
        "hr.employees", 7, "blanked", "the plan goes too", (*_LEFT, "work_plan")
    ),
    "employee without vouchers": _mark(
        "hr.employees", 8, "erased", "who reports to them does not keep them"
    ),
    "employee whose vouchers are over": _mark("hr.employees", 9, "erased", "with the last payslip"),
    "employee blank already": _mark("hr.employees", 10, "kept", "nothing is left to blank"),
    "payslip over": _mark("hr.payslips", 1, "erased", "five years after its year"),
    "payslip to be kept": _mark("hr.payslips", 2, "kept", "first day of a year to keep"),
    "travel claim over": _mark("hr.travel_claims", 1, "erased", "five years after its year"),
    "travel claim to be kept": _mark("hr.travel_claims", 2, "kept", "first day of a year to keep"),
    "travel claim not paid": _mark("hr.travel_claims", 3, "kept", "its clock has not struck"),
    "absence due": _mark("hr.absences", 1, "erased", "three years and a day"),
    "absence on its last day": _mark("hr.absences", 2, "kept", "three years today"),
    "absence that goes on": _mark("hr.absences", 3, "kept", "its clock has not struck"),
    "absence of a leaver due": _mark("hr.absences", 4, "erased", "a year after leaving ends it"),
    "absence of a leaver on the last day": _mark("hr.absences", 5, "kept", "last day"),
    "worker due": _mark("time.workers", 3, "blanked", "a sheet keeps the name", ("email",)),
    "worker on the last day": _mark("time.workers", 4, "kept", "a year today"),
    "worker without sheets": _mark("time.workers", 8, "erased", "left long ago"),
    "worker whose sheets are over": _mark("time.workers", 9, "erased", "with the last sheet"),
    "customer due": _mark(
        "orders.customers", 1, "blanked", "the papers of the order stay", (*_WAS_CUSTOMER, "note")
    ),
    "order of a customer due": _mark(
        "orders.orders", 1, "blanked", "the confirmation stays, the remark goes", ("remark",)
    ),
    "line of an order that is kept": _mark("orders.order_lines", (1, 1), "kept", "with its order"),
    "customer on the last day": _mark("orders.customers", 2, "kept", "a year today"),
    "customer who never ordered": _mark("orders.customers", 3, "erased", "a year and a day"),
    "customer who never ordered, last day": _mark("orders.customers", 4, "kept", "a year today"),
    "customer blank already": _mark("orders.customers", 5, "kept", "nothing is left to blank"),
    "customer over": _mark("orders.customers", 6, "erased", "no paper needs it"),
    "order over": _mark("orders.orders", 4, "erased", "three and a half years after its year"),
    "line of an order over": _mark("orders.order_lines", (4, 1), "erased", "with its order"),
    "packing slip over": _mark("orders.packing_slips", 2, "erased", "with its order"),
    "packing slip to be kept": _mark("orders.packing_slips", 4, "kept", "first day of a year"),
    "invoice over": _mark("orders.invoices", 2, "erased", "five years after its year"),
    "customer who came back": _mark("orders.customers", 7, "kept", "ordered lately"),
    "old order of a customer who came back": _mark(
        "orders.orders", 5, "kept", "its customer is one"
    ),
    "old slip of a customer who came back": _mark("orders.packing_slips", 3, "erased", "over"),
    "customer with an invoice only": _mark(
        "orders.customers", 8, "blanked", "the invoice says who it was", _WAS_CUSTOMER
    ),
    "order whose invoice is kept": _mark("orders.orders", 7, "erased", "over; the invoice stays"),
    "invoice to be kept": _mark("orders.invoices", 4, "kept", "first day of a year to keep"),
    "participant due": _mark("participants.participants", 1, "erased", "three months and a day"),
    "note of a participant due": _mark("participants.notes", 1, "erased", "with the participant"),
    "plan of a participant due": _mark("participants.plans", (1, 1), "erased", "with them"),
    "report of a participant due": _mark("participants.final_reports", 1, "erased", "with them"),
    "placement of a participant due": _mark("participants.placements", 1, "erased", "with them"),
    "participant on the last day": _mark(
        "participants.participants", 2, "kept", "the day before, had UTC counted"
    ),
    "participant who is here": _mark("participants.participants", 3, "kept", "has not left"),
    "participant without a report": _mark("participants.participants", 4, "erased", "a year after"),
    "participant without a report, last day": _mark(
        "participants.participants", 5, "kept", "a year today"
    ),
    "municipal participant due": _mark("participants.participants", 6, "erased", "just due"),
    "participant with a late report": _mark(
        "participants.participants", 7, "erased", "left more than a year ago"
    ),
}
