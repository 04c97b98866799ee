"""Is what people read what was published? Each live page compared with the version that stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Final
from zoneinfo import ZoneInfo

from ombud.connectors.page import read_page
from ombud.duties.documents import Files, look_for_documents, without
from ombud.errors import OmbudError, PageUnread
from ombud.evidence.log import Log
from ombud.evidence.said import POLICY_SEEN, PageSeen, PolicySeen
from ombud.evidence.versions import Version, Versions, document_digests, text_digest
from ombud.pages.reading import text_read
from ombud.policy.checks import (
    LIVE,
    Judged,
    OnTheMap,
    judge,
    read_decisions,
    run_checks,
    written_of,
)
from ombud.policy.model import Policy
from ombud.systems.model import Systems
from ombud.systems.rolling import rolling_clocks

NO_FILES: Final[Files] = {}
_AROUND: Final = 40  # letters that are shown before and after a difference
_SHOWN_MAX: Final = 5  # differences that are told


@dataclass(frozen=True)
class Compared:
    """A live page beside the published one.

    Args:
        seen: As the log has it; None: the page could not be read.
        differences: What stands there instead, in pieces of our own published text; empty where
            both are the same, or the version's pages were erased.
        failed: Why it could not be read.
    """

    language: str
    seen: PageSeen | None
    differences: tuple[str, ...] = ()
    failed: OmbudError | None = None


def look_at_policy(
    log: Log, policy: Policy, systems: Systems, *, at: datetime, documents: Files = NO_FILES
) -> None:
    """Log what the policy is now and which checks find something in it, where that has changed.

    Args:
        at: Now; the checks are those of its local day.
        documents: Those of the workspace that are given out with the notice.

    Raises:
        Stopped: The database did not take the change; nothing of it is left.
    """
    on = at.astimezone(ZoneInfo(policy.organisation.zone)).date()
    beside = replace(rolling_clocks(systems), missing=without(policy, documents))
    checked = run_checks(written_of(policy, on, beside), on)
    codes = {each.finding.code for each in checked if each.finding.severity != "info"}
    digests = document_digests(documents)
    seen = PolicySeen(policy.source_digest, tuple(sorted(codes)), at, documents=digests)
    with log.store.transaction() as tx:
        log.lock(tx)
        last = log.latest(POLICY_SEEN, tx=tx)
        if last is None or last.body != seen.draft().body:
            log.append([seen.draft()], at=at, tx=tx)


def rests_on_web(policy: Policy) -> tuple[bool, bool]:
    """Return whether a promise rests on the live pages of the notice, and whether on documents."""
    proofs = [proof for promise in policy.promises.values() for proof in promise.proofs]
    live = any(proof.kind == "gate" and LIVE in proof.names for proof in proofs)
    return live, any(proof.kind == "document" for proof in proofs)


def look_at_web(log: Log, policy: Policy, address: str, *, at: datetime) -> dict[str, OmbudError]:
    """Look at the notice's pages and at documents, where a promise rests on them; log what is seen.

    Args:
        address: Where people read the notice; empty: not known, and its pages are not looked at.
        at: Now.

    Returns:
        What could not be looked at, each with why.
    """
    live, documents = rests_on_web(policy)
    failed: dict[str, OmbudError] = {}
    if live and address:
        _, found = compare_pages(log, address, at=at)
        failed |= {f"{LIVE}.{each.language}": each.failed for each in found if each.failed}
    if documents:
        looked = look_for_documents(log, policy, address, at=at)
        failed |= {f"{x.document}.{x.language}": x.failed for x in looked if x.failed}
    return failed


def judged(
    policy: Policy,
    on: date,
    *,
    systems: Systems | None,
    decisions: bytes | None,
    documents: Files | None = None,
) -> tuple[Judged, ...]:
    """Return what the checks find in a policy, with the decisions that accept it.

    Args:
        systems: The map; None: there is none yet.
        documents: Those of the workspace; None: whether one is missing is not looked at.
        decisions: `decisions.yaml`; None: there is none.

    Raises:
        WrittenWrong: `decisions.yaml` has errors.
    """
    on_the_map = rolling_clocks(systems) if systems else OnTheMap()
    if documents is not None:
        on_the_map = replace(on_the_map, missing=without(policy, documents))
    decided = read_decisions(decisions, on) if decisions is not None else ()
    return judge(run_checks(written_of(policy, on, on_the_map), on), decided)


def compare_pages(
    log: Log,
    address: str,
    *,
    at: datetime,
    read: Callable[[str], str] = read_page,
) -> tuple[Version | None, list[Compared]]:
    """Read the live page of each language, compare it with the version that stands, and log it.

    Args:
        address: Where people read the notice; `{lang}` stands for the language.
        at: Now.

    Returns:
        The version, and what was compared; nothing where nothing is published yet.
    """
    versions = Versions(log)
    version = versions.latest()
    if version is None:
        return None, []
    pages = versions.kept(version).pages
    return version, [
        _compared(log, version, pages.get(language, ""), language, address, at, read)
        for language in version.languages
    ]


def _compared(
    log: Log,
    version: Version,
    page: str,
    language: str,
    address: str,
    at: datetime,
    read: Callable[[str], str],
) -> Compared:
    try:
        text = text_read(read(address.replace("{lang}", language)))
    except PageUnread as failed:
        return Compared(language, None, failed=failed)
    found = text_digest(text)
    same = found == version.texts[language]
    seen = PageSeen(language, version.number, same, found, at)
    log.append([seen.draft()], at=at)
    differences = tuple(_differences(text_read(page), text)) if page and not same else ()
    return Compared(language, seen, differences)


def _differences(published: str, live: str) -> Iterator[str]:
    """Yield where a live text differs, shortened: `… 1 year after [-> 9 years] after …`."""
    before, after = published.split(" "), live.split(" ")
    matched = SequenceMatcher(None, before, after, autojunk=False)
    told = 0
    for tag, a, b, c, d in matched.get_opcodes():
        if tag == "equal":
            continue
        told += 1
        if told > _SHOWN_MAX:
            yield "and more"
            return
        lead = " ".join(before[max(0, a - 4) : a])[-_AROUND:]
        yield f"… {lead} [{' '.join(before[a:b])[:80]}] is now [{' '.join(after[c:d])[:80]}]"
