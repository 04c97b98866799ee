"""`ombud init` starts a workspace, overwrites nothing, and keeps an address out of the map.

Method: start workspaces in empty and in used folders, from live databases and from none; run
`check` on what came out; compare every file before and after a refusal.
"""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from cli.desk import Desk


@pytest.fixture
def empty(tmp_path: Path, desk: Desk) -> Desk:
    """A desk whose workspace is not there yet, with the club's database beside it."""
    return Desk(tmp_path / "new", desk.file)


def files(desk: Desk) -> dict[str, bytes]:
    """Return every file of the workspace but Ombud's own database."""
    there = desk.folder.iterdir() if desk.folder.exists() else ()
    return {f.name: f.read_bytes() for f in there if f.is_file() and "ombud.db" not in f.name}


def test_a_new_workspace_is_in_order(empty: Desk) -> None:
    said = empty.ombud("init", "--name", "Holme Erhverv")
    assert said.code == 0
    assert set(files(empty)) == {"policy.yaml", "systems.yaml", ".gitignore"}
    assert empty.ombud("check").code == 0
    assert "Holme Erhverv" in (empty.folder / "policy.yaml").read_text()


def test_the_first_check_asks_for_what_the_policy_has_a_line_for(empty: Desk) -> None:
    """A person goes through the lines that say `check`; then nothing is left to warn of."""
    empty.ombud("init", "--name", "Holme Erhverv")
    assert "no `number`, `address`" in empty.ombud("check").out
    policy = empty.folder / "policy.yaml"
    text = policy.read_text().replace("00000000", "12345674").replace("# address:", "address:")
    policy.write_text(text)
    assert "0 errors, 0 warnings" in empty.ombud("check").out


def test_ombuds_own_database_is_made(empty: Desk) -> None:
    empty.ombud("init")
    assert empty.ombud("sweep").code == 0, "a sweep never makes one"


def test_what_comes_next_is_said(empty: Desk) -> None:
    assert "next: ombud check, then ombud bind, then ombud plan\n" in empty.ombud("init").out


@pytest.mark.parametrize("country", ["DK", "NO", "SE", "FI", "IS"])
def test_each_country_has_a_policy_to_begin_with(empty: Desk, country: str) -> None:
    empty.ombud("init", "--country", country.lower())
    said = empty.ombud("check")
    assert (said.code, ": error[" in said.out) == (0, False)
    assert f'country: "{country}"' in (empty.folder / "policy.yaml").read_text()


def test_a_country_that_is_not_known_is_refused(empty: Desk) -> None:
    said = empty.ombud("init", "--country", "DE")
    assert (said.code, empty.folder.exists()) == (2, False)


# ---------------------------------------------------------------- from a live database


def test_a_map_is_drafted_from_a_live_database(empty: Desk) -> None:
    said = empty.ombud("init", "--from", f"sqlite:///{empty.file}", "--country", "NO")
    assert said.code == 0
    assert "email: email" in (empty.folder / "systems.yaml").read_text()
    assert empty.ombud("check").code == 0
    assert empty.ombud("bind", env={"CLUB_URL": None}).code == 1, "there is more to say of it"


def test_the_address_is_in_env_for_its_owner_alone_and_nowhere_else(empty: Desk) -> None:
    url = f"sqlite:///{empty.file}"
    said = empty.ombud("init", "--from", url)
    found = files(empty)
    assert found[".env"].decode() == f"CLUB_URL={url}\n"
    assert stat.S_IMODE((empty.folder / ".env").stat().st_mode) == 0o600
    assert b".env\n" in found[".gitignore"]
    assert "${CLUB_URL}" in found["systems.yaml"].decode()
    others = b"".join(text for name, text in found.items() if name != ".env")
    assert str(empty.file) not in others.decode() + said.out + said.err


def test_a_relative_file_is_found_from_everywhere(
    empty: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(empty.file.parent)
    empty.ombud("init", "--from", f"sqlite:///{empty.file.name}")
    assert files(empty)[".env"].decode() == f"CLUB_URL=sqlite:///{empty.file}\n"


def test_an_env_file_that_is_there_is_added_to(empty: Desk) -> None:
    empty.folder.mkdir()
    (empty.folder / ".env").write_text("OTHER=1")
    assert empty.ombud("init", "--from", f"sqlite:///{empty.file}").code == 0
    assert (empty.folder / ".env").read_text().startswith("OTHER=1\nCLUB_URL=")


def test_a_map_is_drafted_for_a_policy_that_is_there(empty: Desk, desk: Desk) -> None:
    empty.folder.mkdir()
    policy = (desk.folder / "policy.yaml").read_bytes()
    (empty.folder / "policy.yaml").write_bytes(policy)
    assert empty.ombud("init", "--from", f"sqlite:///{empty.file}").code == 0
    assert files(empty)["policy.yaml"] == policy
    assert "#  membership:" in files(empty)["systems.yaml"].decode()


def test_tables_of_another_schema_are_drafted_on_request(empty: Desk, postgres_url: str) -> None:
    """A server often keeps an application's tables in a schema of its own."""
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as database:
        database.execute('CREATE SCHEMA "Øst"')
        database.execute('CREATE TABLE "Øst".kunder (id int PRIMARY KEY, email text)')
    said = empty.ombud("init", "--from", postgres_url)
    assert (said.code, "no table in `public`" in said.err) == (3, True)
    assert "`--schema NAME`" in said.err
    assert not empty.folder.exists()
    assert empty.ombud("init", "--from", postgres_url, "--schema", "Vest").code == 3
    assert empty.ombud("init", "--from", postgres_url, "--schema", "Øst").code == 0
    assert "      kunder:\n        schema: Øst\n" in files(empty)["systems.yaml"].decode()


# ---------------------------------------------------------------- what is refused


def test_a_workspace_that_is_there_is_left_alone(desk: Desk) -> None:
    before = files(desk)
    for more in ((), ("--from", f"sqlite:///{desk.file}")):
        said = desk.ombud("init", *more)
        assert (said.code, "nothing was changed" in said.err) == (3, True)
    assert files(desk) == before


def test_a_workspace_whose_database_is_lost_gets_a_new_one_on_request(desk: Desk) -> None:
    """The refusal of every other command names this one; holds and decisions are gone."""
    (desk.folder / "ombud.db").unlink()
    assert "`ombud init` makes a new one" in desk.ombud("sweep").err
    before = files(desk)
    said = desk.ombud("init")
    assert (said.code, "knows nothing of holds" in said.out) == (0, True)
    assert {n: text for n, text in files(desk).items() if n in before} == before


def test_a_setting_that_is_there_is_not_overwritten(empty: Desk) -> None:
    empty.folder.mkdir()
    (empty.folder / ".env").write_text("CLUB_URL=mine\n")
    said = empty.ombud("init", "--from", f"sqlite:///{empty.file}")
    assert (said.code, "has `CLUB_URL` already" in said.err) == (3, True)
    assert set(files(empty)) == {".env"}


@pytest.mark.parametrize(
    ("url", "code", "says"),
    [
        pytest.param("club", 2, "no address of a database", id="word"),
        pytest.param("", 2, "no address of a database", id="empty"),
        pytest.param("club:secret@host/club", 2, "no address of a database", id="no-kind"),
        pytest.param("sqlite:////nowhere/club.sqlite", 4, "has no such file", id="file"),
        pytest.param("oracle://u:secret@h/club", 4, "driver is not installed", id="driver"),
        pytest.param(
            "carrier+pigeon://u:secret@h/x",
            4,
            "of a kind that no installed driver speaks",
            id="kind",
        ),
        pytest.param("postgresql://u:secret@h:port/x", 4, "not one of a database", id="port"),
        pytest.param("postgresql://u:secret@127.0.0.1:9/x", 4, "does not answer", id="nobody"),
        pytest.param("mysql://u:secret@127.0.0.1:9/x", 4, "does not answer", id="nobody-mysql"),
    ],
)
def test_an_address_that_leads_nowhere_makes_nothing(
    empty: Desk, url: str, code: int, says: str
) -> None:
    said = empty.ombud("init", "--from", url)
    assert (said.code, says in said.err) == (code, True)
    assert "secret" not in said.err
    assert not empty.folder.exists()


def test_a_file_that_is_no_database_makes_nothing(empty: Desk) -> None:
    empty.file.write_text("Kari, Ola " * 100)
    said = empty.ombud("init", "--from", f"sqlite:///{empty.file}")
    assert (said.code, "is not a SQLite database" in said.err) == (4, True)
    assert "Kari" not in said.err
    assert not empty.folder.exists()


def test_a_wrong_path_leaves_no_empty_database_behind(empty: Desk) -> None:
    wrong = empty.file.with_name("club.sqlit")
    empty.ombud("init", "--from", f"sqlite:///{wrong}")
    assert not wrong.exists()
    with closing(sqlite3.connect(empty.file)) as database:
        assert database.execute("SELECT count(*) FROM members").fetchone() == (2,)
