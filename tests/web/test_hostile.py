"""Whatever a client sends, nothing leaks and the server stays up.

Method: send bytes that no browser would, over a socket, to a server in a process of its own; look
at what comes back, at what the server told its terminal, and whether it answers the next visitor.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from web.serving import Serving, club, publish, serving

HOST = b"Host: ombud.example\r\n"
LEAKS = re.compile(
    rb"Traceback|File \"|site-packages|\.py\b|/src/|/tmp/|/home/|root:|uvicorn|starlette|sqlite",
    re.IGNORECASE,
)
PATIENCE = """
from ombud.web import server
server._REQUEST_MAX_S = 2.0
from ombud.cli import main
main()
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = club(tmp_path_factory.mktemp("hostile") / "club")
    publish(folder)
    return folder


@pytest.fixture(scope="module")
def server(workspace: Path) -> Iterator[Serving]:
    """A server that must have told nothing but what it tells at its start."""
    with serving(workspace) as running:
        yield running
        assert running.stop() == 0
        assert len(running.told) == 2


def send(port: int, sent: bytes, *, ends: bool = False) -> bytes:
    """Send bytes; return all that comes back until the server closes.

    Args:
        ends: Say that nothing more will be sent.
    """
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        with suppress(OSError):  # it had enough
            connection.sendall(sent)
            if ends:
                connection.shutdown(socket.SHUT_WR)
        return rest(connection)


def rest(connection: socket.socket) -> bytes:
    """Return what comes until the server closes."""
    received = b""
    with suppress(ConnectionResetError):
        while part := connection.recv(65536):
            received += part
    return received


def get(path: bytes, *headers: bytes) -> bytes:
    """Return a request that asks to be the last of its connection."""
    sent = b"".join(each + b"\r\n" for each in headers)
    return b"GET " + path + b" HTTP/1.1\r\n" + HOST + sent + b"Connection: close\r\n\r\n"


def status(answer: bytes) -> int:
    """Return the status of an answer; 0: there was none."""
    found = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
    return int(found[1]) if found else 0


def is_well(server: Serving, answer: bytes) -> bool:
    return not LEAKS.search(answer) and server.ask("/nb/").status == 200


# ---------------------------------------------------------------- paths


@pytest.mark.parametrize(
    "path",
    [
        b"/../../../../etc/passwd",
        b"/static/../../../etc/passwd",
        b"/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        b"/%252e%252e/%252e%252e/etc/passwd",
        b"/..%2f..%2f..%2fetc%2fpasswd",
        b"/..%5c..%5cetc%5cpasswd",
        b"/..\\..\\etc\\passwd",
        b"/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd",
        b"/....//....//etc/passwd",
        b"//etc/passwd",
        b"/nb/../../policy.yaml",
        b"/policy.yaml",
        b"/.env",
        b"/ombud.db",
        b"/nb/index.html%00.txt",
        b"/%00",
        b"/nb/notice.txt%0d%0aX-Injected:%201",
        b"/%0a",
        b"/nb/%0a",
        b"/static/",
        b"/versions/",
        b"/versions/../ombud.db",
        b"/versions/9/nb.html",
        b"/<script>alert(1)</script>",
        b"/%ff%fe",
        b"/" + b"a/" * 4000,
        b"http://evil.example/",
    ],
)
def test_a_path_leads_to_the_site_or_nowhere(server: Serving, path: bytes) -> None:
    answer = send(server.port, get(path))
    assert status(answer) == 404
    assert b"X-Injected" not in answer
    assert b"<script" not in answer
    assert b"evil" not in answer
    assert is_well(server, answer)


@pytest.mark.parametrize("path", [b"/?" + b"a=b&" * 2000, b"/?next=//evil.example", b"/#x", b"/;a"])
def test_what_stands_behind_a_path_changes_nothing(server: Serving, path: bytes) -> None:
    answer = send(server.port, get(path))
    assert status(answer) in (200, 400, 404)
    assert b"evil" not in answer
    assert is_well(server, answer)


# ---------------------------------------------------------------- headers


@pytest.mark.parametrize(
    "header",
    [
        b"If-None-Match: \xff\xfe",
        b'If-None-Match: "',
        b"If-None-Match: " + b'"a",' * 2000,
        b"If-None-Match: W/W/W/\x22x",
        b"If-Modified-Since: yesterday",
        b"Range: bytes=0-0,5-1,-,9999999999-",
        b"Accept-Language: " + b",".join(b"x-%d;q=0.%d" % (i, i) for i in range(900)),
        b"Accept-Language: ;;;,,,q=,*;q=9,en;q=-1,\xc3\xa6",
        b"Accept-Language: ../../etc/passwd",
        b"Accept-Encoding: gzip;q=x, \x80",
        b"Accept-Encoding: " + b"gzip," * 2000,
        b"X-Forwarded-Host: evil.example",
        b"X-Forwarded-Proto: https",
        b"Forwarded: host=evil.example",
        b"X-Original-URL: /.env",
        b"Cookie: " + b"a" * 8000,
        b"Expect: 100-continue",
        b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eHg=",
        b"Upgrade: h2c",
        b"Content-Length: 5",
    ],
)
def test_a_header_that_makes_no_sense_is_passed_over(server: Serving, header: bytes) -> None:
    answer = send(server.port, get(b"/nb/", header))
    assert status(answer) == 200
    assert b"evil" not in answer
    assert is_well(server, answer)


@pytest.mark.parametrize("host", [b"evil.example", b"127.0.0.1:1", b"[::1", b"zz zz", b"", b"\xff"])
def test_a_strange_host_is_never_sent_back(server: Serving, host: bytes) -> None:
    for path in (b"/", b"/nb", b"/gone"):
        sent = b"GET " + path + b" HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n"
        answer = send(server.port, sent)
        assert status(answer) in (200, 308, 400, 404)
        assert not host.strip() or host not in answer
        assert is_well(server, answer)


# ---------------------------------------------------------------- what is no HTTP


@pytest.mark.parametrize(
    "sent",
    [
        # longer than what is read at once: a head that comes whole is answered, however long
        b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"".join(b"X%d: a\r\n" % i for i in range(9000)) + b"\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"X : y\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"X: a\x00b\r\n\r\n",
        b"GET / HTTP/x\r\n" + HOST + b"\r\n",
        b"GET /\r\n\r\n",
        b"GET\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x00" * 1000,
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0",
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\na",
        b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"",
        b"GET / HT",
    ],
)
def test_what_is_no_request_ends_its_connection(server: Serving, sent: bytes) -> None:
    answer = send(server.port, sent, ends=True)
    assert status(answer) in (0, 400, 404, 405, 505)
    assert is_well(server, answer)


def test_a_body_of_any_length_is_not_waited_for(server: Serving) -> None:
    sent = b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 99999999999\r\n\r\n" + b"a" * 1000
    answer = send(server.port, sent)
    assert status(answer) == 405
    assert is_well(server, answer)


def test_requests_of_one_connection_are_answered_in_their_order(server: Serving) -> None:
    one = b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n"
    answer = send(server.port, one * 20 + get(b"/gone"))
    assert answer.count(b"HTTP/1.1 200 OK") == 20
    assert answer.count(b"HTTP/1.1 404 Not Found") == 1


# ---------------------------------------------------------------- who takes too long


def never_reads(port: int) -> None:
    """Ask for more than the system holds for a connection, and take none of it."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(30)
        connection.connect(("127.0.0.1", port))
        while True:
            connection.sendall(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")


def test_who_takes_too_long_is_not_waited_for(workspace: Path) -> None:
    """Its patience is made short here, so that a test need not wait as long as a visitor may."""
    slow = (
        b"",
        b"GET / HTTP/1.1\r\nX: ",
        b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\nGET",
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 9\r\n\r\n1",
    )
    with serving(workspace, start=PATIENCE) as running, ExitStack() as opened:
        clients = [
            opened.enter_context(socket.create_connection(("127.0.0.1", running.port), timeout=30))
            for _ in slow
        ]
        for client, sent in zip(clients, slow, strict=True):
            client.sendall(sent)
        answers = [rest(client) for client in clients]
        assert [status(answer) for answer in answers] == [0, 0, 200, 405]
        with pytest.raises(OSError, match=r"reset|Broken pipe"):
            never_reads(running.port)
        assert running.ask("/").status == 200


def test_many_connections_that_say_nothing_leave_room_for_a_visitor(server: Serving) -> None:
    silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(300)]
    try:
        assert server.ask("/").status == 200
    finally:
        for each in silent:
            each.close()
