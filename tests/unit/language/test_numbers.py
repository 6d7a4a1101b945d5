"""Exact arithmetic: half away from zero, empty for / 0 and for what 64 bits cannot hold."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.language import numbers
from engine.language.expression import read_expression
from engine.language.weight import weight
from engine.model.diagnostic import Span
from engine.model.tree import Aggregate, Arithmetic
from tests.unit.language.orders import ORDERS


@pytest.mark.parametrize(
    ("left", "right", "wanted"),
    [
        (1, 3, "0.333333"),
        (2, 3, "0.666667"),
        (-2, 3, "-0.666667"),
        (2, -3, "-0.666667"),
        (-2, -3, "0.666667"),
        (1, 2_000_000, "0.000001"),
        (-1, 2_000_000, "-0.000001"),
        (1, 2_000_001, "0.000000"),
        (0, 5, "0.000000"),
    ],
)
def test_division(left: int, right: int, wanted: str) -> None:
    assert str(numbers.divide(left, right, 0, 0)) == wanted


def test_nothing_divides_by_zero() -> None:
    assert numbers.divide(1, 0, 0, 0) is None
    assert numbers.divide(Decimal("1.00"), Decimal("0.00"), 2, 2) is None


def test_scales() -> None:
    assert numbers.divide(Decimal("1.00"), Decimal("0.0003"), 2, 4) == Decimal("3333.333333")
    assert str(numbers.add(Decimal("0.10"), 1, 2)) == "1.10"
    assert str(numbers.multiply(Decimal("0.10"), Decimal("0.10"), 4)) == "0.0100"


def test_past_64_bits_is_empty() -> None:
    most = 2**63 - 1
    assert numbers.add(most, 0, 0) == most
    assert numbers.add(most, 1, 0) is None
    assert numbers.subtract(-most, 1, 0) is None
    assert numbers.multiply(10**10, 10**10, 0) is None
    assert numbers.add(10**18, Decimal("0.01"), 2) is None
    assert numbers.divide(10**15, 1, 0, 0) is None
    assert numbers.total([most, 1], 0) is None


def test_empty_stays_empty() -> None:
    for function in (numbers.add, numbers.subtract, numbers.multiply):
        assert function(None, 1, 0) is None
        assert function(1, None, 0) is None
    assert numbers.divide(None, 1, 0, 0) is None
    assert numbers.negate(None) is None
    assert numbers.total([None], 2) == 0


@pytest.mark.parametrize(("value", "wanted"), [("0.125", "0.13"), ("-0.125", "-0.13"), ("0.124999", "0.12"), ("5.10", "5.10")])
def test_rounding(value: str, wanted: str) -> None:
    assert str(numbers.rounded(Decimal(value), 2)) == wanted


def _tree(text: str) -> Arithmetic:
    node = read_expression(text, ORDERS, span=Span(), path="x").node
    assert isinstance(node, Arithmetic)
    return node


def test_what_needs_no_check() -> None:
    assert numbers.safe(_tree("amount - cost"))
    assert numbers.safe(_tree("version * 100"))
    assert not numbers.safe(_tree("amount * version"))
    assert not numbers.safe(_tree("amount / 3"))
    assert not numbers.safe(_tree("sum(items, price) + 1"))


def test_only_small_numbers_are_summed_without_a_check() -> None:
    for body, fine in (("1", True), ("version * 0 + 1", False), ("amount", False), ("amount * 900", False)):
        node = read_expression(f"sum(orders, {body})", ORDERS, span=Span(), path="x").node
        assert isinstance(node, Aggregate)
        assert node.body is not None
        assert numbers.summable(node.body) is fine, body


def test_weight_counts_what_is_written_twice() -> None:
    assert weight(_tree("amount / cost")) > 2 * weight(_tree("amount - cost"))
