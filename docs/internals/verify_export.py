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

import json
import os
import re
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator
from hashlib import sha256, sha512
from pathlib import Path

P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493  # Ed25519
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int]


def need(right: object, says: str) -> None:
    if not right:
        raise ValueError(says)


def add(a: Point, b: Point) -> Point:
    (x, y), (u, v), t = a, b, D * a[0] * a[1] * b[0] * b[1] % P
    return (x * v + u * y) * pow(1 + t, -1, P) % P, (y * v + x * u) * pow(1 - t, -1, P) % P


def times(n: int, point: Point) -> Point:
    even = times(n // 2, add(point, point)) if n else (0, 1)
    return add(even, point) if n % 2 else even


def point_of(raw: bytes) -> Point:
    odd, y = divmod(int.from_bytes(raw, "little"), 2**255)
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
    need(b64encode(b64decode(text)).decode() == text, "base64 in another spelling")
    return b64decode(text)


def checkpoint(note: bytes, vkeys: str) -> tuple[str, int, bytes]:
    shaped = re.fullmatch(r"([^\r]+\n)\n((?:— \S+ \S+\n)+)", note.decode())
    need(shaped, "that is no signed note")
    text, lines = shaped.groups()
    found = [(who, decode(raw)) for who, raw in re.findall(r"— (\S+) (\S+)\n", lines)]
    ours = []
    for vkey in vkeys.split():
        name, key_id, key = vkey.split("+", 2)
        public = decode(key)
        own = name, sha256(f"{name}\n".encode() + public).digest()[:4]
        need(len(public) == 33 and public[0] == 1 and own[1].hex() == key_id, "that is not a vkey")
        by_it = [raw[4:] for who, raw in found if (who, raw[:4]) == own]
        ours += [signed(text.encode(), signature, public[1:]) for signature in by_it]
    need(ours, "a checkpoint is not signed by the key that was given")
    need(all(ours), "a checkpoint's signature is wrong")
    origin, size, root, *_ = text.split("\n")
    return origin, int(size), decode(root)


def ordinary_files(folder: str | Path, below: str = "") -> Iterator[str]:
    for each in list(os.scandir(folder)):
        if each.is_dir(follow_symlinks=False):
            yield from ordinary_files(each.path, f"{below}{each.name}/")
        else:
            need(each.is_file(follow_symlinks=False), f"{each.name!r} is a link, or no file")
            yield below + each.name


def path(level: int | str, number: int, width: int) -> str:
    *folders, last = [group.zfill(3) for group in f"{number:,d}".split(",")]
    partial = f".p/{width}" if width < 256 else ""
    return f"tile/{level}/" + "".join(f"x{group}/" for group in folders) + last + partial


def tiles(level: int | str, hashes: int) -> set[str]:
    return {path(level, n, min(256, hashes - n * 256)) for n in range(-(-hashes // 256))}


def root_of(row: bytes) -> bytes:
    while len(row) > 32:  # an odd one at the end goes up as it is: that is RFC 6962's split
        odd = row[-32:] if len(row) % 64 else b""
        pairs = range(0, len(row) - len(odd), 64)
        row = b"".join([sha256(b"\1" + row[n : n + 64]).digest() for n in pairs]) + odd
    return row or sha256(b"").digest()


def read(folder: Path, number: int, width: int, wanted: dict, erased: set) -> bytes:
    """Verify a bundle of entries; return the root of its tile, and note its payloads."""
    data, at, entries = (folder / path("entries", number, width)).read_bytes(), 0, []
    while at + 1 < len(data):
        begin = at + 2
        at = begin + (data[at] << 8 | data[at + 1])
        entries.append(data[begin:at])
    leaves = b"".join([sha256(b"\0" + entry).digest() for entry in entries])
    fits = at == len(data) and len(entries) == width
    fits &= leaves == (folder / path(0, number, width)).read_bytes()
    need(fits, f"bundle {number} is not what its tile says")
    for index, entry in enumerate(entries if b"payload" in data else (), number * 256):
        if b'"payloads":' in entry or b"payload_erased" in entry:
            said = json.loads(entry)
            wanted |= {(index, name): each for name, each in said.get("payloads", {}).items()}
            if said["kind"] == "payload_erased":
                erased |= {(said["body"]["entry"], name) for name in said["body"]["names"]}
    return root_of(leaves)


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
    there, files = set(ordinary_files(folder)), {"checkpoint", "vkey", "payloads"}
    need(files <= there, "checkpoint, vkey or payloads is missing")
    named = (folder / "vkey").read_bytes().decode()
    need(named in [f"{vkey}\n" for vkey in vkeys.split()], "the export names another key")
    notes = [*held, (folder / "checkpoint").read_bytes()]
    heads = [checkpoint(note, vkeys) for note in notes]
    origin, size, _ = heads[-1]
    levels = range(-(-size.bit_length() // 8))
    files |= tiles("entries", size).union(*(tiles(each, size >> 8 * each) for each in levels))
    need(there == files, f"files too many or too few: {sorted(there ^ files)[:3]}")
    wanted, erased, tops = {}, set(), []
    for start in range(0, size, 256):
        tops.append(read(folder, start // 256, min(256, size - start), wanted, erased))
    row = roots = b"".join(tops[: size // 256])
    for level in levels[1:]:
        hashes = [row[n : n + 8192] for n in range(0, len(row), 8192)]
        for n, each in enumerate(hashes):
            tile = (folder / path(level, n, len(each) // 32)).read_bytes()
            need(tile == each, f"tile {n} of level {level} is not what is below it")
        row = b"".join([root_of(each) for each in hashes if len(each) == 8192])
    for name, old, signed_root in heads:
        need(name == origin, "a checkpoint you hold is of another log")
        need(old <= size, f"{old} entries were signed, and the export ends at {size}")
        full, rest = divmod(old, 256)
        tile = folder / path(0, full, min(256, size - full * 256))
        part = root_of(tile.read_bytes()[: rest * 32]) if rest else b""
        right = root_of(roots[: full * 32] + part) == signed_root
        need(right, f"the first {old} entries are not those signed")
    compare_payloads(folder / "payloads", wanted, erased)
    verify_it = "entry of {} verifies" if size == 1 else "entries of {} verify"
    return f"{size} {verify_it.format(origin)}; checkpoints held that agree: {len(held)}\n"


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.stderr.write(__doc__)
        sys.exit(2)
    if gone := [name for name in (sys.argv[1], *sys.argv[3:]) if not Path(name).exists()]:
        sys.stderr.write(f"nothing was verified: there is no {gone[0]}\n")
        sys.exit(2)
    try:  # a checkpoint that was mailed may have come back with the line ends of Windows
        notes = [Path(name).read_bytes().replace(b"\r\n", b"\n") for name in sys.argv[3:]]
        sys.stdout.write(verify(Path(sys.argv[1]), sys.argv[2], notes))
    except (OSError, MemoryError) as failed:
        sys.stderr.write(f"nothing was verified: {type(failed).__name__}: {failed}\n")
        sys.exit(2)
    except Exception as wrong:
        sys.exit(f"does not verify: {wrong}")
