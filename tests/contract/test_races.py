"""What happens between the survey and the batch: holds, children, people who come back.

Method: survey, let something happen by another hand, then carry out the same plan. Where two have
to meet in the middle of a batch, one waits on a lock of the other, seen in the server's own list.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from contract.club import Club, Maker, approved, engine_of, noon, step_of
from contract.test_faults import meanwhile, somebody, wait_until_waiting
from ombud.apply import Outcome
from ombud.apply import run as engine
from ombud.errors import TooLarge
from ombud.plan.hold import HoldScope
from ombud.plan.model import Ceilings

MAP = """
members:
  serves: {membership: {clocks: {left: gone}}}
  subjects: {person: {email: email}}
  columns: {name: name, email: email}
  not_personal: [id, gone]
fees:
  refers_to: {members: member}
  serves: {invoices: {clocks: {posted: posted}}}
  columns: {text: invoice_lines}
  not_personal: [id, member, posted]
"""
DDL = """
CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(9), email VARCHAR(40), gone DATE);
CREATE TABLE fees (id INTEGER PRIMARY KEY, member INTEGER, text VARCHAR(9), posted DATE,
    FOREIGN KEY (member) REFERENCES members (id) ON DELETE CASCADE);
CREATE INDEX of_member ON fees (member);
INSERT INTO members VALUES (1, 'a', 'berit@holme.example', '2020-01-01'),
    (2, 'b', 'kari@holme.example', '2020-01-01'), (3, 'c', 'ola@holme.example', '2020-01-01');
INSERT INTO fees VALUES (1, 1, 'x', '2010-01-01')
"""


def between(club: Club, *happens: Callable[[], object]) -> list[Outcome]:
    """Survey, let things happen, and carry out what was planned in the same session."""
    plan, applier = club.plan(), club.applier()
    with club.connector.session() as session:
        watch = applier.watch(club.connector, session, club.timing)
        surveyed = session.survey()
        for happen in happens:
            happen()
        return applier.carry_out(plan, list(plan.steps), watch, surveyed, Ceilings.of(plan))


def range_hold(club: Club) -> object:
    """Place a hold on those who left around the turn of the year."""
    scope = HoldScope(
        system="crm", table="members", clock="gone",
        from_on=noon(club.at.date()).date().replace(2019, 12, 31),
        to_on=noon(club.at.date()).date().replace(2020, 1, 1),
    )  # fmt: skip
    return club.hold(scope)


@pytest.mark.parametrize(
    ("place", "left"),
    [
        pytest.param(lambda c: c.hold_person("email", " KARI@holme.example"), [2], id="person"),
        pytest.param(lambda c: c.hold_rows("members", ("2",), ("3",)), [2, 3], id="rows"),
        pytest.param(range_hold, [1, 2, 3], id="range"),
    ],
)
def test_a_hold_placed_after_the_survey_wins(
    make_club: Callable[..., Club], place: Callable[[Club], object], left: list[int]
) -> None:
    club = make_club(MAP, DDL)
    outcomes = between(club, lambda: place(club))
    assert club.ids("members") == left
    erase = step_of(outcomes, "members erase")
    assert (erase.failed, erase.changed) == (None, 3 - len(left))


def test_a_hold_on_one_of_two_people_in_a_row_wins_after_the_survey(
    make_club: Callable[..., Club],
) -> None:
    """It parts what was one class of fields at the survey: her field is kept, and so the row is."""
    club = make_club(
        """
        homes:
          serves: {membership: {clocks: {left: gone}}}
          subjects: {one: {email: email}, other: {email: mail2}}
          columns:
            name: {holds: name, subject: one}
            email: {holds: email, subject: one}
            mail2: {holds: email, subject: other}
          not_personal: [id, gone]
        """,
        """
        CREATE TABLE homes (id INTEGER PRIMARY KEY, name VARCHAR(9), email VARCHAR(40),
            mail2 VARCHAR(40), gone DATE);
        INSERT INTO homes VALUES (1, 'a', 'kari@x', 'berit@x', '2020-01-01'),
            (2, 'b', 'ola@x', 'kari@x', '2020-01-01'), (3, 'c', 'ola@x', NULL, '2020-01-01')
        """,
    )
    between(club, lambda: club.hold_person("email", "kari@x"))
    assert club.ids("homes") == [1, 2]
    assert club.apply() == {"homes blank mail2": 1, "homes blank name,email": 1}
    assert club.column("homes", "mail2") == [None, "kari@x"]


def test_a_hold_waits_for_the_batch_that_runs(make_club: Callable[..., Club]) -> None:
    """Once it is placed, no batch commits that erases a row it covers."""
    club = make_club(MAP, DDL)
    placed = threading.Event()

    def place() -> None:
        club.hold_person("email", "kari@holme.example")
        placed.set()

    thread = threading.Thread(target=place)
    with club.inputs.system_lock("crm", 10) as held:
        held.ensure()
        thread.start()
        assert not placed.wait(0.3)
    thread.join(30)
    assert placed.is_set()
    assert club.due() == {"fees erase": 1, "members erase": 2}


@pytest.mark.parametrize("kind", ["postgres", "postgres15", "mariadb"], indirect=True)
def test_a_hold_outlives_a_batch_that_is_tried_again(make: Maker, url: str) -> None:
    """The first try waits in vain for a lock and is undone; what it brought along must not be."""
    club = make(url, MAP, DDL, lock_wait_s=1)
    club.run("INSERT INTO members VALUES (4, 'd', 'else@holme.example', '2020-01-01')")
    plan, applier = club.plan(), club.applier()
    with (
        club.connector.session() as session,
        somebody(url, "UPDATE members SET name = 'z' WHERE id = 1") as other,
        engine_of(url).connect() as looks,
    ):
        tried = threading.Event()
        watch = applier.watch(club.connector, session, club.timing)
        surveyed = session.survey()
        club.hold_person("email", "kari@holme.example")

        @sa.event.listens_for(session.connection.engine, "handle_error")
        def told(context: object) -> None:
            tried.set()

        def give_way() -> None:
            wait_until_waiting(looks)
            assert tried.wait(30), "no try waited in vain"
            other.rollback()

        with meanwhile(give_way):
            outcomes = applier.carry_out(plan, list(plan.steps), watch, surveyed, Ceilings.of(plan))
    assert [o.failed for o in outcomes] == [None] * len(outcomes)
    assert club.ids("members") == [2]


def test_a_child_that_came_after_the_survey_keeps_its_parent(
    make_club: Callable[..., Club],
) -> None:
    club = make_club(MAP, DDL)
    outcomes = between(
        club, lambda: club.run("INSERT INTO fees VALUES (9, 2, 'new', '2024-01-01')")
    )
    assert club.ids("fees") == [9]
    assert club.ids("members") == [2]
    assert step_of(outcomes, "members erase").changed == 2
    assert club.apply() == {"members blank name,email": 1}


@pytest.mark.parametrize("kind", ["postgres", "postgres15", "mariadb"], indirect=True)
def test_a_child_that_comes_in_the_middle_of_the_batch_is_not_cascaded_away(
    make: Maker, url: str
) -> None:
    """The child is there and not yet committed when the batch begins: the batch waits for it.

    In one statement READ COMMITTED would have tested before it waited, and erased both.
    """
    club = make(url, MAP, DDL)
    plan = club.plan()
    applied: list[Outcome] = []
    with (
        somebody(url, "INSERT INTO fees VALUES (9, 2, 'new', '2024-01-01')") as other,
        engine_of(url).connect() as looks,
    ):

        def commit() -> None:
            wait_until_waiting(looks)
            other.commit()

        with meanwhile(commit):
            applied += club.applier().apply(plan, club.timing)
    assert club.ids("fees") == [9]
    assert club.ids("members") == [2]
    assert step_of(applied, "members erase").changed == 2


@pytest.mark.parametrize("kind", ["postgres", "postgres15"], indirect=True)
def test_one_statement_alone_would_have_erased_the_child(make: Maker, url: str) -> None:
    """The race itself, so that the test above is known to test something."""
    club = make(url, MAP, DDL)
    with (
        somebody(url, "INSERT INTO fees VALUES (9, 2, 'new', '2024-01-01')") as other,
        engine_of(url).connect() as looks,
        engine_of(url).connect() as naive,
    ):

        def commit() -> None:
            wait_until_waiting(looks)
            other.commit()

        naive.exec_driver_sql("SET application_name = 'ombud'")
        with meanwhile(commit):
            naive.exec_driver_sql(
                "DELETE FROM members WHERE id = 2 AND NOT EXISTS"
                " (SELECT 1 FROM fees WHERE member = members.id)"
            )
            naive.commit()
    assert club.ids("fees") == [1]
    assert club.ids("members") == [1, 3]


@pytest.mark.parametrize("kind", ["postgres", "postgres15"], indirect=True)
@pytest.mark.parametrize(
    "declared",
    [
        "ON DELETE CASCADE",
        "ON DELETE NO ACTION",
        "ON DELETE RESTRICT",
        "DEFERRABLE INITIALLY DEFERRED",
    ],
)
def test_a_child_that_came_and_was_committed_while_the_batch_runs_keeps_its_parent(
    make: Maker, url: str, declared: str
) -> None:
    """The batch looked before the child was there, waits at member 1, and meets it at member 2."""
    club = make(url, MAP, DDL.replace("ON DELETE CASCADE", declared))
    club.run("DELETE FROM fees")
    plan = club.plan()
    applied: list[Outcome] = []
    with (
        somebody(url, "UPDATE members SET name = 'z' WHERE id = 1") as other,
        engine_of(url).connect() as looks,
    ):

        def comes() -> None:
            wait_until_waiting(looks)
            club.run("INSERT INTO fees VALUES (9, 2, 'new', '2024-01-01')")
            other.rollback()

        with meanwhile(comes):
            applied += club.applier().apply(plan, club.timing)
    assert (club.ids("fees"), club.ids("members")) == ([9], [2])
    erased = step_of(applied, "members erase")
    assert (erased.failed, erased.changed) == (None, 2)


def test_a_member_who_came_back_is_kept(make_club: Callable[..., Club]) -> None:
    club = make_club(MAP, DDL)
    outcomes = between(club, lambda: club.run("UPDATE members SET gone = NULL WHERE id = 2"))
    assert club.ask("SELECT id, name FROM members") == [(2, "b")]
    assert step_of(outcomes, "members erase").remaining == 0


def test_a_member_who_is_gone_already(make_club: Callable[..., Club]) -> None:
    club = make_club(MAP, DDL)
    outcomes = between(
        club,
        lambda: club.run("DELETE FROM fees"),
        lambda: club.run("DELETE FROM members WHERE id < 3"),
    )
    assert [(o.failed, o.changed, o.remaining) for o in outcomes] == [(None, 0, 0), (None, 1, 0)]
    assert club.ids("members") == []


def test_a_field_that_was_filled_again_is_blanked_the_next_time(
    make_club: Callable[..., Club],
) -> None:
    club = make_club(MAP, DDL, "INSERT INTO fees VALUES (9, 2, 'x', '2024-01-01')")
    assert club.apply()["members blank name,email"] == 1
    assert club.due() == {}
    club.run("UPDATE members SET name = 'again'")
    assert club.due() == {"members blank name,email": 1}


def test_more_rows_than_were_approved_are_not_touched(make_club: Callable[..., Club]) -> None:
    club = make_club(MAP, DDL)
    outcomes = club.applier().apply(approved(club.plan(), members=2), club.timing)
    failed = step_of(outcomes, "members erase").failed
    assert isinstance(failed, TooLarge)
    assert club.ids("members") == [1, 2, 3]
    assert club.ids("fees") == []


@pytest.mark.parametrize("kind", ["postgres", "mariadb"], indirect=True)
def test_rows_are_committed_batch_by_batch(
    make: Maker, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second run goes on where the first one was stopped."""
    for limit in ("BATCH_FIRST", "BATCH_MIN", "BATCH_MAX"):
        monkeypatch.setattr(engine, limit, 200)
    club = make(url, MAP, DDL)
    for n in range(100, 1300, 300):
        rows = ", ".join(f"({i}, 'x', 'e', '2020-01-01')" for i in range(n, n + 300))
        club.run(f"INSERT INTO members VALUES {rows}")
    plan = club.plan()
    seen: list[int] = []
    applier = club.applier()
    applier.progress = lambda system, selection, done, count: seen.append(done)
    asked = iter([False, False, False, True])
    applier.stop = lambda: next(asked)
    with pytest.raises(Exception, match="stopped on request"):
        applier.apply(plan, club.timing)
    assert seen == [1, 200, 400]
    assert len(club.ids("members")) == 803
    assert club.apply(plan)["members erase"] == 803


def test_the_engine_leaves_no_table_behind(make_club: Callable[..., Club], kind: str) -> None:
    club = make_club(MAP, DDL)
    before = set(sa.inspect(engine_of(club.url)).get_table_names())
    club.decide(("email", "ola@holme.example"), ends=["membership"])
    club.due(since=club.grounds())
    club.apply()
    assert set(sa.inspect(engine_of(club.url)).get_table_names()) == before


def test_a_permanent_table_with_a_name_of_ours_is_left_alone(
    make_club: Callable[..., Club],
) -> None:
    club = make_club(
        MAP,
        DDL,
        *(
            f"CREATE TABLE {name} (id INTEGER PRIMARY KEY);\nINSERT INTO {name} VALUES (7)"
            for name in ("ombud_people", "ombud_people_1", "ombud_work_1", "ombud_since_1")
        ),
    )
    club.hold_person("email", "kari@holme.example")
    club.decide(("email", "ola@holme.example"), ends=["membership"])
    before = club.grounds()
    assert club.apply() == {"fees erase": 1, "members erase": 2}
    club.wait(1)
    assert club.due(since=before) == {}
    for name in ("ombud_people", "ombud_people_1", "ombud_work_1", "ombud_since_1"):
        assert club.ids(name) == [7]
