"""The shape of the house, held by a test: small files, small functions, imports where they can be seen, arrows that only point
down."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOTS = ("engine", "connectors", "builder_ui", "tests")
LINES = 300
FUNCTION = 40
COMPOSITION = 150
NOT_OURS = ("vendor", "__pycache__", "node_modules")
# These begin at `runtime`; what lies below runs without them.
BELOW_RUNTIME = ("model", "language", "kinds", "definition", "storage", "access", "people")
SERVERS = {"flask", "werkzeug", "redis", "rq", "waitress"}


def _files(*suffixes: str, roots: tuple[str, ...] = ROOTS) -> Iterator[Path]:
    for root in roots:
        for path in sorted((ROOT / root).rglob("*")):
            if path.suffix in suffixes and not set(path.parts) & set(NOT_OURS):
                yield path
    if roots == ROOTS and (ROOT / "app.py").exists():
        yield ROOT / "app.py"


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or ""


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_is_long() -> None:
    sizes = {_named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in _files(".py", ".js", ".css")}
    assert {name: size for name, size in sizes.items() if size > LINES} == {}
    assert sizes.get("app.py", 0) <= COMPOSITION


def test_no_function_is_long() -> None:
    long = {
        f"{_named(path)}:{node.lineno} {node.name}": size
        for path in _files(".py")
        for node in _functions(_tree(path))
        if (size := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION
    }
    assert long == {}


def test_imports_stand_at_the_top() -> None:
    hidden = [
        f"{_named(path)}:{line}"
        for path in _files(".py")
        for function in _functions(_tree(path))
        for line, _ in _imported(function)
    ]
    assert hidden == []


def test_every_module_of_ours_says_what_it_is() -> None:
    silent = [
        _named(path)
        for path in _files(".py", roots=("engine", "connectors", "builder_ui"))
        if path.stat().st_size > 0 and ast.get_docstring(_tree(path)) is None
    ]
    assert silent == []


@pytest.mark.parametrize("group", ["fields", "steps", "triggers"])
def test_every_kind_has_a_test(group: str) -> None:
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests/unit/kinds").rglob("*.py"))
    names = {path.stem for path in (ROOT / "engine/kinds" / group).glob("[a-z]*.py")}
    without = {
        name for name in names if not re.search(rf"\b{group}\.{name}\b|\b{group} import .*\b{name}\b|[\"']{name}[\"']", tests)
    }
    assert without == set()


def test_the_model_imports_nothing_third_party() -> None:
    foreign = [
        f"{_named(path)}:{line} {name}"
        for path in _files(".py", roots=("engine/model",))
        for line, name in _imported(_tree(path))
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("engine.model")
    ]
    assert foreign == []


def test_no_server_below_the_runtime_and_nobody_imports_the_composition_root() -> None:
    below = [
        f"{_named(path)}:{line} {name}"
        for path in _files(".py", roots=tuple(f"engine/{layer}" for layer in BELOW_RUNTIME))
        for line, name in _imported(_tree(path))
        if name.split(".")[0] in SERVERS
    ]
    assert below == []
    # A journey drives the house as app.py puts it together; nothing else may know the composition root.
    elsewhere = (path for path in _files(".py") if not _named(path).startswith("tests/browser/"))
    assert [_named(path) for path in elsewhere for _, name in _imported(_tree(path)) if name == "app"] == []
