"""The page on the checks is what the code says, and every example on it is YAML.

Method: write the page anew and compare; read what stands between its fences.
"""

from __future__ import annotations

import re
from functools import cache

import yaml

from ombud.policy.checks import all_checks
from ombud.policy.checks import reference as module
from style.source import ROOT

reference = cache(module.reference)
PAGE = ROOT / "docs" / "reference" / "checks.md"


def test_the_page_is_what_the_code_says() -> None:
    """If not: `python -m ombud.policy.checks.reference docs/reference/checks.md`."""
    assert PAGE.read_text(encoding="utf-8") == reference()


def test_every_check_stands_on_it_once() -> None:
    headings = re.findall(r"^### ([A-Z]\d\d)$", reference(), re.MULTILINE)
    assert headings == [check.id for check in all_checks()]


def test_every_example_is_yaml() -> None:
    examples = re.findall(r"```yaml\n# before\n(.*?)\n# after\n(.*?)\n```", reference(), re.DOTALL)
    assert len(examples) == len(all_checks())
    for pair in examples:
        for part in pair:
            yaml.load(part, Loader=yaml.CSafeLoader)
