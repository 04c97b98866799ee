"""Made-up data of the business agency: contacts and cases, surveys, events, visits, invoices.

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
    last_day,
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

# ------------------------------------------------------------------ crm

crm = MetaData()
contacts = Table(
    "contacts",
    crm,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(120)),
    Column("company", String(160)),
    Column("email", String(200), index=True),
    Column("phone", String(40)),
    Column("note", Text),
    Column("created_at", DateTime, nullable=False, index=True),
)
cases = Table(
    "cases",
    crm,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("contact_id", ForeignKey("contacts.id"), nullable=False, index=True),
    Column("earlier_id", ForeignKey("cases.id", ondelete="SET NULL"), index=True),
    Column("topic", String(60), nullable=False),
    Column("note", Text),
    Column("created_at", DateTime, nullable=False, index=True),
    Column("closed_at", DateTime),
)
follow_ups = Table(
    "follow_ups",
    crm,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("planned_on", Date, nullable=False),
    Column("done_at", DateTime),
    Column("note", Text),
)
introductions = Table(
    "introductions",
    crm,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("contact_id", ForeignKey("contacts.id"), nullable=False, index=True),
    Column("recipient", String(160), nullable=False),
    Column("question", Text),
    Column("introduced_on", Date, index=True),
    Column("consented_at", DateTime, index=True),
    Column("withdrawn_at", DateTime, index=True),
)
meetings = Table(
    "meetings",
    crm,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("title", String(160), nullable=False),
    Column("place", String(120)),
    Column("held_at", DateTime, index=True),
)
invitations = Table(
    "invitations",
    crm,
    Column("meeting_id", ForeignKey("meetings.id"), primary_key=True),
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("name", String(120)),
    Column("email", String(200), index=True),
    Column("invited_at", DateTime, nullable=False, index=True),
    Column("accepted", Boolean),
)

# ------------------------------------------------------------------ survey tool, all in UTC

survey_tool = MetaData()
surveys = Table(
    "surveys",
    survey_tool,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("title", String(160), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("opened_on", Date, nullable=False),
)
responses = Table(
    "responses",
    survey_tool,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("survey_id", ForeignKey("surveys.id"), nullable=False, index=True),
    Column("name", String(120)),
    Column("company", String(160)),
    Column("email", String(200), index=True),
    Column("phone", String(40)),
    Column("comment", Text),
    Column("started_at", DateTime, nullable=False, index=True),
    Column("submitted_at", DateTime, index=True),
)
answers = Table(
    "answers",
    survey_tool,
    Column("response_id", ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True),
    Column("question", Integer, primary_key=True, autoincrement=False),
    Column("answer", String(400)),
)

# ------------------------------------------------------------------ events

events_system = MetaData()
events = Table(
    "events",
    events_system,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("title", String(160), nullable=False),
    Column("place", String(120)),
    Column("starts_at", DateTime),
    Column("ends_at", DateTime, index=True),
    Column("price", Integer, nullable=False),  # kroner; 0: free, as nearly all are
)
signups = Table(
    "signups",
    events_system,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("event_id", ForeignKey("events.id"), nullable=False, index=True),
    Column("name", String(120)),
    Column("company", String(160)),
    Column("email", String(200), index=True),
    Column("phone", String(40)),
    Column("address", String(200)),
    Column("signed_up_at", DateTime, nullable=False, index=True),
    Column("attended", Boolean),
)

# ------------------------------------------------------------------ website

website = MetaData()
visits = Table(
    "visits",
    website,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("visited_at", BigInteger, nullable=False, index=True),  # seconds since 1970
    Column("page", String(120), nullable=False),
    Column("ip", String(45)),
    Column("cookie_id", String(32), index=True),
    Column("browser", String(120)),
    Column("came_from", String(200)),
    Column("consented_at", DateTime, index=True),
    Column("withdrawn_at", DateTime, index=True),
)
subscribers = Table(
    "subscribers",
    website,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("email", String(200), nullable=False, unique=True),
    Column("name", String(120)),
    Column("company", String(160)),
    Column("asked_at", DateTime, nullable=False),
    Column("consented_at", DateTime, index=True),
    Column("unsubscribed_at", DateTime, index=True),
)

# ------------------------------------------------------------------ accounting

accounting = MetaData()
customers = Table(
    "customers",
    accounting,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(120)),
    Column("company", String(160)),
    Column("address", String(200)),
    Column("email", String(200), nullable=False, unique=True),
    Column("created_on", Date, nullable=False, index=True),
)
invoices = Table(
    "invoices",
    accounting,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False, unique=True),
    Column("customer_id", ForeignKey("customers.id"), nullable=False, index=True),
    Column("attention", String(120)),
    Column("issued_on", Date, nullable=False, index=True),
    Column("due_on", Date, nullable=False),
    Column("paid_on", Date),
)
invoice_lines = Table(
    "invoice_lines",
    accounting,
    Column("invoice_id", ForeignKey("invoices.id", ondelete="CASCADE"), primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("text", String(300)),
    Column("amount", BigInteger, nullable=False),  # øre
)

TABLES: Final = {
    "crm": crm,
    "survey_tool": survey_tool,
    "events": events_system,
    "website": website,
    "accounting": accounting,
}

# ------------------------------------------------------------------ words

_TOPICS = (
    "Virksomhedsplan",
    "Generationsskifte",
    "Finansiering",
    "Lokaler",
    "Eksport",
    "Rekruttering",
    "Grøn omstilling",
    "Iværksætteri",
)
_NOTES = (
    "Ringede for at høre om mulighederne for at leje et mindre lokale ved havnen.",
    "Vil gerne have sparring på budgettet, inden banken bliver kontaktet.",
    "Overvejer at ansætte den første medarbejder til foråret.",
    "Er henvist af en kollega i erhvervsnetværket. Ønsker et møde i næste uge.",
    "Har sendt et udkast til forretningsplan. Vi har aftalt at gennemgå det sammen.",
    "Spørger til tilskud til energirenovering af værkstedet.",
    "Vil sælge virksomheden inden for to år og har brug for en vurdering.",
    "Mangler faglært arbejdskraft og vil høre om praktikaftaler.",
)
_MENTIONS = "Talte også med {} hos {}, som kender sagen."
_NEXT = (
    "Ring igen, når banken har svaret.",
    "Send oversigt over lokaler.",
    "Følg op på mødet med erhvervshuset.",
    "Hør, hvordan det går med ansættelsen.",
)
_SURVEYS = (
    "Erhvervsklima",
    "Tilfredshed med vores rådgivning",
    "Mangel på arbejdskraft",
    "Grøn omstilling i virksomhederne",
    "Behov for erhvervsjord",
)
_ANSWERS = ("Meget enig", "Enig", "Hverken eller", "Uenig", "Meget uenig", "Ved ikke")
_COMMENTS = (
    "Vi savner en direkte busforbindelse til erhvervsområdet.",
    "God rådgivning, men ventetiden var lang.",
    "Vi forventer at udvide næste år, hvis vi kan finde folk.",
    "Byggesagen tog for lang tid.",
)
_EVENTS = (
    "Gå-hjem-møde om likviditet",
    "Morgenkaffe for nye virksomheder",
    "Temadag om cirkulær økonomi",
    "Netværksmøde for håndværkere",
    "Kursus i digital markedsføring",
)
_MEETINGS = ("Styregruppe for midtbyen", "Møde om havneområdet", "Statusmøde om praktikpladser")
_PLACES = ("Mødesalen, Havnetorvet", "Tværsund Bibliotek", "Online")
_PAGES = ("/", "/arrangementer", "/ivaerksaetter", "/raadgivning", "/kontakt", "/nyheder")
_BROWSERS = (
    "Firefox 140, Windows",
    "Safari 19, iPhone",
    "Chrome 139, Android",
    "Edge 139, Windows",
)
_FROM = ("", "", "https://search.example/", "https://www.tvaersund.example/erhverv")
_HOSTS = ("192.0.2.{}", "198.51.100.{}", "203.0.113.{}", "2001:db8::{:x}")  # for documents only
_ADVISERS = ("Banken", "En revisor", "En advokat med speciale i virksomhedshandel", "En mentor")

_FIRST_BULK_ID: Final = 1_000  # below are the marked rows


def rows(rng: Random, today: date, size: int) -> Iterator[Row]:
    """Yield about `size` rows: the marked ones, then an agency's ordinary years."""
    people = People("DK", rng.getrandbits(32))
    made = 0
    for row in _marked(people, today):
        made += 1
        yield row
    life = _Life(rng, people, today, size)
    # a unit and how often it comes, so that rows come in the mix of the comment
    units: tuple[tuple[Callable[[], Iterator[Row]], float], ...] = (
        (life.visitor, 0.0450),  # 45 % visits
        (life.survey, 0.0012),  # 25 % answers
        (life.event, 0.0040),  # 13 % sign-ups
        (life.contact, 0.0240),  # 10 % contacts, cases, follow-ups
        (life.customer, 0.0040),  # 4 % accounting
        (life.subscriber, 0.0150),  # 2 %
        (life.meeting, 0.0020),  # 1 %
    )
    choices = [unit for unit, _ in units]
    weights = list(accumulate(weight for _, weight in units))
    while made < size:
        for row in rng.choices(choices, cum_weights=weights)[0]():
            made += 1
            yield row


class _Life:
    """What happens at the agency: each method yields one unit, a parent before its children.

    About one in twenty rows is due: what a nightly sweep finds when it has not run for a while.
    """

    def __init__(self, rng: Random, people: People, today: date, size: int) -> None:
        self._rng, self._people, self._today = rng, people, today
        self._crowd = max(60, size // 12)  # so many people know the agency
        self._ids = {table: count(_FIRST_BULK_ID) for m in TABLES.values() for table in m.tables}
        self._subscriber, self._customer, self._contact = count(50), count(70), count(50)

    def _someone(self) -> Person:
        return self._people.person(50 + int(self._rng.random() * self._crowd))

    def _email(self, person: Person) -> str:
        return written_email(self._rng, person.email)

    def _chance(self, share: float) -> bool:
        return self._rng.random() < share

    def _later(self, moment: datetime, days: int) -> datetime:
        return moment + timedelta(days=int(self._rng.random() * days), hours=1)

    def _note(self, notes: tuple[str, ...]) -> str | None:
        if self._chance(0.1):
            return None
        note = self._rng.choice(notes)
        if self._chance(0.1):
            other = self._someone()
            note = f"{note} {_MENTIONS.format(other.name, other.company.name)}"
        return note

    def contact(self) -> Iterator[Row]:
        """Yield a contact with cases, follow-ups and perhaps an introduction."""
        rng = self._rng
        # one in thirty is in the system twice
        person = self._someone() if self._chance(0.03) else self._people.person(next(self._contact))
        contact_id = next(self._ids["contacts"])
        created = moment(rng, days_ago(rng, self._today, 0, 2_050))
        yield (
            contacts,
            {
                "id": contact_id,
                "name": person.name,
                "company": person.company.name if self._chance(0.85) else None,
                "email": self._shared_email(person),
                "phone": written_phone(rng, person.phone) if self._chance(0.8) else None,
                "note": self._note(_NOTES) if self._chance(0.3) else None,
                "created_at": created,
            },
        )
        earlier = None
        for _ in range(int(rng.random() * 3.4)):
            case_id = next(self._ids["cases"])
            closed = self._later(created, 120)
            yield (
                cases,
                {
                    "id": case_id,
                    "contact_id": contact_id,
                    "earlier_id": earlier,
                    "topic": rng.choice(_TOPICS),
                    "note": self._note(_NOTES),
                    "created_at": created,
                    "closed_at": closed if closed.date() < self._today else None,
                },
            )
            for _ in range(int(rng.random() * 2.2)):
                yield self._follow_up(case_id, created)
            earlier = case_id if self._chance(0.3) else None
            created = self._later(created, 400)
            if created.date() > self._today:
                break
        if self._chance(0.08):
            yield self._introduction(contact_id)

    def _shared_email(self, person: Person) -> str | None:
        if self._chance(0.06):
            return None
        return f"info@{person.company.domain}" if self._chance(0.06) else self._email(person)

    def _follow_up(self, case_id: int, after: datetime) -> Row:
        planned = self._later(after, 60)
        done = planned.date() < self._today and self._chance(0.8)
        return (
            follow_ups,
            {
                "id": next(self._ids["follow_ups"]),
                "case_id": case_id,
                "planned_on": planned.date(),
                "done_at": planned if done else None,
                "note": self._note(_NEXT),
            },
        )

    def _introduction(self, contact_id: int) -> Row:
        asked = moment(self._rng, days_ago(self._rng, self._today, 0, 385))
        withdrawn = self._later(asked, 5) if self._chance(0.05) else None
        done = withdrawn is None and self._chance(0.9)
        return (
            introductions,
            {
                "id": next(self._ids["introductions"]),
                "contact_id": contact_id,
                "recipient": self._rng.choice(_ADVISERS),
                "question": self._note(_NOTES),
                "introduced_on": asked.date() if done else None,
                "consented_at": asked,
                "withdrawn_at": withdrawn,
            },
        )

    def meeting(self) -> Iterator[Row]:
        """Yield a meeting and its invitations; some are not dated yet."""
        rng = self._rng
        meeting_id = next(self._ids["meetings"])
        held = moment(rng, days_ago(rng, self._today, -30, 385))
        yield (
            meetings,
            {
                "id": meeting_id,
                "title": rng.choice(_MEETINGS),
                "place": rng.choice(_PLACES),
                "held_at": None if self._chance(0.05) and held.date() > self._today else held,
            },
        )
        invited = held - timedelta(days=14)
        for no in range(1, 3 + int(rng.random() * 6)):
            person = self._someone()
            yield (
                invitations,
                {
                    "meeting_id": meeting_id,
                    "no": no,
                    "name": person.name,
                    "email": self._email(person),
                    "invited_at": min(invited, at(self._today, 8)),
                    "accepted": rng.choice((True, True, False, None)),
                },
            )

    def survey(self) -> Iterator[Row]:
        """Yield a survey, or the visits of a season, with its answers."""
        rng = self._rng
        survey_id = next(self._ids["surveys"])
        visit = self._chance(0.35)
        opened = days_ago(rng, self._today, 20, 1_930)
        open_days = 90
        if not visit and self._chance(0.1):  # one that is always open
            opened, open_days = days_ago(rng, self._today, 2_000, 3_000), 3_000
        title = "Virksomhedsbesøg" if visit else rng.choice(_SURVEYS)
        yield (
            surveys,
            {
                "id": survey_id,
                "title": f"{title} {opened.year}",
                "kind": "visit" if visit else "survey",
                "opened_on": opened,
            },
        )
        open_days = min(open_days, (self._today - opened).days)
        for _ in range(10 + int(rng.random() * 45)):
            day = opened + timedelta(days=int(rng.random() * open_days))
            yield from self._response(survey_id, day, visit=visit)

    def _response(self, survey_id: int, day: date, *, visit: bool) -> Iterator[Row]:
        rng = self._rng
        response_id = next(self._ids["responses"])
        person = self._someone()
        named = visit or self._chance(0.4)
        begun = in_utc(moment(rng, day), ZONE)
        sent = visit or self._chance(0.93)
        yield (
            responses,
            {
                "id": response_id,
                "survey_id": survey_id,
                "name": person.name if named else None,
                "company": person.company.name if named else None,
                "email": self._email(person) if named else None,
                "phone": written_phone(rng, person.phone) if visit else None,
                "comment": rng.choice(_COMMENTS) if self._chance(0.3) else None,
                "started_at": begun,
                "submitted_at": begun + timedelta(minutes=9) if sent else None,
            },
        )
        for question in range(1, 5 + int(rng.random() * 3) if sent else 3):
            answer = rng.choice(_ANSWERS)
            yield answers, {"response_id": response_id, "question": question, "answer": answer}

    def event(self) -> Iterator[Row]:
        """Yield an event and its sign-ups."""
        rng = self._rng
        event_id = next(self._ids["events"])
        day = days_ago(rng, self._today, -60, 1_150)
        undated = day > self._today and self._chance(0.1)
        yield (
            events,
            {
                "id": event_id,
                "title": rng.choice(_EVENTS),
                "place": rng.choice(_PLACES),
                "starts_at": None if undated else at(day, 16),
                "ends_at": None if undated else at(day, 18, 30),
                "price": 450 if self._chance(0.06) else 0,
            },
        )
        for _ in range(5 + int(rng.random() * 50)):
            person = self._someone()
            signed_up = moment(rng, day - timedelta(days=1 + int(rng.random() * 40)))
            yield (
                signups,
                {
                    "id": next(self._ids["signups"]),
                    "event_id": event_id,
                    "name": person.name,
                    "company": person.company.name if self._chance(0.9) else None,
                    "email": self._email(person),
                    "phone": written_phone(rng, person.phone) if self._chance(0.6) else None,
                    "address": person.address if self._chance(0.5) else None,
                    "signed_up_at": min(signed_up, at(self._today, 7)),
                    "attended": self._chance(0.8) if day < self._today else None,
                },
            )

    def visitor(self) -> Iterator[Row]:
        """Yield the page views of one visitor; old ones mostly are statistics already."""
        rng = self._rng
        day = days_ago(rng, self._today, 0, 447)
        blank = (self._today - day).days > 428 and self._chance(0.6)
        came = moment(rng, day)
        gone = came + timedelta(days=3) if self._chance(0.02) else None
        if gone and gone.date() >= self._today:
            gone = None
        ip = None if blank else rng.choice(_HOSTS).format(1 + int(rng.random() * 250))
        cookie = None if blank else f"{rng.getrandbits(64):016x}"
        browser = None if blank else rng.choice(_BROWSERS)
        seconds = _unix(came)
        for _ in range(1 + int(rng.random() * 18)):
            seconds += 5 + int(rng.random() * 90)
            yield (
                visits,
                {
                    "id": next(self._ids["visits"]),
                    "visited_at": seconds,
                    "page": rng.choice(_PAGES),
                    "ip": ip,
                    "cookie_id": cookie,
                    "browser": browser,
                    "came_from": None if blank else rng.choice(_FROM),
                    "consented_at": came,
                    "withdrawn_at": gone,
                },
            )

    def subscriber(self) -> Iterator[Row]:
        """Yield a subscriber; a few never confirmed, a few have left since the last sweep."""
        person = self._people.person(next(self._subscriber))
        asked = moment(self._rng, days_ago(self._rng, self._today, 1, 3_000))
        confirmed = self._chance(0.98)
        left = confirmed and self._chance(0.03)
        yield (
            subscribers,
            {
                "id": next(self._ids["subscribers"]),
                "email": self._email(person),
                "name": person.name if self._chance(0.9) else None,
                "company": person.company.name if self._chance(0.8) else None,
                "asked_at": asked,
                "consented_at": asked + timedelta(minutes=4) if confirmed else None,
                "unsubscribed_at": at(self._today - timedelta(days=1), 9) if left else None,
            },
        )

    def customer(self) -> Iterator[Row]:
        """Yield a customer and invoices; most without a recent one have no e-mail left."""
        rng = self._rng
        customer_id = next(self._ids["customers"])
        person = self._people.person(next(self._customer))
        issued = sorted(
            days_ago(rng, self._today, 0, 2_260) for _ in range(1 + int(rng.random() * 3))
        )
        old = (self._today - issued[-1]).days > 366
        placeholder = f"slettet-{customer_id}@tvaersund-erhverv.invalid"
        yield (
            customers,
            {
                "id": customer_id,
                "name": person.name,
                "company": person.company.name,
                "address": person.address,
                "email": placeholder if old and self._chance(0.9) else person.email,
                "created_on": issued[0],
            },
        )
        for day in issued:
            number = next(self._ids["invoices"])
            paid = day + timedelta(days=int(rng.random() * 30))
            yield _invoice(number, customer_id, person.name, day, paid, self._today)
            for line in range(1, 2 + int(rng.random() * 2)):
                yield _line(number, line, f"{rng.choice(_EVENTS)}, {person.name}")


def _unix(local: datetime) -> int:
    utc = in_utc(local, ZONE)
    return (utc - datetime(1970, 1, 1)) // timedelta(seconds=1)  # noqa: DTZ001 - naive UTC both


def _invoice(
    number: int, customer_id: int, attention: str, issued: date, paid: date, today: date
) -> Row:
    return (
        invoices,
        {
            "id": number,
            "number": 20_000 + number,
            "customer_id": customer_id,
            "attention": attention,
            "issued_on": issued,
            "due_on": issued + timedelta(days=14),
            "paid_on": paid if paid <= today else None,
        },
    )


def _line(invoice_id: int, line: int, text: str) -> Row:
    values = {"invoice_id": invoice_id, "line": line, "text": text, "amount": 45_000}
    return invoice_lines, values


# ------------------------------------------------------------------ the marked rows


def _contact(id_: int, person: Person, created: datetime, note: str | None = None) -> Row:
    return (
        contacts,
        {
            "id": id_,
            "name": person.name,
            "company": person.company.name,
            "email": person.email,
            "phone": person.phone,
            "note": note,
            "created_at": created,
        },
    )


def _case(id_: int, contact_id: int, created: datetime, earlier_id: int | None = None) -> Row:
    return (
        cases,
        {
            "id": id_,
            "contact_id": contact_id,
            "earlier_id": earlier_id,
            "topic": _TOPICS[id_ % 8],
            "note": _NOTES[id_ % 8],
            "created_at": created,
            "closed_at": None,
        },
    )


def _follow(id_: int, case_id: int, day: date) -> Row:
    values = {"id": id_, "case_id": case_id, "planned_on": day, "done_at": None, "note": _NEXT[0]}
    return follow_ups, values


def _introduced(
    id_: int, asked: datetime, introduced_on: date | None, withdrawn: datetime | None = None
) -> Row:
    return (
        introductions,
        {
            "id": id_,
            "contact_id": 4,
            "recipient": _ADVISERS[0],
            "question": _NOTES[1],
            "introduced_on": introduced_on,
            "consented_at": asked,
            "withdrawn_at": withdrawn,
        },
    )


def _marked(people: People, today: date) -> Iterator[Row]:
    yield from _marked_crm(people, today)
    yield from _marked_surveys(people, today)
    yield from _marked_events(people, today)
    yield from _marked_website(people, today)
    yield from _marked_accounting(people, today)


def _marked_crm(people: People, today: date) -> Iterator[Row]:
    due, last = just_due(today, years=5), on_last_day(today, years=5)
    recent = at(today - timedelta(days=40))
    # 1 is due with everything; 2 has a newer case; 3 and 4 live by their own date or a case
    yield _contact(1, people.person(1), at(due - timedelta(days=9)))
    yield _contact(2, people.person(2), at(due - timedelta(days=300)))
    yield _contact(3, people.person(3), at(last))
    yield _contact(4, people.person(4), at(due - timedelta(days=2)), note=_NOTES[3])
    yield _contact(5, people.person(5), at(due))
    # a claim will hold 6; 7 goes to events too
    yield _contact(6, people.person(6), at(due - timedelta(days=80)), note=_NOTES[6])
    yield _contact(7, people.person(7), recent)
    yield _case(1, 1, at(due, 23, 59, 59))
    yield _case(2, 2, at(due - timedelta(days=200)))
    yield _case(3, 2, at(last), earlier_id=2)
    yield _case(4, 2, recent, earlier_id=3)
    yield _case(5, 4, at(last, 0))
    yield _case(6, 6, at(due - timedelta(days=70)))
    yield _case(7, 7, recent)
    yield _follow(1, 1, due + timedelta(days=30))  # planned after its case's day: the case decides
    yield _follow(2, 2, due)
    yield _follow(3, 4, today)
    due, last = just_due(today, years=1), on_last_day(today, years=1)
    yield _introduced(1, at(due), due)
    yield _introduced(2, at(last), last)
    yield _introduced(3, recent, None)
    yield _introduced(4, recent, recent.date(), withdrawn=recent + timedelta(hours=1))
    yield _introduced(5, recent, recent.date(), withdrawn=recent - timedelta(days=3))
    for meeting_id, held in ((1, at(due, 15)), (2, at(last, 0, 30)), (3, None)):
        yield (
            meetings,
            {"id": meeting_id, "title": _MEETINGS[0], "place": _PLACES[0], "held_at": held},
        )
        for no in (1, 2):
            person = people.person(no)
            yield (
                invitations,
                {
                    "meeting_id": meeting_id,
                    "no": no,
                    "name": person.name,
                    "email": person.email.upper() if no == 2 else person.email,
                    "invited_at": (held or recent) - timedelta(days=10),
                    "accepted": None,
                },
            )


def _marked_surveys(people: People, today: date) -> Iterator[Row]:
    due, last = just_due(today, years=5), on_last_day(today, years=5)
    old = due - timedelta(days=200)
    capped, under_cap = just_due(today, years=8), on_last_day(today, years=8)
    recent = today - timedelta(days=30)
    titles = (
        (1, "survey", old),  # its last answer is just due
        (2, "survey", old),  # its last answer keeps it for one day more
        (3, "survey", capped),  # always open: the cap ends it
        (4, "visit", old),
    )
    for id_, kind, opened in titles:
        title = _SURVEYS[1] if kind == "survey" else "Virksomhedsbesøg"
        yield surveys, {"id": id_, "title": title, "kind": kind, "opened_on": opened}
    sent: tuple[tuple[int, int, datetime, datetime | None], ...] = (
        (1, 1, at(old), at(old)),
        (2, 1, at(due, 23, 30), at(due, 23, 40)),
        (3, 1, at(old), None),  # begun, never sent
        (4, 2, at(old), at(old)),
        (5, 2, at(last, 0, 10), at(last, 0, 20)),  # the day before, in UTC
        (6, 3, at(capped), at(capped)),
        (7, 3, at(under_cap), at(under_cap)),
        (8, 3, at(recent), at(recent)),
        (9, 4, at(due), at(due)),
        (10, 4, at(last, 0, 10), at(last, 0, 20)),
    )
    for id_, survey_id, begun, submitted in sent:
        person = people.person(10 + id_)
        yield (
            responses,
            {
                "id": id_,
                "survey_id": survey_id,
                "name": person.name,
                "company": person.company.name,
                "email": person.email,
                "phone": person.phone,
                "comment": _COMMENTS[id_ % 4],
                "started_at": in_utc(begun, ZONE),
                "submitted_at": in_utc(submitted, ZONE) if submitted else None,
            },
        )
        for question in (1, 2, 3):
            answer = _ANSWERS[(id_ + question) % 6]
            yield answers, {"response_id": id_, "question": question, "answer": answer}


def _marked_events(people: People, today: date) -> Iterator[Row]:
    due, last = just_due(today, years=3), on_last_day(today, years=3)
    recent = at(today - timedelta(days=40))
    held: tuple[tuple[int, datetime | None, int], ...] = (
        (1, at(due, 23, 30), 0),
        (2, at(last, 0, 30), 0),
        (3, None, 0),  # not dated yet
        (4, at(today + timedelta(days=20), 18), 450),
        (5, at(due, 18), 450),  # paid: the invoice stays, the sign-ups go
    )
    for id_, ends, price in held:
        yield (
            events,
            {
                "id": id_,
                "title": _EVENTS[id_ % 5],
                "place": _PLACES[0],
                "starts_at": ends - timedelta(hours=3) if ends else None,
                "ends_at": ends,
                "price": price,
            },
        )
        for no in (0, 1):
            person = people.person(1 + no * 6)  # 1 and 7 of the CRM
            yield (
                signups,
                {
                    "id": id_ * 2 - 1 + no,
                    "event_id": id_,
                    "name": person.name,
                    "company": person.company.name,
                    "email": person.email,
                    "phone": person.phone,
                    "address": person.address,
                    "signed_up_at": min(ends - timedelta(days=30), recent) if ends else recent,
                    "attended": None,
                },
            )


def _marked_website(people: People, today: date) -> Iterator[Row]:
    due, last = just_due(today, months=14), on_last_day(today, months=14)
    recent = at(today - timedelta(days=40))
    seen: tuple[tuple[int, datetime, datetime | None, bool], ...] = (
        (1, at(due, 23, 59, 59), None, False),
        (2, at(last, 0, 0, 1), None, False),  # the day before, in UTC
        (3, at(due - timedelta(days=90)), None, True),  # is a statistic already
        (4, recent, recent + timedelta(hours=2), False),  # said no again
    )
    for id_, came, withdrawn, blank in seen:
        yield (
            visits,
            {
                "id": id_,
                "visited_at": _unix(came),
                "page": _PAGES[1],
                "ip": None if blank else _HOSTS[0].format(id_),
                "cookie_id": None if blank else f"marked-{id_}",
                "browser": None if blank else _BROWSERS[0],
                "came_from": None if blank else _FROM[3],
                "consented_at": came,
                "withdrawn_at": withdrawn,
            },
        )
    asked = recent - timedelta(days=900)
    known: tuple[tuple[int, datetime | None, datetime | None], ...] = (
        (1, asked, None),
        (2, asked, recent),  # left
        (3, recent, asked),  # came back
        (4, None, None),  # never confirmed
        (5, recent, recent),  # nobody knows which came first: that counts as left
    )
    for id_, given, left in known:
        person = people.person(id_)
        yield (
            subscribers,
            {
                "id": id_,
                "email": person.email,
                "name": person.name,
                "company": person.company.name,
                "asked_at": asked,
                "consented_at": given,
                "unsubscribed_at": left,
            },
        )


def _marked_accounting(people: People, today: date) -> Iterator[Row]:
    over = just_due_by_year_end(today, years=5)
    kept = over + timedelta(days=1)  # the first day of the year that must still be kept
    recent = today - timedelta(days=40)
    # 1 has old and new invoices; 2 only one of the year to be kept; 3 has none; 4 is a skeleton
    # already; 5 has only one that is over; 6 paid for the event that is due
    for id_, created in ((1, over), (2, kept), (3, kept), (4, kept), (5, over), (6, kept)):
        person = people.person(30 + id_)
        gone = f"slettet-{id_}@tvaersund-erhverv.invalid"
        yield (
            customers,
            {
                "id": id_,
                "name": person.name,
                "company": person.company.name,
                "address": person.address,
                "email": gone if id_ == 4 else person.email,
                "created_on": created,
            },
        )
    three_years = just_due(today, years=3)
    issued = ((1, 1, over), (2, 1, recent), (3, 2, kept), (4, 4, kept), (5, 5, over))
    for id_, customer_id, day in (*issued, (6, 6, three_years)):
        name = people.person(30 + customer_id).name
        yield _invoice(id_, customer_id, name, day, last_day(day, days=10), today)
        yield _line(id_, 1, f"{_EVENTS[4]}, {name}")


def _mark(table: str, key: int | tuple[int, ...], *rest: object) -> Mark:
    keys = key if isinstance(key, tuple) else (key,)
    return Mark(table, keys, *rest)  # type: ignore[arg-type]  # the rest is Mark's own


_VISIT = ("ip", "cookie_id", "browser", "came_from")

MARKED: Final = {
    "contact due": _mark("crm.contacts", 1, "erased", "its last case is just due"),
    "case due": _mark("crm.cases", 1, "erased", "created so long ago, to the second"),
    "follow-up of a case due": _mark("crm.follow_ups", 1, "erased", "it goes with its case"),
    "contact with a new case": _mark("crm.contacts", 2, "kept", "the newest case decides"),
    "old case of a kept contact": _mark("crm.cases", 2, "erased", "each case by its own date"),
    "case that goes on from an erased one": _mark(
        "crm.cases", 3, "kept", "last day; the database forgets which one it goes on from"
    ),
    "contact without a case": _mark("crm.contacts", 3, "kept", "its own date, on its last day"),
    "contact kept by a case": _mark("crm.contacts", 4, "kept", "the case is on its last day"),
    "contact without a case due": _mark("crm.contacts", 5, "erased", "its own date is just due"),
    "contact to be held": _mark("crm.contacts", 6, "erased", "due until a claim holds it"),
    "case to be held": _mark("crm.cases", 6, "erased", "due until a claim holds it"),
    "introduction due": _mark("crm.introductions", 1, "erased", "just due"),
    "introduction on its last day": _mark("crm.introductions", 2, "kept", "last day"),
    "introduction not made": _mark("crm.introductions", 3, "kept", "its clock has not struck"),
    "introduction stopped": _mark("crm.introductions", 4, "erased", "the consent is withdrawn"),
    "introduction wanted again": _mark("crm.introductions", 5, "kept", "consented afterwards"),
    "invitation due": _mark("crm.invitations", (1, 1), "erased", "the meeting is just due"),
    "invitation on its last day": _mark("crm.invitations", (2, 1), "kept", "last day"),
    "invitation to no date": _mark("crm.invitations", (3, 1), "kept", "not held yet"),
    "response of a survey due": _mark("survey_tool.responses", 1, "erased", "last answer due"),
    "last answer due": _mark("survey_tool.responses", 2, "erased", "just due, late in the day"),
    "abandoned response": _mark("survey_tool.responses", 3, "erased", "keeps nothing alive"),
    "response of a survey on its last day": _mark(
        "survey_tool.responses", 4, "kept", "old itself, but the last answer is not due"
    ),
    "answer of a response due": _mark("survey_tool.answers", (1, 1), "erased", "with its response"),
    "last answer on its last day": _mark(
        "survey_tool.responses", 5, "kept", "the day before, had UTC counted"
    ),
    "response over the cap": _mark("survey_tool.responses", 6, "erased", "eight years and a day"),
    "response under the cap": _mark("survey_tool.responses", 7, "kept", "eight years today"),
    "visit answer due": _mark("survey_tool.responses", 9, "erased", "just due"),
    "visit answer on its last day": _mark("survey_tool.responses", 10, "kept", "last day"),
    "sign-up due": _mark("events.signups", 1, "erased", "event just due"),
    "sign-up on its last day": _mark("events.signups", 3, "kept", "event's last day"),
    "sign-up to no date": _mark("events.signups", 5, "kept", "the event is not dated yet"),
    "sign-up to come": _mark("events.signups", 7, "kept", "the event is to come"),
    "sign-up paid and due": _mark("events.signups", 9, "erased", "the invoice stays elsewhere"),
    "visit due": _mark("website.visits", 1, "statistics", "just due", _VISIT),
    "visit on its last day": _mark("website.visits", 2, "kept", "the day before, had UTC counted"),
    "visit blank already": _mark("website.visits", 3, "kept", "nothing is left to blank"),
    "visit no longer wanted": _mark("website.visits", 4, "statistics", "withdrawn", _VISIT),
    "subscriber": _mark("website.subscribers", 1, "kept", "consent lives"),
    "subscriber who left": _mark("website.subscribers", 2, "erased", "consent withdrawn"),
    "subscriber who came back": _mark("website.subscribers", 3, "kept", "consented again"),
    "subscriber who never confirmed": _mark("website.subscribers", 4, "erased", "no consent"),
    "subscriber of unknown order": _mark("website.subscribers", 5, "erased", "a tie counts as no"),
    "customer with a new invoice": _mark("accounting.customers", 1, "kept", "invoiced lately"),
    "invoice over": _mark("accounting.invoices", 1, "erased", "five years after its year"),
    "line of an invoice over": _mark("accounting.invoice_lines", (1, 1), "erased", "with it"),
    "customer kept for bookkeeping": _mark(
        "accounting.customers", 2, "blanked", "name and address stay", ("email",)
    ),
    "invoice to be kept": _mark("accounting.invoices", 3, "kept", "first day of a year to keep"),
    "customer without invoices": _mark("accounting.customers", 3, "erased", "no voucher needs it"),
    "customer blank already": _mark("accounting.customers", 4, "kept", "nothing is left to blank"),
    "customer over": _mark("accounting.customers", 5, "erased", "its only invoice is over"),
    "invoice of a paid event": _mark("accounting.invoices", 6, "kept", "the sign-up goes first"),
}
