"""What must be kept, and what is due? The definition, row by row, as plainly as it can be said.

`judge` takes a policy and a map as `yaml.safe_load` gives them, the rows of one system, and what
was decided and placed on hold. It returns, for every row, whether it is kept, erased or turned
into statistics, and for every mapped column which grounds keep it and until when. The modules are
layers: `days`, `people` and `maps` know no grounds; `clocks` reads events, `rules` the life of an
activity, `grounds` what covers a field, and this one decides about fields and rows.

Where the formats leave room, the reading that erases least was taken. The list, so that the engine
can be aligned with it or it with the engine:

Clocks
 1. A missing parent at the end of a way is a NULL, also inside `latest:`; a sign-up whose event is
    gone leaves an event date that is not known, not "no sign-up". A missing parent before children
    leaves no linked row.
 2. A NULL among the linked rows keeps the whole clock open (`not_yet`, `finding`), however old the
    others are; `ended` ignores it. With `none: ended` and only ignored rows the clock has ended.
 3. NULL in an `else` column is a finding even where linked rows are there.
 4. `over`: NULL is equal to nothing; a row is always among its own siblings.
 5. Of several clocks, an unknown one (`finding`) keeps under `last_of`; under `first_of` another
    one that has passed ends the ground all the same, since the first can only be earlier.
 6. A clock that is `ended` by NULL has struck, long ago: it ends `first_of`, and `last_of` waits
    for the others. In a cap it lets the cap pass.
 7. Text that is no date is a finding.
Days
 8. A day is counted in the organisation's zone; naive timestamps lie in the system's zone. A `date`
    column is a day as it stands.
Decisions
 9. A begins clock that holds only a day began before a decision of the same day.
10. Per witness: the links of the begins clock are the first links of the retention clock (or all).
    The `else` column is a witness too, and its begin is the `else` column of the begins clock.
    Otherwise row by row, by the latest value of the begins clock, NULL aside.
11. A withdrawal ends the consent, in every row where it was not surely given (again) after it: the
    latest provable event decides (design, two sources of consent), whatever `begins` says.
12. An activity without `begins` began before every decision, also one that rests on a consent.
13. A withdrawal of a special consent ends the special categories only.
14. `belongs_to` reaches through several tables: every row above counts.
15. A ground is inherited for a category whatever `columns:` its serve has on the parent's table.
16. Whether it is alive there is asked for the parent's people: with several, one of them is enough.
    Where the child names people of its own, a decision about the field's person ends it too.
17. A child that names nobody is about everybody its parents are about; a decision ends its own
    grounds only where every one of them is decided.
18. Holds are grounds, so children inherit them (row, time range and person) for every category.
19. A cap limits what is kept on the rows of the table that maps it, and so what rows that belong
    to these inherit; the ground is not alive there any more. What they are kept by themselves is
    limited where their own table maps the cap.
20. A table without personal columns that belongs to another follows it: its row is kept while some
    field of a row above is kept. Without any row above, or on a table that belongs to nothing and
    serves nothing, it is no personal data and never touched.
Holds
21. NULL lies in no time range.
Fields and rows
22. Review (`mentions: others`, and a field that lost some of its categories) only where there is
    something to read: not where the field is NULL or blank already. Until then it counts as kept.
23. "Would live but for a decision" is asked without any decision about anybody.
24. NULL is always blank already, whatever `blank:` says.
25. A row turned into statistics still refers to its parents, and keeps them as skeletons.
Criteria
26. The latest decision on a criterion counts, if it is not after the as-of date. `ended` by NULL
    waits for a decision too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from oracle.grounds import Grounds
from oracle.maps import Row, categories_of, read_map
from oracle.values import (
    CategoryFate,
    Decision,
    FieldFate,
    Hold,
    RowFate,
    Verdict,
    WholeFate,
    last_of,
)


def judge(
    policy: Mapping[str, Any],
    systems: Mapping[str, Any],
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    *,
    as_of: date,
    system: str | None = None,
    holds: Iterable[Hold] = (),
    decisions: Iterable[Decision] = (),
    criteria: Mapping[str, date] | None = None,
) -> Verdict:
    """Return the fate of every row of one system (by default the only one).

    Args:
        as_of: Day in the organisation's zone.
        criteria: Activity to the date of the latest decision that data is no longer needed.
    """
    written = systems["systems"]
    name = system or next(iter(written))
    criteria = {activity: day for activity, day in (criteria or {}).items() if day <= as_of}
    return Judge(
        policy, written[name], read_map(written[name], rows), as_of, holds, decisions, criteria
    ).verdict()


class Judge(Grounds):
    """The definition over one system."""

    def category_fate(
        self, row: Row, column: str, category: str, *, decided: bool = True
    ) -> CategoryFate:
        """Return what becomes of a category in a field."""
        grounds = self.grounds(row, column, category, decided=decided)
        return CategoryFate(category, tuple(grounds), last_of([g.life for g in grounds]))

    def field_fate(self, row: Row, column: str, written: Any) -> FieldFate:  # noqa: ANN401 - YAML
        """Return what becomes of a field."""
        categories = categories_of(written)
        fates = {each: self.category_fate(row, column, each) for each in categories}
        living = [fate.kept for fate in fates.values()]
        review = any(living) and not all(living)
        if isinstance(written, Mapping) and written.get("mentions") == "others" and not any(living):
            without = [self.category_fate(row, column, c, decided=False) for c in categories]
            review = any(fate.kept for fate in without)
        return FieldFate(column, fates, review and not self.is_blank(row, column))

    def is_blank(self, row: Row, column: str) -> bool:
        """Return whether a field holds what blanking would write, or nothing."""
        written = self.map.tables[row.table]["columns"][column]
        return is_blank(written, row.key, row.values[column])

    def row_fate(
        self,
        row: Row,
        fields: Mapping[str, FieldFate],
        whole: WholeFate,
        *,
        own: bool,
        refs: bool,
    ) -> RowFate:
        """Return what becomes of a row, from its fields and whether others keep it."""
        table = self.map.tables[row.table]
        fate = "kept" if own or refs else table.get("when_due", "erase")
        fate = "erased" if fate == "erase" else fate
        dead = [c for c, f in fields.items() if not f.kept and not f.review]
        blank = [] if fate == "erased" else [c for c in dead if not self.is_blank(row, c)]
        review = [] if fate == "erased" else [c for c, f in fields.items() if f.review]
        return RowFate(
            row.table,
            row.key,
            fate,
            not own and fate == "kept",
            fields,
            tuple(blank),
            tuple(review),
            None if fields else whole,
        )

    def verdict(self) -> Verdict:
        """Return the fate of every row."""
        rows = [row for rows in self.map.rows.values() for row in rows]
        fields = {row: self.fields(row) for row in rows}
        kept = {row for row in rows if self.keeps_itself(row, fields)}
        staying = kept | {row for row in rows if self.is_statistics(row)}
        while True:
            parents = {p for row in staying for p in self.kept_parents(row)}
            if parents <= staying:
                break
            staying |= parents
        referred = {p for row in staying for p in self.kept_parents(row) if p != row}
        return Verdict(
            {
                (row.table, row.key): self.row_fate(
                    row,
                    fields[row],
                    self.whole_fate(row, fields, kept=row in kept),
                    own=row in kept,
                    refs=row in referred,
                )
                for row in rows
            },
            self.findings,
        )

    def fields(self, row: Row) -> dict[str, FieldFate]:
        """Return the fate of every mapped column of a row."""
        columns = self.map.tables[row.table].get("columns", {})
        return {c: self.field_fate(row, c, w) for c, w in columns.items() if w != "none"}

    def whole_fate(
        self, row: Row, fields: Mapping[Row, Mapping[str, FieldFate]], *, kept: bool
    ) -> WholeFate:
        """Return what keeps a row as a whole, and what it goes with."""
        tables = (k.parent for k in self.map.links if k.follows and k.child == row.table)
        staying = (p for p in self.parents(row) if self.keeps_itself(p, fields, (row,)))
        return WholeFate(kept, frozenset(p.table for p in staying), frozenset(tables))

    def keeps_itself(
        self,
        row: Row,
        fields: Mapping[Row, Mapping[str, FieldFate]],
        seen: tuple[Row, ...] = (),
    ) -> bool:
        """Return whether a field of a row is kept or read first; without fields, see 20."""
        if fields[row]:
            return any(f.kept or f.review for f in fields[row].values())
        parents = [parent for parent in self.parents(row) if parent not in (row, *seen)]
        serves = self.map.tables[row.table].get("serves", {})
        if not parents and not serves:
            return True
        people = self.people(row)
        return (
            any(self.keeps_itself(parent, fields, (*seen, row)) for parent in parents)
            or any(self.life_for(row, name, "", people, []).alive for name in serves)
            or bool(self.holds_on(row, people))
            or bool(self.holds_below(row, ()))
        )

    def is_statistics(self, row: Row) -> bool:
        """Return whether a row stays in the table even when it is due."""
        return self.map.tables[row.table].get("when_due") == "statistics"

    def kept_parents(self, row: Row) -> Iterator[Row]:
        """Yield the rows that a row refers to through links that keep their parents."""
        for link in self.map.links:
            if link.keeps_parent and link.child == row.table:
                parent = self.map.parent(row, link)
                if parent is not None:
                    yield parent


def is_blank(written: Any, key: tuple[Any, ...], value: Any) -> bool:  # noqa: ANN401 - YAML
    """Return whether a column's value holds what blanking would write, or nothing.

    A unique blank has the row's key in its text; in a number column it is the key's negative.
    """
    if value is None:
        return True
    blank = (written.get("blank") if isinstance(written, Mapping) else None) or {}
    if "unique" in blank:
        if isinstance(value, int):
            return value == -key[0]
        return value == blank["unique"].replace("{key}", "-".join(str(part) for part in key))
    return value == blank.get("value")
