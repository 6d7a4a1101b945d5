"""A small app with every kind of field and a few roles that see little, for tests of the doors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.world import World, actor, make_world

APP = """
app: depot
title: Depot
version: 1.0.0
roles:
  keeper: {title: {zh: 库管, en: Keeper}}
  seller: {title: {zh: 销售, en: Seller}}
  counter: {title: {zh: 点货, en: Counter}}
  guest: {title: {zh: 访客, en: Guest}}
  cleaner: {title: {zh: 清理, en: Cleaner}}
people:
  store: {type: text}
tables:
  customers:
    title: {zh: 客户, en: Customers}
    display: name
    fields:
      name: {type: text, required: true, title: {zh: 姓名, en: Name}}
      phone: {type: phone, unique: true, title: {zh: 手机号, en: Phone}}
      level: {type: integer, title: {zh: 等级, en: Level}}
  orders:
    title: {zh: 订单, en: Orders}
    display: no
    fields:
      no: {type: serial, format: "N{number:04d}"}
      store: {type: text, title: {zh: 门店, en: Store}}
      phone: {type: phone, title: {zh: 电话, en: Phone}}
      amount: {type: money, title: {zh: 金额, en: Amount}}
      pieces: {type: integer}
      weight: {type: decimal, scale: 3}
      paid: {type: boolean}
      due: {type: date}
      paid_at: {type: datetime}
      kind: {type: choice, choices: {big: {zh: 大, en: Big}, small: {zh: 小, en: Small}}}
      customer: {type: link, to: customers, inverse: orders, on_delete: clear, title: {zh: 客户, en: Customer}}
      parent: {type: link, to: orders, on_delete: cascade}
      note: {type: long_text, title: {zh: 备注, en: Note}}
      cost: {type: money, title: {zh: 成本, en: Cost}}
      twice: {type: formula, value: "amount * 2"}
      level: {type: formula, value: "customer.level"}
      lines: {type: formula, value: "count(items)"}
      status: {type: state, title: {zh: 状态, en: State}}
    checks:
      has_items:
        must: "empty(amount) or count(items) > 0 or amount < 1000"
        otherwise: flag
        message: {zh: 大单没有明细, en: Large without items}
    flow:
      field: status
      states: {open: {title: {zh: 开, en: Open}, initial: true}, done: {title: {zh: 完, en: Done}, final: true}}
      transitions: {finish: {title: {zh: 完成, en: Finish}, from: open, to: done, by: [keeper, system]}}
  items:
    title: {zh: 明细, en: Items}
    fields:
      order: {type: link, to: orders, required: true, on_delete: cascade, inverse: items}
      name: {type: text, required: true}
      count: {type: integer, min: 1}
  labels:
    title: {zh: 标签, en: Labels}
    fields:
      item: {type: link, to: items, required: true}
      text: {type: text}
permissions:
  keeper:
    orders:
      read: {all: true}
      edit: {all: true}
      create: [store, phone, amount, note, items, customer, parent]
      delete: "status == 'open'"
    customers: {read: {all: true}, edit: {all: true}, create: [name, phone], delete: true}
    items: {read: {all: true}, edit: {all: true}, create: [order, name, count], delete: true}
    labels: {read: {all: true}, create: [item, text], delete: true}
  seller:
    orders:
      records: "store == user.store"
      read:
        no: true
        store: true
        phone: {show: masked, find: exact}
        amount: "paid"
        note: true
        status: true
        customer: true
        cost: masked
        items: true
      edit: {note: true}
    customers: {read: {phone: {show: masked, find: exact}}}
    items: {records: "order.store == user.store", read: {all: true}}
  counter:
    orders: {read: {no: true, phone: masked, pieces: true, customer: true}, edit: {pieces: true}}
  guest:
    customers: {read: {name: true}}
  cleaner:
    items: {read: {name: true}, delete: true}
boards:
  flow:
    title: {zh: 看板, en: Flow}
    kind: kanban
    of: orders
    by: status
    card: [no, amount, phone, customer, waiting]
    sort: [-amount]
  known:
    title: {zh: 熟客, en: Known}
    kind: kanban
    of: orders
    by: status
    card: [no, cost]
    where: "customer.level > 1"
"""

KEEPER = actor("keeper", name="库管")
SELLER = actor("seller", name="销售", store="s1")
COUNTER = actor("counter", name="点货")
GUEST = actor("guest", name="访客")
CLEANER = actor("cleaner", name="清理")


def files(*changes: tuple[str, str], **more: str) -> dict[str, bytes]:
    """The definition with some text exchanged, and further files by name."""
    text = APP
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return {"app.yaml": text.encode(), **{f"{name}.yaml": body.encode() for name, body in more.items()}}


def depot(path: Path, *changes: tuple[str, str], **more: str) -> World:
    """A house with this app running."""
    return make_world(path, files(*changes, **more))


def order(world: World, *items: str, **values: Any) -> str:
    """A new order, written as the system; items by name."""
    rows = [{"name": item, "count": 1} for item in items]
    return world.create("orders", children={"items": rows} if rows else None, **values).id
