"""Exports as they come back from disks, mails and hands, and exports that could not be written.

Method: change an export in ways that no flipped bit makes (links, pipes, line ends, JSON that
Python takes for the same), and see both verifiers agree; write one where there is no room or no
right to, and look at what is left.
"""

from __future__ import annotations

import base64
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ombud.errors import LogBroken, WrongUse
from ombud.evidence import Checkpoints, Draft, verify_export, verify_store
from ombud.evidence.glance import glance
from ombud.evidence.note import sign
from ombud.store import Seal
from unit.evidence.exports import KEY, SCRIPT, Exported, independent, notes, signed_log
from unit.evidence.made import NOW


def said_by_the_script(folder: Path, vkey: str, *held: Path) -> tuple[int, str]:
    """Return with what the script ends, and what it says."""
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(folder), vkey, *map(str, held)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


# ------------------------------------------------------------------ what lies in the folder


def linked_file(folder: Path) -> None:
    (folder / "payloads").rename(folder.parent / "payloads")
    (folder / "payloads").symlink_to(folder.parent / "payloads")


def linked_folder(folder: Path) -> None:
    (folder / "tile" / "0").rename(folder.parent / "0")
    (folder / "tile" / "0").symlink_to(folder.parent / "0")


def pipe(folder: Path) -> None:
    (folder / "checkpoint").unlink()
    os.mkfifo(folder / "checkpoint")


def narrower_tile(folder: Path) -> None:
    (folder / "tile/0/000.p").mkdir()
    (folder / "tile/0/000.p/1").write_bytes(bytes(32))


def folder_for_a_file(folder: Path) -> None:
    (folder / "payloads").unlink()
    (folder / "payloads").mkdir()


ODD: dict[str, Callable[[Path], object]] = {
    "a-file-that-is-a-link": linked_file,
    "a-folder-that-is-a-link": linked_folder,
    "a-link-too-many": lambda folder: (folder / "more").symlink_to(folder.parent),
    "a-link-to-nowhere": lambda folder: (folder / "more").symlink_to(folder / "nowhere"),
    "a-pipe": pipe,
    "a-name-that-is-no-text": lambda folder: Path(os.fsdecode(b"%s/\xff" % bytes(folder))).touch(),
    "a-name-that-moves-the-cursor": lambda folder: (folder / "\x1b[2J").touch(),
    "a-name-in-capitals": lambda folder: (folder / "vkey").rename(folder / "VKEY"),
    "a-tile-of-another-width": narrower_tile,
    "a-folder-for-a-file": folder_for_a_file,
}


@pytest.mark.parametrize("change", ODD.values(), ids=ODD)
def test_what_is_no_part_of_an_export_is_refused(
    exported: Exported, folder: Path, change: Callable[[Path], object]
) -> None:
    change(folder)
    exported.refused_by_both(folder)
    with pytest.raises(LogBroken) as caught:
        verify_export(folder, [exported.vkey], workers=1)
    assert str(caught.value).isprintable()
    code, said = said_by_the_script(folder, exported.vkey)
    assert (code, said.startswith("does not verify: ")) == (1, True)


def test_an_empty_folder_says_nothing_and_breaks_nothing(exported: Exported, folder: Path) -> None:
    (folder / "tile" / "7").mkdir()
    exported.both_verify(folder)


@pytest.mark.parametrize(
    "name",
    ["checkpoint", "vkey", "payloads", "tile/entries/000", "tile/0/001", "tile/1/000.p/2"],
)
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda _: b"", id="no-bytes"),
        pytest.param(lambda content: content[: len(content) // 2], id="cut"),
        pytest.param(lambda content: content.replace(b"\n", b"\r\n") + b"\r\n", id="line-ends"),
        pytest.param(lambda content: b"\xef\xbb\xbf" + content, id="mark-of-utf-8"),
        pytest.param(lambda content: b"\xff\xff" + content, id="a-length-out-of-bounds"),
        pytest.param(lambda content: content + b"\0\0", id="an-entry-of-no-bytes"),
    ],
)
def test_a_file_that_came_back_otherwise_is_refused(
    exported: Exported, folder: Path, name: str, change: Callable[[bytes], bytes]
) -> None:
    (folder / name).write_bytes(change(exported.files[name]))
    exported.refused_by_both(folder)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b'{"entry":1,', b'{"entry":true,', id="true-for-one"),
        pytest.param(b'{"entry":1,', b'{"entry":1.0,', id="a-fraction"),
        pytest.param(b'","salt"', b'","more":1,"salt"', id="a-key-more-in-between"),
        pytest.param(b'"}\n', b'","zeal":1}\n', id="a-key-more-at-the-end"),
        pytest.param(b'{"entry":1,', b"[" * 100_000 + b'{"entry":1,', id="too-deep"),
        pytest.param(b'"name":"by"', b'"name":["by"]', id="a-name-that-is-a-list"),
    ],
)
def test_json_that_means_the_same_to_python_is_refused(
    exported: Exported, folder: Path, old: bytes, new: bytes
) -> None:
    assert old in exported.files["payloads"]
    (folder / "payloads").write_bytes(exported.files["payloads"].replace(old, new, 1))
    exported.refused_by_both(folder)


def test_an_export_on_a_disk_that_may_only_be_read(exported: Exported, folder: Path) -> None:
    """Neither verifier writes anything beside what it reads."""
    before = sorted(folder.parent.rglob("*"))
    for path in [*folder.rglob("*"), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    exported.both_verify(folder)
    assert said_by_the_script(folder, exported.vkey)[0] == 0
    assert sorted(folder.parent.rglob("*")) == before


# ------------------------------------------------------------------ keys and checkpoints


def vkey_of(kind: int, name: str, raw: bytes) -> str:
    """Return a vkey of any kind, with the id that belongs to it."""
    key = bytes([kind]) + raw
    key_id = sha256(f"{name}\n".encode() + key).digest()[:4].hex()
    return f"{name}+{key_id}+{base64.b64encode(key).decode()}"


@pytest.mark.parametrize(("kind", "length"), [(2, 32), (4, 32), (1, 31), (1, 33), (1, 0)])
def test_a_key_of_another_kind_is_refused(
    exported: Exported, folder: Path, kind: int, length: int
) -> None:
    """The type stands in the key: 1 is Ed25519; 2 (ECDSA) and 4 (a witness) are not the log's."""
    name, _, key = exported.vkey.split("+", 2)
    raw = base64.b64decode(key)[1:] + bytes(1)
    assert vkey_of(1, name, raw[:32]) == exported.vkey
    vkey = vkey_of(kind, name, raw[:length])
    (folder / "vkey").write_text(f"{vkey}\n")
    with pytest.raises(WrongUse, match="not a vkey"):
        verify_export(folder, [vkey])
    code, said = said_by_the_script(folder, vkey)
    assert (code, "not a vkey" in said) == (1, True)


def other_signature(text: str, name: str) -> str:
    """Return the line of another signer of the same text."""
    return sign(text, name, Ed25519PrivateKey.generate()).split("\n\n")[1]


@pytest.mark.parametrize(
    ("more", "good"),
    [
        pytest.param(lambda text, own: other_signature(text, "witness.example"), True, id="other"),
        pytest.param(lambda text, own: other_signature(text, own.split()[1]), True, id="same-name"),
        pytest.param(lambda text, own: own, True, id="twice"),
        pytest.param(lambda text, own: own[:-5] + "AAA=\n", False, id="ours-that-is-wrong"),
        pytest.param(lambda text, own: "— witness.example\n", False, id="no-signature"),
        pytest.param(lambda text, own: "- witness.example AAAAAAAA\n", False, id="a-hyphen"),
        pytest.param(lambda text, own: "— wit\rness AAAAAAAA\n", False, id="a-carriage-return"),
        pytest.param(lambda text, own: "— witness.example AAAAAAAB=\n", False, id="no-base64"),
    ],
)
def test_a_checkpoint_with_several_signatures(
    exported: Exported, folder: Path, more: Callable[[str, str], str], good: bool
) -> None:
    """Witnesses sign the log's checkpoint, too: theirs are passed over, and of ours each counts."""
    text, own = exported.files["checkpoint"].decode().split("\n\n")
    note = f"{text}\n\n{own}" + more(text + "\n", own)
    (folder / "checkpoint").write_bytes(note.encode())
    if good:
        exported.both_verify(folder)
    else:
        exported.refused_by_both(folder)


def test_a_held_checkpoint_that_a_mail_gave_the_line_ends_of_windows(
    exported: Exported, folder: Path, tmp_path: Path
) -> None:
    held = tmp_path / "held"
    held.write_bytes(exported.held[0].encode().replace(b"\n", b"\r\n"))
    code, said = said_by_the_script(folder, exported.vkey, held)
    assert (code, said.strip().endswith("checkpoints held that agree: 1")) == (0, True)


def test_checkpoints_of_both_keys_of_a_log_are_held_against_it(tmp_path: Path) -> None:
    log, checkpoints = signed_log(300)
    held = [checkpoints.sign_head(at=NOW)]
    old = checkpoints.vkey()
    checkpoints.new_key(at=NOW)
    held.append(checkpoints.sign_head(at=NOW))
    log.append([Draft("x", {})], at=NOW)
    checkpoints.export(tmp_path / "x", at=NOW)
    assert verify_export(tmp_path / "x", [old, checkpoints.vkey()], held=held).held == 2
    both = f"{old} {checkpoints.vkey()}"
    said = independent().verify(tmp_path / "x", both, notes(held))
    assert said.endswith("checkpoints held that agree: 2\n")
    for key in (old, checkpoints.vkey()):
        Exported({}, key, held).refused_by_both(tmp_path / "x")


# ------------------------------------------------------------------ the log where it lies


def test_a_log_that_was_given_another_name_is_refused() -> None:
    """Its name is signed with each head; under another one it would be another log."""
    log, checkpoints = signed_log(300)
    checkpoints.sign_head(at=NOW)
    with log.store.transaction() as tx:
        tx.exec_driver_sql("UPDATE log_state SET origin = 'ombud/log/ffffffffffffffff'")
    for refuse in (verify_store, glance):
        with pytest.raises(LogBroken):
            refuse(log)
    with pytest.raises(LogBroken, match="not a continuation"):
        checkpoints.sign_head(at=NOW)


def test_two_entries_that_say_to_be_the_only_one_are_found() -> None:
    """Somebody takes the index away and appends a step's proof a second time."""
    log, checkpoints = signed_log(3)
    log.append([Draft("done", {}, once="done:1")], at=NOW)
    with log.store.transaction() as tx:
        tx.exec_driver_sql("CREATE TABLE kept AS SELECT * FROM log_entries")
        tx.exec_driver_sql("DROP TABLE log_entries")
        tx.exec_driver_sql("ALTER TABLE kept RENAME TO log_entries")
        tx.exec_driver_sql("UPDATE log_entries SET once = 'hidden' WHERE idx = 3")
    log.append([Draft("done", {}, once="done:1")], at=NOW)
    with log.store.transaction() as tx:
        tx.exec_driver_sql("UPDATE log_entries SET once = 'done:1' WHERE idx = 3")
    checkpoints.sign_head(at=NOW)
    with pytest.raises(LogBroken, match="entry 4 has the `once` of another one"):
        verify_store(log)


# ------------------------------------------------------------------ exports that cannot be written


@pytest.fixture
def room() -> Iterator[Callable[[int], None]]:
    """Give what limits how long a file may become; writing on then fails as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handled = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handled)


@pytest.mark.parametrize("size", [0, 50, 400, 2000, 9000])
def test_an_export_that_finds_no_room_leaves_nothing(
    tmp_path: Path, room: Callable[[int], None], size: int
) -> None:
    """Entries, tiles, payloads or the checkpoint: whichever is cut off, nothing of it is left."""
    _, checkpoints = signed_log(600)
    room(size)
    with pytest.raises(WrongUse, match="cannot be written: File too large") as caught:
        checkpoints.export(tmp_path / "x", at=NOW)
    assert "room" in caught.value.help
    assert list(tmp_path.rglob("*")) == [tmp_path / "x"]
    room(resource.RLIM_INFINITY)
    checkpoints.export(tmp_path / "x", at=NOW)
    verify_export(tmp_path / "x", [checkpoints.vkey()])


def test_an_export_of_a_log_that_is_broken_leaves_nothing(tmp_path: Path) -> None:
    log, _ = signed_log(9000)
    with log.store.transaction() as tx:
        tx.exec_driver_sql("DELETE FROM log_entries WHERE idx = 7000")
    with pytest.raises(LogBroken, match="are missing"):
        Checkpoints(log, Seal(KEY, log.store.seal_salt())).export(tmp_path / "x", at=NOW)
    assert list((tmp_path / "x").iterdir()) == []
