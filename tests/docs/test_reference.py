"""The reference is made from the code: what lies in docs/reference/ is what `python -m tools.reference` makes today."""

from __future__ import annotations

import re

import pytest

from engine.definition.codes import codes
from engine.model.message import Message
from tools.reference.pages import FOLDER, pages

PAGES = pages()


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_is_as_the_code_has_it(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name], "run `python -m tools.reference`"


def test_there_is_no_other_page() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(PAGES)


@pytest.mark.parametrize(("page", "locale"), [("diagnostics.md", "en"), ("diagnostics.zh-CN.md", "zh")])
def test_every_code_is_documented(page: str, locale: str) -> None:
    entries = dict(re.findall(r"^### (\S+)\n(.*?)(?=^##|\Z)", PAGES[page], re.M | re.S))
    assert set(entries) == set(codes())
    for code, message in codes().items():
        _complete(code, message, entries[code], locale)


def _complete(code: str, message: Message, entry: str, locale: str) -> None:
    assert message.text.to(locale) in entry
    assert (
        message.hint is None or message.hint.to(locale) in ("{remedy}", *entry.split("\n")) or message.hint.to(locale) in entry
    )
    assert re.search(rf"^```text\n(?:.*\n)*?\S*:\d+:\d+ {code} ", entry, re.M), f"{code} has no example with what it says"
