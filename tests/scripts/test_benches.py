"""Every benchmark runs to its end, on a set so small that its figures mean nothing.

Method: call each as `bench/README.md` says, on a server of the tests' own. They check themselves
what they leave; here nothing is asked but that they end well and print their table.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from servers import Server
from style.source import ROOT


def bench(*words: str) -> str:
    """Run a benchmark; return what it printed."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_sweep_on_postgresql(postgres_server: Server) -> None:
    words = ("bench/sweep", postgres_server.url(), "--contacts", "2000", "--runs", "1")
    assert "8,000 rows" in bench(*words)


def test_a_sweep_on_mariadb(mariadb_server: Server) -> None:
    variants = ("--only", "hand", "batches", "script", "ombud")  # pt-archiver is not everywhere
    words = ("bench/sweep", mariadb_server.url(), "--contacts", "2000", "--runs", "1")
    assert "8,000 rows" in bench(*words, *variants)


@pytest.mark.parametrize("kind", ["postgres_server", "mariadb_server"])
def test_a_night_on_ten_times_the_rows(kind: str, request: pytest.FixtureRequest) -> None:
    server: Server = request.getfixturevalue(kind)
    words = ("bench/sweep", server.url(), "--nightly", "--contacts", "2000", "--runs", "1")
    assert "ten times the rows" in bench(*words)


def test_five_grounds(postgres_server: Server) -> None:
    words = ("bench/grounds", postgres_server.url(), "--customers", "2000", "--runs", "1")
    assert "what is left is the same" in bench(*words)


def test_gdprbench(postgres_server: Server) -> None:
    words = ("bench/gdprbench", postgres_server.url(), "--records", "200", "--operations", "20")
    assert "regulator" in bench(*words, "--runs", "1")


def test_the_log() -> None:
    assert "found by Ombud: 24 of 24" in bench(
        "bench/log", "--entries", "2000", "--mutations", "20", "--appended"
    )


def test_kills() -> None:
    assert "0 with faults" in bench("bench/soak", "sqlite://", "--kills", "1", "--copies", "4")
