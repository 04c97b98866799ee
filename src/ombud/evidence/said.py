"""What did people say and steps do? Each kind of entry as a value, written and read here only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from ombud.evidence.entry import Draft, Entry, Json
from ombud.law import Period

DONE: Final = "done"
SETTING_READ: Final = "setting_read"
TASK_CONFIRMED: Final = "task_confirmed"
ATTESTED: Final = "attested"
HOLD_PLACED: Final = "hold_placed"
HOLD_RELEASED: Final = "hold_released"
PAGE_SEEN: Final = "page_seen"
POLICY_SEEN: Final = "policy_seen"


@dataclass(frozen=True)
class StepDone:
    """That a step of a plan is done: it was read back, and nothing of it is left.

    Args:
        count: Rows erased, blanked or anonymised.
        rules: Activities under whose rules; `caps` likewise.
        facts: What else is worth keeping: plan digest, numbers, times; no personal data.
    """

    system: str
    table: str
    action: str
    count: int
    rules: tuple[str, ...] = ()
    caps: tuple[str, ...] = ()
    facts: Mapping[str, Json] = field(default_factory=dict)

    def draft(self, *, once: str | None = None) -> Draft:
        """Return its entry; with `once` it is done once, however many runs say so."""
        body: dict[str, Json] = {
            **self.facts,
            "action": self.action,
            "caps": list(self.caps),
            "count": self.count,
            "rules": list(self.rules),
            "system": self.system,
            "table": self.table,
        }
        return Draft(DONE, body, f"{self.system}.{self.table}", once)

    @classmethod
    def read(cls, entry: Entry) -> StepDone:
        """Return what the entry says."""
        said: dict[str, Any] = dict(entry.body)
        known = {name: said.pop(name) for name in ("system", "table", "action", "count")}
        rules, caps = tuple(said.pop("rules")), tuple(said.pop("caps"))
        return cls(**known, rules=rules, caps=caps, facts=said)


@dataclass(frozen=True)
class SettingRead:
    """That a person read a setting of a system out of reach.

    Args:
        value: How long it keeps data; None: for ever.
    """

    system: str
    setting: str
    value: Period | None
    at: datetime
    entry: int = -1

    def draft(self, *, by: str, once: str | None = None) -> Draft:
        """Return its entry; `by` is kept apart, erasable."""
        body: dict[str, Json] = {
            "setting": self.setting,
            "system": self.system,
            "value": self.value.iso if self.value else None,
        }
        return Draft(SETTING_READ, body, f"{self.system}.{self.setting}", once, {"by": by})

    @classmethod
    def read(cls, entry: Entry) -> SettingRead:
        """Return what the entry says."""
        body = entry.body
        value = Period.parse(body["value"]) if body["value"] is not None else None
        return cls(body["system"], body["setting"], value, entry.at, entry.index)


@dataclass(frozen=True)
class TaskConfirmed:
    """That a person did a task in a system out of reach.

    Args:
        remaining: What the system's own export still holds of what had to go.
    """

    system: str
    task: str
    remaining: int
    at: datetime
    entry: int = -1

    def draft(self, *, by: str, once: str | None = None) -> Draft:
        """Return its entry; `by` is kept apart, erasable."""
        body: dict[str, Json] = {
            "remaining": self.remaining,
            "system": self.system,
            "task": self.task,
        }
        return Draft(TASK_CONFIRMED, body, f"{self.system}.{self.task}", once, {"by": by})

    @classmethod
    def read(cls, entry: Entry) -> TaskConfirmed:
        """Return what the entry says."""
        body = entry.body
        return cls(body["system"], body["task"], body["remaining"], entry.at, entry.index)


@dataclass(frozen=True)
class Attested:
    """That a named person states of a promise that it is so.

    Args:
        so: False: that it is not.
        explains: It explains rows that are gone though they had to be kept, until more are.
    """

    promise: str
    at: datetime
    so: bool = True
    explains: bool = False
    entry: int = -1

    def draft(self, *, by: str, words: str = "", once: str | None = None) -> Draft:
        """Return its entry; `by` and the person's own words are kept apart, erasable."""
        body: dict[str, Json] = {
            "explains": self.explains,
            "promise": self.promise,
            "so": self.so,
        }
        payloads: dict[str, Json] = {"by": by}
        if words:
            payloads["words"] = words
        return Draft(ATTESTED, body, self.promise, once, payloads)

    @classmethod
    def read(cls, entry: Entry) -> Attested:
        """Return what the entry says."""
        body = entry.body
        return cls(body["promise"], entry.at, body["so"], body["explains"], entry.index)


@dataclass(frozen=True)
class HoldPlaced:
    """That a hold was placed.

    Args:
        rows: System to rows that it covered there.
        reasoned: A reason was given.
        released_at: None: it was not, as far as is known.
    """

    hold: str
    kind: str
    review_on: date
    rows: Mapping[str, int]
    reasoned: bool
    at: datetime
    released_at: datetime | None = None
    entry: int = -1

    @classmethod
    def read(cls, entry: Entry) -> HoldPlaced:
        """Return what the entry says."""
        body = entry.body
        return cls(
            hold=body["hold"],
            kind=body["kind"],
            review_on=date.fromisoformat(body["review_on"]),
            rows=body["rows"],
            reasoned="reason" in entry.commitments,
            at=entry.at,
            entry=entry.index,
        )


@dataclass(frozen=True)
class PageSeen:
    """That the page people read was compared with the published version.

    Args:
        language: Of the page.
        version: Number of the version it was compared with.
        same: Whether a person reads the same on both.
        found: Digest of the text that was read on the page.
    """

    language: str
    version: int
    same: bool
    found: str
    at: datetime
    entry: int = -1

    def draft(self) -> Draft:
        """Return its entry."""
        body: dict[str, Json] = {
            "found": self.found,
            "language": self.language,
            "same": self.same,
            "version": self.version,
        }
        return Draft(PAGE_SEEN, body, self.language)

    @classmethod
    def read(cls, entry: Entry) -> PageSeen:
        """Return what the entry says."""
        body = entry.body
        return cls(
            body["language"], body["version"], body["same"], body["found"], entry.at, entry.index
        )


@dataclass(frozen=True)
class PolicySeen:
    """That the policy was looked at when its promises were measured.

    Args:
        policy: Digest of its meaning.
        found: Ids of the checks that found an error or a warning in it.
    """

    policy: str
    found: tuple[str, ...]
    at: datetime
    entry: int = -1

    def draft(self) -> Draft:
        """Return its entry."""
        body: dict[str, Json] = {"found": list(self.found), "policy": self.policy}
        return Draft(POLICY_SEEN, body)

    @classmethod
    def read(cls, entry: Entry) -> PolicySeen:
        """Return what the entry says."""
        return cls(entry.body["policy"], tuple(entry.body["found"]), entry.at, entry.index)
