"""Every code that can be found is explained, and every one that is explained can be found.

Method: the codes in the source and in these tests are read as text and compared with the tables.
"""

from __future__ import annotations

import re
from pathlib import Path

from ombud import document, policy, systems
from ombud.systems import BINDING_CODES, CODES

SOURCE = Path(systems.__file__).parent
HERE = Path(__file__).parent
ELSEWHERE = {**document.CODES, **policy.CODES}


def codes_in(folder: Path, pattern: str) -> set[str]:
    texts = [
        p.read_text(encoding="utf-8") for p in folder.rglob("*.*") if p.suffix in (".py", ".txt")
    ]
    return set(re.findall(pattern, "\n".join(texts)))


def used() -> set[str]:
    files = [p for p in SOURCE.rglob("*.py") if p.name != "codes.py"]
    found = [re.findall(r'"([YZ]\d\d)"', p.read_text(encoding="utf-8")) for p in files]
    return set().union(*found)


def test_every_code_in_the_source_is_in_the_tables() -> None:
    assert used() - ELSEWHERE.keys() == {*CODES, *BINDING_CODES}


def test_no_number_is_given_twice() -> None:
    assert not {*CODES, *BINDING_CODES} & {*ELSEWHERE}
    assert all("Y70" <= code <= "Y99" for code in CODES)


def test_every_code_has_a_test() -> None:
    assert {*CODES, *BINDING_CODES} - codes_in(HERE, r"\b[YZ]\d\d\b") == set()


def test_what_a_code_means_is_one_line_without_a_full_stop() -> None:
    for says in (*CODES.values(), *BINDING_CODES.values()):
        assert says[0].islower()
        assert not says.endswith(".")
