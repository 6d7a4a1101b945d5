"""Definitions that are YAML and as bad as they can be: too much of everything."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.hostile.shop import SHOP, Files

_TOO_MUCH: Mapping[str, Callable[[], str]] = {
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
    "40,000 choices": lambda: _fields(["f: {type: choice, choices: {" + ", ".join(f"c{n}: x" for n in range(40_000)) + "}}"]),
    "40,000 choices with bad names": lambda: _fields(
        ["f: {type: choice, choices: {" + ", ".join(f"C {n}: x" for n in range(40_000)) + "}}"]
    ),
    "links to nothing": lambda: _fields([f"f{n}: {{type: link, to: nix{n}}}" for n in range(15_000)]),
    "5,000 tables": lambda: "app: s\ntables:\n" + "".join(f"  t{n}: {{fields: {{a: {{type: text}}}}}}\n" for n in range(5_000)),
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
    "300 heavy rules": lambda: _rules(300, '"' + " or ".join(["amount > 1"] * 60) + '"'),
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


def definitions() -> dict[str, Callable[[], Files]]:
    """Name → the definition, made on demand."""
    return {name: lambda make=make: {"app.yaml": make().encode()} for name, make in _TOO_MUCH.items()}  # type: ignore[misc]


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
