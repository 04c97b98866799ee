"""The log: what is appended, what is appended once, what can be erased.

Method: a log in memory for each test; tests/contract has what two runs do at once.
"""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from ombud.errors import LogBroken, OmbudError, Stopped, Unknown, WrongUse
from ombud.evidence import Draft, Log, verify_store
from ombud.evidence.entry import ENTRY_BYTES_MAX, Json, canonical, commitment, instant, instant_text
from ombud.evidence.merkle import EMPTY_ROOT, leaf_hash, root_of
from ombud.store import open_store
from stores import memory_store
from unit.evidence.made import NOW


@pytest.fixture
def log() -> Log:
    return Log(memory_store())


def drafts(count: int, kind: str = "done", start: int = 0) -> list[Draft]:
    return [Draft(kind, {"n": n}, f"s{n % 3}") for n in range(start, start + count)]


# ------------------------------------------------------------------ appending and reading


def test_a_new_log_is_empty(log: Log) -> None:
    assert (log.head().size, log.head().root) == (0, EMPTY_ROOT)
    assert list(log.entries()) == []
    assert log.latest("done") is None


def test_entries_come_back_as_they_were_appended(log: Log) -> None:
    appended = log.append(drafts(5), at=NOW)
    assert [entry.index for entry in appended] == [0, 1, 2, 3, 4]
    assert list(log.entries()) == appended
    assert log.entry(3) == appended[3]
    assert appended[0].text == (
        '{"about":"s0","at":"2026-11-24T12:00:00.000000Z","body":{"n":0},"kind":"done"}'
    )


def test_nothing_appended_is_nothing_changed(log: Log) -> None:
    assert log.append([], at=NOW) == []
    assert log.head().size == 0


@pytest.mark.parametrize("batches", [[1] * 300, [300], [255, 1, 1, 255, 1], [700, 2]])
def test_the_root_is_that_of_all_entries_however_they_came(log: Log, batches: list[int]) -> None:
    start = 0
    for batch in batches:
        log.append(drafts(batch, start=start), at=NOW)
        start += batch
    leaves = [leaf_hash(entry.text.encode()) for entry in log.entries()]
    assert (len(leaves), root_of(leaves)) == (log.head().size, log.head().root)
    assert log.head().origin.startswith("ombud/log/")
    verify_store(log)


def test_entries_are_found_by_kind_by_what_they_are_about_and_by_time(log: Log) -> None:
    log.append(drafts(2000), at=NOW)
    log.append(drafts(3, "other"), at=NOW + timedelta(hours=1))
    assert len(list(log.entries("done"))) == 2000
    assert len(list(log.entries(("done", "other")))) == 2003
    assert [e.body["n"] for e in log.entries("done", about="s1", after=1990)] == [1993, 1996, 1999]
    assert [e.index for e in log.entries(until=NOW, after=1997)] == [1998, 1999]
    last = log.latest("done", about="s0")
    assert last is not None
    assert last.index == 1998
    assert log.latest("other", until=NOW) is None


def test_more_entries_than_a_page_holds_come_in_order(log: Log) -> None:
    log.append([Draft("even" if n % 2 == 0 else "odd", {"n": n}) for n in range(4_100)], at=NOW)
    assert [entry.index for entry in log.entries()] == list(range(4_100))
    odd = list(log.entries("odd", after=1))
    assert [entry.body["n"] for entry in odd] == list(range(3, 4_100, 2))


def test_entries_of_several_kinds_come_in_order_and_each_once(log: Log) -> None:
    kinds = ("even", "odd", "none", "odd")
    log.append([Draft(kinds[n % 2], {"n": n}, f"s{n % 5}") for n in range(2_300)], at=NOW)
    log.append(drafts(10, "other"), at=NOW)
    assert [entry.index for entry in log.entries(kinds)] == list(range(2_300))
    found = log.entries(kinds, about="s3", after=2_250, until=NOW)
    assert [entry.index for entry in found] == list(range(2_253, 2_300, 5))
    last = log.latest(kinds)
    assert last is not None
    assert last.index == 2_299
    assert log.latest(kinds, until=NOW - timedelta(seconds=1)) is None


@pytest.mark.parametrize("until", [None, NOW])
@pytest.mark.parametrize("about", [None, "s1"])
@pytest.mark.parametrize("kind", [(), "done", ("done", "partly"), ("done", "partly", "observed")])
def test_entries_are_read_in_the_order_of_an_index(
    log: Log, kind: str | tuple[str, ...], about: str | None, until: datetime | None
) -> None:
    """What sorts all entries of a kind for each page takes time that grows with their square."""
    steps: list[str] = []
    with log.store.reading() as tx:

        @event.listens_for(tx, "before_cursor_execute")
        def explain(
            _: object, cursor: sqlite3.Cursor, asked: str, given: tuple[str, ...], *__: object
        ) -> None:
            steps.extend(row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {asked}", given))

        assert list(log.entries(kind, about=about, until=until, tx=tx)) == []
        assert log.latest(kind, about=about, until=until, tx=tx) is None
    assert [step for step in steps if "log_entries" in step]
    assert [step for step in steps if "TEMP B-TREE" in step] == []


def test_an_entry_that_somebody_broke_in_two_is_not_read_as_two(log: Log) -> None:
    log.append([Draft("x", {"n": n}) for n in range(3)], at=NOW)
    with log.store.transaction() as tx:
        tx.exec_driver_sql("UPDATE log_entries SET entry = 'a' || char(10) || 'b' WHERE idx = 1")
    for read in (lambda: list(log.entries()), lambda: verify_store(log)):
        with pytest.raises(LogBroken):
            read()


def test_an_entry_that_is_not_there(log: Log) -> None:
    with pytest.raises(Unknown, match="no entry 0"):
        log.entry(0)


def test_an_instant_has_one_spelling() -> None:
    assert instant_text(datetime(2026, 1, 2, tzinfo=UTC)) == "2026-01-02T00:00:00.000000Z"
    assert instant(instant_text(NOW)) == NOW


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(values)
def test_canonical_json_has_one_spelling(value: Json) -> None:
    text = canonical(value)
    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text


@pytest.mark.parametrize("body", [{"share": 0.5}, {"deep": [{"x": 1.0}]}, {"at": NOW}, {"s": {1}}])
def test_what_has_more_than_one_spelling_is_refused(log: Log, body: dict[str, Any]) -> None:
    with pytest.raises(WrongUse):
        log.append([*drafts(2), Draft("x", body)], at=NOW)
    assert log.head().size == 0


def test_an_entry_too_long_is_refused(log: Log) -> None:
    with pytest.raises(WrongUse, match="longer than 65535 bytes"):
        log.append([Draft("x", {"long": "å" * (ENTRY_BYTES_MAX // 2)})], at=NOW)


# ------------------------------------------------------------------ once


def test_the_same_once_is_appended_once(log: Log) -> None:
    first = log.append([Draft("done", {"n": 1}, once="a")], at=NOW)
    again = log.append([Draft("done", {"n": 2}, once="a"), Draft("x", {})], at=NOW)
    assert (again[0], log.head().size) == (first[0], 2)


def test_the_same_once_twice_in_a_batch(log: Log) -> None:
    both = log.append([Draft("done", {"n": n}, once="a") for n in range(2)], at=NOW)
    assert (both[0], log.head().size) == (both[1], 1)


def test_a_thousand_of_them(log: Log) -> None:
    wanted = [Draft("done", {"n": n}, once=str(n)) for n in range(1200)]
    first = log.append(wanted, at=NOW)
    assert log.append(wanted[::-1], at=NOW) == first[::-1]


@pytest.mark.parametrize(
    "draft",
    [
        pytest.param(Draft("x", {"why": "\udcff"}), id="in-the-entry"),
        pytest.param(Draft("x", {}, payloads={"why": "\udcff"}), id="in-a-payload"),
        pytest.param(Draft("x", {}, "\udcff", once="\udcff"), id="in-what-it-is-about"),
    ],
)
def test_bytes_of_a_command_line_that_are_no_text_are_refused(log: Log, draft: Draft) -> None:
    """Python keeps them as halves of characters, which no encoding can write down."""
    with log.store.transaction() as tx:
        with pytest.raises(WrongUse, match="text that is none"):
            log.append([Draft("ok", {}), draft], at=NOW, tx=tx)
        log.append([Draft("ok", {})], at=NOW, tx=tx)
    assert [entry.kind for entry in log.entries()] == ["ok"]
    assert verify_store(log).size == 1


def test_an_instant_without_a_zone_is_refused(log: Log) -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        log.append([Draft("x", {})], at=NOW.replace(tzinfo=None))
    assert log.head().size == 0


def test_an_append_that_failed_leaves_nothing(log: Log) -> None:
    with pytest.raises(ZeroDivisionError), log.store.transaction() as tx:
        log.append([Draft("done", {}, once="a")], at=NOW, tx=tx)
        raise ZeroDivisionError
    assert log.head().size == 0
    assert len(log.append([Draft("done", {}, once="a")], at=NOW)) == 1


# ------------------------------------------------------------------ payloads


def test_a_payload_lies_beside_its_entry_and_can_be_erased(log: Log) -> None:
    [entry] = log.append([Draft("x", {}, payloads={"by": "Berit", "why": ["æ"]})], at=NOW)
    assert "Berit" not in entry.text
    by, why = log.payloads([entry.index])
    assert (by.value, why.value) == ("Berit", ["æ"])
    assert entry.commitments == {"by": by.commitment, "why": why.commitment}
    root = log.head().root
    assert log.erase_payload(0, at=NOW, name="by") == 1
    assert [payload.name for payload in log.payloads([0])] == ["why"]
    assert log.erase_payload(0, at=NOW) == 1
    assert log.erase_payload(0, at=NOW) == 0
    assert log.payloads([0]) == []
    assert log.entry(0) == entry
    assert root_of([leaf_hash(entry.text.encode())]) == root
    assert [e.body for e in log.entries("payload_erased")] == [
        {"entry": 0, "names": ["by"]},
        {"entry": 0, "names": ["why"]},
    ]
    verify_store(log)


def test_the_same_payload_is_committed_to_differently_each_time(log: Log) -> None:
    """Law: without the salt a name could be found by trying names."""
    one, two = log.append([Draft("x", {}, payloads={"by": "Berit"})] * 2, at=NOW)
    assert one.commitments != two.commitments


def test_a_commitment_is_of_salt_and_canonical_json(log: Log) -> None:
    fixed = Log(log.store, random=lambda size: b"\x07" * size)
    [entry] = fixed.append([Draft("x", {}, payloads={"by": "Åse"})], at=NOW)
    assert entry.commitments["by"] == commitment(b"\x07" * 32, '"Åse"')


def test_an_erased_payload_is_not_in_the_database_file(tmp_path: Path) -> None:
    """Law: GDPR Art. 17: erased is overwritten, not only unlinked."""
    store = open_store("sqlite:///o.db", create=True, workspace=tmp_path)
    log = Log(store)
    for number in range(50):
        log.append([Draft("x", {}, payloads={"by": f"Marked {number}"})], at=NOW)
    for number in range(50):
        log.erase_payload(number, at=NOW)
    store.close()
    left = [path.name for path in tmp_path.rglob("*") if path.is_file()]
    assert "o.db" in left
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or b"Marked" not in path.read_bytes(), path.name


# ------------------------------------------------------------------ a log that was changed

CHANGES = {
    "an-entry": "UPDATE log_entries SET entry = replace(entry, '7}', '8}') WHERE idx = 7",
    "an-entry-made-unreadable": "UPDATE log_entries SET entry = 'x' WHERE idx = 7",
    "a-kind": "UPDATE log_entries SET kind = 'other' WHERE idx = 7",
    "what-it-is-about": "UPDATE log_entries SET about = 'x' WHERE idx = 7",
    "a-once": "UPDATE log_entries SET once = 'x' WHERE idx = 7",
    "an-instant": "UPDATE log_entries SET at = '2020-01-01 00:00:00.000000' WHERE idx = 7",
    "an-entry-gone": "DELETE FROM log_entries WHERE idx = 7",
    "the-last-gone": "DELETE FROM log_entries WHERE idx = 599",
    "one-more": (
        "INSERT INTO log_entries SELECT 600, kind, about, NULL, at, entry FROM log_entries "
        "WHERE idx = 7"
    ),
    "a-hash": "UPDATE log_nodes SET hash = zeroblob(32) WHERE idx = 1",
    "a-hash-gone": "DELETE FROM log_nodes WHERE idx = 1",
    "a-hash-too-many": "INSERT INTO log_nodes VALUES (2, 0, zeroblob(32))",
    "the-size": "UPDATE log_state SET size = 592, frontier = substr(frontier, 1, 96)",
    "the-frontier": "UPDATE log_state SET frontier = zeroblob(length(frontier))",
    "a-frontier-too-short": "UPDATE log_state SET frontier = x'00'",
    "a-payload": "UPDATE log_payloads SET payload = '\"Ola\"'",
    "a-payload-gone": "DELETE FROM log_payloads",
    "a-payload-too-many": "INSERT INTO log_payloads VALUES (3, 'by', x'00', '1')",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_to_the_database_is_found(log: Log, change: str) -> None:
    log.append([*drafts(599), Draft("x", {}, payloads={"by": "Berit"})], at=NOW)
    assert verify_store(log).size == 600
    with log.store.transaction() as tx:
        tx.exec_driver_sql(change)
    with pytest.raises((LogBroken, WrongUse)):
        verify_store(log)


@settings(max_examples=12)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=4))
def test_a_log_of_any_shape_verifies(batches: list[int]) -> None:
    log = Log(memory_store())
    for batch in batches:
        log.append(drafts(batch), at=NOW)
    assert verify_store(log).size == sum(batches)


def test_a_full_disk_leaves_the_log_as_it_was(log: Log) -> None:
    log.append(drafts(50), at=NOW)
    before = log.head()
    with log.store.transaction() as tx:
        tx.exec_driver_sql("PRAGMA max_page_count = 1")  # as small as it can be: what it has now
    with pytest.raises(Stopped, match="SQLITE_FULL") as caught:
        log.append(drafts(2000), at=NOW)
    assert "make room" in caught.value.help
    assert log.head() == before
    with log.store.transaction() as tx:
        tx.exec_driver_sql("PRAGMA max_page_count = 100000")
    log.append(drafts(2000), at=NOW)
    assert verify_store(log).size == 2050


def test_no_driver_text_gets_out(log: Log) -> None:
    with log.store.transaction() as tx:
        tx.exec_driver_sql("DROP TABLE log_payloads")
    with pytest.raises(Stopped) as caught:
        log.append([Draft("x", {}, payloads={"by": "Berit"})], at=NOW)
    said = f"{caught.value} {caught.value.help} {caught.value.__cause__}"
    assert isinstance(caught.value, OmbudError)
    assert "Berit" not in said
    assert "INSERT" not in said
