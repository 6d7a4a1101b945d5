"""Text → Expression: the one door into the language. Everything wrong comes out as Diagnostics with their places."""

from __future__ import annotations

from engine.language.checker import Checker
from engine.language.hints import expected_hint
from engine.language.reading import Listener, Parts
from engine.language.report import Report, options_hint, short
from engine.language.rules import assignable, describe
from engine.language.syntax import parse
from engine.language.titles import titles_in
from engine.language.walk import facts
from engine.language.weight import check_weight
from engine.model.diagnostic import DefinitionError, Span
from engine.model.text import Text
from engine.model.tree import Constant, Expression, Node
from engine.model.types import Scope, Type, TypeKind

__all__ = ["assignable", "read_expression"]


def read_expression(
    text: str, scope: Scope, *, span: Span, path: str, expect: Type | None = None, listen: Listener | None = None
) -> Expression:
    """Parse and type one expression. `span` is the place of its first character, `path` its address in the definition,
    `expect` the type it must be assignable to (BOOLEAN for a condition). `listen` is told what its parts were read as.
    Raises DefinitionError with all that was found."""
    report = Report(span, path, titles=titles_in(scope))
    read = _typed(text, scope, report)
    if read is not None and expect is not None:
        _expected(read.parts[-1].node, expect, report)
    if read is None or report.found:
        raise DefinitionError(report.found)
    if listen is not None:
        listen(read)
    node = read.parts[-1].node
    known = facts(node)
    return Expression(text, span, node, node.type, known.reads, known.users, known.flags, known.whole)


def _typed(text: str, scope: Scope, report: Report) -> Parts | None:
    source = parse(text, report)
    if source is None:
        return None
    rows = (scope.table,) if scope.inner is None else (scope.table, scope.inner)
    checker = Checker(scope, source, report)
    node = checker.read(source.body, rows)
    if node is not None and not report.found:
        check_weight(node, report)
    return Parts(source, tuple(checker.parts)) if node is not None else None


def _expected(node: Node, expect: Type, report: Report) -> None:
    given, wanted = describe(node.type), describe(expect)
    if expect.kind is TypeKind.BOOLEAN and node.type.kind is not TypeKind.BOOLEAN:
        message = Text(f"这里要条件，得到的是{given.zh}", f"A condition is needed here; this is {given.en}")
        report.add("not-a-condition", 0, message)
    elif assignable(node.type, expect):
        return
    elif node.type.kind is expect.kind is TypeKind.NUMBER:
        message = Text(
            f"结果有 {node.type.scale} 位小数，这里只能放 {expect.scale} 位",
            f"The result has {node.type.scale} decimal places; there is room for {expect.scale}",
        )
        written = f"round(…, {expect.scale})"
        report.add("mixed-types", 0, message, Text(f"用 {written}", f"Use {written}"))
    elif node.type.kind is expect.kind and expect.options:
        report.add("unknown-option", 0, *_no_option(node, expect.options, report))
    else:
        message = Text(f"这里要{wanted.zh}，得到的是{given.zh}", f"This takes {wanted.en}, not {given.en}")
        report.add("mixed-types", 0, message, expected_hint(node, expect))


def _no_option(node: Node, options: tuple[str, ...], report: Report) -> tuple[Text, Text | None]:
    """What was written, if it can be said, and what may be."""
    written = node.value if isinstance(node, Constant) else None
    if written is None:
        outside = "、".join(each for each in node.type.options or () if each not in options)
        message = Text("可能是 {a}，不在选项里", "It may be {b}, which is no option here")
        return message.fill(a=outside, b=outside.replace("、", ", ")), options_hint("", options, report.titles)
    message = Text("没有选项 '{a}'", "There is no option '{a}'").fill(a=short(str(written)))
    return message, options_hint(str(written), options, report.titles)
