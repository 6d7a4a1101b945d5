"""Guides are executed: what a page tells people to do works, and says what the page says it says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from connectors.catalogue import load as load_catalogue
from engine.definition.load import load
from engine.definition.read import read_folder
from engine.model.diagnostic import Severity
from tests.docs.guide import ROOT, Reader, blocks
from tests.unit.definition.loading import REGISTRY

GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_a_guide_works_as_it_is_written(guide: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("DAJIAN_")]:
        monkeypatch.delenv(name)
    reader = Reader(tmp_path)
    for block in blocks(guide):
        reader.follow(block)
    loaded = load(read_folder(tmp_path / "my_board"), load_catalogue(), REGISTRY)
    assert loaded.app is not None
    assert [d for d in loaded.diagnostics if d.severity is Severity.ERROR] == []
    assert "phone_orders_first" in [rule.name for rule in loaded.app.rules]


def test_every_guide_has_both_languages_with_the_same_steps() -> None:
    english = [path for path in GUIDES if not path.name.endswith(".zh-CN.md")]
    assert len(english) * 2 == len(GUIDES)
    for guide in english:
        other = guide.with_name(guide.name.replace(".md", ".zh-CN.md"))
        done = [[b for b in blocks(page) if b.kind != "text" and "DAJIAN_LOCALE" not in b.text] for page in (guide, other)]
        assert done[0] == done[1]
