"""What can be wrong with the files themselves, before anything is known of their content."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.model.message import Message, error

READING: Mapping[str, Message] = MappingProxyType(
    {
        "bad-encoding": error(
            "这个文件不是 UTF-8：{what}",
            "This file is not UTF-8: {what}",
            ("用编辑器另存为 UTF-8", "Save it as UTF-8 in your editor"),
        ),
        "bad-character": error(
            "这里有看不见的控制字符", "There is an invisible control character here", ("删掉它", "Delete it")
        ),
        "too-large": error(
            "定义太大：{what}",
            "The definition is too large: {what}",
            ("删掉不用的，或分成几个应用", "Remove what is not used, or make several apps of it"),
        ),
        "too-many-problems": error(
            "问题太多，这里只列出前 {most} 个",
            "Too many problems; these are the first {most}",
            ("先改这些，再检查一次", "Mend these, then check again"),
        ),
        "too-deep": error("缩进超过 {most} 层", "Nested deeper than {most} levels", ("层数写少一些", "Use fewer levels")),
        "bad-yaml": error("这里读不懂：{what}", "This cannot be read: {what}", ("{remedy}", "{remedy}")),
        "alias": error(
            "不支持锚点和引用（& 和 *）",
            "Anchors and aliases (& and *) are not taken",
            ("把内容直接写出来", "Write the content out"),
        ),
        "tag": error(
            "不支持标签（!）", "Tags (!) are not taken", ("去掉标签；要文字就加引号", "Remove the tag; for text use quotes")
        ),
        "duplicate-key": error(
            "「{name}」写了两次，前一次在第 {line} 行",
            "“{name}” stands twice; first in line {line}",
            ("留一个", "Keep one of them"),
        ),
        "bad-key": error("这里的键要是一个名字", "A key must be a name here", None),
        "several-documents": error(
            "一个文件里只能有一份内容",
            "A file holds one document",
            ("去掉 ---，或拆成几个文件", "Remove ---, or split the file"),
        ),
        "not-a-map": error(
            "文件里应当是「名字: 内容」",
            "The file should hold `name: content`",
            ("例如 app: my_app", "For example app: my_app"),
        ),
        "no-files": error("这里没有 .yaml 文件", "There are no .yaml files here", ("先写 app.yaml", "Begin with app.yaml")),
        "duplicate-name": error(
            "「{name}」在 {other} 已经写过", "“{name}” stands in {other} already", ("留一个", "Keep one of them")
        ),
    }
)
