"""Why is this row kept, and until when? The grounds of a plan, said of one row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from ombud.law import last_day
from ombud.plan.ground import FieldGrounds, Ground, TableGrounds
from ombud.plan.reach import Session
from ombud.plan.time import Timing
from ombud.plan.words import rule_in_words, said
from ombud.policy.model import (
    Activity,
    After,
    FirstOf,
    Keep,
    LastOf,
    NeededFrom,
    Policy,
    WhileConsent,
)
from ombud.systems.model import Clock
from ombud.systems.predicate import Hop, Predicate

Open = Literal["not_yet", "held", "consent", "criterion", "clock_missing"]


@dataclass(frozen=True)
class GroundOf:
    """One living ground of a field.

    Args:
        activity: Activity id, or the kind of a hold.
        basis: In words, as in Art. 6(1), or `hold`.
        until: Last day, inclusive; None where it is open.
        open: Why it has no last day; None where it has one.
        source: The sentence of the policy or the paragraph of law behind it.
    """

    activity: str
    basis: str
    until: date | None
    open: Open | None
    source: str


@dataclass(frozen=True)
class FieldOf:
    """One field of a row.

    Args:
        kept: Some ground lives.
        until: Last day of its last ground; None where one is open, or where none lives.
        filled: It holds anything but its blank value.
    """

    category: str
    kept: bool
    until: date | None
    open: Open | None
    grounds: tuple[GroundOf, ...]
    filled: bool


@dataclass(frozen=True)
class Why:
    """The answer for one row.

    Law:
        GDPR Art. 15(1)(d)
    """

    system: str
    table: str
    key: Mapping[str, str]
    fields: Mapping[str, FieldOf]

    def as_json(self) -> dict[str, Any]:
        """Return it in the form of `why --json`."""
        return {
            "system": self.system,
            "table": self.table,
            "key": dict(self.key),
            "fields": {
                name: {
                    "category": f.category,
                    "kept": f.kept,
                    "until": f.until.isoformat() if f.until else None,
                    "open": f.open,
                    "filled": f.filled,
                    "grounds": [
                        {
                            "activity": g.activity,
                            "basis": g.basis,
                            "until": g.until.isoformat() if g.until else None,
                            "open": g.open,
                            "source": g.source,
                        }
                        for g in f.grounds
                    ],
                }
                for name, f in self.fields.items()
            },
        }


def why(
    policy: Policy,
    tg: TableGrounds,
    system: str,
    key: Mapping[str, str],
    session: Session,
    timing: Timing,
) -> Why | None:
    """Return the grounds that keep each field of a row, and until when; None without such a row."""
    asker = _Asker(policy, timing)
    for each in tg.fields:
        for ground in each.all_grounds():
            asker.ask(ground)
    answer = session.explain(tg.table.id, tuple(key.values()), asker.predicates, asker.clocks)
    if not answer.found:
        return None
    asker.holds, asker.days = answer.holds, answer.clocks
    fields = {f.column.name: _field(asker, f, answer.filled[f.column.name]) for f in tg.fields}
    return Why(system, tg.table.id, dict(key), fields)


class _Asker:
    """Collects what has to be asked of the row, and reads the answers back."""

    def __init__(self, policy: Policy, timing: Timing) -> None:
        self.policy, self.timing = policy, timing
        self.predicates: list[Predicate] = []
        self.clocks: list[tuple[tuple[Hop, ...], Clock]] = []
        self.holds: Sequence[bool] = ()
        self.days: Sequence[tuple[date | None, bool]] = ()

    def ask(self, ground: Ground) -> None:
        """Ask whether a ground lives, and for every clock that could end it."""
        if ground.living not in self.predicates:
            self.predicates.append(ground.living)
        for _, clock in self._clocks(ground):
            if (ground.way, clock) not in self.clocks:
                self.clocks.append((ground.way, clock))

    def lives(self, ground: Ground) -> bool:
        """Return whether the row said that the ground lives."""
        return self.holds[self.predicates.index(ground.living)]

    def day(self, ground: Ground, clock: Clock) -> tuple[date | None, bool]:
        """Return (latest local date, some value is missing) of a clock at the ground's anchor."""
        return self.days[self.clocks.index((ground.way, clock))]

    def _clocks(self, ground: Ground) -> list[tuple[str, Clock]]:
        found: list[tuple[str, Clock]] = []
        if ground.keep is not None and ground.serve is not None:
            names = [*self.policy.clock_names(ground.keep)]
            found += [(n, c) for n in names if (c := self.clock(ground, n)) is not None]
        for cap in ground.caps:
            found += list(cap.clocks.items())
        return found

    def clock(self, ground: Ground, name: str) -> Clock | None:
        """Return the clock a ground's rule names, as the map says."""
        if ground.serve is None:
            return None
        if name == "consent_given" and name not in ground.serve.clocks:
            consent = self.policy.activities[ground.id].basis.consent
            held = ground.serve.consents.get(consent)
            if held is None:
                return None
            return Clock(name, held.given, null="ended", reads_as=held.reads_as)
        return ground.serve.clocks.get(name)


def _field(asker: _Asker, each: FieldGrounds, filled: bool) -> FieldOf:
    living = [g for g in each.all_grounds() if asker.lives(g)]
    grounds = tuple(_ground(asker, g) for g in living)
    opened = next((g.open for g in grounds if g.open), None)
    days = [g.until for g in grounds if g.until is not None]
    until = max(days) if days and opened is None else None
    category = ", ".join(each.by_category)
    return FieldOf(category, bool(living), until, opened, grounds, filled)


def _ground(asker: _Asker, ground: Ground) -> GroundOf:
    if ground.keep is None:
        kind = ground.id.removeprefix("hold:")
        return GroundOf(kind, "hold", None, "held", "hold")
    activity = asker.policy.activities[ground.id]
    until, opened = _until(asker, ground, ground.keep)
    for on in ground.caps:
        cap = asker.policy.caps[on.cap].keep
        days = [asker.day(ground, on.clocks[n]) for n in cap.clocks.names]
        capped, capped_open = _after(asker, cap, days)
        if capped_open is None and capped is not None and (until is None or capped < until):
            until, opened = capped, None
    return GroundOf(ground.id, activity.basis.kind, until, opened, _source(asker.policy, activity))


def _source(policy: Policy, activity: Activity) -> str:
    if activity.fact is not None and activity.fact.citations:
        return str(activity.fact.citations[0])
    words = rule_in_words(policy, activity.keep)
    named = activity.basis.law or said(policy, activity.title)
    return f"{named}: {words}"


def _until(asker: _Asker, ground: Ground, keep: Keep) -> tuple[date | None, Open | None]:
    """Return (last day, None) or (None, why it is open) of a rule, from the row's clocks."""
    if isinstance(keep, After):
        clocks = [asker.clock(ground, n) for n in keep.clocks.names]
        return _after(asker, keep, [asker.day(ground, c) for c in clocks if c is not None])
    if isinstance(keep, WhileConsent):
        return None, "consent"
    if isinstance(keep, NeededFrom):
        return None, "criterion"
    if isinstance(keep, FirstOf | LastOf):
        parts = [_until(asker, ground, p) for p in keep.parts]
        days = [d for d, _ in parts if d is not None]
        opened = next((o for _, o in parts if o is not None), None)
        if isinstance(keep, FirstOf):
            return (min(days), None) if days else (None, opened)
        return (max(days), None) if days and opened is None else (None, opened)
    return None, "not_yet"


def _after(
    asker: _Asker, keep: After, days: Sequence[tuple[date | None, bool]]
) -> tuple[date | None, Open | None]:
    ends = [_end(asker.timing, keep, day) for day, _ in days if day is not None]
    missing = any(empty for _, empty in days)
    if keep.clocks.which == "first":
        return (min(ends), None) if ends else (None, "not_yet")
    if missing or not ends:
        return None, "not_yet"
    return max(ends), None


def _end(timing: Timing, keep: After, day: date) -> date:
    return last_day(
        day, keep.period, counted_from=keep.counted_from, financial_year=timing.financial_year
    )
