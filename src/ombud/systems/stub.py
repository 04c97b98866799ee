"""How is a live table put on the map? As YAML that a person looks through."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ombud.systems.headers import guess, is_of_people
from ombud.systems.live import ColumnType, LiveColumn, LiveTable

KEY: Final = "{key}"
PLACEHOLDERS: Final[Mapping[ColumnType, str]] = {
    "text": '""',
    "integer": "0",
    "number": "0",
    "boolean": "false",
    "date": '"1900-01-01"',
    "local_timestamp": '"1900-01-01 00:00:00"',
    "instant": '"1900-01-01 00:00:00+00:00"',
    "time": '"00:00:00"',
    "uuid": '"00000000-0000-0000-0000-000000000000"',
    "json": '"{}"',
    "array": '"{}"',
    "binary": '""',
}
"""What stands for nothing where a column must not be NULL, as YAML."""


def yaml_name(name: str) -> str:
    """Return a name as YAML writes it."""
    if re.fullmatch(r"[^\W\d]\w*", name) and name not in ("true", "false", "null"):
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def yaml_list(names: tuple[str, ...]) -> str:
    """Return names as a list that YAML reads."""
    return f"[{', '.join(yaml_name(name) for name in names)}]"


def table_id(name: str) -> str:
    """Return the id under which a table goes on the map: letters, digits, `_` and `-`."""
    return re.sub(r"[^\w-]+", "_", name).strip("_-")[:63] or "table_1"


def one_line(live: LiveTable, schema: str = "") -> str:
    """Return the table in one line of YAML; what cannot be told from its name is left out.

    Args:
        live: As the database describes it.
        schema: Its schema, where it is not the system's.
    """
    of_people = is_of_people(live)
    seems = {name: guess(column, of_people=of_people) for name, column in live.columns.items()}
    personal = ", ".join(f"{yaml_name(n)}: {g.category}" for n, g in seems.items() if g.category)
    plain = tuple(name for name, g in seems.items() if not g.category and g.sure)
    parts = [f"name: {yaml_name(live.name)}"] if table_id(live.name) != live.name else []
    parts += [f"schema: {yaml_name(schema)}"] if schema else []
    if live.key and live.key != ("id",):
        one = len(live.key) == 1
        parts.append(f"key: {yaml_name(live.key[0]) if one else yaml_list(live.key)}")
    parts += [f"columns: {{{personal}}}"] if personal else []
    parts += [f"not_personal: {yaml_list(plain)}"] if plain else []
    return f"`{table_id(live.name)}: {{{', '.join(parts)}}}`"


def placeholder(column: LiveColumn, *, unique: bool, email: bool) -> str:
    """Return the blank value of a column that must not be NULL, as YAML; empty: it has none.

    Args:
        column: As the database describes it.
        unique: Every row needs another one.
        email: It must look like an e-mail address.
    """
    if unique and column.type == "text":
        text = f"erased-{KEY}@example.invalid" if email else f"erased-{KEY}"
        return f'{{unique: "{text}"}}'
    if unique:
        return f'{{unique: "{KEY}"}}' if column.type in ("integer", "number", "uuid") else ""
    if column.type == "enum" and column.enum_values:
        return f"{{value: {yaml_name(column.enum_values[-1])}}}"
    value = PLACEHOLDERS.get(column.type, "")
    return f"{{value: {value}}}" if value else ""
