"""The import contracts of pyproject.toml refuse what they should.

Method: lay out a stub of the package with one import planted in it and run import-linter on it
with our contracts; each planted import must break the contract named beside it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from style.source import ROOT

STUB = (
    "errors", "store", "document", "law", "policy", "systems", "plan", "evidence", "apply",
    "connectors.sql", "connectors.files", "pages", "cases.model", "cases._tables", "consent",
    "app", "cli", "web",
)  # fmt: skip


def lint(folder: Path, planted: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run import-linter on a stub package in which these modules have this text."""
    for name in (*STUB, *planted):
        path = folder / "ombud" / name.replace(".", "/")
        (path if "." not in name else path.parent).mkdir(parents=True, exist_ok=True)
        (path if "." not in name else path.parent).joinpath("__init__.py").touch()
        file = path / "__init__.py" if "." not in name else path.with_suffix(".py")
        file.write_text(planted.get(name, ""))
    (folder / "ombud" / "__init__.py").touch()
    return subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_layout_as_it_should_be_is_kept(tmp_path: Path) -> None:
    done = lint(
        tmp_path,
        {
            "connectors.sql": "import sqlalchemy",
            "store": "import sqlalchemy.orm",
            "cases._tables": "import sqlalchemy",
            "plan": "from ombud import law, policy, systems",
            "app": "import time, os",
        },
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("planted", "broken"),
    [
        pytest.param({"law": "import ombud.plan"}, "The journey goes one way", id="upwards"),
        pytest.param({"consent": "import ombud.cases"}, "The journey goes one way", id="sideways"),
        pytest.param({"web": "import ombud.cli"}, "The journey goes one way", id="web-on-top"),
        pytest.param({"extra": ""}, "extra", id="a-package-without-rank"),
        pytest.param(
            {"plan.one": "import ombud.plan.two", "plan.two": "import ombud.plan.one"},
            "No package has a cycle inside",
            id="cycle",
        ),
        pytest.param({"plan": "import os"}, "The core reads no clock", id="environment"),
        pytest.param({"pages": "import time"}, "The core reads no clock", id="clock"),
        pytest.param({"plan": "import sqlalchemy"}, "SQL is spoken in few places", id="sql-plan"),
        pytest.param(
            {"cases.model": "from sqlalchemy import text"},
            "SQL is spoken in few places",
            id="sql-outside-tables",
        ),
        pytest.param({"cli": "import sqlalchemy"}, "SQL is spoken in few places", id="sql-cli"),
    ],
)
def test_a_planted_import_breaks_its_contract(
    tmp_path: Path, planted: dict[str, str], broken: str
) -> None:
    done = lint(tmp_path, planted)
    assert done.returncode == 1, done.stdout + done.stderr
    assert broken in done.stdout
