"""How is a system opened, asked and changed? One connection, its work tables, small questions."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.sql.selectable import FromClause

from ombud.connectors.sql.beside import Beside
from ombud.connectors.sql.census import Census
from ombud.connectors.sql.change import Changer
from ombud.connectors.sql.compile import Compiler
from ombud.connectors.sql.copies import Copied, Copies, copied
from ombud.connectors.sql.counting import Counting
from ombud.connectors.sql.delta import Candidates, changed_people, lists_with
from ombud.connectors.sql.errors import lost, translated
from ombud.connectors.sql.explain import explain
from ombud.connectors.sql.expressions import expression_types
from ombud.connectors.sql.keys import after as comes_after
from ombud.connectors.sql.keys import batch_max
from ombud.connectors.sql.opening import (
    LOCK_WAIT_S,
    STATEMENT_S,
    Limits,
    connected,
    open_engine,
    refuse_missing,
)
from ombud.connectors.sql.people import PeopleTable
from ombud.connectors.sql.readback import ReadBack
from ombud.connectors.sql.referred import Referred
from ombud.connectors.sql.reflect import read_schema
from ombud.connectors.sql.rides import rides_of
from ombud.connectors.sql.statistics import made_anew
from ombud.connectors.sql.survey import Survey
from ombud.connectors.sql.times import Times
from ombud.connectors.sql.works import Works
from ombud.errors import ConnectorFailed
from ombud.plan.ground import SystemGrounds
from ombud.systems.connector import (
    ClockDoubts,
    Counted,
    Explained,
    Key,
    Piece,
    Reading,
    Selection,
    TableCensus,
)
from ombud.systems.live import LiveSchema
from ombud.systems.model import Clock, System
from ombud.systems.order import children_first
from ombud.systems.predicate import Hop, Predicate

RETRIES = 5
_FRESHENED_AT_ONCE = 2  # tables; it reads as much of each as PostgreSQL does anyway
_CONSTRAINT = "23"  # PostgreSQL's class


@dataclass
class SqlConnector:
    """The way into a system that a SQLAlchemy URL names.

    Args:
        url: With secrets filled in; never shown.
        country: The organisation's, for phone numbers without a country code.
        lock_wait_s: How long a statement waits for a lock.
        statement_s: How long a statement may take.
    """

    system: System
    url: str
    country: str
    zone: ZoneInfo
    lock_wait_s: float = LOCK_WAIT_S
    statement_s: float = STATEMENT_S
    _engine: sa.Engine | None = None
    _live: LiveSchema | None = None

    @property
    def system_id(self) -> str:
        """Id of the system in the map."""
        return self.system.id

    @translated
    def live(self) -> LiveSchema:
        """Return the live schema, read once.

        Raises:
            ConnectorFailed: The system does not answer or refuses; nothing was changed.
        """
        if self._live is None:
            schemas = {t.schema or self.system.schema for t in self.system.tables.values()}
            with self._connect() as connection, connection.begin():
                live = read_schema(connection, schemas)
            with self._connect() as connection:
                found = expression_types(connection, self.system, live)
            self._live = replace(live, expressions=found)
        return self._live

    @contextmanager
    def session(self, *, copies: bool = False) -> Iterator[SqlSession]:
        """Open a session; its temporary tables go with it.

        Args:
            copies: It makes no survey; rows of another session's are copied to it.

        Raises:
            ConnectorFailed: The system does not answer or refuses; nothing was changed.
        """
        live = self.live()
        connection = self._connect()
        session = SqlSession(self, connection, live, Copies if copies else Works)
        try:
            yield session
        finally:
            session.beside.close()
            with suppress(sa.exc.SQLAlchemyError):  # it may be lost already
                connection.close()

    def close(self) -> None:
        """Give every connection back."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    @translated
    def _connect(self) -> sa.Connection:
        if self._engine is None:
            limits = Limits(self.lock_wait_s, self.statement_s)
            self._engine = open_engine(self.url, self.system.id, limits)
        refuse_missing(self._engine.url, self.system.id)
        return connected(self._engine, self.system.id)


@dataclass
class SqlSession:
    """One connection to a system, with the grounds that were last put to it."""

    connector: SqlConnector
    connection: sa.Connection
    live: LiveSchema
    kind: type[Works]
    _works: Works | None = None
    _changer: Changer | None = None
    _people: PeopleTable | None = None
    _read_back: ReadBack | None = None
    beside: Beside = field(init=False)

    def __post_init__(self) -> None:
        self.beside = Beside(self, partial(self.connector.session, copies=True))

    @property
    def system_id(self) -> str:
        """Id of the system in the map."""
        return self.connector.system.id

    @translated
    def put(self, grounds: SystemGrounds) -> None:
        """Take these grounds for every question from now on; bring their lists of people along."""
        system = self.system
        zone, local = self.connector.zone, ZoneInfo(system.zone)
        if self._people is None:
            self._people = PeopleTable(self.connection, self.connector.country)
        people = self._people
        people.load(grounds.lists, zone, local)
        times = Times(self.live.dialect, zone, local)
        compiler = Compiler(system, self.live, times, people.source, people.lookup, people.kinds)
        if self._works is None:
            self._works = self.kind(self.connection, compiler, grounds)
        else:
            self._works = replace(self._works, compiler=compiler, grounds=grounds)
        order = children_first(system)
        rides = rides_of(grounds, self.live, order)
        self._changer = Changer(self._works, _circles(system, order), rides)
        self._read_back = None

    @property
    def system(self) -> System:
        """The system on the map."""
        return self.connector.system

    @property
    def works(self) -> Works:
        """The work tables."""
        if self._works is None:
            raise RuntimeError("put grounds to the session first")
        return self._works

    @property
    def changer(self) -> Changer:
        """The way to change rows."""
        if self._changer is None:
            raise RuntimeError("put grounds to the session first")
        return self._changer

    @translated
    def survey(self, since: SystemGrounds | None = None) -> list[Counted]:
        """Look at every row, or those that can have changed since; return what is due."""
        self._refuse_lost()
        self._read_back = None
        survey = Survey(self.works, self.changer.rides)
        survey.take(self._candidates(since) if since is not None else None)
        return list(Counting(self.works).steps())

    def _candidates(self, since: SystemGrounds) -> Mapping[str, FromClause | None]:
        """Bring along the people about whom something changed, and find what that concerns."""
        grounds, compiler, people = self.works.grounds, self.works.compiler, self._people
        if people is not None:
            lists = lists_with(grounds.lists, changed_people(grounds, since))
            people.load(lists, self.connector.zone, ZoneInfo(self.connector.system.zone))
            compiler.told(people.kinds)
        rides = self.changer.rides
        return Candidates(self.connection, compiler, grounds, since, rides).find()

    @translated
    def census(self, kept: Mapping[str, Mapping[str, Clock]]) -> dict[str, TableCensus]:
        """Return how each table stands under its rules.

        Args:
            kept: Table id to activity id to the clock that starts a duty to keep.
        """
        works = self.works
        return Census(self.connection, works.compiler, works.grounds).take(kept)

    @translated
    def held(self, hold: str) -> int:
        """Return how many rows a hold covers."""
        works = self.works
        return Census(self.connection, works.compiler, works.grounds).held(hold)

    def keepers(self, table: str) -> tuple[str, ...]:
        """Return the links through which a row that stays keeps the row of a table it refers to."""
        return tuple(link.id for link in self.changer.keepers(table))

    @translated
    def clocks(self) -> dict[str, dict[str, ClockDoubts]]:
        """Return, by table and activity, the rows whose clocks are in doubt."""
        works = self.works
        return Census(self.connection, works.compiler, works.grounds).clocks()

    @translated
    def rows(self, table: str) -> int:
        """Return how many rows a table has."""
        return self._count(
            sa.select(sa.func.count()).select_from(self.works.compiler.source(table))
        )

    @translated
    def sample(self, selection: Selection, rows: int) -> list[Mapping[str, Any]]:
        """Return whole due rows for a person's screen; never logged or stored."""
        row, source, where = self.works.found(selection)
        shown = self.works.compiler.shown(row)
        select = sa.select(*shown).select_from(source).where(where).limit(rows)
        with self.connection.begin():
            return [dict(r) for r in self.connection.execute(select).mappings()]

    @translated
    def keys(self, selection: Selection, after: Key | None, count: int) -> list[Key]:
        """Return the next keys of a selection, in key order."""
        self._refuse_lost()
        row, source, where = self.works.found(selection)
        work = self.works.tables[selection.table]
        keys = work.key_columns
        if selection.with_owner:
            keys = self.works.compiler.keys(row)
        else:
            source, where = work.table, self.works.chosen(selection)
        select = sa.select(*keys).select_from(source).where(where).order_by(*keys).limit(count)
        if after is not None:
            select = select.where(comes_after(keys, after))
        with self.connection.begin():
            return [tuple(r) for r in self.connection.execute(select).all()]

    @translated
    def piece(self, selection: Selection, after: int, rows: int) -> Piece | None:
        """Return the next rows of a selection, at most so many; None: there are no more.

        Whether those up to `after` are gone is looked at first: their pages are at hand still.
        """
        self._refuse_lost()
        self.read_back.look(selection, after)
        if selection.table in self.changer.circles:  # each key is named, and followed to others
            width = len(self.works.tables[selection.table].keys)
            rows = min(rows, batch_max(self.live.dialect, width))
        return self.works.piece(selection, after, rows)

    def change(self, selection: Selection, piece: Piece) -> int:
        """Change the rows that are still due, in one transaction or in some side by side.

        Raises:
            ConnectorFailed: The batch was rolled back, or a part of it; earlier batches stay done.
        """
        return self.beside.change(selection, piece)

    def change_alone(self, selection: Selection, piece: Piece) -> int:
        """Change them in one transaction; again where a lock was in the way.

        Raises:
            ConnectorFailed: The batch was rolled back.
        """
        for tried in range(RETRIES):
            try:
                return self.change_once(selection, piece, again=tried > 0)
            except ConnectorFailed as failed:
                # A row that came meanwhile and refers to one that goes is met as a constraint.
                met = failed.transient or (not tried and failed.sqlstate.startswith(_CONSTRAINT))
                if not met or tried == RETRIES - 1 or self.connection.invalidated:
                    raise
            time.sleep(0.05 * tried)
        raise AssertionError("unreachable")

    @translated
    def change_once(self, selection: Selection, piece: Piece, *, again: bool = False) -> int:
        """Change them in one transaction, without another try.

        Args:
            again: It was tried before.
        """
        self._refuse_lost()
        return self.changer.change(selection, piece, again=again)

    def _refuse_lost(self) -> None:
        """Refuse to go on with a connection that is gone: a new one has no work tables."""
        if self.connection.invalidated or self.connection.closed:
            raise lost(self.system_id)

    @translated
    def referred_by(
        self, table: str, key: tuple[str, ...], stays: Mapping[str, Predicate]
    ) -> tuple[str, ...]:
        """Return the tables of the rows that refer to a row, stay, and so keep it."""
        referred = Referred(self.connection, self.works.compiler, self.changer.keepers, stays)
        return referred.by(table, key)

    @translated
    def explain(
        self,
        table: str,
        key: tuple[str, ...],
        predicates: Sequence[Predicate],
        readings: Sequence[tuple[tuple[Hop, ...], Reading]],
    ) -> Explained:
        """Return what `why` needs of one row."""
        return explain(self.connection, self.works.compiler, table, key, predicates, readings)

    @translated
    def remaining(self, selection: Selection) -> int:
        """Return how many rows of a surveyed selection are still there and still due."""
        self._refuse_lost()
        return self.read_back.remaining(selection)

    @translated
    def present(self, selection: Selection) -> int:
        """Return how many rows that were to go with their owner are still there, due or not."""
        self._refuse_lost()
        return self.read_back.present(selection)

    @translated
    def copied(self, selection: Selection, part: Piece) -> Copied:
        """Return a part of a selection's work table, for another session."""
        return copied(self.works, selection, part)

    @translated
    def any_of(self, selection: Selection, piece: Piece) -> bool:
        """Return whether a row of a piece of a selection is still there, due or not."""
        return self.read_back.any_of(selection, piece)

    @property
    def read_back(self) -> ReadBack:
        """What is left of the last survey, with the grounds as they are now."""
        if self._read_back is None:
            self._read_back = ReadBack(self.changer, self.beside.any_of)
        return self._read_back

    def freshen(self, tables: Sequence[str]) -> bool:
        """Have the database forget erased values in its statistics; False where it may not.

        On PostgreSQL, which always keeps some, tables take turns on two connections more.
        """
        sources = [self.works.compiler.source(table_id) for table_id in tables]
        beside: list[bool | None] = [None] * len(sources)
        if self.live.dialect == "postgresql" and len(sources) > 1:
            with ThreadPoolExecutor(_FRESHENED_AT_ONCE) as pool:
                beside = list(pool.map(self._freshened_beside, sources))
        done = zip(sources, beside, strict=True)
        return all([self._freshened(s) if each is None else each for s, each in done])

    def _freshened_beside(self, source: sa.TableClause) -> bool | None:
        """Return whether a connection of its own did it; None: there is none to be had."""
        try:
            with self.connector.session() as other:
                return other._freshened(source)
        except ConnectorFailed:
            return None

    def _freshened(self, source: sa.TableClause) -> bool:
        try:
            return self._made_anew(source)
        except ConnectorFailed:
            return False

    @translated
    def _made_anew(self, source: sa.TableClause) -> bool:
        self._refuse_lost()
        return made_anew(self.connection, source)

    def _count(self, select: sa.Executable) -> int:
        with self.connection.begin():
            return int(self.connection.execute(select).scalar_one())


def _circles(system: System, order: Iterable[tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the tables whose rows refer to each other in a circle, each with those of its own."""
    selves = {k.child for k in system.links.values() if k.child == k.parent}
    return {t: g for g in order if len(g) > 1 or g[0] in selves for t in g}
