"""What must be done now? A plan is a value: read it, approve it by its digest, repeat it.

It holds selections and counts, never keys: its size does not grow with the rows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ombud.errors import Unknown
from ombud.systems.connector import Action, Selection

SHORT = 12
"""Characters of a digest that people type and read."""


@dataclass(frozen=True)
class Step:
    """One change to one table of one system.

    Args:
        system: System id of the map.
        selection: Which rows, and what is done to them.
        count: Rows when the plan was made; a ceiling when it is applied.
        rules: Activity id to rows whose ground of that activity ended.
        caps: Cap id to rows on which it passed.
        without_rule: Rows that neither names: no activity needs them, and no sweep takes them.
        because: One sentence for the person who approves.
        law: Citations behind it.
        unverified: It rests on a fact of law that nobody has verified at its source.
    """

    system: str
    selection: Selection
    count: int
    rules: Mapping[str, int] = field(default_factory=dict)
    caps: Mapping[str, int] = field(default_factory=dict)
    because: str = ""
    law: tuple[str, ...] = ()
    unverified: bool = False
    without_rule: int = 0

    @property
    def id(self) -> str:
        """What names it within its plan."""
        chosen = self.selection
        what = f"with {chosen.with_owner}" if chosen.with_owner else ",".join(chosen.columns)
        return f"{self.system}.{chosen.table}/{chosen.action}/{what}"

    def as_json(self) -> dict[str, Any]:
        """Return the step in the form of `plan --json`."""
        return {
            "system": self.system,
            "table": self.selection.table,
            "action": self.selection.action,
            "columns": list(self.selection.columns),
            "with": self.selection.with_owner or None,
            "count": self.count,
            "rules": [*self.rules, *self.caps],
            "by_rule": dict(self.rules),
            "by_cap": dict(self.caps),
            "without_rule": self.without_rule,
            "because": self.because,
            "law": list(self.law),
            "classes": list(self.selection.classes),
            "unverified": self.unverified,
        }


@dataclass(frozen=True)
class Plan:
    """What is due on a day.

    Args:
        as_of: Local date of the organisation.
        basis: Digest (hex) of what it was computed from: policy, map, resolved periods and caps,
            versions of facts, and the date; never of holds.
        after: Number of steps that were proved when it was made: what is due after a plan was
            done is another plan, even where it looks the same.
        steps: Children before parents within a system.
    """

    as_of: date
    basis: str
    after: int
    steps: tuple[Step, ...]

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of all of it; approval names it."""
        return hashlib.sha256(json.dumps(self._body(), sort_keys=True).encode()).hexdigest()

    @property
    def short(self) -> str:
        """The first characters of the digest, enough to name the plan."""
        return self.digest[:SHORT]

    def systems(self) -> tuple[str, ...]:
        """Return the systems it changes, in order."""
        return tuple(dict.fromkeys(s.system for s in self.steps))

    def of(self, system: str) -> Iterator[Step]:
        """Yield the steps of one system."""
        return (s for s in self.steps if s.system == system)

    def as_json(self) -> dict[str, Any]:
        """Return the plan in the form of `plan --json`."""
        return {"digest": self.digest, **self._body()}

    def _body(self) -> dict[str, Any]:
        return {
            "as_of": self.as_of.isoformat(),
            "basis": self.basis,
            "after": self.after,
            "steps": [s.as_json() for s in self.steps],
        }


def plan_from_json(body: Mapping[str, Any]) -> Plan:
    """Return the plan that `as_json` wrote.

    Raises:
        Unknown: It is not such a plan, or its digest is of another one.
    """
    plan = Plan(
        date.fromisoformat(body["as_of"]),
        body["basis"],
        body["after"],
        tuple(_step(s) for s in body["steps"]),
    )
    if plan.digest != body["digest"]:
        raise Unknown("the stored plan is not the one its digest names")
    return plan


def _step(body: Mapping[str, Any]) -> Step:
    action: Action = body["action"]
    # `rules` tells the order, which mappings in JSON need not keep; the digest covers it.
    by_rule, by_cap = body["by_rule"], body["by_cap"]
    return Step(
        body["system"],
        Selection(
            body["table"],
            action,
            tuple(body["classes"]),
            tuple(body["columns"]),
            body["with"] or "",
        ),
        body["count"],
        {name: by_rule[name] for name in body["rules"] if name in by_rule},
        {name: by_cap[name] for name in body["rules"] if name in by_cap},
        body["because"],
        tuple(body["law"]),
        body["unverified"],
        body["without_rule"],
    )


@dataclass
class Ceilings:
    """How many rows an approved plan may still touch; erasing a row covers blanking its fields."""

    erase: dict[tuple[str, str], int] = field(default_factory=dict)
    touch: dict[tuple[str, str, str], int] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan) -> Ceilings:
        """Return the ceilings of a plan."""
        ceilings = cls()
        for step in plan.steps:
            table = (step.system, step.selection.table)
            if step.selection.action == "erase":
                ceilings.erase[table] = ceilings.erase.get(table, 0) + step.count
            for column in step.selection.columns if step.selection.action != "task" else ():
                place = (*table, column)
                ceilings.touch[place] = ceilings.touch.get(place, 0) + step.count
        return ceilings

    def allows(self, system: str, selection: Selection, count: int) -> bool:
        """Return whether so many rows of a selection are within what was approved."""
        table = (system, selection.table)
        erasable = self.erase.get(table, 0)
        if selection.action == "erase":
            return count <= erasable
        return all(count <= self.touch.get((*table, c), 0) + erasable for c in selection.columns)

    def spend(self, system: str, selection: Selection, count: int) -> None:
        """Take rows off what was approved."""
        table = (system, selection.table)
        if selection.action == "erase":
            self.erase[table] = self.erase.get(table, 0) - count
            return
        short = 0
        for column in selection.columns:
            place = (*table, column)
            left = self.touch.get(place, 0) - count
            short = max(short, -left)
            self.touch[place] = max(left, 0)
        if short:
            self.erase[table] = self.erase.get(table, 0) - short
