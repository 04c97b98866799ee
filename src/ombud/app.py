"""Wiring: a workspace opened. No behaviour of its own; the only place that owns a clock."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ombud.apply.inputs import Inputs
from ombud.apply.outside import Outside
from ombud.config import Config, read_config, read_env_file
from ombud.connectors.export import Export, opened_export
from ombud.connectors.sql import SqlConnector, kind_of
from ombud.errors import NotSet, WrongUse
from ombud.evidence import Checkpoints, Decisions, Holds, Log, Plans
from ombud.plan.time import Timing
from ombud.policy import Policy, parse_policy
from ombud.store import Seal, Store, open_store
from ombud.systems import System, Systems, parse_systems


def now() -> datetime:
    """Return the instant it is, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Ombud:
    """A workspace: what was promised, where the data lies, the ways in, and the evidence."""

    folder: Path
    config: Config
    policy: Policy
    systems: Systems
    connectors: Mapping[str, SqlConnector]
    store: Store
    log: Log
    plans: Plans
    inputs: Inputs
    clock: Callable[[], datetime] = now

    def timing(self, as_of: date | None = None) -> Timing:
        """Return now, or the end of another local day."""
        organisation = self.policy.organisation
        present = Timing.of(self.clock(), organisation.zone, organisation.financial_year)
        if as_of is None or as_of == present.as_of:
            return present
        return Timing.end_of(as_of, organisation.zone, organisation.financial_year)

    def outside(self) -> Outside:
        """Return what is done with systems out of reach."""
        return Outside(self.policy, self.systems, self.inputs, self.log, self._opened)

    def _opened(self, system: System, export: Path) -> AbstractContextManager[Export]:
        return opened_export(system, export, lambda s, url: connect(self.policy, s, url))

    def checkpoints(self) -> Checkpoints:
        """Return the signed heads of the log; it signs where `OMBUD_KEY` is set.

        Raises:
            NotSet: `OMBUD_KEY` is too short.
        """
        key = self.config.key
        return Checkpoints(self.log, Seal(key, self.store.seal_salt()) if key else None)

    def close(self) -> None:
        """Give every connection back."""
        for connector in self.connectors.values():
            connector.close()
        self.store.close()


def read_workspace(folder: Path, on: date | None = None) -> tuple[Policy, Systems]:
    """Return what a workspace's two files say.

    Raises:
        WrittenWrong: A file has findings; it carries all of that file's.
        WrongUse: A file is missing.
    """
    policy = read_policy(folder, on)
    return policy, parse_systems(_read(folder, "systems.yaml"), "systems.yaml", policy)


def read_policy(folder: Path, on: date | None = None) -> Policy:
    """Return what a workspace's policy says; its map need not be there yet.

    Raises:
        WrittenWrong: The file has findings; it carries all of them.
        WrongUse: The file is missing.
    """
    return parse_policy(_read(folder, "policy.yaml"), "policy.yaml", on or now().date())


def read_source(folder: Path) -> bytes:
    """Return a workspace's policy as it is written.

    Raises:
        WrongUse: The file is missing.
    """
    return _read(folder, "policy.yaml")


def open_workspace(
    folder: Path, *, create: bool = False, clock: Callable[[], datetime] = now
) -> Ombud:
    """Open a workspace.

    Args:
        create: Ombud's own database may be made where there is none.

    Raises:
        WrittenWrong: A file has findings.
        WrongUse: A file or a setting is missing.
        Refused: Ombud's own database is not there.
    """
    config = read_config(read_env_file(folder / ".env"))
    policy, systems = read_workspace(folder, clock().date())
    connectors = open_connectors(config, policy, systems)
    store = open_store(config.database, create=create, workspace=folder)
    log = Log(store)
    inputs = Inputs(store, Holds(log), Decisions(log, zone=policy.organisation.zone))
    return Ombud(folder, config, policy, systems, connectors, store, log, Plans(log), inputs, clock)


@contextmanager
def open_log(folder: Path) -> Iterator[tuple[Config, Log]]:
    """Give a workspace's settings and log alone: no system need be on the map or in reach.

    Raises:
        WrongUse: A setting is wrong.
        Refused: Ombud's own database is not there.
    """
    config = read_config(read_env_file(folder / ".env"))
    store = open_store(config.database, create=False, workspace=folder)
    try:
        yield config, Log(store)
    finally:
        store.close()


def open_connectors(config: Config, policy: Policy, systems: Systems) -> dict[str, SqlConnector]:
    """Return the ways into every system in reach; none is asked yet.

    Raises:
        NotSet: A URL needs a setting that the environment does not have.
    """
    return {
        system.id: connect(policy, system, config.filled(system.url, system.id))
        for system in systems.systems.values()
        if system.reach == "database"
    }


def kinds_of(folder: Path, systems: Systems) -> dict[str, str]:
    """Return the kind of each database whose address the environment gives: see `kind_of`."""
    config = read_config(read_env_file(folder / ".env"))
    found = {}
    for system in systems.systems.values():
        with suppress(NotSet):
            found[system.id] = kind_of(config.filled(system.url, system.id))
    return found


def connect(policy: Policy, system: System, url: str) -> SqlConnector:
    """Return the way into a system; it is not asked yet."""
    organisation = policy.organisation
    return SqlConnector(system, url, organisation.country, ZoneInfo(organisation.zone))


def _read(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError:
        raise WrongUse(
            f"there is no `{name}` in `{folder}`",
            help="`ombud init` starts a workspace; `-C DIR` names another folder",
        ) from None
    except OSError as failed:
        raise WrongUse(f"`{name}` cannot be read: {failed.strerror}") from None


def new_id() -> str:
    """Return a short id that nobody can guess."""
    return secrets.token_hex(6)
