"""Definitions that are YAML and as bad as they can be: too much of everything, in every place that takes it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

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
      placed: {type: datetime, default: now}
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
      read: {all: true, amount: "amount > 1", level: {show: masked, find: exact}}
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


def definitions() -> dict[str, Callable[[], Files]]:
    """Too much of everything."""
    text: dict[str, Callable[[], str]] = {
        "a chain of 5,000 formulas": lambda: _fields(
            ["f0: {type: money}", *(f'f{n}: {{type: formula, value: "f{n - 1} + 0"}}' for n in range(1, 5_000))]
        ),
        "a chain of formulas backwards": lambda: _fields(
            [*(f'f{n}: {{type: formula, value: "f{n + 1} + 0"}}' for n in range(2_000)), "f2000: {type: money}"]
        ),
        "a ring of 2,000 formulas": lambda: _fields(
            [f'f{n}: {{type: formula, value: "f{(n + 1) % 2_000} + 0"}}' for n in range(2_000)]
        ),
        "formulas that are all wrong": lambda: _fields([f'f{n}: {{type: formula, value: "nix{n} + 0"}}' for n in range(5_000)]),
        "formulas of each other": lambda: _fields(
            [f'f{n}: {{type: formula, value: "{" + ".join(f"f{k}" for k in range(40))}"}}' for n in range(300)]
        ),
        "10,000 states in a row": lambda: _flow(10_000, [(n, n + 1) for n in range(9_999)]),
        "10,000 states, none reached": lambda: _flow(10_000, []),
        "2,000 states, each from all": lambda: _flow_from_all(2_000),
        "20,000 fields": lambda: _fields([f"f{n}: {{type: text}}" for n in range(20_000)]),
        "20,000 fields of no kind": lambda: _fields([f"f{n}: {{type: nix{n}}}" for n in range(20_000)]),
        "30,000 fields that are none": lambda: _fields([f"f{n}: 1" for n in range(30_000)]),
        "fields with wrong keys": lambda: _fields([f"f{n}: {{type: text, tpye{n}: 1, a{n}: 2}}" for n in range(12_000)]),
        "one field with 40,000 wrong keys": lambda: _fields(
            ["f: {type: text, " + ", ".join(f"k{n}: 1" for n in range(40_000)) + "}"]
        ),
        "40,000 choices": lambda: _fields(
            ["f: {type: choice, choices: {" + ", ".join(f"c{n}: x" for n in range(40_000)) + "}}"]
        ),
        "40,000 choices with bad names": lambda: _fields(
            ["f: {type: choice, choices: {" + ", ".join(f"C {n}: x" for n in range(40_000)) + "}}"]
        ),
        "links to nothing": lambda: _fields([f"f{n}: {{type: link, to: nix{n}}}" for n in range(15_000)]),
        "5,000 tables": lambda: (
            "app: s\ntables:\n" + "".join(f"  t{n}: {{fields: {{a: {{type: text}}}}}}\n" for n in range(5_000))
        ),
        "5,000 tables linked in a row": lambda: (
            "app: s\ntables:\n"
            + "".join(f"  t{n}: {{fields: {{a: {{type: link, to: t{(n + 1) % 5_000}}}}}}}\n" for n in range(5_000))
        ),
        "300 roles at 300 tables": lambda: _grants(300, 300),
        "60 roles at 60 tables": lambda: _grants(60, 60),
        "40,000 roles": lambda: "app: s\nroles:\n" + "".join(f"  r{n}: {{}}\n" for n in range(40_000)),
        "unknown roles": lambda: (
            "app: s\ntables: {t: {fields: {a: {type: text}}}}\npermissions:\n"
            + "".join(f"  r{n}: {{t: {{read: {{all: true}}}}}}\n" for n in range(12_000))
        ),
        "unknown fields": lambda: (
            "app: s\nroles: {c: {}}\ntables: {t: {fields: {a: {type: text}}}}\npermissions: {c: {t: {read: {"
            + ", ".join(f"b{n}: true" for n in range(40_000))
            + "}}}}"
        ),
        "40,000 sections": lambda: "".join(f"section{n}: 1\n" for n in range(40_000)),
        "a map for every value": lambda: "app: {}\ntitle: []\nversion: {}\nroles: []\ntables: 1\npermissions: x\nrules: [1]\n",
        "10,000 rules": lambda: _rules(10_000, '"amount > 1"'),
        "10,000 wrong rules": lambda: _rules(10_000, '"amuont > 1"'),
        "2,000 heavy rules": lambda: _rules(2_000, '"' + " or ".join(["amount > 1"] * 60) + '"'),
        "one rule with 15,000 steps": lambda: _with_rule("[" + ", ".join(['{set: {amount: "1"}}'] * 15_000) + "]"),
        "one rule with 15,000 wrong steps": lambda: _with_rule("[" + ", ".join(['{sett: {amount: "1"}}'] * 15_000) + "]"),
        "15,000 rows": lambda: SHOP.replace(
            '[{if: "amount > 1", then: gold}]',
            "[" + ", ".join(f'{{if: "amount > {n}", then: gold}}' for n in range(15_000)) + "]",
        ),
        "15,000 wrong rows": lambda: SHOP.replace(
            '[{if: "amount > 1", then: gold}]',
            "[" + ", ".join(f'{{if: "amount > {n}", then: glod}}' for n in range(15_000)) + "]",
        ),
        "20,000 levels": lambda: SHOP.replace("levels: [", "levels: [" + "{after: 1h}, " * 20_000),
        "20,000 names on a card": lambda: SHOP.replace(
            "card: [order_no]", "card: [" + ", ".join(f"x{n}" for n in range(20_000)) + "]"
        ),
        "20,000 keys": lambda: SHOP.replace("keys: [[order_no]]", "keys: [" + "[order_no], " * 20_000 + "]"),
        "60,000 names in one list": lambda: SHOP.replace("needs: [amount]", "needs: [" + "amount, " * 60_000 + "]"),
        "5,000 checks": lambda: SHOP.replace(
            "    checks:\n",
            "    checks:\n" + "".join(f'      c{n}: {{must: "amount > {n}", message: m}}\n' for n in range(5_000)),
        ),
        "a template of 10,000 braces": lambda: SHOP.replace("{order_no} late {elapsed}", "{order_no}" * 999),
        "a template of 100,000 braces": lambda: SHOP.replace("{order_no} late {elapsed}", "{" * 100_000),
        "a template of wrong names": lambda: SHOP.replace("{order_no} late {elapsed}", "{odrer_no}" * 999),
        "2,000 templates of wrong names": lambda: _with_rule(
            "[" + ", ".join(['{notify: {to: [role.clerk], by: [inbox], text: "' + "{nix}" * 30 + '"}}'] * 2_000) + "]"
        ),
    }
    return {name: lambda make=make: {"app.yaml": make().encode()} for name, make in text.items()}  # type: ignore[misc]


def _fields(fields: list[str]) -> str:
    return "app: s\ntables:\n  t:\n    fields:\n" + "".join(f"      {field}\n" for field in fields)


def _flow(states: int, transitions: list[tuple[int, int]]) -> str:
    lines = [_fields(["s: {type: state}"]) + "    flow:\n      field: s\n      states:\n        s0: {initial: true}\n"]
    lines += [f"        s{n}: {{}}\n" for n in range(1, states)]
    if transitions:
        lines += ["      transitions:\n", *(f"        t{a}: {{from: s{a}, to: s{b}, by: [system]}}\n" for a, b in transitions)]
    return "".join(lines)


def _flow_from_all(states: int) -> str:
    every = ", ".join(f"s{n}" for n in range(states))
    return (
        _flow(states, [])
        + "      transitions:\n"
        + "".join(f"        t{n}: {{from: [{every}], to: s{n}, by: [system]}}\n" for n in range(40))
    )


def _grants(roles: int, tables: int) -> str:
    lines = ["app: s\nroles:\n", *(f"  r{n}: {{}}\n" for n in range(roles)), "tables:\n"]
    lines += [f"  t{n}: {{fields: {{a: {{type: text}}}}}}\n" for n in range(tables)]
    lines += [
        "permissions:\n",
        *(f"  r{n}: {{" + ", ".join(f"t{k}: {{read: {{all: true}}}}" for k in range(tables)) + "}\n" for n in range(roles)),
    ]
    return "".join(lines)


def _rules(count: int, condition: str) -> str:
    rule = f'{{when: {{created: orders}}, if: {condition}, then: [{{set: {{amount: "1"}}}}]}}'
    return SHOP.replace("rules:\n", "rules:\n" + "".join(f"  r{n}: {rule}\n" for n in range(count)))


def _with_rule(then: str) -> str:
    return SHOP.replace("rules:\n", f"rules:\n  x:\n    when: {{created: orders}}\n    then: {then}\n")
