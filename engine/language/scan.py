"""Looks at an expression's characters before Python's parser may: limits, look-alike letters, full-width punctuation, `=`.

Here because the parser quietly turns some look-alikes into letters, and because what it says of `=` helps nobody.
Reads characters only; knows nothing of names or types."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from engine.language.messages import MESSAGES
from engine.language.report import Report, short
from engine.language.titles import by_title
from engine.model.text import Text

MOST_CHARACTERS = 2_000
MOST_DEPTH = 40

_PUNCTUATION = str.maketrans("（），。＝＜＞！“”‘’：；【】＋－×÷＊／　、", "(),.=<>!\"\"'':;[]+-*/*/ ,")
_OPERATORS = {
    ":=": ("==", Text("条件里不能赋值", "Assignment has no place here")),
    "===": ("==", Text("没有 ===", "There is no ===")),
    "=>": (">=", Text("没有 =>", "There is no =>")),
    "=<": ("<=", Text("没有 =<", "There is no =<")),
    "<>": ("!=", Text("没有 <>", "There is no <>")),
    "&&": ("and", Text("没有 &&", "There is no &&")),
    "||": ("or", Text("没有 ||", "There is no ||")),
    "=": ("==", Text("= 是赋值，这里是比较", "= assigns; this is a comparison")),
    "!": ("not", Text("没有 !", "There is no !")),
    "#": ("", Text("表达式里不能写注释", "No comments inside an expression")),
    ";": ("", Text("只能写一个表达式", "Only one expression is possible")),
    "\\": ("", Text("不能用反斜杠", "No backslash here")),
    "`": ("'", Text("不能用反引号", "No back-quotes here")),
    "$": ("", Text("没有 $", "There is no $")),
    "?": ("a if c else b", Text("没有 ?", "There is no ?")),
}
# Chinese words that say what the language has a word for.
_SPOKEN = {
    **dict.fromkeys(("并且", "而且", "且", "和", "与"), "and"),
    **dict.fromkeys(("或者", "或"), "or"),
    **dict.fromkeys(("不", "非"), "not"),
    **dict.fromkeys(("是", "真", "对"), "True"),
    **dict.fromkeys(("否", "假", "错"), "False"),
    **dict.fromkeys(("空", "无", "没有"), "None"),
    **dict.fromkeys(("为空", "是空"), "empty(x)"),
    **dict.fromkeys(("不为空", "不是空", "非空"), "not empty(x)"),
    **{
        "等于": "==",
        "不等于": "!=",
        "大于": ">",
        "小于": "<",
        "大于等于": ">=",
        "小于等于": "<=",
        "不大于": "<=",
        "不小于": ">=",
    },
    **{"包含": "contains(a, b)", "如果": "a if c else b", "否则": "else", "今天": "today()", "现在": "now()"},
}
_NOT_LATIN = Text("名称不用汉字，这里写着 {word}", "Names have no Chinese characters; here stands {word}")
_QUOTE = Text("文字要加引号；字段用它的名称，不是标题", "Put texts in quotes; fields go by their name, not their title")
_UNIT = Text("只写数字，不带单位", "Write the number alone, without a unit")
_FINE = ("==", "!=", "<=", ">=")
_BEGINNINGS = frozenset(written[0] for written in (*_OPERATORS, *_FINE))
# Runs of characters that begin nothing and open nothing: most of a text, and passed over at once.
_PLAIN = re.compile(
    "[" + re.escape("".join(c for c in map(chr, range(32, 127)) if c not in {*_BEGINNINGS, *"'\"()[]{}"})) + "]+"
)


def scan(text: str, report: Report) -> bool:
    """Report what must not go on to the parser; True if it may."""
    before = len(report.found)
    if len(text) > MOST_CHARACTERS:
        report.add("too-long", 0, MESSAGES["too-long"].text.fill(n=len(text), most=MOST_CHARACTERS))
        return False
    if not text.strip():
        report.add("no-expression", 0)
        return False
    open_quote = ""
    depth = 0
    position = 0
    while position < len(text):
        char = text[position]
        step = 1
        if open_quote:
            step = 2 if char == "\\" else 1
            open_quote = "" if char == open_quote else open_quote
            _hidden(text, position, report)
        elif char in "'\"":
            open_quote = char
        elif plain := _PLAIN.match(text, position):
            step = plain.end() - position
        else:
            depth += (char in "([{") - (char in ")]}")
            if depth > MOST_DEPTH:
                report_depth(report, position)
                return False
            step = _outside(text, position, report)
        position += step
    if open_quote:
        report.add("syntax", len(text), Text("引号没有收尾", "A quote is not closed"))
    return len(report.found) == before


def report_depth(report: Report, position: int) -> None:
    """Too deep: the same words whether characters or the tree show it."""
    report.add("too-nested", position, MESSAGES["too-nested"].text.fill(most=MOST_DEPTH))


def _outside(text: str, position: int, report: Report) -> int:
    """One character outside quotes; how many characters it settles."""
    char = text[position]
    if ord(char) > 127 or (ord(char) < 32 and char not in "\t\r\n") or ord(char) == 127:
        return _strange(text, position, report)
    if text.startswith(_FINE, position) and not text.startswith("===", position):
        return 2
    for written in _operators_at(text, position):
        meant, message = _OPERATORS[written]
        hint = Text(f"写成 {meant}", f"Use {meant}") if meant else None
        report.add("assignment" if written in ("=", ":=") else "operator", position, message, hint)
        return len(written)
    return 1


def _operators_at(text: str, position: int) -> Iterator[str]:
    return (written for written in _OPERATORS if text.startswith(written, position))


def _strange(text: str, position: int, report: Report) -> int:
    """A run of characters that no name or operator may hold."""
    char = text[position]
    ascii_char = char.translate(_PUNCTUATION)
    if ascii_char != char:
        hint = Text(f"写成半角 {ascii_char}", f"Type {ascii_char}")
        report.add("look-alike", position, Text(f"{char} 是全角符号", f"{char} is a full-width character"), hint)
        return 1
    end = position
    while end < len(text) and ord(text[end]) > 127 and text[end].translate(_PUNCTUATION) == text[end]:
        end += 1
    run = text[position:end] or char
    if all("CJK" in unicodedata.name(c, "") for c in run):
        report.add("unknown-name", position, _NOT_LATIN.fill(word=short(run)), _meant(run, text[:position], report))
    else:
        called = unicodedata.name(char, f"U+{ord(char):04X}")
        message = Text(f"这里有一个看着像、其实不是的字符：{called}", f"This only looks like a usual letter: {called}")
        plain = unicodedata.normalize("NFKC", char)
        latin = plain if plain.isascii() and plain.isprintable() else _latin(called)
        report.add("look-alike", position, message, Text(f"重新输入 {latin}", f"Type {latin} again") if latin else None)
    return max(len(run), 1)


def _meant(run: str, before: str, report: Report) -> Text:
    """What to write for a run of Chinese characters."""
    if run in _SPOKEN:
        return Text(f"写成 {_SPOKEN[run]}", f"Use {_SPOKEN[run]}")
    return by_title(run, report.titles) or (_UNIT if before[-1:].isdigit() else _QUOTE)


def _latin(called: str) -> str:
    """`CYRILLIC SMALL LETTER A` → `a`, as far as the name tells."""
    words = called.split()
    if len(words) < 4 or len(words[-1]) > 2 or words[0] not in ("CYRILLIC", "GREEK"):
        return ""
    looks = {"ER": "p", "ES": "c", "HA": "x", "EN": "h", "EM": "m", "TE": "t", "VE": "b", "KA": "k", "IE": "e", "U": "y"}
    return looks.get(words[-1], words[-1][0].lower())


def _hidden(text: str, position: int, report: Report) -> None:
    """Characters inside quotes that cannot be seen or change the reading direction."""
    char = text[position]
    if unicodedata.category(char) in ("Cc", "Cs") or char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069":
        message = Text(f"文字里有看不见的字符 U+{ord(char):04X}", f"A text with a hidden character U+{ord(char):04X}")
        report.add("look-alike", position, message, Text("删掉它", "Remove it"))
