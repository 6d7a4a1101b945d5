"""The definition that runs under the names of the one that comes, so that what is only called otherwise is no change: nobody
loses or gains anything by a name, and everything that mentions it means the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

from engine.definition.load import load
from engine.definition.rename import rename
from engine.kinds.registry import Registry
from engine.model.app import App
from engine.model.connector import Catalogue
from engine.model.problem import Problem
from engine.storage.migrate import Wanted


def called_anew(
    files: Mapping[str, bytes], running: App, renamings: Iterator[tuple[str, str]], catalogue: Catalogue, registry: Registry
) -> App:
    """`files`: those of `running`; `renamings`: (address, new name), tables first. What cannot be renamed stays as it is."""
    before = files
    for path, name in renamings:
        with suppress(Problem):
            files = rename(files, path, name, catalogue=catalogue, registry=registry).files
    found = load(files, catalogue, registry).app if files is not before else None
    return found or running


def renamings(coming: App, wanted: Wanted) -> Iterator[tuple[str, str]]:
    """What `wanted` says of tables and fields, and `was:` of states and choices."""
    for table in coming.tables.values():
        if table.name in wanted.tables:
            yield f"tables.{wanted.tables[table.name]}", table.name
        for name, old in wanted.fields.get(table.name, {}).items():
            if name in table.fields:
                yield f"tables.{table.name}.fields.{old}", name
        for field in table.fields.values():
            for choice in field.choices.values():
                if choice.was and field.kind != "state":
                    yield f"tables.{table.name}.fields.{field.name}.choices.{choice.was}", choice.name
        for state in table.flow.states.values() if table.flow is not None else ():
            if state.was:
                yield f"tables.{table.name}.flow.states.{state.was}", state.name
