"""The search index tells every record that can fit, in whatever way it was written, and says so when it cannot tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    Table,
    bindparam,
    delete,
    event,
    insert,
    inspect,
    select,
    text,
    update,
)

from engine.language import letters
from engine.language.sqltypes import Number, words
from engine.storage import search_index
from engine.storage.database import Database
from engine.storage.search_side import SEARCHED, side_of
from engine.storage.system import metadata

FIELDS = ("name", "phone", "remark")
_LETTERS = "王伟芳李aAbBÄäΣσςİ1230-_%'\" *"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "postgresql":
        with request.getfixturevalue("postgres_cluster").database() as engine:
            metadata.create_all(engine)
            yield engine
        return
    database = Database(f"sqlite:///{tmp_path}/own.db")
    event.listen(database.engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    metadata.create_all(database.engine)
    yield database.engine
    database.close()


def things(*fields: str, name: str = "app__things") -> Table:
    texts = (Column(field, words()) for field in fields)
    made = Table(name, MetaData(), Column("id", words(26), primary_key=True), Column("pieces", Number()), *texts)
    made.info[SEARCHED] = fields
    return made


THINGS = things(*FIELDS)


def fits(connection: Connection, table: Table, part: str, fields: tuple[str, ...]) -> set[str]:
    rows = connection.execute(select(table.c.id, *(table.c[f] for f in fields)))
    return {row[0] for row in rows if any(part in letters.lower(value or "") for value in row[1:])}


def found(
    connection: Connection, table: Table, part: str, fields: tuple[str, ...] = FIELDS, most: int = 10_000
) -> set[str] | None:
    ids = search_index.candidates(connection, table, dict.fromkeys(fields, (part,)), most)
    assert ids is None or len(ids) == len(set(ids))
    return None if ids is None else set(ids)


def row(random: Random, number: int) -> dict[str, object]:
    made = {f: "".join(random.choices(_LETTERS, k=random.randrange(8))) or None for f in FIELDS}
    return {"id": f"r{number:05d}", "pieces": number, **made}


def settle(engine: Engine, table: Table) -> int:
    """Steps until nothing is left to do."""
    steps = 0
    while True:
        with engine.begin() as connection:
            if not search_index.advance(connection, [table]):
                return steps
        steps += 1


def writes(connection: Connection, random: Random, number: int) -> None:
    """One of the ways in which rows are written."""
    ids = list(connection.execute(select(THINGS.c.id)).scalars())
    some = random.sample(ids, min(len(ids), 3))
    match random.randrange(5):
        case 0:
            connection.execute(insert(THINGS), [row(random, number), row(random, number + 1)])
        case 1:
            copied = select(THINGS.c.id.concat(f"x{number}"), THINGS.c.pieces, *(THINGS.c[f] for f in FIELDS))
            names = ["id", "pieces", *FIELDS]
            connection.execute(insert(THINGS).from_select(names, copied.where(THINGS.c.id.in_(some))))
        case 2:
            changed = [{"the_id": id, "to": row(random, 0)["name"]} for id in some]
            if changed:
                statement = update(THINGS).where(THINGS.c.id == bindparam("the_id")).values(name=bindparam("to"))
                connection.execute(statement, changed)
        case 3:
            connection.execute(update(THINGS).where(THINGS.c.id.in_(some)).values(pieces=7, remark=THINGS.c.phone))
        case 4:
            connection.execute(delete(THINGS).where(THINGS.c.id.in_(some)))


@pytest.mark.parametrize("seed", range(4))
def test_candidates_are_the_records_that_fit_after_every_kind_of_write(
    engine: Engine, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.storage.search_sqlite._FEW", 5)
    random = Random(seed)
    with engine.begin() as connection:
        THINGS.create(connection)
        connection.execute(insert(THINGS), [row(random, n) for n in range(40)])
        search_index.ensure(connection, [THINGS])
    for turn in range(40):
        with engine.begin() as connection:
            writes(connection, random, 1000 + 2 * turn)
            if turn % 7 == 0:
                search_index.advance(connection, [THINGS])
            for length in (1, 2, 3, 4):
                part = letters.lower("".join(random.choices(_LETTERS, k=length)))
                assert found(connection, THINGS, part) == fits(connection, THINGS, part, FIELDS)
                assert found(connection, THINGS, part, ("phone",)) == fits(connection, THINGS, part, ("phone",))


def test_what_was_rolled_back_is_not_found(engine: Engine) -> None:
    with engine.begin() as connection:
        THINGS.create(connection)
        search_index.ensure(connection, [THINGS])
    with engine.connect() as connection, connection.begin() as transaction:
        connection.execute(insert(THINGS), [{"id": "a", "name": "王伟请轻放"}])
        assert found(connection, THINGS, "王伟请") == {"a"}
        transaction.rollback()
    with engine.connect() as connection:
        assert found(connection, THINGS, "王伟请") == set()


def test_a_large_table_is_copied_in_steps_and_nobody_is_misled_meanwhile(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "STEP", 10)
    with engine.begin() as connection:
        THINGS.create(connection)
        connection.execute(insert(THINGS), [{"id": f"r{n:03d}", "name": f"name{n:03d}"} for n in range(35)])
        search_index.ensure(connection, [THINGS])
        assert search_index.behind(connection, [THINGS])
        assert found(connection, THINGS, "name") is None
    with engine.begin() as connection:
        connection.execute(update(THINGS).where(THINGS.c.id == "r030").values(name="other"))
        connection.execute(delete(THINGS).where(THINGS.c.id == "r031"))
        connection.execute(insert(THINGS), [{"id": "r005x", "name": "name new"}])
        assert found(connection, THINGS, "other") is None
    assert settle(engine, THINGS) >= 3
    with engine.connect() as connection:
        assert found(connection, THINGS, "name") == fits(connection, THINGS, "name", ("name",))
        assert found(connection, THINGS, "other") == {"r030"}
        assert found(connection, THINGS, "name031") == set()


def test_too_many_is_said_instead_of_a_part(engine: Engine) -> None:
    with engine.begin() as connection:
        THINGS.create(connection)
        connection.execute(insert(THINGS), [{"id": f"r{n}", "name": "alike"} for n in range(11)])
        search_index.ensure(connection, [THINGS])
        assert found(connection, THINGS, "alike", most=10) is None
        assert len(found(connection, THINGS, "alike", most=11) or ()) == 11


def test_other_columns_are_another_index_and_the_old_one_is_cleared_away(engine: Engine) -> None:
    with engine.begin() as connection:
        THINGS.create(connection)
        connection.execute(insert(THINGS), [{"id": "a", "name": "first", "phone": "138", "remark": "third"}])
        search_index.ensure(connection, [THINGS])
    fewer = things("name", "remark")
    with engine.begin() as connection:
        search_index.ensure(connection, [fewer])
        assert found(connection, fewer, "third", ("name", "remark")) == {"a"}
        assert found(connection, THINGS, "third") is None
    settle(engine, fewer)
    made = {name for name in inspect(engine).get_table_names() if "__search_" in name}
    side, old = side_of(fewer), side_of(THINGS)
    assert side is not None
    assert old is not None
    assert side.name in made
    assert not {name for name in made if name.startswith(old.name)}


def test_a_trigger_that_was_lost_is_noticed(engine: Engine) -> None:
    side = side_of(THINGS)
    assert side is not None
    with engine.begin() as connection:
        THINGS.create(connection)
        search_index.ensure(connection, [THINGS])
        on = f" ON {THINGS.name}" if engine.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER {side.name}_i{on}"))
        connection.execute(insert(THINGS), [{"id": "a", "name": "forgotten"}])
        assert found(connection, THINGS, "forgotten") == set()
        search_index.ensure(connection, [THINGS])
        assert found(connection, THINGS, "forgotten") == {"a"}


def test_an_index_goes_with_its_table(engine: Engine) -> None:
    with engine.begin() as connection:
        THINGS.create(connection)
        search_index.ensure(connection, [THINGS])
        search_index.drop(connection, THINGS)
        assert search_index.states(connection) == []
        THINGS.drop(connection)
    assert not [name for name in inspect(engine).get_table_names() if "__search_" in name]


def test_without_trigrams_it_looks_through_the_texts(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"engine.storage.search_{'postgres' if engine.dialect.name == 'postgresql' else 'sqlite'}.able", _never)
    with engine.begin() as connection:
        THINGS.create(connection)
        connection.execute(insert(THINGS), [{"id": "a", "name": "王伟请轻放"}])
        search_index.ensure(connection, [THINGS])
        assert [state.by for state in search_index.states(connection)] == ["scan"]
        assert found(connection, THINGS, "王伟请") == {"a"}


def _never(_: Connection) -> bool:
    return False


@pytest.mark.postgresql
def test_postgresql_that_forbids_extensions_is_searched_all_the_same(postgres: Engine) -> None:
    metadata.create_all(postgres)
    with postgres.begin() as connection:
        connection.execute(text("CREATE ROLE humble"))
        connection.execute(text("GRANT ALL ON SCHEMA public TO humble"))
        connection.execute(text("GRANT ALL ON ALL TABLES IN SCHEMA public TO humble"))
        connection.execute(text("REVOKE CREATE ON DATABASE " + str(postgres.url.database) + " FROM PUBLIC"))
        connection.execute(text("SET LOCAL ROLE humble"))
        THINGS.create(connection)
        search_index.ensure(connection, [THINGS])
        connection.execute(insert(THINGS), [{"id": "a", "name": "王伟请轻放"}])
        assert [state.by for state in search_index.states(connection)] == ["scan"]
        assert found(connection, THINGS, "王伟请") == {"a"}


def test_the_longest_names_fit(engine: Engine) -> None:
    long = things("name", name="a" * 40 + "__" + "t" * 21)
    with engine.begin() as connection:
        long.create(connection)
        search_index.ensure(connection, [long])
        connection.execute(insert(long), [{"id": "a", "name": "in it"}])
        assert found(connection, long, "in it", ("name",)) == {"a"}


def test_a_table_without_texts_has_none(engine: Engine) -> None:
    plain: Mapping[str, tuple[str, ...]] = {}
    table = things()
    with engine.begin() as connection:
        table.create(connection)
        search_index.ensure(connection, [table])
        assert search_index.states(connection) == []
        assert search_index.candidates(connection, table, plain, 10) is None
