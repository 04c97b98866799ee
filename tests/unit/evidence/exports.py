"""Logs with a signed head, exports of them, and the script that an auditor runs."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from ombud.errors import OmbudError
from ombud.evidence import Checkpoints, Draft, Log, verify_export
from ombud.store import Seal
from stores import memory_store
from unit.evidence.made import NOW

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "docs" / "internals" / "verify_export.py"
KEY = "k" * 40


def signed_log(size: int, key: str = KEY) -> tuple[Log, Checkpoints]:
    log = Log(memory_store())
    drafts = [
        Draft("done", {"n": n}, payloads={"by": f"Berit {n}", "on": "æ"} if n % 50 == 1 else {})
        for n in range(size)
    ]
    log.append(drafts, at=NOW)
    return log, Checkpoints(log, Seal(key, log.store.seal_salt()))


def independent() -> ModuleType:
    """Return the script an auditor runs, as a module."""
    spec = importlib.util.spec_from_file_location("verify_export_script", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def notes(held: list[str]) -> list[bytes]:
    """Return checkpoints as they lie in files."""
    return [note.encode() for note in held]


@dataclass(frozen=True)
class Exported:
    """An export, kept as bytes by path, and what its verifiers know besides."""

    files: dict[str, bytes]
    vkey: str
    held: list[str]

    def refused_by_both(self, folder: Path) -> None:
        """Verify what lies in the folder; both verifiers have to refuse it."""
        with pytest.raises(OmbudError):
            verify_export(folder, [self.vkey], held=self.held, workers=1)
        with pytest.raises(Exception):  # noqa: B017  whatever it is, the script ends with 1
            independent().verify(folder, self.vkey, notes(self.held))

    def write(self, folder: Path) -> None:
        for name, content in self.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)

    def both_verify(self, folder: Path) -> None:
        """Verify what lies in the folder; both verifiers have to agree that it is the log's."""
        verify_export(folder, [self.vkey], held=self.held, workers=1)
        independent().verify(folder, self.vkey, notes(self.held))


def exported(folder: Path) -> Exported:
    """Return an export of 641 entries, with an erased payload and two checkpoints held."""
    log, checkpoints = signed_log(600)
    held = [checkpoints.sign_head(at=NOW)]
    log.erase_payload(51, at=NOW)
    held.append(checkpoints.sign_head(at=NOW))
    log.append([Draft("x", {"n": n}) for n in range(40)], at=NOW)
    checkpoints.export(folder, at=NOW)
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    return Exported(files, checkpoints.vkey(), held)
