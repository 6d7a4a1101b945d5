"""steps.md and steps.zh-CN.md: every kind of step."""

from __future__ import annotations

from collections.abc import Mapping

from engine.kinds.registry import Registry
from engine.model.text import Text
from tools.reference.entries import entry, page
from tools.reference.sample import APP

_TITLE = Text("步骤", "Steps")
_INTRODUCTION = Text(
    f"""规则的 `then` 和提醒各级的 `then` 里的步骤，按顺序做；一步失败，这条规则做过的都收回。`set` 里的值是表达式。
例子都在下面这个应用里，由测试载入过：

```yaml
{APP}```""",
    f"""The steps in a rule's `then`, and in the `then` of an alert's level, are done in order; if one fails, all that the rule
has done is taken back. Values in `set` are expressions. All examples stand in this app and are loaded by a test:

```yaml
{APP}```""",
)


def pages() -> Mapping[str, str]:
    """Both languages."""
    registry = Registry.load()
    return page(
        "steps",
        _TITLE,
        _INTRODUCTION,
        {
            name: entry(registry.docs["steps", name], kind.schema.get("properties", {}), tuple(kind.schema.get("required", ())))
            for name, kind in registry.steps.items()
        },
    )
