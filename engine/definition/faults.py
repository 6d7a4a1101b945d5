"""What the YAML library says of text that it cannot read → what people can do about it. Nothing of it is our grammar."""

from __future__ import annotations

import re
from io import StringIO
from itertools import islice
from typing import Any

import yaml

from engine.definition.messages import diagnose
from engine.model.diagnostic import Diagnostic, Span
from engine.model.text import Text

Words = tuple[Text, Text]
"""What is wrong, and what to do."""

_CLOSE_QUOTE: Words = (Text("引号没有收尾", "a quote is not closed"), Text("补上收尾的引号", "Close the quote"))
_BRACKETS: Words = (
    Text("方括号没有收好", "the brackets are not closed"),
    Text("用逗号隔开，补上 ]", "Separate with commas and close with ]"),
)
_BRACES: Words = (
    Text("花括号没有收好", "the braces are not closed"),
    Text(
        "用逗号隔开，补上 }；文字里有冒号或花括号就加引号",
        "Separate with commas and close with }; put text with a colon or brace in quotes",
    ),
)
_TAB: Words = (Text("这一行用制表符缩进", "this line is indented with a tab"), Text("换成空格", "Use spaces instead"))
_BEGINNING: Words = (
    Text("文字不能以这个符号开头", "text cannot begin with this character"),
    Text("整句加引号", "Put the whole text in quotes"),
)
_AFTER_QUOTE: Words = (
    Text("引号后面还有字", "something follows the closing quote"),
    Text("整句外面加双引号", "Put double quotes around all of it"),
)
_INDENT: Words = (
    Text("这一行的缩进和上面对不齐", "this line is not aligned with those above"),
    Text("同一级的行从同一列开始；下一级多空两格", "Begin lines of one level in one column; indent the next level by two"),
)
_MIXED: Words = (
    Text("这里混用了列表（- 开头）和「名字: 内容」", "a list (with -) and `name: content` are mixed here"),
    Text("同一级只用一种写法", "Use one of them on one level"),
)
_NO_COLON: Words = (
    Text("这一行没有「名字: 内容」", "this line is not `name: content`"),
    Text("冒号后面空一格：名字: 内容", "A colon and a space: `name: content`"),
)
_STUCK_COLON: Words = (
    Text("冒号后面没有空格", "there is no space after the colon"),
    Text("冒号后面空一格：名字: 内容", "A colon and a space: `name: content`"),
)
_COLON: Words = (
    Text("这一行多了一个冒号", "one colon too many on this line"),
    Text("含冒号的文字加引号；缩进对齐", "Put text with a colon in quotes; align the indentation"),
)
_OTHER: Words = (
    Text("不是正确的 YAML", "this is not YAML"),
    Text("看看缩进、冒号和引号", "Look at indentation, colons and quotes"),
)
STUCK = re.compile(r"[a-z][a-z0-9_]*[:：]\S")
"""A name that runs into its content."""
_STUCK_LINE = re.compile(r"[ ]*(?:- )?[a-z][a-z0-9_]*(:)[^\s:/]")
_FULL_WIDTH = dict(zip("：，｛｝［］“”‘’＂　", ':,{}[]""\'\'" ', strict=True))
_TYPE = Text("写成半角 {plain}", "Type {plain}")
_TYPE_SPACED = Text("写成半角 {plain} 加一个空格", "Type {plain} and a space")
_WIDE = re.compile("[" + "".join(_FULL_WIDTH) + "]")
_LONGEST_LINE = 2_000  # nobody looks for a slip of the finger in more
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'")
_CAUSES: tuple[tuple[str, Words], ...] = (
    ("mapping values are not allowed", _COLON),
    ("quoted scalar", _CLOSE_QUOTE),
    ("cannot start any token", _BEGINNING),
    ("flow sequence", _BRACKETS),
    ("flow mapping", _BRACES),
    ("could not find expected ':'", _NO_COLON),
    ("while parsing a block collection", _MIXED),
    ("while parsing a block mapping", _INDENT),
)


def not_yaml(file: str, error: yaml.YAMLError, text: str) -> Diagnostic:
    """The problem, in people's words, where it shows: first what can be seen in the line, then what the library says."""
    said = f"{getattr(error, 'context', '')} {getattr(error, 'problem', '')}"
    mark: Any = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    words = next((words for part, words in _CAUSES if part in said), _OTHER)
    opened: Any = getattr(error, "context_mark", None)
    if words is _NO_COLON and opened:
        mark = opened
    if words in (_BRACES, _BRACKETS) and opened and mark.line > opened.line:
        mark = opened
    if mark is None:
        return _problem(Span(file, 1, 1), words)
    line = next(islice(StringIO(text, newline=None), mark.line, None), "").rstrip("\n")
    before = line[: mark.column]
    if words is _BEGINNING and ("\t" in before or line[mark.column :].startswith("\t")):
        words = _TAB
    elif words is _INDENT and line[mark.column :].startswith("- "):
        words = _MIXED
    elif words is _INDENT and before.strip():
        words = _AFTER_QUOTE
    return _seen(file, mark.line + 1, line, words) or _problem(Span(file, mark.line + 1, mark.column + 1), words)


def _seen(file: str, number: int, line: str, words: Words) -> Diagnostic | None:
    """Full-width punctuation outside quotes, or a colon without its space."""
    if words in (_CLOSE_QUOTE, _TAB) or len(line) > _LONGEST_LINE:
        return None
    bare = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), line.partition(" #")[0])
    wide = _WIDE.search(bare)
    if wide is not None:
        return full_width(Span(file, number, wide.start() + 1), wide[0])
    stuck = _STUCK_LINE.match(bare)
    return _problem(Span(file, number, stuck.start(1) + 1), _STUCK_COLON) if stuck else None


def stuck_colon(span: Span, key: str) -> Diagnostic:
    """In braces, `type:money` is one long name without content."""
    at = next(place for place, char in enumerate(key) if char in ":：")
    there = Span(span.file, span.line, span.column + at)
    return full_width(there, key[at]) if key[at] == "：" else _problem(there, _STUCK_COLON)


def full_width(span: Span, char: str) -> Diagnostic:
    """`：` in the place of `: `."""
    plain = _FULL_WIDTH[char]
    what = Text("「{char}」是全角符号", "“{char}” is a full-width character").fill(char=char)
    remedy = _TYPE_SPACED if plain in ":," else _TYPE
    return _problem(span, (what, remedy.fill(plain=plain)))


def _problem(span: Span, words: Words) -> Diagnostic:
    return diagnose("bad-yaml", span, "", what=words[0], remedy=words[1])
