"""What was decided about people and about criteria? Kept with their entries in the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Row, func, select, update

from ombud.errors import Unknown
from ombud.evidence._tables import decisions
from ombud.evidence.entry import Draft, Entry, Json
from ombud.evidence.log import Log
from ombud.plan.hold import Decision, PersonRef
from ombud.store import Transaction

DECIDED: Final = "decided"
DECISION: Final = "decision"


class Decisions:
    """The decisions in Ombud's own database, numbered in the order they were kept.

    Args:
        zone: IANA name of the controller's local time, in which the day of a decision counts.
    """

    def __init__(self, log: Log, *, zone: str) -> None:
        self._log = log
        self._zone = ZoneInfo(zone)

    def record(self, decision: Decision, *, at: datetime, tx: Transaction | None = None) -> Entry:
        """Keep a decision and log it; the same decision again changes nothing.

        The log is told kind, activities and consents; a decision that no longer needs data about
        (`no_longer_needed`) one entry `decided` per activity; persons are named here only.

        Args:
            at: Now; it may have been decided earlier.

        Returns:
            The entry that names the decision.

        Law:
            GDPR Art. 7(3)
            GDPR Art. 17(1)
            GDPR Art. 21
        """
        with self._log.store.transaction(tx) as inner:
            [entry, *_] = self._log.append(self._drafts(decision), at=at, tx=inner)
            where = decisions.c.id == decision.id
            if inner.execute(select(decisions.c.seq).where(where)).first() is None:
                values = asdict(decision) | {"recorded_at": at}
                values |= {name: list(values[name]) for name in ("activities", "consents")}
                inner.execute(decisions.insert().values(values))
            return entry

    def _drafts(self, decision: Decision) -> list[Draft]:
        body: dict[str, Json] = {
            "activities": list(decision.activities),
            "consents": list(decision.consents),
            "decision": decision.id,
            "kind": decision.kind,
        }
        once = f"{DECISION}:{decision.id}"
        payloads = {"by": decision.by}
        drafts = [Draft(DECISION, body, decision.id, once, payloads)]
        if decision.kind == "no_longer_needed":
            day = decision.decided_at.astimezone(self._zone).date().isoformat()
            for activity in decision.activities:
                said: dict[str, Json] = {"activity": activity, "decided_on": day}
                drafts.append(Draft(DECIDED, said, activity, f"{once}:{activity}"))
        return drafts

    def all(
        self,
        kinds: Sequence[str] = (),
        *,
        after: int = 0,
        tx: Transaction | None = None,
    ) -> list[Decision]:
        """Return decisions in the order they were kept.

        Args:
            kinds: Only these; none given: every kind.
            after: Only those kept since `mark()` said this.
        """
        query = select(decisions).where(decisions.c.seq > after).order_by(decisions.c.seq)
        if kinds:
            query = query.where(decisions.c.kind.in_(kinds))
        with self._log.store.reading(tx) as inner:
            return [_decision(row) for row in inner.execute(query)]

    def mark(self, *, tx: Transaction | None = None) -> int:
        """Return the number of the decision kept last; 0 where there is none."""
        with self._log.store.reading(tx) as inner:
            return inner.execute(select(func.max(decisions.c.seq))).scalar() or 0

    def get(self, decision_id: str, *, tx: Transaction | None = None) -> Decision:
        """Return one decision.

        Raises:
            Unknown: There is no such decision.
        """
        query = select(decisions).where(decisions.c.id == decision_id)
        with self._log.store.reading(tx) as inner:
            row = inner.execute(query).first()
        if row is None:
            raise Unknown(f"there is no decision `{decision_id}`")
        return _decision(row)

    def erase(self, decision_id: str, *, at: datetime, tx: Transaction | None = None) -> None:
        """Erase whom a decision was about and who took it; that it was taken stays.

        After it the decision ends no ground any more: erase it only when nothing is left that
        it could end, restores from a backup included.

        Raises:
            Unknown: There is no such decision.
        """
        with self._log.store.transaction(tx) as inner:
            self._log.lock(inner)
            self.get(decision_id, tx=inner)
            where = decisions.c.id == decision_id
            inner.execute(update(decisions).where(where).values({"persons": [], "by": ""}))
            entry = self._log.latest(DECISION, about=decision_id, tx=inner)
            if entry is not None:
                self._log.erase_payload(entry.index, at=at, tx=inner)


def _decision(row: Row[Any]) -> Decision:
    return Decision(
        id=row.id,
        kind=row.kind,
        persons=tuple(PersonRef(**person) for person in row.persons),
        activities=tuple(row.activities),
        consents=tuple(row.consents),
        decided_at=row.decided_at,
        by=row.by,
    )
