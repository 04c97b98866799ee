"""Every error Ombud raises on purpose, and the findings it makes on what people wrote.

A *finding* is wrong in what the organisation wrote: findings are collected, all at once,
sorted by place. An *error* means Ombud may not or cannot go on: it is raised, one at a time.
No message here ever holds a value from an organisation's data.

The tree::

    OmbudError
    ├── Refused                  Ombud may not go on (exit code 3)
    │   ├── NotApproved          no person has approved this plan
    │   ├── PlanChanged          policy, map or law changed since the plan was made
    │   ├── TooLarge             a step would exceed its approved count
    │   ├── TooPowerful          the database account may do more than Ombud needs
    │   └── BindingRefused       the map and the live schema disagree
    ├── WrongUse                 the call itself is wrong (exit code 2)
    │   ├── Unknown              a name that is not in policy, map or log
    │   └── NotSet               a setting from the environment is missing
    ├── WrittenWrong             a file has findings (exit code 1); carries them
    ├── Stopped                  half-way, nothing lost: call again (exit code 4)
    │   ├── ConnectorFailed      a system did not answer or refused
    │   └── PageUnread           a page on the web cannot be read
    ├── UnknownCalendar          no public holidays are known for a country and year
    ├── UnknownFact              no fact of law is known under a name at a date
    └── LogBroken                the evidence does not verify
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, order=True)
class Place:
    """Where in what file something was written.

    Args:
        file: File name as the writer knows it, relative to the workspace.
        line: 1-based line; 0 when the finding is about the file or a live schema as a whole.
        column: 1-based column; 0 with line 0.
    """

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong in what the organisation wrote, or between that and a live schema.

    Args:
        where: Place; findings sort by it.
        code: Stable id, for example `Y02`; a number is never reused. Y.. shape, Z.. binding,
            other letters are the ids of the checks.
        says: One line, lower-case start, no full stop, what the writer wrote in backticks.
        severity: `error` blocks plan and publishing, `warning` needs a decision, `info` is advice.
        help: Imperative with an example that works when pasted; empty when there is none.
        law: Citations in the one spelling of `ombud.law.Citation`.
    """

    where: Place
    code: str
    says: str
    severity: Severity = "error"
    help: str = ""
    law: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [f"{self.where}: {self.severity}[{self.code}]: {self.says}"]
        if self.law:
            lines.append(f"  law:  {' · '.join(self.law)}")
        if self.help:
            lines.append(f"  help: {self.help}")
        return "\n".join(lines)


class OmbudError(Exception):
    """Ombud cannot go on."""

    exit_code: ClassVar[int] = 3
    help: str

    def __init__(self, says: str = "", *, help: str = "") -> None:
        super().__init__(says or (type(self).__doc__ or "").splitlines()[0])
        self.help = help


class Refused(OmbudError):
    """Ombud may not go on; nothing was changed."""


class NotApproved(Refused):
    """No person has approved this plan; nothing was changed."""


class PlanChanged(Refused):
    """The policy, the map or the law changed since the plan was made; nothing was changed."""


class TooLarge(Refused):
    """A step would exceed its approved count; what was done before stays done and logged."""


class TooPowerful(Refused):
    """The database account may do more than Ombud needs; nothing was changed."""


class BindingRefused(Refused):
    """The map and the live schema disagree; nothing was changed."""

    def __init__(self, says: str, *, findings: tuple[Finding, ...] = (), help: str = "") -> None:
        super().__init__(says, help=help)
        self.findings = findings


class WrongUse(OmbudError):
    """The call itself is wrong; nothing was changed."""

    exit_code = 2


class Unknown(WrongUse):
    """The name is not in the policy, the map or the log; nothing was changed."""


class NotSet(WrongUse):
    """A setting from the environment is missing; nothing was changed."""


@dataclass(eq=False)
class WrittenWrong(OmbudError):
    """A file has findings; nothing was changed."""

    findings: tuple[Finding, ...] = field(default=())
    exit_code: ClassVar[int] = 1

    def __post_init__(self) -> None:
        super().__init__("\n".join(str(f) for f in self.findings))


class Stopped(OmbudError):
    """Work stopped half-way; what was done is logged, and calling again goes on from there."""

    exit_code = 4


class ConnectorFailed(Stopped):
    """A system did not answer or refused; its unfinished batch was rolled back.

    Args:
        system: Id of the system in the map.
        why: What happened in Ombud's words, never the driver's: drivers' texts hold values.
        sqlstate: The five-character SQLSTATE, or the driver's number, when there is one.
        transient: True where the same call can succeed later (lock, time-out, lost connection).
        answered: True where the system itself said no, so that it surely rolled the batch back; a
            connection lost while it committed leaves that open.

    `changed` says how many rows of the batch had been changed for good, by other parts of it.
    """

    def __init__(
        self,
        system: str,
        why: str,
        *,
        sqlstate: str = "",
        transient: bool = False,
        answered: bool = False,
        help: str = "",
    ) -> None:
        code = f" ({sqlstate})" if sqlstate else ""
        super().__init__(f"system `{system}` {why}{code}", help=help)
        self.system = system
        self.sqlstate = sqlstate
        self.transient = transient
        self.answered = answered
        self.changed = 0


Unread = Literal["unreached", "missing", "refused", "failing", "other"]


class PageUnread(Stopped):
    """A page on the web cannot be read; nothing was logged.

    Args:
        why: `unreached`: nothing answers in time. `missing`: the server says that it is not there.
            `refused`: it does not give it to everybody. `failing`: it has an error of its own.
            `other`: what it gives cannot be read as what was asked for.
    """

    def __init__(self, says: str, *, why: Unread = "unreached", help: str = "") -> None:
        super().__init__(says, help=help)
        self.why: Unread = why


class UnknownCalendar(OmbudError):
    """No public holidays are known for the country in that year; nothing was computed."""


class UnknownFact(OmbudError):
    """No fact of law is known under that name at that date; nothing was computed."""


class LogBroken(OmbudError):
    """The evidence does not verify."""

    exit_code = 1
