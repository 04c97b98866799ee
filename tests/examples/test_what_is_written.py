"""Every example's policy and map say nothing wrong, and all that its document promises to keep.

Method: parse both files of each folder under `examples/` with a policy; compare the tables of the
map with those of `data.py`, name by name; compare its promises with the list of all promises.
"""

from __future__ import annotations

import re
from datetime import date

import pytest
import yaml
from _data.fill import EXAMPLES, load

from ombud.policy.model import Policy
from ombud.policy.parse import parse_policy
from ombud.systems.model import Systems
from ombud.systems.parse import parse_systems
from style.source import ROOT

SLUGS = sorted(path.parent.name for path in EXAMPLES.glob("*/data.py"))
FROM_SEEDS = [slug for slug in SLUGS if slug != "club"]  # that one is for docs and tests
PROMISES = ROOT / "docs" / "reference" / "promise-types.yaml"
TODAY = date(2026, 11, 24)
SEED = re.compile(r"00[0-4]_[0-9a-f]{16}\.txt")
# The documents' own suppliers, sites and places; ours are invented.
NAMES_OF_THE_SEEDS = re.compile(
    r"næstved|naestved|væksthus|arbejdskraftalliancen|aktivindsats|næringstjenester|sønh|søir"
    r"|implement consulting|google|survey ?monkey|e-conomic|implementconsulting",
    re.IGNORECASE,
)


def policy_of(slug: str) -> Policy:
    """Return the parsed policy."""
    return parse_policy((EXAMPLES / slug / "policy.yaml").read_bytes(), "policy.yaml", TODAY)


def systems_of(slug: str, policy: Policy) -> Systems:
    """Return the parsed map."""
    text = (EXAMPLES / slug / "systems.yaml").read_bytes()
    return parse_systems(text, "systems.yaml", policy)


@pytest.mark.parametrize("slug", SLUGS)
def test_nothing_is_wrong_in_what_is_written(slug: str) -> None:
    policy = policy_of(slug)
    systems = systems_of(slug, policy)
    assert policy.warnings == ()
    assert systems.warnings == ()


@pytest.mark.parametrize("slug", SLUGS)
def test_the_map_has_every_table_and_column_of_the_data_and_no_other(slug: str) -> None:
    systems = systems_of(slug, policy_of(slug))
    mapped = {
        (system.id, table.name): {*table.columns, *table.not_personal}
        for system in systems.systems.values()
        if system.reach == "database"
        for table in system.tables.values()
    }
    made = {
        (system, table.name): set(table.columns.keys())
        for system, metadata in load(slug).TABLES.items()
        for table in metadata.tables.values()
    }
    assert mapped == made


@pytest.mark.parametrize("slug", SLUGS)
def test_every_foreign_key_is_a_link_and_has_an_index(slug: str) -> None:
    """Without the index, erasing a parent reads the whole child table for every row."""
    systems = systems_of(slug, policy_of(slug))
    for system, metadata in load(slug).TABLES.items():
        mapped = systems.systems[system]
        linked = {
            (mapped.tables[link.child].name, tuple(c for c, _ in link.columns))
            for link in mapped.links.values()
        }
        for table in metadata.tables.values():
            leading = {tuple(c.name for c in index.columns) for index in table.indexes}
            leading.add(tuple(c.name for c in table.primary_key.columns))
            for key in table.foreign_key_constraints:
                columns = tuple(key.column_keys)
                assert (table.name, columns) in linked, f"{system}.{table.name} {columns}"
                found = any(index[: len(columns)] == columns for index in leading)
                assert found, f"{system}.{table.name} {columns} has no index"


@pytest.mark.parametrize("slug", FROM_SEEDS)
def test_the_seed_is_named_at_the_top_and_nothing_of_it_copied(slug: str) -> None:
    for name in ("policy.yaml", "systems.yaml", "data.py"):
        text = (EXAMPLES / slug / name).read_text()
        assert not NAMES_OF_THE_SEEDS.findall(text), name
    comment = (EXAMPLES / slug / "policy.yaml").read_text().partition("\norganisation:")[0]
    assert SEED.search(comment)


def promises_about_keeping(slug: str) -> set[str]:
    """Return the ids of what a document promises about keeping and erasing."""
    promised = yaml.safe_load(PROMISES.read_text())["examples"][slug]
    numbers = [*promised["retention"], *promised.get("cctv", [])]
    return {f"{promised['prefix']}-{number:02}" for number in numbers}


@pytest.mark.parametrize("slug", FROM_SEEDS)
def test_a_promise_of_a_type_that_is_shown_stands_or_says_why_it_does_not(slug: str) -> None:
    told = yaml.safe_load(PROMISES.read_text())
    promised = told["examples"][slug]
    shown = {
        n
        for type_, how in told["types"].items()
        if how["with"] == "now"
        for n in promised.get(type_, ())
    }
    waits = {n for n, why in promised.get("waits", {}).items() if why["because"] and why["with"]}
    standing = {n for n in shown if f"{promised['prefix']}-{n:02}" in policy_of(slug).promises}
    assert shown == standing | waits
    assert not standing & waits


@pytest.mark.parametrize("slug", FROM_SEEDS)
def test_every_promise_about_keeping_stands_under_its_id(slug: str) -> None:
    assert promises_about_keeping(slug) <= set(policy_of(slug).promises)
