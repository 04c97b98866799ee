"""Which grounds keep a field alive? Policy, map and decisions become one predicate per field.

A ground exists for a row only where its membership holds, and lives until its retention rule, its
consent or a decision ends it, or a cap passes that does not name it. A field is kept while one of
its grounds lives. Everything that erases, counts or explains reads the predicates made here.

Law:
    GDPR Art. 5(1)(e)
    GDPR Art. 17(1)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from ombud.plan.caps import Caps
from ombud.plan.decided import criteria_of, lists_of
from ombud.plan.ground import (
    FieldClass,
    FieldGrounds,
    Ground,
    SystemGrounds,
    TableGrounds,
    classes_of,
    staying,
)
from ombud.plan.held import Holds
from ombud.plan.hold import Decision, Hold
from ombud.plan.people import People, Person, further
from ombud.plan.rules import Rules
from ombud.plan.term import Joined, Limit, Part, Strand
from ombud.plan.time import Timing, far_clocks, living_clock, missing_clocks, unreadable_clocks
from ombud.policy.model import NeededFrom, Policy, WhileState, parts_of
from ombud.systems.connector import Reading
from ombud.systems.model import Column, Serve, System, Table, TableCap
from ombud.systems.predicate import (
    TRUE,
    Hop,
    Predicate,
    all_of,
    any_of,
    none_of,
    reached,
)


def system_grounds(
    policy: Policy,
    system: System,
    timing: Timing,
    *,
    holds: tuple[Hold, ...] = (),
    decisions: tuple[Decision, ...] = (),
    each_hold: bool = False,
) -> SystemGrounds:
    """Return the grounds of every table of the system at an instant.

    Args:
        timing: The as-of instant; decisions and holds after it do not count.
        holds: Those that are active, of all systems.
        decisions: Of all people.
        each_hold: Give every hold a ground of its own, `hold:<id>`; else those of a kind one.
    """
    made = [d for d in decisions if d.decided_at <= timing.at]
    builder = _Builder(policy, system, timing, holds, tuple(made), each_hold)
    tables = {table.id: builder.table_grounds(table) for table in system.tables.values()}
    return SystemGrounds(system, timing.at, timing.as_of, tables, builder.lists)


class _Builder:
    """Compiles the grounds of one system."""

    def __init__(
        self,
        policy: Policy,
        system: System,
        timing: Timing,
        holds: tuple[Hold, ...],
        decisions: tuple[Decision, ...],
        each_hold: bool,
    ) -> None:
        self.policy, self.system, self.timing = policy, system, timing
        self.lists = lists_of(policy, decisions, holds)
        self.rules = Rules(policy, timing, self.lists, criteria_of(decisions, timing))
        self.people, self.caps = People(system), Caps(policy, timing)
        self.holds = Holds(holds, self.people, self.caps, timing, each_hold)

    def table_grounds(self, table: Table) -> TableGrounds:
        fields = tuple(self._field(table, column) for column in table.columns.values())
        rules: dict[str, Predicate] = {}
        for each in fields:
            for ground in each.all_grounds():
                if ground.keep is not None:
                    known = rules.get(ground.id)
                    rules[ground.id] = any_of(
                        [ground.member] if known is None else [known, ground.member]
                    )
        classes = tuple(classes_of(fields)) or self._row_class(table, ())
        for group in classes:
            for rule in group.rules:
                rules.setdefault(rule, self._member(table, rule, ()))
        subjects = self.people.subjects(table)
        return TableGrounds(
            table=table,
            fields=fields,
            classes=classes,
            rules=rules,
            caps={c.cap: self.caps.passed(c) for c in table.caps.values()},
            held=any_of(self.holds.on(table, "").values()),
            held_by=self.holds.by_id(table),
            missing=dict(missing_clocks(table)),
            unreadable=dict(unreadable_clocks(table)),
            far=dict(far_clocks(table, self.timing.as_of)),
            undecided=dict(self._undecided(table)),
            identifiers=tuple(self.people.identifiers(table, s) for s in subjects),
            volatile=any(self._by_state(rule) for rule in rules),
        )

    # --- rows without fields ------------------------------------------------------------------

    def _row_class(self, table: Table, seen: tuple[str, ...]) -> tuple[FieldClass, ...]:
        """Return what a row without fields of its own lives by.

        By the activities it serves, by holds, and by the rows that it belongs to. Where it serves
        nothing, and belongs to no row, it is no personal data and is left alone.
        """
        people, caps = self.people.of(table), self.caps.of_rows(table)
        own = [self._own(table, serve, "", people, (), caps) for serve in table.serves.values()]
        grounds = [*own, *self._held(table, "", caps, referred=True)]
        rules = [g.id for g in own]
        living, undecided = [g.living for g in grounds], [g.undecided for g in grounds]
        owners = [k for k in self.people.owners(table) if k.parent not in (table.id, *seen)]
        for link in owners:
            up = (Hop(link.id, "parent"),)
            classes = self._classes(self.system.tables[link.parent], (*seen, table.id))
            # What is no personal data stays, and so does what belongs to it.
            living.append(reached(up, any_of(map(staying, classes)) if classes else TRUE))
            undecided.append(reached(up, any_of(c.undecided for c in classes) if classes else TRUE))
            rules += [r for c in classes for r in c.rules]
        if not table.serves and owners:
            alone = none_of(any_of(reached((Hop(k.id, "parent"),), TRUE) for k in owners))
            living, undecided = [*living, alone], [*undecided, alone]
        if not table.serves and not owners:
            return ()
        names = tuple(dict.fromkeys(rules))
        return (
            FieldClass((), any_of(living), any_of(living), any_of(undecided), False, names, ()),
        )

    def _classes(self, table: Table, seen: tuple[str, ...]) -> tuple[FieldClass, ...]:
        fields = tuple(self._field(table, column) for column in table.columns.values())
        return tuple(classes_of(fields)) or self._row_class(table, seen)

    def _member(self, table: Table, rule: str, seen: tuple[str, ...]) -> Predicate:
        """Return membership of a row in an activity that it, or an owner of it, serves."""
        if rule in table.serves:
            return table.serves[rule].when
        owners = [k for k in self.people.owners(table) if k.parent not in (table.id, *seen)]
        return any_of(
            reached(
                (Hop(k.id, "parent"),),
                self._member(self.system.tables[k.parent], rule, (*seen, table.id)),
            )
            for k in owners
        )

    # --- fields -----------------------------------------------------------------------------

    def _field(self, table: Table, column: Column) -> FieldGrounds:
        subject = column.subject or next(iter(table.subjects), "")
        people = self.people.of(table, subject)
        also = further(people) if table.subjects else ()

        def found(category: str) -> Iterator[Ground]:
            caps = self.caps.of(table, category)
            yield from self._served(table, category, column.name, people, (), caps)
            yield from self._held(table, subject, caps, referred=True)
            yield from self._of_owners(table, category, also, caps, ())

        return FieldGrounds(column, {c: tuple(found(c)) for c in column.categories})

    def _served(
        self,
        table: Table,
        category: str,
        column: str,
        people: tuple[Person, ...],
        also: tuple[Person, ...],
        caps: tuple[TableCap, ...],
    ) -> Iterator[Ground]:
        """Yield the grounds of what a table serves.

        Args:
            column: Empty for what belongs to the table's rows: `columns:` says nothing of that.
        """
        for serve in table.serves.values():
            if category in self.policy.activities[serve.activity].data and (
                not serve.columns or not column or column in serve.columns
            ):
                yield self._own(table, serve, category, people, also, caps)

    def _held(
        self, table: Table, subject: str, caps: tuple[TableCap, ...], *, referred: bool
    ) -> Iterator[Ground]:
        """Yield the holds on rows of a table, for one subject or all.

        Args:
            referred: Holds on rows that refer to them too.
        """
        parts = [self.holds.on(table, subject), self.holds.referred(table) if referred else {}]
        for name in dict.fromkeys(n for part in parts for n in part):
            where = any_of(part[name] for part in parts if name in part)
            kind = self.holds.kind(name)
            living = all_of([where, *self.caps.uncapped(caps, kind)])
            yield Ground(
                id=f"hold:{name}",
                table=table.id,
                way=(),
                member=where,
                living=living,
                undecided=living,
                strands=(Strand(where, Part(where, "held")),),
                caps=caps,
                limits=tuple(((), self.caps.limit(c)) for c in self.caps.ending(caps, kind)),
            )

    def _of_owners(
        self,
        table: Table,
        category: str,
        also: tuple[Person, ...],
        caps: tuple[TableCap, ...],
        seen: tuple[str, ...],
    ) -> Iterator[Ground]:
        """Yield the grounds of the rows above; the row's own caps end them too.

        Args:
            also: People whose decisions end them besides the owners' own, as an owner sees them.
        """
        for link in self.people.owners(table):
            if link.parent in (*seen, table.id):
                continue
            owner, up = self.system.tables[link.parent], Hop(link.id, "parent")
            theirs = self.caps.of(owner, category)
            people = self.people.of(owner)
            above = [
                *self._served(owner, category, "", people, also, theirs),
                *self._held(owner, "", theirs, referred=False),
                *self._of_owners(owner, category, further(also), theirs, (*seen, table.id)),
            ]
            for ground in above:
                yield self._inherited(ground, up, caps)

    def _inherited(self, ground: Ground, up: Hop, caps: tuple[TableCap, ...]) -> Ground:
        """Return an owner's ground as one of the owned row."""
        name = ground.id.removeprefix("hold:")
        passes = self.holds.kind(name) if ground.keep is None else name
        own = self.caps.uncapped(caps, passes)
        limits: list[tuple[tuple[Hop, ...], Limit]] = [
            ((up, *way), limit) for way, limit in ground.limits
        ]
        limits += [((), self.caps.limit(cap)) for cap in self.caps.ending(caps, passes)]
        return replace(
            ground,
            way=(up, *ground.way),
            member=reached((up,), ground.member),
            living=all_of([reached((up,), ground.living), *own]),
            undecided=all_of([reached((up,), ground.undecided), *own]),
            limits=tuple(limits),
        )

    def _own(
        self,
        table: Table,
        serve: Serve,
        category: str,
        people: tuple[Person, ...],
        also: tuple[Person, ...],
        caps: tuple[TableCap, ...],
    ) -> Ground:
        """Return the ground of one activity; it is enough that it lives for one of the people.

        Args:
            also: People whose decisions end it for each of them.
        """
        activity = self.policy.activities[serve.activity]

        def strand(there: Predicate, decided: tuple[Person, ...]) -> Strand:
            guard = self.rules.guard(activity, serve, decided)
            consents = self.rules.consents(activity, serve, category, decided)
            rule = self.rules.rule(activity, activity.keep, serve, guard)
            term = Joined("first", (*consents, rule))
            return Strand(all_of([there, serve.when, term.living]), term)

        undecided = strand(TRUE, ())
        strands: tuple[Strand, ...] = (undecided,)
        if self.rules.decides(activity):
            strands = _for_each(people, also, strand)
        uncapped, ending = (
            self.caps.uncapped(caps, activity.id),
            self.caps.ending(caps, activity.id),
        )
        return Ground(
            id=activity.id,
            table=table.id,
            way=(),
            member=serve.when,
            living=all_of([any_of(s.living for s in strands), *uncapped]),
            undecided=all_of([undecided.living, *uncapped]),
            strands=strands,
            keep=activity.keep,
            caps=ending,
            limits=tuple(((), self.caps.limit(c)) for c in ending),
        )

    def _by_state(self, rule: str) -> bool:
        keep = self.policy.activities[rule].keep
        return any(isinstance(part, WhileState) for part in parts_of(keep))

    # --- what a person must look at -----------------------------------------------------------

    def _undecided(self, table: Table) -> Iterator[tuple[str, Predicate]]:
        for serve in table.serves.values():
            activity = self.policy.activities[serve.activity]
            for part in parts_of(activity.keep):
                if isinstance(part, NeededFrom):
                    clock = Reading(self.rules.clock(activity, serve, part.clock))
                    waiting = none_of(living_clock(clock, self.timing.cutoff_of(part.every)))
                    rule = self.rules.rule(activity, activity.keep, serve, None)
                    yield activity.id, all_of([serve.when, waiting, rule.living])


def _for_each(
    people: tuple[Person, ...],
    also: tuple[Person, ...],
    strand: Callable[[Predicate, tuple[Person, ...]], Strand],
) -> tuple[Strand, ...]:
    """Return what lives for each of the people, and for nobody where there is none of them."""
    if len(people) < 2:
        return (strand(TRUE, (*people, *also)),)
    nobody = none_of(any_of(p.there for p in people))
    return (*(strand(p.there, (p, *also)) for p in people), strand(nobody, also))
