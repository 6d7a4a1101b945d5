"""What the person of a drawn world asks: every route, with what they may know and what they may not."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

from tests.access.made_policy import APP, FIELDS
from tests.access.made_worlds import Label, value

API = f"/api/v1/apps/{APP}"
Request = tuple[str, str, Any]
WHERE = tuple(
    line.strip()
    for line in """
        amount > 500
        not (amount > 500)
        amount == None
        secret == 's1'
        contains(secret, 's')
        '王' in secret
        score < 50
        paid
        not paid
        empty(due)
        due > '2026-11-01'
        contains(phone, '13')
        starts_with(phone, '13')
        phone > '135'
        double > 300
        mlevel >= 2
        count(lines) > 1
        sum(lines, price) > 500
        any(lines, name == 'made')
        all(lines, price > 5)
        maker.name == 's1'
        contains(maker.secret, 's')
        maker.team == 'x'
        maker.level > 1
        empty(maker)
        doc.amount > 500
        doc.maker.secret == 's1'
        count(docs, amount > this.amount) > 1
        count(docs, True) > 2
        count(docs) > 1
        sum(docs, amount) > 900
        max(docs, amount) > 900
        count(makers, level > 1) > 1
        find(makers, name == 's1') == maker
        find(docs, code == 'z50') == this
        any(docs, secret == 's1')
        flagged('big')
        flagged('odd')
        waiting > hours(1)
        empty(busy_at)
        done_at > created_at
        stat == 'done'
        stat in ['open', 'busy']
        kind == 'a'
        team == 'y'
        level >= 2
        version > 1
        updated_at > created_at
        name == 's1'
        price > 100
        price * 2 > 100
        nonsense > 1
        amounts > 1
        user.team == 'x'
        created_by == 'scribe'
        id > '0'
        '
    """.strip().splitlines()
)
SEARCHES = ("s1", "secret", "13", "王伟", "words", "c1", "z5", "made", "****", "%", "5", "x")
MEASURES = (
    *("count", "sum(amount)", "avg(amount)", "max(score)", "min(due)", "p50(amount)", "p90(waiting)", "count(phone)"),
    *("sum(price)", "sum(double)", "max(mlevel)", "sum(nonsense)", "count(secret)", "max(secret)", "avg(level)"),
)


class Asker:
    """Draws requests. `ids`: every record of either world, and `made` by the person meanwhile."""

    def __init__(self, random: Random, ids: Mapping[Label, str], phones: list[str]) -> None:
        self.random = random
        self.ids = ids
        self.phones = phones
        self.codes = 0

    def request(self) -> Request:
        """One request."""
        table = self.random.choice(("docs", "docs", "docs", "lines", "makers", "nonsense"))
        root = f"{API}/tables/{table}"
        ways = (
            *(self._list,) * 5,
            *(self._aggregate,) * 3,
            *(self._facets, self._history, self._app, self._board, self._delete, self._bulk),
            *(self._export, self._create, self._move) * 2,
            *(self._one, self._edit) * 3,
        )
        return self.random.choice(ways)(table, root)

    def id(self, table: str) -> str:
        """Of this table mostly, in sight or not."""
        own = [id for (name, _), id in self.ids.items() if name == table]
        return self.random.choice([*own, *own, "nothing", *list(self.ids.values())[:1]])

    def _name(self, table: str) -> str:
        every = ("nonsense", "waiting", "busy_at", "version", "updated_at", "lines", "flags", "phone__exact", "id")
        return self.random.choice((*FIELDS.get(table, FIELDS["docs"]),) * 3 + every)

    def _filters(self, table: str) -> dict[str, str]:
        found: dict[str, str] = {}
        if self.random.random() < 0.6:
            found["where"] = self.random.choice((*WHERE, *(f"phone == '{phone}'" for phone in self.phones)))
        if self.random.random() < 0.25:
            found["search"] = self.random.choice((*SEARCHES, *self.phones))
        return found

    def _list(self, table: str, root: str) -> Request:
        asked: dict[str, Any] = self._filters(table)
        if self.random.random() < 0.5:
            asked["sort"] = ",".join(
                self.random.choice(("", "-")) + self._name(table) for _ in range(self.random.choice((1, 1, 2)))
            )
        if self.random.random() < 0.2:
            asked["fields"] = ",".join(self._name(table) for _ in range(2))
        asked |= {"limit": self.random.choice((2, 3, 50)), **({"count": "exact"} if self.random.random() < 0.5 else {})}
        return "GET", f"{root}/records?{urlencode(asked)}", None

    def _aggregate(self, table: str, root: str) -> Request:
        group = ",".join(self._name(table) for _ in range(self.random.choice((0, 1, 1, 2))))
        measures = ",".join(self.random.choice(MEASURES) for _ in range(self.random.choice((1, 1, 2))))
        return "GET", f"{root}/aggregate?{urlencode({'group': group, 'measures': measures, **self._filters(table)})}", None

    def _facets(self, table: str, root: str) -> Request:
        fields = {"fields": self._name(table)} if self.random.random() < 0.4 else {}
        return "GET", f"{root}/facets?{urlencode({**fields, **self._filters(table)})}", None

    def _export(self, table: str, root: str) -> Request:
        sort = {"sort": self._name(table)} if self.random.random() < 0.5 else {}
        return "GET", f"{root}/export.csv?{urlencode({**sort, **self._filters(table)})}", None

    def _one(self, table: str, root: str) -> Request:
        return "GET", f"{root}/records/{quote(self.id(table))}", None

    def _history(self, table: str, root: str) -> Request:
        return "GET", f"{root}/records/{quote(self.id(table))}/history", None

    def _app(self, table: str, root: str) -> Request:
        return (
            "GET",
            self.random.choice(
                (API, "/api/v1/apps", "/openapi.json", f"{API}/changes?since=", "/api/v1/changes", "/api/v1/inbox")
            ),
            None,
        )

    def _board(self, table: str, root: str) -> Request:
        asked = {"search": self.random.choice(SEARCHES)} if self.random.random() < 0.3 else {}
        return "GET", f"{API}/boards/{self.random.choice(('desk', 'large', 'nonsense'))}?{urlencode(asked)}", None

    def _values(self, table: str, most: int) -> dict[str, Any]:
        names = [self._name(table) for _ in range(self.random.randrange(1, most))]
        return {name: self._value(name) for name in names if name != "code"}

    def _value(self, name: str) -> Any:
        if name in ("maker", "doc"):
            return self.id("makers" if name == "maker" else "docs")
        return value(name, self.random)

    def _create(self, table: str, root: str) -> Request:
        body = {"values": self._values(table, 4)}
        if table == "docs":
            self.codes += 1
            body["values"]["code"] = f"new{self.codes}"
        if table == "docs" and self.random.random() < 0.4:
            body["children"] = {"lines": [{"name": "made", "price": "1"}]}
        return "POST", f"{root}/records", body

    def _bulk(self, table: str, root: str) -> Request:
        return "POST", f"{root}/records", [{"values": self._values(table, 3)} for _ in range(2)]

    def _edit(self, table: str, root: str) -> Request:
        return "PATCH", f"{root}/records/{quote(self.id(table))}", {"values": self._values(table, 3)}

    def _move(self, table: str, root: str) -> Request:
        name = self.random.choice(("start", "finish", "back", "nonsense"))
        body = {"values": self._values(table, 2)} if self.random.random() < 0.2 else {}
        return "POST", f"{API}/tables/docs/records/{quote(self.id('docs'))}/transitions/{name}", body

    def _delete(self, table: str, root: str) -> Request:
        return "DELETE", f"{root}/records/{quote(self.id(table))}", None
