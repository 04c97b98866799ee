"""What is special about the business agency: the survey tool that writes UTC, and what it promises.

Method: read its two files and look at the promises; say the same about the survey tool's times in
another way, and ask the engine again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from _data.fill import EXAMPLES, fill, load

from examples.workspace import SEED, TODAY, categories_of, due, proofs_of, written
from ombud.connectors.sql import SqlConnector
from ombud.systems.model import Systems
from ombud.systems.parse import parse_systems

SLUG = "business-agency"


@pytest.mark.parametrize(
    ("promise", "proofs"),
    [
        pytest.param(
            "NE-13",
            {("setting", "analytics.eventDataRetention"), ("rule", "web_statistics")},
            id="analytics",
        ),
        pytest.param("NE-16", {("rule", "contact")}, id="crm"),
        pytest.param("NE-18", {("rule", "company_visits")}, id="visits"),
        pytest.param("NE-26", {("rule", "events"), ("keeps", "bookkeeping")}, id="events"),
        pytest.param("NE-30", {("rule", "surveys"), ("cap", "survey_max")}, id="surveys"),
        pytest.param("NE-35", {("task", "applications_mailbox.unsolicited")}, id="unsolicited"),
    ],
)
def test_each_promise_has_the_control_its_nature_asks_for(
    promise: str, proofs: set[tuple[str, str]]
) -> None:
    assert proofs_of(written(SLUG)[0], promise) == proofs


@pytest.mark.parametrize(
    ("promise", "table"),
    [
        pytest.param("NE-15", "crm.contacts", id="crm"),
        pytest.param("NE-24", "events.signups", id="events"),
        pytest.param("NE-27", "website.subscribers", id="newsletter"),
        pytest.param("NE-36", "accounting.customers", id="invoicing"),
    ],
)
def test_a_promise_to_hold_only_this_names_what_the_table_holds(promise: str, table: str) -> None:
    policy, systems = written(SLUG)
    named = {proof.names: set(proof.data) for proof in policy.promises[promise].proofs}
    assert named[(table,)] == categories_of(systems, table)


def test_no_setting_is_longer_than_what_is_promised() -> None:
    setting = written(SLUG)[1].systems["analytics"].settings["eventDataRetention"]
    assert str(setting.at_most) == "14 months"


def with_a_zone() -> Systems:
    """Return the map with the survey tool's zone said once, instead of at each clock."""
    text = (EXAMPLES / SLUG / "systems.yaml").read_text()
    text = re.sub(r",? ?reads_as: utc(?: +#.*)?", "", text)
    text = text.replace("    url: ${SURVEY_URL}\n", "    url: ${SURVEY_URL}\n    zone: UTC\n")
    return parse_systems(text, "systems.yaml", written(SLUG)[0])


def test_a_day_is_the_organisations_also_where_a_system_is_in_another_zone(
    fresh_database: Callable[[str], str],
) -> None:
    """Twenty past midnight in Denmark is the day before in UTC: the answer is not due yet."""
    policy, _ = written(SLUG)
    system = with_a_zone().systems["survey_tool"]
    example = load(SLUG)
    urls = {each: fresh_database("sqlite") for each in example.TABLES}
    fill(urls, example, rows=1, seed=SEED, today=TODAY)
    zone = ZoneInfo(policy.organisation.zone)
    connector = SqlConnector(system, urls[system.id], policy.organisation.country, zone)
    try:
        found = due(SLUG, {system.id: connector}, TODAY)
    finally:
        connector.close()
    marked = {name: (mark.table, mark.key) for name, mark in example.MARKED.items()}
    assert marked["last answer due"] in found.erased
    assert marked["last answer on its last day"] not in found.erased
