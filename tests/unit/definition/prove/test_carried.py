"""Whose values can be read off a result, and by which way."""

from __future__ import annotations

import pytest

from engine.definition.prove.carried import Carried, carried
from tests.unit.definition.loading import app_of

APP = """
    app: shop
    tables:
      customers:
        fields: {name: {type: text}, level: {type: integer}}
      orders:
        fields:
          customer: {type: link, to: customers}
          cost: {type: money}
          amount: {type: money}
          note: {type: text}
          frozen: {type: boolean}
          held: {type: boolean}
          f: {type: formula, value: "FORMULA"}
      items:
        fields:
          order: {type: link, to: orders, inverse: items}
          price: {type: money}
          quantity: {type: integer}
"""


def ways(formula: str) -> list[Carried]:
    value = app_of(APP.replace("FORMULA", formula)).tables["orders"].fields["f"].value
    assert value is not None
    return list(carried(value.node))


@pytest.mark.parametrize(
    ("formula", "names"),
    [
        ("cost", {"cost"}),
        ("(cost if amount > 5 else 0) - amount", {"cost", "amount"}),
        ("-cost", {"cost"}),
        ("first_of(note, customer.name)", {"note", "name"}),
        ("concat(note, '!')", {"note"}),
        ("customer.level", {"level"}),
        ("sum(items, price * quantity)", {"price", "quantity"}),
        ("max(items, price)", {"price"}),
        ("min(items, price + this.cost)", {"price", "cost"}),
        ("frozen", {"frozen"}),
        ("not frozen", {"frozen"}),
        ("frozen == True", {"frozen"}),
        ("1 if frozen else 2", {"frozen"}),
        ("frozen and True", {"frozen"}),
        ("False or not frozen", {"frozen"}),
        ("frozen and frozen", {"frozen"}),
        # A yes or no about a value is not the value.
        ("cost > 1", set()),
        ("frozen and held", set()),
        ("frozen == held", set()),
        ("empty(note)", set()),
        ("'x' if cost > 5 else 'y'", set()),
        ("count(items, price > 5)", set()),
        ("any(items, price > 5)", set()),
        ("find(customers, name == this.note)", set()),
    ],
)
def test_what_comes_through(formula: str, names: set[str]) -> None:
    assert {way.source.name for way in ways(formula)} == names


def test_the_way_is_told() -> None:
    (plain,) = ways("cost")
    assert (plain.as_it_is, plain.when, plain.through) == (True, (), ())
    then, otherwise = ways("cost if amount > 5 else amount")
    assert [len(way.when) for way in (then, otherwise)] == [1, 1]
    (summed,) = ways("sum(items, price)")
    assert (summed.summed, summed.through[0].table, summed.as_it_is) == (True, "items", True)
    (picked,) = ways("max(items, price)")
    assert not picked.summed
    assert [way.as_it_is for way in ways("first_of(note, concat(customer.name, 'x'))")] == [True, False]


def test_a_value_of_the_record_itself_inside_a_list_is_its_own() -> None:
    own = [way for way in ways("sum(items, price + this.cost)") if way.source.name == "cost"]
    assert [(way.through, way.summed) for way in own] == [((), False)]
