"""A workspace, and `ombud serve` in a process of its own, on a port of this machine."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from click.testing import CliRunner, Result

from ombud.cli import root

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
EVERY_LANGUAGE = "languages: [nb, da, nn, sv, en]"
START = "from ombud.cli import main\nmain()"


def call(folder: Path, *args: str) -> Result:
    """Call a command in a workspace."""
    return CliRunner().invoke(root, ["-C", str(folder), *args])


def publish(folder: Path, *args: str) -> str:
    """Publish what the workspace's policy says; return what was told."""
    done = call(folder, "publish", *args)
    assert done.exit_code == 0, done.output
    return done.output


def club(folder: Path) -> Path:
    """Lay out the club's workspace, in every language; nothing is published yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("policy.yaml", "systems.yaml"):
        text = (EXAMPLES / "club" / name).read_text()
        (folder / name).write_text(text.replace("languages: [nb, en]", EVERY_LANGUAGE))
    assert EVERY_LANGUAGE in (folder / "policy.yaml").read_text()
    assert call(folder, "init").exit_code == 0
    return folder


def change(folder: Path) -> None:
    """Let the club's policy say something else."""
    path = folder / "policy.yaml"
    before = path.read_text()
    path.write_text(before.replace("keep: {for: 1 year,", "keep: {for: 2 years,"))
    assert path.read_text() != before


@dataclass(frozen=True)
class Answer:
    """What the server said; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


@dataclass
class Serving:
    """A server that runs."""

    process: subprocess.Popen[str]
    port: int
    told: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it is, with a slash at the end."""
        return f"http://127.0.0.1:{self.port}/"

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for a path; `accept_language=` is the header `Accept-Language`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers=named)
            response = connection.getresponse()
            sent = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, sent, response.read())
        finally:
            connection.close()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Stop it; return its exit code. What it still told is in `told`."""
        self.process.send_signal(number)
        out, rest = self.process.communicate(timeout=30)
        self.told += [*out.splitlines(), *rest.splitlines()]
        return self.process.returncode


@contextmanager
def serving(folder: Path, *args: str, start: str = START) -> Iterator[Serving]:
    """Serve a workspace meanwhile.

    Args:
        start: Python that starts the command line.
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OMBUD_")}
    with subprocess.Popen(
        [sys.executable, "-c", start, "-C", str(folder), "serve", "--port", "0", *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        assert process.stderr is not None
        told = []
        for line in process.stderr:
            told.append(line.rstrip("\n"))
            if "Ctrl-C" in line:
                break
        found = re.search(r":(\d+)/ is open", told[-1]) if told else None
        assert found, told
        try:
            yield Serving(process, int(found[1]), told)
        finally:
            process.kill()
            process.communicate()
