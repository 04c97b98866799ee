"""What do publishing and its checks show? That people read what is promised, and nothing else.

A gate is one of four things: `published` (the policy is what people read), `live` (their page says
so), the id of a check (it finds nothing in the policy), or an item of the notice (`i_src`: it is
told in every language). All but `live` rest on the version that stands: what is not published is
not told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final

from ombud.evidence.observe import Shown
from ombud.evidence.part import Evidence, Part, Word
from ombud.law import fact
from ombud.policy.checks import Checked, all_checks, run_checks, written_of
from ombud.policy.model import Policy
from ombud.systems.model import Systems
from ombud.systems.rolling import rolling_clocks

PUBLISHED: Final = "published"
LIVE: Final = "live"
LIVE_FOR: Final = timedelta(hours=24)
"""How long a comparison of a live page proves anything."""


class Gates:
    """Judges what was published.

    Args:
        today: Local day on which checks and facts of law are read.
    """

    def __init__(
        self, policy: Policy, systems: Systems, shown: Shown, now: datetime, today: date
    ) -> None:
        self._policy = policy
        self._systems = systems
        self._shown = shown
        self._now = now
        self._today = today

    def parts(self, names: Sequence[str]) -> Iterator[Part]:
        """Yield how each gate stands; what rests on a version, on that version too."""
        checks = {check.id for check in all_checks()}
        items = {str(row["code"]) for row in fact("notice_items", on=self._today).rows()}
        if any(name in checks or name in items or name == PUBLISHED for name in names):
            yield self._published()
        for name in names:
            if name == LIVE:
                yield from self._live()
            elif name in checks:
                yield self._check(name)
            elif name in items:
                yield self._told(name)
            elif name != PUBLISHED:
                says = f"Ombud does not show this yet: gate `{name}`"
                yield Part("not_provable", None, (Evidence("not_yet", says, name=name),))

    def _published(self) -> Part:
        """Return whether people read the policy as it is.

        Law:
            GDPR Art. 12(1)
        """
        version = self._shown.version
        if version is None:
            return _nothing_published()
        same = version.policy == self._policy.source_digest
        said = f"version {version.number} of {version.made_on}"
        says = f"people read {said}, which says what the policy says"
        if not same:
            says = f"the policy has changed since {said}, and people read the old one"
        return self._part(same, "published" if same else "unpublished", says, PUBLISHED)

    def _check(self, name: str) -> Part:
        """Return whether a check finds something in the policy that nobody has accepted."""
        found = self._found.get(name, [])
        version = self._shown.version
        accepted = version is not None and name in version.accepted
        if not found or accepted:
            says = f"check `{name}` finds nothing in the policy"
            if found:
                says = f"what check `{name}` finds was accepted when it was published"
            return self._part(True, "check", says, name)
        where = ", ".join(str(each.finding.where) for each in found)
        return self._part(False, "check_found", f"check `{name}` finds something: {where}", name)

    @cached_property
    def _found(self) -> Mapping[str, list[Checked]]:
        written = written_of(self._policy, self._today, rolling_clocks(self._systems))
        found: dict[str, list[Checked]] = {}
        for each in run_checks(written, self._today):
            if each.finding.severity != "info":
                found.setdefault(each.finding.code, []).append(each)
        return found

    def _told(self, name: str) -> Part:
        version = self._shown.version
        if version is None:
            return _nothing_published()
        told = name in version.tells
        says = f"version {version.number} tells `{name}` in every language"
        if not told:
            says = f"version {version.number} does not tell `{name}` in every language"
        return self._part(told, "told" if told else "untold", says, name)

    def _live(self) -> Iterator[Part]:
        """Yield whether the page of each language says what was published, as seen last."""
        version = self._shown.version
        if version is None:
            yield _nothing_published()
            return
        for language in version.languages:
            seen = self._shown.pages.get(language)
            page = f"the live page in `{language}`"
            if seen is None or seen.version != version.number:
                says = f"nobody has compared {page} with version {version.number}"
                evidence = Evidence("page_unseen", says, name=language)
                yield Part("not_provable", None, (evidence,))
            elif self._now - seen.at > LIVE_FOR:
                says = f"{page} was compared on {seen.at.date()}; that is too old to count"
                evidence = Evidence("page_stale", says, name=language, at=seen.at, entry=seen.entry)
                yield Part("not_provable", seen.at + LIVE_FOR, (evidence,))
            else:
                word: Word = "kept" if seen.same else "not_kept"
                does = "says" if seen.same else "does not say"
                says = f"{page} {does} what version {version.number} says"
                code = "page" if seen.same else "page_differs"
                evidence = Evidence(code, says, name=language, at=seen.at, entry=seen.entry)
                yield Part(word, seen.at, (evidence,))

    def _part(self, kept: bool, code: str, says: str, name: str) -> Part:
        """Return a part that rests on the version that stands."""
        version = self._shown.version
        at = version.at if version else None
        entry = version.entry if version else None
        evidence = Evidence(code, says, name=name, at=at, entry=entry)
        return Part("kept" if kept else "not_kept", at if kept else None, (evidence,))


def _nothing_published() -> Part:
    says = "nothing is published yet: `ombud publish`"
    return Part("not_provable", None, (Evidence("not_published", says),))
