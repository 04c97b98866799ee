"""When did a stored time strike? Columns compared with the first moment after a day, in SQL.

A column is first compared raw, so that an index serves. Text that holds times is looked through
coarsely by how it sorts, and what is left is read. What cannot be read is never taken for a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from ombud.connectors.sql.texts import FIRST, TextTime
from ombud.connectors.sql.zones import from_utc, to_utc
from ombud.systems.live import LiveColumn
from ombud.systems.predicate import ReadsAs

Clause = ColumnElement[bool]

_TIMED = ("date", "local_timestamp", "instant")
_SLACK = timedelta(days=3)  # a text's day and the organisation's are at most two days apart


@dataclass(frozen=True)
class Asked:
    """A column that is read as a time.

    Args:
        live: What the database says of it; None where it says nothing.
    """

    x: ColumnElement[Any]
    live: LiveColumn | None
    how: ReadsAs

    @property
    def kind(self) -> str:
        """Its live type."""
        return self.live.type if self.live else "local_timestamp"

    @property
    def by_day(self) -> bool:
        """Whether only the day counts."""
        return self.how == "date" or self.kind == "date"

    @property
    def in_utc(self) -> bool:
        """Whether times without an offset are in UTC."""
        return self.how == "utc" or (self.how == "auto" and self.kind == "instant")


@dataclass(frozen=True)
class Times:
    """How the clocks of one system are read.

    Args:
        dialect: Of the database.
        zone: The organisation's, in which days are counted.
        system_zone: The one that naive times of the system are local to.
    """

    dialect: str
    zone: ZoneInfo
    system_zone: ZoneInfo

    # --- one column and a day ---------------------------------------------------------------

    def over(self, asked: Asked, day: date) -> Clause:
        """Return that the time is on a day or before; NULL or false where there is none."""
        return sa.and_(self._early(asked, day), *self._readable(asked), *self._before(asked, day))

    def later(self, asked: Asked, day: date) -> Clause:
        """Return that the time is after a day; NULL or false where there is none."""
        exact = [sa.not_(p) for p in self._before(asked, day)]
        return sa.and_(self._late(asked, day), *self._readable(asked), *exact)

    def not_over(self, asked: Asked, day: date) -> Clause:
        """Return the negation of `over`, never NULL."""
        parts = [self._early(asked, day), *self._readable(asked), *self._before(asked, day)]
        return sa.or_(asked.x.is_(None), *(sa.not_(p) for p in parts))

    def not_later(self, asked: Asked, day: date) -> Clause:
        """Return the negation of `later`, never NULL."""
        parts = [self._late(asked, day), *self._readable(asked)]
        exact = self._before(asked, day)
        return sa.or_(asked.x.is_(None), *(sa.not_(p) for p in parts), *exact)

    def empty(self, asked: Asked) -> Clause:
        """Return that it is NULL, or a zero date."""
        null = asked.x.is_(None)
        if self.dialect == "mariadb" and asked.kind in _TIMED:
            return sa.or_(null, asked.x < sa.literal_column(f"'{FIRST}'"))
        text = self.text(asked)
        return null if text is None else sa.or_(null, text.zero())

    def unreadable(self, asked: Asked) -> Clause:
        """Return that there is something and it is no time."""
        wrong = [sa.not_(p) for p in self._readable(asked)]
        return sa.and_(sa.not_(self.empty(asked)), sa.or_(sa.false(), *wrong))

    def text(self, asked: Asked) -> TextTime | None:
        """Return a column as text that may be a time; None where the database knows its times."""
        kinds = (*_TIMED, "text") if self.dialect == "sqlite" else ("text",)
        if asked.kind in kinds and asked.how != "unix_seconds":
            x = asked.x.collate("C") if self.dialect == "postgresql" else asked.x
            return TextTime(x, self.dialect)
        return None

    def _readable(self, asked: Asked) -> list[Clause]:
        """Return what must hold of a value that is a time."""
        text = self.text(asked)
        if text is not None:
            return [text.readable()]
        if asked.live is None or asked.kind not in _TIMED or self.dialect == "sqlite":
            return []
        # PostgreSQL knows days before Christ and one before all others, MariaDB days of no month.
        parts = [asked.x >= sa.literal_column(f"'{FIRST}'")]
        if self.dialect == "mariadb" and asked.kind != "instant":
            parts += [sa.func.dayofmonth(asked.x) > 0, sa.func.month(asked.x) > 0]
        return parts

    def _early(self, asked: Asked, day: date) -> Clause:
        """Return what an index can tell of times on a day or before."""
        text = self.text(asked)
        if text is None:
            return asked.x < self._bound(asked, day)
        return text.x < str(_moved(day, _SLACK))

    def _late(self, asked: Asked, day: date) -> Clause:
        """Return what an index can tell of times after a day."""
        text = self.text(asked)
        if text is None:
            return asked.x >= self._bound(asked, day)
        return text.x >= str(_moved(day, -_SLACK))

    def _before(self, asked: Asked, day: date) -> list[Clause]:
        """Return that a text is a time on a day or before, where the index cannot tell."""
        text = self.text(asked)
        if text is None:
            return []
        first, local, utc = self._moments(day)
        if asked.by_day:
            return [text.x < str(first)]
        naive = utc if asked.in_utc else local
        plain = text.x < str(first)  # a bare day sorts before any time of that day
        if naive.time() != time.min or naive.date() != first:
            plain = sa.case(
                (text.whole_day(), text.x < str(first)),
                else_=text.at() < naive.isoformat(sep=" "),
            )
        return [sa.case((text.with_offset(), text.at() < utc.isoformat(sep=" ")), else_=plain)]

    def _bound(self, asked: Asked, day: date) -> ColumnElement[Any]:
        """Return the first moment after a day as the column would have it."""
        first, local, utc = self._moments(day)
        if asked.how == "unix_seconds":
            return sa.literal(int(utc.replace(tzinfo=UTC).timestamp()))
        if asked.by_day:
            return sa.literal(first)
        if asked.kind == "instant" and self.dialect == "postgresql":
            return sa.literal(utc.replace(tzinfo=UTC), sa.DateTime(timezone=True))
        return sa.literal(utc if asked.in_utc else local, sa.DateTime())

    def _moments(self, day: date) -> tuple[date, datetime, datetime]:
        """Return the first moment after a day: (day, the system's clock, UTC), both naive."""
        first = _moved(day, timedelta(days=1))
        start = datetime.combine(first, time.min)
        if not 2 <= start.year <= 9998:  # it may leave the calendar in another zone
            return first, start, start
        aware = start.replace(tzinfo=self.zone)
        local, utc = aware.astimezone(self.system_zone), aware.astimezone(UTC)
        return first, local.replace(tzinfo=None), utc.replace(tzinfo=None)

    # --- two columns, and people on lists ---------------------------------------------------

    def not_before(self, one: Asked, other: Asked) -> Clause:
        """Return that one time is not surely before another; what cannot be read never is."""
        before = self._surely_before(one, other)
        unknown = [sa.not_(p) for p in self._readable(one)]
        known = sa.and_(sa.not_(self.empty(one)), sa.not_(self.empty(other)))
        if self.text(one) is not None:
            known = sa.and_(known, one.x != "")  # how many a program writes that nothing happened
        return sa.and_(known, sa.or_(sa.false(), *unknown, sa.not_(before)))

    def _surely_before(self, one: Asked, other: Asked) -> Clause:
        if one.by_day != other.by_day:
            return self._local_day(one) < self._local_day(other)
        a, b = self.text(one), self.text(other)
        if a is None or b is None:
            if not one.by_day and one.in_utc != other.in_utc:
                return self._utc(one) < self._utc(other)
            return one.x < other.x
        by_day = a.day() < b.day()
        if one.by_day:
            return by_day
        days = (sa.or_(a.whole_day(), b.whole_day()), by_day)
        if self.dialect != "sqlite":
            return sa.case(days, else_=a.at() < b.at())
        alike = (a.with_offset() == b.with_offset(), a.at() < b.at())
        return sa.case(days, alike, else_=self._utc(one) < self._utc(other))

    def _local_day(self, asked: Asked) -> ColumnElement[Any]:
        """Return the day of a time in the organisation's zone."""
        text, here = self.text(asked), self.system_zone.key == self.zone.key
        if text is None:
            if asked.by_day or (here and not asked.in_utc):
                return sa.cast(asked.x, sa.Date())
            return sa.cast(from_utc(self._utc(asked), self.zone, self.dialect), sa.Date())
        if asked.by_day or self.dialect != "sqlite":
            return text.day()
        written = text.whole_day()
        if here and not asked.in_utc:
            written = sa.or_(written, sa.not_(text.with_offset()))
        there = sa.func.substr(from_utc(self._utc(asked), self.zone, self.dialect), 1, 10)
        return sa.case((written, text.day()), else_=there)

    def _utc(self, asked: Asked) -> ColumnElement[Any]:
        """Return a time as naive UTC."""
        text = self.text(asked)
        x = asked.x if text is None else text.at()
        if asked.in_utc:
            aware = text is None and self.dialect == "postgresql" and asked.kind == "instant"
            return sa.func.timezone("UTC", x) if aware else x
        utc = to_utc(x, self.system_zone, self.dialect)
        return utc if text is None else sa.case((text.with_offset(), x), else_=utc)

    def begun(self, asked: Asked, people: FromClause) -> Clause:
        """Return that a time is no later than the instant on a list, or that nobody knows it."""
        unknown = [self.empty(asked), *(sa.not_(p) for p in self._readable(asked))]
        return sa.or_(*unknown, self._reached(asked, people))

    def _reached(self, asked: Asked, people: FromClause) -> Clause:
        if asked.how == "unix_seconds":
            return asked.x <= people.c.at_unix
        text = self.text(asked)
        if text is not None:
            naive = people.c.utc_text if asked.in_utc else people.c.local_text
            by_day = text.day() <= people.c.day_text
            if asked.by_day:
                return by_day
            return sa.case(
                (text.whole_day(), by_day),
                (text.with_offset(), text.at() <= people.c.utc_text),
                else_=text.at() <= naive,
            )
        if asked.by_day:
            return asked.x <= people.c.at_day
        if asked.in_utc:
            aware = asked.kind == "instant" and self.dialect == "postgresql"
            return asked.x <= (people.c.at_instant if aware else people.c.at_utc)
        return asked.x <= people.c.at_local


def _moved(day: date, by: timedelta) -> date:
    """Return a day moved within the calendar."""
    try:
        return day + by
    except OverflowError:
        return date.max if by > timedelta(0) else date.min
