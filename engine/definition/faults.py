"""What the YAML library says of text that it cannot read → what people can do about it. Nothing of it is our grammar."""

from __future__ import annotations

from typing import Any

import yaml

from engine.definition.messages import diagnose
from engine.model.diagnostic import Diagnostic, Span
from engine.model.text import Text

_CAUSES = (
    (
        "mapping values are not allowed",
        Text("这一行多了一个冒号", "one colon too many on this line"),
        Text("含冒号的文字加引号；缩进对齐", "Put text with a colon in quotes; align the indentation"),
    ),
    ("quoted scalar", Text("引号没有收尾", "a quote is not closed"), Text("补上收尾的引号", "Close the quote")),
    (
        "cannot start any token",
        Text("这个符号不能写在开头", "this character cannot stand at the beginning"),
        Text("缩进用空格，不用制表符；特殊符号加引号", "Indent with spaces, not tabs; put special characters in quotes"),
    ),
    (
        "flow sequence",
        Text("方括号没有收好", "the brackets are not closed"),
        Text("用逗号隔开，补上 ]", "Separate with commas and close with ]"),
    ),
    (
        "flow mapping",
        Text("花括号没有收好", "the braces are not closed"),
        Text("用逗号隔开，补上 }", "Separate with commas and close with }"),
    ),
)


def not_yaml(file: str, error: yaml.YAMLError) -> Diagnostic:
    """The problem, in people's words, where it shows."""
    mark: Any = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    span = Span(file, mark.line + 1, mark.column + 1) if mark else Span(file, 1, 1)
    said = f"{getattr(error, 'context', '')} {getattr(error, 'problem', '')}"
    for words, what, remedy in _CAUSES:
        if words in said:
            return diagnose("bad-yaml", span, "", what=what, remedy=remedy)
    what, remedy = (
        Text("不是正确的 YAML", "this is not YAML"),
        Text("看看缩进、冒号和引号", "Look at indentation, colons and quotes"),
    )
    return diagnose("bad-yaml", span, "", what=what, remedy=remedy)
