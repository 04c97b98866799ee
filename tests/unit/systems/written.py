"""What the map tests read: a policy, a map that uses everything, and a small one to break."""

from __future__ import annotations

import textwrap
from datetime import date
from pathlib import Path

from ombud.errors import Finding, WrittenWrong
from ombud.policy import Policy, parse_policy
from ombud.systems import Systems, parse_systems

HERE = Path(__file__).parent
POLICY_TEXT = (HERE / "policy.yaml").read_text(encoding="utf-8")
FULL = (HERE / "full.yaml").read_text(encoding="utf-8")
POLICY: Policy = parse_policy(POLICY_TEXT, "policy.yaml", date(2026, 11, 24))
SMALL = """\
systems:
  crm:
    url: ${CRM_URL}
    tables:
      contacts:
        serves:
          contact: {clocks: {last_activity: created_at}}
        subjects:
          person: {email: email}
        columns:
          name: name
          email: email
        not_personal: [id, created_at]
"""
OUTSIDE = """\
systems:
  analytics:
    reach: outside
    serves: [web_statistics]
    tasks:
      erase_old: {by: Web editor, every: 1 month}
"""


def with_table(text: str) -> str:
    """Return the small map with one more table, from line 14 on."""
    return SMALL + textwrap.indent(textwrap.dedent(text).strip("\n"), " " * 6) + "\n"


def read(text: str | bytes, policy: Policy = POLICY) -> Systems:
    """Return the map that a text says."""
    return parse_systems(text, "systems.yaml", policy)


def findings_in(text: str | bytes, policy: Policy = POLICY) -> tuple[Finding, ...]:
    """Return everything that is found in a text, warnings too."""
    try:
        return read(text, policy).warnings
    except WrittenWrong as wrong:
        return wrong.findings


def changed(text: str, old: str, new: str) -> str:
    """Return the text with one part replaced, which must be there exactly once."""
    assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
    return text.replace(old, new)
