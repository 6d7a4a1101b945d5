"""An index that is made in chunks on SQLite: at each commit the database is whole, whoever writes meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, Index, Integer, MetaData, String, Table, insert, text
from sqlalchemy.exc import IntegrityError

from engine.storage.database import Database
from engine.storage.migrate import Pace, widening

RECORDS = 200
PACE = Pace(first=7, fewest=7, seconds=0.0)
metadata = MetaData()
things = Table(
    "the things",
    metadata,
    Column("id", String(26), primary_key=True, nullable=False),
    Column("order", String, key="place"),
    Column("n", Integer),
)


class Broken(Exception):
    """In place of the end of the process."""


def index(*, unique: bool = False) -> Index:
    made = Table("the things", MetaData(), *(Column(c.name, c.type, key=c.key, primary_key=c.primary_key) for c in things.c))
    columns = [made.c.place] if unique else [made.c.place, made.c.id]
    return Index("the things__by_order", *columns, unique=unique)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'd.db'}")
    with opened.write() as connection:
        metadata.create_all(connection)
        rows = [{"id": f"{n:03}", "place": None if n % 7 == 0 else f"s{n % 90}", "n": n} for n in range(RECORDS)]
        connection.execute(insert(things), rows)
    yield opened
    opened.close()


def build(database: Database, made: Index, probe: Callable[[str], None]) -> None:
    assert made.table is not None
    widening.build(database, made.table, made, PACE, probe)


def look(database: Database) -> tuple[str, list[tuple[str, bool]]]:
    """What SQLite finds wrong, and the indexes with whether they are partial; as another process sees it."""
    other = Database(str(database.engine.url))
    try:
        with other.read() as connection:
            wrong = str(connection.exec_driver_sql("PRAGMA integrity_check").scalar_one())
            listed = connection.exec_driver_sql("SELECT name, partial FROM pragma_index_list('the things') WHERE origin = 'c'")
            return wrong, [(row.name, bool(row.partial)) for row in listed]
    finally:
        other.close()


def found(connection: Connection, place: str) -> int:
    query = text('SELECT count(*) FROM "the things" INDEXED BY "the things__by_order" WHERE "order" = :place')
    return int(connection.execute(query, {"place": place}).scalar_one())


def test_each_commit_leaves_a_whole_database_and_the_last_one_the_whole_index(database: Database) -> None:
    seen: list[tuple[str, list[tuple[str, bool]]]] = []
    build(database, index(), lambda step: seen.append(look(database)))
    seen.append(look(database))
    assert {wrong for wrong, _ in seen} == {"ok"}
    assert len(seen) > 5
    assert all(partial for _, listed in seen[1:-1] for _, partial in listed)
    assert seen[-1][1] == [("the things__by_order", False)]
    with database.read() as connection:
        declared = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        ).scalar_one()
        plan = connection.exec_driver_sql('EXPLAIN QUERY PLAN SELECT id FROM "the things" ORDER BY "order", id').all()
        tables = list(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
    assert "WHERE" not in declared
    assert "USING COVERING INDEX the things__by_order" in str(plan)
    assert tables == ["the things"]


def test_what_others_write_between_chunks_is_in_it(database: Database) -> None:
    others = Database(str(database.engine.url))
    steps = 0
    real = database.write

    def after_others(hold: object = None) -> object:
        nonlocal steps
        with others.write() as connection:
            connection.execute(insert(things), {"id": f"9{steps:03}", "place": "new", "n": 1000 + steps})
            connection.exec_driver_sql('UPDATE "the things" SET "order" = ? WHERE n IN (?, ?)', ("moved", steps, 199 - steps))
            connection.exec_driver_sql('DELETE FROM "the things" WHERE n IN (?, ?)', (60 + steps, 140 - steps))
        steps += 1
        return real(hold)  # type: ignore[arg-type]

    database.write = after_others  # type: ignore[assignment, method-assign]
    build(database, index(), lambda step: None)
    others.close()
    assert look(database) == ("ok", [("the things__by_order", False)])
    with database.read() as connection:
        for place in ("new", "moved", "s5", "s60"):
            plain = connection.exec_driver_sql('SELECT count(*) FROM "the things" NOT INDEXED WHERE "order" = ?', (place,))
            assert found(connection, place) == plain.scalar_one()
        assert found(connection, "new") == steps
    assert 5 < steps < 60


def test_doubles_are_told_and_the_part_that_is_there_can_go(database: Database) -> None:
    with pytest.raises(IntegrityError):
        build(database, index(unique=True), lambda step: None)
    assert look(database) == ("ok", [("the things__by_order", True)])
    with database.write() as connection:
        widening.drop_partial(connection, "the things", "the things__by_order")
    assert look(database) == ("ok", [])


@pytest.mark.parametrize("last", ["index begun", "index chunk", "index built"])
def test_broken_off_at_any_commit_it_is_whole_and_begins_anew(database: Database, last: str) -> None:
    def end(step: str) -> None:
        if step == last:
            raise Broken

    with pytest.raises(Broken):
        build(database, index(), end)
    wrong, listed = look(database)
    assert wrong == "ok"
    assert all(partial for _, partial in listed)
    with database.write() as connection:
        connection.execute(insert(things), {"id": "999", "place": "s1", "n": 1})
    build(database, index(), lambda step: None)
    assert look(database) == ("ok", [("the things__by_order", False)])


def test_nobody_can_write_the_schema_afterwards(database: Database) -> None:
    build(database, index(), lambda step: None)
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA writable_schema").scalar_one() == 0
