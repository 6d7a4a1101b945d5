"""The part of Shopify's Admin GraphQL that reading orders uses: schema, paging, search.

Here, so that the connector is tested against the published shape and not against our reading of it. Sources:
schema  https://shopify.dev/docs/api/admin-graphql/latest/queries/orders  …/queries/order  …/objects/Order  …/objects/LineItem
        …/objects/MailingAddress  …/objects/MoneyBag  …/objects/PageInfo  …/enums/OrderSortKeys
search  https://shopify.dev/docs/api/usage/search-syntax
paging  https://shopify.dev/docs/api/usage/pagination-graphql ; at most 250 a page, 25,000 deep: …/docs/api/usage/limits
cursor  base64 of last_id and last_value, as seen in https://github.com/phpclassic/php-shopify/issues/324"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo, build_schema, graphql_sync

from tests.servers.shop_orders import Line, Order, Orders

DEEPEST = 25_000
LARGEST = 250

SCHEMA = build_schema("""
scalar DateTime
scalar Decimal
enum CurrencyCode { CNY USD }
enum OrderDisplayFinancialStatus { AUTHORIZED EXPIRED PAID PARTIALLY_PAID PARTIALLY_REFUNDED PENDING REFUNDED VOIDED }
enum OrderSortKeys { CREATED_AT ID PROCESSED_AT UPDATED_AT }
type MoneyV2 { amount: Decimal! currencyCode: CurrencyCode! }
type MoneyBag { shopMoney: MoneyV2! presentmentMoney: MoneyV2! }
type MailingAddress {
  name: String phone: String province: String provinceCode: String city: String address1: String countryCodeV2: String
}
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
type LineItem {
  id: ID! sku: String title: String! name: String! quantity: Int! currentQuantity: Int! originalUnitPriceSet: MoneyBag!
}
type LineItemEdge { cursor: String! node: LineItem! }
type LineItemConnection { edges: [LineItemEdge!]! nodes: [LineItem!]! pageInfo: PageInfo! }
type Order {
  id: ID!
  legacyResourceId: String!
  name: String!
  phone: String
  email: String
  note: String
  test: Boolean!
  currencyCode: CurrencyCode!
  displayFinancialStatus: OrderDisplayFinancialStatus
  createdAt: DateTime!
  updatedAt: DateTime!
  processedAt: DateTime!
  cancelledAt: DateTime
  shippingAddress: MailingAddress
  totalPriceSet: MoneyBag!
  totalShippingPriceSet: MoneyBag!
  totalDiscountsSet: MoneyBag
  totalTaxSet: MoneyBag
  lineItems(first: Int, after: String): LineItemConnection!
}
type OrderEdge { cursor: String! node: Order! }
type OrderConnection { edges: [OrderEdge!]! nodes: [Order!]! pageInfo: PageInfo! }
type Query {
  order(id: ID!): Order
  orders(
    first: Int, after: String, query: String, sortKey: OrderSortKeys = PROCESSED_AT, reverse: Boolean = false
  ): OrderConnection!
}
""")

_TERM = re.compile(r"\s*(?:AND\s+)?updated_at:(>=|>|<=|<)'([^']+)'\s*")


class Answering:
    """Answers queries over the orders of a shop. `era`: cursors of an earlier era no longer hold. `deepest`: rows that one
    walk may reach."""

    def __init__(self, orders: Orders, *, deepest: int = DEEPEST) -> None:
        self._orders = orders
        self.era = 0
        self.deepest = deepest

    def answer(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """`data` and `errors` as they go over the line."""
        root = {"orders": self._listing, "order": self._one}
        result = graphql_sync(SCHEMA, query, root_value=root, variable_values=dict(variables))
        body: dict[str, Any] = {"data": result.data}
        if result.errors:
            body["errors"] = [error.formatted for error in result.errors]
        return body

    def _one(self, info: GraphQLResolveInfo[Any], id: str) -> Any:
        match = re.fullmatch(r"gid://shopify/Order/(\d+)", id)
        order = self._orders.get(int(match[1])) if match else None
        return None if order is None else self._order(order)

    def _listing(self, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        if given["sortKey"] != "UPDATED_AT" or given["reverse"]:
            raise _refused("This shop sorts by UPDATED_AT only")
        keep = _search(given.get("query") or "")
        found = [order for order in self._orders.listed() if keep(order)]
        keys = [(order.updated_at.isoformat(), order.id) for order in found]
        return self._connection(found, keys, given.get("first"), given.get("after"), self._order)

    def _connection(
        self, rows: Sequence[Any], keys: Sequence[tuple[str, int]], first: int | None, after: str | None, show: Any
    ) -> dict[str, Any]:
        if first is None:
            raise _refused("you must provide one of first or last")
        if not 0 < first <= LARGEST:
            raise _refused(f"first cannot exceed {LARGEST}")
        # By key and not by position: rows that move to the end meanwhile take nobody's place.
        mark = self._read(after) if after is not None else None
        start = next((i for i, key in enumerate(keys) if mark is None or key > mark), len(rows))
        if start + first > self.deepest:
            raise _refused(f"Cannot paginate beyond {self.deepest} objects")
        part = [show(row) for row in rows[start : start + first]]
        cursors = [self._cursor(key) for key in keys[start : start + first]]
        info = {
            "hasNextPage": start + first < len(rows),
            "hasPreviousPage": start > 0,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        }
        edges = [{"cursor": cursor, "node": node} for cursor, node in zip(cursors, part, strict=True)]
        return {"nodes": part, "edges": edges, "pageInfo": info}

    def _cursor(self, key: tuple[str, int]) -> str:
        data = {"last_id": key[1], "last_value": key[0], "era": self.era}
        return base64.urlsafe_b64encode(json.dumps(data).encode()).decode()

    def _read(self, cursor: str) -> tuple[str, int]:
        try:
            data = json.loads(base64.urlsafe_b64decode(cursor))
            if data["era"] != self.era:
                raise ValueError(data)
            return str(data["last_value"]), int(data["last_id"])
        except (ValueError, KeyError, TypeError):
            raise _refused("Invalid cursor for current pagination sort.") from None

    def _order(self, order: Order) -> dict[str, Any]:
        def lines(info: GraphQLResolveInfo[Any], first: int | None = None, after: str | None = None) -> Any:
            return self._connection(order.lines, [("", line.id) for line in order.lines], first, after, _line)

        cancelled = order.cancelled_at
        return {
            "id": f"gid://shopify/Order/{order.id}",
            "legacyResourceId": str(order.id),
            "name": order.name,
            "phone": order.phone,
            "note": order.note,
            "test": False,
            "currencyCode": "CNY",
            "displayFinancialStatus": "PAID",
            "createdAt": _moment(order.created_at),
            "updatedAt": _moment(order.updated_at),
            "processedAt": _moment(order.created_at),
            "cancelledAt": _moment(cancelled) if cancelled else None,
            "shippingAddress": _address(order),
            "totalPriceSet": _money(order.total),
            "totalShippingPriceSet": _money(order.shipping),
            "totalDiscountsSet": _money(order.discounts),
            "totalTaxSet": _money(Decimal(0)),
            "lineItems": lines,
        }


def _refused(words: str) -> GraphQLError:
    return GraphQLError(words, extensions={"code": "BAD_REQUEST"})


def _search(text: str) -> Callable[[Order], bool]:
    terms: list[tuple[str, datetime]] = []
    position = 0
    while position < len(text):
        match = _TERM.match(text, position)
        if match is None:
            raise _refused(f"This shop cannot search for {text!r}")
        terms.append((match[1], datetime.fromisoformat(match[2].replace("Z", "+00:00"))))
        position = match.end()
    return lambda order: all(_holds(order.updated_at, sign, moment) for sign, moment in terms)


def _holds(left: datetime, sign: str, right: datetime) -> bool:
    return {">=": left >= right, ">": left > right, "<=": left <= right, "<": left < right}[sign]


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _money(value: Decimal) -> dict[str, Any]:
    money = {"amount": f"{value.normalize():f}", "currencyCode": "CNY"}
    return {"shopMoney": money, "presentmentMoney": money}


def _address(order: Order) -> dict[str, Any] | None:
    if order.province is None:
        return None
    return {
        "name": order.buyer,
        "phone": order.phone,
        "province": order.province,
        "provinceCode": order.code,
        "city": order.city,
        "address1": "人民路 1 号",
        "countryCodeV2": "CN",
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "id": f"gid://shopify/LineItem/{line.id}",
        "sku": line.sku,
        "title": line.title,
        "name": line.title,
        "quantity": line.quantity,
        "currentQuantity": line.quantity,
        "originalUnitPriceSet": _money(line.price),
    }
