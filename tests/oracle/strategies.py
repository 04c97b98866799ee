"""Random worlds: small, valid in the formats, with dates around the days on which things end.

`worlds()` draws a world; `Shape` says what it may contain. Drawing is by index into short lists
whose first item is the plainest, so that a failing world shrinks to a plain one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, TypeVar

from hypothesis import strategies as st

from oracle.days import add_months, financial_year_end, period
from oracle.maps import categories_of
from oracle.rules import FACTS
from oracle.values import Decision, Hold, Span
from oracle.worlds import Column, ForeignKey, Table, World

Item = TypeVar("Item")


@dataclass(frozen=True)
class Shape:
    """What a world may contain; turn parts off to test an engine that lacks them.

    Args:
        instants: Timestamps with a zone (PostgreSQL, MariaDB); not on SQLite.
        text_clocks: Clocks in text and in numbers.
        other_zones: Systems in another time zone than the organisation's.
        bad_text: Text in a clock that is no date.
        mixed_consents: Consents given on a day and withdrawn at a time, or the other way round.
        own_people_below: Child tables that name people of their own.
        fieldless: Child tables without personal columns.
        several_owners: `belongs_to` more than one table.
        sibling_nulls: NULL in the columns of `over`.
        columns_above: `columns:` of a serve on a table that others belong to.
        circles: Links of tables in a circle.
    """

    tables_max: int = 5
    rows_max: int = 12
    activities_max: int = 5
    instants: bool = False
    text_clocks: bool = True
    other_zones: bool = True
    bad_text: bool = False
    mixed_consents: bool = True
    several_people: bool = True
    own_people_below: bool = True
    fieldless: bool = True
    several_owners: bool = True
    circles: bool = True
    self_links: bool = True
    composite: bool = True
    polymorphic: bool = True
    siblings: bool = True
    sibling_nulls: bool = True
    columns_above: bool = True
    expressions: bool = True
    caps: bool = True
    holds: bool = True
    decisions: bool = True
    mentions: bool = True
    statistics: bool = True


AS_OF = (
    date(2024, 6, 15),
    date(2024, 2, 29),
    date(2024, 3, 1),
    date(2023, 2, 28),
    date(2023, 3, 31),
    date(2023, 12, 31),
    date(2024, 1, 1),
    date(2024, 10, 27),
    date(2024, 7, 1),
)
PERIODS = ("1 year", "14 days", "3 years", "1 month", "3 years 6 months", "P6M", "1 month 10 days")
COUNTED = ("event", "event", "financial_year_end", "calendar_year_of_financial_year_end")
YEAR_ENDS = ("12-31", "06-30", "03-31", "02-28")
SYSTEM_ZONES = (None, None, "UTC", "Europe/Helsinki", "Atlantic/Reykjavik", "America/New_York")
TABLES = ("people", "orders", "notes", "cases", "events")
CLOCKS = ("held", "made", "left")
COLUMNS = {
    "name": ("name",),
    "email": ("email",),
    "phone": ("phone",),
    "note": ("note",),
    "cpr": ("national_id",),
    "sick": ("health",),
    "lines": ("order_lines",),
    "story": ("note", "health"),
}
"""Personal columns and what they hold; `lines` is a reserved word of MariaDB."""
CATEGORIES = ("name", "email", "note", "phone", "health", "national_id", "order_lines")
HOLD_KINDS = ("legal_claim", "restriction", "police_report", "audit")
EMAILS = (
    "kari@example.org",
    "KARI@Example.org",
    "ola@example.org",
    " kari@example.org ",
    "info@example.org",
)
PHONES = {
    "DK": ("12345678", "12 34 56 79", "+45 12345678", "0045 12-34-56-78"),
    "NO": ("12345678", "12 34 56 79", "+47 12345678", "0047 12-34-56-78"),
    "SE": ("070-174 06 05", "0701740606", "+46 70 174 06 05", "0046701740605"),
    "FI": ("040 1234567", "0401234568", "+358 40 1234567", "00358 40 123 4567"),
    "IS": ("1234567", "123 4568", "+354 123 4567", "00354 1234567"),
}
NATIONAL_IDS = ("010101-1234", "0101011234", "020202-5678", "020202 5678")
STATUSES = ("active", "paused", "gone", None)
KINDS = ("a", "b", None)
TIMES = (time(12), time(0), time(23, 59, 59), time(23, 30), time(0, 30), time(22, 0), time(5, 0))


@cache
def _upto(largest: int) -> st.SearchStrategy[int]:
    return st.integers(0, largest)


@dataclass
class TableSketch:
    """A table while it is made."""

    id: str
    name: str
    key: dict[str, str]
    count: int
    clock_types: dict[str, str]
    columns: dict[str, Column] = field(default_factory=dict)
    map: dict[str, Any] = field(default_factory=dict)
    links: list[LinkSketch] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    serves: list[str] = field(default_factory=list)
    goes_along: bool = False
    people: int = 0
    identifiers: list[str] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)

    def use(self, name: str, kind: str = "text", *, nullable: bool = True) -> str:
        """Have a column in the database."""
        self.columns.setdefault(name, Column(name, self.clock_types.get(name, kind), nullable))
        return name

    def key_of(self, row: int) -> dict[str, Any]:
        """Return the key of a row by its number; numbers from `count` on name rows not there."""
        if len(self.key) == 2:
            return {"no": row // 2 + 1, "year": 2020 + row % 2}
        return {
            name: f"k{row + 1}" if kind == "text" else row + 1 for name, kind in self.key.items()
        }


@dataclass
class LinkSketch:
    """A link while it is made.

    Args:
        wanted: The value of the child's `kind`.
        firm: The database lets no row be without a parent, and erases it with that.
    """

    name: str
    child: TableSketch
    parent: TableSketch
    columns: dict[str, str]
    follows: bool
    wanted: str | None = None
    firm: bool = False


READS_AS = {"utc": "utc", "unix": "unix_seconds", "iso_day": "iso_text", "iso_time": "iso_text"}


class Maker:
    """Draws one world."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any], shape: Shape) -> None:
        self.draw, self.shape = draw, shape
        self.tables: list[TableSketch] = []
        self.activities: dict[str, dict[str, Any]] = {}
        self.caps: dict[str, dict[str, Any]] = {}
        self.consents: dict[str, dict[str, Any]] = {}
        self.clocks_used: dict[str, str] = {}

    # ------------------------------------------------------------------------ drawing

    def pick(self, options: Sequence[Item]) -> Item:
        """Draw one of several, the first the plainest."""
        return options[self.draw(_upto(len(options) - 1))] if len(options) > 1 else options[0]

    def chance(self, one_in: int) -> bool:
        """Draw whether something unusual is so."""
        return self.draw(_upto(one_in - 1)) == one_in - 1

    def many(self, make: Callable[[], Item], least: int, most: int) -> list[Item]:
        """Draw several of something; each as a whole, so that it can be left out by itself."""
        one = st.builds(make)
        return [self.draw(one) for _ in range(least + self.draw(_upto(most - least)))]

    def some(self, options: Sequence[Item], least: int = 1) -> list[Item]:
        """Draw some of several, at least so many."""
        chosen = [option for option in options if self.chance(2)]
        for option in options:
            if len(chosen) >= least:
                break
            if option not in chosen:
                chosen.append(option)
        return chosen

    # ------------------------------------------------------------------------- policy

    def organisation(self) -> dict[str, Any]:
        """Make the organisation."""
        self.country = self.pick(("DK", "NO", "SE", "FI", "IS"))
        made: dict[str, Any] = {
            "name": "Klubben",
            "number": "00000000",
            "country": self.country,
            "languages": ["en"],
            "contact": {"email": "klub@example.org"},
        }
        if self.chance(4):
            made["zone"] = self.pick(("Europe/Copenhagen", "Europe/Helsinki"))
        self.year_end = self.pick(YEAR_ENDS)
        if self.year_end != "12-31":
            made["financial_year_end"] = self.year_end
        return made

    def make_consents(self) -> None:
        """Make up to two consents."""
        if self.chance(2):
            self.consents["news"] = {"purpose": "news", "text": "Yes please"}
            if self.chance(2):
                self.consents["checks"] = {
                    "purpose": "checks",
                    "text": "Yes please",
                    "expires": self.pick(("1 year", "6 months")),
                }

    def make_activities(self) -> None:
        """Make the activities, one of which covers names."""
        made = self.many(self.activity, 1, self.shape.activities_max)
        self.activities = {f"a{number + 1}": activity for number, activity in enumerate(made)}

    def activity(self) -> dict[str, Any]:
        """Make one activity."""
        made: dict[str, Any] = {"title": "Work", "purpose": "Work", "about": "members"}
        made["data"] = self.some(CATEGORIES)
        basis = self.basis(made["data"])
        facts = {"DK": ("dk_bogf", "dk_kildeskat"), "NO": ("no_bok5", "no_bok35")}
        ordinary = not {"health", "national_id"} & set(made["data"])
        if self.country in facts and ordinary and self.chance(6):
            made["law"] = self.pick(facts[self.country])
            made["keep"] = {"after": self.clock_name()}
        else:
            made["basis"] = basis
            made["keep"] = self.keep(basis.get("consent"))
        if self.chance(2):
            made["begins"] = self.clock_name()
        if self.chance(4):
            made["marketing"] = True
        return made

    def basis(self, data: Sequence[str]) -> dict[str, Any]:
        """Make a basis, with the conditions that the data needs."""
        kinds: list[dict[str, Any]] = [
            {"contract": "the membership"},
            {"public_task": "DK erhvervsfremmeloven § 14"},
            {"legitimate_interests": {"interest": "members", "assessed_on": date(2024, 1, 10)}},
            *({"consent": name} for name in self.consents),
        ]
        basis = dict(self.pick(kinds))
        if "health" in data:
            conditions: list[dict[str, Any]] = [{"employment": "DK helbredsoplysningsloven § 2"}]
            conditions += [{"consent": name} for name in self.consents]
            basis["special"] = self.pick(conditions)
        if "national_id" in data:
            basis["national_id"] = "DK databeskyttelsesloven § 11"
        return basis

    def clock_name(self) -> str:
        """Draw a clock's name and have it declared."""
        name = self.pick(CLOCKS)
        self.clocks_used[name] = f"it was {name}"
        return name

    def keep(self, consent: str | None, depth: int = 0) -> dict[str, Any]:
        """Make a retention rule."""
        kinds = ["after"] * 3 + ["until", "while", "needed_from"]
        kinds += ["consent"] if consent else []
        kinds += ["law"] if self.country in ("DK", "NO") else []
        kinds += ["first_of", "last_of"] if depth == 0 else []
        kind = self.pick(kinds)
        if kind in ("first_of", "last_of"):
            parts = [self.keep(consent, depth + 1) for _ in range(2)]
            return {kind: parts}
        if kind == "while":
            return {"while": self.pick(("relation", "open"))}
        if kind == "until":
            return {"until": self.clock_name()}
        if kind == "consent":
            return {"until": "consent_withdrawn"}
        if kind == "needed_from":
            decide = {"by": "Chief", "every": "12 months"}
            return {"needed_from": self.clock_name(), "decide": decide}
        if kind == "law":
            fact = "dk_bogf" if self.country == "DK" else "no_bok35"
            return {"law": fact, "after": self.clock_name()}
        return self.after(consent)

    def after(self, consent: str | None) -> dict[str, Any]:
        """Make a period after clocks."""
        made: dict[str, Any] = {"for": self.pick(PERIODS), "after": self.clock_name()}
        if consent and self.chance(3):
            made["after"] = "consent_given"
        elif self.chance(4):
            names = list(dict.fromkeys([self.clock_name(), self.clock_name()]))
            if len(names) == 2:
                made["after"] = {self.pick(("first_of", "last_of")): names}
        counted = self.pick(COUNTED)
        if counted != "event":
            made["counted_from"] = counted
        return made

    def make_caps(self) -> None:
        """Make up to two caps."""
        made = self.many(self.cap, 0, 2) if self.shape.caps and self.chance(2) else []
        self.caps = {f"cap{number + 1}": cap for number, cap in enumerate(made)}

    def cap(self) -> dict[str, Any]:
        """Make one cap."""
        made: dict[str, Any] = {"about": "members"}
        if self.country == "DK" and self.chance(4):
            made |= {"law": "dk_tv", "after": self.clock_name()}
        else:
            made |= self.after(None)
            made.pop("counted_from", None)
        if self.chance(2):
            made["data"] = self.some(CATEGORIES)
        unless = self.some((*self.activities, *HOLD_KINDS), least=0)
        if unless:
            made["unless"] = unless
        return made

    # --------------------------------------------------------------------- tables and links

    def make_tables(self) -> None:
        """Make the tables and their links."""
        self.many(self.make_table, 1, self.shape.tables_max)
        for number, table in enumerate(self.tables):
            self.make_links(number, table)

    def make_table(self) -> None:
        """Make a table with its key, `created`, and how many rows it will have."""
        name = TABLES[len(self.tables)]
        keys: list[dict[str, str]] = [{"id": "int"}, {"id": "int"}, {"code": "text"}]
        keys += [{"no": "int", "year": "int"}] if self.shape.composite else []
        key = self.pick(keys)
        physical = self.pick((name, name, "order", f"T_{name}")) if name == "orders" else name
        made = TableSketch(name, physical, key, self.count(), self.clock_types())
        if physical != name:
            made.map["name"] = physical
        if key != {"id": "int"}:
            made.map["key"] = list(key) if len(key) > 1 else next(iter(key))
        for column, kind in key.items():
            made.use(column, kind, nullable=False)
        made.use("created", nullable=not self.chance(2))
        self.tables.append(made)

    def count(self) -> int:
        """Draw how many rows a table has: few, seldom many."""
        largest = self.shape.rows_max
        return min(
            self.draw(_upto(4)) if not self.chance(4) else self.draw(_upto(largest)), largest
        )

    def clock_types(self) -> dict[str, str]:
        """Draw what kinds of columns the table's clocks are; `created` never needs telling."""
        kinds = ["date", "local"]
        if self.shape.instants:
            kinds.append("instant")
        plain = tuple(kinds)
        if self.shape.text_clocks:
            kinds += ["utc", "unix", "iso_day", "iso_time"]
        given = self.pick(kinds)
        withdrawn = given
        if self.shape.mixed_consents and given in plain and self.chance(4):
            withdrawn = self.pick(plain)
        return {
            "created": self.pick(("date", "local")),
            "done": self.pick(kinds),
            "begun": self.pick(kinds),
            "given": given,
            "withdrawn": withdrawn,
        }

    def make_links(self, number: int, table: TableSketch) -> None:
        """Make a table's links: mostly to tables before it, seldom to itself or a later one."""
        if number and self.chance(4):
            self.go_along(table, self.tables[:number])
            return
        if number and not self.chance(5):
            follows = not self.chance(3)
            self.link(table, self.pick(self.tables[:number]), follows=follows)
        if number and self.chance(3):
            self.link(table, self.pick(self.tables[:number]), follows=self.chance(2))
        if number >= 2 and self.shape.polymorphic and self.chance(4):
            self.polymorphic(table, self.tables[:number])
        if self.shape.self_links and self.chance(6):
            self.link(table, table, follows=False)
        if self.shape.circles and number < len(self.tables) - 1 and self.chance(6):
            self.link(table, self.pick(self.tables[number + 1 :]), follows=False)

    def go_along(self, table: TableSketch, before: Sequence[TableSketch]) -> None:
        """Have nothing but its owner keep a table's rows, which may refer to others besides."""
        owners = [each for each in before if each.count]
        if owners:
            table.goes_along = True
            self.link(table, self.pick(owners), follows=True, firm=True)
        if self.chance(2) or not owners:
            self.link(table, self.pick(before), follows=False)

    def link(
        self, child: TableSketch, parent: TableSketch, *, follows: bool, firm: bool = False
    ) -> None:
        """Make one link, with columns of its own and perhaps a foreign key.

        Args:
            firm: No row is without a parent, and the database erases it with that.
        """
        taken = {link.name for link in child.links}
        name = parent.id
        if name in taken or parent is child or self.chance(4):
            name = f"l{sum(len(table.links) for table in self.tables) + 1}"
        columns = {f"{name}_{column}": column for column in parent.key}
        follows = follows and self.may_own(child)
        for mine, theirs in columns.items():
            child.use(mine, parent.key[theirs], nullable=not firm)
        keeps = firm or not self.chance(4)
        if len(columns) == 1 and name == parent.id and keeps:
            written: Any = next(iter(columns))
        else:
            short = next(iter(columns)) if len(columns) == 1 else columns
            written = {"table": parent.id, "columns": short}
            if not keeps:
                written["keeps_parent"] = False
        child.map.setdefault("belongs_to" if follows else "refers_to", {})[name] = written
        if firm or self.chance(2):
            gone = self.pick((None, "CASCADE", "SET NULL")) if keeps else "SET NULL"
            gone = "CASCADE" if firm else gone
            child.foreign_keys.append(
                ForeignKey(
                    f"fk_{child.id}_{name}", tuple(columns), parent.id, tuple(parent.key), gone
                )
            )
        child.links.append(LinkSketch(name, child, parent, columns, follows, firm=firm))

    def may_own(self, child: TableSketch) -> bool:
        """Return whether a table may belong to one more."""
        return self.shape.several_owners or not any(link.follows for link in child.links)

    def polymorphic(self, child: TableSketch, parents: Sequence[TableSketch]) -> None:
        """Make two links of which a type column chooses one."""
        parents = [parent for parent in parents if parent.key == {"id": "int"}]
        if len(parents) < 2:
            return
        child.use("ref", "int")
        child.use("kind")
        for parent, kind in zip(parents[:2], KINDS, strict=False):
            name = f"ref_{kind}"
            follows = self.chance(3) and self.may_own(child)
            written = {"table": parent.id, "columns": "ref", "when": {"kind": kind}}
            child.map.setdefault("belongs_to" if follows else "refers_to", {})[name] = written
            link = LinkSketch(name, child, parent, {"ref": "id"}, follows, kind)
            child.links.append(link)

    # --------------------------------------------------------------------------------- paths

    def steps(self, table: TableSketch) -> list[tuple[str, TableSketch, bool]]:
        """Return the single hops from a table: how they are written, where to, and if to many."""
        found = []
        for other in self.tables:
            for link in other.links:
                if link.child is table:
                    found.append((self.word(table, link, link.parent), link.parent, False))
                if link.parent is table and link.child is not table:
                    found.append((self.word(table, link, link.child), link.child, True))
        return found

    def word(self, here: TableSketch, link: LinkSketch, there: TableSketch) -> str:
        """Return how a hop is written: the table where that is clear, else with its link."""
        if link.parent is link.child:
            return link.name
        between = [
            each
            for table in (here, there)
            for each in table.links
            if {id(each.child), id(each.parent)} == {id(here), id(there)}
        ]
        return there.id if len(between) == 1 else f"{there.id}[{link.name}]"

    def paths(self, table: TableSketch) -> list[tuple[list[str], TableSketch, bool]]:
        """Return the paths of one or two hops."""
        found = [([word], end, many) for word, end, many in self.steps(table)]
        for word, middle, many in self.steps(table):
            found += [
                ([word, further], end, many or also) for further, end, also in self.steps(middle)
            ]
        return found

    # --------------------------------------------------------------------- what tables serve

    def make_maps(self) -> None:
        """Write the map of every table."""
        for table in self.tables:
            self.choose_serves(table)
            self.choose_columns(table)
            self.choose_people(table)
        for table in self.tables:
            self.write_serves(table)
            self.write_caps(table)

    def above(self, table: TableSketch) -> list[TableSketch]:
        """Return the tables that a table's rows belong to, over any number of links."""
        found: list[TableSketch] = []
        waiting = [table]
        while waiting:
            for link in waiting.pop().links:
                if link.follows and link.parent not in found and link.parent is not table:
                    found.append(link.parent)
                    waiting.append(link.parent)
        return found

    def choose_serves(self, table: TableSketch) -> None:
        """Draw which activities a table serves; the first table serves one."""
        owned = any(link.follows for link in table.links)
        if table.goes_along or (owned and self.chance(2)):
            return
        if not owned and table is not self.tables[0] and self.chance(6):
            return  # an unpersonal table
        table.serves = self.some(list(self.activities))

    def covered(self, table: TableSketch) -> set[str]:
        """Return the categories that a table's columns may hold."""
        serves = [name for each in (table, *self.above(table)) for name in each.serves]
        return {category for name in serves for category in self.activities[name]["data"]}

    def choose_columns(self, table: TableSketch) -> None:
        """Draw the personal columns of a table, all of them covered."""
        covered = self.covered(table)
        fitting = [name for name, holds in COLUMNS.items() if set(holds) <= covered]
        if not table.serves and self.shape.fieldless and self.chance(3):
            fitting = []
        if not fitting:
            table.serves = []
            if not self.shape.fieldless and "belongs_to" in table.map:
                links = table.map.pop("belongs_to")
                table.map["refers_to"] = {**links, **table.map.get("refers_to", {})}
                for link in table.links:
                    link.follows = False
            return
        columns = {}
        for name in [self.pick(fitting)] if table.goes_along else self.some(fitting):
            columns[name] = self.column(table, name)
            table.texts.add(name)
        table.map["columns"] = columns

    def column(self, table: TableSketch, name: str) -> Any:  # noqa: ANN401 - YAML
        """Write one personal column."""
        holds = COLUMNS[name]
        written: dict[str, Any] = {"holds": holds[0] if len(holds) == 1 else list(holds)}
        nullable = not self.chance(6)
        blank = self.pick(("null", "null", "value", "unique"))
        if blank == "value" or (blank == "null" and not nullable):
            written["blank"] = {"value": self.pick(("", "erased"))}
        elif blank == "unique":
            written["blank"] = {"unique": "erased-{key}@example.invalid"}
        if self.shape.mentions and name in ("note", "story", "sick") and self.chance(2):
            written["mentions"] = "others"
        table.use(name, nullable=nullable)
        return written["holds"] if list(written) == ["holds"] else written

    def choose_people(self, table: TableSketch) -> None:
        """Draw who the rows of a table are about."""
        columns = table.map.get("columns")
        owners = [link.parent for link in table.links if link.follows and link.parent is not table]
        above = sum(owner.people for owner in owners)
        table.people = above
        if not columns or (owners and not self.shape.own_people_below):
            return
        if table.goes_along or (above and self.chance(2)):
            return
        kinds = {"email": "email", "phone": "phone", "cpr": "national_id"}
        identifiers = {kind: column for column, kind in kinds.items() if column in columns}
        if list(table.key) == ["id"] and self.chance(2):
            identifiers["id"] = "id"
        if "email" not in identifiers:
            self.person_of_parent(table, identifiers)
        if not identifiers:
            return
        if "email" in identifiers and self.chance(2):
            identifiers["shared"] = ["info"]
        table.map["subjects"] = {"person": identifiers}
        table.identifiers = [kind for kind in identifiers if kind != "shared"]
        table.people = 1
        if self.shape.several_people and {"name", "email"} <= set(columns) and self.chance(3):
            self.second_person(table, columns)

    def person_of_parent(self, table: TableSketch, identifiers: dict[str, Any]) -> None:
        """Let a person be known by the address that a row above has, seldom."""
        for link in table.links:
            if "email" in link.parent.map.get("columns", {}) and self.chance(3):
                identifiers["email"] = f"{self.word(table, link, link.parent)}.email"
                return

    def second_person(self, table: TableSketch, columns: dict[str, Any]) -> None:
        """Have the rows be about a spouse too."""
        table.map["subjects"]["spouse"] = {"email": "spouse_email"}
        table.people = 2
        for name, written in columns.items():
            if not isinstance(written, dict):
                written = {"holds": written}
            columns[name] = {**written, "subject": "person"}
        for name in ("name", "email"):
            columns[f"spouse_{name}"] = {"holds": name, "subject": "spouse"}
            table.use(f"spouse_{name}")
            table.texts.add(f"spouse_{name}")

    # ------------------------------------------------------------------ serves, clocks, states

    def write_serves(self, table: TableSketch) -> None:
        """Write what a table serves."""
        serves = {}
        for name in table.serves:
            activity, written = self.activities[name], {}
            if self.chance(3):
                written["when"] = self.condition(table)
            rule = activity["keep"]
            if "law" in activity:
                rule = {"law": activity["law"], **rule}
            clocks = sorted({*clocks_of(rule), activity.get("begins", "")} - {""})
            begins = activity.get("begins")
            written["clocks"] = {c: self.clock(table, begins=c == begins) for c in clocks}
            written["states"] = {state: self.condition(table) for state in states_of(rule)}
            written["consents"] = {
                consent: self.consent(table) for consent in consents_of(activity)
            }
            fitting = self.fitting(table, activity["data"])
            owns = any(
                link.follows and link.parent is table for t in self.tables for link in t.links
            )
            restrict = self.shape.columns_above or not owns
            if restrict and len(fitting) > 1 and self.chance(5):
                written["columns"] = self.some(fitting)
            serves[name] = {part: value for part, value in written.items() if value}
        if serves:
            table.map["serves"] = serves
            self.uncover_nothing(table)

    def fitting(self, table: TableSketch, data: Sequence[str]) -> list[str]:
        """Return the columns that hold a category of some data."""
        columns = table.map.get("columns", {})
        return [
            name for name, written in columns.items() if set(categories_of(written)) & set(data)
        ]

    def uncover_nothing(self, table: TableSketch) -> None:
        """Drop `columns:` of serves where a column would be left without any activity."""
        inherited = {
            category
            for above in self.above(table)
            for name in above.serves
            for category in self.activities[name]["data"]
        }
        for column, written in table.map["columns"].items():
            for category in set(categories_of(written)) - inherited:
                serves = [
                    serve
                    for name, serve in table.map["serves"].items()
                    if category in self.activities[name]["data"]
                ]
                if not any(column in serve.get("columns", (column,)) for serve in serves):
                    for serve in serves:
                        serve.pop("columns", None)

    def write_caps(self, table: TableSketch) -> None:
        """Write which caps limit a table."""
        caps = {}
        for name, cap in self.caps.items():
            if table.map.get("columns") and not table.goes_along and self.chance(2):
                rule = {**FACTS[cap["law"]], **cap} if "law" in cap else cap
                caps[name] = {"clocks": {clock: self.clock(table) for clock in clocks_of(rule)}}
                if self.chance(3):
                    caps[name]["when"] = self.condition(table)
        if caps:
            table.map["caps"] = caps

    def clock(self, table: TableSketch, *, begins: bool = False) -> Any:  # noqa: ANN401 - YAML
        """Write where an event's date is found; when something begins is no expression."""
        kinds = ["own", "own"]
        paths = self.paths(table)
        parents = [path for path in paths if not path[2]]
        many = [path for path in paths if path[2]]
        kinds += ["parent"] if parents else []
        kinds += ["latest"] * 3 if many else []
        kinds += ["siblings"] if self.shape.siblings else []
        kinds += ["expression"] if self.shape.expressions and not begins else []
        kind = self.pick(kinds)
        if kind == "own":
            return self.clock_column(table, [], table)
        if kind == "parent":
            words, end, _ = self.pick(parents)
            return self.clock_column(table, words, end)
        if kind == "latest":
            words, end, _ = self.pick(many)
            return self.latest(table, words, end)
        if kind == "siblings":
            written = self.written(table, [], table, self.pick(("done", "begun")))
            table.use("team", "int", nullable=self.shape.sibling_nulls)
            return {"latest": written.pop("column"), "over": ["team"], **written}
        return self.expression(table)

    def clock_column(self, table: TableSketch, words: list[str], end: TableSketch) -> Any:  # noqa: ANN401 - YAML
        """Write a clock of one column."""
        written = self.written(table, words, end, self.pick(("done", "created", "begun")))
        return written["column"] if list(written) == ["column"] else written

    def written(
        self, table: TableSketch, words: list[str], end: TableSketch, column: str
    ) -> dict[str, Any]:
        """Write a column with what NULL means and how it is read."""
        end.use(column)
        made: dict[str, Any] = {"column": ".".join([*words, column])}
        null = self.pick(("not_yet", "ended", "finding"))
        if null != "not_yet" or self.chance(4):
            made[None] = null  # a bare `null:` key, as people write it
        reads_as = READS_AS.get(end.clock_types[column])
        if reads_as:
            made["reads_as"] = reads_as
        return made

    def latest(self, table: TableSketch, words: list[str], end: TableSketch) -> dict[str, Any]:
        """Write the latest of linked rows, with what no linked row means."""
        written = self.written(table, words, end, self.pick(("done", "begun", "created")))
        made = {"latest": written.pop("column")}
        same = [
            column
            for column in ("created", "done", "begun")
            if READS_AS.get(table.clock_types[column]) == written.get("reads_as")
        ]
        if same and not self.chance(3):
            made["else"] = table.use(self.pick(same))
        else:
            made["none"] = "ended"
        return {**made, **written}

    def expression(self, table: TableSketch) -> dict[str, Any]:
        """Write an expression over two columns of one type."""
        for column in ("done", "begun"):
            if table.clock_types[column] == table.clock_types["created"]:
                reads = [table.use(column), table.use("created")]
                return {"expression": f"COALESCE({column}, created)", "reads": reads}
        return self.clock_column(table, [], table)

    def consent(self, table: TableSketch) -> dict[str, Any]:
        """Write where a consent is found: in the row, or in one linked row."""
        words: list[str] = []
        end = table
        paths = [path for path in self.steps(table) if not path[2]]
        if paths and self.chance(4):
            word, end, _ = self.pick(paths)
            words = [word]
        end.use("given")
        made = {"given": ".".join([*words, "given"])}
        if not self.chance(4):
            end.use("withdrawn")
            made["withdrawn"] = ".".join([*words, "withdrawn"])
        reads_as = READS_AS.get(end.clock_types["given"])
        if reads_as:
            made["reads_as"] = reads_as
        return made

    def condition(self, table: TableSketch, depth: int = 0) -> dict[str, Any]:
        """Write a condition on a row."""
        kinds = ["is", "is", "is_not", "filled", "empty"]
        paths = self.paths(table) if depth == 0 else []
        kinds += ["exists", "exists", "parent"] if paths else []
        kinds += ["all", "any", "not"] if depth == 0 else []
        kind = self.pick(kinds)
        if kind in ("all", "any"):
            return {kind: [self.condition(table, 1), self.condition(table, 1)]}
        if kind == "not":
            return {"not": self.condition(table, 1)}
        if kind == "exists":
            words, end, _ = self.pick(paths)
            made: dict[str, Any] = {"exists": ".".join(words)}
            if self.chance(2):
                made["where"] = self.condition(end, 1)
            return made
        parents = [path for path in paths if not path[2]]
        column = table.use("status")
        if kind == "parent" and parents:
            words, end, _ = self.pick(parents)
            column = ".".join([*words, end.use("status")])
        if kind in ("filled", "empty"):
            return {kind: column}
        values = self.pick(("active", ["active", "paused"], "gone"))
        return {"column": column, "is_not" if kind == "is_not" else "is": values}

    # ----------------------------------------------------------------------------- rows

    def make_days(self) -> list[date]:
        """Return days around which something ends on the as-of date."""
        lengths = {"1 year"}
        for activity in self.activities.values():
            rule = activity["keep"]
            lengths |= periods_of({"law": activity["law"], **rule} if "law" in activity else rule)
        for cap in self.caps.values():
            lengths |= periods_of({**FACTS[cap["law"]], **cap} if "law" in cap else cap)
        lengths |= {c["expires"] for c in self.consents.values() if "expires" in c}
        days = [self.as_of - timedelta(days=30), date(2010, 1, 1)]
        for length in sorted(lengths):
            one = period(length)
            edge = add_months(self.as_of, -one.months) - timedelta(days=one.days)
            year = financial_year_end(edge, self.year_end)
            days += [edge, edge - timedelta(days=1), edge + timedelta(days=1)]
            days += [add_months(year, -12), add_months(year, -12) + timedelta(days=1)]
        days += [self.as_of, self.as_of - timedelta(days=1), self.as_of + timedelta(days=1)]
        days += [date(2020, 2, 29), date(2023, 1, 31), add_months(self.as_of, 12)]
        return list(dict.fromkeys(days))

    def value(self, kind: str) -> Any:  # noqa: ANN401 - any column value
        """Draw when a clock struck, as its column has it."""
        day = self.pick(self.days)
        if kind == "date":
            return day
        if kind == "iso_day":
            if self.shape.bad_text and self.chance(6):
                return self.pick(("", "soon"))
            return day.isoformat()
        at = datetime.combine(day, self.pick(TIMES), UTC)
        if kind == "unix":
            return int(at.timestamp())
        if kind == "instant":
            return at
        naive = at.replace(tzinfo=None)
        return naive.isoformat() if kind == "iso_time" else naive

    def make_rows(self) -> dict[str, list[dict[str, Any]]]:
        """Draw the rows of every table."""
        return {
            table.id: [self.row(table, number) for number in range(table.count)]
            for table in self.tables
        }

    def row(self, table: TableSketch, number: int) -> dict[str, Any]:
        """Draw one row."""
        made: dict[str, Any] = table.key_of(number)
        for name in table.columns:
            if name == "kind":
                made[name] = self.pick(KINDS)
        for link in table.links:
            self.refer(table, link, made)
        for name, column in table.columns.items():
            if name in made:
                continue
            if column.nullable and self.chance(5):
                made[name] = None
            elif name in table.clock_types:
                made[name] = self.value(column.type)
            elif name in table.texts:
                made[name] = self.text(table, name, made)
            elif name == "status":
                made[name] = self.pick(STATUSES)
            else:
                made[name] = 1 + self.draw(_upto(1))
        return {name: made[name] for name in table.columns}

    def refer(self, table: TableSketch, link: LinkSketch, made: dict[str, Any]) -> None:
        """Draw which row a row refers to: one that is there, seldom none, rarely a lost one."""
        if link.wanted is not None:
            if "ref" not in made:
                made["ref"] = None if self.chance(6) else 1 + self.draw(_upto(3))
            return
        declared = any(set(key.columns) == set(link.columns) for key in table.foreign_keys)
        there = link.parent.count if declared else link.parent.count + 1
        if not link.firm and (there == 0 or self.chance(6)):
            made.update(dict.fromkeys(link.columns))
            return
        key = link.parent.key_of(self.draw(_upto(there - 1)))
        made.update({mine: key[theirs] for mine, theirs in link.columns.items()})
        if not declared and len(link.columns) == 2 and self.chance(6):
            made[next(iter(link.columns))] = None

    def text(self, table: TableSketch, name: str, row: Mapping[str, Any]) -> str:
        """Draw a personal value; seldom one that is blank already."""
        written = table.map["columns"][name]
        blank = written.get("blank", {}) if isinstance(written, dict) else {}
        if blank and self.chance(6):
            key = "-".join(str(row[column]) for column in table.key)
            return blank.get("value", blank.get("unique", "").replace("{key}", key))
        if name in ("email", "spouse_email"):
            return self.pick(EMAILS)
        if name == "phone":
            return self.pick(PHONES[self.country])
        if name == "cpr":
            return self.pick(NATIONAL_IDS)
        return "something"

    # ------------------------------------------------------------------ holds and decisions

    def person(self) -> dict[str, list[str]]:
        """Draw a person by one or two identifiers."""
        known = {
            "email": [self.pick(EMAILS)],
            "phone": [self.pick(PHONES[self.country])],
            "national_id": [self.pick(NATIONAL_IDS)],
            "id": ["1"],
        }
        told = [kind for table in self.tables for kind in table.identifiers]
        chosen = [self.pick(told or ["email"])]
        if self.chance(4):
            chosen.append("email")
        return {kind: known[kind] for kind in chosen}

    def make_holds(self, rows: Mapping[str, list[dict[str, Any]]]) -> tuple[Hold, ...]:
        """Draw up to two holds."""
        made = self.many(lambda: self.hold(rows), 0, 2) if self.shape.holds else []
        return tuple(replace(hold, id=f"h{number + 1}") for number, hold in enumerate(made))

    def hold(self, rows: Mapping[str, list[dict[str, Any]]]) -> Hold:
        """Draw a hold: on a person, on a row, or on days of a clock."""
        kind, table = self.pick(HOLD_KINDS), self.pick(self.tables)
        clocks = [
            column
            for column, made in table.columns.items()
            if column in table.clock_types and made.type in ("date", "local", "instant")
        ]
        scope = self.pick(("people", "rows", "span"))
        if scope == "people":
            return Hold("", kind, people=(self.person(),))
        if scope == "rows" and rows[table.id]:
            row = self.pick(rows[table.id])
            return Hold("", kind, rows=((table.id, tuple(row[column] for column in table.key)),))
        first, last = sorted((self.pick(self.days), self.pick(self.days)))
        return Hold("", kind, spans=(Span(table.id, self.pick(clocks), first, last),))

    def make_decisions(self) -> tuple[Decision, ...]:
        """Draw up to three decisions, each taken before the as-of date."""
        made = self.many(self.decision, 0, 3) if self.shape.decisions else []
        return tuple(replace(each, id=f"d{number + 1}") for number, each in enumerate(made))

    def decision(self) -> Decision:
        """Draw a decision about a person."""
        kinds = ["erasure", "objection", "marketing_objection"]
        kinds += ["withdrawal"] if self.consents else []
        kind = self.pick(kinds)
        days = [day for day in self.days if day < self.as_of]
        day = days[0] if self.chance(2) else self.pick(days)
        at = datetime.combine(day, self.pick((time(12), *TIMES, time(10))), UTC)
        names = list(self.activities)
        named: Sequence[str] = ()
        if kind in ("erasure", "objection"):
            named = self.some(names) if self.chance(2) else names
        consents = self.some(list(self.consents)) if kind == "withdrawal" else ()
        return Decision("", kind, at, self.person(), tuple(named), tuple(consents))

    def make_criteria(self) -> dict[str, date]:
        """Draw when activities were said to be no longer needed."""
        days = [day for day in self.days if day < self.as_of]
        return {
            name: self.pick(days)
            for name, activity in self.activities.items()
            if "needed_from" in str(activity["keep"]) and not self.chance(3)
        }

    # ------------------------------------------------------------------------------- the whole

    def world(self) -> World:
        """Draw a world."""
        organisation = self.organisation()
        self.as_of = self.pick(AS_OF)
        self.make_consents()
        self.make_activities()
        self.make_caps()
        self.make_tables()
        self.make_maps()
        self.days = self.make_days()
        rows = self.make_rows()
        holds, decisions = self.make_holds(rows), self.make_decisions()
        return World(
            self.policy(organisation),
            {"systems": {"crm": self.system()}},
            {table.id: self.table(table, rows[table.id]) for table in self.tables},
            rows,
            self.as_of,
            holds,
            decisions,
            self.make_criteria(),
        )

    def policy(self, organisation: dict[str, Any]) -> dict[str, Any]:
        """Return the policy."""
        policy = {
            "organisation": organisation,
            "subjects": {"members": {"title": "Members"}},
            "clocks": self.clocks_used,
            "activities": self.activities,
            "consents": self.consents,
            "caps": self.caps,
            "hold_kinds": {"audit": "Audit"},
        }
        return {part: value for part, value in policy.items() if value}

    def system(self) -> dict[str, Any]:
        """Return the system on the map."""
        made: dict[str, Any] = {"url": "${CRM_URL}"}
        zone = self.pick(SYSTEM_ZONES) if self.shape.other_zones else None
        if zone:
            made["zone"] = zone
        for table in self.tables:
            personal = table.map.get("columns", {})
            table.map["not_personal"] = [name for name in table.columns if name not in personal]
            if self.shape.statistics and personal and self.chance(6):
                table.map["when_due"] = "statistics"
        made["tables"] = {table.id: table.map for table in self.tables}
        return made

    def table(self, table: TableSketch, rows: Sequence[Mapping[str, Any]]) -> Table:
        """Return a table of the database; a column with unique blanks is unique where it can be."""
        columns = []
        for column in table.columns.values():
            written = table.map.get("columns", {}).get(column.name)
            blank = written.get("blank", {}) if isinstance(written, dict) else {}
            values = [row[column.name] for row in rows if row[column.name] is not None]
            unique = "unique" in blank and len({v.strip().lower() for v in values}) == len(values)
            columns.append(Column(column.name, column.type, column.nullable, unique))
        indexes = {tuple(link.columns) for link in table.links}
        return Table(
            table.id,
            table.name,
            tuple(table.key),
            tuple(columns),
            tuple(table.foreign_keys),
            tuple(sorted(indexes)),
        )


def clocks_of(rule: Mapping[str, Any]) -> list[str]:
    """Return the clocks that a retention rule needs from the map."""
    found: list[str] = []
    for part in (*rule.get("first_of", ()), *rule.get("last_of", ())):
        found += clocks_of(part)
    for word in ("after", "until", "needed_from"):
        clocks = rule.get(word)
        if isinstance(clocks, Mapping):
            ((_, clocks),) = clocks.items()
        for clock in [clocks] if isinstance(clocks, str) else clocks or ():
            if clock not in ("consent_withdrawn", "consent_given"):
                found.append(clock)
    return sorted(set(found))


def states_of(rule: Mapping[str, Any]) -> list[str]:
    """Return the states that a retention rule needs from the map."""
    parts = (*rule.get("first_of", ()), *rule.get("last_of", ()))
    found = {state for part in parts for state in states_of(part)}
    return sorted(found | ({rule["while"]} if "while" in rule else set()))


def consents_of(activity: Mapping[str, Any]) -> list[str]:
    """Return the consents that an activity rests on."""
    basis = activity.get("basis", {})
    found = {basis.get("consent"), basis.get("special", {}).get("consent")}
    return sorted(found - {None})


def periods_of(rule: Mapping[str, Any]) -> set[str]:
    """Return the periods in a retention rule."""
    found = set()
    for part in (*rule.get("first_of", ()), *rule.get("last_of", ())):
        found |= periods_of(part)
    if "law" in rule:
        found.add(FACTS[rule["law"]]["for"])
    if "for" in rule:
        found.add(rule["for"])
    return found


@st.composite
def worlds(draw: Callable[[st.SearchStrategy[Any]], Any], shape: Shape = Shape()) -> World:
    """Return random worlds of a shape."""
    return Maker(draw, shape).world()
