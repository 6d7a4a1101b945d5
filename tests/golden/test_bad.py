"""Golden diagnostics: for each bad definition the exact lines that a person gets, in both languages.

`bad/NAME.yaml` or `bad/NAME/*.yaml` is the definition, `bad/NAME.expected` its lines `file:line:column code message`, first
in Chinese, then in English; a remedy follows on a line of its own. After a change on purpose, write them anew with
`GOLDEN=write pytest tests/golden` and read the difference.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from engine.definition.codes import codes
from engine.definition.load import load
from engine.definition.messages import MEANING, MESSAGES, NAMES, NOTES, PROOFS, READING, SHAPE
from engine.kinds.registry import Registry
from engine.language.messages import MESSAGES as OF_EXPRESSIONS
from engine.model.diagnostic import Diagnostic
from engine.model.message import Message
from tests.golden.cases import BAD, case_of, cases
from tests.unit.definition.catalogue import SmallCatalogue

ENGINE = Path(__file__).parents[2] / "engine"
CASES = cases()
# Whose first argument is a code.
REPORTING = {"add", "problem", "diagnose", "_problem", "_stop"}


def _lines(diagnostics: tuple[Diagnostic, ...], locale: str) -> Iterator[str]:
    for d in diagnostics:
        yield f"{d.span} {d.code} {d.message.to(locale)}"
        if d.hint is not None:
            yield f"    {d.hint.to(locale)}"


@pytest.mark.parametrize("name", sorted(CASES))
def test_bad_definition(name: str) -> None:
    loaded = load(CASES[name], SmallCatalogue(), Registry.load())
    said = "\n".join([*_lines(loaded.diagnostics, "zh"), "", *_lines(loaded.diagnostics, "en")]) + "\n"
    golden = BAD / f"{name}.expected"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(said, encoding="utf-8")
    assert said == golden.read_text(encoding="utf-8")
    assert not re.search(r"\{\w+\}", re.sub(r"\{(number|date)[^}]*\}", "", said)), "a slot was not filled"


def test_every_code_has_a_golden_file_of_its_name() -> None:
    for code in codes():
        expected = BAD / f"{case_of(code)}.expected"
        assert expected.exists(), code
        assert re.search(rf"^\S*:\d+:\d+ {code} ", expected.read_text(encoding="utf-8"), re.M), code


def test_every_code_in_a_table_is_used() -> None:
    for part, table in (("definition", MESSAGES), ("language", OF_EXPRESSIONS)):
        files = (path for path in (ENGINE / part).rglob("*.py") if "messages" not in (path.stem, path.parent.name))
        sources = "\n".join(path.read_text(encoding="utf-8") for path in files)
        assert {code for code in table if f'"{code}"' not in sources} == set()


@pytest.mark.parametrize(("part", "table"), [("definition", MESSAGES), ("language", OF_EXPRESSIONS)])
def test_no_code_is_reported_that_is_in_no_table(part: str, table: Mapping[str, Message]) -> None:
    reported = {
        code for path in (ENGINE / part).rglob("*.py") for code in _reported(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert len(reported) > 20
    assert reported - set(table) == set()


def _reported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in REPORTING:
                yield from (
                    each.value
                    for each in ast.walk(node.args[0])
                    if isinstance(each, ast.Constant)
                    and isinstance(each.value, str)
                    and re.fullmatch(r"[a-z]+(-[a-z]+)*", each.value)
                )


def test_a_code_means_one_thing() -> None:
    assert set(MESSAGES) & set(OF_EXPRESSIONS) == set()
    assert len(MESSAGES) == sum(len(topic) for topic in (READING, SHAPE, NAMES, MEANING, PROOFS, NOTES))


def test_every_expected_file_has_its_case() -> None:
    assert {path.stem for path in BAD.glob("*.expected")} == set(CASES)
