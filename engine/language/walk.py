"""Going through a tree: children of a node, all nodes, and the facts an Expression carries about what it reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.model.tree import (
    Aggregate,
    Arithmetic,
    Call,
    Compare,
    Constant,
    FieldOf,
    Find,
    IfElse,
    In,
    Logic,
    Negative,
    Node,
    Not,
    UserFact,
)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    match node:
        case Not(operand=below) | Negative(operand=below):
            return (below,)
        case Logic(operands=several) | Call(arguments=several):
            return several
        case Compare() | Arithmetic():
            return (node.left, node.right)
        case In(right=right):
            return (node.left, *(right if isinstance(right, tuple) else (right,)))
        case IfElse():
            return (node.test, node.then, node.otherwise)
        case Aggregate(body=body):
            return () if body is None else (body,)
        case Find(condition=condition):
            return (condition,)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(children(current))


@dataclass(frozen=True, slots=True)
class Facts:
    """What a tree reads; the same four facts as on Expression."""

    reads: frozenset[tuple[str, str]]
    users: frozenset[str]
    flags: frozenset[str]
    whole: bool


def facts(node: Node) -> Facts:
    """Gather them. A link field on a path counts as read; so does the link by which children are found."""
    reads: set[tuple[str, str]] = set()
    users: set[str] = set()
    flags: set[str] = set()
    whole = False
    for each in walk(node):
        match each:
            case FieldOf():
                reads.add((each.table, each.name))
                reads.update((table, link) for table, link, _ in each.hops)
                whole = whole or bool(each.hops)
            case UserFact(name=name):
                users.add(name)
            case Call(function="flagged", arguments=(Constant(value=flag), *_)):
                flags.add(str(flag))
            case Aggregate(table=table, link=found):
                whole = True
                reads.update({(table, found)} if found else ())
            case Find():
                whole = True
    return Facts(frozenset(reads), frozenset(users), frozenset(flags), whole)
