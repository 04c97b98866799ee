"""How promises stand.

Method: keep observations and statements in a log in memory at chosen instants, read back what the
log shows at an instant, and compare the one word; each way to break a promise is planted, seen,
mended and seen again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from ombud.evidence import (
    Attested,
    CapSeen,
    Holds,
    Log,
    Observation,
    RuleSeen,
    SettingRead,
    Standing,
    StepDone,
    TableSeen,
    TaskConfirmed,
    gaps,
    latest_observation,
    observe,
    shown,
    standings,
)
from ombud.evidence.observation import measured, observation_from
from ombud.evidence.said import Counts
from ombud.law import Period
from ombud.plan.hold import Hold, HoldScope
from ombud.policy.model import Policy, Proof, ProofKind
from stores import memory_store
from unit.evidence.made import DAY, HOUR, NOW, TODAY, policy, seen, systems

RULE = Proof("rule", ("events",))
KEEPS = Proof("keeps", ("books",))
HOLD = Proof("hold", ("legal_claim",))
SETTING = Proof("setting", ("stats.keep",))
TASK = Proof("task", ("stats.empty",))
ATTEST = Proof("attest", (), by="Berit", every=Period(months=12))
FUTURE = date(2031, 12, 31)


class Ledger:
    """A log with shortcuts."""

    def __init__(self) -> None:
        self.log = Log(memory_store())
        self.systems = systems()

    def see(self, at: datetime = NOW, **more: object) -> Observation:
        return observe(self.log, seen(at, **more), gap=DAY)  # type: ignore[arg-type]

    def done(self, at: datetime, count: int = 3) -> None:
        step = StepDone("crm", "contacts", "erase", Counts(count), ("events",), ("max",))
        self.log.append([step.draft()], at=at)

    def read(self, value: Period | None, at: datetime) -> None:
        self.log.append([SettingRead("stats", "keep", value, at).draft(by="Berit")], at=at)

    def confirm(self, remaining: int, at: datetime) -> None:
        self.log.append([TaskConfirmed("stats", "empty", remaining, at).draft(by="B")], at=at)

    def attest(self, at: datetime, *, so: bool = True, explains: bool = False) -> None:
        said = Attested("P-1", at, so=so, explains=explains)
        self.log.append([said.draft(by="Berit", words="checked")], at=at)

    def hold(self, at: datetime, rows: int = 2, review_on: date = date(2027, 1, 1)) -> None:
        hold = Hold("h1", "legal_claim", HoldScope(), "a claim", "", "Berit", at, review_on)
        Holds(self.log).place(hold, rows={"crm": rows}, at=at)

    def at(self, now: datetime, *proofs: Proof, policy_: Policy | None = None) -> Standing:
        promised = policy_ or policy(*proofs)
        found = shown(self.log, promised, self.systems, now)
        return standings(promised, self.systems, found, now)[0]


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


def codes(standing: Standing) -> list[str]:
    return [each.code for each in standing.evidence]


# ------------------------------------------------------------------ rules


def test_a_rule_nobody_looked_at_is_not_provable(ledger: Ledger) -> None:
    standing = ledger.at(NOW, RULE)
    assert (standing.standing, standing.since) == ("not_provable", None)
    assert codes(standing) == ["never_observed"]


def test_a_rule_under_which_nothing_was_ever_due(ledger: Ledger) -> None:
    ledger.see()
    assert ledger.at(NOW, RULE).standing == "nothing_due"


def test_a_rule_with_rows_overdue_is_broken_until_they_are_gone(ledger: Ledger) -> None:
    ledger.see(NOW, events=RuleSeen(due=4, overdue=3))
    broken = ledger.at(NOW + HOUR, RULE)
    assert (broken.standing, broken.since) == ("not_kept", NOW)
    assert (broken.evidence[0].code, broken.evidence[0].count) == ("overdue", 3)
    ledger.see(NOW + HOUR, events=RuleSeen(due=4, overdue=4))
    assert ledger.at(NOW + 2 * HOUR, RULE).since == NOW
    ledger.done(NOW + 2 * HOUR)
    ledger.see(NOW + 3 * HOUR)
    mended = ledger.at(NOW + 3 * HOUR, RULE)
    assert (mended.standing, mended.since) == ("kept", NOW + 3 * HOUR)
    assert ledger.at(NOW + HOUR, RULE).standing == "not_kept", "the past stays computable"


def test_rows_that_are_due_since_less_than_the_sweep_interval_break_nothing(
    ledger: Ledger,
) -> None:
    ledger.see(events=RuleSeen(due=4))
    assert ledger.at(NOW, RULE).standing == "kept"


def test_what_was_erased_once_is_remembered(ledger: Ledger) -> None:
    ledger.done(NOW - HOUR)
    ledger.see(NOW)
    ledger.see(NOW + DAY)
    ledger.done(NOW + DAY, count=4)
    observation = ledger.see(NOW + DAY + HOUR)
    assert observation.carried["contacts"].changed == {"events": Counts(7), "max": Counts(7)}
    assert ledger.at(NOW + DAY + HOUR, RULE).standing == "kept"


@pytest.mark.parametrize(
    ("action", "changed", "says"),
    [
        pytest.param("erase", Counts(7), "7 erased so far", id="erased"),
        pytest.param("blank", Counts(0, 1200), "1,200 blanked so far", id="blanked"),
        pytest.param("erase", Counts(2, 5), "2 erased and 5 blanked so far", id="both"),
        pytest.param(
            "erase",
            Counts(2, 0, 500),
            "2 erased so far, and at most 500 more by a run that was cut off",
            id="in-doubt",
        ),
    ],
)
def test_rows_erased_and_rows_blanked_are_counted_apart(
    ledger: Ledger, action: str, changed: Counts, says: str
) -> None:
    """A row that stays with its name emptied is not gone."""
    step = StepDone("crm", "contacts", action, changed, ("events",))
    ledger.log.append([step.draft()], at=NOW)
    ledger.see(NOW + HOUR)
    [evidence, *_] = ledger.at(NOW + HOUR, RULE).evidence
    assert evidence.says == f"`crm.contacts`: 0 rows are due; {says}"
    assert {n: evidence.as_json()[n] for n in vars(changed)} == vars(changed)


def test_what_a_run_that_ended_early_told_is_not_told_again(ledger: Ledger) -> None:
    partly = StepDone("crm", "contacts", "erase", Counts(2), ("events",), partly=True)
    done = StepDone("crm", "contacts", "erase", Counts(5), ("events",), earlier=Counts(2))
    ledger.log.append([partly.draft(), done.draft()], at=NOW)
    observation = ledger.see(NOW + HOUR)
    assert observation.carried["contacts"].changed == {"events": Counts(5)}


@pytest.mark.parametrize(
    ("rule", "word"),
    [
        pytest.param(RuleSeen(undecided=2), "not_kept", id="a-criterion-nobody-decided"),
        pytest.param(RuleSeen(clock_missing=2), "not_provable", id="no-date-to-count-from"),
        pytest.param(RuleSeen(overdue=1, clock_missing=2), "not_kept", id="the-worse-of-two"),
    ],
)
def test_what_else_breaks_a_rule(ledger: Ledger, rule: RuleSeen, word: str) -> None:
    ledger.see(events=rule)
    assert ledger.at(NOW, RULE).standing == word


def test_an_observation_that_is_too_old_proves_nothing(ledger: Ledger) -> None:
    ledger.see()
    assert ledger.at(NOW + DAY, RULE).standing == "nothing_due"
    standing = ledger.at(NOW + DAY + timedelta(seconds=1), RULE)
    assert (standing.standing, standing.since) == ("not_provable", NOW + DAY)
    assert codes(standing) == ["stale"]


def test_what_was_fine_before_a_gap_is_fine_since_after_it(ledger: Ledger) -> None:
    for at in (NOW, NOW + DAY, NOW + 5 * DAY, NOW + 6 * DAY):
        ledger.see(at, events=RuleSeen(due=1))
    assert ledger.at(NOW + DAY, RULE).since == NOW
    assert ledger.at(NOW + 6 * DAY, RULE).since == NOW + 5 * DAY


def test_what_was_broken_before_a_gap_is_broken_since_before_it(ledger: Ledger) -> None:
    for at in (NOW, NOW + 5 * DAY):
        ledger.see(at, events=RuleSeen(overdue=1))
    assert ledger.at(NOW + 5 * DAY, RULE).since == NOW


def test_a_table_of_the_map_that_was_left_out_is_not_provable(ledger: Ledger) -> None:
    whole = seen()
    part = replace(whole, tables={"invoices": whole.tables["invoices"]})
    observe(ledger.log, part, gap=DAY)
    assert codes(ledger.at(NOW, RULE)) == ["not_measured"]


def test_a_rule_that_no_system_serves_is_not_provable(ledger: Ledger) -> None:
    assert codes(ledger.at(NOW, Proof("rule", ("nowhere",)))) == ["no_system"]


def test_a_rule_in_a_system_out_of_reach_rests_on_its_setting_and_task(ledger: Ledger) -> None:
    proof = Proof("rule", ("visits",))
    assert ledger.at(NOW, proof).standing == "not_provable"
    ledger.read(Period(months=14), NOW)
    assert ledger.at(NOW, proof).standing == "not_provable"
    ledger.confirm(0, NOW)
    assert ledger.at(NOW, proof).standing == "kept"
    ledger.confirm(1, NOW + HOUR)
    assert ledger.at(NOW + HOUR, proof).standing == "not_kept"


def test_a_cap_with_rows_past_it_is_broken(ledger: Ledger) -> None:
    cap = Proof("cap", ("max",))
    ledger.see()
    assert ledger.at(NOW, cap).standing == "nothing_due"
    whole = seen(NOW + HOUR)
    table = replace(whole.tables["contacts"], caps={"max": CapSeen(2, 1)})
    tables = {**whole.tables, "contacts": table}
    observe(ledger.log, replace(whole, tables=tables), gap=DAY)
    assert ledger.at(NOW + HOUR, cap).standing == "not_kept"
    ledger.see(NOW + 2 * HOUR)
    ledger.done(NOW + 3 * HOUR)
    ledger.see(NOW + 3 * HOUR)
    assert ledger.at(NOW + 3 * HOUR, cap).standing == "kept"


# ------------------------------------------------------------------ what must stay


def test_rows_that_had_to_be_kept_and_are_gone(ledger: Ledger) -> None:
    """Data gone that had to be kept: not kept until the rows are back."""
    assert ledger.at(NOW, KEEPS).standing == "not_provable"
    ledger.see(NOW, kept={FUTURE: 5})
    assert ledger.at(NOW, KEEPS).standing == "kept"
    ledger.see(NOW + HOUR, kept={FUTURE: 3})
    broken = ledger.at(NOW + HOUR, KEEPS)
    assert (broken.standing, broken.evidence[0].count) == ("not_kept", 2)
    ledger.see(NOW + 2 * HOUR, kept={FUTURE: 3})
    assert ledger.at(NOW + 2 * HOUR, KEEPS).since == NOW + HOUR
    ledger.see(NOW + 3 * HOUR, kept={FUTURE: 5})
    assert ledger.at(NOW + 3 * HOUR, KEEPS).standing == "kept"


def test_a_person_explains_rows_that_are_gone_and_only_those(ledger: Ledger) -> None:
    ledger.see(NOW, kept={FUTURE: 5})
    ledger.see(NOW + HOUR, kept={FUTURE: 3})
    ledger.attest(NOW + HOUR)
    assert ledger.at(NOW + HOUR, KEEPS).standing == "not_kept", "it explains nothing"
    ledger.attest(NOW + 2 * HOUR, explains=True)
    assert ledger.at(NOW + 2 * HOUR, KEEPS).standing == "kept"
    ledger.see(NOW + 3 * HOUR, kept={FUTURE: 3})
    assert ledger.at(NOW + 3 * HOUR, KEEPS).standing == "kept"
    ledger.see(NOW + 4 * HOUR, kept={FUTURE: 2})
    assert ledger.at(NOW + 4 * HOUR, KEEPS).standing == "not_kept"


def test_new_rows_do_not_hide_that_old_ones_are_gone(ledger: Ledger) -> None:
    ledger.see(NOW, kept={FUTURE: 5})
    ledger.see(NOW + HOUR, kept={FUTURE: 3, date(2032, 12, 31): 4})
    assert ledger.at(NOW + HOUR, KEEPS).evidence[0].count == 2


def test_rows_whose_time_has_passed_may_go(ledger: Ledger) -> None:
    ledger.see(NOW, kept={TODAY: 5, FUTURE: 1})
    ledger.see(NOW + DAY, kept={FUTURE: 1})
    assert ledger.at(NOW + DAY, KEEPS).standing == "kept"


def test_on_the_last_day_rows_must_still_be_there(ledger: Ledger) -> None:
    ledger.see(NOW, kept={TODAY: 5})
    ledger.see(NOW + HOUR, kept={TODAY: 4})
    assert ledger.at(NOW + HOUR, KEEPS).standing == "not_kept"


def test_a_table_that_is_gone_takes_its_rows_with_it(ledger: Ledger) -> None:
    ledger.see(NOW, kept={FUTURE: 5})
    whole = seen(NOW + HOUR)
    observe(ledger.log, replace(whole, tables={"contacts": whole.tables["contacts"]}), gap=DAY)
    assert ledger.at(NOW + HOUR, KEEPS).standing == "not_kept"


def test_nothing_to_keep_is_nothing_due(ledger: Ledger) -> None:
    ledger.see(kept={})
    assert ledger.at(NOW, KEEPS).standing == "nothing_due"


def test_a_changed_rule_moves_rows_to_other_days(ledger: Ledger) -> None:
    ledger.see(NOW, kept={FUTURE: 5}, basis="a")
    ledger.see(NOW + HOUR, kept={date(2030, 6, 30): 5}, basis="b")
    assert ledger.at(NOW + HOUR, KEEPS).standing == "kept"


def test_a_changed_rule_does_not_hide_that_rows_are_gone(ledger: Ledger) -> None:
    ledger.see(NOW, kept={FUTURE: 5}, basis="a")
    ledger.see(NOW + HOUR, kept={date(2030, 6, 30): 3}, basis="b")
    assert ledger.at(NOW + HOUR, KEEPS).evidence[0].count == 2
    ledger.see(NOW + 2 * HOUR, kept={date(2030, 6, 30): 3}, basis="b")
    assert ledger.at(NOW + 2 * HOUR, KEEPS).since == NOW + HOUR
    ledger.see(NOW + 3 * HOUR, kept={date(2030, 6, 30): 5}, basis="b")
    assert ledger.at(NOW + 3 * HOUR, KEEPS).standing == "kept"


# ------------------------------------------------------------------ holds


def test_no_hold_is_nothing_due(ledger: Ledger) -> None:
    assert ledger.at(NOW, HOLD).standing == "nothing_due"


def test_a_hold_stands_from_when_it_is_placed_until_it_is_released(ledger: Ledger) -> None:
    ledger.hold(NOW)
    assert ledger.at(NOW, HOLD).standing == "kept"
    assert codes(ledger.at(NOW + DAY + HOUR, HOLD)) == ["never_observed"]
    ledger.see(NOW + DAY, holds={"h1": 2})
    assert ledger.at(NOW + DAY, HOLD).standing == "kept"
    Holds(ledger.log).release("h1", by="Berit", at=NOW + 2 * DAY)
    assert ledger.at(NOW + 2 * DAY, HOLD).standing == "nothing_due"
    assert ledger.at(NOW + DAY, HOLD).standing == "kept", "it was there then"


def test_a_hold_that_was_ignored(ledger: Ledger) -> None:
    ledger.hold(NOW, rows=2)
    ledger.see(NOW + HOUR, holds={"h1": 1})
    standing = ledger.at(NOW + HOUR, HOLD)
    assert (standing.standing, codes(standing)) == ("not_kept", ["hold_ignored"])
    ledger.see(NOW + 2 * HOUR, holds={"h1": 2})
    assert ledger.at(NOW + 2 * HOUR, HOLD).standing == "kept"


def test_rows_that_came_under_a_hold_later_are_held_too(ledger: Ledger) -> None:
    ledger.hold(NOW, rows=2)
    ledger.see(NOW + HOUR, holds={"h1": 4})
    ledger.see(NOW + 2 * HOUR, holds={"h1": 3})
    assert ledger.at(NOW + 2 * HOUR, HOLD).standing == "not_kept"


def test_a_hold_past_its_review(ledger: Ledger) -> None:
    ledger.hold(NOW, review_on=TODAY)
    assert ledger.at(NOW, HOLD).standing == "kept", "on the day it may still be reviewed"
    ledger.see(NOW + DAY, holds={"h1": 2})
    assert codes(ledger.at(NOW + DAY, HOLD)) == ["hold_review_passed"]


def test_a_hold_in_a_system_that_left_the_map_is_not_provable(ledger: Ledger) -> None:
    hold = Hold("h1", "legal_claim", HoldScope(), "a claim", "", "Berit", NOW, date(2027, 1, 1))
    Holds(ledger.log).place(hold, rows={"gone": 2}, at=NOW)
    assert codes(ledger.at(NOW, HOLD)) == ["not_on_map"]


def test_a_hold_that_the_last_look_left_out_is_not_provable(ledger: Ledger) -> None:
    ledger.hold(NOW)
    ledger.see(NOW + HOUR)
    assert codes(ledger.at(NOW + HOUR, HOLD)) == ["hold_not_seen"]


# ------------------------------------------------------------------ systems out of reach


@pytest.mark.parametrize(
    ("value", "word"),
    [
        pytest.param(Period(months=14), "kept", id="as-promised"),
        pytest.param(Period(months=2), "kept", id="shorter"),
        pytest.param(Period(days=400), "kept", id="shorter-in-days"),
        pytest.param(Period(days=430), "not_kept", id="longer-in-days"),
        pytest.param(Period(months=26), "not_kept", id="longer"),
        pytest.param(None, "not_kept", id="for-ever"),
    ],
)
def test_a_setting_is_compared_with_the_promise(
    ledger: Ledger, value: Period | None, word: str
) -> None:
    ledger.read(value, NOW)
    assert ledger.at(NOW, SETTING).standing == word


def test_a_setting_nobody_reads_is_not_provable(ledger: Ledger) -> None:
    assert codes(ledger.at(NOW, SETTING)) == ["setting_missing"]
    ledger.read(Period(months=14), NOW)
    assert ledger.at(datetime.fromisoformat("2026-12-24T22:59:00Z"), SETTING).standing == "kept"
    late = ledger.at(datetime.fromisoformat("2026-12-24T23:00:00Z"), SETTING)
    assert (late.standing, codes(late)) == ("not_provable", ["setting_stale"])
    assert late.since == datetime.fromisoformat("2026-12-24T23:00:00Z")


def test_a_setting_stands_since_the_first_of_the_readings_in_a_row(ledger: Ledger) -> None:
    for days, months in ((0, 26), (5, 14), (30, 14), (80, 14), (90, 12)):
        ledger.read(Period(months=months), NOW + days * DAY)
    assert ledger.at(NOW + 30 * DAY, SETTING).since == NOW + 5 * DAY
    assert ledger.at(NOW + 90 * DAY, SETTING).since == NOW + 80 * DAY, "after a gap"


def test_a_task_with_rows_left_is_broken_until_none_is(ledger: Ledger) -> None:
    assert codes(ledger.at(NOW, TASK)) == ["task_missing"]
    ledger.confirm(2, NOW)
    broken = ledger.at(NOW, TASK)
    assert (broken.standing, broken.evidence[0].count) == ("not_kept", 2)
    ledger.confirm(0, NOW + HOUR)
    assert ledger.at(NOW + HOUR, TASK).standing == "kept"
    assert codes(ledger.at(NOW + 100 * DAY, TASK)) == ["task_stale"]


@pytest.mark.parametrize("name", ["stats.nothing", "nowhere.keep"])
def test_what_is_not_on_the_map_is_not_provable(ledger: Ledger, name: str) -> None:
    kinds: tuple[ProofKind, ...] = ("setting", "task", "only")
    for kind in kinds:
        assert codes(ledger.at(NOW, Proof(kind, (name,)))) == ["not_on_map"]


# ------------------------------------------------------------------ only, absent, attest, not yet


def test_a_table_that_holds_only_what_was_promised(ledger: Ledger) -> None:
    fine = Proof("only", ("crm.contacts",), data=("name", "email", "phone"))
    assert codes(ledger.at(NOW, fine)) == ["never_observed"]
    ledger.see()
    assert ledger.at(NOW, fine).standing == "kept"
    less = Proof("only", ("crm.contacts",), data=("name",))
    standing = ledger.at(NOW, less)
    assert (standing.standing, codes(standing)) == ("not_kept", ["other_category"])


def test_a_column_nobody_mapped_breaks_only(ledger: Ledger) -> None:
    proof = Proof("only", ("crm.contacts",), data=("name", "email"))
    whole = seen()
    table = replace(whole.tables["contacts"], unmapped=("cpr",))
    observe(ledger.log, replace(whole, tables={**whole.tables, "contacts": table}), gap=DAY)
    assert codes(ledger.at(NOW, proof)) == ["unmapped"]


def test_a_table_that_must_not_be_there(ledger: Ledger) -> None:
    proof = Proof("absent", ("Visit_Log",))
    assert ledger.at(NOW, proof).standing == "not_provable"
    ledger.see()
    assert ledger.at(NOW, proof).standing == "kept"
    ledger.see(NOW + HOUR, other_tables=("VISIT_LOG",))
    assert ledger.at(NOW + HOUR, proof).standing == "not_kept"
    assert ledger.at(NOW, Proof("absent", ("contacts",))).standing == "not_kept", "it is on the map"


def test_what_a_person_states_counts_until_it_is_old(ledger: Ledger) -> None:
    assert codes(ledger.at(NOW, ATTEST)) == ["attestation_missing"]
    ledger.attest(NOW)
    assert ledger.at(NOW, ATTEST).standing == "kept"
    assert ledger.at(NOW + 366 * DAY, ATTEST).standing == "not_provable"
    ledger.attest(NOW + HOUR, so=False)
    assert ledger.at(NOW + HOUR, ATTEST).standing == "not_kept"


@pytest.mark.parametrize("kind", ["gate", "case"])
def test_what_ombud_does_not_show_yet(ledger: Ledger, kind: ProofKind) -> None:
    assert codes(ledger.at(NOW, Proof(kind, ("x",)))) == ["not_yet"]


# ------------------------------------------------------------------ several proofs


def test_the_worst_proof_decides(ledger: Ledger) -> None:
    ledger.see(events=RuleSeen(due=1), kept={})
    assert ledger.at(NOW, RULE, KEEPS).standing == "kept"
    assert ledger.at(NOW, KEEPS).standing == "nothing_due"
    mixed = ledger.at(NOW, RULE, ATTEST)
    assert (mixed.standing, mixed.proof) == ("not_provable", "rule+attest")
    assert [each.standing for each in mixed.proofs] == ["kept", "not_provable"]
    ledger.attest(NOW, so=False)
    assert ledger.at(NOW, RULE, ATTEST, SETTING).standing == "not_kept"


def test_a_standing_as_json(ledger: Ledger) -> None:
    ledger.see(events=RuleSeen(overdue=2))
    assert ledger.at(NOW, RULE).as_json() == {
        "id": "P-1",
        "says": {"nb": "lovet"},
        "proof": "rule",
        "standing": "not_kept",
        "since": "2026-11-24T12:00:00.000000Z",
        "evidence": [
            {
                "code": "overdue",
                "says": "`crm.contacts`: 2 rows are overdue",
                "system": "crm",
                "table": "contacts",
                "name": "events",
                "count": 2,
                "at": "2026-11-24T12:00:00.000000Z",
                "entry": 0,
            }
        ],
    }


# ------------------------------------------------------------------ observations in the log


def test_gaps_in_which_nothing_is_proved(ledger: Ledger) -> None:
    for days in (0, 1, 4):
        ledger.see(NOW + days * DAY)
    ends = {"since": NOW - DAY, "until": NOW + 6 * DAY}
    assert gaps(ledger.log, "crm", check_every=DAY, **ends) == [
        (NOW - DAY, NOW),
        (NOW + 2 * DAY, NOW + 4 * DAY),
        (NOW + 5 * DAY, NOW + 6 * DAY),
    ]
    inside = {"since": NOW + HOUR, "until": NOW + 2 * HOUR}
    assert gaps(ledger.log, "crm", check_every=DAY, **inside) == []


@pytest.mark.parametrize(
    ("at", "stands"),
    [
        pytest.param(NOW - HOUR, 0, id="looked-earlier"),
        pytest.param(NOW, 1, id="at-the-same-time"),
        pytest.param(NOW - DAY, 1, id="a-clock-was-wrong"),
    ],
)
def test_of_two_runs_that_look_at_once_the_later_look_stands(
    ledger: Ledger, at: datetime, stands: int
) -> None:
    """A run that counted before a sweep, and ends after another that counted after it."""
    ledger.see(NOW)
    ledger.see(at, events=RuleSeen(overdue=5))
    latest = latest_observation(ledger.log, "crm")
    assert latest is not None
    assert latest.entry == stands


def large(tables: int, days: int) -> Observation:
    kept = {date(2027, 1, 1) + timedelta(days=day): day + 1 for day in range(days)}
    return replace(
        seen(),
        tables={
            f"table_{number}": TableSeen(
                number, rules={"books": RuleSeen(alive=1)}, kept_until={"books": kept, "b2": kept}
            )
            for number in range(tables)
        },
        holds={"h1": 1},
        other_tables=("å",),
    )


@pytest.mark.parametrize(("tables", "days"), [(1, 1), (300, 40), (2, 2500)])
def test_a_large_observation_is_kept_in_several_entries(
    ledger: Ledger, tables: int, days: int
) -> None:
    wanted = large(tables, days)
    kept = observe(ledger.log, wanted, gap=DAY)
    again = latest_observation(ledger.log, "crm")
    assert again == kept
    assert measured(kept) == wanted
    assert observation_from(ledger.log.entries("observed")) == kept


def test_an_observation_reads_back_as_it_was_kept(ledger: Ledger) -> None:
    ledger.hold(NOW)
    ledger.see(NOW, kept={FUTURE: 5}, holds={"h1": 2}, other_tables=("x",), basis="b")
    kept = ledger.see(NOW + HOUR, kept={FUTURE: 3}, holds={"h1": 1}, basis="b")
    assert latest_observation(ledger.log, "crm") == kept
    assert kept.carried["invoices"].expected == {"books": {FUTURE: 5}}
    assert kept.held["h1"].expected == 2
