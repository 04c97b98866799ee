"""What a text must say, and whether it does: the checks of a document as it is written.

    read = read_written(text, "as-written.yaml")
    for each in run_checks(read.written, today):
        print(each.finding)

A check looks at a model of a text (`Written`), flaws included. The model is read from an as-written
document, or made of a policy, so that both are held to the same law.
"""

from ombud.policy.checks.check import Check
from ombud.policy.checks.read import Read, is_as_written, read_written, written_in
from ombud.policy.checks.run import CHAPTERS, Checked, all_checks, run_checks
from ombud.policy.checks.written import Written

__all__ = [
    "CHAPTERS",
    "Check",
    "Checked",
    "Read",
    "Written",
    "all_checks",
    "is_as_written",
    "read_written",
    "run_checks",
    "written_in",
]
