"""Each promise of the five examples is broken, seen to be broken, mended and seen to be kept.

Method: plant a violation in a copy of an example that has just run; measure, and compare every
promise's standing with what it was; mend it by the product's own means where it has some, and
measure again. Time passes because a clock is moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from examples.planting import Done, Scene, changed, words
from examples.violations import VIOLATIONS, Violation
from examples.workspace import written
from ombud.cli.status import measure
from ombud.demo import SITE, SLUGS, served
from ombud.evidence import Standing
from ombud.evidence.part import Word

Scenes = Callable[[str], Scene]


@pytest.fixture
def scene(tmp_path: Path, after: Callable[[str], Done]) -> Iterator[Scenes]:
    """Give a copy of an example after its round."""
    with ExitStack() as closed:

        def of(slug: str) -> Scene:
            return closed.enter_context(closing(Scene(after(slug), tmp_path / slug)))

        yield of


def shows(standing: Standing) -> set[tuple[str, str, str, int]]:
    """Return code, system, table and count of each piece of a promise's evidence."""
    return {(e.code, e.system, e.table, e.count) for e in standing.evidence}


def named(violation: Violation) -> str:
    """Return the name of a test."""
    says = violation.says.replace(",", "").replace("'", "").replace(" ", "-")
    return f"{next(iter(violation.breaks))}-{says}"


# ------------------------------------------------------------------ broken and mended


@pytest.mark.parametrize("violation", [pytest.param(v, id=named(v)) for v in VIOLATIONS])
def test_a_violation_is_seen_and_mended(violation: Violation, scene: Scenes) -> None:
    on = scene(violation.slug)
    [(_, before)] = on.told
    violation.plant(on)
    seen = on.measure()
    assert changed(before, seen) == dict.fromkeys(violation.breaks, violation.word)
    for promise, pieces in violation.breaks.items():
        assert {*pieces} <= shows(seen[promise])
    violation.mends(on)
    assert changed(before, on.measure()) == {}
    assert on.told_again() == on.told, "the past is said as it was said then"


@pytest.mark.parametrize("slug", SLUGS)
def test_every_promise_of_an_example_is_broken_once(slug: str) -> None:
    broken = {promise for v in VIOLATIONS if v.slug == slug for promise in v.breaks}
    assert broken == {*written(slug)[0].promises}


@pytest.mark.parametrize("slug", SLUGS)
def test_after_a_round_every_promise_is_kept(slug: str, after: Callable[[str], Done]) -> None:
    assert {*words(after(slug).told).values()} == {"kept"}


def test_evidence_says_in_words_where_and_how_much(scene: Scenes) -> None:
    on = scene("business-agency")
    on.restore("events.signups", 1)
    on.later(days=1)
    [piece] = on.measure()["NE-26"].evidence
    assert "`events.signups`" in piece.says
    assert "1 row is overdue" in piece.says


# ------------------------------------------------------------------ what is no violation


def test_a_row_that_is_due_today_breaks_nothing_until_tomorrow(scene: Scenes) -> None:
    on = scene("business-agency")
    on.restore("events.signups", 1)
    told = on.measure()
    assert told["NE-26"].standing == "kept"
    assert "1 row is due, none longer than it may be" in told["NE-26"].proofs[0].evidence[0].says
    on.later(hours=11)  # to one hour before midnight
    assert on.measure()["NE-26"].standing == "kept"
    on.later(hours=2)
    assert on.measure()["NE-26"].standing == "not_kept"


def test_a_customer_who_is_invoiced_again_in_a_later_year_is_not_lost(scene: Scenes) -> None:
    """The latest invoice decides how long the name stays: a new one moves it to a later day."""
    on = scene("business-agency")
    on.sql(
        "accounting",
        "INSERT INTO invoices SELECT 900001, 900001, 2, attention, '2026-11-24', '2026-12-08', NULL"
        " FROM invoices WHERE id = 3",
    )
    [(_, before)] = on.told
    assert changed(before, on.measure()) == {}


def test_new_invoices_hide_no_old_one_that_is_gone(scene: Scenes) -> None:
    on = scene("business-agency")
    on.sql(
        "accounting",
        "INSERT INTO invoices SELECT 900001, 900001, 1, attention, '2026-11-24', '2026-12-08', NULL"
        " FROM invoices WHERE id = 3",
    )
    on.take("accounting.invoices", 3)
    assert shows(on.measure()["NE-26"]) >= {("gone", "accounting", "invoices", 1)}


def test_a_recording_that_the_law_ends_was_not_taken_from_its_hold(scene: Scenes) -> None:
    """An inquiry keeps a recording for thirty days; the police's stays longer."""
    on = scene("consultancy")
    [(_, before)] = on.told
    on.lived(days=30)
    assert changed(before, on.measure()) == {}
    assert on.sql("premises", "SELECT id FROM recordings WHERE id IN (3, 4, 7) ORDER BY id") == [
        (3,),
        (4,),
    ]


def test_a_hold_keeps_a_row_past_its_day_and_its_release_lets_it_go(scene: Scenes) -> None:
    on = scene("consultancy")
    [(_, before)] = on.told
    on.restore("projects.projects", 1)
    on.hold("concrete_circumstances", "projects.projects", 1)
    on.later(days=1)
    assert changed(before, on.measure()) == {}
    on.release("concrete_circumstances")
    assert on.measure()["IM-46"].standing == "not_kept"
    on.sweep()
    assert on.measure()["IM-46"].standing == "kept"


def test_a_second_loss_is_not_covered_by_an_earlier_explanation(scene: Scenes) -> None:
    on = scene("business-agency")
    on.take("accounting.invoices", 6)
    on.measure()
    on.attest("NE-26", explains=True)
    assert on.measure()["NE-26"].standing == "kept"
    on.take("accounting.invoices", 3)
    assert on.measure()["NE-26"].standing == "not_kept"


# ------------------------------------------------------------------ beginnings, and systems down

# Where nobody has said anything yet nothing is proved; where nothing was ever due, nothing is due.
AT_FIRST: dict[str, dict[Word, str]] = {
    "business-agency": {
        "kept": "NE-15 NE-24 NE-26 NE-27 NE-36",
        "nothing_due": "NE-16 NE-18 NE-30",
        "not_provable": "NE-13 NE-35",
    },
    "work-inclusion": {"kept": "NT-26 NT-27", "nothing_due": "NT-25 NT-28"},
    "business-garden": {
        "kept": "SO-01 SO-05 SO-07 SO-08 SO-09 SO-10 SO-38 SO-45",
        "nothing_due": "SO-28 SO-44",
        "not_provable": "SO-36 SO-41",
    },
    "job-activation": {
        "kept": "AK-05 AK-25",
        "nothing_due": "AK-21 AK-22 AK-23",
        "not_provable": "AK-18 AK-20",
    },
    "consultancy": {
        "kept": "IM-06 IM-08 IM-19 IM-30 IM-49",
        "nothing_due": "IM-18 IM-22 IM-34 IM-46 IM-47 IM-48",
        "not_provable": "IM-14 IM-17",
    },
}
# With a backlog, all that rests on a rule or a cap is broken; the rest stands as above.
WITHOUT_A_RULE = "NE-15 NE-24 NE-27 NE-36 NE-35 NT-26 SO-01 SO-05 SO-07 SO-08 SO-09"
WITHOUT_A_RULE += " SO-10 SO-38 SO-45 SO-41"
WITHOUT_A_RULE += " AK-05 AK-25 IM-06 IM-08 IM-19 IM-30 IM-14 IM-18 IM-47"


PAPER = {"gate", "attest", "document"}
LIVE = {"NE-03", "SO-06", "AK-04"}  # what they rest on is looked at on the web every day


def on_paper(slug: str) -> set[str]:
    """Return the promises that rest on what is published or stated, and on no system."""
    promises = written(slug)[0].promises.values()
    return {p.id for p in promises if {proof.kind for proof in p.proofs} <= PAPER}


def spelt(standing: dict[Word, str]) -> dict[str, Word]:
    """Return promise to word."""
    return {promise: word for word, promises in standing.items() for promise in promises.split()}


@pytest.mark.parametrize("slug", SLUGS)
def test_at_a_fresh_start_nothing_was_ever_due(slug: str, scene: Scenes) -> None:
    on = scene(slug)
    for kind in {hold.kind for hold in on.holds()}:
        on.release(kind)
    on.apply()
    on.forget()
    paper: dict[str, Word] = dict.fromkeys(on_paper(slug), "not_provable")
    assert words(on.measure()) == paper | spelt(AT_FIRST[slug])


@pytest.mark.parametrize("slug", SLUGS)
def test_a_backlog_is_seen_at_the_first_look(slug: str, scene: Scenes) -> None:
    on = scene(slug)
    on.begin_again()
    on.later(days=1)
    expected = spelt(AT_FIRST[slug])
    broken = {promise for promise in expected if promise not in WITHOUT_A_RULE.split()}
    paper: dict[str, Word] = dict.fromkeys(on_paper(slug), "not_provable")
    assert words(on.measure()) == {**paper, **expected, **dict.fromkeys(broken, "not_kept")}


@pytest.mark.parametrize(
    ("slug", "system", "hours", "promises"),
    [
        pytest.param("business-agency", "survey_tool", 25, "NE-18 NE-30", id="business-agency"),
        pytest.param("work-inclusion", "participants", 13, "NT-28", id="work-inclusion"),
        pytest.param("business-garden", "office", 25, "SO-36 SO-38 SO-41", id="business-garden"),
        pytest.param(
            "job-activation", "website", 25, "AK-05 AK-18 AK-20 AK-22", id="job-activation"
        ),
        pytest.param("consultancy", "premises", 7, "IM-17 IM-18", id="consultancy"),
    ],
)
def test_a_system_that_is_down_takes_only_its_own_promises_with_it(
    slug: str, system: str, hours: int, promises: str, scene: Scenes
) -> None:
    on = scene(slug)
    [(_, before)] = on.told
    file = on.folder / f"{system}.db"
    on.close()
    file.rename(on.folder / "away")
    assert changed(before, on.measure()) == {}, "the last look is new enough"
    assert [*on.failed] == [system]
    on.later(hours=hours)
    seen = on.measure()
    assert changed(before, seen) == dict.fromkeys(promises.split(), "not_provable")
    assert {("stale", system, "", 0)} <= set.union(*(shows(seen[p]) for p in promises.split()))
    on.close()
    (on.folder / "away").rename(file)
    assert changed(before, on.measure()) == {}


@pytest.mark.parametrize("slug", SLUGS)
def test_where_nobody_looks_nothing_is_proved_any_more(slug: str, scene: Scenes) -> None:
    on = scene(slug)
    [(_, before)] = on.told
    on.later(hours=25)
    lasting = {"NE-35", *on_paper(slug)} - LIVE
    assert changed(before, on.look_up()) == {
        promise: "not_provable" for promise in before if promise not in lasting
    }


# ------------------------------------------------------------------ the page that people read


def test_status_looks_at_the_live_page_where_a_promise_rests_on_it(
    scene: Scenes, monkeypatch: pytest.MonkeyPatch
) -> None:
    on = scene("business-agency")

    def measured() -> tuple[int, set[str]]:
        """Return how many pages were compared, and what could not be looked at."""
        with on.opened() as ombud:
            before = sum(1 for _ in ombud.log.entries("page_seen"))
            failed = measure(ombud, quiet=True)
            return sum(1 for _ in ombud.log.entries("page_seen")) - before, {*failed}

    monkeypatch.delenv("OMBUD_NOTICE", raising=False)
    assert measured() == (0, set()), "nobody has said where the page is"
    on.later(hours=25)
    on.close()  # settings are read once
    with served(on.folder / SITE) as address:
        monkeypatch.setenv("OMBUD_NOTICE", f"{address}/{{lang}}/")
        assert measured() == (2, set())
    assert on.look_up()["NE-03"].standing == "kept"
    assert measured() == (0, {"live.da", "live.en"}), "the server is gone"
    on.later(hours=25)
    assert on.look_up()["NE-03"].standing == "not_provable"
