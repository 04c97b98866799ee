"""Ombud's own database on SQLite: opening it, its locks and seals.

Method: files in a folder of the test's own; tests/contract has what every database must do and
what needs other processes.
"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from ombud.errors import NotSet, Refused, Stopped, WrongUse
from ombud.evidence import Draft, Log
from ombud.store import Seal, Store, development_key, open_store
from ombud.store.database import SCHEMA
from ombud.store.migrate import migrations

# ------------------------------------------------------------------ opening


def test_an_empty_file_where_a_database_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ombud.db").touch()
    with pytest.raises(Refused, match="is empty"):
        open_store("sqlite:///ombud.db", create=False, workspace=tmp_path)


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="is not there"):
        open_store("sqlite:///ombud.db", create=False, workspace=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "ombud.db").write_text("Kari, kari@example.org, a letter, not a database" * 50)
    with pytest.raises(Stopped, match="SQLITE_NOTADB"):
        open_store("sqlite:///ombud.db", create=False, workspace=tmp_path)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Stopped, match="could not be made") as caught:
        open_store("sqlite:///no/ombud.db", create=True, workspace=tmp_path)
    assert caught.value.help.startswith(f"make the folder `{tmp_path / 'no'}`, or")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        pytest.param("folder", "names `folder`, which is a folder", id="folder"),
        pytest.param("pipe", "names `pipe`, which is not a file", id="pipe"),
    ],
)
def test_something_that_is_no_file(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(WrongUse, match=f"OMBUD_DATABASE {says}"):
        open_store(f"sqlite:///{name}", create=True, workspace=tmp_path)


def test_a_name_too_long_for_a_file(tmp_path: Path) -> None:
    with pytest.raises(Stopped, match="cannot be looked for"):
        open_store(f"sqlite:///{'a' * 300}.db", create=True, workspace=tmp_path)


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder of somebody to whom permissions apply; root would pass all of them."""
    with tempfile.TemporaryDirectory() as name:
        folder, root = Path(name) / "folder", os.geteuid() == 0
        folder.mkdir()
        if root:
            Path(name).chmod(0o755)
            os.chown(folder, 65534, -1)
            os.seteuid(65534)
        yield folder
        folder.chmod(0o700)
        if root:
            os.seteuid(0)


@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "says"),
    [
        pytest.param(0o000, 0o600, "cannot be looked for: Permission denied", id="folder-closed"),
        pytest.param(0o700, 0o000, r"cannot be opened \(SQLITE_CANTOPEN\)", id="file-closed"),
        pytest.param(0o500, 0o400, r"did not take the change \(SQLITE_", id="read-only"),
    ],
)
def test_a_database_that_may_not_be_opened(
    shared: Path, folder_mode: int, file_mode: int, says: str
) -> None:
    (shared / "ombud.db").touch()
    (shared / "ombud.db").chmod(file_mode)
    shared.chmod(folder_mode)
    with pytest.raises(Stopped, match=says) as caught:
        open_store("sqlite:///ombud.db", create=True, workspace=shared)
    assert "make" in caught.value.help


def test_a_folder_in_which_nothing_may_be_made(shared: Path) -> None:
    shared.chmod(0o500)
    with pytest.raises(Stopped, match="could not be made: Permission denied") as caught:
        open_store("sqlite:///ombud.db", create=True, workspace=shared)
    assert "writable" in caught.value.help


FULL = """
import resource, sys
from pathlib import Path
from ombud.errors import Stopped
from ombud.store import open_store
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
try:
    open_store("sqlite:///ombud.db", create=True, workspace=Path(sys.argv[2]))
except Stopped as stopped:
    print(stopped, stopped.help, sep="\\n")
"""


@pytest.mark.parametrize(
    ("room", "code"),
    [
        pytest.param(0, "SQLITE_IOERR_WRITE", id="none"),
        pytest.param(8_192, "SQLITE_IOERR_SHMSIZE", id="for-a-page"),
        pytest.param(40_960, "SQLITE_IOERR_WRITE", id="for-half-of-it"),
    ],
)
def test_a_disk_that_is_full_when_the_database_is_made(
    tmp_path: Path, room: int, code: str
) -> None:
    """No half of a schema is left: with room again it is made as if for the first time."""
    command = [sys.executable, "-c", FULL, str(room), str(tmp_path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.splitlines() == [
        f"Ombud's own database did not take the change ({code})",
        "make room on the disk of Ombud's database, then call again",
    ]
    store = open_store("sqlite:///ombud.db", create=True, workspace=tmp_path)
    assert Log(store).head().size == 0
    store.close()


def test_the_file_is_nobody_elses(tmp_path: Path) -> None:
    """It will hold who asked for erasure."""
    store = open_store("sqlite:///ombud.db", create=True, workspace=tmp_path)
    Log(store).append([Draft("x", {})], at=datetime.now(UTC))
    for path in tmp_path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name
    store.close()


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param("ombud.db", id="a-file-name"),
        pytest.param("", id="empty"),
        pytest.param("sqlite:", id="half"),
        pytest.param("mysql://root:s3cret@localhost/x", id="mysql"),
        pytest.param("nonsense://s3cret", id="nonsense"),
        pytest.param("mariadb://s3cret", id="mariadb"),
        pytest.param("postgres://me:s3cret@host/x", id="postgres"),
        pytest.param("postgresql+psycopg2://me:s3cret@host/x", id="driver-not-there"),
        pytest.param("postgresql+asyncpg://me:s3cret@host/x", id="driver-of-another-kind"),
        pytest.param("postgresql+s3cret://me@host/x", id="driver-nobody-knows"),
        pytest.param("sqlite+aiosqlite:///ombud.db", id="driver-of-sqlite"),
        pytest.param("postgresql://me:s3cret@host:port/x", id="port-no-number"),
        pytest.param("postgresql://me:s3cret@host:1:2/x", id="two-ports"),
        pytest.param("postgresql://me:s3%00cret@host/x", id="nul-in-password"),
        pytest.param("sqlite:///om%00bud.db", id="nul-in-file"),
        pytest.param("sqlite://s3cret/ombud.db", id="two-slashes"),
        pytest.param("sqlite:///ombud.db?s3cret=1", id="option-of-sqlite"),
        pytest.param("sqlite:///file:ombud.db?mode=ro&uri=true", id="sqlites-own-url"),
        pytest.param("postgresql://me@host/x?nonsense=s3cret", id="option-unknown"),
        pytest.param("postgresql://me@host/x?s3cret=1", id="option-that-is-a-value"),
        pytest.param("postgresql://me@host/x?host=a,b&port=1,s3cret", id="option-no-number"),
    ],
)
def test_a_url_that_cannot_be_right(tmp_path: Path, wrong: str) -> None:
    """No part of it is told: where the colon slips, the password is what looks like a port."""
    with pytest.raises(WrongUse, match="OMBUD_DATABASE") as caught:
        open_store(wrong, create=True, workspace=tmp_path)
    assert "s3" not in str(caught.value) + caught.value.help
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_does_not_answer() -> None:
    with pytest.raises(Stopped, match="did not answer") as caught:
        open_store("postgresql://secret:word@127.0.0.1:1/x?connect_timeout=1", create=True)
    said = str(caught.value) + caught.value.help
    assert ("OMBUD_DATABASE" in said, "word" in said.replace("password", "")) == (True, False)


@pytest.mark.parametrize(
    "option", ["sslmode=s3cret", "connect_timeout=s3cret", "channel_binding=s3cret"]
)
def test_an_option_that_the_driver_refuses_when_it_connects(option: str) -> None:
    with pytest.raises(Stopped, match="did not answer") as caught:
        open_store(f"postgresql://me@127.0.0.1:1/x?{option}", create=True)
    assert "s3cret" not in str(caught.value) + caught.value.help


def test_the_newest_migration_is_the_one_the_store_asks_for() -> None:
    assert ScriptDirectory.from_config(migrations()).get_current_head() == SCHEMA


# ------------------------------------------------------------------ the lock of a system


def taken_by_a_thread(store: Store, system: str) -> bool:
    """Tell whether another thread cannot have the system."""
    found: list[bool] = []

    def attempt() -> None:
        try:
            with store.system_lock(system, timeout_s=0):
                found.append(False)
        except Stopped as stopped:
            assert f"`{system}`" in str(stopped)
            found.append(True)

    thread = threading.Thread(target=attempt)
    thread.start()
    thread.join()
    return found[0]


def test_a_store_in_memory_has_locks_too() -> None:
    store = open_store("sqlite://", create=True)
    with store.system_lock("crm", timeout_s=0), store.system_lock("crm", timeout_s=0):
        assert taken_by_a_thread(store, "crm")
    assert not taken_by_a_thread(store, "crm")


def test_a_forked_child_does_not_hold_what_its_parent_held(tmp_path: Path) -> None:
    store = open_store("sqlite:///o.db", create=True, workspace=tmp_path)
    read, write = os.pipe()
    born, bear = os.pipe()
    with store.system_lock("crm", timeout_s=0):
        child = os.fork()
        if child == 0:
            os.write(bear, b"x")
            os.read(read, 1)  # stays alive until the parent has looked
            os._exit(0)
        os.read(born, 1)  # what it inherited is closed before its first line
    assert not taken_by_a_thread(store, "crm")
    os.write(write, b"x")
    os.waitpid(child, 0)
    for end in (read, write, born, bear):
        os.close(end)
    store.close()


# ------------------------------------------------------------------ seals

KEY = "k" * 32
SALT = b"\x01" * 16


def test_a_seal_opens_what_it_closed() -> None:
    sealed = Seal(KEY, SALT).close(b"secret", "log key")
    assert b"secret" not in sealed
    assert Seal(KEY, SALT).open(sealed, "log key") == b"secret"
    assert sealed != Seal(KEY, SALT).close(b"secret", "log key")


@pytest.mark.parametrize(
    ("key", "salt", "about"),
    [("x" * 32, SALT, "a"), (KEY, b"\x02" * 16, "a"), (KEY, SALT, "b")],
    ids=["another-key", "another-database", "another-purpose"],
)
def test_nothing_else_opens_it(key: str, salt: bytes, about: str) -> None:
    sealed = Seal(KEY, SALT).close(b"secret", "a")
    with pytest.raises(Refused, match="OMBUD_KEY"):
        Seal(key, salt).open(sealed, about)


@pytest.mark.parametrize("at", [0, 1, 12, 13, -1])
def test_a_damaged_seal_does_not_open(at: int) -> None:
    sealed = bytearray(Seal(KEY, SALT).close(b"secret", "a"))
    sealed[at] ^= 1
    with pytest.raises(Refused):
        Seal(KEY, SALT).open(bytes(sealed), "a")
    with pytest.raises(Refused):
        Seal(KEY, SALT).open(b"", "a")


@pytest.mark.parametrize("key", [None, "", "short", "k" * 31])
def test_a_missing_or_short_key_is_told_with_what_to_do(key: str | None) -> None:
    with pytest.raises(NotSet, match="OMBUD_KEY") as caught:
        Seal(key, SALT)
    assert "openssl rand" in caught.value.help


def test_the_key_for_trying_is_made_once_and_private(tmp_path: Path) -> None:
    key = development_key(tmp_path)
    assert development_key(tmp_path) == key
    assert [path.name for path in tmp_path.iterdir()] == ["ombud.key"]
    assert stat.S_IMODE((tmp_path / "ombud.key").stat().st_mode) == 0o600
    Seal(key, SALT)
