"""The shape of the SQL: bare columns that an index serves, negation at the leaves, and what is known bound beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, ColumnElement, FromClause, MetaData, Table, insert, literal, select, union_all
from sqlalchemy import text as text_of
from sqlalchemy.dialects import sqlite

from engine.language import sql
from engine.language.expression import read_expression
from engine.language.sqltypes import Flags, Number, sqltype
from engine.model.diagnostic import Span
from engine.model.tree import Aggregate
from engine.model.types import Scope, TypeKind
from engine.storage.database import Database
from tests.unit.language.env import NOW
from tests.unit.language.orders import EXAMPLE, ORDERS, TABLES

metadata = MetaData()
SQL_TABLES = {
    name: Table(
        name,
        metadata,
        *(Column(field, sqltype(given)) for field, given in table.fields.items() if field not in table.computed),
        Column("flags", Flags()),
    )
    for name, table in TABLES.items()
}
ORDER = SQL_TABLES["orders"]
SOURCE = {
    "id": "7", "phone": "138", "sku": "A", "shipping_province": "ZJ", "total_price": Decimal("1.00"), "quantity": 2,
    "processed_at": NOW,
}  # fmt: skip


class Tables:
    def table(self, name: str) -> FromClause:
        return SQL_TABLES[name].alias()

    def computed(self, table: str, field: str, row: FromClause) -> ColumnElement[Any]:
        return literal(0, sqltype(TABLES[table].fields[field])) if field == "goods" else literal(timedelta(hours=1))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    made = Database(f"sqlite:///{Path(tmp_path_factory.mktemp('sql')) / 'sql.db'}")
    metadata.create_all(made.engine)
    with made.write() as connection:
        for column in ("amount", "phone", "status", "order_no", "created_at", "province"):
            connection.exec_driver_sql(f"CREATE INDEX by_{column} ON orders ({column})")
        connection.exec_driver_sql("CREATE INDEX by_order ON order_items ('order')")
        connection.execute(insert(ORDER), [{"id": "o1", "amount": Decimal("5.00"), "phone": "138"}])
    yield made
    made.close()


def context(**given: Any) -> sql.SqlContext:
    return sql.SqlContext(Tables(), {"store": "online", "warehouse": "hz", "roles": ("buyer",)}, NOW, source=SOURCE, **given)


def where(text: str, scope: Scope = ORDERS, **given: Any) -> str:
    made = sql.condition(read_expression(text, scope, span=Span(), path="x"), context(**given), (ORDER,))
    return str(made.compile(dialect=sqlite.dialect(), compile_kwargs={"render_postcompile": True})).replace("\n", "")


@pytest.mark.parametrize(("text", "scope"), EXAMPLE)
def test_the_reference_example_runs(database: Database, text: str, scope: Scope) -> None:
    read = read_expression(text, scope, span=Span(), path="x")
    table = SQL_TABLES[scope.table] if scope.table else None
    rows: sql.Rows = (table,)
    known: tuple[dict[str, Any] | None, ...] = ()
    if scope.inner:
        rows, known = (None, SQL_TABLES[scope.inner]), ({"id": "o1"},)
    made = context(records=known, extra={"elapsed": timedelta(hours=1)})
    with database.read() as connection:
        source = rows[-1]
        chosen = select(sql.value(read, made, rows))
        connection.execute(chosen if source is None else chosen.select_from(source)).all()
        if read.type.kind is TypeKind.BOOLEAN and source is not None:
            connection.execute(select(source.c.id).where(sql.condition(read, made, rows))).all()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("amount < 500", "orders.amount < ?"),
        ("not amount < 500", "orders.amount >= ? OR orders.amount IS NULL"),
        ("status != 'pending'", "orders.status != ? OR orders.status IS NULL"),
        (
            "not (status == 'pending' and amount < 5)",
            "orders.status != ? OR orders.status IS NULL OR orders.amount >= ? OR orders.amount IS NULL",
        ),
        ("status in ['pending', 'approved']", "orders.status IN (?, ?)"),
        ("store == user.store", "orders.store = ?"),
        ("phone == remark", "orders.phone IS orders.remark"),
        ("empty(remark)", "orders.remark IS NULL"),
        ("not empty(remark)", "orders.remark IS NOT NULL"),
        ("created_at > now() - hours(24)", "orders.created_at > ?"),
        ("starts_with(order_no, 'SO26')", "orders.order_no >= ? AND orders.order_no < ?"),
        ("not flagged('amount_adds_up')", "instr(orders.flags, ?) = ? OR orders.flags IS NULL"),
        ("'buyer' in user.roles and amount < 5", "orders.amount < ?"),
        ("amount < 5 or 1 > 0", "1 = 1"),
    ],
)
def test_shapes(text: str, wanted: str) -> None:
    assert where(text) == wanted


@pytest.mark.parametrize("text", [text for text, scope in EXAMPLE if scope is ORDERS])
def test_nothing_is_wrapped_around_a_condition(text: str) -> None:
    read = read_expression(text, ORDERS, span=Span(), path="x")
    if read.type.kind is TypeKind.BOOLEAN:
        for each in (text, f"not ({text})"):
            made = where(each).upper()
            assert not made.startswith(("COALESCE", "NOT (("))
            assert " IS TRUE" not in made
            assert " IS 1" not in made


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("amount < 500", "by_amount"),
        ("amount == 500.00", "by_amount"),
        ("status in ['pending', 'approved'] and empty(remark)", "by_status"),
        ("created_at > now() - hours(24)", "by_created_at"),
        ("starts_with(order_no, 'SO26')", "by_order_no"),
        ("in_region(province, '华东')", "by_province"),
        ("phone == user.store", "by_phone"),
        ("count(orders, phone == this.phone and created_at > now() - hours(24)) > 3", "by_phone"),
    ],
)
def test_an_index_serves_it(database: Database, text: str, index: str) -> None:
    made = sql.condition(read_expression(text, ORDERS, span=Span(), path="x"), context(), (ORDER,))
    query = select(ORDER.c.id).where(made)
    explained = query.compile(database.engine, compile_kwargs={"literal_binds": True})
    with database.read() as connection:
        plan = connection.execute(text_of(f"EXPLAIN QUERY PLAN {explained}".replace(":", "\\:"))).all()
    assert any(index in str(line) for line in plan), plan


def test_values_come_back_typed(database: Database) -> None:
    read = read_expression("amount * 2", ORDERS, span=Span(), path="x")
    with database.read() as connection:
        found = connection.execute(select(sql.value(read, context(), (ORDER,)))).scalar()
    assert str(found) == "10.00"


def test_a_known_record_needs_no_row(database: Database) -> None:
    read = read_expression("count(orders, phone == this.phone)", ORDERS, span=Span(), path="x")
    assert isinstance(read.node, Aggregate)
    with database.read() as connection:
        counted = sql.aggregate(read.node, context(records=({"id": "o2", "phone": "138"},)), (None,))
        assert connection.execute(select(counted)).scalar() == 1


def test_a_sum_past_64_bits_is_empty_and_no_error(database: Database) -> None:
    large = Decimal("9999999999999999.99")  # 9 of them fit
    with database.engine.connect() as connection:
        for count, wanted in ((9, large * 9), (10, None)):
            rows = union_all(*(select(literal(large, Number(2)).label("x")) for _ in range(count))).subquery()
            assert connection.scalar(select(sql.total(rows.c.x))) == wanted
