"""A module that asks for both databases gets both: a fixture that outlives one test must hang on the database, or what was
made on the first is used for the second as well."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]


def fixtures(tree: ast.Module) -> dict[str, tuple[bool, set[str]]]:
    """Name → whether it is made once for the module, and what it asks for."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            marks = [ast.unparse(each) for each in node.decorator_list]
            if any(mark.startswith("pytest.fixture") for mark in marks):
                shared = any("scope=" in mark for mark in marks)
                found[node.name] = shared, {argument.arg for argument in node.args.args}
    return found


def hangs_on(known: dict[str, tuple[bool, set[str]]], name: str) -> bool:
    return name == "on_both" or any(hangs_on(known, asked) for asked in known.get(name, (False, set()))[1])


def test_what_a_module_shares_is_made_anew_on_the_other_database() -> None:
    wrong, looked = [], 0
    for path in sorted(ROOT.rglob("test_*.py")):
        text = path.read_text("utf-8")
        if "pytestmark = ON_BOTH" not in text:
            continue
        known = fixtures(ast.parse(text))
        for name, (shared, _) in known.items():
            looked += shared
            if shared and not hangs_on(known, name):
                wrong.append(f"{path.relative_to(ROOT)}: {name}")
    assert looked
    assert not wrong
