from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.definition.read import read_folder
from engine.market.folder import overlay_files
from engine.market.market import Market
from engine.model.diagnostic import DefinitionError
from engine.model.problem import Problem
from tests.databases import ON_BOTH
from tests.world import TEMPLATE, World, actor, make_world

pytestmark = ON_BOTH


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path)


@pytest.fixture
def market(world: World, tmp_path: Path) -> Market:
    """Beside the real template, one that is not installed yet and one that is broken."""
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATE, templates / "order_tracking")
    shutil.copytree(TEMPLATE, templates / "second")
    app = templates / "second" / "app.yaml"
    app.write_text(app.read_text(encoding="utf-8").replace("app: order_tracking", "app: second"), encoding="utf-8")
    (templates / "second" / "cases.yaml").write_text("cases: []\n")
    (templates / "second" / "picture.png").write_bytes(b"png")
    (templates / "broken").mkdir()
    (templates / "broken" / "app.yaml").write_text("app: broken\ntables: 7\n")
    (templates / "not_one").mkdir()
    world.people.add_user("anna", owner=True)
    return Market(templates, world.runtime, world.people)


def test_offers_are_what_can_be_read(market: Market) -> None:
    offers = market.offers()
    assert [(offer.name, offer.app.name, offer.version) for offer in offers] == [
        ("order_tracking", "order_tracking", "1.0.0"),
        ("second", "second", "1.0.0"),
    ]
    assert "签收" in offers[0].description.zh


def test_installing_publishes_the_folder_and_nothing_else(market: Market, world: World) -> None:
    assert market.install("second", actor(name="anna"), roles=["buyer"]) == "second"
    app = world.runtime.program("second").app
    assert app.connections["shop"].pulls["orders"].every.total_seconds() == 900
    assert world.people.roles(world.people.user("anna")) == {"second": ("buyer",)}
    with world.runtime.database.read() as connection:
        orders = world.runtime.program("second").tables["orders"]
        assert connection.execute(orders.select()).all() == []


def test_the_demo_takes_the_overlay(market: Market, world: World) -> None:
    market.install("second", actor(name="anna"), demo=True)
    app = world.runtime.program("second").app
    assert app.connections["shop"].pulls["orders"].every.total_seconds() == 3
    assert world.people.roles(world.people.user("anna")) == {}


def test_what_is_installed_is_not_overwritten(market: Market, world: World) -> None:
    before = world.runtime.program("order_tracking").revision
    with pytest.raises(Problem, match="installed"):
        market.install("order_tracking", actor(name="anna"))
    assert world.runtime.program("order_tracking").revision == before


def test_a_wrong_name_or_role_or_definition_installs_nothing(market: Market, world: World) -> None:
    for name, roles in (("third", []), ("second", ["king"]), ("../templates/second", [])):
        with pytest.raises(Problem):
            market.install(name, actor(name="anna"), roles=roles)
    with pytest.raises(DefinitionError):
        market.install("broken", actor(name="anna"))
    assert world.runtime.apps() == ("order_tracking",)


def test_pictures_and_their_type(market: Market) -> None:
    assert market.picture("second") == (b"png", "image/png")
    shipped = market.picture("order_tracking")
    assert shipped is not None
    assert (shipped[0][:4], shipped[1]) == (b"\x89PNG", "image/png")
    assert market.picture("broken") is None


def test_the_overlay_changes_only_how_often_the_shop_is_asked() -> None:
    plain, demo = read_folder(TEMPLATE), overlay_files(TEMPLATE)
    assert set(plain) == set(demo)
    assert {name for name in plain if plain[name] != demo[name]} == {"connections.yaml"}
    text = demo["connections.yaml"].decode().partition("\n")[2]
    assert text.replace("every: 3s", "every: 15m") == plain["connections.yaml"].decode()
