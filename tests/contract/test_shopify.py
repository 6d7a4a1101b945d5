"""The contract of pulling, kept by Shopify's orders against the local shop, and what is special to Shopify."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from connectors import catalogue
from connectors.addresses import AllowedHosts
from connectors.catalogue import FOLDER, ManifestCatalogue
from connectors.outbound import Limits, Outbound
from connectors.tools import Retry, Tools
from engine.model.connector import SourceError
from tests.contract.players import Clock, Reader, Rows
from tests.contract.pull import PullContract
from tests.servers.shop import Shop
from tests.servers.shop_cost import Bucket
from tests.servers.shop_orders import LAG, Order, Orders

NONE = timedelta()
PATIENT = Limits(connect=10, read=10, total=20, body=200_000)
IMPATIENT = Limits(connect=1, read=1, total=1, body=200_000)
TOKEN = "shpat_not_to_be_told"


@dataclass
class LocalShop:
    """The local shop as a source of the contract."""

    shop: Shop
    orders: Orders
    clock: Clock
    folder: Path = FOLDER
    name: str = "shopify"
    stream: str = "orders"
    lag: timedelta = LAG
    _changed: list[int] = field(default_factory=list)
    _catalogue: ManifestCatalogue | None = None

    def catalogue(self) -> ManifestCatalogue:
        self._catalogue = self._catalogue or self._load(PATIENT, attempts=3)
        return self._catalogue

    def _load(self, limits: Limits, *, attempts: int) -> ManifestCatalogue:
        outbound = Outbound(AllowedHosts.parse(self.shop.host), limits=limits)
        clock = self.clock
        tools = Tools(outbound, Retry(attempts), clock.now, clock.monotonic, clock.sleep, lambda: 0.5)
        return catalogue.load(tools=tools, folder=self.folder)

    def settings(self) -> dict[str, str]:
        return {"shop": self.shop.url, "token": TOKEN}

    def add(self, count: int = 1, *, late: timedelta = NONE) -> None:
        for _ in range(count):
            self.orders.sell(late=late)

    def change(self, *, late: timedelta = NONE) -> None:
        oldest = next(order for order in self.orders.all() if order.id not in self._changed)
        self._changed.append(oldest.id)
        self.orders.change(oldest.id, note="改过", late=late)

    def expected(self) -> Rows:
        return {str(order.id): row(order) for order in self.orders.all()}

    def fault(self, kind: str, *, times: int = 1, after: int = 0) -> None:
        if kind in ("slow", "slow-head", "hang"):
            self._catalogue = self._load(IMPATIENT, attempts=2)
        self.shop.control.fault(kind, times=times, after=after)

    def clear(self) -> None:
        self._catalogue = None
        self.shop.control.clear()

    def expire(self) -> None:
        self.shop.expire()


def row(order: Order) -> dict[str, object]:
    """An order as the connector must deliver it, told from the shop's own books."""
    return {
        "id": str(order.id),
        "name": order.name,
        "phone": order.phone.removeprefix("+86") if order.phone else None,
        "note": order.note,
        "test": False,
        "currency": "CNY",
        "financial_status": "PAID",
        "created_at": order.created_at,
        "updated_at": order.updated_at,
        "processed_at": order.created_at,
        "cancelled_at": order.cancelled_at,
        "shipping_name": order.buyer if order.province else None,
        "shipping_city": order.city,
        "shipping_address": "人民路 1 号" if order.province else None,
        "shipping_province": order.province,
        "total_price": order.total,
        "total_shipping": order.shipping,
        "total_discounts": order.discounts,
        "total_tax": 0,
        "line_items": tuple(
            {"id": str(line.id), "sku": line.sku, "title": line.title, "quantity": line.quantity, "price": line.price}
            for line in order.lines
        ),
    }


@pytest.fixture
def source() -> Iterator[LocalShop]:
    clock = Clock()
    orders = Orders(seed=3, now=clock.now)
    orders.fill(65)
    with Shop(orders, token=TOKEN) as shop:
        yield LocalShop(shop, orders, clock)


class TestShopify(PullContract):
    """Everything that every connector keeps."""


def test_a_long_list_of_lines_is_fetched_whole(source: LocalShop) -> None:
    for lines in (10, 11, 110, 111, 260):
        source.orders.sell(lines=lines)
    reader = Reader(source)
    reader.pull()
    assert reader.rows == source.expected()


def test_a_list_without_a_way_to_the_rest_is_an_error(source: LocalShop, tmp_path: Path) -> None:
    text = (FOLDER / "shopify.yaml").read_text("utf-8")
    (tmp_path / "shopify.yaml").write_text(text[: text.index("        more:")], "utf-8")
    source.folder = tmp_path
    source.orders.sell(lines=11)
    error = Reader(source).fails()
    assert error.code == "list_too_long"
    assert ".lineItems" in error.message.en


def test_what_is_empty_in_the_shop_is_empty_here(source: LocalShop) -> None:
    order = source.orders.sell()
    source.orders.change(order.id, province=None, city=None, phone=None, note=None)
    reader = Reader(source)
    reader.pull()
    delivered = reader.rows[str(order.id)]
    assert [delivered[name] for name in ("phone", "shipping_province", "note")] == [None, None, None]
    assert reader.rows == source.expected()


def test_a_number_from_abroad_stays_whole(source: LocalShop) -> None:
    order = source.orders.sell()
    source.orders.change(order.id, phone="+8621612341234")
    reader = Reader(source)
    reader.pull()
    assert reader.rows[str(order.id)]["phone"] == "+8621612341234"


def test_the_allowance_is_kept_without_a_single_refusal(source: LocalShop) -> None:
    source.shop.bucket = Bucket(lambda: source.clock.seconds, maximum=1000, restore=50)
    reader = Reader(source)
    reader.pull()
    assert reader.rows == source.expected()
    assert source.shop.control.counts["refused"] == 0
    assert source.clock.seconds > 5


def test_an_empty_bucket_is_waited_for(source: LocalShop) -> None:
    source.shop.bucket = Bucket(lambda: source.clock.seconds, maximum=1000, restore=50)
    source.shop.bucket.set(0)
    reader = Reader(source)
    reader.pull()
    assert reader.rows == source.expected()
    assert source.shop.control.counts["refused"] == 1


def test_a_wait_that_is_too_long_is_handed_on(source: LocalShop) -> None:
    source.shop.bucket = Bucket(lambda: source.clock.seconds, maximum=1000, restore=1)
    source.shop.bucket.set(0)
    error = Reader(source).fails()
    assert error.code == "throttled"
    assert error.retry_after is not None
    assert error.retry_after > 500


def test_a_query_that_never_fits_is_said_so(source: LocalShop) -> None:
    source.shop.bucket = Bucket(lambda: source.clock.seconds, maximum=100)
    assert Reader(source).fails().code == "too_costly"


def test_a_walk_deeper_than_the_shop_pages(source: LocalShop, tmp_path: Path) -> None:
    """25,000 objects are the end of paging: before it, a new walk begins where everything has been read."""
    text = (FOLDER / "shopify.yaml").read_text("utf-8")
    (tmp_path / "shopify.yaml").write_text(text.replace("walk: 20000", "walk: 40"), "utf-8")
    source.folder = tmp_path
    source.shop.answering.deepest = 60
    source.orders.fill(120)
    for stop in (None, 1, 2, 3, 5):
        reader = Reader(source)
        reader.pull(stop=stop)
        reader.pull()
        assert reader.rows == source.expected()


def test_a_wrong_token_is_told(source: LocalShop) -> None:
    given = source.settings() | {"token": "wrong"}
    with pytest.raises(SourceError) as caught:
        list(source.catalogue().pages("shopify", "orders", given, None))
    assert caught.value.code == "unauthorized"
    assert "令牌" in caught.value.message.zh
    assert "token" in caught.value.message.en
    assert source.shop.control.counts["requests"] == 0


@pytest.mark.parametrize(
    "shop",
    [
        "my-shop",
        "my-shop.myshopify.com.evil.example",
        "evil.example/my-shop.myshopify.com",
        "my-shop.myshopify.com/admin",
        "me@my-shop.myshopify.com",
        "http://my-shop.myshopify.com",
        "https://evil.example",
        "http://127.0.0.1:1",
        "http://localhost",
        "my shop.myshopify.com",
        "店铺.myshopify.com",
    ],
)
def test_a_wrong_shop_is_told_before_anything_is_called(source: LocalShop, shop: str) -> None:
    with pytest.raises(SourceError) as caught:
        source.catalogue().pages("shopify", "orders", source.settings() | {"shop": shop}, None)
    assert caught.value.code in ("settings", "address")
    assert caught.value.message.zh != caught.value.message.en


def test_a_token_cannot_add_a_header(source: LocalShop) -> None:
    with pytest.raises(SourceError) as caught:
        source.catalogue().pages("shopify", "orders", source.settings() | {"token": "a\r\nHost: evil"}, None)
    assert caught.value.code == "settings"
    assert "evil" not in caught.value.message.en


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_in_whatever_order(source: LocalShop, seed: int) -> None:
    """Faults, crashes, sales, late changes and expired cursors mixed: in the end the table equals the shop's books."""
    chance = random.Random(seed)
    kinds = ["429", "500", "half", "cut", "garbage", "duplicates", "drop", "null", "stuck", "partial", "internal", "throttled"]
    reader = Reader(source)
    for _ in range(25):
        if chance.random() < 0.6:
            source.fault(chance.choice(kinds), times=chance.choice((1, 5)), after=chance.randrange(3))
        if chance.random() < 0.2:
            source.expire()
        try:
            reader.pull(stop=chance.choice((None, 1, 2)), lose=chance.random() < 0.3)
        except SourceError:
            source.clear()
        source.clock.sleep(chance.randrange(200))
        source.add(chance.randrange(3), late=chance.choice((NONE, LAG / 2, LAG)))
        source.change(late=chance.choice((NONE, LAG)))
    source.clear()
    source.clock.sleep(LAG.total_seconds() + 1)
    reader.pull()
    assert reader.rows == source.expected()
