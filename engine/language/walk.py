"""Going through a tree: children of a node, all nodes, the same tree with some nodes replaced, and the facts an Expression
carries about what it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

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


def rewrite(node: Node, change: Callable[[Node], Node | None]) -> Node:
    """The tree with every node that `change` answers for replaced, from the top down; what is put in is not looked at again."""
    new = change(node)
    if new is not None:
        return new
    match node:
        case Not(operand=below) | Negative(operand=below):
            return replace(node, operand=rewrite(below, change))
        case Logic(operands=operands):
            return replace(node, operands=tuple(rewrite(each, change) for each in operands))
        case Call(arguments=arguments):
            return replace(node, arguments=tuple(rewrite(each, change) for each in arguments))
        case Compare() | Arithmetic():
            return replace(node, left=rewrite(node.left, change), right=rewrite(node.right, change))
        case In(right=tuple()):
            return replace(node, left=rewrite(node.left, change))
        case In(left=left, right=right) if not isinstance(right, tuple):
            return replace(node, left=rewrite(left, change), right=rewrite(right, change))
        case IfElse():
            test, then, otherwise = (rewrite(each, change) for each in (node.test, node.then, node.otherwise))
            return IfElse(test, then, otherwise, node.type)
        case Aggregate(body=body) if body is not None:
            return replace(node, body=rewrite(body, change))
        case Find(condition=condition):
            return replace(node, condition=rewrite(condition, change))
    return node


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
