"""Which settings does the environment give? Read once, when a workspace is opened."""

from __future__ import annotations

import getpass
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ombud.errors import NotSet, WrongUse

_NAME = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_LOGIN = re.compile(r"(?<=://)[^/?#]*@")


@dataclass(frozen=True)
class Config:
    """Settings from the environment.

    Args:
        database: URL of Ombud's own database (`OMBUD_DATABASE`).
        key: Secret that seals the signing key (`OMBUD_KEY`); empty: none is set.
        staff: Who acts (`OMBUD_STAFF`, else the login name).
        notice: Where people read the notice (`OMBUD_NOTICE`), with `{lang}` for the language;
            empty: its live pages are not looked at. Without a login: it is read as anybody reads
            it, and the messages of `changes` give it to everybody.
    """

    database: str
    key: str
    staff: str
    environment: Mapping[str, str]
    notice: str = ""

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
        _LOGIN.sub("", environment.get("OMBUD_NOTICE", "")),
    )


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "staff"


def read_env_file(file: Path) -> dict[str, str]:
    """Return the settings of a `.env` file beside the policy; none where there is no such file.

    Lines are `NAME=VALUE`; blank lines and lines that start with `#` do not count. The environment
    itself wins over them.

    Raises:
        WrongUse: A line is not of that form.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError):
        raise WrongUse(f"`{file.name}` cannot be read as text") from None
    found = {}
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        if not equals or not name.strip().isidentifier():
            raise WrongUse(f"`{file.name}:{number}` is not `NAME=VALUE`")
        found[name.strip()] = value.strip().strip("'\"")
    return found
