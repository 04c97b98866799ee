"""What do people's readings, confirmations and statements show of systems out of reach?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ombud.evidence.observe import Shown
from ombud.evidence.part import Evidence, Part, Word
from ombud.law import Period, last_day
from ombud.policy.model import Promise, Proof
from ombud.systems.model import System, Systems

# The Gregorian calendar repeats itself after 400 years: so many months are so many days.
_CYCLE_MONTHS = 4_800
_CYCLE_DAYS = 146_097

UNSTATED = "nobody has stated it"


class People:
    """Judges what people said.

    Args:
        zone: The controller's local time, in which a statement's age is counted.
    """

    def __init__(self, systems: Systems, shown: Shown, today: date, zone: ZoneInfo) -> None:
        self._systems = systems
        self._shown = shown
        self._today = today
        self._zone = zone

    def all_of(self, system: System) -> Iterator[Part]:
        """Yield how a system out of reach stands: each of its settings and tasks."""
        for setting in system.settings:
            yield self.setting(f"{system.id}.{setting}")
        for task in system.tasks:
            yield self.task(f"{system.id}.{task}")
        if not system.settings and not system.tasks:
            says = f"`{system.id}` is out of reach, and nobody reads a setting or does a task there"
            yield Part("not_provable", None, (Evidence("out_of_reach", says, system.id),))

    def setting(self, name: str) -> Part:
        """Return how a setting stands, named `system.setting`."""
        system, _, setting_id = name.partition(".")
        known = self._systems.systems.get(system)
        setting = known.settings.get(setting_id) if known else None
        if setting is None:
            return _not_on_map(name)
        readings = self._shown.settings.get(name, [])
        said = [
            _Said(
                each.at,
                each.entry,
                each.value is not None and _days(each.value) <= _days(setting.at_most),
                f"`{name}` is `{each.value if each.value else 'for ever'}`, "
                f"at most `{setting.at_most}` was promised",
            )
            for each in readings
        ]
        return self._latest(said, setting.every, name, "setting", f"nobody has read `{name}`")

    def task(self, name: str) -> Part:
        """Return how a task stands, named `system.task`."""
        system, _, task_id = name.partition(".")
        known = self._systems.systems.get(system)
        task = known.tasks.get(task_id) if known else None
        if task is None:
            return _not_on_map(name)
        said = [
            _Said(
                each.at,
                each.entry,
                each.remaining == 0,
                f"`{name}` was done, {each.remaining} remain",
                each.remaining,
            )
            for each in self._shown.tasks.get(name, [])
        ]
        return self._latest(said, task.every, name, "task", f"nobody has confirmed `{name}`")

    def attested(self, promise: Promise, proof: Proof) -> Part:
        """Return how a promise stands that a person vouches for."""
        said = [
            _Said(each.at, each.entry, each.so, "it is so" if each.so else "it is not so")
            for each in self._shown.attested.get(promise.id, [])
            if not each.explains
        ]
        nobody = f"{UNSTATED}; {proof.by} has to" if proof.by else UNSTATED
        return self._latest(said, proof.every, promise.id, "attestation", nobody)

    def _latest(
        self, said: Sequence[_Said], every: Period | None, name: str, what: str, nobody: str
    ) -> Part:
        system = name.partition(".")[0] if what != "attestation" else ""
        if not said:
            missing = Evidence(f"{what}_missing", nobody, system, name=name)
            return Part("not_provable", None, (missing,))
        last = said[-1]
        stale_at = self._stale_at(last.at, every)
        old = stale_at is not None and self._today >= stale_at.astimezone(self._zone).date()
        word: Word = "not_provable" if old else "kept" if last.fine else "not_kept"
        code = f"{what}_stale" if old else what if last.fine else f"{what}_broken"
        says = f"{last.says}; that is too old to count" if old else last.says
        since = stale_at if old else self._since(said, every)
        evidence = Evidence(code, says, system, "", name, last.count, last.at, last.entry)
        return Part(word, since, (evidence,))

    def _since(self, said: Sequence[_Said], every: Period | None) -> datetime:
        """Return the first of the last statements in a row that say the same, without a gap."""
        since = said[-1].at
        for earlier, later in zip(said[-2::-1], said[:0:-1], strict=True):
            stale_at = self._stale_at(earlier.at, every)
            if earlier.fine != later.fine or (stale_at is not None and stale_at <= later.at):
                break
            since = earlier.at
        return since

    def _stale_at(self, at: datetime, every: Period | None) -> datetime | None:
        """Return the start of the local day on which a statement counts no more."""
        if every is None:
            return None
        last = last_day(at.astimezone(self._zone).date(), every)
        if last == date.max:
            return None
        day = last + timedelta(days=1)
        return datetime(day.year, day.month, day.day, tzinfo=self._zone)


class _Said:
    def __init__(self, at: datetime, entry: int, fine: bool, says: str, count: int = 0) -> None:
        self.at = at
        self.entry = entry
        self.fine = fine
        self.says = says
        self.count = count


def _not_on_map(name: str) -> Part:
    says = f"the map has no `{name}`"
    return Part("not_provable", None, (Evidence("not_on_map", says, name=name),))


def _days(period: Period) -> int:
    """Return a period's mean length, as a whole number that compares."""
    return period.months * _CYCLE_DAYS + period.days * _CYCLE_MONTHS
