"""How long do the notices of five organisations take, in every language and format?

    .venv/bin/python -m bench.notices

Prints seconds of the processor for all of them, and the slowest page. The aim is 10 seconds for
all on two cores, and 100 ms for one page.
"""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path

from ombud.pages import FORMATS, LANGUAGES, make_notice, render
from ombud.policy import parse_policy

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ON = date(2026, 11, 24)


def main() -> int:
    began, slowest = time.process_time(), 0.0
    paths = sorted(EXAMPLES.glob("*/policy.yaml"))
    for path in paths:
        policy = parse_policy(path.read_bytes(), "policy.yaml", ON)
        for language in LANGUAGES:
            before = time.process_time()
            notice = make_notice(policy, language, on=ON)
            render(notice, "html")
            slowest = max(slowest, time.process_time() - before)
            for form in FORMATS:
                render(notice, form)
    took = time.process_time() - began
    print(f"notices of {len(paths)} organisations in every language and format: {took:.1f} s")
    print(f"slowest page: {slowest * 1000:.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
