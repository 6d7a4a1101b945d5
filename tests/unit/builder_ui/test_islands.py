"""The islands' files hold together without a build step: what they import is there, preloaded, small enough and translated."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

import builder_ui
from builder_ui.i18n import load_words

STATIC = Path(builder_ui.__file__).parent / "static"
ISLANDS = STATIC / "islands"
PRELOAD: dict[str, list[str]] = json.loads((ISLANDS / "preload.json").read_text())
OWN = sorted(ISLANDS.rglob("*.js"))

_STATIC_IMPORT = re.compile(r"""^(?:import|export)\b[^;]*?from\s+"(\.[^"]+)";""", re.MULTILINE)
_LAZY_IMPORT = re.compile(r"""import\("(\.[^"]+)"\)""")
_MESSAGE = re.compile(r"""\bt\(\s*"((?:\\.|[^"\\])*)\"""")


def imported(path: Path, *, lazy: bool = False) -> set[Path]:
    """Everything that a module brings with it, itself included."""
    found, waiting = set[Path](), [path]
    while waiting:
        current = waiting.pop()
        if current in found:
            continue
        found.add(current)
        text = current.read_text()
        names = _STATIC_IMPORT.findall(text) + (_LAZY_IMPORT.findall(text) if lazy else [])
        waiting += [(current.parent / name).resolve() for name in names]
    return found


@pytest.mark.parametrize("island", sorted(PRELOAD))
def test_a_page_preloads_exactly_what_its_island_imports_at_once(island: str) -> None:
    needed = {ISLANDS / "mount.js"} | imported(ISLANDS / f"{island}.js")
    assert {STATIC / name for name in PRELOAD[island]} == {path.resolve() for path in needed}


def test_everything_that_is_imported_is_there() -> None:
    for path in OWN:
        for found in imported(path, lazy=True):
            assert found.is_file(), f"{path.name} imports {found.name}"


def test_the_board_page_stays_within_its_60_kilobytes() -> None:
    scripts = {ISLANDS / "mount.js"} | imported(ISLANDS / "board.js", lazy=True)
    sheets = [STATIC / "css" / name for name in ("base.css", "islands.css", "board.css")]
    files = [*scripts, *(sheet for sheet in sheets if sheet.exists())]
    assert sum(len(gzip.compress(path.read_bytes())) for path in files) <= 60 * 1024


def test_every_message_is_translated_with_the_same_slots() -> None:
    used = {message for path in OWN for message in _MESSAGE.findall(path.read_text())}
    words = load_words()["zh_CN"].islands
    assert len(used) > 40
    assert used <= set(words), "collect them: python -m builder_ui.i18n.collect"
    for message in used:
        text = words[message]
        assert text != message or not re.search("[a-z]", re.sub(r"\{\w+\}", "", message)), f"not translated: {message}"
        assert set(re.findall(r"\{\w+\}", message)) == set(re.findall(r"\{\w+\}", text)), message


def test_no_script_goes_round_the_renderer_or_the_content_policy() -> None:
    for path in OWN:
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", path.read_text()
        ), path.name


def test_files_stay_small() -> None:
    assert {path.name: len(path.read_text().splitlines()) for path in OWN if len(path.read_text().splitlines()) > 300} == {}
