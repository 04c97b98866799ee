"""The index over a package of two functions, and over Ombud itself."""

from __future__ import annotations

from pathlib import Path

import pytest

import ombud
from ombud.law import Misspelt
from ombud.law.index import cited_in, law_index, laws_in

CODE = '''"""What is asked?"""


def answer() -> None:
    """Return the answer.

    Law:
        GDPR Art. 12(3)
        Reg. 1182/71 Art. 3(4)

    Examples:
        >>> answer()
    """


class Case:
    """A case."""

    def refuse(self) -> None:
        """Refuse.

        Law:
            GDPR Art. 12(5)
        """
'''


def test_each_law_section_becomes_a_citation_with_its_dotted_name(tmp_path: Path) -> None:
    package = tmp_path / "shop"
    package.mkdir()
    (package / "counter.py").write_text(CODE, encoding="utf-8")

    assert [(str(citation), where) for citation, where in cited_in(package)] == [
        ("GDPR Art. 12(3)", "shop.counter.answer"),
        ("Reg. 1182/71 Art. 3(4)", "shop.counter.answer"),
        ("GDPR Art. 12(5)", "shop.counter.Case.refuse"),
    ]
    assert "| Art. 12(5) | `shop.counter.Case.refuse` |" in law_index(package)
    assert "| § 12(1) | `fact dk/dk_bogf` |" in law_index(package)


def test_a_line_that_is_no_citation_is_refused_with_the_name_of_its_owner(tmp_path: Path) -> None:
    code = CODE.replace("Reg. 1182/71 Art. 3(4)", "Art. 3")
    (tmp_path / "counter.py").write_text(code, encoding="utf-8")

    with pytest.raises(Misspelt, match=r"counter\.answer`: not a citation: `Art\. 3`"):
        list(cited_in(tmp_path))


def test_a_docstring_without_law_cites_nothing() -> None:
    assert laws_in("Return the answer.") == ()


def test_every_law_section_of_ombud_is_in_the_one_spelling() -> None:
    package = Path(ombud.__file__).parent

    assert any(where == "ombud.law.deadline.due_on" for _, where in cited_in(package))
