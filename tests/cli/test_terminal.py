"""What a person reads on a terminal fits into it, and nothing is cut.

Method: commands run in a process of their own whose output is a real pseudo-terminal; its lines are
measured, and what it says is compared with what a pipe gets.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from cli.desk import POLICY, Desk

LONG = "Ett år etter at du melder deg ut, sletter vi deg fra medlemslisten og fra alt annet vi har."
TITLE = "Medlemskap, kontingent og alt annet som har med medlemslisten å gjøre"
COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
CALL = "import sys; from ombud.cli import main; main(sys.argv[1:])"


def on_a_terminal(desk: Desk, width: int, *words: str) -> list[str]:
    """Return the lines that a terminal of that width shows."""
    keeper, terminal = os.openpty()
    env = {**os.environ, "COLUMNS": str(width), "CLUB_URL": f"sqlite:///{desk.file}"}
    called = [sys.executable, "-c", CALL, *words]
    told, at = subprocess.DEVNULL, desk.folder
    with subprocess.Popen(called, stdout=terminal, stderr=told, env=env, cwd=at):
        os.close(terminal)
        shown = read_all(keeper)
    return COLOUR.sub("", shown).splitlines()


def read_all(keeper: int) -> str:
    """Return what was written to a terminal until its last writer was gone."""
    found = b""
    try:
        while piece := os.read(keeper, 4096):
            found += piece
    except OSError:  # how Linux says that nobody writes there any more
        pass
    os.close(keeper)
    return found.decode()


@pytest.fixture
def talkative(desk: Desk) -> Desk:
    """A desk whose policy says everything at length."""
    promised = "Ett år etter at du går ut er du slettet."
    desk.write(policy=POLICY.replace(promised, f'"{LONG}"').replace("Medlemskap}", f'"{TITLE}"}}'))
    return desk


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("words", [("status",), ("plan",), ("why", "club.members", "2")])
def test_every_line_fits_and_says_what_a_pipe_gets(
    talkative: Desk, words: tuple[str, ...], width: int
) -> None:
    shown = on_a_terminal(talkative, width, *words)
    assert max(map(len, shown)) <= width
    said = {word for word in talkative.ombud(*words).out.split() if word != "…"}
    assert said - set(" ".join(shown).split()) == set()


def test_a_promise_is_shown_whole_on_a_terminal(talkative: Desk) -> None:
    shown = " ".join(" ".join(on_a_terminal(talkative, 80, "status")).split())
    assert LONG in shown


def test_promises_stand_in_one_line_each_where_all_of_them_fit(talkative: Desk) -> None:
    first, second, *_ = on_a_terminal(talkative, 200, "status")
    assert LONG in first
    assert "1 row is overdue" in first
    assert second.startswith("0 kept")


def test_a_pipe_gets_one_line_for_each_promise(talkative: Desk) -> None:
    first, second, *_ = talkative.ombud("status").out.splitlines()
    assert ("sletter vi deg fra …" in first, "1 row is overdue" in first) == (True, True)
    assert second.startswith("0 kept")
