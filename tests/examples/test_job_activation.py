"""What is special about the job-activation company: a criterion, explicit consent, health notes.

Method: read its two files and look at the promises; decide that health notes are no longer needed,
and ask the engine which of the marked notes end.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from _data.fill import load

from examples.workspace import TODAY, categories_of, filled, proofs_of, written
from ombud.plan.grounds import system_grounds
from ombud.plan.hold import Decision
from ombud.plan.time import Timing
from ombud.policy.model import FirstOf, NeededFrom

SLUG = "job-activation"
NOTES = "case_system.health_notes"


@pytest.mark.parametrize(
    ("promise", "proofs"),
    [
        pytest.param("AK-21", {("rule", "surveys")}, id="surveys"),
        pytest.param("AK-22", {("rule", "newsletter")}, id="newsletter"),
        pytest.param("AK-23", {("rule", "special_material")}, id="special-material"),
        pytest.param("AK-25", {("keeps", "bookkeeping")}, id="bookkeeping"),
    ],
)
def test_each_promise_has_the_control_its_nature_asks_for(
    promise: str, proofs: set[tuple[str, str]]
) -> None:
    assert proofs_of(written(SLUG)[0], promise) == proofs


def test_only_while_there_is_a_reason_means_every_rule_and_every_task() -> None:
    policy, systems = written(SLUG)
    proofs = {proof.kind: set(proof.names) for proof in policy.promises["AK-18"].proofs}
    tasks = {f"{s.id}.{t}" for s in systems.systems.values() for t in s.tasks}
    assert proofs == {"rule": set(policy.activities), "task": tasks}


def test_what_is_relevant_names_what_each_table_holds() -> None:
    policy, systems = written(SLUG)
    for proof in policy.promises["AK-05"].proofs:
        assert set(proof.data) == categories_of(systems, proof.names[0])


def test_when_no_longer_needed_has_a_person_a_pace_and_an_end() -> None:
    keep = written(SLUG)[0].activities["special_material"].keep
    assert isinstance(keep, FirstOf)
    criterion, *ends = keep.parts
    assert isinstance(criterion, NeededFrom)
    assert (criterion.by, str(criterion.every)) == ("Faglig leder", "6 months")
    assert len(ends) == 2


def test_a_decision_ends_the_notes_of_cases_closed_before_it(
    fresh_database: Callable[[str], str],
) -> None:
    policy, systems = written(SLUG)
    zone = ZoneInfo(policy.organisation.zone)
    noon = datetime.combine(TODAY, time(12), zone)
    timing = Timing(noon, zone, policy.organisation.financial_year)
    decided = noon - timedelta(days=14)
    decision = Decision("d", "no_longer_needed", (), ("special_material",), (), decided, "staff")
    with filled(SLUG, lambda: fresh_database("sqlite"), TODAY, 1) as connectors:
        with connectors["case_system"].session() as session:
            system = systems.systems["case_system"]
            session.put(system_grounds(policy, system, timing, decisions=(decision,)))
            due = {
                (NOTES, tuple(key))
                for counted in session.survey()
                if counted.selection.table == "health_notes"
                for key in session.keys(counted.selection, None, 1_000)
            }
    marked = {name: (mark.table, mark.key) for name, mark in load(SLUG).MARKED.items()}
    assert marked["note that nobody has decided on"] in due
    assert marked["note of an open case"] not in due
