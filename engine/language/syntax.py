"""Text → Python's own syntax tree, within limits. Nothing is evaluated and nothing is typed here; whatever the parser throws
at hostile text becomes a Diagnostic."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from engine.language.messages import MESSAGES
from engine.language.report import Report
from engine.language.scan import MOST_DEPTH, report_depth, scan
from engine.model.text import Text

MOST_NODES = 300
_WORDS = {"AND": "and", "OR": "or", "NOT": "not", "IN": "in", "IS": "==", "then": "x if c else y", "xor": "!="}
_NOT_COUNTED = (ast.expr_context, ast.operator, ast.boolop, ast.unaryop, ast.cmpop)


@dataclass(frozen=True, slots=True)
class Source:
    """The parsed text; offsets of nodes are turned back into characters of the text as written."""

    text: str
    shift: int
    body: ast.expr

    def offset(self, node: ast.AST) -> int:
        """Where a node begins, in characters."""
        return self._characters(getattr(node, "col_offset", 0))

    def end(self, node: ast.expr) -> int:
        """The offset after its last character."""
        return self._characters(node.end_col_offset or 0)

    def of(self, node: ast.expr) -> str:
        """The node's own text."""
        return self.text[self.offset(node) : self.end(node)]

    def _characters(self, column: int) -> int:
        # The parser counts UTF-8 bytes.
        return self.shift + len(self.text[self.shift :].encode()[:column].decode(errors="ignore"))


def parse(text: str, report: Report) -> Source | None:
    """The tree of one expression, or None with the reasons in `report`."""
    flat = text.replace("\r", " ").replace("\n", " ").replace("\t", " ").rstrip()
    if not scan(flat, report):
        return None
    stripped = flat.lstrip()
    shift = len(flat) - len(stripped)
    try:
        body = ast.parse(stripped, mode="eval").body
    except SyntaxError as error:
        _syntax(stripped, shift, error, report)
        return None
    except (RecursionError, MemoryError):
        report_depth(report, 0)
        return None
    except ValueError:
        report.add("syntax", 0, Text("这里有读不懂的数字或字符", "A number or character here cannot be read"))
        return None
    source = Source(flat, shift, body)
    return source if _measured(source, report) else None


def _measured(source: Source, report: Report) -> bool:
    count = 0
    waiting: list[tuple[ast.AST, int]] = [(source.body, 1)]
    while waiting:
        node, depth = waiting.pop()
        count += 1
        if depth > MOST_DEPTH:
            report_depth(report, source.offset(node))
            return False
        if count > MOST_NODES:
            report.add("too-big", 0, MESSAGES["too-big"].text.fill(most=MOST_NODES))
            return False
        below = (child for child in ast.iter_child_nodes(node) if not isinstance(child, _NOT_COUNTED))
        waiting.extend((child, depth + 1) for child in below)
    return True


def _syntax(text: str, shift: int, error: SyntaxError, report: Report) -> None:
    # 0 is how the parser says that the text was over before the expression was.
    offset = error.offset - 1 if error.offset else len(text)
    if "nested" in (error.msg or ""):
        report_depth(report, shift + offset)
        return
    for word in text.split():
        if word in _WORDS:
            hint = Text(f"写成 {_WORDS[word]}", f"Use {_WORDS[word]}")
            report.add("syntax", shift + text.index(word), Text(f"不认识 {word}", f"{word} is not known"), hint)
            return
    message = Text("表达式没写完", "The expression ends too early") if offset >= len(text) else None
    report.add("syntax", shift + min(offset, len(text)), message, _bracket(text))


def _bracket(text: str) -> Text | None:
    if text.count("(") != text.count(")"):
        return Text("左右括号数目不等", "Opening and closing brackets do not match")
    return None
