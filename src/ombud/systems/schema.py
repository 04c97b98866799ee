"""How does an editor complete and check a map while it is written? As JSON Schema 2020-12.

As for the policy (`ombud.policy.schema`): the parser says more, both know the same words, and a
test gives both the same documents. `docs/reference/systems.schema.json` is this value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ombud.policy.schema_parts import (
    Schema,
    definitions,
    keys,
    named,
    one_key,
    ref,
)
from ombud.systems.parse.clocks import IF_NULL, OMBUD, READS_AS
from ombud.systems.parse.outline import NOT_PERSONAL
from ombud.systems.parse.system import ADDRESS, HOURS_OR_DAYS, PERCENT
from ombud.systems.parse.tables import SHARED, WHEN_DUE

_SHARED: Final = ("word", "names", "text", "period", "categories")
_SCALAR: Final = {"type": ["string", "number", "boolean"]}


def systems_schema() -> dict[str, object]:
    """Return the JSON Schema (draft 2020-12) of `systems.yaml`."""
    every = definitions()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **keys(
            "Map",
            "Where the organisation's data lies.",
            {"systems": named("Systems", "Each place that holds data.", _system())},
            required=("systems",),
        ),
        "$defs": {
            **{name: every[name] for name in _SHARED},
            "path": {
                "title": "Path",
                "description": "A column, or tables and a column: `signups.events.ends_at`.",
                **ref("word"),
            },
            "table": _table(),
            "clock": _clock(),
            "condition": _condition(),
        },
    }


def _system() -> Schema:
    tables = named("Tables", "Each table that holds data, or that paths lead over.", ref("table"))
    common: Mapping[str, Schema] = {
        "title": ref("text", "Title"),
        "zone": ref("word", "Time zone", "IANA name; by default the organisation's."),
        "gone_within": ref(
            "period",
            "Gone within",
            "How long after an erasure files, archived logs, replicas and backups can hold it.",
        ),
        "tables": tables,
    }
    return {
        "title": "System",
        "description": "A database by its address, or a place that only people reach.",
        "if": {"properties": {"reach": {"const": "outside"}}, "required": ["reach"]},
        "then": _outside(common),
        "else": _database(common),
    }


def _database(common: Mapping[str, Schema]) -> Schema:
    return keys(
        "Database",
        "A system that Ombud reaches by its address.",
        {
            **common,
            "reach": {"title": "Reach", "enum": ["database", "outside"]},
            "url": {
                "title": "Address",
                "description": "With what is secret from the environment: `${CRM_URL}`.",
                "type": "string",
                "pattern": f"^({ADDRESS})",
            },
            "schema": ref("word", "Schema", "The connection's default schema, if left out."),
            "check_every": {
                "title": "Checked every",
                "description": "An observation that is older proves nothing.",
                "type": "string",
                "pattern": f"^{HOURS_OR_DAYS}$",
                "examples": ["24 hours", "2 days"],
            },
            "sweep": _sweep(),
            "rows_per_second": {"title": "Most rows in a second", "type": "integer", "minimum": 1},
        },
        required=("url",),
    )


def _sweep() -> Schema:
    return keys(
        "Sweep",
        "What a pre-approved rule may erase in a table in 24 hours without a person.",
        {
            "floor": {"title": "So many rows always pass", "type": "integer", "minimum": 0},
            "share": {
                "title": "Largest share of the table",
                "type": "string",
                "pattern": f"^{PERCENT}$",
                "examples": ["5 %"],
            },
            "count": {"title": "Most rows", "type": "integer", "minimum": 0},
        },
    )


def _outside(common: Mapping[str, Schema]) -> Schema:
    by = {
        "by": ref("word", "Who does it", "A role, never a person's name."),
        "every": ref("period", "How often"),
        "instructions": ref("text", "Instructions"),
    }
    at_most = {"at_most": ref("period", "The longest that the promise allows")}
    setting = keys(
        "Setting",
        "A setting that keeps the promise, and that someone reads.",
        {**at_most, **by},
        required=("at_most", "by", "every"),
    )
    task = keys("Task", "What someone does by hand and confirms.", by, required=("by", "every"))
    kept: list[Schema] = [
        {"required": [holds, kept_by]}
        for holds in ("serves", "tables")
        for kept_by in ("settings", "tasks")
    ]
    outside = keys(
        "Out of reach",
        "A system that only people reach; tables describe the export that they download.",
        {
            **common,
            "reach": {"title": "Reach", "const": "outside"},
            "serves": ref("names", "Serves", "Activities and caps it holds data for."),
            "settings": named("Settings", "Settings that someone reads.", setting),
            "tasks": named("Tasks", "Tasks that someone confirms.", task),
        },
        required=("reach",),
    )
    return {**outside, "anyOf": kept}


def _table() -> Schema:
    clocks = named("Clocks", "Where the dates of events are found.", ref("clock"))
    columns: Schema = {
        "title": "Columns",
        "description": "Personal columns with their category.",
        "type": "object",
        "additionalProperties": _column(),
    }
    subjects = named(
        "Subjects",
        "The people a row is about, and how it tells who they are.",
        {
            "title": "Subject",
            "description": "Kind of identifier and its path, for example `{email: email}`.",
            "type": "object",
            "properties": {SHARED: ref("names", "Addresses that several people share")},
            "additionalProperties": ref("path"),
            "minProperties": 1,
        },
    )
    return keys(
        "Table",
        "Rows of one kind: whom they are about, what they hold, and until when it is needed.",
        {
            "name": ref("word", "Name in the database", "The id, if left out."),
            "schema": ref("word", "Schema"),
            "key": ref("names", "Key", "`id`, if left out."),
            "belongs_to": _links("Belongs to", "Parents whose grounds cover these rows too."),
            "refers_to": _links("Refers to", "Parents that paths lead to."),
            "clocks": {**clocks, "description": "Shared by all its activities and caps."},
            "serves": named("Serves", "Activities that the rows serve.", _serve(clocks)),
            "caps": named("Caps", "Caps that limit the rows.", _cap(clocks)),
            "subjects": subjects,
            "columns": columns,
            "not_personal": ref("names", "Not personal", "Columns that hold no personal data."),
            "when_due": {
                "title": "When due",
                "description": "Erase the row, or keep it without personal data.",
                "enum": [*WHEN_DUE],
            },
        },
    )


def _links(title: str, description: str) -> Schema:
    pairs: Schema = {
        "title": "Own column to parent's",
        "type": "object",
        "additionalProperties": ref("word"),
        "minProperties": 1,
    }
    columns = {"title": "Columns", "anyOf": [ref("names"), pairs]}
    full = keys(
        "Link with a name of its own",
        "The parent table, the columns, and when the row refers to it.",
        {
            "table": ref("word", "Parent table", "The name of the link, if left out."),
            "columns": columns,
            "when": {
                "title": "Only where",
                "description": "Values of own columns, for example `{kind: case}`.",
                "type": "object",
                "additionalProperties": _SCALAR,
            },
            "keeps_parent": {
                "title": "Keeps the parent",
                "description": "A kept row keeps its parent as a skeleton; true, if left out.",
                "type": "boolean",
            },
        },
        required=("columns",),
    )
    return named(title, description, {"anyOf": [ref("names", "Columns"), full]})


def _serve(clocks: Schema) -> Schema:
    consent = keys(
        "Consent in columns",
        "When it was given and withdrawn, in the same row.",
        {"given": ref("path"), "withdrawn": ref("path"), "reads_as": _reads_as()},
        required=("given",),
    )
    kept = {"title": "Asked and kept by Ombud", "const": OMBUD}
    return keys(
        "Activity",
        "When rows belong to it, and where what its rule needs is found.",
        {
            "when": ref("condition"),
            "clocks": clocks,
            "states": named("States", "When a state lasts.", ref("condition")),
            "consents": named("Consents", "Where they lie.", {"anyOf": [kept, consent]}),
            "columns": ref("names", "Columns", "All of its categories, if left out."),
        },
    )


def _cap(clocks: Schema) -> Schema:
    return keys("Cap", "When it limits a row.", {"when": ref("condition"), "clocks": clocks})


def _column() -> Schema:
    value = keys(
        "The same in every row",
        "For example an empty text.",
        {"value": _SCALAR},
        required=("value",),
    )
    unique = keys(
        "Another in every row",
        "`{key}` stands for the row's key.",
        {"unique": {"type": "string", "pattern": r"\{key\}"}},
        required=("unique",),
    )
    blank = {
        "title": "When blanked",
        "description": "What it holds then; NULL, if left out.",
        "anyOf": [{"type": "null"}, value, unique],
    }
    full = keys(
        "Column",
        "Its category, whom it is about, and how it is blanked.",
        {
            "holds": ref("categories", "Categories"),
            "subject": ref("word", "Subject", "Which of several people it is about."),
            "mentions": {"title": "Can mention other people", "const": "others"},
            "blank": blank,
        },
        required=("holds",),
    )
    return {
        "title": "Column",
        "description": f"A category, several, or `{NOT_PERSONAL}` where it holds none.",
        "anyOf": [{"const": NOT_PERSONAL}, ref("categories"), full],
    }


def _reads_as() -> Schema:
    return {
        "title": "Read as",
        "description": "How the column is read; by its type, if left out.",
        "enum": [*READS_AS],
    }


def _clock() -> Schema:
    null: Schema = {
        "title": "NULL means",
        "description": "Not happened yet, ended, or a mistake to be mended.",
        "enum": [*IF_NULL],
    }
    common = {"null": null, "reads_as": _reads_as()}
    path, columns = ref("path"), ref("names", "Columns")
    latest = {
        "latest": path,
        "over": columns,
        "else": ref("word", "Where no row is linked", "A column of the row itself."),
        "none": {"title": "Where no row is linked", "const": "ended"},
    }
    expression = {"expression": ref("word", "SQL"), "reads": columns}
    return one_key(
        "Clock",
        "Where the date of an event is found for a row.",
        [
            path,
            keys("Column", "", {"column": path, **common}, required=("column",)),
            keys("Latest of linked rows", "", {**latest, **common}, required=("latest",)),
            keys("Expression", "", {**expression, **common}, required=("expression", "reads")),
        ],
    )


def _condition() -> Schema:
    path, nested = ref("path"), ref("condition")
    values: Schema = {"anyOf": [_SCALAR, {"type": "array", "items": _SCALAR, "minItems": 1}]}
    several: Schema = {"type": "array", "items": nested, "minItems": 1}
    exists = {"exists": ref("path", "Path of tables"), "where": nested}
    return one_key(
        "Condition",
        "What must be true of a row.",
        [
            keys("One of", "", {"column": path, "is": values}, required=("column", "is")),
            keys("None of", "", {"column": path, "is_not": values}, required=("column", "is_not")),
            keys("Is NULL", "", {"empty": path}, required=("empty",)),
            keys("Is not NULL", "", {"filled": path}, required=("filled",)),
            keys("Some linked row", "", exists, required=("exists",)),
            keys("All of", "", {"all": several}, required=("all",)),
            keys("Any of", "", {"any": several}, required=("any",)),
            keys("Not", "", {"not": nested}, required=("not",)),
        ],
    )
