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
from ombud.plan.decided import Guard, criteria_of, guarded, lists_of
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
from ombud.plan.people import People, Person, further, listed
from ombud.plan.time import Timing, living_clock, missing_clocks
from ombud.policy.model import (
    Activity,
    After,
    FirstOf,
    Keep,
    LastOf,
    NeededFrom,
    Policy,
    WhileState,
    parts_of,
)
from ombud.systems.model import Clock, Column, ConsentColumns, Serve, System, Table, TableCap
from ombud.systems.predicate import (
    TRUE,
    Empty,
    Hop,
    Later,
    NotBefore,
    Predicate,
    Unreadable,
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
        self.criteria = criteria_of(decisions, timing)
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
            limits = tuple(((), c) for c in self.caps.ending(caps, kind))
            yield Ground(
                f"hold:{name}", table.id, (), where, living, living, caps=caps, limits=limits
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
        limits: list[tuple[tuple[Hop, ...], TableCap]] = [
            ((up, *way), cap) for way, cap in ground.limits
        ]
        limits += [((), cap) for cap in self.caps.ending(caps, passes)]
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
        uncapped = self.caps.uncapped(caps, activity.id)

        def living(decided: tuple[Person, ...]) -> Predicate:
            begins = serve.clocks.get(activity.begins) if activity.begins else None
            list_id = f"end:{activity.id}"
            ended = list_id in self.lists and any(p.identifiers for p in decided)
            guard = Guard(list_id, decided, begins) if ended else None
            consents = self._consents(activity, serve, category, decided)
            return all_of(
                [serve.when, *consents, self._rule(activity, activity.keep, serve, guard)]
            )

        undecided = all_of([living(()), *uncapped])
        alive = undecided
        if self._decides(activity):
            alive = all_of([self._for_one(people, also, living), *uncapped])
        ending = self.caps.ending(caps, activity.id)
        return Ground(
            activity.id,
            table.id,
            (),
            serve.when,
            alive,
            undecided,
            activity.keep,
            serve,
            ending,
            tuple(((), c) for c in ending),
            self._needed(activity, category),
        )

    def _decides(self, activity: Activity) -> bool:
        """Return whether anybody's decision can end an activity or a consent it rests on."""
        consents = (activity.basis.consent, activity.basis.special_consent)
        ends = (f"end:{activity.id}", *(f"withdrawn:{c}" for c in consents if c))
        return any(each in self.lists for each in ends)

    @staticmethod
    def _for_one(
        people: tuple[Person, ...],
        also: tuple[Person, ...],
        living: Callable[[tuple[Person, ...]], Predicate],
    ) -> Predicate:
        """Return that something lives for one of the people, or for nobody where there is none."""
        if len(people) < 2:
            return living((*people, *also))
        for_each = [all_of([p.there, living((p, *also))]) for p in people]
        nobody = none_of(any_of(p.there for p in people))
        return any_of([*for_each, all_of([nobody, living(also)])])

    def _rule(self, activity: Activity, keep: Keep, serve: Serve, guard: Guard | None) -> Predicate:
        """Return that a retention rule has not ended for the row, decisions included."""
        if isinstance(keep, FirstOf):
            return all_of(self._rule(activity, part, serve, guard) for part in keep.parts)
        if isinstance(keep, LastOf):
            return any_of(self._rule(activity, part, serve, guard) for part in keep.parts)
        if isinstance(keep, After):
            day = self.timing.cutoff(keep)
            join = all_of if keep.clocks.which == "first" else any_of
            return join(
                guarded(self.clock(activity, serve, name), day, guard) for name in keep.clocks.names
            )
        if isinstance(keep, NeededFrom):
            decided = self.criteria.get(activity.id)
            if decided is not None:
                clock = self.clock(activity, serve, keep.clock)
                return guarded(clock, self.timing.day_before(decided), guard)
        state = serve.states[keep.state] if isinstance(keep, WhileState) else TRUE
        return all_of([state, guard.row()] if guard else [state])

    def clock(self, activity: Activity, serve: Serve, name: str) -> Clock:
        """Return the clock of a name at a serve; `consent_given` is the consent's own column."""
        if name == "consent_given" and name not in serve.clocks:
            held = serve.consents[activity.basis.consent]
            return Clock(name, held.given, null="ended", reads_as=held.reads_as)
        return serve.clocks[name]

    # --- consents -----------------------------------------------------------------------------

    def _consents(
        self, activity: Activity, serve: Serve, category: str, decided: tuple[Person, ...]
    ) -> Iterator[Predicate]:
        """Yield that the consents live which an activity needs for a category.

        Args:
            decided: People whose withdrawals count.
        """
        for consent in self._needed(activity, category):
            if consent in serve.consents:
                yield self._consent(serve.consents[consent], decided)
            elif f"withdrawn:{consent}" in self.lists:
                # Kept by Ombud itself: it lives until it is withdrawn.
                yield none_of(listed(f"withdrawn:{consent}", decided))

    def _needed(self, activity: Activity, category: str) -> tuple[str, ...]:
        """Return the consents that an activity needs for a category."""
        needed = [activity.basis.consent] if activity.basis.kind == "consent" else []
        special = category and self.policy.categories[category].kind == "special"
        if special and activity.basis.special_consent:
            needed.append(activity.basis.special_consent)
        return tuple(dict.fromkeys(needed))

    def _consent(self, held: ConsentColumns, decided: tuple[Person, ...]) -> Predicate:
        """Return that a consent in the organisation's columns lives; a tie counts as withdrawn."""
        given, withdrawn = held.given, held.withdrawn
        unknown = any_of([Empty(given.column), Unreadable(given.column, held.reads_as)])
        parts: list[Predicate] = [none_of(unknown)]
        expires = self.policy.consents[held.consent].expires
        if expires is not None:
            parts.append(Later(given.column, self.timing.cutoff_of(expires), held.reads_as))
        if withdrawn is not None:
            after = NotBefore(withdrawn.column, given.column, held.reads_as)
            parts.append(any_of([Empty(withdrawn.column), none_of(after)]))
        if f"withdrawn:{held.consent}" in self.lists:
            up = 1 if given.hops else 0
            said = listed(f"withdrawn:{held.consent}", decided, given.column, held.reads_as, up)
            parts.append(none_of(said))
        return reached(given.hops, all_of(parts))

    def _by_state(self, rule: str) -> bool:
        keep = self.policy.activities[rule].keep
        return any(isinstance(part, WhileState) for part in parts_of(keep))

    # --- what a person must look at -----------------------------------------------------------

    def _undecided(self, table: Table) -> Iterator[tuple[str, Predicate]]:
        for serve in table.serves.values():
            activity = self.policy.activities[serve.activity]
            for part in parts_of(activity.keep):
                if isinstance(part, NeededFrom):
                    clock = self.clock(activity, serve, part.clock)
                    waiting = none_of(living_clock(clock, self.timing.cutoff_of(part.every)))
                    rule = self._rule(activity, activity.keep, serve, None)
                    yield activity.id, all_of([serve.when, waiting, rule])
