"""Which code and which facts rest on which article? The table that an auditor asks for.

`python -m ombud.law.index docs/reference/law-index.md` writes it.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from ombud.law.book import NAMES, book
from ombud.law.citation import Citation
from ombud.law.misspelt import Misspelt

_HEAD = """# Law index

Written by `python -m ombud.law.index`: every article, paragraph and page of guidance that code or a
fact of law cites, with where it is cited.
"""


def laws_in(docstring: str) -> tuple[Citation, ...]:
    """Return the citations of the `Law:` section of a docstring, in the order written.

    Raises:
        Misspelt: A line of the section is not a citation in the one spelling.
    """
    lines = iter(docstring.splitlines())
    for line in lines:
        if line.strip() == "Law:":
            break
    found = []
    for line in lines:
        if not line.strip():
            break
        found.append(Citation.parse(line.strip()))
    return tuple(found)


def cited_in(package: Path) -> Iterator[tuple[Citation, str]]:
    """Yield each citation of a docstring with the dotted name of what it belongs to.

    Args:
        package: Folder of a package; its name is the first of the dotted name.

    Raises:
        Misspelt: A line of a `Law:` section is not a citation; the message names whose it is.
    """
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        module = ".".join(part for part in parts if part != "__init__")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        yield from _cited(tree, module)


def cited_by_facts() -> Iterator[tuple[Citation, str]]:
    """Yield each citation of a fact of law with the file and name of the fact."""
    for name in NAMES:
        pages = book(name)
        cited = [(own, fact.citations) for own, facts in pages.facts.items() for fact in facts]
        cited += [(own, fact.citations) for own, facts in pages.retention.items() for fact in facts]
        for own, citations in cited:
            yield from ((citation, f"fact {name}/{own}") for citation in citations)


def law_index(package: Path) -> str:
    """Return the index of a package and of all facts of law, as Markdown."""
    found = {*cited_in(package), *cited_by_facts()}
    lines = [_HEAD]
    in_order = sorted(found, key=lambda pair: (pair[0].order(), pair[1]))
    for (country, act), rows in groupby(in_order, key=lambda row: (row[0].country, row[0].act)):
        lines.append(f"\n## {act if country == 'EU' else f'{country} {act}'}\n")
        lines.append("| place | cited by |\n| --- | --- |")
        for place, named in groupby(rows, key=lambda row: row[0].place):
            names = ", ".join(f"`{where}`" for _, where in named)
            lines.append(f"| {place or 'the whole'} | {names} |")
    return "\n".join(lines) + "\n"


def _cited(node: ast.AST, name: str) -> Iterator[tuple[Citation, str]]:
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        try:
            laws = laws_in(ast.get_docstring(node) or "")
        except Misspelt as wrong:
            raise Misspelt(f"`{name}`: {wrong.says}", wrong.help) from None
        yield from ((citation, name) for citation in laws)
    for child in ast.iter_child_nodes(node):
        own = getattr(child, "name", "")
        yield from _cited(child, f"{name}.{own}" if own else name)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(law_index(Path(__file__).parent.parent), encoding="utf-8")
