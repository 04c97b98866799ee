"""What CONTRIBUTING.md says of modules and functions: short, described, in a package, citing.

Method: walk our modules; each rule yields a line for what breaks it. Each rule is also shown a
planted fault, so that it is known to fail.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ombud.law.citation import Citation
from style.source import PACKAGE, ROOT, Function, Module, modules

FUNCTION_MAX = 60  # lines of code: a screen
MODULE_MAX = 400  # lines of code: a sitting

# `module` or `module:function` that may be longer, with the reason.
LONGER: dict[str, str] = {}


# ------------------------------------------------------------------ the rules


def too_long(module: Module) -> Iterator[str]:
    """Yield the module and its functions that are longer than they may be."""
    if module.code_length() > MODULE_MAX and module.name not in LONGER:
        yield f"{module.file}: {module.code_length()} lines of code, {MODULE_MAX} at most"
    for function in module.functions():
        length = module.code_length(function)
        if length > FUNCTION_MAX and f"{module.name}:{function.name}" not in LONGER:
            yield (
                f"{module.file}:{function.lineno}: `{function.name}` has {length} lines of code, "
                f"{FUNCTION_MAX} at most"
            )


def undescribed(module: Module) -> Iterator[str]:
    """Yield the module, public classes and public functions without a docstring."""
    described: list[tuple[ast.Module | ast.ClassDef | Function, str, int]] = []
    described.append((module.tree, "the module", 1))

    def walk(body: list[ast.stmt]) -> None:
        for node in body:
            if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_"):
                described.append((node, f"`{node.name}`", node.lineno))
                if isinstance(node, ast.ClassDef):
                    walk(node.body)

    walk(module.tree.body)
    for node, name, line in described:
        text = ast.get_docstring(node)
        if not is_overload(node) and (text is None or len(text.split()) < 2):
            yield f"{module.file}:{line}: {name} has no docstring"


def is_overload(node: ast.AST) -> bool:
    """Tell whether a function only declares a type."""
    return any("overload" in ast.unparse(d) for d in getattr(node, "decorator_list", ()))


def law_sections(module: Module) -> Iterator[tuple[str, int]]:
    """Yield each line of each `Law:` section, with the line of its definition."""
    for node in [module.tree, *module.definitions]:
        lines = (ast.get_docstring(node) or "").splitlines()
        starts = [i for i, line in enumerate(lines) if line == "Law:"]
        for start in starts:
            for line in lines[start + 1 :]:
                if not line.startswith(" "):
                    break
                yield line.strip(), getattr(node, "lineno", 1)


def miscited(module: Module) -> Iterator[str]:
    """Yield lines of `Law:` sections that are not one citation."""
    for text, line in law_sections(module):
        try:
            Citation.parse(text)
        except ValueError as wrong:
            yield f"{module.file}:{line}: {wrong}"
        except Exception as wrong:
            yield f"{module.file}:{line}: {wrong}"


Rule = Callable[[Module], Iterator[str]]
RULES = (too_long, undescribed, miscited)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_no_module_breaks_the_rule(rule: Rule) -> None:
    found = [line for module in modules() for line in rule(module)]
    assert not found, "\n".join(found)


# ------------------------------------------------------------------ planted faults

LONG_BODY = "\n".join(f"    a{i} = {i}" for i in range(FUNCTION_MAX))
LONG_MODULE = "\n".join(f"a{i} = {i}" for i in range(MODULE_MAX + 1))


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        pytest.param(too_long, f"def f():\n{LONG_BODY}", id="long-function"),
        pytest.param(too_long, LONG_MODULE, id="long-module"),
        pytest.param(undescribed, "x = 1", id="module-without-docstring"),
        pytest.param(undescribed, '"""A b."""\nclass C: ...', id="class-without-docstring"),
        pytest.param(undescribed, '"""x"""', id="docstring-that-says-nothing"),
        pytest.param(
            undescribed,
            '"""A b."""\nclass C:\n    """A b."""\n    def f(self): ...',
            id="method-without-docstring",
        ),
        pytest.param(
            miscited, 'def f():\n    """A.\n\n    Law:\n        Article 17\n    """', id="citation"
        ),
        pytest.param(
            miscited,
            'def f():\n    """A.\n\n    Law:\n        GDPR Art. 17, Art. 18\n    """',
            id="two-citations-on-a-line",
        ),
    ],
)
def test_a_planted_fault_is_found(rule: Rule, source: str) -> None:
    assert list(rule(Module("ombud.x", "x.py", source)))


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        pytest.param(too_long, f'def f():\n    """{chr(10) * 99}"""', id="docstrings-do-not-count"),
        pytest.param(too_long, "def f():\n" + "    # why\n" * 99 + "    ...", id="nor-comments"),
        pytest.param(undescribed, '"""A b."""\ndef _f(): ...', id="private"),
        pytest.param(
            miscited,
            'def f():\n    """A.\n\n    Law:\n        GDPR Art. 12(3)\n        '
            'Reg. 1182/71 Art. 3(4)\n    """',
            id="citations",
        ),
    ],
)
def test_what_keeps_the_rule_is_not(rule: Rule, source: str) -> None:
    assert not list(rule(Module("ombud.x", "x.py", source)))


def test_every_longer_one_is_still_longer() -> None:
    lengths = {}
    for module in modules():
        lengths[module.name] = module.code_length() > MODULE_MAX
        for function in module.functions():
            name = f"{module.name}:{function.name}"
            lengths[name] = lengths.get(name, False) or module.code_length(function) > FUNCTION_MAX
    assert not [name for name in LONGER if not lengths.get(name)]


# ------------------------------------------------------------------ folders


def folders_without_init(package: Path) -> list[str]:
    """Return folders with modules but no `__init__.py`: import-linter does not see into them."""
    folders = {path.parent for path in package.rglob("*.py")}
    return sorted(
        str(folder.relative_to(package.parent))
        for folder in folders
        if not (folder / "__init__.py").exists() and folder.name != "versions"
    )


def test_every_folder_of_modules_is_a_package() -> None:
    assert folders_without_init(PACKAGE) == []


def test_a_folder_that_is_no_package_is_found(tmp_path: Path) -> None:
    (tmp_path / "p" / "q").mkdir(parents=True)
    (tmp_path / "p" / "__init__.py").touch()
    (tmp_path / "p" / "q" / "m.py").touch()
    assert folders_without_init(tmp_path / "p") == ["p/q"]


def test_every_test_file_tells_its_method() -> None:
    """A test file's docstring says what it does to find out."""
    silent = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if path.name != "__init__.py" and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_tests_do_not_sleep() -> None:
    """Only the servers' keeper and what watches other processes may wait."""
    waits = {"tests/servers.py", "tests/contract/test_servers.py", "tests/contract/test_faults.py"}
    sleepy = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if re.search(r"^(?!.*[\"']).*\b(time|asyncio)\.sleep\(", path.read_text(), re.MULTILINE)
    ]
    assert set(sleepy) <= waits
