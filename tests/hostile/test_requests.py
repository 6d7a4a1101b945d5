"""Whatever is sent to whatever address, on either database: never 5xx, refusals in words, nothing half done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import strategies as st
from sqlalchemy import text
from werkzeug.test import TestResponse

from builder_ui.security import SESSION
from builder_ui.web import make_web
from engine.market.market import Market
from engine.people import sessions
from engine.storage.ids import Ulids
from tests.conformance.seeds import both_seeds, try_all
from tests.databases import ON_BOTH
from tests.hostile import requests
from tests.world import TEMPLATE, World, make_world

pytestmark = ON_BOTH

API = "/api/v1/apps/order_tracking/tables/orders"


class Target:
    """A house with one order, a program and a browser of somebody who may do much, and what addresses may name."""

    def __init__(self, world: World) -> None:
        self.world = world
        settings: Any = SimpleNamespace(locale="en", timezone="Asia/Shanghai", base_url=None)
        self.web = make_web(world.runtime, world.people, Market(TEMPLATE.parent, world.runtime, world.people), settings)
        user = world.people.add_user("ann", owner=True)
        app = world.runtime.program(world.app).app
        for role in ("clerk", "buyer", "director"):
            world.people.grant(user, app, role)
        self.order = world.create("orders", channel="douyin", store="s1", amount=Decimal(5)).id
        self.program = self.web.test_client()
        self.program.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {world.people.issue_token(user, 'test')[1]}"
        with world.runtime.database.write() as connection:
            token = sessions.start_session(connection, user.id, now=world.clock(), ip="", device="")
        self.browser = self.web.test_client()
        self.browser.set_cookie(SESSION, token)
        page = self.browser.get("/profile").text
        self.csrf = page.split('name="csrf-token" content="')[1].split('"')[0]
        self.known: Mapping[str, tuple[str, ...]] = {
            "app": ("order_tracking",),
            "table": ("orders", "customers"),
            "id": (self.order,),
            "board": ("desk", "table"),
            "name": ("approve", "desk", "table", "css/base.css"),
            "transition": ("approve",),
            "file": ("0" * 26,),
        }

    def lines(self) -> int:
        """How much has happened."""
        with self.world.runtime.database.read() as connection:
            return int(connection.execute(text("SELECT count(*) FROM journal WHERE kind <> 'looked_up'")).scalar_one())


@pytest.fixture(scope="module")
def target(on_both: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    world = make_world(tmp_path_factory.mktemp("requests"), ids=Ulids())
    yield Target(world)
    world.runtime.database.close()


def judged(target: Target, answer: TestResponse, what: str, before: int) -> None:
    assert answer.status_code < 500, f"{what}: {answer.text[:300]}"
    if answer.status_code >= 400:
        assert target.lines() == before, f"{what} was refused and done"
        if answer.request.path.startswith("/api/") and answer.request.method != "HEAD":
            assert answer.mimetype == "application/problem+json", what
            assert answer.get_json()["detail"], what


@pytest.mark.parametrize("name", requests.BODIES)
def test_no_body_is_taken_that_no_program_may_send(target: Target, name: str) -> None:
    body = requests.BODIES[name]
    places = (
        ("POST", f"{API}/records"),
        ("PATCH", f"{API}/records/{target.order}"),
        ("POST", f"{API}/records/{target.order}/transitions/approve"),
    )
    for method, path in places:
        for kind in ("application/json", "application/json; charset=utf-16"):
            before = target.lines()
            answer = target.program.open(path, method=method, data=body, content_type=kind)
            judged(target, answer, f"{name} to {method} {path}", before)
            if name != "a list of what is no row" or method != "POST":
                assert 400 <= answer.status_code < 500, f"{name} to {method} {path}: {answer.status_code}"


def test_the_place_of_what_is_wrong_is_told(target: Target) -> None:
    def told(body: bytes) -> tuple[str, list[str]]:
        problem = target.program.post(f"{API}/records", data=body, content_type="application/json").get_json()
        return problem["detail"], [fault["path"] for fault in problem["errors"]]

    assert told(requests.BODIES["NaN"])[1] == ["values.remark"]
    assert told(requests.BODIES["duplicate keys"])[1] == ["values.remark"]
    assert told(requests.BODIES["5,000 digits"])[1] == ["values.amount"]
    assert told(requests.BODIES["half a character"])[1] == ["values.remark"]
    assert told(b'{"values": {"remark": "x"}, "children": {"items": [{}, {"name": "\\u0000"}]}}')[1] == [
        "children.items[1].name"
    ]
    assert "line 2, column 3" in told(b"{\n  x}")[0]
    assert "byte 24" in told(requests.BODIES["no UTF-8"])[0]


@both_seeds
def test_no_request_to_any_address_breaks_the_house(target: Target, seed_of: str) -> None:
    rules = [rule for rule in target.web.url_map.iter_rules() if rule.endpoint != "sign_in.leave"]

    def check(data: st.DataObject) -> None:
        rule = data.draw(st.sampled_from(rules))
        method = data.draw(st.sampled_from(sorted((rule.methods or set()) - {"OPTIONS"})))
        address = data.draw(requests.addresses(rule, target.known))
        query, sent = data.draw(requests.queries()), data.draw(requests.headers())
        before = target.lines()
        url = f"{address}?{query}"
        if rule.rule.startswith("/api/"):
            body = data.draw(requests.bodies()) if method in ("POST", "PATCH", "PUT") else b""
            answer = _send(target.program, method, url, {"Content-Type": "application/json", **sent}, body)
        else:
            answer = _send(target.browser, method, url, {**sent, "X-CSRF-Token": target.csrf}, _form(data, method))
        judged(target, answer, f"{method} {url[:300]} {sent}", before)

    try_all(check, seed_of, data=st.data())


def _form(data: st.DataObject, method: str) -> bytes:
    if method != "POST":
        return b""
    text = st.sampled_from(requests.TEXTS) | st.text(max_size=10) | st.just("a\x00b") | st.just("小心")
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(requests.FIELDS), text), max_size=4))
    return urlencode([(name, value[:5_000].encode("utf-8", "surrogatepass")) for name, value in pairs]).encode()


def _send(client: FlaskClient, method: str, url: str, headers: Mapping[str, str], body: bytes) -> TestResponse:
    sent = {name: value for name, value in headers.items() if "\r" not in value and "\n" not in value}
    sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
    return client.open(url, method=method, headers=sent, data=body)
