"""A source in memory: pages of rows that a test lays out, with faults where it wants them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from engine.model.connector import SourcePage
from engine.runtime.pull import Pulled
from tests.unit.definition.catalogue import SmallCatalogue
from tests.world import World

PAID = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


class Source(SmallCatalogue):
    """`feed`: pages in order, each a list of rows, or an exception to be raised there. The cursor counts pages."""

    def __init__(self, *feed: Any) -> None:
        super().__init__()
        self.feed: list[Any] = list(feed)
        self.asked: list[Any] = []

    def pages(
        self, name: str, stream: str, settings: Mapping[str, str], cursor: Mapping[str, Any] | None
    ) -> Iterator[SourcePage]:
        self.asked.append(cursor)
        start = cursor["page"] if cursor else 0
        for number in range(start, len(self.feed)):
            page = self.feed[number]
            if isinstance(page, BaseException):
                raise page
            yield SourcePage(tuple(page), {"page": number + 1}, number + 1 == len(self.feed))


def row(id: str, *lines: Mapping[str, Any], **values: Any) -> dict[str, Any]:
    """An order at the source."""
    given = {
        "id": id,
        "phone": "13800001234",
        "shipping_province": "浙江",
        "total_price": Decimal("100.00"),
        "total_shipping": Decimal("0.00"),
        "total_discounts": Decimal("0.00"),
        "note": "轻放",
        "processed_at": PAID,
        "line_items": tuple(lines),
    }
    return {**given, **values}


def line(id: str, sku: str = "A", quantity: int = 1, price: str = "100.00") -> dict[str, Any]:
    """One of its lines."""
    return {"id": id, "sku": sku, "quantity": quantity, "price": Decimal(price)}


def pull(world: World) -> Pulled:
    """One pull of the shop's orders."""
    return world.runtime.pull(world.app, "shop", "orders", {})
