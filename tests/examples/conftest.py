"""Make the examples' shared module importable by the name their `data.py` knows it by.

`after` gives an example after a full round; each is laid out once in a run.
"""

from __future__ import annotations

import fcntl
import os
import pickle
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
    """Return an example after its round, laid out when a worker first asks for it."""
    home = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        home = home.parent  # the workers' common folder

    @cache
    def of(slug: str) -> Done:
        with (home / f"{slug}.turn").open("wb") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            told = home / f"{slug}.done"
            if not told.exists():
                (home / slug).mkdir()
                told.write_bytes(pickle.dumps(done(slug, home / slug)))
        found: Done = pickle.loads(told.read_bytes())  # noqa: S301  written a line above
        return found

    return of
