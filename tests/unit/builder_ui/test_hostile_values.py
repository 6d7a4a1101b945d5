"""Whatever people type is text on every page: no markup, no template, no script."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.unit.builder_ui.web_house import APP, STORE, WebHouse

HOSTILE = [
    "<script>alert(1)</script>",
    "{{7*7}}{% raw %}",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "</script><script>alert(2)</script>",
    "%(name)s %s %d",
    "javascript:alert(1)",
    "\u202egnp.exe",
    "<!--",
    "&lt;b&gt;",
]
RAW = ["<script>alert", "<img src=x", "</script><script>", "49{%"]


@pytest.mark.parametrize("text", HOSTILE)
def test_values_are_text_everywhere(house: WebHouse, text: str) -> None:
    name = f"{text} {len(text)}"
    customer = house.world.create("customers", name=name).id
    product = house.world.create("products", sku=name, name=text).id
    order = house.world.create(
        "orders",
        children={"items": [{"product": product, "quantity": 1, "price": Decimal(600), "line": text}]},
        channel="phone",
        external_no=name,
        store=STORE,
        customer=customer,
        amount=Decimal(600),
        remark=text,
        tracking_no=text,
    ).id
    house.person(f"p{len(house.people.users())}", "clerk", store=STORE)
    browser = house.signed_in("boss")
    clerk = house.signed_in("lin")
    paths = [
        f"{APP}/t/orders/{order}",
        f"{APP}/t/orders?all=1",
        f"{APP}/t/customers",
        f"{APP}/t/customers/{customer}",
        f"{APP}/t/products/{product}",
        f"{APP}/t/order_items",
        f"{APP}/b/desk",
        f"{APP}/b/table",
    ]
    pages = [browser.get(path) for path in paths] + [clerk.get(f"{APP}/t/orders/new"), clerk.get(f"{APP}/t/orders/{order}")]
    for answer in pages:
        assert answer.status_code == 200
        for raw in RAW:
            assert raw not in answer.text, answer.request.path


@pytest.mark.parametrize("text", HOSTILE)
def test_what_comes_in_by_address_and_form_is_text_too(house: WebHouse, text: str) -> None:
    browser = house.signed_in("lin")
    answers = [
        browser.client.get(f"{APP}/t/orders", query_string={"search": text, "where": text, "sort": text}),
        browser.client.get(f"{APP}/t/orders/new", query_string={"remark": text, "next": text}),
        browser.client.get("/sign-in", query_string={"next": text}),
        browser.client.get(f"/a/{text.replace('/', '_')}/"),
        browser.send(
            f"{APP}/t/orders/new", {"remark": text, "amount": text, "channel": text, "items.0.quantity": text, "next": text}
        ),
        browser.send(
            f"{APP}/t/orders/{house.ids['order']}", {"remark": text, "was-remark": "", "amount": text, "was-amount": ""}
        ),
        browser.send("/profile/tokens", {"name": text * 20}),
        house.visitor().post("/sign-in", name=text, password="wrong password"),
        browser.client.get("/", headers={"User-Agent": text.encode("ascii", "replace").decode(), "Accept-Language": "x"}),
    ]
    for answer in answers:
        assert answer.status_code < 500, answer.request.path
        for raw in RAW:
            assert raw not in answer.text, answer.request.path


def test_a_persons_title_and_device_are_text(house: WebHouse) -> None:
    house.person("mallory", "clerk")
    browser = house.visitor()
    browser.client.environ_base["HTTP_USER_AGENT"] = HOSTILE[2]
    browser.post("/sign-in", name="mallory", password="correct horse")
    browser.post("/profile", title=HOSTILE[0])
    browser.post("/profile/tokens", name=HOSTILE[0])
    page = browser.get("/profile").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert all(raw not in page for raw in RAW)
