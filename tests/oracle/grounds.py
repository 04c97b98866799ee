"""Which grounds keep a category in a field: its own row's, those of the rows above, and holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from oracle.clocks import Case
from oracle.days import Moment
from oracle.maps import Link, Row, categories_of
from oracle.people import Person, is_shared, one_spelling
from oracle.rules import FACTS, Rules
from oracle.values import ALWAYS, Ground, Hold, Life, Span, first_of, last_of


class Grounds(Rules):
    """The grounds on the rows of one system, and the people they are about."""

    def grounds(
        self, row: Row, column: str, category: str, *, decided: bool = True
    ) -> list[Ground]:
        """Return every living ground of a category in a field."""
        own = self.map.tables[row.table].get("subjects")
        also = self.people_of_field(row, column) if own else []
        found = self.grounds_at(row, column, category, also if decided else None)
        return self.above(row, category, found, also if decided else None, (row,))

    def above(
        self,
        row: Row,
        category: str,
        found: list[Ground],
        also: Sequence[Person] | None,
        seen: tuple[Row, ...],
    ) -> list[Ground]:
        """Return grounds found at a row and those of the rows it belongs to, as its caps let them.

        Args:
            also: People of the field whose decisions count on every row; None: no decision counts.
            seen: The rows on the way, so that a circle ends.
        """
        grounds = list(found)
        for parent in self.parents(row):
            if parent not in seen:
                theirs = self.grounds_at(parent, None, category, also)
                grounds += self.above(parent, category, theirs, also, (*seen, parent))
        caps = self.caps(row, category)
        capped = [self.capped(ground, caps) for ground in grounds]
        return list(dict.fromkeys(ground for ground in capped if ground.life.alive))

    def grounds_at(
        self, row: Row, column: str | None, category: str, also: Sequence[Person] | None
    ) -> list[Ground]:
        """Return the grounds of one row's table; of a row above, for whatever column."""
        people = self.people_of_field(row, column)
        found = []
        for name, serve in self.map.tables[row.table].get("serves", {}).items():
            columns = serve.get("columns") if column else None
            if self.covers(name, category) and (not columns or column in columns):
                life = self.life_for(row, name, category, people, also)
                found.append(Ground("activity", name, life, row.table, row.key))
        held = Life(alive=True, opens=frozenset({"held"}))
        holds = self.holds_on(row, people)
        if column is not None:
            holds = _once(holds + self.holds_below(row, ()))
        return found + [Ground("hold", hold.id, held, row.table, row.key) for hold in holds]

    def holds_below(self, row: Row, over: tuple[Link, ...]) -> list[Hold]:
        """Return the holds on rows that refer to a row, or are referred to by such, and so on."""
        found: list[Hold] = []
        for link in self.map.links:
            if link.parent != row.table or link.follows or not link.keeps_parent or link in over:
                continue
            for child in self.map.rows[link.child]:
                if link.joins(child, row):
                    held = self.holds_of(child, ()) + self.holds_below(child, (*over, link))
                    found += [hold for hold in held if not self.ends_rows(child, hold)]
        return found

    def holds_of(self, row: Row, seen: tuple[Row, ...]) -> list[Hold]:
        """Return the holds on a row or on one that it belongs to."""
        found = self.holds_on(row, self.people(row))
        for parent in self.parents(row):
            if parent not in (row, *seen):
                above = self.holds_of(parent, (*seen, row))
                found += [hold for hold in above if not self.ends_rows(parent, hold)]
        return found

    def ends_rows(self, row: Row, hold: Hold) -> bool:
        """Return whether a cap on all that a row holds has passed that does not name the hold."""
        columns = self.map.tables[row.table].get("columns", {}).values()
        held = {c for written in columns if written != "none" for c in categories_of(written)}
        for name, limits in self.map.tables[row.table].get("caps", {}).items():
            cap = self.policy["caps"][name]
            if cap.get("data") and not held <= set(cap["data"]):
                continue
            if (
                hold.kind not in cap.get("unless", ())
                and not self.cap_life(row, name, limits).alive
            ):
                return True
        return False

    def capped(self, ground: Ground, caps: Sequence[tuple[Sequence[str], Life]]) -> Ground:
        """Return a ground as long as the caps let it live that do not name it."""
        limits = [life for unless, life in caps if self.name_for_caps(ground) not in unless]
        return replace(ground, life=first_of([ground.life, *limits]))

    def name_for_caps(self, ground: Ground) -> str:
        """Return the name under which a cap's `unless` lets a ground pass."""
        if ground.kind == "activity":
            return ground.name
        (kind,) = {hold.kind for _, hold in self.holds if hold.id == ground.name}
        return kind

    def caps(self, row: Row, category: str) -> list[tuple[Sequence[str], Life]]:
        """Return the caps on a category of a row: who passes them, and their lives."""
        found = []
        for name, limits in self.map.tables[row.table].get("caps", {}).items():
            cap = self.policy["caps"][name]
            if cap.get("data") and category not in cap["data"]:
                continue
            found.append((cap.get("unless", ()), self.cap_life(row, name, limits)))
        return found

    def cap_life(self, row: Row, name: str, limits: Mapping[str, Any]) -> Life:
        """Return how long a cap lets a row's data live."""
        if not self.map.holds(limits.get("when"), row):
            return ALWAYS
        cap = self.policy["caps"][name]
        keep = {**FACTS[cap["law"]], **cap} if "law" in cap else cap
        return self.after(Case(row, name, limits), keep)

    def covers(self, activity: str, category: str) -> bool:
        """Return whether an activity's data names a category."""
        return category in self.policy["activities"][activity]["data"]

    def life_for(
        self,
        row: Row,
        activity: str,
        category: str,
        people: Sequence[Person],
        also: Sequence[Person] | None,
    ) -> Life:
        """Return an activity's life on a row: it is enough that it lives for one of the people.

        Args:
            also: People whose decisions count besides; None: no decision counts.
        """
        lives = []
        for one in people or [frozenset()]:
            about = [] if also is None else [one, *also]
            decisions = [d for who, d in self.decisions if any(who & each for each in about)]
            lives.append(self.activity_life(row, activity, category, decisions))
        return last_of(lives)

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

    def parents(self, row: Row) -> list[Row]:
        """Return the rows that a row belongs to."""
        found = [
            self.map.parent(row, link)
            for link in self.map.links
            if link.follows and link.child == row.table
        ]
        return [parent for parent in found if parent is not None]

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


def _once(holds: Sequence[Hold]) -> list[Hold]:
    return list({hold.id: hold for hold in holds}.values())
