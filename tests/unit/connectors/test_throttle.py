"""Waiting for an allowance."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.throttle import Throttle
from engine.model.connector import SourceError


def cost(asked: Any, available: Any, maximum: Any = 1000.0, restore: Any = 50.0) -> dict[str, Any]:
    status = {"currentlyAvailable": available, "maximumAvailable": maximum, "restoreRate": restore}
    return {"requestedQueryCost": asked, "actualQueryCost": 3, "throttleStatus": status}


def test_it_waits_until_the_bucket_holds_what_the_query_asks_for() -> None:
    clock = [0.0]
    throttle = Throttle(lambda: clock[0])
    assert throttle.wait("q") == 0
    throttle.learn("q", cost(600, 100))
    assert throttle.wait("q") == 10
    assert throttle.wait("another") == 0
    clock[0] = 4
    assert throttle.wait("q") == 6
    clock[0] = 400
    assert throttle.wait("q") == 0


def test_what_never_fits_is_an_error() -> None:
    throttle = Throttle(lambda: 0)
    throttle.learn("q", cost(600, 100, maximum=500))
    with pytest.raises(SourceError) as caught:
        throttle.wait("q")
    assert caught.value.code == "too_costly"


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        [],
        {},
        {"requestedQueryCost": 600},
        cost(600, 0, restore=0),
        cost(600, 0, restore=-5),
        cost(600, "0"),
        cost(600, True),
        cost(600, float("nan")),
        cost(600, 0, restore=float("inf")),
        cost(None, 0),
    ],
)
def test_what_is_not_as_documented_is_not_believed(nonsense: Any) -> None:
    throttle = Throttle(lambda: 0)
    throttle.learn("q", nonsense)
    assert throttle.wait("q") == 0
