"""What the local shop sells and to whom: products shared with the order tracking template, customers, places.

Here, apart from the server, so that sample data and demo can use the very same products and telephone numbers. Everybody in it
is invented; the numbers are of the range 1380000xxxx."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

PRODUCTS = Path(__file__).resolve().parents[2] / "templates_market" / "order_tracking" / "sample" / "products.csv"

PRICES = {"FDJ": (28, 320), "CSH": (35, 890), "YOU": (45, 288), "QTA": (26, 460)}
"""Lowest and highest price in yuan by the beginning of a SKU; the product list itself has no prices."""

# As a shop names them: province in English and its code
# (https://shopify.dev/docs/api/admin-graphql/latest/objects/MailingAddress).
PLACES = (
    ("Zhejiang", "ZJ", "杭州市"),
    ("Zhejiang", "ZJ", "宁波市"),
    ("Shanghai", "SH", "上海市"),
    ("Jiangsu", "JS", "苏州市"),
    ("Anhui", "AH", "合肥市"),
    ("Fujian", "FJ", "厦门市"),
    ("Shandong", "SD", "青岛市"),
    ("Guangdong", "GD", "佛山市"),
    ("Guangdong", "GD", "深圳市"),
    ("Sichuan", "SC", "成都市"),
    ("Hubei", "HB", "武汉市"),
    ("Beijing", "BJ", "北京市"),
    ("Inner Mongolia", "NM", "包头市"),
)

REGULARS = (
    ("陈志强", "13800000101"),
    ("林晓燕", "13800000102"),
    ("王建国", "13800000103"),
    ("赵敏", "13800000104"),
    ("孙丽华", "13800000105"),
    ("周伟", "13800000106"),
    ("吴桂芳", "13800000107"),
    ("郑凯", "13800000108"),
)
"""Customers who buy again and again: name and phone."""

NOTES = ("请周末送货", "发票抬头写公司", "轻拿轻放", "到货前电话联系", "和上一单一起发", "急用，尽快")
_SURNAMES = "李张刘杨黄何高罗马梁宋唐许韩"
_NAMES = ("伟", "芳", "娜", "磊", "静", "涛", "雪", "超", "慧", "斌", "倩", "军")


@dataclass(frozen=True, slots=True)
class Product:
    """One row of the product list, with the shop's price in yuan."""

    sku: str
    name: str
    category: str
    fragile: bool
    price: Decimal


def sample_products() -> tuple[Product, ...]:
    """The products of the order tracking sample, in the order of the file."""
    with PRODUCTS.open(encoding="utf-8", newline="") as file:
        return tuple(
            Product(row["sku"], row["name"], row["category"], row["fragile"] == "true", _price(row["sku"]))
            for row in csv.DictReader(file)
        )


def buyer(chance: random.Random) -> tuple[str, str]:
    """Name and phone of somebody who buys: every second time a regular customer."""
    if chance.random() < 0.5:
        return chance.choice(REGULARS)
    return chance.choice(_SURNAMES) + chance.choice(_NAMES), f"1380000{chance.randrange(1000, 10000)}"


def _price(sku: str) -> Decimal:
    low, high = PRICES[sku.partition("-")[0]]
    return Decimal(random.Random(sku).randrange(low * 10, high * 10)) / 10
