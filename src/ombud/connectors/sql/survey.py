"""Which rows are due? One work table per table of the map, in the session and nowhere else.

A work table holds the key of every row in which some field is dead, with a flag per field class.
It is a temporary table: it goes with the connection, and nobody else can see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from ombud.connectors.sql.apart import changed_by
from ombud.connectors.sql.blank import is_blank
from ombud.connectors.sql.compile import Compiler, Row
from ombud.connectors.sql.links import holds_parent
from ombud.connectors.sql.rides import Ride, rides_of, without_owner
from ombud.connectors.sql.temporary import drop
from ombud.plan.ground import FieldClass, SystemGrounds, TableGrounds
from ombud.systems.connector import Action, Counted, Selection
from ombud.systems.model import Link, System, Table
from ombud.systems.predicate import FALSE, Exists, Hop, Or, Predicate, none_of

Clause = ColumnElement[bool]

_PREFIX = 191  # characters of a text that MariaDB indexes in any character set


@dataclass(frozen=True)
class Work:
    """The work table of one table of the map.

    Columns: `k0..` the key; `x0..` columns that children refer to, beside the key; per class
    `d` dead, `w` already blank, `v` for review; per rule `r` and cap `c` membership; `e`: erase.
    """

    grounds: TableGrounds
    table: sa.TableClause
    keys: tuple[str, ...]
    extra: tuple[str, ...]

    @property
    def id(self) -> str:
        """Table id of the map."""
        return self.grounds.table.id

    def flag(self, kind: str, number: int) -> ColumnElement[Any]:
        """Return a flag column, 0 or 1."""
        return self.table.c[f"{kind}{number}"]

    def stored(self, column: str) -> ColumnElement[Any]:
        """Return the work column that holds a key or referred column of the row."""
        if column in self.keys:
            return self.table.c[f"k{self.keys.index(column)}"]
        return self.table.c[f"x{self.extra.index(column)}"]


@dataclass
class Surveyor:
    """Builds and reads work tables in one session.

    Args:
        connection: Its temporary tables are the work tables; each statement is its own
            transaction.
    """

    connection: sa.Connection
    compiler: Compiler
    grounds: SystemGrounds
    works: dict[str, Work] = field(default_factory=dict)
    rides: dict[str, Ride] = field(default_factory=dict)
    _built: int = 0

    def build(self, candidates: Mapping[str, FromClause | None] | None = None) -> None:
        """Build the work table of every table, and decide which rows go.

        Args:
            candidates: Table id to a table of keys `k0..`, only these rows are looked at; a table
                id without one: every row. None: every row of every table.
        """
        for stale in self.works.values():
            with self.connection.begin():
                drop(self.connection, stale.table.description)
        self.works = {}
        order = erasing_order(self.grounds.system)
        self.rides = rides_of(self.grounds, self.compiler.live, order)
        for tg in self.grounds.tables.values():
            if tg.classes and tg.table.id not in self.rides:
                only = candidates.get(tg.table.id) if candidates else None
                self.works[tg.table.id] = self._build(tg, only)
        for group in order:
            self._keep_parents(group)
        for ride in self.rides.values():
            self.works[ride.table] = self._build_riding(ride)

    def steps(self) -> Iterator[Counted]:
        """Yield what is to be done, with exact counts: children before parents."""
        for group in erasing_order(self.grounds.system):
            for table_id in group:
                if table_id in self.works:
                    yield from self._steps(self.works[table_id])
            for ride in self.rides.values():
                if ride.anchor in group:
                    yield from self._with_owner(ride)

    # --- building -----------------------------------------------------------------------------

    def _build(self, tg: TableGrounds, only: FromClause | None) -> Work:
        """Make a work table: keys, flags per class, membership, and whether the row is erased."""
        row = self.compiler.row(tg.table.id)
        referred = _referred(self.grounds.system, tg.table)
        minimal = _minimal(tg.classes)
        columns: list[ColumnElement[Any]] = [
            k.label(f"k{i}") for i, k in enumerate(self.compiler.keys(row))
        ]
        columns += [row.column(c).label(f"x{i}") for i, c in enumerate(referred)]
        for i, each in enumerate(tg.classes):
            columns += self._class_flags(tg, row, i, each, surely=minimal == [i])
        for kind, asked in (("r", tg.rules), ("c", tg.caps)):
            columns += [
                _bit(self.compiler.where(p, row), f"{kind}{i}")
                for i, p in enumerate(asked.values())
            ]
        chosen = sa.select(*columns).select_from(row.source)
        if only is not None:
            chosen = chosen.join(only, self._same_key(row, only))
        wanted = [none_of(tg.classes[i].whole) for i in minimal]
        inner = chosen.where(self._candidates(row, wanted)).subquery()
        n = range(len(tg.classes) if tg.table.when_due == "erase" else 0)
        gone = [inner.c[f"d{i}"] == 1 for i in n] + [inner.c[f"v{i}"] == 0 for i in n]
        erased = _bit(sa.and_(*gone) if gone else sa.false(), "e")
        name = self.create(sa.select(*inner.c, erased), row, len(referred))
        table = sa.table(name, *(sa.column(c) for c in [*inner.c.keys(), "e"]))
        return Work(tg, table, tg.table.key, referred)

    def _build_riding(self, ride: Ride) -> Work:
        """Make the work table of rows that go though the owner's row stays."""
        tg = self.grounds.tables[ride.table]
        row, anchor = self.compiler.row(ride.table), self.works[ride.anchor]
        columns: list[ColumnElement[Any]] = [
            k.label(f"k{i}") for i, k in enumerate(self.compiler.keys(row))
        ]
        for name, value in (("d0", "1"), ("w0", "0"), ("v0", "0")):
            columns.append(sa.literal_column(value).label(name))
        for i, rule in enumerate(tg.rules):
            columns.append(self._member_of(anchor, rule).label(f"r{i}"))
        columns.append(sa.literal_column("1").label("e"))
        chosen = sa.select(*columns).select_from(self.to_anchor(row, ride, self.works[ride.anchor]))
        stays = sa.and_(anchor.flag("d", ride.number) == 1, anchor.table.c.e == 0)
        name = self.create(chosen.where(stays), row, 0)
        table = sa.table(name, *(sa.column(c.name) for c in columns))
        return Work(tg, table, tg.table.key, ())

    def _with_owner(self, ride: Ride) -> Iterator[Counted]:
        """Yield the rows that go with their owner, counted from its work table."""
        tg, anchor = self.grounds.tables[ride.table], self.works[ride.anchor]
        row = self.compiler.row(ride.table)
        members = [self._member_of(anchor, rule) for rule in tg.rules]
        select = sa.select(*_sums(members)).select_from(self.to_anchor(row, ride, anchor))
        values = self._rows(select.where(anchor.table.c.e == 1))[0]
        count, without_rule, *numbers = (int(n or 0) for n in values)
        if count:
            rules = {r: n for r, n in zip(tg.rules, numbers, strict=True) if n}
            selection = Selection(ride.table, "erase", (0,), (), ride.anchor)
            yield Counted(selection, count, rules, without_rule=without_rule)

    def to_anchor(self, row: Row, ride: Ride, anchor: Work) -> FromClause:
        """Return a row joined to a work table of its owner."""
        source: Any = row.source
        at = row
        for hop in ride.hops[:-1]:
            nxt = self.compiler.fresh(self.compiler.target(hop, at.table))
            source = source.join(nxt.source, self.compiler.joined(hop, at, nxt))
            at = nxt
        link = self.grounds.system.links[ride.hops[-1].link]
        same = [at.column(c) == anchor.stored(p) for c, p in link.columns]
        joined: FromClause = source.join(anchor.table, sa.and_(*same))
        return joined

    def _member_of(self, work: Work, rule: str) -> ColumnElement[Any]:
        rules = list(work.grounds.rules)
        return work.flag("r", rules.index(rule)) if rule in rules else sa.literal_column("0")

    def _class_flags(
        self, tg: TableGrounds, row: Row, i: int, each: FieldClass, *, surely: bool
    ) -> list[ColumnElement[Any]]:
        """Return the flags of a class: dead, already blank, for a person to look at.

        Args:
            surely: Every row of the work table is there because this class is dead.
        """
        where = self.compiler.where
        surely = surely and each.whole == each.living
        dead = sa.true() if surely else where(none_of(each.living), row)
        blanks = [is_blank(self.compiler, row, tg.table.columns[c]) for c in each.columns]
        blank = sa.and_(sa.true(), *blanks)
        looked_at: list[Clause] = []
        if each.whole != each.living:
            looked_at.append(sa.and_(where(each.living, row), where(none_of(each.whole), row)))
        if each.reviewed:
            looked_at.append(sa.and_(dead, where(each.undecided, row)))
        review = (
            sa.and_(sa.or_(sa.false(), *looked_at), sa.not_(blank)) if looked_at else sa.false()
        )
        return [_bit(dead, f"d{i}"), _bit(blank, f"w{i}"), _bit(review, f"v{i}")]

    def _candidates(self, row: Row, wanted: Sequence[Predicate]) -> Clause:
        """Return that one of several fields is dead; one branch each, never an OR of subqueries."""
        if len(wanted) == 1:
            return self.compiler.where(wanted[0], row)
        branches = []
        for predicate in wanted:
            inner = self.compiler.fresh(row.table)
            keys = [k.label(f"k{i}") for i, k in enumerate(self.compiler.keys(inner))]
            where = self.compiler.where(predicate, inner)
            branches.append(sa.select(*keys).select_from(inner.source).where(where))
        found = sa.union(*branches)
        # SQLite reads less deep brackets there.
        union = found.cte() if self.compiler.live.dialect == "sqlite" else found.subquery()
        ours = self.compiler.keys(row)
        if len(ours) == 1:
            return ours[0].in_(sa.select(union.c.k0))
        same = [k == union.c[f"k{i}"] for i, k in enumerate(ours)]
        return sa.select(sa.literal_column("1")).select_from(union).where(*same).exists()

    def _same_key(self, row: Row, other: FromClause) -> Clause:
        keys = self.compiler.keys(row)
        return sa.and_(*(k == other.c[f"k{i}"] for i, k in enumerate(keys)))

    def create(self, select: sa.Select[Any], row: Row, referred: int) -> str:
        """Make a work table with its indexes in one transaction; return its name."""
        self._built += 1
        name = f"ombud_work_{self._built}"
        with self.connection.begin():
            self.connection.execute(sa.CreateTableAs(select, name, temporary=True))
            keys = ", ".join(self._indexed(row))
            self.connection.exec_driver_sql(f"CREATE INDEX {name}_key ON {name} ({keys})")
            for i in range(referred):
                self.connection.exec_driver_sql(f"CREATE INDEX {name}_x{i} ON {name} (x{i})")
            if self.compiler.live.dialect == "postgresql":
                self.connection.exec_driver_sql(f"ANALYZE {name}")
        return name

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

    def _run(self, statement: sa.Executable) -> int:
        with self.connection.begin():
            return changed_by(self.connection, statement)

    # --- rows that stay because another row refers to them --------------------------------------

    def _keep_parents(self, group: tuple[str, ...]) -> None:
        """Take rows out of erasing that a kept row refers to, until nothing changes."""
        links = [
            link
            for link in self.grounds.system.links.values()
            if link.parent in group and link.parent in self.works and self._holds(link)
        ]
        inside = [link for link in links if link.child in group]
        for link in links:
            rides = link.child in self.rides
            if link not in inside and not rides and not self._follows_wholly(link):
                self._keep_parent(link)
        while inside and any([self._keep_parent(link) for link in inside]):
            pass

    def _holds(self, link: Link) -> bool:
        return holds_parent(link, self.grounds.system, self.compiler.live)

    def _keep_parent(self, link: Link) -> bool:
        """Keep the parents of kept children over one link; return whether any was kept."""
        parent = self.works[link.parent]
        child = self.compiler.fresh(link.child)
        refers = [child.column(c) == parent.stored(p) for c, p in link.columns]
        refers += [child.column(c) == self.compiler.scalar(child, c, v) for c, v in link.when]
        refers += self._other_row(link, child, parent)
        going, copy = self._going(link.child, copied=link.child == link.parent)
        sources: list[FromClause] = [child.source]
        kept: list[Clause] = []
        if going is not None:
            same = sa.and_(
                *(k == going.c[f"k{i}"] for i, k in enumerate(self.compiler.keys(child))),
                going.c.e == 1,
            )
            inner: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(going).where(same)
            kept.append(sa.not_(inner.correlate_except(going).exists()))
        found = (
            sa.select(sa.literal_column("1"))
            .select_from(*sources)
            .where(*refers, *kept)
            .correlate_except(*sources)
            .exists()
        )
        changed = self._run(sa.update(parent.table).where(parent.table.c.e == 1, found).values(e=0))
        if copy:
            with self.connection.begin():
                drop(self.connection, copy)
        return changed > 0

    def _other_row(self, link: Link, child: Row, parent: Work) -> list[Clause]:
        """Return that a child is not the parent row itself: a row does not keep itself."""
        if link.child != link.parent:
            return []
        keys = self.compiler.keys(child)
        same = sa.and_(*(k == parent.table.c[f"k{i}"] for i, k in enumerate(keys)))
        return [sa.not_(same)]

    def _going(self, table_id: str, *, copied: bool) -> tuple[FromClause | None, str]:
        """Return the work table of a child, and the name of a copy.

        Where one statement would read it twice, MariaDB needs a copy.
        """
        work = self.works.get(table_id)
        if work is None or not copied or self.compiler.live.dialect != "mariadb":
            return (work.table.alias() if work is not None else None), ""
        columns = [work.table.c[f"k{i}"] for i in range(len(work.keys))]
        gone = sa.select(*columns, work.table.c.e).where(work.table.c.e == 1)
        name = self.create(gone, self.compiler.row(table_id), 0)
        return sa.table(name, *(sa.column(c.name) for c in columns), sa.column("e")), name

    def _follows_wholly(self, link: Link) -> bool:
        """Return whether no child row stays where its parent's fields are dead.

        The child's fields all live by grounds that the parent's fields have too, and what could
        hold the child as a skeleton follows it in the same way.
        """
        if link.child not in self.works or link.when or link.child == link.parent:
            return False
        child, parent = self.grounds.tables[link.child], self.grounds.tables[link.parent]
        if child.table.when_due == "statistics":
            return False
        theirs = {d for c in parent.classes for d in _disjuncts(c.living)}
        up = (Hop(link.id, "parent"),)
        alike = all(
            without_owner(d, up)
            or (isinstance(d, Exists) and d.hops == up and set(_disjuncts(d.where)) <= theirs)
            for c in child.classes
            for d in _disjuncts(c.living)
        ) and not any(c.reviewed or c.whole != c.living for c in child.classes)
        below = [k for k in self.grounds.system.links.values() if k.parent == link.child]
        return alike and all(
            k.child != link.parent and (k.child in self.rides or self._follows_wholly(k))
            for k in below
            if self._holds(k)
        )

    # --- counting -------------------------------------------------------------------------------

    def _steps(self, work: Work) -> Iterator[Counted]:
        tg, n = work.grounds, len(work.grounds.classes)
        blanks = [self.blanked(work, i) for i in range(n)]
        if any(c.columns for c in tg.classes):
            masked = sa.select(*(_bit(b, f"m{i}") for i, b in enumerate(blanks)))
            masks = self._rows(masked.select_from(work.table).distinct())
            # Databases give them in any order, and a plan's digest depends on it.
            for mask in sorted((tuple(each) for each in masks), reverse=True):
                classes = tuple(i for i in range(n) if mask[i])
                if classes:
                    yield self._counted(work, self._blank_selection(tg, classes))
        for i, each in enumerate(tg.classes):
            if each.reviewed or each.whole != each.living:
                step = self._counted(work, Selection(work.id, "task", (i,), each.columns))
                if step.count:
                    yield step
        step = self._counted(work, Selection(work.id, "erase", tuple(range(n))))
        if step.count:
            yield step

    def _blank_selection(self, tg: TableGrounds, classes: tuple[int, ...]) -> Selection:
        columns = tuple(c for i in classes for c in tg.classes[i].columns)
        kinds = {tg.table.columns[c].blank.kind for c in columns}
        action: Action = "blank" if kinds <= {"null"} else "replace"
        if tg.table.when_due == "statistics" and len(classes) == len(tg.classes):
            action = "anonymise"
        return Selection(tg.table.id, action, classes, columns)

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
        work = self.works[selection.table]
        if selection.action == "erase":
            return work.table.c.e == 1
        if selection.action == "task":
            return work.flag("v", selection.classes[0]) == 1
        wanted = [
            self.blanked(work, i) if i in selection.classes else sa.not_(self.blanked(work, i))
            for i in range(len(work.grounds.classes))
        ]
        return sa.and_(*wanted)

    def found(self, selection: Selection) -> tuple[Row, FromClause, Clause]:
        """Return the rows of a selection in their own table: (row, joined source, condition)."""
        row = self.compiler.row(selection.table)
        if selection.with_owner:
            ride = self.rides[selection.table]
            return (
                row,
                self.to_anchor(row, ride, self.works[ride.anchor]),
                self.works[ride.anchor].table.c.e == 1,
            )
        work = self.works[selection.table]
        joined: Any = row.source
        joined = joined.join(work.table, self._same_key(row, work.table))
        return row, joined, self.chosen(selection)

    def nameless(self, selection: Selection) -> int:
        """Return how many rows cannot be named, for SQLite lets a part of a key be NULL.

        They are counted and never changed, so that nothing is proved of them.
        """
        if self.compiler.live.dialect != "sqlite":
            return 0
        work = self.works[selection.table]
        null = sa.or_(*(work.table.c[f"k{i}"].is_(None) for i in range(len(work.keys))))
        select = sa.select(sa.func.count()).select_from(work.table)
        return int(self._rows(select.where(self.chosen(selection), null))[0][0])

    def _counted(self, work: Work, selection: Selection) -> Counted:
        """Return a selection with its exact counts, in all and per rule and cap."""
        touched = [work.grounds.classes[i] for i in selection.classes]
        rules, caps = list(work.grounds.rules), list(work.grounds.caps)
        ours = [r for r in rules if any(r in c.rules for c in touched)]
        capped = [c for c in caps if any(c in k.caps for k in touched)]
        flags = [work.flag("r", rules.index(r)) for r in ours]
        flags += [work.flag("c", caps.index(c)) for c in capped]
        select = sa.select(*_sums(flags)).where(self.chosen(selection))
        count, without_rule, *numbers = (int(v or 0) for v in self._rows(select)[0])
        return Counted(
            selection,
            count,
            {r: n for r, n in zip(ours, numbers, strict=False) if n},
            {c: n for c, n in zip(capped, numbers[len(ours) :], strict=True) if n},
            without_rule,
        )

    def _rows(self, select: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
        with self.connection.begin():
            return self.connection.execute(select).all()


def erasing_order(system: System) -> list[tuple[str, ...]]:
    """Return the tables in groups, children before parents; a circle is one group.

    The order is the same each time: a plan's digest depends on it, so nothing here may depend on
    the order of a set.
    """
    graph: dict[str, dict[str, None]] = {t: {} for t in system.tables}
    for link in system.links.values():
        if link.child != link.parent:
            graph[link.parent][link.child] = None
    groups = {t: frozenset([t]) for t in graph}
    while True:
        merged: dict[frozenset[str], dict[frozenset[str], None]] = {g: {} for g in groups.values()}
        for t, children in graph.items():
            merged[groups[t]] |= {groups[c]: None for c in children if groups[c] != groups[t]}
        try:
            order = list(TopologicalSorter(merged).static_order())
            return [tuple(t for t in system.tables if t in g) for g in order]
        except CycleError as cycle:
            union = frozenset[str]().union(*cycle.args[1])
            groups = {t: union if t in union else g for t, g in groups.items()}


def _referred(system: System, table: Table) -> tuple[str, ...]:
    """Return columns beside the key that children refer to."""
    names = [p for k in system.links.values() if k.parent == table.id for _, p in k.columns]
    return tuple(dict.fromkeys(n for n in names if n not in table.key))


def _minimal(classes: Sequence[FieldClass]) -> list[int]:
    """Return the classes that die no later than any other; others need not be looked at."""
    disjuncts = [frozenset(_disjuncts(c.whole)) for c in classes]
    return [
        i
        for i, mine in enumerate(disjuncts)
        if classes[i].whole != classes[i].living
        or not any(
            (other < mine or (other == mine and j < i))
            for j, other in enumerate(disjuncts)
            if classes[j].whole == classes[j].living
        )
    ]


def _disjuncts(predicate: Predicate) -> Iterable[Predicate]:
    if predicate == FALSE:
        return ()
    return predicate.parts if isinstance(predicate, Or) else (predicate,)


def _bit(clause: Clause, name: str) -> ColumnElement[Any]:
    return sa.case((clause, sa.literal_column("1")), else_=sa.literal_column("0")).label(name)


def _sums(flags: Sequence[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    """Return how many rows there are, how many without any of these flags, and with each."""
    none = sa.and_(sa.true(), *(flag == 0 for flag in flags))
    return [sa.func.count(), _sum(none), *(_sum(flag == 1) for flag in flags)]


def _sum(clause: Clause) -> ColumnElement[Any]:
    return sa.func.sum(sa.case((clause, sa.literal_column("1")), else_=sa.literal_column("0")))
