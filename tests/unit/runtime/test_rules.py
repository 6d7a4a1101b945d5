"""Routing and rules: what follows a write, in which order, in whose name, and what happens when one fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.problem import Problem
from tests.databases import ON_BOTH
from tests.world import World, actor, make_world, template_files

pytestmark = ON_BOTH

CLERK = actor("clerk", store="徐汇店")
BUYER = actor("buyer", name="周主管")
PICKER = actor("picker", name="小仓")


def order(world: World, fragile=False, category="engine", lines=1, **values) -> str:
    skus = range(len(world.all("products")), len(world.all("products")) + lines)
    products = [world.create("products", sku=f"S{i}", category=category, fragile=fragile).id for i in skus]
    items = [{"product": product, "quantity": 1, "price": "100.00"} for product in products]
    given = {"channel": "phone", "store": "徐汇店", "amount": f"{100 * lines}.00", "province": "浙江", **values}
    return world.create("orders", CLERK, {"items": items}, **given).id


def test_a_small_order_without_remark_passes_by_itself_and_says_why(world: World) -> None:
    id = order(world)
    assert world.raw("orders", id)["status"] == "approved"
    lines = world.runtime.history(world.app, "orders", id, BUYER)
    moved = next(line for line in lines if line["rule"] and line["rule"]["path"].startswith("rules.small_orders_pass"))
    assert moved["cause"] == lines[0]["id"]
    assert moved["rule"]["title"] == "小额自动审核"
    assert {"before": "待审", "after": "已审"}.items() <= next(c for c in moved["changes"] if c["field"] == "status").items()


def test_a_remark_an_amount_or_a_flag_keeps_it_waiting(world: World) -> None:
    assert world.raw("orders", order(world, remark="请尽快"))["status"] == "pending"
    assert world.raw("orders", order(world, lines=5))["status"] == "pending"
    assert world.raw("orders", order(world, amount="99.00"))["status"] == "pending", "flagged: it does not add up"


def test_routing_decides_by_goods_and_region(world: World) -> None:
    assert world.raw("orders", order(world, remark="x"))["warehouse"] == "hz"
    assert world.raw("orders", order(world, remark="x", fragile=True))["warehouse"] == "fs"
    assert world.raw("orders", order(world, remark="x", province="北京"))["warehouse"] == "manual"


def test_diamond_customers_with_engine_parts_become_express_and_the_pickers_hear_of_it(world: World) -> None:
    picker = world.people.add_user("picker1", title="小仓")
    world.people.grant(picker, world.runtime.program(world.app).app, "picker")
    customer = world.create("customers", name="恒驰", phone="13800001234", level="diamond").id
    id = order(world, lines=3, customer=customer)
    assert world.raw("orders", id)["priority"] == "express"
    (line,) = world.runtime.inbox(picker.id)
    reader = world.people.actor(picker, world.runtime.program(world.app).app, channel="web")
    assert world.runtime.inbox_line(line, reader)["text"] == "加急 SO261122-00001"


def test_picking_makes_a_shipment(world: World) -> None:
    id = order(world)
    world.move("orders", id, "pick", PICKER)
    (shipment,) = world.all("shipments")
    assert shipment["order"] == id
    assert shipment["frozen"] is False


LOOP = b"""
rules:
  ping:
    when: {enters: orders.approved}
    then: [{create: {table: tickets, set: {order: this, kind: "'stuck'"}}}]
  pong:
    when: {created: tickets}
    if: "count(tickets, this.order == order) < 100"
    then: [{create: {table: tickets, set: {order: order, kind: "'carrier'"}}}]
"""


def test_a_loop_that_checking_sees_is_not_published(tmp_path: Path) -> None:
    endless = LOOP.replace(b'    if: "count(tickets, this.order == order) < 100"\n', b"")
    world = make_world(tmp_path, {**template_files(), "zz_loop.yaml": endless})
    program = world.runtime.program(world.app)
    assert "rule-loop" in {d.code for d in program.diagnostics}
    assert "pong" not in {rule.name for rule in program.app.rules}
    order(world)
    assert (len(world.all("tickets")), world.runtime.incidents(world.app)) == (1, [])


def test_a_loop_ends_with_an_incident_that_names_it_and_the_cause_stands(tmp_path: Path) -> None:
    world = make_world(tmp_path, {**template_files(), "zz_loop.yaml": LOOP})
    id = order(world)
    assert world.raw("orders", id)["status"] == "approved"
    assert len(world.all("tickets")) == 1, "the loop's own changes are taken back, not the ticket that set it off"
    (incident,) = world.runtime.incidents(world.app)
    assert "pong" in incident.zh
    assert incident.path == "rules.pong"


REQUIRED = b"""
rules:
  must_ship:
    when: {enters: orders.picking}
    required: true
    then: [{transition: ship}]
"""


def test_a_required_rule_fails_its_cause(tmp_path: Path) -> None:
    world = make_world(tmp_path, {**template_files(), "zz_required.yaml": REQUIRED})
    id = order(world)
    with pytest.raises(Problem) as failed:
        world.move("orders", id, "pick", PICKER)
    assert failed.value.code == "required_rule_failed"
    assert world.raw("orders", id)["status"] == "approved"
    assert world.all("shipments") == []


FAILING = b"""
rules:
  cannot:
    when: {created: orders}
    then:
      - set: {remark: "'touched'"}
      - transition: sign
"""


def test_a_failing_rule_takes_only_its_own_changes_back(tmp_path: Path) -> None:
    world = make_world(tmp_path, {**template_files(), "zz_failing.yaml": FAILING})
    id = order(world)
    assert world.raw("orders", id)["remark"] is None
    assert world.raw("orders", id)["status"] == "approved"
    assert [incident.path for incident in world.runtime.incidents(world.app)] == ["rules.cannot"]


ROUTING = b"""
routing:
  back_to_hand:
    of: orders
    when: {enters: orders.approved}
    decides: warehouse
    rows: [{if: "old.status == 'pending' and old.remark == 'by hand'", then: manual}]
"""


def test_routing_reads_the_record_as_it_was_and_decides_nothing_where_no_row_holds(tmp_path: Path) -> None:
    world = make_world(tmp_path, {**template_files(), "zz_routing.yaml": ROUTING})
    by_hand, other = order(world, remark="by hand"), order(world, remark="x")
    for id in (by_hand, other):
        world.move("orders", id, "approve", BUYER)
    assert world.raw("orders", by_hand)["warehouse"] == "manual"
    assert world.raw("orders", other)["warehouse"] == "hz", "without `otherwise` the field is left as it is"
    assert world.runtime.incidents(world.app) == []


ALL = b"""
routing:
  spread: {of: orders, when: {created: orders}, decides: priority, policy: all, rows: [{if: "True", then: express}]}
"""


def test_a_policy_that_is_not_running_yet_decides_nothing(tmp_path: Path) -> None:
    world = make_world(tmp_path, {**template_files(), "zz_routing.yaml": ALL})
    assert world.raw("orders", order(world))["priority"] == "normal"


def test_what_a_rule_makes_is_made_by_system_and_its_line_names_the_rule(world: World) -> None:
    id = order(world)
    world.move("orders", id, "pick", PICKER)
    (shipment,) = world.all("shipments")
    assert (shipment["created_by"], shipment["updated_by"]) == ("system", "system")
    (line,) = world.runtime.history(world.app, "shipments", shipment["id"], PICKER)
    assert (line["actor_kind"], line["actor"]) == ("rule", "小仓")
    assert line["rule"]["path"] == "rules.picking_makes_a_shipment.then[0]"
    assert (line["channel"], line["ip"]) == ("test", "127.0.0.1")
