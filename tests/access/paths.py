"""Every way to read, by route: what the two worlds are asked. A GET route that is neither here nor named as holding no data
fails the test, so no new way to read can be added without a case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import quote, urlencode

from tests.access.worlds import APP, World

TABLES = ("orders", "order_items", "customers", "products", "shipments", "tickets", "nonsense")
BOARDS = ("desk", "table", "nonsense")
API = f"/api/v1/apps/{APP}"

NO_DATA = {
    "/static/<path:name>": "files of the program itself",
    "/favicon.ico": "a picture",
    "/healthz": "says only that the process lives",
    "/readyz": "says only that the database answers",
    "/sign-in": "before anybody is known",
    "/first/<code>": "before anybody is known; the code names one person",
    "/market": "templates on offer, the same for everybody",
    "/market/<name>": "one template, the same for everybody",
    "/market/<name>/picture": "pictures of templates, the same for everybody",
    "/profile": "the person's own sessions and tokens",
}

# Conditions over what some role may not see, over what nobody may, and over nothing at all.
CONDITIONS = (
    "amount > 1000",
    "cost > 100",
    "margin > 0",
    "goods > 100",
    "province == '浙江'",
    "customer.name == '客户0'",
    "customer.phone == '13700000000'",
    "customer.level == 'gold'",
    "starts_with(phone, '138')",
    "contains(phone, '5')",
    "phone > '138'",
    "warehouse == 'fs'",
    "store == 's2'",
    "flagged('amount_adds_up')",
    "sum(items, price * quantity) > 50",
    "any(items, product.sku == 'SKU0')",
    "count(orders, amount > this.amount) > 2",
    "count(orders, store == 's2') > 0",
    "count(tickets, True) > 0",
    "count(tickets, order == this) > 0",
    "any(customers, level == 'gold')",
    "max(orders, cost) > 100",
    "sum(order_items, price) > 400",
    "count(customers, phone == this.phone) > 0",
    "find(customers, name == '客户0') == customer",
    "find(orders, external_no == 'N1-0') == this",
    "cos > 1",
    "costs > 1",
    "user.store == 's1'",
    "old.amount > 1",
    "waiting > hours(1)",
    "created_by == 'scribe'",
    "version > 2",
    "quantity > 1",
    "price > 40",
    "sku == 'SKU0'",
    "name == '商品0'",
    "kind == 'stuck'",
    "'",
    "a b",
)
SORTS = (
    "amount",
    "-cost",
    "phone",
    "province",
    "customer",
    "-margin,order_no",
    "status",
    "-created_at",
    "price",
    "name",
    "cos",
    "goods",
)
FIELDS = ("order_no", "cost", "order_no,phone", "id,version", "items", "name,phone", "price", "cos")
SEARCHES = ("SO26", "138", "客户", "SKU", "请轻放", "N1", "s2", "13700000000", "′", "浙江", "%", "_", "商品1", "多出来的", "SF")


def cases(rule: str, world: World) -> list[str] | None:
    """Paths to ask for a route; None when it has no case here."""
    made = _CASES.get(rule)
    return list(made(world)) if made is not None else None


KINDS = {"orders": "order", "customers": "customer", "products": "product", "tickets": "ticket", "nonsense": "order"}


def ids_of(world: World, table: str) -> list[str]:
    """Ids of this table, in sight and out of sight, and of nothing. Those that only one world has are asked for in both. What
    is made beside an order has its id from the order's turns."""
    own = [id for label, id in world.ids.items() if label.rstrip("0123456789") == KINDS.get(table)]
    items = [f"{1_000 + 100 * n:012d}{3:014d}" for n in range(12)] if table == "order_items" else []
    shipments = [f"{1_003 + 100 * n:012d}{2:014d}" for n in range(12)] if table == "shipments" else []
    return [*own, *items, *shipments, "nothing", "' OR 1=1 --"]


QUESTIONS = (("where", CONDITIONS), ("sort", SORTS), ("fields", FIELDS), ("search", SEARCHES))


def _questions(world: World, table: str, every: int, **more: str | int) -> Iterator[str]:
    """Query strings; a table out of sight is asked a few, since it answers before it reads them."""
    seen = table in world.house.app.permissions.get(world.viewer.role, {})
    for name, values in QUESTIONS:
        for value in values[:: every if seen else 12]:
            yield urlencode({name: value, **more})


def _records(world: World) -> Iterator[str]:
    for table in TABLES:
        root = f"{API}/tables/{table}/records"
        yield from (root, f"{root}?count=exact&limit=3", f"{root}?cursor=nonsense", f"{root}?limit=0")
        every = 1 if table == "orders" else 2
        yield from (f"{root}?{question}" for question in _questions(world, table, every, count="exact", limit=4))


GROUPS = ("channel", "status,warehouse", "cost", "phone", "customer", "store,priority", "province", "margin", "cos", "")
MEASURES = (
    "count",
    "sum(amount),avg(amount)",
    "sum(cost)",
    "p90(waiting)",
    "max(margin)",
    "count(phone)",
    "sum(goods)",
    "p50(price)",
)


def _figures(world: World) -> Iterator[str]:
    for table in TABLES:
        root = f"{API}/tables/{table}/aggregate"
        yield from (f"{root}?{urlencode({'group': group, 'measures': 'count'})}" for group in GROUPS)
        yield from (f"{root}?{urlencode({'group': 'status', 'measures': measure})}" for measure in MEASURES)
        yield from (f"{root}?{question}" for question in _questions(world, table, 7, measures="count,sum(quantity)"))


def _facets(world: World) -> Iterator[str]:
    for table in TABLES:
        root = f"{API}/tables/{table}/facets"
        yield from (root, f"{root}?fields=customer", f"{root}?fields=cost", f"{root}?fields=cos")
        yield from (f"{root}?{question}" for question in _questions(world, table, 9) if "sort" not in question)


def _attached(world: World) -> Iterator[str]:
    """Every file of every order, at its own record and at another's, whole and as a picture."""
    papers = [(label.removeprefix("paper"), id) for label, id in world.ids.items() if label.startswith("paper")]
    for n, file in [*papers, ("0", "nothing")]:
        for order in (f"order{n}", "order0"):
            path = f"{API}/tables/orders/records/{world.ids[order]}/files/{file}"
            yield from (path, f"{path}?as=small")
    yield f"{API}/tables/products/records/{world.ids['product0']}/files/{papers[0][1]}"


def _exports(world: World) -> Iterator[str]:
    for table in TABLES:
        root = f"{API}/tables/{table}/export.csv"
        yield root
        yield from (f"{root}?{question}" for question in _questions(world, table, 4))


def _lists(world: World) -> Iterator[str]:
    """The pages stand on the same door, so they are asked less."""
    for table in TABLES:
        root = f"/a/{APP}/t/{table}"
        yield from (root, f"{root}?all=1", *(f"{root}?{question}" for question in _questions(world, table, 6)))


def _one(form: str, tables: tuple[str, ...] = TABLES) -> Callable[[World], Iterator[str]]:
    def made(world: World) -> Iterator[str]:
        for table in tables:
            for id in ids_of(world, table):
                yield form.format(table=table, id=quote(id))

    return made


def _each(form: str, values: tuple[str, ...]) -> Callable[[World], Iterator[str]]:
    def made(world: World) -> Iterator[str]:
        return (form.format(value) for value in values)

    return made


def _just(*paths: str) -> Callable[[World], Iterator[str]]:
    def made(world: World) -> Iterator[str]:
        return iter(paths)

    return made


_CASES: dict[str, Callable[[World], Iterator[str]]] = {
    "/": _just("/"),
    "/openapi.json": _just("/openapi.json"),
    "/inbox": _just("/inbox"),
    "/a/<app>/": _just(f"/a/{APP}/", "/a/nonsense/"),
    "/a/<app>/b/<board>": _each(f"/a/{APP}/b/{{}}", BOARDS),
    "/a/<app>/t/<table>": _lists,
    "/a/<app>/t/<table>/new": _each(f"/a/{APP}/t/{{}}/new", TABLES),
    "/a/<app>/t/<table>/<id>": _one(f"/a/{APP}/t/{{table}}/{{id}}"),
    "/api/v1/apps": _just("/api/v1/apps"),
    "/api/v1/apps/<app>": _just(API, "/api/v1/apps/nonsense"),
    "/api/v1/apps/<app>/tables/<table>/records": _records,
    "/api/v1/apps/<app>/tables/<table>/aggregate": _figures,
    "/api/v1/apps/<app>/tables/<table>/facets": _facets,
    "/api/v1/apps/<app>/tables/<table>/export.csv": _exports,
    "/api/v1/apps/<app>/tables/<table>/records/<id>": _one(f"{API}/tables/{{table}}/records/{{id}}"),
    "/api/v1/apps/<app>/tables/<table>/records/<id>/history": _one(f"{API}/tables/{{table}}/records/{{id}}/history"),
    "/api/v1/apps/<app>/tables/<table>/records/<id>/files": _one(f"{API}/tables/{{table}}/records/{{id}}/files"),
    "/api/v1/apps/<app>/tables/<table>/records/<id>/files/<file>": _attached,
    "/api/v1/apps/<app>/boards/<board>": _each(f"{API}/boards/{{}}", BOARDS),
    "/api/v1/apps/<app>/changes": _just(f"{API}/changes", f"{API}/changes?since=", f"{API}/changes?since=0"),
    "/api/v1/changes": _just("/api/v1/changes"),
    "/api/v1/inbox": _just("/api/v1/inbox", f"/api/v1/inbox?app={APP}", "/api/v1/inbox?app=nonsense"),
}
