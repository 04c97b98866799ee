"""A run ends with pytest's closing line and with 1 where any gate failed.

Method: run pytest on a test that passes, told that another gate failed before it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import gates
from style.source import ROOT


def test_a_gate_that_failed_before_fails_the_run(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("def test_it(): pass")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "conftest", "-p", "no:cacheprovider", "-n", "1",
         "-c", os.devnull, "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "tests"), "OMBUD_TEST_GATES_FAILED": "mypy"},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    assert "mypy" in done.stdout
    assert "1 passed" in done.stdout.splitlines()[-1]


@pytest.mark.parametrize("gate", gates.STATIC, ids=lambda gate: gate[0])
def test_each_gate_is_installed(gate: tuple[str, tuple[str, ...]]) -> None:
    assert (gates.BIN / gate[1][0]).exists()


def test_a_gate_that_fails_shows_what_it_said(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = gates.run("python", ("python", "-c", "print('why'); raise SystemExit(3)"))
    gates.tell(outcome)
    assert outcome.code == 3
    assert capsys.readouterr().out.startswith("FAILED python")
    assert "why" in outcome.output
