"""What was seen in a system, and what said by people? The entries that standings are computed from.

Whoever looks at a system makes an `Observation`; `observe` keeps it. All else that a standing needs
to know of the past is carried from one observation to the next, so that no standing reads the
whole log, and each can be computed again for any day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from ombud.evidence.entry import Draft, Entry, Json, canonical, instant, instant_text
from ombud.evidence.said import Counts

OBSERVED: Final = "observed"

# An entry is 65,535 bytes at most; a large system's observation is kept in several.
_PART_BYTES_MAX: Final = 60_000


@dataclass(frozen=True)
class RuleSeen:
    """How a table stands under one activity's rule; numbers of rows.

    Args:
        due: The activity's ground has ended and the row is still there, held or not.
        overdue: Due, under no hold, and longer than the rule's sweep interval.
        alive: The ground lives.
        clock_missing: A clock that has to be there is not, or nobody can read it: nobody can say
            when the ground ends.
        clock_unreadable: Those of them that hold something, and it is no time.
        clock_far: A clock strikes in a hundred years at the earliest: a slip, most likely.
        undecided: It waits for a person's decision, and longer than the policy allows.
    """

    due: int = 0
    overdue: int = 0
    alive: int = 0
    clock_missing: int = 0
    undecided: int = 0
    clock_unreadable: int = 0
    clock_far: int = 0


@dataclass(frozen=True)
class CapSeen:
    """How a table stands under a cap; numbers of rows, as in `RuleSeen`."""

    due: int = 0
    overdue: int = 0


@dataclass(frozen=True)
class TableSeen:
    """How a table was.

    Args:
        rows: All rows.
        kept_until: Activity to (day to rows whose ground lives). Rows may share a day when they
            must all still be there on it: the earliest end among rows counted together.
            `values:<activity>` is the same of the fields that it keeps filled, `hold:<id>` of the
            rows of a hold that a cap ends.
        moving: Names in `kept_until` whose rows may move to a later day: something new may come
            that they belong to.
        schema: Digest of the live columns.
        unmapped: Live columns that the map neither maps nor marks as not personal.
        without_rule: Rows that are due and that no rule or cap names: no promise counts them.
    """

    rows: int
    rules: Mapping[str, RuleSeen] = field(default_factory=dict)
    caps: Mapping[str, CapSeen] = field(default_factory=dict)
    kept_until: Mapping[str, Mapping[date, int]] = field(default_factory=dict)
    moving: tuple[str, ...] = ()
    schema: str = ""
    unmapped: tuple[str, ...] = ()
    without_rule: int = 0


@dataclass(frozen=True)
class Run:
    """Since when something has been broken, or has been fine.

    Args:
        broken: Which of the two.
        since: The first observation of the unbroken row of observations that says so.
        count: Rows that it is broken for; 0 where it is fine.
    """

    broken: bool
    since: datetime
    count: int = 0


@dataclass(frozen=True)
class TableCarried:
    """What earlier observations of a table and steps done in it say.

    Args:
        runs: `rule:<activity>`, `clock:<activity>`, `cap:<cap>`, `only`, and `keeps:<name>` for
            each name of `kept_until`.
        changed: Activity or cap to what steps have made of rows under it.
        expected: Name of `kept_until` to (day to rows that had to be there), where fewer are.
    """

    runs: Mapping[str, Run] = field(default_factory=dict)
    changed: Mapping[str, Counts] = field(default_factory=dict)
    expected: Mapping[str, Mapping[date, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class HoldCarried:
    """What earlier observations say of a hold.

    Args:
        expected: The most rows it ever covered in the system.
    """

    expected: int
    run: Run


@dataclass(frozen=True)
class Observation:
    """How a system was at an instant, exactly: counted, never estimated.

    Args:
        as_of: Local date that rules were reckoned with.
        tables: Table id of the map to what was seen; every table of the map.
        holds: Each hold that is active in the system to the rows it covers, 0 included.
        other_tables: Names of live tables that are not on the map.
        basis: Digest of policy and map, so that a changed rule is not taken for lost data.
        carried: Filled in when it is kept; empty in what was just seen.
        held: Likewise.
    """

    system: str
    as_of: date
    at: datetime
    tables: Mapping[str, TableSeen]
    holds: Mapping[str, int] = field(default_factory=dict)
    other_tables: tuple[str, ...] = ()
    basis: str = ""
    carried: Mapping[str, TableCarried] = field(default_factory=dict)
    held: Mapping[str, HoldCarried] = field(default_factory=dict)
    entry: int = -1

    def drafts(self) -> list[Draft]:
        """Return its entries: one, or for a large system several, appended together."""
        tables = {name: self._table_json(name) for name in {**self.tables, **self.carried}}
        parts = _split(tables)
        bodies: list[dict[str, Json]] = [
            {
                "as_of": self.as_of.isoformat(),
                "part": [number, len(parts)],
                "system": self.system,
                "tables": part,
            }
            for number, part in enumerate(parts, 1)
        ]
        bodies[-1] |= {
            "basis": self.basis,
            "holds": {hold: self._hold_json(hold) for hold in self.holds},
            "other_tables": list(self.other_tables),
        }
        return [Draft(OBSERVED, body, self.system) for body in bodies]

    def _table_json(self, name: str) -> dict[str, Json]:
        found: dict[str, Json] = {}
        if name in self.tables:
            seen = self.tables[name]
            found["rows"] = seen.rows
            found["schema"] = seen.schema
            found["unmapped"] = list(seen.unmapped)
            found["without_rule"] = seen.without_rule
            found["rules"] = {rule: _counts(each) for rule, each in seen.rules.items()}
            found["caps"] = {cap: _counts(each) for cap, each in seen.caps.items()}
            found["kept_until"] = _days_json(seen.kept_until)
            found["moving"] = list(seen.moving)
        carried = self.carried.get(name, TableCarried())
        found["runs"] = {run: _run_json(each) for run, each in carried.runs.items()}
        for name in ("erased", "blanked", "in_doubt"):
            found[name] = {
                rule: count for rule, each in carried.changed.items() if (count := vars(each)[name])
            }
        found["expected"] = _days_json(carried.expected)
        return {key: value for key, value in found.items() if value or key == "rows"}

    def _hold_json(self, hold: str) -> dict[str, Json]:
        found: dict[str, Json] = {"rows": self.holds[hold]}
        if hold in self.held:
            carried = self.held[hold]
            found |= {"expected": carried.expected, "run": _run_json(carried.run)}
        return found


def observation_from(entries: Iterable[Entry]) -> Observation:
    """Return the observation that its entries, all parts in order, say."""
    parts = list(entries)
    whole = parts[-1].body
    tables = _merged(parts)
    holds = whole["holds"]
    return Observation(
        system=whole["system"],
        as_of=date.fromisoformat(whole["as_of"]),
        at=parts[-1].at,
        tables={name: _table_seen(table) for name, table in tables.items() if "rows" in table},
        holds={hold: each["rows"] for hold, each in holds.items()},
        other_tables=tuple(whole["other_tables"]),
        basis=whole["basis"],
        carried={name: _table_carried(table) for name, table in tables.items()},
        held={
            hold: HoldCarried(each["expected"], _run(each["run"]))
            for hold, each in holds.items()
            if "expected" in each
        },
        entry=parts[-1].index,
    )


def parts_before(entry: Entry) -> int:
    """Return how many entries of the same observation stand before its last one."""
    number: int = entry.body["part"][1]
    return number - 1


def measured(observation: Observation) -> Observation:
    """Return only what was seen, without what was carried."""
    return replace(observation, carried={}, held={}, entry=-1)


def _split(tables: Mapping[str, Mapping[str, Json]]) -> list[dict[str, Json]]:
    parts: list[dict[str, Json]] = [{}]
    size = 0
    for name, table in tables.items():
        for piece in _pieces(table):
            length = len(canonical(piece).encode()) + len(name.encode())
            if size + length > _PART_BYTES_MAX or name in parts[-1]:
                parts.append({})
                size = 0
            parts[-1][name] = piece
            size += length
    return parts


def _pieces(table: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    """Yield a table whole, or one too large for an entry in pieces that merge into it again."""
    if len(canonical(table).encode()) <= _PART_BYTES_MAX:
        yield table
        return
    for key, value in table.items():
        if isinstance(value, Mapping):
            for inner, each in value.items():
                yield {key: {inner: each}}
        else:
            yield {key: value}


def _merged(entries: Iterable[Entry]) -> dict[str, dict[str, Any]]:
    tables: dict[str, dict[str, Any]] = {}
    for entry in entries:
        for name, piece in entry.body["tables"].items():
            table = tables.setdefault(name, {})
            for key, value in piece.items():
                if isinstance(value, dict):
                    table.setdefault(key, {}).update(value)
                else:
                    table[key] = value
    return tables


def _counts(seen: RuleSeen | CapSeen) -> dict[str, Json]:
    return {name: count for name, count in vars(seen).items() if count}


def _days_json(days: Mapping[str, Mapping[date, int]]) -> dict[str, Json]:
    return {
        activity: {day.isoformat(): count for day, count in counts.items() if count}
        for activity, counts in days.items()
    }


def _days(found: Mapping[str, Mapping[str, int]]) -> dict[str, dict[date, int]]:
    return {
        activity: {date.fromisoformat(day): count for day, count in counts.items()}
        for activity, counts in found.items()
    }


def _run_json(run: Run) -> Json:
    return [run.broken, instant_text(run.since), run.count]


def _run(found: tuple[bool, str, int]) -> Run:
    broken, since, count = found
    return Run(broken, instant(since), count)


def _table_seen(found: Mapping[str, Any]) -> TableSeen:
    return TableSeen(
        rows=found["rows"],
        rules={rule: RuleSeen(**counts) for rule, counts in found.get("rules", {}).items()},
        caps={cap: CapSeen(**counts) for cap, counts in found.get("caps", {}).items()},
        kept_until=_days(found.get("kept_until", {})),
        moving=tuple(found.get("moving", ())),
        schema=found.get("schema", ""),
        unmapped=tuple(found.get("unmapped", ())),
        without_rule=found.get("without_rule", 0),
    )


def _table_carried(found: Mapping[str, Any]) -> TableCarried:
    kinds = {name: found.get(name, {}) for name in ("erased", "blanked", "in_doubt")}
    rules = {rule for each in kinds.values() for rule in each}
    return TableCarried(
        runs={name: _run(run) for name, run in found.get("runs", {}).items()},
        changed={
            rule: Counts(**{name: each.get(rule, 0) for name, each in kinds.items()})
            for rule in sorted(rules)
        },
        expected=_days(found.get("expected", {})),
    )
