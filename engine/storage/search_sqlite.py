"""The search index on SQLite: triggers keep the narrow table, FTS5's `trigram` holds what is folded into it. Folding in steps,
not with each write: one write alone would cost FTS5 twenty times what the record itself does. Rows behind the mark are looked
through, as all are for one or two characters, which make no trigram.

A changed or deleted record leaves its row without an id until the trigram index has forgotten it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Integer,
    String,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    table,
    update,
)
from sqlalchemy import column as named
from sqlalchemy.sql.expression import ClauseElement, TableClause

from engine.language import forms
from engine.storage.prepared import Question, question
from engine.storage.search_side import SHORTEST, TRIGRAM, Parts, Side

# Fewer new rows than this are looked through in less time than a step of folding takes.
_FEW = 500
_WITH_TRIGRAMS = (3, 34)
_OPENING = 10  # FTS5 keeps its averages in line 1 and its structure in line 10


def able(connection: Connection) -> bool:
    """FTS5 knows trigrams since 3.34, and a build may leave FTS5 out."""
    version = str(connection.exec_driver_sql("SELECT sqlite_version()").scalar_one())
    modules = connection.exec_driver_sql("SELECT name FROM pragma_module_list").scalars()
    return tuple(int(part) for part in version.split(".")[:2]) >= _WITH_TRIGRAMS and "fts5" in set(modules)


def create(connection: Connection, side: Side, by: str) -> None:
    """AUTOINCREMENT: a number that was once given is never given again, even if its row is gone."""
    texts = ", ".join(side.texts)
    connection.exec_driver_sql(f"CREATE TABLE {side.name} (n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, {texts})")
    if by == TRIGRAM:
        options = "content='', tokenize='trigram case_sensitive 1'"
        connection.exec_driver_sql(f"CREATE VIRTUAL TABLE {_fts(side).name} USING fts5({texts}, {options})")
    for statement in _triggers(connection, side):
        connection.exec_driver_sql(statement)


def _triggers(connection: Connection, side: Side) -> Iterator[str]:
    new: dict[str, ColumnElement[str]] = {
        name: literal_column(f'new."{side.table.c[name].name}"') for name in ("id", *side.columns)
    }
    made = side.made()
    adds = _text(connection, insert(made).values(side.copied(new)))
    leaves = _text(connection, update(made).where(made.c.id == literal_column("old.id")).values(id=None))
    of = ", ".join(f'"{side.table.c[name].name}"' for name in side.columns)
    differs = " OR ".join(f"old.{each} IS NOT new.{each}" for each in of.split(", "))
    on = f'ON "{side.table.name}"'
    yield f"CREATE TRIGGER {side.name}_i AFTER INSERT {on} BEGIN {adds}; END"
    yield f"CREATE TRIGGER {side.name}_u AFTER UPDATE OF {of} {on} WHEN {differs} BEGIN {leaves}; {adds}; END"
    yield f"CREATE TRIGGER {side.name}_d AFTER DELETE {on} BEGIN {leaves}; END"


def _text(connection: Connection, statement: ClauseElement) -> str:
    return str(statement.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True}))


def stop(connection: Connection, side: Side) -> None:
    """Keep it no longer."""
    for kind in "iud":
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {side.name}_{kind}")


def kept(connection: Connection, side: Side) -> bool:
    """All three triggers."""
    master = table("sqlite_master", named("type"), named("name"))
    wanted = [f"{side.name}_{kind}" for kind in "iud"]
    query = select(func.count()).select_from(master).where(master.c.type == "trigger", master.c.name.in_(wanted))
    return connection.scalar(query) == len(wanted)


def clear(connection: Connection, side: Side, most: int) -> bool:
    """Some of it at a time, since SQLite may overwrite each page that it sets free. FTS5 opens a table only with its first
    lines, so those stay to the last."""
    for name, key, first in ((f"{side.name}_f_data", "id", _OPENING), (side.name, "n", 0)):
        if connection.dialect.has_table(connection, name):
            part = table(name, named(key))
            some = select(part.c[key]).where(part.c[key] > first).limit(most)
            if connection.execute(delete(part).where(part.c[key].in_(some))).rowcount == most:
                return True
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {side.name}")
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {_fts(side).name}")
    return False


def _fts(side: Side) -> TableClause:
    """FTS5 takes its commands in a column called like the table itself."""
    name = f"{side.name}_f"
    return table(name, named("rowid"), named(name), *(named(text) for text in side.texts))


def waiting(connection: Connection, side: Side, folded: int) -> bool:
    """Enough new rows, or rows to forget."""
    made = side.made()
    last = connection.scalar(select(func.max(made.c.n))) or 0
    forgotten = select(made.c.n).where(made.c.id.is_(None)).limit(_FEW)
    return last - folded >= _FEW or len(connection.execute(forgotten).all()) >= _FEW


def fold(connection: Connection, side: Side, folded: int, most: int) -> int:
    """New rows go in, rows without an id go out, each with the texts it went in with."""
    made, fts, texts = side.made(), _fts(side), side.texts
    new = select(made.c.n).where(made.c.n > folded).order_by(made.c.n).limit(most).subquery()
    last = connection.scalar(select(func.max(new.c.n))) or folded
    gone = connection.execute(select(made.c.n).where(made.c.id.is_(None), made.c.n <= last).limit(most)).scalars().all()
    values = [made.c[text] for text in texts]
    known = and_(made.c.n.in_(gone), made.c.n <= folded)
    forgets = select(literal_column("'delete'"), made.c.n, *values).where(known)
    connection.execute(insert(fts).from_select([fts.name, "rowid", *texts], forgets))
    connection.execute(delete(made).where(made.c.n.in_(gone)))
    adds = select(made.c.n, *values).where(made.c.n > folded, made.c.n <= last)
    connection.execute(insert(fts).from_select(["rowid", *texts], adds))
    return last


def found(connection: Connection, side: Side, by: str, folded: int, parts: Parts, most: int) -> list[str]:
    """By trigram what is folded, the rest by looking."""
    dialect, every = connection.dialect, [part for texts in parts.values() for part in texts]
    looked = _looked(side, tuple((name, len(texts)) for name, texts in parts.items()), dialect)
    sought = {f"part_{n}": part for n, part in enumerate(every)}
    if by != TRIGRAM or any(len(part) < SHORTEST for part in every):
        return _ids(looked, connection, {**sought, "most": most})
    ids = _ids(_hits(side, dialect), connection, {"wanted": _wanted(side, parts), "most": most})
    return ids if len(ids) == most else [*ids, *_ids(looked, connection, {**sought, "behind": folded, "most": most})][:most]


def _ids(question: Question, connection: Connection, values: Mapping[str, Any]) -> list[str]:
    return [row["id"] for row in question.dicts(connection, values)]


@lru_cache(maxsize=1024)
def _hits(side: Side, dialect: Dialect) -> Question:
    """Of the folded rows, those that fit `wanted`."""
    made, fts = side.made(), _fts(side)
    match: ColumnElement[bool] = literal_column(fts.name).op("MATCH", is_comparison=True)(bindparam("wanted", "", String()))
    hits = select(made.c.id).join(fts, fts.c.rowid == made.c.n).where(made.c.id.is_not(None), match)
    return question(hits.limit(bindparam("most", 0, Integer())), dialect)


@lru_cache(maxsize=1024)
def _looked(side: Side, shape: tuple[tuple[str, int], ...], dialect: Dialect) -> Question:
    """Of the rows `behind` a mark, those with one of the parts in them; `shape`: how many parts of each field there are."""
    made = side.made()
    columns = [made.c[side.text(name)] for name, count in shape for _ in range(count)]
    fits = (forms.position(column, bindparam(f"part_{n}", "", String())) > 0 for n, column in enumerate(columns))
    looked = select(made.c.id).where(made.c.id.is_not(None), or_(*fits), made.c.n > bindparam("behind", 0, Integer()))
    return question(looked.limit(bindparam("most", 0, Integer())), dialect)


def _wanted(side: Side, parts: Parts) -> str:
    """FTS5's own words: `{c0 c2} : ("138" OR "0013")`; a text in quotes is looked for as it stands."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for name, texts in parts.items():
        alike.setdefault(tuple(texts), []).append(side.text(name))
    quoted = {texts: " OR ".join('"' + part.replace('"', '""') + '"' for part in texts) for texts in alike}
    return " OR ".join(f"({{{' '.join(columns)}}} : ({quoted[texts]}))" for texts, columns in alike.items())
