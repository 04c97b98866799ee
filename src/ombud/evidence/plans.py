"""Which plans were made, who approved which, and how far have sweeps come?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Row, Table, delete, select, update

from ombud.errors import Unknown
from ombud.evidence._tables import approvals, plans, preapprovals, watermarks
from ombud.evidence.entry import Draft, Entry
from ombud.evidence.log import Log
from ombud.store import Transaction

APPROVED: Final = "approved"
PREAPPROVED: Final = "preapproved"
VOIDED: Final = "preapproval_voided"


@dataclass(frozen=True)
class KeptPlan:
    """A plan as it is kept: counts and selections, never keys.

    Args:
        digest: Names it.
        basis_digest: Over periods, caps, facts, policy and map: what made it.
        as_of: Local date it was made for.
        json: The plan.
    """

    digest: str
    basis_digest: str
    as_of: date
    json: str
    made_at: datetime


@dataclass(frozen=True)
class Approval:
    """That a plan may be applied.

    Args:
        by: Staff; for a pre-approved plan the word `rule`.
    """

    digest: str
    by: str
    at: datetime
    preapproved: bool = False


@dataclass(frozen=True)
class Preapproval:
    """That sweeps may apply a rule to a table without asking again.

    Args:
        rule: Activity or cap.
        rule_digest: Over the rule and the table's map; another digest is another rule.
        voided_at: None while it counts.
    """

    rule: str
    system: str
    table: str
    rule_digest: str
    by: str
    at: datetime
    voided_at: datetime | None = None


@dataclass(frozen=True)
class Watermark:
    """The last sweep of a table that was completed.

    Args:
        scope: `full`: every row was looked at; `delta`: what can have changed since the last one.
        as_of: Local date it looked from.
        decisions_seen: `Decisions.mark()` when it began.
    """

    system: str
    table: str
    scope: Literal["full", "delta"]
    as_of: date
    at: datetime
    basis_digest: str
    decisions_seen: int = 0


class Plans:
    """Plans, approvals and watermarks in Ombud's own database."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def keep(self, plan: KeptPlan, *, tx: Transaction | None = None) -> None:
        """Keep a plan; the same plan made again stays as it was first made."""
        with self._log.store.transaction(tx) as inner:
            self._log.lock(inner)
            if not self._rows(inner, plans, plans.c.digest == plan.digest):
                inner.execute(plans.insert().values(vars(plan)))

    def get(self, digest: str, *, tx: Transaction | None = None) -> KeptPlan:
        """Return the plan a digest names, or its first characters where they name one only.

        Raises:
            Unknown: There is no such plan, or more than one.
        """
        where = plans.c.digest.startswith(digest, autoescape=True)
        with self._log.store.reading(tx) as inner:
            found = self._rows(inner, plans, where)
        exact = [row for row in found if row.digest == digest]
        if len(exact or found) != 1:
            says = "no plan has" if not found else "more than one plan has"
            raise Unknown(f"{says} the digest `{digest}`", help="make one: `ombud plan`")
        return KeptPlan(**(exact or found)[0]._mapping)

    def latest(self, *, tx: Transaction | None = None) -> KeptPlan | None:
        """Return the plan made last, or None."""
        query = select(plans).order_by(plans.c.made_at.desc(), plans.c.digest).limit(1)
        with self._log.store.reading(tx) as inner:
            row = inner.execute(query).first()
        return KeptPlan(**row._mapping) if row else None

    def approve(self, approval: Approval, *, tx: Transaction | None = None) -> None:
        """Keep an approval and log it; the same person's again changes nothing.

        Raises:
            Unknown: There is no such plan; nothing was changed.
        """
        draft = Draft(
            APPROVED,
            {"plan": approval.digest, "preapproved": approval.preapproved},
            approval.digest,
            payloads={"by": approval.by},
        )
        with self._log.store.transaction(tx) as inner:
            self._log.lock(inner)
            self.get(approval.digest, tx=inner)
            column = approvals.c
            where = (column.digest == approval.digest) & (column.by == approval.by)
            if not self._rows(inner, approvals, where):
                inner.execute(approvals.insert().values(vars(approval)))
                self._log.append([draft], at=approval.at, tx=inner)

    def approvals(self, digest: str, *, tx: Transaction | None = None) -> list[Approval]:
        """Return who approved a plan, the first first; exact digest."""
        with self._log.store.reading(tx) as inner:
            found = self._rows(inner, approvals, approvals.c.digest == digest)
        return sorted((Approval(**row._mapping) for row in found), key=lambda each: each.at)

    def preapprove(self, preapproval: Preapproval, *, tx: Transaction | None = None) -> Entry:
        """Keep a pre-approval and log it; an earlier one of the same rule and table is voided."""
        about = f"{preapproval.system}.{preapproval.table}"
        body = {"rule": preapproval.rule, "rule_digest": preapproval.rule_digest}
        draft = Draft(PREAPPROVED, body, about, payloads={"by": preapproval.by})
        with self._log.store.transaction(tx) as inner:
            [entry] = self._log.append([draft], at=preapproval.at, tx=inner)
            where = self._same(preapproval) & preapprovals.c.voided_at.is_(None)
            inner.execute(update(preapprovals).where(where).values({"voided_at": preapproval.at}))
            inner.execute(preapprovals.insert().values(vars(preapproval)))
            return entry

    def preapprovals(self, *, tx: Transaction | None = None) -> list[Preapproval]:
        """Return the pre-approvals that count, in the order they were given."""
        query = select(preapprovals).where(preapprovals.c.voided_at.is_(None))
        with self._log.store.reading(tx) as inner:
            rows = inner.execute(query.order_by(preapprovals.c.id)).all()
        return [
            Preapproval(**{name: value for name, value in row._mapping.items() if name != "id"})
            for row in rows
        ]

    def void(
        self, preapproval: Preapproval, *, at: datetime, because: str, tx: Transaction | None = None
    ) -> None:
        """Let a pre-approval count no more, and log it; voiding it again changes nothing.

        Args:
            because: One word: `rule_changed`, `map_changed`, `staff`.
        """
        where = self._same(preapproval) & preapprovals.c.voided_at.is_(None)
        with self._log.store.transaction(tx) as inner:
            self._log.lock(inner)
            done = inner.execute(update(preapprovals).where(where).values({"voided_at": at}))
            if done.rowcount:
                about = f"{preapproval.system}.{preapproval.table}"
                body = {"because": because, "rule": preapproval.rule}
                self._log.append([Draft(VOIDED, body, about)], at=at, tx=inner)

    def set_watermark(self, watermark: Watermark, *, tx: Transaction | None = None) -> None:
        """Keep how far a sweep has come, in place of the one before of the same scope."""
        column = watermarks.c
        where = (
            (column.system == watermark.system)
            & (column.table == watermark.table)
            & (column.scope == watermark.scope)
        )
        with self._log.store.transaction(tx) as inner:
            self._log.lock(inner)
            inner.execute(delete(watermarks).where(where))
            inner.execute(watermarks.insert().values(vars(watermark)))

    def watermarks(self, system: str, *, tx: Transaction | None = None) -> list[Watermark]:
        """Return the watermarks of a system's tables."""
        with self._log.store.reading(tx) as inner:
            rows = self._rows(inner, watermarks, watermarks.c.system == system)
        return [Watermark(**row._mapping) for row in rows]

    def _same(self, preapproval: Preapproval) -> ColumnElement[bool]:
        column = preapprovals.c
        return (
            (column.rule == preapproval.rule)
            & (column.system == preapproval.system)
            & (column.table == preapproval.table)
        )

    def _rows(self, tx: Transaction, table: Table, where: ColumnElement[bool]) -> list[Row[Any]]:
        return list(tx.execute(select(table).where(where)))
