"""Publishing makes versions that stay as they were, and what must not be published is not.

Method: call `ombud publish` in a workspace with Ombud's own database and no system in reach; change
the policy between calls, and look at the log, at the folder of the site and at what is printed.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ombud.app import open_log
from ombud.cli import publish, root
from ombud.cli.publishing import write_all
from ombud.evidence import Versions, verify_store
from ombud.pages.reading import text_read
from unit.pages.written import EXAMPLES

REPEALED = "NO LOV-1992-12-04-126 § 6"
INCLUSION = EXAMPLES[-1].parent  # it has a warning that somebody accepted


def call(folder: Path, *args: str) -> Result:
    return CliRunner().invoke(root, ["-C", str(folder), *args])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with the work-inclusion company's files and a new database."""
    monkeypatch.setenv("OMBUD_STAFF", "Berit")
    monkeypatch.delenv("OMBUD_DATABASE", raising=False)
    for name in ("policy.yaml", "systems.yaml", "decisions.yaml"):
        (tmp_path / name).write_bytes((INCLUSION / name).read_bytes())
    assert call(tmp_path, "init").exit_code == 0
    return tmp_path


def changed(folder: Path) -> None:
    path = folder / "policy.yaml"
    text = path.read_text()
    path.write_text(text.replace("for: 1 year, after: ordered", "for: 2 years, after: ordered"))
    assert path.read_text() != text


def published(folder: Path, *args: str) -> Result:
    done = call(folder, "publish", *args)
    assert done.exit_code == 0, done.output
    return done


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_version_has_a_number_a_date_and_a_digest(folder: Path) -> None:
    done = published(folder)
    assert re.fullmatch(r"published version 1 \([0-9a-f]{12}\) of \d{4}-\d\d-\d\d\n", done.stdout)
    told = json.loads(published(folder, "--list", "--json").stdout)
    [version] = told["versions"]
    assert (version["number"], version["languages"]) == (1, ["nb", "en"])
    assert version["accepted"] == ["N05"]
    assert {"i_purp", "i_ret", "i_src", "i_cmp"} <= set(version["tells"])


def test_what_says_the_same_is_no_new_version(folder: Path) -> None:
    published(folder)
    assert "nothing new: version 1" in published(folder).stdout
    path = folder / "policy.yaml"
    path.write_text("# a comment changes nothing\n" + path.read_text())
    assert "nothing new: version 1" in published(folder).stdout


def test_an_old_version_stays_as_it_was(folder: Path) -> None:
    published(folder, "--site", str(folder / "public"))
    before = tree(folder / "public" / "versions")
    changed(folder)
    published(folder, "--site", str(folder / "public"))
    after = tree(folder / "public" / "versions")
    assert set(after) == {"1/nb.html", "1/en.html", "2/nb.html", "2/en.html"}
    assert {path: after[path] for path in before} == before
    assert after["1/nb.html"] != after["2/nb.html"]
    shown = published(folder, "--show", "1", "--lang", "nb")
    assert shown.stdout.encode() == before["1/nb.html"]


def test_a_site_says_what_was_published_last_though_two_publish_at_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def another_comes_first(to: Path, make: Callable[[], Mapping[str, bytes]]) -> int:
        monkeypatch.setattr(publish, "write_all", write_all)
        changed(folder)
        published(folder, "--site", str(to))
        return write_all(to, make)

    monkeypatch.setattr(publish, "write_all", another_comes_first)
    published(folder, "--site", str(folder / "public"))
    after = tree(folder / "public")
    published(folder, "--site", str(folder / "again"))
    assert (folder / "again" / "versions" / "2").is_dir()
    assert after == tree(folder / "again")


def test_nobody_else_writes_a_site_meanwhile(tmp_path: Path) -> None:
    """Two that share the file beside which one is written could leave half a page."""

    def made() -> Mapping[str, bytes]:
        other = os.open(tmp_path / "public", os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(other)
        return {"index.html": b"<p>Rules</p>"}

    assert write_all(tmp_path / "public", made) == 1
    assert write_all(tmp_path / "public", made) == 1


def test_a_site_that_is_lost_is_written_again_as_it_was(folder: Path) -> None:
    published(folder, "--site", str(folder / "public"))
    changed(folder)
    published(folder, "--site", str(folder / "public"))
    published(folder, "--site", str(folder / "again"))
    assert tree(folder / "again") == tree(folder / "public")


def test_the_page_of_today_says_what_the_version_says(folder: Path) -> None:
    """Or the page that is read later would never be what was published."""
    published(folder, "--site", str(folder / "public"))
    for tag in ("nb", "en"):
        page = (folder / "public" / tag / "index.html").read_text()
        version = (folder / "public" / "versions" / "1" / f"{tag}.html").read_text()
        assert text_read(page) == text_read(version)


def test_every_page_leads_to_the_list_of_versions_and_it_to_each(folder: Path) -> None:
    published(folder, "--site", str(folder / "public"))
    changed(folder)
    published(folder, "--site", str(folder / "public"))
    for page in ("index.html", "nb/index.html", "en/index.html"):
        path = folder / "public" / page
        [to] = re.findall(r'href="([^"]*versions\.html)"', path.read_text())
        listed = (path.parent / to).resolve()
        found = re.findall(r'href="(\.\./versions/[^"]*)"', listed.read_text())
        assert len(found) == 2
        assert 'href="index.html"' in listed.read_text()
        assert '<nav class="contents"' not in listed.read_text()
        assert len(re.findall("<h[1-6]", listed.read_text())) == 1, "says once what it is"
        assert all((listed.parent / each).resolve().is_file() for each in found)


def test_a_published_page_that_somebody_changed_is_not_written_over(folder: Path) -> None:
    published(folder, "--site", str(folder / "public"))
    page = folder / "public" / "versions" / "1" / "nb.html"
    page.write_text(page.read_text().replace("Trollhegg", "Trollheim"))
    done = call(folder, "publish", "--site", str(folder / "public"))
    assert done.exit_code == 3
    assert "is not what was published" in done.stderr
    assert "Trollheim" in page.read_text()


def test_a_policy_with_errors_is_never_published(folder: Path) -> None:
    path = folder / "policy.yaml"
    path.write_text(path.read_text().replace("NO arbeidsmiljøloven § 10-7", REPEALED))
    done = call(folder, "publish", "--site", str(folder / "public"))
    assert done.exit_code == 3
    assert "there are 2 errors in the policy, so the notice is not published" in done.stderr
    assert not (folder / "public").exists()
    with open_log(folder) as (_, log):
        assert Versions(log).all() == []


def test_a_warning_that_waits_keeps_it_from_being_published(folder: Path) -> None:
    (folder / "decisions.yaml").unlink()
    done = call(folder, "publish")
    assert done.exit_code == 3
    assert "warning[N05]" in done.stdout
    assert "1 finding waits for a decision" in done.stderr
    with open_log(folder) as (_, log):
        assert Versions(log).all() == []


def test_a_decision_on_other_words_does_not_count(folder: Path) -> None:
    path = folder / "decisions.yaml"
    path.write_text(path.read_text().replace("does not say how", "says how"))
    assert call(folder, "publish").exit_code == 3


def test_who_published_and_what_can_be_erased_and_the_log_still_holds(folder: Path) -> None:
    published(folder)
    with open_log(folder) as (_, log):
        [version] = Versions(log).all()
        texts = {payload.name: payload.value for payload in log.payloads([version.entry])}
        assert texts["by"] == "Berit"
        assert log.erase_payload(version.entry, at=version.at) == 3
        verify_store(log)
        assert Versions(log).kept(version).pages == {}
    done = call(folder, "publish", "--show", "1")
    assert done.exit_code == 3
    assert "were erased" in done.stderr


def test_the_log_itself_says_nothing_of_people(folder: Path) -> None:
    published(folder)
    with open_log(folder) as (_, log):
        [version] = Versions(log).all()
        entry = log.entry(version.entry)
    assert "Berit" not in entry.text
    assert "Trollhegg" not in entry.text


@pytest.mark.parametrize("name", ["7", "abc", "zzzz"])
def test_a_version_that_is_not_there_is_unknown(folder: Path, name: str) -> None:
    published(folder)
    done = call(folder, "publish", "--show", name)
    assert done.exit_code == 2
    assert "published versions: 1" in done.stderr


def test_a_version_is_found_by_its_digest(folder: Path) -> None:
    digest = json.loads(published(folder, "--json").stdout)["published"]["digest"]
    assert published(folder, "--show", digest[:8]).stdout.startswith("<!doctype html>")


# ---------------------------------------------------------------- what is read on a page


@pytest.mark.parametrize(
    ("html", "read"),
    [
        ("<p>One <b>two</b>\n three</p>", "One two three"),
        ("<body><nav>Menu</nav><main><p>Text</p><nav>In</nav></main>Foot</body>", "Text"),
        ("<p>a</p><script>b</script><style>c</style><p hidden>d</p>", "a"),
        ("<p>caf\u0065\u0301 &amp; more</p>", "café & more"),
        ("<main><p>open<p>again", "open again"),
        ("", ""),
    ],
)
def test_text_is_read_as_a_person_reads_it(html: str, read: str) -> None:
    assert text_read(html) == read
