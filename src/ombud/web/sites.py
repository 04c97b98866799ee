"""Which site is given out? The published one, or the draft; a new one as soon as it is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Protocol
from zoneinfo import ZoneInfo

from ombud.app import read_source
from ombud.duties.documents import document_files, read_documents
from ombud.errors import OmbudError
from ombud.evidence import Versions
from ombud.pages import Files, Message, published, site
from ombud.policy import parse_policy
from ombud.web.base.made import MEDIA, Made


class Site:
    """The files of one site, each made once, when somebody asks for it first. Safe for threads.

    Args:
        says: What to tell instead where there are no files.
        draft: It is not published: nobody is to keep it or list it.
    """

    def __init__(
        self,
        files: Files,
        languages: tuple[str, ...] = (),
        *,
        says: Message = "unpublished",
        draft: bool = False,
    ) -> None:
        self.languages = languages
        self.says = says
        self.draft = draft
        self._files = files
        self._made: dict[str, Made] = {}
        self._turns = {path: Lock() for path in files}

    def __contains__(self, path: str) -> bool:
        return path in self._files

    def __bool__(self) -> bool:
        return bool(self._files)

    def made(self, path: str) -> Made:
        """Return a file of the site.

        Raises:
            KeyError: It has none of that path.
            Refused: It is a PDF, and a letter of it is in no font.
        """
        with self._turns[path]:  # a PDF takes a second: nobody else makes the same one meanwhile
            if path not in self._made:
                self._made[path] = Made(self._files[path](), MEDIA[path.rpartition(".")[2]])
            return self._made[path]


class Sites(Protocol):
    """Where the site of the moment comes from. Safe for threads."""

    def current(self) -> Site:
        """Return the site as it is now.

        Raises:
            OmbudError: It cannot be known, and never was.
        """
        ...


class PublishedSites:
    """The site of the newest published version.

    Where Ombud's database does not answer, the site that was published when it last did is given
    out still.
    """

    def __init__(self, versions: Versions, tell: Callable[[str], None]) -> None:
        self._versions = versions
        self._tell = tell
        self._turn = Lock()
        self._mark: object = None
        self._site: Site | None = None
        self._away = False

    def current(self) -> Site:
        """Return the site of the newest version, empty where nothing is published."""
        with self._turn:
            try:
                # looked at before the versions are read: what comes meanwhile is another mark
                mark = self._versions.mark()
                if self._site is None or mark != self._mark:
                    self._site, self._mark = self._read(), mark
            except OmbudError as failed:
                if not self._away:
                    self._tell(f"error: {failed}")
                self._away = True
                if self._site is None:
                    raise
            else:
                self._away = False
            return self._site

    def _read(self) -> Site:
        found = published(self._versions)
        if found is None or not found.files:
            self._tell("nothing is published yet: `ombud publish` makes the first version")
            return Site({})
        version = found.version
        self._tell(f"version {version.number} ({version.short}) of {version.made_on} is given out")
        return Site(found.files, version.languages)


class DraftSites:
    """The site of a workspace's policy as it is written now, each page marked as a draft."""

    def __init__(
        self, folder: Path, clock: Callable[[], datetime], tell: Callable[[str], None]
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._tell = tell
        self._turn = Lock()
        self._seen: tuple[bytes, date, tuple[int, ...]] | str | None = None
        self._files: tuple[Path, ...] = ()
        self._site = Site({}, draft=True)

    def current(self) -> Site:
        """Return the site of the policy; empty where it has errors that keep it from being read."""
        with self._turn:
            at = self._clock()
            try:
                source = read_source(self._folder)
            except OmbudError as failed:
                if self._seen != str(failed):  # told once
                    self._seen, self._site = str(failed), self._unreadable(failed)
                return self._site
            if (sha256(source).digest(), at.date(), self._changed()) != self._seen:
                self._site = self._read(source, at)
                self._seen = (sha256(source).digest(), at.date(), self._changed())
            return self._site

    def _changed(self) -> tuple[int, ...]:
        """Return when each document of the site was written last; 0: it is not there."""
        return tuple(map(_written_last, self._files))

    def _unreadable(self, failed: OmbudError) -> Site:
        self._tell(str(failed))
        return Site({}, says="unreadable", draft=True)

    def _read(self, source: bytes, at: datetime) -> Site:
        try:
            policy = parse_policy(source, "policy.yaml", at.date())
        except OmbudError as failed:
            return self._unreadable(failed)
        on = at.astimezone(ZoneInfo(policy.organisation.zone)).date()
        self._files = document_files(self._folder, policy)
        there = read_documents(self._folder, policy, lambda unfit: self._tell(str(unfit)))
        files = site(policy, on=on, draft=True, documents=there)
        return Site(files, policy.organisation.languages, draft=True)


def _written_last(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:  # not there, not to be read, or no name that a file can have
        return 0
