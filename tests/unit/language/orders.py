"""The reference example's tables as expressions see them, for the tests of this package."""

from __future__ import annotations

from dataclasses import replace

from engine.model.types import (
    BOOLEAN,
    DATE,
    DATETIME,
    DURATION,
    INTEGER,
    MONEY,
    TEXT,
    Children,
    Scope,
    TableTypes,
    Type,
    TypeKind,
)


def link(table: str) -> Type:
    return Type(TypeKind.RECORD, table=table)


def choice(*options: str) -> Type:
    return Type(TypeKind.TEXT, options=options)


STATES = ("pending", "approved", "picking", "shipped", "signed", "refunded")
IMPLICIT = {
    "id": TEXT,
    "version": INTEGER,
    "created_at": DATETIME,
    "created_by": TEXT,
    "updated_at": DATETIME,
    "updated_by": TEXT,
}
TABLES = {
    "customers": TableTypes(
        "customers",
        {"name": TEXT, "phone": TEXT, "level": choice("normal", "gold", "diamond"), **IMPLICIT},
        {"orders": Children("orders", "customer")},
    ),
    "products": TableTypes(
        "products",
        {"sku": TEXT, "name": TEXT, "category": choice("engine", "body", "oil", "other"), "fragile": BOOLEAN, **IMPLICIT},
    ),
    "orders": TableTypes(
        "orders",
        {
            "order_no": TEXT,
            "channel": choice("douyin", "miniapp", "pos", "phone"),
            "external_no": TEXT,
            "customer": link("customers"),
            "phone": TEXT,
            "province": TEXT,
            "store": TEXT,
            "warehouse": choice("hz", "fs", "manual"),
            "priority": choice("normal", "express"),
            "freight": MONEY,
            "coupon": MONEY,
            "amount": MONEY,
            "goods": MONEY,
            "cost": MONEY,
            "margin": MONEY,
            "remark": TEXT,
            "paid_at": DATETIME,
            "wanted_by": DATE,
            "tracking_no": TEXT,
            "status": choice(*STATES),
            "waiting": DURATION,
            **{f"{state}_at": DATETIME for state in STATES},
            **IMPLICIT,
        },
        {
            "items": Children("order_items", "order"),
            "shipments": Children("shipments", "order"),
            "tickets": Children("tickets", "order"),
        },
        computed=frozenset({"goods", "waiting"}),
        flags=frozenset({"amount_adds_up"}),
    ),
    "order_items": TableTypes(
        "order_items",
        {"order": link("orders"), "line": TEXT, "product": link("products"), "quantity": INTEGER, "price": MONEY, **IMPLICIT},
    ),
    "shipments": TableTypes("shipments", {"order": link("orders"), "frozen": BOOLEAN, **IMPLICIT}),
    "tickets": TableTypes("tickets", {"order": link("orders"), "kind": choice("stuck", "carrier"), **IMPLICIT}),
}
USER = {"name": TEXT, "roles": Type(TypeKind.LIST, element=TEXT), "store": TEXT, "warehouse": choice("hz", "fs"), "lead": TEXT}
SOURCE = {
    "id": TEXT,
    "phone": TEXT,
    "shipping_province": TEXT,
    "total_price": MONEY,
    "total_shipping": MONEY,
    "total_discounts": MONEY,
    "note": TEXT,
    "processed_at": DATETIME,
}
LINE = {"id": TEXT, "sku": TEXT, "quantity": INTEGER, "price": MONEY}

ORDERS = Scope(TABLES, "orders", old=True, user=USER)
ITEMS = Scope(TABLES, "order_items", user=USER)
SHIPMENTS_WHERE = Scope(TABLES, "orders", inner="shipments")
FROM_SHOP = Scope(TABLES, None, source=SOURCE)
FROM_LINE = Scope(TABLES, None, source=LINE)
ALERT = replace(ORDERS, extra={"elapsed": DURATION})

EXAMPLE: list[tuple[str, Scope]] = [
    ("sum(items, price * quantity)", ORDERS),
    ("amount - cost", ORDERS),
    ("amount == goods + freight - coupon", ORDERS),
    ("warehouse != 'manual'", ORDERS),
    ("empty(amount) or amount >= 1000", ORDERS),
    ("amount < 1000", ORDERS),
    ("store == user.store", ORDERS),
    ("status == 'pending'", ORDERS),
    ("order.store == user.store", ITEMS),
    ("order.status == 'pending'", ITEMS),
    ("status in ['pending', 'approved']", ORDERS),
    ("status == 'picking'", ORDERS),
    ("warehouse == user.warehouse and status in ['approved', 'picking']", ORDERS),
    ("order.warehouse == user.warehouse and order.status in ['approved', 'picking']", ITEMS),
    ("this", ORDERS),
    ("amount < 500 and empty(remark) and not flagged('amount_adds_up')", ORDERS),
    ("customer.level == 'diamond' and count(items, product.category == 'engine') >= 3", ORDERS),
    ("'express'", ORDERS),
    ("order == this", SHIPMENTS_WHERE),
    ("True", SHIPMENTS_WHERE),
    ("any(items, product.fragile)", ORDERS),
    ("in_region(province, '华东') and not any(items, product.fragile)", ORDERS),
    ("order_no", ALERT),
    ("elapsed", ALERT),
    ("'carrier'", ORDERS),
    ("'miniapp'", FROM_SHOP),
    ("source.id", FROM_SHOP),
    ("find(customers, phone == source.phone)", FROM_SHOP),
    ("source.total_price", FROM_SHOP),
    ("source.processed_at", FROM_SHOP),
    ("find(products, sku == source.sku)", FROM_LINE),
    ("source.quantity", FROM_LINE),
    ("count(orders, phone == this.phone and created_at > now() - hours(24)) > 3", ORDERS),
]
