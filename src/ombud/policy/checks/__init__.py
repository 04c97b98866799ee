"""What a text must say, and whether it does: the checks of a document as it is written.

    read = read_written(text, "as-written.yaml")
    for each in run_checks(read.written, today):
        print(each.finding)

A check looks at a model of a text (`Written`), flaws included. The model is read from an as-written
document, or made of a policy (`written_of`), so that both are held to the same law. Errors keep a
policy from being published; warnings are accepted by a named person in `decisions.yaml`.
"""

from ombud.policy.checks.check import Check
from ombud.policy.checks.codes import CODES
from ombud.policy.checks.decisions import FILE as DECISIONS
from ombud.policy.checks.decisions import (
    Decision,
    Judged,
    drafted,
    judge,
    outlived,
    read_decisions,
)
from ombud.policy.checks.explain import explained
from ombud.policy.checks.from_policy import NOTICE_TELLS, OnTheMap, written_of
from ombud.policy.checks.gates import LIVE, NOTED, PUBLISHED, gates
from ombud.policy.checks.gates import items as notice_items
from ombud.policy.checks.read import is_as_written, read_written, written_in
from ombud.policy.checks.run import CHAPTERS, Checked, all_checks, run_checks
from ombud.policy.checks.written import Written

__all__ = [
    "CHAPTERS",
    "CODES",
    "DECISIONS",
    "LIVE",
    "NOTED",
    "NOTICE_TELLS",
    "PUBLISHED",
    "Check",
    "Checked",
    "Decision",
    "Judged",
    "OnTheMap",
    "Written",
    "all_checks",
    "drafted",
    "explained",
    "gates",
    "is_as_written",
    "judge",
    "notice_items",
    "outlived",
    "read_decisions",
    "read_written",
    "run_checks",
    "written_in",
    "written_of",
]
