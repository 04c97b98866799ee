"""What do publishing and its checks show? That people read what is promised, and nothing else.

A gate is one of five things: `published` (the policy is what people read), `live` (their page says
so), `noted` (what people are to know stands beside each address), the id of a check (it finds
nothing in the policy), or an item of the notice (`i_src`: it is told in every language). All but
`live` rest on the version that stands: what is not published is not told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from ombud.evidence.observe import Shown
from ombud.evidence.part import Evidence, Part, Word
from ombud.evidence.said import DocumentState
from ombud.policy.checks import LIVE, NOTED, PUBLISHED, all_checks, notice_items

LIVE_FOR: Final = timedelta(hours=24)
"""How long a comparison of a live page proves anything."""

FOUND: Final[Mapping[DocumentState, str]] = {
    "there": "is where the notice says",
    "differs": "is not what was published",
    "elsewhere": "leads to another address than the notice says",
    "empty": "is empty",
    "missing": "is not there",
    "refused": "is not given to everybody",
    "failing": "meets an error of its server",
    "unreached": "does not answer",
    "other": "cannot be read",
}
"""How a document was found, in words."""


class Gates:
    """Judges what was published.

    Args:
        today: Local day on which facts of law are read.
    """

    def __init__(self, shown: Shown, now: datetime, today: date) -> None:
        self._shown = shown
        self._now = now
        self._today = today

    def parts(self, names: Sequence[str]) -> Iterator[Part]:
        """Yield how each gate stands; what rests on a version, on that version too."""
        checks = {check.id for check in all_checks()}
        items = notice_items(self._today) | {NOTED}
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

    def documents(self, names: Sequence[str]) -> Iterator[Part]:
        """Yield whether documents that the notice refers to are where people read them.

        Law:
            GDPR Art. 12(1)
        """
        yield self._published()
        version = self._shown.version
        for name in names:
            for language in version.languages if version else ():
                yield self._document(name, language, version.number if version else 0)

    def _document(self, name: str, language: str, number: int) -> Part:
        seen = self._shown.documents.get((name, language))
        which = f"document `{name}` in `{language}`"
        if seen is None or seen.version != number:
            says = f"nobody has looked for {which} since version {number}: `ombud publish --check`"
            return Part("not_provable", None, (Evidence("document_unseen", says, name=name),))
        if self._now - seen.at > LIVE_FOR:
            says = f"{which} was looked for on {seen.at.date()}; that is too old to count"
            evidence = Evidence("document_stale", says, name=name, at=seen.at, entry=seen.entry)
            return Part("not_provable", seen.at + LIVE_FOR, (evidence,))
        code = "document" if seen.state == "there" else f"document_{seen.state}"
        says = f"{which} {FOUND[seen.state]}"
        evidence = Evidence(code, says, name=name, at=seen.at, entry=seen.entry)
        unknown: Word = "not_provable" if seen.state == "unreached" else "not_kept"
        return Part("kept" if seen.state == "there" else unknown, seen.at, (evidence,))

    def _published(self) -> Part:
        """Return whether people read the policy as it is.

        Law:
            GDPR Art. 12(1)
        """
        version, seen = self._shown.version, self._shown.policy
        if version is None:
            return _nothing_published()
        if seen is None:
            return _not_looked()
        said = f"version {version.number} of {version.made_on}"
        if version.policy == seen.policy and dict(version.documents) != dict(seen.documents):
            says = f"a document has changed, or is gone, since {said}"
            evidence = Evidence("unpublished", says, name=PUBLISHED, at=seen.at, entry=seen.entry)
            return Part("not_kept", seen.at, (evidence,))
        if version.policy == seen.policy:
            says = f"people read {said}, which says what the policy says"
            return self._part(True, "published", says, PUBLISHED)
        says = f"the policy has changed since {said}, and people read the old one"
        evidence = Evidence("unpublished", says, name=PUBLISHED, at=seen.at, entry=seen.entry)
        return Part("not_kept", seen.at, (evidence,))

    def _check(self, name: str) -> Part:
        """Return whether a check finds something in the policy that nobody has accepted."""
        version, seen = self._shown.version, self._shown.policy
        if seen is None:
            return _not_looked()
        accepted = version is not None and name in version.accepted
        if name not in seen.found or accepted:
            says = f"check `{name}` finds nothing in the policy"
            if name in seen.found:
                says = f"what check `{name}` finds was accepted when it was published"
            return self._part(True, "check", says, name)
        says = f"check `{name}` finds something: `ombud check` says where"
        evidence = Evidence("check_found", says, name=name, at=seen.at, entry=seen.entry)
        return Part("not_kept", seen.at, (evidence,))

    def _told(self, name: str) -> Part:
        version = self._shown.version
        if version is None:
            return _nothing_published()
        told = name in version.tells
        does = "tells" if told else "does not tell"
        says = f"{does} `{name}` in every language"
        if name == NOTED and told:
            says = "has a `note:` beside each e-mail address, in every language"
        elif name == NOTED:
            says = "has an e-mail address without its `note:` in a language"
        says = f"version {version.number} {says}"
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


def _not_looked() -> Part:
    says = "nobody has looked at the policy yet: `ombud status`"
    return Part("not_provable", None, (Evidence("policy_unseen", says),))


def _nothing_published() -> Part:
    says = "nothing is published yet: `ombud publish`"
    return Part("not_provable", None, (Evidence("not_published", says),))
