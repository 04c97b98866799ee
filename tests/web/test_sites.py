"""Which site is given out: that of the newest version, in the words in which it was published.

Method: publish in a workspace, then change what stands around it: the program's words, the format
of the policy, the database; call the app itself as a server calls it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ombud.app import open_log
from ombud.errors import Refused, Stopped
from ombud.evidence import Versions
from ombud.evidence.versions import Edition
from ombud.pages import MESSAGES, message, published
from ombud.pages.reading import text_read
from ombud.policy import parse_policy
from ombud.web import PublishedSites, Site, Sites, notice_app
from ombud.web.base.made import MEDIA, Made
from web.serving import club, publish

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return club(tmp_path)


@pytest.fixture
def versions(folder: Path) -> Iterator[Versions]:
    publish(folder)
    with open_log(folder) as (_, log):
        yield Versions(log)


def ask(sites: Sites, path: str = "/", **headers: str) -> tuple[int, str]:
    """Ask the app for a path; return status and body. What it raises afterwards is passed over."""
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(part: dict[str, object]) -> None:
        sent.append(part)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "root_path": "",
    }
    with suppress(ZeroDivisionError):  # a fault is given on, so that the terminal shows it
        asyncio.run(notice_app(sites)(scope, receive, send))
    return sent[0]["status"], b"".join(part.get("body", b"") for part in sent[1:]).decode()


# ---------------------------------------------------------------- what was published stays


def test_a_page_says_what_was_published_though_the_program_says_it_otherwise(
    folder: Path, versions: Versions
) -> None:
    other = (folder / "policy.yaml").read_text().replace("Ravnlia Idrettslag", "Ravnlia Turlag")
    policy = parse_policy(other, "policy.yaml", AT.date())
    found = published(versions, policy=policy)
    assert found is not None
    kept = versions.kept(found.version).pages
    assert found.files["en/index.html"]().decode() == kept["en"]
    assert found.files["index.html"]().decode() == kept["nb"]


def test_a_policy_that_this_program_cannot_read_is_given_as_it_was_published(
    versions: Versions,
) -> None:
    page = "<!doctype html><title>x</title><main>As it was</main>"
    said = {tag: text_read(page) for tag in ("nb", "en")}
    edition = Edition("0" * 64, "of: another time", AT.date(), dict.fromkeys(said, page), said)
    versions.publish(edition, by="Berit", at=AT)
    told: list[str] = []
    site = PublishedSites(versions, told.append).current()
    assert site.made("index.html").body.decode() == page
    assert site.made("en/index.html").body.decode() == page
    assert "versions/1/nb.html" in site
    assert "nb/notice.txt" not in site
    assert told[0].startswith("version 2 ")


def test_what_was_erased_altogether_is_as_if_it_were_not_published(versions: Versions) -> None:
    log = versions._log
    [version] = versions.all()
    sites = PublishedSites(versions, [].append)
    assert ask(sites)[0] == 200
    log.erase_payload(version.entry, at=AT)
    assert ask(sites)[0] == 503


# ---------------------------------------------------------------- a database that goes away


def test_a_database_that_goes_away_takes_no_page_with_it(folder: Path, versions: Versions) -> None:
    told: list[str] = []
    sites = PublishedSites(versions, told.append)
    assert ask(sites)[0] == 200
    with closing(sqlite3.connect(folder / "ombud.db")) as database:
        database.execute("ALTER TABLE log_entries RENAME TO gone")
        database.commit()
        assert ask(sites, "/en/")[0] == 200
        assert ask(sites, "/healthz")[0] == 200
        assert [line for line in told if "error" in line] == told[1:2]
        assert ask(PublishedSites(versions, told.append))[0] == 503
        database.execute("ALTER TABLE gone RENAME TO log_entries")
        database.commit()
    assert ask(sites)[0] == 200


class Broken:
    """A place for sites that has a fault of its own."""

    def __init__(self, fault: Exception) -> None:
        self.fault = fault

    def current(self) -> Site:
        raise self.fault


@pytest.mark.parametrize(
    ("fault", "status"),
    [(Stopped("the database `secret` is away"), 503), (ZeroDivisionError("secret"), 500)],
)
def test_a_fault_is_told_without_what_it_was(fault: Exception, status: int) -> None:
    code, page = ask(Broken(fault), accept_language="da")
    assert code == status
    assert "Noget gik galt hos os" in page
    assert "secret" not in page
    assert "Traceback" not in page


def test_a_file_that_cannot_be_made_is_told() -> None:
    """A PDF, for example, where a letter of it is in no font."""

    def cannot() -> bytes:
        raise Refused("a letter is in no font")

    class One:
        def current(self) -> Site:
            return Site({"nb/notice.pdf": cannot}, ("nb",))

    code, page = ask(One(), "/nb/notice.pdf")
    assert (code, "Noe gikk galt hos oss" in page) == (503, True)
    assert "font" not in text_read(page)


# ---------------------------------------------------------------- bodies


def test_a_file_is_made_once() -> None:
    made: list[int] = []

    def make() -> bytes:
        made.append(1)
        return b"x"

    site = Site({"index.html": make}, ("nb",))
    assert site.made("index.html") is site.made("index.html")
    assert made == [1]


def test_the_style_of_an_old_page_is_named_by_its_own_digest() -> None:
    old = Made(b"<style>a{}</style>", MEDIA["html"])
    other = Made(b"<style>b{}</style>", MEDIA["html"])
    assert "sha256-" in old.policy
    assert old.policy != other.policy
    assert "style-src 'self'" in Made(b"<p>", MEDIA["html"]).policy
    assert Made(b"x", MEDIA["txt"]).policy == "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize("kind", MESSAGES)
def test_a_message_is_a_whole_page(kind: str) -> None:
    page = message(kind, "nn", home="../")
    assert '<html lang="nn"' in page
    assert page.count("<h1") == 1
    assert '<a href="../">' in page
    assert "http://" not in text_read(page)
    assert "<script" not in page
