"""Ombud's own source as the style tests see it: modules, the names we define, lines of code."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "ombud"

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One module.

    Args:
        name: Dotted name, for example `ombud.law.period`.
        file: Path as shown in a finding.
    """

    name: str
    file: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed module."""
        return ast.parse(self.text, self.file)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the tree."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def definitions(self) -> tuple[Definition, ...]:
        """Every class and function, nested ones too."""
        return tuple(node for node in self.nodes if isinstance(node, Definition))

    def functions(self) -> Iterator[Function]:
        """Yield every function and method."""
        for node in self.definitions:
            if isinstance(node, Function):
                yield node

    @cached_property
    def code_lines(self) -> frozenset[int]:
        """The numbers of lines that hold code: not blank, not a comment, not a docstring."""
        silent = {
            tokenize.COMMENT,
            tokenize.NL,
            tokenize.NEWLINE,
            tokenize.INDENT,
            tokenize.DEDENT,
            tokenize.ENDMARKER,
        }
        lines: set[int] = set()
        for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
            if token.type not in silent:
                lines.update(range(token.start[0], token.end[0] + 1))
        for node in self.nodes:
            if (
                isinstance(node, ast.Expr)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
            ):
                assert node.end_lineno is not None
                lines.difference_update(range(node.lineno, node.end_lineno + 1))
        return frozenset(lines)

    def code_length(self, node: Definition | None = None) -> int:
        """Return how many lines of code the module, or one definition in it, has."""
        if node is None:
            return len(self.code_lines)
        assert node.end_lineno is not None
        return len(self.code_lines & set(range(node.lineno, node.end_lineno + 1)))


@cache
def modules(folder: Path = PACKAGE) -> tuple[Module, ...]:
    """Return every module below a folder, but for Alembic's steps: never edited once written.

    Each is read and parsed once in a run; nothing that is asked of a module changes it.
    """
    found = []
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder.parent).with_suffix("").parts
        if "versions" in parts:
            continue
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found.append(Module(name, str(path.relative_to(folder.parents[1])), path.read_text()))
    return tuple(found)


@cache
def words_of(identifier: str) -> tuple[str, ...]:
    """Return the words of an identifier, lower case: `_UnknownKey2` is unknown, key.

    >>> words_of("keep_HTTPRequest_for")
    ('keep', 'http', 'request', 'for')
    """
    found = re.findall(r"[A-Z]+(?![a-zæøåäö])|[A-ZÆØÅÄÖ]?[a-zæøåäö]+", identifier)
    return tuple(word.lower() for word in found)


def names_defined(module: Module) -> Iterator[tuple[str, int]]:
    """Yield each name that the module itself gives to something, with its line.

    Functions, classes, parameters, variables, attributes of `self`, import aliases, and the
    module's own name. Not: what it imports or calls, for those names are others'.
    """
    yield module.name.rsplit(".", 1)[-1], 1
    for node in module.nodes:
        if isinstance(node, Definition):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            if isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}:
                yield node.attr, node.lineno
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name, node.lineno
        elif isinstance(node, ast.alias) and node.asname:
            yield node.asname, getattr(node, "lineno", 1)
        elif isinstance(node, ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name, node.lineno
