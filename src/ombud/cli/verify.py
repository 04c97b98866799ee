"""`ombud verify`: is the evidence what the log signed?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from ombud.cli.say import dump, here, json_option, spoken, terminal, workspace
from ombud.errors import LogBroken, WrongUse
from ombud.evidence import verify_export, verify_store
from ombud.plan.words import number_of


@click.command(name="verify")
@click.argument("export", required=False, type=click.Path(path_type=Path), metavar="[EXPORT]")
@click.option(
    "--key",
    "--vkey",
    "vkeys",
    metavar="VKEY",
    multiple=True,
    help="The log's public key, got elsewhere.",
)
@click.option(
    "--held",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A checkpoint that you kept; nothing behind it can have been cut off.",
)
@click.option(
    "--export",
    "target",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Write an export that an auditor verifies without Ombud.",
)
@click.option(
    "--checkpoint",
    "sign",
    is_flag=True,
    help="Sign the log's head and print it: a text to mail, to print or to keep in git.",
)
@click.option(
    "--new-key",
    is_flag=True,
    help="Sign with a new key from now on: after OMBUD_KEY was lost or seen by others.",
)
@json_option
@click.pass_obj
@spoken
def command(
    folder: Path,
    export: Path | None,
    vkeys: tuple[str, ...],
    held: tuple[Path, ...],
    target: Path | None,
    sign: bool,
    new_key: bool,
    as_json: bool,
) -> int:
    """Verify the workspace's log against its signed head, or an EXPORT of it offline.

    Exits with 1 when it does not verify. An export is verified with the public key alone: no
    workspace, no database and no network is needed.
    """
    if sum((new_key, sign, target is not None)) > 1:
        raise WrongUse("`--export`, `--checkpoint` and `--new-key` are three calls", help=_ONE)
    if new_key:
        return _start_key(folder, as_json=as_json)
    if sign:
        return _sign(folder, as_json=as_json)
    notes = [_text(file) for file in held]
    if target is not None:
        if export is not None or vkeys or held:
            raise WrongUse("`--export` writes, and what else is written there reads", help=_TWICE)
        return _write(folder, target, as_json=as_json)
    if export is not None:
        return _verify_export(folder, export, list(vkeys), notes, as_json=as_json)
    if vkeys:
        raise WrongUse("`--key` is for an export", help="name its folder: `ombud verify EXPORT`")
    return _verify_own(folder, notes, as_json=as_json)


_ONE = "call `ombud verify` once for each"
_TWICE = "call `ombud verify --export DIR` and then `ombud verify DIR --key …`"


def _start_key(folder: Path, *, as_json: bool) -> int:
    """Sign with a new key from now on; what was signed before still verifies with the old one."""
    with workspace(folder) as ombud:
        checkpoints = ombud.checkpoints()
        vkey = checkpoints.new_key(at=ombud.clock())
        checkpoints.sign_head(at=ombud.clock())
    if as_json:
        dump({"key": vkey})
    else:
        click.echo(f"the log is signed with a new key from now on: {vkey}")
        click.echo("give it to your auditors; the old one still verifies what it signed")
    return 0


def _sign(folder: Path, *, as_json: bool) -> int:
    """Print the signed head, and nothing else beside it: what is printed is what is kept."""
    with workspace(folder) as ombud:
        checkpoints = ombud.checkpoints()
        note = checkpoints.sign_head(at=ombud.clock())
        vkey = checkpoints.vkey()
    if as_json:
        dump({"checkpoint": note, "key": vkey})
    else:
        click.echo(note, nl=False)
    return 0


def _write(folder: Path, target: Path, *, as_json: bool) -> int:
    with workspace(folder) as ombud:
        checkpoints = ombud.checkpoints()
        checkpoint = checkpoints.export(target, at=ombud.clock())
        vkey = checkpoints.vkey()
    if as_json:
        dump({"export": str(target), "entries": checkpoint.size, "key": vkey})
    else:
        click.echo(f"{_entries(checkpoint.size)} in {target}")
        click.echo(f"verify it anywhere: ombud verify {target} --key '{vkey}'")
        click.echo("give the key to the auditor apart from the export")
    return 0


def _verify_export(
    folder: Path, export: Path, vkeys: list[str], held: list[str], *, as_json: bool
) -> int:
    if not export.is_dir():
        raise WrongUse(f"`{export}` is not the folder of an export")
    own = not vkeys
    if own:
        vkeys = _own_keys(folder)
    with _progress(quiet=as_json) as progress:
        found = verify_export(export, vkeys, held=held, progress=progress)
    if as_json:
        dump(
            {
                "verified": True,
                "entries": found.checkpoint.size,
                "root": found.checkpoint.root.hex(),
                "payloads": found.payloads,
                "erased": found.erased,
                "held": found.held,
            }
        )
        return 0
    click.echo(f"verified: {_entries(found.checkpoint.size)} what {found.checkpoint.origin} signed")
    click.echo(
        f"  {number_of(found.payloads, 'payload', 'is', 'are')} there, "
        f"{found.erased:,} {'was' if found.erased == 1 else 'were'} erased, as logged"
    )
    if found.held:
        click.echo(f"  nothing behind {_n(found.held)} that you kept was cut off")
    if own:
        click.echo("  with this workspace's own key; an auditor uses `--key`")
    return 0


def _own_keys(folder: Path) -> list[str]:
    """Return the public keys of the workspace's log.

    Raises:
        WrongUse: There is no workspace, or its log was never signed.
    """
    try:
        with workspace(folder) as ombud:
            vkeys = ombud.checkpoints().vkeys()
    except WrongUse:
        vkeys = []
    if not vkeys:
        raise WrongUse(
            "no public key was given", help="give the log's key: `ombud verify EXPORT --key VKEY`"
        )
    return vkeys


def _verify_own(folder: Path, held: list[str], *, as_json: bool) -> int:
    with workspace(folder) as ombud:
        with _progress(quiet=as_json) as progress:
            found = verify_store(ombud.log, held=held, progress=progress)
        checkpoints = ombud.checkpoints()
        last, vkeys = checkpoints.last(), checkpoints.vkeys()
        has_key = bool(ombud.config.key)
    if as_json:
        dump(
            {
                "verified": True,
                "entries": found.size,
                "root": found.root.hex(),
                "signed": last.size if last else 0,
                "checkpoints": found.checkpoints,
                "keys": vkeys,
            }
        )
        return 0
    click.echo(f"verified: {_entries(found.size, 'agrees', 'agree')} with {_n(found.checkpoints)}")
    if last is None:
        first = "" if has_key else "set OMBUD_KEY and "
        click.echo(here(f"  nothing is signed yet: {first}call `ombud status`"))
    elif last.size < found.size:
        click.echo(here(f"  signed up to entry {last.size:,}; `ombud status` signs the rest"))
    for vkey in vkeys:
        click.echo(f"  public key: {vkey}")
    return 0


def _n(checkpoints: int) -> str:
    return number_of(checkpoints, "signed head")


def _entries(size: int, one: str = "is", many: str = "are") -> str:
    return f"{size:,} entry {one}" if size == 1 else f"{size:,} entries {many}"


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise LogBroken(f"`{file.name}` cannot be read as a checkpoint") from None


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Show how many entries were verified, on a terminal and nowhere else."""
    if quiet or not terminal():
        yield lambda count: None
        return
    from rich.console import Console  # noqa: PLC0415  slow to import

    with Console(stderr=True).status("verifying …") as status:
        yield lambda count: status.update(f"verifying … {count:,} entries")
