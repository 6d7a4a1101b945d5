"""What is safe is done; what would misread or lose data is refused; what no longer has a name is left alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import Boolean, Column, Index, MetaData, String, Table, inspect
from sqlalchemy.types import TypeEngine

from engine.language.sqltypes import Day, Instant, Number, Seconds
from engine.storage import migrate
from engine.storage.database import Database
from engine.storage.migrate import PlanStep, Risk
from tests.unit.storage.failing import taken_back


def table(*columns: Column[object] | Index) -> Table:
    return Table("app__things", MetaData(), Column("id", String(26), primary_key=True), *columns)


def publish(database: Database, given: Table) -> Sequence[PlanStep]:
    with database.write() as connection:
        steps = migrate.plan(connection, [given])
        assert all(step.risk is Risk.SAFE for step in steps), [step.message.en for step in steps]
        migrate.apply(connection, steps)
        return steps


def test_a_new_table_then_a_column_then_an_index(database: Database) -> None:
    assert [step.message.en for step in publish(database, table())] == ["Create table app__things"]
    assert publish(database, table()) == []
    more = table(Column("name", String), Index("app__things__by_name", "name"))
    assert [step.message.en for step in publish(database, more)] == [
        "Add column name to app__things",
        "Create index app__things__by_name",
    ]
    assert publish(database, table(Column("name", String), Index("app__things__by_name", "name"))) == []


def test_a_new_table_brings_its_indexes(database: Database) -> None:
    publish(database, table(Column("name", String), Index("app__things__key_name", "name", unique=True)))
    assert publish(database, table(Column("name", String), Index("app__things__key_name", "name", unique=True))) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (String(), Number(0)),
        (Number(2), Number(3)),
        (Number(0), Number(2)),
        (Number(0), Seconds()),
        (Number(0), Boolean()),
        (Instant(), Day()),
        (Instant(), String(26)),
        (String(), String(26)),
    ],
)
def test_another_type_is_refused_even_if_the_database_would_not_know_the_difference(
    database: Database, before: TypeEngine[object], after: TypeEngine[object]
) -> None:
    publish(database, table(Column("value", before)))
    with database.read() as connection:
        (step,) = migrate.plan(connection, [table(Column("value", after))])
    assert step.risk is Risk.REFUSED
    assert "value" in step.message.zh


def test_a_column_that_comes_back_with_another_type_is_refused(database: Database) -> None:
    publish(database, table(Column("value", Number(2))))
    publish(database, table())
    with database.read() as connection:
        assert [step.risk for step in migrate.plan(connection, [table(Column("value", Number(0)))])] == [Risk.REFUSED]
        assert migrate.plan(connection, [table(Column("value", Number(2)))]) == []


def test_a_column_that_nothing_names_any_more_is_left(database: Database) -> None:
    publish(database, table(Column("old", String)))
    assert publish(database, table()) == []
    with database.read() as connection:
        assert {column["name"] for column in inspect(connection).get_columns("app__things")} == {"id", "old"}


def test_a_key_that_is_no_longer_declared_binds_no_longer(database: Database) -> None:
    publish(database, table(Column("name", String), Index("app__things__key_name", "name", unique=True)))
    (step,) = publish(database, table(Column("name", String)))
    assert step.message.en == "Drop index app__things__key_name"
    assert publish(database, table(Column("name", String))) == []
    with database.read() as connection:
        assert inspect(connection).get_indexes("app__things") == []


def test_what_a_failed_publish_did_is_taken_back(database: Database) -> None:
    first = table(Column("value", Number(2)))
    taken_back(database, lambda connection: migrate.apply(connection, migrate.plan(connection, [first])))
    publish(database, table(Column("value", Number(0))))
