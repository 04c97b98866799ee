"""Ombud's own database for tests: each is a copy of one that was made, tables and all, once.

Making the tables takes ten times as long as a copy. What a store does when it is made is tested in
unit/test_store.py and contract/test_store.py, with stores that are.
"""

from __future__ import annotations

import sqlite3
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import make_url

from ombud.store import Store, database, open_store


@cache
def _made() -> sqlite3.Connection:
    """Return an empty database of Ombud's, once for each process."""
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    with TemporaryDirectory() as folder:
        open_store(f"sqlite:///{folder}/ombud.db", create=True).close()
        made = sqlite3.connect(f"{folder}/ombud.db")
        made.backup(kept)
        made.close()
    return kept


def memory_store() -> Store:
    """Return an empty store in memory, as `open_store("sqlite://", create=True)` makes it."""
    engine = database._engine(make_url("sqlite://"))
    with engine.connect() as connection:
        driven = connection.connection.driver_connection
        assert isinstance(driven, sqlite3.Connection)
        _made().backup(driven)
    return Store(engine, None)


def file_store(folder: Path, name: str = "ombud.db") -> Store:
    """Return an empty store in a file of a folder, as `open_store` makes it."""
    copied = sqlite3.connect(folder / name)
    _made().backup(copied)
    copied.close()
    return open_store(f"sqlite:///{name}", create=False, workspace=folder)
