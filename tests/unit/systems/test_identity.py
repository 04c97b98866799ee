"""Every writing of an identifier that may be stored is on its list, and no other person's is.

Method: a given writing and a country, compared with the shapes that a database makes of stored
values; `tests/contract/test_people.py` does the same with databases.
"""

from __future__ import annotations

import pytest

from ombud.systems.identity import shaped, writings


@pytest.mark.parametrize(
    ("country", "given", "stored", "same"),
    [
        pytest.param("NO", "010190 12345", "01019012345", True, id="with-a-blank"),
        pytest.param("NO", "01019012345", "010190 12345", True, id="stored-with-a-blank"),
        pytest.param("NO", "01019012345", "1019012345", True, id="stored-as-a-number"),
        pytest.param("NO", "1019012345", "010190 12345", True, id="given-as-a-number"),
        pytest.param("NO", "101901234", "0101901234", False, id="too-short-for-norway"),
        pytest.param("DK", "101901234", "010190-1234", True, id="given-without-its-zero"),
        pytest.param("DK", "010190-1234", "101901234", True, id="stored-without-its-zero"),
        pytest.param("DK", "1101901234", "01101901234", False, id="another-ten-digits"),
        pytest.param("FI", "131052-308t", "131052-308T", True, id="a-letter-at-the-end"),
        pytest.param("SE", "800101-1234", "8001011234", True, id="no-leading-zero-to-lose"),
        pytest.param("SE", "801011234", "0801011234", False, id="how-long-it-is-is-not-known"),
    ],
)
def test_national_numbers(country: str, given: str, stored: str, same: bool) -> None:
    found = writings("national_id", given, country)
    assert (shaped("national_id", stored) in found) is same


@pytest.mark.parametrize("kind", ["email", "phone", "national_id", "member_no"])
def test_nothing_names_nobody(kind: str) -> None:
    """Or an empty field would be on every list."""
    assert writings(kind, "", "DK") == frozenset()
