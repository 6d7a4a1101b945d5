"""An index serves the conditions that people write, on both databases, whichever way round they are put.

The control shows that the test can fail: the same condition with something around it loses the index."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    Index,
    MetaData,
    Table,
    event,
    false,
    func,
    insert,
    select,
)

from engine.language import sql
from engine.language.expression import read_expression
from engine.language.sqltypes import Flags, sqltype
from engine.model.diagnostic import Span
from engine.model.types import BOOLEAN, DATE, DATETIME, DURATION, INTEGER, MONEY, TEXT, TIME, Children, Scope, TableTypes, Type
from engine.model.types import TypeKind as Kind
from tests.unit.language.env import NOW

ROWS = 20_000
RARE = 500  # one in so many
_ORDER = Type(Kind.RECORD, table="orders")
FIELDS = {
    "id": TEXT,
    "phone": TEXT,
    "amount": MONEY,
    "pieces": INTEGER,
    "status": Type(Kind.TEXT, options=("done", "open", "held")),
    "province": TEXT,
    "remark": TEXT,
    "note": TEXT,
    "urgent": BOOLEAN,
    "paid": BOOLEAN,
    "day": DATE,
    "at": DATETIME,
    "clock": TIME,
    "span": DURATION,
    "parent": _ORDER,
}
TABLES = {"orders": TableTypes("orders", FIELDS, {"parts": Children("orders", "parent")})}
SCOPE = Scope(TABLES, "orders", old=True, user={"phone": TEXT, "limit": MONEY})
metadata = MetaData()
ORDERS = Table("orders", metadata, *(Column(n, sqltype(t)) for n, t in FIELDS.items()), Column("flags", Flags()))
for name in FIELDS:
    Index(f"by_{name}", ORDERS.c[name])
OLD = {"id": "r00007", "phone": "7", "amount": Decimal("0.07"), "at": NOW - timedelta(minutes=9)}


class One:
    def table(self, name: str) -> FromClause:
        return ORDERS.alias()

    def computed(self, table: str, field: str, row: FromClause) -> ColumnElement[Any]:
        raise AssertionError(field)


def row(n: int) -> dict[str, Any]:
    rare = n % RARE == 0
    return {
        "id": f"r{n:05d}",
        "phone": str(n),
        "amount": Decimal(n) / 100,
        "pieces": n,
        "status": ("open" if n % 2 else "held") if rare else "done",
        "province": "甘肃" if rare else "广东",
        "remark": None if rare else "x",
        "note": f"n{n}" if rare else None,
        "urgent": rare,
        "paid": not rare,
        "day": date(2000, 1, 1) + timedelta(days=n // 10),
        "at": NOW.astimezone(UTC) - timedelta(minutes=n),
        "clock": (datetime(2000, 1, 1) + timedelta(seconds=4 * n)).time() if n else time(0),
        "span": timedelta(minutes=n),
        "parent": f"r{n // 10:05d}",
        "flags": frozenset(),
    }


@pytest.fixture(scope="module")
def filled(engine: Engine) -> Iterator[Engine]:
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(ORDERS), [row(n) for n in range(ROWS)])
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")
    yield engine
    metadata.drop_all(engine)


def plan(engine: Engine, where: ColumnElement[bool]) -> list[str]:
    """How the database goes about it, and that it can."""
    sent: list[tuple[str, Any]] = []

    def note(_: Connection, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        sent.append((statement, parameters))

    with engine.connect() as connection:
        event.listen(connection, "before_cursor_execute", note)
        connection.execute(select(ORDERS.c.id).where(where)).all()
        event.remove(connection, "before_cursor_execute", note)
        word = "EXPLAIN" if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        lines = connection.exec_driver_sql(f"{word} {sent[0][0]}", sent[0][1])
        return [str(line[-1]) for line in lines]


def reads_whole_table(lines: list[str]) -> bool:
    return any("Seq Scan" in each or each.startswith("SCAN") for each in lines)


def served(lines: list[str], *indexes: str) -> bool:
    used = all(any(f"by_{name}" in each and ("Scan" in each or "SEARCH" in each) for each in lines) for name in indexes)
    return used and not reads_whole_table(lines)


def where(text: str) -> ColumnElement[bool]:
    context = sql.SqlContext(One(), {"phone": "7", "limit": Decimal("0.50")}, NOW, old=OLD)
    return sql.condition(read_expression(text, SCOPE, span=Span(), path="x"), context, (ORDERS,))


CONDITIONS = [
    ("phone == '7'", ["phone"]),
    ("'7' == phone", ["phone"]),
    ("phone == user.phone", ["phone"]),
    ("phone == old.phone", ["phone"]),
    ("not phone != '7'", ["phone"]),
    ("phone in ['7', '8', '9']", ["phone"]),
    ("not phone not in ['7', '8']", ["phone"]),
    ("starts_with(phone, '1999')", ["phone"]),
    ("phone < '1001'", ["phone"]),
    ("phone >= '9999'", ["phone"]),
    ("amount == 5", ["amount"]),
    ("amount == old.amount", ["amount"]),
    ("amount < 0.50", ["amount"]),
    ("amount <= user.limit", ["amount"]),
    ("amount > 199.5", ["amount"]),
    ("amount >= 199", ["amount"]),
    ("1 < amount <= 1.5", ["amount"]),
    ("amount < 0.505", ["amount"]),
    ("amount > user.limit * 398.999999", ["amount"]),
    ("amount in [1, 2.5, 3.14159]", ["amount"]),
    ("pieces < 4.5", ["pieces"]),
    ("pieces == 7.0", ["pieces"]),
    ("pieces in [7, 8]", ["pieces"]),
    ("not amount >= 0.5", ["amount"]),
    ("not (amount >= 0.5 or phone != '7')", []),
    ("not (amount >= 0.5 and phone != '7')", ["amount", "phone"]),
    ("amount < 0.5 or phone == '7'", ["amount", "phone"]),
    ("amount < 0.5 and status == 'done'", []),
    ("status == 'open'", ["status"]),
    ("status in ['open', 'held']", ["status"]),
    ("status == 'held' and not empty(phone)", ["status"]),
    ("in_region(province, '西北')", ["province"]),
    ("empty(remark)", ["remark"]),
    ("remark == None", ["remark"]),
    ("not not urgent", ["urgent"]),
    ("urgent", ["urgent"]),
    ("not paid", ["paid"]),
    ("day == date('2000-01-08')", ["day"]),
    ("day < add_days(date('2000-01-01'), 3)", ["day"]),
    ("at > now() - hours(1)", ["at"]),
    ("at == old.at", ["at"]),
    ("not at <= now() - minutes(30)", ["at"]),
    ("clock < time('00:01')", ["clock"]),
    ("span <= minutes(20)", ["span"]),
    ("parent == this.parent and phone == '7'", ["phone"]),
    ("id == '7' or parent == find(orders, phone == '7')", ["id", "parent", "phone"]),
    ("phone == '7' and count(parts, amount > 1) > 0", ["phone", "parent"]),
    ("phone == '7' and count(orders, phone == this.remark) == 0", ["phone"]),
    ("phone == '7' and any(orders, phone == this.note)", ["phone"]),
    ("phone == '7' and parent.phone == '0'", ["phone", "id"]),
]
# SQLite knows how rare a value is only when built with STAT4, and else takes IS NOT NULL for most of the table.
_ON_POSTGRESQL = [("not empty(note)", ["note"]), ("note != None", ["note"])]


@pytest.mark.parametrize(("text", "indexes"), CONDITIONS)
def test_an_index_serves_it(filled: Engine, text: str, indexes: list[str]) -> None:
    lines = plan(filled, where(text))
    assert served(lines, *indexes), lines


@pytest.mark.postgresql
@pytest.mark.parametrize(("text", "indexes"), _ON_POSTGRESQL)
def test_an_index_serves_what_is_there(filled: Engine, text: str, indexes: list[str]) -> None:
    if filled.dialect.name == "postgresql":
        test_an_index_serves_it(filled, text, indexes)


@pytest.mark.parametrize("text", [text for text, indexes in CONDITIONS if len(indexes) == 1 and "orders" not in text])
def test_something_around_it_would_lose_the_index(filled: Engine, text: str) -> None:
    lines = plan(filled, func.coalesce(where(text), false()) == ~false())
    assert reads_whole_table(lines), lines
