"""The signed head, its proofs, the export, and both verifiers.

Method: sign logs of sizes around whole tiles; verify good exports with Ombud's verifier and with
the independent one; change an export in every way that somebody could, and see both refuse it.
"""

from __future__ import annotations

import base64
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ombud.errors import LogBroken, NotSet, OmbudError, Refused, Unknown, WrongUse
from ombud.evidence import Checkpoints, Draft, verify_export, verify_store
from ombud.evidence.merkle import is_consistent, leaf_hash, root_from_inclusion, root_of
from ombud.evidence.note import Checkpoint, PublicKey, checkpoint_of, opened
from ombud.evidence.tiles import Tile
from ombud.store import Seal
from unit.evidence.exports import SCRIPT, Exported, independent, notes, signed_log
from unit.evidence.made import NOW

# ------------------------------------------------------------------ notes

# The example of Go's sumdb/note package, with which signed notes began.
EXAMPLE_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
EXAMPLE_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
EXAMPLE = (
    EXAMPLE_TEXT + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2p"
    "ZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_the_example_of_signed_notes_opens() -> None:
    key = PublicKey.parse(EXAMPLE_KEY)
    assert str(key) == EXAMPLE_KEY
    assert opened(EXAMPLE, [key]) == EXAMPLE_TEXT


def test_every_flipped_bit_of_a_note_is_found() -> None:
    key = PublicKey.parse(EXAMPLE_KEY)
    raw = EXAMPLE.encode()
    for bit in range(len(raw) * 8):
        flipped = bytearray(raw)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises((LogBroken, UnicodeDecodeError)):
            opened(flipped.decode(), [key])


def test_signatures_of_others_are_passed_over() -> None:
    key = PublicKey.parse(EXAMPLE_KEY)
    witness = "— witness.example mJirIgAAAAA=\n"
    assert opened(EXAMPLE + witness, [key]) == EXAMPLE_TEXT
    with pytest.raises(LogBroken, match="not signed by the key"):
        opened(f"{EXAMPLE_TEXT}\n{witness}", [key])


@pytest.mark.parametrize(
    "note",
    ["", "\n\n", "text\n", "text\n\n", EXAMPLE[:-1], EXAMPLE + "\n", EXAMPLE + "x\n",
     EXAMPLE.replace("\n", "\r\n"), EXAMPLE.replace("— ", "- ")],
)  # fmt: skip
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(LogBroken):
        opened(note, [PublicKey.parse(EXAMPLE_KEY)])


@pytest.mark.parametrize(
    "vkey",
    ["", "x", "a+b+c", EXAMPLE_KEY[:-1], EXAMPLE_KEY.replace("c74f", "c74e"),
     EXAMPLE_KEY.replace("Peter", "Petra"), EXAMPLE_KEY.replace("+ARp", "+AhpB")],
)  # fmt: skip
def test_what_is_no_vkey_is_refused(vkey: str) -> None:
    with pytest.raises(WrongUse, match="not a vkey"):
        PublicKey.parse(vkey)


@pytest.mark.parametrize(
    "text",
    ["", "o\n", "o\n1\n", "o\n01\nAAAA\n", "o\n-1\nAAAA\n", "o\n1\nAAAA\n",
     "\n1\n" + base64.b64encode(b"x" * 32).decode() + "\n"],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(LogBroken):
        Checkpoint.parse(text)


# ------------------------------------------------------------------ signing


@pytest.mark.parametrize("size", [0, 1, 256, 300])
def test_the_head_is_signed_with_the_logs_own_key(size: int) -> None:
    log, checkpoints = signed_log(size)
    note = checkpoints.sign_head(at=NOW)
    key = PublicKey.parse(checkpoints.vkey())
    found = checkpoint_of(note, [key])
    assert (found.origin, found.size, found.root) == (key.name, size, log.head().root)
    assert note.split("\n")[:3] == [key.name, str(size), base64.b64encode(found.root).decode()]


def test_the_same_head_is_signed_once() -> None:
    log, checkpoints = signed_log(3)
    assert checkpoints.sign_head(at=NOW) == checkpoints.sign_head(at=NOW)
    log.append([Draft("x", {})], at=NOW)
    checkpoints.sign_head(at=NOW)
    assert [Checkpoint.parse(note).size for note in checkpoints.notes()] == [3, 4]
    last = checkpoints.last()
    assert last is not None
    assert last.size == 4


def test_without_a_key_nothing_is_signed_and_all_else_works() -> None:
    log, checkpoints = signed_log(3)
    with pytest.raises(NotSet, match="OMBUD_KEY"):
        Checkpoints(log, None).sign_head(at=NOW)
    with pytest.raises(Unknown, match="no key yet"):
        Checkpoints(log, None).vkey()
    checkpoints.sign_head(at=NOW)
    assert Checkpoints(log, None).vkey() == checkpoints.vkey()
    assert verify_store(log).checkpoints == 1


def test_another_key_does_not_sign() -> None:
    log, checkpoints = signed_log(3)
    checkpoints.sign_head(at=NOW)
    with pytest.raises(Refused, match="OMBUD_KEY"):
        Checkpoints(log, Seal("x" * 40, log.store.seal_salt())).sign_head(at=NOW)


def test_a_new_key_after_a_lost_one(tmp_path: Path) -> None:
    log, checkpoints = signed_log(3)
    old_note, old = checkpoints.sign_head(at=NOW), checkpoints.vkey()
    again = Checkpoints(log, Seal("x" * 40, log.store.seal_salt()))
    new = again.new_key(at=NOW)
    assert (new == again.vkey(), new == old, again.vkeys()) == (True, False, [old, new])
    assert [entry.body["vkey"] for entry in log.entries("key_changed")] == [new]
    again.export(tmp_path / "x", at=NOW)
    verify_export(tmp_path / "x", [old, new], held=[old_note])
    with pytest.raises(LogBroken, match="not signed by the key"):
        verify_export(tmp_path / "x", [old])
    assert verify_store(log).checkpoints == 2


FORKS = {
    "changed": "UPDATE log_entries SET entry = replace(entry, '280', '281') WHERE idx = 280",
    "cut-off": "UPDATE log_state SET size = 256, frontier = (SELECT hash FROM log_nodes)",
    "grown-again": "DELETE FROM log_entries WHERE idx >= 256",
}


@pytest.mark.parametrize("fork", FORKS.values(), ids=FORKS)
def test_a_log_that_is_no_continuation_is_not_signed(fork: str) -> None:
    log, checkpoints = signed_log(300)
    checkpoints.sign_head(at=NOW)
    with log.store.transaction() as tx:
        tx.exec_driver_sql(fork)
        if fork == FORKS["grown-again"]:
            tx.exec_driver_sql(FORKS["cut-off"])
    if fork != FORKS["cut-off"]:
        log.append([Draft("x", {})] * 90, at=NOW)
    with pytest.raises(LogBroken, match="not a continuation"):
        checkpoints.sign_head(at=NOW)


# ------------------------------------------------------------------ proofs


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 700])
def test_proofs_are_those_of_the_tree(size: int) -> None:
    log, checkpoints = signed_log(size)
    leaves = [leaf_hash(entry.text.encode()) for entry in log.entries()]
    for index in {0, 1, size // 2, size - 1} & set(range(size)):
        path = checkpoints.inclusion(index, size)
        assert root_from_inclusion(leaves[index], index, size, path) == log.head().root
    for old in {0, 1, size // 2, min(256, size), size}:
        path = checkpoints.consistency(old, size)
        assert is_consistent(old, root_of(leaves[:old]), size, log.head().root, path)


def test_no_proof_of_what_is_not_there() -> None:
    _, checkpoints = signed_log(3)
    for index, size in ((3, 3), (-1, 3), (0, 4)):
        with pytest.raises(WrongUse):
            checkpoints.inclusion(index, size)
    for old, size in ((3, 2), (-1, 3), (0, 4)):
        with pytest.raises(WrongUse):
            checkpoints.consistency(old, size)


def test_a_proof_to_hand_out() -> None:
    log, checkpoints = signed_log(300)
    lines = checkpoints.proof_of(7, at=NOW).split("\n")
    end = lines.index("")
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 7"]
    head = checkpoint_of("\n".join(lines[end + 1 :]), [PublicKey.parse(checkpoints.vkey())])
    path = [base64.b64decode(line) for line in lines[2:end]]
    leaf = leaf_hash(log.entry(7).text.encode())
    assert root_from_inclusion(leaf, 7, head.size, path) == head.root


# ------------------------------------------------------------------ exports


@pytest.mark.parametrize(
    ("number", "width", "path"),
    [
        (0, 256, "tile/0/000"),
        (999, 256, "tile/0/999"),
        (1000, 256, "tile/0/x001/000"),
        (1234067, 256, "tile/0/x001/x234/067"),
        (5, 7, "tile/0/005.p/7"),
    ],
)
def test_where_tiles_lie(number: int, width: int, path: str) -> None:
    assert Tile(0, number, width).path == path
    assert independent().path(0, number, width) == path


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 512, 1500])
def test_an_export_verifies_with_and_without_ombud(tmp_path: Path, size: int) -> None:
    log, checkpoints = signed_log(size)
    held = [checkpoints.sign_head(at=NOW)]
    if size > 100:
        log.erase_payload(51, at=NOW)
        log.erase_payload(101, at=NOW, name="by")
    checkpoints.export(tmp_path / "x", at=NOW)
    found = verify_export(tmp_path / "x", [checkpoints.vkey()], held=held)
    assert (found.checkpoint.size, found.held) == (log.head().size, 1)
    assert found.erased == (3 if size > 100 else 0)
    said = independent().verify(tmp_path / "x", checkpoints.vkey(), notes(held))
    assert said.startswith(f"{log.head().size} entr")
    assert f"of {log.head().origin} verif" in said


def test_an_export_goes_only_to_an_empty_folder(tmp_path: Path) -> None:
    log, checkpoints = signed_log(3)
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "other").touch()
    with pytest.raises(WrongUse, match="not empty"):
        checkpoints.export(tmp_path / "x", at=NOW)
    with pytest.raises(WrongUse, match="cannot be written"):
        checkpoints.export(tmp_path / "x" / "other", at=NOW)
    with pytest.raises(NotSet):
        Checkpoints(log, None).export(tmp_path / "y", at=NOW)


def test_an_auditor_runs_the_script_with_nothing_but_python(tmp_path: Path) -> None:
    log, checkpoints = signed_log(300)
    held = tmp_path / "held"
    held.write_bytes(checkpoints.sign_head(at=NOW).encode())
    log.append([Draft("x", {})], at=NOW)
    checkpoints.export(tmp_path / "x", at=NOW)
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(tmp_path / "x"), checkpoints.vkey()]
    good = subprocess.run([*command, str(held)], capture_output=True, text=True, check=False)
    assert (good.returncode, good.stderr) == (0, "")
    assert "301 entries" in good.stdout
    gone = [sys.executable, "-I", "-S", str(SCRIPT), str(tmp_path / "y"), checkpoints.vkey()]
    missing = subprocess.run(gone, capture_output=True, text=True, check=False)
    assert (missing.returncode, missing.stdout) == (2, "")
    assert missing.stderr == f"nothing was verified: there is no {tmp_path / 'y'}\n"
    (tmp_path / "x" / "payloads").write_bytes(b"")
    bad = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (bad.returncode, bad.stdout) == (1, "")
    assert "does not verify" in bad.stderr


# ------------------------------------------------------------------ exports that were changed


def test_the_unchanged_export_verifies(exported: Exported, folder: Path) -> None:
    assert verify_export(folder, [exported.vkey], held=exported.held).held == 2
    independent().verify(folder, exported.vkey, notes(exported.held))


def swapped(content: bytes) -> bytes:
    """Return a bundle with its first two entries in the other order."""
    first = 2 + int.from_bytes(content[:2])
    second = first + 2 + int.from_bytes(content[first : first + 2])
    return content[first:second] + content[:first] + content[second:]


def without_a_line(content: bytes) -> bytes:
    return b"".join(content.splitlines(keepends=True)[1:])


CHANGED: dict[str, tuple[str, Callable[[bytes], bytes | None]]] = {
    "a-file-gone": ("tile/entries/001", lambda _: None),
    "a-tile-gone": ("tile/1/000.p/2", lambda _: None),
    "entries-in-another-order": ("tile/entries/000", swapped),
    "an-entry-doubled": ("tile/entries/000", lambda all_: all_ + all_[-60:]),
    "a-bundle-cut": ("tile/entries/002.p/129", lambda all_: all_[:-1]),
    "a-length-too-long": ("tile/entries/002.p/129", lambda all_: all_ + b"\xff"),
    "a-tile-longer": ("tile/0/001", lambda all_: all_ + bytes(32)),
    "an-empty-tile": ("tile/0/001", lambda _: b""),
    "a-payload-gone": ("payloads", without_a_line),
    "a-payload-again": ("payloads", lambda all_: all_ + all_.splitlines(keepends=True)[-1]),
    "payloads-in-another-order": (
        "payloads",
        lambda all_: b"".join(all_.splitlines(keepends=True)[::-1]),
    ),
    "a-payload-spelt-otherwise": ("payloads", lambda all_: all_.replace(b"{", b"{ ", 1)),
    "a-payload-by-another": ("payloads", lambda all_: all_.replace(b"Berit 1", b"Berit 2", 1)),
    "a-salt-in-capitals": ("payloads", lambda all_: all_.replace(b'"salt":"', b'"salt":"A', 1)),
    "no-payloads": ("payloads", lambda _: None),
    "a-blank-line": ("payloads", lambda all_: all_ + b"\n"),
    "another-vkey": ("vkey", lambda _: EXAMPLE_KEY.encode() + b"\n"),
    "no-checkpoint": ("checkpoint", lambda _: None),
    "an-empty-checkpoint": ("checkpoint", lambda _: b""),
    "no-signature": ("checkpoint", lambda all_: all_.split(b"\n\n")[0] + b"\n"),
}


@pytest.mark.parametrize(("name", "change"), CHANGED.values(), ids=CHANGED)
def test_a_changed_export_is_refused(
    exported: Exported, folder: Path, name: str, change: Callable[[bytes], bytes | None]
) -> None:
    content = change((folder / name).read_bytes())
    if content is None:
        (folder / name).unlink()
    else:
        assert content != exported.files[name]
        (folder / name).write_bytes(content)
    exported.refused_by_both(folder)


def test_a_file_too_many_is_refused(exported: Exported, folder: Path) -> None:
    (folder / "tile" / "0" / "999").write_bytes(b"")
    exported.refused_by_both(folder)


def test_a_log_cut_off_behind_a_held_checkpoint_is_refused(tmp_path: Path) -> None:
    """Only who holds a checkpoint sees it: the shorter log is signed, and whole in itself."""
    log, checkpoints = signed_log(300)
    checkpoints.export(tmp_path / "short", at=NOW)
    log.append([Draft("x", {})], at=NOW)
    held = [checkpoints.sign_head(at=NOW)]
    verify_export(tmp_path / "short", [checkpoints.vkey()])
    Exported({}, checkpoints.vkey(), held).refused_by_both(tmp_path / "short")


def test_another_log_signed_with_another_key_is_refused(tmp_path: Path) -> None:
    _, checkpoints = signed_log(300)
    held = [checkpoints.sign_head(at=NOW)]
    _, others = signed_log(300)
    others.export(tmp_path / "x", at=NOW)
    Exported({}, checkpoints.vkey(), held).refused_by_both(tmp_path / "x")


def test_a_history_written_anew_by_who_has_the_key_is_refused(tmp_path: Path) -> None:
    log, checkpoints = signed_log(300)
    held = [checkpoints.sign_head(at=NOW)]
    with log.store.transaction() as tx:
        for table in ("log_entries", "log_nodes", "log_payloads", "log_checkpoints"):
            tx.exec_driver_sql(f"DELETE FROM {table}")
        tx.exec_driver_sql("UPDATE log_state SET size = 0, frontier = x''")
    log.append([Draft("other", {"n": n}) for n in range(400)], at=NOW)
    checkpoints.export(tmp_path / "x", at=NOW)
    verify_export(tmp_path / "x", [checkpoints.vkey()])
    Exported({}, checkpoints.vkey(), held).refused_by_both(tmp_path / "x")
    with pytest.raises(LogBroken):
        verify_store(log, held=held)


def test_a_held_checkpoint_has_to_be_the_logs(exported: Exported, folder: Path) -> None:
    _, checkpoints = signed_log(5)
    with pytest.raises(LogBroken, match="not signed by the key"):
        verify_export(folder, [exported.vkey], held=[checkpoints.sign_head(at=NOW)])
    with pytest.raises(WrongUse, match="no public key"):
        verify_export(folder, [])


def test_random_flipped_bits_are_all_found(exported: Exported, folder: Path) -> None:
    """A smaller run of bench/log, which does 10,000."""
    chance = random.Random(2026)
    script = independent()
    script.verify(folder, exported.vkey, notes(exported.held))
    weights = [len(content) for content in exported.files.values()]
    for _ in range(25):
        [name] = chance.choices(list(exported.files), weights)
        flipped = bytearray(exported.files[name])
        bit = chance.randrange(len(flipped) * 8)
        flipped[bit // 8] ^= 1 << bit % 8
        (folder / name).write_bytes(flipped)
        with pytest.raises(OmbudError):
            verify_export(folder, [exported.vkey], held=exported.held, workers=1)
        with pytest.raises(Exception):  # noqa: B017  whatever it is, the script ends with 1
            script.verify(folder, exported.vkey, notes(exported.held))
        (folder / name).write_bytes(exported.files[name])


def test_flipped_bits_of_key_checkpoint_and_payloads_are_found(
    exported: Exported, folder: Path
) -> None:
    script = independent()
    for name, bytes_max in (("checkpoint", 400), ("vkey", 200), ("payloads", 50)):
        for bit in range(0, min(len(exported.files[name]), bytes_max) * 8, 3):
            flipped = bytearray(exported.files[name])
            flipped[bit // 8] ^= 1 << bit % 8
            (folder / name).write_bytes(flipped)
            with pytest.raises(OmbudError):
                verify_export(folder, [exported.vkey], workers=1)
        (folder / name).write_bytes(exported.files[name])
    assert script.verify(folder, exported.vkey, notes(exported.held))
    shutil.rmtree(folder)
