"""Filters that the list shows as examples can be typed as they stand."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from builder_ui.format import Column
from builder_ui.pages.filter_help import examples
from builder_ui.web import make_web
from engine.market.market import Market
from tests.every_kind import FILES
from tests.unit.builder_ui.web_house import Settings, WebHouse
from tests.world import TEMPLATE, make_world


@pytest.fixture
def house(tmp_path: Path) -> WebHouse:
    world = make_world(tmp_path, FILES)
    made = WebHouse(
        world,
        world.people,
        make_web(world.runtime, world.people, Market(TEMPLATE.parent, world.runtime, world.people), Settings()),
    )
    made.person("lin", "clerk")
    return made


def test_examples_are_of_the_table_and_work(house: WebHouse) -> None:
    lin = house.signed_in("lin")
    refused = lin.get("/a/kinds/t/parcels?where=wrong").text
    for example in ("pieces &gt; 100", "channel == &#39;web&#39;", "&#39;wrap&#39; in services", "handling &gt; hours(2)"):
        assert example in refused
        typed = example.replace("&gt;", ">").replace("&#39;", "'")
        assert lin.get("/a/kinds/t/parcels?where=" + quote(typed)).status_code == 200
    assert "pending" not in refused


def test_states_stand_in_the_flow() -> None:
    table = {"flow": {"states": [{"name": "open", "title": "Open"}]}}
    assert examples(table, [Column("status", "State", "state")])[0] == "status == 'open'"
