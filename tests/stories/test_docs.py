"""What the docs show is what happens.

Method: every `console` block of a page is run, command by command, in an empty folder, on the day
on which the pages were written; what the page shows is compared with what came out. A block that
names a file (`yaml policy.yaml`) is written into it, in its turn among the commands. A page that
says `<!-- in: club -->` begins in the workspace of the small example, one that says
`<!-- in: empty -->` in one that `ombud init` has just made; `<!-- beside: x.py -->` names a file of
the docs that the reader has copied there. In what is shown, `…` stands for any
text. A plan's digest follows from policy, map, law, data and day, and has to be the one that is
shown; so has a hold's name, drawn here from a row that is always the same. The reader's
terminal is 80 characters wide; line breaks and the width of columns do not count. In the README
numbers and digests do not count either, for the demo's data changes more often than it.
"""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from ombud.cli import root

ROOT = Path(__file__).resolve().parents[2]
WRITTEN_AT = datetime(2026, 11, 24, 12, tzinfo=UTC)

WORKSPACES = {
    "club": ("ombud demo --setup-only . --only club --rows 500", "club"),
    "empty": ("ombud -C own init --name 'Holme Erhverv A/S' --country dk", "own"),
}
"""What a page begins in: the command that makes it, and the folder."""

PAGES = sorted(
    str(page.relative_to(ROOT))
    for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))
    if "```console\n" in page.read_text()
)

_BLOCK = re.compile(
    r"^```(?:console|\w+ (?P<file>[\w./-]+\.\w+))\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_EXACT = re.compile(r"(?P<text>…)")
_LOOSE = re.compile(r"(?P<text>…)|(?P<id>\b[0-9a-f]{12,64}\b)|(?P<number>[0-9][0-9,]*)")
_ANY = {"text": ".*?", "id": "[0-9a-f]{12,64}", "number": "[0-9][0-9,]*"}


@dataclass(frozen=True)
class Shown:
    """A command of a page, and what the page shows of its output."""

    line: int
    command: str
    output: str


@dataclass(frozen=True)
class Written:
    """A file of a page."""

    file: str
    text: str


def shown_in(page: str) -> Iterator[Shown | Written]:
    for block in _BLOCK.finditer(page):
        line = page[: block.start()].count("\n") + 2
        if block["file"]:
            yield Written(block["file"], block["text"])
            continue
        for part in re.split(r"^(?=\$ )", block["text"], flags=re.MULTILINE):
            if part.startswith("$ "):
                command, _, output = part[2:].partition("\n")
                while command.endswith("\\"):
                    more, _, output = output.partition("\n")
                    command = f"{command[:-1].rstrip()} {more.strip()}"
                yield Shown(line, command, output)
            line += part.count("\n")


def squeezed(text: str) -> str:
    return " ".join(text.split())


@dataclass
class Reader:
    """A person who types what a page shows."""

    folder: Path
    loosely: bool = False
    code: int = 0

    def write(self, written: Written) -> None:
        file = self.folder / written.file
        file.parent.mkdir(exist_ok=True)
        file.write_text(written.text)

    def type(self, shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
        command = shown.command
        words = shlex.split(command)
        output = ""
        if words[0] == "cd":
            self.folder = (self.folder / words[1]).resolve()
        elif words[0] == "export":
            monkeypatch.setenv(*words[1].split("=", 1))
        elif command == "echo $?":
            output = f"{self.code}\n"
        elif words[0] in ("ombud", "./ombud"):
            monkeypatch.chdir(self.folder)
            words, into = (words[:-2], words[-1]) if words[-2:-1] == [">"] else (words, "")
            result = CliRunner().invoke(root, words[1:], prog_name="ombud")
            self.code, output = result.exit_code, result.output
            if into:
                (self.folder / into).write_bytes(result.stdout_bytes)
                output = result.stderr
        else:
            done = subprocess.run(
                ["bash", "-c", command],
                cwd=self.folder,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            self.code, output = done.returncode, done.stdout
        self.compare(shown, output)

    def compare(self, shown: Shown, output: str) -> None:
        at, pattern = 0, ""
        wanted = squeezed(shown.output)
        for piece in (_LOOSE if self.loosely else _EXACT).finditer(wanted):
            pattern += re.escape(wanted[at : piece.start()])
            at = piece.end()
            pattern += _ANY[piece.lastgroup or ""]
        pattern += re.escape(wanted[at:])
        found = re.fullmatch(pattern.replace(r"\ .*?", r"\ ?.*?"), squeezed(output))
        assert found, f"line {shown.line}: `{shown.command}` shows\n{output}\nnot\n{shown.output}"


@pytest.fixture
def _on_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clock begin at the moment the pages were written; a second passes with each look.

    Nor do names that Ombud draws by lot differ from one run to the next.
    """
    seconds = iter(range(1_000_000))
    lots = iter(range(1_000_000))

    def drawn(size: int) -> str:
        return hashlib.sha256(f"lot {next(lots)}".encode()).hexdigest()[: 2 * size]

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Clock:
            moment = (WRITTEN_AT + timedelta(seconds=next(seconds))).astimezone(tz)
            return cls.fromisoformat(moment.isoformat())

    monkeypatch.setattr("ombud.app.datetime", Clock)
    monkeypatch.setattr("ombud.app.secrets", SimpleNamespace(token_hex=drawn))


@pytest.mark.usefixtures("_on_that_day")
@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_shows_is_what_happens(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OMBUD_KEY", "OMBUD_DATABASE", "CLUB_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OMBUD_STAFF", "Berit")
    for place in ("status", "lines"):  # a module loaded later would keep what stood in `lines`
        monkeypatch.setattr(f"ombud.cli.{place}.columns", lambda: 80)
    text = (ROOT / page).read_text()
    reader = Reader(tmp_path, loosely=page == "README.md")
    for mark, (set_up, folder) in WORKSPACES.items():
        if f"<!-- in: {mark} -->" in text:
            reader.type(Shown(0, set_up, "…"), monkeypatch)
            reader.folder = tmp_path / folder
    for name in re.findall("<!-- beside: (.+) -->", text):
        shutil.copy((ROOT / page).parent / name, reader.folder)
    for each in shown_in(text):
        if isinstance(each, Written):
            reader.write(each)
        else:
            reader.type(each, monkeypatch)


def test_a_page_that_shows_something_else_is_found() -> None:
    shown = Shown(1, "ombud plan", "erase 20 rows of …\napprove: ombud apply 0123456789ab\n")
    printed = "erase  20 rows\nof x\napprove: ombud apply 0123456789ab\n"
    Reader(Path()).compare(shown, printed)
    for other in (printed.replace("20", "21"), printed.replace("0123", "aaaa")):
        Reader(Path(), loosely=True).compare(shown, other)
        with pytest.raises(AssertionError, match="line 1"):
            Reader(Path()).compare(shown, other)


# ---------------------------------------------------------------- JSON

_JSON = re.compile(r"^```json (\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMES = ("digest", "hold")
"""Keys whose value follows from the rest: the page shows what is printed."""

_BY_NAME = ("because", "by_cap", "by_rule", "fields", "key", "looked", "persons", "says", "rows")
"""Keys whose value has names of a policy or map as keys, so that those differ."""


def keys_of(value: object, path: str = "") -> set[str]:
    if path == ".waiting":  # a plan
        return set()
    if isinstance(value, list):
        return {key for each in value for key in keys_of(each, path)}
    if not isinstance(value, dict):
        return set()
    by_name = path.rpartition(".")[2] in _BY_NAME
    found: set[str] = set()
    for key, inner in value.items():
        at = f"{path}.*" if by_name else f"{path}.{key}"
        found |= {at} | keys_of(inner, at)
    return found


def names_in(answers: dict[str, dict[str, object]]) -> dict[str, str]:
    """Return the digest or the hold that each answer names, as far as the page writes it."""
    found = {(n, key): str(v[key]) for n, v in answers.items() for key in NAMES if v.get(key)}
    return {f"{name}.{key}": text[:12] for (name, key), text in found.items()}


@pytest.mark.usefixtures("_on_that_day")
def test_json_has_the_keys_that_the_reference_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OMBUD_KEY", "OMBUD_DATABASE", "CLUB_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    place = (
        "hold place --kind legal_claim --reason x --review 2027-02-01 --person email=o@p.example"
    )
    commands = {
        "plan": "plan",
        "why": "why club.members 3",
        "status": "status",
        "place": place,
        "hold": "hold",
        "duty": "duty",
        "sweep": "sweep",
        "apply": "apply DIGEST",
        "verify": "verify",
        "check": "check",
    }
    CliRunner().invoke(root, shlex.split("demo --setup-only . --only club --rows 500"))
    page = (ROOT / "docs" / "reference" / "json.md").read_text()
    shown = {name: json.loads(text) for name, text in _JSON.findall(page)}
    printed = {}
    for name, command in commands.items():
        if name == "check":
            policy = tmp_path / "club" / "policy.yaml"
            policy.write_text(policy.read_text().replace("1 year", "one year"))
        command = command.replace("DIGEST", printed.get("plan", {}).get("digest", ""))
        result = CliRunner().invoke(root, ["-C", "club", *shlex.split(command), "--json"])
        printed[name] = json.loads(result.stdout)
    assert {n: keys_of(v) for n, v in printed.items()} == {n: keys_of(v) for n, v in shown.items()}
    assert names_in(shown) == names_in(printed)
