"""Which text is a time, and which is earlier? ISO 8601 in text columns, and in SQLite everywhere.

A text is a day (`2024-05-01`) or a time of a day (`2024-05-01T22:00:00.5Z`), with or without an
offset. Anything else is no time and is never compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

Clause = ColumnElement[bool]

_DAY = (
    "[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    "|02-(0[1-9]|1[0-9]|2[0-8]))"
    "|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29"
)
_OFFSET = "(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])"
_TIME = f"[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?{_OFFSET}?"
_WHOLE = f"^(?!0000)({_DAY})({_TIME})?$"
_OFF = f"^(?!0000)({_DAY}){_TIME.removesuffix('?')}$"
FIRST = "0001-01-01"
_ZERO, _AFTER_ZERO = "0000-00-00", "0000-00-01"
_SORTABLE: ColumnElement[str] = sa.literal_column("'%Y-%m-%d %H:%M:%f'")


class _OnSqlite(FunctionElement[bool]):
    """A condition on one text that SQLite is asked often: written at once, not piece by piece.

    Every clock is asked it in every question, and of a question on a small table the writing is
    what takes time.
    """

    type = sa.Boolean()
    inherit_cache = True
    written: str


class _Readable(_OnSqlite):
    """That a text is a time; 30 February is another day once it was a number."""

    inherit_cache = True
    written = (
        "({x} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-*'"
        f" AND {{x}} >= '{FIRST}'"
        " AND date(julianday(substr({x}, 1, 10))) = substr({x}, 1, 10)"
        " AND datetime({x}) IS NOT NULL)"
    )


class _WithOffset(_OnSqlite):
    """That a text says how far from UTC it is."""

    inherit_cache = True
    written = "({x} GLOB '*Z' OR {x} GLOB '*[-+][0-9][0-9]:[0-9][0-9]')"


@compiles(_OnSqlite)
def _write(condition: _OnSqlite, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401
    return condition.written.format(x=compiler.process(condition.clauses, **kw))


@dataclass(frozen=True)
class TextTime:
    """A text that may be a time.

    Args:
        x: The text.
        dialect: Of the database.
    """

    x: ColumnElement[Any]
    dialect: str

    def zero(self) -> Clause:
        """Return that it is a zero date, which means nothing."""
        return sa.and_(self.x >= _ZERO, self.x < _AFTER_ZERO)

    def readable(self) -> Clause:
        """Return that it is a time; NULL for NULL."""
        if self.dialect == "sqlite":
            return _Readable(self.x)
        return sa.and_(self.x.regexp_match(_WHOLE), self.x >= FIRST)

    def whole_day(self) -> Clause:
        """Return that it is a day without a time."""
        return sa.func.length(self.x) == 10

    def with_offset(self) -> Clause:
        """Return that it says how far from UTC it is."""
        if self.dialect == "sqlite":
            return _WithOffset(self.x)
        return self.x.regexp_match(_OFF)

    def at(self) -> ColumnElement[Any]:
        """Return it as sortable text with seconds, in UTC where it has an offset and else as is."""
        if self.dialect == "sqlite":
            return sa.func.strftime(_SORTABLE, self.x)
        naive = self._naive()
        if self.dialect == "postgresql":
            moment = sa.cast(self.x, sa.DateTime(timezone=True))
            utc: ColumnElement[Any] = sa.func.to_char(moment, "YYYY-MM-DD HH24:MI:SS.MS")
        else:
            told = sa.func.regexp_replace(self.x, "^.*([+-][0-9]{2}):?([0-9]{2})$", "\\1:\\2")
            offset = sa.case((self.x.regexp_match("Z$"), "+00:00"), else_=told)
            moved = sa.func.convert_tz(sa.cast(naive, mysql.DATETIME(fsp=3)), offset, "+00:00")
            utc = sa.cast(moved, mysql.CHAR(charset="utf8mb4"))
        return sa.case((self.with_offset(), utc), else_=naive)

    def day(self) -> ColumnElement[Any]:
        """Return its day, as written."""
        return sa.func.substr(self.x, 1, 10)

    def _naive(self) -> ColumnElement[Any]:
        """Return it without an offset, with a blank before its time and with its seconds."""
        bare = sa.func.regexp_replace(self.x, f"(:[0-9.:]*){_OFFSET}$", "\\1")
        spaced = sa.func.replace(bare, "T", " ")
        return sa.case((sa.func.length(spaced) == 16, spaced.concat(":00")), else_=spaced)
