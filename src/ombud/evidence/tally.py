"""How many rows has a step changed, in all runs of it? Kept by batch, until the log says it.

A batch commits in the organisation's database, and its count in Ombud's own: a crash can come in
between. So a batch is announced before it begins. Announcing, changing and counting happen under
the system's lock: whoever holds it and finds a batch announced and not counted knows that it was
cut off, and that nobody can tell whether it had committed. Its rows are in doubt, and said to be.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, delete, select, text, update

from ombud.evidence._tables import step_tally
from ombud.evidence.entry import Entry
from ombud.evidence.log import Log
from ombud.evidence.said import BEGAN, DONE, Counts, StepDone, once_of
from ombud.store import Transaction

_BEGIN: Final = (
    "INSERT INTO step_tally (plan, step, system, erased, blanked, in_doubt, told_erased,"
    " told_blanked, told_in_doubt, in_flight, along)"
    " VALUES (:plan, :step, :system, 0, 0, 0, 0, 0, 0, :in_flight, :along)"
    " ON CONFLICT (plan, step) DO UPDATE SET"
)
_ANNOUNCE: Final = text(
    f"{_BEGIN} in_doubt = step_tally.in_doubt + step_tally.in_flight,"
    " in_flight = excluded.in_flight"
)
_COUNT: Final = text(
    "UPDATE step_tally SET erased = erased + :erased, blanked = blanked + :blanked, in_flight = 0"
    " WHERE plan = :plan AND step = :step"
)
_ANNOUNCE_ALONG: Final = text(
    f"{_BEGIN} in_doubt = step_tally.in_doubt"
    " + CASE WHEN step_tally.along > excluded.along"
    " THEN step_tally.along - excluded.along ELSE 0 END, along = excluded.along"
)


class Tally:
    """Counts what the steps of plans change. Call it under the lock of the step's system."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def announce(self, plan: str, step: str, system: str, rows: int) -> None:
        """Keep that a batch of so many rows begins; one announced before and not counted is lost.

        Raises:
            Stopped: The database did not take it; the batch must not begin.
        """
        row = {"plan": plan, "step": step, "system": system, "in_flight": rows, "along": 0}
        with self._log.store.transaction() as tx:
            tx.execute(_ANNOUNCE, row)

    def count(self, plan: str, step: str, *, erased: int = 0, blanked: int = 0) -> None:
        """Keep what the batch that was announced has changed.

        Raises:
            Stopped: The database did not take it; the batch's rows are in doubt.
        """
        row = {"plan": plan, "step": step, "erased": erased, "blanked": blanked}
        with self._log.store.transaction() as tx:
            tx.execute(_COUNT, row)

    def announce_along(self, plan: str, step: str, system: str, rows: int) -> None:
        """Keep how many rows are to go along with their owners'.

        Where an earlier run of the same plan was cut off before it counted them, those that are
        not to go any more may be gone or may be kept, by a hold that came in between: they are in
        doubt.
        """
        row = {"plan": plan, "step": step, "system": system, "in_flight": 0, "along": rows}
        with self._log.store.transaction() as tx:
            tx.execute(_ANNOUNCE_ALONG, row)

    def count_along(self, plan: str, step: str, *, present: int) -> None:
        """Keep how many rows have gone along, of those announced, when so many are there yet.

        Of two runs that meet, the first to ask counts them for both.
        """
        column, where = step_tally.c, _of(plan, step)
        with self._log.store.transaction() as tx:
            self._log.lock(tx)
            along = tx.execute(select(column.along).where(where)).scalar() or 0
            gone = max(0, along - present)
            values = {"erased": column.erased + gone, "along": 0}
            tx.execute(update(step_tally).where(where).values(values))

    def prove(self, plan: str, step: str, *, at: datetime) -> Entry:
        """Log that a step is done, with what every run of it has changed; once, whoever says it.

        Raises:
            Stopped: The database did not take it; the step is not done.
        """
        where = _of(plan, step)
        with self._log.store.transaction() as tx:
            self._log.lock(tx)
            row = tx.execute(select(step_tally).where(where)).first()
            changed, told = _counts(row, along=True)
            once = once_of(DONE, plan, step)
            done = self._said(plan, step, changed, earlier=told, tx=tx, remaining=0)
            before = self._log.head(tx=tx).size
            [entry] = self._log.append([done.draft(once=once)], at=at, tx=tx)
            if entry.index < before and changed - told:  # another run has proved it meanwhile
                self._tell(plan, step, changed - told, at, tx)
            tx.execute(delete(step_tally).where(where))
            return entry

    def tell(self, system: str, *, at: datetime, running: str | None = None) -> None:
        """Log what steps of a system have changed that are not done, and that no entry says yet.

        Args:
            running: Digest of the plan that runs now: what goes along with its rows is counted at
                its end. Of any other plan nobody will count it, so that is in doubt. None: it is
                not known what runs.

        Raises:
            Stopped: The database did not take it; it is told another time.
        """
        column = step_tally.c
        query = select(step_tally).where(column.system == system)
        with self._log.store.transaction() as tx:
            self._log.lock(tx)
            for row in tx.execute(query.order_by(column.plan, column.step)).all():
                over = running not in (None, row.plan)
                changed, told = _counts(row, along=over)
                if changed - told:
                    self._tell(row.plan, row.step, changed - told, at, tx)
                values = {
                    "in_doubt": changed.in_doubt,
                    "told_erased": changed.erased,
                    "told_blanked": changed.blanked,
                    "told_in_doubt": changed.in_doubt,
                    "in_flight": 0,
                    "along": 0 if over else row.along,
                }
                tx.execute(update(step_tally).where(_of(row.plan, row.step)).values(values))

    def _tell(self, plan: str, step: str, new: Counts, at: datetime, tx: Transaction) -> None:
        said = self._said(plan, step, new, tx=tx, partly=True)
        self._log.append([said.draft()], at=at, tx=tx)

    def _said(
        self,
        plan: str,
        step: str,
        changed: Counts,
        *,
        tx: Transaction,
        earlier: Counts | None = None,
        partly: bool = False,
        **facts: int,
    ) -> StepDone:
        """Return an entry about a step, with what the one says by which it began."""
        body: dict[str, Any] = dict(self._log.once(once_of(BEGAN, plan, step), tx=tx).body)
        system, table, action = (body.pop(name) for name in ("system", "table", "action"))
        rules, caps = tuple(body.pop("rules")), tuple(body.pop("caps"))
        return StepDone(
            system,
            table,
            action,
            changed,
            rules,
            caps,
            {**body, **facts},
            earlier or Counts(),
            partly,
        )


def _of(plan: str, step: str) -> ColumnElement[bool]:
    """Return which row of the table is a step's."""
    return (step_tally.c.plan == plan) & (step_tally.c.step == step)


def _counts(row: Row[Any] | None, *, along: bool = False) -> tuple[Counts, Counts]:
    """Return what a step has changed, and how much of it the log says.

    Args:
        along: What was to go along with its owners is in doubt, too.
    """
    if row is None:
        return Counts(), Counts()
    in_doubt = row.in_doubt + row.in_flight + (row.along if along else 0)
    changed = Counts(row.erased, row.blanked, in_doubt)
    return changed, Counts(row.told_erased, row.told_blanked, row.told_in_doubt)
