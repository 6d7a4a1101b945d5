"""Create one order over REST: the whole house (token, restricted role, permissions, checks, routing, rules, journal) against a
Flask route that inserts one raw row, with the same pragmas, the same server and the same clients, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.load import Load, post
from tests.bench.servers import Server, running

RECORDS = "/api/v1/apps/order_tracking/tables/orders/records"
WARM_UP = 100
MINIMAL = {"Prefer": "return=minimal"}


def plain(n: int) -> dict[str, Any]:
    """An order that no rule lets pass: a person will look at it."""
    values = {"channel": "pos", "external_no": f"A{n}", "phone": "13800001234", "province": "浙江", "store": "s1"}
    return {"values": {**values, "amount": "1200.00", "freight": "0", "coupon": "0", "remark": "请轻放"}}


def passing(n: int) -> dict[str, Any]:
    """A small order that a rule approves before the answer is given."""
    values = {"channel": "pos", "external_no": f"B{n}", "phone": "13800001234", "province": "浙江", "store": "s1"}
    return {"values": {**values, "amount": "0.00", "freight": "0", "coupon": "0"}}


def measure(total: int) -> str:
    """Run them one after the other and say so."""
    with TemporaryDirectory() as folder:
        with running("tests.bench.floor", [f"sqlite:///{folder}/floor.db"]) as server:
            post(server.port, "/orders", {}, plain, total=WARM_UP)
            floor = _posted(server, "/orders", {}, plain, total)
        home = Path(folder) / "house"
        with running("tests.bench.serve", [str(home)]) as server:
            headers = {"Authorization": f"Bearer {(home / 'token').read_text()}"}
            post(server.port, RECORDS, headers, lambda n: plain(n + 10_000_000), total=WARM_UP)
            ours = _posted(server, RECORDS, headers, plain, total)
            brief = _posted(server, RECORDS, headers | MINIMAL, lambda n: plain(n + 20_000_000), total)
            automatic = _posted(server, RECORDS, headers, passing, total)
    return "\n".join(
        (
            _line("Flask + raw insert (the floor)", floor, floor),
            _line("Dajian, create one order", ours, floor),
            _line("the same, Prefer: return=minimal", brief, floor),
            _line("Dajian, create and approved by a rule", automatic, floor),
        )
    )


def _posted(server: Server, path: str, headers: dict[str, str], body: Callable[[int], Any], total: int) -> Load:
    begun = server.spent()
    load = post(server.port, path, headers, body, total=total)
    load.spent = server.spent() - begun
    return load


def _line(name: str, load: Load, floor: Load) -> str:
    errors = sum(count for status, count in load.statuses.items() if status != 201)
    times = f"p50 {load.percentile(0.5):6.1f} ms  p95 {load.percentile(0.95):6.1f} ms"
    own = f"server's processor {load.spent / len(load.milliseconds) * 1000:5.2f} ms, {floor.spent / load.spent:4.2f} × floor"
    ratio = f"{load.per_second:7.0f}/s  {load.per_second / floor.per_second:5.2f} × floor"
    return f"{name:40} {ratio}  {times}  {own}  {errors} errors"
