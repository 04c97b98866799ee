"""Made-up data of the business garden: customers and members, cases, applicants, calls and mail.

Every system of the map that has a database, in the tables that its programs would have made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
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
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

ZONE: Final = "Europe/Oslo"

# ------------------------------------------------------------------ crm

crm = MetaData()
business_customers = Table(
    "business_customers",
    crm,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("company", String(160), nullable=False),
    Column("contact_name", String(120)),
    Column("title", String(80)),
    Column("email", String(200), unique=True),
    Column("phone", String(40)),
    Column("address", String(200)),
    Column("post_ok", Boolean, nullable=False),
    Column("email_ok_at", DateTime, index=True),
    Column("email_stop_at", DateTime, index=True),
    Column("phone_ok_at", DateTime, index=True),
    Column("phone_stop_at", DateTime, index=True),
    Column("created_at", DateTime, nullable=False, index=True),
)
private_customers = Table(
    "private_customers",
    crm,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(120)),
    Column("email", String(200), unique=True),
    Column("phone", String(40)),
    Column("address", String(200)),
    Column("post_ok", Boolean, nullable=False),
    Column("email_ok_at", DateTime, index=True),
    Column("email_stop_at", DateTime, index=True),
    Column("phone_ok_at", DateTime, index=True),
    Column("phone_stop_at", DateTime, index=True),
    Column("created_at", DateTime, nullable=False, index=True),
)
suppliers = Table(
    "suppliers",
    crm,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("company", String(160), nullable=False),
    Column("contact_name", String(120)),
    Column("title", String(80)),
    Column("email", String(200), index=True),
    Column("phone", String(40)),
    Column("address", String(200)),
    Column("agreement_from", Date),
    Column("agreement_ended_on", Date, index=True),
)
members = Table(
    "members",
    crm,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("company", String(160), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("contact_name", String(120)),
    Column("email", String(200), index=True),
    Column("phone", String(40)),
    Column("joined_on", Date, nullable=False, index=True),
    Column("left_on", Date, index=True),
    Column("last_contact_on", Date, nullable=False, index=True),
)
purchases = Table(
    "purchases",
    crm,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("buyer_kind", String(10), nullable=False),
    Column("buyer_id", Integer, nullable=False),
    Column("bought_at", DateTime, nullable=False, index=True),
    Column("service", String(160), nullable=False),
    Column("amount", Integer, nullable=False),
    Index("purchases_buyer", "buyer_id", "buyer_kind"),
)
invoices = Table(
    "invoices",
    crm,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("buyer_kind", String(10), nullable=False),
    Column("buyer_id", Integer, nullable=False),
    Column("invoiced_on", Date, nullable=False, index=True),
    Column("wording", String(300)),
    Column("amount", Integer, nullable=False),
    Column("paid_on", Date),
    Index("invoices_buyer", "buyer_id", "buyer_kind"),
)
pictures = Table(
    "pictures",
    crm,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("file", String(200)),
    Column("person", String(120)),
    Column("email", String(200), index=True),
    Column("taken_on", Date),
    Column("consented_on", Date, index=True),
    Column("withdrawn_on", Date, index=True),
)

# ------------------------------------------------------------------ casework

casework = MetaData()
enquirers = Table(
    "enquirers",
    casework,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(120)),
    Column("email", String(200), index=True),
    Column("phone", String(40)),
    Column("address", String(200)),
    Column("registered_on", Date, nullable=False, index=True),
)
cases = Table(
    "cases",
    casework,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("enquirer_id", ForeignKey("enquirers.id"), nullable=False, index=True),
    Column("opened_on", Date, nullable=False, index=True),
    Column("closed_on", Date, index=True),
    Column("matter", Text),
    Column("health", Text),
    Column("health_ok_at", DateTime, index=True),
    Column("health_stop_at", DateTime, index=True),
)
case_notes = Table(
    "case_notes",
    casework,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(10), nullable=False),
    Column("case_no", Integer),
    Column("case_year", Integer),
    Column("enquirer_id", ForeignKey("enquirers.id"), nullable=False, index=True),
    Column("written_at", DateTime, nullable=False),
    Column("author", String(40)),
    Column("text", Text),
    ForeignKeyConstraint(["case_no", "case_year"], ["cases.no", "cases.year"]),
    Index("case_notes_case", "case_no", "case_year"),
)
messages = Table(
    "messages",
    casework,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("case_no", Integer, nullable=False),
    Column("case_year", Integer, nullable=False),
    Column("received_at", DateTime, nullable=False),
    Column("sender", String(200), index=True),
    Column("recipient", String(200), index=True),
    Column("body", Text),
    ForeignKeyConstraint(["case_no", "case_year"], ["cases.no", "cases.year"], ondelete="CASCADE"),
    Index("messages_case", "case_no", "case_year"),
)

# ------------------------------------------------------------------ recruitment

recruitment = MetaData()
vacancies = Table(
    "vacancies",
    recruitment,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("position", String(120), nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("closed_on", Date, index=True),
)
applicants = Table(
    "applicants",
    recruitment,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(120)),
    Column("email", String(200), index=True),
    Column("phone", String(40)),
    Column("address", String(200)),
    Column("cv", Text),
    Column("registered_at", DateTime, nullable=False, index=True),
    Column("pool_ok_at", DateTime, index=True),
    Column("pool_stop_at", DateTime, index=True),
)
applications = Table(
    "applications",
    recruitment,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("applicant_id", ForeignKey("applicants.id"), nullable=False, index=True),
    Column("vacancy_id", ForeignKey("vacancies.id"), nullable=False, index=True),
    Column("received_at", DateTime, nullable=False, index=True),
    Column("outcome", String(20)),
    Column("letter", Text),
    Column("assessment", Text),
    Column("test", String(200)),
    Column("background", String(200)),
)
referees = Table(
    "referees",
    recruitment,
    Column("application_id", ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("name", String(120)),
    Column("phone", String(40), index=True),
    Column("statement", Text),
)

# ------------------------------------------------------------------ office

office = MetaData()
calls = Table(
    "calls",
    office,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("from_number", String(40), index=True),
    Column("to_number", String(40), index=True),
    Column("called_at", BigInteger, index=True),  # seconds since 1970
)
accounts = Table(
    "accounts",
    office,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("username", String(40), unique=True),
    Column("display_name", String(120)),
    Column("email", String(200), unique=True),
    Column("employment_ended_on", Date, index=True),
    Column("autoreply", Boolean, nullable=False),
)
mail = Table(
    "mail",
    office,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("received_at", DateTime, nullable=False),
    Column("sender", String(200), index=True),
    Column("subject", String(200)),
    Column("body", Text),
)

TABLES: Final = {"crm": crm, "casework": casework, "recruitment": recruitment, "office": office}

# ------------------------------------------------------------------ words

_SERVICES = (
    ("Kontorplass, én måned", 3_400),
    ("Etablererkurs", 1_500),
    ("Rådgivning, ti timer", 9_800),
    ("Møterom, halv dag", 900),
    ("Forprosjekt", 24_000),
)
_TITLES = ("Daglig leder", "Innkjøper", "Økonomisjef", "Styreleder", "Gårdbruker")
_MATTERS = (
    "Spør om lokaler til et lite bryggeri.",
    "Vil vite hva som finnes av støtte til nyetablerere.",
    "Trenger hjelp til å lese et vedtak om driftstillatelse.",
    "Ønsker en vurdering av forretningsplanen.",
)
_HEALTH = (
    "Kan ikke gå i trapper og trenger lokale på bakkeplan.",
    "Er sykmeldt og vil vite hva som skjer med tilskuddet.",
)
_CASE_NOTES = (
    "Ringte tilbake. Avtalt møte i næste uke.",
    "Sendte skjema og veiledning.",
    "Venter på svar fra kommunen.",
)
_NOTE_MENTIONS = "Forretningspartneren {} var med i samtalen."
_BODIES = (
    "Hei, kan dere si når lokalet blir ledig? Vennlig hilsen",
    "Takk for et fint møte. Her er planen vi snakket om.",
    "Vi har fått svar fra banken og vil gjerne gå videre.",
    "Minner om frist på torsdag.",
)
_SUBJECTS = ("Lokale", "Takk for sist", "Forretningsplan", "Faktura", "Møte på torsdag")
_POSITIONS = ("Rådgiver", "Prosjektleder", "Kontormedarbeider", "Klyngeleder")
_CVS = (
    "Bachelor i økonomi, seks år i bank, to år som daglig leder.",
    "Fagbrev, ti år i egen bedrift. Styreverv i idrettslaget.",
    "Master i reiseliv, sesongarbeid på fjellet.",
)
_LETTERS = (
    "Jeg søker fordi jeg vil hjelpe andre med å lykkes der jeg selv har prøvd og feilet.",
    "Stillingen passer godt til erfaringen min fra prosjekter i distriktene.",
)
_ASSESSMENTS = ("Godt intervju, trygg på tall.", "Motivert, mangler erfaring med søknader.")
_TESTS = ("Evnetest: over middels", "Evnetest: middels", None, None)
_STATEMENTS = ("Pålitelig og lett å samarbeide med.", "Selvstendig, av og til litt for rask.")
_STAFF = ("ansa", "bror", "elif", "gunn", "ivek", "mari")  # user names

_FIRST_BULK_ID: Final = 1_000  # below are the marked rows
_SERIES: Final = 2001  # year in the numbers of the marked cases
_BUSINESS: Final = 0  # numbers of people end in the group's digit, so that no group meets another
_PRIVATE: Final = 1
_SUPPLIER: Final = 2
_MEMBER: Final = 3
_ENQUIRER: Final = 4
_APPLICANT: Final = 5
_REFEREE: Final = 6
_CALLER: Final = 7
_EMPLOYEE: Final = 8
_OTHER: Final = 9


def rows(rng: Random, today: date, size: int) -> Iterator[Row]:
    """Yield about `size` rows: the marked ones, then the business garden's ordinary years."""
    people = People("NO", rng.getrandbits(32))
    made = 0
    for row in _marked(people, today):
        made += 1
        yield row
    life = _Life(rng, people, today)
    # a unit and how often it comes, so that rows come in the mix of the comment
    units: tuple[tuple[Callable[[], Iterator[Row]], float], ...] = (
        (life.call, 0.3500),  # 35 % calls
        (life.account, 0.0010),  # 20 % mail
        (life.business_customer, 0.0190),  # 13 % purchases and invoices
        (life.private_customer, 0.0190),  # 13 %
        (life.enquirer, 0.0120),  # 12 % cases
        (life.vacancy, 0.0013),  # 5 % applications
        (life.member, 0.0060),  # 2 %
        (life.supplier, 0.0050),
        (life.picture, 0.0040),
    )
    choices = [unit for unit, _ in units]
    weights = list(accumulate(weight for _, weight in units))
    while made < size:
        for row in rng.choices(choices, cum_weights=weights)[0]():
            made += 1
            yield row


class _Life:
    """What happens at the business garden: each method yields a unit, a parent before its children.

    Some of what is over was taken out or blanked by hand, some waits for the first sweep.
    """

    def __init__(self, rng: Random, people: People, today: date) -> None:
        self._rng, self._people, self._today = rng, people, today
        self._ids = {table: count(_FIRST_BULK_ID) for m in TABLES.values() for table in m.tables}
        self._numbers = {group: count(100) for group in range(10)}
        # a few months of papers are left from a year that is over
        self._first_voucher = just_due_by_year_end(today, years=5) - timedelta(days=80)
        self._register_over = just_due(today, years=3, months=6)

    def _next(self, group: int) -> Person:
        return self._people.person(next(self._numbers[group]) * 10 + group)

    def _chance(self, share: float) -> bool:
        return self._rng.random() < share

    def _days(self, most: int) -> timedelta:
        return timedelta(days=int(self._rng.random() * (most + 1)))

    # ---------------------------------------------------------------- customers and members

    def business_customer(self) -> Iterator[Row]:
        """Yield a business customer with purchases and invoices."""
        person, number = self._next(_BUSINESS), next(self._ids["business_customers"])
        created, bought = self._history()
        blank = self._blanked(created, bought)
        if blank and not self._billed(bought):
            return  # taken out by hand
        values = _business(number, person, created, blank=blank)
        if not blank:
            shared = self._chance(0.15)
            values["email"] = (
                f"post@{person.company.domain}"
                if shared
                else written_email(self._rng, person.email)
            )
            values["phone"] = written_phone(self._rng, person.phone)
            values["title"] = self._rng.choice(_TITLES)
            values.update(self._consents(created))
        yield business_customers, values
        yield from self._bought("business", number, bought, blank=blank)

    def private_customer(self) -> Iterator[Row]:
        """Yield a private customer with purchases and invoices."""
        person, number = self._next(_PRIVATE), next(self._ids["private_customers"])
        created, bought = self._history()
        blank = self._blanked(created, bought)
        if blank and not self._billed(bought):
            return  # taken out by hand
        values = _private(number, person, created, blank=blank)
        if not blank:
            values["email"] = written_email(self._rng, person.email)
            values["phone"] = written_phone(self._rng, person.phone)
            values.update(self._consents(created))
        yield private_customers, values
        yield from self._bought("private", number, bought, blank=blank)

    def _history(self) -> tuple[datetime, list[datetime]]:
        """Return when a customer was registered, and when they bought."""
        created = moment(self._rng, days_ago(self._rng, self._today, 0, 2_100))
        often = 31 if self._chance(0.2) else 500  # some rent an office by the month
        when, bought = created, []
        while when.date() <= self._today and len(bought) < 50:
            bought.append(when)
            if self._chance(0.3):
                break  # does not come back
            when += self._days(often) + timedelta(hours=1)
        return created, [] if self._chance(0.04) else bought

    def _blanked(self, created: datetime, bought: list[datetime]) -> bool:
        return max([created, *bought]).date() <= self._register_over and self._chance(0.7)

    def _billed(self, bought: list[datetime]) -> list[datetime]:
        return [when for when in bought if when.date() > self._first_voucher]

    def _bought(
        self, kind: str, number: int, bought: list[datetime], *, blank: bool
    ) -> Iterator[Row]:
        for when in [] if blank else bought:
            id_ = next(self._ids["purchases"])
            yield purchases, _purchase(id_, kind, number, when)
        for when in self._billed(bought):
            id_ = next(self._ids["invoices"])
            yield invoices, _invoice(id_, kind, number, when.date(), self._today)

    def _consents(self, created: datetime) -> dict[str, object]:
        """Return what a customer said to offers; some changed their mind, some twice."""
        found: dict[str, object] = {"post_ok": self._chance(0.5)}
        for channel in ("email", "phone"):
            given = created if self._chance(0.45) else None
            stopped = None
            if given and self._chance(0.25):
                stopped = min(given + self._days(700), at(self._today, 8))
                if self._chance(0.1):
                    given = min(stopped + self._days(200), at(self._today, 8))
            found[f"{channel}_ok_at"], found[f"{channel}_stop_at"] = given, stopped
        return found

    def member(self) -> Iterator[Row]:
        """Yield a member or target company with purchases and invoices."""
        rng, today = self._rng, self._today
        person, number = self._next(_MEMBER), next(self._ids["members"])
        joined = days_ago(rng, today, 10, 2_000)
        left: date | None = joined + self._days(2_500)
        if left and left >= today:
            left = None
        contact = min((left or today) - self._days(120), today)
        yield members, _member(number, person, joined, left, max(contact, joined))
        bought = [
            moment(rng, joined + self._days((min(left or today, today) - joined).days))
            for _ in range(int(rng.random() * 4))
        ]
        yield from self._bought("member", number, sorted(bought), blank=False)

    def supplier(self) -> Iterator[Row]:
        """Yield a supplier's contact person."""
        rng, today = self._rng, self._today
        began = days_ago(rng, today, 30, 2_500)
        ended: date | None = began + self._days(2_500)
        if ended and (ended >= today or self._chance(0.5)):
            ended = None
        if ended and ended <= just_due(today, years=1) and self._chance(0.8):
            return  # taken out by hand
        id_ = next(self._ids["suppliers"])
        yield suppliers, _supplier(id_, self._next(_SUPPLIER), began, ended)

    def picture(self) -> Iterator[Row]:
        """Yield a picture of somebody; a few have said no since."""
        taken = days_ago(self._rng, self._today, 5, 1_500)
        withdrawn = taken + self._days(600) if self._chance(0.1) else None
        if withdrawn and withdrawn > self._today:
            withdrawn = None
        yield pictures, _picture(next(self._ids["pictures"]), self._next(_OTHER), taken, withdrawn)

    # ---------------------------------------------------------------- cases

    def enquirer(self) -> Iterator[Row]:
        """Yield a person who enquired, with cases, notes and messages."""
        rng, today = self._rng, self._today
        person, number = self._next(_ENQUIRER), next(self._ids["enquirers"])
        registered = days_ago(rng, today, 0, 800)
        values = _enquirer(number, person, registered)
        values["email"] = written_email(rng, person.email) if self._chance(0.9) else None
        values["phone"] = written_phone(rng, person.phone) if self._chance(0.8) else None
        yield enquirers, values
        opened = registered
        for _ in range(1 + int(rng.random() * 2)):
            yield from self._case(number, person, opened)
            opened += self._days(300)
            if opened > today:
                break
        if self._chance(0.15):
            id_ = next(self._ids["case_notes"])
            yield case_notes, _note(id_, number, None, moment(rng, registered), _CASE_NOTES[0])

    def _case(self, enquirer: int, person: Person, opened: date) -> Iterator[Row]:
        rng = self._rng
        key = (next(self._ids["cases"]), opened.year)
        closed: date | None = opened + self._days(150)
        if closed and closed > self._today:
            closed = None
        values = _case(key, enquirer, opened, closed)
        values["matter"] = rng.choice(_MATTERS)
        if self._chance(0.08):
            values["health"] = rng.choice(_HEALTH)
            values["health_ok_at"] = moment(rng, opened)
        yield cases, values
        for _ in range(int(rng.random() * 4)):
            text = rng.choice(_CASE_NOTES)
            if self._chance(0.1):
                text = f"{text} {_NOTE_MENTIONS.format(self._next(_OTHER).name)}"
            written = moment(rng, opened + self._days(20))
            id_ = next(self._ids["case_notes"])
            yield case_notes, _note(id_, enquirer, key, written, text, rng.choice(_STAFF))
        for _ in range(int(rng.random() * 5)):
            received = moment(rng, opened + self._days(20))
            id_ = next(self._ids["messages"])
            yield messages, _message(id_, key, person.email, received, rng.choice(_BODIES))

    # ---------------------------------------------------------------- recruitment

    def vacancy(self) -> Iterator[Row]:
        """Yield a vacancy with applicants, their applications and referees."""
        rng, today = self._rng, self._today
        number = next(self._ids["vacancies"])
        opened = days_ago(rng, today, 5, 420)
        closed: date | None = opened + timedelta(days=40) + self._days(60)
        if closed and closed > today:
            closed = None
        yield vacancies, _vacancy(number, opened, closed)
        over = closed is not None and closed <= just_due(today, months=1)
        tidied = over and self._chance(0.8)
        for _ in range(4 + int(rng.random() * 14)):
            received = moment(rng, min(opened + self._days(25), today))
            yield from self._applicant(number, received, tidied=tidied)

    def _applicant(self, vacancy: int, received: datetime, *, tidied: bool) -> Iterator[Row]:
        rng = self._rng
        pool = received if self._chance(0.2) else None
        if tidied and pool is None:
            return
        person, number = self._next(_APPLICANT), next(self._ids["applicants"])
        values = _applicant(number, person, received, pool)
        values["email"] = written_email(rng, person.email)
        values["phone"] = written_phone(rng, person.phone)
        values["address"] = None if tidied else person.address
        yield applicants, values
        if tidied:
            return
        id_ = next(self._ids["applications"])
        yield applications, _application(id_, number, vacancy, received)
        for position in range(1, 1 + int(rng.random() * 3)):
            yield referees, _referee(id_, position, self._next(_REFEREE))

    # ---------------------------------------------------------------- phone and mail

    def call(self) -> Iterator[Row]:
        """Yield a call, in or out."""
        caller = self._people.person(int(self._rng.random() * 5_000) * 10 + _CALLER).phone
        ours = f"+47100000{int(self._rng.random() * 12):02d}"
        pair = (caller, ours) if self._chance(0.6) else (ours, caller)
        if self._chance(0.03):
            pair = (ours[:3] + "10000001", ours)  # from one room to another
        when = moment(self._rng, days_ago(self._rng, self._today, 0, 95))
        yield calls, _call(next(self._ids["calls"]), pair, when)

    def account(self) -> Iterator[Row]:
        """Yield an employee's account with mail."""
        rng, today = self._rng, self._today
        person, number = self._next(_EMPLOYEE), next(self._ids["accounts"])
        ended = days_ago(rng, today, -40, 16) if self._chance(0.2) else None
        yield accounts, _account(number, person, ended)
        for _ in range(60 + int(rng.random() * 280)):
            received = moment(rng, days_ago(rng, today, 0, 700))
            sender = self._people.person(int(rng.random() * 5_000) * 10 + _CALLER)
            yield mail, _mail(next(self._ids["mail"]), number, sender.email, received, rng)


# ------------------------------------------------------------------ one row each


def _business(
    number: int, person: Person, created: datetime, *, blank: bool = False
) -> dict[str, object]:
    """Return a business customer; `blank`: only what the vouchers need is left."""
    return {
        "id": number,
        "company": person.company.name,
        "contact_name": person.name,
        "title": None if blank else _TITLES[number % len(_TITLES)],
        "email": f"slettet-b{number}@skarvdalen.invalid" if blank else person.email,
        "phone": None if blank else person.phone,
        "address": person.address,
        **_NO_OFFERS,
        "created_at": created,
    }


_NO_OFFERS: Final[dict[str, object]] = {
    "post_ok": False,
    "email_ok_at": None,
    "email_stop_at": None,
    "phone_ok_at": None,
    "phone_stop_at": None,
}


def _private(
    number: int, person: Person, created: datetime, *, blank: bool = False
) -> dict[str, object]:
    return {
        "id": number,
        "name": person.name,
        "email": f"slettet-p{number}@skarvdalen.invalid" if blank else person.email,
        "phone": None if blank else person.phone,
        "address": person.address,
        **_NO_OFFERS,
        "created_at": created,
    }


def _supplier(number: int, person: Person, began: date, ended: date | None) -> dict[str, object]:
    return {
        "id": number,
        "company": person.company.name,
        "contact_name": person.name,
        "title": _TITLES[number % len(_TITLES)],
        "email": person.email,
        "phone": person.phone,
        "address": person.address,
        "agreement_from": began,
        "agreement_ended_on": ended,
    }


def _member(
    number: int, person: Person, joined: date, left: date | None, contact: date
) -> dict[str, object]:
    return {
        "id": number,
        "company": person.company.name,
        "kind": "target" if number % 3 == 0 else "member",
        "contact_name": person.name,
        "email": person.email,
        "phone": person.phone,
        "joined_on": joined,
        "left_on": left,
        "last_contact_on": contact,
    }


def _purchase(id_: int, kind: str, buyer: int, when: datetime) -> dict[str, object]:
    service, amount = _SERVICES[id_ % len(_SERVICES)]
    return {
        "id": id_,
        "buyer_kind": kind,
        "buyer_id": buyer,
        "bought_at": when,
        "service": service,
        "amount": amount,
    }


def _invoice(number: int, kind: str, buyer: int, day: date, today: date) -> dict[str, object]:
    service, amount = _SERVICES[number % len(_SERVICES)]
    paid = day + timedelta(days=14)
    return {
        "number": number,
        "buyer_kind": kind,
        "buyer_id": buyer,
        "invoiced_on": day,
        "wording": service,
        "amount": amount,
        "paid_on": paid if paid < today else None,
    }


def _picture(
    id_: int,
    person: Person,
    consented: date | None,
    withdrawn: date | None = None,
    taken: date | None = None,
) -> dict[str, object]:
    return {
        "id": id_,
        "file": f"bilder/{id_:06d}.jpg",
        "person": person.name,
        "email": person.email,
        "taken_on": taken or consented,
        "consented_on": consented,
        "withdrawn_on": withdrawn,
    }


def _enquirer(number: int, person: Person, registered: date) -> dict[str, object]:
    return {
        "id": number,
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "address": person.address,
        "registered_on": registered,
    }


def _case(
    key: tuple[int, int], enquirer: int, opened: date, closed: date | None
) -> dict[str, object]:
    return {
        "no": key[0],
        "year": key[1],
        "enquirer_id": enquirer,
        "opened_on": opened,
        "closed_on": closed,
        "matter": _MATTERS[key[0] % len(_MATTERS)],
        "health": None,
        "health_ok_at": None,
        "health_stop_at": None,
    }


def _note(
    id_: int,
    enquirer: int,
    case: tuple[int, int] | None,
    written: datetime,
    text: str,
    author: str = _STAFF[0],
) -> dict[str, object]:
    """Return a note on a case, or without one on the person."""
    return {
        "id": id_,
        "kind": "case" if case else "general",
        "case_no": case[0] if case else None,
        "case_year": case[1] if case else None,
        "enquirer_id": enquirer,
        "written_at": written,
        "author": author,
        "text": text,
    }


def _message(
    id_: int, case: tuple[int, int], sender: str, received: datetime, body: str
) -> dict[str, object]:
    return {
        "id": id_,
        "case_no": case[0],
        "case_year": case[1],
        "received_at": received,
        "sender": sender,
        "recipient": f"{_STAFF[id_ % len(_STAFF)]}@skarvdalen.example",
        "body": body,
    }


def _vacancy(number: int, opened: date, closed: date | None) -> dict[str, object]:
    return {
        "id": number,
        "position": _POSITIONS[number % len(_POSITIONS)],
        "opened_on": opened,
        "closed_on": closed,
    }


def _applicant(
    number: int,
    person: Person,
    registered: datetime,
    pool: datetime | None = None,
    stopped: datetime | None = None,
) -> dict[str, object]:
    return {
        "id": number,
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "address": person.address,
        "cv": _CVS[number % len(_CVS)],
        "registered_at": registered,
        "pool_ok_at": pool,
        "pool_stop_at": stopped,
    }


def _application(id_: int, applicant: int, vacancy: int, received: datetime) -> dict[str, object]:
    return {
        "id": id_,
        "applicant_id": applicant,
        "vacancy_id": vacancy,
        "received_at": received,
        "outcome": "avslag" if id_ % 5 else None,
        "letter": _LETTERS[id_ % len(_LETTERS)],
        "assessment": _ASSESSMENTS[id_ % len(_ASSESSMENTS)],
        "test": _TESTS[id_ % len(_TESTS)],
        "background": "Vitnemål kontrollert" if id_ % 3 == 0 else None,
    }


def _referee(application: int, position: int, person: Person) -> dict[str, object]:
    return {
        "application_id": application,
        "position": position,
        "name": person.name,
        "phone": person.phone,
        "statement": _STATEMENTS[application % len(_STATEMENTS)],
    }


def _call(id_: int, pair: tuple[str, str], when: datetime | None) -> dict[str, object]:
    return {
        "id": id_,
        "from_number": pair[0],
        "to_number": pair[1],
        "called_at": _unix(when) if when else None,
    }


def _unix(local: datetime) -> int:
    return int(in_utc(local, ZONE).replace(tzinfo=UTC).timestamp())


def _account(number: int, person: Person, ended: date | None) -> dict[str, object]:
    username = f"{person.first[:3]}{person.last[:3]}{number}".lower()
    return {
        "id": number,
        "username": username,
        "display_name": person.name,
        "email": f"{person.email.partition('@')[0]}@skarvdalen.example",
        "employment_ended_on": ended,
        "autoreply": ended is not None,
    }


def _mail(
    id_: int, account: int, sender: str, received: datetime, rng: Random
) -> dict[str, object]:
    return {
        "id": id_,
        "account_id": account,
        "received_at": received,
        "sender": sender,
        "subject": rng.choice(_SUBJECTS),
        "body": rng.choice(_BODIES),
    }


# ------------------------------------------------------------------ rows at the edges


def _marked(people: People, today: date) -> Iterator[Row]:
    yield from _marked_business(people, today)
    yield from _marked_private(people, today)
    yield from _marked_papers(today)
    yield from _marked_suppliers_members(people, today)
    yield from _marked_cases(people, today)
    yield from _marked_recruitment(people, today)
    yield from _marked_office(people, today)


def _marked_business(people: People, today: date) -> Iterator[Row]:
    due, last = just_due(today, years=3, months=6), on_last_day(today, years=3, months=6)
    old = at(due - timedelta(days=500))
    known: tuple[tuple[int, datetime, dict[str, object]], ...] = (
        (1, old, {}),  # bought just so long ago; the invoice stays
        (2, old, {}),  # bought a day later
        (3, at(due), {}),  # never bought
        (4, at(due), {"email_ok_at": old}),  # never bought, still wants the newsletter
        (5, at(due), {"email_ok_at": old, "email_stop_at": at(today - timedelta(days=3))}),
        (6, old, {}),  # blanked by hand, the invoice stays
        (7, old, {"post_ok": True}),  # bought lately
    )
    for number, created, more in known:
        person = people.person(number * 10 + _BUSINESS)
        yield business_customers, _business(number, person, created, blank=number == 6) | more
    for id_, buyer, when in (
        (1, 1, at(due, 23, 59, 59)),
        (2, 2, at(last, 0)),
        (3, 7, at(today - timedelta(days=4))),
        (4, 7, at(due)),
    ):
        yield purchases, _purchase(id_, "business", buyer, when)


def _marked_private(people: People, today: date) -> Iterator[Row]:
    due, last = just_due(today, years=3, months=6), on_last_day(today, years=3, months=6)
    old = at(due - timedelta(days=900))
    known: tuple[tuple[int, datetime, dict[str, object]], ...] = (
        (1, old, {}),
        (2, old, {}),
        (3, at(due), {"phone_ok_at": at(due), "phone_stop_at": old}),  # said yes again
        (4, old, {}),  # only an invoice that is over
        (5, at(due), {"phone_ok_at": old, "phone_stop_at": old}),  # nobody knows which came first
    )
    for number, created, more in known:
        person = people.person(number * 10 + _PRIVATE)
        yield private_customers, _private(number, person, created) | more
    for id_, buyer, when in ((11, 1, at(due, 23, 59, 59)), (12, 2, at(last, 0))):
        yield purchases, _purchase(id_, "private", buyer, when)


def _marked_papers(today: date) -> Iterator[Row]:
    due = just_due(today, years=3, months=6)
    over = just_due_by_year_end(today, years=5)
    kept = over + timedelta(days=1)  # the first day of the year that must still be kept
    billed = (
        (1, "business", 1, due),
        (2, "business", 6, kept),
        (3, "business", 7, over),
        (4, "private", 1, due),
        (5, "private", 4, over),
        (6, "member", 5, kept),
    )
    for number, kind, buyer, day in billed:
        yield invoices, _invoice(number, kind, buyer, day, today)


def _marked_suppliers_members(people: People, today: date) -> Iterator[Row]:
    due, last = just_due(today, years=1), on_last_day(today, years=1)
    old = today - timedelta(days=1_500)
    for number, ended in ((1, due), (2, last), (3, None)):
        person = people.person(number * 10 + _SUPPLIER)
        yield suppliers, _supplier(number, person, old, ended)
    joined: tuple[tuple[int, date | None, date], ...] = (
        (1, None, due - timedelta(days=90)),  # a member whom nobody has called for long
        (2, due - timedelta(days=30), due),
        (3, last - timedelta(days=30), last),
        (4, due - timedelta(days=400), due - timedelta(days=300)),  # bought lately all the same
        (5, due - timedelta(days=400), due),  # the invoice stays
    )
    for number, left, contact in joined:
        person = people.person(number * 10 + _MEMBER)
        yield members, _member(number, person, old, left, contact)
    yield purchases, _purchase(21, "member", 4, at(today - timedelta(days=50)))
    taken = today - timedelta(days=300)
    shown: tuple[tuple[int, date | None, date | None], ...] = (
        (1, taken, None),
        (2, taken, today - timedelta(days=1)),
        (3, None, None),  # nobody asked
        (4, taken, taken - timedelta(days=20)),  # said no to an earlier one
    )
    for id_, consented, withdrawn in shown:
        person = people.person(id_ * 10 + _OTHER)
        yield pictures, _picture(id_, person, consented, withdrawn, taken)


def _marked_cases(people: People, today: date) -> Iterator[Row]:
    due, last = just_due(today, years=2), on_last_day(today, years=2)
    old, recent = due - timedelta(days=200), today - timedelta(days=30)
    for number, registered in ((1, old), (2, old), (3, old), (4, old), (5, due), (6, recent)):
        person = people.person(number * 10 + _ENQUIRER)
        yield enquirers, _enquirer(number, person, registered)
    said: dict[str, object] = {"health": _HEALTH[0], "health_ok_at": at(recent)}
    unsaid: dict[str, object] = {**said, "health_stop_at": at(recent) + timedelta(days=2)}
    opened: tuple[tuple[int, int, date, date | None, dict[str, object]], ...] = (
        (1, 1, old, due, {}),
        (2, 2, old, last, {}),
        (3, 3, old, None, {}),  # open still
        (4, 4, old, due, {}),  # the person has a newer one
        (5, 4, recent, None, {}),
        (6, 6, recent, None, unsaid),
        (7, 6, recent, today, said),
    )
    for no, enquirer, began, closed, more in opened:
        key = (no, _SERIES)
        sender = people.person(enquirer * 10 + _ENQUIRER)
        yield cases, _case(key, enquirer, began, closed) | more
        text = f"{_CASE_NOTES[0]} {_NOTE_MENTIONS.format(people.person(no * 10 + _OTHER).name)}"
        yield case_notes, _note(no, enquirer, key, at(began), text)
        yield messages, _message(no, key, sender.email, at(began), _BODIES[0])
    for id_, enquirer in ((11, 1), (12, 4), (13, 5)):
        yield case_notes, _note(id_, enquirer, None, at(old), _CASE_NOTES[1])


def _marked_recruitment(people: People, today: date) -> Iterator[Row]:
    due, last = just_due(today, months=1), on_last_day(today, months=1)
    opened = due - timedelta(days=70)
    for number, closed in ((1, due), (2, last), (3, None)):
        yield vacancies, _vacancy(number, opened, closed)
    came, recent = at(opened + timedelta(days=9)), at(today - timedelta(days=5))
    lapsed, lapses = at(just_due(today, years=1)), at(on_last_day(today, years=1))
    known: tuple[tuple[int, datetime, datetime | None, datetime | None], ...] = (
        (1, came, None, None),
        (2, came, None, None),
        (3, came, came, None),  # may be asked again
        (4, lapsed, lapsed, None),  # might have been, for a year
        (5, lapses, lapses, None),  # today is the last day
        (6, came, came, recent),  # no longer wants to be
        (7, came, None, None),  # applied for two
        (8, at(due), None, None),  # began and never applied
    )
    for number, registered, pool, stopped in known:
        person = people.person(number * 10 + _APPLICANT)
        yield applicants, _applicant(number, person, registered, pool, stopped)
    applied = (
        (1, 1, 1),
        (2, 2, 2),
        (3, 3, 1),
        (4, 4, 1),
        (5, 5, 1),
        (6, 6, 1),
        (7, 7, 1),
        (8, 7, 3),
    )
    for id_, applicant, vacancy in applied:
        yield applications, _application(id_, applicant, vacancy, came)
        yield referees, _referee(id_, 1, people.person(id_ * 10 + _REFEREE))


def _marked_office(people: People, today: date) -> Iterator[Row]:
    due, last = just_due(today, days=90), on_last_day(today, days=90)
    ours = "+4710000000"
    for id_, when in ((1, at(due, 23, 59, 59)), (2, at(last, 0)), (3, None)):
        yield calls, _call(id_, (people.person(id_ * 10 + _CALLER).phone, ours), when)
    left, leaves = just_due(today, days=14), on_last_day(today, days=14)
    for number, ended in ((1, None), (2, left), (3, leaves), (4, today + timedelta(days=20))):
        person = people.person(number * 10 + _EMPLOYEE)
        yield accounts, _account(number, person, ended)
        sender = people.person(number * 10 + _CALLER).email
        yield (
            mail,
            {
                "id": number,
                "account_id": number,
                "received_at": at(today - timedelta(days=60)),
                "sender": sender,
                "subject": _SUBJECTS[0],
                "body": _BODIES[0],
            },
        )


def _mark(table: str, key: int | tuple[int | str, ...], *rest: object) -> Mark:
    keys = key if isinstance(key, tuple) else (key,)
    return Mark(table, keys, *rest)  # type: ignore[arg-type]  # the rest is Mark's own


MARKED: Final = {
    "business customer due": _mark(
        "crm.business_customers", 1, "blanked", "name and address stay", ("title", "email", "phone")
    ),
    "purchase of a customer due": _mark("crm.purchases", 1, "erased", "with its customer"),
    "invoice of a customer due": _mark("crm.invoices", 1, "kept", "the bookkeeping act needs it"),
    "business customer on the last day": _mark("crm.business_customers", 2, "kept", "last day"),
    "purchase on its last day": _mark("crm.purchases", 2, "kept", "with its customer"),
    "business customer who never bought": _mark(
        "crm.business_customers", 3, "erased", "its own date is just due"
    ),
    "business customer with a newsletter": _mark(
        "crm.business_customers",
        4,
        "blanked",
        "the consent keeps name and address of mail",
        ("title", "phone", "address"),
    ),
    "business customer without one": _mark(
        "crm.business_customers", 5, "erased", "the consent is withdrawn"
    ),
    "business customer blank already": _mark(
        "crm.business_customers", 6, "kept", "nothing is left to blank"
    ),
    "business customer who came back": _mark("crm.business_customers", 7, "kept", "bought lately"),
    "old purchase of who came back": _mark("crm.purchases", 4, "kept", "its customer is one"),
    "invoice over": _mark("crm.invoices", 3, "erased", "five years after its year"),
    "private customer due": _mark(
        "crm.private_customers", 1, "blanked", "name and address stay", ("email", "phone")
    ),
    "private customer on the last day": _mark("crm.private_customers", 2, "kept", "last day"),
    "private customer who may be called": _mark(
        "crm.private_customers", 3, "blanked", "consented again", ("email", "address")
    ),
    "private customer over": _mark("crm.private_customers", 4, "erased", "no voucher needs it"),
    "private customer of unknown order": _mark(
        "crm.private_customers", 5, "erased", "a tie counts as no"
    ),
    "supplier due": _mark("crm.suppliers", 1, "erased", "a year and a day"),
    "supplier on the last day": _mark("crm.suppliers", 2, "kept", "a year today"),
    "supplier with an agreement": _mark("crm.suppliers", 3, "kept", "its clock has not struck"),
    "member": _mark("crm.members", 1, "kept", "is one, whoever called when"),
    "member who left due": _mark("crm.members", 2, "erased", "a year and a day"),
    "member who left, last day": _mark("crm.members", 3, "kept", "a year today"),
    "member who left and bought": _mark("crm.members", 4, "kept", "bought lately"),
    "member who left with an invoice": _mark(
        "crm.members", 5, "blanked", "the name stays", ("email", "phone")
    ),
    "picture": _mark("crm.pictures", 1, "kept", "consent lives"),
    "picture no longer wanted": _mark("crm.pictures", 2, "erased", "withdrawn yesterday"),
    "picture nobody asked about": _mark("crm.pictures", 3, "erased", "no consent"),
    "picture wanted again": _mark("crm.pictures", 4, "kept", "consented afterwards"),
    "enquirer due": _mark("casework.enquirers", 1, "erased", "the last case is just due"),
    "case due": _mark("casework.cases", (1, _SERIES), "erased", "closed two years and a day ago"),
    "note of a case due": _mark("casework.case_notes", 1, "erased", "with its case"),
    "message of a case due": _mark("casework.messages", 1, "erased", "with its case"),
    "general note of an enquirer due": _mark("casework.case_notes", 11, "erased", "with them"),
    "case on its last day": _mark("casework.cases", (2, _SERIES), "kept", "two years today"),
    "enquirer on the last day": _mark("casework.enquirers", 2, "kept", "two years today"),
    "case that is open": _mark("casework.cases", (3, _SERIES), "kept", "its clock has not struck"),
    "enquirer with a newer case": _mark("casework.enquirers", 4, "kept", "one is open"),
    "older case of an enquirer": _mark(
        "casework.cases", (4, _SERIES), "erased", "each case by its own date"
    ),
    "general note of a kept enquirer": _mark("casework.case_notes", 12, "kept", "with them"),
    "enquirer without a case": _mark("casework.enquirers", 5, "erased", "registered so long ago"),
    "case with health withdrawn": _mark(
        "casework.cases", (6, _SERIES), "blanked", "Art. 9 needs the consent", ("health",)
    ),
    "case with health": _mark("casework.cases", (7, _SERIES), "kept", "both grounds live"),
    "applicant due": _mark("recruitment.applicants", 1, "erased", "closed a month and a day ago"),
    "application due": _mark("recruitment.applications", 1, "erased", "the same"),
    "referee of an application due": _mark("recruitment.referees", (1, 1), "erased", "with it"),
    "applicant on the last day": _mark("recruitment.applicants", 2, "kept", "a month today"),
    "applicant who may be asked again": _mark(
        "recruitment.applicants", 3, "blanked", "the consent keeps the rest", ("address",)
    ),
    "application of who may be asked": _mark("recruitment.applications", 3, "erased", "just due"),
    "applicant whose consent lapsed": _mark("recruitment.applicants", 4, "erased", "after a year"),
    "applicant whose consent lapses": _mark(
        "recruitment.applicants", 5, "blanked", "a year today", ("address",)
    ),
    "applicant who no longer wants": _mark("recruitment.applicants", 6, "erased", "withdrawn"),
    "applicant for two vacancies": _mark("recruitment.applicants", 7, "kept", "one is open"),
    "first of two applications": _mark("recruitment.applications", 7, "erased", "by its own date"),
    "second of two applications": _mark("recruitment.applications", 8, "kept", "not closed yet"),
    "applicant who never applied": _mark(
        "recruitment.applicants", 8, "erased", "own date just due"
    ),
    "call due": _mark("office.calls", 1, "erased", "90 days and a second, local time"),
    "call on its last day": _mark("office.calls", 2, "kept", "90 days today"),
    "call of unknown time": _mark("office.calls", 3, "kept", "a finding"),
    "account": _mark("office.accounts", 1, "kept", "is employed"),
    "account of a leaver due": _mark("office.accounts", 2, "erased", "fourteen days and a day"),
    "mail of a leaver due": _mark("office.mail", 2, "erased", "with the account"),
    "account of a leaver on the last day": _mark("office.accounts", 3, "kept", "14 days today"),
    "mail of a leaver on the last day": _mark("office.mail", 3, "kept", "with the account"),
    "account of who is leaving": _mark("office.accounts", 4, "kept", "has not left yet"),
}
