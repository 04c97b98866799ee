"""`ombud record` as a person and a script meet it.

Method: call it in a workspace with both files, and in one without a map; look at files and words.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ombud.cli import root
from ombud.pages.record import PARTS
from unit.pages.written import EXAMPLES

AS_OF = ["--as-of", "2026-11-24"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with policy and map of the business agency."""
    for name in ("policy.yaml", "systems.yaml"):
        (tmp_path / name).write_bytes((EXAMPLES[0].parent / name).read_bytes())
    return tmp_path


def record(folder: Path, *args: str) -> Result:
    return CliRunner().invoke(root, ["-C", str(folder), "record", *AS_OF, *args])


def test_the_page_is_in_the_main_language(folder: Path) -> None:
    done = record(folder)
    assert done.exit_code == 0
    assert done.stdout.startswith('<!doctype html>\n<html lang="da"')


@pytest.mark.parametrize(
    ("name", "start"),
    [("r.xlsx", b"PK"), ("r.csv", b"\xef\xbb\xbf"), ("r.jsonld", b"{"), ("r.md", b"# ")],
)
def test_the_format_is_the_one_that_the_file_ends_in(folder: Path, name: str, start: bytes) -> None:
    assert record(folder, "--out", str(folder / name)).exit_code == 0
    assert (folder / name).read_bytes().startswith(start)


def test_csv_holds_the_part_that_is_asked_for(folder: Path) -> None:
    done = record(folder, "--format", "csv", "--part", "processors", "--lang", "en")
    assert done.stdout.removeprefix("\ufeff").startswith('"Name";"Task";"Country"')


def test_a_folder_has_every_language_format_and_part(folder: Path) -> None:
    assert record(folder, "--folder", str(folder / "out")).exit_code == 0
    made = {str(p.relative_to(folder / "out")) for p in (folder / "out").rglob("*.*")}
    forms = ("html", "md", "txt", "pdf", "xlsx")
    assert made == {
        "record.jsonld",
        *(f"{tag}/record.{form}" for tag in ("da", "en") for form in forms),
        *(f"{tag}/{part}.csv" for tag in ("da", "en") for part in PARTS),
    }


def test_json_has_every_part(folder: Path) -> None:
    told = json.loads(record(folder, "--json", "--lang", "en").stdout)
    assert told["version"] == 1
    assert (told["language"], told["made_on"], told["draft"]) == ("en", "2026-11-24", False)
    assert [part["id"] for part in told["parts"]] == list(PARTS)
    activities = told["parts"][1]
    assert {"id": "purpose", "title": "Purpose", "law": "Article 30(1)(b)"} in activities["columns"]
    assert activities["entries"][0]["cells"]["purpose"]


def test_without_a_map_it_is_made_from_the_policy(folder: Path) -> None:
    (folder / "systems.yaml").unlink()
    done = record(folder, "--format", "txt", "--lang", "en")
    assert done.exit_code == 0
    assert "Not stated" in done.stdout


def test_a_policy_with_errors_has_a_draft_only(folder: Path) -> None:
    path = folder / "policy.yaml"
    text = path.read_text()
    path.write_text(text.replace("DK erhvervsfremmeloven § 14", "DK persondataloven § 6"))
    done = record(folder, "--folder", str(folder / "out"))
    assert done.exit_code == 3
    assert "so the record is not published" in done.stderr
    assert not (folder / "out").exists()
    done = record(folder, "--draft")
    assert done.exit_code == 0
    assert "Udkast" in done.stdout


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["--lang", "sv"], 2),
        (["--part", "systems"], 2),
        (["--folder", "x", "--lang", "da"], 2),
        (["--out", "record.doc"], 2),
    ],
)
def test_what_does_not_go_together_is_refused(folder: Path, args: list[str], code: int) -> None:
    assert record(folder, *args).exit_code == code
