"""On each day, exactly the rows at an edge that have crossed it are due.

Method: fill databases with an example's data, ask the engine what is due, and compare each marked
row with the fate that its `data.py` gives it. The dates there are counted without Ombud.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from _data.fill import EXAMPLES, Mark, chance, load

from examples.workspace import SEED, TODAY, Due, due, filled, live, written
from ombud.systems import bind
from ombud.systems.model import Column

SLUGS = sorted(path.parent.name for path in EXAMPLES.glob("*/data.py"))
DAYS = [
    pytest.param(date(2028, 2, 29), id="29-february"),
    pytest.param(date(2027, 3, 31), id="no-31-february-to-count-from"),
    pytest.param(date(2027, 1, 1), id="first-day-of-a-financial-year"),
    pytest.param(date(2027, 6, 30), id="last-day-of-one-half"),
    pytest.param(date(2026, 10, 25), id="summer-time-ends"),
]
ROWS = 1_000


ON_EACH = [
    pytest.param(slug, kind, id=f"{slug}-{kind}")
    for slug in SLUGS
    for kind in ("sqlite", "postgres", "mariadb")
]


def fate_of(mark: Mark, found: Due, filled_in: set[str]) -> tuple[str, set[str]]:
    """Return what the engine would do to a marked row, and which values it would take."""
    row = (mark.table, mark.key)
    if row in found.erased:
        return "erased", set()
    columns = found.changed.get(row, set()) & filled_in
    if not columns:
        return "kept", set()
    return ("statistics" if row in found.statistics else "blanked"), columns


def blank_value(column: Column, key: tuple[object, ...]) -> object:
    """Return what a column holds when it is blanked."""
    if column.blank.kind == "unique":
        return str(column.blank.value).replace("{key}", "-".join(map(str, key)))
    return column.blank.value


def filled_columns(slug: str, today: date) -> dict[tuple[str, tuple[object, ...]], set[str]]:
    """Return the columns of each marked row that hold more than their blank value."""
    example = load(slug)
    _, systems = written(slug, today)
    wanted = {(mark.table, mark.key) for mark in example.MARKED.values()}
    system_of = {metadata: system for system, metadata in example.TABLES.items()}
    found: dict[tuple[str, tuple[object, ...]], set[str]] = {}
    for table, values in example.rows(chance(SEED), today, ROWS):
        system = system_of[table.metadata]
        key = tuple(values[c.name] for c in table.primary_key.columns)
        if (f"{system}.{table.name}", key) in wanted:
            mapped = systems.systems[system].tables[table.name]
            found[f"{system}.{table.name}", key] = {
                name
                for name, column in mapped.columns.items()
                if values[name] != blank_value(column, key)
            }
    return found


def differing(slug: str, found: Due, today: date) -> list[str]:
    """Return the marked rows that the engine sees otherwise than their `data.py`."""
    filled_in = filled_columns(slug, today)
    wrong = []
    for name, mark in load(slug).MARKED.items():
        got = fate_of(mark, found, filled_in[mark.table, mark.key])
        if got != (mark.fate, set(mark.columns)):
            wrong.append(f"{name}: {got}")
    return wrong


@pytest.mark.parametrize(("slug", "kind"), ON_EACH)
def test_each_row_at_an_edge_has_its_fate(
    slug: str, kind: str, fresh_database: Callable[[str], str]
) -> None:
    with filled(slug, lambda: fresh_database(kind), TODAY, ROWS) as connectors:
        assert not differing(slug, due(slug, connectors, TODAY), TODAY)


@pytest.mark.parametrize("slug", [pytest.param(s) for s in SLUGS])
@pytest.mark.parametrize("today", DAYS)
def test_each_row_at_an_edge_has_its_fate_on_any_day(
    slug: str, today: date, fresh_database: Callable[[str], str]
) -> None:
    with filled(slug, lambda: fresh_database("sqlite"), today, ROWS) as connectors:
        assert not differing(slug, due(slug, connectors, today), today)


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("kind", ["sqlite", "postgres", "mariadb"])
def test_map_and_live_schema_agree(
    slug: str, kind: str, fresh_database: Callable[[str], str]
) -> None:
    """What is left is information: a table that refers to itself, a link without a key."""
    policy, systems = written(slug)
    with filled(slug, lambda: fresh_database(kind), TODAY, 1) as connectors:
        found = bind(policy, systems, live(connectors), allow_superuser=True)
    assert [str(f) for f in found if f.severity == "error"] == []
