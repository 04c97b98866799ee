"""What can go wrong with each promise of the five examples, how it is seen, and what mends it.

Method: a table. A violation is planted in the organisation's own databases or in what its people
said; most are rows of `data.py` that the round has erased or blanked, put back as they were. Such
a row was due on the day of the round, so it is a day too late on the next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from examples.planting import Scene
from ombud.evidence.part import Word

Act = Callable[[Scene], object]
Shows = tuple[str, str, str, int]
"""Code, system, table and number of rows of a piece of evidence."""


@dataclass(frozen=True)
class Violation:
    """One way to break promises.

    Args:
        slug: The example.
        says: What happens, in words.
        breaks: Every promise that stands otherwise afterwards, with the evidence it then has; one
            violation breaks several where they share a rule.
        plant: What does it.
        mends: What makes everything stand as before.
        word: How these promises stand.
    """

    slug: str
    says: str
    breaks: Mapping[str, Sequence[Shows]]
    plant: Act
    mends: Act
    word: Word = "not_kept"


def violation(
    slug: str,
    says: str,
    breaks: str,
    plant: Act,
    shows: Shows | Sequence[Shows],
    mends: Act,
    word: Word = "not_kept",
    *,
    also: Mapping[str, Shows] | None = None,
) -> Violation:
    """Return a violation.

    Args:
        breaks: Promises that all have the same evidence, with blanks between.
        also: Promises that it breaks besides, because what keeps some of their data is gone.
    """
    pieces = [shows] if isinstance(shows, tuple) else shows
    broken = {promise: pieces for promise in breaks.split()}
    broken |= {promise: [piece] for promise, piece in (also or {}).items()}
    return Violation(slug, says, broken, plant, mends, word)


# ------------------------------------------------------------------ what is planted


def all_of(*acts: Act) -> Act:
    """Do one after the other."""

    def act(scene: Scene) -> None:
        for each in acts:
            each(scene)

    return act


def next_day(scene: Scene) -> None:
    """Let a day pass."""
    scene.later(days=1)


def row(place: str, *key: object) -> Act:
    """Put a row back that the round has erased."""
    return lambda scene: scene.restore(place, *key)


def rows_a_day_late(*rows: tuple[object, ...]) -> Act:
    """Put rows back, parents first, and let a day pass in which nobody erases them."""
    return all_of(*(row(str(place), *key) for place, *key in rows), next_day)


def filled_again(place: str, *key: object, columns: tuple[str, ...]) -> Act:
    """Put back what the round has blanked in a row, and let a day pass."""
    return all_of(lambda scene: scene.refill(place, *key, columns=columns), next_day)


def lost(place: str, *key: object) -> Act:
    """Delete a row that has to stay."""
    return lambda scene: scene.take(place, *key)


def sql(system: str, statement: str, *values: object) -> Act:
    """Change a database."""
    return lambda scene: scene.sql(system, statement, *values)


def new_column(place: str, name: str) -> Act:
    """Add a column that nobody has mapped."""
    system, _, table = place.partition(".")
    return sql(system, f"ALTER TABLE {table} ADD COLUMN {name} TEXT")


def column_gone(place: str, name: str) -> Act:
    """Drop it again."""
    system, _, table = place.partition(".")
    return sql(system, f"ALTER TABLE {table} DROP COLUMN {name}")


def read(name: str, value: str | None) -> Act:
    """Read a setting."""
    return lambda scene: scene.read(name, value)


def confirmed(name: str) -> Act:
    """Confirm a task."""
    return lambda scene: scene.confirm(name)


def proved(name: str, table: str, *lines: str) -> Act:
    """Confirm a task with an export."""
    return lambda scene: scene.confirm(name, scene.export(table, *lines))


def admitted(name: str, remaining: int) -> Act:
    """Say how many are left when a task is done."""
    return lambda scene: scene.admit(name, remaining)


def attested(promise: str, *, so: bool = True, explains: bool = False) -> Act:
    """State of a promise that it is so, or why rows are gone."""
    return lambda scene: scene.attest(promise, so=so, explains=explains)


def neglected(name: str, days: int) -> Act:
    """Let days pass in which everything is done but this."""
    return lambda scene: scene.lived(days=days, without=name)


def rewritten(file: str, old: str, new: str) -> Act:
    """Change a file of the workspace."""
    return lambda scene: scene.rewrite(file, old, new)


def moved(file: str, to: str) -> Act:
    """Give a file of the workspace another name."""
    return lambda scene: scene.move(file, to)


def published(scene: Scene) -> None:
    """Publish the policy as it is."""
    scene.publish()


def swept(scene: Scene) -> None:
    """Do what is due and was pre-approved."""
    assert scene.sweep().outcomes


def applied(scene: Scene) -> None:
    """Approve the plan of what is due, and do it."""
    assert scene.apply()


# ------------------------------------------------------------------ the business agency

AGENCY = "business-agency"
BUSINESS_AGENCY = (
    violation(
        AGENCY,
        "the traffic measurement keeps data for too long",
        "NE-13",
        read("analytics.eventDataRetention", "26 months"),
        ("setting_broken", "analytics", "", 0),
        read("analytics.eventDataRetention", "14 months"),
    ),
    violation(
        AGENCY,
        "nobody has read the setting for a month",
        "NE-13",
        neglected("analytics.eventDataRetention", 32),
        ("setting_stale", "analytics", "", 0),
        read("analytics.eventDataRetention", "14 months"),
        "not_provable",
    ),
    violation(
        AGENCY,
        "an IP address stands in a visit that is a statistic",
        "NE-13",
        filled_again("website.visits", 1, columns=("ip",)),
        ("overdue", "website", "visits", 1),
        swept,
    ),
    violation(
        AGENCY,
        "the CRM has a column that nobody mapped",
        "NE-15",
        new_column("crm.contacts", "favourite_wine"),
        ("unmapped", "crm", "contacts", 0),
        lambda scene: scene.rewrite(
            "systems.yaml",
            "not_personal: [id, created_at]",
            "not_personal: [id, created_at, favourite_wine]",
        ),
    ),
    violation(
        AGENCY,
        "a case and its contact stay for five years and a day more",
        "NE-16",
        rows_a_day_late(("crm.contacts", 1), ("crm.cases", 1), ("crm.follow_ups", 1)),
        [
            ("overdue", "crm", "contacts", 1),
            ("overdue", "crm", "cases", 1),
            ("overdue", "crm", "follow_ups", 1),
        ],
        swept,
    ),
    violation(
        AGENCY,
        "an answer from a company visit stays",
        "NE-18",
        rows_a_day_late(("survey_tool.responses", 9)),
        ("overdue", "survey_tool", "responses", 1),
        swept,
    ),
    violation(
        AGENCY,
        "somebody forgot the date of a visit's answer",
        "NE-18",
        sql("survey_tool", "UPDATE responses SET submitted_at = NULL WHERE id = 10"),
        ("clock_missing", "survey_tool", "responses", 1),
        lambda scene: scene.refill("survey_tool.responses", 10, columns=("submitted_at",)),
        "not_provable",
    ),
    violation(
        AGENCY,
        "the sign-up form asks for a birthday",
        "NE-24",
        new_column("events.signups", "birthday"),
        ("unmapped", "events", "signups", 0),
        column_gone("events.signups", "birthday"),
    ),
    violation(
        AGENCY,
        "a sign-up stays after its event's three years",
        "NE-26",
        rows_a_day_late(("events.signups", 1)),
        ("overdue", "events", "signups", 1),
        swept,
    ),
    violation(
        AGENCY,
        "an invoice of a closed year is deleted",
        "NE-26",
        lost("accounting.invoices", 3),
        [("gone", "accounting", "invoices", 1), ("gone", "accounting", "invoice_lines", 1)],
        all_of(row("accounting.invoices", 3), row("accounting.invoice_lines", 3, 1)),
    ),
    violation(
        AGENCY,
        "an invoice was deleted, and somebody says why",
        "NE-26",
        lost("accounting.invoices", 6),
        ("gone", "accounting", "invoices", 1),
        attested("NE-26", explains=True),
    ),
    violation(
        AGENCY,
        "a line of an invoice is deleted, and the invoice stays",
        "NE-26",
        lost("accounting.invoice_lines", 3, 1),
        ("gone", "accounting", "invoice_lines", 1),
        row("accounting.invoice_lines", 3, 1),
    ),
    violation(
        AGENCY,
        "what was sold no longer stands on an invoice",
        "NE-26",
        sql("accounting", "UPDATE invoice_lines SET text = NULL WHERE invoice_id = 3"),
        ("emptied", "accounting", "invoice_lines", 1),
        lambda scene: scene.refill("accounting.invoice_lines", 3, 1, columns=("text",)),
    ),
    violation(
        AGENCY,
        "the newsletter list gets telephone numbers",
        "NE-27",
        new_column("website.subscribers", "phone"),
        ("unmapped", "website", "subscribers", 0),
        column_gone("website.subscribers", "phone"),
    ),
    violation(
        AGENCY,
        "answers to a survey stay after its five years",
        "NE-30",
        rows_a_day_late(("survey_tool.responses", 1), ("survey_tool.responses", 2)),
        ("overdue", "survey_tool", "responses", 2),
        swept,
    ),
    violation(
        AGENCY,
        "an answer to a survey without an end passes its cap",
        "NE-30",
        rows_a_day_late(("survey_tool.responses", 6)),
        ("overdue", "survey_tool", "responses", 1),
        swept,
    ),
    violation(
        AGENCY,
        "nobody has emptied the mailbox of applications for a week",
        "NE-35",
        neglected("applications_mailbox.unsolicited", 8),
        ("task_stale", "applications_mailbox", "", 0),
        confirmed("applications_mailbox.unsolicited"),
        "not_provable",
    ),
    violation(
        AGENCY,
        "two unsolicited applications are left",
        "NE-35",
        admitted("applications_mailbox.unsolicited", 2),
        ("task_broken", "applications_mailbox", "", 2),
        confirmed("applications_mailbox.unsolicited"),
    ),
    violation(
        AGENCY,
        "an invoice line gets a column for the CPR number",
        "NE-36",
        new_column("accounting.invoice_lines", "cpr"),
        ("unmapped", "accounting", "invoice_lines", 0),
        column_gone("accounting.invoice_lines", "cpr"),
    ),
)

# ------------------------------------------------------------------ the work-inclusion company

INCLUSION = "work-inclusion"
WORK_INCLUSION = (
    violation(
        INCLUSION,
        "a telephone number stands again in the skeleton of who left",
        "NT-25",
        filled_again("hr.employees", 2, columns=("phone",)),
        ("overdue", "hr", "employees", 1),
        swept,
    ),
    violation(
        INCLUSION,
        "a plan stands again in the skeleton of a VTA employee",
        "NT-25",
        filled_again("hr.employees", 7, columns=("work_plan",)),
        ("overdue", "hr", "employees", 1),
        swept,
    ),
    violation(
        INCLUSION,
        "the next of kin stays after the last day at work",
        "NT-25",
        filled_again("hr.employees", 5, columns=("kin_name", "kin_phone")),
        ("overdue", "hr", "employees", 1),
        swept,
    ),
    violation(
        INCLUSION,
        "a sickness absence stays",
        "NT-25",
        rows_a_day_late(("hr.absences", 1)),
        ("overdue", "hr", "absences", 1),
        swept,
    ),
    violation(
        INCLUSION,
        "an address of mail stands again in the time recording",
        "NT-25",
        filled_again("time.workers", 3, columns=("email",)),
        ("overdue", "time", "workers", 1),
        swept,
    ),
    violation(
        INCLUSION,
        "a payslip of a year that is kept is deleted",
        "NT-26",
        lost("hr.payslips", 2),
        ("gone", "hr", "payslips", 1),
        row("hr.payslips", 2),
    ),
    violation(
        INCLUSION,
        "a time sheet of a year that is kept is deleted",
        "NT-26",
        sql(
            "time",
            "DELETE FROM sheets WHERE worker = 1"
            " AND week_of = (SELECT min(week_of) FROM sheets WHERE worker = 1)",
        ),
        ("gone", "time", "sheets", 1),
        attested("NT-26", explains=True),
    ),
    violation(
        INCLUSION,
        "a payslip no longer says what was paid",
        "NT-26",
        sql("hr", "UPDATE payslips SET gross = 0, tax = 0 WHERE id = 2"),
        ("emptied", "hr", "payslips", 2),
        lambda scene: scene.refill("hr.payslips", 2, columns=("gross", "tax")),
    ),
    violation(
        INCLUSION,
        "a customer is called again after the last order's year",
        "NT-27",
        filled_again("orders.customers", 1, columns=("phone", "note")),
        ("overdue", "orders", "customers", 1),
        swept,
    ),
    violation(
        INCLUSION,
        "a remark stands again on an order that is only kept as a paper",
        "NT-27",
        filled_again("orders.orders", 1, columns=("remark",)),
        ("overdue", "orders", "orders", 1),
        swept,
    ),
    violation(
        INCLUSION,
        "an invoice of a year that is kept is deleted",
        "NT-27",
        lost("orders.invoices", 4),
        ("gone", "orders", "invoices", 1),
        row("orders.invoices", 4),
    ),
    violation(
        INCLUSION,
        "a packing slip of a year that is kept is deleted",
        "NT-27",
        lost("orders.packing_slips", 4),
        ("gone", "orders", "packing_slips", 1),
        row("orders.packing_slips", 4),
    ),
    violation(
        INCLUSION,
        "a participant stays three months and a day after the final report",
        "NT-28",
        rows_a_day_late(
            ("participants.participants", 1),
            ("participants.notes", 1),
            ("participants.plans", 1, 1),
            ("participants.final_reports", 1),
        ),
        [
            ("overdue", "participants", "participants", 1),
            ("overdue", "participants", "notes", 1),
            ("overdue", "participants", "plans", 1),
            ("overdue", "participants", "final_reports", 1),
        ],
        swept,
    ),
    violation(
        INCLUSION,
        "a participant without a final report stays more than a year",
        "NT-28",
        rows_a_day_late(("participants.participants", 4)),
        ("overdue", "participants", "participants", 1),
        swept,
    ),
)

# ------------------------------------------------------------------ the business garden

GARDEN = "business-garden"
SERIES = 2001
BUSINESS_GARDEN = (
    violation(
        GARDEN,
        "a purchase says what the buyer likes",
        "SO-01",
        new_column("crm.purchases", "taste"),
        ("unmapped", "crm", "purchases", 0),
        column_gone("crm.purchases", "taste"),
    ),
    violation(
        GARDEN,
        "an application is asked for a portrait",
        "SO-05",
        new_column("recruitment.applications", "portrait"),
        ("unmapped", "recruitment", "applications", 0),
        column_gone("recruitment.applications", "portrait"),
    ),
    violation(
        GARDEN,
        "a column nobody mapped among the business customers",
        "SO-07",
        new_column("crm.business_customers", "hobby"),
        ("unmapped", "crm", "business_customers", 0),
        column_gone("crm.business_customers", "hobby"),
    ),
    violation(
        GARDEN,
        "a column nobody mapped among the private customers",
        "SO-08",
        new_column("crm.private_customers", "birthday"),
        ("unmapped", "crm", "private_customers", 0),
        column_gone("crm.private_customers", "birthday"),
    ),
    violation(
        GARDEN,
        "a column nobody mapped among the suppliers",
        "SO-09",
        new_column("crm.suppliers", "spouse"),
        ("unmapped", "crm", "suppliers", 0),
        column_gone("crm.suppliers", "spouse"),
    ),
    violation(
        GARDEN,
        "a column nobody mapped among the members",
        "SO-10",
        new_column("crm.members", "portrait"),
        ("unmapped", "crm", "members", 0),
        column_gone("crm.members", "portrait"),
    ),
    violation(
        GARDEN,
        "a case stays two years and a day after it was closed",
        "SO-28",
        rows_a_day_late(
            ("casework.cases", 4, SERIES), ("casework.case_notes", 4), ("casework.messages", 4)
        ),
        [
            ("overdue", "casework", "cases", 1),
            ("overdue", "casework", "case_notes", 1),
            ("overdue", "casework", "messages", 1),
        ],
        swept,
    ),
    violation(
        GARDEN,
        "what a case says of health stands there again without a consent",
        "SO-28",
        filled_again("casework.cases", 6, SERIES, columns=("health",)),
        ("overdue", "casework", "cases", 1),
        swept,
    ),
    violation(
        GARDEN,
        "a claim is over, and nobody erases what it held",
        "SO-28",
        all_of(lambda scene: scene.release("legal_claim"), next_day),
        ("overdue", "casework", "cases", 1),
        applied,
    ),
    violation(
        GARDEN,
        "a leaver's mailbox stays fourteen days and a day",
        "SO-36",
        rows_a_day_late(("office.accounts", 2), ("office.mail", 2)),
        [("overdue", "office", "accounts", 1), ("overdue", "office", "mail", 1)],
        swept,
    ),
    violation(
        GARDEN,
        "the office suite keeps a leaver's mailbox for thirty days",
        "SO-36",
        read("office_suite.leaverMailbox", "30 days"),
        ("setting_broken", "office_suite", "", 0),
        read("office_suite.leaverMailbox", "14 days"),
    ),
    violation(
        GARDEN,
        "the office suite keeps a leaver's mailbox for ever",
        "SO-36",
        read("office_suite.leaverMailbox", None),
        ("setting_broken", "office_suite", "", 0),
        read("office_suite.leaverMailbox", "10 days"),
    ),
    violation(
        GARDEN,
        "nobody has read the office suite's setting for three months",
        "SO-36",
        neglected("office_suite.leaverMailbox", 93),
        ("setting_stale", "office_suite", "", 0),
        read("office_suite.leaverMailbox", "14 days"),
        "not_provable",
    ),
    violation(
        GARDEN,
        "the switchboard begins to record who called",
        "SO-38",
        new_column("office.calls", "caller_name"),
        ("unmapped", "office", "calls", 0),
        column_gone("office.calls", "caller_name"),
    ),
    violation(
        GARDEN,
        "a list of visitors appears",
        "SO-41",
        sql("office", "CREATE TABLE Visit_Log (id INTEGER PRIMARY KEY, name TEXT)"),
        ("table_there", "office", "", 0),
        sql("office", "DROP TABLE Visit_Log"),
    ),
    violation(
        GARDEN,
        "the manager has not looked for a list of visitors for half a year",
        "SO-41",
        neglected("SO-41", 185),
        ("attestation_stale", "", "", 0),
        attested("SO-41"),
        "not_provable",
    ),
    violation(
        GARDEN,
        "the manager says that there is a list of visitors, on paper",
        "SO-41",
        attested("SO-41", so=False),
        ("attestation_broken", "", "", 0),
        attested("SO-41"),
    ),
    violation(
        GARDEN,
        "a title stands again in the skeleton of a customer",
        "SO-44",
        filled_again("crm.business_customers", 1, columns=("title",)),
        ("overdue", "crm", "business_customers", 1),
        swept,
    ),
    violation(
        GARDEN,
        "a private customer whom no voucher needs stays",
        "SO-44",
        rows_a_day_late(("crm.private_customers", 4)),
        ("overdue", "crm", "private_customers", 1),
        swept,
    ),
    violation(
        GARDEN,
        "an invoice is deleted before its five years",
        "SO-45",
        lost("crm.invoices", 1),
        ("gone", "crm", "invoices", 1),
        row("crm.invoices", 1),
        # without the voucher nothing keeps the customer's name
        also={"SO-44": ("overdue", "crm", "business_customers", 1)},
    ),
    violation(
        GARDEN,
        "what was sold no longer stands on an invoice",
        "SO-45",
        sql("crm", "UPDATE invoices SET wording = NULL WHERE number = 1"),
        ("emptied", "crm", "invoices", 1),
        lambda scene: scene.refill("crm.invoices", 1, columns=("wording",)),
    ),
)

# ------------------------------------------------------------------ the job-activation company

ACTIVATION = "job-activation"
PICTURES = "file,shows,email,consented_on,withdrawn_on"
JOB_ACTIVATION = (
    violation(
        ACTIVATION,
        "a citizen's file gets a field for sentences",
        "AK-05",
        new_column("case_system.citizens", "convictions"),
        ("unmapped", "case_system", "citizens", 0),
        column_gone("case_system.citizens", "convictions"),
    ),
    violation(
        ACTIVATION,
        "an invoice stays after the bookkeeping act's five years",
        "AK-18",
        rows_a_day_late(("accounting.invoices", 1), ("accounting.invoice_lines", 1, 1)),
        [("overdue", "accounting", "invoices", 1), ("overdue", "accounting", "invoice_lines", 1)],
        swept,
    ),
    violation(
        ACTIVATION,
        "the picture library's export has a picture whose consent was withdrawn",
        "AK-18",
        proved(
            "media_library.take_down",
            "pictures",
            PICTURES,
            "gaarden.jpg,Berit,berit@example.org,2026-01-10,2026-10-01",
            "haven.jpg,Kari,kari@example.org,2026-03-03,",
        ),
        ("task_broken", "media_library", "", 1),
        proved(
            "media_library.take_down",
            "pictures",
            PICTURES,
            "haven.jpg,Kari,kari@example.org,2026-03-03,",
        ),
    ),
    violation(
        ACTIVATION,
        "nobody has tidied the mailbox for three months",
        "AK-18 AK-20",
        neglected("mailbox.ended_programmes", 93),
        ("task_stale", "mailbox", "", 0),
        confirmed("mailbox.ended_programmes"),
        "not_provable",
    ),
    violation(
        ACTIVATION,
        "an enquiry stays half a year and a day after its answer",
        "AK-18 AK-20",
        rows_a_day_late(("website.enquiries", 1)),
        ("overdue", "website", "enquiries", 1),
        swept,
    ),
    violation(
        ACTIVATION,
        "a caseworker who left stands there again",
        "AK-18 AK-20",
        filled_again("case_system.caseworkers", 2, columns=("name", "phone")),
        ("overdue", "case_system", "caseworkers", 1),
        swept,
    ),
    violation(
        ACTIVATION,
        "a name stands again beside answers that are statistics",
        "AK-18 AK-20 AK-21",
        filled_again("survey_tool.responses", 1, columns=("name",)),
        ("overdue", "survey_tool", "responses", 1),
        swept,
    ),
    violation(
        ACTIVATION,
        "words stand again in an answer that is a statistic",
        "AK-18 AK-20 AK-21",
        filled_again("survey_tool.answers", 1, 1, columns=("words",)),
        ("overdue", "survey_tool", "answers", 1),
        swept,
    ),
    violation(
        ACTIVATION,
        "who left the newsletter is still on its list",
        "AK-18 AK-20 AK-22",
        rows_a_day_late(("website.subscribers", 2)),
        ("overdue", "website", "subscribers", 1),
        swept,
    ),
    violation(
        ACTIVATION,
        "health notes stay after their backstop",
        "AK-18 AK-20 AK-23",
        rows_a_day_late(("case_system.citizens", 8), ("case_system.health_notes", 8)),
        ("overdue", "case_system", "health_notes", 1),
        swept,
    ),
    violation(
        ACTIVATION,
        "a health note stays though its consent was withdrawn",
        "AK-18 AK-20 AK-23",
        rows_a_day_late(("case_system.health_notes", 10)),
        ("overdue", "case_system", "health_notes", 1),
        swept,
    ),
    violation(
        ACTIVATION,
        "nobody has decided for half a year whether health notes are needed",
        "AK-18 AK-20 AK-23",
        all_of(
            sql("case_system", "UPDATE citizens SET case_closed_on = '2026-11-24' WHERE id = 6"),
            neglected("special_material", 190),
        ),
        ("undecided", "case_system", "health_notes", 1),
        all_of(lambda scene: scene.decide("special_material"), applied),
    ),
    violation(
        ACTIVATION,
        "an invoice that the bookkeeping act demands is deleted",
        "AK-25",
        lost("accounting.invoices", 4),
        [("gone", "accounting", "invoices", 1), ("gone", "accounting", "invoice_lines", 1)],
        all_of(row("accounting.invoices", 4), row("accounting.invoice_lines", 4, 1)),
        # without the voucher nothing keeps the customer's name
        also=dict.fromkeys(("AK-18", "AK-20"), ("overdue", "accounting", "customers", 1)),
    ),
    violation(
        ACTIVATION,
        "an invoice of this year is deleted",
        "AK-25",
        lost("accounting.invoices", 6),
        [("gone", "accounting", "invoices", 1), ("gone", "accounting", "invoice_lines", 1)],
        attested("AK-25", explains=True),
    ),
)

# ------------------------------------------------------------------ the consulting group

GROUP = "consultancy"
CONSULTANCY = (
    violation(
        GROUP,
        "somebody notes the mood of people in a project",
        "IM-06",
        new_column("projects.project_people", "mood"),
        ("unmapped", "projects", "project_people", 0),
        column_gone("projects.project_people", "mood"),
    ),
    violation(
        GROUP,
        "a column nobody mapped among the contacts",
        "IM-08",
        new_column("crm.contacts", "golf_handicap"),
        ("unmapped", "crm", "contacts", 0),
        column_gone("crm.contacts", "golf_handicap"),
    ),
    violation(
        GROUP,
        "nobody has looked after the signs for half a year",
        "IM-14",
        neglected("IM-14", 185),
        ("attestation_stale", "", "", 0),
        attested("IM-14"),
        "not_provable",
    ),
    violation(
        GROUP,
        "a sign has fallen down",
        "IM-14",
        attested("IM-14", so=False),
        ("attestation_broken", "", "", 0),
        attested("IM-14"),
    ),
    violation(
        GROUP,
        "a recording stays five days and a day",
        "IM-17",
        rows_a_day_late(("premises.recordings", 1)),
        ("overdue", "premises", "recordings", 1),
        swept,
    ),
    violation(
        GROUP,
        "a recording stays longer than the law's thirty days",
        "IM-17",
        rows_a_day_late(("premises.recordings", 5)),
        ("overdue", "premises", "recordings", 1),
        swept,
    ),
    violation(
        GROUP,
        "the recorder overwrites after ten days",
        "IM-17",
        read("recorder.overwriteAfter", "10 days"),
        ("setting_broken", "recorder", "", 0),
        read("recorder.overwriteAfter", "5 days"),
    ),
    violation(
        GROUP,
        "nobody has read the recorder's setting for a month",
        "IM-17",
        neglected("recorder.overwriteAfter", 32),
        ("setting_stale", "recorder", "", 0),
        read("recorder.overwriteAfter", "5 days"),
        "not_provable",
    ),
    violation(
        GROUP,
        "a recording that the police have asked for is deleted",
        "IM-18",
        lost("premises.recordings", 3),
        ("hold_ignored", "premises", "", 1),
        row("premises.recordings", 3),
    ),
    violation(
        GROUP,
        "a recording that an inquiry needs is deleted",
        "IM-18",
        lost("premises.recordings", 7),
        ("hold_ignored", "premises", "", 1),
        row("premises.recordings", 7),
    ),
    violation(
        GROUP,
        "a form gets a column for the age",
        "IM-19",
        new_column("web.event_signups", "age"),
        ("unmapped", "web", "event_signups", 0),
        column_gone("web.event_signups", "age"),
    ),
    violation(
        GROUP,
        "a sign-up stays two years and a day after the event",
        "IM-22",
        rows_a_day_late(("web.event_signups", 1)),
        ("overdue", "web", "event_signups", 1),
        swept,
    ),
    violation(
        GROUP,
        "who left the newsletter is still on its list",
        "IM-22",
        rows_a_day_late(("web.subscribers", 2)),
        ("overdue", "web", "subscribers", 1),
        swept,
    ),
    violation(
        GROUP,
        "nobody has decided for a year which sign-ups are needed",
        "IM-22",
        all_of(
            sql("web", "UPDATE events SET ends_at = '2026-11-24 16:00:00' WHERE id = 3"),
            neglected("events", 370),
        ),
        ("undecided", "web", "event_signups", 2),
        all_of(lambda scene: scene.decide("events"), applied),
    ),
    violation(
        GROUP,
        "the course form asks for an address",
        "IM-30",
        new_column("web.course_signups", "address"),
        ("unmapped", "web", "course_signups", 0),
        column_gone("web.course_signups", "address"),
    ),
    violation(
        GROUP,
        "a name stands again on a course that is a statistic",
        "IM-34",
        filled_again("web.course_signups", 1, columns=("name", "email")),
        ("overdue", "web", "course_signups", 1),
        swept,
    ),
    violation(
        GROUP,
        "a project's people stay five years and a day after it was closed",
        "IM-46",
        rows_a_day_late(("projects.projects", 1), ("projects.project_people", 1)),
        [("overdue", "projects", "projects", 1), ("overdue", "projects", "project_people", 1)],
        swept,
    ),
    violation(
        GROUP,
        "a project that is held is deleted",
        "IM-47",
        all_of(lost("projects.project_people", 6), lost("projects.projects", 6)),
        ("hold_ignored", "projects", "", 1),
        all_of(row("projects.projects", 6), row("projects.project_people", 6)),
    ),
    violation(
        GROUP,
        "nobody looks at the holds again by the date they named",
        "IM-18 IM-47",
        neglected("holds", 61),
        ("hold_review_passed", "", "", 0),
        lambda scene: scene.review(),
    ),
    violation(
        GROUP,
        "a customer of the past stays",
        "IM-48",
        rows_a_day_late(("crm.customers", 3), ("crm.assignments", 3), ("crm.contacts", 3)),
        [("overdue", "crm", "customers", 1), ("overdue", "crm", "contacts", 1)],
        swept,
    ),
    violation(
        GROUP,
        # who is still a customer was kept by that alone: the cap ends what the relationship keeps
        "a customer without work for three years and a day stays",
        "IM-48 IM-49",
        filled_again("crm.customers", 1, columns=("phone",)),
        ("overdue", "crm", "customers", 1),
        swept,
    ),
    violation(
        GROUP,
        "an invoice that the bookkeeping act demands is deleted",
        "IM-49",
        lost("crm.invoices", 2),
        [("gone", "crm", "invoices", 1), ("gone", "crm", "invoice_lines", 1)],
        all_of(row("crm.invoices", 2), row("crm.invoice_lines", 2, 1)),
        # without the voucher nothing keeps the customer's name
        also={"IM-48": ("overdue", "crm", "customers", 1)},
    ),
    violation(
        GROUP,
        "an invoice of this year is deleted",
        "IM-49",
        lost("crm.invoices", 5),
        [("gone", "crm", "invoices", 1), ("gone", "crm", "invoice_lines", 1)],
        all_of(row("crm.invoices", 5), row("crm.invoice_lines", 5, 1)),
    ),
)

# ------------------------------------------------------------------ what people read

# Promises that rest on what is published: a policy that nobody publishes breaks each of them.
AGENCY_READS = "NE-03 NE-04 NE-11 NE-14 NE-17 NE-19 NE-23 NE-25 NE-32 NE-42 NE-43 NE-49 NE-50"
INCLUSION_READS = (
    "NT-01 NT-03 NT-07 NT-08 NT-09 NT-10 NT-11 NT-12 NT-13 NT-14 NT-15 NT-16 NT-17 NT-18 "
    "NT-35 NT-36"
)
GARDEN_READS = "SO-02 SO-04 SO-06 SO-11 SO-12 SO-14 SO-17 SO-27 SO-33 SO-49 SO-50"
ACTIVATION_READS = "AK-03 AK-04 AK-06 AK-08 AK-09 AK-12 AK-33"
CONSULTANCY_READS = "IM-03 IM-05 IM-09 IM-10 IM-11 IM-12 IM-13 IM-29 IM-38 IM-42 IM-57 IM-58 IM-61"
HOST_AT_HOME = "sikkerhedskopier, en: Runs servers and backups}\n    country: DK"
HOST_ABROAD = HOST_AT_HOME.replace("DK", "US")
NOT_ENCRYPTED = (
    "E-mail is not encrypted. Please do not send us sensitive or confidential data by e-mail."
)
RIGHTS_TO = "rights:\n    email: {}@"
UNPUBLISHED = ("unpublished", "", "", 0)

WHAT_IS_READ = (
    violation(
        AGENCY,
        "the policy is changed and nobody publishes it",
        AGENCY_READS,
        rewritten(
            "policy.yaml",
            "Count which pages and",
            "Also count which pages and",
        ),
        UNPUBLISHED,
        published,
    ),
    violation(
        INCLUSION,
        "the policy is changed and nobody publishes it",
        INCLUSION_READS,
        rewritten(
            "policy.yaml",
            "Looking after the employment",
            "Also looking after the employment",
        ),
        UNPUBLISHED,
        published,
    ),
    violation(
        GARDEN,
        "the policy is changed and nobody publishes it",
        GARDEN_READS,
        rewritten(
            "policy.yaml",
            "Assessing applicants for an",
            "Also assessing applicants for an",
        ),
        UNPUBLISHED,
        published,
    ),
    violation(
        ACTIVATION,
        "the policy is changed and nobody publishes it",
        ACTIVATION_READS,
        rewritten(
            "policy.yaml",
            "Carry out the programme",
            "Also carry out the programme",
        ),
        UNPUBLISHED,
        published,
    ),
    violation(
        GROUP,
        "the policy is changed and nobody publishes it",
        CONSULTANCY_READS,
        rewritten(
            "policy.yaml",
            "Agreeing and carrying out",
            "Also agreeing and carrying out",
        ),
        UNPUBLISHED,
        published,
    ),
    violation(
        AGENCY,
        "an act is named that was repealed",
        AGENCY_READS,
        rewritten("policy.yaml", "DK erhvervsfremmeloven § 14", "DK persondataloven § 6"),
        UNPUBLISHED,
        rewritten("policy.yaml", "DK persondataloven § 6", "DK erhvervsfremmeloven § 14"),
        also={"NE-43": ("check_found", "", "", 0)},
    ),
    violation(
        GROUP,
        "a supplier outside the EEA takes over the servers",
        CONSULTANCY_READS,
        rewritten("policy.yaml", HOST_AT_HOME, HOST_ABROAD),
        UNPUBLISHED,
        rewritten("policy.yaml", HOST_ABROAD, HOST_AT_HOME),
        also={"IM-42": ("check_found", "", "", 0)},
    ),
    violation(
        AGENCY,
        "somebody changes the page on the website",
        "NE-03",
        rewritten("public/da/index.html", "3 år", "9 år"),
        ("page_differs", "", "", 0),
        rewritten("public/da/index.html", "9 år", "3 år"),
    ),
    violation(
        GARDEN,
        "somebody changes the notice for employees on the website",
        "SO-06",
        rewritten("public/nb/staff_notice.txt", "fjorten dager", "fjorten måneder"),
        ("document_differs", "", "", 0),
        rewritten("public/nb/staff_notice.txt", "fjorten måneder", "fjorten dager"),
    ),
    violation(
        GARDEN,
        "what people are to know before they write is not told in English",
        "SO-33",
        all_of(rewritten("policy.yaml", f"      en: {NOT_ENCRYPTED}\n", ""), published),
        ("untold", "", "", 0),
        all_of(
            rewritten("policy.yaml", "    note:\n", f"    note:\n      en: {NOT_ENCRYPTED}\n"),
            published,
        ),
    ),
    violation(
        GARDEN,
        "a second address is given with nothing beside it",
        "SO-33",
        all_of(
            rewritten("policy.yaml", RIGHTS_TO.format("post"), RIGHTS_TO.format("data")), published
        ),
        ("untold", "", "", 0),
        all_of(
            rewritten("policy.yaml", RIGHTS_TO.format("data"), RIGHTS_TO.format("post")), published
        ),
    ),
    violation(
        GARDEN,
        "the notice for employees is written anew and nobody publishes it",
        GARDEN_READS,
        rewritten("documents/staff-notice.en.txt", "fourteen days", "ten days"),
        UNPUBLISHED,
        rewritten("documents/staff-notice.en.txt", "ten days", "fourteen days"),
    ),
    violation(
        ACTIVATION,
        "the policy on pictures is gone from the website",
        "AK-04",
        moved("public/en/pictures.txt", "public/en/pictures.old"),
        ("document_missing", "", "", 0),
        moved("public/en/pictures.old", "public/en/pictures.txt"),
    ),
    violation(
        ACTIVATION,
        "the security policy is lost where it was written",
        ACTIVATION_READS,
        moved("documents/it-security.da.txt", "documents/it-security.old"),
        UNPUBLISHED,
        moved("documents/it-security.old", "documents/it-security.da.txt"),
    ),
    violation(
        AGENCY,
        "nobody goes through the notice for more than a year",
        "NE-03",
        neglected("NE-03", 370),
        ("attestation_stale", "", "", 0),
        attested("NE-03"),
        "not_provable",
    ),
    violation(
        INCLUSION,
        "the data protection officer has had no time to help",
        "NT-34",
        attested("NT-34", so=False),
        ("attestation_broken", "", "", 0),
        attested("NT-34"),
    ),
)

VIOLATIONS = (
    *BUSINESS_AGENCY,
    *WORK_INCLUSION,
    *BUSINESS_GARDEN,
    *JOB_ACTIVATION,
    *CONSULTANCY,
    *WHAT_IS_READ,
)
