"""Golden diagnostics: for each bad definition the exact lines that a person gets, in both languages.

`bad/NAME.yaml` or `bad/NAME/*.yaml` is the definition, `bad/NAME.expected` its lines `file:line:column code message`, first
in Chinese, then in English; a remedy follows on a line of its own. After a change on purpose, write them anew with
`GOLDEN=write pytest tests/golden` and read the difference.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from engine.definition.load import load
from engine.definition.messages import MESSAGES
from engine.kinds.registry import Registry
from engine.model.diagnostic import Diagnostic
from tests.unit.definition.catalogue import SmallCatalogue

BAD = Path(__file__).parent / "bad"
SOURCES = Path(__file__).parents[2] / "engine" / "definition"
# Too big, or too empty, to lie in a folder.
MADE: Mapping[str, Mapping[str, bytes]] = {
    "too_large": {"app.yaml": b"app: shop\nroles: [" + b"1," * 100_001 + b"]\n"},
    "too_large_bytes": {"app.yaml": b"#" * (5 * 1024 * 1024 + 1)},
    "no_files": {},
}


def _cases() -> dict[str, Mapping[str, bytes]]:
    cases: dict[str, Mapping[str, bytes]] = dict(MADE)
    for path in sorted(BAD.iterdir()):
        if path.is_dir():
            cases[path.name] = {file.name: file.read_bytes() for file in sorted(path.glob("*.yaml"))}
        elif path.suffix == ".yaml":
            cases[path.stem] = {path.name: path.read_bytes()}
    return cases


CASES = _cases()


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
    assert "{" not in re.sub(r"\{(number|date|name:|field:)[^}]*\}?|\{…\}", "", said), "a slot was not filled"


def test_every_code_has_a_golden_file() -> None:
    shown = {
        match[1] for path in BAD.glob("*.expected") for match in re.finditer(r"^\S*:\d+:\d+ (\S+)", path.read_text(), re.M)
    }
    assert set(MESSAGES) - shown == set()


def test_every_code_in_the_table_is_used() -> None:
    sources = "\n".join(path.read_text() for path in SOURCES.rglob("*.py") if path.parent.name != "messages")
    assert {code for code in MESSAGES if f'"{code}"' not in sources} == set()


def test_every_expected_file_has_its_case() -> None:
    assert {path.stem for path in BAD.glob("*.expected")} == set(CASES)
