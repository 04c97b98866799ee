"""Which settings does the environment give? Read once, when a workspace is opened."""

from __future__ import annotations

import getpass
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from ombud.errors import NotSet

_NAME = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True)
class Config:
    """Settings from the environment.

    Args:
        database: URL of Ombud's own database (`OMBUD_DATABASE`).
        key: Secret that seals the signing key (`OMBUD_KEY`); empty: none is set.
        staff: Who acts (`OMBUD_STAFF`, else the login name).
    """

    database: str
    key: str
    staff: str
    environment: Mapping[str, str]

    def filled(self, text: str, system: str) -> str:
        """Return a URL of the map with its `${NAME}` parts filled in.

        Raises:
            NotSet: The environment does not have one of them; nothing was changed.
        """
        missing = [n for n in _NAME.findall(text) if n not in self.environment]
        if missing:
            raise NotSet(
                f"system `{system}` needs `{missing[0]}` from the environment",
                help=f"set it, for example `export {missing[0]}=sqlite:////path/to/file.db`",
            )
        return _NAME.sub(lambda found: self.environment[found[1]], text)


def read_config(extra: Mapping[str, str] | None = None) -> Config:
    """Return the settings; `extra` fills in what the environment does not set."""
    environment = {**(extra or {}), **os.environ}
    return Config(
        environment.get("OMBUD_DATABASE", "sqlite:///ombud.db"),
        environment.get("OMBUD_KEY", ""),
        environment.get("OMBUD_STAFF") or _login(),
        environment,
    )


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "staff"
