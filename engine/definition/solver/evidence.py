"""A model as a record that a person can read, and the proof that it does what is claimed: generated Python is run on it.

What the condition does not need is left out of the record. Children and other tables are not made up: where the condition asks
for them it cannot be run here, and `holds` says so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from engine.definition.solver.problem import Problem, Variable
from engine.definition.solver.search import Model
from engine.definition.solver.space import BEFORE, Space
from engine.kinds.values.typed import to_json
from engine.language.env import Record
from engine.language.python import compile_python
from engine.model.calendar import Calendar
from engine.model.tree import Aggregate, Call, Extra, FieldOf, Find, Node, SourceValue, This, UserFact
from engine.model.types import TEXT, Type, TypeKind

_NOON = time(12, tzinfo=UTC)
_SOME_DAY = datetime(2026, 1, 5, 9, tzinfo=UTC)


def _record(table: str) -> Type:
    return Type(TypeKind.RECORD, table=table)


class _Unknown(Exception):
    """The condition asks for what a witness does not say."""


class _Flags(tuple[str, ...]):
    """Nothing is known of the flags that a check would set."""

    __slots__ = ()

    def __contains__(self, name: object) -> bool:
        raise _Unknown

    def __bool__(self) -> bool:
        return True


@dataclass(slots=True)
class _World:
    """An Env that holds what the model says; `records` by table and id."""

    space: Space
    now: datetime = _SOME_DAY
    old: dict[str, Any] | None = None
    user: dict[str, Any] = field(default_factory=dict)
    source: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    records: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    @property
    def calendar(self) -> Calendar:
        """Working hours are each organisation's own: no definition says them."""
        raise _Unknown

    def link(self, table: str, id: str) -> Record | None:
        return self.record(table, id)

    def record(self, table: str, id: str) -> dict[str, Any]:
        """The record; made blank when it is first asked for."""
        if (table, id) not in self.records:
            self.records[table, id] = self.blank(table, id)
        return self.records[table, id]

    def blank(self, table: str, id: str) -> dict[str, Any]:
        """A record in which everything is empty that is not worked out."""
        of = self.space.app.tables[table]
        worked_out = {name for name, each in of.fields.items() if each.value is not None}
        return {**dict.fromkeys(set(of.types.fields) - worked_out), "id": id, "flags": _Flags()}

    def children(self, table: str, link_field: str, id: str) -> Sequence[Record]:
        raise _Unknown

    def computed(self, table: str, field: str, record: Record) -> Any:
        formula = self.space.app.tables[table].fields[field].value
        return compile_python(formula)(record, self) if formula is not None else None

    def query(self, node: Aggregate | Find, rows: tuple[Record | None, ...]) -> Any:
        raise _Unknown


@dataclass(frozen=True, slots=True)
class Evidence:
    """A model, read back. `wanted`: the variables that matter; all others count as empty."""

    problem: Problem
    model: Model
    wanted: Collection[int]

    def shown(self) -> tuple[tuple[str, Any], ...]:
        """Name and JSON value of what matters, in the order in which the conditions ask for it."""
        found: dict[str, Any] = {}
        for at in sorted(self._told()):
            variable = self.problem.variables[at]
            if variable.node is not None:
                value = self._value(at)
                found[self.problem.space.label(variable.node)] = None if value is None else to_json(value, variable.type)
            elif not self.model[at]:
                found["old"] = None
        return tuple(found.items())

    def holds(self, condition: Node) -> bool | None:
        """Does the condition hold for it? None where it cannot be run."""
        world, rows = self._built()
        try:
            return bool(compile_python(condition)(rows[0], world, *rows[1:]))
        except _Unknown:
            return None

    def _told(self) -> set[int]:
        """A list stands for what it holds, a sum for its parts."""
        found: set[int] = set()
        for at in self.wanted:
            variable = self.problem.variables[at]
            if variable.element is not None:
                found |= {each for each in variable.element[:2] if each is not None}
            else:
                found |= {each for each, _ in variable.parts} or {at}
        return found

    def _value(self, at: int) -> Any:
        variable, number = self.problem.variables[at], self.model[at]
        if number is None:
            return None
        if variable.type.kind is TypeKind.LIST:
            return self._held(at, variable)
        if variable.type.kind is TypeKind.RECORD:
            return self._named(variable, number)
        return self.problem.coding.decode(number, variable.type)

    def _held(self, holder: int, variable: Variable) -> tuple[Any, ...]:
        """What a list must hold; something that nobody named where it only must not be blank."""
        assert variable.type.element is not None
        held: dict[Any, None] = {}
        others: set[int] = set()
        for at, each in enumerate(self.problem.variables):
            if each.element is not None and each.element[0] == holder:
                _, element, constant = each.element
                number = self.model[element] if element is not None else constant
                if number is not None and self.model[at]:
                    held[self.problem.coding.decode(number, variable.type.element)] = None
                elif number is not None:
                    others.add(number)
        return tuple(held) or ((self.problem.coding.unnamed(others),) if self.model[holder] else ())

    def _named(self, variable: Variable, number: int) -> str:
        """A record's id; the record itself may be asked for by the id that its conditions give it."""
        for at, each in enumerate(self.problem.variables):
            if isinstance(each.node, This) and each.type.table == variable.type.table and self.model[at] == number:
                return self._own_id(each.node.row, number)
        return str(self.problem.coding.decode(number, variable.type))

    def _own_id(self, row: int, number: int = 0) -> str:
        named = self.problem.find(FieldOf(row, self._table(row), (), "id", TEXT))
        if named is not None and (code := self.model[named]) is not None:
            return str(self.problem.coding.decode(code, TEXT))
        return f"{self._table(row)}_{number}"

    def _table(self, row: int) -> str:
        space = self.problem.space
        return space.inner if row == 1 and space.inner is not None else space.table

    def _built(self) -> tuple[_World, list[dict[str, Any]]]:
        space, told = self.problem.space, self._told()
        world = _World(space)
        rows = []
        for row in (0, 1) if space.inner is not None else (0,):
            this = self.problem.find(This(row, _record(self._table(row))))
            rows.append(
                world.record(self._table(row), self._own_id(row, (self.model[this] or 0) if this is not None else -row))
            )
        if space.old and not self._made_anew():
            world.old = world.blank(space.table, rows[0]["id"])
        for at, variable in enumerate(self.problem.variables):
            if variable.node is not None and not variable.opaque and (at in told or variable.type.kind is TypeKind.RECORD):
                self._put(variable.node, self._value(at), world, rows)
        return world, rows

    def _made_anew(self) -> bool:
        before = self.problem.before
        return before is not None and not self.model[before]

    def _put(self, node: Node, value: Any, world: _World, rows: list[dict[str, Any]]) -> None:
        match node:
            case FieldOf(name=name):
                record = self._owner(node, world, rows)
                if record is not None:
                    record[name] = value
            case UserFact(name=name):
                world.user[name] = value
            case SourceValue(name=name):
                world.source[name] = value
            case Extra(name=name):
                world.extra[name] = value
            case Call(function="now"):
                world.now = value
            case Call(function="today") if isinstance(value, date):
                world.now = datetime.combine(value, _NOON)

    def _owner(self, node: FieldOf, world: _World, rows: list[dict[str, Any]]) -> dict[str, Any] | None:
        """The record that the field stands in; None if a link on the way is empty."""
        if not node.hops:
            return world.old if node.row == BEFORE else rows[node.row]
        table, link, target = node.hops[-1]
        start = self.problem.find(FieldOf(node.row, table, node.hops[:-1], link, _record(target)))
        id = self._value(start) if start is not None else None
        return world.record(target, id) if id is not None else None
