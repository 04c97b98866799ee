"""Which checks are there, and how is an as-written document written? The page of the reference.

`python -m ombud.policy.checks.reference docs/reference/checks.md` writes it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from ombud.policy.checks.check import Check
from ombud.policy.checks.example import before_and_after
from ombud.policy.checks.explain import shown
from ombud.policy.checks.practice import kinds, relations, services
from ombud.policy.checks.run import CHAPTERS, all_checks
from ombud.policy.checks.words import (
    BASES,
    GIVEN_BY,
    MAILBOXES,
    PARTY_KINDS,
    RIGHTS,
    TOPICS,
    WITHDRAWALS,
    WORDINGS,
)

_HEAD: Final = """# Checks

Written by `python -m ombud.policy.checks.reference docs/reference/checks.md`.

`ombud check` looks at `policy.yaml` and `systems.yaml`; `ombud check FILE` at one file: a policy,
or an *as-written document*, which models what a text tells people today, flaws included. Both are
held to the same {count} checks. An `error` keeps a policy from being published, a `warning` needs a
decision of a named person, `info` is advice. `ombud check --explain R01` prints one of them.

A warning is accepted in `decisions.yaml` beside the policy, in the words in which it was shown;
where what is found has changed, so have the words, and the warning is open again.
`ombud check --draft-decisions` prints an entry for every warning that waits for one.

```yaml
decisions:
  - finding: S06
    at: activities.tests
    says: "`tests` tests people as persons, and no assessment of its effects is mentioned"
    by: Privacy lead
    on: 2026-11-20
    because: Screened on 2026-11-18; none of the criteria applies.
```

The examples are pieces of as-written documents: each `before` is found by its check alone, and is
put into a small document in which nothing is found. `after` is what it becomes when the help is
followed. A contradiction that has a check of its own (P04, X05, R08) is found by G05 too.
"""

_FORMAT: Final = """## As-written documents

A file with the key `as_written` at its top. What the text does not say is left out; how it words a
thing is told by `wording`. Lists of one can be written without brackets.

```yaml
as_written: {country: DK, updated_on: 2026-06-01}
controller: {name: …, number: …, kind: private, email: …, phone: …, address: …, web: …}
called_controller: [{post: general_manager, of: [newsletter], acts_for: organisation}]
dpo: none                     # or {email: …, mailbox: own, post: …, wording: vague}
turn_to: {email: …, mailbox: privacy}
complaints_to: [authority, us]
authority: {address: …, phone: …, email: …, web: …}
people: {readers: subscriber}
parties:
  mailer: {kind: processor, name: …, country: US, transfer: {by: scc, checked_on: 2026-05-02}}
bases: [contract]             # named for everything at once
consents:
  newsletter: {to: [newsletter], given_by: [box], withdrawal: link}
activities:
  newsletter:
    kind: newsletter
    about: readers
    role: controller          # or {joint_with: …}, {processor_for: …}
    purposes: [send the newsletter, {text: …, wording: vague}]
    data: [name, email]
    source: [subject]         # or `unsaid`, or parties
    bases: [{consent: newsletter}, {legitimate_interests: {interest: …, wording: vague}}]
    allowed_by: {special: explicit_consent, national_id: …, criminal: …}
    recipients: [mailer]
    services: [mailing]
    keep: {for: 1 year, after: unsubscribed, no_longer_than: 3 years, unless: [{law: …, data: […]}]}
    says: [{about: opt_out, names: [in_each_message]}]
cookies:
  statistics: {by: [us], keep: {for: 1 year, after: visited}}
rights: {access: clear, erasure: narrow}
laws: [GDPR]
says: [answer_period, {about: security, wording: absolute}]
```

`keep` has `for` or `up_to`, `after`, `until`, `law`, `no_longer_than`, `unless` and `wording`; a
basis has `law`, `contract`, `interest`, `consent` and `wording`; what is said has `about`,
`wording`, `of`, `names` and `period`.
"""


def reference() -> str:
    """Return the page."""
    return "\n".join(_page()).rstrip() + "\n"


def _page() -> Iterator[str]:
    checks = all_checks()
    yield _HEAD.format(count=len(checks))
    yield "| check | severity | finds | law |\n| --- | --- | --- | --- |"
    for check in checks:
        law = " · ".join(map(str, check.law))
        yield f"| [{check.id}](#{_anchor(check)}) | {check.severity} | {check.title} | {law} |"
    yield ""
    for letter, title in CHAPTERS.items():
        yield f"## {letter}: {title}\n"
        for check in checks:
            if check.id.startswith(letter):
                yield from _check(check)
    yield _FORMAT
    yield from _words()


def _anchor(check: Check) -> str:
    return check.id.lower()


def _check(check: Check) -> Iterator[str]:
    before, after = before_and_after(check)
    yield f"### {check.id}\n"
    yield f"**{check.title}** ({check.severity}). {check.why}\n"
    yield f"- says: {shown(check.says)}"
    yield f"- help: {shown(check.help)}"
    if check.in_policy != check.help:
        yield f"- in `policy.yaml`: {shown(check.in_policy)}"
    yield f"- law: {' · '.join(map(str, check.law))}\n"
    yield f"```yaml\n# before\n{before}\n# after\n{after}\n```\n"


def _words() -> Iterator[str]:
    tables: Mapping[str, Iterable[tuple[str, str]]] = {
        "wording": WORDINGS.items(),
        "about": TOPICS.items(),
        "rights": RIGHTS.items(),
        "given_by": GIVEN_BY.items(),
        "withdrawal": WITHDRAWALS.items(),
        "mailbox": MAILBOXES.items(),
        "kind of a party": PARTY_KINDS.items(),
    }
    for name, words in tables.items():
        yield f"### {name}\n\n| word | means |\n| --- | --- |"
        yield from (f"| `{word}` | {means} |" for word, means in words)
        yield ""
    lists = {
        "kind of an activity": kinds(),
        "services": services(),
        "people": relations(),
        "bases": BASES,
    }
    for name, plain in lists.items():
        yield f"### {name}\n\n{', '.join(f'`{word}`' for word in plain)}\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(reference(), encoding="utf-8")
