"""Which holds are there? Placed and released with their entries in the log, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, select, update

from ombud.errors import Unknown, WrongUse
from ombud.evidence._tables import holds
from ombud.evidence.entry import Draft, Entry, Json
from ombud.evidence.log import Log
from ombud.evidence.said import HOLD_PLACED, HOLD_RELEASED
from ombud.plan.hold import Hold, HoldScope, PersonRef
from ombud.store import Transaction

_IN_COLUMNS: Final = ("system", "table")  # of a scope; the rest is JSON


class Holds:
    """The holds in Ombud's own database; persons are named here and nowhere in the log."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def place(
        self, hold: Hold, *, rows: Mapping[str, int], at: datetime, tx: Transaction | None = None
    ) -> Entry:
        """Keep a hold and log it; placing the same hold again changes nothing.

        The caller holds the lock of every system it touches: only then has no batch that began
        before missed it.

        Args:
            rows: System to the number of rows that it covers there now.
            at: Now.

        Raises:
            WrongUse: It has no reason; nothing was changed.

        Law:
            GDPR Art. 17(3)(e)
            GDPR Art. 18(1)
        """
        if not hold.reason.strip():
            raise WrongUse("a hold needs a reason", help="say why the data must stay: `--reason`")
        body: dict[str, Json] = {
            "hold": hold.id,
            "kind": hold.kind,
            "law": hold.law,
            "review_on": hold.review_on.isoformat(),
            "rows": dict(rows),
            "system": hold.scope.system,
            "table": hold.scope.table,
        }
        payloads: dict[str, Json] = {"by": hold.by, "reason": hold.reason}
        draft = Draft(HOLD_PLACED, body, hold.id, f"{HOLD_PLACED}:{hold.id}", payloads)
        with self._log.store.transaction(tx) as inner:
            [entry] = self._log.append([draft], at=at, tx=inner)
            if self._row(inner, hold.id) is None:
                inner.execute(holds.insert().values(_values(hold)))
            return entry

    def release(
        self, hold_id: str, *, by: str, at: datetime, tx: Transaction | None = None
    ) -> Entry:
        """Release a hold and log it; releasing it again changes nothing.

        Raises:
            Unknown: There is no such hold; nothing was changed.
        """
        draft = Draft(
            HOLD_RELEASED,
            {"hold": hold_id},
            hold_id,
            f"{HOLD_RELEASED}:{hold_id}",
            payloads={"by": by},
        )
        with self._log.store.transaction(tx) as inner:
            self._log.lock(inner)
            row = self._row(inner, hold_id)
            if row is None:
                raise Unknown(f"there is no hold `{hold_id}`", help="list them: `ombud hold`")
            if row.released_at is None:
                values = {"released_at": at, "released_by": by}
                inner.execute(update(holds).where(holds.c.id == hold_id).values(values))
            return self._log.append([draft], at=at, tx=inner)[0]

    def active(self, *, tx: Transaction | None = None) -> list[Hold]:
        """Return the holds that are not released, by when they were placed."""
        return self._select(tx, holds.c.released_at.is_(None))

    def mark(self, *, tx: Transaction | None = None) -> tuple[str, ...]:
        """Return the ids of the active holds: another where one came or went."""
        query = select(holds.c.id).where(holds.c.released_at.is_(None)).order_by(holds.c.id)
        with self._log.store.reading(tx) as inner:
            return tuple(inner.execute(query).scalars())

    def all(self, *, tx: Transaction | None = None) -> list[Hold]:
        """Return every hold, released ones too, by when they were placed."""
        return self._select(tx, None)

    def get(self, hold_id: str, *, tx: Transaction | None = None) -> Hold:
        """Return one hold.

        Raises:
            Unknown: There is no such hold.
        """
        found = self._select(tx, holds.c.id == hold_id)
        if not found:
            raise Unknown(f"there is no hold `{hold_id}`", help="list them: `ombud hold`")
        return found[0]

    def erase(self, hold_id: str, *, at: datetime, tx: Transaction | None = None) -> None:
        """Erase who and what a released hold named: persons, keys, reason and staff.

        Kind, law and dates stay, as the log has them.

        Raises:
            Unknown: There is no such hold.
            WrongUse: It is not released; nothing was changed.
        """
        with self._log.store.transaction(tx) as inner:
            self._log.lock(inner)
            if self.get(hold_id, tx=inner).released_at is None:
                raise WrongUse(f"hold `{hold_id}` is not released: release it first")
            scope = _scope_json(HoldScope())
            values = {"scope": scope, "reason": "", "by": "", "released_by": None}
            inner.execute(update(holds).where(holds.c.id == hold_id).values(values))
            for kind in (HOLD_PLACED, HOLD_RELEASED):
                entry = self._log.latest(kind, about=hold_id, tx=inner)
                if entry is not None:
                    self._log.erase_payload(entry.index, at=at, tx=inner)

    def _select(self, tx: Transaction | None, where: ColumnElement[bool] | None) -> list[Hold]:
        query = select(holds).order_by(holds.c.placed_at, holds.c.id)
        if where is not None:
            query = query.where(where)
        with self._log.store.reading(tx) as inner:
            return [_hold(row) for row in inner.execute(query)]

    def _row(self, tx: Transaction, hold_id: str) -> Row[Any] | None:
        return tx.execute(select(holds).where(holds.c.id == hold_id)).first()


def _values(hold: Hold) -> dict[str, Any]:
    return {
        "id": hold.id,
        "kind": hold.kind,
        "system": hold.scope.system,
        "table": hold.scope.table,
        "scope": _scope_json(hold.scope),
        "reason": hold.reason,
        "law": hold.law,
        "by": hold.by,
        "placed_at": hold.placed_at,
        "review_on": hold.review_on,
        "released_at": hold.released_at,
    }


def _scope_json(scope: HoldScope) -> dict[str, Any]:
    found = asdict(scope)
    for name in ("from_on", "to_on"):
        found[name] = found[name].isoformat() if found[name] else None
    return {name: value for name, value in found.items() if value and name not in _IN_COLUMNS}


def _hold(row: Row[Any]) -> Hold:
    scope = row.scope
    return Hold(
        id=row.id,
        kind=row.kind,
        scope=HoldScope(
            persons=tuple(PersonRef(**person) for person in scope.get("persons", ())),
            system=row.system,
            table=row.table,
            keys=tuple(tuple(key) for key in scope.get("keys", ())),
            clock=scope.get("clock", ""),
            from_on=_day(scope.get("from_on")),
            to_on=_day(scope.get("to_on")),
        ),
        reason=row.reason,
        law=row.law,
        by=row.by,
        placed_at=row.placed_at,
        review_on=row.review_on,
        released_at=row.released_at,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
