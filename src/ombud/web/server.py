"""How does a server listen, and stop? One process, on one address, that no client can hold up."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from ombud.errors import WrongUse

_REQUEST_MAX_S: Final = 20.0  # from the first byte a client could send to the last it has taken
_IDLE_MAX_S: Final = 5  # between two requests of a connection
_STOP_MAX_S: Final = 5  # for what is being given out when the server is told to stop
_HEAD_MAX: Final = 16_384  # bytes of a request's line and headers; browsers send some hundred
_CONNECTIONS_MAX: Final = 500  # at a time; more get 503. Below the usual 1,024 open files


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Args:
        port: 0: any that is free.

    Raises:
        WrongUse: It cannot listen there; nothing was opened.
    """
    try:
        [family, _, _, _, address] = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(address[:2], family=family)
    except socket.gaierror:
        raise _no_address(host) from None
    except OSError as failed:
        raise _cannot_listen(failed.errno, host, port) from None


def _cannot_listen(number: int | None, host: str, port: int) -> WrongUse:
    if number == errno.EADDRINUSE:
        return WrongUse(
            f"port {port} is taken by another program", help="`--port 0` takes one that is free"
        )
    if number in (errno.EACCES, errno.EPERM):
        return WrongUse(
            f"this account may not listen on port {port}",
            help="take one from 1024 on, `--port 8000` for example, behind a web server",
        )
    return _no_address(host)


def _no_address(host: str) -> WrongUse:
    return WrongUse(
        f"`{host}` is no address of this machine", help="`--host 127.0.0.1` is always one"
    )


def address_of(listening: socket.socket) -> str:
    """Return the address that a browser on this machine would open."""
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def run(app: Starlette, listening: socket.socket) -> None:
    """Answer requests until Ctrl-C or SIGTERM; what is under way is given out first."""
    with _stopping_is_fine():
        server_of(app).run(sockets=[listening])


def server_of(app: Starlette) -> uvicorn.Server:
    """Return the server of an app; it writes nothing about who asks for what."""
    config = uvicorn.Config(
        app,
        http=_Patient,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=_IDLE_MAX_S,
        timeout_graceful_shutdown=_STOP_MAX_S,
        h11_max_incomplete_event_size=_HEAD_MAX,
        limit_concurrency=_CONNECTIONS_MAX,
    )
    return uvicorn.Server(config)


@contextmanager
def _stopping_is_fine() -> Iterator[None]:
    """Let a signal that stopped the server end there: it gives it on once it has stopped."""
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    for each in before:
        signal.signal(each, lambda number, frame: None)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


class _Patient(H11Protocol):
    """A connection that ends when a client takes too long over a request or its answer.

    The server's own limit counts between two requests alone: somebody who sends a letter a minute,
    or never reads, would keep a connection for ever.
    """

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as the base has it
        super().connection_made(transport)
        self._begin()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._begin()

    def connection_lost(self, exc: Exception | None) -> None:
        self._let_be()
        super().connection_lost(exc)

    def _begin(self) -> None:
        self._let_be()
        if not self.transport.is_closing():
            self._late = self.loop.call_later(_REQUEST_MAX_S, self.transport.abort)

    def _let_be(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
