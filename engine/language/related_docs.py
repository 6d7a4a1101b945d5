"""Aggregates and lookups for people. They are part of the language and no registered functions, so they are told here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.model.doc import Doc
from engine.model.text import Text

USAGES: Mapping[str, str] = MappingProxyType(
    {
        "count": "count(items) · count(items, condition)",
        "sum": "sum(items, number)",
        "any": "any(items, condition)",
        "all": "all(items, condition)",
        "min": "min(items, value)",
        "max": "max(items, value)",
        "find": "find(table, condition)",
    }
)
DOCS: Mapping[str, Doc] = MappingProxyType(
    {
        "count": Doc(
            Text(
                "子记录或整张表里有几条（满足条件的）；没有就是 0。",
                "How many children, or records of a table (that meet a condition); 0 of nothing.",
            ),
            "count(items, quantity > 1) → 2",
        ),
        "sum": Doc(
            Text("数或时长的合计，空的跳过；没有就是 0。", "The sum of numbers or durations, empties left out; 0 of nothing."),
            "sum(items, price * quantity) → 480.00",
        ),
        "any": Doc(
            Text("至少有一条满足条件；一条都没有就是否。", "Does at least one meet the condition? Not if there is none."),
            "any(items, fragile) → True",
        ),
        "all": Doc(
            Text("每一条都满足条件；一条都没有也算是。", "Does each meet the condition? Also if there is none."),
            "all(items, quantity >= 1) → True",
        ),
        "min": Doc(
            Text(
                "最小（最早、最短）的值，空的跳过；没有就是空。",
                "The least value (earliest, shortest), empties left out; empty of nothing.",
            ),
            "min(items, price) → 20.00",
        ),
        "max": Doc(
            Text(
                "最大（最晚、最长）的值，空的跳过；没有就是空。",
                "The greatest value (latest, longest), empties left out; empty of nothing.",
            ),
            "max(items, price) → 200.00",
        ),
        "find": Doc(
            Text(
                "表里唯一满足条件的那条记录；没有或不止一条就是空。",
                "The one record of a table for which the condition holds; empty if there is none or more than one.",
            ),
            "find(orders, order_no == 'SO-1') == this → True",
        ),
    }
)
