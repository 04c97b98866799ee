"""What the policy tests read: a policy that uses everything, and a small one to break."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ombud.errors import Finding, WrittenWrong
from ombud.policy import Policy, parse_policy

ON = date(2026, 11, 24)
FULL = (Path(__file__).parent / "full.yaml").read_text(encoding="utf-8")
SMALL = """\
organisation:
  name: Holme Erhverv A/S
  number: "12345674"
  country: DK
  languages: [en]
  contact: {email: post@holme.example}
subjects:
  guests: {title: Guests}
clocks:
  left: the guest left
activities:
  visits:
    title: Visits
    purpose: Knowing who is in the house
    about: guests
    data: [name]
    basis: {legitimate_interests: Fire safety}
    keep: {for: 30 days, after: left}
"""
CAPS = """\
caps:
  visits_max: {about: guests, for: 1 year, after: left, unless: legal_claim}
"""
CONSENTS = """\
consents:
  letters: {purpose: Letters, text: Send me letters}
"""
PROMISES = """\
promises:
  - {id: HO-1, says: We erase, proof: {rule: visits}}
"""


def read(text: str | bytes, on: date = ON) -> Policy:
    """Return the policy that a text says."""
    return parse_policy(text, "policy.yaml", on)


def findings_in(text: str | bytes, on: date = ON) -> tuple[Finding, ...]:
    """Return everything that is found in a text, warnings too."""
    try:
        return read(text, on).warnings
    except WrittenWrong as wrong:
        return wrong.findings


def changed(text: str, old: str, new: str) -> str:
    """Return the text with one part replaced, which must be there exactly once."""
    assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
    return text.replace(old, new)


def shown(text: str | bytes, on: date = ON) -> str:
    """Return everything that is found, as a person reads it."""
    return "\n".join(str(finding) for finding in findings_in(text, on))
