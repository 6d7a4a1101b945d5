"""Small parts that the functions' checks share: how many arguments, and of which type."""

from __future__ import annotations

from collections.abc import Callable

from engine.language.functions.protocol import Misuse, Site
from engine.language.rules import describe
from engine.model.text import Text
from engine.model.tree import Constant, Node
from engine.model.types import Type, TypeKind

Check = Callable[[tuple[Node, ...], Site], Type | Node]


def count(arguments: tuple[Node, ...], wanted: int, usage: str) -> None:
    """Exactly so many."""
    if len(arguments) != wanted:
        message = Text(f"要 {wanted} 个参数，写了 {len(arguments)} 个", f"Takes {wanted} argument(s), not {len(arguments)}")
        raise Misuse(message, usage_hint(usage))


def usage_hint(usage: str) -> Text:
    """Show how it is written."""
    return Text(f"写法：{usage}", f"Write it like this: {usage}")


def of(arguments: tuple[Node, ...], index: int, *kinds: TypeKind, usage: str) -> Node:
    """The argument at `index`, of one of these types (or empty)."""
    node = arguments[index]
    if node.type.kind not in (*kinds, TypeKind.EMPTY):
        wanted = [describe(Type(kind)) for kind in kinds]
        zh, en = "或".join(t.zh for t in wanted), " or ".join(t.en for t in wanted)
        given = describe(node.type)
        raise Misuse(Text(f"这里要{zh}，不是{given.zh}", f"Needs {en} here, not {given.en}"), usage_hint(usage), index)
    return node


def takes(usage: str, result: Type, *kinds: tuple[TypeKind, ...]) -> Check:
    """A check for fixed arguments, each of the types listed for it."""

    def check(arguments: tuple[Node, ...], _: Site) -> Type | Node:
        count(arguments, len(kinds), usage)
        for index, wanted in enumerate(kinds):
            of(arguments, index, *wanted, usage=usage)
        return result

    return check


def constant_text(arguments: tuple[Node, ...], index: int, usage: str) -> str:
    """A text in quotes, not computed."""
    node = arguments[index]
    if isinstance(node, Constant) and isinstance(node.value, str):
        return node.value
    raise Misuse(Text("这里要写引号里的文字", "Needs a text in quotes here"), usage_hint(usage), index)
