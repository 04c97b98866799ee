"""One word per concept: what `docs/glossary.md` refuses is in no name we give.

Method: read the glossary's table; split every name that our modules define into words; look for
the refused ones. Names that another library makes us use are listed with their reason.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from style.source import ROOT, Module, modules, names_defined, words_of

# (module, name): why this name may hold a refused word.
ALLOWED: dict[tuple[str, str], str] = {
    ("ombud.store.types", "process_bind_param"): "SQLAlchemy calls it",
    ("ombud.store.types", "process_result_value"): "SQLAlchemy calls it",
}

PLACES = {"SQL only", "HTTP only"}


@dataclass(frozen=True)
class Refused:
    """A word no name may hold.

    Args:
        words: The word, split at its underscores.
        only: Where it may be used all the same: `SQL only`, `HTTP only` or empty.
        instead: What the glossary says instead.
    """

    words: tuple[str, ...]
    only: str
    instead: str


def read_glossary(text: str) -> list[Refused]:
    """Return what the last column of the table refuses."""
    refused = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 5 and cells[0].startswith("`"):
            for word, note in re.findall(r"`(\w+)`(?: \(([^)]*)\))?", cells[4]):
                only = note if note in PLACES else ""
                refused.append(Refused(tuple(word.split("_")), only, cells[0]))
    return refused


def sql_places() -> tuple[str, ...]:
    """Return the modules that may speak SQL, from the import contract."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (contract,) = (c for c in settings["contracts"] if c["name"] == "SQL is spoken in few places")
    return tuple(contract["allowed_importers"])


def is_in(module: str, places: tuple[str, ...]) -> bool:
    """Tell whether a module is one of these places or inside one."""
    return any(module == place or module.startswith(f"{place}.") for place in places)


def holds(name: tuple[str, ...], word: tuple[str, ...]) -> bool:
    """Tell whether a name has the word, or its plural, among its words."""
    plural = (*word[:-1], f"{word[-1]}s")
    return any(name[i : i + len(word)] in (word, plural) for i in range(len(name) - len(word) + 1))


def refused_names(module: Module, glossary: list[Refused]) -> Iterator[str]:
    """Yield a line for each name in a module that the glossary refuses."""
    places = {"SQL only": sql_places(), "HTTP only": ("ombud.web",), "": ()}
    for name, line in names_defined(module):
        if (module.name, name) in ALLOWED:
            continue
        found: dict[str, list[str]] = {}
        for refused in glossary:
            if holds(words_of(name), refused.words) and not is_in(
                module.name, places[refused.only]
            ):
                found.setdefault("_".join(refused.words), []).append(refused.instead)
        for word, instead in found.items():
            says = " or ".join(instead)
            yield f"{module.file}:{line}: `{name}` holds `{word}`; the glossary has {says}"


GLOSSARY = read_glossary((ROOT / "docs" / "glossary.md").read_text())


def test_no_name_holds_a_word_the_glossary_refuses() -> None:
    found = [line for module in modules() for line in refused_names(module, GLOSSARY)]
    assert not found, "\n".join(found)


def test_the_glossary_is_read() -> None:
    refused = {"_".join(r.words): r.only for r in GLOSSARY}
    assert len(refused) > 40
    assert refused["delete"] == "SQL only"
    assert refused["request"] == "HTTP only"
    assert refused["vendor"] == ""
    assert "reason" not in refused, "a word without code font is advice"


def test_no_word_is_both_used_and_refused() -> None:
    used = {word for refused in GLOSSARY for word in re.findall(r"`(\w+)`", refused.instead)}
    assert not used & {"_".join(refused.words) for refused in GLOSSARY}


@pytest.mark.parametrize(
    ("module", "source"),
    [
        pytest.param("ombud.plan.x", "def delete_rows(): ...", id="function"),
        pytest.param("ombud.plan.x", "class RowDelete: ...", id="class"),
        pytest.param("ombud.plan.x", "def f(user): ...", id="parameter"),
        pytest.param("ombud.plan.x", "vendors = 1", id="plural"),
        pytest.param("ombud.plan.x", "for job in (): ...", id="loop"),
        pytest.param("ombud.plan.x", "class A:\n    request_type: str", id="field"),
        pytest.param("ombud.plan.x", "self.opt_in_at = 1", id="attribute"),
        pytest.param("ombud.plan.x", "import json as mapping", id="alias"),
        pytest.param("ombud.purge", "", id="module"),
        pytest.param("ombud.cases.x", "request = 1", id="http-outside-web"),
    ],
)
def test_a_refused_word_is_found(module: str, source: str) -> None:
    assert list(refused_names(Module(module, "x.py", source), GLOSSARY))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        pytest.param("ombud.plan.x", "connection.execute(delete(table))", id="others-names"),
        pytest.param("ombud.plan.x", "def erase(): ...", id="ours"),
        pytest.param("ombud.plan.x", "processor = deleted = 1", id="part-of-a-word"),
        pytest.param("ombud.connectors.sql", "delete = 1", id="sql"),
        pytest.param("ombud.web.portal", "request = 1", id="http"),
    ],
)
def test_other_words_are_not(module: str, source: str) -> None:
    assert not list(refused_names(Module(module, "x.py", source), GLOSSARY))


def test_every_allowed_name_is_still_there() -> None:
    there = {(module.name, name) for module in modules() for name, _ in names_defined(module)}
    assert not set(ALLOWED) - there
