"""The search index on PostgreSQL: triggers keep the narrow table, pg_trgm's GIN stands over it and takes each row itself.
Without the extension (creating it may be forbidden) the narrow table is looked through: right, and slower. One and two
characters, which make no trigram, are looked for like that in any case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ClauseElement, Connection, delete, func, literal_column, or_, select, table, text
from sqlalchemy import column as named
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.exc import DBAPIError

from engine.storage.search_side import TRIGRAM, Parts, Side

_TRIGGERS = table("pg_trigger", named("tgname"), named("tgrelid"))
_HOME_OF_TRIGRAMS = text("SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'pg_trgm'")


def able(connection: Connection) -> bool:
    """pg_trgm is there, or may be made: in `public`, since one serves all schemas of a database."""
    if connection.scalar(_HOME_OF_TRIGRAMS) is not None:
        return True
    try:
        with connection.begin_nested():
            connection.execute(text("CREATE EXTENSION pg_trgm SCHEMA public"))
    except DBAPIError:
        return False
    return True


def create(connection: Connection, side: Side, by: str) -> None:
    """The index stands before the first row, so that no row ever waits for it to be built."""
    made = side.made()
    columns = ", ".join(f'{each} text COLLATE "C"' for each in side.texts)
    connection.execute(text(f'CREATE TABLE {side.name} (id varchar(26) COLLATE "C" PRIMARY KEY, {columns})'))
    if by == TRIGRAM:
        home = connection.scalar(_HOME_OF_TRIGRAMS)
        texts = ", ".join(f"{each} {home}.gin_trgm_ops" for each in side.texts)
        connection.execute(text(f"CREATE INDEX {side.name}_f ON {made.name} USING gin ({texts})"))
    for statement in _triggers(connection, side):
        connection.exec_driver_sql(statement)


def _triggers(connection: Connection, side: Side) -> Iterator[str]:
    """Rows made and deleted come in sets; a trigger that is told which columns change must go row by row."""
    columns = {name: f'"{side.table.c[name].name}"' for name in ("id", *side.columns)}
    new: dict[str, Any] = {name: literal_column(f"new_rows.{each}") for name, each in columns.items()}
    one: dict[str, Any] = {name: literal_column(f"NEW.{each}") for name, each in columns.items()}
    made = side.made()
    set_wise = select(*side.copied(new).values()).select_from(table("new_rows"))
    all_rows = _upsert(connection, side, insert(made).from_select(["id", *side.texts], set_wise))
    one_row = _upsert(connection, side, insert(made).values(side.copied(one)))
    leave = _text(connection, delete(made).where(made.c.id.in_(select(literal_column("id")).select_from(table("old_rows")))))
    of = ", ".join(columns[name] for name in side.columns)
    differs = " OR ".join(f"OLD.{columns[name]} IS DISTINCT FROM NEW.{columns[name]}" for name in side.columns)
    on = f'ON "{side.table.name}"'
    set_of = "REFERENCING {} TABLE AS {} FOR EACH STATEMENT"
    for kind, body in (("i", all_rows), ("u", one_row), ("d", leave)):
        body_of = f"CREATE FUNCTION {side.name}_{kind}() RETURNS trigger LANGUAGE plpgsql"
        yield f"{body_of} AS $body$ BEGIN {body}; RETURN NULL; END $body$"
    run = f"EXECUTE FUNCTION {side.name}"
    yield f"CREATE TRIGGER {side.name}_i AFTER INSERT {on} {set_of.format('NEW', 'new_rows')} {run}_i()"
    yield f"CREATE TRIGGER {side.name}_u AFTER UPDATE OF {of} {on} FOR EACH ROW WHEN ({differs}) {run}_u()"
    yield f"CREATE TRIGGER {side.name}_d AFTER DELETE {on} {set_of.format('OLD', 'old_rows')} {run}_d()"


def _upsert(connection: Connection, side: Side, statement: Insert) -> str:
    values = {each: statement.excluded[each] for each in side.texts}
    return _text(connection, statement.on_conflict_do_update(index_elements=["id"], set_=values))


def _text(connection: Connection, statement: ClauseElement) -> str:
    return str(statement.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True}))


def stop(connection: Connection, side: Side) -> None:
    """Keep it no longer."""
    for kind in "iud":
        connection.execute(text(f"DROP FUNCTION IF EXISTS {side.name}_{kind} CASCADE"))


def kept(connection: Connection, side: Side) -> bool:
    """All three triggers."""
    wanted = [f"{side.name}_{kind}" for kind in "iud"]
    of = func.to_regclass(side.table.name)
    query = select(func.count()).where(_TRIGGERS.c.tgname.in_(wanted), _TRIGGERS.c.tgrelid == of)
    return connection.scalar(query) == len(wanted)


def clear(connection: Connection, side: Side, most: int) -> bool:
    """PostgreSQL drops a file at once."""
    connection.execute(text(f"DROP TABLE IF EXISTS {side.name}"))
    return False


def waiting(connection: Connection, side: Side, folded: int) -> bool:
    """The index takes each row itself."""
    return False


def fold(connection: Connection, side: Side, folded: int, most: int) -> int:
    """Nothing to do."""
    return folded


def found(connection: Connection, side: Side, by: str, folded: int, parts: Parts, most: int) -> list[str]:
    """By LIKE, which the index serves from three characters on."""
    made = side.made()
    pairs = [(made.c[side.text(name)], part) for name, texts in parts.items() for part in texts]
    like = or_(*(column.contains(part, autoescape=True) for column, part in pairs))
    return list(connection.execute(select(made.c.id).where(like).limit(most)).scalars())
