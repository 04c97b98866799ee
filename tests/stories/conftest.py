"""The club of examples/club at work: its policy, its map, and a year's made-up data."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from cli.desk import Desk, today

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
BERIT, KARI, OLA = 1, 2, 3
"""Numbers of the three in the list of members."""


@pytest.fixture
def fill(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, int]]:
    """The examples' own way to make their data up."""
    monkeypatch.setattr(sys, "path", [str(EXAMPLES), *sys.path])
    found: Callable[..., dict[str, int]] = import_module("_data.fill").fill
    return found


@pytest.fixture
def club(tmp_path: Path, fill: Callable[..., dict[str, int]]) -> Desk:
    """Ravnlia Idrettslag: Berit keeps the list, Kari is a member, Ola left four years ago."""
    desk = Desk(tmp_path / "ravnlia", tmp_path / "club.sqlite")
    shutil.copytree(EXAMPLES / "club", desk.folder)
    fill({"club": f"sqlite:///{desk.file}"}, "club", rows=300, seed=11, today=today())
    assert desk.ombud("init").code == 0  # Ombud's own database
    return desk
