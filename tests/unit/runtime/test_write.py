"""The write door: decide, parse, work out, move, check, save, journal."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.model.change import Write
from engine.model.problem import Problem
from tests.databases import ON_BOTH
from tests.world import World, actor

pytestmark = ON_BOTH

CLERK = actor("clerk", store="徐汇店")
BUYER = actor("buyer", name="周主管")
PICKER = actor("picker", name="小仓")


def goods(world: World) -> str:
    present = {product["sku"]: product["id"] for product in world.all("products")}
    return present.get("FLT-1") or world.create("products", sku="FLT-1", name="机油滤清器", category="engine").id


def order(world: World, who=CLERK, price="100.00", quantity=3, freight="10.00", amount="310.00", **more) -> str:
    items = [{"product": goods(world), "quantity": quantity, "price": price}] if "items" not in more else more.pop("items")
    values = {"channel": "phone", "store": "徐汇店", "freight": freight, "amount": amount, "province": "北京", **more}
    return world.create("orders", who, {"items": items}, **values).id


def test_an_order_with_its_items_is_numbered_stamped_and_worked_out(world: World) -> None:
    id = order(world, remark="急")
    record = world.raw("orders", id)
    assert record["order_no"] == "SO261122-00001"
    assert (record["status"], record["amount"], record["coupon"]) == ("pending", Decimal("310.00"), Decimal("0.00"))
    assert record["pending_at"] == world.clock.now
    assert record["margin"] is None, "no cost yet: arithmetic with empty is empty"
    shown = world.get("orders", id, CLERK)
    assert shown["values"]["goods"] == "300.00"
    assert shown["flags"] == []


def test_a_check_flags_and_a_later_child_lifts_the_flag(world: World) -> None:
    id = order(world, amount="510.00", remark="x")
    assert [flag["name"] for flag in world.get("orders", id, CLERK)["flags"]] == ["amount_adds_up"]
    product = world.create("products", sku="B-2", category="body").id
    world.create("order_items", CLERK, order=id, product=product, quantity=2, price="100")
    assert world.get("orders", id, CLERK)["flags"] == []


def test_amount_is_open_to_the_clerk_only_while_pending(world: World) -> None:
    id = order(world, remark="x")
    assert world.change("orders", id, CLERK, amount="305.00").version == 3
    world.move("orders", id, "approve", BUYER)
    with pytest.raises(Problem) as refused:
        world.change("orders", id, CLERK, amount="1.00")
    assert refused.value.status == 403
    assert refused.value.errors[0].path == "amount"
    assert "待审" in refused.value.detail.zh
    assert refused.value.errors[0].span is not None
    assert world.raw("orders", id)["amount"] == Decimal("305.00")


def test_a_withheld_field_answers_like_an_unknown_one(world: World) -> None:
    id = order(world, remark="x")
    for name in ("cost", "no_such_field"):
        with pytest.raises(Problem) as refused:
            world.change("orders", id, CLERK, **{name: "1"})
        assert (refused.value.status, refused.value.errors[0].code) == (422, "unknown_field")


def test_a_record_out_of_scope_is_missing(world: World) -> None:
    id = order(world, remark="x")
    other = actor("clerk", name="别店", store="浦东店")
    for who in (other, actor("clerk", store=None), actor()):
        with pytest.raises(Problem) as missing:
            world.get("orders", id, who)
        assert missing.value.status == 404
        with pytest.raises(Problem) as missing:
            world.change("orders", id, who, remark="y")
        assert missing.value.status == 404


def test_nobody_creates_out_of_scope(world: World) -> None:
    with pytest.raises(Problem) as refused:
        order(world, store="浦东店")
    assert refused.value.status == 403
    assert world.all("orders") == []


def test_all_wrong_values_are_told_at_once_with_their_places(world: World) -> None:
    with pytest.raises(Problem) as wrong:
        order(world, amount="abc", channel="fax", items=[{"product": "nope", "quantity": 0, "price": "1"}])
    assert wrong.value.status == 422
    own = {"amount", "channel"}
    assert {fault.path for fault in wrong.value.errors} == own | {"items[0].product", "items[0].quantity"}
    with pytest.raises(Problem) as wrong:
        order(world, items=[{"product": "nope", "quantity": 0, "price": "1"}, {"price": "x"}])
    paths = [fault.path for fault in wrong.value.errors]
    second = ["items[1].price", "items[1].product", "items[1].quantity"]
    assert sorted(paths) == ["items[0].product", "items[0].quantity", *second], "one fault for each"
    assert world.all("orders") == []
    assert world.all("order_items") == []


def test_a_conflict_is_only_about_the_fields_written(world: World) -> None:
    id = order(world, remark="x")
    seen = world.raw("orders", id)["version"]
    world.change("orders", id, BUYER, warehouse="fs")
    request = Write(world.app, "orders", id, {"remark": "y"}, expected_version=seen)
    world.runtime.write(request, CLERK)
    with pytest.raises(Problem) as conflict:
        world.runtime.write(Write(world.app, "orders", id, {"warehouse": "hz"}, expected_version=seen), BUYER)
    assert conflict.value.status == 412
    assert "周主管" in conflict.value.detail.zh
    assert conflict.value.facts["changes"][0]["value"] == "fs"


def test_the_state_moves_by_transitions_only(world: World) -> None:
    id = order(world, remark="x")
    with pytest.raises(Problem) as refused:
        world.change("orders", id, BUYER, status="approved")
    assert refused.value.errors[0].code in ("state_by_transition", "unknown_field")
    assert world.raw("orders", id)["status"] == "pending"


def test_a_move_that_the_flow_does_not_have_names_what_is_possible(world: World) -> None:
    id = order(world, remark="x")
    with pytest.raises(Problem) as refused:
        world.move("orders", id, "ship", PICKER)
    assert refused.value.code == "no_such_move"
    assert refused.value.title.zh == "不能从「待审」直接到「已发货」"
    with pytest.raises(Problem) as refused:
        world.move("orders", id, "ship", BUYER)
    assert [remedy.name for remedy in refused.value.remedies] == ["approve"]


def test_needs_guard_and_who(world: World) -> None:
    id = order(world, remark="x", province="北京")
    world.move("orders", id, "approve", BUYER)
    with pytest.raises(Problem) as refused:
        world.move("orders", id, "pick", BUYER)
    assert (refused.value.status, refused.value.code) == (403, "not_your_transition")
    with pytest.raises(Problem) as refused:
        world.move("orders", id, "pick", PICKER)
    assert refused.value.code == "guard", "the routing sent an order from outside the region to a person"
    world.change("orders", id, BUYER, warehouse="hz")
    world.move("orders", id, "pick", PICKER)
    with pytest.raises(Problem) as refused:
        world.move("orders", id, "ship", PICKER)
    assert (refused.value.code, refused.value.errors[0].path) == ("needs", "tracking_no")
    outcome = world.move("orders", id, "ship", PICKER, tracking_no="SF123")
    assert world.raw("orders", id)["status"] == "shipped"
    assert world.raw("orders", id)["shipped_at"] == world.clock.now
    assert outcome.gone is False


def test_a_transition_with_approvals_says_that_they_are_not_running_yet(world: World) -> None:
    id = order(world, remark="x")
    with pytest.raises(Problem) as refused:
        world.move("orders", id, "refund", CLERK)
    assert refused.value.code == "not_running_yet"
    assert "审批" in refused.value.detail.zh


def test_a_key_is_unique_where_it_is_whole(world: World) -> None:
    order(world, remark="x", who=actor("clerk", store="徐汇店"))
    order_two = {"channel": "phone", "external_no": "A1"}
    world.create("orders", **order_two)
    world.create("orders", channel="douyin", external_no="A1")
    with pytest.raises(Problem) as duplicate:
        world.create("orders", **order_two)
    assert (duplicate.value.status, duplicate.value.code) == (409, "duplicate")


def test_the_same_key_is_done_once(world: World) -> None:
    request = Write(world.app, "orders", None, {"channel": "phone", "store": "徐汇店"}, idempotency_key="k1")
    first = world.runtime.write(request, CLERK)
    assert world.runtime.write(request, CLERK).id == first.id
    assert len(world.all("orders")) == 1


def test_links_lead_only_to_what_is_in_sight(world: World) -> None:
    id = order(world, remark="x")
    partner_like = actor("picker", name="p")
    with pytest.raises(Problem):
        world.create("order_items", partner_like, order=id, product=goods(world), quantity=1, price="1")
    with pytest.raises(Problem) as wrong:
        order(world, customer="no-such-customer")
    assert wrong.value.errors[0].path == "customer"


def test_nothing_changed_is_no_new_version(world: World) -> None:
    id = order(world, remark="x")
    version = world.raw("orders", id)["version"]
    assert world.change("orders", id, CLERK, remark="x").version == version


def test_who_may_not_create_learns_nothing_from_a_key(world: World) -> None:
    world.create("customers", name="老客", phone="13800001234")
    answers = []
    for phone in ("13800001234", "13800009999"):
        with pytest.raises(Problem) as refused:
            world.create("customers", CLERK, name="x", phone=phone)
        answers.append((refused.value.status, refused.value.code, refused.value.detail))
    assert answers[0] == answers[1]
    assert answers[0][0] == 403


def test_a_row_sent_with_its_parent_cannot_name_another(world: World) -> None:
    other = order(world, remark="x")
    row = {"product": goods(world), "quantity": 1, "price": "1", "order": other}
    with pytest.raises(Problem) as refused:
        order(world, items=[row])
    assert (refused.value.status, refused.value.errors[0].path) == (422, "items[0].order")
    assert len(world.all("orders")) == 1
    world.runtime.write(Write(world.app, "orders", other, {}, {"items": [row]}), CLERK)
    assert len(world.all("order_items")) == 2


def test_one_absurd_order_breaks_no_list(world: World) -> None:
    item = {"product": goods(world), "quantity": 900, "price": "9999999999999.99"}
    id = order(world, items=[item] * 11, remark="x")
    assert world.get("orders", id, BUYER)["values"]["goods"] is None
    assert [record["id"] for record in world.list("orders", BUYER, where="sum(orders, goods) == 0", sort=("goods",))] == [id]
    assert world.list("orders", BUYER, where="sum(order_items, price * 900) > 0") == []
    assert world.runtime.board(world.app, "desk", BUYER)["columns"][0]["count"] == 1


def test_who_may_not_create_is_not_told_what_a_new_record_needs(world: World) -> None:
    with pytest.raises(Problem) as refused:
        world.create("orders", PICKER)
    assert (refused.value.status, refused.value.detail.zh) == (403, "您的角色不能新建「订单主表」")
    for who, table in ((actor("partner"), "orders"), (PICKER, "customers"), (actor(), "orders"), (BUYER, "nothing")):
        with pytest.raises(Problem) as missing:
            world.create(table, who)
        assert missing.value.status == 404
