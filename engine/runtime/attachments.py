"""What a write does to the files in its fields: those that come in are kept, those that leave are let go. Whose a file is
decides the row of the file; whether this field may be written has been decided before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from engine.model.app import Field, Table
from engine.model.problem import Fault, invalid
from engine.model.text import Text
from engine.runtime.work import Work
from engine.storage import files
from engine.storage.files import Spot

KIND = "attachment"


def attachment_fields(table: Table) -> list[Field]:
    """Those fields of a table that hold files."""
    return [field for field in table.fields.values() if field.kind == KIND]


def file_names(connection: Connection, ids: Sequence[str], locale: str) -> str | None:
    """What people called these files, for reading; an erased one has no name any more."""
    found = files.get(connection, ids)
    joint = "、" if locale.startswith("zh") else ", "
    return joint.join(found[id].name or "–" if id in found else "–" for id in ids) or None


def settle(work: Work, table: Table, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    """Part of a write: files that came into a field are kept, those that left it are not. Raises Problem 422 for a file that
    is not this person's to give, whether it exists or not."""
    for field in attachment_fields(table):
        old, new = ((record or {}).get(field.name) or () for record in (before, after))
        if old == new:
            continue
        added, removed = set(new) - set(old), set(old) - set(new)
        # What is said to the database at once must be inside the savepoint that this write stands in.
        work.unit.touch()
        spot = Spot(work.program.app.name, table.name, field.name, after["id"])
        if added and files.keep(work.connection, added, spot, work.actor.user_id, work.instant) != len(added):
            raise invalid((Fault(field.name, "unknown_file", _UNKNOWN.fill(field=field.title)),))
        if removed:
            files.drop(work.connection, removed, work.instant)


def let_go(work: Work, table: Table, record: Mapping[str, Any]) -> None:
    """Part of a deletion: the record's files are in no field any more."""
    ids = {id for field in attachment_fields(table) for id in record.get(field.name) or ()}
    if ids:
        work.unit.touch()
        files.drop(work.connection, ids, work.instant)


_UNKNOWN = Text("「{field}」里有不认识的文件：请重新上传", "{field} names a file that is not known here: upload it again")
