"""Every text that conditions name, in whatever way: written, as an option of a field, as a province of a region."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.definition.solver.space import Space
from engine.language.functions.text import following
from engine.language.regions import names_in
from engine.language.walk import walk
from engine.model.tree import Call, Constant, Extra, FieldOf, Node, SourceValue, This, UserFact

_LEAVES = (Constant, FieldOf, UserFact, SourceValue, Extra, This, Call)


def texts(conditions: Iterable[Node], space: Space) -> set[str]:
    """All of them, those of formulas and checks that are asked for included."""
    found: set[str] = set()
    seen: set[tuple[str, str]] = set()
    waiting = list(conditions)
    while waiting:
        for node in walk(waiting.pop()):
            if not isinstance(node, _LEAVES):
                continue
            found.update(_named(node, space))
            for key, behind in _behind(node, space):
                if key not in seen:
                    seen.add(key)
                    waiting.append(behind)
    return found


def _named(node: Node, space: Space) -> Iterator[str]:
    yield from space.type_of(node).options or ()
    match node:
        case Constant(value=str() as text):
            yield text
        case Call(function="in_region", arguments=(_, Constant(value=str() as region))):
            yield from names_in(region) or ()
        case Call(function="starts_with", arguments=(_, Constant(value=str() as part))):
            after = following(part)
            yield from () if after is None else (after,)


def _behind(node: Node, space: Space) -> Iterator[tuple[tuple[str, str], Node]]:
    """What is read in the place of a formula field or a flag; links on a path have options of their own kind: none."""
    if isinstance(node, FieldOf):
        field = space.field(node.table, node.name)
        if field is not None and field.value is not None:
            yield (node.table, node.name), field.value.node
    if isinstance(node, Call) and node.function == "flagged" and isinstance(node.arguments[0], Constant):
        name = str(node.arguments[0].value)
        check = space.app.tables[space.table].checks.get(name)
        if check is not None:
            yield (space.table, f"flagged {name}"), check.must.node
