"""What does the log show of a system at an instant? Observations kept and read, and their gaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from ombud.evidence.carry import carry
from ombud.evidence.decisions import DECIDED
from ombud.evidence.entry import Entry
from ombud.evidence.log import Log
from ombud.evidence.observation import (
    OBSERVED,
    Observation,
    measured,
    observation_from,
    parts_before,
)
from ombud.evidence.said import (
    ATTESTED,
    DOCUMENT_SEEN,
    DONE,
    HOLD_PLACED,
    HOLD_RELEASED,
    PAGE_SEEN,
    PARTLY,
    POLICY_SEEN,
    SETTING_READ,
    TASK_CONFIRMED,
    Attested,
    DocumentSeen,
    HoldPlaced,
    PageSeen,
    PolicySeen,
    SettingRead,
    StepDone,
    TaskConfirmed,
    document_text,
)
from ombud.evidence.versions import Version, Versions
from ombud.policy.model import Policy
from ombud.store import Transaction
from ombud.systems.connector import HOLD
from ombud.systems.model import Systems


@dataclass(frozen=True)
class Shown:
    """What the log shows at an instant: all that standings are computed from.

    Args:
        observations: System to its latest.
        settings: `system.setting` to its readings, oldest first; `tasks` likewise.
        attested: Promise to what was stated of it, oldest first.
        decided: Activity to the entry of its latest decision.
        holds: Every hold placed, released ones with when.
        version: The version of the notice that stands; None: nothing is published.
        policy: The policy as it was looked at last; None: nobody has.
        pages: Language to the latest comparison of its live page with a version.
        documents: Document and language to when it was looked for last.
    """

    observations: dict[str, Observation] = field(default_factory=dict)
    settings: dict[str, list[SettingRead]] = field(default_factory=dict)
    tasks: dict[str, list[TaskConfirmed]] = field(default_factory=dict)
    attested: dict[str, list[Attested]] = field(default_factory=dict)
    decided: dict[str, Entry] = field(default_factory=dict)
    holds: list[HoldPlaced] = field(default_factory=list)
    version: Version | None = None
    policy: PolicySeen | None = None
    pages: dict[str, PageSeen] = field(default_factory=dict)
    documents: dict[tuple[str, str], DocumentSeen] = field(default_factory=dict)


def observe(
    log: Log, seen: Observation, *, gap: timedelta, tx: Transaction | None = None
) -> Observation:
    """Keep what was seen in a system, together with what earlier observations say.

    Of two runs that look at once the one that looked last stands, whichever ends first: what is
    older than the last observation, by less than `gap`, is not kept. By more, a clock was wrong.

    Args:
        seen: `carried` and `held` are worked out here.
        gap: The system's `check_every`: observations further apart prove nothing in between.

    Returns:
        The observation that stands, as it was kept.

    Raises:
        Stopped: The database did not take the change; nothing of it is left.
    """
    with log.store.transaction(tx) as inner:
        log.lock(inner)
        before = latest_observation(log, seen.system, tx=inner)
        if before is not None and timedelta() < before.at - seen.at < gap:
            return before
        done = (
            step
            for entry in log.entries((DONE, PARTLY), after=before.entry if before else -1, tx=inner)
            if (step := StepDone.read(entry)).system == seen.system
        )
        ending = {name for table in seen.tables.values() for name in table.kept_until}
        placed = {
            hold: HoldPlaced.read(entry).rows.get(seen.system, 0)
            for hold in seen.holds
            if f"{HOLD}{hold}" not in ending  # a cap may have ended rows since
            if (entry := log.latest(HOLD_PLACED, about=hold, tx=inner)) is not None
        }
        kept = carry(before, measured(seen), done=done, placed=placed, gap=gap)
        entries = log.append(kept.drafts(), at=seen.at, tx=inner)
        return replace(kept, entry=entries[-1].index)


def latest_observation(
    log: Log, system: str, *, until: datetime | None = None, tx: Transaction | None = None
) -> Observation | None:
    """Return the last observation of a system, at an instant or before it."""
    last = log.latest(OBSERVED, about=system, until=until, tx=tx)
    if last is None:
        return None
    first = last.index - parts_before(last)
    parts = log.entries(OBSERVED, about=system, after=first - 1, until=last.at, tx=tx)
    return observation_from(part for part in parts if part.index <= last.index)


def shown(
    log: Log, policy: Policy, systems: Systems, now: datetime, *, tx: Transaction | None = None
) -> Shown:
    """Return what the log shows at an instant: now, or any earlier one.

    Raises:
        Stopped: The database did not answer.
    """
    with log.store.reading(tx) as inner:
        looked = log.latest(POLICY_SEEN, until=now, tx=inner)
        found = Shown(
            version=Versions(log).latest(until=now, tx=inner),
            policy=PolicySeen.read(looked) if looked else None,
        )
        for language in found.version.languages if found.version else ():
            seen = log.latest(PAGE_SEEN, about=language, until=now, tx=inner)
            if seen is not None:
                found.pages[language] = PageSeen.read(seen)
            for document in policy.documents:
                text = document_text(document, language)
                looked = log.latest(DOCUMENT_SEEN, about=text, until=now, tx=inner)
                if looked is not None:
                    found.documents[document, language] = DocumentSeen.read(looked)
        for system in systems.systems.values():
            observation = latest_observation(log, system.id, until=now, tx=inner)
            if observation is not None:
                found.observations[system.id] = observation
            for setting in system.settings:
                name = f"{system.id}.{setting}"
                said = log.entries(SETTING_READ, about=name, until=now, tx=inner)
                found.settings[name] = [SettingRead.read(entry) for entry in said]
            for task in system.tasks:
                name = f"{system.id}.{task}"
                said = log.entries(TASK_CONFIRMED, about=name, until=now, tx=inner)
                found.tasks[name] = [TaskConfirmed.read(entry) for entry in said]
        for promise in policy.promises.values():
            if any(proof.kind in ("attest", "keeps") for proof in promise.proofs):
                said = log.entries(ATTESTED, about=promise.id, until=now, tx=inner)
                found.attested[promise.id] = [Attested.read(entry) for entry in said]
        for activity in policy.activities:
            decided = log.latest(DECIDED, about=activity, until=now, tx=inner)
            if decided is not None:
                found.decided[activity] = decided
        found.holds.extend(_holds(log, now, inner))
    return found


def _holds(log: Log, now: datetime, tx: Transaction) -> Iterator[HoldPlaced]:
    released = {
        entry.body["hold"]: entry.at for entry in log.entries(HOLD_RELEASED, until=now, tx=tx)
    }
    for entry in log.entries(HOLD_PLACED, until=now, tx=tx):
        placed = HoldPlaced.read(entry)
        yield replace(placed, released_at=released.get(placed.hold))


def gaps(
    log: Log,
    system: str,
    *,
    check_every: timedelta,
    since: datetime,
    until: datetime,
) -> list[tuple[datetime, datetime]]:
    """Return the times in which nothing is proved of a system: Ombud was off, or it out of reach.

    Args:
        check_every: How long an observation proves anything.
        since: Where to begin; an instant in any zone, as `until`.
        until: Where to end.

    Returns:
        From and to of each, in UTC, the earliest first.

    Raises:
        Stopped: The database did not answer.
    """
    # Two instants of one zone are compared by what its clocks show, which go back in autumn.
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    found: list[tuple[datetime, datetime]] = []
    proved_until = since
    before = log.latest(OBSERVED, about=system, until=since)
    if before is not None:
        proved_until = max(since, before.at + check_every)
    after = before.index if before else -1
    for entry in log.entries(OBSERVED, about=system, after=after, until=until):
        if entry.at > proved_until:
            found.append((proved_until, entry.at))
        proved_until = max(proved_until, entry.at + check_every)
    if proved_until < until:
        found.append((proved_until, until))
    return found
