"""`ombud plan --show N` shows whole values, in the width there is.

Method: rows laid out at several widths; and the desk's own plan, for erasing and for blanking.
"""

from __future__ import annotations

import pytest

from cli.desk import SYSTEMS, Desk
from ombud.cli.plan import laid_out, text_of

ROWS = [
    {"id": "1", "name": "Ola", "note": "asked about the hall on three days in May"},
    {"id": "22", "name": "Kari", "note": ""},
]


def test_rows_stand_side_by_side_where_they_fit() -> None:
    lines = [*laid_out(ROWS, 80)]
    assert len(lines) == 3
    assert "22  Kari" in lines[2]


@pytest.mark.parametrize("width", [20, 40, 50])
def test_no_value_is_cut_where_they_do_not(width: int) -> None:
    lines = [*laid_out(ROWS, width)]
    assert max(map(len, lines)) <= max(width, 30)
    assert ROWS[0]["note"] in " ".join(" ".join(lines).split())


def test_nothing_is_laid_out_of_nothing() -> None:
    assert [*laid_out([], 80)] == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(None, "", id="null"),
        pytest.param("Åse\nØ", "Åse\nØ", id="text"),
        pytest.param({"navn": "Åse"}, '{"navn": "Åse"}', id="json"),
        pytest.param(["a", None], '["a", null]', id="array"),
        pytest.param("Ola\x1b[2J\x07", "Ola\\x1b[2J\\x07", id="steers-the-terminal"),
        pytest.param("moc\u202e.alo", "moc\\u202e.alo", id="turns-its-text"),
        pytest.param("a\x1cb\x85c", "a\\x1cb\\x85c", id="separators-of-its-own"),
    ],
)
def test_a_value_shows_what_it_is_and_does_nothing(value: object, text: str) -> None:
    """Whoever fills in a form writes into the terminal of the person who approves."""
    assert text_of(value) == text


def test_a_row_that_goes_is_shown_whole(desk: Desk) -> None:
    said = desk.ombud("plan", "--show", "3", env={"COLUMNS": "80"})
    assert "club: erase 1 row of members" in said.out
    for value in ("ola@example.org", "22 33 44 02"):
        assert value in said.out


def test_of_a_row_that_stays_the_key_and_what_changes_are_shown(desk: Desk) -> None:
    desk.write(
        systems=SYSTEMS.replace("        serves:", "        when_due: statistics\n        serves:")
    )
    said = desk.ombud("plan", "--show", "3", env={"COLUMNS": "80"})
    assert said.code == 0, said.out + said.err
    shown = said.out.rpartition("club: anonymise")[2].splitlines()
    assert shown[1].split() == ["id", "name", "email", "phone"]
    assert "ola@example.org" in shown[2]
    assert "left_on" not in said.out.rpartition("club: anonymise")[2]
