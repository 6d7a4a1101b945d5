"""The proofs come to an end in bounded time, whatever the rules and formulas are, and say so where they gave up."""

from __future__ import annotations

import time

import pytest

from engine.definition.load import Loaded
from engine.model.change import MAX_DEPTH
from tests.unit.definition.loading import load_text

MOST_SECONDS = 20.0  # of processor time; some seconds by themselves, more beside other work
ROUND = 20


def loaded(fields: list[str], *more: str) -> Loaded:
    """An app of one table."""
    started = time.process_time()
    found = load_text("\n".join(["app: shop", "tables:", "  orders:", "    fields:", *fields, *more, ""]))
    assert time.process_time() - started < MOST_SECONDS
    return found


def numbers(many: int) -> list[str]:
    return [f"      f{at}: {{type: integer}}" for at in range(many)]


def rules(*every: str) -> list[str]:
    return ["rules:", *(f"  r{at}: {each}" for at, each in enumerate(every))]


def told(found: Loaded) -> list[str]:
    return [d.code for d in found.diagnostics if d.code.startswith("rule-loop")]


def test_a_circle_longer_than_the_runtime_goes_is_an_error() -> None:
    """No rule comes twice before the runtime has stopped the chain."""
    assert ROUND > MAX_DEPTH
    every = [
        f'{{when: {{updated: {{of: orders, fields: [f{at}]}}}}, then: [{{set: {{f{(at + 1) % ROUND}: "f{at} + 1"}}}}]}}'
        for at in range(ROUND)
    ]
    found = loaded(numbers(ROUND), *rules(*every))
    assert told(found) == ["rule-loop"]
    assert found.app is not None
    assert len(found.app.rules) == ROUND - 1


HEAVY = {
    "each may set off each": [
        f'{{when: {{updated: orders}}, if: "f{at * 7 % 60} == {at % 9}", then: [{{set: {{f{(at * 13 + 1) % 60}: "{at}"}}}}]}}'
        for at in range(60)
    ],
    "each writes to others and makes new ones": [
        f'{{when: {{updated: orders}}, if: "f{at} == 1 and any(orders, f1 > this.f{at})", then: ['
        f'{{create: {{table: orders, set: {{f1: "f2 * f3"}}}}}}, '
        f'{{update: {{table: orders, where: "f1 == this.f2", set: {{f{at}: "f1 + this.f5"}}}}}}]}}'
        for at in range(40)
    ],
}


@pytest.mark.parametrize("name", HEAVY)
def test_many_rules_that_may_set_each_other_off(name: str) -> None:
    assert told(loaded(numbers(60), *rules(*HEAVY[name]))) != []


def test_formulas_that_name_each_other_many_times() -> None:
    """Written out they have 5 ** 14 parts."""
    fields = ["      a0: {type: boolean}"]
    for at in range(1, 15):
        before = f"a{at - 1}"
        text = f"{before} == (not {before}) or {before} != ({before} and {before})"
        fields.append(f'      a{at}: {{type: formula, value: "{text}"}}')
    turning = '{when: {updated: orders}, if: "a14 and not a13", then: [{set: {a0: "not a0"}}]}'
    assert loaded(fields, *rules(turning)).app is not None


WORKED_OUT = {
    "whether two yes/no are the same, again and again": ("boolean", "a{before} == b{at}", "a{last}"),
    "one sign or the other, again and again": (
        "integer",
        "a{before} if b{at} else 0 - a{before}",
        "a{last} > 3 and a{last} < a7",
    ),
}


@pytest.mark.parametrize("name", WORKED_OUT)
def test_formulas_that_double_with_each_step(name: str) -> None:
    """The solver writes a formula out as long as that is of use; then it is a value by itself."""
    kind, formula, condition = WORKED_OUT[name]
    fields = [f"      a0: {{type: {kind}}}"]
    for at in range(1, 30):
        text = formula.format(before=at - 1, at=at)
        fields += [f"      b{at}: {{type: boolean}}", f'      a{at}: {{type: formula, value: "{text}"}}']
    records = condition.format(last=29)
    grant = f'permissions: {{clerk: {{orders: {{records: "{records}", read: {{b1: true}}}}}}}}'
    assert loaded(fields, "roles: {clerk: {title: C}}", grant).app is not None
