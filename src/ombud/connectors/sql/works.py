"""Where does a session keep what it found? One work table per table of the map, in the session.

A work table holds the key of every row in which some field is dead, with a flag per field class.
It is a temporary table: it goes with the connection, and nobody else can see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause, NamedFromClause

from ombud.connectors.sql.compile import Compiler
from ombud.connectors.sql.keys import untyped
from ombud.connectors.sql.once import one
from ombud.connectors.sql.rides import Ride
from ombud.connectors.sql.rows import Row, some
from ombud.connectors.sql.temporary import drop
from ombud.plan.ground import SystemGrounds, TableGrounds
from ombud.systems.connector import Key, Piece, Selection

Clause = ColumnElement[bool]

_CLOSE = 4
"""Rows that are read on the way to each one of a piece, sooner than that is looked up."""

_PREFIX = 191  # characters of a text that MariaDB indexes in any character set


@dataclass(frozen=True)
class Work:
    """The work table of one table of the map.

    Columns: `k0..` the key; `n` the row's number in their order; `x0..` columns that children refer
    to, beside the key; per class `d` dead, `w` already blank, `v` for review; per rule `r` and cap
    `c` membership; `e`: erase; `s`: still due, as the batch that runs has found.
    """

    grounds: TableGrounds
    table: NamedFromClause
    keys: tuple[str, ...]
    extra: tuple[str, ...]

    @property
    def id(self) -> str:
        """Table id of the map."""
        return self.grounds.table.id

    @property
    def key_columns(self) -> list[ColumnElement[Any]]:
        """The columns that hold the key, in its order."""
        return [self.table.c[f"k{i}"] for i in range(len(self.keys))]

    def flag(self, kind: str, number: int) -> ColumnElement[Any]:
        """Return a flag column, 0 or 1."""
        return self.table.c[f"{kind}{number}"]

    def stored(self, column: str) -> ColumnElement[Any]:
        """Return the work column that holds a key or referred column of the row."""
        if column in self.keys:
            return self.key_columns[self.keys.index(column)]
        return self.table.c[f"x{self.extra.index(column)}"]


@dataclass
class Works:
    """The work tables of one session, as the last survey left them.

    Args:
        connection: Its temporary tables are the work tables; each statement is its own
            transaction.
        grounds: As they are now; a work table has those of its survey.
        tables: By table id.
        rides: What went with its owner when the survey was made, by table id.
    """

    connection: sa.Connection
    compiler: Compiler
    grounds: SystemGrounds
    tables: dict[str, Work] = field(default_factory=dict)
    rides: dict[str, Ride] = field(default_factory=dict)
    _built: int = 0
    _sizes: dict[str, int] = field(default_factory=dict)
    _whole: dict[Selection, int] = field(default_factory=dict)

    # --- making -------------------------------------------------------------------------------

    def clear(self) -> None:
        """Forget the last survey."""
        for stale in self.tables.values():
            with self.connection.begin():
                drop(self.connection, stale.table.description)
        self.tables, self.rides, self._sizes, self._whole = {}, {}, {}, {}

    def create(self, select: sa.Select[Any], row: Row, referred: int) -> NamedFromClause:
        """Make a work table, numbered and with its indexes, in one transaction; return it."""
        self._built += 1
        name = f"ombud_work_{self._built}"
        keys_in_order = [_unnamed(c) for c in select.selected_columns if c.name[0] == "k"]
        number = sa.func.row_number().over(order_by=keys_in_order).label("n")
        select = select.add_columns(number, sa.literal_column("0").label("s"))
        with self.connection.begin():
            made = self.connection.execute(sa.CreateTableAs(select, name, temporary=True))
            self._sizes[name] = made.rowcount  # SQLite does not say
            self._index(name, ", ".join(self._indexed(row)), referred)
        return sa.table(name, *(sa.column(c.name) for c in select.selected_columns))

    def _index(self, name: str, keys: str, referred: int) -> None:
        """Make the indexes of a work table."""
        indexes = {"key": keys, "n": "n"} | {f"x{i}": f"x{i}" for i in range(referred)}
        if self.compiler.live.dialect == "mariadb":  # which copies the table for each statement
            added = ", ".join(f"ADD INDEX {name}_{each} ({said})" for each, said in indexes.items())
            self.connection.exec_driver_sql(f"ALTER TABLE {name} {added}")
            return
        for each, said in indexes.items():
            # PostgreSQL takes rows in their order only where it knows that each stands there once.
            unique = each == "key" and self.compiler.live.dialect == "postgresql"
            kind = "UNIQUE INDEX" if unique else "INDEX"
            self.connection.exec_driver_sql(f"CREATE {kind} {name}_{each} ON {name} ({said})")
        if self.compiler.live.dialect == "postgresql":
            self.connection.exec_driver_sql(f"ANALYZE {name}")

    def _indexed(self, row: Row) -> list[str]:
        """Return the key columns of a work table as an index names them."""
        names = self.grounds.system.tables[row.table].key
        found = []
        for i, name in enumerate(names):
            live = self.compiler.live_column(row, name)
            short = live.length_max is not None and live.length_max <= _PREFIX
            long = live.type in ("text", "binary") and not short
            # MariaDB indexes a long text by its beginning only.
            prefix = f"({_PREFIX})" if long and self.compiler.live.dialect == "mariadb" else ""
            found.append(f"k{i}{prefix}")
        return found

    # --- reading ------------------------------------------------------------------------------

    def to_anchor(self, row: Row, ride: Ride, anchor: Work) -> FromClause:
        """Return a row joined to a work table of its owner."""
        source, same = self.below(row, ride, anchor)
        joined: FromClause = source.join(anchor.table, same)
        return joined

    def below(self, row: Row, ride: Ride, anchor: Work) -> tuple[Any, Clause]:
        """Return a row joined to what is between it and its owner, and that this is its owner."""
        source: Any = row.source
        at = row
        for hop in ride.hops[:-1]:
            nxt = self.compiler.fresh(self.compiler.target(hop, at.table))
            source = source.join(nxt.source, self.compiler.joined(hop, at, nxt))
            at = nxt
        link = self.grounds.system.links[ride.hops[-1].link]
        same = [at.column(c) == anchor.stored(p) for c, p in link.columns]
        return source, sa.and_(*same)

    def member_of(self, work: Work, rule: str) -> ColumnElement[Any] | None:
        """Return the flag that a row of a work table is due under a rule; None: none can be."""
        rules = list(work.grounds.rules)
        return work.flag("r", rules.index(rule)) if rule in rules else None

    def blanked(self, work: Work, i: int) -> Clause:
        """Return that a class of a work row that stays is dead and not yet blank."""
        if not work.grounds.classes[i].columns:
            return sa.false()
        return sa.and_(
            work.table.c.e == 0,
            work.flag("d", i) == 1,
            work.flag("w", i) == 0,
            work.flag("v", i) == 0,
        )

    def chosen(self, selection: Selection) -> Clause:
        """Return which rows of the work table a selection is."""
        work = self.tables[selection.table]
        if selection.action == "erase":
            return work.table.c.e == 1
        if selection.action == "task":
            return work.flag("v", selection.classes[0]) == 1
        wanted = [
            self.blanked(work, i) if i in selection.classes else sa.not_(self.blanked(work, i))
            for i in range(len(work.grounds.classes))
        ]
        return sa.and_(*wanted)

    def note_count(self, selection: Selection, count: int) -> None:
        """Take note of how many rows a selection was counted to have."""
        if count == self._sizes[self.tables[selection.table].table.description]:
            self._whole[selection] = count

    def piece(self, selection: Selection, after: int, rows: int) -> Piece | None:
        """Return the next rows of a selection by their numbers; None: there are no more."""
        if (whole := self._whole.get(selection)) is not None:  # then numbers count them, too
            upto = min(after + rows, whole)
            return Piece(after, upto, upto - after) if after < whole else None
        number = self.tables[selection.table].table.c.n
        ahead = sa.and_(self.chosen(selection), number > after)
        last = sa.select(number).where(ahead).order_by(number).limit(1).offset(rows - 1)
        if found := self.rows(last):
            return Piece(after, int(found[0][0]), rows)
        rest: list[Any] = [sa.func.count(), sa.func.max(number)]
        [(count, upto)] = map(tuple, self.rows(sa.select(*rest).where(ahead)))
        return Piece(after, int(upto), int(count)) if count else None

    def part(self, selection: Selection, piece: Piece) -> Clause:
        """Return which rows of the work table a piece of a selection is."""
        number = self.tables[selection.table].table.c.n
        return sa.and_(self.chosen(selection), number > piece.after, number <= piece.upto)

    def within(
        self, row: Row, selection: Selection, piece: Piece, *, still: bool = False
    ) -> Clause:
        """Return that a row of the selection's table is one of a piece.

        On MariaDB it is a join, for it would look through a whole table for rows of a subquery:
        the statement then names the work table, too.

        Args:
            still: And that `mark` has found it still due.
        """
        work = self.tables[selection.table]
        part = self.part(selection, piece)
        if still:
            part = sa.and_(part, work.table.c.s == 1)
        ours, same = self.compiler.keys(row), self.compiler.same_key(row, work.table)
        if self.compiler.live.dialect == "mariadb":
            return sa.and_(part, same)
        if len(ours) == 1:
            return ours[0].in_(sa.select(work.table.c.k0).where(part))
        return some([work.table], part, same)

    def span(self, row: Row, selection: Selection, piece: Piece) -> tuple[Clause, ...]:
        """Return between which keys a piece lies, if its rows lie close there; else nothing.

        PostgreSQL then reads from the first to the last, where looking each up costs more. How many
        rows can lie between two keys, only whole numbers tell.
        """
        work = self.tables[selection.table]
        live = self.compiler.live_column(row, work.keys[0])
        if self.compiler.live.dialect != "postgresql" or work.keys[1:] or live.type != "integer":
            return ()
        key, number = work.table.c.k0, work.table.c.n
        ahead = sa.select(key).where(number > piece.after).order_by(number).limit(1)
        behind = sa.select(key).where(number <= piece.upto).order_by(number.desc()).limit(1)
        ends = sa.select(ahead.scalar_subquery(), behind.scalar_subquery())
        [(first, last)] = map(tuple, self.rows(ends))
        if first is None or last is None or last - first >= _CLOSE * piece.rows:
            return ()
        return (row.column(work.keys[0]).between(first, last),)

    def there(self, selection: Selection, row: Row, *where: Clause) -> Clause:
        """Return that a row of the work table is in its own table, and fulfils conditions there.

        It is looked up by its key, and stands alone there: names in expressions of the map are
        bare.
        """
        work = self.tables[selection.table]
        return some([row.source], self.compiler.same_key(row, work.table), *where)

    def mark(self, row: Row, selection: Selection, piece: Piece, due: Sequence[Clause]) -> None:
        """Keep, in the transaction that runs, which rows of a piece are still due."""
        work = self.tables[selection.table].table
        values = {"s": one(self.there(selection, row, *due))}
        marked = sa.update(work).where(self.part(selection, piece)).values(values)  # type: ignore[arg-type]
        self.connection.execute(marked)

    def keys(self, selection: Selection, piece: Piece) -> list[Key]:
        """Return the keys of a piece, in their order."""
        work = self.tables[selection.table]
        asked: sa.Select[Any] = sa.select(*map(untyped, work.key_columns))
        asked = asked.where(self.part(selection, piece)).order_by(work.table.c.n)
        return [tuple(found) for found in self.rows(asked)]

    def found(self, selection: Selection) -> tuple[Row, FromClause, Clause]:
        """Return the rows of a selection in their own table: (row, joined source, condition)."""
        row = self.compiler.row(selection.table)
        if selection.with_owner:
            ride = self.rides[selection.table]
            return (
                row,
                self.to_anchor(row, ride, self.tables[ride.anchor]),
                self.tables[ride.anchor].table.c.e == 1,
            )
        work = self.tables[selection.table]
        joined: Any = row.source
        joined = joined.join(work.table, self.compiler.same_key(row, work.table))
        return row, joined, self.chosen(selection)

    def nameless(self, selection: Selection) -> int:
        """Return how many rows cannot be named, for SQLite lets a part of a key be NULL.

        They are counted and never changed, so that nothing is proved of them.
        """
        if self.compiler.live.dialect != "sqlite":
            return 0
        work = self.tables[selection.table]
        null = sa.or_(*(key.is_(None) for key in work.key_columns))
        select = sa.select(sa.func.count()).select_from(work.table)
        return int(self.rows(select.where(self.chosen(selection), null))[0][0])

    def rows(self, select: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
        """Return the rows of a question, asked in a transaction of its own."""
        with self.connection.begin():
            return self.connection.execute(select).all()


def _unnamed(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return what a column is without the name it is given in this select."""
    return column.element if isinstance(column, sa.Label) else column
