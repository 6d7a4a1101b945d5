"""Expression → a Python function, by writing its source once and compiling it. This is how published programs run.

The source is made from the typed tree only: no text of a user's ever gets into it, constants are bound by name. A condition
comes out True or False; a value comes out None when empty."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from engine.language import numbers, reach, times
from engine.language.env import Env, Record
from engine.language.python_writer import Writer
from engine.language.walk import walk
from engine.model.tree import Aggregate, Expression, FieldOf, Find, Node, This
from engine.model.types import TypeKind

Compiled = Callable[..., Any]


def as_set(words: Iterable[str] | None) -> tuple[str, ...] | None:
    """A list as it is stored: sorted, each word once; None for an empty one."""
    return tuple(sorted(set(words))) if words else None


_HELPERS: dict[str, Any] = {
    "_field": reach.field,
    "_follow": reach.follow,
    "_children": reach.children,
    "_query": reach.query,
    "_least": reach.least,
    "_greatest": reach.greatest,
    "_add": numbers.add,
    "_subtract": numbers.subtract,
    "_multiply": numbers.multiply,
    "_divide": numbers.divide,
    "_negate": numbers.negate,
    "_held": numbers.held,
    "_places": numbers.places,
    "_total": numbers.total,
    "_add_span": times.add_span,
    "_shift": times.shift,
    "_between": times.between,
    "_span_total": times.total,
    "_as_set": as_set,
}


def compile_python(expression: Expression | Node) -> Compiled:
    """`f(record, env, inner=None) -> value`. `record` maps field → Python value; `inner` is the record at row depth 1 (the
    `where` of an update). Further depths may follow as arguments."""
    return _compile(expression.node if isinstance(expression, Expression) else expression)


@dataclass(slots=True)
class _Names:
    """What the generated function finds by name."""

    known: dict[str, Any] = field(default_factory=lambda: dict(_HELPERS))

    def bind(self, value: Any) -> str:
        name = f"k{len(self.known)}"
        self.known[name] = value
        return name


@lru_cache(maxsize=4096)
def _compile(node: Node) -> Compiled:
    names = _Names()
    quick = _root(Writer(names.bind, strict=True), node)
    careful = _root(Writer(names.bind, strict=False), node)
    deeper = "".join(f", r{depth}=None" for depth in range(1, max(2, _rows(node))))
    # A record normally carries every field; only when one is missing is the careful form run, which asks the Env.
    source = f"def evaluate(r0, env{deeper}):\n try:\n  return {quick}\n except KeyError:\n  return {careful}\n"
    namespace = dict(names.known)
    exec(compile(source, "<expression>", "exec"), namespace)  # noqa: S102 -- our own source, from a typed tree
    made: Compiled = namespace["evaluate"]
    return made


def _rows(node: Node) -> int:
    """How many row depths come from outside."""
    opened = {each.row for each in walk(node) if isinstance(each, Aggregate | Find)}
    used = {each.row for each in walk(node) if isinstance(each, FieldOf | This)}
    used |= {each.owner for each in walk(node) if isinstance(each, Aggregate)}
    free = {each for each in used if each >= 0 and (not opened or each < min(opened))}
    return max(free, default=0) + 1


def _root(writer: Writer, node: Node) -> str:
    source = writer.value(node)
    if node.type.kind is TypeKind.NUMBER and node.type.scale and not isinstance(node, FieldOf):
        return f"_places({source}, {node.type.scale})"
    if node.type.kind is TypeKind.LIST:
        return f"_as_set({source})"
    return f"({source} or None)" if node.type.kind is TypeKind.TEXT else source


def evaluate(expression: Expression | Node, record: Record, env: Env, inner: Record | None = None) -> Any:
    """Compile (once) and run."""
    return compile_python(expression)(record, env, inner)
