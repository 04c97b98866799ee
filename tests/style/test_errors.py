"""Every error is in the tree at the top of `errors.py`, and only there.

Method: read the tree from the docstring, compare it with the classes, and look for exception
classes in other modules.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from ombud import errors
from style.source import Module, modules

LINE = re.compile(r"^(?P<bars>[│ ]*)(?:├── |└── )?(?P<name>[A-Z]\w*)(?P<says>.*)$")

# Public errors that are no end for a caller of Ombud, with the reason; `_Private` ones are free.
INSIDE: dict[str, str] = {
    "Misprint": "our own facts are broken; a test reads all of them, so nobody meets it",
    "Misspelt": "what a value's text lacks; whoever parses the file makes it a finding",
}


def read_tree(docstring: str) -> dict[str, tuple[str, str]]:
    """Return each class of the tree with its parent and what the tree says of it."""
    found: dict[str, tuple[str, str]] = {}
    path: list[str] = []
    for line in docstring.split("The tree::", 1)[1].splitlines():
        match = LINE.match(line.strip("\n"))
        if match is None:
            continue
        branch = re.search(r"[├└]", line)
        depth = (branch.start() // 4) if branch else 0
        del path[depth:]
        found[match["name"]] = (path[-1] if path else "", match["says"].strip())
        path.append(match["name"])
    return found


def classes_of(root: type[BaseException]) -> dict[str, str]:
    """Return every class of our errors with its parent."""
    found = {root.__name__: ""}

    def walk(cls: type[BaseException]) -> None:
        for child in cls.__subclasses__():
            if child.__module__ == errors.__name__:
                found[child.__name__] = cls.__name__
                walk(child)

    walk(root)
    return found


TREE = read_tree(errors.__doc__ or "")


def test_the_tree_is_the_classes() -> None:
    assert {name: parent for name, (parent, _) in TREE.items()} == classes_of(errors.OmbudError)


@pytest.mark.parametrize("name", TREE)
def test_the_docstring_of_an_error_is_a_sentence(name: str) -> None:
    """It is what is shown when nothing better is known."""
    first = (getattr(errors, name).__doc__ or "").splitlines()[0]
    assert re.fullmatch(r"[A-Z].*\.", first)


@pytest.mark.parametrize("name", [n for n, (_, says) in TREE.items() if "exit code" in says])
def test_the_exit_code_is_what_the_tree_says(name: str) -> None:
    said = re.search(r"exit code (\d)", TREE[name][1])
    assert said is not None
    assert getattr(errors, name).exit_code == int(said[1])


def errors_elsewhere(module: Module) -> Iterator[str]:
    """Yield exception classes that a module other than errors.py defines."""
    for node in module.definitions:
        if not isinstance(node, ast.ClassDef) or node.name in INSIDE or node.name[0] == "_":
            continue
        bases = {ast.unparse(base).rsplit(".", 1)[-1] for base in node.bases}
        if any(base in TREE or is_builtin_error(base) for base in bases):
            yield f"{module.file}:{node.lineno}: `{node.name}` belongs in errors.py and its tree"


def is_builtin_error(name: str) -> bool:
    """Tell whether a name is one of Python's own exceptions."""
    found = __builtins__[name] if name in __builtins__ else None
    return isinstance(found, type) and issubclass(found, BaseException)


def test_no_other_module_has_errors_of_its_own() -> None:
    found = [
        line
        for module in modules()
        if module.name != "ombud.errors"
        for line in errors_elsewhere(module)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("base", ["Exception", "ValueError", "Refused", "errors.Stopped"])
def test_an_error_elsewhere_is_found(base: str) -> None:
    assert list(errors_elsewhere(Module("ombud.x", "x.py", f"class Odd({base}): ...")))


def test_a_class_that_is_missing_in_the_tree_is_seen() -> None:
    tree = read_tree("The tree::\n\n    A\n    ├── B    says\n    │   └── C\n    └── D\n")
    assert {name: parent for name, (parent, _) in tree.items()} == {
        "A": "",
        "B": "A",
        "C": "B",
        "D": "A",
    }
