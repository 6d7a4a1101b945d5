"""A record as a chain of writes leaves it: each field a term over the record with which the chain began. What cannot be said in
such terms (lists that rules write to, other records) is a value of its own, new after every write, so that nothing is proved
from two moments that only look alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from engine.definition.prove.agents import Place, reads
from engine.definition.prove.rewriting import folded
from engine.definition.solver.space import BEFORE
from engine.definition.solver.written import written
from engine.language.logic import NO, NOTHING, YES, opposite
from engine.language.walk import rewrite, walk
from engine.model.app import App, Table
from engine.model.tree import Aggregate, Call, Constant, FieldOf, Find, Node, This
from engine.model.types import BOOLEAN, DATETIME, TEXT, Type, TypeKind

NOW: Node = Call("now", (), DATETIME)
_MARK = "\N{PRIME}"
_MARKED = re.compile(r"\b(?:any|max)\(\w+, '((?:[^'\\]|\\.)*?)′+'\)")
_LARGEST = 120  # nodes of a term; what grows beyond this with every round is no longer looked into
_RESTLESS = frozenset({"version", "updated_at", "updated_by", "waiting"})
_NONE_OF_NONE: Mapping[str, Node] = MappingProxyType(
    {"count": Constant(0, Type(TypeKind.NUMBER)), "sum": Constant(0, Type(TypeKind.NUMBER)), "any": NO, "all": YES}
)


@dataclass(frozen=True, slots=True)
class Image:
    """`base`: where a field that is not in `values` is found: 0 the record the chain began with, -1 its before image, None
    nowhere (the record was made on the way: such a field is empty)."""

    table: str
    values: Mapping[str, Node] = field(default_factory=lambda: MappingProxyType({}))
    base: int | None = 0

    def given(self, more: Mapping[str, Node]) -> Image:
        """The same with these fields changed."""
        return replace(self, values=MappingProxyType({**self.values, **more}))


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is asked: the record `now`, its image `before` the last write, and how many writes there have been.
    `restless`: what rules may change (engine.definition.prove.reach.Reach.changes). `formulas`: those worked out at this
    moment, each with the image that it is of; a formula that others name again and again is worked out once."""

    app: App
    now: Image
    before: Image | None
    tick: int
    restless: frozenset[Place]
    formulas: dict[tuple[int, str], tuple[Image, Node]] = field(default_factory=dict, compare=False, repr=False)

    def value(self, node: Node) -> Node:
        """An expression about the record as a term over the first one."""
        found = folded(rewrite(node, self._replaced))
        return found if sum(1 for _ in walk(found)) <= _LARGEST else self.unknown(node, node.type)

    def field(self, image: Image, name: str) -> Node:
        """A field of an image."""
        table = self.app.tables[image.table]
        declared = table.fields.get(name)
        if declared is not None and declared.value is not None:
            key = (id(image), name)
            if key not in self.formulas:
                self.formulas[key] = (image, replace(self, now=image, before=None).value(declared.value.node))
            return self.formulas[key][1]
        if name in image.values:
            return image.values[name]
        kind = table.types.fields[name]
        if name in _RESTLESS and not (image.base == BEFORE or self.tick == 0):
            return self.unknown(name, kind)
        if image.base is None:
            return self.unknown(name, kind) if name in ("id", "created_by", "created_at") else NOTHING
        return FieldOf(image.base, table.name, (), name, kind)

    def unknown(self, what: Node | str, kind: Type) -> Node:
        """A value of which nothing is known at this moment: for the solver a construct that cannot be looked into, by a name
        that no other value and no other moment has."""
        name = what if isinstance(what, str) else written(what, self.app)
        function = "any" if kind == BOOLEAN else "max"
        body = Constant(name + _MARK * (self.tick + 1), TEXT)
        return Aggregate(function, self.now.table, None, 0, 1, body, kind)

    def _replaced(self, node: Node) -> Node | None:
        match node:
            case FieldOf(row=0 | -1, hops=()):
                image = self.now if node.row == 0 else self.before
                return NOTHING if image is None else self.field(image, node.name)
            case FieldOf(row=0 | -1):
                return self._path(node)
            case This(row=0):
                return node if self.now.base == 0 else self.unknown("this", node.type)
            case Call(function="flagged", arguments=(Constant(value=name), This(row=0))):
                return self.value(opposite(self.app.tables[self.now.table].checks[str(name)].must.node))
            case Aggregate() | Find():
                return self._related(node)
        return None

    def _path(self, node: FieldOf) -> Node:
        """A field of a linked record: it stays what it was unless rules write such fields."""
        image = self.now if node.row == 0 else self.before
        if image is None:
            return NOTHING
        start = self.field(image, node.hops[0][1])
        if isinstance(start, Constant) and start.value is None:
            return NOTHING
        moving = reads(self.app, node) - {node.hops[0][:2]} & self.restless
        if not moving and isinstance(start, FieldOf):
            # The link may itself be another field's value: go on from there.
            hop = (start.table, start.name, node.hops[0][2])
            return replace(node, row=start.row, hops=(*start.hops, hop, *node.hops[1:]))
        if not moving and isinstance(start, This):
            return replace(node, row=start.row, hops=node.hops[1:])
        return self.unknown(node, node.type)

    def _related(self, node: Aggregate | Find) -> Node:
        """A list or a lookup: the same as long as no rule writes what it rests on, and asked of the same record."""
        if reads(self.app, node) & self.restless:
            return self.unknown(node, node.type)
        outer = [each for each in walk(node) if isinstance(each, FieldOf | This) and each.row <= 0]
        owned = isinstance(node, Aggregate) and node.link is not None and node.owner == 0
        if isinstance(node, Aggregate) and owned and self.now.base is None:
            return _NONE_OF_NONE.get(node.function, NOTHING)
        if all(isinstance(each, This) or self._untouched(each) for each in outer) and (self.now.base == 0 or not outer):
            return node
        return self.unknown(node, node.type)

    def _untouched(self, node: Node) -> bool:
        image = self.now if isinstance(node, FieldOf) and node.row == 0 else self.before
        if image is None or not isinstance(node, FieldOf) or image.base != node.row:
            return False
        rests_on = reads(self.app, node)
        return not any((image.table, name) in rests_on for name in image.values)


def legible(construct: str) -> str:
    """What stands in the way of an answer, as it is written in the definition."""
    return _MARKED.sub(lambda match: match[1].replace("\\'", "'"), construct)


def new_record(table: Table, given: Mapping[str, Node], moment: Moment) -> Image:
    """A record that a rule makes: what it is given, defaults, the first state; all else is empty."""
    values: dict[str, Node] = {}
    for name, declared in table.fields.items():
        if declared.kind == "serial":
            values[name] = moment.unknown(name, declared.type)
        elif name in given:
            values[name] = given[name]
        elif declared.default is not None:
            values[name] = Constant(declared.default, declared.type)
    if table.flow is not None:
        state = table.fields[table.flow.field]
        values.setdefault(state.name, Constant(table.flow.initial, state.type))
        values[f"{table.flow.initial}_at"] = NOW
    return Image(table.name, MappingProxyType(values), None)
