"""The random worlds, and what must be true of the model's word on each of them.

A world must be well written and its rows must fit a database; the model must not depend on the
order of rows, and time, holds and decisions must push in one direction only.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oracle.maps import categories_of, links_of, read_map
from oracle.strategies import Shape, worlds
from oracle.values import Hold, Verdict
from oracle.worlds import World, create

few = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def written(world: World) -> Mapping[str, Any]:
    """Return the tables on the map."""
    return world.systems["systems"]["crm"]["tables"]


@few
@given(worlds())
def test_a_world_is_read_back_as_it_was_written(world: World) -> None:
    assert yaml.safe_load(world.policy_text) == world.policy
    assert yaml.safe_load(world.systems_text) == world.systems


@few
@given(worlds(Shape(instants=True)))
def test_every_category_of_a_column_is_covered_by_an_activity(world: World) -> None:
    tables, activities = written(world), world.policy["activities"]
    for name, table in tables.items():
        for column, holds in table.get("columns", {}).items():
            covered = set(_inherited(tables, activities, name, ()))
            for activity, serve in table.get("serves", {}).items():
                if column in serve.get("columns", (column,)):
                    covered |= set(activities[activity]["data"])
            assert set(categories_of(holds)) <= covered


def _inherited(tables: Any, activities: Any, name: str, seen: tuple[str, ...]) -> Any:  # noqa: ANN401
    for link in links_of(tables):
        if link.follows and link.child == name and link.parent not in (name, *seen):
            for activity in tables[link.parent].get("serves", {}):
                yield from activities[activity]["data"]
            yield from _inherited(tables, activities, link.parent, (*seen, name))


@few
@given(worlds())
def test_the_rows_of_a_world_fit_a_database(world: World) -> None:
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        create(world, connection)
        for table in world.tables.values():
            count = connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table.name)))
            assert count == len(world.rows[table.id])
    engine.dispose()


def kept(verdict: Verdict) -> set[tuple[Any, ...]]:
    """Return every category of every field that is kept."""
    return {
        (*row, column, category)
        for row, fate in verdict.rows.items()
        for column, field in fate.fields.items()
        for category, told in field.categories.items()
        if told.kept
    }


def erased(verdict: Verdict) -> set[tuple[Any, ...]]:
    """Return the rows that are erased."""
    return {row for row, fate in verdict.rows.items() if fate.fate == "erased"}


@few
@given(worlds(), st.integers(1, 400))
def test_time_alone_keeps_nothing(world: World, days: int) -> None:
    later = world.verdict(as_of=world.as_of + timedelta(days=days))
    now = world.verdict()
    assert kept(later) <= kept(now)


@few
@given(worlds())
def test_a_last_day_is_the_last(world: World) -> None:
    """On it the field is kept; the day after, unless something else has begun, it is not."""
    for row, fate in world.verdict().rows.items():
        for column, field in fate.fields.items():
            if field.kept and field.life.until is not None:
                last, after = (
                    world.verdict(as_of=field.life.until + timedelta(days=more)) for more in (0, 1)
                )
                assert last.rows[row].fields[column].kept
                assert not after.rows[row].fields[column].kept
                return


@few
@given(worlds())
def test_decisions_keep_no_field_and_holds_erase_no_row(world: World) -> None:
    everything, undecided = world.verdict(), world.verdict(decisions=())
    released = world.verdict(holds=())
    assert kept(everything) <= kept(undecided)
    assert kept(released) <= kept(everything)
    assert erased(everything) <= erased(released)


@few
@given(worlds(Shape(caps=False)))
def test_a_hold_on_every_row_keeps_everything(world: World) -> None:
    rows = tuple(row for row in world.verdict().rows)
    held = world.verdict(holds=(Hold("all", "legal_claim", rows=rows),))
    assert not erased(held)
    assert not any(fate.blank for fate in held.rows.values())


@few
@given(worlds())
def test_the_order_of_rows_means_nothing(world: World) -> None:
    backwards = {table: rows[::-1] for table, rows in world.rows.items()}
    one, other = world.verdict(), world.verdict(rows=backwards)
    assert {row: (f.fate, f.blank, f.review) for row, f in one.rows.items()} == {
        row: (f.fate, f.blank, f.review) for row, f in other.rows.items()
    }


@few
@given(worlds())
def test_no_row_that_stays_refers_to_one_that_goes(world: World) -> None:
    gone = erased(world.verdict())
    system = world.systems["systems"]["crm"]
    made = read_map(system, world.rows)
    for link in made.links:
        for child in made.rows[link.child]:
            parent = made.parent(child, link)
            if link.keeps_parent and parent and (child.table, child.key) not in gone:
                assert (parent.table, parent.key) not in gone


@few
@given(worlds())
def test_what_is_done_is_done(world: World) -> None:
    """After blanking what is due, nothing is left to blank, and no other row is due."""
    first = world.verdict(decisions=(), holds=())
    blanked = {
        table: [{**row, **dict.fromkeys(_blank_of(first, world, table, row))} for row in rows]
        for table, rows in world.rows.items()
    }
    again = world.verdict(rows=blanked, decisions=(), holds=())
    assert not any(fate.blank for fate in again.rows.values())
    assert erased(again) == erased(first)


def _blank_of(
    verdict: Verdict, world: World, table: str, values: Mapping[str, Any]
) -> tuple[str, ...]:
    key = tuple(values[part] for part in world.tables[table].key)
    return verdict.rows[(table, key)].blank
