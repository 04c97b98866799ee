"""`ombud init`: start a workspace, or draft a map from a live database."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, get_args

import click

from ombud.app import connect, now
from ombud.cli.say import here, spoken
from ombud.config import read_config, read_env_file
from ombud.document import quoted
from ombud.errors import Place, Refused, WrongUse
from ombud.law import Country
from ombud.policy import Policy, parse_policy
from ombud.store import open_store
from ombud.systems import LiveSchema, System, Table, draft_policy, draft_systems

POLICY, SYSTEMS, ENVIRONMENT, IGNORED = "policy.yaml", "systems.yaml", ".env", ".gitignore"

_EMPTY_MAP: Final = """\
# Where the data lies. `ombud init --from URL` drafts this from a live database; by hand:
#
#   crm:
#     url: ${CRM_URL}                 # the address itself stands in .env, never here
#     tables:
#       contacts: {columns: {name: name, email: email}, not_personal: [id]}
systems: {}
"""
_NOT_IN_GIT: Final = f"{ENVIRONMENT}\nombud.db*\nombud.key\n"


@click.command(name="init")
@click.option("--from", "url", metavar="URL", help="Draft the map from this live database.")
@click.option(
    "--schema",
    "schemas",
    metavar="NAME",
    multiple=True,
    help="Draft the tables of this schema, too; the connection's own is always drafted.",
)
@click.option("--name", help="Name of the organisation; default: the folder's.")
@click.option(
    "--country",
    type=click.Choice(get_args(Country), case_sensitive=False),
    default="DK",
    show_default=True,
    help="Under whose law it is.",
)
@click.pass_obj
@spoken
def command(
    folder: Path, url: str | None, schemas: tuple[str, ...], name: str | None, country: str
) -> int:
    """Start a workspace: a policy to fill in, a map of the systems, and Ombud's own database.

    Nothing that is there is overwritten. The database's address goes into `.env`, which only you
    can read, and never into the map.
    """
    there = {each for each in (POLICY, SYSTEMS) if (folder / each).exists()}
    if url is not None and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", url):
        raise WrongUse(
            "what stands after `--from` is no address of a database",
            help="write for example `postgresql://ombud@host/crm` or `sqlite:///crm.db`",
        )
    if url and _is_empty_map(folder / SYSTEMS):
        there.discard(SYSTEMS)
    if SYSTEMS in there and url:
        raise Refused(
            f"`{SYSTEMS}` is there already; nothing was changed",
            help="draft into another folder, and take over what you need: `ombud -C DIR init …`",
        )
    files: dict[str, str] = {}
    variable = ""
    if POLICY not in there:
        title = name or folder.absolute().name
        files[POLICY] = draft_policy(country.upper(), title)
    if SYSTEMS not in there:
        policy = _policy(folder, files.get(POLICY))
        files[SYSTEMS], variable = _draft(url, schemas, policy) if url else (_EMPTY_MAP, "")
    if url:
        _refuse_known(folder, variable)
    if files and not (folder / IGNORED).exists():
        files[IGNORED] = _NOT_IN_GIT
    _make_folder(folder)
    if url:
        _keep_url(folder, variable, _absolute(url))
    for each, text in files.items():
        if each == SYSTEMS and _is_empty_map(folder / SYSTEMS):
            (folder / SYSTEMS).unlink()
        _write_new(folder / each, text)
    if not _make_database(folder) and not files:
        raise Refused("the workspace is there already; nothing was changed")
    _tell(folder, files, variable)
    return 0


def _is_empty_map(path: Path) -> bool:
    """Return whether a map is the one that `ombud init` wrote, and nobody has touched it."""
    try:
        return path.read_text(encoding="utf-8") == _EMPTY_MAP
    except (OSError, ValueError):
        return False


def _policy(folder: Path, text: str | None) -> Policy:
    written = (folder / POLICY).read_bytes() if text is None else text.encode()
    return parse_policy(written, POLICY, now().date())


def _draft(url: str, schemas: Sequence[str], policy: Policy) -> tuple[str, str]:
    """Return a map drafted from a database, and the name of the setting for its address.

    Args:
        schemas: Names of schemas beside the connection's own.

    Raises:
        ConnectorFailed: The database does not answer or refuses; nothing was made.
        Refused: There is no table to draft; nothing was made.
    """
    name = _system_name(url)
    place = Place(SYSTEMS)
    # a connector reads the schemas that the tables of its system name
    named = {schema: Table("", place, "", (), schema) for schema in schemas}
    system = System(name, place, {}, "database", policy.organisation.zone, tables=named)
    connector = connect(policy, system, _absolute(url))
    try:
        live: LiveSchema = connector.live()
    finally:
        connector.close()
    for schema in schemas or ("",):
        _refuse_empty(live, schema)
    text = draft_systems(live, name, policy)
    found = re.search(r"url: \$\{(\w+)\}", text)
    return text, found[1] if found else f"{name.upper()}_URL"


def _refuse_empty(live: LiveSchema, schema: str) -> None:
    if not any(each == schema for each, _ in live.tables):
        raise Refused(
            f"the database has no table in {quoted(schema or live.default_schema)} "
            "that the account sees; nothing was changed",
            help="name the schema of the tables with `--schema NAME`, or an account that sees them",
        )


def _system_name(url: str) -> str:
    """Return an id for a system by its database's name; nothing else of an address is used."""
    rest = re.split(r"[?#]", url.partition("://")[2])[0]
    path = rest.partition("/")[2].rstrip("/").rpartition("/")[2]
    name = re.sub(r"\W+", "_", path.partition(".")[0]).strip("_").lower()
    return name if name and not name[0].isdigit() else f"system_{name}".rstrip("_")


def _absolute(url: str) -> str:
    """Return the address; a relative file of SQLite is named from the root, so that it is found."""
    prefix, path = "sqlite:///", url.removeprefix("sqlite:///")
    if not url.startswith(prefix) or path.startswith(("/", ":", "file:")) or not path:
        return url
    return f"{prefix}{Path(path).absolute()}"


# ---------------------------------------------------------------- files


def _refuse_known(folder: Path, variable: str) -> None:
    if variable in read_env_file(folder / ENVIRONMENT):
        raise Refused(
            f"`{ENVIRONMENT}` has `{variable}` already; nothing was changed",
            help="take the line out, or start in another folder",
        )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as failed:
        raise WrongUse(f"`{folder}` cannot be made: {failed.strerror}") from None


def _keep_url(folder: Path, variable: str, url: str) -> None:
    """Add the address to `.env`; a new file is readable by its owner alone."""
    path = folder / ENVIRONMENT
    if "\n" in url or "\r" in url:
        raise WrongUse("the address has a line break in it")
    try:
        ends_well = not path.exists() or path.read_text(encoding="utf-8")[-1:] in ("", "\n")
        handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(f"{'' if ends_well else chr(10)}{variable}={url}\n")
    except OSError as failed:
        raise WrongUse(f"`{ENVIRONMENT}` cannot be written: {failed.strerror}") from None


def _write_new(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as out:
            out.write(text)
    except OSError as failed:
        raise WrongUse(f"`{path.name}` cannot be written: {failed.strerror}") from None


def _make_database(folder: Path) -> bool:
    """Make Ombud's own database where there is none; return whether it was made."""
    database = read_config(read_env_file(folder / ENVIRONMENT)).database
    try:
        open_store(database, create=False, workspace=folder).close()
    except Refused:
        open_store(database, create=True, workspace=folder).close()
        return True
    return False


def _tell(folder: Path, files: Mapping[str, str], variable: str) -> None:
    click.echo(f"a workspace is in {folder.absolute()}")
    if POLICY in files:
        click.echo(f"  {POLICY}   what you promise: look at every line that says `check`")
    if SYSTEMS in files and variable:
        click.echo(f"  {SYSTEMS}  where the data lies, drafted: look at lines that say `check`")
        click.echo(f"  {ENVIRONMENT}          {variable}, the database's address")
    elif SYSTEMS in files:
        click.echo(f"  {SYSTEMS}  where the data lies: empty, write the first system")
    click.echo("  Ombud's own database: it knows nothing of holds, decisions and evidence yet")
    click.echo(here("next: ombud check, then ombud bind, then ombud plan"))
    click.echo("set OMBUD_KEY, kept apart from the database, so that the evidence is signed")
