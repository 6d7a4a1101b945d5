"""Going through a tree."""

from __future__ import annotations

from engine.language.expression import read_expression
from engine.language.walk import children, facts, walk
from engine.model.diagnostic import Span
from engine.model.tree import Aggregate, Constant, FieldOf, Find, IfElse
from tests.unit.language.orders import ORDERS


def test_every_node_is_passed() -> None:
    text = (
        "(amount if not empty(remark) else -cost + 1) in [1, 2] and any(items, price > 1) or find(orders, phone == 'x') == this"
    )
    node = read_expression(text, ORDERS, span=Span(), path="x").node
    passed = [type(each) for each in walk(node)]
    assert {IfElse, Aggregate, Find, FieldOf, Constant} <= set(passed)
    assert {each.name for each in walk(node) if isinstance(each, FieldOf)} == {"amount", "remark", "cost", "price", "phone"}
    assert len(passed) == 1 + sum(len(list(walk(child))) for child in children(node))


def test_facts_of_a_path() -> None:
    node = read_expression("old.customer.level == 'gold'", ORDERS, span=Span(), path="x").node
    assert facts(node).reads == {("orders", "customer"), ("customers", "level")}
    assert facts(node).whole
