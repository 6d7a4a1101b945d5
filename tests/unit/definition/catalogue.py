"""A small catalogue in memory: the connectors that the definitions in these tests name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.model.connector import ConnectorInfo, SourcePage, Stream
from engine.model.text import Text
from engine.model.types import DATETIME, INTEGER, MONEY, TEXT

_ORDER = {
    "id": TEXT,
    "phone": TEXT,
    "shipping_province": TEXT,
    "total_price": MONEY,
    "total_shipping": MONEY,
    "total_discounts": MONEY,
    "note": TEXT,
    "processed_at": DATETIME,
}
_LINE = {"id": TEXT, "sku": TEXT, "quantity": INTEGER, "price": MONEY}
_SHOPIFY = ConnectorInfo(
    "shopify",
    Text("Shopify", "Shopify"),
    {"shop": Text("店铺地址", "address of the shop"), "token": Text("访问令牌", "access token")},
    {"orders": Stream("orders", _ORDER, {"line_items": _LINE})},
)
_ROBOT = ConnectorInfo(
    "wecom_robot", Text("企业微信群机器人", "WeCom group robot"), {"key": Text("密钥", "key")}, {}, pending=True
)


class SmallCatalogue:
    """Knows two connectors and fetches nothing."""

    def __init__(self) -> None:
        self._known = {info.name: info for info in (_SHOPIFY, _ROBOT)}

    def info(self, name: str) -> ConnectorInfo | None:
        return self._known.get(name)

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._known))

    def pages(
        self, name: str, stream: str, settings: Mapping[str, str], cursor: Mapping[str, Any] | None
    ) -> Iterator[SourcePage]:
        raise NotImplementedError
