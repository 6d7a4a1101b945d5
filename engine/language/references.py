"""Which characters of an expression name something, and what they name; and which texts in it stand for the same thing.

Here because only who has typed an expression knows what its names are: what is read off here is what the checker resolved,
so nothing is resolved a second time. Changes no text (that is rename) and knows no definition: things are called by table
and name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from engine.language.reading import Part, Parts
from engine.language.walk import walk
from engine.model.tree import Aggregate, Call, Compare, Constant, FieldOf, Find, IfElse, In, Node, This, UserFact
from engine.model.types import TypeKind

_OPENING = re.compile(r"[A-Za-z]*('''|\"\"\"|'|\")")
# What gives one of its arguments as it is; every other function looks at the letters of a text, or makes another one of it.
_PASSES = frozenset({"first_of"})
_BLIND = frozenset({"empty", "flagged"})


class Kind(StrEnum):
    """What a name can stand for in an expression."""

    TABLE = "table"
    FIELD = "field"
    CHILDREN = "children"
    CHECK = "check"
    FACT = "fact"
    OPTION = "option"


@dataclass(frozen=True, slots=True, order=True)
class Thing:
    """`owner`: the table of a field, of a check, of a list of children; of an option the field (`orders.status`) or fact
    (`user.warehouse`) that has it; '' for tables and facts."""

    kind: Kind
    owner: str
    name: str


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """The characters `start` to `end` name a thing."""

    start: int
    end: int
    thing: Thing


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a text comes from: a field or fact (`thing`), a constant (`text`, which stands at `start` to `end`), else from
    somewhere that is not known. A constant in several pieces has no place: `end` is -1."""

    start: int
    end: int
    thing: Thing | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """Texts that are compared or stand for one another, so that one name must be written alike in all of them. `spelled`: the
    result depends on their letters too, not only on which of them are equal."""

    origins: tuple[Origin, ...]
    spelled: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """`result`: where the value of the whole comes from, when it is a text."""

    mentions: tuple[Mention, ...]
    meetings: tuple[Meeting, ...]
    result: tuple[Origin, ...]


def names_in(parts: Parts) -> Names:
    """Everything that one expression names. Offsets count characters of the text it was read from."""
    reader = _Reader(parts)
    root = parts.parts[-1].node
    mentions = sorted({mention for part in parts.parts for mention in reader.mentions(part)})
    return Names(tuple(mentions), tuple(reader.meetings(root)), tuple(reader.origins(root)))


class _Reader:
    def __init__(self, parts: Parts) -> None:
        self.source, self.offset = parts.source, parts.offset
        # Nodes are told apart by identity: two equal constants stand at two places.
        # Read backwards, so that a node that a function hands on keeps the place where it was written.
        self.syntax = {id(part.node): part.syntax for part in reversed(parts.parts)}

    def mentions(self, part: Part) -> Iterator[Mention]:
        """The names in a part itself, not in the parts below it."""
        match part.node, part.syntax:
            case FieldOf() as field, (ast.Name() | ast.Attribute()) as syntax:
                yield from self._path(field, syntax)
            case UserFact(name=name), ast.Attribute() as syntax:
                yield self._named(syntax, Thing(Kind.FACT, "", name))
            case Aggregate() as aggregate, ast.Call(args=[ast.expr() as over, *_]):
                owner = part.rows[aggregate.owner]
                word = over.attr if isinstance(over, ast.Attribute) else getattr(over, "id", "")
                thing = Thing(Kind.CHILDREN, owner or "", word) if aggregate.link else Thing(Kind.TABLE, "", aggregate.table)
                yield self._named(over, thing)
            case Find(table=table), ast.Call(args=[ast.expr() as over, *_]):
                yield self._named(over, Thing(Kind.TABLE, "", table))
            case Call(function="flagged", arguments=(Constant(value=check), This(type=record))), ast.Call(args=[asked]):
                start, end = self._inside(asked)
                yield Mention(start, end, Thing(Kind.CHECK, record.table or "", str(check)))

    def _path(self, field: FieldOf, syntax: ast.expr) -> Iterator[Mention]:
        """The last names of a path are those of its fields; what comes before is `this` or `old`."""
        steps = [(table, link) for table, link, _ in field.hops] + [(field.table, field.name)]
        for table, name in reversed(steps):
            yield self._named(syntax, Thing(Kind.FIELD, table, name))
            syntax = syntax.value if isinstance(syntax, ast.Attribute) else syntax

    def _named(self, syntax: ast.expr, thing: Thing) -> Mention:
        """A name is the last thing in a path."""
        end = self.offset + self.source.end(syntax)
        return Mention(end - len(thing.name), end, thing)

    def _inside(self, syntax: ast.expr) -> tuple[int, int]:
        """Between the quotes of a text; (start, -1) for one that is put together from pieces in different quotes."""
        written, start = self.source.of(syntax), self.offset + self.source.offset(syntax)
        opening = _OPENING.match(written)
        if opening is None or not written.endswith(opening[1]) or len(written) < opening.end() + len(opening[1]):
            return start, -1
        return start + opening.end(), start + len(written) - len(opening[1])

    def meetings(self, root: Node) -> Iterator[Meeting]:
        """All of an expression."""
        for node in walk(root):
            match node:
                case Compare(operator=operator):
                    yield Meeting(self._all(node.left, node.right), spelled=operator not in ("==", "!="))
                case In(left=left, right=tuple() as constants):
                    yield Meeting(self._all(left, *constants))
                case In(left=left, right=right) if not isinstance(right, tuple):
                    yield from self._in_value(left, right)
                case IfElse():
                    yield Meeting(self._all(node.then, node.otherwise))
                case Call(function=function) if function in _PASSES:
                    yield Meeting(self._all(*node.arguments))
                case Call(function=function) if function not in _BLIND:
                    yield from (Meeting(self._all(each), spelled=True) for each in node.arguments)
                case Aggregate(function="min" | "max", body=body) if body is not None:
                    yield Meeting(self._all(body), spelled=True)

    def _in_value(self, left: Node, right: Node) -> Iterator[Meeting]:
        """In a list: like one of its members. In a text: by letters."""
        if right.type.kind is TypeKind.LIST:
            yield Meeting(self._all(left, right))
        else:
            yield from (Meeting(self._all(each), spelled=True) for each in (left, right))

    def _all(self, *nodes: Node) -> tuple[Origin, ...]:
        return tuple(origin for node in nodes for origin in self.origins(node))

    def origins(self, node: Node) -> Iterator[Origin]:
        """Where the value of a node comes from; nothing for what is no text."""
        if node.type.kind not in (TypeKind.TEXT, TypeKind.LIST):
            return
        match node:
            case Constant(value=value):
                start, end = self._inside(self.syntax[id(node)])
                yield from () if value is None else (Origin(start, end, text=str(value)),)
            case FieldOf(table=table, name=name):
                yield self._origin(node, Thing(Kind.FIELD, table, name))
            case UserFact(name=name):
                yield self._origin(node, Thing(Kind.FACT, "", name))
            case IfElse():
                yield from self._all(node.then, node.otherwise)
            case Call(function=function) if function in _PASSES:
                yield from self._all(*node.arguments)
            case Aggregate(body=body) if body is not None:
                yield from self.origins(body)
            case _:
                yield self._origin(node, None)

    def _origin(self, node: Node, thing: Thing | None) -> Origin:
        syntax = self.syntax[id(node)]
        return Origin(self.offset + self.source.offset(syntax), self.offset + self.source.end(syntax), thing)


def options_in(found: Names, closed: Iterable[Thing]) -> Iterator[Mention]:
    """The constants that stand for an option of the fields and facts in `closed`, by what they meet in this expression."""
    known = frozenset(closed)
    for meeting in (*found.meetings, Meeting(found.result)):
        owners = {origin.thing for origin in meeting.origins if origin.thing in known}
        for origin in meeting.origins:
            if origin.text is not None:
                yield from (Mention(origin.start, origin.end, option(owner, origin.text)) for owner in owners if owner)


def option(owner: Thing, name: str) -> Thing:
    """The option `name` of a field or fact."""
    return Thing(Kind.OPTION, f"{owner.owner or 'user'}.{owner.name}", name)
