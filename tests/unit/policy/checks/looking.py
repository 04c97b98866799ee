"""How the tests look at documents: as data that edits change, and as findings that are counted."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from ombud.policy.checks import Checked, read_written, run_checks
from ombud.policy.checks.edit import Data, block

ON = date(2026, 11, 24)
EXAMPLES = Path(__file__).resolve().parents[4] / "examples"
SLUGS = ("business-agency", "work-inclusion", "business-garden", "job-activation", "consultancy")
FILE = "as-written.yaml"


def document_of(slug: str) -> Data:
    """Return an example's as-written document as texts, lists and keys."""
    return texts_of((EXAMPLES / slug / FILE).read_text())


def texts_of(text: str) -> Data:
    """Return what YAML holds, with every single value as a text."""
    return yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506


@cache
def found_in(slug: str) -> tuple[Checked, ...]:
    """Return what the checks find in an example's as-written document."""
    return look(document_of(slug))


def look(document: Data) -> tuple[Checked, ...]:
    """Return what the checks find in a document that is data."""
    return look_at(block(document))


def look_at(text: str | bytes) -> tuple[Checked, ...]:
    """Return what the checks find in a document that is text."""
    return run_checks(read_written(text, FILE).written, ON)


def part_of(checked: Checked) -> str:
    """Return what a finding is about; items of a list are named by the list."""
    return re.sub(r"\[\d+\]", "", checked.path)


def counted(found: tuple[Checked, ...]) -> Counter[tuple[str, str]]:
    """Return how often each check finds something at each part."""
    return Counter((each.finding.code, part_of(each)) for each in found)


def codes(found: tuple[Checked, ...]) -> set[str]:
    """Return the ids of the checks that find something."""
    return {each.finding.code for each in found}
