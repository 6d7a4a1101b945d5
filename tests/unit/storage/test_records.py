"""Rows in and out; a key that is taken names its columns."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import Column, Connection, Index, MetaData, String, Table, select
from sqlalchemy.exc import IntegrityError

from engine.language.sqltypes import Flags, Number
from engine.storage import prepared, records
from engine.storage.database import Database
from engine.storage.records import DuplicateKey
from tests.databases import ON_BOTH

pytestmark = ON_BOTH

THINGS = Table(
    "app__things",
    MetaData(),
    Column("id", String(26), primary_key=True),
    Column("owner", String),
    Column("a", String),
    Column("b", String),
    Column("amount", Number(2)),
    Column("must", String, nullable=False),
    Column("flags", Flags()),
    Index("key", "a", "b", unique=True),
)


@pytest.fixture
def connection(database: Database):
    with database.write() as connection:
        THINGS.create(connection)
        yield connection


def thing(id: str, **values: object) -> dict[str, object]:
    empty = {column.name: None for column in THINGS.columns}
    return {**empty, "must": "x", "flags": frozenset(), "id": id, **values}


def test_a_record_comes_back_as_it_went_in(connection: Connection) -> None:
    given = thing("1", a="王", amount=Decimal("12.30"), flags=frozenset({"late"}))
    records.add(connection, THINGS, given)
    assert records.get(connection, THINGS, "1") == given
    assert records.get(connection, THINGS, "2") is None
    records.change(connection, THINGS, "1", {"amount": Decimal("-0.01"), "a": None})
    assert records.get(connection, THINGS, "1") == {**given, "amount": Decimal("-0.01"), "a": None}
    records.remove(connection, THINGS, "1")
    assert records.get(connection, THINGS, "1") is None


def test_a_taken_key_names_its_columns(connection: Connection) -> None:
    records.add(connection, THINGS, thing("1", a="x", b="y"))
    records.add(connection, THINGS, thing("2", a="x"))
    records.add(connection, THINGS, thing("3", a="x"))
    with pytest.raises(DuplicateKey) as taken:
        records.add(connection, THINGS, thing("4", a="x", b="y"))
    assert taken.value.fields == ("a", "b")
    with pytest.raises(DuplicateKey) as taken:
        records.change(connection, THINGS, "2", {"b": "y"})
    assert taken.value.fields == ("a", "b")


def test_another_constraint_is_not_taken_for_a_key(connection: Connection) -> None:
    with pytest.raises(IntegrityError):
        records.add(connection, THINGS, thing("1", must=None))


def test_linked_records_are_told_oldest_first(connection: Connection) -> None:
    for id, owner in (("3", "o"), ("1", "o"), ("2", "other"), ("4", None)):
        records.add(connection, THINGS, thing(id, owner=owner))
    assert [record["id"] for record in records.linked(connection, THINGS, "owner", "o")] == ["1", "3"]
    assert set(records.get_many(connection, THINGS, ["1", "4", "9"])) == {"1", "4"}
    assert records.get_many(connection, THINGS, []) == {}


def test_a_prepared_statement_binds_as_sqlalchemy_does(connection: Connection) -> None:
    records.add(connection, THINGS, thing("1", amount=Decimal("0.07"), flags=frozenset({"b", "a"})))
    raw = connection.exec_driver_sql("SELECT amount, flags FROM app__things").one()
    assert tuple(raw) == ({"sqlite": 7, "postgresql": Decimal("0.07")}[connection.dialect.name], '["a","b"]')
    assert connection.scalar(select(THINGS.c.amount).where(THINGS.c.amount == Decimal("0.07"))) == Decimal("0.07")
    assert prepared.insert_into(THINGS, connection.dialect) is prepared.insert_into(THINGS, connection.dialect)


def test_prepared_values_are_bound_never_written_into_the_text(connection: Connection) -> None:
    nasty = "'); DROP TABLE app__things; --"
    records.add(connection, THINGS, thing("1", a=nasty))
    records.change(connection, THINGS, "1", {"b": nasty})
    record = records.get(connection, THINGS, "1")
    assert record is not None
    assert (record["a"], record["b"]) == (nasty, nasty)


def test_a_transaction_of_prepared_statements_alone_is_committed(database: Database) -> None:
    with database.write() as connection:
        THINGS.create(connection)
    with database.write() as connection:
        records.add(connection, THINGS, thing("1"))
    with database.read() as connection:
        assert records.get(connection, THINGS, "1") is not None
