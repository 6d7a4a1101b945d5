"""Formulas: typed in the order in which they need each other, wherever they stand; circles are found and named."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, ValuesView
from dataclasses import dataclass, replace
from types import MappingProxyType

from engine.definition.build.context import Report
from engine.definition.build.types import implicit_fields
from engine.definition.build.uses import Uses, field_of
from engine.definition.build.walk import nodes
from engine.definition.nodes import Scalar
from engine.language.expression import read_expression
from engine.model.diagnostic import DefinitionError
from engine.model.tree import Call, Expression, FieldOf
from engine.model.types import Scope, TableTypes, Type

_SHOWN = 12
_CLOCK = frozenset({"now", "today", "workhours_between"})
_STEADY = frozenset({"id", "created_at", "created_by"})
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Formula:
    """`stored`: it needs nothing but fields that are stored in its own record."""

    expression: Expression
    stored: bool


def type_formulas(
    texts: Mapping[Key, Scalar], types: Mapping[str, TableTypes], report: Report
) -> tuple[Mapping[Key, Formula], Mapping[str, TableTypes]]:
    """(table, field) → its formula, and the tables with the formulas' types added. What cannot be typed is reported."""
    typing = _Typing(texts, types, report)
    for key in texts:
        typing.settle(key)
    return typing.done, typing.tables()


class _Needed(Exception):
    """Reading a formula came upon another one that has no type yet."""

    def __init__(self, key: Key) -> None:
        super().__init__(key)
        self.key = key


class _Fields(Mapping[str, Type]):
    """The fields of a table while formulas are being typed: to ask for one without a type is to need it first."""

    def __init__(self, table: str, typed: Mapping[str, Type], waiting: Iterable[str]) -> None:
        self.table = table
        self.typed = dict(typed)
        self.waiting = frozenset(waiting)

    def __getitem__(self, name: str) -> Type:
        if name not in self.typed and name in self.waiting:
            raise _Needed((self.table, name))
        return self.typed[name]

    def __contains__(self, name: object) -> bool:
        return name in self.typed or name in self.waiting

    def __iter__(self) -> Iterator[str]:
        return iter({**self.typed, **dict.fromkeys(self.waiting)})

    def __len__(self) -> int:
        return len({*self.typed, *self.waiting})

    def values(self) -> ValuesView[Type]:
        """Those known so far: who looks through all of them does not depend on any."""
        return self.typed.values()


class _Typing:
    """Types each formula once, and before it those that it turns out to need. Its own stack, so that a long chain is no deep
    recursion."""

    def __init__(self, texts: Mapping[Key, Scalar], types: Mapping[str, TableTypes], report: Report) -> None:
        self.texts, self.types, self.report = texts, types, report
        self.done: dict[Key, Formula] = {}
        self.broken: set[Key] = set()
        names: dict[str, list[str]] = {table: [] for table in types}
        for table, name in texts:
            names[table].append(name)
        self.fields = {table: _Fields(table, each.fields, names[table]) for table, each in types.items()}
        self.computed = {table: set(each.computed) for table, each in types.items()}
        self.known = {name: replace(table, fields=self.fields[name], flags=frozenset()) for name, table in types.items()}

    def settle(self, start: Key) -> None:
        """Type a formula, or find it wrong."""
        open_: dict[Key, None] = {start: None}
        while open_:
            key = next(reversed(open_))
            if key not in self.done and key not in self.broken:
                needed = self._attempt(key)
                if needed in open_:
                    self._circle([*open_][[*open_].index(needed) :])
                elif needed is not None and needed not in self.broken:
                    open_[needed] = None
                    continue
                elif needed is not None:
                    self.broken.add(key)
            del open_[key]

    def _attempt(self, key: Key) -> Key | None:
        """Read it; the formula that is needed first, if there is one."""
        try:
            formula = _read(key, self.texts[key], self.known, self.report.uses, self.computed[key[0]])
        except _Needed as needed:
            return needed.key
        except DefinitionError as error:
            self.report.extend(error.diagnostics)
            self.broken.add(key)
            return None
        self.done[key] = formula
        self.fields[key[0]].typed[key[1]] = formula.expression.type
        if not formula.stored:
            self.computed[key[0]].add(key[1])
        return None

    def _circle(self, keys: list[Key]) -> None:
        """Each formula on a circle is told so, as it goes from there; those that only lead to it are not."""
        self.broken |= set(keys)
        for position, (table, name) in enumerate(keys):
            way = [*keys[position:], *keys[:position]]
            shown = [f"{table}.{name}" for table, name in way[:_SHOWN]] + (["…"] if len(way) > _SHOWN else [])
            names = " → ".join([*shown, f"{table}.{name}"])
            self.report.add("formula-cycle", self.texts[(table, name)].span, f"tables.{table}.fields.{name}.value", names=names)

    def tables(self) -> Mapping[str, TableTypes]:
        """The tables with what is known now."""
        return {
            name: replace(table, fields=MappingProxyType(self.fields[name].typed), computed=frozenset(self.computed[name]))
            for name, table in self.types.items()
        }


def _read(key: Key, node: Scalar, known: Mapping[str, TableTypes], uses: Uses, computed: Collection[str]) -> Formula:
    table, name = key
    path = f"tables.{table}.fields.{name}.value"
    listen = uses.listener(node, field_of(table, name))
    expression = read_expression(node.text, Scope(known, table), span=node.inside, path=path, listen=listen)
    uses.formulas.add(field_of(table, name))
    return Formula(expression, _is_stored(expression, computed))


def _is_stored(expression: Expression, computed: Collection[str]) -> bool:
    """Implicit fields that change by themselves keep a formula out of the table, like links and the clock do."""
    if expression.whole:
        return False
    restless = {*computed, *implicit_fields({})} - _STEADY
    for node in nodes(expression.node):
        if isinstance(node, FieldOf) and (node.name in restless or node.hops):
            return False
        if isinstance(node, Call) and node.function in _CLOCK:
            return False
    return True
