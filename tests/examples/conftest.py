"""Make the examples' shared module importable by the name their `data.py` knows it by.

`after` gives an example after a full round; each is laid out once by each worker of a run.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

if str(EXAMPLES) not in sys.path:
    sys.path.insert(0, str(EXAMPLES))

from examples.planting import Done, done  # noqa: E402  it needs the path


@pytest.fixture(scope="session")
def after(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Done]:
    """Return an example after its round, laid out when it is first asked for."""
    return cache(lambda slug: done(slug, tmp_path_factory.mktemp(slug)))
