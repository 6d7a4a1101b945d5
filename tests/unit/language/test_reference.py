"""The reference is locked down and takes scalars only."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.language import reference
from engine.language.expression import read_expression
from engine.model.diagnostic import Span
from tests.unit.language.env import FakeEnv
from tests.unit.language.orders import ORDERS

ORDER = {"id": "o1", "amount": Decimal("10.00"), "cost": None, "remark": "", "status": "pending", "flags": {"amount_adds_up"}}


def run(text: str) -> object:
    return reference.evaluate(read_expression(text, ORDERS, span=Span(), path="x"), ORDER, FakeEnv())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("amount / 3", Decimal("3.333333")),
        ("amount - cost", None),
        ("cost < 5 or not cost < 5", True),
        ("empty(remark) and flagged('amount_adds_up')", True),
        ("amount / (amount - amount)", None),
        ("status in ['pending'] and 5 <= amount < 11", True),
        ("round(amount / 3, 2)", Decimal("3.33")),
        ("this", "o1"),
    ],
)
def test_values(text: str, wanted: object) -> None:
    assert run(text) == wanted


@pytest.mark.parametrize("text", ["customer.level == 'gold'", "count(items) > 1", "find(customers, phone == '1') == customer"])
def test_only_scalars(text: str) -> None:
    with pytest.raises(reference.NotScalar):
        run(text)
