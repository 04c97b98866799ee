"""Whatever a database is like, binding says what is wrong with it and does not fail.

Method: databases made at random from the tables and columns that the full map names, and others.
"""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.systems import LiveSchema, bind, draft_systems, grants
from ombud.systems.live import LiveColumn, LiveForeignKey, LiveTable
from unit.systems.live import TYPES
from unit.systems.written import FULL, POLICY, read

SYSTEMS = read(FULL)
CRM = SYSTEMS.systems["crm"]
SCHEMAS = ["", "app", "sales"]
TABLES = sorted({t.name for t in CRM.tables.values()} | {"visits", "order lines", "no"})
COLUMNS = sorted(
    {c for t in CRM.tables.values() for c in (*t.columns, *t.not_personal, *t.key)}
    | {"e-mail", "CPR", "x y", "_"}
)
some_columns = st.lists(st.sampled_from(COLUMNS), max_size=3, unique=True).map(tuple)


@st.composite
def columns(draw: st.DrawFn) -> dict[str, LiveColumn]:
    names = draw(st.lists(st.sampled_from(COLUMNS), max_size=12, unique=True))
    return {
        name: LiveColumn(
            name,
            kind := draw(st.sampled_from(TYPES)),
            kind.upper(),
            nullable=draw(st.booleans()),
            length_max=draw(st.none() | st.integers(0, 40)),
            generated=draw(st.booleans()),
            enum_values=draw(st.sampled_from([(), ("active",), ("x", "y")])),
        )
        for name in names
    }


@st.composite
def foreign_keys(draw: st.DrawFn) -> LiveForeignKey:
    own = draw(st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=3, unique=True))
    theirs = st.lists(st.sampled_from(COLUMNS), min_size=len(own), max_size=len(own), unique=True)
    return LiveForeignKey(
        "fk",
        tuple(own),
        draw(st.sampled_from(TABLES)),
        draw(st.sampled_from(SCHEMAS)),
        tuple(draw(st.just([]) | theirs)),
        draw(st.sampled_from(["cascade", "set_null", "no_action"])),
    )


@st.composite
def tables(draw: st.DrawFn) -> LiveTable:
    return LiveTable(
        draw(st.sampled_from(TABLES)),
        draw(st.sampled_from(SCHEMAS)),
        draw(columns()),
        key=draw(some_columns),
        foreign_keys=tuple(draw(st.lists(foreign_keys(), max_size=3))),
        indexes=tuple(draw(st.lists(some_columns, max_size=3))),
        unique=tuple(draw(st.lists(some_columns, max_size=2))),
        view=draw(st.booleans()),
    )


@st.composite
def databases(draw: st.DrawFn) -> LiveSchema:
    default = draw(st.sampled_from(["", "app"]))
    made = {(t.schema, t.name): t for t in draw(st.lists(tables(), max_size=8))}
    made |= {("", name): t for (schema, name), t in made.items() if schema == default}
    dialect = draw(st.sampled_from(["sqlite", "postgresql", "mariadb"]))
    version = draw(st.sampled_from(["18.1", "15", ""]))
    return LiveSchema(dialect, version, default, made)


@settings(max_examples=40)
@given(databases())
def test_whatever_the_database_what_is_wrong_is_told_in_order(live: LiveSchema) -> None:
    found = bind(POLICY, SYSTEMS, {"crm": live})
    assert found == sorted(set(found))
    assert all(f.says and "\n" not in f.says + f.help for f in found)
    assert all(s.startswith(("GRANT", "DO", "--")) for s in grants(SYSTEMS, {"crm": live}, "crm"))


@settings(max_examples=30)
@given(databases())
def test_whatever_the_database_its_draft_can_be_read(live: LiveSchema) -> None:
    crm = read(draft_systems(live, "crm", POLICY)).systems["crm"]
    views = {(t.schema, t.name) for t in live.tables.values() if t.view}
    assert {t.name for t in crm.tables.values()} == {
        t.name for t in live.tables.values() if (t.schema, t.name) not in views
    }
