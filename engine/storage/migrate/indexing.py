"""Indexes of tables that are there: which are new, which go, and whether the records allow a key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Index, Table, inspect, text

from engine.model.text import Text
from engine.storage.migrate import counting, words
from engine.storage.migrate.steps import PlanStep, Risk
from engine.storage.migrate.table_plan import Draft
from engine.storage.migrate.widening import partial_indexes
from engine.storage.tables import WHY


@dataclass
class Indexing:
    """`dropped`: (index, physical table, is it a key)."""

    wanted: list[Index] = field(default_factory=list)
    dropped: list[tuple[str, str, bool]] = field(default_factory=list)
    steps: list[PlanStep] = field(default_factory=list)

    def say(self, risk: Risk, table: str, message: Text, rows: int = 0, examples: tuple[str, ...] = ()) -> None:
        """One line of the plan."""
        self.steps.append(PlanStep(risk, table, message, rows, examples, f"tables.{table}"))


def plan_indexes(connection: Connection, tables: Sequence[tuple[Draft, Table]]) -> Indexing:
    """By the names of indexes, which are made from those of the columns: another column is another index."""
    plan = Indexing()
    for draft, table in tables:
        listed = inspect(connection).get_indexes(table.name)
        broken = broken_indexes(connection, table.name)
        present = {str(each["name"]): bool(each.get("unique")) for each in listed if each["name"] not in broken}
        asked = {str(index.name): index for index in table.indexes}
        ours = {each for each in present if each.startswith((f"{table.name}__key_", f"{table.name}__by_"))}
        fields = {each.column: each.field for each in draft.hidden} | {each.column: key for key, each in draft.kept.items()}
        before = {
            str(each["name"]): (present[str(each["name"])], tuple(fields.get(str(c), str(c)) for c in each["column_names"]))
            for each in listed
            if each["name"] in ours
        }
        after = {
            name: (bool(index.unique), tuple(str(column.key) for column in index.columns)) for name, index in asked.items()
        }
        for gone in sorted(ours - asked.keys()):
            plan.dropped.append((gone, table.name, present[gone]))
            if before[gone] not in after.values():  # else it is the same over another column
                _gone(plan, draft, gone, before[gone][1], key=present[gone])
        for new in sorted(asked.keys() - present.keys()):
            plan.wanted.append(asked[new])
            if after[new] not in before.values():
                _come(plan, connection, draft, asked[new])
    return plan


def _gone(plan: Indexing, draft: Draft, name: str, fields: Sequence[str], *, key: bool) -> None:
    title = draft.table.title
    if key:
        said = words.NO_KEY.fill(table=title, fields=words.titles(_title(draft, each) for each in fields))
    else:
        said = words.NO_INDEX.fill(table=title, name=name)
    plan.say(Risk.SAFE, draft.table.name, said)


def _come(plan: Indexing, connection: Connection, draft: Draft, index: Index) -> None:
    keys = [str(column.key) for column in index.columns]
    fields = words.titles(_title(draft, key) for key in keys)
    slots = {"table": draft.table.title, "fields": fields}
    if not index.unique:
        said = words.INDEX.fill(n=draft.rows, why=index.info.get(WHY, ""), **slots)
        plan.say(Risk.SAFE, draft.table.name, said, draft.rows)
        return
    if all(key in draft.kept for key in keys):
        assert index.table is not None
        found, ids = counting.doubles(connection, index.table.name, [column.name for column in index.columns])
        if found:
            said = words.DOUBLES.fill(n=found, ids=words.listed(ids), **slots)
            plan.say(Risk.REFUSED, draft.table.name, said, found, ids)
            return
    plan.say(Risk.SAFE, draft.table.name, words.KEY.fill(n=draft.rows, **slots), draft.rows)


def _title(draft: Draft, key: str) -> Text:
    known = draft.table.fields.get(key)
    return known.title if known is not None else Text(key, key)


def broken_indexes(connection: Connection, physical: str) -> set[str]:
    """Indexes that a publish left behind half made: PostgreSQL keeps those of CREATE INDEX CONCURRENTLY and does not use them,
    on SQLite they are still over a part of the records."""
    if connection.dialect.name != "postgresql":
        return partial_indexes(connection, physical)
    query = text(
        "SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid "
        "WHERE t.relname = :physical AND NOT x.indisvalid AND pg_table_is_visible(t.oid)"
    )
    return set(connection.execute(query, {"physical": physical}).scalars())
