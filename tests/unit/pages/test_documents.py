"""Documents that the notice refers to are given out with it, versioned, and looked for on the web.

Method: a small workspace names two documents: one given out with the notice, one that stands
elsewhere on the web. A real web server on this machine gives them out, or does
what servers do when something is wrong; what is told, logged and proved is compared.
"""

from __future__ import annotations

import json
import os
import time
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Barrier, Event

import pytest
from click.testing import CliRunner, Result

from ombud.app import open_log
from ombud.cli import root
from ombud.connectors import page as pages
from ombud.connectors.page import read_web, same_address
from ombud.duties.documents import read_documents
from ombud.errors import PageUnread
from ombud.evidence import Versions
from ombud.evidence.verify_store import verify_store
from ombud.pages import published
from ombud.pages.edition import make_edition
from ombud.pages.reading import text_read
from ombud.policy import parse_policy
from ombud.web.sites import DraftSites
from unit.pages.test_live import served

POLICY = """\
organisation:
  name: Holme Erhverv A/S
  number: "12345674"
  country: DK
  languages: [da, en]
  contact: {{email: post@holme.example, address: "Torvet 1, 9999 Holme"}}
  rights: {{email: privacy@holme.example}}
subjects:
  guests: {{title: {{da: Gæster, en: Guests}}}}
clocks:
  left: {{da: gæsten er gået, en: the guest left}}
activities:
  visits:
    title: {{da: Besøg, en: Visits}}
    purpose:
      da: Vide, hvem der er i huset, hvis det brænder.
      en: Knowing who is in the house if there is a fire.
    about: guests
    data: [name]
    basis:
      legitimate_interests:
        interest: {{da: sikkerhed ved brand, en: safety in a fire}}
        assessed_on: 2026-01-10
    keep: {{for: 30 days, after: left}}
documents:
  pictures:
    title: {{da: Regler for billeder, en: Rules for pictures}}
    file: texts/pictures.{{lang}}.txt
  house:
    title: {{da: Husregler, en: House rules}}
    about: guests
    web: "{address}/house/{{lang}}/"
promises:
  - id: P-1
    says: {{da: Reglerne er her., en: The rules are here.}}
    proof: {{document: [pictures, house]}}
"""
SYSTEMS = "systems: {}\n"
ON = date(2026, 11, 24)
AT = datetime(2026, 12, 31, 12, tzinfo=UTC)


class Web(BaseHTTPRequestHandler):
    """Gives out what a test wants at each path: `(status, headers, body)`."""

    said: dict[str, tuple[int, dict[str, str], bytes]]
    folder: Path

    def do_GET(self) -> None:
        """Answer."""
        file = self.folder / self.path.lstrip("/")
        status, headers, body = self.said.get(self.path, (0, {}, b""))
        if not status and file.is_dir():
            file = file / "index.html"
        if not status:
            found = file.is_file()
            status, body = (200, file.read_bytes()) if found else (404, b"")
            headers = {"Content-Type": "text/html"} if file.suffix == ".html" else {}
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Office:
    """A workspace that was published, and the web server that gives it out."""

    def __init__(self, folder: Path, web: type[Web], address: str) -> None:
        self.folder = folder
        self.address = address
        self.web = web

    def call(self, *args: str) -> Result:
        """Call a command in the workspace."""
        return CliRunner().invoke(root, ["-C", str(self.folder), *args])

    def publish(self) -> Result:
        """Publish, and put the site where the server finds it."""
        return self.call("publish", "--site", str(self.web.folder))

    def answers(self, path: str, status: int, body: bytes = b"", **headers: str) -> None:
        """Let the server answer otherwise."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        self.web.said[path] = (status, told, body)

    def standing(self) -> tuple[str, set[str]]:
        """Return how the promise stands after a look, with the codes of its evidence."""
        [told] = json.loads(self.call("status", "--json").stdout)["promises"]
        return told["standing"], {each["code"] for each in told["evidence"]}


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    web = type("Here", (Web,), {"said": {}, "folder": tmp_path / "public"})
    folder = tmp_path / "work"
    (folder / "texts").mkdir(parents=True)
    for language in ("da", "en"):
        (folder / "texts" / f"pictures.{language}.txt").write_text(f"Rules in {language}\n")
    with served(web) as address:
        monkeypatch.setenv("OMBUD_NOTICE", f"{address}/{{lang}}/")
        (folder / "policy.yaml").write_text(POLICY.format(address=address))
        (folder / "systems.yaml").write_text(SYSTEMS)
        found = Office(folder, web, address)
        for language in ("da", "en"):
            found.answers(f"/house/{language}/", 200, b"<p>House</p>", Content_Type="text/html")
        monkeypatch.delenv("OMBUD_DATABASE", raising=False)
        assert found.call("init").exit_code == 0
        assert found.publish().exit_code == 0
        yield found


# ---------------------------------------------------------------- given out, and versioned


def test_the_notice_names_each_document_and_leads_to_it(office: Office) -> None:
    page = (office.web.folder / "da" / "index.html").read_text()
    assert '<dt><a href="pictures.txt">Regler for billeder</a></dt><dd>' in page
    assert f'<a href="{office.address}/house/da/">Husregler</a></dt><dd>' in page
    assert "Gælder for gæster" in page
    assert (office.web.folder / "da" / "pictures.txt").read_text() == "Rules in da\n"
    assert (
        '<a href="en/pictures.txt">'
        in (office.web.folder / "versions" / "1" / "en.html").read_text()
    )
    assert '<a href="da/pictures.txt">' in (office.web.folder / "index.html").read_text()


def test_a_document_that_changes_is_a_new_version_and_the_old_one_stays(office: Office) -> None:
    (office.folder / "texts" / "pictures.da.txt").write_text("New rules\n")
    assert office.standing() == ("not_kept", {"unpublished"})
    assert office.publish().stdout.startswith("published version 2 ")
    assert office.standing() == ("kept", {"published", "document"})
    there = {
        path: (office.web.folder / path).read_text()
        for path in ("da/pictures.txt", "versions/1/da/pictures.txt", "versions/2/da/pictures.txt")
    }
    assert [*there.values()] == ["New rules\n", "Rules in da\n", "New rules\n"]
    assert office.publish().stdout.startswith("nothing new: version 2 ")


def test_what_an_earlier_version_left_in_the_folder_is_named(office: Office) -> None:
    assert "no part of the site" not in office.publish().stderr
    policy = office.folder / "policy.yaml"
    text = policy.read_text()
    begin, end = text.index("  pictures:\n"), text.index("  house:\n")
    text = text[:begin] + text[end:].replace("[pictures, house]", "[house]")
    policy.write_text(text)
    told = office.publish().stderr
    assert told.count("is no part of the site any more") == 2
    assert (
        f"`da/pictures.txt` is no part of the site any more: remove it from {office.web.folder}"
        in told
    )
    (office.web.folder / "da" / "pictures.txt").unlink()
    assert "`da/pictures.txt`" not in office.publish().stderr


def test_a_version_holds_the_digest_of_each_document(office: Office) -> None:
    with open_log(office.folder) as (_, log):
        [entry] = log.entries("published")
    assert entry.body["documents"] == {
        f"{tag}/pictures.txt": sha256(f"Rules in {tag}\n".encode()).hexdigest()
        for tag in ("da", "en")
    }


def test_a_page_in_the_words_of_an_earlier_ombud_still_leads_to_its_documents(
    office: Office,
) -> None:
    source = (office.folder / "policy.yaml").read_text()
    policy = parse_policy(source, "policy.yaml", ON)
    given = read_documents(office.folder, policy)
    made = make_edition(policy, source, on=ON, documents=given)
    pages = {tag: page.replace("</main>", "<p>Then</p></main>") for tag, page in made.pages.items()}
    texts = {tag: text_read(page) for tag, page in pages.items()}
    with open_log(office.folder) as (_, log):
        versions = Versions(log)
        versions.publish(replace(made, pages=pages, texts=texts), by="Berit", at=AT)
        found = published(versions)
    assert found is not None
    for path, link in (("index.html", "da/pictures.txt"), ("en/index.html", "pictures.txt")):
        page = found.files[path]().decode()
        assert "<p>Then</p>" in page
        assert f'href="{link}"' in page


def test_a_document_can_be_erased_and_the_log_still_holds(office: Office) -> None:
    with open_log(office.folder) as (_, log):
        versions = Versions(log)
        [version] = versions.all()
        assert log.erase_payload(version.entry, name="documents", at=version.at) == 1
        verify_store(log)
        found = published(versions)
    assert found is not None
    assert not [path for path in found.files if path.endswith("pictures.txt")]


def test_a_draft_on_the_web_has_the_documents_as_they_are_now(office: Office) -> None:
    sites = DraftSites(office.folder, lambda: AT, [].append)
    text = office.folder / "texts" / "pictures.da.txt"
    assert sites.current().made("da/pictures.txt").body == b"Rules in da\n"
    text.write_text("New rules\n")
    os.utime(text, ns=(1, 1))
    assert sites.current().made("da/pictures.txt").body == b"New rules\n"
    assert sites.current() is sites.current(), "nothing has changed"
    text.unlink()
    assert "da/pictures.txt" not in sites.current()


def test_nothing_is_published_while_a_document_is_missing(office: Office) -> None:
    (office.folder / "texts" / "pictures.en.txt").unlink()
    accepted = office.call("check", "--draft-decisions").output
    assert "N07" in accepted
    filled = accepted.replace('by: "…"', "by: Berit").replace('because: "…"', "because: Later.")
    (office.folder / "decisions.yaml").write_text(filled)
    done = office.publish()
    assert done.exit_code == 3
    assert "document `pictures` is not there in `en`" in done.stderr
    assert "help: write `texts/pictures.en.txt`" in done.stderr


def test_a_document_that_is_too_long_is_not_published(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ombud.duties.documents.BYTES_MAX", 5)
    done = office.publish()
    assert done.exit_code == 3
    assert "document `pictures` is longer than 5 bytes" in done.stderr


def _link(text: Path, to: str) -> None:
    text.unlink()
    (text.parents[1] / ".env").write_text("OMBUD_KEY=made up\n")
    text.symlink_to(to)


def _folder(text: Path) -> None:
    text.unlink()
    text.mkdir()


UNFIT = [
    pytest.param(lambda text: text.unlink(), "not there in `en`", id="missing"),
    pytest.param(_folder, "not there in `en`", id="folder"),
    pytest.param(lambda text: _link(text, text.name), "cannot be read in `en`", id="circle"),
    pytest.param(lambda text: _link(text, "/etc/passwd"), "a link to something", id="outside"),
    pytest.param(lambda text: _link(text, "../.env"), "a link to something", id="a-secret"),
    pytest.param(lambda text: text.write_bytes(b" \n"), "empty in `en`", id="empty"),
    pytest.param(lambda text: text.write_bytes(BOM_UTF8), "empty in `en`", id="only-a-mark"),
    pytest.param(lambda text: text.write_bytes(b"bl\xe5b\xe6r"), "not UTF-8 in `en`", id="latin-1"),
]


@pytest.mark.parametrize(("spoil", "says"), UNFIT)
def test_what_people_could_not_read_is_not_published(
    spoil: Callable[[Path], None], says: str, office: Office
) -> None:
    spoil(office.folder / "texts" / "pictures.en.txt")
    done = office.publish()
    assert done.exit_code == 3
    assert done.stderr.startswith("error: document `pictures` ")
    assert says in done.stderr
    checked = office.call("check")
    assert "N07" in checked.stdout
    assert says in checked.stderr
    assert office.standing()[0] in ("kept", "not_kept"), "everything else is still measured"


def test_a_file_name_of_any_length_is_told_as_what_cannot_be_read(office: Office) -> None:
    policy = office.folder / "policy.yaml"
    policy.write_text(policy.read_text().replace("texts/pictures", f"texts/{'p' * 300}"))
    done = office.publish()
    assert (done.exit_code, done.stderr.partition(":")[0]) == (3, "error")
    told: list[str] = []
    sites = DraftSites(office.folder, lambda: AT, told.append)
    assert sites.current() is sites.current()
    assert ["cannot be read in" in each for each in told] == [True, True], "once in each language"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param(b"<html><script>alert(1)</script>", 3, id="a-page"),
        pytest.param(b"%PDF-1.7\n", 0, id="a-pdf"),
        pytest.param(b"\r\n%PDF-1.4\n", 0, id="after-a-line"),
    ],
)
def test_a_pdf_is_one(body: bytes, code: int, office: Office) -> None:
    policy = office.folder / "policy.yaml"
    policy.write_text(policy.read_text().replace("pictures.{lang}.txt", "pictures.pdf"))
    (office.folder / "texts" / "pictures.pdf").write_bytes(body)
    done = office.publish()
    assert (done.exit_code, "`pictures` is no PDF in `da`" in done.stderr) == (code, code == 3)


# ---------------------------------------------------------------- looked for on the web


def test_a_promise_is_kept_while_every_document_is_where_the_notice_says(office: Office) -> None:
    assert office.standing() == ("kept", {"published", "document"})
    done = office.call("publish", "--check")
    assert done.exit_code == 0
    assert "en  document `house` is where the notice says\n" in done.output


@pytest.mark.parametrize(
    ("path", "status", "body", "headers", "state"),
    [
        pytest.param("/house/en/", 404, b"", {}, "missing", id="gone"),
        pytest.param("/house/en/", 410, b"", {}, "missing", id="gone-for-ever"),
        pytest.param("/house/en/", 403, b"", {}, "refused", id="behind-a-login"),
        pytest.param("/house/en/", 500, b"", {}, "failing", id="server-error"),
        pytest.param("/house/en/", 200, b" \n", {}, "empty", id="empty"),
        pytest.param("/house/en/", 302, b"", {"Location": "/en/"}, "elsewhere", id="redirected"),
        pytest.param("/house/en/", 302, b"", {"Location": "/house/en/"}, "other", id="a-circle"),
        pytest.param("/da/pictures.txt", 200, b"Others", {}, "differs", id="changed"),
        pytest.param("/da/pictures.txt", 404, b"", {}, "missing", id="file-gone"),
    ],
)
def test_a_document_that_people_do_not_reach_breaks_the_promise(
    path: str,
    status: int,
    body: bytes,
    headers: dict[str, str],
    state: str,
    office: Office,
) -> None:
    office.answers(path, status, body, **headers)
    assert office.standing() == ("not_kept", {f"document_{state}"})
    done = office.call("publish", "--check")
    assert done.exit_code != 0
    assert "help: " in done.output
    del office.web.said[path]
    if path.startswith("/house"):
        office.answers(path, 200, b"<p>House</p>")
    assert office.standing()[0] == "kept"


def test_a_published_file_that_people_read_elsewhere_has_to_be_the_same_there(
    office: Office,
) -> None:
    policy = office.folder / "policy.yaml"
    at_home = "file: texts/pictures.{lang}.txt"
    elsewhere = f'{at_home}\n    web: "{office.address}/copy/{{lang}}.txt"'
    policy.write_text(policy.read_text().replace(at_home, elsewhere))
    for language in ("da", "en"):
        office.answers(f"/copy/{language}.txt", 200, f"Rules in {language}\n".encode())
    assert office.publish().exit_code == 0
    page = (office.web.folder / "en" / "index.html").read_text()
    assert f'<a href="{office.address}/copy/en.txt">Rules for pictures</a>' in page
    assert office.standing() == ("kept", {"published", "document"})
    office.answers("/copy/en.txt", 200, b"Other rules")
    assert office.standing() == ("not_kept", {"document_differs"})


def test_a_server_that_does_not_answer_proves_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert office.standing()[0] == "kept"
    policy = office.folder / "policy.yaml"
    with served(Web) as gone:
        pass
    lines = policy.read_text().replace('web: "http', f'web: "{gone}/', 1)
    policy.write_text(lines)
    assert office.publish().exit_code == 0
    word, codes = office.standing()
    assert (word, "document_unreached" in codes) == ("not_provable", True)
    done = office.call("publish", "--check")
    assert done.exit_code == 4
    assert "document `house` in `da` does not answer" in done.stderr


def test_documents_are_looked_for_at_once_so_that_slow_servers_cost_their_time_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    both, answer = Barrier(2, timeout=10), office.web.do_GET

    def waits_for_the_other(self: Web) -> None:
        if self.path.startswith("/house/"):
            both.wait()
        answer(self)

    monkeypatch.setattr(office.web, "do_GET", waits_for_the_other)
    assert office.standing() == ("kept", {"published", "document"})
    assert not both.broken


def test_where_the_notice_is_must_be_said_for_what_stands_beside_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OMBUD_NOTICE")
    assert office.standing() == ("not_provable", {"document_unseen"})


def test_a_password_in_the_address_of_the_notice_is_told_to_nobody(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read as anybody reads it, and stands in messages that go to everybody."""
    told = os.environ["OMBUD_NOTICE"]
    monkeypatch.setenv("OMBUD_NOTICE", told.replace("://", "://berit:secret@"))
    assert office.standing()[0] == "kept"
    office.answers("/da/pictures.txt", 404)
    done = office.call("publish", "--check")
    assert "document `pictures` is not there" in done.output
    before = office.folder / "before.yaml"
    policy = office.folder / "policy.yaml"
    before.write_text(policy.read_text().replace("for: 30 days", "for: 10 days"))
    drafted = office.call("changes", "before.yaml", "policy.yaml", "--message").output
    assert told.replace("{lang}", "en") in drafted
    assert "secret" not in done.output + done.stderr + drafted


def test_the_log_holds_digests_and_nothing_that_a_server_said(office: Office) -> None:
    office.answers("/house/da/", 200, b"Hemmeligt \x1b[31m", Content_Type="secret/\x1b[31m")
    office.answers("/house/en/", 404, b"Hemmeligt", X_Said="Hemmeligt")
    done = office.call("publish", "--check")
    assert "Hemmeligt" not in done.output + done.stderr
    assert "\x1b[31m" not in done.output + done.stderr
    with open_log(office.folder) as (_, log):
        assert not [entry for entry in log.entries() if "Hemmeligt" in entry.text]
        seen = [dict(entry.body) for entry in log.entries("document_seen", about="house.da")]
    digest = sha256(b"Hemmeligt \x1b[31m").hexdigest()
    assert seen == [
        {"document": "house", "language": "da", "state": "there", "version": 1, "found": digest}
    ]


def test_check_says_each_document_as_json(office: Office) -> None:
    office.answers("/house/da/", 404)
    told = json.loads(office.call("publish", "--check", "--json").stdout)["documents"]
    assert [(each["document"], each["language"], each["state"]) for each in told] == [
        ("pictures", "da", "there"),
        ("pictures", "en", "there"),
        ("house", "da", "missing"),
        ("house", "en", "there"),
    ]
    assert told[2]["failed"] == "document `house` in `da` answers 404"


# ---------------------------------------------------------------- never for ever


class Slow(BaseHTTPRequestHandler):
    """Sends a byte now and then: each answer comes in time, and the whole never."""

    def do_GET(self) -> None:
        """Answer, for as long as somebody listens."""
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b"x")
                self.wfile.flush()
                Event().wait(0.05)
        except OSError:
            pass

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def test_a_server_that_sends_a_byte_now_and_then_is_left_after_a_while() -> None:
    with served(Slow) as address:
        began = time.monotonic()
        with pytest.raises(PageUnread, match=r"does not answer in 0\.3 seconds") as raised:
            read_web(address, "the document", timeout_s=1, total_s=0.3)
        assert time.monotonic() - began < 3
    assert raised.value.why == "unreached"


def test_a_document_that_breaks_off_is_not_there(office: Office) -> None:
    office.answers("/house/da/", 200, b"The rules are", Content_Length="999")
    assert office.standing() == ("not_provable", {"document_unreached"})


def test_a_document_without_an_end_is_not_read_to_its_end(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "BYTES_MAX", 5000)
    office.answers("/house/da/", 200, b"x" * 5001)
    assert office.standing() == ("not_kept", {"document_other"})


@pytest.mark.parametrize("url", ["http://[x/", "http://", "https://a b/", "http://127.0.0.1:x/"])
def test_what_is_no_address_does_not_answer(url: str) -> None:
    with pytest.raises(PageUnread, match="the document does not answer"):
        read_web(url, "the document", total_s=5)


def test_an_address_may_have_letters_of_its_language(office: Office) -> None:
    office.answers("/r%C3%A5d/?for=b%C3%B8rn", 200, b"Advice")
    answer = read_web(f"{office.address}/råd/?for=børn", "the document")
    assert answer.body == b"Advice"
    assert same_address(f"{office.address}/råd/?for=børn", answer.url)


@pytest.mark.parametrize(
    ("named", "found", "same"),
    [
        ("http://example.org/rules", "https://www.example.org/rules/", True),
        ("https://example.org/", "https://example.org/index.html", True),
        ("https://example.org/r%C3%A5d", "https://example.org/råd", True),
        ("https://ærø.example/rules", "https://xn--r-3fa9c.example/rules", True),
        ("https://example.org/rules", "https://example.org/", False),
        ("https://example.org/rules", "https://example.org/login?next=/rules", False),
        ("https://example.org/rules", "https://example.invalid/rules", False),
        ("https://example.org/rules", "https://example.org:x/rules", False),
    ],
)
def test_what_counts_as_the_same_address(named: str, found: str, same: bool) -> None:
    assert same_address(named, found) is same
