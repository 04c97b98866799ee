# ruff: noqa: D103  one page, read as a whole
"""Verify an export of Ombud's log: Python 3.11, nothing of Ombud's, nothing but this file.

    python verify_export.py EXPORT VKEY [CHECKPOINT ...]

EXPORT is the folder; VKEY the log's public key (the text, got from elsewhere than the export); each
CHECKPOINT a file that you kept from earlier. It ends with 0 and one line when every entry, hash,
payload and signature is right, and with 1 and the reason when one is not.
Formats: c2sp.org/tlog-tiles, c2sp.org/tlog-checkpoint, c2sp.org/signed-note; RFC 6962, RFC 8032.
"""

import base64
import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256, sha512
from pathlib import Path

P = 2**255 - 19  # Ed25519 (RFC 8032): the field, the order, the curve, the base point
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SHARE = 64  # bundles to a piece of work


class Broken(Exception):
    """The export does not verify."""


def need(right: bool, says: str) -> None:
    if not right:
        raise Broken(says)


def add(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    (x, y), (u, v) = a, b
    t = D * x * y * u * v % P
    return (x * v + u * y) * pow(1 + t, -1, P) % P, (y * v + x * u) * pow(1 - t, -1, P) % P


def times(n: int, point: tuple[int, int]) -> tuple[int, int]:
    total = (0, 1)
    while n:
        total, point, n = add(total, point) if n & 1 else total, add(point, point), n >> 1
    return total


def point_of(raw: bytes) -> tuple[int, int]:
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    xx = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(xx, (P + 3) // 8, P)
    x = x if x * x % P == xx else x * pow(2, (P - 1) // 4, P) % P
    need(x * x % P == xx and y < P and not (x == 0 and sign), "no point of Ed25519")
    return (x if x & 1 == sign else P - x), y


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


def checkpoint(note: str, vkey: str) -> tuple[str, int, bytes]:
    name, key_id, key = vkey.split("+", 2)
    raw = decode(key)
    right_id = sha256(f"{name}\n".encode() + raw).digest()[:4]
    need(len(raw) == 33 and raw[0] == 1 and right_id.hex() == key_id, "that is not a vkey")
    text, _, signatures = note.rpartition("\n\n")
    need(signatures.endswith("\n"), "the checkpoint does not end with a signature")
    ours = [line.split(" ") for line in signatures[:-1].split("\n")]
    need(all(len(line) == 3 and line[0] == "—" for line in ours), "a line is not a signature")
    found = [decode(line[2]) for line in ours]
    found = [
        s[4:] for line, s in zip(ours, found, strict=True) if (line[1], s[:4]) == (name, right_id)
    ]
    need(len(found) == 1, "the checkpoint is not signed by the key that was given")
    need(signed(f"{text}\n".encode(), found[0], raw[1:]), "the checkpoint's signature is wrong")
    origin, size, root = text.split("\n")[:3]
    return origin, int(size), decode(root)


def path(level: int | str, number: int, width: int) -> str:
    groups = f"{number:,d}".split(",")
    groups = [group.zfill(3) for group in groups]
    name = "/".join([*("x" + group for group in groups[:-1]), groups[-1]])
    return f"tile/{level}/{name}" + (f".p/{width}" if width < 256 else "")


def tiles(size: int, level: int | str) -> Iterator[tuple[int, int]]:
    hashes = size >> (8 * level) if isinstance(level, int) else size
    return ((n, min(256, hashes - n * 256)) for n in range(-(-hashes // 256)))


def root_of(row: list[bytes]) -> bytes:
    while len(row) > 1:  # an odd one at the end goes up as it is: that is RFC 6962's split
        odd = [row[-1]] if len(row) % 2 else []
        row = [sha256(b"\1" + a + b).digest() for a, b in zip(row[::2], row[1::2], strict=False)]
        row += odd
    return row[0] if row else sha256(b"").digest()


def read(work: tuple[str, int, int, int]) -> tuple[list[bytes], dict, set]:
    """Verify some bundles; return roots of the full ones, commitments, and what was erased."""
    folder, start, end, size = work
    roots, wanted, erased = [], {}, set()
    for number in range(start, end):
        width = min(256, size - number * 256)
        data, at, leaves = Path(folder, path("entries", number, width)).read_bytes(), 0, []
        while at < len(data):
            entry_end = at + 2 + int.from_bytes(data[at : at + 2], "big")
            entry, at = data[at + 2 : entry_end], entry_end
            if b'"payloads":' in entry or b"payload_erased" in entry:
                said, index = json.loads(entry), number * 256 + len(leaves)
                wanted |= {(index, name): c for name, c in said.get("payloads", {}).items()}
                if said["kind"] == "payload_erased":
                    erased |= {(said["body"]["entry"], name) for name in said["body"]["names"]}
            leaves.append(sha256(b"\0" + entry).digest())
        tile = Path(folder, path(0, number, width)).read_bytes()
        fits = at == len(data) and len(leaves) == width and b"".join(leaves) == tile
        need(fits, f"bundle {number} is not what its tile says")
        roots += [root_of(leaves)] if width == 256 else []
    return roots, wanted, erased


def compare_payloads(folder: Path, wanted: dict, erased: set) -> None:
    before = (-1, "")
    for line in (folder / "payloads").read_bytes().decode().split("\n")[:-1]:
        said = json.loads(line)
        spelt = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        found = sha256(bytes.fromhex(said["salt"]) + said["payload"].encode()).hexdigest()
        place = (said["entry"], said["name"])
        right = wanted.pop(place, None) == found and place > before and place not in erased
        right &= spelt == line and said["salt"] == said["salt"].lower()
        need(right, f"the payload of entry {place[0]} is not the one logged")
        before = place
    need(set(wanted) == erased, "a payload is gone that no entry says was erased")


def verify(folder: Path, vkey: str, held: list[str]) -> str:
    need((folder / "vkey").read_bytes().decode() == vkey + "\n", "another key")
    origin, size, root = checkpoint((folder / "checkpoint").read_bytes().decode(), vkey)
    levels = range(-(-size.bit_length() // 8))
    wanted_files = {"checkpoint", "vkey", "payloads"}
    for level in ("entries", *levels):
        wanted_files |= {path(level, *tile) for tile in tiles(size, level)}
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    need(there == wanted_files, f"files too many or too few: {sorted(there ^ wanted_files)[:3]}")
    bundles = -(-size // 256)
    work = [(str(folder), n, min(bundles, n + SHARE), size) for n in range(0, bundles, SHARE)]
    roots, commitments, erased = [], {}, set()
    with ProcessPoolExecutor() as pool:
        for more, wanted, gone in (pool.map if len(work) > 4 else map)(read, work):
            roots += more
            commitments |= wanted
            erased |= gone
    row = roots
    for level in levels[1:]:
        for number, width in tiles(size, level):
            content = b"".join(row[number * 256 : number * 256 + width])
            need((folder / path(level, number, width)).read_bytes() == content, "an upper tile")
        row = [root_of(row[n : n + 256]) for n in range(0, len(row) - 255, 256)]
    olds = [checkpoint(note, vkey) for note in held]
    for old_origin, old_size, old_root in [*olds, (origin, size, root)]:
        need(old_origin == origin and old_size <= size, "behind a checkpoint that you hold")
        full, rest = divmod(old_size, 256)
        top = roots[:full]
        if rest:
            tile = (folder / path(0, full, min(256, size - full * 256))).read_bytes()
            last = [tile[at * 32 : at * 32 + 32] for at in range(rest)]
            top = [*top, root_of(last)]
        need(root_of(top) == old_root, f"the first {old_size} entries are not those signed")
    compare_payloads(folder, commitments, erased)
    return f"{size} entries of {origin} verify, {len(olds)} held checkpoints agree\n"


if __name__ == "__main__":
    if len(sys.argv) < 3 or not os.path.isdir(sys.argv[1]):
        sys.exit(__doc__)
    try:
        notes = [Path(name).read_bytes().decode() for name in sys.argv[3:]]
        sys.stdout.write(verify(Path(sys.argv[1]), sys.argv[2].strip(), notes))
    except (Broken, OSError, ValueError, KeyError, TypeError, AttributeError) as wrong:
        sys.exit(f"does not verify: {wrong}")
