"""`./ombud` and `./ombud-test` say what is missing, and lose no time when nothing is.

Method: run the scripts with a Python that does not do, and beside a lock whose maker is gone.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from style.source import ROOT

SCRIPTS = ("ombud", "ombud-test", ".ci/environment.sh")


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_is_posix_shell(script: str) -> None:
    subprocess.run(["sh", "-n", str(ROOT / script)], check=True)
    text = (ROOT / script).read_text()
    assert "[[" not in text
    assert "local " not in text


@pytest.mark.parametrize(
    ("python", "says"),
    [
        pytest.param("/nowhere/python", "is not Python 3.11 or newer", id="named-but-not-there"),
        pytest.param("", "needs Python 3.11 or newer", id="none-found"),
    ],
)
def test_a_missing_python_is_told(tmp_path: Path, python: str, says: str) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("sh", "dirname", "readlink", "mkdir", "rm", "cat", "cksum", "sed", "sleep"):
        found = subprocess.run(["which", name], capture_output=True, text=True, check=True)
        (programs / name).symlink_to(found.stdout.strip())
    done = subprocess.run(
        ["/bin/sh", str(ROOT / "ombud"), "--help"],
        env={"PATH": str(programs), "OMBUD_PYTHON": python, "OMBUD_VENV": str(tmp_path / "venv")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "venv").exists()
    assert not (tmp_path / "venv.lock").exists(), "the lock is freed"


def test_a_lock_whose_maker_is_gone_is_taken_over(tmp_path: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    (tmp_path / "venv.lock").mkdir()
    (tmp_path / "venv.lock" / "pid").write_text(f"{ended.pid}\n")
    done = subprocess.run(
        ["sh", str(ROOT / "ombud")],
        env={**os.environ, "OMBUD_PYTHON": "/nowhere", "OMBUD_VENV": str(tmp_path / "venv")},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert "OMBUD_PYTHON=/nowhere is not" in done.stderr
    assert "waiting" not in done.stderr


def test_the_locks_name_no_index_and_only_hashed_packages() -> None:
    """A lock must install from whatever index a machine has, and only what we looked at."""
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        assert "--index" not in text
        packages = [line for line in text.splitlines() if "==" in line]
        assert len(packages) > 20
        assert all(line.endswith("\\") for line in packages)
