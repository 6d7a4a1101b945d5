"""One hostile expression or value in every place of a definition that takes one."""

from __future__ import annotations

import pytest

from tests.hostile.conftest import Judge
from tests.hostile.measure import of_places
from tests.hostile.shop import SHOP, expression_places, places
from tests.unit.definition.loading import app_of


def test_the_places_are_found() -> None:
    assert app_of(SHOP).name == "shop"
    assert len(places()) > 80
    assert {SHOP[start:end] for start, end in expression_places()} >= {
        '"amount > 1"',
        '"amount * 2"',
        '"{order_no} late {elapsed}"',
    }


@pytest.mark.parametrize("name", of_places())
def test_in_every_place(name: str, judge: Judge) -> None:
    assert judge(name)
