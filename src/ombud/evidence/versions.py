"""What did people read, since when? Published versions of the notice, which nobody changes after.

A version is one entry of the log: its number, digests of what it says, and which warnings somebody
had accepted. The policy it was made of and its pages lie beside the entry as payloads: they name
people (a data protection officer, for one), and can be erased without breaking the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final, cast

from ombud.errors import Unknown
from ombud.evidence.entry import Draft, Entry, Json, canonical
from ombud.evidence.log import Log
from ombud.store import Transaction

PUBLISHED: Final = "published"
NOTICE: Final = "notice"
_SHORT: Final = 12  # letters of a digest that are shown


@dataclass(frozen=True)
class Edition:
    """What is to be published.

    Args:
        policy: Digest of the policy's meaning.
        source: The policy as it is written.
        made_on: Local day on which it says what the policy says.
        pages: Language to a whole page, HTML with its stylesheet in it.
        texts: Language to the text of the page as people read it.
        tells: Codes of `notice_items` that it tells, in every language.
        accepted: Codes of the warnings that somebody accepted.
    """

    policy: str
    source: str
    made_on: date
    pages: Mapping[str, str]
    texts: Mapping[str, str]
    tells: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Version:
    """A published version, as the log has it.

    Args:
        number: From 1, in the order they were published.
        digest: Of policy and pages, SHA-256 in hex.
        policy: Digest of the policy's meaning.
        texts: Language to the digest of the text that people read on its page.
        languages: In the order of the policy, the main one first.
        entry: Its place in the log.
    """

    number: int
    digest: str
    policy: str
    made_on: date
    at: datetime
    texts: Mapping[str, str]
    languages: tuple[str, ...]
    tells: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    entry: int = -1

    @property
    def short(self) -> str:
        """The digest as it is shown."""
        return self.digest[:_SHORT]

    @classmethod
    def read(cls, entry: Entry) -> Version:
        """Return what an entry of the log says."""
        said: dict[str, Any] = dict(entry.body)
        return cls(
            number=said["number"],
            digest=said["digest"],
            policy=said["policy"],
            made_on=date.fromisoformat(said["made_on"]),
            at=entry.at,
            texts=said["texts"],
            languages=tuple(said["languages"]),
            tells=tuple(said["tells"]),
            accepted=tuple(said["accepted"]),
            entry=entry.index,
        )


@dataclass(frozen=True)
class Kept:
    """What lies beside a version.

    Args:
        source: The policy as it was written; empty: it was erased.
        pages: Language to its page; empty: they were erased.
    """

    source: str = ""
    pages: Mapping[str, str] = field(default_factory=dict)


class Versions:
    """The published versions in Ombud's own database."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def publish(self, edition: Edition, *, by: str, at: datetime) -> tuple[Version, bool]:
        """Publish an edition, unless the latest version says the same already.

        Args:
            edition: Its pages are kept as they are, for ever.
            by: Who publishes; kept apart, erasable.
            at: Now.

        Returns:
            The version that stands now, and whether it is new.

        Raises:
            Stopped: The database did not take the change; nothing of it is left.
        """
        with self._log.store.transaction() as tx:
            self._log.lock(tx)
            latest = self.latest(tx=tx)
            if latest and says(latest, edition):
                return latest, False
            number = latest.number + 1 if latest else 1
            pages = dict(edition.pages)
            body: dict[str, Json] = {
                "accepted": list(edition.accepted),
                "digest": _digest(canonical({"pages": pages, "policy": edition.source})),
                "languages": list(edition.pages),
                "made_on": edition.made_on.isoformat(),
                "number": number,
                "policy": edition.policy,
                "tells": list(edition.tells),
                "texts": {tag: text_digest(text) for tag, text in edition.texts.items()},
            }
            payloads: dict[str, Json] = {"by": by, "pages": pages, "policy": edition.source}
            draft = Draft(PUBLISHED, body, NOTICE, f"{PUBLISHED}:{number}", payloads)
            [entry] = self._log.append([draft], at=at, tx=tx)
        return Version.read(entry), True

    def latest(
        self, *, until: datetime | None = None, tx: Transaction | None = None
    ) -> Version | None:
        """Return the version that stood at an instant, or stands now; None: there was none."""
        entry = self._log.latest(PUBLISHED, about=NOTICE, until=until, tx=tx)
        return Version.read(entry) if entry else None

    def mark(self) -> tuple[int, int]:
        """Return what is otherwise after a version came, or a part of one was erased.

        Raises:
            Stopped: The database did not answer.
        """
        entries = [entry.index for entry in self._log.entries(PUBLISHED, about=NOTICE)]
        return max(entries, default=-1), self._log.count_payloads(entries)

    def all(self) -> list[Version]:
        """Return every version, the first one first."""
        return [Version.read(entry) for entry in self._log.entries(PUBLISHED, about=NOTICE)]

    def named(self, name: str) -> Version:
        """Return the version with a number, or with a digest that begins so.

        Raises:
            Unknown: There is none, or more than one.
        """
        known = self.all()
        found = [v for v in known if str(v.number) == name]
        found = found or [v for v in known if len(name) >= 4 and v.digest.startswith(name)]
        if len(found) == 1:
            return found[0]
        there = ", ".join(str(v.number) for v in known) or "none"
        raise Unknown(f"there is no version `{name}`", help=f"published versions: {there}")

    def kept(self, version: Version) -> Kept:
        """Return what lies beside a version, as far as it was not erased."""
        found = {each.name: each.value for each in self._log.payloads([version.entry])}
        return Kept(
            cast(str, found.get("policy", "")), cast(Mapping[str, str], found.get("pages", {}))
        )


def says(version: Version, edition: Edition) -> bool:
    """Return whether a version says the same as an edition, word for word."""
    texts = {tag: text_digest(text) for tag, text in edition.texts.items()}
    return (version.policy, dict(version.texts)) == (edition.policy, texts)


def text_digest(text: str) -> str:
    """Return the digest of a text that people read."""
    return _digest(text)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
