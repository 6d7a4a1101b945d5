"""A small app for tests of permissions, and an Env over its real tables. The policies are each test's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from engine.access.decide import Access
from engine.access.view import Views
from engine.definition.build.context import Report
from engine.definition.build.whole import build_app, lay_ground
from engine.definition.merge import merge
from engine.definition.read import read_text
from engine.kinds.registry import Registry
from engine.language.compiled import Compiled
from engine.model.app import App
from engine.model.change import Actor
from engine.model.diagnostic import Severity
from engine.storage import records
from engine.storage.database import Database
from engine.storage.facts import Facts
from engine.storage.tables import physical_tables
from tests.databases import database_url
from tests.unit.definition.catalogue import SmallCatalogue
from tests.world import actor

REGISTRY = Registry.load()
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
ROLES = ("one", "two", "three", "outside")
FIELDS = ("no", "store", "phone", "amount", "pieces", "paid", "due", "paid_at", "customer", "note", "status", "rest", "level")

TABLES = """
app: depot
title: Depot
version: 1.0.0
roles:
  one: {title: One}
  two: {title: Two}
  three: {title: Three}
  outside: {title: Outside, portal: true}
people:
  store: {type: text}
tables:
  customers:
    display: name
    fields:
      name: {type: text, required: true}
      level: {type: integer}
  orders:
    display: no
    fields:
      no: {type: text}
      store: {type: text}
      phone: {type: phone}
      amount: {type: money}
      pieces: {type: integer}
      paid: {type: boolean}
      due: {type: date}
      paid_at: {type: datetime}
      customer: {type: link, to: customers, inverse: orders}
      note: {type: long_text}
      status: {type: state}
      rest: {type: formula, value: "amount - pieces"}
      level: {type: formula, value: "customer.level"}
    checks:
      paid_something: {must: "not paid or amount > 0", otherwise: flag, message: Paid without an amount}
    flow:
      field: status
      states: {open: {title: Open, initial: true}, done: {title: Done, final: true}}
      transitions: {finish: {title: Finish, from: open, to: done, by: [one]}}
"""


def depot(permissions: str) -> App:
    """The app with these permissions (YAML under `permissions:`). Built without the checks across sections: a policy under
    which a formula gives away what it is made of is not publishable, but must not show more than it says either."""
    body = "permissions:\n" + "\n".join("  " + line for line in permissions.splitlines())
    root = merge([read_text("app.yaml", TABLES.encode()), read_text("permissions.yaml", body.encode())])
    report = Report([])
    ground = lay_ground(root, REGISTRY, report)
    assert ground is not None
    app = build_app(root, ground, REGISTRY, SmallCatalogue(), report)
    assert [d for d in report.found if d.severity is Severity.ERROR] == []
    return app


def customers() -> list[dict[str, Any]]:
    return [
        {"id": "c1", "name": "恒驰", "level": 3},
        {"id": "c2", "name": "Wang", "level": None},
    ]


def order(id: str, **values: Any) -> dict[str, Any]:
    """A whole raw record; what is not given is empty."""
    amount, pieces = values.get("amount"), values.get("pieces")
    rest = None if amount is None or pieces is None else amount - pieces
    return {**dict.fromkeys(FIELDS), "status": "open", "rest": rest, "flags": frozenset(), **values, "id": id}


SOME = (
    order("o1", no="N1", store="s1", phone="13800001234", amount=Decimal("310.50"), pieces=3, paid=True, customer="c1"),
    order("o2", no="N2", store="s2", phone="139", amount=Decimal("-5.00"), pieces=0, paid=False, customer="c2", note="急"),
    order("o3", no="N3", store=None, phone=None, due=date(2026, 12, 1), paid_at=NOW, status="done"),
    order("o4", no="王", phone="1234567", note="  ", amount=Decimal("0.00"), paid=False, customer="gone"),
    order("o5", no="订单五", store="s1", phone="+12025550123", amount=Decimal("99.99"), due=date(2026, 1, 1), note="a_b%c"),
)


@dataclass
class Depot:
    """One policy over filled tables."""

    app: App
    access: Access
    facts: Facts

    def views(self, who: Actor) -> Views:
        return Views(self.app, self.access, self.facts.raw(), who)

    def rows(self, who: Actor, table: str = "orders") -> dict[str, dict[str, Any]]:
        """What the view gives, by id."""
        found = self.facts.connection.execute(self.views(who).table(table).select())
        return {row.id: dict(row._mapping) for row in found}


def somebody(*roles: str, **facts: Any) -> Actor:
    return actor(*roles, **facts)


def opened(connection: Connection, app: App, who: Actor) -> Depot:
    """The policy of `app` over the tables in `connection`, asked by `who`."""
    compiled = Compiled()
    facts = Facts(connection, app, physical_tables(app, REGISTRY), compiled, now=NOW, user=who.facts)
    return Depot(app, Access(app, compiled), facts)


def filled(folder: Path, orders: tuple[Mapping[str, Any], ...] = SOME) -> Database:
    """A database with the depot's tables and records."""
    database = Database(database_url(folder, "depot.db"))
    tables = physical_tables(depot("{}"), REGISTRY)
    system = {"version": 1, "created_at": NOW, "created_by": "x", "updated_at": NOW, "updated_by": "x", "flags": frozenset()}
    with database.write() as connection:
        for name, rows in (("customers", customers()), ("orders", orders)):
            tables[name].metadata.create_all(connection)
            for row in rows:
                columns = {column.name: None for column in tables[name].columns}
                known = {key: value for key, value in row.items() if key in columns}
                records.add(connection, tables[name], {**columns, **system, **known})
    return database
