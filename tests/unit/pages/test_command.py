"""`ombud notice` as a person and a script meet it.

Method: call it in a workspace that holds a policy and nothing else, and look at files and words.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ombud.cli import root
from unit.pages.written import EXAMPLES

AS_OF = ["--as-of", "2026-11-24"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with the policy of the business agency."""
    (tmp_path / "policy.yaml").write_bytes(EXAMPLES[0].read_bytes())
    return tmp_path


def notice(folder: Path, *args: str) -> Result:
    return CliRunner().invoke(root, ["-C", str(folder), "notice", *AS_OF, *args])


def broken(folder: Path) -> None:
    """Make a policy that can be read and must not be published: it names a repealed act."""
    path = folder / "policy.yaml"
    text = path.read_text()
    path.write_text(text.replace("DK erhvervsfremmeloven § 14", "DK persondataloven § 6"))


def test_without_a_map_and_without_a_database_it_says_the_notice(folder: Path) -> None:
    done = notice(folder)
    assert done.exit_code == 0
    assert done.stdout.startswith("<!doctype html>")
    assert [path.name for path in folder.iterdir()] == ["policy.yaml"]


def test_the_format_is_the_one_that_the_file_ends_in(folder: Path) -> None:
    assert notice(folder, "--out", str(folder / "n.pdf")).exit_code == 0
    assert (folder / "n.pdf").read_bytes().startswith(b"%PDF-")
    assert notice(folder, "--out", str(folder / "n.md"), "--lang", "en").exit_code == 0
    assert (folder / "n.md").read_text().startswith("# Privacy notice")
    done = notice(folder, "--out", str(folder / "n.doc"))
    assert done.exit_code == 2
    assert "no format is known by the end of `n.doc`" in done.stderr


def test_a_site_is_written_whole_and_again(folder: Path) -> None:
    for _ in range(2):
        assert notice(folder, "--site", str(folder / "public")).exit_code == 0
    made = sorted(str(p.relative_to(folder / "public")) for p in (folder / "public").rglob("*.*"))
    assert made == [
        "da/index.html",
        "da/notice.md",
        "da/notice.pdf",
        "da/notice.txt",
        "en/index.html",
        "en/notice.md",
        "en/notice.pdf",
        "en/notice.txt",
        "index.html",
        "static/ombud.css",
    ]


def test_what_has_errors_is_not_published(folder: Path) -> None:
    broken(folder)
    done = notice(folder, "--site", str(folder / "public"))
    assert done.exit_code == 3
    assert "policy.yaml:" in done.stdout
    assert "error[" in done.stdout
    assert "so the notice is not published" in done.stderr
    assert "--draft" in done.stderr
    assert not (folder / "public").exists()


def test_a_draft_with_errors_is_marked_on_each_page(folder: Path) -> None:
    broken(folder)
    done = notice(folder, "--site", str(folder / "public"), "--draft")
    assert done.exit_code == 0
    assert "error[" in done.stderr
    pages = list((folder / "public").rglob("*.html"))
    assert len(pages) == 3
    assert all("Udkast" in p.read_text() or "Draft" in p.read_text() for p in pages)


def test_what_cannot_be_read_is_not_even_a_draft(folder: Path) -> None:
    (folder / "policy.yaml").write_text("organisation: {name: A}\n")
    done = notice(folder, "--draft")
    assert done.exit_code == 1
    assert "policy.yaml:1:" in done.stdout
    assert "<html" not in done.stdout


def test_a_missing_translation_is_told_with_its_place(folder: Path) -> None:
    path = folder / "policy.yaml"
    path.write_text(path.read_text().replace("{da: Bogføring, en: Bookkeeping}", "{da: Bogføring}"))
    done = notice(folder, "--lang", "en")
    assert done.exit_code == 0
    assert "has no text in `en`" in done.stderr
    assert "policy.yaml:" in done.stderr
    assert '<span lang="da">Bogføring</span>' in done.stdout


def test_a_language_that_is_not_published_is_refused(folder: Path) -> None:
    done = notice(folder, "--lang", "sv")
    assert done.exit_code == 2
    assert "add `sv` to `languages:`" in done.stderr


def test_the_reading_level_is_shown_for_each_language(folder: Path) -> None:
    done = notice(folder, "--lix")
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [["da", "LIX"], ["en", "LIX"]]
    told = json.loads(notice(folder, "--lix", "--json").stdout)
    assert [each["language"] for each in told["languages"]] == ["da", "en"]
    assert told["lix_max"] == 45
    assert all(each["lix"] < 45 for each in told["languages"])


@pytest.mark.parametrize(
    "args",
    [["--json"], ["--site", "x", "--lang", "da"], ["--site", "x", "--out", "y.html"]],
)
def test_what_does_not_go_together_is_refused(folder: Path, args: list[str]) -> None:
    assert notice(folder, *args).exit_code == 2


def test_where_nothing_can_be_written_it_says_so(folder: Path) -> None:
    done = notice(folder, "--out", str(folder / "policy.yaml" / "n.html"))
    assert done.exit_code == 2
    assert "cannot be written" in done.stderr
