"""As much of JSON Schema 2020-12 as the policy's schema uses; any other keyword is an error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Json = Any  # whatever a JSON document can hold

TYPES: Mapping[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "number": (int, float),
    "boolean": bool,
}
SAYS_NOTHING = {"$schema", "$defs", "title", "description", "examples", "then", "else"}


class Schema:
    """Tells whether a document is as the schema says."""

    def __init__(self, schema: Mapping[str, Json]) -> None:
        self._root = schema

    def accepts(self, value: object) -> bool:
        return self._fits(self._root, value)

    def _fits(self, schema: Mapping[str, Json], value: object) -> bool:
        return all(
            self._keyword(keyword, said, schema, value)
            for keyword, said in schema.items()
            if keyword not in SAYS_NOTHING
        )

    def _keyword(self, keyword: str, said: Json, schema: Mapping[str, Json], value: object) -> bool:
        if keyword == "$ref":
            return self._fits(self._root["$defs"][said.removeprefix("#/$defs/")], value)
        if keyword == "type":
            return any(_is(name, value) for name in ([said] if isinstance(said, str) else said))
        if keyword in ("enum", "const"):
            return value in ([said] if keyword == "const" else said)
        if keyword == "if":
            branch = "then" if self._fits(said, value) else "else"
            return self._fits(schema.get(branch, {}), value)
        if keyword == "anyOf":
            return any(self._fits(one, value) for one in said)
        if keyword == "pattern":
            return not isinstance(value, str) or re.search(said, value) is not None
        if isinstance(value, dict):
            return self._of_object(keyword, said, schema, value)
        if isinstance(value, list):
            return self._of_array(keyword, said, value)
        assert keyword in OBJECT | ARRAY, keyword
        return True

    def _of_object(
        self, keyword: str, said: Json, schema: Mapping[str, Json], value: dict[str, Json]
    ) -> bool:
        if keyword == "required":
            return all(key in value for key in said)
        if keyword == "minProperties":
            return len(value) >= said
        if keyword == "propertyNames":
            return all(self._fits(said, key) for key in value)
        if keyword == "properties":
            return all(self._fits(said[key], value[key]) for key in said if key in value)
        if keyword == "additionalProperties":
            others = [value[key] for key in value if key not in schema.get("properties", {})]
            return all(said is not False and self._fits(said, other) for other in others)
        assert keyword in ARRAY, keyword
        return True

    def _of_array(self, keyword: str, said: Json, value: list[Json]) -> bool:
        if keyword == "items":
            return all(self._fits(said, item) for item in value)
        if keyword == "minItems":
            return len(value) >= said
        if keyword == "uniqueItems":
            return all(item not in value[:i] for i, item in enumerate(value))
        assert keyword in OBJECT, keyword
        return True


OBJECT = {"required", "minProperties", "propertyNames", "properties", "additionalProperties"}
ARRAY = {"items", "minItems", "uniqueItems"}


def _is(name: str, value: object) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    return isinstance(value, TYPES[name])
