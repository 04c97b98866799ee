"""Where do the engine and the model say different things of a world, and in how small a world?"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from oracle.engine import Due, Engine, RowId, engine
from oracle.model import is_blank
from oracle.values import RowFate, Verdict
from oracle.worlds import World

ROUNDS_MAX = 10


def differences(world: World, url: str, *, why: bool = False) -> list[str]:
    """Return every difference, one line each; none when the two agree.

    Args:
        url: An empty database.
        why: Ask why each field of each row is kept, too.
    """
    verdict = world.verdict()
    with engine(world, url) as opened:
        due = opened.due()
        found = [*_counts(due), *_rows(world, verdict, due)]
        if why:
            found += _whys(world, verdict, opened)
    return found


def carried_out(world: World, url: str) -> list[str]:
    """Return where carrying out what is due goes further than the model says, or not so far.

    Each round is held against the model's word on the rows as they were before it: what is done can
    make more due, as where a sign-up goes that made somebody a member.
    """
    with engine(world, url) as opened:
        for _ in range(ROUNDS_MAX):
            changed = opened.carry_out()
            after = opened.rows(world)
            yet = _too_much(world, after)
            world = replace(world, rows=after)
            if yet or not changed:
                return yet or list(_too_little(world))
    return ["it never ends"]


def since(world: World, url: str) -> list[str]:
    """Return where a survey of what can have become due finds other rows than one of every row.

    Everything that was due some weeks before the day of the world is done first; then every hold
    is released. What a person had to look at by then still waits for her, and only a survey of
    every row finds it again.
    """
    earlier = replace(world, as_of=world.as_of - timedelta(days=40))
    with engine(earlier, url) as opened:
        for _ in range(ROUNDS_MAX):
            if not opened.carry_out():
                break
        waiting = opened.due().review
        before = opened.wait(replace(world, holds=()))
        part, whole = opened.due(before), opened.due()
    found = [
        f"{what} since then should be {sorted(two)}, is {sorted(one)}"
        for what, one, two in (
            ("erased", part.erased, whole.erased),
            ("blank", part.blank, whole.blank),
        )
        if one != two
    ]
    for row, columns in whole.review.items():
        if new := columns - waiting.get(row, set()) - part.review.get(row, set()):
            found.append(f"review since then should have {row}: {sorted(new)}")
    return found


def _too_much(world: World, after: Mapping[str, Any]) -> list[str]:
    """Return what changed that is not due."""
    verdict, found = world.verdict(), []
    for table, rows in world.rows.items():
        key = world.tables[table].key
        now = {tuple(row[part] for part in key): row for row in after[table]}
        written = world.systems["systems"]["crm"]["tables"].get(table, {}).get("columns", {})
        for row in rows:
            id = (table, tuple(row[part] for part in key))
            fate, left = verdict.rows[id], now.get(id[1])
            if left is None:
                found += [] if fate.fate == "erased" else [f"{id}: is gone, should be {fate.fate}"]
                continue
            for column, how in written.items():
                if left[column] != row[column] and not (
                    column in fate.blank and is_blank(how, id[1], left[column])
                ):
                    found.append(f"{id}: {column} should not have changed")
    return found


def _too_little(world: World) -> Iterator[str]:
    """Yield what is due in the end."""
    for row, fate in world.verdict().rows.items():
        if fate.fate == "erased":
            yield f"{row}: should be erased, is there in the end"
        for column in fate.blank:
            yield f"{row}: {column} should be blank in the end"


def _counts(due: Due) -> Iterator[str]:
    for count, keys in due.counts:
        if count != keys:
            yield f"a step counts {count} rows and gives {keys} keys"


def _rows(world: World, verdict: Verdict, due: Due) -> Iterator[str]:
    known = set(verdict.rows)
    for row in (due.erased | set(due.blank) | set(due.review)) - known:
        yield f"{row}: no such row"
    for row, fate in verdict.rows.items():
        erased = row in due.erased
        if erased != (fate.fate == "erased"):
            yield f"{row}: should be {fate.fate}, is {'erased' if erased else 'not erased'}"
        elif not erased:
            yield from _fields(world, row, fate, due)


def _fields(world: World, row: RowId, fate: RowFate, due: Due) -> Iterator[str]:
    """Compare fields; the engine takes columns together, blank ones among them."""
    for what, theirs, ours in (
        ("blanked", due.blank, fate.blank),
        ("reviewed", due.review, fate.review),
    ):
        columns = {c for c in theirs.get(row, ()) if not blank_already(world, row, c)}
        if columns != set(ours):
            yield f"{row}: {what} should be {sorted(ours)}, is {sorted(columns)}"


def blank_already(world: World, row: RowId, column: str) -> bool:
    """Return whether a field of a row is blank."""
    table, key = row
    written = world.systems["systems"]["crm"]["tables"][table]["columns"][column]
    (values,) = (
        values
        for values in world.rows[table]
        if tuple(values[part] for part in world.tables[table].key) == key
    )
    return is_blank(written, key, values[column])


def _whys(world: World, verdict: Verdict, opened: Engine) -> Iterator[str]:
    kinds = {hold.id: hold.kind for hold in world.holds}
    for (table, key), fate in verdict.rows.items():
        told, whole, stays = opened.why(table, key)
        if stays != (fate.fate != "erased", fate.skeleton):
            yield f"{(table, key)}: should be {fate.fate}, {fate.skeleton}; why says {stays}"
        if whole != fate.whole:
            yield f"{(table, key)}: why the row is kept should be {fate.whole}, is {whole}"
        for column, field in fate.fields.items():
            theirs, life = told[column], field.life
            grounds = {g.name for c in field.categories.values() for g in c.grounds}
            names = {kinds.get(name, name) for name in grounds}
            where = f"{(table, key)} {column}"
            if theirs.kept != field.kept:
                yield f"{where}: kept should be {field.kept}, is {theirs.kept}"
            elif theirs.grounds != names:
                yield f"{where}: grounds should be {sorted(names)}, are {sorted(theirs.grounds)}"
            elif theirs.until != life.until:
                yield f"{where}: until should be {life.until}, is {theirs.until} ({theirs.open})"
            elif (theirs.open or None) not in (life.opens or {None}):
                yield f"{where}: open should be of {sorted(life.opens)}, is {theirs.open}"


# --------------------------------------------------------------------------------- smaller worlds


def smallest(world: World, fails: Callable[[World], bool], tries: int) -> World:
    """Return a smaller world that still fails, as small as so many tries make it.

    Hypothesis shrinks what was drawn; this takes a world apart, which is faster and goes further.
    """
    left = tries
    while True:
        for smaller in _smaller(world):
            if not left:
                return world
            left -= 1
            if _still(smaller, fails):
                world = smaller
                break
        else:
            return world


def _still(world: World, fails: Callable[[World], bool]) -> bool:
    try:
        return fails(world)
    except Exception:  # a world that no longer hangs together is no example
        return False


def _smaller(world: World) -> Iterator[World]:
    """Yield worlds with one thing less, the big things first."""
    for part in ("holds", "decisions"):
        for number in range(len(getattr(world, part))):
            rest = getattr(world, part)
            yield replace(world, **{part: rest[:number] + rest[number + 1 :]})
    for table, rows in world.rows.items():
        for number in range(len(rows)):
            fewer = [*rows[:number], *rows[number + 1 :]]
            yield replace(world, rows={**world.rows, table: fewer})
    for activity in world.criteria:
        rest = {name: day for name, day in world.criteria.items() if name != activity}
        yield replace(world, criteria=rest)
    for name in world.policy["activities"]:
        yield _without_activity(world, name)
    yield from _with_less_written(world)


def _without_activity(world: World, name: str) -> World:
    """Return a world without an activity and without what serves it."""
    made = copy.deepcopy(world)
    policy, tables = made.policy, made.systems["systems"]["crm"]["tables"]
    policy["activities"].pop(name)
    for table in tables.values():
        table.get("serves", {}).pop(name, None)
    for cap in policy.get("caps", {}).values():
        if name in cap.get("unless", ()):
            cap["unless"].remove(name)
    decisions = [
        replace(d, activities=tuple(a for a in d.activities if a != name)) for d in world.decisions
    ]
    criteria = {a: day for a, day in world.criteria.items() if a != name}
    return replace(made, decisions=tuple(decisions), criteria=criteria)


def _with_less_written(world: World) -> Iterator[World]:
    """Yield worlds in whose files one key, item or pair of brackets is left out."""
    for file in ("systems", "policy"):
        whole = getattr(world, file)
        for path in sorted(filter(_hangs_together, _paths(whole)), key=len):
            made = copy.deepcopy(whole)
            inside = made
            for step in path[:-1]:
                inside = inside[step]
            value = inside.pop(path[-1])
            yield replace(world, **{file: made})
            for simpler in _simpler(value):
                made = copy.deepcopy(whole)
                inside = made
                for step in path[:-1]:
                    inside = inside[step]
                inside[path[-1]] = simpler
                yield replace(world, **{file: made})


def _hangs_together(path: tuple[Any, ...]) -> bool:
    """Return whether keys stay keys without what a path leads to, and links lead to one row."""
    link = {"refers_to", "belongs_to"} & set(path)
    return "key" not in path and not (link and "columns" in path)


def _simpler(value: Any) -> Iterator[Any]:  # noqa: ANN401 - YAML
    """Yield the parts of a rule or condition, each in place of the whole."""
    if isinstance(value, Mapping):
        for word in ("first_of", "last_of", "all", "any"):
            yield from value.get(word, ())
        if "not" in value:
            yield value["not"]


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - YAML
    steps: list[Any] = []
    if isinstance(value, Mapping):
        steps = list(value)
    elif isinstance(value, list):
        steps = list(range(len(value)))
    for step in steps:
        yield (*path, step)
        yield from _paths(value[step], (*path, step))
