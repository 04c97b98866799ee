"""Holds, decisions, plans, approvals and watermarks: kept, found, logged, and forgotten.

Method: keep each twice, read it back, and look at what the log was told: never a person.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ombud.errors import Unknown, WrongUse
from ombud.evidence import (
    Approval,
    Decisions,
    Holds,
    KeptPlan,
    Log,
    Plans,
    Preapproval,
    Watermark,
    verify_store,
)
from ombud.plan.hold import Decision, Hold, HoldScope, PersonRef
from stores import memory_store
from unit.evidence.made import DAY, HOUR, NOW

KARI = (PersonRef("email", "kari@example.org"), PersonRef("national_id", "01019012345"))
HOLD = Hold(
    "h1", "legal_claim", HoldScope(KARI), "a claim", "GDPR Art. 17(3)(e)", "Berit", NOW,
    date(2027, 1, 1),
)  # fmt: skip
SCOPES = [
    HoldScope(KARI),
    HoldScope(system="crm", table="contacts", keys=(("1",), ("æ", "2"))),
    HoldScope(system="door", table="films", clock="at", from_on=date(2026, 1, 1),
              to_on=date(2026, 1, 2)),
]  # fmt: skip
ERASURE = Decision("d1", "erasure", KARI, ("events", "newsletter"), (), NOW - DAY, "Berit")


@pytest.fixture
def log() -> Log:
    return Log(memory_store())


def told(log: Log) -> str:
    return "\n".join(entry.text for entry in log.entries())


# ------------------------------------------------------------------ holds


@pytest.mark.parametrize("scope", SCOPES, ids=["persons", "keys", "days"])
def test_a_hold_comes_back_as_it_was_placed(log: Log, scope: HoldScope) -> None:
    holds, hold = Holds(log), replace(HOLD, scope=scope)
    first = holds.place(hold, rows={"crm": 2}, at=NOW)
    assert holds.place(hold, rows={"crm": 9}, at=NOW + HOUR) == first
    assert holds.active() == holds.all() == [hold]
    assert holds.get("h1") == hold


def test_the_log_is_told_of_a_hold_but_not_whom_it_covers(log: Log) -> None:
    Holds(log).place(HOLD, rows={"crm": 2}, at=NOW)
    [entry] = log.entries("hold_placed", about="h1")
    assert entry.body["rows"] == {"crm": 2}
    assert {"by", "reason"} == set(entry.commitments)
    assert not [word for word in ("kari", "0101", "Berit", "a claim") if word in told(log)]


def test_a_hold_without_a_reason_is_refused(log: Log) -> None:
    with pytest.raises(WrongUse, match="needs a reason"):
        Holds(log).place(replace(HOLD, reason=" "), rows={}, at=NOW)
    assert Holds(log).all() == []


def test_a_released_hold(log: Log) -> None:
    holds = Holds(log)
    holds.place(HOLD, rows={}, at=NOW)
    released = holds.release("h1", by="Berit", at=NOW + DAY)
    assert holds.release("h1", by="Berit", at=NOW + 2 * DAY) == released
    assert holds.active() == []
    assert holds.all() == [replace(HOLD, released_at=NOW + DAY)]


def test_whom_a_released_hold_covered_can_be_erased(log: Log) -> None:
    holds = Holds(log)
    holds.place(HOLD, rows={}, at=NOW)
    with pytest.raises(WrongUse, match="not released"):
        holds.erase("h1", at=NOW)
    holds.release("h1", by="Berit", at=NOW)
    holds.erase("h1", at=NOW)
    assert (holds.get("h1").scope, holds.get("h1").reason) == (HoldScope(), "")
    assert log.payloads(range(10)) == []
    verify_store(log)


def test_a_hold_that_is_not_there(log: Log) -> None:
    for call in (Holds(log).get, lambda name: Holds(log).release(name, by="", at=NOW)):
        with pytest.raises(Unknown, match="no hold `h9`"):
            call("h9")


# ------------------------------------------------------------------ decisions


def test_a_decision_comes_back_as_it_was_taken(log: Log) -> None:
    decisions = Decisions(log, zone="Europe/Oslo")
    assert (decisions.mark(), decisions.all()) == (0, [])
    first = decisions.record(ERASURE, at=NOW)
    assert decisions.record(ERASURE, at=NOW + HOUR) == first
    assert decisions.all() == [ERASURE]
    assert decisions.get("d1") == ERASURE
    assert not [word for word in ("kari", "0101", "Berit") if word in told(log)]


def test_what_was_decided_since(log: Log) -> None:
    decisions = Decisions(log, zone="Europe/Oslo")
    decisions.record(ERASURE, at=NOW)
    mark = decisions.mark()
    late = replace(ERASURE, id="d2", kind="withdrawal", decided_at=NOW - 30 * DAY)
    decisions.record(late, at=NOW)
    assert decisions.all(after=mark) == [late], "taken earlier, kept later: still seen"
    assert decisions.all(("erasure",)) == [ERASURE]


def test_a_criterion_is_decided_on_a_local_day(log: Log) -> None:
    """23:30 UTC is the next day in Oslo."""
    at = NOW.replace(hour=23, minute=30)
    decision = Decision("d3", "no_longer_needed", (), ("courses", "plans"), (), at, "Berit")
    Decisions(log, zone="Europe/Oslo").record(decision, at=NOW)
    assert [entry.body for entry in log.entries("decided")] == [
        {"activity": "courses", "decided_on": "2026-11-25"},
        {"activity": "plans", "decided_on": "2026-11-25"},
    ]


def test_whom_a_decision_was_about_can_be_erased(log: Log) -> None:
    decisions = Decisions(log, zone="Europe/Oslo")
    decisions.record(ERASURE, at=NOW)
    decisions.erase("d1", at=NOW)
    assert decisions.all() == [replace(ERASURE, persons=(), by="")]
    assert log.payloads(range(10)) == []
    verify_store(log)
    with pytest.raises(Unknown, match="no decision `d9`"):
        decisions.erase("d9", at=NOW)


# ------------------------------------------------------------------ plans

PLAN = KeptPlan("abcdef01", "basis", date(2026, 11, 24), '{"steps":[]}', NOW)


def test_a_plan_is_found_by_its_digest_or_its_beginning(log: Log) -> None:
    plans = Plans(log)
    plans.keep(PLAN)
    plans.keep(replace(PLAN, made_at=NOW + HOUR))
    other = replace(PLAN, digest="abcd", made_at=NOW + DAY)
    plans.keep(other)
    assert plans.get("abcdef") == PLAN
    assert plans.get("abcd") == other, "a whole digest is no beginning"
    assert plans.latest() == other
    for digest, says in (("abc", "more than one"), ("x", "no plan"), ("%", "no plan")):
        with pytest.raises(Unknown, match=says):
            plans.get(digest)


def test_a_plan_is_approved_once_by_each(log: Log) -> None:
    plans = Plans(log)
    plans.keep(PLAN)
    berit = Approval("abcdef01", "Berit", NOW)
    ola = Approval("abcdef01", "Ola", NOW + HOUR, preapproved=True)
    plans.approve(berit)
    plans.approve(replace(berit, at=NOW + DAY))
    plans.approve(ola)
    assert plans.approvals("abcdef01") == [berit, ola]
    assert len(list(log.entries("approved"))) == 2
    assert "Berit" not in told(log)
    with pytest.raises(Unknown, match="no plan"):
        plans.approve(Approval("nothing", "Berit", NOW))


RULE = Preapproval("events", "crm", "contacts", "digest", "Berit", NOW)


def test_a_preapproval_replaces_the_one_before_and_can_be_voided(log: Log) -> None:
    plans = Plans(log)
    plans.preapprove(RULE)
    changed = replace(RULE, rule_digest="other", at=NOW + HOUR)
    plans.preapprove(changed)
    elsewhere = replace(RULE, table="signups")
    plans.preapprove(elsewhere)
    assert plans.preapprovals() == [changed, elsewhere]
    for _ in range(2):
        plans.void(changed, at=NOW + DAY, because="rule_changed")
    assert plans.preapprovals() == [elsewhere]
    assert len(list(log.entries("preapproval_voided"))) == 1


def test_watermarks_say_how_far_sweeps_have_come(log: Log) -> None:
    plans = Plans(log)
    full = Watermark("crm", "contacts", "full", date(2026, 11, 1), NOW, "basis", 3)
    delta = replace(full, scope="delta", as_of=date(2026, 11, 2))
    for each in (full, replace(full, as_of=date(2026, 10, 1)), full, delta):
        plans.set_watermark(each)
    assert sorted(plans.watermarks("crm"), key=lambda each: each.scope) == [delta, full]
