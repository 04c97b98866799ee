"""Run the gates: format, lint, types, imports, then pytest; called by ./ombud-test.

One line for each gate with its seconds; what a failed gate printed is shown in full. Pytest runs
last or alongside and has the last word: the closing line is pytest's own, and where another gate
failed, pytest says so above that line and ends with 1 (see conftest.py).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

# Longest first, so that two cores end at about the same time.
STATIC = (
    ("mypy --strict", ("mypy", "--strict", "src")),
    ("imports", ("lint-imports", "--no-logo")),
    ("ruff check", ("ruff", "check", "--quiet", ".")),
    ("ruff format", ("ruff", "format", "--check", "--output-format", "concise", ".")),
)
QUICK = ("tests/unit", "tests/style")
PARALLEL = ("-n", "2", "--dist", "worksteal")


@dataclass(frozen=True)
class Outcome:
    """How a gate ended.

    Args:
        code: Exit code; 0 is fine.
        output: Everything it printed.
        took_s: Seconds.
    """

    name: str
    code: int
    output: str
    took_s: float


def run(name: str, command: Sequence[str], env: dict[str, str] | None = None) -> Outcome:
    """Run one gate to its end."""
    began = time.monotonic()
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return Outcome(name, done.returncode, done.stdout, time.monotonic() - began)


def tell(outcome: Outcome) -> None:
    """Print a gate's line, and what it said when it failed."""
    word = "FAILED" if outcome.code else "ok"
    print(f"{word:<7}{outcome.name:<24}{outcome.took_s:6.1f} s", flush=True)
    if outcome.code:
        print(outcome.output, flush=True)


def pytest_command(*args: str) -> tuple[str, ...]:
    """Return the pytest command for these arguments; folders that do not exist are left out."""
    return ("pytest", *(arg for arg in args if arg not in QUICK or (ROOT / arg).is_dir()))


def quick() -> int:
    """Run the static gates and the unit and style tests at the same time."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        # pytest is the longest, so it starts first; its output is held back to come last
        tests = pool.submit(run, "unit and style tests", pytest_command("-q", *PARALLEL, *QUICK))
        static = [pool.submit(run, name, command) for name, command in STATIC]
        failed = []
        for future in as_completed(static):
            outcome = future.result()
            tell(outcome)
            if outcome.code:
                failed.append(outcome.name)
        tested = tests.result()
    tell(Outcome(tested.name, tested.code, "", tested.took_s))
    for name in failed:
        print(f"failed: {name}")
    print(tested.output, end="", flush=True)
    return tested.code or (1 if failed else 0)


def everything() -> int:
    """Run the static gates, then every test, with two workers and the slowest ten printed."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        static = [pool.submit(run, name, command) for name, command in STATIC]
        outcomes = [future.result() for future in static]
    for outcome in outcomes:
        tell(outcome)
    failed = [outcome.name for outcome in outcomes if outcome.code]
    return hand_over(
        pytest_command(*PARALLEL, "--durations", "10"),
        {"OMBUD_TEST_GATES_FAILED": ", ".join(failed)},
    )


def hand_over(command: Sequence[str], env: dict[str, str]) -> int:
    """Run pytest with its output going straight to the caller."""
    return subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        check=False,
    ).returncode


def main(args: Sequence[str]) -> int:
    """Run what the words ask for."""
    if args == ["quick"]:
        return quick()
    if args in ([], ["all"]):
        return everything()
    return hand_over(("pytest", *args), {})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
