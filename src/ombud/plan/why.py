"""Why is this row kept, and until when? The grounds of a plan, said of one row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from ombud.plan.ground import FieldGrounds, Ground, SystemGrounds, staying
from ombud.plan.hold import Hold
from ombud.plan.lives import Life, Lives, Questions, last_of
from ombud.plan.reach import Session
from ombud.plan.stays import by_itself
from ombud.plan.term import Open
from ombud.plan.time import Timing
from ombud.plan.words import rule_in_words, said
from ombud.policy.model import Activity, Policy
from ombud.systems.predicate import FALSE, TRUE, Hop, Predicate, any_of, reached


@dataclass(frozen=True)
class GroundOf:
    """One living ground of a field.

    Args:
        activity: Activity id, or the kind of a hold.
        basis: In words, as in Art. 6(1), or `hold`.
        until: Last day, inclusive; None where it is open.
        open: Why it has no last day; None where it has one.
        source: The sentence of the policy or the paragraph of law behind it; of a hold, its law.
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
class RowOf:
    """The row as a whole: it can stay though none of its fields is kept.

    Args:
        kept: It stays.
        by_itself: It stays whatever refers to it: for a field of it; of a table without personal
            columns, for a hold or an activity of its own, for a row that it belongs to, or since
            it is no personal data.
        kept_by: Without personal columns: tables of the rows that it belongs to and that stay.
        goes_with: Likewise: tables of the rows that it may belong to; it goes with the last.
        referred_by: Tables of rows that refer to it and stay, and so keep it.
        statistics: The map keeps it, anonymised, as statistics.
    """

    kept: bool
    by_itself: bool
    kept_by: tuple[str, ...] = ()
    goes_with: tuple[str, ...] = ()
    referred_by: tuple[str, ...] = ()
    statistics: bool = False


@dataclass(frozen=True)
class Why:
    """The answer for one row.

    Args:
        row: The row as a whole.

    Law:
        GDPR Art. 15(1)(d)
    """

    system: str
    table: str
    key: Mapping[str, str]
    fields: Mapping[str, FieldOf]
    row: RowOf

    def as_json(self) -> dict[str, Any]:
        """Return it in the form of `why --json`."""
        return {
            "system": self.system,
            "table": self.table,
            "key": dict(self.key),
            "row": asdict(self.row),
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
    grounds: SystemGrounds,
    table: str,
    key: Mapping[str, str],
    session: Session,
    timing: Timing,
    holds: tuple[Hold, ...] = (),
) -> Why | None:
    """Return the grounds that keep each field of a row, and until when; None without such a row.

    Args:
        holds: Those that have a ground each, told by their law; other grounds of holds are told by
            their kind alone.
    """
    tg, asked = grounds.tables[table], Questions()
    lives = Lives(timing, asked)
    for each in tg.fields:
        for ground in each.all_grounds():
            lives.ask(ground)
    owners = {} if tg.fields else _owners(grounds, table)
    whole = any_of(map(staying, tg.classes)) if tg.classes else TRUE
    for where in (whole, *owners.values()):
        asked.put(where)
    answer = session.explain(tg.table.id, tuple(key.values()), asked.predicates, asked.readings)
    if not answer.found:
        return None
    asked.answered(answer)
    known = {hold.id: hold for hold in holds}
    fields = {
        f.column.name: _field(policy, lives, f, answer.filled[f.column.name], known)
        for f in tg.fields
    }
    stay = tuple(name for name, where in owners.items() if asked.holds(where))
    stays = {name: by_itself(each) for name, each in grounds.tables.items()}
    refer = session.referred_by(table, tuple(key.values()), stays)
    statistics = tg.table.when_due == "statistics"
    itself = asked.holds(whole)
    kept = itself or bool(refer) or statistics
    row = RowOf(kept, itself, stay, tuple(owners), refer, statistics)
    return Why(grounds.system.id, table, dict(key), fields, row)


def _owners(grounds: SystemGrounds, table: str) -> dict[str, Predicate]:
    """Return, per table that a row may belong to, that its row there stays."""
    found: dict[str, Predicate] = {}
    for link in grounds.system.links.values():
        if link.child == table and link.follows and link.parent != table:
            classes = grounds.tables[link.parent].classes
            where = any_of(map(staying, classes)) if classes else TRUE
            stays = reached((Hop(link.id, "parent"),), where)
            found[link.parent] = any_of([found.get(link.parent, FALSE), stays])
    return found


def _field(
    policy: Policy, lives: Lives, each: FieldGrounds, filled: bool, holds: Mapping[str, Hold]
) -> FieldOf:
    living = [g for g in each.all_grounds() if lives.lives(g)]
    # A hold that reaches the row on several ways is said once.
    grounds = tuple(dict.fromkeys(_ground(policy, lives, g, holds) for g in living))
    life = last_of(Life(g.until, g.open) for g in grounds) or Life(None, None)
    category = ", ".join(each.by_category)
    return FieldOf(category, bool(living), life.until, life.open, grounds, filled)


def _ground(policy: Policy, lives: Lives, ground: Ground, holds: Mapping[str, Hold]) -> GroundOf:
    life = lives.of(ground)
    if ground.keep is None:
        name = ground.id.removeprefix("hold:")
        hold = holds.get(name)
        kind, source = (hold.kind, hold.law or "hold") if hold else (name, "hold")
        return GroundOf(kind, "hold", life.until, life.open, source)
    activity = policy.activities[ground.id]
    source = _source(policy, activity)
    return GroundOf(ground.id, activity.basis.kind, life.until, life.open, source)


def _source(policy: Policy, activity: Activity) -> str:
    if activity.fact is not None and activity.fact.citations:
        return str(activity.fact.citations[0])
    words = rule_in_words(policy, activity.keep)
    named = activity.basis.law or said(policy, activity.title)
    return f"{named}: {words}"
