"""The work-inclusion company promises what its document does, each with the control it asks for.

Method: read its policy and map, and compare them with tables written from the promises' list.
"""

from __future__ import annotations

import pytest

from examples.workspace import proofs_of, written
from ombud.law import Period
from ombud.policy.model import After, Clocks, FirstOf, Keep

NAV = ("nav_local_participants", "nav_measures_participants", "municipal_participants")
YEAR, THREE_MONTHS = Period(years=1), Period(months=3)


@pytest.mark.parametrize(
    ("promise", "proofs"),
    [
        pytest.param(
            "NT-25",
            {("rule", "personnel vta_employment sick_leave working_hours next_of_kin")},
            id="employees-a-year-after-they-left",
        ),
        pytest.param("NT-26", {("keeps", "wage_vouchers time_sheets")}, id="vouchers-stay"),
        pytest.param(
            "NT-27",
            {
                ("rule", "customers_private customers_business"),
                ("keeps", "sales_vouchers order_documents"),
            },
            id="customers-a-year-after-the-last-order-and-their-papers-stay",
        ),
        pytest.param("NT-28", {("rule", " ".join(NAV))}, id="participants-after-the-report"),
    ],
)
def test_each_promise_has_the_control_it_asks_for(
    promise: str, proofs: set[tuple[str, str]]
) -> None:
    policy, _ = written("work-inclusion")
    assert proofs_of(policy, promise) == proofs


def after(period: Period, clock: str) -> After:
    """Return a period that counts from an event."""
    return After(period, Clocks((clock,)))


@pytest.mark.parametrize(
    ("activity", "keep"),
    [
        ("personnel", after(YEAR, "employment_ended")),
        ("vta_employment", after(YEAR, "employment_ended")),
        ("customers_private", after(YEAR, "ordered")),
        ("customers_business", after(YEAR, "ordered")),
        *(
            (each, FirstOf((after(THREE_MONTHS, "final_report_sent"), after(YEAR, "left_measure"))))
            for each in NAV
        ),
    ],
)
def test_the_periods_are_those_of_the_document(activity: str, keep: Keep) -> None:
    policy, _ = written("work-inclusion")
    assert policy.activities[activity].keep == keep


def test_vouchers_stay_as_long_as_the_bookkeeping_act_says() -> None:
    """Five years for invoices and wages, three and a half for agreements, slips and time sheets."""
    policy, _ = written("work-inclusion")
    facts = {id_: a.fact.id for id_, a in policy.activities.items() if a.fact}
    assert facts == {
        "wage_vouchers": "no_bok5",
        "sales_vouchers": "no_bok5",
        "time_sheets": "no_bok35",
        "order_documents": "no_bok35",
    }


def test_participants_are_processed_for_who_referred_them_and_vta_is_our_own() -> None:
    """VTA is employment, so the company is the controller there."""
    policy, _ = written("work-inclusion")
    roles = {id_: (a.role.kind, a.role.party) for id_, a in policy.activities.items()}
    assert roles["vta_employment"] == ("controller", "")
    assert {roles[each] for each in NAV} == {("processor", "NAV"), ("processor", "Fossvåg kommune")}
    assert all(policy.activities[each].role.contract for each in NAV)


def test_who_answers_for_an_activity_is_a_role_of_the_document() -> None:
    policy, _ = written("work-inclusion")
    owners = {a.owner for a in policy.activities.values()}
    assert owners == {"Daglig leder", "Fagansvarlig", "Salgs- og markedsansvarlig"}


def test_health_needs_a_condition_of_article_9_everywhere() -> None:
    policy, _ = written("work-inclusion")
    with_health = {id_: a for id_, a in policy.activities.items() if "health" in a.data}
    assert set(with_health) == {"sick_leave", *NAV}
    assert all(a.basis.special for a in with_health.values())
