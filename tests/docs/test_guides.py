"""Guides are executed: what a page tells people to do works, and says what the page says it says."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sqlalchemy import Engine

from engine.model.app import App
from tests.docs.guide import ROOT, Reader, blocks


def _orders(app: App) -> None:
    assert "phone_orders_first" in [rule.name for rule in app.rules]


def _repairs(app: App) -> None:
    """Every section has been written, and nothing was set aside on the way."""
    assert set(app.tables) == {"jobs", "customers", "parts"}
    assert [rule.name for rule in app.rules] == ["small_jobs_agreed", "gold_customers_first"]
    assert all((app.permissions, app.people, app.routings, app.alerts, app.boards, app.connections))


def _run(app: App) -> None:
    assert set(app.tables["jobs"].fields) == {"device", "order_no", "price", "photos"}
    assert app.tables["jobs"].fields["order_no"].was == "shop_no"


# What each guide has made when it is done; a new guide says so here.
AT_THE_END: Mapping[str, Callable[[App], None]] = {"order-tracking": _orders, "language": _repairs, "running": _run}
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_a_guide_works_as_it_is_written(guide: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("DAJIAN_")]:
        monkeypatch.delenv(name)
    reader = Reader(tmp_path)
    for block in blocks(guide):
        reader.follow(block)
    AT_THE_END[guide.name.split(".")[0]](reader.load())


@pytest.mark.postgresql
def test_looking_after_a_house_works_on_postgresql(postgres: Engine, tmp_path: Path) -> None:
    reader = Reader(tmp_path, environment={"DAJIAN_DATABASE_URL": postgres.url.render_as_string(hide_password=False)})
    for block in blocks(ROOT / "docs" / "guides" / "running.md"):
        reader.follow(block)


def test_every_guide_has_both_languages_with_the_same_steps() -> None:
    english = [path for path in GUIDES if not path.name.endswith(".zh-CN.md")]
    assert len(english) * 2 == len(GUIDES)
    for guide in english:
        other = guide.with_name(guide.name.replace(".md", ".zh-CN.md"))
        done = [[b for b in blocks(page) if b.kind != "text" and "DAJIAN_LOCALE" not in b.text] for page in (guide, other)]
        assert done[0] == done[1]
