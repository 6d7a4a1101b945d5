"""How a value of one kind becomes a value of another: what the old kind writes, the new kind reads, exactly or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Connection, MetaData, String, Table, select
from sqlalchemy import Table as SqlTable

from engine.kinds.protocols import ValueProblem
from engine.kinds.registry import Registry
from engine.model.app import Field
from engine.model.text import Text
from engine.model.types import TypeKind
from engine.storage.migrate.steps import EXAMPLES, Conversion

CHUNK = 5_000
_MISSING = ValueProblem("unknown_record", Text("没有这条记录", "There is no such record"))


def converter(old: Field, new: Field, registry: Registry, called: Mapping[str, str]) -> Callable[[Any], Any]:
    """Python value → Python value. `called`: choices or states by their old names, where they have another now."""
    write, read = registry.fields[old.kind].to_json, registry.fields[new.kind].parse

    def convert(value: Any) -> Any:
        given = write(value, old)
        if isinstance(given, str) and given in called:
            given = called[given]
        try:
            return read(given, new)
        except ValueProblem:
            if isinstance(given, bool) or not isinstance(given, int) or new.type.kind is not TypeKind.TEXT:
                raise
            return read(str(given), new)

    return convert


@dataclass
class Examined:
    """What a conversion would do to the values that are there now. `failed` counts those that cannot be taken over."""

    values: int = 0
    changed: int = 0
    failed: int = 0
    examples: list[str] = field(default_factory=list)
    why: Text | None = None


def examine(connection: Connection, physical: str, conversion: Conversion) -> Examined:
    """Try every value; nothing is written."""
    found = Examined()
    for rows in _chunks(connection, source_table(physical, [conversion])):
        for id, value, result in convert_all(connection, conversion, rows):
            found.values += 1
            if isinstance(result, ValueProblem):
                found.failed += 1
                found.why = found.why or result.message
                if len(found.examples) < EXAMPLES:
                    found.examples.append(id)
            elif result != value:
                found.changed += 1
    return found


def source_table(physical: str, conversions: Sequence[Conversion]) -> SqlTable:
    """The columns to read from, by their number."""
    columns = [Column(each.source, each.source_type, key=f"from_{n}") for n, each in enumerate(conversions)]
    return Table(physical, MetaData(), Column("id", String(26), primary_key=True), *columns)


def _chunks(connection: Connection, source: SqlTable) -> Iterator[list[tuple[str, Any]]]:
    last = ""
    while True:
        query = select(source.c.id, source.c.from_0).where(source.c.id > last, source.c.from_0.is_not(None))
        rows = [(row[0], row[1]) for row in connection.execute(query.order_by(source.c.id).limit(CHUNK))]
        if not rows:
            return
        yield rows
        last = rows[-1][0]


def convert_all(
    connection: Connection, conversion: Conversion, rows: Sequence[tuple[str, Any]]
) -> Iterator[tuple[str, Any, Any]]:
    """(id, value, what it becomes or the ValueProblem) of values that are not empty."""
    results: list[tuple[str, Any, Any]] = []
    known: dict[Any, Any] = {}
    for id, value in rows:
        if value is None:
            continue
        if not isinstance(value, str | int) or value not in known:
            try:
                result = conversion.convert(value)
            except ValueProblem as problem:
                result = problem
            if isinstance(value, str | int) and len(known) < CHUNK:
                known[value] = result
            results.append((id, value, result))
        else:
            results.append((id, value, known[value]))
    if conversion.target is None:
        yield from results
        return
    there = _existing(connection, conversion.target, {r for _, _, r in results if isinstance(r, str)})
    yield from ((id, value, r if isinstance(r, ValueProblem) or r in there else _MISSING) for id, value, r in results)


def _existing(connection: Connection, physical: str, ids: set[str]) -> set[str]:
    target = Table(physical, MetaData(), Column("id", String(26), primary_key=True))
    found: set[str] = set()
    wanted = sorted(ids)
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        found |= set(connection.execute(select(target.c.id).where(target.c.id.in_(part))).scalars())
    return found
