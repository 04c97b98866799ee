"""What did people say and steps do? Each kind of entry as a value, written and read here only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal

from ombud.errors import Unread
from ombud.evidence.entry import Draft, Entry, Json
from ombud.law import Period

BEGAN: Final = "began"
DONE: Final = "done"
PARTLY: Final = "partly"
SETTING_READ: Final = "setting_read"
TASK_CONFIRMED: Final = "task_confirmed"
ATTESTED: Final = "attested"
HOLD_PLACED: Final = "hold_placed"
HOLD_RELEASED: Final = "hold_released"
PAGE_SEEN: Final = "page_seen"
DOCUMENT_SEEN: Final = "document_seen"
POLICY_SEEN: Final = "policy_seen"


@dataclass(frozen=True)
class Counts:
    """What became of rows.

    Args:
        erased: Rows that are gone.
        blanked: Rows that stay and of which fields were emptied, replaced or anonymised.
        in_doubt: At most so many rows more: a batch of theirs was cut off, and nobody can tell
            whether it had reached the disk.
    """

    erased: int = 0
    blanked: int = 0
    in_doubt: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.erased + other.erased,
            self.blanked + other.blanked,
            self.in_doubt + other.in_doubt,
        )

    def __sub__(self, other: Counts) -> Counts:
        return Counts(
            self.erased - other.erased,
            self.blanked - other.blanked,
            self.in_doubt - other.in_doubt,
        )

    def __bool__(self) -> bool:
        return any((self.erased, self.blanked, self.in_doubt))

    @classmethod
    def read(cls, body: Mapping[str, Any], *, action: str) -> Counts:
        """Return what the body of an entry, or a part of it, says of an action's rows."""
        count: int = body["count"]
        blanked: int = body.get("blanked", 0 if action == "erase" else count)
        return cls(count - blanked, blanked, body.get("in_doubt", 0))

    def as_json(self) -> dict[str, Json]:
        """Return them as an entry says them: `count` is of all rows that were changed."""
        found: dict[str, Json] = {"count": self.erased + self.blanked, "blanked": self.blanked}
        return found | ({"in_doubt": self.in_doubt} if self.in_doubt else {})


@dataclass(frozen=True)
class StepDone:
    """That a step of a plan is done: it was read back, and nothing of it is left.

    Or, `partly`, that a run of it ended, or was ended, before that.

    Args:
        changed: In every run of the step; of one that is partly done, since its last entry.
        earlier: What of it entries before this one have told.
        rules: Activities under whose rules; `caps` likewise.
        facts: What else is worth keeping: plan digest, numbers, times; no personal data.
    """

    system: str
    table: str
    action: str
    changed: Counts
    rules: tuple[str, ...] = ()
    caps: tuple[str, ...] = ()
    facts: Mapping[str, Json] = field(default_factory=dict)
    earlier: Counts = field(default_factory=Counts)
    partly: bool = False

    @property
    def new(self) -> Counts:
        """What no entry before this one has told."""
        return self.changed - self.earlier

    def draft(self, *, once: str | None = None) -> Draft:
        """Return its entry; with `once` it is done once, however many runs say so."""
        body: dict[str, Json] = {
            **self.facts,
            **self.changed.as_json(),
            "action": self.action,
            "caps": list(self.caps),
            "rules": list(self.rules),
            "system": self.system,
            "table": self.table,
        }
        if self.earlier:
            body["earlier"] = self.earlier.as_json()
        return Draft(PARTLY if self.partly else DONE, body, f"{self.system}.{self.table}", once)

    @classmethod
    def read(cls, entry: Entry) -> StepDone:
        """Return what the entry says."""
        said: dict[str, Any] = dict(entry.body)
        action = said.pop("action")
        changed = Counts.read(said, action=action)
        earlier = said.pop("earlier", {"count": 0})
        for name in ("count", "blanked", "in_doubt"):
            said.pop(name, None)
        return cls(
            said.pop("system"),
            said.pop("table"),
            action,
            changed,
            tuple(said.pop("rules")),
            tuple(said.pop("caps")),
            said,
            Counts.read(earlier, action=action),
            entry.kind == PARTLY,
        )


def once_of(kind: str, plan: str, step: str) -> str:
    """Return the `once` of what can be said of a step once: that it began, and that it is done.

    Args:
        plan: Digest.
        step: Id within the plan.
    """
    return f"{kind}:{plan}:{step}"


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


DocumentState = Literal["there", "differs", "elsewhere", "empty", Unread]
"""How a document was found. `differs`: it is not what was published. `elsewhere`: its address leads
to another one."""


@dataclass(frozen=True)
class DocumentSeen:
    """That a document which the notice refers to was looked for where people read it.

    Args:
        document: Its id in the policy.
        language: Of its text.
        version: Number of the version that stood.
        found: Digest of what was read; empty: nothing was.
    """

    document: str
    language: str
    version: int
    state: DocumentState
    found: str
    at: datetime
    entry: int = -1

    def draft(self) -> Draft:
        """Return its entry."""
        body: dict[str, Json] = {
            "document": self.document,
            "found": self.found,
            "language": self.language,
            "state": self.state,
            "version": self.version,
        }
        return Draft(DOCUMENT_SEEN, body, document_text(self.document, self.language))

    @classmethod
    def read(cls, entry: Entry) -> DocumentSeen:
        """Return what the entry says."""
        return cls(**entry.body, at=entry.at, entry=entry.index)


def document_text(document: str, language: str) -> str:
    """Return what the log calls the text of a document in a language."""
    return f"{document}.{language}"


@dataclass(frozen=True)
class PolicySeen:
    """That the policy was looked at when its promises were measured.

    Args:
        policy: Digest of its meaning.
        found: Ids of the checks that found an error or a warning in it.
        documents: Digests of the documents given out with the notice, as in `Version`.
    """

    policy: str
    found: tuple[str, ...]
    at: datetime
    entry: int = -1
    documents: Mapping[str, str] = field(default_factory=dict)

    def draft(self) -> Draft:
        """Return its entry."""
        body: dict[str, Json] = {"found": list(self.found), "policy": self.policy}
        if self.documents:
            body["documents"] = dict(self.documents)
        return Draft(POLICY_SEEN, body)

    @classmethod
    def read(cls, entry: Entry) -> PolicySeen:
        """Return what the entry says."""
        body = entry.body
        documents = body.get("documents", {})
        return cls(body["policy"], tuple(body["found"]), entry.at, entry.index, documents)
