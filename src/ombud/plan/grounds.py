"""Which grounds keep a field alive? Policy, map and decisions become one predicate per field.

A ground exists for a row only where its membership holds, and lives until its retention rule, its
consent or a decision ends it, or a cap passes that does not name it. A field is kept while one of
its grounds lives. Everything that erases, counts or explains reads the predicates made here.

Law:
    GDPR Art. 5(1)(e)
    GDPR Art. 17(1)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ombud.plan.decided import Guard, criteria_of, guarded, lists_of
from ombud.plan.ground import (
    FieldClass,
    FieldGrounds,
    Ground,
    SystemGrounds,
    TableGrounds,
    classes_of,
)
from ombud.plan.hold import Decision, Hold
from ombud.plan.time import Timing, living_clock
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
from ombud.systems.model import Clock, Column, ConsentColumns, Link, Serve, System, Table, TableCap
from ombud.systems.predicate import (
    FALSE,
    TRUE,
    Empty,
    Hop,
    Identifier,
    KeyIn,
    Later,
    Listed,
    NotBefore,
    NotLater,
    Path,
    Predicate,
    ReadsAs,
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
) -> SystemGrounds:
    """Return the grounds of every table of the system at an instant.

    Args:
        timing: The as-of instant; decisions and holds after it do not count.
        holds: Those that are active, of all systems.
        decisions: Of all people.
    """
    made = [d for d in decisions if d.decided_at <= timing.at]
    builder = _Builder(policy, system, timing, holds, tuple(made))
    tables = {table.id: builder.table_grounds(table) for table in system.tables.values()}
    return SystemGrounds(system, timing.at, timing.as_of, tables, builder.lists)


class _Builder:
    """Compiles the grounds of one system; caches per table, category and subject."""

    def __init__(
        self,
        policy: Policy,
        system: System,
        timing: Timing,
        holds: tuple[Hold, ...],
        decisions: tuple[Decision, ...],
    ) -> None:
        self.policy, self.system, self.timing, self.holds = policy, system, timing, holds
        self.lists = lists_of(policy, decisions, holds)
        self.criteria = criteria_of(decisions, timing)

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
        classes = tuple(classes_of(fields)) or self._row_class(table)
        for group in classes:
            for rule in group.rules:
                rules.setdefault(rule, self._member(table, rule))
        return TableGrounds(
            table=table,
            fields=fields,
            classes=classes,
            rules=rules,
            caps={c.cap: self._passed(c) for c in table.caps.values()},
            held=any_of(p for s in self._subjects(table) for p in self._holds(table, s).values()),
            held_by=self._held_by(table),
            missing=dict(self._missing(table)),
            undecided=dict(self._undecided(table)),
            identifiers=tuple(self.identifiers(table, s) for s in self._subjects(table)),
            volatile=any(self._by_state(rule) for rule in rules),
        )

    def _row_class(self, table: Table) -> tuple[FieldClass, ...]:
        """Return what a row without fields of its own lives by: its activities, and its owners."""
        own = [
            self._own(table, serve, "", next(iter(table.subjects), ""), tuple(table.caps.values()))
            for serve in table.serves.values()
        ]
        rules = [g.id for g in own]
        living, undecided = [g.living for g in own], [g.undecided for g in own]
        for link in self._owners(table):
            if link.parent == table.id:
                continue
            owner = self.table_grounds(self.system.tables[link.parent])
            up = (Hop(link.id, "parent"),)
            living += [reached(up, any_of(c.living for c in owner.classes))]
            undecided += [reached(up, any_of(c.undecided for c in owner.classes))]
            rules += [r for c in owner.classes for r in c.rules]
        if not living:
            return ()
        alive = any_of(living)
        names = tuple(dict.fromkeys(rules))
        return (FieldClass((), alive, alive, any_of(undecided), False, names, ()),)

    def _member(self, table: Table, rule: str) -> Predicate:
        """Return membership of a row in an activity that it, or an owner of it, serves."""
        if rule in table.serves:
            return table.serves[rule].when
        owners = [k for k in self._owners(table) if k.parent != table.id]
        return any_of(
            reached((Hop(k.id, "parent"),), self._member(self.system.tables[k.parent], rule))
            for k in owners
        )

    # --- fields -----------------------------------------------------------------------------

    def _field(self, table: Table, column: Column) -> FieldGrounds:
        subject = column.subject or next(iter(table.subjects), "")
        return FieldGrounds(
            column,
            {
                category: tuple(self._grounds(table, category, subject, column.name, ()))
                for category in column.categories
            },
        )

    def _grounds(
        self, table: Table, category: str, subject: str, column: str, seen: tuple[str, ...]
    ) -> Iterator[Ground]:
        """Yield the grounds that cover a category at a table: its own, and its owners'."""
        caps = tuple(
            c
            for c in table.caps.values()
            if not (data := self.policy.caps[c.cap].data) or category in data
        )
        for serve in table.serves.values():
            if category in self.policy.activities[serve.activity].data and (
                not serve.columns or column in serve.columns
            ):
                yield self._own(table, serve, category, subject, caps)
        for kind, where in self._holds(table, subject).items():
            living = all_of([where, *self._uncapped(caps, kind)])
            yield Ground(f"hold:{kind}", table.id, (), where, living, living, caps=caps)
        for link in self._owners(table):
            if link.parent in seen or link.parent == table.id:
                continue
            owner = self.system.tables[link.parent]
            up = Hop(link.id, "parent")
            theirs = next(iter(owner.subjects), "")
            for ground in self._grounds(owner, category, theirs, "", (*seen, table.id)):
                yield self._inherited(ground, up, caps)

    def _inherited(self, ground: Ground, up: Hop, caps: tuple[TableCap, ...]) -> Ground:
        """Return an owner's ground as one of the owned row; the row's own caps end it too."""
        own = self._uncapped(caps, ground.id.removeprefix("hold:"))
        return replace(
            ground,
            way=(up, *ground.way),
            member=reached((up,), ground.member),
            living=all_of([reached((up,), ground.living), *own]),
            undecided=all_of([reached((up,), ground.undecided), *own]),
        )

    def _own(
        self, table: Table, serve: Serve, category: str, subject: str, caps: tuple[TableCap, ...]
    ) -> Ground:
        activity = self.policy.activities[serve.activity]
        identifiers = self.identifiers(table, subject)
        guard = None
        if f"end:{activity.id}" in self.lists and identifiers:
            begins = serve.clocks.get(activity.begins) if activity.begins else None
            guard = Guard(f"end:{activity.id}", identifiers, begins)
        uncapped = self._uncapped(caps, activity.id)

        def living(guard: Guard | None, withdrawals: bool) -> Predicate:
            consents = self._consents(activity, serve, category, identifiers, withdrawals)
            rule = self._rule(activity, activity.keep, serve, guard)
            return all_of([serve.when, *consents, rule, *uncapped])

        return Ground(
            activity.id,
            table.id,
            (),
            serve.when,
            living(guard, True),
            living(None, False),
            activity.keep,
            serve,
            tuple(c for c in caps if activity.id not in self.policy.caps[c.cap].unless),
        )

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

    # --- consents, caps, holds --------------------------------------------------------------

    def _consents(
        self,
        activity: Activity,
        serve: Serve,
        category: str,
        identifiers: tuple[Identifier, ...],
        withdrawals: bool,
    ) -> Iterator[Predicate]:
        needed = [activity.basis.consent] if activity.basis.kind == "consent" else []
        special = category and self.policy.categories[category].kind == "special"
        if special and activity.basis.special_consent:
            needed.append(activity.basis.special_consent)
        for consent in dict.fromkeys(needed):
            list_id = f"withdrawn:{consent}"
            if consent in serve.consents:
                yield self._consent(serve.consents[consent], identifiers, withdrawals)
            elif withdrawals and list_id in self.lists and identifiers:
                # Kept by Ombud itself: it lives until it is withdrawn.
                yield none_of(Listed(list_id, identifiers))

    def _consent(
        self, held: ConsentColumns, identifiers: tuple[Identifier, ...], withdrawals: bool
    ) -> Predicate:
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
        list_id = f"withdrawn:{held.consent}"
        if withdrawals and list_id in self.lists and identifiers:
            up = 1 if given.hops else 0
            listed = Listed(list_id, identifiers, given.column, held.reads_as, up)
            parts.append(none_of(listed))
        return reached(given.hops, all_of(parts))

    def _passed(self, on: TableCap) -> Predicate:
        cap = self.policy.caps[on.cap]
        day = self.timing.cutoff(cap.keep)
        join = all_of if cap.keep.clocks.which == "first" else any_of
        living = join(living_clock(on.clocks[name], day) for name in cap.keep.clocks.names)
        return all_of([on.when, none_of(living)])

    def _uncapped(self, caps: tuple[TableCap, ...], name: str) -> list[Predicate]:
        return [
            none_of(self._passed(c)) for c in caps if name not in self.policy.caps[c.cap].unless
        ]

    def _holds(self, table: Table, subject: str) -> dict[str, Predicate]:
        """Return, per kind of hold, which rows of the table it covers for one subject."""
        found: dict[str, list[Predicate]] = {}
        for hold in self.holds:
            covered = self._covered(hold, table, subject, f"hold:{hold.kind}")
            found.setdefault(hold.kind, []).append(covered)
        by_kind = {kind: any_of(where) for kind, where in found.items()}
        return {kind: where for kind, where in by_kind.items() if where != FALSE}

    def _covered(self, hold: Hold, table: Table, subject: str, list_id: str) -> Predicate:
        """Return which rows of a table one hold covers."""
        scope = hold.scope
        where: list[Predicate] = []
        identifiers = self.identifiers(table, subject)
        if scope.persons and identifiers:
            where.append(Listed(list_id, identifiers))
        if (scope.system, scope.table) == (self.system.id, table.id):
            if scope.keys:
                where.append(KeyIn(scope.keys))
            if scope.clock and scope.from_on and scope.to_on:
                start = self.timing.day_before(scope.from_on)
                reads_as = _read(table, scope.clock)
                until = NotLater(scope.clock, scope.to_on, reads_as)
                where.append(all_of([until, Later(scope.clock, start, reads_as)]))
        return any_of(where)

    def _held_by(self, table: Table) -> dict[str, Predicate]:
        """Return, per hold, which rows of the table it keeps: no cap has ended them for it."""
        found = {}
        for hold in self.holds:
            subjects = self._subjects(table)
            covered = (self._covered(hold, table, s, f"hold#{hold.id}") for s in subjects)
            passed = (self._passed(cap) for cap in limits(self.policy, table, hold.kind))
            found[hold.id] = all_of([any_of(covered), *(none_of(each) for each in passed)])
        return {hold: where for hold, where in found.items() if where != FALSE}

    def identifiers(self, table: Table, subject: str) -> tuple[Identifier, ...]:
        """Return how rows of a table tell who a subject is; an owned row by its owner's."""
        if table.subjects:
            return table.subjects[subject].identifiers if subject in table.subjects else ()
        return tuple(self._owner_identifiers(table, ()))

    def _owner_identifiers(self, table: Table, seen: tuple[str, ...]) -> Iterator[Identifier]:
        for link in self._owners(table):
            owner = self.system.tables[link.parent]
            if owner.id in seen or owner.id == table.id:
                continue
            up = Hop(link.id, "parent")
            first = next(iter(owner.subjects.values()), None)
            theirs = (
                first.identifiers if first else self._owner_identifiers(owner, (*seen, table.id))
            )
            for each in theirs:
                path = Path(each.path.column, (up, *each.path.hops))
                yield Identifier(each.kind, path, each.shared)

    def _owners(self, table: Table) -> Iterator[Link]:
        return (k for k in self.system.links.values() if k.child == table.id and k.follows)

    def _subjects(self, table: Table) -> tuple[str, ...]:
        return tuple(table.subjects) or ("",)

    def _by_state(self, rule: str) -> bool:
        keep = self.policy.activities[rule].keep
        return any(isinstance(part, WhileState) for part in parts_of(keep))

    # --- what a person must look at -----------------------------------------------------------

    def _missing(self, table: Table) -> Iterator[tuple[str, Predicate]]:
        for serve in table.serves.values():
            empty = []
            for clock in serve.clocks.values():
                if clock.null == "finding" and clock.path is not None:
                    empty.append(reached(clock.path.hops, Empty(clock.path.column)))
                if clock.otherwise is not None:
                    empty.append(Empty(clock.otherwise.column))
                for path in (clock.path, clock.otherwise):
                    if path is not None:
                        wrong = Unreadable(path.column, clock.reads_as)
                        empty.append(reached(path.hops, wrong))
            where = all_of([serve.when, any_of(empty)])
            if empty:
                yield serve.activity, where

    def _undecided(self, table: Table) -> Iterator[tuple[str, Predicate]]:
        for serve in table.serves.values():
            activity = self.policy.activities[serve.activity]
            for part in parts_of(activity.keep):
                if isinstance(part, NeededFrom):
                    clock = self.clock(activity, serve, part.clock)
                    waiting = none_of(living_clock(clock, self.timing.cutoff_of(part.every)))
                    rule = self._rule(activity, activity.keep, serve, None)
                    yield activity.id, all_of([serve.when, waiting, rule])


def limits(policy: Policy, table: Table, kind: str) -> tuple[TableCap, ...]:
    """Return the caps of a table that end a row whatever hold of a kind covers it.

    A cap on some categories alone ends no row: the hold keeps its other fields.
    """
    held = {category for column in table.columns.values() for category in column.categories}
    caps = ((cap, policy.caps[cap.cap]) for cap in table.caps.values())
    return tuple(
        at for at, cap in caps if kind not in cap.unless and (not cap.data or held <= {*cap.data})
    )


def _read(table: Table, column: str) -> ReadsAs:
    """Return how a clock in a column of the table's own rows is read."""
    clocks = [c for serve in table.serves.values() for c in serve.clocks.values()]
    clocks += [c for cap in table.caps.values() for c in cap.clocks.values()]
    return next((c.reads_as for c in clocks if c.path == Path(column)), "auto")
