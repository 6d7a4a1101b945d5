"""fields.md and fields.zh-CN.md: every kind of field."""

from __future__ import annotations

from collections.abc import Mapping

from engine.kinds.protocols import FieldKind
from engine.kinds.registry import Registry
from engine.language.rules import describe
from engine.model.doc import Doc
from engine.model.text import Text
from engine.model.types import TypeKind
from tools.reference.entries import chained, entry, page

_TITLE = Text("字段类型", "Kinds of fields")
_INTRODUCTION = Text(
    """每个字段写在表的 `fields` 下：`名称: {type: 类型, …}`。所有类型都可以有 `title`（标题）、`required: true`（必填）、
`unique: true`（不许重复）、`default`（默认值），下面不再重复；不适用的类型会说「不适用」。每个例子都由测试载入过。""",
    """Every field stands under a table's `fields`: `name: {type: kind, …}`. All kinds take `title`, `required: true`,
`unique: true` and `default`, which is not repeated below; where one does not apply, the entry says so. Every example is loaded
by a test.""",
)
_SEEN = Text("在表达式里是{type}。", "In expressions it is {type}.")
_BY_ITSELF = Text("在表达式里的类型由它的公式决定。", "In expressions it is of whatever type its formula has.")
_WITHOUT = Text("不适用：{keys}。", "Does not take {keys}.")
# Kinds cannot tell their type without the options that they require.
_OPTIONS = {"choices": {"a": "a"}, "to": "orders", "format": "{number:05d}"}


def pages() -> Mapping[str, str]:
    """Both languages."""
    registry = Registry.load()
    return page(
        "fields",
        _TITLE,
        _INTRODUCTION,
        {name: _entry(kind, registry.docs["fields", name]) for name, kind in registry.fields.items()},
    )


def _entry(kind: FieldKind, doc: Doc) -> Text:
    known = kind.type(_OPTIONS)
    seen = _BY_ITSELF if known.kind is TypeKind.EMPTY else _SEEN.fill(type=describe(known))
    without = [f"`{key}`" for key, rule in kind.schema.items() if rule is False]
    not_taken = [_WITHOUT.fill(keys=Text("、".join(without), ", ".join(without)))] if without else []
    return chained([entry(doc, kind.schema), chained([seen, *not_taken], " ")], "\n\n")
