"""A small definition with every kind of place in it, and what can be put into these places."""

from __future__ import annotations

import json
from collections.abc import Mapping

Files = Mapping[str, bytes]
LONG = 4_900_000
# Every scalar of this definition is a place for something hostile.
SHOP = """
app: shop
title: {zh: 店, en: Shop}
version: 1.0.0
roles:
  clerk: {title: 客服}
people:
  store: {type: choice, choices: {hz: 杭州}}
tables:
  orders:
    title: 订单
    display: order_no
    keys: [[order_no]]
    fields:
      order_no: {type: text, required: true, title: 单号}
      amount: {type: money, default: 1, min: 0}
      level: {type: choice, choices: {gold: 黄金, plain: 普通}, default: plain}
      number: {type: serial, format: "N{date:%y%m%d}{number:05d}"}
      twice: {type: formula, value: "amount * 2"}
      status: {type: state}
      placed: {type: datetime}
      ship_to: {type: region}
    checks:
      dear: {must: "amount < 1000", otherwise: flag, message: too dear}
    flow:
      field: status
      states: {open: {initial: true}, done: {final: true}}
      transitions:
        close: {from: open, to: done, by: [clerk, system], guard: "amount > 1", needs: [amount]}
  items:
    fields:
      order: {type: link, to: orders, inverse: items}
      price: {type: money}
permissions:
  clerk:
    orders:
      records: "amount > 1"
      create: {fields: [order_no, amount, level], if: "amount > 1"}
      read: {all: true, amount: "amount > 1", level: {show: masked, find: exact}, twice: none}
      edit: {amount: "amount > 1"}
      delete: "amount > 1"
rules:
  big:
    when: {created: orders}
    if: "amount > 1"
    then:
      - set: {amount: "amount + 1"}
      - notify: {to: [role.clerk], by: [inbox], text: "{order_no} new"}
routing:
  where:
    of: orders
    when: {created: orders}
    decides: level
    policy: first
    rows: [{if: "amount > 1", then: gold}]
    otherwise: plain
alerts:
  late:
    of: orders
    if: "amount > 1"
    text: "{order_no} late {elapsed}"
    levels: [{after: 2h, notify: {to: [role.clerk], by: [inbox]}, repeat: 1h}]
connections:
  shop:
    use: shopify
    settings: {shop: "secret:shop", token: "secret:token"}
    pull:
      orders: {every: 15m, into: orders, match: [order_no], map: {order_no: "source.id"}}
boards:
  desk: {of: orders, kind: kanban, by: status, card: [order_no], where: "amount > 1", sort: [-amount]}
"""
EXPRESSIONS = {
    "powers": "9**4000000",
    "nested powers": "9**9**9**9 > 1",
    "giant text": "'a'.ljust(10**9)",
    "repetition": "'a' * 1000000000",
    "3,000 nots": "not " * 3_000 + "True",
    "40 nots": "not " * 39 + "(amount > 1)",
    "brackets": "(" * 3_000 + "1" + ")" * 3_000,
    "class": "amount.__class__",
    "bases": "().__class__.__bases__[0].__subclasses__()",
    "globals": "user.__init__.__globals__",
    "import": "__import__('os').system('true')",
    "look-alikes": "аmоunt > 1",
    "full width": "ａｍｏｕｎｔ　＞　１",
    "assignment": "status = 'x'",
    "walrus": "(x := 1)",
    "lambda": "(lambda: amount)()",
    "comprehension": "[x for x in 'abc']",
    "generator": "sum(x for x in amount)",
    "f-string": "f'{amount}'",
    "await": "await amount",
    "yield": "(yield 1)",
    "star": "count(*amount)",
    "bytes": "b'x' == amount",
    "ellipsis": "... == amount",
    "imaginary": "1j == amount",
    "digits": "9" * 1_900 + " > amount",
    "exponent": "1e999999999 > amount",
    "quotients": "amount / (" * 30 + "amount" + ")" * 30 + " > 1",
    "products": " * ".join(["amount"] * 120) + " > 1",
    "sums": " + ".join(["amount"] * 145) + " > 1",
    "ors": " or ".join(["amount > 1"] * 140),
    "chain": " < ".join(["amount"] * 140),
    "choices": "1 if amount > 1 else " * 38 + "2",
    "list": "amount in [" + ",".join(map(str, range(290))) + "]",
    "nested counts": "count(orders, " * 12 + "amount > 1" + ")" * 12 + " > 1",
    "nested finds": "find(orders, " * 12 + "amount > 1" + ").amount > 1" * 12,
    "long path": "this" + ".items" * 300,
    "surrogate": "'\\ud800' == order_no",
    "statements": "True\nimport os",
    "remark": "True # and more",
    "nothing": "   ",
    "template in template": "{" * 1_000 + "}" * 1_000,
    "braces": "{" * 100_000,
    "many braces": "{amount}" * 1_249,
    "long": "amount > 1 or " * 300_000 + "True",
    "5 MB": "a" * LONG,
}


VALUES = (
    "",
    " ",
    "9" * 5_000,
    "a" * 100_000,
    "\\ud800",
    "amount > 1",
    "{" * 500,
    "-" * 500,
    "secret:x",
    "../../etc/passwd",
    "中" * 1_000,
)


def expression_places() -> list[tuple[int, int]]:
    """Where expressions and texts with expressions stand."""
    return [
        (start, end)
        for start, end in places()
        if SHOP[start] == '"' and SHOP[start:end].strip('"').startswith(("amount", "{order_no}"))
    ]


def places() -> list[tuple[int, int]]:
    """Where values stand: from where to where."""
    found, position = [], 0
    while position < len(SHOP):
        end = position + 1
        if SHOP[position] == '"':
            end = SHOP.index('"', position + 1) + 1
            found.append((position, end))
        elif SHOP[position].isalnum() and SHOP[position - 1] in " [-":
            while SHOP[end].isalnum() or SHOP[end] in "_.-":
                end += 1
            if SHOP[end] != ":":
                found.append((position, end))
        position = end
    return found


def put(place: tuple[int, int], value: str) -> Files:
    """The definition with something else in a place."""
    start, end = place
    return {"app.yaml": (SHOP[:start] + json.dumps(value, ensure_ascii=False) + SHOP[end:]).encode("utf-8", "surrogatepass")}
