"""Examples in docstrings say what is true.

Method: run every `>>>` of our modules, and of the helpers of these tests.
"""

from __future__ import annotations

import doctest
import importlib

import pytest

from style import source

WITH_EXAMPLES = [module.name for module in source.modules() if ">>> " in module.text]


@pytest.mark.parametrize("name", [*WITH_EXAMPLES, "style.source"])
def test_examples_in_docstrings_hold(name: str) -> None:
    failed, tried = doctest.testmod(importlib.import_module(name))
    assert (failed, tried > 0) == (0, True)
