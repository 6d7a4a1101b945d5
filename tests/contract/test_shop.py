"""The local shop itself: what tests and demo rely on."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from connectors import catalogue
from engine.language import regions
from tests.servers.sample import PLACES, REGULARS, sample_products
from tests.servers.shop import Shop
from tests.servers.shop_orders import Orders

_NOON = dt.datetime(2026, 11, 22, 4, tzinfo=dt.UTC)


def post(url: str, token: str, body: Any) -> Any:
    headers = {"X-Shopify-Access-Token": token}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method="POST")
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.load(answer)


def test_the_products_are_fit_for_the_example() -> None:
    products = sample_products()
    assert len({product.sku for product in products}) == len(products)
    assert {product.category for product in products} == {"engine", "body", "oil", "other"}
    assert 0 < sum(product.fragile for product in products) < len(products) / 2


def test_what_it_sells_exercises_every_rule_of_the_example() -> None:
    orders = Orders(seed=7)
    orders.fill(300)
    sold = orders.all()
    goods = {order.id: sum(line.price * line.quantity for line in order.lines) for order in sold}
    right = [order for order in sold if order.total == goods[order.id] + order.shipping - order.discounts]
    assert 0.88 < len(right) / len(sold) < 1
    assert any(order.total < 500 and order.note is None for order in right)
    assert any(order.total < 500 and order.note for order in right)
    assert any(order.total >= 500 for order in right)
    assert len({order.province for order in sold}) > 5
    fragile = {product.sku for product in sample_products() if product.fragile}
    with_fragile = [order for order in sold if any(line.sku in fragile for line in order.lines)]
    assert 0 < len(with_fragile) < len(sold) / 2
    regular = {f"+86{phone}" for _, phone in REGULARS}
    assert any(order.phone in regular for order in sold)
    assert any(order.phone not in regular for order in sold)


def test_its_places_are_provinces_to_the_engine() -> None:
    known = {regions.province(name) for name, _, _ in PLACES}
    assert None not in known
    assert "浙江" in known
    for name, code, _ in PLACES:
        assert regions.province(code) == regions.province(name)


def test_the_same_seed_sells_the_same() -> None:
    one, two = Orders(seed=5, now=lambda: _NOON), Orders(seed=5, now=lambda: _NOON)
    one.fill(20)
    two.fill(20)
    assert one.all() == two.all()


def test_orders_outlive_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "shop.json"
    before = Orders(state=state)
    before.fill(10)
    before.change(before.all()[0].id, note="改过", cancelled_at=before.now())
    after = Orders(state=state)
    assert after.all() == before.all()
    assert after.sell().id == before.all()[-1].id + 1


def test_its_control_is_guarded_by_the_token() -> None:
    orders = Orders()
    with Shop(orders, token="right") as shop:
        assert post(f"{shop.url}/_control", "right", {"sell": 2})["orders"] == 2
        post(f"{shop.url}/_control", "right", {"fault": "500", "times": 1})
        with pytest.raises(urllib.error.HTTPError) as refused:
            post(f"{shop.url}/_control", "wrong", {"sell": 2})
        assert refused.value.code == 401
        with pytest.raises(urllib.error.HTTPError) as failed:
            post(f"{shop.url}/admin/api/2026-10/graphql.json", "right", {"query": "{ __typename }"})
        assert failed.value.code == 500
    assert len(orders.all()) == 2


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ orders(first: 251, sortKey: UPDATED_AT) { nodes { id } } }", "BAD_REQUEST"),
        ("{ orders(first: 250, sortKey: UPDATED_AT) { nodes { totalPriceSet { shopMoney { amount } } } } }", None),
        (
            "{ orders(first: 250, sortKey: UPDATED_AT) { nodes { id totalPriceSet { shopMoney { amount } } "
            "totalTaxSet { shopMoney { amount } } } } }",
            "MAX_COST_EXCEEDED",
        ),
        ('{ orders(first: 5, after: "bm8=", sortKey: UPDATED_AT) { nodes { id } } }', "BAD_REQUEST"),
        ("{ nothing }", None),
    ],
)
def test_it_refuses_as_the_real_one_does(query: str, code: str | None) -> None:
    orders = Orders()
    orders.fill(3)
    with Shop(orders, token="t") as shop:
        answer = post(f"{shop.url}/admin/api/2026-10/graphql.json", "t", {"query": query})
    if code is not None:
        assert code in [fault["extensions"]["code"] for fault in answer["errors"]]
    else:
        assert ("errors" in answer) == ("nothing" in query)


def test_it_runs_by_itself_and_goes_on_selling(tmp_path: Path) -> None:
    # Slower than the query budget comes back, or a walk would never catch up with the shop.
    arguments = ["--token", "t", "--every", "1", "--orders", "30", "--state", str(tmp_path / "shop.json")]
    process = subprocess.Popen([sys.executable, "-m", "tests.servers.shop", *arguments], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        found = catalogue.load(allow_private_hosts=url.removeprefix("http://"))
        first = _ids(found, url)
        assert len(first) >= 30
        assert any(_ids(found, url) > first for _ in range(30)), "it went on selling"
    finally:
        process.terminate()
        process.wait(10)


def _ids(found: catalogue.ManifestCatalogue, url: str) -> set[str]:
    pages = found.pages("shopify", "orders", {"shop": url, "token": "t"}, None)
    return {row["id"] for page in pages for row in page.rows}
