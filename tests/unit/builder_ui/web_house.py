"""A whole web house for tests: the real engine, people and market on SQLite, and a browser-like client for each person."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from builder_ui.web import make_web
from engine.market.market import Market
from engine.model.app import App
from engine.people.service import People
from engine.people.users import User
from tests.world import TEMPLATE, World, make_world

PASSWORD = "correct horse"
APP = "/a/order_tracking"
STORE = "南京江宁店"


@dataclass
class Settings:
    """What make_web asks of the settings."""

    locale: str = "zh_CN"
    timezone: str = "Asia/Shanghai"
    base_url: str | None = None


@dataclass
class WebHouse:
    """`ids`: records by the name a test gave them."""

    world: World
    people: People
    web: Flask
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def app(self) -> App:
        """The installed app."""
        return self.world.runtime.program(self.world.app).app

    def person(self, name: str, *roles: str, owner: bool = False, **facts: Any) -> User:
        """A user with a password, roles and facts."""
        user = self.people.add_user(name, title=f"{name}先生", owner=owner)
        self.people.set_password(user, PASSWORD)
        for role in roles:
            self.people.grant(user, self.app, role)
        for fact, value in facts.items():
            self.people.set_fact(user, self.app, fact, value)
        return user

    def visitor(self) -> Browser:
        """Somebody who is not signed in."""
        return Browser(self.web.test_client())

    def signed_in(self, name: str, **cookies: str) -> Browser:
        """A browser in which this person is signed in."""
        browser = self.visitor()
        for cookie, value in cookies.items():
            browser.client.set_cookie(cookie, value)
        answer = browser.post("/sign-in", name=name, password=PASSWORD)
        assert answer.status_code == 303, answer.text
        return browser

    def order(self, **values: Any) -> str:
        """An order made by the system."""
        given = {"channel": "douyin", "store": STORE, "amount": Decimal(800), "remark": "小心轻放"} | values
        return self.world.create("orders", **given).id


@dataclass
class Browser:
    """A test client that reads the CSRF token from a page, as a browser's form does."""

    client: FlaskClient

    def get(self, path: str, **headers: str) -> TestResponse:
        """Open a page."""
        return self.client.get(path, headers=headers)

    def token(self, page: str = "/profile") -> str:
        """The CSRF token of a page (the sign-in page has one too)."""
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.client.get(page, follow_redirects=True).text)
        assert found is not None
        return found[1]

    def post(self, path: str, page: str = "/profile", **form: Any) -> TestResponse:
        """Send a form with its token."""
        return self.client.post(path, data={"csrf": self.token(page), **form})

    def send(self, path: str, form: dict[str, Any]) -> TestResponse:
        """As post, for field names that are no Python names."""
        return self.client.post(path, data={"csrf": self.token(), **form})


def make_house(path: Path, settings: Settings | None = None, *, installed: bool = True) -> WebHouse:
    """A house in a folder, with one owner (`boss`)."""
    world = make_world(path)
    people = People(
        world.runtime.database, key_file=path / "key", kinds=world.runtime.core.registry.fields, clock=lambda: world.clock.now
    )
    market = Market(TEMPLATE.parent, world.runtime, people)
    house = WebHouse(world, people, make_web(world.runtime, people, market, settings or Settings()))
    house.person("boss", "buyer", "finance", owner=True)
    return house


def filled_house(path: Path) -> WebHouse:
    """A house with people of several roles and one order with one item."""
    house = make_house(path)
    house.person("lin", "clerk", store=STORE)
    house.person("wang", "picker")
    customer = house.world.create("customers", name="赵强", phone="13800138000", level="gold").id
    product = house.world.create("products", sku="OIL-5W30", name="机油").id
    item = {"product": product, "quantity": 2, "price": Decimal("400.00")}
    order = house.world.create(
        "orders",
        children={"items": [item]},
        channel="douyin",
        store=STORE,
        customer=customer,
        phone="13900139000",
        amount=Decimal(800),
        remark="小心轻放",
        paid_at=datetime(2026, 11, 21, 8, 0, tzinfo=UTC),
    ).id
    house.ids |= {"customer": customer, "product": product, "order": order}
    return house
