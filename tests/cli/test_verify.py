"""`ombud verify` says whether the evidence is what the log signed, here and at an auditor's.

Method: let the log grow and be signed; change one character, cut off its end, take a file out of
an export; each must be found, in the workspace or from the export and the public key alone.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cli.desk import Desk, Said, a_desk

KEY = {"OMBUD_KEY": "a key for a test, long enough to seal with"}


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """The desk, with a signed log."""
    desk.ombud("status", env=KEY)
    desk.ombud("apply", desk.plan())
    desk.ombud("status", env=KEY)
    return desk


def in_log(desk: Desk, statement: str) -> None:
    """Change Ombud's own database."""
    with closing(sqlite3.connect(desk.folder / "ombud.db")) as database, database:
        database.execute(statement)


def exported(desk: Desk) -> tuple[Path, str]:
    """Write an export; return its folder and the public key."""
    folder = desk.folder.parent / "export"
    said = desk.ombud("verify", "--export", str(folder), "--json", env=KEY)
    return folder, str(said.json["key"])


def at_an_auditors(folder: Path, key: str) -> Said:
    """Verify an export where there is no workspace."""
    nowhere = Desk(folder.parent / "nowhere", folder.parent / "nothing.sqlite")
    return nowhere.ombud("verify", str(folder), "--key", key)


# ---------------------------------------------------------------- where the log lies


def test_a_log_that_nobody_touched_verifies(desk: Desk) -> None:
    said = desk.ombud("verify")
    assert said.code == 0
    assert said.out.startswith("verified: ")
    assert "2 signed heads" in said.out


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(
            "UPDATE log_entries SET entry = replace(entry, 'members', 'member5') WHERE idx = 0",
            id="an-entry-changed",
        ),
        pytest.param("DELETE FROM log_entries WHERE idx = 1", id="an-entry-gone"),
        pytest.param("DELETE FROM log_payloads", id="payloads-gone"),
    ],
)
def test_a_change_is_found(desk: Desk, statement: str) -> None:
    in_log(desk, statement)
    said = desk.ombud("verify")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("error: ")


def test_a_log_without_a_signature_is_said_to_have_none(desk: Desk) -> None:
    in_log(desk, "DELETE FROM log_checkpoints")
    said = desk.ombud("verify")
    assert (said.code, "nothing is signed yet" in said.out) == (0, True)


def test_what_is_not_signed_yet_is_said(desk: Desk) -> None:
    desk.ombud("status")
    assert "`ombud status` signs the rest" in desk.ombud("verify").out


# ---------------------------------------------------------------- an export


def test_an_export_verifies_offline_with_the_public_key_alone(desk: Desk) -> None:
    said = at_an_auditors(*exported(desk))
    assert (said.code, said.out.startswith("verified: ")) == (0, True)


def test_an_export_in_the_workspace_needs_no_key(desk: Desk) -> None:
    folder, _ = exported(desk)
    said = desk.ombud("verify", str(folder))
    assert (said.code, "with this workspace's own key" in said.out) == (0, True)


def test_the_export_holds_no_name_but_staffs_in_payloads(desk: Desk) -> None:
    folder, _ = exported(desk)
    text = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    assert not [word for word in (b"Ola", b"ola@", b"Kari") if word in text]
    assert b"Berit" in (folder / "payloads").read_bytes()


@pytest.mark.parametrize(
    "name", ["checkpoint", "payloads", "tile/entries/000.p/*", "tile/0/000.p/*"]
)
def test_a_changed_byte_is_found(desk: Desk, name: str) -> None:
    folder, key = exported(desk)
    [file] = folder.glob(name)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    said = at_an_auditors(folder, key)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("error: ")


def test_a_file_that_is_missing_is_found(desk: Desk) -> None:
    folder, key = exported(desk)
    (folder / "payloads").unlink()
    assert at_an_auditors(folder, key).code == 1


def test_the_key_of_another_log_does_not_verify(desk: Desk, tmp_path: Path) -> None:
    folder, _ = exported(desk)
    (tmp_path / "other").mkdir()
    other = a_desk(tmp_path / "other")
    other.ombud("init")
    other.ombud("status", env=KEY)
    _, key = exported(other)
    said = at_an_auditors(folder, key)
    assert (said.code, said.out) == (1, "")


def test_an_older_checkpoint_that_somebody_kept_must_be_its_beginning(desk: Desk) -> None:
    folder, key = exported(desk)
    kept = folder.parent / "kept.txt"
    kept.write_bytes((folder / "checkpoint").read_bytes())
    nowhere = Desk(folder.parent / "nowhere", folder.parent / "nothing.sqlite")
    said = nowhere.ombud("verify", str(folder), "--key", key, "--held", str(kept))
    assert (said.code, "1 signed head that you kept" in said.out) == (0, True)


# ---------------------------------------------------------------- wrong use


@pytest.mark.parametrize(
    ("call", "says"),
    [
        pytest.param(("nowhere",), "is not the folder of an export", id="no-folder"),
        pytest.param((".",), "no public key was given", id="no-key"),
        pytest.param((".", "--key", "short"), "not a vkey", id="no-vkey"),
        pytest.param(("--key", "x"), "`--key` is for an export", id="key-without-export"),
        pytest.param((".", "--export", "x"), "`--export` writes", id="both"),
    ],
)
def test_a_call_that_cannot_be_is_said(tmp_path: Path, call: tuple[str, ...], says: str) -> None:
    nowhere = Desk(tmp_path / "nowhere", tmp_path / "nothing.sqlite")
    said = nowhere.ombud("verify", *call)
    assert (said.code, says in said.err) == (2, True)


def test_an_export_needs_the_key_that_signs(desk: Desk) -> None:
    said = desk.ombud("verify", "--export", str(desk.folder.parent / "export"))
    assert (said.code, "`OMBUD_KEY` is not set" in said.err) == (2, True)


def test_a_folder_that_holds_something_is_not_written_to(desk: Desk) -> None:
    said = desk.ombud("verify", "--export", str(desk.folder), env=KEY)
    assert (said.code, "is not empty" in said.err) == (2, True)


# ---------------------------------------------------------------- keys, and what was kept elsewhere


def test_a_head_that_was_kept_and_lies_here_too_counts_once(desk: Desk) -> None:
    folder, _ = exported(desk)
    said = desk.ombud("verify", "--held", str(folder / "checkpoint"), "--json")
    assert said.json["checkpoints"] == desk.ombud("verify", "--json").json["checkpoints"]


def test_a_new_key_signs_from_now_on_and_the_old_one_verifies_what_it_signed(desk: Desk) -> None:
    _, old = exported(desk)
    lost = {"OMBUD_KEY": "another text, because the first one was lost"}
    assert "OMBUD_KEY" in desk.ombud("status", env=lost).err
    said = desk.ombud("verify", "--new-key", "--json", env=lost)
    assert said.code == 0, said.err
    assert desk.ombud("verify", "--json").json["keys"] == [old, said.json["key"]]
    assert desk.ombud("status", env=lost).err == ""
    target = desk.folder.parent / "later"
    assert desk.ombud("verify", "--export", str(target), env=lost).code == 0
    assert at_an_auditors(target, said.json["key"]).code == 0
    assert at_an_auditors(target, old).code == 1


def test_a_new_key_needs_its_text(desk: Desk) -> None:
    said = desk.ombud("verify", "--new-key")
    assert said.code == 2
    assert "OMBUD_KEY" in said.err


# ---------------------------------------------------------------- signed when something was done


@pytest.mark.parametrize("command", ["apply", "sweep"])
def test_what_was_done_is_signed_at_once(desk: Desk, command: str) -> None:
    desk.sql("INSERT INTO members VALUES (9, 'Ida', 'ida@example.org', NULL, '2020-01-01')")
    call = ("apply", desk.plan()) if command == "apply" else ("sweep",)
    assert desk.ombud(*call, env=KEY).code in (0, 3)
    said = desk.ombud("verify", "--json").json
    assert said["signed"] == said["entries"]


@pytest.mark.parametrize(
    ("key", "says"),
    [
        pytest.param(None, "OMBUD_KEY is not set", id="no-key"),
        pytest.param("a text that opens no key of this log, long", "OMBUD_KEY", id="another-key"),
    ],
)
def test_what_cannot_be_signed_is_noted_and_done_all_the_same(
    desk: Desk, key: str | None, says: str
) -> None:
    desk.sql("INSERT INTO members VALUES (9, 'Ida', 'ida@example.org', NULL, '2020-01-01')")
    said = desk.ombud("apply", desk.plan(), env={"OMBUD_KEY": key})
    assert said.code == 0
    assert said.err.startswith("note: ")
    assert says in said.err
    assert desk.sql("SELECT count(*) FROM members WHERE id = 9") == [(0,)]


# ---------------------------------------------------------------- a checkpoint to keep


def test_a_checkpoint_is_printed_as_it_is_to_be_kept(desk: Desk) -> None:
    desk.ombud("status")
    kept = desk.folder / "checkpoint"
    kept.write_text(desk.ombud("verify", "--checkpoint", env=KEY).out)
    desk.ombud("status", env=KEY)
    said = desk.ombud("verify", "--held", str(kept))
    assert (said.code, said.out.startswith("verified: ")) == (0, True)
    folder, key = exported(desk)
    assert desk.ombud("verify", str(folder), "--key", key, "--held", str(kept)).code == 0
    as_json = desk.ombud("verify", "--checkpoint", "--json", env=KEY).json
    assert (set(as_json), as_json["key"]) == ({"version", "checkpoint", "key"}, key)


def test_without_a_key_no_checkpoint_is_printed(desk: Desk) -> None:
    said = desk.ombud("verify", "--checkpoint")
    assert (said.code, said.out) == (2, "")
    assert "OMBUD_KEY" in said.err


@pytest.mark.parametrize("also", [("--new-key",), ("--export", "x")])
def test_one_call_does_one_thing(desk: Desk, also: tuple[str, ...]) -> None:
    said = desk.ombud("verify", "--checkpoint", *also, env=KEY)
    assert (said.code, "three calls" in said.err) == (2, True)
    assert not (desk.folder / "x").exists()
