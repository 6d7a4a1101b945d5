"""Rows from outside: written once, corrected by people, owned by the source where it says so, waiting where they do not fit."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.model.change import Write
from engine.model.problem import Problem
from engine.runtime.source_text import encode, restore
from tests.databases import ON_BOTH
from tests.unit.runtime.source import PAID, Source, line, pull, row
from tests.world import World, actor, make_world, template_files

pytestmark = ON_BOTH

FINANCE = actor("finance", name="财务")
BUYER = actor("buyer", name="周主管")


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def world(tmp_path: Path, source: Source) -> World:
    world = make_world(tmp_path, catalogue=source)
    world.create("products", sku="A")
    return world


def bring(world: World, source: Source, *rows: Any) -> Any:
    """The next page."""
    source.feed.append(list(rows))
    return pull(world)


def the_order(world: World) -> Any:
    (order,) = world.all("orders")
    return order


def test_a_row_becomes_a_record_with_its_children(world: World, source: Source) -> None:
    assert bring(world, source, row("1", line("1-1"), line("1-2", price="2.50", quantity=3))).written == 1
    order = the_order(world)
    assert (order["external_no"], order["amount"], order["paid_at"]) == ("1", Decimal("100.00"), PAID)
    assert order["order_no"] == "SO261122-00001"
    items = [(item["line"], item["quantity"], item["price"], item["order"]) for item in world.all("order_items")]
    assert items == [("1-1", 1, Decimal("100.00"), order["id"]), ("1-2", 3, Decimal("2.50"), order["id"])]
    assert world.runtime.history(world.app, "orders", order["id"], BUYER)[0]["channel"] == "connection:shop"


def test_delivered_again_nothing_is_doubled_nor_touched(world: World, source: Source) -> None:
    given = row("1", line("1-1"), line("1-2"))
    bring(world, source, given)
    version = the_order(world)["version"]
    again = bring(world, source, given, given)
    assert (again.received, again.written, again.waiting) == (2, 0, 0)
    assert the_order(world)["version"] == version
    assert len(world.all("order_items")) == 2


def test_untidy_match_values_are_the_same_value(world: World, source: Source) -> None:
    given = row(" 1 ", line(" 1-1 "), phone="+86 138-0000-1234", note="  轻放  ")
    bring(world, source, given)
    version = the_order(world)["version"]
    assert bring(world, source, given).written == 0
    assert bring(world, source, row("1", line("1-1"))).written == 0
    assert the_order(world)["version"] == version
    assert [item["line"] for item in world.all("order_items")] == ["1-1"]


def test_a_correction_stands_until_the_source_changes_that_value(world: World, source: Source) -> None:
    bring(world, source, row("1", line("1-1")))
    id = the_order(world)["id"]
    world.change("orders", id, FINANCE, amount="90.00")
    bring(world, source, row("1", line("1-1"), note="换个备注"))
    assert (the_order(world)["amount"], the_order(world)["remark"]) == (Decimal("90.00"), "换个备注")
    bring(world, source, row("1", line("1-1"), note="换个备注", total_price=Decimal("95.00")))
    assert the_order(world)["amount"] == Decimal("95.00")


def test_a_correction_of_a_line_stands_as_well(world: World, source: Source) -> None:
    bring(world, source, row("1", line("1-1"), line("1-2")))
    first, second = world.all("order_items")
    world.change("order_items", first["id"], quantity=7)
    world.runtime.write(_delete(world, second["id"]), actor(kind="system"))
    bring(world, source, row("1", line("1-1"), line("1-2"), note="又来"))
    assert [item["quantity"] for item in world.all("order_items")] == [7]
    bring(world, source, row("1", line("1-1", quantity=2), line("1-2"), line("1-3"), note="又来"))
    assert [(item["line"], item["quantity"]) for item in world.all("order_items")] == [("1-1", 2), ("1-3", 1)]


def _delete(world: World, id: str) -> Write:
    return Write(world.app, "order_items", id, delete=True)


def test_what_the_source_owns_follows_it_and_people_cannot_edit_it(tmp_path: Path, source: Source) -> None:
    world = owned_world(tmp_path, source)
    bring(world, source, row("1"))
    id = the_order(world)["id"]
    with pytest.raises(Problem) as refused:
        world.change("orders", id, FINANCE, paid_at="2026-11-01T00:00:00Z")
    assert refused.value.status == 403
    assert "shop" in refused.value.detail.zh
    assert refused.value.errors[0].span is not None
    assert "shop" in world.get("orders", id, FINANCE)["held"]["paid_at"]
    bring(world, source, row("1", processed_at=PAID + timedelta(hours=1)))
    assert the_order(world)["paid_at"] == PAID + timedelta(hours=1)
    by_hand = world.create("orders", channel="phone").id
    world.change("orders", by_hand, FINANCE, paid_at="2026-11-01T00:00:00Z")
    assert world.raw("orders", by_hand)["paid_at"] == datetime(2026, 11, 1, tzinfo=UTC), "not the connection's order"


def owned_world(path: Path, source: Source) -> World:
    files = template_files()
    files["permissions.yaml"] = files["permissions.yaml"].replace(b"edit: {amount: true, cost: true}", b"edit: {all: true}")
    return make_world(path, files, catalogue=source)


def test_an_unknown_sku_waits_once_and_is_written_when_the_product_is_there(world: World, source: Source) -> None:
    pulled = bring(world, source, row("1", line("1-1", sku="NEW")), row("2", line("2-1")))
    assert (pulled.written, pulled.waiting) == (1, 1)
    assert world.runtime.pull_state(world.app, "shop", "orders").cursor == {"page": 1}, "the cursor goes on"
    assert [order["external_no"] for order in world.all("orders")] == ["2"]
    for _ in range(3):
        assert pull(world).waiting == 1
    (incident,) = world.runtime.incidents(world.app)
    assert incident.path == "connections.shop.pull.orders"
    assert "1" in incident.zh
    world.create("products", sku="NEW")
    assert pull(world).written == 1
    assert [order["external_no"] for order in world.all("orders")] == ["2", "1"]
    assert (pull(world).written, pull(world).waiting) == (0, 0)
    assert len(world.runtime.incidents(world.app)) == 1


def test_a_row_without_a_value_to_match_on_waits_and_the_others_are_written(world: World, source: Source) -> None:
    pulled = bring(world, source, row(""), row("2"))
    assert (pulled.written, pulled.waiting) == (1, 1)
    (incident,) = world.runtime.incidents(world.app)
    assert "external_no" in incident.en
    pull(world)
    assert len(world.runtime.incidents(world.app)) == 1


def test_a_value_that_the_field_cannot_take_waits(world: World, source: Source) -> None:
    pulled = bring(world, source, row("1", shipping_province="亚特兰蒂斯"), row("2", total_price=Decimal(10) ** 17), row("3"))
    assert (pulled.written, pulled.waiting) == (1, 2)


def test_a_record_made_by_hand_is_matched_not_doubled(world: World, source: Source) -> None:
    id = world.create("orders", channel="miniapp", external_no="1", remark="手工").id
    bring(world, source, row("1"))
    assert the_order(world)["id"] == id


def test_a_deleted_record_comes_back_when_it_is_delivered_again(world: World, source: Source) -> None:
    bring(world, source, row("1"))
    world.runtime.write(Write(world.app, "orders", the_order(world)["id"], delete=True), actor(kind="system"))
    bring(world, source, row("1"))
    assert the_order(world)["external_no"] == "1"


def test_a_state_from_outside_moves_by_the_flow_or_is_an_incident(tmp_path: Path, source: Source) -> None:
    files = template_files()
    state = b"status: \"'approved' if source.note == 'ok' else 'shipped' if source.note == 'gone' else 'pending'\"\n          "
    files["connections.yaml"] = files["connections.yaml"].replace(b'remark: "source.note"', state + b'remark: "source.note"')
    world = make_world(tmp_path, files, catalogue=source)
    bring(world, source, row("1", note="new"))
    bring(world, source, row("1", note="ok"))
    assert the_order(world)["status"] == "approved"
    assert the_order(world)["approved_at"] == world.clock.now
    assert world.runtime.incidents(world.app) == []
    bring(world, source, row("1", note="late", total_price=Decimal("7.00")))
    assert (the_order(world)["status"], the_order(world)["amount"]) == ("approved", Decimal("7.00")), "never backward"
    (incident,) = world.runtime.incidents(world.app)
    assert (incident.code, incident.record_id) == ("no_such_move", the_order(world)["id"])
    bring(world, source, row("1", note="late", total_price=Decimal("7.00")))
    assert len(world.runtime.incidents(world.app)) == 1
    bring(world, source, row("2", note="ok"))
    assert world.all("orders")[1]["status"] == "approved", "on creation the map may set it"


@pytest.mark.parametrize(
    "value",
    [
        {"a": Decimal("1.50"), "b": datetime(2026, 1, 1, tzinfo=UTC), "c": date(2026, 1, 1), "d": None, "e": "王", "f": True},
        {"rows": [{"x": Decimal(0)}, {}]},
        {"text": "$decimal", "n": 3},
    ],
)
def test_a_kept_row_comes_back_as_it_was(value: dict[str, Any]) -> None:
    assert restore(encode(value)) == value
