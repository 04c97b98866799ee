"""The command line as a person and a script meet it: help, exit codes, no traceback.

Method: run `ombud` in a process of its own, as it is installed, and look at what it loaded, how
long it worked and with which code it ended.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from cli.desk import Desk, days_ago
from ombud.cli import COMMANDS

OMBUD = Path(sys.executable).with_name("ombud")
HEAVY = (
    "sqlalchemy",
    "pydantic",
    "yaml",
    "rich",
    "alembic",
    "cryptography",
    "starlette",
    "uvicorn",
)


def run(*args: str, desk: Desk | None = None) -> subprocess.CompletedProcess[str]:
    """Run `ombud` as it is installed."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OMBUD_")}
    folder = [] if desk is None else ["-C", str(desk.folder)]
    if desk is not None:
        environment["CLUB_URL"] = f"sqlite:///{desk.file}"
    return subprocess.run(
        [OMBUD, *folder, *args], capture_output=True, text=True, check=False, env=environment
    )


# ---------------------------------------------------------------- help


@pytest.mark.parametrize("call", [["--help"], ["-h"], ["--version"]])
def test_help_loads_nothing_heavy(call: list[str]) -> None:
    code = (
        "import sys; from ombud.cli import root\n"
        f"root.main({call!r}, standalone_mode=False)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_is_quick() -> None:
    """150 ms on the clock of a person; counted is the processor's, which no other test disturbs."""

    def worked() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    taken = []
    for _ in range(5):
        before = worked()
        assert run("--help").returncode == 0
        taken.append(worked() - before)
    assert min(taken) < 0.15


def test_help_names_every_command_in_the_order_of_the_work() -> None:
    lines = run("--help").stdout.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in lines if line[2:3] != " "] == list(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, desk: Desk) -> None:
    said = desk.ombud(command, "--help")
    assert said.code == 0
    assert said.out.startswith("Usage: ")


def test_a_slip_of_the_pen_is_told() -> None:
    done = run("staus")
    assert done.returncode == 2
    assert "there is no command `staus`; did you mean `status`?" in done.stderr


# ---------------------------------------------------------------- what is suggested


def test_what_is_suggested_works_where_the_call_was_made(desk: Desk) -> None:
    """On standard output, of a finding, and as the help of an error."""
    at = f"ombud -C {desk.folder} "
    plan = run("plan", desk=desk)
    assert plan.stdout.splitlines()[-1].startswith(f"approve and do it: {at}apply ")
    assert f"make one: `{at}plan`" in run("apply", "0123456789ab", desk=desk).stderr
    desk.sql("ALTER TABLE members ADD COLUMN nickname TEXT")
    assert f"`{at}bind` says all of it" in run("plan", desk=desk).stderr
    assert f"nobody has said what `nickname` holds: `{at}bind`" in run("status", desk=desk).stdout


def test_a_folder_with_a_blank_is_quoted(tmp_path: Path) -> None:
    done = run("-C", str(tmp_path / "our club"), "plan")
    assert f"`ombud -C '{tmp_path}/our club' init` starts a workspace" in done.stderr


def test_without_a_folder_none_is_said(tmp_path: Path) -> None:
    done = subprocess.run(
        [OMBUD, "plan"], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert "`ombud init` starts a workspace" in done.stderr


# ---------------------------------------------------------------- exit codes


def test_0_all_is_well(desk: Desk) -> None:
    done = run("check", desk=desk)
    assert (done.returncode, done.stderr) == (0, "")


def test_1_findings_on_stdout(desk: Desk) -> None:
    desk.write(policy="organisation: {}\n")
    done = run("check", desk=desk)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("policy.yaml:1:")


def test_1_a_promise_that_is_not_kept(desk: Desk) -> None:
    done = run("status", desk=desk)
    assert done.returncode == 1
    assert "not kept" in done.stdout


def test_2_wrong_use_on_stderr(desk: Desk) -> None:
    done = run("apply", "0123456789ab", desk=desk)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: no plan has the digest `0123456789ab`\n  help: ")


def test_2_a_workspace_that_is_not_there(tmp_path: Path) -> None:
    done = run("-C", str(tmp_path), "plan")
    assert done.returncode == 2
    assert "there is no `policy.yaml`" in done.stderr


def test_2_a_setting_that_is_missing(desk: Desk) -> None:
    done = subprocess.run(
        [OMBUD, "-C", str(desk.folder), "plan"],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"]},
    )
    assert done.returncode == 2
    assert done.stderr.startswith("error: system `club` needs `CLUB_URL` from the environment")


def test_3_what_may_not_be(desk: Desk) -> None:
    digest = desk.ombud("plan", "--as-of", "2099-01-01", "--json").json["digest"]
    done = run("apply", digest, desk=desk)
    assert (done.returncode, done.stdout) == (3, "")
    assert "which is not yet" in done.stderr


def test_3_a_sweep_where_something_waits(desk: Desk) -> None:
    said = json.loads(run("sweep", "--json", desk=desk).stdout)
    assert said["looked"] == {"club": "full"}
    assert said["digest"] == said["waiting"]["digest"]
    done = run("sweep", desk=desk)
    assert done.returncode == 3
    assert "waits for a person" in done.stdout


def test_a_sweep_that_did_nothing_says_no_more_than_it_looked_at(desk: Desk) -> None:
    """A row that came with an old date waits for the weekly look at every row."""
    assert desk.ombud("sweep").out.startswith("nothing was done\n\nwaits for a person:\n")
    desk.ombud("apply", desk.plan(), "--pre-approve")
    assert desk.ombud("sweep", "--full").out == "nothing to do\n"
    desk.sql("INSERT INTO members VALUES (3, 'Berit', NULL, NULL, ?)", days_ago(800))
    assert desk.ombud("sweep").out == "nothing has become due since the last sweep\n"
    assert "erase 1 row of members" in desk.ombud("sweep", "--full").out


def test_4_a_system_that_is_down(desk: Desk) -> None:
    desk.file.unlink()
    done = run("plan", desk=desk)
    assert done.returncode == 4
    assert done.stderr.startswith("error: system `club` has no such file")


def test_a_reader_that_goes_away_is_no_error(desk: Desk) -> None:
    done = subprocess.run(
        ["sh", "-c", f"'{OMBUD}' -C '{desk.folder}' status --json | head -1"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "CLUB_URL": f"sqlite:///{desk.file}"},
    )
    assert (done.stdout, done.stderr) == ("{\n", "")
