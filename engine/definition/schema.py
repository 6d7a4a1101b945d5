"""Runs JSON Schema over nodes and says what is wrong where, in people's words. Knows no section: schemas are handed in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from engine.definition.messages import diagnose, instead
from engine.definition.nodes import ListNode, MapNode, Node, Scalar, plain
from engine.definition.sections import Schema, settled
from engine.model.diagnostic import Diagnostic
from engine.model.text import Text

_TYPES: Mapping[str, Text] = {
    "string": Text("文字", "text"),
    "object": Text("「名字: 内容」", "`name: content`"),
    "array": Text("列表", "a list"),
    "boolean": Text(" true 或 false", "true or false"),
    "integer": Text("整数", "a whole number"),
    "number": Text("数字", "a number"),
    "null": Text("空", "nothing"),
}
# How kinds' own patterns read to people, where the kind does not say it in `x-rule`.
_PATTERNS: Mapping[str, Text] = {
    r"^role\.[a-z][a-z0-9_]*$": Text("写成 role.角色名", "write role.NAME"),
    r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$": Text("写成 表名.状态名", "write TABLE.STATE"),
}
_BOUNDS: Mapping[str, Text] = {
    "maximum": Text("最大是 {n}", "at most {n}"),
    "minimum": Text("最小是 {n}", "at least {n}"),
    "maxLength": Text("最多 {n} 个字", "at most {n} characters"),
    "maxProperties": Text("最多 {n} 项", "at most {n} entries"),
    "maxItems": Text("最多 {n} 项", "at most {n} entries"),
}
_YES_OR_NO = {
    **dict.fromkeys(("是", "对", "真", "yes", "y", "on", "1", "√"), "true"),
    **dict.fromkeys(("否", "不", "假", "no", "n", "off", "0", "×"), "false"),
}
_ODD = Text("写法不对", "it is not written as it should be")
SHOWN = 40
# Of one part; the rest shows when these are mended.
MOST = 100


class Shapes:
    """Validators, made once for each schema and kept for one load."""

    def __init__(self) -> None:
        self._made: dict[str, Draft202012Validator] = {}

    def problems(self, key: str, schema: Schema, node: Node, path: str) -> list[Diagnostic]:
        """What is wrong with a node, by its schema; `key` names the schema (`field.money`)."""
        validator = self._made.get(key)
        if validator is None:
            validator = self._made[key] = Draft202012Validator(settled(schema, inline=True))
        some = _first(validator.iter_errors(plain(node)))
        errors = sorted(some, key=lambda e: [str(p) for p in e.absolute_path])
        return list(islice((found for error in errors for found in _diagnose(error, node, path)), MOST))


def _first(errors: Iterator[ValidationError]) -> Iterator[ValidationError]:
    """As many as anyone reads. Where there is too much of something, the rest of it is not looked at."""
    for error in islice(errors, MOST):
        yield error
        if error.validator in {"maxProperties", "maxItems"}:
            return


def _diagnose(error: ValidationError, node: Node, path: str) -> Iterator[Diagnostic]:
    here = _find(node, list(error.absolute_path))
    span, full = here.span, _join(path, error.absolute_path)
    rule, wanted = str(error.validator), error.validator_value
    if rule == "additionalProperties":
        yield from _unknown_keys(error, here, full)
    elif rule == "required":
        yield from _missing_keys(error, here, full)
    elif rule == "type":
        yield _wrong_type(error, here, full)
    elif rule in {"minProperties", "minItems", "minLength"}:
        yield diagnose("empty", span, full)
    else:
        yield diagnose("bad-value", span, full, given=_shown(here), rule=_rule(error), hint=_near(rule, wanted, here))


def _find(node: Node, steps: list[str | int]) -> Node:
    for step in steps:
        if isinstance(node, MapNode):
            node = node.items[str(step)]
        elif isinstance(node, ListNode):
            node = node.items[int(step)]
    return node


def _unknown_keys(error: ValidationError, node: Node, path: str) -> Iterator[Diagnostic]:
    """jsonschema gives one error for all of them; people get one each, at the key."""
    known = list(error.schema.get("properties", {})) if isinstance(error.schema, dict) else []
    if isinstance(node, MapNode):
        for name in node.items:
            if name not in known:
                yield diagnose(
                    "unknown-key", node.keys[name], f"{path}.{name}".lstrip("."), name=name, hint=instead(name, known)
                )


def _missing_keys(error: ValidationError, node: Node, path: str) -> Iterator[Diagnostic]:
    """jsonschema gives one error for each name, and the name only in its text."""
    wanted = error.validator_value if isinstance(error.validator_value, list) else []
    for name in wanted:
        if isinstance(node, MapNode) and name not in node.items and error.message.startswith(repr(name)):
            yield diagnose("missing-key", node.span, path, name=name)


def _wrong_type(error: ValidationError, node: Node, path: str) -> Diagnostic:
    kinds = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    names = [_TYPES[str(kind)] for kind in kinds]
    wanted = Text("、".join(n.zh for n in names[:-1]), ", ".join(n.en for n in names[:-1]))
    last = names[-1]
    both = Text(f"{wanted.zh}或{last.zh}", f"{wanted.en} or {last.en}") if len(names) > 1 else last
    hint = _written(node, kinds, error.schema)
    if hint is None and "string" in kinds and isinstance(node, Scalar) and node.value is not None:
        hint = Text('加上引号："{a}"', 'Put quotes around it: "{a}"').fill(a=_shown(node))
    return diagnose("wrong-type", node.span, path, wanted=both, given=_given(node), hint=hint)


def _written(node: Node, kinds: list[Any], schema: Any) -> Text | None:
    """What to write instead: the same as a list, as yes or no, or an example."""
    if isinstance(node, Scalar) and kinds == ["array"] and schema.get("items", {}).get("type") == "string" and node.text:
        return Text("写成列表：[{a}]", "Write it as a list: [{a}]").fill(a=_shown(node))
    if isinstance(node, Scalar) and kinds == ["boolean"] and node.text.casefold() in _YES_OR_NO:
        return Text("写成 {a}", "Write {a}").fill(a=_YES_OR_NO[node.text.casefold()])
    if not schema.get("examples"):
        return None
    example = yaml.safe_dump(schema["examples"][0], default_flow_style=True, width=200, sort_keys=False).strip()
    return Text("例如 {a}", "For example {a}").fill(a=example)


def _given(node: Node) -> Text:
    if isinstance(node, MapNode):
        return _TYPES["object"]
    if isinstance(node, ListNode):
        return _TYPES["array"]
    if node.value is None:
        return _TYPES["null"]
    if isinstance(node.value, bool):
        return Text(node.text, node.text)
    return _TYPES["string"] if isinstance(node.value, str) else _TYPES["number"]


def _rule(error: ValidationError) -> Text:
    """A schema may say its rule itself, in `x-rule: [zh, en]`."""
    said = error.schema.get("x-rule") if isinstance(error.schema, dict) else None
    if said:
        return Text(*said)
    rule, wanted = str(error.validator), error.validator_value
    if rule == "enum" and isinstance(wanted, list):
        return Text("可以是 " + "、".join(map(str, wanted)), "it can be " + ", ".join(map(str, wanted)))
    if rule == "pattern":
        return _PATTERNS.get(str(wanted), _ODD)
    return _BOUNDS[rule].fill(n=wanted) if rule in _BOUNDS else _ODD


def _near(rule: str, wanted: Any, node: Node) -> Text | None:
    if rule != "enum" or not isinstance(node, Scalar):
        return None
    hint = instead(node.text, [str(w) for w in wanted])
    return hint if hint and "？" in hint.zh else None


def _shown(node: Node) -> str:
    text = node.text if isinstance(node, Scalar) else _given(node).en
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _join(path: str, steps: Any) -> str:
    for step in steps:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    return path.lstrip(".")
