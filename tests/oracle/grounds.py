"""Which grounds keep a category in a field: its own row's, those of the rows above, and holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from oracle.days import Moment
from oracle.maps import Row
from oracle.people import Person, is_shared, one_spelling
from oracle.rules import Rules
from oracle.values import Ground, Hold, Life, Span, last_of


class Grounds(Rules):
    """The grounds on the rows of one system, and the people they are about."""

    def grounds(
        self, row: Row, column: str, category: str, *, decided: bool = True
    ) -> list[Ground]:
        """Return every living ground of a category in a field, caps aside."""
        people = self.people_of_field(row, column)
        found = []
        for name, serve in self.map.tables[row.table].get("serves", {}).items():
            columns = (serve or {}).get("columns")
            if self.covers(name, category) and (not columns or column in columns):
                found.append((row, name, self.life_for(row, name, category, people, [], decided)))
        own = people if self.map.tables[row.table].get("subjects") else []
        for above in self.rows_above(row):
            for name in self.map.tables[above.table].get("serves", {}):
                if self.covers(name, category):
                    theirs = self.people(above)
                    life = self.life_for(above, name, category, theirs, own, decided)
                    found.append((above, name, life))
        grounds = [
            Ground("activity", name, life, where.table, where.key)
            for where, name, life in found
            if life.alive
        ]
        return grounds + self.hold_grounds(row, column)

    def covers(self, activity: str, category: str) -> bool:
        """Return whether an activity's data names a category."""
        return category in self.policy["activities"][activity]["data"]

    def life_for(
        self,
        row: Row,
        activity: str,
        category: str,
        people: Sequence[Person],
        also: Sequence[Person],
        decided: bool,
    ) -> Life:
        """Return an activity's life on a row: it is enough that it lives for one of the people.

        Args:
            also: People whose decisions count besides.
        """
        lives = []
        for one in people or [frozenset()]:
            about = [one, *also] if decided else []
            decisions = [d for who, d in self.decisions if any(who & each for each in about)]
            lives.append(self.activity_life(row, activity, category, decisions))
        return last_of(lives)

    def hold_grounds(self, row: Row, column: str | None) -> list[Ground]:
        """Return the holds on a field: its person's, its row's, and those of the rows above."""
        found = [(row, hold) for hold in self.holds_on(row, self.people_of_field(row, column))]
        for above in self.rows_above(row):
            found += [(above, hold) for hold in self.holds_on(above, self.people(above))]
        life = Life(alive=True, opens=frozenset({"held"}))
        return [Ground("hold", hold.id, life, where.table, where.key) for where, hold in found]

    def holds_on(self, row: Row, people: Sequence[Person]) -> list[Hold]:
        """Return the holds on a row itself or on one of the people."""
        return [
            hold
            for named, hold in self.holds
            if any(one & other for one in named for other in people)
            or (row.table, row.key) in hold.rows
            or any(self.lies_in(row, span) for span in hold.spans)
        ]

    def lies_in(self, row: Row, span: Span) -> bool:
        """Return whether a row lies in a time range; NULL does not."""
        if row.table != span.table:
            return False
        value = self.cell(row, span.column, span.reads_as)
        return isinstance(value, Moment) and span.first <= value.day <= span.last

    # --------------------------------------------------------------------- people and rows above

    def rows_above(self, row: Row) -> list[Row]:
        """Return the rows that a row belongs to, those that these belong to, and so on."""
        above: list[Row] = []
        waiting = [row]
        while waiting:
            child = waiting.pop()
            for link in self.map.links:
                if link.follows and link.child == child.table:
                    parent = self.map.parent(child, link)
                    if parent is not None and parent is not row and parent not in above:
                        above.append(parent)
                        waiting.append(parent)
        return above

    def people(self, row: Row) -> list[Person]:
        """Return everybody a row is about: those it names, else those of the rows it belongs to."""
        subjects = self.map.tables[row.table].get("subjects")
        if subjects:
            return [self.read_person(row, written) for written in subjects.values()]
        return self.people_above(row, [row])

    def people_above(self, row: Row, seen: list[Row]) -> list[Person]:
        """Return everybody the nearest rows above that name people are about."""
        found: list[Person] = []
        for link in self.map.links:
            if not link.follows or link.child != row.table:
                continue
            parent = self.map.parent(row, link)
            if parent is None or parent in seen:
                continue
            seen.append(parent)
            subjects = self.map.tables[parent.table].get("subjects")
            if subjects:
                found += [self.read_person(parent, written) for written in subjects.values()]
            else:
                found += self.people_above(parent, seen)
        return found

    def people_of_field(self, row: Row, column: str | None) -> list[Person]:
        """Return who a field is about."""
        table = self.map.tables[row.table]
        written = table.get("columns", {}).get(column)
        subject = written.get("subject") if isinstance(written, Mapping) else None
        if subject:
            return [self.read_person(row, table["subjects"][subject])]
        return self.people(row)

    def read_person(self, row: Row, subject: Mapping[str, Any]) -> Person:
        """Return one person of a row by the identifiers the map names."""
        found = set()
        for kind, path in subject.items():
            if kind == "shared":
                continue
            value = one_spelling(kind, self.map.value(row, path), self.country)
            if value is None or (kind == "email" and is_shared(value, subject.get("shared", ()))):
                continue
            found.add((kind, value))
        return frozenset(found)
