"""Many orders, put past the doors: rows straight into the tables, as a restore would, then the indexes that publishing chose.
A minute for a million on SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import Connection, Table, insert

from engine.runtime.tend import tend
from engine.storage import search_index
from tests.world import World

CHUNK = 20_000
STORES, PRODUCTS, CUSTOMERS_PER_ORDER = 50, 100, 10
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
_STATES = (("signed", 85), ("shipped", 5), ("refunded", 5), ("pending", 2), ("approved", 2), ("picking", 1))
_SURNAMES, _GIVEN = "王李张刘陈杨黄赵吴周", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英华"
_SYSTEM = {"version": 1, "created_by": "bench", "updated_by": "bench", "flags": frozenset[str]()}


def fill(world: World, orders: int) -> None:
    """`orders` orders, a tenth as many customers and rows of goods, a hundred products; the same in every run."""
    tables = world.runtime.program(world.app).tables
    parts = ((tables["products"], _products()), (tables["customers"], _customers(orders // CUSTOMERS_PER_ORDER)))
    parts += ((tables["orders"], _orders(orders)), (tables["order_items"], _items(orders)))
    for table, _ in parts:
        with world.runtime.database.write() as connection:
            search_index.drop(connection, table)
            for index in table.indexes:
                index.drop(connection)
    for table, rows in parts:
        for chunk in _chunks(rows):
            with world.runtime.database.write() as connection:
                _put(connection, table, chunk)
    for table, _ in parts:
        with world.runtime.database.write() as connection:
            for index in table.indexes:
                index.create(connection)
            search_index.ensure(connection, [table])
    while tend(world.runtime.core):
        pass


def _put(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    empty = {column.key: None for column in table.columns}
    connection.execute(insert(table), [{**empty, **_SYSTEM, **row} for row in rows])


def _chunks(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _times(at: datetime) -> dict[str, datetime]:
    return {"created_at": at, "updated_at": at}


def name_of(random: Random) -> str:
    """A Chinese name of two or three characters."""
    return random.choice(_SURNAMES) + "".join(random.choice(_GIVEN) for _ in range(random.randrange(1, 3)))


def _products() -> Iterator[dict[str, Any]]:
    for n in range(PRODUCTS):
        yield {"id": f"p{n:025d}", "sku": f"SKU-{n:03d}", "name": f"零件{n:03d}号", "category": "other", **_times(BEGIN)}


def _customers(count: int) -> Iterator[dict[str, Any]]:
    random = Random(1)
    for n in range(count):
        phone = f"13{n:09d}"
        yield {"id": f"c{n:025d}", "name": f"{name_of(random)}修理厂", "phone": phone, "level": "normal", **_times(BEGIN)}


def _orders(count: int) -> Iterator[dict[str, Any]]:
    random = Random(2)
    states = [state for state, share in _STATES for _ in range(share)]
    for n in range(count):
        at, state = BEGIN + timedelta(seconds=60 * n), states[random.randrange(100)]
        amount = Decimal(random.randrange(1, 500_000)) / 100
        yield {
            "id": f"o{n:025d}",
            "order_no": f"SO{at:%y%m%d}-{n:07d}",
            "channel": ("douyin", "miniapp", "pos", "phone")[n % 4],
            "external_no": f"E{n}",
            "customer": f"c{random.randrange(max(1, count // CUSTOMERS_PER_ORDER)):025d}",
            "phone": f"1{random.choice('35789')}{random.randrange(10**9):09d}",
            "province": "浙江",
            "store": f"s{random.randrange(STORES)}",
            "warehouse": random.choice(("hz", "fs", "manual")),
            "priority": "normal",
            "amount": amount,
            "freight": Decimal(0),
            "coupon": Decimal(0),
            "remark": f"{name_of(random)}收，请轻放" if n % 3 == 0 else None,
            "paid_at": at,
            "status": state,
            f"{state}_at": at,
            **_times(at),
        }


def _items(orders: int) -> Iterator[dict[str, Any]]:
    for n in range(0, orders, 10):
        order, product = f"o{n:025d}", f"p{n // 10 % PRODUCTS:025d}"
        yield {"id": f"i{n:025d}", "order": order, "product": product, "quantity": 1, "price": Decimal(5), **_times(BEGIN)}
