"""The consulting group promises what its document does, each with the control it asks for.

Method: read its policy and map, and compare them with tables written from the promises' list.
"""

from __future__ import annotations

import pytest

from examples.workspace import categories_of, proofs_of, written
from ombud.law import Period
from ombud.policy.model import After, Clocks, FirstOf, NeededFrom, WhileState


@pytest.mark.parametrize(
    ("promise", "proofs"),
    [
        pytest.param("IM-14", {("attest", "")}, id="signs"),
        pytest.param(
            "IM-17",
            {("rule", "cctv"), ("cap", "cctv_max"), ("setting", "recorder.overwriteAfter")},
            id="recordings-five-days",
        ),
        pytest.param(
            "IM-18",
            {("hold", "investigation police_report concrete_dispute")},
            id="recordings-longer-only-with-a-reason",
        ),
        pytest.param("IM-22", {("rule", "events newsletter")}, id="while-relevant"),
        pytest.param("IM-34", {("rule", "courses")}, id="course-data"),
        pytest.param("IM-46", {("rule", "projects")}, id="projects"),
        pytest.param(
            "IM-47", {("hold", "concrete_circumstances legal_claim")}, id="concrete-circumstances"
        ),
        pytest.param("IM-48", {("rule", "customers")}, id="while-a-customer"),
        pytest.param(
            "IM-49", {("cap", "customer_max"), ("keeps", "bookkeeping")}, id="three-years"
        ),
    ],
)
def test_each_promise_has_the_control_it_asks_for(
    promise: str, proofs: set[tuple[str, str]]
) -> None:
    policy, _ = written("consultancy")
    assert proofs_of(policy, promise) == proofs


def after(period: Period, clock: str) -> After:
    """Return a period that counts from an event."""
    return After(period, Clocks((clock,)))


def test_relevance_is_decided_every_year_with_a_last_day_behind_it() -> None:
    policy, _ = written("consultancy")
    assert policy.activities["events"].keep == FirstOf(
        (
            NeededFrom("event_held", "Marketingchef", Period(months=12)),
            after(Period(years=2), "event_held"),
        )
    )


def test_customers_go_with_the_relationship_and_at_the_latest_after_three_years() -> None:
    """The relationship is a state of the row; the cap limits it, and only vouchers pass the cap."""
    policy, systems = written("consultancy")
    assert policy.activities["customers"].keep == WhileState("relationship")
    cap = policy.caps["customer_max"]
    assert cap.keep == after(Period(years=3), "last_work")
    assert cap.unless == ("bookkeeping", "legal_claim")
    capped = {t.id for t in systems.systems["crm"].tables.values() if "customer_max" in t.caps}
    assert capped == {"customers", "contacts"}


def test_recordings_pass_the_laws_thirty_days_only_for_the_laws_reasons() -> None:
    """An inquiry holds a recording longer than five days, but not longer than thirty."""
    policy, _ = written("consultancy")
    assert policy.activities["cctv"].keep == after(Period(days=5), "recorded")
    cap = policy.caps["cctv_max"]
    assert cap.fact is not None
    assert cap.fact.id == "dk_tv"
    assert cap.keep.period == Period(days=30)
    assert set(cap.unless) == {"police_report", "concrete_dispute"}


@pytest.mark.parametrize(
    ("activity", "keep"),
    [
        ("projects", after(Period(years=5), "project_closed")),
        ("courses", after(Period(months=6), "course_ended")),
        ("office_visits", after(Period(months=6), "visit_ended")),
        ("suppliers", after(Period(years=3), "agreement_ended")),
    ],
)
def test_what_the_document_leaves_open_has_a_period_and_an_event(
    activity: str, keep: After
) -> None:
    policy, _ = written("consultancy")
    assert policy.activities[activity].keep == keep


def test_a_course_is_a_contract_and_news_of_courses_a_consent() -> None:
    policy, _ = written("consultancy")
    assert policy.activities["courses"].basis.kind == "contract"
    assert policy.activities["course_news"].basis.consent == "course_news"


@pytest.mark.parametrize(
    ("promise", "tables"),
    [
        ("IM-08", {"crm.customers", "crm.contacts"}),
        ("IM-19", {"web.event_signups", "web.subscribers"}),
        ("IM-30", {"web.course_signups"}),
    ],
)
def test_a_table_holds_what_its_promise_lists_and_no_more(promise: str, tables: set[str]) -> None:
    policy, systems = written("consultancy")
    proofs = {proof.names[0]: set(proof.data) for proof in policy.promises[promise].proofs}
    assert set(proofs) == tables
    for table, listed in proofs.items():
        assert categories_of(systems, table) == listed
