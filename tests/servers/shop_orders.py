"""The orders of the local shop: selling, later changes, orders that come to light late, and a file that keeps them.

Here, apart from HTTP and GraphQL, because tests compare what a connector delivered with what stands here. Given the same seed,
clock and calls, it sells the same orders."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.servers import sample

LAG = timedelta(minutes=5)
"""The longest a late order takes to come to light after its last change."""

_FIRST = 5_500_000_000_001
_MOMENTS = ("created_at", "updated_at", "visible_at", "cancelled_at")
_AMOUNTS = ("shipping", "discounts", "total")
_NONE = timedelta()


@dataclass(frozen=True, slots=True)
class Line:
    """One product of an order; `price` of one piece in yuan."""

    id: int
    sku: str
    title: str
    quantity: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class Order:
    """Amounts in yuan. `visible_at`: the listing shows this state of the order only from then on."""

    id: int
    name: str
    buyer: str
    phone: str | None
    province: str | None
    code: str | None
    city: str | None
    note: str | None
    lines: tuple[Line, ...]
    shipping: Decimal
    discounts: Decimal
    total: Decimal
    created_at: datetime
    updated_at: datetime
    visible_at: datetime
    cancelled_at: datetime | None = None


class Orders:
    """All orders of a shop; safe for threads. `now` is the shop's clock."""

    def __init__(self, *, seed: int = 1, now: Callable[[], datetime] | None = None, state: Path | None = None) -> None:
        self.now = now or _clock
        self._lock = threading.RLock()
        self._state = state
        self._products = sample.sample_products()
        self._orders: dict[int, Order] = {}
        self._older: dict[int, Order] = {}
        if state is not None and state.exists():
            self._orders = {order.id: order for order in map(_from_json, json.loads(state.read_text("utf-8")))}
        # A restarted shop must not sell the same orders again.
        self._chance = random.Random(f"{seed}/{len(self._orders)}")

    def sell(self, *, late: timedelta = _NONE, lines: int | None = None, at: datetime | None = None) -> Order:
        """Sell one order now (or `at`); `late`: it comes to light only then. `lines`: how many, else one to four."""
        with self._lock:
            order = self._add(at or self.now(), late, lines)
            self._save()
            return order

    def fill(self, count: int) -> None:
        """A past: orders spread evenly over the last three days, so that a new shop is not empty."""
        with self._lock:
            past = timedelta(days=3)
            for index in range(count):
                self._add(self.now() - past + past * index / count, _NONE, None)
            self._save()

    def change(self, id: int, *, late: timedelta = _NONE, **values: Any) -> Order:
        """Change an order: its `updated_at` moves to now. With `late`, the listing shows the old state until then."""
        with self._lock:
            moment = self.now().replace(microsecond=0)
            self._older[id] = self._orders[id]
            self._orders[id] = replace(self._orders[id], **values, updated_at=moment, visible_at=moment + late)
            self._save()
            return self._orders[id]

    def stir(self) -> None:
        """What happens every few seconds: a sale, now and then a late one, a change of an earlier order or a cancellation."""
        with self._lock:
            self.sell(late=LAG / 5 if self._chance.random() < 0.1 else _NONE)
            recent = sorted(self._orders)[-30:]
            if self._chance.random() < 0.25:
                self.change(self._chance.choice(recent), note=self._chance.choice(sample.NOTES))
            if self._chance.random() < 0.03:
                self.change(self._chance.choice(recent), cancelled_at=self.now().replace(microsecond=0))

    def all(self) -> tuple[Order, ...]:
        """Every order as it is now, visible or not, by id: what a connector must have delivered in the end."""
        with self._lock:
            return tuple(self._orders[id] for id in sorted(self._orders))

    def get(self, id: int) -> Order | None:
        """One order."""
        return self._orders.get(id)

    def listed(self) -> list[Order]:
        """What the listing shows now, in the order of the last change."""
        with self._lock:
            now = self.now()
            shown = (order if order.visible_at <= now else self._older.get(order.id) for order in self._orders.values())
            return sorted((o for o in shown if o is not None and o.visible_at <= now), key=lambda o: (o.updated_at, o.id))

    def _add(self, at: datetime, late: timedelta, lines: int | None) -> Order:
        moment = at.replace(microsecond=0)
        order = self._new(moment, moment + late, lines)
        self._orders[order.id] = order
        return order

    def _new(self, moment: datetime, visible: datetime, count: int | None) -> Order:
        chance, number = self._chance, len(self._orders)
        name, phone = sample.buyer(chance)
        province, code, city = chance.choice(sample.PLACES)
        id = _FIRST + number
        lines = tuple(self._line(id, index) for index in range(count or chance.choice((1, 1, 1, 2, 2, 3, 4))))
        goods = sum((line.price * line.quantity for line in lines), Decimal())
        shipping = Decimal(chance.choice((0, 0, 8, 12, 18)))
        discounts = Decimal(chance.choice((0, 0, 0, 5, 20))) if goods > 50 else Decimal()
        wrong = Decimal(10) if chance.random() < 0.06 else Decimal()
        return Order(
            id=id,
            name=f"#{1001 + number}",
            buyer=name,
            phone=f"+86{phone}",
            province=province,
            code=code,
            city=city,
            note=chance.choice(sample.NOTES) if chance.random() < 0.2 else None,
            lines=lines,
            shipping=shipping,
            discounts=discounts,
            total=goods + shipping - discounts + wrong,
            created_at=moment,
            updated_at=moment,
            visible_at=visible,
        )

    def _line(self, order: int, index: int) -> Line:
        product = self._chance.choice(self._products)
        return Line(order * 1000 + index, product.sku, product.name, self._chance.choice((1, 1, 1, 2, 3)), product.price)

    def _save(self) -> None:
        if self._state is None:
            return
        text = json.dumps([_to_json(order) for order in self._orders.values()], ensure_ascii=False)
        draft = self._state.with_suffix(".new")
        draft.write_text(text, "utf-8")
        draft.replace(self._state)


def _clock() -> datetime:
    return datetime.now(UTC)


def _to_json(order: Order) -> dict[str, Any]:
    data = {field.name: getattr(order, field.name) for field in fields(order)}
    data |= {name: data[name] and data[name].isoformat() for name in _MOMENTS}
    data |= {name: str(data[name]) for name in _AMOUNTS}
    data["lines"] = [[line.id, line.sku, line.title, line.quantity, str(line.price)] for line in order.lines]
    return data


def _from_json(data: dict[str, Any]) -> Order:
    data |= {name: data[name] and datetime.fromisoformat(data[name]) for name in _MOMENTS}
    data |= {name: Decimal(data[name]) for name in _AMOUNTS}
    data["lines"] = tuple(Line(id, sku, title, count, Decimal(price)) for id, sku, title, count, price in data["lines"])
    return Order(**data)
