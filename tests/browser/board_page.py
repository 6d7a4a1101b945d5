"""A page with nothing but the board island, under the product's own content policy, over orders that live in memory.

The island's tests need answers that the real server gives rarely (refusals, faults, other people's moves) at a moment of their
choice; this server gives them and speaks the documented REST. It decides nothing about the product.
"""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, render_template_string, request
from werkzeug.serving import make_server

import builder_ui
from builder_ui.i18n import load_words

STATIC = Path(builder_ui.__file__).parent / "static"
CSP = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src-elem 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "report-uri /csp",
    ]
)
NOW = datetime.now(UTC).replace(microsecond=0)

STATES = {
    "pending": ("待审", "Pending"),
    "approved": ("已审", "Approved"),
    "picking": ("拣货中", "Picking"),
    "shipped": ("已发货", "Shipped"),
    "signed": ("已签收", "Signed"),
    "refunded": ("已退款", "Refunded"),
}
STEPS: dict[str, tuple[tuple[str, ...], str, str, str]] = {
    "approve": (("pending",), "approved", "审核通过", "Approve"),
    "unapprove": (("approved",), "pending", "退回待审", "Back to pending"),
    "pick": (("approved",), "picking", "开始拣货", "Start picking"),
    "ship": (("picking",), "shipped", "发货", "Ship"),
    "sign": (("shipped",), "signed", "签收", "Sign"),
    "refund": (("pending", "approved", "picking"), "refunded", "退款", "Refund"),
}
FIELDS = [
    ("order_no", "订单号", "Order no.", "serial"),
    ("goods", "商品", "Goods", "text"),
    ("customer", "客户", "Customer", "link"),
    ("channel", "渠道", "Channel", "choice"),
    ("store", "门店", "Store", "choice"),
    ("vip", "VIP", "VIP", "boolean"),
    ("amount", "实付金额", "Amount paid", "money"),
    ("waiting", "等了多久", "Waiting", "span"),
]
LIMITS = {"pending": 7200, "approved": 7200, "picking": 14400, "shipped": 259200}
PAGE = """<!doctype html>
<html lang="{{ 'zh-CN' if zh else 'en' }}" data-zone="Asia/Shanghai"><head><meta charset="utf-8"><title>{{ title }}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="csrf-token" content="test-token">
<link rel="icon" href="data:,">
{% for sheet in ['base', 'islands', 'board'] %}<link rel="stylesheet" href="/static/css/{{ sheet }}.css">{% endfor %}
{% for file in preload %}<link rel="modulepreload" href="/static/{{ file }}">{% endfor %}
</head><body class="signed-in"><header class="top"><nav class="crumbs"><h1>{{ title }}</h1></nav></header>
<main id="main"><div data-island="board"></div><script type="application/json">{{ props|tojson }}</script></main>
<script type="application/json" id="catalogue">{{ catalogue|tojson }}</script>
<script type="module" src="/static/islands/mount.js"></script></body></html>"""


@dataclass
class Order:
    """One card as the server keeps it. `closed` maps a step to the reason why it is refused before it is tried."""

    id: str
    state: str
    values: dict[str, Any]
    titles: dict[str, str]
    since: datetime
    version: int = 1
    flags: list[dict[str, str]] = field(default_factory=list)
    closed: dict[str, str] = field(default_factory=dict)


class Desk:
    """The orders, the steps between states and what was asked of them. Tests change it while the page is open."""

    def __init__(self, orders: list[Order], *, zh: bool = True) -> None:
        self.orders = {order.id: order for order in orders}
        self.zh = zh
        self.asked: list[tuple[str, str, dict[str, Any], dict[str, str]]] = []
        self.reports: list[str] = []
        self.fault: Response | None = None  # answered to the next write instead of doing it
        self.down = False
        self.more: dict[str, int] = {}

    def word(self, zh: str, en: str) -> str:
        return zh if self.zh else en

    def moves(self, order: Order) -> list[dict[str, Any]]:
        return [
            {
                "name": name,
                "title": self.word(zh, en),
                "to": to,
                "allowed": name not in order.closed,
                "reason": order.closed.get(name),
                "needs": ["tracking_no"] if name == "ship" and not order.values.get("tracking_no") else [],
            }
            for name, (froms, to, zh, en) in STEPS.items()
            if order.state in froms
        ]

    def card(self, order: Order) -> dict[str, Any]:
        return {
            "id": order.id,
            "version": order.version,
            "values": order.values,
            "titles": order.titles,
            "since": order.since.isoformat().replace("+00:00", "Z"),
            "flags": order.flags,
            "moves": self.moves(order),
        }

    def column(self, state: str) -> dict[str, Any]:
        orders = [order for order in self.orders.values() if order.state == state]
        return {
            "state": state,
            "title": self.word(*STATES[state]),
            "initial": state == "pending",
            "final": state in ("signed", "refunded"),
            "count": len(orders) + self.more.get(state, 0),
            "sum": f"{sum(float(order.values['amount']) for order in orders):.2f}",
            "sum_field": "amount",
            "cards": [self.card(order) for order in orders],
            "more": self.more.get(state, 0),
        }

    def board(self) -> dict[str, Any]:
        answer = {
            "app": "order_tracking",
            "name": "desk",
            "title": self.word("订单看板", "Order board"),
            "table": "orders",
            "kind": "kanban",
            "by": "status",
            "columns": [self.column(state) for state in STATES],
            "card_fields": [{"name": name, "title": self.word(zh, en), "kind": kind} for name, zh, en, kind in FIELDS],
            "transitions": [
                {"name": name, "title": self.word(zh, en), "from": list(froms), "to": to}
                for name, (froms, to, zh, en) in STEPS.items()
            ],
            "limits": LIMITS,
        }
        return {**answer, "etag": f'"{hash(json.dumps(answer, sort_keys=True, default=str))}"'}

    def move(self, order: Order, name: str, values: Mapping[str, Any]) -> None:
        order.values.update(values)
        order.state, order.since, order.version = STEPS[name][1], datetime.now(UTC), order.version + 1


def problem(status: int, code: str, title: str, detail: str, **members: Any) -> Response:
    """An RFC 9457 document as the product answers it."""
    document = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail, **members}
    return Response(json.dumps(document), status, content_type="application/problem+json")


def make_app(desk: Desk) -> Flask:
    app = Flask("board_page", static_folder=str(STATIC), static_url_path="/static")
    _mount_page(app, desk)
    _mount_api(app, desk)
    return app


def _mount_page(app: Flask, desk: Desk) -> None:
    preload = json.loads((STATIC / "islands" / "preload.json").read_text())["board"]
    catalogue = dict(load_words()["zh_CN"].islands)

    @app.get("/")
    def page() -> Response:
        title = desk.word("运单号", "Tracking no.")
        fields = [{"name": "tracking_no", "title": title, "kind": "text", "choices": [], "required": False}]
        props = {"board": desk.board(), "fields": fields, "new": "/a/order_tracking/t/orders/new"}
        text = render_template_string(
            PAGE, zh=desk.zh, title=desk.board()["title"], props=props, preload=preload, catalogue=catalogue if desk.zh else {}
        )
        return Response(text, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": CSP})

    @app.post("/csp")
    def report() -> Response:
        desk.reports.append(request.get_data(as_text=True))
        return Response(status=204)

    @app.get("/a/<path:_where>")
    def elsewhere(_where: str) -> Response:
        return Response("record", headers={"Content-Security-Policy": CSP})


def _mount_api(app: Flask, desk: Desk) -> None:
    @app.get("/api/v1/apps/order_tracking/boards/desk")
    def board() -> Response:
        if desk.down:
            return Response(status=503)
        answer = desk.board()
        if request.headers.get("If-None-Match") == answer["etag"]:
            return Response(status=304)
        response = jsonify(answer)
        response.headers["ETag"] = answer["etag"]
        return response

    @app.post("/api/v1/apps/order_tracking/tables/orders/records/<record>/transitions/<name>")
    def transition(record: str, name: str) -> Response:
        desk.asked.append((record, name, copy.deepcopy(request.json), dict(request.headers)))
        if desk.fault is not None:
            fault, desk.fault = desk.fault, None
            return fault
        order = desk.orders[record]
        desk.move(order, name, (request.json or {}).get("values", {}))
        card = desk.card(order)
        return jsonify({**card, "values": {**card["values"], "status": order.state}, "can": {}, "held": {}})


class Server:
    """Runs the page on a free port for as long as the `with` lasts."""

    def __init__(self, desk: Desk) -> None:
        self._server = make_server("127.0.0.1", 0, make_app(desk), threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> Server:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()


GOODS = {
    True: [
        "全合成机油 5W-30 4L",
        "轮胎 205/55R16",
        "机油滤清器",
        "刹车片 前轮 2 只装",
        "雨刮器 24 寸",
        "火花塞 铱金 4 支",
        "蓄电池 60Ah",
        "空调滤芯 活性炭",
    ],
    False: [
        "Engine oil 5W-30 4 L",
        "Tyre 205/55R16",
        "Oil filter",
        "Brake pads, front pair",
        "Wiper 24 in",
        "Spark plugs, 4 pcs",
        "Battery 60 Ah",
        "Cabin filter",
    ],
}
PEOPLE = {
    True: ["赵强", "王磊", "刘洋", "周杰修理厂", "陈静", "李敏", "恒驰汽配", "张伟"],
    False: ["Zhao Qiang", "Wang Lei", "Liu Yang", "Zhou's Garage", "Chen Jing", "Li Min", "Hengchi Parts", "Zhang Wei"],
}
CHANNELS = {True: ["小程序", "门店POS", "电话", "抖音"], False: ["Mini-app", "Store POS", "Phone", "Douyin"]}
STORES = {
    True: ["南京江宁店", "苏州园区店", "上海闵行店", "杭州西湖店", "宁波鄞州店"],
    False: ["Nanjing", "Suzhou", "Shanghai", "Hangzhou", "Ningbo"],
}


def sample_orders(count: int, *, zh: bool = True) -> list[Order]:
    """Orders that look real, the same at every call; the first one lies in `pending`."""
    orders = []
    for number in range(count):
        state = list(STATES)[(number * 7 + number // 5) % len(STATES)] if number else "pending"
        hours = [0.2, 0.7, 1.4, 2.1, 0.4, 3.4, 4.5, 0.9, 6.8, 1.1, 0.3, 5.6, 0.8][number % 13]
        values = {
            "order_no": f"SO261122-{number:05d}",
            "goods": GOODS[zh][number * 5 % 8],
            "customer": f"c{number % 8}",
            "channel": "c",
            "store": "s",
            "vip": number % 6 == 3,
            "amount": f"{(number * 373) % 2950 + 61}.00",
        }
        titles = {
            "customer": PEOPLE[zh][number % 8],
            "channel": CHANNELS[zh][number % 4],
            "store": STORES[zh][number * number % 7 % 5],
        }
        orders.append(Order(f"o{number}", state, values, titles, NOW - timedelta(hours=hours)))
    return orders
