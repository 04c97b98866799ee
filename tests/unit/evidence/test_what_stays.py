"""What had to stay: rows whose end moves, fields that were emptied, rows a cap ends for a hold.

Method: keep observations one after the other and look at what is carried, or at how a promise
stands; hypothesis moves rows about, and a model that knows each row says how many are gone.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.evidence import Holds, Log, Observation, Standing, TableSeen, observe, shown, standings
from ombud.evidence.carry import carry
from ombud.evidence.observation import Run
from ombud.plan.hold import Hold, HoldScope
from ombud.policy.model import Proof
from stores import memory_store
from unit.evidence.made import DAY, HOUR, NOW, TODAY, policy, systems

SOON, LATER, LAST = (TODAY + timedelta(days=days) for days in (400, 800, 1200))
Rows = dict[date, int]


def seen(
    hours: int, *, moving: bool = False, basis: str = "", holds: int | None = None, **kept: Rows
) -> Observation:
    """Return an observation of the invoices so many hours after noon; `values` and `hold` too."""
    names = {"books": "books", "values": "values:books", "hold": "hold:h1"}
    until = {names[name]: rows for name, rows in kept.items()}
    tables = {"invoices": TableSeen(9, kept_until=until, moving=("books",) if moving else ())}
    held = {} if holds is None else {"h1": holds}
    return Observation("crm", TODAY, NOW + hours * HOUR, tables, holds=held, basis=basis)


def kept_on(*observations: Observation) -> Observation:
    """Return the last of several observations as it is kept."""
    before = None
    for each in observations:
        before = carry(before, each, done=(), placed={}, gap=DAY)
    assert before is not None
    return before


def gone(observation: Observation, name: str = "books") -> int:
    """Return how many of what had to stay are gone."""
    run = observation.carried["invoices"].runs.get(f"keeps:{name}", Run(False, NOW))
    assert run.broken == (run.count > 0)
    return run.count


# ------------------------------------------------------------------ rows that move


@pytest.mark.parametrize(
    ("now", "count"),
    [
        pytest.param({SOON: 1, LATER: 2}, 0, id="one-moved-on"),
        pytest.param({SOON: 2, LATER: 1, LAST: 3}, 0, id="others-came"),
        pytest.param({LAST: 3}, 0, id="all-moved-on"),
        pytest.param({SOON: 1, LATER: 1}, 1, id="one-is-gone"),
        pytest.param({SOON: 3}, 1, id="one-moved-back"),
        pytest.param({}, 3, id="all-are-gone"),
    ],
)
def test_rows_may_move_to_a_later_day_and_to_no_other(now: Rows, count: int) -> None:
    first = seen(0, books={SOON: 2, LATER: 1}, moving=True)
    assert gone(kept_on(first, seen(1, books=now, moving=True))) == count


def test_rows_with_a_date_of_their_own_do_not_move() -> None:
    first = seen(0, books={SOON: 2, LATER: 1})
    assert gone(kept_on(first, seen(1, books={SOON: 1, LATER: 2}))) == 1


def test_what_is_gone_stays_gone_while_others_move() -> None:
    history = [{SOON: 3, LATER: 5}, {SOON: 2, LATER: 5}, {SOON: 1, LATER: 6}, {LATER: 7}]
    looks = [seen(hours, books=rows, moving=True) for hours, rows in enumerate(history)]
    assert [gone(kept_on(*looks[: n + 1])) for n in range(4)] == [0, 1, 1, 1]
    assert gone(kept_on(*looks, seen(9, books={SOON: 1, LATER: 7}, moving=True))) == 0


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=6),
    st.lists(st.lists(st.integers(0, 3), min_size=6, max_size=6), max_size=5),
    st.integers(0, 5),
)
def test_a_row_that_only_ever_moves_on_is_never_missed(
    rows: list[int], moves: list[list[int]], lost: int
) -> None:
    """Afterwards one is deleted: that is missed."""
    ends = list(rows)
    looks = [seen(0, books=by_day(ends), moving=True)]
    for hours, steps in enumerate(moves, 1):
        ends = [end + step for end, step in zip(ends, steps, strict=False)]
        looks.append(seen(hours, books=by_day(ends), moving=True))
        assert gone(kept_on(*looks)) == 0
    del ends[lost % len(ends)]
    assert gone(kept_on(*looks, seen(9, books=by_day(ends), moving=True))) == 1


def by_day(ends: list[int]) -> Rows:
    """Return rows by the day they have to be there on."""
    return dict(Counter(TODAY + timedelta(days=end) for end in ends))


# ------------------------------------------------------------------ fields that were emptied


def test_after_a_change_of_the_map_fields_are_counted_anew() -> None:
    """It may keep fewer of them; rows it keeps all the same."""
    first = seen(0, books={SOON: 3}, values={SOON: 6}, basis="1")
    found = kept_on(first, seen(1, books={SOON: 2}, values={SOON: 2}, basis="2"))
    assert (gone(found), gone(found, "values:books")) == (1, 0)


class Ledger:
    """A log in memory, and how one promise stands by it."""

    def __init__(self, proof: Proof) -> None:
        self.log = Log(memory_store())
        self.policy, self.systems = policy(proof), systems()

    def see(self, observation: Observation) -> Observation:
        return observe(self.log, observation, gap=DAY)

    def at(self, hours: int) -> Standing:
        now = NOW + hours * HOUR
        found = shown(self.log, self.policy, self.systems, now)
        return standings(self.policy, self.systems, found, now)[0]


def evidence(standing: Standing) -> tuple[str, str, int]:
    """Return the word, and code and count of its one piece of evidence."""
    [piece] = standing.evidence
    return standing.standing, piece.code, piece.count


def test_a_field_that_was_emptied_breaks_the_promise_to_keep_it() -> None:
    ledger = Ledger(Proof("keeps", ("books",)))
    ledger.see(seen(0, books={SOON: 3}, values={SOON: 6}))
    assert evidence(ledger.at(0)) == ("kept", "there", 3)
    ledger.see(seen(1, books={SOON: 3}, values={SOON: 4}))
    assert evidence(ledger.at(1)) == ("not_kept", "emptied", 2)
    ledger.see(seen(2, books={SOON: 2}, values={SOON: 4}))
    assert evidence(ledger.at(2)) == ("not_kept", "gone", 1)
    ledger.see(seen(3, books={SOON: 3}, values={SOON: 6}))
    assert evidence(ledger.at(3)) == ("kept", "there", 3)


# ------------------------------------------------------------------ holds that a cap ends


@pytest.fixture
def held() -> Ledger:
    """Return a ledger with a hold that covered three rows when it was placed."""
    ledger = Ledger(Proof("hold", ("legal_claim",)))
    hold = Hold(
        "h1", "legal_claim", HoldScope(), "a claim", "", "Berit", NOW - HOUR, TODAY + 90 * DAY
    )
    Holds(ledger.log).place(hold, rows={"crm": 3}, at=NOW - HOUR)
    return ledger


def test_rows_that_a_cap_took_before_the_first_look_are_not_missed(held: Ledger) -> None:
    held.see(seen(0, hold={SOON: 2}, holds=0))
    assert held.at(0).standing == "kept"
    assert "covers 2 rows, none is gone" in held.at(0).evidence[0].says


def test_a_row_whose_cap_has_passed_is_missed_no_more(held: Ledger) -> None:
    held.see(seen(0, hold={TODAY: 1, SOON: 2}, holds=0))
    held.see(seen(1, hold={TODAY: 1, SOON: 1}, holds=0))
    assert evidence(held.at(1)) == ("not_kept", "hold_ignored", 1)
    tomorrow = replace(seen(24, hold={SOON: 2}, holds=0), as_of=TODAY + DAY)
    held.see(tomorrow)
    assert held.at(24).standing == "kept", "the other one's day is over"


def test_rows_without_a_cap_are_missed_for_ever(held: Ledger) -> None:
    held.see(seen(0, hold={SOON: 1}, holds=2))
    held.see(seen(1, hold={SOON: 1}, holds=1))
    assert evidence(held.at(1)) == ("not_kept", "hold_ignored", 1)


def test_without_a_cap_what_a_hold_covered_when_it_was_placed_counts(held: Ledger) -> None:
    held.see(seen(0, holds=2))
    assert evidence(held.at(0)) == ("not_kept", "hold_ignored", 1)
