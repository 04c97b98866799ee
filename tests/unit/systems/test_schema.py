"""An editor that checks a map by its schema says what the parser says.

Method: both are given the same documents: the full map, and the full map with one thing replaced by
something else, at any place. What the parser reads, the schema accepts; what has the wrong shape,
both refuse.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.document import LANGUAGES, Fields, Node, read_document
from ombud.systems import systems_schema
from unit.policy.json_schema import Json, Schema
from unit.systems.written import FULL, OUTSIDE, SMALL, findings_in

PUBLISHED = Path(__file__).parents[3] / "docs" / "reference" / "systems.schema.json"


class MapSchema(Schema):
    """The policy's reader, with the three words more that the map's schema uses."""

    def _keyword(self, keyword: str, said: Json, schema: Mapping[str, Json], value: object) -> bool:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if keyword == "minimum":
            return not number or value >= said
        if said == "integer":
            return number and isinstance(value, int)
        if said == "null":
            return value is None
        return super()._keyword(keyword, said, schema, value)


SCHEMA = MapSchema(systems_schema())
# What a schema can see; the other codes are about meaning, or about the file.
SHAPE = {"Y11", "Y12", "Y13", "Y14", "Y15", "Y17", "Y18", "Y20", "Y21", "Y22", "Y23", "Y24", "Y27"}
SHAPE |= {"Y73", "Y74", "Y75", "Y76", "Y93"}


def plain(node: Node) -> Json:
    """Return a value as an editor sees it: dates are texts."""
    if isinstance(node.value, dict):
        return {key: plain(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [plain(child) for child in node.value]
    return node.value if isinstance(node.value, bool | int | float | None) else node.written


def document(text: str) -> Json:
    return plain(read_document(text, "systems.yaml").root)


def test_the_published_schema_is_the_one_in_use() -> None:
    said = json.dumps(systems_schema(), indent=2, ensure_ascii=False) + "\n"
    assert PUBLISHED.read_text(encoding="utf-8") == said, "write systems_schema() to this file"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(FULL, id="full"),
        pytest.param(SMALL, id="small"),
        pytest.param(OUTSIDE, id="outside"),
    ],
)
def test_what_is_right_is_accepted(text: str) -> None:
    assert SCHEMA.accepts(document(text))


def names_in(schema: Json) -> set[str]:
    """Return every key that the schema knows, languages aside."""
    if isinstance(schema, list):
        return set().union(*map(names_in, schema))
    if not isinstance(schema, dict):
        return set()
    found = set(schema.get("properties", {}))
    values = [v for key, v in schema.items() if key not in ("required", "enum")]
    return found.union(*map(names_in, values)) - set(LANGUAGES)


def test_schema_and_parser_know_the_same_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set()
    fields = Node.fields

    def remembered(self: Node, *keys: str, example: str = "") -> Fields:
        asked.update(keys)
        return fields(self, *keys, example=example)

    monkeypatch.setattr(Node, "fields", remembered)
    findings_in(FULL)
    assert names_in(systems_schema()) == (asked | {"shared"}) - set(LANGUAGES)


def test_every_key_has_a_title() -> None:
    def untitled(schema: Json, path: str) -> list[str]:
        found = []
        for key, value in schema.get("properties", {}).items():
            if key not in LANGUAGES and not {"title", "$ref"} & set(value):
                found.append(f"{path}.{key}")
            found += untitled(value, f"{path}.{key}")
        for branch in ("then", "else"):
            found += untitled(schema[branch], path) if branch in schema else []
        return found

    schema: Json = systems_schema()
    assert untitled(schema, "") == []
    assert [at for name, one in schema["$defs"].items() for at in untitled(one, name)] == []


def paths_in(value: Json, path: tuple[Json, ...] = ()) -> list[tuple[Json, ...]]:
    """Return the way to every value of a document but the root."""
    children = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, child in children:
        found.append((*path, key))
        if isinstance(child, dict | list):
            found += paths_in(child, (*path, key))
    return found


FULL_DOCUMENT = document(FULL)
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 400),
    st.sampled_from(["", "x", "NO", "012", "none", "name", "3 years", "2 days", "5 %", "outside"]),
    st.sampled_from([[], {}, [[]], [{}], {"x": 1}, ["name", "name"], {"da": "x"}, {"x": None}]),
    st.sampled_from(
        [{"latest": "x"}, {"empty": "x"}, {"column": "x", "is": []}, {"holds": "name"}]
    ),
    st.sampled_from([{"unique": "x"}, {"value": ""}, {"table": "x"}, {"given": "x"}, "ombud"]),
)


@settings(max_examples=200)
@given(st.sampled_from(paths_in(FULL_DOCUMENT)), st.one_of(st.just("take out"), JUNK))
def test_the_schema_accepts_what_is_read_and_refuses_what_has_the_wrong_shape(
    path: tuple[Json, ...], junk: Json
) -> None:
    changed = copy.deepcopy(FULL_DOCUMENT)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    if junk == "take out":
        del holder[path[-1]]
    else:
        holder[path[-1]] = junk
    findings = findings_in(json.dumps(changed, ensure_ascii=False))
    errors = {finding.code for finding in findings if finding.severity == "error"}
    if not errors:
        assert SCHEMA.accepts(changed), f"read, but refused by the schema: {path} = {junk!r}"
    if errors & SHAPE:
        assert not SCHEMA.accepts(changed), f"{errors} at {path} = {junk!r}, but in the schema"
