"""What does an observation add to the ones before it? Pure: values in, an observation out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from ombud.evidence.observation import (
    HoldCarried,
    Observation,
    Run,
    TableCarried,
    TableSeen,
)
from ombud.evidence.said import Counts, StepDone
from ombud.systems.connector import VALUES

Days = Mapping[date, int]


@dataclass(frozen=True)
class _Now:
    """The observation that is being kept, and whether anything was proved just before it."""

    at: datetime
    as_of: date
    after_gap: bool
    new_basis: bool

    def run(self, before: Run | None, count: int) -> Run:
        """Return the run that goes on, or that begins with this observation.

        What is fine on both sides of a gap begins anew: nobody knows what was between.
        """
        broken = count > 0
        goes_on = before is not None and before.broken == broken
        if before is None or not goes_on or (self.after_gap and not broken):
            return Run(broken, self.at, count)
        return replace(before, count=count)


def carry(
    before: Observation | None,
    seen: Observation,
    *,
    done: Iterable[StepDone],
    placed: Mapping[str, int],
    gap: timedelta,
) -> Observation:
    """Return what was seen together with what must not be forgotten from before.

    Args:
        before: The system's observation before this one, as it was kept; None: there is none.
        done: Steps done, and partly done, in the system since then.
        placed: Hold to the rows it covered in the system when it was placed.
        gap: Observations further apart than this prove nothing in between.
    """
    now = _Now(
        at=seen.at,
        as_of=seen.as_of,
        after_gap=before is not None and seen.at - before.at > gap,
        new_basis=before is not None and seen.basis != before.basis,
    )
    changed = _changed(before, done)
    names = {**seen.tables, **(before.carried if before else {}), **changed}
    carried = {
        name: _table(now, before, name, seen.tables.get(name), changed.get(name, {}))
        for name in names
    }
    return replace(
        seen,
        carried={name: each for name, each in carried.items() if each != TableCarried()},
        held={
            hold: _hold(now, before, hold, rows, placed.get(hold, 0))
            for hold, rows in seen.holds.items()
        },
    )


def _changed(before: Observation | None, done: Iterable[StepDone]) -> dict[str, dict[str, Counts]]:
    """Return, by table and rule or cap, what steps have changed so far."""
    found = {
        name: dict(each.changed)
        for name, each in (before.carried.items() if before else ())
        if each.changed
    }
    for step in done:
        counts = found.setdefault(step.table, {})
        for rule in (*step.rules, *step.caps):
            counts[rule] = counts.get(rule, Counts()) + step.new
    return found


def _table(
    now: _Now,
    before: Observation | None,
    name: str,
    seen: TableSeen | None,
    changed: Mapping[str, Counts],
) -> TableCarried:
    earlier = before.carried.get(name, TableCarried()) if before else TableCarried()
    seen_before = before.tables.get(name) if before else None
    counts: dict[str, int] = {}
    if seen is not None:
        for rule, each in seen.rules.items():
            counts[f"rule:{rule}"] = each.overdue + each.undecided
            counts[f"clock:{rule}"] = each.clock_missing
        counts |= {f"cap:{cap}": each.overdue for cap, each in seen.caps.items()}
        counts["only"] = len(seen.unmapped)
    runs = {run: now.run(earlier.runs.get(run), count) for run, count in counts.items()}
    expected: dict[str, dict[date, int]] = {}
    kept_before = seen_before.kept_until if seen_before else {}
    kept_now = seen.kept_until if seen else {}
    for name in {**kept_before, **earlier.expected, **kept_now}:
        kept = kept_now.get(name, {})
        moving = seen is not None and name in seen.moving
        missing, gone = _missing(
            now,
            name,
            _prior(now, kept_before.get(name, {}), earlier.expected.get(name, {}), moving=moving),
            kept,
            moving=moving,
        )
        if missing:
            expected[name] = missing
        key = f"keeps:{name}"
        run = now.run(earlier.runs.get(key), gone)
        if gone > _gone_before(earlier.runs.get(key)):
            run = Run(True, now.at, gone)  # an earlier explanation does not cover this loss
        if kept or missing:
            runs[key] = run
    return TableCarried(runs=runs, changed=changed, expected=expected)


def _gone_before(run: Run | None) -> int:
    return run.count if run is not None and run.broken else 0


def _prior(now: _Now, kept_before: Days, expected: Days, *, moving: bool) -> dict[date, int]:
    """Return what has to be there still, by day, as far as was known before.

    Rows that move from day to day would be counted twice if both were looked at.
    """
    if moving and expected:
        kept_before = {}
    days = {**kept_before, **expected}
    return {
        day: max(kept_before.get(day, 0), expected.get(day, 0)) for day in days if day >= now.as_of
    }


def _missing(
    now: _Now, name: str, prior: Days, kept: Days, *, moving: bool
) -> tuple[dict[date, int], int]:
    """Return (by day, how many rows there had to be, where there are fewer; how many are gone).

    After a change of policy or map rows may have moved to other days: then the sum counts. What
    fields are kept may have changed too: then their values are counted anew.
    """
    if now.new_basis:
        short = sum(prior.values()) - sum(rows for day, rows in kept.items() if day >= now.as_of)
        if short <= 0 or name.startswith(VALUES):
            return {}, 0
        last = max(kept or prior)
        return {last: kept.get(last, 0) + short}, short
    if moving:
        short = max((_from(prior, day) - _from(kept, day) for day in prior), default=0)
        return (dict(prior), short) if short > 0 else ({}, 0)
    missing = {day: rows for day, rows in prior.items() if rows > kept.get(day, 0)}
    return missing, sum(rows - kept.get(day, 0) for day, rows in missing.items())


def _from(days: Days, first: date) -> int:
    """Return the rows that have to be there on a day, whenever later they may go."""
    return sum(rows for day, rows in days.items() if day >= first)


def _hold(
    now: _Now, before: Observation | None, hold: str, rows: int, placed_rows: int
) -> HoldCarried:
    earlier = before.held.get(hold) if before else None
    expected = max(rows, placed_rows, earlier.expected if earlier else 0)
    return HoldCarried(expected, now.run(earlier.run if earlier else None, expected - rows))
