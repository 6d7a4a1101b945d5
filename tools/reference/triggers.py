"""triggers.md and triggers.zh-CN.md: every kind of trigger."""

from __future__ import annotations

from collections.abc import Mapping

from engine.kinds.registry import Registry
from engine.model.text import Text
from tools.reference.entries import entry, page

_TITLE = Text("触发", "Triggers")
_INTRODUCTION = Text(
    """规则和分单的 `when`：什么事发生时开始。写成 `when: {类型: 表}`，跟状态有关的写 `表.状态`。时限不是触发，
是提醒（`alerts`）。例子由测试载入过，所在的应用见[步骤](steps.zh-CN.md)。""",
    """The `when` of a rule or a routing table: what sets it off. Written `when: {kind: table}`, or `table.state` where a state
is meant. Time limits are no triggers but `alerts`. The examples are loaded by a test; their app is on the page of
[steps](steps.md).""",
)


def pages() -> Mapping[str, str]:
    """Both languages."""
    registry = Registry.load()
    return page(
        "triggers",
        _TITLE,
        _INTRODUCTION,
        {
            name: entry(
                registry.docs["triggers", name], kind.schema.get("properties", {}), tuple(kind.schema.get("required", ()))
            )
            for name, kind in registry.triggers.items()
        },
    )
