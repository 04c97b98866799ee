"""No figure of law hides in code: each number in `law/*.py` is one that the calendar needs."""

from __future__ import annotations

import ast
import doctest
import importlib
from pathlib import Path

import pytest

import ombud.law

FOLDER = Path(ombud.law.__file__).parent
MODULES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")

ALLOWED = {
    0: "none, the first",
    1: "one, the next",
    2: "digits of a country code",
    7: "days in a week",
    12: "months in a year, December",
    31: "days in December",
    200: "years no period exceeds: a slip of the pen",
    2_024: "a leap year",
    4_800: "months in the cycle of the calendar",
    146_097: "days in the cycle of the calendar",
}


@pytest.mark.parametrize("module", MODULES)
def test_a_number_in_code_belongs_to_the_calendar_and_never_to_the_law(module: str) -> None:
    """A figure of law stands in `facts/*.yaml` with its source and date."""
    tree = ast.parse((FOLDER / f"{module}.py").read_text(encoding="utf-8"))
    numbers = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float)
    }

    assert numbers <= set(ALLOWED)


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_in_the_docstrings_are_true(module: str) -> None:
    found = doctest.testmod(importlib.import_module(f"ombud.law.{module}"))

    assert found.failed == 0


@pytest.mark.parametrize("module", MODULES)
def test_the_law_reads_neither_clock_nor_database(module: str) -> None:
    tree = ast.parse((FOLDER / f"{module}.py").read_text(encoding="utf-8"))
    imported = {
        name.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for name in node.names
    } | {
        (node.module or "").partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
    }

    assert not imported & {"os", "time", "random", "socket", "sqlalchemy", "secrets"}
