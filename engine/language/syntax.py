"""Text → Python's own syntax tree, within limits. Nothing is evaluated and nothing is typed here; whatever the parser throws
at hostile text becomes a Diagnostic."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from engine.language.messages import MESSAGES
from engine.language.report import Report
from engine.language.scan import MOST_DEPTH, report_depth, scan
from engine.model.text import Text

MOST_NODES = 300
_WORDS = {"AND": "and", "OR": "or", "NOT": "not", "IN": "in", "IS": "==", "then": "x if c else y", "xor": "!="}
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def _word(written: str, zh: str, en: str) -> tuple[re.Pattern[str], Text]:
    return re.compile(rf"\b{written}\b"), Text(zh, en)


# Ways of other languages and of spreadsheets, and ours.
_HABITS: tuple[tuple[re.Pattern[str], Text], ...] = (
    *(_word(each, f"写成 {ours}", f"Use {ours}") for each, ours in _WORDS.items()),
    _word(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}", "日期写成 date('2026-11-22')", "Write a date as date('2026-11-22')"),
    _word(r"\d{1,2}:\d\d", "钟点写成 time('14:00')", "Write a time of day as time('14:00')"),
    _word(r"\d+ ?[smhd]", "时长写成 hours(2)、days(3)", "Write a duration as hours(2) or days(3)"),
    (re.compile(r"\d+%"), Text("百分数写成小数，10% 是 0.1", "Write a percentage as a decimal: 10% is 0.1")),
    _word("between", "写成 1 <= x <= 5", "Write 1 <= x <= 5"),
    _word("contains|includes|like|LIKE", "写成 contains(a, b)", "Write contains(a, b)"),
    _word("starts_with|startswith", "写成 starts_with(a, b)", "Write starts_with(a, b)"),
    _word("ends_with|endswith", "写成 ends_with(a, b)", "Write ends_with(a, b)"),
    _word("changed", "改没改，用 old.x != x 问", "To ask whether x changed, write old.x != x"),
)
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
    # What stands in quotes is nobody's mistake.
    bare = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)
    for pattern, ours in _HABITS:
        habit = pattern.search(bare)
        if habit is not None:
            wrong = Text("这里不能这样写：{a}", "This cannot be written like this: {a}").fill(a=habit[0])
            report.add("syntax", shift + habit.start(), wrong, ours)
            return
    message = Text("表达式没写完", "The expression ends too early") if offset >= len(text) else None
    report.add("syntax", shift + min(offset, len(text)), message, _bracket(text))


def _bracket(text: str) -> Text | None:
    if text.count("(") != text.count(")"):
        return Text("左右括号数目不等", "Opening and closing brackets do not match")
    return None
