"""`ombud serve` gives out what is published, byte for byte, and nothing else.

Method: serve a workspace in a process of its own, ask it as a browser would, and compare with what
`ombud publish --site` writes; publish, change and stop while it runs.
"""

from __future__ import annotations

import gzip
import re
import signal
import socket
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from ombud.app import now, open_log
from ombud.evidence import Versions
from ombud.pages import can_print
from ombud.pages.reading import text_read
from ombud.web import address_of, listen
from web.serving import Serving, call, change, club, publish, serving

LANGUAGES = ("nb", "da", "nn", "sv", "en")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The club, two versions of its notice published; `public` is its static site."""
    folder = club(tmp_path_factory.mktemp("served") / "club")
    publish(folder)
    change(folder)
    publish(folder, "--site", str(folder / "public"))
    return folder


@pytest.fixture(scope="module")
def server(workspace: Path) -> Iterator[Serving]:
    with serving(workspace) as running:
        yield running


# ---------------------------------------------------------------- what is given out


def test_every_file_is_byte_for_byte_that_of_the_static_site(
    workspace: Path, server: Serving
) -> None:
    public = workspace / "public"
    files = {str(p.relative_to(public)): p.read_bytes() for p in public.rglob("*") if p.is_file()}
    assert len(files) == 2 + 5 * (4 + can_print()) + 2 * 5
    assert {path: server.ask(f"/{path}").body for path in files} == files


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_folder_gives_its_page(workspace: Path, server: Serving, language: str) -> None:
    page = (workspace / "public" / language / "index.html").read_bytes()
    assert server.ask(f"/{language}/").body == page
    moved = server.ask(f"/{language}")
    assert (moved.status, moved.headers["location"]) == (308, f"{language}/")


@pytest.mark.parametrize(
    ("path", "media"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/da/notice.txt", "text/plain; charset=utf-8"),
        ("/da/notice.md", "text/markdown; charset=utf-8"),
        ("/static/ombud.css", "text/css; charset=utf-8"),
        ("/versions/1/da.html", "text/html; charset=utf-8"),
    ],
)
def test_a_file_says_what_it_is(server: Serving, path: str, media: str) -> None:
    said = server.ask(path)
    assert (said.status, said.headers["content-type"]) == (200, media)


@pytest.mark.parametrize("path", ["/", "/da/", "/da/notice.txt", "/versions/1/da.html", "/gone"])
def test_every_answer_says_what_a_browser_may_do(server: Serving, path: str) -> None:
    headers = server.ask(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert policy.endswith("frame-ancestors 'none'")
    assert "unsafe" not in policy
    assert "script" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers
    assert "set-cookie" not in headers
    assert "strict-transport-security" not in headers  # only who speaks https may promise it


@pytest.mark.parametrize("path", ["/versions/1/da.html", "/gone"])
def test_a_style_that_stands_in_a_page_is_allowed_by_its_digest(server: Serving, path: str) -> None:
    said = server.ask(path)
    [style] = re.findall(r"<style>(.*?)</style>", said.text, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in said.headers["content-security-policy"]


# ---------------------------------------------------------------- how it is given out


def test_a_page_that_somebody_has_is_not_sent_again(server: Serving) -> None:
    first = server.ask("/da/")
    assert first.headers["cache-control"] == "no-cache"
    again = server.ask("/da/", if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert server.ask("/en/", if_none_match=first.headers["etag"]).status == 200


def test_gzip_is_for_who_reads_it(server: Serving) -> None:
    plain, packed = server.ask("/da/"), server.ask("/da/", accept_encoding="br, gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert "content-encoding" not in plain.headers
    assert plain.headers["etag"] != packed.headers["etag"]
    assert "Accept-Encoding" in plain.headers["vary"]
    assert server.ask("/da/", accept_encoding="gzip;q=0").body == plain.body


def test_head_tells_what_get_would_send(server: Serving) -> None:
    for path in ("/", "/da/notice.txt", "/gone"):
        asked, told = server.ask(path), server.ask(path, "HEAD")
        assert told.body == b""
        assert told.headers["content-length"] == str(len(asked.body))
        assert told.status == asked.status


@pytest.mark.parametrize(
    ("header", "to"),
    [
        ("", None),
        ("nb-NO", None),
        ("de, fr", None),
        ("*", None),
        ("no", None),
        ("nn, en;q=0.8", "nn/"),
        ("de, en-GB;q=0.8, da;q=0.9", "da/"),
        ("EN", "en/"),
        ("sv;q=0, en;q=0.1", "en/"),
    ],
)
def test_the_front_page_leads_to_the_language_that_is_asked_for(
    server: Serving, header: str, to: str | None
) -> None:
    said = server.ask("/", accept_language=header)
    assert said.headers.get("location") == to
    assert said.status == (302 if to else 200)
    assert "Accept-Language" in said.headers["vary"]


def test_who_chose_a_language_stays_with_it(server: Serving) -> None:
    said = server.ask("/nb/", accept_language="en")
    assert (said.status, 'lang="nb"' in said.text) == (200, True)


# ---------------------------------------------------------------- what is not there


@pytest.mark.parametrize(
    ("path", "asked", "title"),
    [
        ("/gone", "", "Siden finnes ikke"),
        ("/gone", "sv", "Sidan finns inte"),
        ("/da/gone", "sv", "Siden findes ikke"),
        ("/en/notice", "", "There is no such page"),
    ],
)
def test_a_page_that_is_not_there_is_told_in_the_readers_language(
    server: Serving, path: str, asked: str, title: str
) -> None:
    said = server.ask(path, accept_language=asked)
    assert said.status == 404
    assert f">{title}</h1>" in said.text
    assert said.headers["cache-control"] == "no-store"
    [home] = re.findall(r'<a href="([./]+)">', said.text)
    assert home == ("../" * (path.count("/") - 1) or "./")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_nothing_can_be_sent(server: Serving, method: str) -> None:
    for path in ("/", "/healthz", "/gone"):
        said = server.ask(path, method)
        assert (said.status, said.headers["allow"]) == (405, "GET, HEAD")
        assert "This page can only be read" in said.text


def test_its_health_can_be_asked_for(server: Serving) -> None:
    said = server.ask("/healthz")
    assert (said.status, said.body) == (200, b"ok\n")
    assert said.headers["cache-control"] == "no-store"


# ---------------------------------------------------------------- while it runs


def test_nothing_is_there_until_something_is_published_and_then_at_once(tmp_path: Path) -> None:
    folder = club(tmp_path)
    with serving(folder) as running:
        assert running.told[0] == (
            f"nothing is published yet: `ombud -C {folder} publish` makes the first version"
        )
        said = running.ask("/da/")
        assert (said.status, said.headers["retry-after"]) == (503, "60")
        assert "Der er ikke udgivet noget endnu" in said.text
        assert running.ask("/healthz").status == 503
        publish(folder)
        first = running.ask("/nb/")
        assert first.status == 200
        change(folder)
        publish(folder)
        assert running.ask("/nb/", if_none_match=first.headers["etag"]).status == 200
        assert running.ask("/versions/2/nb.html").status == 200
        assert running.stop() == 0
        assert [line[:10] for line in running.told[2:]] == ["version 1 ", "version 2 "]


def test_what_was_erased_is_not_given_out_any_more(tmp_path: Path) -> None:
    folder = club(tmp_path)
    publish(folder)
    change(folder)
    publish(folder)
    with serving(folder) as running:
        assert running.ask("/versions/1/nb.html").status == 200
        with open_log(folder) as (_, log):
            log.erase_payload(Versions(log).all()[0].entry, at=now())
        assert running.ask("/versions/1/nb.html").status == 404
        assert running.ask("/nb/").status == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_when_it_is_told_to(workspace: Path, number: signal.Signals) -> None:
    with serving(workspace) as running:
        assert running.ask("/").status == 200
        assert running.stop(number) == 0


def test_nothing_is_written_about_visitors(workspace: Path) -> None:
    with serving(workspace) as running:
        running.ask("/da/", user_agent="Kari", referer="https://kari.example/")
        running.ask("/gone?who=kari", cookie="a=kari", x_forwarded_for="192.0.2.7")
        assert running.stop() == 0
        assert len(running.told) == 2
        assert running.told[0].startswith("version 2 (")
        assert running.told[1] == f"{running.url} is open; Ctrl-C closes it"


# ---------------------------------------------------------------- a draft


def test_a_draft_is_marked_and_follows_what_is_written(tmp_path: Path) -> None:
    folder = club(tmp_path)
    with serving(folder, "--draft") as running:
        said = running.ask("/en/")
        assert "<title>Draft – " in said.text
        assert said.headers["cache-control"] == "no-store"
        assert running.ask("/en/notice.txt").headers["x-robots-tag"] == "noindex"
        before = text_read(said.text)
        change(folder)
        after = text_read(running.ask("/en/").text)
        assert "2 years" in after
        assert after != before
        assert running.ask("/en/versions.html").status == 404
        written = (folder / "policy.yaml").read_text()
        (folder / "policy.yaml").write_text(written.replace("2 years", "two years"))
        broken = running.ask("/en/")
        assert (broken.status, "This draft cannot be shown" in broken.text) == (503, True)
        (folder / "policy.yaml").unlink()
        assert [running.ask("/en/").status for _ in range(2)] == [503, 503]
        (folder / "policy.yaml").write_text(written)
        assert text_read(running.ask("/en/").text) == after
        assert running.stop() == 0
        assert [line for line in running.told if "error[Y02]" in line]
        assert len([line for line in running.told if "there is no `policy.yaml`" in line]) == 1


def test_a_draft_needs_no_database(tmp_path: Path) -> None:
    folder = club(tmp_path)
    (folder / "ombud.db").unlink()
    with serving(folder, "--draft") as running:
        assert running.ask("/").status == 200


# ---------------------------------------------------------------- where it listens


def test_a_port_that_is_taken_is_told(workspace: Path) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        done = call(workspace, "serve", "--port", port)
    assert done.exit_code == 2
    assert f"error: port {port} is taken by another program\n  help: `--port 0`" in done.stderr


@pytest.mark.parametrize("host", ["192.0.2.1", "nobody.invalid"])
def test_an_address_of_another_machine_is_told(workspace: Path, host: str) -> None:
    done = call(workspace, "serve", "--host", host, "--port", "0")
    assert done.exit_code == 2
    assert f"error: `{host}` is no address of this machine\n  help: `--host" in done.stderr


def test_a_port_that_is_not_for_this_account_is_told(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may take any port, so the machine's refusal is put in its place."""

    def refuse(*args: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket, "create_server", refuse)
    done = call(workspace, "serve", "--port", "80")
    assert done.exit_code == 2
    assert "error: this account may not listen on port 80\n  help: take one" in done.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0"])  # noqa: S104  closed at once
def test_its_address_can_be_opened(host: str) -> None:
    with listen(host, 0) as listening:
        port = listening.getsockname()[1]
        with socket.create_connection((host, port), timeout=5):
            assert address_of(listening).endswith(f":{port}/")


def test_without_a_database_it_does_not_start(tmp_path: Path) -> None:
    folder = club(tmp_path)
    (folder / "ombud.db").unlink()
    done = call(folder, "serve", "--port", "0")
    assert done.exit_code == 3
    assert "Ombud's database `ombud.db` is not there" in done.stderr
