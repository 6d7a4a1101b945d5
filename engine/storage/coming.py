"""What is about to be published, laid out before it runs, so that every process can make it ready while the old definition runs
on: reading a large definition takes seconds, and nobody should wait for that."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Column, Connection, String, Table, Text, delete, insert, select

from engine.storage.names import Names
from engine.storage.system import metadata

coming_definitions = Table(
    "coming_definitions",
    metadata,
    Column("app", String, primary_key=True),
    Column("mark", String, nullable=False),
    Column("files", Text, nullable=False),
    Column("names", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Coming:
    """`mark` tells two contents apart; `names`: how its tables and columns will be called in the database."""

    mark: str
    files: Mapping[str, bytes]
    names: Names


def lay_out(connection: Connection, app: str, files: Mapping[str, bytes], names: Names) -> None:
    """From the next commit on others see it."""
    withdraw(connection, app)
    text = json.dumps({name: base64.b64encode(content).decode() for name, content in sorted(files.items())})
    called = json.dumps({"tables": dict(names.tables), "columns": {name: dict(each) for name, each in names.columns.items()}})
    row = {"app": app, "mark": mark_of(files), "files": text, "names": called}
    connection.execute(insert(coming_definitions), row)


def withdraw(connection: Connection, app: str) -> None:
    """It runs now, or will not."""
    connection.execute(delete(coming_definitions).where(coming_definitions.c.app == app))


def coming(connection: Connection, app: str) -> Coming | None:
    """What is laid out."""
    row = connection.execute(select(coming_definitions).where(coming_definitions.c.app == app)).one_or_none()
    if row is None:
        return None
    files = {name: base64.b64decode(text) for name, text in json.loads(row.files).items()}
    return Coming(row.mark, files, Names(app, **json.loads(row.names)))


def mark_of(files: Mapping[str, bytes]) -> str:
    """The same for the same files."""
    whole = sha256()
    for name, content in sorted(files.items()):
        whole.update(f"{len(name)} {name} {len(content)} ".encode() + content)
    return whole.hexdigest()
