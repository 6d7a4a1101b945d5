"""A small app for tests of many writes, put together from a seed: keys, links, children, checks, formulas, a flow, routing and
rules, some of which read other records. And rows for it, good ones and bad ones of every sort."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from engine.model.change import Mode, Write
from tests.world import actor

CLERK = actor("clerk", name="小林", store="s1")
BOSS = actor("boss", name="老板", store=None)

APP = """
app: shop
title: 店
version: 1.0.0
roles: {{clerk: {{title: 客服}}, boss: {{title: 老板}}}}
people: {{store: {{type: text}}}}
tables:
  customers:
    title: 客户
    display: name
    fields:
      name: {{type: text, required: true}}
      phone: {{type: phone, unique: true}}
      store: {{type: text}}
  orders:
    title: 订单
    fields:
      no: {{type: serial, format: "A{{date:%y%m%d}}-{{number:03d}}"}}
      outer: {{type: text}}
      shop: {{type: choice, choices: {{a: 甲, b: 乙}}, default: a}}
      store: {{type: text}}
      customer: {{type: link, to: customers, on_delete: {on_delete}}}
      amount: {{type: money, default: 0}}
      cost: {{type: money}}
      margin: {{type: formula, value: "amount - cost"}}
      goods: {{type: formula, value: "sum(lines, price)"}}
      place: {{type: choice, choices: {{hz: 杭, fs: 佛}}}}
      status: {{type: state}}
    keys:
      - [shop, outer]
    checks:
      adds_up: {{must: "amount >= goods", otherwise: {adds_up}, message: 金额不够}}
      few: {{must: "{few}", otherwise: {few_otherwise}, message: 太多了}}
    flow:
      field: status
      states: {{open: {{title: 开, initial: true}}, done: {{title: 完, final: true}}}}
      transitions:
        finish: {{from: open, to: done, by: [boss, system], title: 完成, guard: "amount < 900", needs: [cost]}}
  lines:
    title: 明细
    fields:
      order: {{type: link, to: orders, required: true, on_delete: cascade, inverse: lines}}
      sku: {{type: text}}
      price: {{type: money, required: true}}
    keys:
      - [order, sku]
  logs:
    title: 记录
    fields:
      about: {{type: text, unique: {about_unique}}}
      n: {{type: integer}}
permissions:
  clerk:
    customers: {{read: {{name: true, store: true}}, records: "store == user.store"}}
    orders:
      records: "store == user.store"
      create: [outer, shop, store, customer, amount, cost, lines]
      read: {{all: true, cost: none, margin: none, place: true}}
      edit: {{amount: "status == 'open'", customer: true, store: true}}
    lines: {{create: [order, sku, price], read: {{all: true}}, records: "order.store == user.store"}}
  boss:
    customers: {{read: {{all: true}}, create: [name, phone, store], delete: true}}
    orders:
      read: {{all: true}}
      create: [outer, shop, store, customer, amount, cost, lines, place]
      edit: {{all: true}}
      delete: "status == 'open'"
    lines: {{read: {{all: true}}, create: [order, sku, price], edit: {{price: true}}, delete: true}}
    logs: {{read: {{all: true}}}}
rules:
  note:
    title: 记下
    when: {{created: orders}}
    if: "amount > 100"
    required: {required}
    then:
      - create: {{table: logs, set: {{about: "outer", n: "{n}"}}}}
  small:
    title: 小单
    when: {{created: orders}}
    if: "amount < 50 and not empty(cost)"
    then:
      - transition: finish
  done:
    title: 完成了
    when: {{enters: orders.done}}
    then:
      - update: {{table: logs, where: "about == this.outer", set: {{n: "0"}}}}
routing:
  where_to:
    title: 分
    of: orders
    when: {{created: orders}}
    decides: place
    policy: only
    rows:
      - {{if: "any(lines, price > 10)", then: fs}}
      - {{if: "amount > 300", then: hz}}
    otherwise: {otherwise}
"""


def files(seed: int) -> dict[str, bytes]:
    """The app of this seed."""
    draw = random.Random(seed)
    return filled(
        on_delete=draw.choice(["refuse", "clear", "cascade"]),
        adds_up=draw.choice(["flag", "refuse"]),
        few=draw.choice(["amount <= 800", "count(orders, amount == 7) < 3"]),
        few_otherwise=draw.choice(["flag", "refuse"]),
        about_unique=draw.choice(["true", "false"]),
        required=draw.choice(["true", "false"]),
        n=draw.choice(["1", "count(logs, n == 1)"]),
        otherwise=draw.choice(["hz", "fs"]),
    )


def fixed() -> dict[str, bytes]:
    """The app in which an order over 800 is refused."""
    checks = {"adds_up": "flag", "few": "amount <= 800", "few_otherwise": "refuse"}
    return filled(**checks, on_delete="refuse", about_unique="false", required="false", n="1", otherwise="hz")


def filled(**parts: str) -> dict[str, bytes]:
    """The app with these parts."""
    return {"app.yaml": APP.format(**parts).encode()}


class Rows:
    """Writes for the app, drawn from a seed; `ids` are records that may be meant."""

    def __init__(self, seed: int, customers: Sequence[str]) -> None:
        self.draw = random.Random(seed)
        self.customers = customers
        self.orders: list[str] = ["nothing"]

    def many(self, count: int) -> list[Write]:
        """So many writes for the orders of the app."""
        return [self._one() for _ in range(count)]

    def _one(self) -> Write:
        draw = self.draw
        kind = draw.choices(["new", "change", "move", "delete", "match"], [6, 3, 2, 1, 3])[0]
        id = draw.choice(self.orders)
        version = draw.choice([None, None, None, 1, 2, 3, 99])
        match kind:
            case "new":
                return Write("shop", "orders", values=self._values(), children=self._children())
            case "change":
                return Write("shop", "orders", id, values=self._values(3), expected_version=version)
            case "move":
                return Write(
                    "shop", "orders", id, draw.choice([{}, {"cost": "1"}]), transition=draw.choice(["finish"] * 4 + ["fly"])
                )
            case "delete":
                return Write("shop", "orders", id, delete=True, expected_version=version)
        key = draw.choice([("shop", "outer")] * 5 + [("outer", "shop"), ("amount",), ("nothing",)])
        return Write("shop", "orders", None, self._values(), match=key, mode=draw.choice(list(Mode)), expected_version=version)

    def _values(self, most: int = 9) -> dict[str, Any]:
        draw = self.draw
        good = draw.random() < 0.8
        values: dict[str, Any] = {
            "outer": draw.choice([None, *map(str, range(20)), *([] if good else [7, " 1 "])]),
            "shop": draw.choice(["a", "b"] if good else ["c", None]),
            "store": draw.choice(["s1"] * 6 + ["s2", None]),
            "customer": draw.choice([None, *self.customers[:2], *([] if good else [*self.customers, "nobody", 7])]),
            "amount": draw.choice(["7", "7.00", "20", "120", "400", "700", *([] if good else ["950", "x", None])]),
            "cost": draw.choice(["1", None, None]),
            "place": "hz",
            "status": "done",
            "unknown": 1,
        }
        weights = {"place": 0.02, "status": 0.02, "unknown": 0.02, "cost": 0.2, "store": 0.95, "shop": 0.9}
        kept = [name for name in values if draw.random() < weights.get(name, 0.85)]
        return {name: values[name] for name in draw.sample(kept, min(most, len(kept)))}

    def _children(self) -> dict[str, list[dict[str, Any]]]:
        draw = self.draw
        if draw.random() < 0.6:
            return {}
        lines = [
            {"sku": draw.choice("pqr"), "price": draw.choice(["3", "11", "3", "11", "x"])} for _ in range(draw.randint(0, 3))
        ]
        return {"lines": lines}
