"""What is published as one version? A page in every language, its text, and what it tells."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from ombud.evidence.versions import Edition, Version, Versions, says
from ombud.pages.html import to_html
from ombud.pages.model import Notice, told
from ombud.pages.notes import noted
from ombud.pages.notice import make_notice, own
from ombud.pages.reading import text_read
from ombud.pages.voice import anchor
from ombud.policy.checks import NOTED
from ombud.policy.model import Policy

_NONE: Final[Mapping[str, bytes]] = {}
_OF_EACH: Final = frozenset({"i_purp", "i_rec", "i_ret", "i_cat", "i_src"})
"""Items that every activity of the organisation's own must tell, not only some."""


def make_edition(
    policy: Policy,
    source: str,
    *,
    on: date,
    accepted: tuple[str, ...] = (),
    documents: Mapping[str, bytes] = _NONE,
) -> Edition:
    """Return what would be published of a policy on a day.

    Args:
        source: The policy as it is written.
        on: Local day.
        accepted: Codes of the warnings that somebody accepted.
        documents: Path below the site to what is given out with the notice.
    """
    languages = policy.organisation.languages
    notices = [
        make_notice(policy, tag, on=on, beside=f"{tag}/" if documents else None)
        for tag in languages
    ]
    items = [_told(policy, notice) for notice in notices]
    return Edition(
        policy=policy.source_digest,
        source=source,
        made_on=on,
        pages={notice.language: to_html(notice) for notice in notices},
        texts={notice.language: text_read(to_html(notice)) for notice in notices},
        tells=tuple(sorted(frozenset.intersection(*items))),
        accepted=tuple(sorted(set(accepted))),
        documents=dict(documents),
    )


def publish(
    versions: Versions,
    policy: Policy,
    source: str,
    *,
    on: date,
    accepted: tuple[str, ...],
    by: str,
    at: datetime,
    documents: Mapping[str, bytes] = _NONE,
) -> tuple[Version, bool]:
    """Publish what a policy says, unless the latest version says it already.

    That the day has changed is no change: what stands is then compared as of its own day.

    Args:
        by: Who publishes.
        at: Now; `on` is its local day.
        documents: Path below the site to what is given out with the notice.

    Returns:
        The version that stands now, and whether it is new.

    Raises:
        Stopped: Ombud's database did not take the change; nothing of it is left.
    """
    latest = versions.latest()
    if latest is not None and latest.policy == policy.source_digest:
        then = latest.made_on
        same = make_edition(policy, source, on=then, accepted=accepted, documents=documents)
        if says(latest, same):
            return latest, False
    edition = make_edition(policy, source, on=on, accepted=accepted, documents=documents)
    return versions.publish(edition, by=by, at=at)


def _told(policy: Policy, notice: Notice) -> frozenset[str]:
    """Return the items that a notice tells; those of each activity only where each tells them.

    Law:
        GDPR Art. 13(1)
        GDPR Art. 14(1)
    """
    everywhere = frozenset(code for part in notice.parts for code in told(part))
    if noted(policy, notice):
        everywhere |= {NOTED}
    parts = [notice.part(anchor(activity.id)) for activity in own(policy)]
    short = {code for code in _OF_EACH if not all(code in told(part) for part in parts)}
    return everywhere - short
