"""Two worlds for one actor: the same history, but every value that the actor may not see differs, and so does every record
out of the actor's scope.

What rules *do* with a hidden value may show (a small order is approved by itself: a yes/no consequence that publishing notes),
so a hidden value changes only within what no rule or routing tells apart: amounts of 500 and more, provinces of one region."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from engine.model.app import Show
from engine.model.change import Actor, Outcome, Write
from engine.storage.blobs import Incoming
from tests.access.house import House, template_files

APP = "order_tracking"
PROVINCES = ("浙江", "江苏", "上海", "安徽")


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks. `inside(order)` says whether an order's plan lies in their scope."""

    role: str
    facts: Mapping[str, str] = field(default_factory=dict)
    inside: Callable[[Mapping[str, Any]], bool] = lambda plan: True


VIEWERS = (
    Viewer("clerk", {"store": "s1"}, lambda plan: plan["store"] == "s1"),
    Viewer("picker"),
    Viewer("finance"),
    Viewer("partner", {"warehouse": "fs"}, lambda plan: plan["warehouse"] == "fs" and plan["state"] in ("approved", "picking")),
)


def definition() -> dict[str, bytes]:
    """The template, with the partner let into the app and a role that may write everything down."""
    files = template_files()
    text = b"".join(files.values())
    assert b", portal: true}" in text
    return {name: _section(body.decode().replace(", portal: true}", "}")).encode() for name, body in files.items()}


def _section(text: str) -> str:
    text = re.sub(r"^      remark:.*long_text.*\n", lambda line: line[0] + PAPERS, text, flags=re.MULTILINE)
    text = re.sub(r"^roles:\n", "roles:\n  scribe: {title: Scribe}\n", text, flags=re.MULTILINE)
    return re.sub(r"^permissions:.*\n", lambda line: line[0] + SCRIBE, text, flags=re.MULTILINE)


PAPERS = "      papers: {type: attachment, title: {zh: 附件, en: Papers}}\n"
SCRIBE = """\
  scribe:
    customers:   {read: {all: true}, create: [name, phone, level]}
    products:    {read: {all: true}, create: [sku, name, category, fragile]}
    orders:
      read: {all: true}
      create: [channel, external_no, customer, phone, province, store, priority, freight, coupon, amount, cost, remark,
               paid_at, wanted_by, items]
      edit: {cost: true, remark: true, tracking_no: true, papers: true}
    order_items: {read: {all: true}, create: [order, product, quantity, price]}
    tickets:     {read: {all: true}, create: [order, kind]}
"""


@dataclass
class World:
    """A house being filled. `ids`: label → record id, the same in both worlds for what both have."""

    house: House
    viewer: Viewer
    other: bool
    ids: dict[str, str] = field(default_factory=dict)

    def hidden(self, table: str, name: str) -> bool:
        """May the viewer's role never read this field?"""
        grant = self.house.app.permissions.get(self.viewer.role, {}).get(table)
        read = grant.read.get(name) if grant is not None else None
        return read is None or read.show is Show.NEVER

    def masked(self, table: str, name: str) -> bool:
        """Does the viewer's role read this field masked?"""
        grant = self.house.app.permissions.get(self.viewer.role, {}).get(table)
        read = grant.read.get(name) if grant is not None else None
        return read is not None and read.show is Show.MASKED

    def scribe(self) -> Actor:
        """Who writes: every role at once, so that flow and permissions let it."""
        facts = {"name": "scribe", "roles": (), "departments": (), "lead": None, "store": None, "warehouse": None}
        roles = frozenset({"scribe", "buyer", "picker", "clerk"})
        return Actor("person", "scribe", "scribe", roles, facts, "test", "10.0.0.1", "test")

    def make(self, turn: int, label: str, table: str, values: Mapping[str, Any], **more: Any) -> None:
        """Create a record in its own turn."""
        self.house.fate.begin(turn)
        write = Write(APP, table, values=self.told(table, values), **more)
        self.ids[label] = self.house.runtime.write(write, self.scribe()).id

    def do(self, turn: int, label: str, **more: Any) -> Outcome:
        """Change or move an order in its own turn."""
        self.house.fate.begin(turn)
        return self.house.runtime.write(Write(APP, "orders", self.ids[label], **more), self.scribe())

    def attach(self, turn: int, n: int, text: str) -> None:
        """A file of this text for an order."""
        self.house.fate.begin(turn)

        def fill(incoming: Incoming) -> str:
            incoming.write(text.encode())
            return f"{text}.txt"

        file = self.house.runtime.upload(APP, "orders", "papers", self.scribe(), fill)["id"]
        self.ids[f"paper{n}"] = file
        self.house.runtime.write(Write(APP, "orders", self.ids[f"order{n}"], {"papers": [file]}), self.scribe())

    def told(self, table: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values of this world: in the other one, what is hidden from the viewer differs."""
        if not self.other:
            return dict(values)
        return {name: self._twin(table, name, value) for name, value in values.items()}

    def _twin(self, table: str, name: str, value: Any) -> Any:
        if self.masked(table, name):
            return f"{value[:3]}{(int(value[3:7]) + 4321) % 10_000:04d}{value[7:]}"
        return twin(name, value) if self.hidden(table, name) else value


def twin(name: str, value: Any) -> Any:
    """Another value of the same field that no rule, routing or key tells apart."""
    if value is None or name not in TWINS:
        return value
    return TWINS[name](value)


def _more(value: str) -> str:
    return f"{float(value) + 777:.2f}"


def _marked(value: str) -> str:
    return f"{value}′"


TWINS: Mapping[str, Callable[[str], str]] = {
    **dict.fromkeys(("amount", "cost", "freight", "coupon", "price"), _more),
    **dict.fromkeys(("name", "sku", "remark", "external_no", "store"), _marked),
    "phone": lambda value: f"139{(int(value[3:]) + 55_555_555) % 100_000_000:08d}",
    "province": lambda value: PROVINCES[(PROVINCES.index(value) + 1) % len(PROVINCES)],
    "channel": lambda value: {"douyin": "phone", "phone": "douyin", "pos": "miniapp", "miniapp": "pos"}[value],
    "paid_at": lambda value: value.replace("T0", "T1"),
    "wanted_by": lambda value: value.replace("-12-", "-11-"),
}


def plans(seed: int, count: int = 12) -> list[dict[str, Any]]:
    """Orders to be: every combination of store, warehouse and state comes up."""
    random = Random(seed)
    return [
        {
            "store": random.choice(("s1", "s2")),
            "warehouse": ("fs", "hz")[n % 2],
            "state": random.choice(("pending", "approved", "picking", "shipped")),
            "customer": random.randrange(3),
            "values": {
                "channel": random.choice(("douyin", "phone", "pos", "miniapp")),
                "external_no": f"N{seed}-{n}",
                "phone": f"138{random.randrange(10**8):08d}",
                "province": random.choice(PROVINCES),
                "amount": f"{random.randrange(500, 3000)}.00",
                "cost": f"{random.randrange(100, 400)}.00",
                "freight": "0.00",
                "remark": random.choice((None, "请轻放", "急")),
                "paid_at": random.choice((None, f"2026-11-20T0{random.randrange(1, 9)}:00:00Z")),
                "wanted_by": random.choice((None, "2026-12-01")),
            },
            "quantity": random.randrange(1, 4),
            "price": f"{random.randrange(10, 90)}.00",
        }
        for n in range(count)
    ]


def fill(world: World, seed: int) -> None:
    """Write the world's history. The same turns draw the same ids and times in both worlds."""
    for n, level in enumerate(("normal", "gold", "diamond")):
        customer = {"name": f"客户{n}", "phone": f"1370000{seed % 10}{n:03d}", "level": level}
        world.make(100 + n, f"customer{n}", "customers", customer)
    for n, fragile in enumerate((True, False)):
        product = {"sku": f"SKU{n}", "name": f"商品{n}", "category": "oil", "fragile": fragile}
        world.make(200 + n, f"product{n}", "products", product)
    strangers = plans(seed + 1_000)
    for n, plan in enumerate(plans(seed)):
        inside = world.viewer.inside(plan)
        # Out of sight in the other world: another order altogether, that stays out of sight.
        stranger = {**strangers[n], "store": plan["store"], "warehouse": plan["warehouse"], "state": plan["state"]}
        _order(world, 1_000 + 100 * n, n, stranger if world.other and not inside else plan, inside=inside)
    if world.other:
        _more_out_of_sight(world, seed)


def _order(world: World, turn: int, n: int, plan: Mapping[str, Any], *, inside: bool) -> None:
    told = world if inside else replace(world, other=False)
    item = {"product": world.ids["product0" if plan["warehouse"] == "fs" else "product1"]}
    item |= told.told("order_items", {"quantity": plan["quantity"], "price": plan["price"]})
    values = {**plan["values"], "store": plan["store"], "customer": world.ids[f"customer{plan['customer']}"]}
    told.make(turn, f"order{n}", "orders", values, children={"items": [item]})
    told.do(turn + 1, f"order{n}", values=told.told("orders", {"cost": "55.00"}))
    moves = {"pending": 0, "approved": 1, "picking": 2, "shipped": 3}[plan["state"]]
    for step, (move, needed) in enumerate((("approve", {}), ("pick", {}), ("ship", {"tracking_no": f"SF{n}"}))):
        if step < moves:
            told.do(turn + 2 + step, f"order{n}", transition=move, values=needed)
    told.attach(
        turn + 8, n, f"paper of {plan['values']['phone']}" if told.other and told.hidden("orders", "papers") else "paper"
    )
    told.make(turn + 9, f"ticket{n}", "tickets", {"order": world.ids[f"order{n}"], "kind": "stuck"})


def _more_out_of_sight(world: World, seed: int) -> None:
    """What only the other world has; after everything else, since serial numbers are drawn in turn."""
    extra = [plan for plan in plans(seed + 2_000, 30) if not world.viewer.inside(plan)][:4]
    for n, plan in enumerate(extra):
        _order(world, 50_000 + 100 * n, 100 + n, plan, inside=False)
    world.make(59_000, "ticket9", "tickets", {"order": world.ids["order0"], "kind": "carrier"})
    if world.hidden("customers", "name"):
        world.make(60_000, "customer9", "customers", {"name": "多出来的", "phone": "13655556666", "level": "gold"})


def build(house: House, viewer: Viewer, seed: int, *, other: bool) -> World:
    """A filled world with its viewer as a user."""
    house.user("viewer", viewer.role, **viewer.facts)
    world = World(house, viewer, other)
    fill(world, seed)
    house.fate.begin(90_000)
    return world
