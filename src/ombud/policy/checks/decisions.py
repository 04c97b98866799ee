"""Which warnings has somebody accepted: who, when, why, and in which words was it found?

`decisions.yaml` stands beside the policy. A decision accepts one finding in the words in which it
was shown; where the words have changed, so has what was found, and it is open again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Final

from ombud.document import Findings, Node, quoted, read_document
from ombud.errors import Finding, Place
from ombud.policy.checks.check import CHECKS
from ombud.policy.checks.edit import flow
from ombud.policy.checks.run import Checked

FILE: Final = "decisions.yaml"
POLICY: Final = "policy.yaml"
_BLANK: Final = "…"


@dataclass(frozen=True)
class Decision:
    """That somebody accepts a finding.

    Args:
        code: Id of the check.
        at: What it is about, as the finding named it: `activities.events.keep`.
        says: The finding's words.
        file: The file it was found in.
        on: The day of the decision.
    """

    where: Place
    code: str
    at: str
    says: str
    by: str
    on: date | None
    because: str
    file: str = POLICY

    def accepts(self, checked: Checked) -> bool:
        """Return whether it is about a finding, in these very words."""
        return self._about(checked) and _plain(self.says) == _plain(checked.finding.says)

    def _about(self, checked: Checked) -> bool:
        found = checked.finding
        name = PurePath(found.where.file).name
        return (self.code, self.at, self.file) == (found.code, checked.path, name)


@dataclass(frozen=True)
class Judged:
    """A finding, and the decision that accepts it where there is one."""

    checked: Checked
    accepted: Decision | None = None

    @property
    def waits(self) -> bool:
        """Whether it is a warning that nobody has decided on."""
        return self.checked.finding.severity == "warning" and self.accepted is None

    @property
    def blocks(self) -> bool:
        """Whether it keeps a policy from being published whatever anybody decides."""
        return self.checked.finding.severity == "error"


def read_decisions(text: str | bytes, on: date) -> tuple[Decision, ...]:
    """Return the decisions of a file.

    Args:
        text: The file, as text or as its bytes in UTF-8.
        on: Today, for the controller; nobody has decided tomorrow.

    Raises:
        WrittenWrong: The file has errors; it carries all findings.
    """
    document = read_document(text, FILE)
    items = document.root.fields("decisions").required("decisions", "[…]").items()
    found = tuple(_decision(item, on) for item in items)
    document.findings.refuse_errors()
    return found


def _decision(node: Node, on: date) -> Decision:
    fields = node.fields("finding", "at", "says", "file", "by", "on", "because")
    code = fields.required("finding", "R08").known(tuple(CHECKS), "check")
    day = fields.required("on", on.isoformat())
    decided_on = day.day()
    if decided_on and decided_on > on:
        day.wrong("Y62", f"{quoted(day.written)} is after today", "write the day it was decided")
    if code and CHECKS[code].severity == "error":
        says = f"{quoted(code)} is an error, and cannot be accepted"
        fields.optional("finding").wrong("Y61", says, "mend what it finds")
    return Decision(
        where=node.where,
        code=code,
        at=fields.required("at", "activities.events").text(),
        says=fields.required("says", "…").text(),
        by=_filled(fields.required("by", "Privacy lead")),
        on=decided_on,
        because=_filled(fields.required("because", "…")),
        file=fields.optional("file").text(POLICY),
    )


def _filled(node: Node) -> str:
    """Return a text that somebody wrote, not the dots of a draft."""
    text = node.text()
    if text == _BLANK:
        node.wrong("Y63", f"{quoted(node.name)} is not filled in", "write who decided, and why")
    return text


def judge(found: Iterable[Checked], decisions: Sequence[Decision]) -> tuple[Judged, ...]:
    """Return findings with the decisions that accept them."""
    return tuple(Judged(each, _first(each, decisions)) for each in found)


def _first(checked: Checked, decisions: Sequence[Decision]) -> Decision | None:
    return next((decision for decision in decisions if decision.accepts(checked)), None)


def outlived(
    found: Sequence[Checked], decisions: Sequence[Decision], file: str
) -> tuple[Finding, ...]:
    """Return a finding for each decision on a file that accepts nothing which is found there."""
    findings = Findings(FILE)
    for decision in decisions:
        if decision.file != file or any(map(decision.accepts, found)):
            continue
        same = [c for c in found if c.finding.code == decision.code and c.path == decision.at]
        now = f": now {quoted(same[0].finding.says)}" if same else ""
        findings.add(
            decision.where,
            "Y60",
            f"{quoted(decision.code)} at {quoted(decision.at)} is not found in these words{now}",
            help="decide anew on what is found now" if same else "take the decision out",
            severity="info",
        )
    return findings.all()


def drafted(judged: Iterable[Judged], on: date) -> str:
    """Return entries for `decisions.yaml`, one for every warning that waits for a decision."""
    entries = []
    for each in judged:
        if each.waits:
            finding = each.checked.finding
            lines = {"finding": finding.code, "at": each.checked.path}
            name = PurePath(finding.where.file).name
            if name != POLICY:
                lines["file"] = name
            lines |= {"says": finding.says, "by": _BLANK, "on": on.isoformat(), "because": _BLANK}
            shown = "\n    ".join(f"{key}: {flow(value)}" for key, value in lines.items())
            entries.append(f"  - {shown}")
    return "\n".join(["decisions:", *entries]) if entries else ""


def _plain(text: str) -> str:
    return " ".join(text.split())
