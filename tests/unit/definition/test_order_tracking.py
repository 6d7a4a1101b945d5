"""The order tracking template: loads without a message but for what does not run yet, and means what the language says."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from engine.definition.load import load
from engine.definition.read import read_folder
from engine.kinds.registry import Registry
from engine.model.app import App, Otherwise, Show
from engine.model.diagnostic import Severity
from engine.model.types import BOOLEAN, DURATION, MONEY, TypeKind
from tests.unit.definition.catalogue import SmallCatalogue

FOLDER = Path(__file__).parents[3] / "templates_market" / "order_tracking"
LOADED = load(read_folder(FOLDER), SmallCatalogue(), Registry.load())


@pytest.fixture(scope="module")
def app() -> App:
    assert LOADED.app is not None
    return LOADED.app


def test_nothing_but_what_does_not_run_yet(app: App) -> None:
    assert [d for d in LOADED.diagnostics if d.severity is not Severity.PENDING] == []
    assert sorted((d.code, d.path) for d in LOADED.diagnostics) == [
        ("not-running-yet", "alerts.not_reviewed"),
        ("not-running-yet", "alerts.not_reviewed.levels[0].notify.by"),  # the group chat
        ("not-running-yet", "alerts.not_signed"),
        ("not-running-yet", "alerts.picking_too_long"),
        ("not-running-yet", "alerts.picking_too_long.levels[0].notify.by"),  # pop-ups
        ("not-running-yet", "connections.team_chat"),
        ("not-running-yet", "roles.partner"),
        ("not-running-yet", "tables.orders.flow.transitions.refund.approvals"),
    ]
    assert app.pending == LOADED.diagnostics


def test_header_and_roles(app: App) -> None:
    assert (app.name, app.title.zh, app.version) == ("order_tracking", "订单追踪看板", "1.0.0")
    assert list(app.roles) == ["clerk", "buyer", "picker", "finance", "director", "partner"]
    assert [role.name for role in app.roles.values() if role.portal] == ["partner"]
    assert app.people["warehouse"].type.options == ("hz", "fs")


def test_orders(app: App) -> None:
    orders = app.tables["orders"]
    assert orders.keys == (("channel", "external_no"),)
    assert {name: (c.table, c.link) for name, c in orders.children.items()} == {
        "items": ("order_items", "order"),
        "shipments": ("shipments", "order"),
        "tickets": ("tickets", "order"),
    }
    assert app.tables["customers"].children["orders"].table == "orders"
    assert orders.fields["freight"].default == Decimal("0.00")
    assert orders.fields["status"].type.options == ("pending", "approved", "picking", "shipped", "signed", "refunded")
    assert orders.fields["channel"].choices["douyin"].title.zh == "抖音"
    assert orders.fields["phone"].title.zh == "客户手机号"


def test_formulas(app: App) -> None:
    orders = app.tables["orders"]
    goods, margin = orders.fields["goods"], orders.fields["margin"]
    assert (goods.stored, goods.type.kind) == (False, TypeKind.NUMBER)
    assert (margin.stored, margin.type) == (True, MONEY)
    assert orders.types.computed == {"goods", "waiting"}
    assert orders.types.fields["waiting"] == DURATION
    assert {"pending_at", "refunded_at", "created_by", "version"} <= set(orders.types.fields)
    assert orders.types.flags == {"amount_adds_up"}
    assert orders.checks["amount_adds_up"].otherwise is Otherwise.FLAG


def test_flow(app: App) -> None:
    flow = app.tables["orders"].flow
    assert flow is not None
    assert flow.initial == "pending"
    assert flow.transitions["refund"].sources == ("pending", "approved", "picking")
    assert [(a.role, a.count) for a in flow.transitions["refund"].approvals] == [("finance", 2), ("finance", 1)]
    assert flow.transitions["ship"].needs == ("tracking_no",)
    guard = flow.transitions["pick"].guard
    assert guard is not None
    assert guard.type == BOOLEAN
    assert [name for name, state in flow.states.items() if state.final] == ["signed", "refunded"]


def test_permissions(app: App) -> None:
    clerk = app.permissions["clerk"]["orders"]
    assert clerk.records is not None
    assert clerk.records.users == {"store"}
    assert clerk.read["cost"].show is Show.NEVER
    assert (clerk.read["phone"].show, clerk.read["phone"].find_exact) == (Show.MASKED, True)
    assert clerk.read["items"].show is Show.ALWAYS
    assert set(clerk.read) == {*app.tables["orders"].fields, *app.tables["orders"].children}
    assert clerk.edit["amount"].condition is not None
    assert clerk.edit["remark"].condition is None
    assert clerk.create is not None
    assert "items" in clerk.create.fields
    assert clerk.delete is None
    assert set(app.permissions["picker"]["orders"].read) == {
        *("order_no", "items", "warehouse", "priority", "remark", "tracking_no", "status")
    }


def test_rules_in_the_order_of_the_text(app: App) -> None:
    assert [rule.name for rule in app.rules] == [
        *("picking_makes_a_shipment", "small_orders_pass", "diamond_gets_express", "refund_freezes_shipments")
    ]
    assert [rule.required for rule in app.rules] == [False, False, False, True]
    express = app.rules[2]
    assert [step.path for step in express.steps] == [
        "rules.diamond_gets_express.then[0]",
        "rules.diamond_gets_express.then[1]",
    ]
    assert app.rules[1].condition is not None
    assert app.rules[1].condition.flags == {"amount_adds_up"}
    freeze = app.rules[3].steps[0]
    assert (freeze.options["table"], list(freeze.values)) == ("shipments", ["frozen"])
    assert freeze.where is not None
    assert app.rules[0].trigger.state == "picking"


def test_routing_alerts_connections_boards(app: App) -> None:
    (routing,) = app.routings
    assert (routing.decides, routing.policy, routing.otherwise) == ("warehouse", "only", "manual")
    assert [row.then for row in routing.rows] == ["fs", "hz"]
    assert [alert.levels[0].after for alert in app.alerts] == [timedelta(hours=h) for h in (2, 4, 72)]
    shop = app.connections["shop"]
    assert dict(shop.settings) == {"shop": "secret:shop_domain", "token": "secret:shop_token"}
    pull = shop.pulls["orders"]
    assert (pull.every, pull.into, pull.match, pull.owns) == (
        *(timedelta(minutes=15), "orders", ("channel", "external_no"), ("paid_at",)),
    )
    assert (pull.children["items"].table, pull.children["items"].link) == ("order_items", "order")
    assert app.connections["team_chat"].role == "buyer"
    assert (app.boards["desk"].by, app.boards["table"].sort) == ("status", ("-paid_at",))
