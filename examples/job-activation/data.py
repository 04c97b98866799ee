"""Made-up data of the job-activation company: citizens, their notes and tests, surveys, invoices.

Every system of the map that has a database, in the tables that its programs would have made; and
the list of pictures as it would be downloaded from the picture library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import accumulate, count
from random import Random
from typing import Final

from _data.dates import (
    at,
    days_ago,
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

# ------------------------------------------------------------------ case system

case_system = MetaData()
municipalities = Table(
    "municipalities",
    case_system,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(80), nullable=False),
    Column("mailbox", String(200), nullable=False),
)
caseworkers = Table(
    "caseworkers",
    case_system,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("municipality_id", ForeignKey("municipalities.id"), nullable=False, index=True),
    Column("name", String(120)),
    Column("email", String(200)),
    Column("phone", String(40)),
    Column("works_here", Boolean, nullable=False),
    Column("created_on", Date, nullable=False, index=True),
)
citizens = Table(
    "citizens",
    case_system,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("municipality_id", ForeignKey("municipalities.id"), nullable=False, index=True),
    Column("caseworker_id", ForeignKey("caseworkers.id"), index=True),
    Column("name", String(120)),
    Column("cpr", String(24), nullable=False, unique=True),
    Column("address", String(200)),
    Column("email", String(200), index=True),
    Column("phone", String(40)),
    Column("relative_name", String(120)),
    Column("relative_phone", String(40)),
    Column("referred_on", Date, nullable=False, index=True),
    Column("case_closed_on", Date, index=True),
    Column("special_consent_at", DateTime, index=True),
    Column("special_withdrawn_at", DateTime, index=True),
)
programmes = Table(
    "programmes",
    case_system,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("title", String(120), nullable=False),
)
participations = Table(
    "participations",
    case_system,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("citizen_id", ForeignKey("citizens.id"), nullable=False, index=True),
    Column("programme_id", ForeignKey("programmes.id"), nullable=False, index=True),
    Column("started_on", Date, nullable=False),
    Column("ended_on", Date, index=True),
    Column("plan", Text),
    Column("final_report", Text),
)
attendance = Table(
    "attendance",
    case_system,
    Column(
        "participation_id", ForeignKey("participations.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("day", Date, primary_key=True),
    Column("presence", String(12)),
)
health_notes = Table(
    "health_notes",
    case_system,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("citizen_id", ForeignKey("citizens.id"), nullable=False, index=True),
    Column("written_at", DateTime, nullable=False, index=True),
    Column("note", Text),
)
tests = Table(
    "tests",
    case_system,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("citizen_id", ForeignKey("citizens.id"), nullable=False, index=True),
    Column("test", String(60), nullable=False),
    Column("taken_on", Date, nullable=False, index=True),
    Column("result", String(200)),
    Column("remarks", Text),
    Column("consented_at", DateTime, index=True),
    Column("withdrawn_at", DateTime, index=True),
)

# ------------------------------------------------------------------ survey tool

survey_tool = MetaData()
questionnaires = Table(
    "questionnaires",
    survey_tool,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("title", String(160), nullable=False),
)
responses = Table(
    "responses",
    survey_tool,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("questionnaire_id", ForeignKey("questionnaires.id"), nullable=False, index=True),
    Column("name", String(120)),
    Column("email", String(200), index=True),
    Column("consented_at", DateTime, index=True),
    Column("withdrawn_at", DateTime, index=True),
)
answers = Table(
    "answers",
    survey_tool,
    Column("response_id", ForeignKey("responses.id"), primary_key=True),
    Column("question", Integer, primary_key=True, autoincrement=False),
    Column("score", Integer),
    Column("words", Text),
)

# ------------------------------------------------------------------ website

website = MetaData()
subscribers = Table(
    "subscribers",
    website,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("email", String(200), nullable=False, unique=True),
    Column("name", String(120)),
    Column("consented_at", DateTime, index=True),
    Column("unsubscribed_at", DateTime, index=True),
)
enquiries = Table(
    "enquiries",
    website,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("earlier_id", ForeignKey("enquiries.id"), index=True),
    Column("name", String(120)),
    Column("email", String(200), index=True),
    Column("phone", String(40)),
    Column("message", Text),
    Column("received_at", String(19), nullable=False, index=True),  # 2026-03-01T09:30:00
    Column("closed_on", Date, index=True),
)

# ------------------------------------------------------------------ accounting

accounting = MetaData()
customers = Table(
    "customers",
    accounting,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("contact_name", String(120)),
    Column("company", String(160)),
    Column("address", String(200)),
    Column("email", String(200), nullable=False, unique=True),
    Column("phone", String(40)),
    Column("status", String(12), nullable=False),
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
    "case_system": case_system,
    "survey_tool": survey_tool,
    "website": website,
    "accounting": accounting,
}

YEAR_END: Final = (6, 30)

# ------------------------------------------------------------------ words

_MUNICIPALITIES = ("Tværsund", "Lerkøb", "Ørneslev", "Pilsø")
_PROGRAMMES = (
    "Afklaring og vejledning",
    "Mentorforløb",
    "Virksomhedspraktik med støtte",
    "Tilbage i job",
)
_PLANS = (
    "Mål: 15 timer om ugen i praktik inden for lager. Møder tre dage om ugen.",
    "Mål: fleksibel start på kontor. Vi øver cv og samtale sammen.",
    "Mål: et kørekort til truck og en praktikplads inden for ti uger.",
    "Mål: stabilt fremmøde. Mentor ringer hver mandag og torsdag.",
)
_REPORTS = (
    "Har gennemført forløbet og fortsætter i løntilskud.",
    "Har mødt stabilt og er klar til praktik.",
    "Forløbet blev afbrudt efter aftale med kommunen.",
    "Er begyndt i ordinært job 20 timer om ugen.",
)
_HEALTH = (
    "Fortæller om smerter i ryggen efter længere tids stående arbejde. Har brug for pauser.",
    "Har haft en depression og bliver hurtigt træt om eftermiddagen.",
    "Hører dårligt på venstre øre; vil gerne sidde ved væggen.",
    "Er i behandling for migræne og kan ikke arbejde ved skærm hele dagen.",
)
_MENTION = "Ægtefællen {} hjælper med transporten."
_TESTS = ("Interessetest", "Arbejdsevnevurdering", "Mestringstest", "Læsetest")
_RESULTS = ("Praktisk og udadvendt", "Grundig, arbejder helst alene", "Middel", "Over middel")
_REMARKS = (
    "Blev træt undervejs og tog en pause på grund af hovedpine.",
    "Svarede roligt og uden hjælp.",
    "Bad om at få spørgsmålene læst op.",
)
_QUESTIONNAIRES = ("Tilfredshed efter forløbet", "Om vores lokaler", "Samarbejdet med mentor")
_WORDS = (
    "Jeg følte mig mødt med respekt.",
    "Der var for langt med bus.",
    "Min mentor var god, men skiftede to gange.",
    "Jeg ville gerne have haft mere hjælp til cv'et.",
)
_MESSAGES = (
    "Kan jeg komme og se stedet, inden jeg begynder?",
    "Vi er et lille værksted og vil gerne tage en praktikant.",
    "Hvornår er næste infomøde?",
    "Jeg har flyttet adresse. Skal jeg give besked til jer eller til kommunen?",
)
_LINES = "Forløb, {} uger, borger {}"

_FIRST_BULK_ID: Final = 1_000  # below are the marked rows


def rows(rng: Random, today: date, size: int) -> Iterator[Row]:
    """Yield about `size` rows: the marked ones, then a company's ordinary years."""
    people = People("DK", rng.getrandbits(32))
    made = 0
    for row in _marked(people, today):
        made += 1
        yield row
    life = _Life(rng, people, today, size)
    for row in life.places():
        made += 1
        yield row
    # a unit and how often it comes, so that rows come in the mix of the comment
    units: tuple[tuple[Callable[[], Iterator[Row]], float], ...] = (
        (life.citizen, 0.0140),  # 70 % attendance, 4 % the rest of the file
        (life.response, 0.0350),  # 15 % answers
        (life.customer, 0.0035),  # 5 % accounting
        (life.enquiry, 0.0300),  # 3 %
        (life.subscriber, 0.0300),  # 2 %
    )
    choices = [unit for unit, _ in units]
    weights = list(accumulate(weight for _, weight in units))
    while made < size:
        for row in rng.choices(choices, cum_weights=weights)[0]():
            made += 1
            yield row


def exports(today: date) -> Mapping[str, list[dict[str, str]]]:
    """Return what a person downloads from systems out of reach: `system.table` to rows as text."""
    old, recent = today - timedelta(days=1_200), today - timedelta(days=200)
    lapsed, lives = just_due(today, years=3), on_last_day(today, years=3)
    people = People("DK", 1)
    shown: tuple[tuple[date, date | None], ...] = (
        (recent, None),
        (old, None),  # over three years: the consent has lapsed
        (recent, today - timedelta(days=2)),
        (lapsed, None),
        (lives, None),
    )
    return {
        "media_library.pictures": [
            {
                "file": f"2026/billede-{no:03d}.jpg",
                "shows": people.person(no).name,
                "email": people.person(no).email,
                "consented_on": given.isoformat(),
                "withdrawn_on": withdrawn.isoformat() if withdrawn else "",
            }
            for no, (given, withdrawn) in enumerate(shown, start=1)
        ]
    }


class _Life:
    """What happens at the company: each method yields one unit, a parent before its children.

    About one in twenty rows is due: what a nightly sweep finds when it has not run for a while.
    """

    def __init__(self, rng: Random, people: People, today: date, size: int) -> None:
        self._rng, self._people, self._today = rng, people, today
        self._caseworkers = max(6, size // 4_000)
        self._ids = {table: count(_FIRST_BULK_ID) for m in TABLES.values() for table in m.tables}
        self._citizen, self._subscriber, self._customer = count(100), count(100), count(100)
        self._crowd = max(60, size // 60)

    def _someone(self) -> Person:
        return self._people.person(100 + int(self._rng.random() * self._crowd))

    def _chance(self, share: float) -> bool:
        return self._rng.random() < share

    def places(self) -> Iterator[Row]:
        """Yield the municipalities' caseworkers; a few have left."""
        for no in range(self._caseworkers):
            person = self._people.person(10_000_000 + no)
            here = self._chance(0.85)
            yield (
                caseworkers,
                {
                    "id": _FIRST_BULK_ID + no,
                    "municipality_id": 1 + no % 4,
                    "name": person.name,
                    "email": person.email,
                    "phone": person.phone,
                    "works_here": here,
                    "created_on": days_ago(self._rng, self._today, 400, 2_000),
                },
            )

    def citizen(self) -> Iterator[Row]:
        """Yield a citizen's file; of those long gone only what a living health note needs."""
        rng, today = self._rng, self._today
        citizen_id = next(self._ids["citizens"])
        person = self._people.person(next(self._citizen))
        relative = self._someone()
        agreed = self._chance(0.3)
        stays = agreed and self._chance(0.4)  # the file is over, the municipality's case is not
        referred = days_ago(rng, today, 550 if stays else 0, 1_390 if stays else 560)
        ended = referred + timedelta(weeks=13 + int(rng.random() * 14))
        closed = today if stays else ended + timedelta(days=int(rng.random() * 30))
        forgotten = (today - closed).days > 200  # a decision has ended what rests on the case
        skeleton = (today - ended).days > 380 and self._chance(0.9)
        consented = moment(rng, referred + timedelta(days=3)) if agreed else None
        withdrawn = None
        if consented and not stays and self._chance(0.06):
            withdrawn = consented + timedelta(days=20)
        yield (
            citizens,
            {
                "id": citizen_id,
                "municipality_id": 1 + citizen_id % 4,
                "caseworker_id": _FIRST_BULK_ID + int(rng.random() * self._caseworkers),
                "name": person.name,
                # the case system writes it in one way only, since it is unique
                "cpr": f"slettet-{citizen_id}" if skeleton else person.national_id,
                "address": None if skeleton else person.address,
                "email": None if skeleton else written_email(rng, person.email),
                "phone": None if skeleton else written_phone(rng, person.phone),
                "relative_name": None if skeleton or citizen_id % 3 else relative.name,
                "relative_phone": None if skeleton or citizen_id % 3 else relative.phone,
                "referred_on": referred,
                "case_closed_on": closed if closed < today else None,
                "special_consent_at": consented,
                "special_withdrawn_at": withdrawn if withdrawn and withdrawn < at(today) else None,
            },
        )
        if not skeleton and self._chance(0.96):
            yield from self._participation(citizen_id, referred, ended)
            if self._chance(0.15):
                yield from self._participation(citizen_id, ended, ended + timedelta(weeks=9))
        if agreed and (not forgotten or self._chance(0.03)):
            for _ in range(1 + int(rng.random() * 3)):
                yield self._health_note(citizen_id, referred)
        if self._chance(0.03 if forgotten else 0.3) and not skeleton:
            yield self._test(citizen_id, referred)

    def _participation(self, citizen_id: int, start: date, end: date) -> Iterator[Row]:
        rng, today = self._rng, self._today
        if start >= today:
            return
        participation_id = next(self._ids["participations"])
        over = end < today
        yield (
            participations,
            {
                "id": participation_id,
                "citizen_id": citizen_id,
                "programme_id": 1 + participation_id % 4,
                "started_on": start,
                "ended_on": end if over else None,
                "plan": rng.choice(_PLANS),
                "final_report": rng.choice(_REPORTS) if over else None,
            },
        )
        day = start
        while day < min(end, today):
            if day.weekday() in (0, 2, 3):
                presence = "mødt" if self._chance(0.82) else rng.choice(("aftalt fri", "udeblevet"))
                yield (
                    attendance,
                    {"participation_id": participation_id, "day": day, "presence": presence},
                )
            day += timedelta(days=1)

    def _health_note(self, citizen_id: int, referred: date) -> Row:
        written = moment(self._rng, referred + timedelta(days=4 + int(self._rng.random() * 60)))
        note = self._rng.choice(_HEALTH)
        if self._chance(0.2):
            note = f"{note} {_MENTION.format(self._someone().name)}"
        values = {
            "id": next(self._ids["health_notes"]),
            "citizen_id": citizen_id,
            "written_at": min(written, at(self._today, 7)),
            "note": note,
        }
        return health_notes, values

    def _test(self, citizen_id: int, referred: date) -> Row:
        rng = self._rng
        taken = min(referred + timedelta(days=10), self._today)
        withdrawn = self._chance(0.03)
        return (
            tests,
            {
                "id": next(self._ids["tests"]),
                "citizen_id": citizen_id,
                "test": rng.choice(_TESTS),
                "taken_on": taken,
                "result": rng.choice(_RESULTS),
                "remarks": rng.choice(_REMARKS) if self._chance(0.5) else None,
                "consented_at": at(taken, 9),
                "withdrawn_at": at(taken, 15) if withdrawn else None,
            },
        )

    def response(self) -> Iterator[Row]:
        """Yield an answer to a survey; old ones mostly are statistics already."""
        rng = self._rng
        response_id = next(self._ids["responses"])
        day = days_ago(rng, self._today, 0, 900)
        blank = (self._today - day).days > 186 and self._chance(0.97)
        person = self._someone()
        yield (
            responses,
            {
                "id": response_id,
                "questionnaire_id": 1 + response_id % 3,
                "name": None if blank else person.name,
                "email": None if blank else written_email(rng, person.email),
                "consented_at": moment(rng, day),
                "withdrawn_at": None,
            },
        )
        for question in range(1, 6):
            words = None if blank or question % 2 else rng.choice(_WORDS)
            score = 1 + int(rng.random() * 5)
            yield (
                answers,
                {"response_id": response_id, "question": question, "score": score, "words": words},
            )

    def subscriber(self) -> Iterator[Row]:
        """Yield a subscriber; a few have left since the last sweep."""
        person = self._people.person(next(self._subscriber))
        left = self._chance(0.03)
        yield (
            subscribers,
            {
                "id": next(self._ids["subscribers"]),
                "email": written_email(self._rng, person.email),
                "name": person.name if self._chance(0.9) else None,
                "consented_at": moment(self._rng, days_ago(self._rng, self._today, 2, 2_500)),
                "unsubscribed_at": at(self._today - timedelta(days=1), 9) if left else None,
            },
        )

    def enquiry(self) -> Iterator[Row]:
        """Yield an enquiry, and perhaps another that follows it."""
        rng, today = self._rng, self._today
        day = days_ago(rng, today, 0, 190)
        person = self._someone()
        earlier = None
        for _ in range(1 + (rng.random() < 0.2)):
            enquiry_id = next(self._ids["enquiries"])
            closed = day + timedelta(days=int(rng.random() * 6))
            values = _enquiry(enquiry_id, person, at(day, 11), closed if closed < today else None)
            values["earlier_id"] = earlier
            values["email"] = written_email(rng, person.email)
            yield enquiries, values
            earlier = enquiry_id
            day = min(closed + timedelta(days=int(rng.random() * 40)), today)

    def customer(self) -> Iterator[Row]:
        """Yield a customer and monthly invoices; of those who left mostly name and address."""
        rng, today = self._rng, self._today
        customer_id = next(self._ids["customers"])
        person = self._people.person(10_100_000 + next(self._customer))
        left = self._chance(0.4)
        last = days_ago(rng, today, 30 if left else 0, 2_330 if left else 60)
        first = last - timedelta(days=30 * int(rng.random() * 12))
        skeleton = left and (today - last).days > 370 and self._chance(0.9)
        placeholder = f"slettet-{customer_id}@nordtrin.invalid"
        yield (
            customers,
            {
                "id": customer_id,
                "contact_name": person.name,
                "company": person.company.name,
                "address": person.address,
                "email": placeholder if skeleton else person.email,
                "phone": None if skeleton else written_phone(rng, person.phone),
                "status": "ended" if left else rng.choice(("active", "active", "paused")),
                "created_on": first,
            },
        )
        while first <= last:
            number = next(self._ids["invoices"])
            paid = first + timedelta(days=20)
            yield _invoice(number, customer_id, person.name, first, paid if paid < today else None)
            for line in range(1, 3 + int(rng.random() * 3)):
                whose = self._someone()
                yield _line(number, line, 4 + line, whose)
            first += timedelta(days=30)


def _enquiry(
    id_: int, person: Person, received: datetime, closed: date | None
) -> dict[str, object]:
    return {
        "id": id_,
        "earlier_id": None,
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "message": _MESSAGES[id_ % 4],
        "received_at": received.isoformat(timespec="seconds"),
        "closed_on": closed,
    }


def _invoice(number: int, customer_id: int, attention: str, issued: date, paid: date | None) -> Row:
    values = {
        "id": number,
        "number": 70_000 + number,
        "customer_id": customer_id,
        "attention": attention,
        "issued_on": issued,
        "paid_on": paid,
    }
    return invoices, values


def _line(invoice_id: int, line: int, weeks: int, citizen: Person) -> Row:
    initials = f"{citizen.first[0]}.{citizen.last[0]}."
    text = _LINES.format(weeks, initials)
    return invoice_lines, {"invoice_id": invoice_id, "line": line, "text": text, "amount": 310_000}


# ------------------------------------------------------------------ the marked rows


def _marked(people: People, today: date) -> Iterator[Row]:
    yield from _marked_cases(people, today)
    yield from _marked_surveys(people, today)
    yield from _marked_website(people, today)
    yield from _marked_accounting(people, today)


def _citizen(id_: int, person: Person, referred: date, **other: object) -> Row:
    values: dict[str, object] = {
        "id": id_,
        "municipality_id": 1,
        "caseworker_id": None,
        "name": person.name,
        "cpr": person.national_id,
        "address": person.address,
        "email": person.email,
        "phone": person.phone,
        "relative_name": None,
        "relative_phone": None,
        "referred_on": referred,
        "case_closed_on": None,
        "special_consent_at": None,
        "special_withdrawn_at": None,
    }
    return citizens, values | other


def _participated(id_: int, citizen_id: int, start: date, end: date | None) -> Iterator[Row]:
    yield (
        participations,
        {
            "id": id_,
            "citizen_id": citizen_id,
            "programme_id": 1,
            "started_on": start,
            "ended_on": end,
            "plan": _PLANS[id_ % 4],
            "final_report": _REPORTS[id_ % 4] if end else None,
        },
    )
    for days in (0, 1, 2):
        day = start + timedelta(days=days)
        yield attendance, {"participation_id": id_, "day": day, "presence": "mødt"}


def _noted(id_: int, citizen_id: int, written: date) -> Row:
    note = _HEALTH[id_ % 4]
    return (
        health_notes,
        {"id": id_, "citizen_id": citizen_id, "written_at": at(written), "note": note},
    )


def _tested(id_: int, citizen_id: int, taken: date, withdrawn: date | None = None) -> Row:
    return (
        tests,
        {
            "id": id_,
            "citizen_id": citizen_id,
            "test": _TESTS[id_ % 4],
            "taken_on": taken,
            "result": _RESULTS[id_ % 4],
            "remarks": _REMARKS[id_ % 3],
            "consented_at": at(taken, 9),
            "withdrawn_at": at(withdrawn, 9) if withdrawn else None,
        },
    )


def _marked_cases(people: People, today: date) -> Iterator[Row]:
    due, last = just_due(today, years=1), on_last_day(today, years=1)
    old, recent = due - timedelta(days=150), today - timedelta(days=40)
    for id_, name in enumerate(_MUNICIPALITIES, start=1):
        mailbox = f"jobcenter@{name.lower().translate({230: 'ae', 248: 'oe'})}.example"
        yield municipalities, {"id": id_, "name": f"{name} Kommune", "mailbox": mailbox}
    for id_, title in enumerate(_PROGRAMMES, start=1):
        yield programmes, {"id": id_, "title": title}
    # 1 still works there; 2 left, and a kept citizen refers to them; 3 left and is free to go
    for id_, here in ((1, True), (2, False), (3, False)):
        person = people.person(80 + id_)
        yield (
            caseworkers,
            {
                "id": id_,
                "municipality_id": id_,
                "name": person.name,
                "email": person.email,
                "phone": person.phone,
                "works_here": here,
                "created_on": old - timedelta(days=900),
            },
        )
    relative = people.person(70)
    theirs = {"relative_name": relative.name, "relative_phone": relative.phone}
    yield _citizen(1, people.person(1), old, **theirs)
    yield from _participated(1, 1, old, due)
    yield _citizen(2, people.person(2), old)
    yield from _participated(2, 2, old, last)
    yield _citizen(3, people.person(3), old, caseworker_id=2)  # a programme that is running
    yield from _participated(3, 3, old, due - timedelta(days=60))
    yield from _participated(4, 3, recent, None)
    yield _citizen(4, people.person(4), due)  # never began
    yield _citizen(5, people.person(5), last)  # never began, last day
    yield from _marked_health(people, today, theirs)
    yield _citizen(14, people.person(14), old)  # will be held: a claim against the company
    yield from _participated(14, 14, old, due - timedelta(days=30))


def _marked_health(people: People, today: date, theirs: Mapping[str, object]) -> Iterator[Row]:
    due, last = just_due(today, years=3), on_last_day(today, years=3)
    long_ago, recent = due - timedelta(days=100), today - timedelta(days=40)
    over = today - timedelta(days=700)  # the programme is over, the note is not
    agreed = {"special_consent_at": at(long_ago)}
    # 6: programme over, case open, note alive: only the name stays
    yield _citizen(6, people.person(6), long_ago, **agreed, **theirs)
    yield from _participated(6, 6, long_ago, over)
    yield _noted(6, 6, long_ago)
    # 7: the same, done before
    yield _citizen(
        7,
        people.person(7),
        long_ago,
        cpr="slettet-7",
        address=None,
        email=None,
        phone=None,
        **agreed,
    )
    yield _noted(7, 7, long_ago)
    # 13: case closed, and nobody has decided yet
    yield _citizen(13, people.person(13), long_ago, case_closed_on=over, **agreed)
    yield _noted(14, 13, long_ago)
    # 8 and 9: the backstop strikes for one, tomorrow for the other
    yield _citizen(8, people.person(8), long_ago, case_closed_on=due, **agreed)
    yield _noted(8, 8, long_ago)
    yield _citizen(9, people.person(9), long_ago, case_closed_on=last, **agreed)
    yield _noted(9, 9, long_ago)
    # 10: said no again; 11: never said yes; 12: the case was never closed, five years are over
    taken_back = {"special_consent_at": at(recent), "special_withdrawn_at": at(recent, 15)}
    yield _citizen(10, people.person(10), recent, **taken_back)
    yield from _participated(10, 10, recent, None)
    yield _noted(10, 10, recent)
    yield _citizen(11, people.person(11), recent)
    yield from _participated(11, 11, recent, None)
    yield _noted(11, 11, recent)
    five, not_five = just_due(today, years=5), on_last_day(today, years=5)
    yield _citizen(12, people.person(12), five, special_consent_at=at(five))
    yield from _participated(12, 12, five, None)
    yield _noted(12, 12, five)
    yield _noted(13, 12, not_five)
    half, not_half = just_due(today, months=6), on_last_day(today, months=6)
    for id_, closed in ((15, half), (16, not_half), (17, None)):
        yield _citizen(id_, people.person(id_), half - timedelta(days=90), case_closed_on=closed)
        yield from _participated(id_, id_, half - timedelta(days=90), closed)
        yield _tested(id_, id_, half - timedelta(days=80))
    yield _tested(18, 17, half - timedelta(days=70), withdrawn=recent)


def _marked_surveys(people: People, today: date) -> Iterator[Row]:
    due, last = just_due(today, months=6), on_last_day(today, months=6)
    recent = at(today - timedelta(days=20))
    for id_, title in enumerate(_QUESTIONNAIRES, start=1):
        yield questionnaires, {"id": id_, "title": title}
    given: tuple[tuple[int, datetime | None, datetime | None, bool], ...] = (
        (1, at(due, 23, 59, 59), None, False),
        (2, at(last, 0), None, False),
        (3, recent, recent + timedelta(days=1), False),  # withdrawn
        (4, None, None, False),  # never asked
        (5, at(due - timedelta(days=300)), None, True),  # is a statistic already
        (6, recent, None, False),
    )
    for id_, consented, withdrawn, blank in given:
        person = people.person(20 + id_)
        yield (
            responses,
            {
                "id": id_,
                "questionnaire_id": 1,
                "name": None if blank else person.name,
                "email": None if blank else person.email,
                "consented_at": consented,
                "withdrawn_at": withdrawn,
            },
        )
        for question in (1, 2):
            words = None if blank else _WORDS[(id_ + question) % 4]
            yield (
                answers,
                {"response_id": id_, "question": question, "score": 4, "words": words},
            )


def _marked_website(people: People, today: date) -> Iterator[Row]:
    recent = at(today - timedelta(days=20))
    asked = recent - timedelta(days=900)
    known = ((1, asked, None), (2, asked, recent), (3, recent, asked), (4, None, None))
    for id_, given, left in known:
        person = people.person(id_)
        yield (
            subscribers,
            {
                "id": id_,
                "email": person.email,
                "name": person.name,
                "consented_at": given,
                "unsubscribed_at": left,
            },
        )
    due, last = just_due(today, months=6), on_last_day(today, months=6)
    two, not_two = just_due(today, years=2), on_last_day(today, years=2)
    old = at(due - timedelta(days=5))
    received: tuple[tuple[int, datetime, date | None, int | None], ...] = (
        (1, old, due, None),
        (2, old, last, None),
        (3, old, None, None),  # nobody has answered yet
        (4, at(two, 23, 59, 59), None, None),  # nobody answered for two years
        (5, at(not_two, 0), None, None),
        (6, old - timedelta(days=60), due - timedelta(days=50), None),  # over, but 7 answers it
        (7, old, due - timedelta(days=1), 6),  # over, but 8 answers it
        (8, recent, None, 7),
    )
    for id_, when, closed, earlier in received:
        person = people.person(40 + min(id_, 6))  # 6 to 8 are one person's
        yield enquiries, _enquiry(id_, person, when, closed) | {"earlier_id": earlier}


def _marked_accounting(people: People, today: date) -> Iterator[Row]:
    over = just_due_by_year_end(today, years=5, end=YEAR_END)
    kept = over + timedelta(days=1)
    due, last = just_due(today, years=1), on_last_day(today, years=1)
    states: tuple[tuple[int, str, date], ...] = (
        (1, "active", over),  # its only invoice is over, but the work goes on
        (2, "ended", due),
        (3, "ended", last),
        (4, "ended", kept),  # is a skeleton already
        (5, "ended", over),
        (6, "paused", kept),
        (7, "ended", due),  # never invoiced
    )
    for id_, status, last_worked in states:
        person = people.person(50 + id_)
        blank = id_ == 4
        yield (
            customers,
            {
                "id": id_,
                "contact_name": person.name,
                "company": person.company.name,
                "address": person.address,
                "email": "slettet-4@nordtrin.invalid" if blank else person.email,
                "phone": None if blank else person.phone,
                "status": status,
                "created_on": min(last_worked, kept),
            },
        )
        if id_ != 7:
            paid = last_worked + timedelta(days=20)
            yield _invoice(id_, id_, person.name, last_worked, paid)
            yield _line(id_, 1, 13, people.person(id_))


def _mark(table: str, key: int | str | tuple[int | str, ...], *rest: object) -> Mark:
    keys = key if isinstance(key, tuple) else (key,)
    return Mark(table, keys, *rest)  # type: ignore[arg-type]  # the rest is Mark's own


_FILE = ("cpr", "address", "email", "phone", "relative_name", "relative_phone")
_BLANK_EMAIL = ("email", "phone")

MARKED: Final = {
    "citizen due": _mark("case_system.citizens", 1, "erased", "last programme just due"),
    "participation due": _mark("case_system.participations", 1, "erased", "with the citizen"),
    "citizen on the last day": _mark("case_system.citizens", 2, "kept", "last day"),
    "participation on the last day": _mark("case_system.participations", 2, "kept", "last day"),
    "citizen in a programme": _mark("case_system.citizens", 3, "kept", "has not ended"),
    "old participation of a citizen in a programme": _mark(
        "case_system.participations", 3, "kept", "the file goes as one"
    ),
    "citizen who never began": _mark("case_system.citizens", 4, "erased", "the referral decides"),
    "citizen who never began, last day": _mark("case_system.citizens", 5, "kept", "last day"),
    "citizen of whom a note stays": _mark(
        "case_system.citizens", 6, "blanked", "only the name is needed", _FILE
    ),
    "participation of whom a note stays": _mark(
        "case_system.participations", 6, "erased", "the note does not need it"
    ),
    "note of an open case": _mark("case_system.health_notes", 6, "kept", "has not been closed"),
    "note that nobody has decided on": _mark("case_system.health_notes", 14, "kept", "criterion"),
    "citizen blank already": _mark("case_system.citizens", 7, "kept", "nothing left to blank"),
    "note over the backstop": _mark("case_system.health_notes", 8, "erased", "three years"),
    "citizen over the backstop": _mark("case_system.citizens", 8, "erased", "nothing needs it"),
    "note on the backstop's last day": _mark("case_system.health_notes", 9, "kept", "last day"),
    "note no longer wanted": _mark("case_system.health_notes", 10, "erased", "withdrawn"),
    "citizen who took a consent back": _mark("case_system.citizens", 10, "kept", "is here"),
    "note without consent": _mark("case_system.health_notes", 11, "erased", "never given"),
    "note of a case never closed": _mark("case_system.health_notes", 12, "erased", "five years"),
    "note of a case never closed, last day": _mark("case_system.health_notes", 13, "kept", "last"),
    "citizen to be held": _mark("case_system.citizens", 14, "erased", "due until a claim holds it"),
    "test due": _mark("case_system.tests", 15, "erased", "six months after the case"),
    "test on its last day": _mark("case_system.tests", 16, "kept", "last day"),
    "test of an open case": _mark("case_system.tests", 17, "kept", "has not been closed"),
    "test no longer wanted": _mark("case_system.tests", 18, "erased", "withdrawn"),
    "caseworker": _mark("case_system.caseworkers", 1, "kept", "works there"),
    "caseworker of a kept citizen": _mark(
        "case_system.caseworkers", 2, "blanked", "a skeleton", ("name", "email", "phone")
    ),
    "caseworker who left": _mark("case_system.caseworkers", 3, "erased", "nobody refers to them"),
    "response due": _mark("survey_tool.responses", 1, "statistics", "just due", ("name", "email")),
    "answer due": _mark("survey_tool.answers", (1, 1), "statistics", "just due", ("words",)),
    "response on its last day": _mark("survey_tool.responses", 2, "kept", "last day"),
    "response withdrawn": _mark(
        "survey_tool.responses", 3, "statistics", "withdrawn", ("name", "email")
    ),
    "response without consent": _mark(
        "survey_tool.responses", 4, "statistics", "never given", ("name", "email")
    ),
    "response blank already": _mark("survey_tool.responses", 5, "kept", "nothing left to blank"),
    "response": _mark("survey_tool.responses", 6, "kept", "recent"),
    "subscriber": _mark("website.subscribers", 1, "kept", "consent lives"),
    "subscriber who left": _mark("website.subscribers", 2, "erased", "consent withdrawn"),
    "subscriber who came back": _mark("website.subscribers", 3, "kept", "consented again"),
    "subscriber without consent": _mark("website.subscribers", 4, "erased", "never given"),
    "enquiry due": _mark("website.enquiries", 1, "erased", "answered six months ago"),
    "enquiry on its last day": _mark("website.enquiries", 2, "kept", "last day"),
    "enquiry not answered": _mark("website.enquiries", 3, "kept", "not answered yet"),
    "enquiry never answered": _mark("website.enquiries", 4, "erased", "two years"),
    "enquiry never answered, last day": _mark("website.enquiries", 5, "kept", "last day"),
    "first enquiry of a thread": _mark(
        "website.enquiries", 6, "blanked", "its thread stays", ("name", "email", "phone", "message")
    ),
    "second enquiry of a thread": _mark(
        "website.enquiries", 7, "blanked", "its thread stays", ("name", "email", "phone", "message")
    ),
    "last enquiry of a thread": _mark("website.enquiries", 8, "kept", "not answered yet"),
    "active customer": _mark("accounting.customers", 1, "kept", "the work goes on"),
    "invoice over": _mark("accounting.invoices", 1, "erased", "five years after its year"),
    "customer kept for bookkeeping": _mark(
        "accounting.customers", 2, "blanked", "name and address stay", _BLANK_EMAIL
    ),
    "customer on the last day": _mark("accounting.customers", 3, "kept", "last day"),
    "customer blank already": _mark("accounting.customers", 4, "kept", "nothing left to blank"),
    "invoice to be kept": _mark("accounting.invoices", 4, "kept", "first day of a year to keep"),
    "customer over": _mark("accounting.customers", 5, "erased", "its only invoice is over"),
    "paused customer": _mark("accounting.customers", 6, "kept", "the work goes on"),
    "customer never invoiced": _mark("accounting.customers", 7, "erased", "no voucher needs it"),
}
