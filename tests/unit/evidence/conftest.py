"""An export for the tests of both verifiers: made once a file of tests, laid out for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from unit.evidence import exports
from unit.evidence.exports import Exported


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return exports.exported(tmp_path_factory.mktemp("exported") / "x")


@pytest.fixture
def folder(exported: Exported, tmp_path: Path) -> Path:
    exported.write(tmp_path / "x")
    return tmp_path / "x"
