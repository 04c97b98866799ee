"""The made-up data is the same each time, is nobody's, and has every kind of row.

Method: take all rows of each example without a database, and look at them; then fill databases of
every kind, and ask those for the marked rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice

import pytest
from _data.fill import EXAMPLES, Example, Row, chance, fill, load
from sqlalchemy import Table, create_engine, func, select

SLUGS = sorted(path.parent.name for path in EXAMPLES.glob("*/data.py"))
TODAY = date(2026, 11, 24)
SEED, SIZE = 7, 6_000

RESERVED = re.compile(r"(?:^|\.)(?:example\.(?:org|com|net)|example|invalid)$", re.IGNORECASE)
HOST = re.compile(r"(?:@|https?://|www\.)([\w-]+(?:\.[\w-]+)+)", re.IGNORECASE)
PHONE = re.compile(r"(?:(?:\+|00)4[57])?1[0-9]{7}")


def made(slug: str, *, seed: int = SEED, today: date = TODAY, size: int = SIZE) -> list[Row]:
    """Return the rows of an example."""
    return list(load(slug).rows(chance(seed), today, size))


def flat(rows: list[Row]) -> list[tuple[str, dict[str, object]]]:
    """Return rows that can be compared between two loads of a module."""
    return [(table.name, values) for table, values in rows]


@pytest.mark.parametrize("slug", SLUGS)
def test_the_same_seed_day_and_size_give_the_same_rows(slug: str) -> None:
    assert flat(made(slug)) == flat(made(slug))
    assert flat(made(slug)) != flat(made(slug, seed=SEED + 1))


@pytest.mark.parametrize("slug", SLUGS)
def test_a_parent_comes_before_its_children(slug: str) -> None:
    seen: set[tuple[Table, tuple[str, ...], tuple[object, ...]]] = set()
    for table, values in made(slug):
        for key in table.foreign_key_constraints:
            target = tuple(values[c] for c in key.column_keys)
            if None not in target:
                columns = tuple(e.column.name for e in key.elements)
                assert (key.referred_table, columns, target) in seen, table.name
        names = tuple(c.name for c in table.primary_key.columns)
        seen.add((table, names, tuple(values[n] for n in names)))


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("size", [1, 2_000, 20_000])
def test_there_are_about_as_many_rows_as_asked_for(slug: str, size: int) -> None:
    count = len(made(slug, size=size))
    assert size <= count <= size + 800  # the marked rows, and the unit that fills the measure


@pytest.mark.parametrize("slug", SLUGS)
def test_every_row_has_every_column_and_fits_it(slug: str) -> None:
    for table, values in made(slug):
        assert values.keys() == set(table.columns.keys()), table.name
        for column in table.columns:
            value = values[column.name]
            assert value is not None or column.nullable, f"{table.name}.{column.name}"
            length = getattr(column.type, "length", None)
            if isinstance(value, str) and length is not None:
                assert len(value) <= length, f"{table.name}.{column.name}"


def texts(rows: list[Row]) -> Iterator[tuple[str, str]]:
    """Yield every text with the name of its column."""
    for table, values in rows:
        for name, value in values.items():
            if isinstance(value, str):
                yield f"{table.name}.{name}", value


@pytest.mark.parametrize("slug", SLUGS)
def test_no_address_is_at_a_domain_that_somebody_owns(slug: str) -> None:
    real = {
        f"{column}: {host}"
        for column, text in texts(made(slug))
        for host in HOST.findall(text)
        if not RESERVED.search(host)
    }
    assert not real


@pytest.mark.parametrize("slug", SLUGS)
def test_no_telephone_number_is_one_that_a_subscriber_can_have(slug: str) -> None:
    """Numbers of subscribers in Denmark and Norway do not begin with 1."""
    found = [
        text
        for column, text in texts(made(slug))
        if column.endswith("phone") and text and not PHONE.fullmatch(re.sub(r"\s", "", text))
    ]
    assert not found


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize(
    "today", [TODAY, date(2028, 2, 29), date(2027, 3, 31), date(2027, 1, 1)], ids=str
)
def test_every_marked_row_is_there_on_any_day(slug: str, today: date) -> None:
    example = load(slug)
    there = {key for key, _ in keyed(example, list(example.rows(chance(SEED), today, 1)))}
    missing = [name for name, m in example.MARKED.items() if (m.table, m.key) not in there]
    assert not missing
    assert len({(m.table, m.key) for m in example.MARKED.values()}) == len(example.MARKED)


def keyed(
    example: Example, rows: list[Row]
) -> Iterator[tuple[tuple[str, tuple[object, ...]], dict[str, object]]]:
    """Yield (`system.table`, key) and the values of every row."""
    system_of = {metadata: system for system, metadata in example.TABLES.items()}
    for table, values in rows:
        key = tuple(values[c.name] for c in table.primary_key.columns)
        yield (f"{system_of[table.metadata]}.{table.name}", key), values


@pytest.mark.parametrize("slug", SLUGS)
def test_marked_rows_end_in_every_way_that_the_example_knows(slug: str) -> None:
    fates = Counter(mark.fate for mark in load(slug).MARKED.values())
    assert {"erased", "kept", "blanked"} <= fates.keys()


@pytest.mark.parametrize("slug", SLUGS)
def test_what_a_sweep_blanks_holds_something_before(slug: str) -> None:
    example = load(slug)
    rows = dict(keyed(example, list(islice(example.rows(chance(SEED), TODAY, 1), 100_000))))
    for name, mark in example.MARKED.items():
        values = rows[mark.table, mark.key]
        blank = [column for column in mark.columns if values[column] is None]
        assert not blank, f"{name}: {blank}"


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("kind", ["sqlite", "postgres", "mariadb"])
def test_it_goes_into_a_database_of_every_kind(
    slug: str, kind: str, fresh_database: Callable[[str], str]
) -> None:
    example = load(slug)
    urls = {system: fresh_database(kind) for system in example.TABLES}
    counts = fill(urls, example, rows=2_000, seed=SEED, today=TODAY)
    for system, metadata in example.TABLES.items():
        engine = create_engine(urls[system])
        with engine.connect() as connection:
            stored = {
                f"{system}.{table.name}": connection.scalar(select(func.count()).select_from(table))
                for table in metadata.tables.values()
            }
        engine.dispose()
        assert stored == {name: counts[name] for name in stored}
        assert min(stored.values()) > 0
