"""The page people read is compared with what was published, and promises rest on it.

Method: publish an example, serve its site by a real web server on this machine, change the page and
the server, and look at what is logged and how promises stand.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result

from ombud.app import open_log
from ombud.cli import root
from ombud.connectors import page
from ombud.connectors.page import read_page
from ombud.duties.notice import compare_pages, look_at_policy
from ombud.errors import PageUnread
from ombud.evidence import Log, Standing, Versions, shown, standings
from ombud.pages import publish as published_as
from ombud.policy import Policy, parse_policy
from ombud.policy.model import Promise, Proof
from ombud.store import open_store
from ombud.systems import parse_systems
from unit.pages.written import EXAMPLES

AGENCY = EXAMPLES[0].parent
SOURCE = (AGENCY / "policy.yaml").read_text()
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and writes nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    """Give the address of a web server on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answering(status: int, kind: str, body: bytes, **headers: str) -> type[BaseHTTPRequestHandler]:
    """Return a server that always answers the same."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Answers


# ---------------------------------------------------------------- reading a page


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html; charset=utf-8", "<p>Næstved</p>".encode()),
        ("text/html; charset=iso-8859-1", "<p>Næstved</p>".encode("iso-8859-1")),
        ("text/html", '<meta charset="windows-1252"><p>Næstved</p>'.encode("windows-1252")),
        ("text/html; charset=nonsense", "<p>Næstved</p>".encode()),
    ],
)
def test_a_page_is_read_in_its_own_letters(kind: str, body: bytes) -> None:
    with served(answering(200, kind, body)) as address:
        assert "<p>Næstved</p>" in read_page(address)


@pytest.mark.parametrize(
    ("status", "kind", "says"),
    [
        (404, "text/html", "answers 404"),
        (500, "text/html", "answers 500"),
        (200, "application/pdf", "not HTML"),
    ],
)
def test_what_is_no_page_is_not_taken_for_one(status: int, kind: str, says: str) -> None:
    with served(answering(status, kind, b"x")) as address, pytest.raises(PageUnread, match=says):
        read_page(address)


def test_a_page_without_an_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "BYTES_MAX", 100)
    with (
        served(answering(200, "text/html", b"x" * 101)) as address,
        pytest.raises(PageUnread, match="longer than 100"),
    ):
        read_page(address)


@pytest.mark.parametrize("to", ["file:///etc/hostname", "ftp://localhost/", "/again"])
def test_a_redirect_leads_nowhere_but_the_web_and_not_for_ever(to: str) -> None:
    with (
        served(answering(302, "text/html", b"", Location=to)) as address,
        pytest.raises(PageUnread),
    ):
        read_page(address)


@pytest.mark.parametrize("url", ["file:///etc/hostname", "/etc/hostname", "javascript:1", ""])
def test_only_the_web_is_read(url: str) -> None:
    with pytest.raises(PageUnread, match="does not begin with"):
        read_page(url)


def test_nobody_at_home_is_told_in_our_words() -> None:
    with served(answering(200, "text/html", b"")) as address:
        pass
    with pytest.raises(PageUnread, match="does not answer"):
        read_page(address)


# ---------------------------------------------------------------- the command


def call(folder: Path, *args: str) -> Result:
    return CliRunner().invoke(root, ["-C", str(folder), *args])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a published site."""
    monkeypatch.delenv("OMBUD_DATABASE", raising=False)
    for name in ("policy.yaml", "systems.yaml"):
        (tmp_path / name).write_bytes((AGENCY / name).read_bytes())
    assert call(tmp_path, "init").exit_code == 0
    assert call(tmp_path, "publish", "--site", str(tmp_path / "public")).exit_code == 0
    return tmp_path


@pytest.fixture
def address(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where the site is served."""
    with served(partial(Quiet, directory=str(folder / "public"))) as url:
        monkeypatch.setenv("OMBUD_NOTICE", f"{url}/{{lang}}/")
        yield url


def test_the_site_says_what_was_published(folder: Path, address: str) -> None:
    done = call(folder, "publish", "--check")
    assert done.exit_code == 0
    assert done.stdout == "da  says what version 1 says\nen  says what version 1 says\n"


def test_a_page_that_was_changed_is_seen_and_where(folder: Path, address: str) -> None:
    page = folder / "public" / "en" / "index.html"
    page.write_text(page.read_text().replace("3 years", "9 years", 1))
    done = call(folder, "publish", "--check")
    assert done.exit_code == 1
    assert "en  does not say what version 1 says" in done.stdout
    assert "[3] is now [9]" in done.stdout
    assert "da  says" in done.stdout
    told = json.loads(call(folder, "publish", "--check", "--json").stdout)
    assert [each["same"] for each in told["pages"]] == [True, False]


def test_a_sentence_that_was_slipped_in_is_seen(folder: Path, address: str) -> None:
    page = folder / "public" / "da" / "index.html"
    page.write_text(page.read_text().replace("</main>", "<p>Vi sælger gerne.</p></main>"))
    done = call(folder, "publish", "--check")
    assert done.exit_code == 1
    assert "Vi sælger gerne." in done.stdout


def test_layout_and_frame_do_not_count(folder: Path, address: str) -> None:
    page = folder / "public" / "da" / "index.html"
    text = page.read_text().replace("<main", "<header>Menu</header>\n\n<main")
    page.write_text(text.replace("</main>", "</main><footer>Kontakt</footer>").replace("> ", ">  "))
    assert call(folder, "publish", "--check").exit_code == 0


def test_a_page_that_is_gone_proves_nothing_and_is_not_logged(folder: Path, address: str) -> None:
    (folder / "public" / "en" / "index.html").unlink()
    (folder / "public" / "en").rename(folder / "public" / "away")
    done = call(folder, "publish", "--check")
    assert done.exit_code == 4
    assert "the notice's page answers 404" in done.stderr
    with open_log(folder) as (_, log):
        assert [entry.about for entry in log.entries("page_seen")] == ["da"]


def test_the_log_holds_digests_and_no_word_of_the_page(folder: Path, address: str) -> None:
    page = folder / "public" / "da" / "index.html"
    page.write_text(page.read_text().replace("</main>", "<p>Hemmeligt</p></main>"))
    call(folder, "publish", "--check")
    with open_log(folder) as (_, log):
        assert not [entry for entry in log.entries() if "Hemmeligt" in entry.text]


def test_without_an_address_it_says_what_to_set(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OMBUD_NOTICE", raising=False)
    done = call(folder, "publish", "--check")
    assert done.exit_code == 2
    assert "set `OMBUD_NOTICE`" in done.stderr


# ---------------------------------------------------------------- how promises stand


class Ledger:
    """A log in memory, and a policy whose one promise rests on gates."""

    def __init__(self) -> None:
        self.log = Log(open_store("sqlite://", create=True))
        self.source = SOURCE
        self.systems_text = (AGENCY / "systems.yaml").read_text()

    def policy(self, *gates: str) -> Policy:
        policy = parse_policy(self.source, "policy.yaml", NOW.date())
        where = next(iter(policy.promises.values())).where
        promise = Promise("P-1", where, {}, (Proof("gate", gates),))
        return replace(policy, promises={"P-1": promise})

    def publish(self, at: datetime = NOW) -> None:
        published_as(
            Versions(self.log),
            self.policy(),
            self.source,
            on=at.date(),
            accepted=(),
            by="Berit",
            at=at,
        )

    def at(self, now: datetime, *gates: str) -> Standing:
        policy = self.policy(*gates)
        systems = parse_systems(self.systems_text, "systems.yaml", policy)
        look_at_policy(self.log, policy, systems, at=now)
        return standings(policy, systems, shown(self.log, policy, systems, now), now)[0]


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


def codes(standing: Standing) -> set[str]:
    return {each.code for each in standing.evidence}


@pytest.mark.parametrize("gate", ["published", "live", "i_src", "i_cmp", "T09"])
def test_before_anything_is_published_nothing_is_provable(ledger: Ledger, gate: str) -> None:
    standing = ledger.at(NOW, gate)
    assert standing.standing == "not_provable"
    assert "not_published" in codes(standing)


@pytest.mark.parametrize("gate", ["published", "i_src", "i_cmp", "i_ret", "T09"])
def test_what_is_published_keeps_what_it_tells(ledger: Ledger, gate: str) -> None:
    ledger.publish()
    standing = ledger.at(NOW + timedelta(days=400), gate)
    assert (standing.standing, standing.since) == ("kept", NOW)


@pytest.mark.parametrize("gate", ["published", "i_src", "T09"])
def test_a_change_that_is_not_published_breaks_it_until_it_is(ledger: Ledger, gate: str) -> None:
    ledger.publish()
    ledger.source = SOURCE.replace(
        "keep: {for: 3 years, after: event_held}", "keep: {for: 2 years, after: event_held}"
    )
    assert ledger.source != SOURCE
    standing = ledger.at(NOW + timedelta(hours=1), gate)
    assert standing.standing == "not_kept"
    assert "unpublished" in codes(standing)
    ledger.publish(NOW + timedelta(hours=2))
    assert ledger.at(NOW + timedelta(hours=3), gate).standing == "kept"


def test_what_a_check_finds_breaks_the_promise_that_rests_on_it(ledger: Ledger) -> None:
    ledger.publish()
    ledger.source = SOURCE.replace("DK erhvervsfremmeloven § 14", "DK persondataloven § 6")
    assert "check_found" in codes(ledger.at(NOW, "B07"))
    assert "check_found" not in codes(ledger.at(NOW, "T09"))


def test_an_item_that_has_no_place_in_the_notice_is_not_told(ledger: Ledger) -> None:
    ledger.publish()
    standing = ledger.at(NOW, "i_auto")
    assert standing.standing == "not_kept"
    assert codes(standing) == {"untold"}


def test_an_address_without_its_note_is_told_as_one_would_say_it(ledger: Ledger) -> None:
    ledger.publish()
    standing = ledger.at(NOW, "noted")
    assert (standing.standing, codes(standing)) == ("not_kept", {"untold"})
    assert "version 1 has an e-mail address without its `note:` in a language" in {
        each.says for each in standing.evidence
    }


def test_a_gate_of_another_name_is_not_shown_yet(ledger: Ledger) -> None:
    ledger.publish()
    assert codes(ledger.at(NOW, "outgoing_mail_hides_recipients")) == {"not_yet"}


def test_a_live_page_counts_for_a_day_and_for_its_version(ledger: Ledger) -> None:
    ledger.publish()
    [version] = Versions(ledger.log).all()
    pages = dict(Versions(ledger.log).kept(version).pages)
    assert codes(ledger.at(NOW, "live")) == {"page_unseen"}
    compare_pages(ledger.log, "{lang}", at=NOW, read=pages.__getitem__)
    assert ledger.at(NOW + timedelta(hours=24), "live").standing == "kept"
    stale = ledger.at(NOW + timedelta(hours=25), "live")
    assert (stale.standing, codes(stale)) == ("not_provable", {"page_stale"})
    old = dict(pages)
    pages["da"] = pages["da"].replace("3 år", "9 år", 1)
    compare_pages(ledger.log, "{lang}", at=NOW + timedelta(hours=26), read=pages.__getitem__)
    assert ledger.at(NOW + timedelta(hours=27), "live").standing == "not_kept"
    compare_pages(ledger.log, "{lang}", at=NOW + timedelta(hours=28), read=old.__getitem__)
    assert ledger.at(NOW + timedelta(hours=29), "live").standing == "kept"
    ledger.source = SOURCE.replace(
        "keep: {for: 3 years, after: event_held}", "keep: {for: 2 years, after: event_held}"
    )
    ledger.publish(NOW + timedelta(hours=30))
    assert codes(ledger.at(NOW + timedelta(hours=31), "live")) == {"page_unseen"}
