"""What the rows of a chunk will ask of the database, asked once: records to be changed, targets of links, holders of keys.

It decides nothing and refuses nothing: a value that cannot be read is left to the row itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.kinds.protocols import ValueProblem
from engine.model.app import Field, Table
from engine.model.change import Actor, Write
from engine.runtime.shape import UNWRITABLE
from engine.runtime.work import Work
from engine.storage.keys import unique_keys
from engine.storage.prepared import Lock

Row = Mapping[str, Any]


def look_ahead(work: Work, writes: Sequence[Write], actor: Actor) -> None:
    """Fill what the work remembers for these writes."""
    app = work.program.app
    for table in {write.table: app.tables[write.table] for write in writes if write.table in app.tables}.values():
        own = [write for write in writes if write.table == table.name]
        for lock, delete in ((Lock.DELETE, True), (Lock.WRITE, False)):
            ids = (write.id for write in own if write.id is not None and write.delete is delete)
            work.facts.hold_many(table.name, ids, lock)
        _links(work, table, [write.values for write in own])
        _keys(work, table, own)
        for name, child in table.children.items():
            rows = [row for write in own for row in write.children.get(name, ())]
            _links(work, app.tables[child.table], [{**row, child.link: None} for row in rows])


def _links(work: Work, table: Table, rows: Sequence[Row]) -> None:
    for field in table.fields.values():
        if field.kind == "link":
            given = (row.get(field.name) for row in rows)
            work.facts.hold_many(str(field.options["to"]), (id for id in given if isinstance(id, str) and id), Lock.STAY)


def _keys(work: Work, table: Table, writes: Sequence[Write]) -> None:
    """Holders of the keys that new rows bring, and of those by which rows name a record."""
    rows = [write.values for write in writes if write.id is None]
    physical = work.program.tables[table.name]
    for key in unique_keys(physical):
        values = [tuple(_value(work, table.fields[name], row) for name in key) for row in rows]
        work.unit.keys.expect(work.connection, physical, key, values)
        if any(write.match for write in writes):
            ids = {work.unit.keys.holder(physical, key, v) for v in values if None not in v}
            work.facts.hold_many(table.name, (id for id in ids if id is not None), Lock.WRITE)


def _value(work: Work, field: Field, row: Row) -> Any:
    """The value as it will be stored; None where the row gives none that can be read."""
    raw = row.get(field.name, field.default)
    if raw is None or field.kind in UNWRITABLE:
        return None
    kind = work.program.registry.fields[field.kind]
    try:
        return kind.parse(raw if isinstance(raw, str | int) else kind.to_json(raw, field), field)
    except ValueProblem:
        return None
