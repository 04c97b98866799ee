# ruff: noqa: D103  one page, read as a whole
"""Verify an export of Ombud's log with Python 3.11 and this file, nothing else.

    python verify_export.py EXPORT VKEY [CHECKPOINT ...]

EXPORT is the folder; VKEY the log's public key, got from elsewhere than the export ('OLD NEW' in
quotes, where the log has had two); each CHECKPOINT a file that you kept from earlier. It ends with
0 when every entry, hash, payload and signature is right, with 1 and the reason when one is not,
and with 2 when it could not look: a file or folder is not there or cannot be read.
Formats: RFC 6962 (tree), RFC 8032 (Ed25519), c2sp.org/tlog-tiles, c2sp.org/tlog-checkpoint,
c2sp.org/signed-note.
"""

import base64
import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from hashlib import sha256, sha512
from pathlib import Path

P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493  # Ed25519
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int]


class Broken(Exception):
    """The export does not verify."""


def need(right: bool, says: str) -> None:
    if not right:
        raise Broken(says)


def add(a: Point, b: Point) -> Point:
    (x, y), (u, v), t = a, b, D * a[0] * a[1] * b[0] * b[1] % P
    return (x * v + u * y) * pow(1 + t, -1, P) % P, (y * v + x * u) * pow(1 - t, -1, P) % P


def times(n: int, point: Point) -> Point:
    total = (0, 1)
    while n:
        total, point, n = add(total, point) if n & 1 else total, add(point, point), n >> 1
    return total


def point_of(raw: bytes) -> Point:
    y = int.from_bytes(raw, "little")
    odd, y = y >> 255, y & (2**255 - 1)
    xx = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(xx, (P + 3) // 8, P)
    x = x if x * x % P == xx else x * pow(2, (P - 1) // 4, P) % P
    need(x * x % P == xx and y < P and (x or not odd), "that is no point of Ed25519")
    return (x if x & 1 == odd else P - x), y


def signed(text: bytes, signature: bytes, public: bytes) -> bool:
    base = point_of((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    s = int.from_bytes(signature[32:], "little")
    k = int.from_bytes(sha512(signature[:32] + public + text).digest(), "little") % ORDER
    right = add(point_of(signature[:32]), times(k, point_of(public)))
    return len(signature) == 64 and s < ORDER and times(s, base) == right


def decode(text: str) -> bytes:
    raw = base64.b64decode(text)
    need(base64.b64encode(raw).decode() == text, "base64 in another spelling")
    return raw


def checkpoint(note: bytes, vkeys: str) -> tuple[str, int, bytes]:
    text, _, lines = note.decode().rpartition("\n\n")
    found = [line.split(" ") for line in lines.split("\n")[:-1]]
    shaped = all(len(line) == 3 and line[0] == "—" for line in found)
    need(shaped and lines.endswith("\n") and "\r" not in text + lines, "that is no signed note")
    by_us = 0
    for vkey in vkeys.split():
        name, key_id, key = vkey.split("+", 2)
        raw = decode(key)
        right_id = sha256(f"{name}\n".encode() + raw).digest()[:4]
        need(len(raw) == 33 and raw[0] == 1 and right_id.hex() == key_id, "that is not a vkey")
        for _, who, each in found:
            if (who, decode(each)[:4]) == (name, right_id):
                right = signed(f"{text}\n".encode(), decode(each)[4:], raw[1:])
                need(right, "a checkpoint's signature is wrong")
                by_us += 1
    need(by_us > 0, "a checkpoint is not signed by the key that was given")
    origin, size, root, *_ = text.split("\n")
    return origin, int(size), decode(root)


def ordinary_files(folder: Path, below: str = "") -> set[str]:
    found = set()
    for each in list(os.scandir(folder)):
        if each.is_dir(follow_symlinks=False):
            found |= ordinary_files(Path(each.path), f"{below}{each.name}/")
            continue
        need(each.is_file(follow_symlinks=False), f"{each.name!r} is a link, or no file")
        found.add(below + each.name)
    return found


def path(level: int | str, number: int, width: int) -> str:
    groups = [group.zfill(3) for group in f"{number:,d}".split(",")]
    folders = "".join(f"x{group}/" for group in groups[:-1])
    return f"tile/{level}/{folders}{groups[-1]}" + (f".p/{width}" if width < 256 else "")


def tiles(size: int, level: int) -> list[tuple[int, int]]:
    hashes = size >> (8 * level)
    return [(n, min(256, hashes - n * 256)) for n in range(-(-hashes // 256))]


def root_of(row: bytes) -> bytes:
    while len(row) > 32:  # an odd one at the end goes up as it is: that is RFC 6962's split
        odd = row[-32:] if len(row) % 64 else b""
        pairs = range(0, len(row) - len(odd), 64)
        row = b"".join([sha256(b"\1" + row[n : n + 64]).digest() for n in pairs]) + odd
    return row or sha256(b"").digest()


def read(work: tuple[Path, int, int, int]) -> tuple[list[bytes], dict, set]:
    """Verify some bundles; return roots of the full ones, commitments, and what was erased."""
    folder, start, end, size = work
    roots, wanted, erased = [], {}, set()
    for number in range(start, end):
        width = min(256, size - number * 256)
        data, at, entries = (folder / path("entries", number, width)).read_bytes(), 0, []
        while at + 1 < len(data):
            begin = at + 2
            at = begin + (data[at] << 8 | data[at + 1])
            entries.append(data[begin:at])
        leaves = b"".join([sha256(b"\0" + entry).digest() for entry in entries])
        tile = (folder / path(0, number, width)).read_bytes()
        fits = at == len(data) and len(entries) == width and leaves == tile
        need(fits, f"bundle {number} is not what its tile says")
        roots += [root_of(leaves)] if width == 256 else []
        for n, entry in enumerate(entries if b"payload" in data else ()):
            if b'"payloads":' in entry or b"payload_erased" in entry:
                said, index = json.loads(entry), number * 256 + n
                wanted |= {(index, name): c for name, c in said.get("payloads", {}).items()}
                if said["kind"] == "payload_erased":
                    erased |= {(said["body"]["entry"], name) for name in said["body"]["names"]}
    return roots, wanted, erased


def read_all(work: list) -> Iterator[tuple]:
    try:  # as many processes as there are processors, where the system lets them talk
        pool = ProcessPoolExecutor() if len(work) > 4 else None
    except (ImportError, NotImplementedError, OSError):
        pool = None
    if pool is None:
        yield from map(read, work)
        return
    with pool:
        yield from pool.map(read, work)


def compare_payloads(file: Path, wanted: dict, erased: set) -> None:
    before = (-1, "")
    with file.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            said = json.loads(line)
            spelt = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            salt, place = bytes.fromhex(said["salt"]), (said["entry"], said["name"])
            right = wanted.pop(place, "") == sha256(salt + said["payload"].encode()).hexdigest()
            right &= place > before and f"{spelt}\n" == line and said["salt"] == salt.hex()
            right &= len(said) == 4 and type(place[0]) is int and place not in erased
            need(right, f"a payload of entry {place[0]} is not the one logged")
            before = place
    need(set(wanted) == erased, "a payload is gone that no entry says was erased")


def verify(folder: Path, vkeys: str, held: list[bytes]) -> str:
    there = ordinary_files(folder)
    need({"checkpoint", "vkey", "payloads"} <= there, "checkpoint, vkey or payloads is missing")
    named = (folder / "vkey").read_bytes().decode()
    need(named in [f"{vkey}\n" for vkey in vkeys.split()], "the export names another key")
    origin, size, root = checkpoint((folder / "checkpoint").read_bytes(), vkeys)
    levels = range(-(-size.bit_length() // 8))
    files = {"checkpoint", "vkey", "payloads", *(path("entries", *tile) for tile in tiles(size, 0))}
    files |= {path(level, *tile) for level in levels for tile in tiles(size, level)}
    need(there == files, f"files too many or too few: {sorted(there ^ files)[:3]}")
    bundles, roots, commitments, erased = -(-size // 256), [], {}, set()
    work = [(folder, n, min(bundles, n + 64), size) for n in range(0, bundles, 64)]
    for more, wanted, gone in read_all(work):
        roots += more
        commitments |= wanted
        erased |= gone
    row = roots
    for level in levels[1:]:
        upper = [(b"".join(row[n * 256 : n * 256 + w]), n, w) for n, w in tiles(size, level)]
        for content, n, w in upper:
            need((folder / path(level, n, w)).read_bytes() == content, f"tile {n} of {level}")
        row = [root_of(content) for content, _, w in upper if w == 256]
    olds = [checkpoint(each, vkeys) for each in held]
    for name, old, signed_root in [*olds, (origin, size, root)]:
        need(name == origin, "a checkpoint you hold is of another log")
        need(old <= size, f"{old} entries were signed, and the export ends at {size}")
        full, rest = divmod(old, 256)
        last = path(0, full, min(256, size - full * 256))
        part = [root_of((folder / last).read_bytes()[: rest * 32])] if rest else []
        top = b"".join([*roots[:full], *part])
        need(root_of(top) == signed_root, f"the first {old} entries are not those signed")
    compare_payloads(folder / "payloads", commitments, erased)
    verify_it = "entry of {} verifies" if size == 1 else "entries of {} verify"
    return f"{size} {verify_it.format(origin)}; checkpoints held that agree: {len(held)}\n"


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    if gone := [name for name in (sys.argv[1], *sys.argv[3:]) if not Path(name).exists()]:
        sys.stderr.write(f"nothing was verified: there is no {gone[0]}\n")
        sys.exit(2)
    try:  # a checkpoint that was mailed may have come back with the line ends of Windows
        notes = [Path(name).read_bytes().replace(b"\r\n", b"\n") for name in sys.argv[3:]]
        sys.stdout.write(verify(Path(sys.argv[1]), sys.argv[2], notes))
    except (OSError, MemoryError, BrokenExecutor) as failed:
        sys.stderr.write(f"nothing was verified: {type(failed).__name__}: {failed}\n")
        sys.exit(2)
    except Exception as wrong:
        kind = "" if isinstance(wrong, Broken) else f"{type(wrong).__name__}: "
        sys.exit(f"does not verify: {kind}{wrong}")
