"""What the pages on kinds share: one entry per kind with what it is for, its keys and its example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.model.doc import Doc
from engine.model.text import Text

KEYS = Text("自己的键：", "Keys of its own:")
NO_KEYS = Text("没有自己的键。", "It has no keys of its own.")
REQUIRED = Text("必填", "required")
OTHER = Text("[English]({page}.md)", "[中文]({page}.zh-CN.md)")


def page(name: str, title: Text, introduction: Text, entries: Mapping[str, Text]) -> Mapping[str, str]:
    """A page in both languages; `entries`: heading → body."""
    return {
        f"{name}.md": _page(name, title, introduction, entries, "en"),
        f"{name}.zh-CN.md": _page(name, title, introduction, entries, "zh"),
    }


def _page(name: str, title: Text, introduction: Text, entries: Mapping[str, Text], locale: str) -> str:
    parts = [f"# {title.to(locale)}", OTHER.fill(page=name).to(locale), introduction.to(locale)]
    parts += [f"## {heading}\n\n{body.to(locale)}" for heading, body in entries.items()]
    return "\n\n".join(parts) + "\n"


def entry(doc: Doc, keys: Mapping[str, Any], required: tuple[str, ...] = ()) -> Text:
    """A kind's body; `keys`: its JSON Schema properties."""
    lines = list(_keys(keys, required))
    listed = chained([KEYS, chained(lines)], "\n\n") if lines else NO_KEYS
    example = Text.of(f"```yaml\n{doc.example}\n```")
    return chained([doc.about, listed, example], "\n\n")


def chained(texts: list[Text], between: str = "\n") -> Text:
    """One under the other."""
    return Text(between.join(each.zh for each in texts), between.join(each.en for each in texts))


def _keys(schema: Mapping[str, Any], required: tuple[str, ...]) -> Iterator[Text]:
    for key, rule in schema.items():
        if rule is False:
            continue  # a common key that this kind does not take
        must = rule.get("x-required") or key in required
        shape = _shape(rule)
        yield Text(
            f"- `{key}`：{shape}{f'，{REQUIRED.zh}' if must else ''}", f"- `{key}`: {shape}{f', {REQUIRED.en}' if must else ''}"
        )


def _shape(rule: Mapping[str, Any]) -> str:
    """A JSON Schema in a few words that need no translation."""
    if "enum" in rule:
        return " | ".join(f"`{each}`" for each in rule["enum"])
    if "$ref" in rule:
        return f"`{rule['$ref'].rsplit('/', 1)[-1]}`"
    given = rule.get("type", "any")
    kind = " | ".join(given) if isinstance(given, list) else str(given)
    if "minimum" in rule or "maximum" in rule:
        return f"`{kind}` {rule.get('minimum', '…')}–{rule.get('maximum', '…')}"
    return f"`{kind}`"
