"""Which things wait for a person, since when, and how were they done last time?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal, Protocol
from zoneinfo import ZoneInfo

from ombud.evidence import Shown
from ombud.evidence.entry import instant_text
from ombud.evidence.judge_people import UNSTATED, People
from ombud.evidence.part import Part
from ombud.law import Period, last_day
from ombud.policy.model import NeededFrom, Policy, Text, parts_of
from ombud.systems.model import Systems

State = Literal["missing", "overdue", "broken", "not_due", "done"]
"""`missing`: nobody ever did it. `overdue`: it was done, too long ago. `broken`: what was found is
not what was promised. `done`: it was done, and until its due date there is nothing to do.
`not_due`: nobody has done it, and it has time until its due date."""

STATES: Final[tuple[State, ...]] = ("broken", "overdue", "missing", "not_due", "done")
"""The order in which people look at them."""


class Said(Protocol):
    """What somebody said, and when."""

    @property
    def at(self) -> datetime:
        """When it was said."""


@dataclass(frozen=True)
class Duty:
    """One thing that a person does by hand, again and again.

    Args:
        name: `system.setting`, `system.task`, or the id of an activity, promise or hold.
        by: Whose duty it is, as the organisation wrote it: a role.
        due_on: Last local day on which it is in time; None: it is not known, or never again.
        last_at: When it was done last.
        says: What is known of it, in words.
        instructions: How to do it, as the map says.
    """

    kind: Literal["setting", "task", "criterion", "attestation", "hold"]
    name: str
    by: str
    state: State
    due_on: date | None
    last_at: datetime | None
    says: str
    instructions: Text = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return it in the form of `duty --json`."""
        return {
            "kind": self.kind,
            "name": self.name,
            "by": self.by,
            "state": self.state,
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "last_at": instant_text(self.last_at) if self.last_at else None,
            "says": self.says,
            "instructions": dict(self.instructions),
        }


def duties(policy: Policy, systems: Systems, seen: Shown, now: datetime) -> list[Duty]:
    """Return everything that people do by hand: what is broken or late first, then by due date.

    Args:
        seen: What the log shows at `now`.
        now: Aware.

    Law:
        GDPR Art. 24(1)
    """
    lister = _Lister(policy, systems, seen, now)
    found = [*lister.settings(), *lister.tasks(), *lister.criteria()]
    found += [*lister.attestations(), *lister.holds()]
    return sorted(found, key=lambda d: (STATES.index(d.state), d.due_on or date.min))


class _Lister:
    def __init__(self, policy: Policy, systems: Systems, seen: Shown, now: datetime) -> None:
        self._policy, self._systems, self._seen, self._now = policy, systems, seen, now
        self._zone = ZoneInfo(policy.organisation.zone)
        self._today = now.astimezone(self._zone).date()
        self._people = People(systems, seen, self._today, self._zone)

    def settings(self) -> Iterator[Duty]:
        """Yield the settings to read."""
        for system in self._systems.systems.values():
            for each in system.settings.values():
                name = f"{system.id}.{each.id}"
                part, said = self._people.setting(name), self._seen.settings.get(name, [])
                state, due_on, last_at = self._how(part, said, each.every)
                says = part.evidence[0].says
                yield Duty(
                    "setting", name, each.by, state, due_on, last_at, says, each.instructions
                )

    def tasks(self) -> Iterator[Duty]:
        """Yield the tasks to do and confirm."""
        for system in self._systems.systems.values():
            for each in system.tasks.values():
                name = f"{system.id}.{each.id}"
                part, said = self._people.task(name), self._seen.tasks.get(name, [])
                state, due_on, last_at = self._how(part, said, each.every)
                says = part.evidence[0].says
                yield Duty("task", name, each.by, state, due_on, last_at, says, each.instructions)

    def attestations(self) -> Iterator[Duty]:
        """Yield the promises that somebody vouches for."""
        for promise in self._policy.promises.values():
            for proof in promise.proofs:
                if proof.kind != "attest":
                    continue
                part = self._people.attested(promise, proof)
                said = [a for a in self._seen.attested.get(promise.id, []) if not a.explains]
                state, due_on, last_at = self._how(part, said, proof.every)
                # who has to is said beside it
                says = part.evidence[0].says if said else UNSTATED
                yield Duty(
                    "attestation", promise.id, proof.by, state, due_on, last_at, says, promise.says
                )

    def criteria(self) -> Iterator[Duty]:
        """Yield the activities of which a person decides what is no longer needed."""
        for activity in self._policy.activities.values():
            for part in parts_of(activity.keep):
                if isinstance(part, NeededFrom):
                    yield self._criterion(activity.id, part, activity.title)

    def _criterion(self, activity: str, keep: NeededFrom, title: Mapping[str, str]) -> Duty:
        waiting = sum(
            table.rules[activity].undecided
            for observation in self._seen.observations.values()
            for table in observation.tables.values()
            if activity in table.rules
        )
        decided = self._seen.decided.get(activity)
        due_on = decided_on = None
        if decided is not None:
            decided_on = date.fromisoformat(decided.body["decided_on"])
            due_on = last_day(decided_on, keep.every)
        state: State = "missing" if decided_on is None else "done"
        if waiting or (due_on is not None and due_on < self._today):
            state = "overdue"
        known = f"decided on {decided_on}" if decided_on else "nobody has decided yet"
        wait = "1 row waits" if waiting == 1 else f"{waiting} rows wait"
        says = f"{known}; {wait} too long" if waiting else known
        last_at = decided.at if decided is not None else None
        return Duty("criterion", activity, keep.by, state, due_on, last_at, says, title)

    def holds(self) -> Iterator[Duty]:
        """Yield the holds to look at again."""
        for hold in self._seen.holds:
            if hold.released_at is None or hold.released_at > self._now:
                state: State = "overdue" if hold.review_on < self._today else "not_due"
                says = f"{hold.kind}: does it still have to stay?"
                yield Duty("hold", hold.hold, "", state, hold.review_on, hold.at, says)

    def _how(
        self, part: Part, said: Sequence[Said], every: Period | None
    ) -> tuple[State, date | None, datetime | None]:
        """Return state, due date and when it was done last."""
        if not said:
            return "missing", None, None
        last = said[-1].at
        due_on = last_day(last.astimezone(self._zone).date(), every) if every else None
        if part.word == "not_kept":
            return "broken", due_on, last
        return ("overdue" if part.word == "not_provable" else "done"), due_on, last
