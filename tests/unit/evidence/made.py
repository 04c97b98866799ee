"""A small policy, a small map and observations of it, made by hand for the tests of evidence."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from ombud.errors import Place
from ombud.evidence import CapSeen, Observation, RuleSeen, TableSeen
from ombud.law import FinancialYear, Period
from ombud.policy.model import (
    Activity,
    After,
    Basis,
    Cap,
    Clocks,
    Contact,
    Organisation,
    Policy,
    Promise,
    Proof,
)
from ombud.systems.model import Column, Serve, Setting, System, Systems, Table, TableCap, Task

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
HERE = Place("policy.yaml", 1, 1)
THREE_YEARS = After(Period(years=3), Clocks(("held",)))


def activity(id_: str) -> Activity:
    return Activity(id_, HERE, {}, {}, ("members",), ("name",), Basis("contract"), THREE_YEARS)


def policy(*proofs: Proof, **more: tuple[Proof, ...]) -> Policy:
    """Return a policy with the promise `P-1`, and others by name."""
    promises = {"P-1": proofs, **more}
    return Policy(
        file="policy.yaml",
        organisation=Organisation(
            "Club", "1", "NO", "Europe/Oslo", FinancialYear(12, 31), ("nb",), Contact()
        ),
        subjects={"members": {}},
        categories={},
        clocks={"held": {}},
        activities={name: activity(name) for name in ("events", "books")},
        consents={},
        caps={"max": Cap("max", HERE, ("members",), (), THREE_YEARS)},
        processors={},
        recipients={},
        hold_kinds={"legal_claim": {}},
        promises={
            name: Promise(name, HERE, {"nb": "lovet"}, each) for name, each in promises.items()
        },
        source_digest="0" * 64,
    )


def systems() -> Systems:
    """Return `crm` in reach with `contacts` and `invoices`, and `stats` out of reach."""
    contacts = Table(
        "contacts",
        HERE,
        "contacts",
        ("id",),
        serves={"events": Serve("events", HERE)},
        caps={"max": TableCap("max", HERE)},
        columns={
            "name": Column("name", HERE, ("name",)),
            "mail": Column("mail", HERE, ("email",)),
        },
    )
    invoices = Table("invoices", HERE, "invoices", ("id",), serves={"books": Serve("books", HERE)})
    crm = System(
        "crm",
        HERE,
        {},
        "database",
        "Europe/Oslo",
        tables={"contacts": contacts, "invoices": invoices},
    )
    stats = System(
        "stats",
        HERE,
        {},
        "outside",
        "Europe/Oslo",
        serves=("visits",),
        settings={"keep": Setting("keep", HERE, Period(months=14), "it", Period(months=1))},
        tasks={"empty": Task("empty", HERE, "it", Period(months=3))},
    )
    return Systems("systems.yaml", {"crm": crm, "stats": stats}, "1" * 64)


def seen(
    at: datetime = NOW,
    *,
    events: RuleSeen | None = None,
    kept: dict[date, int] | None = None,
    **more: object,
) -> Observation:
    """Return an observation of `crm`."""
    tables = {
        "contacts": TableSeen(
            10, rules={"events": events or RuleSeen(alive=10)}, caps={"max": CapSeen()}
        ),
        "invoices": TableSeen(
            5,
            rules={"books": RuleSeen(alive=sum((kept or {}).values()))},
            kept_until={"books": kept or {}},
        ),
    }
    return Observation("crm", at.date(), at, tables, **more)  # type: ignore[arg-type]
