"""The desk, new for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cli.desk import Desk, a_desk
from ombud.store import open_store


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ombud's own database before anything happened; making one takes longer than a test."""
    folder = tmp_path_factory.mktemp("empty")
    open_store("sqlite:///ombud.db", create=True, workspace=folder).close()
    return folder / "ombud.db"


@pytest.fixture
def desk(tmp_path: Path, empty_database: Path) -> Desk:
    """A workspace of the club: Kari is a member, Ola left two years ago."""
    found = a_desk(tmp_path)
    shutil.copy(empty_database, found.folder / "ombud.db")
    return found
