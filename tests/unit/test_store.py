"""Ombud's own database on SQLite: opening it, its locks and seals.

Method: files in a folder of the test's own; tests/contract has what every database must do and
what needs other processes.
"""

from __future__ import annotations

import os
import stat
import threading
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
    with pytest.raises(Stopped, match="could not be made"):
        open_store("sqlite:///no/ombud.db", create=True, workspace=tmp_path)


def test_the_file_is_nobody_elses(tmp_path: Path) -> None:
    """It will hold who asked for erasure."""
    store = open_store("sqlite:///ombud.db", create=True, workspace=tmp_path)
    Log(store).append([Draft("x", {})], at=datetime.now(UTC))
    for path in tmp_path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name
    store.close()


@pytest.mark.parametrize(
    "wrong", ["ombud.db", "mysql://root@localhost/x", "nonsense://x", "", "sqlite:", "mariadb://x"]
)
def test_a_url_of_something_else(wrong: str) -> None:
    with pytest.raises(WrongUse, match="OMBUD_DATABASE"):
        open_store(wrong, create=True)


def test_a_server_that_does_not_answer() -> None:
    with pytest.raises(Stopped, match="did not answer") as caught:
        open_store("postgresql://secret:word@127.0.0.1:1/x?connect_timeout=1", create=True)
    assert "word" not in str(caught.value) + caught.value.help


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
