"""The desk, new for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from unit.cli.desk import Desk, a_desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A workspace of the club: Kari is a member, Ola left two years ago."""
    return a_desk(tmp_path)
