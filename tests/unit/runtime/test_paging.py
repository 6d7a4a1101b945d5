"""A cursor from outside is read as strictly as any input: a wrong one is a 400 that says so, never a broken page."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from engine.model.change import Read
from engine.model.problem import Problem
from tests.databases import ON_BOTH
from tests.world import World, actor

pytestmark = ON_BOTH

BUYER = actor("buyer", "finance")


def sealed(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def refused(world: World, sort: tuple[str, ...], cursor: str, table: str = "orders") -> Problem:
    with pytest.raises(Problem) as caught:
        world.runtime.records(Read(world.app, table, sort=sort, cursor=cursor), BUYER)
    return caught.value


@pytest.mark.parametrize("id", [10**30, True, "\ud800", "\x00", -1, 1.5, [], {}])
def test_an_id_that_is_no_text_is_refused(world: World, id: Any) -> None:
    assert refused(world, (), sealed([["id", True, id]])).status == 400


WRONG: dict[str, tuple[Any, ...]] = {
    "amount": ("NaN", "sNaN", "Infinity", "1e999999", "1e30", "0.001", 10**30, True, "x", []),
    "created_at": (5, True, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2020-01-01"),
    "wanted_by": (5, "2020-01-01T00:00:00+00:00", "99999-01-01"),
    "waiting": (5, "inf", "nan", "1e300", 10**40),
    "version": (10**40, "x", True),
    "status": (5, "\udfff", "a\x00b"),
}


@pytest.mark.parametrize(("field", "value"), [(field, value) for field, values in WRONG.items() for value in values])
def test_a_value_of_another_type_than_its_column_is_refused(world: World, field: str, value: Any) -> None:
    problem = refused(world, (field,), sealed([[field, False, value], ["id", False, "a"]]))

    assert (problem.status, problem.errors[0].code) == (400, "bad_cursor")


@pytest.mark.parametrize("raw", [b"[" * 2900, b'{"a":' * 500, b"\xff\xfe", b"[1]", b'"x"', b'[["id",true]]', b"9" * 2900])
def test_what_was_never_a_cursor_is_refused(world: World, raw: bytes) -> None:
    assert refused(world, (), sealed(raw)).status == 400


def test_pages_go_on_over_every_type(world: World) -> None:
    for sku, fragile in (("a", True), ("b", False), ("c", None), ("d", True)):
        world.create("products", sku=sku, fragile=fragile)
    for sort in ("fragile", "-fragile", "created_at", "-version", "category", "sku"):
        seen: list[str] = []
        cursor: str | None = None
        while True:
            page = world.runtime.records(Read(world.app, "products", sort=(sort,), limit=1, cursor=cursor), BUYER)
            seen += [record["values"]["sku"] for record in page.records]
            cursor = page.cursor
            if cursor is None:
                break
        assert sorted(seen) == ["a", "b", "c", "d"], sort


def test_a_search_longer_than_any_text_is_refused(world: World) -> None:
    with pytest.raises(Problem) as caught:
        world.list("orders", BUYER, search="a" * 60_000)
    assert caught.value.status == 400
