"""The business garden promises what its document does, each with the control it asks for.

Method: read its policy and map, and compare them with tables written from the promises' list.
"""

from __future__ import annotations

import pytest

from examples.workspace import categories_of, proofs_of, written
from ombud.law import Period
from ombud.policy.model import After, Clocks


@pytest.mark.parametrize(
    ("promise", "proofs"),
    [
        pytest.param("SO-28", {("rule", "case_handling")}, id="cases-by-an-own-period"),
        pytest.param(
            "SO-36",
            {("rule", "leaver_mailboxes"), ("setting", "office_suite.leaverMailbox")},
            id="leavers-mailboxes",
        ),
        pytest.param(
            "SO-41", {("absent", "visit_log visitors"), ("attest", "")}, id="no-visit-log"
        ),
        pytest.param(
            "SO-44", {("rule", "business_customers private_customers")}, id="customer-register"
        ),
        pytest.param("SO-45", {("keeps", "bookkeeping")}, id="vouchers-stay"),
    ],
)
def test_each_promise_has_the_control_it_asks_for(
    promise: str, proofs: set[tuple[str, str]]
) -> None:
    policy, _ = written("business-garden")
    assert proofs_of(policy, promise) == proofs


@pytest.mark.parametrize(
    ("activity", "period", "clock"),
    [
        ("case_handling", Period(years=2), "case_closed"),
        ("business_customers", Period(years=3, months=6), "bought"),
        ("private_customers", Period(years=3, months=6), "bought"),
        ("call_log", Period(days=90), "called"),
        ("suppliers", Period(years=1), "agreement_ended"),
    ],
)
def test_what_the_document_leaves_open_has_a_period_and_an_event(
    activity: str, period: Period, clock: str
) -> None:
    policy, _ = written("business-garden")
    assert policy.activities[activity].keep == After(period, Clocks((clock,)))


def test_a_short_quarantine_is_a_number_of_days_in_the_rule_and_in_the_setting() -> None:
    """The regulation on mailboxes wants them closed at once; thirty days are the most."""
    policy, systems = written("business-garden")
    keep = policy.activities["leaver_mailboxes"].keep
    assert isinstance(keep, After)
    assert keep.clocks.names == ("employment_ended",)
    assert (keep.period.months, keep.period.days) == (0, 14)
    assert systems.systems["office_suite"].settings["leaverMailbox"].at_most == keep.period


@pytest.mark.parametrize(
    ("promise", "table", "holds"),
    [
        ("SO-07", "crm.business_customers", {"name", "title", "address", "phone", "email"}),
        ("SO-08", "crm.private_customers", {"name", "address", "phone", "email"}),
        ("SO-09", "crm.suppliers", {"name", "title", "address", "phone", "email"}),
        ("SO-10", "crm.members", {"name", "phone", "email"}),
        ("SO-38", "office.calls", {"phone"}),
    ],
)
def test_a_table_holds_what_its_promise_lists_and_no_more(
    promise: str, table: str, holds: set[str]
) -> None:
    policy, systems = written("business-garden")
    (proof,) = policy.promises[promise].proofs
    assert (proof.kind, proof.names) == ("only", (table,))
    assert categories_of(systems, table) == holds
    assert holds <= set(proof.data)


def test_health_in_a_case_rests_on_a_consent_of_its_own() -> None:
    policy, systems = written("business-garden")
    basis = policy.activities["case_handling"].basis
    assert (basis.special, basis.special_consent) == ("consent", "health_in_case")
    serve = systems.systems["casework"].tables["cases"].serves["case_handling"]
    assert set(serve.consents) == {"health_in_case"}


def test_a_visit_is_no_consent_and_marketing_ends_at_once() -> None:
    policy, _ = written("business-garden")
    assert policy.activities["web_statistics"].basis.consent == "web_statistics"
    marketing = {id_ for id_, a in policy.activities.items() if a.marketing}
    assert marketing == {"offers_by_email", "offers_by_phone", "offers_by_post"}
