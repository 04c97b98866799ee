"""What does the organisation lack as it runs, that no promise of its own speaks of?

What the law asks of everybody and what shows in policy and log: findings in the form of `check`,
under the ids of the rules of running state (`docs/reference/running-state.md`). They keep nothing
from being done: a person settles them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ombud.document import quoted
from ombud.errors import Finding, Place
from ombud.evidence.observe import Shown
from ombud.policy.model import Policy

CODES: Final = {
    "O03": "an activity rests on a legitimate interest, and no day says that it was weighed",
    "O12": "people read another policy than the one that is written",
}
"""Every code of this module, with one line on what it means; a number is never reused."""


def running(policy: Policy, seen: Shown) -> tuple[Finding, ...]:
    """Return what the organisation lacks today, in the order of the policy.

    Args:
        policy: As it is written now.
        seen: What the log shows now; of a past day it would be compared with a later policy.
    """
    return (*_unpublished(policy, seen), *_unweighed(policy))


def _unpublished(policy: Policy, seen: Shown) -> Iterator[Finding]:
    """Yield that what people read is not what is written; nothing where nothing is published.

    Law:
        GDPR Art. 5(1)(a)
        GDPR Art. 24(1)
    """
    version = seen.version
    if version is not None and version.policy != policy.source_digest:
        yield Finding(
            Place(policy.file),
            "O12",
            f"the policy has changed since version {version.number} of {version.made_on}, and"
            " people read the old one",
            "warning",
            "see with `ombud changes` who must be told first, then `ombud publish`",
            ("GDPR Art. 5(1)(a)", "GDPR Art. 24(1)"),
        )


def _unweighed(policy: Policy) -> Iterator[Finding]:
    """Yield the interests of which no day says that they were weighed against those of people.

    What is done for another controller is weighed by that one.

    Law:
        GDPR Art. 5(2)
        GDPR Art. 6(1)(f)
    """
    for activity in policy.activities.values():
        basis, own = activity.basis, activity.role.kind != "processor"
        if own and basis.kind == "legitimate_interests" and basis.assessed_on is None:
            yield Finding(
                activity.where,
                "O03",
                f"{quoted(activity.id)} rests on a legitimate interest, and no day says that it was"
                " weighed against the interests of people",
                "warning",
                "weigh it, then write the day: `basis: {legitimate_interests: {interest: …,"
                " assessed_on: 2026-01-10}}`",
                ("GDPR Art. 6(1)(f)", "GDPR Art. 5(2)"),
            )
